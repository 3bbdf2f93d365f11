"""When two accounts are close in time more often than chance and the moment explain.

Sharing the same thing is opinion and proves nothing. What is tested is closeness in time, given that both shared the same object within the same half hour, against what
strangers did with that object at that very moment, and against pairs that met once. A pair's whole group is left out of the strangers, so that it cannot hide behind itself.

References:
    - R. Tarone, A modified Bonferroni method for discrete data, Biometrics 46 (1990)
    - Y. Benjamini, Y. Hochberg, Controlling the false discovery rate, Journal of the Royal Statistical Society B 57 (1995)
    - docs/coordination.md
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from vigie.social.coordination_windows import SECOND, Bools, Ints, Shares, numbered, others_within
from vigie.social.significance_base import BaseRate, base_rate, crowding_class
from vigie.social.significance_tails import q_values, tails
from vigie.social.significance_trials import (
    Closeness,
    Places,
    blocks_of,
    busiest_apart,
    by_object,
    by_occasion,
    candidates,
    closeness,
    crowding_that_fits,
    eligible,
    places,
    trials,
)

Floats = npt.NDArray[np.float64]

SEVERAL: Final = (10.0, 30.0, 60.0)
"""Seconds of the mode with several windows."""
BORDERLINE: Final = 10.0
"""Factor around the cut-off within which a pair is called borderline."""
FEW_STRANGERS: Final = 0.2
"""Base rate above which there are hardly any strangers to compare with."""
MOST_OF_FEW: Final = 25
"""Partners up to which an account may be in concert with most of a small collection; beyond, and beyond half of all, everybody is everybody's partner and nobody's."""
SOME: Final = 8
HALFWAY: Final = 0.25
"""An account with so many partners that has this share of them again in accounts that are often close and more often late is one of an audience: there is no line between fast and slow."""
SHYEST: Final = 2.0
BOLDEST: Final = 20.0
"""Least and largest weight of the law of stars."""
LEAST_SEEN: Final = 500
"""Shares with 2 to 15 strangers around them that its weight must be measured on."""
_HOPS: Final = 20_000_000


@dataclass(frozen=True, slots=True)
class Settings:
    """How the test is made.

    Attributes:
        taus: seconds that are close, inclusive; several are tested together, p being the smallest times their number.
        window: W, seconds within which both must have shared an object for it to count as a trial.
        least: k, distinct objects and distinct blocks with a close share.
        block: G, seconds that are one occasion.
        rho: share of common objects on which partners are close; None for 0.5, and 0.75 where a window is 60 seconds or more.
        pseudo: a, weight of the base rate beside the local one, in shares.
        alpha: false discovery rate.
        crowded: shares with more others within tau bring no pairs; they still count as trials.
        seed: of the sample for the base rate.
    """

    taus: tuple[float, ...] = (30.0,)
    window: float = 1800.0
    least: int = 3
    block: float = 300.0
    rho: float | None = None
    pseudo: float = 2.0
    alpha: float = 0.05
    crowded: int = 200
    seed: int = 1

    @property
    def partner(self) -> float:
        """Share of common objects on which partners are close."""
        return self.rho if self.rho is not None else (0.75 if max(self.taus) >= 60 else 0.5)


@dataclass(frozen=True, slots=True)
class Significance:
    """What was tested and what came out.

    Attributes:
        pairs: one row for each pair of accounts that was listed, sorted by p and names: `account_a`, `account_b`, `objects` and `occasions` (close ones), `common_objects`,
            `common_occasions` (those with both within W), `expected` (close objects by chance), `p_objects`, `p_occasions`, `p` (the larger; over several windows the smallest
            times their number), `q`, `tau` (seconds of the window it was smallest in), `significant`, `borderline`.
        base: `tau`, `class` (others within W from 2 to its power on), `pairs`, `close`, `rate`, `rate_used`.
        facts: what a reader needs to do it again: `shares`, `accounts`, `eligible`, `trial_pairs` (T), `tests` (m), `cut_off` (p up to which a pair passes, with as many as passed; None without any),
            `taus`, `window`, `least`, `block`, `rho`, `pseudo`, `alpha`, `seed`, `crowded` (asked), `crowded_used`, `crowded_out` (shares that brought no pairs), `sampled`, `too_coarse` (shares left out, their time is told
            too coarsely), `rows_hash`.
        feeds: `account` and `shares` of accounts that are set apart because they share too much to be looked up within bounds.
        warnings: codes: `few_strangers`, `too_coarse`, `feeds_apart`, `crowding_lowered`, `nothing_to_test`, `kin_not_sought`.
    """

    pairs: pl.DataFrame
    base: pl.DataFrame
    facts: dict[str, object]
    feeds: pl.DataFrame
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """One window's work, kept for the test of groups.

    Attributes:
        tau: microseconds.
        at: the shares.
        near, within: number of others' shares within tau and within W, of each share.
        mine_near, mine_within: those of the account's own partners and kin.
        base: base rate.
        left, right: accounts of the pairs that were tested.
        close: how close they were.
        partner: which of them are partners.
        chances: local chance of each share.
        weight: of the law of how many land close together, in shares: the larger, the more they are independent of each other.
        warnings: codes.
        apart: accounts set apart.
        crowded: crowding that was used.
    """

    tau: int
    at: Places
    near: Ints
    within: Ints
    base: BaseRate
    left: Ints
    right: Ints
    close: Closeness
    partner: Bools
    chances: Floats
    weight: float
    warnings: tuple[str, ...]
    apart: Ints
    crowded: int
    crowded_out: int


def significance(table: pl.DataFrame, settings: Settings = Settings()) -> Significance:  # frozen
    """Test every pair of accounts that could be close often enough.

    Args:
        table: rows of `SHARES`, each share once, best of one kind of object.
        settings: how.
    """
    return examined(table, settings)[0]


def examined(table: pl.DataFrame, settings: Settings) -> tuple[Significance, tuple[Window, ...], Shares]:
    """The same, with what each window left behind, for the test of groups."""
    finest = int(min(settings.taus) * SECOND)
    fine = table.filter(pl.col("resolution") <= finest)
    coarse = table.height - fine.height
    shares = numbered(fine)
    able = eligible(shares, settings.least)
    window = int(settings.window * SECOND)
    windows = tuple(_one(shares, able, int(tau * SECOND), settings) for tau in settings.taus) if len(shares) else ()
    within = windows[0].within if windows else np.empty(0, np.int64)
    total = _trial_pairs(shares, able, window)
    count = int(able.sum())
    m = max(min(count * (count - 1) / 2, total / settings.least), 1.0)
    pairs = _pairs(windows, shares, settings, m)
    warnings = {code for one in windows for code in one.warnings}
    warnings |= {"too_coarse"} if coarse else set()
    warnings |= {"nothing_to_test"} if not total else set()
    apart = np.unique(np.concatenate([one.apart for one in windows])) if windows else np.empty(0, np.int64)
    sizes = np.bincount(shares.accounts, minlength=len(shares.account_names))
    passed = pairs.filter("significant")
    facts: dict[str, object] = {
        "shares": len(shares), "accounts": len(shares.account_names), "eligible": count, "trial_pairs": total, "tests": m,
        "cut_off": settings.alpha * passed.height / m if passed.height else None, "taus": settings.taus, "window": settings.window, "least": settings.least, "block": settings.block,
        "rho": settings.partner, "pseudo": settings.pseudo, "alpha": settings.alpha, "seed": settings.seed, "crowded": settings.crowded,
        "crowded_used": min((one.crowded for one in windows), default=settings.crowded), "crowded_out": max((one.crowded_out for one in windows), default=0),
        "sampled": min((one.base.sampled for one in windows), default=0), "too_coarse": coarse, "rows_hash": rows_hash(shares), "others_within": int(within.sum()),
    }  # fmt: skip
    feeds = pl.DataFrame({"account": shares.account_names.gather(apart), "shares": sizes[apart]}, schema={"account": pl.String, "shares": pl.Int64})
    return Significance(pairs, _base(windows), facts, feeds, tuple(sorted(warnings))), windows, shares


def rows_hash(shares: Shares) -> str:
    """Hash of what was tested: equal for equal shares, whatever the order of their rows."""
    from hashlib import blake2b

    digest = blake2b(digest_size=8)
    for values in (shares.objects, shares.accounts, shares.times):
        digest.update(np.ascontiguousarray(values).tobytes())
    for names in (shares.object_names, shares.account_names, shares.post_names):
        digest.update((names.str.join("\n").item() or "").encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _trial_pairs(shares: Shares, able: Bools, window: int) -> int:
    """Pairs of shares of eligible accounts within W: counted, not listed."""
    chosen = able[shares.accounts] if len(shares) else np.empty(0, bool)
    some = replace(shares, objects=shares.objects[chosen], accounts=shares.accounts[chosen], posts=shares.posts[chosen], times=shares.times[chosen], rows=shares.rows[chosen])
    return int(others_within(some, window).sum()) // 2 if len(some) else 0


def _one(shares: Shares, able: Bools, tau: int, settings: Settings) -> Window:
    """One window: pairs, their chances to be close, partners and kin, the base rate and the local rate of each share."""
    window, length = int(settings.window * SECOND), int(settings.block * SECOND)
    at = places(shares, window)
    near, within = others_within(shares, tau), others_within(shares, window)
    may = able[shares.accounts]
    crowded = crowding_that_fits(at, may, tau, settings.crowded, near)
    left, right = candidates(at, may & (near <= crowded), tau, length, settings.least)
    kept, apart = busiest_apart(at, left, right)
    left, right = left[kept], right[kept]
    close = closeness(at, len(left), trials(at, left, right), tau, length)
    partner = close.close >= settings.partner * close.common
    kin_left, kin_right, sought = _kin(at, left[partner], right[partner], tau, length, settings)
    group_left, group_right = np.concatenate([left[partner], kin_left]), np.concatenate([right[partner], kin_right])
    met = np.bincount(np.concatenate([group_left, group_right]), minlength=len(able))
    halfway = np.bincount(np.concatenate([left[~partner], right[~partner]]), minlength=len(able))
    everybody = (met > max(able.sum() / 2, MOST_OF_FEW)) | ((met >= SOME) & (halfway > HALFWAY * met))
    stays = ~everybody[group_left] & ~everybody[group_right]
    group_left, group_right = group_left[stays], group_right[stays]
    mine_near, mine_within = _of_group(at, group_left, group_right, tau)
    base = base_rate(at, within, tau, window, group_left, group_right, settings.seed)
    chances = local_chances(base, within, near - mine_near, within - mine_within, settings.pseudo)
    warnings = [
        code for code, holds in (
            ("few_strangers", bool(everybody.any()) or bool((base.rates[np.unique(crowding_class(within))] > FEW_STRANGERS).any())), ("feeds_apart", bool(len(apart))),
            ("crowding_lowered", crowded < settings.crowded), ("kin_not_sought", not sought),
        ) if holds
    ]  # fmt: skip
    return Window(tau, at, near, within, base, left, right, close, partner, chances, own_weight(near - mine_near, within - mine_within), tuple(warnings), apart, crowded, int((may & (near > crowded)).sum()))


def own_weight(strangers_near: Ints, strangers_within: Ints) -> float:
    """How independent strangers are of each other around one share: the weight of the beta-binomial law whose pairs are close together as often as seen. 2 where too little is seen, at most 20."""
    some = (strangers_within >= 2) & (strangers_within < 2 << 3)
    near, within = strangers_near[some].astype(np.float64), strangers_within[some].astype(np.float64)
    if len(near) < LEAST_SEEN:
        return SHYEST
    p, both = float((near / within).mean()), float((near * (near - 1) / (within * (within - 1))).mean())
    alike = max((both - p * p) / max(p * (1 - p), 1e-12), 1e-12)
    return float(np.clip(1 / alike - 1, SHYEST, BOLDEST))


def local_chances(base: BaseRate, within: Ints, strangers_near: Ints, strangers_within: Ints, pseudo: float) -> Floats:
    """Chance of each share that a stranger lands close to it: what strangers did at that moment, drawn to the base rate and never below it."""
    p0 = base.rates[crowding_class(within)]
    return np.maximum(p0, (strangers_near + pseudo * p0) / (strangers_within + pseudo))


def _kin(at: Places, left: Ints, right: Ints, tau: int, length: int, settings: Settings) -> tuple[Ints, Ints, bool]:
    """Pairs with two partners in common that are close on most of what both shared, though too seldom to be partners themselves: no strangers to each other."""
    size = len(at.first)
    degree = np.bincount(np.concatenate([left, right]), minlength=size)
    empty = np.empty(0, np.int64)
    if not len(left):
        return empty, empty, True
    if int((degree.astype(np.int64) ** 2).sum()) > _HOPS:
        return empty, empty, False
    both = pl.DataFrame({"x": np.concatenate([left, right]), "y": np.concatenate([right, left])})
    hops = both.join(both.rename({"x": "z"}), on="y").filter(pl.col("x") < pl.col("z")).group_by("x", "z").len().filter(pl.col("len") >= 2)
    known = pl.DataFrame({"x": np.minimum(left, right), "z": np.maximum(left, right)})
    hops = hops.join(known, on=["x", "z"], how="anti").sort("x", "z")
    a, b = hops["x"].to_numpy().astype(np.int64), hops["z"].to_numpy().astype(np.int64)
    found = closeness(at, len(a), trials(at, a, b), tau, length)
    kin = (found.close >= 2) & (found.blocks >= 2) & (found.close >= settings.partner * found.common)
    return a[kin], b[kin], True


def _of_group(at: Places, left: Ints, right: Ints, tau: int) -> tuple[Ints, Ints]:
    """For each share the shares of its account's partners and kin within tau and within W."""
    near, within = np.zeros(len(at.shares), np.int64), np.zeros(len(at.shares), np.int64)
    times = at.shares.times
    for some in trials(at, left, right):
        close = np.abs(times[some.left] - times[some.right]) <= tau
        for side in (some.left, some.right):
            within += np.bincount(side, minlength=len(within))
            near += np.bincount(side[close], minlength=len(near))
    return near, within


