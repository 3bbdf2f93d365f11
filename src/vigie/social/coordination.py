"""Accounts that share in concert: pairs, groups, who is first, and both posts of every coincidence.

Each kind of object is tested by itself, since links, hashtags and reposts have rates of their own. Groups that kinds show are then joined where they share a member, and a group that several kinds
show ranks above one that a single kind shows. What is said is "synchronised"; who runs an account, and whether anybody does, is not in the data.

References:
    - docs/coordination.md
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
import polars as pl

from vigie.social.coordination_direction import direction, independent
from vigie.social.coordination_graph import communities, components
from vigie.social.coordination_pairs import COINCIDENCES, coincidences
from vigie.social.coordination_windows import SECOND
from vigie.social.objects import bursts
from vigie.social.posts import once
from vigie.social.shares import KINDS, shares
from vigie.social.significance import Settings, Significance, examined
from vigie.social.significance_groups import MEMBERS, Members, members

EXAMPLES: Final = 2
"""Coincidences of a group that are shown first."""
ROUND: Final = 0.5
"""Share of a group's posts on the full minute from which a clock is named as an explanation."""
ONE_SOURCE: Final = 0.8
"""Share of its reposts that are of one account, from which an audience is."""

EXPLANATIONS: Final = (
    "shared_tool", "notification", "audience_of_one", "round_minutes", "cross_posting", "declared_automation", "news_or_event", "prefilled_share", "call_to_post", "few_strangers",
)  # fmt: skip
"""Codes of what else may be the reason; their sentences stand in `coordination_words`."""

