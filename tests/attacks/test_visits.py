"""Pages that a source had looked at: found again by the hash of both, without an address being written down."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from conftest import batch_of, combined
from vigie.detectors.looked_at import normalised_paths
from vigie.detectors.visits import count, visit_keys
from vigie.records import ACCESS, TALLY
from vigie.records.place import normalised_path
from vigie.sources.registry import source_named
from vigie.sources.source import Reading


def counted(*lines):
    read = source_named("combined").read(batch_of(lines), Reading())
    return count(pa.RecordBatch.from_arrays([read.column(name) for name in ACCESS.schema.names], schema=ACCESS.schema)).to_pylist()


def key(source, path, asset=""):
    return visit_keys(pa.array([source]), pa.array([path]), pa.array([asset]))[0].as_py()


def test_a_page_that_was_answered_is_found_again_and_nothing_else():
    rows = counted(
        combined("/dossier/?x=1"), combined("/dossier"), combined("/missing", status=404), combined("/a.css"), combined("/form", method="POST"),
        combined("/dossier", address="192.0.2.8"),
    )  # fmt: skip
    assert {row["key"]: row["count"] for row in rows} == {key("192.0.2.7", "/dossier"): 2, key("192.0.2.8", "/dossier"): 1}
    assert all(len(row["key"]) == 16 and row["source_address"] == "" and row["evidence"] == "" for row in rows)
    assert "192.0.2.7" not in str(rows)


def test_days_are_counted_apart_and_no_rows_are_rows_of_a_tally():
    rows = counted(combined("/a"), combined("/a", time="16/Jan/2017:10:00:00 +0100"))
    assert [row["count"] for row in rows] == [1, 1]
    assert count(ACCESS.empty()).schema == TALLY.schema


PARTS = st.sampled_from(["/", "//", "/./", "/.", "/12", "/12/34", "/a", "%2f", "%61", "?q=/1", "/00000000-0000-0000-0000-000000000000", "é", "\n", "/\x00", "/१२", "/12\n"])


@given(st.lists(st.lists(PARTS, max_size=8).map("".join), min_size=1, max_size=20))
def test_paths_are_those_of_the_signals(targets):
    assert normalised_paths(pa.array(targets, pa.string())).to_pylist() == [normalised_path(text) for text in targets]
