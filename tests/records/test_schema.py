"""One field name, one type, everywhere; provenance first; names that ECS knows."""

from __future__ import annotations

from vigie.records import RECORDS
from vigie.records.schema import PROVENANCE, VERSION


def test_provenance_comes_first_in_every_record():
    for record in RECORDS:
        assert [record.schema.field(n) for n in range(3)] == list(PROVENANCE), record.name


def test_the_same_field_name_has_the_same_type_everywhere():
    types = {}
    for record in RECORDS:
        for field in record.schema:
            assert types.setdefault(field.name, field.type) == field.type, (record.name, field.name)


def test_every_schema_says_what_it_is():
    for record in RECORDS:
        assert record.schema.metadata == {b"vigie.record": record.name.encode(), b"vigie.version": VERSION.encode()}
        assert record.empty().schema.equals(record.schema, check_metadata=True)
