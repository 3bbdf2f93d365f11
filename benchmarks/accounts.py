"""Accounts: how well the rhythm tells assisted from hand-run, on accounts never used for the fit, and how long it takes.

    python benchmarks/accounts.py

The classes of the development accounts are a proxy: content categories, made by people who read what the accounts said. Folds are by account.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa

from vigie.records.post import POST
from vigie.social.account_likelihood import DAYS, POSTS, SURE, fit, matrix, mixed_weights, reference, scored
from vigie.social.account_rhythm import rhythm, timeline
from vigie.social.account_timelines import ASSISTED, generated
from vigie.social.accounts import Accounts, accounts
from vigie.social.posts import once
from vigie.social.texts import with_texts

ROOT = Path(__file__).resolve().parents[1]
SOCIAL = ROOT.parent / "shared" / "data" / "social"
PROXY = {"NewsFeed": True, "Commercial": True, "RightTroll": False, "LeftTroll": False, "HashtagGamer": False}
SEED, EACH, FOLDS, REPEATS, BINS = 20, 50, 5, 20, 10


@dataclass(frozen=True)
class Set:
    """Figures (accounts x features), class and group of each account."""

    figures: np.ndarray
    assisted: np.ndarray
    group: list[str]


def development() -> pl.DataFrame:
    """Posts of the development accounts, as a source would read them, with `category`."""
    kinds = {"R": "repost", "Q": "quote", "": "post"}
    told = pl.read_parquet(SOCIAL / "ira_tweets_dev.parquet").select(
        feed=pl.lit("ira"), file=pl.lit("ira"), byte_offset=pl.int_range(pl.len()), row=pl.int_range(pl.len()), time_precision=pl.lit("min"), platform=pl.lit("x"),
        seen_at=pl.col("publish_date").dt.replace_time_zone("UTC"), account_id="author_id", text="content",
        kind=pl.col("post_type").replace_strict(kinds, default="post"), links=pl.col("content").str.extract_all(r"https?://t\.co/\w+"), category="account_category",
    )  # fmt: skip
    empty = pl.from_arrow(pa.Table.from_batches([], schema=POST.schema))
    missing = [pl.lit(None, pl.String if kind == pl.Categorical else kind).alias(name) for name, kind in empty.schema.items() if name not in told.columns]
    return told.with_columns(missing)


def observed(posts: pl.DataFrame | None = None) -> Set:
    """Development accounts with enough posts whose category is a proxy of a class."""
    posts = development() if posts is None else posts
    known = once(posts.filter(pl.col("category").is_in(list(PROXY))))
    names = known.select("account_id").unique().sort("account_id").with_row_index("account")
    categories = known.group_by("account_id").agg(pl.col("category").first()).sort("account_id")["category"].to_list()
    told = known.join(names, on="account_id").select(pl.col("account").cast(pl.Int64), second=pl.col("seen_at").dt.epoch("s"))
    return enough(rhythm(timeline(told["account"].to_numpy(), told["second"].to_numpy(), names.height)), categories, [PROXY[name] for name in categories])


def invented(seed: int) -> Set:
    """Invented accounts of every way of posting."""
    account, second, ways = generated(np.random.default_rng(seed), EACH)
    return enough(rhythm(timeline(account, second, len(ways))), ways, [name in ASSISTED for name in ways])


def enough(rhythms: pl.DataFrame, groups: list[str], assisted: list[bool]) -> Set:
    """Accounts that get a score."""
    kept = rhythms.with_columns(group=pl.Series(groups), assisted=pl.Series(assisted)).filter((pl.col("posts") >= POSTS) & (pl.col("active_days") >= DAYS))
    return Set(matrix(kept), kept["assisted"].to_numpy(), kept["group"].to_list())


def folds(assisted: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A fold for each account, each class dealt evenly."""
    fold = np.zeros(len(assisted), int)
    for kind in (True, False):
        places = rng.permutation(np.flatnonzero(assisted == kind))
        fold[places] = np.arange(len(places)) % FOLDS
    return fold


