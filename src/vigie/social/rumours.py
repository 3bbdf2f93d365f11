"""Which claims run, who had each first in our data, who passed it on to whom, when it peaked, and what speaks against reading more into it.

A claim is a link or a text with its copies that at least two accounts posted, or what a person declares to be one; claims that mostly share their posts are one wave. Everything is about the data at hand:
what was not collected is not known, and the scope says so. Direction between groups comes from items, never from curves of volume.

References:
    - docs/rumours.md
    - docs/decisions/0029-a-copy-is-no-denial-and-first-needs-a-test.md
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import polars as pl

from vigie.records.post import DELETED
from vigie.social import rumours_items
from vigie.social.claims import MATCHES, Card, matches, told
from vigie.social.copies import Copies, copies, spoken
from vigie.social.copies_differences import CONTRADICTS
from vigie.social.outlets import SHOWN, Group, group_of_posts
from vigie.social.rumours_precedence import LEVEL, precedence
from vigie.social.rumours_proposals import between_claims
from vigie.social.rumours_relays import relays
from vigie.social.rumours_symbiosis import ALIKE, Taken, holm, openings, taken_up, verdict
from vigie.social.vectors import Model

HOUR: Final = 3_600_000_000
CAPS: Final = (24 * HOUR, 72 * HOUR)
"""Longest lags of a relay, microseconds; both are shown."""
ACCOUNTS: Final = 2
"""Accounts that make a claim of an item."""
SAME_POSTS: Final = 0.5
"""Share of the smaller claim's posts in the larger one that makes both one wave."""
FEWEST_CARDS: Final = 5
"""Declared claims from which something is said of who carries them between groups: never from one."""
BUSY: Final = 50
"""Claims that one post may join into one wave; a post with more links joins none."""

_TIME: Final = pl.Datetime("us", "UTC")
_MATRIX: Final[dict[str, Any]] = {
    "unit": pl.String, "cap": pl.Duration("us"), "giver": pl.String, "taker": pl.String, "items": pl.Int64, "relayed": pl.Int64, "explicit": pl.Int64,
    "lag_median": pl.Duration("us"), "lag_low": pl.Duration("us"), "lag_high": pl.Duration("us"), "accounts": pl.Int64, "rows": pl.List(pl.Int64),
}  # fmt: skip
_PRECEDENCE: Final[dict[str, Any]] = {
    "unit": pl.String, "cap": pl.Duration("us"), "a": pl.String, "b": pl.String, "first_a": pl.Int64, "first_b": pl.Int64, "ties": pl.Int64, "expected_a": pl.Float64,
    "p_exchange": pl.Float64, "p_days": pl.Float64, "p": pl.Float64, "adjusted": pl.Float64, "days": pl.Int64, "direction": pl.String, "rows": pl.List(pl.Int64),
}  # fmt: skip
_SYMBIOSIS: Final[dict[str, Any]] = {
    "unit": pl.String, "cap": pl.Duration("us"), "a": pl.String, "b": pl.String, "items_a": pl.Int64, "taken_by_b": pl.Int64, "expected_by_b": pl.Float64, "rate_ab": pl.Float64,
    "p_ab": pl.Float64, "items_b": pl.Int64, "taken_by_a": pl.Int64, "expected_by_a": pl.Float64, "rate_ba": pl.Float64, "p_ba": pl.Float64, "index": pl.Float64,
    "baseline": pl.String, "comparison": pl.String, "comparison_rate_to_b": pl.Float64, "comparison_rate_from_b": pl.Float64, "verdict": pl.String, "rows": pl.List(pl.Int64),
}  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """What "in our data" means: printed beside every first.

    Attributes:
        posts: how many.
        accounts: that posted them.
        platforms: where.
        begin: time of the earliest, None without posts.
        end: of the latest.
        collected_begin: when the earliest was collected, None where no file tells.
        collected_end: when the latest was.
        wordless: posts of which only a hash of the text was kept: equal texts are found, near ones are not.
        unseen: declared groups of which there is no post, so that they cannot be first.
        hidden: spheres that are too small to be shown.
        lists: declared groups with date and source: name, as_of (ISO), source.
        reach: as `Copies.reach`.
        every: as `Copies.every`.
        cut: as `Copies.cut`.
        unused_model: why the model of vectors that the user named proposed nothing, None where there is none or it did.
    """

    posts: int
    accounts: int
    platforms: tuple[str, ...]
    begin: datetime | None
    end: datetime | None
    collected_begin: datetime | None
    collected_end: datetime | None
    wordless: int
    unseen: tuple[str, ...]
    hidden: tuple[str, ...]
    lists: tuple[tuple[str, str, str], ...]
    reach: int
    every: int
    cut: int
    unused_model: str | None = None


