"""Floods: far more requests for one class of place than usual, by clients that do not behave as a crowd of readers does.

A flood from many addresses is one attack with its sources listed. A crowd (a new page, a link from a large site) is none: its members
fetch the parts of the pages that they open, come from many places and ask for little each. Where the log cannot tell, both are said.

References:
    - CAPEC-125 (flooding), CAPEC-469 (HTTP DoS), CAPEC-495; ATT&CK T1498, T1499.002, T1499.003; RSIT availability: dos, ddos.
    - Jung, Krishnamurthy, Rabinovich (2002), Flash crowds and denial of service attacks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from vigie.detectors.baseline import GAP, Episode, Series, episodes, risen
from vigie.detectors.endpoints import (
    API,
    CLASSES,
    FEED,
    FORM,
    HOME,
    LOGIN,
    MISSING,
    OTHER,
    PAGE,
    QUERY,
    SEARCH,
    STATIC,
    UNFINISHED,
    VIEWS,
    XMLRPC,
)
from vigie.detectors.traffic import BINS, MINUTE, TEN_MINUTES
from vigie.detectors.traffic_frame import PLACES, dealt_out, series_of
from vigie.detectors.window import said
from vigie.records import SIGNAL, skeleton_of
from vigie.records.place import normalised_path
from vigie.records.schema import same

NAME: Final = "denial_of_service.flood"
FAMILY: Final = "denial_of_service"

FLOOR: Final = {
    STATIC: 3000, HOME: 120, PAGE: 120, QUERY: 120, SEARCH: 120, LOGIN: 1200, XMLRPC: 600, API: 240, FEED: 240, FORM: 120, MISSING: 60,
    UNFINISHED: 20, OTHER: 600,
}  # fmt: skip
"""Requests per minute below which nothing is called a flood. Guessing of passwords is fast too, so doors need more."""
LOWERED: Final = {HOME: 60, PAGE: 60, QUERY: 60, SEARCH: 20, API: 20, FORM: 20}
"""The same while visitors are served badly: a slow place needs few requests to bring a site down."""
KINDS: Final = {SEARCH: "search_flood", XMLRPC: "xmlrpc_flood", LOGIN: "login_flood", UNFINISHED: "slow_headers", MISSING: "cache_busting"}
"""How a flood of a class of place is called; others are `request_flood`, or `cache_busting` where each request is another."""

_MACHINE: Final = (XMLRPC, UNFINISHED, LOGIN)
"""Classes of places that no crowd of readers asks for."""
_ONE_SHAPE, _DIFFERENT = 0.8, 0.5
"""Share of one random shape, and of different targets, that no crowd of readers writes."""
_PARTS: Final = 0.5
"""Parts fetched per page: a site whose visitors fetch at least as many shows by it who is a browser."""
_CALM: Final = {STATIC: 300, API: 60, FEED: 30, OTHER: 60}
"""Requests in ten minutes that a reader's browser may make for a class of place; 12 for pages."""
_PAGES: Final = 12
_FEW: Final = 0.15
"""Sources with less than this part of what the typical one of a flood sent are not counted to it."""
_REFERRED, _SITES = 0.3, 3
"""Share of requests that came from other sites, and how many of those, that make a crowd where parts of pages tell nothing."""
_CRAWL: Final = 1200
"""Different pages per minute that few sources may fetch one after the other: somebody copies the site."""


@dataclass(frozen=True, slots=True)
class Surge:
    """Far more requests than usual, and what they are.

    Attributes:
        asset: the site.
        place: number of the class of place.
        verdict: `flood`, `crowd`, or `unclear` (one or the other).
        kind: of the flood.
        episode: minutes, peak and baseline.
        start, end: first and last request of its sources, microseconds.
        requests, sources: of the flood (of all that asked, for a crowd).
        share: part of the site's requests in these minutes.
        signs: what decided, a sentence with the numbers.
        skeleton: the same for all signals of a flood.
        signals: rows of `SIGNAL`, one for each source and ten minutes; none for what may be a crowd.
        takes: `asset`, `source_address` and `bucket` of what the flood explains, for the detectors of guessing and of lists.
    """

    asset: str
    place: int
    verdict: str
    kind: str
    episode: Episode
    start: int
    end: int
    requests: int
    sources: int
    share: float
    signs: str
    skeleton: int
    signals: pa.RecordBatch
    takes: pa.Table


Look = Callable[[str, int, int], tuple[pa.Table, pl.DataFrame]]
"""(site, first and last ten minutes) → merged rows of `clients`, sorted by first_seen, and of `spread` (`minute`, `key`, `count`)."""