_GROUPS: Final = pl.Schema([
    ("group", pl.String), ("accounts", pl.Int64), ("kinds", pl.List(pl.String)), ("first", pl.Int64), ("last", pl.Int64), ("objects", pl.Int64), ("coincidences", pl.Int64),
    ("expected", pl.Float64), ("p", pl.Float64), ("borderline", pl.Boolean), ("communities", pl.Int64), ("explanations", pl.List(pl.String)), ("rows", pl.List(pl.Int64)),
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Coordination:
    """What was found. `group` is a hash of the members' names, the same whatever the order of the rows.

    Attributes:
        groups: one row a group, those that most kinds of object show first, then by size: `group`, `accounts`, `kinds`, `first` and `last` (microseconds of its first and last coincidence), `objects` (distinct ones),
            `coincidences` (independent ones: two posts once, a post once a pair), `expected` (close objects by chance, summed over its listed pairs and kinds; `edges` has it by kind, as it is tested), `p` (smallest of its pairs and members), `borderline` (no pair of it is clear
            of the cut-off by a factor of ten), `communities`, `explanations` (codes of `EXPLANATIONS`), `rows` (posts behind it).
        members: `group`, `account`, `kind`, `by` (`pair`, `star`, `group`), `p`, `q`, `community`.
        edges: pairs of members with a coincidence: `group`, `kind`, `account_a`, `account_b`, `by` (`pair` where the pair itself is significant, else `group`), `coincidences`, `objects`, `mean_lag` (microseconds, without
            sign), `ties`, `a_first`, `b_first`, `share_a_first`, `days`, `direction_p`, `direction_q`, and of the pair's test `common_objects`, `expected`, `p`, `q`, `tau`, `borderline` (null where the pair was not tested).
        evidence: every listed coincidence of an edge: `group`, `kind`, columns of `COINCIDENCES`, `sample`, `example`.
        pairs: all pairs that were tested: `kind` and the columns of `Significance.pairs`.
        objects: objects that many accounts shared at once (`Bursts.objects`), to be looked at, never groups.
        short: short links among the groups' objects: `group`, `object`.
        base: `kind` and the columns of `Significance.base`.
        facts: of each kind what `Significance.facts` tells, `groups_tests`, `stars`, `warnings`, and `counts` (exact coincidences, listed, capped objects).
        feeds: `kind`, `account`, `shares` of accounts that were set apart.
    """

    groups: pl.DataFrame
    members: pl.DataFrame
    edges: pl.DataFrame
    evidence: pl.DataFrame
    pairs: pl.DataFrame
    objects: pl.DataFrame
    short: pl.DataFrame
    base: pl.DataFrame
    facts: dict[str, dict[str, object]]
    feeds: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Kind:
    """What one kind of object shows."""

    kind: str
    found: Significance
    members: Members


def coordination(
    posts: pl.DataFrame, *, kinds: Collection[str] = KINDS, without: Iterable[str] = (), settings: Settings = Settings(), burst_window: float = 10.0  # noqa: B008 # frozen
) -> Coordination:
    """Find who shares in concert.

    Args:
        posts: columns of `POST` and `row`; they are counted once first.
        kinds: kinds of object.
        without: objects that the collection was made by (see `shares`).
        settings: of the test.
        burst_window: seconds within which many accounts on one object are looked for.
    """
    distinct = posts if "latest_row" in posts.columns else once(posts)
    return of_shares(shares(distinct, kinds=kinds, without=without), distinct, settings, burst_window)


def of_shares(table: pl.DataFrame, posts: pl.DataFrame | None = None, settings: Settings = Settings(), burst_window: float = 10.0) -> Coordination:  # noqa: B008 # frozen
    """The same of a share table.

    Args:
        table: rows of `SHARES`.
        posts: what they come from, for explanations; may be missing.
        settings: of the test.
        burst_window: see `coordination`.
    """
    of_kinds = [_of_kind(kind, table.filter(pl.col("kind") == kind), settings) for kind in sorted(table["kind"].unique().to_list())]
    belongs = _joined(of_kinds)
    pairs = _stacked(of_kinds, "pairs")
    evidence, facts = _evidence(of_kinds, table, belongs, settings)
    edges = _edges(evidence, pairs)
    belongs = _with_communities(belongs, edges)
    evidence = _with_examples(evidence)
    return Coordination(
        _groups(belongs, edges, evidence, posts, of_kinds), belongs, edges, evidence, pairs, bursts(table, burst_window, alpha=settings.alpha).objects,
        _short(table, evidence), _stacked(of_kinds, "base"), facts, _stacked(of_kinds, "feeds"),
    )  # fmt: skip


def _of_kind(kind: str, table: pl.DataFrame, settings: Settings) -> _Kind:
    found, windows, numbers = examined(table, settings)
    return _Kind(kind, found, members(found, windows, numbers, settings))


def _stacked(of_kinds: list[_Kind], name: str) -> pl.DataFrame:
    """One table of all kinds, the kind in front."""
    frames = [getattr(one.found, name).select(pl.lit(one.kind).alias("kind"), pl.all()) for one in of_kinds]
    return pl.concat(frames) if frames else pl.DataFrame()


def _joined(of_kinds: list[_Kind]) -> pl.DataFrame:
    """Members of all kinds, groups joined where they share an account."""
    frames = [one.members.members.select(pl.concat_str(pl.lit(f"{one.kind}|"), "group").alias("local"), pl.lit(one.kind).alias("kind"), *list(MEMBERS)[1:]) for one in of_kinds]
    whole = pl.concat([pl.DataFrame(schema={"local": pl.String, "kind": pl.String, **{n: t for n, t in MEMBERS.items() if n != "group"}}), *frames])
    names, locals_ = whole["account"].unique().sort(), whole["local"].unique().sort()
    left = whole["account"].cast(pl.Enum(names)).to_physical().to_numpy().astype(np.int64)
    right = whole["local"].cast(pl.Enum(locals_)).to_physical().to_numpy().astype(np.int64) + len(names)
    labels = components(len(names) + len(locals_), left, right)
    whole = whole.with_columns(label=pl.Series(labels[left], dtype=pl.Int64))
    ids = {
        label: blake2b("\n".join(sorted(set(some["account"].to_list()))).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        for (label,), some in whole.group_by("label")
    }
    whole = whole.with_columns(group=pl.col("label").replace_strict(ids, return_dtype=pl.String, default=None))
    return whole.select("group", "account", "kind", "by", "p", "q").sort("group", "account", "kind")


def _evidence(of_kinds: list[_Kind], table: pl.DataFrame, belongs: pl.DataFrame, settings: Settings) -> tuple[pl.DataFrame, dict[str, dict[str, object]]]:
    """Coincidences between members of one group, and what is to be told of each kind's run."""
    width, frames, facts = max(settings.taus), [], {}
    of_account = belongs.select("account", "group").unique()
    for one in of_kinds:
        inside = table.filter(pl.col("kind") == one.kind).join(of_account.select("account"), on="account", how="semi")
        met = coincidences(inside, width)
        whole = met.pairs.join(of_account.rename({"account": "account_a", "group": "group"}), on="account_a").join(
            of_account.rename({"account": "account_b", "group": "other"}), on="account_b"
        )
        frames.append(whole.filter(pl.col("group") == pl.col("other")).select("group", pl.lit(one.kind).alias("kind"), *COINCIDENCES, "sample"))
        facts[one.kind] = {
            **one.found.facts, "groups_tests": one.members.tests, "stars": one.members.stars, "warnings": one.found.warnings,
            "coincidences": met.total, "listed": met.listed, "capped": met.objects.filter("capped").height,
        }  # fmt: skip
    schema = pl.Schema([("group", pl.String), ("kind", pl.String), *COINCIDENCES.items(), ("sample", pl.Boolean)])
    return pl.concat([pl.DataFrame(schema=schema), *frames]).sort("group", "kind", "account_a", "account_b", "t", "object", "post_a", "post_b"), facts


def _edges(evidence: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """One row for each pair of members and kind."""
    frames = []
    for (group, kind), some in evidence.filter(~pl.col("sample")).group_by("group", "kind", maintain_order=True):
        named = direction(some).with_columns(group=pl.lit(group), kind=pl.lit(kind))
        low, high = pl.min_horizontal("account_a", "account_b"), pl.max_horizontal("account_a", "account_b")
        told = some.group_by(low.alias("account_a"), high.alias("account_b")).agg(objects=pl.col("object").n_unique().cast(pl.Int64), mean_lag=pl.col("lag").mean())
        frames.append(named.join(told, on=["account_a", "account_b"]))
    told_of_pair = ("common_objects", "expected", "p", "q", "tau", "borderline")
    order = (
        "group", "kind", "account_a", "account_b", "by", "coincidences", "objects", "mean_lag", "ties", "a_first", "b_first", "share_a_first", "days", "direction_p", "direction_q", *told_of_pair,
    )  # fmt: skip
    if not frames:
        return pl.DataFrame(schema=dict.fromkeys(order, pl.String))
    whole = pl.concat(frames).rename({"p": "direction_p", "q": "direction_q"})
    tests = pairs.select("kind", "account_a", "account_b", "significant", *told_of_pair)
    joined = whole.join(tests, on=["kind", "account_a", "account_b"], how="left")
    by = pl.when(pl.col("significant").fill_null(value=False)).then(pl.lit("pair")).otherwise(pl.lit("group"))
    return joined.with_columns(by=by).select(order).sort("group", "kind", "account_a", "account_b")


def _with_communities(belongs: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """Members with the number of their community inside the group."""
    numbers: list[tuple[str, str, int]] = []
    for (group,), some in belongs.group_by("group", maintain_order=True):
        mine = edges.filter(pl.col("group") == group).group_by("account_a", "account_b").agg(pl.col("coincidences").sum()) if edges.height else edges
        names = some["account"].unique().sort().to_list()
        columns = [mine[name].to_list() if mine.height else [] for name in ("account_a", "account_b", "coincidences")]
        numbers += [(str(group), name, number) for name, number in communities(names, columns[0], columns[1], [float(n) for n in columns[2]]).items()]
    table = pl.DataFrame(numbers, schema={"group": pl.String, "account": pl.String, "community": pl.Int64}, orient="row")
    return belongs.join(table, on=["group", "account"], how="left").sort("group", "account", "kind")


def _with_examples(evidence: pl.DataFrame) -> pl.DataFrame:
    """Evidence with the coincidences that are shown first: the closest, each of another object."""
    place = ("object", "account_a", "account_b", "post_a", "post_b")
    nearest = evidence.sort("group", "lag", "t", *place).unique(["group", "object"], keep="first", maintain_order=True).group_by("group", maintain_order=True).head(EXAMPLES)
    marked = nearest.select("group", "kind", *place).with_columns(example=pl.lit(value=True))
    return evidence.join(marked, on=["group", "kind", *place], how="left", maintain_order="left").with_columns(pl.col("example").fill_null(value=False))


def _groups(belongs: pl.DataFrame, edges: pl.DataFrame, evidence: pl.DataFrame, posts: pl.DataFrame | None, of_kinds: list[_Kind]) -> pl.DataFrame:
    """One row a group."""
    rows = []
    few = {one.kind for one in of_kinds if "few_strangers" in one.found.warnings}
    for (group,), some in belongs.group_by("group", maintain_order=True):
        seen, mine = evidence.filter(pl.col("group") == group), edges.filter(pl.col("group") == group)
        kinds = some["kind"].unique().sort().to_list()
        behind = pl.concat([seen["row_a"], seen["row_b"]]).unique().sort()
        own = mine.filter(pl.col("by") == "pair")
        rows.append({
            "group": group, "accounts": some["account"].n_unique(), "kinds": kinds, "first": seen["t"].min(), "last": (seen["t"] + seen["lag"]).max(),
            "objects": seen["object"].n_unique(), "coincidences": independent(seen).height, "expected": float(mine["expected"].fill_null(0.0).sum()) if mine.height else 0.0,
            "p": some["p"].min(), "borderline": bool(own["borderline"].all()) if own.height else True, "communities": some["community"].n_unique(),
            "explanations": _explanations(kinds, seen, behind, some, posts, few), "rows": behind.to_list(),
        })  # fmt: skip
    table = pl.DataFrame(rows, schema=_GROUPS)
    return table.sort(pl.col("kinds").list.len(), "accounts", "group", descending=[True, True, False])


def _explanations(kinds: list[str], seen: pl.DataFrame, behind: pl.Series, some: pl.DataFrame, posts: pl.DataFrame | None, few: set[str]) -> list[str]:
    """Codes of what else may be the reason, those that hold of every group first."""
    codes = ["shared_tool", "notification"]
    times = np.concatenate([seen["t"].to_numpy(), seen["t"].to_numpy() + seen["lag"].to_numpy()])
    if len(times) and float(np.mean(times % (60 * SECOND) < SECOND)) >= ROUND:
        codes.append("round_minutes")
    if some["account"].str.extract("^([^:]+):", 1).n_unique() > 1:
        codes.append("cross_posting")
    if "text" in kinds:
        codes.append("prefilled_share")
    if "tag" in kinds:
        codes.append("call_to_post")
    if few & set(kinds):
        codes.append("few_strangers")
    if posts is not None:
        mine = posts.filter(pl.col("row").is_in(behind.implode()))
        of_one = mine.select(pl.col("ref_account_id").cast(pl.String).drop_nulls().value_counts(sort=True).struct.field("count"))
        if of_one.height and int(of_one.item(0, 0)) >= ONE_SOURCE * mine.height:
            codes.append("audience_of_one")
        if mine["declared"].is_not_null().any():
            codes.append("declared_automation")
    return [code for code in EXPLANATIONS if code in codes]


def _short(table: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    """Short links among the objects of groups."""
    short = table.filter("short").select("object").unique()
    return evidence.select("group", "object").unique().join(short, on="object", how="semi").sort("group", "object")