@dataclass(frozen=True)
class Rumours:
    """What posts show of claims and of who carries them.

    Attributes:
        claims: one row a claim: `claim`, `unit` (url, text or card), `what` (the link, the family of the text, the card's name), `text` (first wording, or the card's; null of links), `wave`, `posts`,
            `accounts`, `first_at`, `first_row`, `first_account`, `first_group`, `origin` (the group that declares a link's host), `ties` (other accounts at the same time as far as times tell), `last_at`, `peak_at` (the
            busiest hour), `peak_posts`, `groups` (that touched it, by time), `explicit` (posts that passed it on in so many words), `hops` (longest chain).
        items: one row a claim and post: `claim`, `row`, `account`, `group`, `seen_at`.
        relays: explicit relays: `claim`, `parent_row`, `child_row`, `how`, `lag`, `parent_group`, `child_group`, `hops`.
        matrix: one row a unit, cap and ordered pair of groups: `giver`, `taker`, `items` (of the giver), `relayed` (that the taker posted after it, within the cap),
            `explicit` (of them in so many words), quartiles of the `lag`, `accounts` (of the taker, all items together), `rows` (first posts of the taker).
        carried: one row a group whose pages were linked and a group that linked them, also where the data hold no article and so no time of publication: `origin`, `group`
            (null for none), `links`, `posts`, `accounts`, `rows` (each link's first post of the group).
        precedence: links to a group's own pages left out, since nobody else can be first with them; one row a unit, cap (null for none) and pair of groups, as `rumours_precedence.Precedence`, with `adjusted` (p corrected for all pairs of the unit and
            cap), `direction` (a, b, or none: no direction shown), `rows` (first posts of both on the items that count).
        symbiosis: one row a unit, cap and pair: what each takes up of the other as `rumours_symbiosis.Taken`, `index`, `comparison` (a group of similar output, null
            for none) and its rates, `verdict` (symbiosis, both_ways, one_way, not_shown), `rows`.
        timeline: one row a claim, hour and group: `claim`, `hour`, `group`, `posts`, `accounts`.
        counter: what speaks against: `claim`, `code` (denied, denied_by_person, first_elsewhere, tie, common_link), `count`, `rows`.
        cards: one row a claim that a person declares: rows of `claims.CARDS_TOLD`.
        matches: the posts of those, and why: rows of `claims.MATCHES`.
        proposals: claims and articles that may tell the same: rows of `rumours_proposals.BETWEEN`.
        copies: texts, pairs and families that the claims rest on.
        scope: what "in our data" means.
    """

    claims: pl.DataFrame
    items: pl.DataFrame
    relays: pl.DataFrame
    matrix: pl.DataFrame
    carried: pl.DataFrame
    precedence: pl.DataFrame
    symbiosis: pl.DataFrame
    timeline: pl.DataFrame
    counter: pl.DataFrame
    cards: pl.DataFrame
    matches: pl.DataFrame
    proposals: pl.DataFrame
    copies: Copies
    scope: Scope


