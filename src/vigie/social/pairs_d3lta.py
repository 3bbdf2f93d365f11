"""Pairs of posts that D3lta found alike, as proposals: its result file is read, never run.

References:
    - https://github.com/VIGINUM-FR/D3lta (columns `source`, `target`, `score`, `dup_type`, `score_lev`)
"""

from __future__ import annotations

import io
from typing import Any, Final

import polars as pl

from vigie.social.copies_differences import COPY, REWORDED, SAME_ANCHORS
from vigie.social.declarations import DeclarationError

MOST: Final = 64 << 20
"""Bytes that a file may have."""
_PACKED: Final = (b"\x1f\x8b", b"x\x01", b"x^", b"x\x9c", b"x\xda", b"\x28\xb5\x2f\xfd")
"""How gzip, zlib and zstd begin: what is packed has no size that can be bounded, and would be unpacked without asking."""
TYPES: Final = {"copy-pasta": COPY, "rewording": REWORDED, "translation": SAME_ANCHORS}
"""What D3lta calls a pair, and what it is here: a proposal all the same, since its measure does not see a denial."""
PAIRS: Final[dict[str, Any]] = {"source": pl.String, "target": pl.String, "type": pl.String, "translation": pl.Boolean, "cosine": pl.Float64}
"""`source` and `target` are posts, as "platform:id" or by id alone."""


def pairs(data: bytes) -> pl.DataFrame:
    """Rows of `PAIRS` of a file.

    Args:
        data: CSV with a header; columns that are not known are left alone.

    Raises:
        DeclarationError: it is too large, no table, lacks a column, or holds another kind of pair.
    """
    if len(data) > MOST:
        raise DeclarationError("larger than 64 MiB. Try: only the pairs over a higher score")
    if data.startswith(_PACKED):
        raise DeclarationError("no table: it is compressed. Try: unpack it first")
    try:
        table = pl.read_csv(io.BytesIO(data), infer_schema=False, encoding="utf8")
    except (pl.exceptions.PolarsError, ValueError, OSError) as error:
        raise DeclarationError(f"no table: {str(error).splitlines()[0][:200] if str(error) else 'empty'}. Try: the CSV that D3lta wrote, with its header") from None
    missing = [name for name in ("source", "target", "dup_type") if name not in table.columns]
    if missing:
        raise DeclarationError(f"line 1: no column {', '.join(missing)}. Try: the CSV that D3lta wrote, with source, target, score and dup_type")
    kind = pl.col("dup_type").str.strip_chars()
    odd = table.with_row_index("line", offset=2).filter(kind.is_in(list(TYPES)).not_().fill_null(value=True))
    if odd.height:
        raise DeclarationError(f"line {odd['line'][0]}: dup_type {str(odd['dup_type'][0])[:40]!r} is none of {', '.join(TYPES)}")
    score = pl.col("score").cast(pl.Float64, strict=False) if "score" in table.columns else pl.lit(None, pl.Float64)
    known = table.select("source", "target", type=kind.replace_strict(TYPES, return_dtype=pl.String), translation=kind == "translation", cosine=pl.when(score.is_between(-1, 1)).then(score))
    return known.drop_nulls(["source", "target"]).filter(pl.col("source") != pl.col("target")).unique(["source", "target"], keep="first", maintain_order=True).cast(PAIRS)  # type: ignore[arg-type] # a schema