def _pairs(windows: tuple[Window, ...], shares: Shares, settings: Settings, m: float) -> pl.DataFrame:
    """The table of pairs of all windows, with p, q and what passes."""
    frames = [_tallied(one, settings) for one in windows]
    schema = {
        "a": pl.Int64, "b": pl.Int64, "objects": pl.Int64, "occasions": pl.Int64, "common_objects": pl.Int64, "common_occasions": pl.Int64, "expected": pl.Float64,
        "p_objects": pl.Float64, "p_occasions": pl.Float64, "p": pl.Float64, "tau": pl.Float64,
    }  # fmt: skip
    whole = pl.concat([pl.DataFrame(schema=schema), *frames]).sort("a", "b", "p", "tau").unique(["a", "b"], keep="first", maintain_order=True)
    p = np.minimum(whole["p"].to_numpy() * max(len(windows), 1), 1.0)
    q = q_values(p, m)
    passed = q <= settings.alpha
    cut = settings.alpha * max(int(passed.sum()), 1) / m
    edge = np.where(passed, p >= cut / BORDERLINE, p <= cut * BORDERLINE)
    named = whole.with_columns(
        account_a=shares.account_names.gather(whole["a"]), account_b=shares.account_names.gather(whole["b"]), p=pl.Series(p), q=pl.Series(q),
        significant=pl.Series(passed, dtype=pl.Boolean), borderline=pl.Series(edge, dtype=pl.Boolean),
    )  # fmt: skip
    return named.select("account_a", "account_b", *list(schema)[2:9], "p", "q", "tau", "significant", "borderline").sort("p", "account_a", "account_b")