def rumours(posts: pl.DataFrame, groups: tuple[Group, ...] = (), found: Copies | None = None, known: Known | None = None) -> Rumours:
    """What posts show of claims and of who carries them.

    Args:
        posts: columns of POST and `row`; deduplicated (`posts.once`).
        groups: that the user declares (`outlets.declared`).
        found: copies of the same posts where they are known.
        known: claims of the user, and what else proposes that two texts are one.
    """
    known = known or Known()
    alike = found or copies(posts)
    shown, hidden = _shown(posts, groups)
    ready = rumours_items.prepared(posts, shown)
    table = rumours_items.touches(ready, alike, shown)
    named = rumours_items.posts_of_rumours(table, {one for card in known.cards for one in card.rumours})
    of_cards = _matched(posts, named, known)
    table = rumours_items.with_cards(table, ready, of_cards)
    edges = relays(ready, table)
    claims, items = _claims(table, alike, known)
    passed = edges.join(claims.select("item", "claim"), on="item")
    counter = _counter(claims, items, alike, ready, of_cards)
    may_be_one, unused = between_claims(claims, alike, posts, known.pairs, known.model)
    first = rumours_items.firsts(table)
    names = tuple(group.name for group in shown)
    return Rumours(
        claims=_told(claims, passed).drop("item"),
        items=items.select("claim", "row", "account", "group", seen_at=_time("at")).sort("claim", "seen_at", "account", "row"),
        relays=passed.select("claim", "parent_row", "child_row", "how", pl.col("lag").cast(pl.Duration("us")), "parent_group", "child_group", "hops").sort("claim", "child_row"),
        matrix=_frame(_matrix(first, edges, table, names), _MATRIX),
        carried=_carried(table),
        precedence=_frame(_precedence(first, names), _PRECEDENCE),
        symbiosis=_frame(_symbiosis(first, names, shown), _SYMBIOSIS),
        timeline=_timeline(items), counter=counter, cards=told(known.cards, of_cards, posts, named), matches=of_cards,
        proposals=may_be_one, copies=alike, scope=_scope(posts, groups, shown, hidden, ready, alike, unused),
    )  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What a person knows of claims, or has at hand.

    Attributes:
        cards: claims that the user declares (`claims.cards`).
        pairs: rows of `pairs_d3lta.PAIRS`, None for none.
        model: of vectors (`vectors.Model`), None for none.
    """

    cards: tuple[Card, ...] = ()
    pairs: pl.DataFrame | None = None
    model: Model | None = None


def _matched(posts: pl.DataFrame, named: pl.DataFrame, known: Known) -> pl.DataFrame:
    """The posts of the user's claims, rows of `MATCHES`."""
    if not known.cards:
        return pl.DataFrame(schema=MATCHES)
    return matches(posts.filter(pl.col("kind").cast(pl.String) != DELETED), spoken(posts), known.cards, named)


def _time(name: str) -> pl.Expr:
    return pl.from_epoch(name, "us").dt.replace_time_zone("UTC")


def _frame(rows: Iterator[dict[str, Any]], schema: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=schema)


def _shown(posts: pl.DataFrame, groups: tuple[Group, ...]) -> tuple[tuple[Group, ...], tuple[str, ...]]:
    """Groups that may be shown, and the names of spheres that are too small, declared or seen."""
    seen = posts.select(group=group_of_posts(posts, groups), account=pl.concat_str(pl.col("platform").cast(pl.String), pl.lit(":"), pl.col("account_id").cast(pl.String)))
    many = dict(seen.drop_nulls("group").group_by("group").agg(pl.col("account").n_unique()).iter_rows())
    small = tuple(group.name for group in groups if not group.shown or (group.kind == "sphere" and 0 < many.get(group.name, 0) < SHOWN))
    return tuple(group for group in groups if group.name not in small), small


