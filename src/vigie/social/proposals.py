"""Which texts may tell the same in other words or in another language: proposed to a person by what they have in common, and never merged.

Common links, pictures, numbers, dates, names, tags and quotations, and the things that both speak of, are weighed by how rare they are, within three days. What may tell them apart all the same (a word that
denies, another number, an opposite) is said beside. Vectors of a model that the user has on disk, and pairs that D3lta found, propose more; nothing is fetched.

References:
    - docs/rumours.md
    - docs/decisions/0035-a-person-confirms-a-claim.md
    - https://github.com/VIGINUM-FR/D3lta (thresholds of cosines that vectors begin with)
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from vigie.social.anchors import (
    DATE,
    HANDLE,
    LINK,
    NAME,
    NUMBER,
    PICTURE,
    QUOTE,
    SOUND,
    TAG,
    WEIGHTS,
    WORD,
    Marks,
    marks_of,
)
from vigie.social.anchors_words import OPPOSITES
from vigie.social.copies_candidates import held
from vigie.social.copies_differences import REWORDED, SAME_ANCHORS
from vigie.social.languages import languages
from vigie.social.texts import SHORTEST

WINDOW: Final = 3 * 86_400_000_000
"""Microseconds between two texts that are compared."""
RARE, FEW = 0.01, 100
"""Share of texts, and number at least, up to which an anchor is rare."""
LEAST: Final = 1_000
"""Texts among which rareness is reckoned at least: in a small collection everything is rare."""
TOLD, TOLD_SHARE = 9.0, 0.2
"""Weight of common anchors from which two texts of one language may be one, and its share in the lighter text."""
BRIDGED, BRIDGED_SHARE = 8.0, 0.2
"""The same for texts of two languages, which have less in common."""
AGAIN: Final = 0.4
"""What a second name or tag counts: surnames and first names go together."""
BESIDE: Final = 2.5
"""Weight of what is common beside names and tags: who is spoken of, and on what evening, does not tell what is said."""
SAME_LANGUAGE, OTHER_LANGUAGE = 0.85, 0.715
"""Cosines of vectors from which pairs are looked at, as starting points: re-tune them on pairs of your own."""
BUDGET: Final = 5_000_000
"""Comparisons of one anchor in two texts."""
BLOCK: Final = 256
"""Texts whose vectors are compared with those that follow at once."""
TEXTS, MOST = 20_000, 1_000
"""Texts that are compared, those of most accounts first; proposals that are kept, the heaviest first."""

PROPOSALS: Final[dict[str, Any]] = {
    "a": pl.UInt64, "b": pl.UInt64, "type": pl.String, "translation": pl.Boolean, "caution": pl.String, "how": pl.String, "score": pl.Float64, "share": pl.Float64, "cosine": pl.Float64,
    "anchors": pl.List(pl.String),
}  # fmt: skip
"""A pair: `a`, `b` (`text_hash`, a used first), `type` (REWORDED within one language, else SAME_ANCHORS), `translation` (their languages or scripts differ: possible, no more), `caution` (denial, opposite,
number, date, turn: what may tell them apart, or null), `how` (anchors, vectors, d3lta), `score` (how much rare things they share), `share` (of the lighter text), `cosine` (of vectors), `anchors` (what they share)."""

_STRONG: Final = frozenset((LINK, PICTURE, NUMBER, DATE, NAME, TAG, HANDLE, QUOTE, SOUND))


def proposals(texts: pl.DataFrame) -> pl.DataFrame:
    """Pairs of texts that may tell the same, by their anchors.

    Args:
        texts: `text_hash`, `text`, `normalised`, `first_at`, `accounts`, and optionally `links`, `media` (lists).

    Returns:
        rows of `PROPOSALS`, the heaviest first.
    """
    some = chosen(texts)
    marks = [marks_of(row) for row in some.iter_rows(named=True)]
    entries = _entries(marks)
    if entries.is_empty():
        return pl.DataFrame(schema=PROPOSALS)
    tongues, scripts = spoken(some)
    pairs = _shared(entries, some)
    far = pl.Series("far", other(tongues, scripts, pairs["i"].to_numpy(), pairs["j"].to_numpy()), pl.Boolean)
    alien = pl.Series("alien", np.array(scripts, object)[pairs["i"].to_numpy()] != np.array(scripts, object)[pairs["j"].to_numpy()], pl.Boolean)
    kept = pairs.with_columns(far, alien).filter(~((pl.col("kind") == WORD) & pl.col("far")) & ((pl.col("kind") != SOUND) | pl.col("alien")))
    whole = entries.group_by("text").agg(
        base=pl.col("weight").filter(~pl.col("kind").is_in([WORD, SOUND])).sum(), words=pl.col("weight").filter(pl.col("kind") == WORD).sum(), sounds=pl.col("weight").filter(pl.col("kind") == SOUND).sum()
    )
    named = pl.col("kind").is_in([NAME, SOUND, TAG, HANDLE])
    names = pl.col("weight").filter(named)
    found = kept.group_by("i", "j").agg(
        pl.col("far").first(), pl.col("alien").first(), pl.col("anchor").sort().alias("anchors"),
        strong=pl.col("kind").is_in(sorted(_STRONG)).sum(), rest=pl.col("weight").filter(~named).sum(),
        named=names.max().fill_null(0.0) + AGAIN * (names.sum() - names.max().fill_null(0.0)),
    ).with_columns(score=pl.col("rest") + pl.col("named"))
    for side, at in (("a", "i"), ("b", "j")):
        found = found.join(whole.rename({"text": at, "base": f"base_{side}", "words": f"words_{side}", "sounds": f"sounds_{side}"}), on=at)
    total = (pl.col(f"base_{side}") + pl.when("far").then(0.0).otherwise(f"words_{side}") + pl.when("alien").then(f"sounds_{side}").otherwise(0.0) for side in "ab")
    found = found.with_columns(share=pl.col("score") / pl.min_horizontal(*total))
    enough = pl.when("far").then((pl.col("score") >= BRIDGED) & (pl.col("share") >= BRIDGED_SHARE)).otherwise((pl.col("score") >= TOLD) & (pl.col("share") >= TOLD_SHARE))
    good = found.filter(enough & (pl.col("strong") > 0) & (pl.col("rest") >= BESIDE)).sort("score", "i", "j", descending=[True, False, False]).head(MOST)
    hashes = some["text_hash"]
    rows = [
        (hashes[i], hashes[j], SAME_ANCHORS if far else REWORDED, far, caution(marks[i], marks[j]), "anchors", score, share, None, anchors)
        for i, j, far, score, share, anchors in good.select("i", "j", "far", "score", "share", "anchors").iter_rows()
    ]
    return pl.DataFrame(rows, schema=PROPOSALS, orient="row")


def chosen(texts: pl.DataFrame) -> pl.DataFrame:
    """The texts that are compared, in order of first use: long enough, kept in words, those of most accounts first."""
    long = texts.filter(pl.col("normalised").is_not_null() & (pl.col("letters") >= SHORTEST) if "letters" in texts.columns else pl.col("normalised").is_not_null())
    return long.sort("accounts", "first_at", "normalised", descending=[True, False, False]).head(TEXTS).sort("first_at", "normalised")


def spoken(texts: pl.DataFrame) -> tuple[list[str | None], list[str]]:
    """Language (None where it is not told) and script (cyrillic or not) of each text."""
    cyrillic = texts.select(pl.col("normalised").str.count_matches(r"\p{Cyrillic}") * 2 > pl.col("normalised").str.count_matches(r"\pL")).to_series()
    return languages(texts["text"], texts["normalised"]).to_list(), ["cyrillic" if one else "other" for one in cyrillic.to_list()]


def _nearest(unit: npt.NDArray[np.float32], at: npt.NDArray[np.int64], tongues: list[str | None], scripts: list[str]) -> list[tuple[int, int, float, bool]]:
    """The `MOST` nearest pairs, the nearest first: `i`, `j`, cosine, whether they are of two languages. Where all texts are nearly one, no more are ever held than those of one block."""
    kept = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, bool))
    for begin in range(0, len(unit), BLOCK):
        stop = int(np.searchsorted(at, at[min(begin + BLOCK - 1, len(at) - 1)] + WINDOW, side="right"))
        cosine = unit[begin : begin + BLOCK] @ unit[begin:stop].T
        least = float(kept[2][-1]) if len(kept[2]) == MOST else OTHER_LANGUAGE
        i, j = np.nonzero(cosine >= least)
        value, i, j = cosine[i, j], i + begin, j + begin
        ahead = (j > i) & (at[j] - at[i] <= WINDOW)
        i, j, value = i[ahead], j[ahead], value[ahead]
        far = other(tongues, scripts, i, j)
        good = far | (value >= SAME_LANGUAGE)
        i, j, value, far = (np.concatenate([old, new[good]]) for old, new in zip(kept, (i, j, value, far), strict=True))
        order = np.lexsort((j, i, -value))[:MOST]
        kept = (i[order], j[order], value[order], far[order])
    return list(zip(*(part.tolist() for part in kept), strict=True))


def other(tongues: list[str | None], scripts: list[str], i: npt.NDArray[Any], j: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Whether pairs of texts are in two languages: both told and different, or of two scripts. An unknown language is not another one."""
    code, script = (np.unique(np.array([one or "" for one in names], str), return_inverse=True)[1].reshape(-1) for names in (tongues, scripts))
    unknown = np.array([one is None for one in tongues], bool)
    return np.asarray(((code[i] != code[j]) & ~unknown[i] & ~unknown[j]) | (script[i] != script[j]), bool)


