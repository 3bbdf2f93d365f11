"""What the archive keeps of posts: how they behave, not what they say.

Text, title and names are left out unless the user wants every record; a hash and a length of the text stay, so that equal texts are still found.
What was said is held aside, with the normal form that the hash is of, until it is known which posts are evidence; then the rest is forgotten (`archive/quoted.py`).
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from vigie.records import LINE, POST

SAID: Final = ("title", "text", "account_name", "ref_account_name", "mentions")
"""Columns that say what was said, and by whom in words."""

KEPT: Final = pa.schema([*POST.schema, pa.field("text_hash", pa.uint64()), pa.field("letters", pa.int32()), pa.field("fingerprint", pa.uint64())])
"""Rows of posts in the archive: `POST`, the hash of the normal form of the text, how many letters and digits it has, and the fingerprint of the line."""

RULE: Final = 1
"""Version of the rule by which texts are brought into their normal form."""
FORM: Final = f"normalised_{RULE}"
"""Column of normal forms that are held, named by the rule: one of another rule is never taken for it."""

HELD: Final = pa.schema([*LINE.schema, *(POST.schema.field(name) for name in SAID), pa.field(FORM, pa.string())])
"""Raw lines of posts with what they say, by provenance."""

LONGEST_LINE: Final = 65_536
"""Bytes of a raw line that are held."""


def formed(posts: pa.RecordBatch) -> pa.RecordBatch:
    """Posts with `normalised`, `text_hash` and `letters` of their text (`texts.with_texts`), made once for what is kept and what is held."""
    import polars as pl

    from vigie.social.texts import with_texts

    texts = with_texts(pl.DataFrame({"text": pl.Series(posts.column("text"))})).select(pl.col("normalised"), "text_hash", "letters").to_arrow().combine_chunks()
    for name, kind in (("normalised", pa.string()), ("text_hash", pa.uint64()), ("letters", pa.int32())):
        posts = posts.append_column(name, texts.column(name).cast(kind).combine_chunks())
    return posts


def kept(posts: pa.RecordBatch, *, all_of_it: bool) -> pa.Table:
    """Rows of `KEPT`.

    Args:
        posts: rows of `POST` with `fingerprint` and what `formed` adds.
        all_of_it: whether what was said is kept too.
    """
    columns = [
        posts.column(field.name) if all_of_it or field.name not in SAID else pa.nulls(posts.num_rows, field.type) for field in POST.schema
    ]
    return pa.Table.from_arrays([*columns, *(posts.column(name) for name in ("text_hash", "letters", "fingerprint"))], schema=KEPT)


def held(posts: pa.RecordBatch, lines: pa.Array) -> pa.Table:
    """Rows of `HELD`.

    Args:
        posts: rows of `POST` with what `formed` adds.
        lines: raw line of each.
    """
    import pyarrow.compute as pc

    columns = [posts.column(name) for name in ("feed", "file", "byte_offset")]
    said = [posts.column(name) for name in SAID]
    return pa.Table.from_arrays([*columns, pc.binary_slice(lines, 0, LONGEST_LINE), *said, posts.column("normalised")], schema=HELD)
