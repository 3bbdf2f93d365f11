"""Groups that pairs alone cannot prove: who belongs to a certain group, and groups that show only as a whole.

A group whose members take part now and then has many pairs that met too seldom to be proved. Two tests look at the whole instead.

- *Members.* A certain group is fixed; every other account is tested against all of it at once. What it could be close to is the stretch of time that the group covers around its share, and
  strangers are those who are neither of the group nor close to it on most of what they share with it.
- *Stars.* One account and some of its partners. Partners close to one share are no independent coins: once one is close, the next is likelier to be. So the number of them that are close is held
  against a beta-binomial law, whose weight is measured on strangers of the same data. Every choice of account, of number and of partners that could have been made is paid for (union bound), so it
  does not matter how the star was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma, log
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from vigie.social.coordination_windows import SECOND, Ints, Shares, spans
from vigie.social.significance import Settings, Significance, Window
from vigie.social.significance_base import crowding_class
from vigie.social.significance_tails import q_values, tails
from vigie.social.significance_trials import Trials, by_object, by_occasion, trials

Floats = npt.NDArray[np.float64]

CERTAIN: Final = 0.01
"""Chance of a star anywhere in the data, up to which it founds a group."""
LARGEST_STAR: Final = 40
STARS: Final = 2_000
"""Partners of a star that are tried, and accounts that are tried as its middle, those with most partners first."""
GROUPS: Final = 500
"""Groups whose members are sought, the largest first."""

AUDIENCE: Final = 4
"""Accounts that may join for each one of a group; where more would, they are an audience that is fast as a whole, and none of them joins."""
FEW: Final = 8
"""Accounts that may join any group."""

MEMBERS: Final = pl.Schema({"group": pl.Int64, "account": pl.String, "by": pl.String, "p": pl.Float64, "q": pl.Float64})
"""`group` numbers from 0 by size; `by` is `pair`, `star` or `group`: what shows that the account belongs; of `pair` and `star` p and q are those of its best pair and of its star."""


@dataclass(frozen=True, slots=True)
class Members:
    """Who belongs to which group.

    Attributes:
        members: rows of `MEMBERS`, sorted by group and name.
        tests: accounts that were tested against groups.
        stars: stars that were held to be certain.
        audiences: groups that would have grown out of proportion, and were left as they are.
    """

    members: pl.DataFrame
    tests: int
    stars: int
    audiences: int


def members(found: Significance, windows: tuple[Window, ...], shares: Shares, settings: Settings) -> Members:
    """Groups of significant pairs and certain stars, and who belongs to them as a whole.

    Args:
        found: pairs.
        windows: what `examined` left behind.
        shares: the same.
        settings: the same.
    """
    codes = {name: code for code, name in enumerate(shares.account_names.to_list())} if found.pairs.height else {}
    passed = found.pairs.filter("significant")
    a = np.asarray([codes[name] for name in passed["account_a"]], np.int64)
    b = np.asarray([codes[name] for name in passed["account_b"]], np.int64)
    stars = [star for one in windows for star in _stars(one, shares, settings, len(windows))]
    known: dict[int, tuple[str, float, float]] = {}
    for code, p, q in sorted(zip([*a, *b], [*passed["p"]] * 2, [*passed["q"]] * 2, strict=True)):
        known.setdefault(int(code), ("pair", p, q))
    for middle, others, p in stars:
        for code in (middle, *others):
            known.setdefault(int(code), ("star", p, p))
    left = np.concatenate([a, *(np.full(len(others), middle) for middle, others, _ in stars)]).astype(np.int64)
    right = np.concatenate([b, *(others for _, others, _ in stars)]).astype(np.int64)
    seeds = _components(len(shares.account_names), left, right)[:GROUPS]
    tried = [_against(one, seed, settings, number) for number, seed in enumerate(seeds) for one in windows]
    joined, tests = _joined(tried, settings, len(windows))
    grown = np.bincount(np.asarray([number for number, *_ in joined], np.int64), minlength=len(seeds))
    audience = {number for number, seed in enumerate(seeds) if grown[number] > max(AUDIENCE * len(seed), FEW)}
    rows = [(number, code, *known[code]) for number, seed in enumerate(seeds) for code in seed.tolist()]
    rows += [(number, code, "group", p, q) for number, code, p, q in joined if number not in audience]
    names = shares.account_names
    table = pl.DataFrame({
        "group": [row[0] for row in rows], "account": names.gather(pl.Series([row[1] for row in rows], dtype=pl.Int64)), "by": [row[2] for row in rows],
        "p": [row[3] for row in rows], "q": [row[4] for row in rows],
    }, schema=MEMBERS)  # fmt: skip
    return Members(_numbered_by_size(table), tests, len(stars), len(audience))


def _numbered_by_size(table: pl.DataFrame) -> pl.DataFrame:
    """Groups that share a member are one; numbers by size, then by the first name."""
    from vigie.social.coordination_graph import components

    accounts = table["account"].unique().sort()
    codes = table["account"].cast(pl.Enum(accounts)).to_physical().to_numpy().astype(np.int64)
    group = table["group"].to_numpy() + len(accounts)
    labels = components(int(group.max()) + 1, codes, group) if table.height else codes
    order = {"pair": 0, "star": 1, "group": 2}
    whole = table.with_columns(group=pl.Series(labels[codes]), rank=pl.col("by").replace_strict(order, return_dtype=pl.Int64, default=3))
    once = whole.sort("account", "rank", "p").unique("account", keep="first", maintain_order=True)
    sizes = once.group_by("group").agg(pl.len().alias("size"), pl.col("account").min().alias("first")).sort(["size", "first"], descending=[True, False])
    numbers = sizes.with_columns(number=pl.int_range(pl.len(), dtype=pl.Int64)).select("group", "number")
    return once.join(numbers, on="group").with_columns(group=pl.col("number")).select(*MEMBERS).sort("group", "account")


def _components(count: int, left: Ints, right: Ints) -> list[Ints]:
    """Accounts of each connected group, the largest first."""
    from vigie.social.coordination_graph import components

    labels = components(count, left, right)
    inside = np.unique(np.concatenate([left, right]))
    groups: dict[int, list[int]] = {}
    for code in inside.tolist():
        groups.setdefault(int(labels[code]), []).append(code)
    return sorted((np.asarray(some, np.int64) for some in groups.values()), key=lambda some: (-len(some), int(some[0])))


def _places_of(one: Window, accounts: Ints) -> Ints:
    """Places of all shares of some accounts, sorted."""
    at = one.at
    parts = [at.order[at.first[code] : at.first[code + 1]] for code in accounts.tolist()]
    return np.sort(np.concatenate(parts)) if parts else np.empty(0, np.int64)


def _counts(keys: Ints, others: Ints, width: int) -> Ints:
    """How many of the other keys lie within the width of each key."""
    return np.searchsorted(others, keys + width, "right") - np.searchsorted(others, keys - width, "left")


@dataclass(frozen=True, slots=True)
class Tried:
    """Accounts tested against one group in one window: `accounts`, their p, and how many could have been."""

    number: int
    accounts: Ints
    p: Floats
    tests: int


def _against(one: Window, group: Ints, settings: Settings, number: int) -> Tried:
    """Test all accounts that met a group often enough against it."""
    at, shares, tau = one.at, one.at.shares, one.tau
    window, length = int(settings.window * SECOND), int(settings.block * SECOND)
    theirs = _places_of(one, group)
    reach = _merged(at.low[theirs], at.high[theirs])
    mine = reach[~np.isin(shares.accounts[reach], group)]
    mine = mine[np.lexsort((mine, shares.objects[mine], shares.accounts[mine]))]
    who, owner = np.unique(shares.accounts[mine], return_inverse=True)
    owner = owner.astype(np.int64)
    keys = at.keys[theirs]
    close = _counts(at.keys[mine], keys, tau) > 0
    flat = np.zeros(len(mine))
    things = by_object(owner, shares.objects[mine], flat, close)
    times = by_occasion(owner, shares.objects[mine], shares.times[mine] // length, flat, close)
    common, objects = np.bincount(things.owners, minlength=len(who)), np.bincount(things.owners[things.hits], minlength=len(who))
    blocks = np.bincount(times.owners[times.hits], minlength=len(who))
    tests = int((common >= settings.least).sum())
    alike = (objects >= 2) & (blocks >= 2) & (objects >= settings.partner * common)
    asked = alike & (np.minimum(objects, blocks) >= settings.least)
    if not asked.any():
        return Tried(number, np.empty(0, np.int64), np.empty(0), tests)
    apart = at.keys[_places_of(one, np.concatenate([group, who[alike]]))]
    chosen = asked[owner]
    mine, owner, close = mine[chosen], (np.cumsum(asked) - 1)[owner[chosen]], close[chosen]
    chances = _covered(one, mine, theirs, _left_out(one, mine, apart, window, settings), _left_out(one, theirs, apart, window, settings), window)
    units = by_object(owner, shares.objects[mine], chances, close), by_occasion(owner, shares.objects[mine], shares.times[mine] // length, chances, close)
    count = int(asked.sum())
    p = [tails(unit.owners, unit.chances, np.bincount(unit.owners[unit.hits], minlength=count)) for unit in units]
    return Tried(number, who[asked], np.maximum(*p), tests)


def _merged(low: Ints, high: Ints) -> Ints:
    """All places in stretches that may overlap, each once, sorted; the stretches come sorted."""
    if not len(low):
        return low
    start = np.maximum(low, np.concatenate([[0], np.maximum.accumulate(high)[:-1]]))
    parts = [place for _, place in spans(start, np.maximum(high - start, 0), 1 << 62)]
    return parts[0] if parts else np.empty(0, np.int64)


def _left_out(one: Window, some: Ints, apart: Ints, window: int, settings: Settings) -> Floats:
    """Local chance of some shares, the group and all who are like it left out of the strangers."""
    keys, at = one.at.keys, one.at
    near = _counts(keys[some], keys, one.tau) - _counts(keys[some], apart, one.tau)
    within = at.high[some] - at.low[some] - _counts(keys[some], apart, window)
    p0 = one.base.rates[crowding_class(one.within[some])]
    return np.maximum(p0, (near + settings.pseudo * p0) / (within + settings.pseudo))


def _covered(one: Window, mine: Ints, theirs: Ints, own: Floats, other: Floats, window: int) -> Floats:
    """Chance of each share to land within tau of the group: the local chance, times how much more time than one share the group covers around it."""
    keys = one.at.keys
    low, high = np.searchsorted(keys[theirs], keys[mine] - window, "left"), np.searchsorted(keys[theirs], keys[mine] + window, "right")
    gaps = np.concatenate([[0], np.cumsum(np.minimum(np.diff(keys[theirs]), 2 * one.tau))])
    covered = (gaps[high - 1] - gaps[low] + 2 * one.tau) / (2 * one.tau)
    highest = own.copy()
    for line, place in spans(low, high - low):
        np.maximum.at(highest, line, other[place])
    return np.asarray(np.minimum(highest * covered, 1.0), np.float64)


def _joined(tried: list[Tried], settings: Settings, windows: int) -> tuple[list[tuple[int, int, float, float]], int]:
    """Accounts that pass, with their group, p and q."""
    best: dict[tuple[int, int], float] = {}
    for one in tried:
        for code, p in zip(one.accounts.tolist(), one.p.tolist(), strict=True):
            best[one.number, code] = min(best.get((one.number, code), 1.0), p * windows)
    tests: dict[int, int] = {}
    for one in tried:
        tests[one.number] = max(tests.get(one.number, 0), one.tests)
    keys = sorted(best)
    q = q_values(np.asarray([best[key] for key in keys]), sum(tests.values()))
    return [(*key, best[key], float(value)) for key, value in zip(keys, q, strict=True) if value <= settings.alpha], sum(tests.values())


def _stars(one: Window, shares: Shares, settings: Settings, windows: int) -> list[tuple[int, Ints, float]]:
    """Certain stars: the account in the middle, its partners, and the chance of such a star anywhere."""
    left, right = one.left[one.partner], one.right[one.partner]
    count = len(shares.account_names)
    degree = np.bincount(np.concatenate([left, right]), minlength=count)
    middles = np.flatnonzero(degree >= 2)
    middles = middles[np.lexsort((middles, -degree[middles]))][:STARS]
    met = np.bincount(shares.accounts, one.within, count) / settings.least
    able = int((np.bincount(shares.accounts, minlength=count) >= settings.least).sum())
    out = []
    for middle in middles.tolist():
        others = np.concatenate([right[left == middle], left[right == middle]])
        star = _star(one, middle, _tied(left, right, others), settings)
        if star is None:
            continue
        chosen, p = star
        size = len(chosen)
        choices = int(max(met[middle], degree[middle], size))
        paid = log(max(p, 1e-300)) + log(able) + _log_choose(choices, size) + log((size + 1) * size) + log(windows)
        if paid <= log(CERTAIN):
            out.append((middle, chosen, float(np.exp(paid))))
    return out


def _tied(left: Ints, right: Ints, others: Ints) -> Ints:
    """Partners of the middle that are partners of a third of its other partners too: one that only the middle knows may know it by chance."""
    inside = np.isin(left, others) & np.isin(right, others)
    ends = np.sort(np.concatenate([left[inside], right[inside]]))
    ties = np.searchsorted(ends, others, "right") - np.searchsorted(ends, others, "left")
    return np.asarray(others[ties >= max(1.0, (len(others) - 1) / 3)], np.int64)


def _star(one: Window, middle: int, others: Ints, settings: Settings) -> tuple[Ints, float] | None:
    """The partners that make the star least likely, and its chance, not yet paid for the choice."""
    if len(others) < 2:
        return None
    gathered = list(trials(one.at, np.full(len(others), middle), others))
    if not gathered:
        return None
    whole = Trials(*(np.concatenate([getattr(some, name) for some in gathered]) for name in ("owners", "left", "right")))
    shares, tau, length = one.at.shares, one.tau, int(settings.block * SECOND)
    own = np.where(shares.accounts[whole.left] == middle, whole.left, whole.right)
    frame = pl.DataFrame({
        "other": whole.owners, "object": shares.objects[own], "block": shares.times[own] // length, "chance": np.maximum(one.chances[whole.left], one.chances[whole.right]),
        "weight": one.within[own], "close": np.abs(shares.times[whole.left] - shares.times[whole.right]) <= tau,
    })  # fmt: skip
    met = frame.group_by("other", "object").agg(pl.col("block").min(), pl.col("chance").max(), pl.col("weight").min(), pl.col("close").any())
    rank = met.group_by("other").agg(pl.col("close").sum(), misses=(~pl.col("close")).sum()).sort(["close", "misses", "other"], descending=[True, False, False])
    best: tuple[Ints, float, float] | None = None
    for size in (2, 3, 4, 5, 6, 8, 10, 15, 20, LARGEST_STAR):
        if size > rank.height:
            break
        chosen = rank["other"].head(size)
        p = _star_chance(met.filter(pl.col("other").is_in(chosen.implode())), settings, one.weight)
        score = log(max(p, 1e-300)) + _log_choose(max(len(others), size), size)
        if best is None or score < best[2]:
            best = others[chosen.to_numpy()], p, score
    return (best[0], best[1]) if best else None


def _star_chance(met: pl.DataFrame, settings: Settings, weight: float) -> float:
    """P(at least as many close partners as there were), an object and a block counting once each."""
    units = met.group_by("object").agg(
        pl.len().alias("tried"), pl.col("close").sum().alias("hits"), pl.col("chance").max(), pl.col("block").min(), pl.col("weight").min()
    ).sort(["chance", "hits", "object"], descending=[True, False, False]).unique("block", keep="first", maintain_order=True)  # fmt: skip
    if units.filter(pl.col("hits") > 0).height < settings.least:
        return 1.0
    total = np.ones(1)
    for tried, chance in units.select("tried", "chance").rows():
        total = np.convolve(total, _beta_binomial(tried, chance, weight))
    return min(float(total[int(units["hits"].sum()) :].sum()), 1.0)


def _beta_binomial(tried: int, chance: float, weight: float) -> Floats:
    """Chances of 0 … `tried` close ones, where a share's chance is itself drawn with mean `chance` and the weight of so many strangers."""
    a, b = max(chance * weight, 1e-12), max((1 - chance) * weight, 1e-12)
    terms = [
        lgamma(tried + 1) - lgamma(h + 1) - lgamma(tried - h + 1) + lgamma(h + a) + lgamma(tried - h + b) - lgamma(tried + a + b) + lgamma(a + b) - lgamma(a) - lgamma(b)
        for h in range(tried + 1)
    ]
    return np.asarray(np.exp(terms), np.float64)


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