def surges(traffic: pl.DataFrame, look: Look, impaired: dict[str, set[int]]) -> Iterator[Surge]:
    """Find floods and crowds.

    Args:
        traffic: `traffic_frame` of everything.
        look: gives details of ten minutes of a site.
        impaired: minutes (since the epoch) in which a site's visitors were served badly, whatever the reason.
    """
    for (asset,), site in traffic.group_by(["asset"], maintain_order=True):
        first, last = (int(value) // MINUTE for value in (site["first_seen"].min(), site["last_seen"].max()))  # type: ignore[arg-type]
        dealt = dealt_out(site)
        whole = series_of(dealt, first, last)
        bad = _spells(impaired.get(str(asset), set()))
        for (place,), rows in dealt.filter(pl.col("outcome") != "robot").group_by(["place"], maintain_order=True):
            number = int(str(place))
            series = series_of(rows, first, last)
            found = episodes(series, FLOOR[number])
            if number in LOWERED:
                slow = [one for start, end in bad if (one := risen(series, start, end, LOWERED[number])) is not None]
                found += [one for one in slow if not any(one.start <= other.end and other.start <= one.end for other in found)]
            for one in found:
                surge = _judged(str(asset), number, one, dealt, whole, look)
                if surge is not None:
                    yield surge


def _spells(minutes: set[int]) -> list[tuple[int, int]]:
    """Minutes as stretches of minutes that follow each other."""
    out: list[tuple[int, int]] = []
    for minute in sorted(minutes):
        if out and minute - out[-1][1] <= GAP:
            out[-1] = (out[-1][0], minute)
        else:
            out.append((minute, minute))
    return out


def _judged(asset: str, place: int, one: Episode, dealt: pl.DataFrame, whole: Series, look: Look) -> Surge | None:
    """What an episode is: a flood, a crowd, or neither (somebody copies the site, or too little is kept to tell)."""
    clients, spread = look(asset, one.start // 10, one.end // 10)
    rows = _clients(clients).filter(~pl.col("robot"))
    mine = rows.filter((pl.col("place") == place) & (pl.col("first_seen") < (one.end + 1) * MINUTE) & (pl.col("last_seen") >= one.start * MINUTE))
    if mine.is_empty():
        return None
    minutes = np.arange(one.start, one.end + 1)
    share = min(1.0, one.excess / max(float(whole.at(minutes).sum()), 1.0))
    different = _different(spread, place, one)
    shape, of_shape = _top_shape(mine)
    drawn = bool(shape) and of_shape >= _ONE_SHAPE and (different is None or different >= _DIFFERENT)
    if place == MISSING and not drawn:
        return None
    beside = pl.col("place").is_in(VIEWS) if place == STATIC else pl.col("place") == STATIC
    parts = rows.filter(beside).group_by("source").agg(pl.col("count").sum().alias("parts"))
    asked = mine.group_by("source").agg(pl.col("count").sum().alias("asked"), (pl.col("count").sum() / pl.col("bucket").n_unique()).alias("pace"))
    asked = asked.join(parts, on="source", how="left").with_columns(pl.col("parts").fill_null(0))
    telling = place in VIEWS and _parts_per_page(dealt, one) >= _PARTS
    if place in _MACHINE or drawn:
        machine = pl.lit(value=True)
    elif telling:
        machine = pl.col("parts") < _PARTS * pl.col("asked")
    else:
        machine = (pl.col("pace") > _CALM.get(place, _PAGES)) & (pl.lit(place in VIEWS) | (pl.col("parts") == 0))
    asked = asked.with_columns(machine.alias("machine"))
    facts = _Facts(asset, place, one, share, shape if drawn else "", telling, _onset(dealt, place, one))
    busiest = asked.filter("machine").sort("asked", descending=True)
    sent = busiest["asked"].to_numpy()
    total = float(sent.sum())
    if total < 0.5 * one.excess:
        many = telling or float(asked["asked"].to_numpy().sum()) >= 0.5 * one.excess
        return _crowd(facts, asked, mine, parts, _referred(spread, place, one)) if many and place in VIEWS else None
    few = float(sent[:3].sum()) >= _ONE_SHAPE * total
    if place in (PAGE, QUERY) and not drawn and few and different is not None and different >= _DIFFERENT and one.peak < _CRAWL:
        return None
    typical = float(sent[np.searchsorted(np.cumsum(sent), total / 2)])
    chosen = asked.filter(pl.col("machine") & (pl.col("asked") >= _FEW * typical))
    return _flood(facts, chosen, mine, clients, unclear=not (place in _MACHINE or drawn or telling) and typical <= 2 * _CALM.get(place, _PAGES))


@dataclass(frozen=True, slots=True)
class _Facts:
    asset: str
    place: int
    episode: Episode
    share: float
    shape: str
    telling: bool
    onset: int


def _flood(facts: _Facts, chosen: pl.DataFrame, mine: pl.DataFrame, clients: pa.Table, *, unclear: bool) -> Surge | None:
    """The flood of some sources, with its signals."""
    flood = mine.join(chosen.select("source"), on="source", how="semi").sort("first_seen", "number")
    quoted = flood.filter("quoted")
    if quoted.is_empty():
        return None
    place, one = facts.place, facts.episode
    kind = KINDS.get(place, "cache_busting" if facts.shape and place in (HOME, QUERY, PAGE) else "request_flood")
    start, end = int(flood["first_seen"].min()), int(flood["last_seen"].max())  # type: ignore[arg-type]
    skeleton = skeleton_of(f"{FAMILY} {facts.asset} {kind} {CLASSES[place]} {start}")
    start = start if start // MINUTE <= one.start else min(start, facts.onset)
    requests, sources = int(flood["count"].sum()), flood["source"].n_unique()
    sure = 0.9 if facts.shape or place in _MACHINE or sources == 1 else 0.8
    signs = _sentence(facts, requests, sources, chosen)
    firsts = quoted["number"].to_numpy()
    count = len(firsts)
    texts = clients.column("evidence").take(pa.array(firsts)).to_pylist()
    target = _target(place, str(texts[0]))
    signals = said(NAME, FAMILY, clients, firsts, quoted["count"].to_numpy(), quoted["last_seen"].to_numpy(), {
        "rule": same(f"denial_of_service.{kind}", count), "kind": same(kind, count), "target": same(target, count),
        "confidence": pa.array(np.full(count, sure, np.float32)), "reading": same(signs, count),
        "skeleton": pa.array(np.full(count, skeleton, np.uint64)),
    })  # fmt: skip
    takes = flood.select(pl.lit(facts.asset).alias("asset"), pl.col("source").alias("source_address"), "bucket").unique().to_arrow()
    verdict = "unclear" if unclear else "flood"
    if unclear:
        signals = SIGNAL.empty()
    return Surge(
        facts.asset, place, verdict, kind, one, start, end, requests, sources, facts.share, signs, skeleton, signals, takes.cast(_TAKES)
    )


_TAKEN: Final = {XMLRPC: "logins", LOGIN: "logins", MISSING: "missing_paths"}
"""The tally whose counts a flood of a class of place explains, besides what the server says of being held up."""


def taken(found: list[Surge]) -> pa.Table:
    """What floods explain, so that it is not found a second time: rows of `tally`, `asset`, `source_address`, `bucket` (microseconds).

    An error log does not always name the site, and writes later, so the next interval is taken too.
    """
    parts = [pl.DataFrame(schema={"asset": pl.String, "source_address": pl.String, "bucket": pl.Int64, "tally": pl.String})]
    for one in found:
        if one.verdict != "flood":
            continue
        mine = pl.DataFrame(pl.from_arrow(one.takes))
        if one.place in _TAKEN:
            parts.append(mine.with_columns(pl.lit(_TAKEN[one.place]).alias("tally")))
        for later in (0, TEN_MINUTES):
            moved = mine.with_columns(pl.col("bucket") + later, pl.lit("server_limits").alias("tally"))
            parts += [moved, moved.with_columns(pl.lit("").alias("asset"))]
    return pl.concat(parts).unique().to_arrow()


_TAKES: Final = pa.schema([("asset", pa.string()), ("source_address", pa.string()), ("bucket", pa.int64())])


def _crowd(facts: _Facts, asked: pl.DataFrame, mine: pl.DataFrame, parts: pl.DataFrame, referred: tuple[float, int]) -> Surge:
    """A crowd where its members behave as browsers do or come from several other sites; else nobody can tell."""
    sources = len(asked)
    browsers = asked.join(parts, on="source", how="semi").height if facts.telling else 0
    signs = f"{sources:,} addresses, {mine['count'].sum() / max(sources, 1):.1f} pages each"
    if facts.telling:
        signs += f", {100 * browsers / max(sources, 1):.0f} % of them fetched the parts of their pages as browsers do"
    share, others = referred
    if others:
        signs += f", {100 * share:.0f} % of the requests came from other sites, {others} or more of them"
    human = browsers * 2 >= sources or (share >= _REFERRED and others >= _SITES)
    return Surge(
        facts.asset, facts.place, "crowd" if human else "unclear", "crowd", facts.episode, int(mine["first_seen"].min()), int(mine["last_seen"].max()),  # type: ignore[arg-type]
        int(mine["count"].sum()), sources, facts.share, signs, 0, SIGNAL.empty(), _TAKES.empty_table(),
    )  # fmt: skip


def _sentence(facts: _Facts, requests: int, sources: int, chosen: pl.DataFrame) -> str:
    one = facts.episode
    known = f"usually {one.usual:.0f}" if one.basis != "none" else "what is usual is not known"
    who = "1 address" if sources == 1 else f"{sources:,} addresses"
    text = f"{requests:,} requests for {CLASSES[facts.place]} from {who}, at most {one.peak:,.0f} in a minute ({known}), {100 * facts.share:.0f} % of the traffic"
    if facts.shape:
        text += f", each with random text ({facts.shape})"
    if facts.telling and not facts.shape and facts.place not in _MACHINE:
        text += f"; {100 * chosen.filter(pl.col('parts') == 0).height / max(chosen.height, 1):.0f} % of them fetched no part of a page"
    return text


def _onset(dealt: pl.DataFrame, place: int, one: Episode) -> int:
    """When the first request was made in the minute in which an episode began: a slow rise begins before its sources stand out."""
    first = dealt.filter((pl.col("place") == place) & (pl.col("minute") == one.start) & ~pl.col("coarse"))["first_seen"].min()
    return int(first) if isinstance(first, int) else one.start * MINUTE


def _clients(clients: pa.Table) -> pl.DataFrame:
    """Rows of the tally `clients` as numbers, with their row numbers."""
    frame = pl.from_arrow(clients.select(["source_address", "bucket", "key", "count", "first_seen", "last_seen", "evidence"]))
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table makes a frame
    parts = pl.col("key").str.splitn(" ", 3)
    return frame.with_row_index("number").select(
        pl.col("number").cast(pl.Int64), pl.col("source_address").alias("source"),
        *(pl.col(name).dt.epoch("us").alias(name) for name in ("bucket", "first_seen", "last_seen")), "count",
        parts.struct[0].replace_strict(PLACES, default=OTHER, return_dtype=pl.Int64).alias("place"), parts.struct[1].fill_null("").alias("shape"),
        pl.col("key").str.ends_with(" robot").alias("robot"), (pl.col("evidence") != "").alias("quoted"),
    )  # fmt: skip


def _top_shape(mine: pl.DataFrame) -> tuple[str, float]:
    shapes = mine.group_by("shape").agg(pl.col("count").sum()).sort("count", "shape", descending=True)
    return str(shapes["shape"][0]), float(shapes["count"][0]) / float(shapes["count"].sum())


def _different(spread: pl.DataFrame, place: int, one: Episode) -> float | None:
    """Part of the requests that ask for something else than the others, estimated from how even their hashes fall into bins.

    With n requests for d targets, each asked for equally often, the variance of the bins is n/d times their mean. Median and absolute
    deviation stand for mean and variance, so that a few popular pages beside do not hide that all the others differ.
    """
    bins = _bins(spread, place, "target", one)
    if bins.sum() < 100:
        return None
    middle = float(np.median(bins))
    scatter = min(float(bins.var(ddof=1)), (1.4826 * float(np.median(np.abs(bins - middle)))) ** 2)
    return min(1.0, BINS * middle / float(bins.sum())) * min(1.0, middle / max(scatter, 1e-9))


def _referred(spread: pl.DataFrame, place: int, one: Episode) -> tuple[float, int]:
    """Share of the requests that came from other sites, and at least how many of those there are."""
    rows = _rows(spread, place, "referrer", one)
    total, bins = int(rows["count"].sum()), rows.filter(~pl.col("key").str.ends_with(" 0"))
    return (int(bins["count"].sum()) / total if total else 0.0), bins["key"].n_unique()


def _bins(spread: pl.DataFrame, place: int, what: str, one: Episode) -> npt.NDArray[np.float64]:
    found = _rows(spread, place, what, one).group_by("key").agg(pl.col("count").sum())["count"].to_numpy().astype(float)
    return np.concatenate([found, np.zeros(max(BINS - len(found), 0))])


def _rows(spread: pl.DataFrame, place: int, what: str, one: Episode) -> pl.DataFrame:
    return spread.filter(pl.col("key").str.starts_with(f"{CLASSES[place]} {what} ") & pl.col("minute").is_between(one.start, one.end))


def _parts_per_page(dealt: pl.DataFrame, one: Episode) -> float:
    """Parts fetched per page view outside an episode; within it where there is too little else."""
    outside = dealt.filter((pl.col("outcome") != "robot") & ((pl.col("minute") < one.start) | (pl.col("minute") > one.end + 1)))
    views = float(outside.filter(pl.col("place").is_in(VIEWS))["count"].to_numpy().sum())
    if views < 50:
        return 0.0
    return float(outside.filter(pl.col("place") == STATIC)["count"].to_numpy().sum()) / views


def _target(place: int, text: str) -> str:
    """The place of a flood, as attempts name it."""
    path = normalised_path(text)
    if place == SEARCH:
        name = text.partition("?")[2].partition("=")[0]
        return f"{path} ?{name[:64]}" if name else path
    return "/*" if place in (MISSING, PAGE, UNFINISHED, STATIC, OTHER) else f"{path} ?*" if place == QUERY else path