def _claims(table: pl.DataFrame, alike: Copies, known: Known) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Items of enough accounts, with their names and their first posts; and their posts."""
    ordered = table.sort("item", "at", "account", "row")
    enough = ordered.filter((pl.col("account").n_unique().over("item") >= ACCOUNTS) | (pl.col("unit") == rumours_items.CARD))
    start, unit = pl.col("at").first(), pl.col("tick").max()
    claims = enough.group_by("item", maintain_order=True).agg(
        pl.col("unit").first(), pl.col("what").first(), pl.len().cast(pl.Int64).alias("posts"), pl.col("account").n_unique().cast(pl.Int64).alias("accounts"),
        pl.col("origin").first(), start.alias("first_at"), pl.col("row").first().alias("first_row"), pl.col("account").first().alias("first_account"), pl.col("group").first().alias("first_group"),
        (pl.col("account").filter(pl.col("at") - start < unit).n_unique() - 1).cast(pl.Int64).alias("ties"), pl.col("at").last().alias("last_at"),
        pl.col("group").drop_nulls().unique(maintain_order=True).alias("groups"),
    ).with_columns(claim=pl.concat_str("unit", pl.lit(":"), "what"))  # fmt: skip
    items = enough.join(claims.select("item", "claim"), on="item", maintain_order="left")
    busiest = items.group_by("claim", hour=pl.col("at") // HOUR * HOUR).agg(pl.len().cast(pl.Int64).alias("many")).sort("claim", "many", "hour", descending=[False, True, False])
    peak = busiest.unique("claim", keep="first").select("claim", peak_at=_time("hour"), peak_posts="many")
    words = alike.families.select(pl.lit(rumours_items.WORDS).alias("unit"), what="family", text="text")
    wordings = pl.DataFrame([(rumours_items.CARD, card.name, card.wording_fr) for card in known.cards], schema=words.schema, orient="row")
    whole = claims.join(peak, on="claim").join(pl.concat([words, wordings]), on=["unit", "what"], how="left").join(_waves(items), on="claim", how="left")
    return whole.with_columns(_time("first_at").alias("first_at"), _time("last_at").alias("last_at")).sort("first_at", "claim"), items


def _waves(items: pl.DataFrame) -> pl.DataFrame:
    """Claims with the `wave` that each belongs to: named after the earliest of those that mostly share their posts."""
    size = dict(items.group_by("claim").agg(pl.len()).iter_rows())
    start = dict(items.group_by("claim").agg(pl.col("at").min()).iter_rows())
    few = items.select("claim", "row").unique().filter(pl.len().over("row") <= BUSY)
    shared = few.join(few, on="row", suffix="_b").filter(pl.col("claim") < pl.col("claim_b")).group_by("claim", "claim_b").agg(pl.len())
    of = {claim: claim for claim in size}

    def top(claim: str) -> str:
        while of[claim] != claim:
            of[claim] = of[of[claim]]
            claim = of[claim]
        return claim

    for one, other, many in shared.sort("claim", "claim_b").iter_rows():
        if many >= SAME_POSTS * min(size[one], size[other]):
            early, late = sorted((top(one), top(other)), key=lambda claim: (start[claim], claim))
            of[late] = early
    return pl.DataFrame([(claim, top(claim)) for claim in sorted(of)], schema={"claim": pl.String, "wave": pl.String}, orient="row")


def _told(claims: pl.DataFrame, passed: pl.DataFrame) -> pl.DataFrame:
    """Claims with what explicit relays add, in the order of `Rumours.claims`."""
    hands = passed.group_by("claim").agg(pl.len().cast(pl.Int64).alias("explicit"), pl.col("hops").max())
    return claims.join(hands, on="claim", how="left").with_columns(pl.col("explicit", "hops").fill_null(0)).select(
        "item", "claim", "unit", "what", "text", "wave", "posts", "accounts", "first_at", "first_row", "first_account", "first_group", "origin", "ties", "last_at", "peak_at", "peak_posts",
        "groups", "explicit", "hops",
    ).sort("first_at", "claim")  # fmt: skip


def _units(first: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    for unit in (rumours_items.URL, rumours_items.WORDS, rumours_items.CARD):
        some = first.filter(pl.col("unit") == unit)
        if unit != rumours_items.CARD or some["item"].n_unique() >= FEWEST_CARDS:
            yield unit, some


def _matrix(first: pl.DataFrame, edges: pl.DataFrame, table: pl.DataFrame, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Rows of `Rumours.matrix`: pairs between which nothing passed are left out."""
    for unit, some in _units(first):
        many = dict(some.group_by("group").agg(pl.len()).iter_rows())
        for giver, taker in itertools.permutations(names, 2):
            shared = rumours_items.both(some, giver, taker)
            lag = pl.col("first_b") - pl.col("first_a")
            for cap in CAPS:
                after = shared.filter((lag >= pl.col("unit")) & (lag <= cap))
                if after.is_empty():
                    continue
                said = edges.filter((pl.col("parent_group") == giver) & (pl.col("child_group") == taker) & (pl.col("lag") <= cap)).join(after.select("item"), on="item", how="semi")
                took = table.filter(pl.col("group") == taker).join(after.select("item"), on="item", how="semi")
                low, median, high = (timedelta(microseconds=int(after.select(lag.quantile(at, "linear")).item())) for at in (0.25, 0.5, 0.75))
                yield {
                    "unit": unit, "cap": timedelta(microseconds=cap), "giver": giver, "taker": taker, "items": many[giver], "relayed": after.height,
                    "explicit": said["item"].n_unique(), "lag_low": low, "lag_median": median, "lag_high": high, "accounts": took["account"].n_unique(),
                    "rows": after["row_b"].sort().to_list(),
                }  # fmt: skip


def _carried(table: pl.DataFrame) -> pl.DataFrame:
    """Rows of `Rumours.carried`; what a group links of its own is left out."""
    linked = table.filter(pl.col("origin").is_not_null() & pl.col("origin").ne_missing(pl.col("group"))).sort("item", "at", "account", "row")
    first = linked.group_by("origin", "group", "item", maintain_order=True).agg(pl.col("row").first()).group_by("origin", "group").agg(pl.col("row").sort().alias("rows"))
    counted = linked.group_by("origin", "group").agg(
        pl.col("item").n_unique().cast(pl.Int64).alias("links"), pl.col("row").n_unique().cast(pl.Int64).alias("posts"), pl.col("account").n_unique().cast(pl.Int64).alias("accounts")
    )
    return counted.join(first, on=["origin", "group"], nulls_equal=True).sort("origin", "group", nulls_last=True)


