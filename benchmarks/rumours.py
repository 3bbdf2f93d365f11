"""Rumours: copies and what is none, the direction between classes, and the time of each step, on the development data beside the project.

    python benchmarks/rumours.py            all but the whole set of texts
    python benchmarks/rumours.py --large    and near copies of all 740,981 posts
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import yaml
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from vigie.social import proposals, texts
from vigie.social.copies import ALIKE, copies
from vigie.social.copies_candidates import WINDOW, candidates
from vigie.social.copies_differences import difference, words_of
from vigie.social.rumours_precedence import LEVEL, Precedence, precedence

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data" / "social" / "ira_tweets_dev.parquet"
SAMPLE, TRUTH = 20_000, 6_000
HOUR = 3_600_000_000
CLASSES = (
    ("NewsFeed", "RightTroll", 24), ("NewsFeed", "LeftTroll", 24), ("LeftTroll", "RightTroll", None), ("LeftTroll", "RightTroll", 24), ("HashtagGamer", "RightTroll", 24),
)  # fmt: skip
TEMPLATE = "retweet rt rt america to maga"


def posts() -> pl.DataFrame:
    """The development posts with the columns that copies need."""
    nothing = pl.lit(None, pl.String)
    kind = pl.when(pl.col("post_type") == "R").then(pl.lit("repost")).otherwise(pl.lit("post"))
    some = pl.read_parquet(DATA).select(
        "language", "account_category", text="content", account_id="author_id", seen_at=pl.col("publish_date").dt.replace_time_zone("UTC"), platform=pl.lit("x"), kind=kind, title=nothing
    )
    return some.sort(some.columns).with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))


def sample(whole: pl.DataFrame, seed: int = 1) -> pl.DataFrame:
    """Posts of distinct texts of thirty letters or more, in English or French."""
    some = texts.with_texts(whole.filter(pl.col("language").is_in(["English", "French"])).sample(60_000, seed=seed))
    return some.filter(pl.col("letters") >= texts.SHORTEST).sort("row").unique("normalised", keep="first", maintain_order=True).sample(SAMPLE, seed=seed)


def print_copies(whole: pl.DataFrame) -> None:
    """Time on a sample, the template's families, and recall of candidates against all pairs of a part of it."""
    some = sample(whole)
    began = time.process_time()
    found = copies(some.select(whole.columns))
    print(f"near copies of {SAMPLE:,} texts: {time.process_time() - began:.1f} s of CPU (asked: 5)")
    print("  pairs:", dict(sorted(found.pairs.group_by("type").len().iter_rows())), " families:", dict(sorted(found.families.group_by("kind").len().iter_rows())))
    of = found.texts.filter(pl.col("normalised").str.contains(TEMPLATE, literal=True)).join(found.members.select("text_hash", "family").unique(), on="text_hash", how="left")
    print(f"  the template's {of.height} texts lie in {of['family'].drop_nulls().n_unique()} family, {of['family'].null_count()} in none (asked: one family)")
    part = some.sort("seen_at", "normalised").head(TRUTH)
    compact = part["normalised"].str.replace_all(" ", "", literal=True)
    at = part["seen_at"].dt.epoch("us").to_numpy()
    have = set(candidates(compact, at, at).pairs.select("a", "b").iter_rows())
    score = cdist(compact.to_list(), compact.to_list(), scorer=Levenshtein.normalized_similarity, score_cutoff=ALIKE, dtype=np.float32)
    true = [(a, b) for a, b in np.argwhere(np.triu(score > ALIKE, 1)).tolist() if at[b] - at[a] <= WINDOW]
    print(f"  candidates hold {sum(pair in have for pair in true)} of {len(true)} pairs over {ALIKE} within 30 days, of {TRUTH:,} texts (asked: 98 %)")


def print_hard_negatives() -> None:
    """Invented headlines that resemble each other and say something else."""
    sys.path.insert(0, str(ROOT / "tests"))
    from social.headlines import KINDS, ROWS, negatives

    every = [text for row in ROWS for text in row]
    words = {text: words_of(form, text) for text, form in zip(every, texts.normalised(pl.Series(every)).to_list(), strict=True)}
    for kind in KINDS:
        merged = sum(difference(words[a], words[b]).type == "COPY" for a, b in negatives(kind))
        print(f"  {kind:<12} {merged} of {len(negatives(kind))} merged as copies (asked: 0)")