def out_of_fold(seen: Set, made: Set, repeats: int = REPEATS) -> tuple[np.ndarray, np.ndarray]:
    """log10 LR of each account by fits that did not see it: repeats x accounts, observed and invented."""
    rng = np.random.default_rng(7)
    scores = np.zeros((repeats, len(seen.assisted))), np.zeros((repeats, len(made.assisted)))
    for repeat in range(repeats):
        parts = folds(seen.assisted, rng), folds(made.assisted, rng)
        for fold in range(FOLDS):
            learn = [part != fold for part in parts]
            figures = np.concatenate([some.figures[rows] for some, rows in zip((seen, made), learn, strict=True)])
            assisted = np.concatenate([some.assisted[rows] for some, rows in zip((seen, made), learn, strict=True)])
            real = np.arange(len(assisted)) < learn[0].sum()
            neutral, width, weight = fit(figures, assisted, mixed_weights(assisted, real))
            for some, rows, out in zip((seen, made), learn, scores, strict=True):
                out[repeat, ~rows] = ((some.figures[~rows] - neutral) / width) @ weight
    return scores


def left_out(seen: Set, made: Set) -> None:
    """What is said of a group when no account of it was used for the fit."""
    print("\ngroup left out of the fit     n   assisted / undecided / hand, %")
    figures, assisted = np.concatenate([seen.figures, made.figures]), np.concatenate([seen.assisted, made.assisted])
    group, real = np.array([*seen.group, *made.group]), np.arange(len(assisted)) < len(seen.assisted)
    for name in sorted(set(group) - {"NewsFeed"}):
        learn = group != name
        neutral, width, weight = fit(figures[learn], assisted[learn], mixed_weights(assisted[learn], real[learn]))
        print(f"  {name:24} {int((~learn).sum()):4}   {shares(((figures[~learn] - neutral) / width) @ weight)}")


def staff_run() -> None:
    """A head of state's account, run by staff."""
    lines = (SOCIAL / "human_obama.csv").read_text("latin-1").splitlines()
    stamps = [line.split(",")[0] for line in lines]
    times = pl.Series(stamps).str.to_datetime("%m/%d/%y %H:%M", strict=False).drop_nulls().dt.epoch("s").to_numpy().astype(np.int64)
    told = rhythm(timeline(np.zeros(len(times), np.int64), times, 1)).with_row_index("account")
    print(f"\nstaff-run account: {told['posts'].item()} posts, log10 LR {scored(told, reference())[0]['log10_lr'].item():+.2f}")


def area(score: np.ndarray, assisted: np.ndarray) -> float:
    """Area under the curve: part of the pairs in the right order."""
    high, low = score[assisted][:, None], score[~assisted][None]
    return float((high > low).mean() + 0.5 * (high == low).mean())


def chance(score: np.ndarray, assisted: np.ndarray) -> np.ndarray:
    """Posterior with the share of the assisted among these accounts as the prior."""
    prior = assisted.mean()
    return 1 / (1 + np.exp(-(score * np.log(10) + np.log(prior / (1 - prior)))))


def reliability(score: np.ndarray, assisted: np.ndarray) -> list[tuple[float, float, int]]:
    """For each of ten bins of the posterior: mean posterior, part that is assisted, accounts."""
    said = chance(score, assisted)
    place = np.minimum((said * BINS).astype(int), BINS - 1)
    return [(float(said[place == part].mean()), float(assisted[place == part].mean()), int((place == part).sum())) for part in range(BINS) if (place == part).any()]


def shares(score: np.ndarray) -> str:
    """Parts said assisted, undecided and hand, in per cent."""
    high, low = (score >= SURE).mean(), (score <= -SURE).mean()
    return f"{100 * high:5.1f} {100 * (1 - high - low):5.1f} {100 * low:5.1f}"