def _precedence(first: pl.DataFrame, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Rows of `Rumours.precedence`, with p corrected within a unit and cap."""
    for unit, some in _units(first):
        for cap in (*CAPS, None):
            rows = []
            for a, b in itertools.combinations(sorted(names), 2):
                shared = rumours_items.both(some, a, b).filter(~pl.col("origin").is_in([a, b]).fill_null(value=False))  # nobody else can be first with one's own page
                if shared.is_empty():
                    continue
                told = precedence(shared, cap)
                near = shared if cap is None else shared.filter((pl.col("first_b") - pl.col("first_a")).abs() <= cap)
                rows.append((a, b, told, sorted({*near["row_a"].to_list(), *near["row_b"].to_list()})))
            for (a, b, told, behind), adjusted in zip(rows, holm([one[2].p for one in rows]), strict=True):
                which = "none" if adjusted > LEVEL else ("a" if told.first_a > told.expected_a else "b")
                yield {
                    "unit": unit, "cap": None if cap is None else timedelta(microseconds=cap), "a": a, "b": b, "first_a": told.first_a, "first_b": told.first_b, "ties": told.ties,
                    "expected_a": told.expected_a, "p_exchange": told.p_exchange, "p_days": told.p_days, "p": told.p, "adjusted": adjusted, "days": told.days, "direction": which,
                    "rows": behind,
                }  # fmt: skip


def _symbiosis(first: pl.DataFrame, names: tuple[str, ...], groups: tuple[Group, ...]) -> Iterator[dict[str, Any]]:
    """Rows of `Rumours.symbiosis`; pairs of which neither takes up anything are left out."""
    compared_with = tuple(group.name for group in groups if group.kind == "mainstream")
    for unit, some in _units(first):
        opened = openings(some)
        many = dict(opened.drop_nulls("opener").group_by("opener").agg(pl.len()).iter_rows())
        for cap in CAPS:
            taken = {(giver, taker): taken_up(opened, some, giver, taker, cap) for giver, taker in itertools.permutations(sorted(names), 2)}
            taken = {pair: one for pair, one in taken.items() if one.items}
            adjusted = dict(zip(taken, holm([one.p for one in taken.values()]), strict=True))
            for a, b in itertools.combinations(sorted(names), 2):
                there, back = taken.get((a, b)), taken.get((b, a))
                if (there and there.taken) or (back and back.taken):
                    pair = {a: there or _NOTHING, b: back or _NOTHING}
                    yield {"unit": unit, "cap": timedelta(microseconds=cap)} | _both(a, b, pair, adjusted, taken, _comparison(a, b, many, compared_with))


_NOTHING: Final = Taken(0, 0, 0.0, 0.0, 1.0, "none", ())


def _comparison(a: str, b: str, many: dict[str, int], names: tuple[str, ...]) -> str | None:
    """The mainstream group whose output is nearest to the first group's, if it is alike."""
    ratio = {name: max(many[name], many.get(a, 0)) / max(1, min(many[name], many.get(a, 0))) for name in names if name not in (a, b) and many.get(name)}
    near = min(sorted(ratio), key=ratio.__getitem__, default=None)
    return near if near is not None and ratio[near] <= ALIKE else None


def _both(
    a: str, b: str, pair: dict[str, Taken], adjusted: dict[tuple[str, str], float], taken: dict[tuple[str, str], Taken], comparison: str | None
) -> dict[str, Any]:
    """What two groups take up of each other."""
    there, back = pair[a], pair[b]
    other = (taken.get((comparison, b), _NOTHING), taken.get((b, comparison), _NOTHING)) if comparison else None
    word, index = verdict(there, back, (adjusted.get((a, b), 1.0), adjusted.get((b, a), 1.0)), other)
    baselines = {one.baseline for one in (there, back)}
    return {
        "a": a, "b": b, "items_a": there.items, "taken_by_b": there.taken, "expected_by_b": there.expected, "rate_ab": there.rate, "p_ab": adjusted.get((a, b), 1.0),
        "items_b": back.items, "taken_by_a": back.taken, "expected_by_a": back.expected, "rate_ba": back.rate, "p_ba": adjusted.get((b, a), 1.0), "index": index,
        "baseline": next((word for word in ("none", "everyone") if word in baselines), "groups"), "comparison": comparison,
        "comparison_rate_to_b": other[0].rate if other else None, "comparison_rate_from_b": other[1].rate if other else None, "verdict": word,
        "rows": sorted({*there.rows, *back.rows}),
    }  # fmt: skip


def _timeline(items: pl.DataFrame) -> pl.DataFrame:
    """Posts and accounts of each claim by hour and group."""
    counted = items.group_by("claim", "group", hour=pl.col("at") // HOUR * HOUR).agg(pl.len().cast(pl.Int64).alias("posts"), pl.col("account").n_unique().cast(pl.Int64).alias("accounts"))
    return counted.select("claim", _time("hour"), "group", "posts", "accounts").sort("claim", "hour", "group", nulls_last=True)


def _counter(claims: pl.DataFrame, items: pl.DataFrame, alike: Copies, ready: pl.DataFrame, of_cards: pl.DataFrame) -> pl.DataFrame:
    """What speaks against reading more into a claim."""
    texts = alike.members.select("text_hash", what="family").unique().join(claims.select("claim", "what"), on="what")
    against = alike.pairs.filter(pl.col("type") == CONTRADICTS).select("a", "b", "a_row", "b_row")
    turned = pl.concat([against.select(text_hash="a", row="b_row"), against.select(text_hash="b", row="a_row")])
    denied = turned.join(texts, on="text_hash").select("claim", "row", code=pl.lit("denied"))
    elsewhere = claims.filter(pl.col("first_group").is_null() & (pl.col("groups").list.len() > 0)).select("claim", row="first_row", code=pl.lit("first_elsewhere"))
    tied = claims.filter(pl.col("ties") > 0).select("claim", start=pl.col("first_at").dt.epoch("us"))
    ties = items.join(tied, on="claim").filter(pl.col("at") - pl.col("start") < pl.col("tick")).select("claim", "row", code=pl.lit("tie"))
    judged = of_cards.filter(pl.col("stance") == "denies").select(pl.concat_str(pl.lit(f"{rumours_items.CARD}:"), "name").alias("claim"), "row", code=pl.lit("denied_by_person"))
    whole = pl.concat([denied, judged, elsewhere, ties, _common_links(claims, items, ready)]).unique()
    return whole.group_by("claim", "code").agg(pl.len().cast(pl.Int64).alias("count"), pl.col("row").sort().alias("rows")).sort("claim", "code")


def _common_links(claims: pl.DataFrame, items: pl.DataFrame, ready: pl.DataFrame) -> pl.DataFrame:
    """Posts of text claims that share one link with at least half of the claim's posts: a common origin explains them without contact."""
    texts = claims.filter(pl.col("unit") == rumours_items.WORDS).select("claim", "posts")
    linked = items.join(texts, on="claim").join(ready.select("row", "links"), on="row").select("claim", "row", "posts", pl.col("links").list.unique()).explode("links", empty_as_null=True)
    common = linked.drop_nulls("links").filter(pl.len().over("claim", "links") >= 0.5 * pl.col("posts")).filter(pl.len().over("claim", "links") > 1)
    return common.select("claim", "row", code=pl.lit("common_link")).unique()


def _scope(posts: pl.DataFrame, groups: tuple[Group, ...], shown: tuple[Group, ...], hidden: tuple[str, ...], ready: pl.DataFrame, alike: Copies, unused: str | None) -> Scope:
    """What "in our data" means."""
    present = set(ready["group"].drop_nulls().unique().to_list())
    times: list[Any] = posts.select(
        pl.col("seen_at").min().alias("a"), pl.col("seen_at").max().alias("b"), pl.col("collected_at").min().alias("c"), pl.col("collected_at").max().alias("d")
    ).row(0)  # type: ignore[assignment] # a row of times
    return Scope(
        posts=ready.height, accounts=ready["account"].n_unique(), platforms=tuple(sorted(ready["platform"].unique().to_list())), begin=times[0], end=times[1],
        collected_begin=times[2], collected_end=times[3], wordless=int(alike.texts.filter(pl.col("normalised").is_null())["posts"].sum()),
        unseen=tuple(group.name for group in shown if group.name not in present), hidden=hidden,
        lists=tuple((group.name, group.as_of.isoformat(), group.source) for group in groups), reach=alike.reach, every=alike.every, cut=alike.cut, unused_model=unused,
    )  # fmt: skip