def print_claims() -> None:
    """Two hundred claims in other words and languages, written by somebody who did not know the rules: what is proposed, and of what only looks alike, what is merged, and of what it is said."""
    claims = yaml.safe_load((ROOT / "tests/cases/claims/claims.yml").read_text("utf-8"))
    strangers = yaml.safe_load((ROOT / "tests/cases/claims/strangers.yml").read_text("utf-8"))
    for name, some in (("those on which thresholds were set", claims[::2]), ("the others", claims[1::2])):
        said = [(one["id"], kind, one[kind]) for one in some for kind in ("fr", "en", "ru", "fr_again", "other") if kind in one] + [(f"stranger {at}", "fr", text) for at, text in enumerate(strangers)]
        table = texts.with_texts(pl.DataFrame(said, schema=["of", "kind", "text"], orient="row"))
        table = table.with_columns(first_at=pl.datetime(2027, 3, 1, time_zone="UTC") + pl.duration(seconds=pl.int_range(pl.len())), accounts=pl.lit(2), links=pl.col("text").str.extract_all(r"https?://\S+"))
        of = {row[0]: row[1:] for row in table.select("text_hash", "of", "kind").iter_rows()}
        found = {(of[row["a"]][0], of[row["b"]][0], frozenset((of[row["a"]][1], of[row["b"]][1]))): row["caution"] for row in proposals.proposals(table).iter_rows(named=True)}
        print(f"claims, {name} ({len(some)}), beside {len(strangers)} strangers:")
        for what, kinds in (("in other words", [("fr", "fr_again")]), ("in French and English", [("fr", "en"), ("fr_again", "en")]), ("in Russian", [("fr", "ru"), ("en", "ru")]), ("another fact in the same words", [("fr", "other"), ("en", "other")])):
            asked = [(one["id"], one["id"], frozenset(pair)) for one in some for pair in kinds if set(pair) <= one.keys()]
            have = [found[one] for one in asked if one in found]
            print(f"  {what:<32} {len(have)} of {len(asked)} proposed ({len(have) / len(asked):.0%}); {sum(one is not None for one in have) / max(len(have), 1):.0%} of them with what may tell them apart")
        print(f"  of two different claims {sum(a != b for a, b, _ in found)} of {len(found)} proposals")
    words = {(one["id"], kind): words_of(texts.normalised(pl.Series([one[kind]]))[0], one[kind]) for one in claims for kind in ("fr", "en", "other")}
    alike = [one["id"] for one in claims for kind in ("fr", "en") if difference(words[one["id"], kind], words[one["id"], "other"]).type == "COPY"]
    print(f"  another fact in the same words, merged as a copy: {len(alike)} of {2 * len(claims)} (asked: 0)")


def firsts(whole: pl.DataFrame, *, tags: bool) -> pl.DataFrame:
    """Of each class and text the first time and the number of accounts."""
    once = whole["text"].drop_nulls().unique()
    forms = pl.DataFrame({"text": once, "form": texts.normalised(once, tags=tags)}).filter(pl.col("form").str.len_chars() >= texts.SHORTEST)
    worded = whole.join(forms, on="text").with_columns(at=pl.col("seen_at").dt.epoch("us"))
    return worded.group_by("form", "account_category").agg(pl.col("at").min(), pl.col("account_id").n_unique().alias("many"))


def directions(whole: pl.DataFrame, *, tags: bool) -> dict[tuple[str, str, int | None], Precedence]:
    """Which class was first with what both said, for each row of `CLASSES`."""
    table = firsts(whole, tags=tags)
    told = {}
    for a, b, cap in CLASSES:
        left, right = (table.filter(pl.col("account_category") == one) for one in (a, b))
        both = left.join(right, on="form", suffix="_b").sort("form").select(first_a="at", first_b="at_b", accounts_a="many", accounts_b="many_b", unit=pl.lit(60_000_000))
        told[a, b, cap] = precedence(both, None if cap is None else cap * HOUR)
    return told


def said(told: Precedence) -> str:
    """What is said of a direction."""
    return "no direction shown" if told.p > LEVEL else ("first before second" if told.first_a > told.expected_a else "second before first")


def print_directions(whole: pl.DataFrame) -> None:
    """The table of classes, with the block of hashtags at the end kept (as it was first measured) and without."""
    for tags in (True, False):
        print(f"direction, hashtags at the end {'kept' if tags else 'taken away'}:  first : first (ties), expected, p by exchange, p by day, days -> said")
        for (a, b, cap), told in directions(whole, tags=tags).items():
            print(f"  {a + ' / ' + b:<26} {str(cap or 'any') + ' h':<6} {told.first_a:>4} : {told.first_b:<4} ({told.ties}) {told.expected_a:>6.1f}  {told.p_exchange:.1e}  {told.p_days:.4f} {told.days:>4}  {said(told)}")


def print_null() -> None:
    """Labels exchanged within items: how often anything is significant."""
    rng = np.random.default_rng(2017)
    hits = 0
    for _ in range(200):
        size = rng.integers(1, 6, (2, 80))
        start = rng.integers(0, 20, 80) * 24 * HOUR
        late = start + rng.integers(60_000_000, 12 * HOUR, 80)
        wins = rng.random(80) < size[0] / size.sum(axis=0)
        items = {"first_a": np.where(wins, start, late), "first_b": np.where(wins, late, start), "accounts_a": size[0], "accounts_b": size[1], "unit": np.full(80, 1)}
        hits += precedence(pl.DataFrame(items), 24 * HOUR).p <= 0.05
    print(f"labels exchanged within items, 200 runs: {hits / 2:.1f} % significant (asked: 5 at most)")


def print_exact(whole: pl.DataFrame) -> None:
    """Equal texts of all posts."""
    began = time.process_time()
    worded = texts.with_texts(whole.select("text", "account_id"))
    many = worded.filter(pl.col("letters") >= texts.SHORTEST).group_by("text_hash").agg(pl.col("account_id").n_unique()).filter(pl.col("account_id") >= 2).height
    print(f"equal texts of {whole.height:,} posts: {many:,} by two accounts or more, {time.process_time() - began:.1f} s of CPU (asked: 3 s)")


if __name__ == "__main__":
    print("hard negatives:")
    print_hard_negatives()
    print_claims()
    print_null()
    if DATA.is_file():
        everything = posts()
        print_exact(everything)
        print_copies(everything)
        print_directions(everything)
        if "--large" in sys.argv[1:]:
            start = time.process_time()
            large = copies(everything)
            print(f"near copies of all: {time.process_time() - start:.0f} s of CPU, one run in {large.every}, reach {large.reach}, {large.families.height:,} families")