def report(name: str, some: Set, scores: np.ndarray) -> None:
    """The figures of a set, and of each of its groups."""
    areas = [area(one, some.assisted) for one in scores]
    print(f"\n{name}: {int(some.assisted.sum())} assisted, {int((~some.assisted).sum())} hand; folds by account, {len(scores)} repeats")
    print(f"  area under the curve {np.mean(areas):.3f} ({min(areas):.3f} to {max(areas):.3f})")
    print("  accounts          n   assisted / undecided / hand, %    Brier")
    groups = {"all": np.ones(len(some.assisted), bool), "assisted": some.assisted, "hand": ~some.assisted}
    groups |= {group: np.array([one == group for one in some.group]) for group in sorted(set(some.group))}
    for group, rows in groups.items():
        brier = np.mean([(chance(one, some.assisted)[rows] - some.assisted[rows]) ** 2 for one in scores])
        print(f"  {group:14} {int(rows.sum()):4}   {shares(scores[:, rows])}              {brier:.3f}")
    print("  posterior said / found / accounts a repeat")
    pooled = np.tile(some.assisted, len(scores))
    for said, found, count in reliability(scores.ravel(), pooled):
        print(f"    {said:.2f}  {found:.2f}  {count / len(scores):.1f}")


def svg(seen: Set, made: Set, scores: tuple[np.ndarray, np.ndarray]) -> str:
    """The reliability plot: what is said against what is found, for both sets."""
    size, edge = 320, 40
    line = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size + 2 * edge} {size + 2 * edge}" font-family="sans-serif" font-size="12">']
    line.append("<title>Posterior said against share found, on accounts that the fit had not seen</title>")
    line.append(f'<rect width="{size + 2 * edge}" height="{size + 2 * edge}" fill="#fff"/>')
    line.append(f'<path d="M{edge} {edge}V{edge + size}H{edge + size}M{edge} {edge + size}L{edge + size} {edge}" fill="none" stroke="#999"/>')
    for (name, colour, height), some, score in zip((("observed", "#0b5394", 0), ("invented", "#b45f06", 18)), (seen, made), scores, strict=True):
        points = reliability(score.ravel(), np.tile(some.assisted, len(score)))
        where = [(edge + size * said, edge + size * (1 - found), 2 + 1.2 * np.sqrt(count / len(score))) for said, found, count in points]
        line.append(f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y, _ in where)}" fill="none" stroke="{colour}"/>')
        line += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{colour}" fill-opacity=".6"/>' for x, y, r in where]
        line.append(f'<text x="{edge + 12}" y="{edge + 16 + height}" fill="{colour}">{name} accounts</text>')
    line += [f'<text x="{edge + size * part - 8:.0f}" y="{edge + size + 18}">{part}</text><text x="8" y="{edge + size * (1 - part) + 4:.0f}">{part}</text>' for part in (0, 0.5, 1)]
    line.append(f'<text x="{edge + size / 2 - 60:.0f}" y="{2 * edge + size - 6}">posterior that is said</text>')
    return "\n".join([*line, "</svg>"]) + "\n"


def shipped(posts: pl.DataFrame) -> None:
    """What the reference that vigie ships says of the development accounts (most were used for it), and the time."""
    begin = time.perf_counter()
    kept = with_texts(once(posts))
    middle, busy = time.perf_counter(), time.process_time()
    told: Accounts = accounts(kept)
    end = time.perf_counter()
    used = time.process_time() - busy
    print(f"\n{posts.height:,} posts, {told.accounts.height} accounts: each once and texts normalised {middle - begin:.1f} s, features, scores and marks {end - middle:.1f} s ({used:.1f} s of processor)")
    categories = posts.group_by("account_id").agg(pl.col("category").first())
    table = told.accounts.join(categories, on="account_id").group_by("category").agg(
        pl.len(), *((pl.col("result") == word).sum().alias(word) for word in ("little", "assisted", "undecided", "hand")), pl.col("bound").sum()
    )  # fmt: skip
    with pl.Config(tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True, tbl_formatting="ASCII_MARKDOWN", tbl_rows=20):
        print(table.sort("category"))
    off = told.contributions.group_by("account_id").agg(pl.col("contribution").sum()).join(told.accounts, on="account_id").select((pl.col("contribution") - pl.col("log10_lr")).abs().max()).item()
    print(f"contributions differ from their score by at most {off:.1e}")


if __name__ == "__main__":
    if (SOCIAL / "ira_tweets_dev.parquet").is_file():
        posts = development()
        seen, made = observed(posts), invented(SEED)
        first, second = out_of_fold(seen, made)
        report("observed accounts", seen, first)
        report("invented accounts", made, second)
        left_out(seen, made)
        staff_run()
        shipped(posts)
    else:
        print("no development data", file=sys.stderr)
