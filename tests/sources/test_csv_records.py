"""Records of CSV: where they end, however they are quoted, broken and handed over, and their fields against the standard library's."""

from __future__ import annotations

import csv
import io
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.sources.csv_records import EMPTY, NO_FIT, NOT_CLOSED, record_ends, records_of

FIELD = st.text(alphabet='ab,;"\n\r é\u2028\x00', max_size=6)


def cut(data, delimiter=",", *, final=True):
    ends = record_ends(data, delimiter, final).tolist()
    whole = [0, *ends] + ([len(data)] if final and (ends[-1] if ends else 0) < len(data) else [])
    return [data[a:b] for a, b in pairwise(whole)]


@given(st.lists(st.tuples(FIELD, FIELD, FIELD), min_size=1, max_size=6), st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n"]))
def test_what_the_standard_library_writes_is_read_as_it_was(rows, delimiter, end):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL if end == "\n" else csv.QUOTE_MINIMAL).writerows(rows)
    pieces = cut(out.getvalue().encode(), delimiter)
    found = records_of(pa.array(pieces, pa.binary()), delimiter, ["a", "b", "c"], frozenset("ac"))
    assert len(pieces) == len(rows)
    assert found.rows.tolist() == list(range(len(rows)))
    assert found.fields["a"].to_pylist() == [row[0] or None for row in rows]
    assert found.fields["c"].to_pylist() == [row[2] or None for row in rows]


@given(st.lists(st.sampled_from(['"', '""', ",", "\n", "a", '"a"', ',"', "\r\n"]), max_size=30).map("".join), st.integers(0, 40))
def test_however_bytes_are_handed_over_they_are_cut_alike(text, at):
    data = text.encode()
    held = cut(data[:at], final=False)
    left = data[len(b"".join(held)) :]
    assert b"".join(cut(data)) == data
    assert held + cut(left) == cut(data)


def test_a_quote_that_nobody_closes_costs_its_own_line():
    data = b'1,"never closed\n2,"well",x\n3,"over\ntwo lines",y\n4,5" disk,z\n'
    pieces = cut(data)
    assert pieces == [b'1,"never closed\n', b'2,"well",x\n', b'3,"over\ntwo lines",y\n', b'4,5" disk,z\n']
    found = records_of(pa.array(pieces, pa.binary()), ",", ["a", "b", "c"], frozenset("abc"))
    assert found.rows.tolist() == [1, 2, 3]
    assert found.fields["b"].to_pylist() == ["well", "over\ntwo lines", '5" disk']
    assert found.why.tolist() == [NOT_CLOSED, "", "", ""]


@pytest.mark.parametrize(
    ("piece", "why"), [(b"\n", EMPTY), (b"1,2\n", NO_FIT), (b"1,2,3,4\n", NO_FIT), (b'1,2,"\n', NOT_CLOSED), (b"1,2,\xff\n", ""), (b"\xef\xbb\xbf1,2,3\n", "")]
)
def test_each_record_has_its_reason_and_harms_no_other(piece, why):
    pieces = [b"a,b,c\n", piece, b'd,"e",f\n']
    found = records_of(pa.array(pieces, pa.binary()), ",", ["a", "b", "c"], frozenset("abc"))
    assert found.why.tolist() == ["", why, ""]
    assert found.fields["c"].to_pylist()[0] == "c"
    assert found.fields["c"].to_pylist()[-1] == "f"


@given(st.lists(st.binary(max_size=12), max_size=6))
def test_any_bytes(pieces):
    found = records_of(pa.array(pieces, pa.binary()), ",", ["a", "b"], frozenset("b"))
    assert len(found.why) == len(pieces)
    assert np.flatnonzero(found.why == "").tolist() == found.rows.tolist()
    assert len(found.fields["b"]) == len(found.rows)