def caution(a: Marks, b: Marks) -> str | None:
    """What may tell two texts apart though they share much: denial, opposite, number, date, turn, or None."""
    if a.denies != b.denies:
        return "denial"
    if any(({x, y} <= a.things | b.things) and ((x in a.things) != (x in b.things)) and ((y in a.things) != (y in b.things)) for x, y in _OPPOSITES):
        return "opposite"
    for kind in (NUMBER, DATE):
        left, right = ({one for one in marks.numbers if one.startswith(kind)} for marks in (a, b))
        if left - right and right - left:
            return kind
    return "turn" if a.turns != b.turns else None


_OPPOSITES: Final = tuple((x, y) for x, _, y in (one.partition(" ") for one in OPPOSITES))


def _entries(marks: list[Marks]) -> pl.DataFrame:
    """One row a text and anchor: `text`, `anchor`, `kind`, `many` (texts that hold it), `weight`."""
    known = {one for mark in marks for one in mark.anchors if one.startswith(NAME)}
    rows = [(at, one) for at, mark in enumerate(marks) for one in mark.anchors | (mark.firsts & known)]
    table = pl.DataFrame(rows, schema={"text": pl.Int64, "anchor": pl.String}, orient="row")
    counted = table.with_columns(many=pl.len().over("anchor"), kind=pl.col("anchor").str.extract("^([a-z]+) ", 1))
    rare = (max(len(marks), LEAST) / pl.col("many").cast(pl.Float64)).log().clip(0.0)
    return counted.with_columns(weight=rare * pl.col("kind").replace_strict(dict(WEIGHTS), return_dtype=pl.Float64))


