"""Which posts say the same text: equal, nearly equal, quoted inside another, cut from one template, or alike but against each other.

Equal texts are found by hash, near ones by shared runs of five letters and Levenshtein's distance; then the words that differ decide (`copies_differences`). Only
equal texts and copies are facts; every other label proposes something to a person. No model is needed.

References:
    - https://github.com/VIGINUM-FR/D3lta (the measure and the threshold 0.693; vigie adds the look at the words that differ)
    - https://rapidfuzz.github.io/RapidFuzz/Usage/distance/Levenshtein.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import polars as pl
import pyarrow as pa
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cpdist

from vigie.records.post import DELETED, REPOSTED
from vigie.social import copies_families
from vigie.social.copies_candidates import BUDGET, NEIGHBOURS, RUN, candidates, nearest
from vigie.social.copies_differences import (
    CONTRADICTS,
    COPY,
    REWORDED,
    TEMPLATE,
    Difference,
    Words,
    aligned,
    difference,
    words_of,
)
from vigie.social.copies_templates import MEMBERS, Family, filled, masked, standing, templates
from vigie.social.texts import SHORTEST, with_texts

ALIKE: Final = 0.693
"""Similarity (1 - Levenshtein's distance / longer text, without blanks) over which two texts are compared word by word."""
COPIED: Final = 0.80
"""Over which words alone decide; below it a copy needs a second sign."""
QUOTED, QUOTED_LETTERS = 0.8, 40
"""Share of runs of a shorter text that stand in the longer one, and its letters, for it to be quoted inside."""
HOUR: Final = 3_600_000_000
JUDGED: Final = 100_000
"""Pairs whose words are compared and that are listed, in all."""
LISTED: Final = 100
"""Pairs within one template that are listed: those with its middle text first."""
CELLS: Final = 200_000_000_000
"""Letters of one text times letters of the other, summed over the pairs that are compared letter by letter."""
SHOWN, SHOWN_WORDS = 2_000, 200
"""Letters of an alignment, and words that differ, that are kept of a pair."""
SIGNS: Final = 50
"""Links, and pictures, of one text that are looked at as second signs."""

_PAIRS: Final[Mapping[str, Any]] = {
    "a": pl.UInt64, "b": pl.UInt64, "a_row": pl.Int64, "b_row": pl.Int64, "type": pl.String, "reason": pl.String, "similarity": pl.Float64, "jaccard": pl.Float64,
    "inside": pl.Float64, "second_sign": pl.String, "lag": pl.Duration("us"), "only_a": pl.List(pl.String), "only_b": pl.List(pl.String), "aligned": pl.String,
}  # fmt: skip
_ARROW: Final = {"only_a": pa.large_list(pa.large_string()), "only_b": pa.large_list(pa.large_string())}
_MEMBERS: Final[dict[str, Any]] = {"family": pl.String, "text_hash": pl.UInt64, "relation": pl.String, "near": pl.Float64}


@dataclass(frozen=True)
class Copies:
    """What posts say alike.

    Attributes:
        texts: one row a distinct text: `text_hash` (uint64), `normalised` (null where only the hash was kept), `text` (its first wording), `letters`, `posts`,
            `accounts`, `own_accounts` (that did not merely repost it), `first_at`, `last_at`, `first_row` (of the earliest post), `weak` (fewer than 30 letters).
        pairs: one row a pair of texts that are alike but not equal: `a`, `b` (`text_hash`, a used first), `a_row`, `b_row` (their earliest posts), `type`, `reason`
            (of `copies_differences`), `similarity`, `jaccard`, `inside` (0 to 1), `second_sign` (link, media, hour, or null), `lag` between first uses, `only_a`,
            `only_b` (the words that differ, `SHOWN_WORDS` at most), `aligned` (both texts as one line, its first `SHOWN` letters).
        families: one row for texts that are one and were posted at least twice: `family`, `kind` (EXACT, COPY or TEMPLATE), `text_hash` and `text` of the middle text,
            `texts`, `posts`, `accounts`, `own_accounts`, `first_at`, `last_at`, `first_row`, `weak`.
        members: one row a post of a family: `family`, `row`, `text_hash`, `relation` (exact, copy, quoted or template), `near` (similarity to the middle text).
        reach: following holders of a run that texts were compared with; below `copies_candidates.REACH` there was too much to compare all.
        every: of so many runs one was looked at; above 1 there were very many texts, and some near copies may be missing.
        cut: pairs that were left out because a text had too many alike, or there were too many in all; pairs within a template that are not listed are not among them,
            since the family tells what they are.
    """

    texts: pl.DataFrame
    pairs: pl.DataFrame
    families: pl.DataFrame
    members: pl.DataFrame
    reach: int
    every: int
    cut: int


_SPOKEN: Final = ("row", "platform", "account_id", "kind", "seen_at", "title", "text", "links", "media", "normalised", "text_hash", "letters")
"""What copies look at of a post."""


def copies(posts: pl.DataFrame, budget: int = BUDGET) -> Copies:
    """What posts say alike.

    Args:
        posts: columns of POST and `row`; deduplicated (`posts.once`). `text` may be null where a `text_hash` is given.
        budget: comparisons of one run in two texts.
    """
    whole = spoken(posts)
    texts = distinct(whole)
    near = texts.filter((pl.col("letters") >= SHORTEST) & pl.col("normalised").is_not_null())
    work = _Work(near, whole, budget)
    found = work.families()
    alone = texts.join(pl.DataFrame(found, schema=_MEMBERS, orient="row"), on="text_hash", how="anti").filter(pl.col("posts") > 1)
    single = alone.select(_name("text_hash").alias("family"), "text_hash", pl.lit("exact").alias("relation"), pl.lit(1.0).alias("near"))
    members = pl.concat([pl.DataFrame(found, schema=_MEMBERS, orient="row"), single]).join(whole.select("text_hash", "row"), on="text_hash")
    return Copies(texts, work.pairs, _told(members, whole, texts), members.select("family", "row", "text_hash", "relation", "near").sort("family", "row"), work.reach, work.every, work.cut)


def spoken(posts: pl.DataFrame) -> pl.DataFrame:
    """Posts that say something: `_SPOKEN`, with `normalised`, `text_hash` and `letters`; of an article its title is what others repeat."""
    text, title = (pl.col(name).cast(pl.String) for name in ("text", "title"))
    headline = pl.when(pl.col("platform").cast(pl.String) == "site").then(pl.coalesce(title, text)).otherwise(pl.coalesce(text, title))
    living = posts.select(name for name in _SPOKEN if name in posts.columns).filter(pl.col("kind").cast(pl.String) != DELETED)
    fits = {"normalised": pl.when(headline.eq_missing(text)).then("normalised")} if "normalised" in posts.columns else {}
    return with_texts(living.with_columns(text=headline, **fits)).filter(pl.col("text_hash").is_not_null())


def distinct(whole: pl.DataFrame) -> pl.DataFrame:
    """One row a distinct text of `spoken` posts, in order of first use; columns as in `Copies.texts`."""
    account = pl.concat_str(pl.col("platform").cast(pl.String), pl.lit(":"), pl.col("account_id").cast(pl.String))
    own = pl.col("kind").cast(pl.String) != REPOSTED
    narrow = whole.select("text_hash", "normalised", "text", "letters", "seen_at", "row", account.alias("account"), own.alias("own"))
    once = narrow.sort("seen_at", "account", "text", "row", nulls_last=True)
    return (
        once.group_by("text_hash", maintain_order=True)
        .agg(
            pl.col("normalised").first(), pl.col("text").first(), pl.col("letters").first(), pl.len().cast(pl.Int64).alias("posts"),
            pl.col("account").n_unique().cast(pl.Int64).alias("accounts"), pl.col("account").filter(pl.col("own")).n_unique().cast(pl.Int64).alias("own_accounts"),
            pl.col("seen_at").first().alias("first_at"), pl.col("seen_at").last().alias("last_at"), pl.col("row").first().alias("first_row"),
        )
        .with_columns(weak=pl.col("letters").fill_null(SHORTEST) < SHORTEST)
        .sort("first_at", "normalised", "text_hash")
    )  # fmt: skip


def _name(column: str) -> pl.Expr:
    """A family's name: what it says, as a number."""
    return pl.concat_str(pl.lit("f"), pl.col(column).map_elements(lambda one: f"{one:016x}", pl.String))


class _Work:
    """Texts, the pairs of them that are alike, and the families that these make."""

    def __init__(self, near: pl.DataFrame, whole: pl.DataFrame, budget: int) -> None:
        self.near = near
        self.compact = near["normalised"].str.replace_all(" ", "", literal=True)
        self.compare = lru_cache(1 << 16)(self._compare)
        self.words = lru_cache(1 << 16)(self._words)
        self.masked = masked(near["normalised"])
        found = self._candidates(budget)
        self.alike = self._alike(found)
        self.templates = self._templates(found)
        chosen = self._chosen()
        signs = _second_signs(chosen, near, whole)
        self.judged = chosen.with_columns(second_sign=signs)
        rows = [self._judged(*row) for row in self.judged.select("a", "b", "similarity", "inside", "second_sign").iter_rows()]
        types = zip(("type", "reason", "only_a", "only_b", "aligned"), zip(*rows, strict=True) if rows else ((),) * 5, strict=True)
        self.judged = self.judged.with_columns(pl.Series(name, pa.array(values, _ARROW.get(name, pa.string()))) for name, values in types)
        self.pairs = self._named()

    def _candidates(self, budget: int) -> pl.DataFrame:
        """Pairs to look at; of texts whose numbers alone differ only the standing ones take part."""
        takes_part = np.ones(self.near.height, bool)
        for group in self.masked:
            takes_part[group] = False
            takes_part[standing(group)] = True
        some = np.flatnonzero(takes_part)
        first, last = (self.near[name].cast(pl.Datetime("us")).to_physical().to_numpy()[some] for name in ("first_at", "last_at"))
        found = candidates(self.compact.gather(some), first, last, budget)
        self.reach, self.every, self.cut = found.reach, found.every, found.cut
        return found.pairs.with_columns(pl.Series(name, some[found.pairs[name].to_numpy()], dtype=pl.Int64) for name in ("a", "b"))

    def _templates(self, found: pl.DataFrame) -> list[Family]:
        """Templates of which no text is in two."""
        similar = self.alike.filter(pl.col("similarity") > ALIKE).select("a", "b")
        cut, left = templates(similar.iter_rows(), found.select("a", "b").iter_rows(), self.near["normalised"], self.words, self.compare)
        self.cut += left
        return filled(_each_once(cut), self.masked, self.near["normalised"])

    def _chosen(self) -> pl.DataFrame:
        """Alike pairs that are judged and listed: of each template a few, of others the nearest of each text."""
        of, middle = np.full(self.near.height, -1), np.zeros(self.near.height, bool)
        for at, family in enumerate(self.templates):
            of[list(family.near)] = at
            middle[family.middle] = True
        a, b = (self.alike[name].to_numpy() for name in ("a", "b"))
        marked = self.alike.with_columns(of=np.where(of[a] == of[b], of[a], -1), middle=middle[a] | middle[b])
        inner = marked.filter(pl.col("of") >= 0).sort("of", "middle", "similarity", "a", "b", descending=[False, True, True, False, False])
        inner = inner.filter(pl.int_range(pl.len()).over("of") < LISTED)
        others = marked.filter(pl.col("of") < 0).with_columns(nearer=pl.max_horizontal("similarity", "inside"))
        outer = nearest(others, "nearer", NEIGHBOURS, JUDGED)
        self.cut += others.height - outer.height
        return pl.concat([inner.head(JUDGED), outer.drop("nearer")]).drop("of", "middle").sort("a", "b")

    def _words(self, index: int) -> Words:
        return words_of(self.near["normalised"][index], self.near["text"][index])

    def _compare(self, a: int, b: int) -> Difference:
        return difference(self.words(a), self.words(b))

    def _affordable(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """Pairs, the likeliest where very long texts make all too dear."""
        letters = self.compact.str.len_chars().cast(pl.Int64).to_numpy()
        cells = letters[pairs["a"].to_numpy()] * letters[pairs["b"].to_numpy()]
        if not len(cells) or int(cells.sum()) <= CELLS:
            return pairs
        order = np.argsort(-pairs["jaccard"].to_numpy(), kind="stable")
        kept = np.sort(order[np.cumsum(cells[order]) <= CELLS])
        self.cut += pairs.height - len(kept)
        return pairs[kept]

    def _alike(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """Candidates that are alike, or one of them quoted inside the other, with `similarity` and the exact `inside`."""
        pairs = self._affordable(pairs)
        sides = [self.compact.gather(pairs[side]).to_list() for side in ("a", "b")]
        scores = cpdist(*sides, scorer=Levenshtein.normalized_similarity, score_cutoff=ALIKE, dtype=np.float64) if pairs.height else np.zeros(0)
        inside = np.zeros(pairs.height)
        may_hold = np.flatnonzero((scores < COPIED) & (pairs["inside"].to_numpy() > 0.7))
        if len(may_hold) > JUDGED:
            self.cut += len(may_hold) - JUDGED
            may_hold = may_hold[np.argsort(-pairs["inside"].to_numpy()[may_hold], kind="stable")[:JUDGED]]
        for at in may_hold.tolist():
            inside[at] = _held_inside(sides[0][at], sides[1][at])
        scored = pairs.drop("inside").with_columns(similarity=pl.Series(scores, dtype=pl.Float64), inside=pl.Series(inside, dtype=pl.Float64))
        return scored.filter((pl.col("similarity") > ALIKE) | (pl.col("inside") >= QUOTED))

    def _judged(self, a: int, b: int, similarity: float, inside: float, sign: str | None) -> tuple[str, str, tuple[str, ...], tuple[str, ...], str]:
        """Type, reason, words that differ and alignment of a pair."""
        quoted = inside >= QUOTED and similarity <= COPIED
        found = difference(self.words(a), self.words(b), inside=True) if quoted else self.compare(a, b)
        kind, reason = found.type, found.reason
        if kind == COPY and not quoted and similarity <= COPIED and sign is None:
            kind = REWORDED
        return kind, reason, found.only_a[:SHOWN_WORDS], found.only_b[:SHOWN_WORDS], aligned(self.words(a), self.words(b), found)[:SHOWN]

    def _named(self) -> pl.DataFrame:
        """Pairs with hashes and rows in place of indexes."""
        side = {name: self.near.select("text_hash", "first_row", "first_at")[self.judged[name]] for name in ("a", "b")}
        return self.judged.with_columns(
            a=side["a"]["text_hash"], b=side["b"]["text_hash"], a_row=side["a"]["first_row"], b_row=side["b"]["first_row"],
            lag=(side["b"]["first_at"] - side["a"]["first_at"]).cast(pl.Duration("us")),
        ).select(pl.col(name).cast(kind) for name, kind in _PAIRS.items())  # fmt: skip

    def families(self) -> list[tuple[str, int, str, float]]:
        """Rows of `_MEMBERS`: templates first, then copies of what is left; a pair within a template becomes TEMPLATE."""
        cut = self.templates
        taken = {one for family in cut for one in family.near}
        self._relabel(cut)
        copied = self.judged.filter((pl.col("type") == COPY) & ((pl.col("similarity") >= copies_families.NEAR) | (pl.col("inside") >= QUOTED)))
        quoted = {(a, b) for a, b, inside in copied.select("a", "b", "inside").iter_rows() if inside >= QUOTED}
        left = [(a, b) for a, b in copied.select("a", "b").iter_rows() if a not in taken and b not in taken]
        close = copies_families.copies([pair for pair in left if pair not in quoted], self.compact.to_list(), self.compare)
        return self._members(cut + close, [pair for pair in left if pair in quoted])

    def _relabel(self, cut: list[Family]) -> None:
        """Pairs inside one template are a template's, whatever word or number fills its slot."""
        of = {one: at for at, family in enumerate(cut) for one in family.near}
        same = [a in of and of[a] == of.get(b) for a, b in self.judged.select("a", "b").iter_rows()]
        mark = pl.Series(same, dtype=pl.Boolean)
        self.pairs = self.pairs.with_columns(
            type=pl.when(mark & (pl.col("type") == CONTRADICTS) & pl.col("reason").is_in(["number", "date", "turn"])).then(pl.lit(TEMPLATE)).otherwise("type")
        )

    def _members(self, found: list[Family], quoted: list[tuple[int, int]]) -> list[tuple[str, int, str, float]]:
        """Rows of members; a text that quotes, or is quoted by, a middle text joins its family unless it has one."""
        hashes = self.near["text_hash"].to_list()
        rows: list[tuple[str, int, str, float]] = []
        family_of: dict[int, str] = {}
        middles: dict[int, str] = {}
        for family in found:
            name = f"f{hashes[family.middle]:016x}"
            middles[family.middle] = name
            for one, near in sorted(family.near.items()):
                family_of[one] = name
                relation = "exact" if one == family.middle else family.kind.lower()
                rows.append((name, hashes[one], relation, near))
        for a, b in sorted(quoted):
            for middle, other in ((a, b), (b, a)):
                if other in family_of or (middle in family_of and middle not in middles):
                    continue
                if middle not in family_of:
                    name = f"f{hashes[middle]:016x}"
                    middles[middle] = family_of[middle] = name
                    rows.append((name, hashes[middle], "exact", 1.0))
                family_of[other] = middles[middle]
                rows.append((middles[middle], hashes[other], "quoted", _held_inside(self.compact[a], self.compact[b])))
                break
        return rows


def _each_once(found: list[Family]) -> list[Family]:
    """Templates of which no text is in two: the earlier found keeps it."""
    taken: set[int] = set()
    kept = []
    for family in found:
        near = {one: share for one, share in family.near.items() if one not in taken}
        if len(near) >= MEMBERS and family.middle in near:
            taken |= near.keys()
            kept.append(Family(family.kind, family.middle, near))
    return kept


def _held_inside(a: str, b: str) -> float:
    """Share of the runs of the shorter of two texts that the longer holds; 0 if it is too short to be a quotation."""
    short, long = sorted((a, b), key=len)
    if len(short) < QUOTED_LETTERS:
        return 0.0
    runs, held = ({text[at : at + RUN] for at in range(len(text) - RUN + 1)} for text in (short, long))
    return len(runs & held) / len(runs)


def _second_signs(alike: pl.DataFrame, near: pl.DataFrame, whole: pl.DataFrame) -> pl.Series:
    """For each pair what else its texts share: a link, a picture, the hour; null for nothing."""
    index = near.select("text_hash", "first_at").with_row_index("index")
    some = whole.filter(pl.col("text_hash").is_in(near["text_hash"][pl.concat([alike["a"], alike["b"]]).unique()].implode()))
    shared = []
    for name in ("links", "media"):
        if name not in some.columns or not isinstance(some.schema[name], pl.List):
            continue
        held = some.select("text_hash", name).explode(name, empty_as_null=True).drop_nulls().unique().join(index, on="text_hash").select(pl.col("index").cast(pl.Int64), name)
        held = held.sort("index", name).filter(pl.int_range(pl.len()).over("index") < SIGNS)
        both = alike.select("a", "b").join(held, left_on="a", right_on="index").join(held, left_on=["b", name], right_on=["index", name]).select("a", "b").unique()
        shared.append(both.with_columns(pl.lit(name.removesuffix("s")).alias("sign")))
    signs = pl.concat(shared).sort("a", "b", "sign").unique(["a", "b"], keep="first") if shared else pl.DataFrame(schema={"a": pl.Int64, "b": pl.Int64, "sign": pl.String})
    first = near["first_at"].cast(pl.Datetime("us")).to_physical()
    lag = (first[alike["b"]] - first[alike["a"]]).abs()
    joined = alike.select("a", "b").join(signs, on=["a", "b"], how="left", maintain_order="left")["sign"]
    return pl.select(pl.when(joined.is_not_null()).then(joined).when(lag <= HOUR).then(pl.lit("hour"))).to_series()


def _told(members: pl.DataFrame, whole: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """One row a family, as in `Copies.families`."""
    account = pl.concat_str(pl.col("platform").cast(pl.String), pl.lit(":"), pl.col("account_id").cast(pl.String))
    posts = whole.select("row", "seen_at", "kind", "text", account.alias("account"))
    rows = members.join(posts, on="row").sort("seen_at", "account", "text", "row", nulls_last=True)
    kind = pl.when((pl.col("relation") == "template").any()).then(pl.lit(TEMPLATE)).when(pl.col("text_hash").n_unique() > 1).then(pl.lit(COPY)).otherwise(pl.lit("EXACT"))
    own = pl.col("account").filter(pl.col("kind").cast(pl.String) != REPOSTED)
    return (
        rows.group_by("family")
        .agg(
            kind.alias("kind"), pl.col("text_hash").filter(pl.col("relation") == "exact").first(), pl.col("text_hash").n_unique().cast(pl.Int64).alias("texts"),
            pl.len().cast(pl.Int64).alias("posts"), pl.col("account").n_unique().cast(pl.Int64).alias("accounts"), own.n_unique().cast(pl.Int64).alias("own_accounts"),
            pl.col("seen_at").first().alias("first_at"), pl.col("seen_at").last().alias("last_at"), pl.col("row").first().alias("first_row"),
        )
        .join(texts.select("text_hash", "text", "weak"), on="text_hash", how="left")
        .filter(pl.col("posts") > 1)
        .sort("first_at", "family")
    )  # fmt: skip
