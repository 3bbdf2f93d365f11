"""Texts that may tell the same thing in other words or another language: rare links, pictures, names, numbers and tags in common, within three days.

A proposal to a person and never a fact: nothing is merged. Vectors of a model that the user has may rank more pairs; none is loaded or fetched here.

References:
    - docs/rumours.md
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from vigie.social.copies_candidates import held
from vigie.social.copies_differences import REWORDED, SAME_ANCHORS
from vigie.social.copies_words import DENIALS
from vigie.social.texts import LONGEST

WINDOW: Final = 3 * 86_400_000_000
"""Microseconds between two texts that are compared."""
RARE: Final = 0.01
"""Share of texts (and 20 at least) up to which an anchor is rare."""
ANCHORS: Final = 3
"""Rare anchors that a pair shares, one of them a number, where it shares no link and no picture."""
STEMS: Final = 0.4
"""Share of stems in common from which a pair of one language may be reworded."""
SAME_LANGUAGE, OTHER_LANGUAGE = 0.85, 0.715
"""Cosines of vectors that are looked at, as starting points: re-tune them on pairs of your own."""
BUDGET: Final = 5_000_000

_TOKEN = re.compile(r"[#@]?\w[\w.,'’-]*")
_STEM: Final = 5
_SCHEMA: Final[dict[str, Any]] = {
    "a": pl.UInt64, "b": pl.UInt64, "type": pl.String, "translation": pl.Boolean, "score": pl.Float64, "anchors": pl.List(pl.String), "stems": pl.Float64,
}  # fmt: skip


def same_anchors(texts: pl.DataFrame) -> pl.DataFrame:
    """Pairs of texts that may tell the same.

    Args:
        texts: `text_hash`, `text`, `normalised`, `first_at`, and optionally `links`, `media` (lists) and `language`.

    Returns:
        `a`, `b` (`text_hash`, a first), `type` (REWORDED within one language with enough stems in common and the same words that deny, else SAME_ANCHORS), `translation` (both languages are told and
        differ: possible, no more), `score` (how rare the common anchors are: sum of log shares), `anchors` (those), `stems` (share in common).
    """
    some = texts.filter(pl.col("normalised").is_not_null()).sort("first_at", "normalised")
    marks = [_marks(row) for row in some.iter_rows(named=True)]
    pairs = [(mark, at) for at, one in enumerate(marks) for mark in one]
    if not pairs:
        return pl.DataFrame(schema=_SCHEMA)
    names, feature = np.unique(np.array([mark for mark, _ in pairs], dtype=object).astype(str), return_inverse=True)
    text = np.array([at for _, at in pairs], np.int64)
    rare = np.bincount(feature) <= max(RARE * some.height, 20)
    order = np.lexsort((text, feature))
    order = order[rare[feature[order]]]
    at = some["first_at"].dt.cast_time_unit("us").to_physical().to_numpy()
    weight = np.log(some.height / np.bincount(feature))
    shared = pl.concat(
        [pl.DataFrame({"i": a, "j": b, "feature": c}) for a, b, c in held(feature[order], text[order], at, at, WINDOW, BUDGET).blocks()] or [pl.DataFrame(schema={"i": pl.Int64, "j": pl.Int64, "feature": pl.Int64})]
    )
    found = shared.with_columns(weight=pl.Series(weight)[shared["feature"]]).group_by("i", "j").agg(pl.col("feature").sort(), pl.col("weight").sum()).sort("i", "j")
    rows = [_judged(some, marks, i, j, [str(names[one]) for one in features], score) for i, j, features, score in found.iter_rows()]
    return pl.DataFrame([row for row in rows if row], schema=_SCHEMA, orient="row")


def near_vectors(hashes: pl.Series, vectors: npt.NDArray[np.float32], languages: pl.Series) -> pl.DataFrame:
    """Pairs whose vectors, made elsewhere by a model of the user's, lie near: `a`, `b`, `cosine`, `translation`; a proposal like the others.

    Args:
        hashes: `text_hash` of each vector.
        vectors: one row each, finite.
        languages: of each; null never means "different".

    Raises:
        ValueError: shapes do not agree, or a vector is not finite.
    """
    if vectors.ndim != 2 or not len(hashes) == len(vectors) == len(languages):
        raise ValueError(f"{len(hashes)} hashes, {len(languages)} languages and vectors of shape {vectors.shape}. Try: one row of numbers for each text")
    if not np.isfinite(vectors).all():
        raise ValueError("a vector holds something that is no number. Try: leave that text out")
    size = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    unit = vectors / size
    tongue = languages.to_list()
    rows = []
    for begin in range(0, len(unit), 512):
        near = unit[begin : begin + 512] @ unit.T
        for i, j in np.argwhere(near >= OTHER_LANGUAGE).tolist():
            other = None not in (tongue[begin + i], tongue[j]) and tongue[begin + i] != tongue[j]
            if begin + i < j and (other or near[i, j] >= SAME_LANGUAGE):
                rows.append((hashes[begin + i], hashes[j], float(near[i, j]), other))
    return pl.DataFrame(rows, schema={"a": pl.UInt64, "b": pl.UInt64, "cosine": pl.Float64, "translation": pl.Boolean}, orient="row")


def _marks(row: Mapping[str, Any]) -> set[str]:
    """Anchors of a text: links, pictures, names (words with a capital inside a sentence), numbers of two digits and more, tags, handles."""
    marks = {f"link {one}" for one in row.get("links") or () if one} | {f"picture {one}" for one in row.get("media") or () if one}
    for at, word in enumerate(_TOKEN.findall((row["text"] or "")[:LONGEST])):
        plain = "".join(one for one in unicodedata.normalize("NFD", word.lower()) if one.isalnum())
        if word[0] in "#@":
            marks.add(f"tag {plain}")
        elif sum(one.isdigit() for one in word) >= 2:
            marks.add("number " + "".join(one for one in word if one.isdigit()))
        elif at and word[0].isupper() and len(plain) >= 3:
            marks.add(f"name {plain}")
    return marks


def _judged(some: pl.DataFrame, marks: list[set[str]], i: int, j: int, shared: list[str], score: float) -> tuple[Any, ...] | None:
    """A row of `_SCHEMA`, or None where too little is in common."""
    solid = any(one.startswith(("link ", "picture ")) for one in shared)
    if not solid and not (len(shared) >= ANCHORS and any(one.startswith("number ") for one in shared)):
        return None
    left, right = ({word[:_STEM] for word in some["normalised"][at].split() if len(word) >= 4} for at in (i, j))
    stems = len(left & right) / max(len(left | right), 1)
    tongues = [some["language"][at] for at in (i, j)] if "language" in some.columns else [None, None]
    other = None not in tongues and tongues[0] != tongues[1]
    denied = len({frozenset(DENIALS.intersection(some["normalised"][at].split())) for at in (i, j)}) > 1
    kind = REWORDED if stems >= STEMS and not other and not denied else SAME_ANCHORS
    return some["text_hash"][i], some["text_hash"][j], kind, other, score, shared, stems