def _shared(entries: pl.DataFrame, some: pl.DataFrame) -> pl.DataFrame:
    """One row a pair of texts near in time and a rare anchor of both: `i`, `j`, `anchor`, `kind`, `weight`."""
    rare = entries.filter((pl.col("many") > 1) & (pl.col("many") <= max(RARE * some.height, FEW)))
    names = rare.select("anchor", "kind", "weight").unique("anchor").sort("anchor").with_row_index("feature")
    numbered = rare.join(names.select("anchor", "feature"), on="anchor").sort("feature", "text")
    at = some["first_at"].dt.cast_time_unit("us").to_physical().to_numpy()
    feature, text = (numbered[name].cast(pl.Int64).to_numpy() for name in ("feature", "text"))
    blocks = [pl.DataFrame({"i": i, "j": j, "feature": of}) for i, j, of in held(feature, text, at, at, WINDOW, BUDGET).blocks()] if len(text) else []
    pairs = pl.concat(blocks) if blocks else pl.DataFrame(schema={"i": pl.Int64, "j": pl.Int64, "feature": pl.Int64})
    return pairs.join(names.with_columns(pl.col("feature").cast(pl.Int64)), on="feature").select("i", "j", "anchor", "kind", "weight")


def near(texts: pl.DataFrame, vectors: npt.NDArray[np.float32]) -> pl.DataFrame:
    """Pairs whose vectors lie near, within the window of time: rows of `PROPOSALS`, the nearest first.

    Args:
        texts: as `chosen` gives them, in order of first use.
        vectors: one row each, finite.

    Raises:
        ValueError: shapes do not agree, or a vector is not finite.
    """
    if vectors.ndim != 2 or len(texts) != len(vectors):
        raise ValueError(f"{len(texts)} texts and vectors of shape {vectors.shape}. Try: one row of numbers for each text")
    if not np.isfinite(vectors).all():
        raise ValueError("a vector holds something that is no number. Try: another model, or leave that text out")
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    at = texts["first_at"].dt.cast_time_unit("us").to_physical().to_numpy()
    tongues, scripts = spoken(texts)
    rows = list(texts.iter_rows(named=True))
    best = _nearest(unit, at, tongues, scripts)
    marks = {at: marks_of(rows[at]) for at in {index for one in best for index in one[:2]}}
    told = [
        (rows[i]["text_hash"], rows[j]["text_hash"], SAME_ANCHORS if far else REWORDED, far, caution(marks[i], marks[j]), "vectors", None, None, cosine, sorted(marks[i].anchors & marks[j].anchors))
        for i, j, cosine, far in best
    ]
    return pl.DataFrame(told, schema=PROPOSALS, orient="row")
