"""What the archive keeps of posts: how they behave, not what they say.

Text, title and names are left out unless the user wants every record; a hash and a length of the text stay, so that equal texts are still found.
What was said is held aside until it is known which posts are evidence; then the rest is forgotten (`archive/quoted.py`).
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from vigie.records import LINE, POST

SAID: Final = ("title", "text", "account_name", "ref_account_name", "mentions")
"""Columns that say what was said, and by whom in words."""

KEPT: Final = pa.schema([*POST.schema, pa.field("text_hash", pa.uint64()), pa.field("letters", pa.int32()), pa.field("fingerprint", pa.uint64())])
"""Rows of posts in the archive: `POST`, the hash of the normal form of the text, how many letters and digits it has, and the fingerprint of the line."""

HELD: Final = pa.schema([*LINE.schema, *(POST.schema.field(name) for name in SAID)])
"""Raw lines of posts with what they say, by provenance."""

LONGEST_LINE: Final = 65_536
"""Bytes of a raw line that are held."""


def kept(posts: pa.RecordBatch, *, all_of_it: bool) -> pa.Table:
    """Rows of `KEPT`.

    Args:
        posts: rows of `POST` with `fingerprint`.
        all_of_it: whether what was said is kept too.
    """
    import polars as pl

    from vigie.social.texts import with_texts

    hashed = with_texts(pl.DataFrame({"text": pl.Series(posts.column("text"))})).select("text_hash", "letters").to_arrow()
    columns = [
        posts.column(field.name) if all_of_it or field.name not in SAID else pa.nulls(posts.num_rows, field.type) for field in POST.schema
    ]
    return pa.Table.from_arrays([*columns, hashed.column("text_hash"), hashed.column("letters"), posts.column("fingerprint")], schema=KEPT)


def held(posts: pa.RecordBatch, lines: pa.Array) -> pa.Table:
    """Rows of `HELD`.

    Args:
        posts: rows of `POST`.
        lines: raw line of each.
    """
    import pyarrow.compute as pc

    columns = [posts.column(name) for name in ("feed", "file", "byte_offset")]
    said = [posts.column(name) for name in SAID]
    return pa.Table.from_arrays([*columns, pc.binary_slice(lines, 0, LONGEST_LINE), *said], schema=HELD)
