"""The contract of the tables that rooms hand to each other.

One Arrow schema per kind of fact. Provenance comes first in every one of them
(`feed`, `file`, `byte_offset`), the same field name has the same type everywhere,
and names follow the Elastic Common Schema where it has one, dots replaced by underscores.

References:
    - https://www.elastic.co/guide/en/ecs/current/ecs-field-reference.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

VERSION: Final = "1"
"""Version of the schemas, written into the metadata of every Parquet file."""

TEXT: Final = pa.string()
BYTES: Final = pa.binary()
TIME: Final = pa.timestamp("us", tz="UTC")
LABEL: Final = pa.dictionary(pa.int32(), pa.string())

PROVENANCE: Final[tuple[pa.Field, ...]] = (
    pa.field("feed", LABEL, nullable=False),
    pa.field("file", LABEL, nullable=False),
    pa.field("byte_offset", pa.int64(), nullable=False),
)
"""Where a row comes from: the log it belongs to, the file, and the offset of its first byte
in the *decompressed* stream of that file."""


@dataclass(frozen=True, slots=True)
class Record:
    """One kind of fact: its name and its Arrow schema (provenance included, first)."""

    name: str
    schema: pa.Schema

    def empty(self) -> pa.RecordBatch:
        """A batch of no rows, with the schema of this record."""
        return pa.RecordBatch.from_pylist([], schema=self.schema)


def same(text: str, count: int) -> pa.DictionaryArray:
    """One text for `count` rows, a `LABEL`."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([text]))


def record(name: str, *fields: tuple[str, pa.DataType]) -> Record:
    """Declare a kind of fact.

    Args:
        name: the field's word for it, singular (`access`, `signal` …).
        fields: name and Arrow type of each column after the provenance.
    """
    columns = [*PROVENANCE, *(pa.field(label, kind) for label, kind in fields)]
    return Record(name, pa.schema(columns, metadata={b"vigie.record": name.encode(), b"vigie.version": VERSION.encode()}))