def _tallied(one: Window, settings: Settings) -> pl.DataFrame:
    """Both tallies of each pair of a window."""
    length, count = int(settings.block * SECOND), len(one.left)
    shares, times = one.at.shares, one.at.shares.times
    objects, occasions = [], []
    for some in trials(one.at, one.left, one.right):
        close = np.abs(times[some.left] - times[some.right]) <= one.tau
        chances = np.maximum(one.chances[some.left], one.chances[some.right])
        thing = shares.objects[some.left]
        objects.append(by_object(some.owners, thing, chances, close))
        occasions.append(by_occasion(some.owners, thing, blocks_of(times, some.left, some.right, length), chances, close))
    out: dict[str, npt.NDArray[np.generic]] = {"a": one.left, "b": one.right}
    for name, parts in (("objects", objects), ("occasions", occasions)):
        owners = np.concatenate([np.empty(0, np.int64), *(part.owners for part in parts)])
        chances = np.concatenate([np.empty(0), *(part.chances for part in parts)])
        hits = np.bincount(owners[np.concatenate([np.empty(0, bool), *(part.hits for part in parts)])], minlength=count)
        out[name], out[f"common_{name}"] = hits, np.bincount(owners, minlength=count)
        out[f"p_{name}"] = tails(owners, chances, hits)
        if name == "objects":
            out["expected"] = np.bincount(owners, chances, count)
    p = np.maximum(out["p_objects"], out["p_occasions"])
    out["p"] = np.where(np.minimum(out["objects"], out["occasions"]) >= settings.least, p, 1.0)
    frame = pl.DataFrame(out).with_columns(tau=pl.lit(one.tau / SECOND))
    return frame.select(
        "a", "b", *(pl.col(name).cast(pl.Int64) for name in ("objects", "occasions", "common_objects", "common_occasions")), pl.col("expected").cast(pl.Float64), "p_objects", "p_occasions", "p", "tau"
    )


def _base(windows: tuple[Window, ...]) -> pl.DataFrame:
    frames = [
        pl.DataFrame({
            "tau": np.full(len(one.base.rates), one.tau / SECOND), "class": np.arange(len(one.base.rates)), "pairs": one.base.pairs, "close": one.base.close,
            "rate": np.where(one.base.pairs > 0, one.base.close / np.maximum(one.base.pairs, 1), np.nan), "rate_used": one.base.rates,
        }) for one in windows
    ]  # fmt: skip
    empty = pl.DataFrame(schema={"tau": pl.Float64, "class": pl.Int64, "pairs": pl.Int64, "close": pl.Int64, "rate": pl.Float64, "rate_used": pl.Float64})
    return pl.concat([empty, *frames])
