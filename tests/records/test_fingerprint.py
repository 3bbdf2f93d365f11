"""The identity of a line depends on its bytes alone, not on where they lie."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from vigie.records.fingerprint import fingerprints

LINES = st.lists(st.binary(max_size=80).map(lambda b: b.replace(b"\n", b"") + b"\n"), max_size=30)


@given(LINES, st.binary(max_size=9))
def test_a_line_is_known_wherever_it_lies(lines, before):
    alone = {line: int(fingerprints(pa.array([line], pa.binary()))[0]) for line in lines}
    together = fingerprints(pa.array([before + b"\n", *lines], pa.binary()))[1:]
    assert [alone[line] for line in lines] == together.tolist()


@given(st.sets(st.binary(max_size=60).map(lambda b: b.replace(b"\n", b"").replace(b"\r", b"")), max_size=60))
def test_different_lines_differ(lines):
    assert len(set(fingerprints(pa.array(sorted(lines), pa.binary())).tolist())) == len(lines)


def test_the_terminator_does_not_count():
    prints = fingerprints(pa.array([b"abc", b"abc\n", b"abc\r\n"], pa.binary()))
    assert len(set(prints.tolist())) == 1


def test_very_long_lines_are_told_apart_by_their_ends():
    prints = fingerprints(pa.array([b"x" * 100_000 + b"a", b"x" * 100_000 + b"b", b"x" * 100_001 + b"a"], pa.binary()))
    assert len(set(prints.tolist())) == 3
