"""What of the posts counts as an attack of the family *information operation*, and its signals.

A group in concert is one. A wave is one: pages or words that an outlet of a declared list (state media, look-alike, low credibility) had first in our data or published, passed on by
five or more accounts of one declared sphere or of one group in concert; waves of the same outlets and the same carriers without a pause of a day are one, since who carries everything of an
outlet every day does one thing. Sharing alone is opinion and never counts.

References:
    - docs/decisions/0033-what-of-posts-counts.md
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import polars as pl
import pyarrow as pa

from vigie.archive.post_tables import OPERATIONS
from vigie.attacks.derive import OPERATIONS as FAMILY
from vigie.records import SIGNAL, skeleton_of
from vigie.social.coordination import Coordination
from vigie.social.outlets import SHOWN, Group
from vigie.social.rumours import Rumours

SUSPECT: Final = ("state_media", "look_alike", "low_credibility")
"""Kinds of declared groups whose pages begin a wave."""
CARRIERS: Final = SHOWN
"""Accounts of one sphere or group that make a wave."""
SAME: Final = 0.5
"""Share of a group's posts by accounts of a declared sphere from which both are the same carriers, and the sphere's name stands for them."""
PAUSE: Final = 24 * 3_600_000_000
"""Microseconds of silence that part two waves of the same outlets and carriers."""
QUOTED: Final = 5_000
"""Posts of one operation that are signals."""
TELLING: Final = {"url": 0, "text": 1, "media": 2, "repost": 3, "quote": 4, "reply": 5, "domain": 6, "tag": 7}
"""Kinds of object, the one that says most first: a post is quoted with that."""
SURE, BORDERLINE, LISTED = 0.9, 0.6, 0.6
"""Confidence of a group in concert, of one near the cut-off, and of a wave whose carriers are only declared."""

_PLACE: Final = ("feed", "file", "byte_offset")
WAVES: Final = {
    "wave_id": pl.String, "origin": pl.String, "carrier": pl.String, "first_seen": pl.Datetime("us", "UTC"), "last_seen": pl.Datetime("us", "UTC"), "rumours": pl.Int64,
    "accounts": pl.Int64, "posts": pl.Int64,
}  # fmt: skip
"""Waves: whose pages or words, and which sphere (`s:name`) or group in concert (`g…`) carried them."""


def waves(found: Rumours, concert: Coordination, groups: tuple[Group, ...]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Waves, and the posts of each.

    Args:
        found: claims and their posts.
        concert: groups in concert.
        groups: that the user declared.

    Returns:
        rows of `WAVES`, and `wave_id`, `claim`, `row`, `account` of the posts that carried.
    """
    kinds = {group.name: group.kind for group in groups}
    suspect = [name for name, kind in kinds.items() if kind in SUSPECT]
    origin = pl.when(pl.col("origin").is_in(suspect)).then("origin").when(pl.col("first_group").is_in(suspect)).then("first_group")
    begun = found.claims.select("claim", origin.alias("from")).drop_nulls("from")
    members = concert.members.select(pl.concat_str(pl.lit("g"), "group").alias("carrier"), "account").unique()
    spheres = [name for name, kind in kinds.items() if kind == "sphere"]
    items = found.items.join(begun, on="claim").with_columns(at=pl.col("seen_at").dt.epoch("us"))
    declared = items.filter(pl.col("group").is_in(spheres)).with_columns(carrier=pl.concat_str(pl.lit("s:"), "group"))
    declared = declared.filter(_many())
    named = declared.select("claim", "account").unique().with_columns(declared=pl.lit(value=True))
    others = items.join(members, on="account").filter(_many()).join(named, on=["claim", "account"], how="left")
    others = others.filter(pl.col("declared").is_not_null().mean().over("claim", "carrier") < SAME)
    carried = pl.concat([declared, others.select(declared.columns)])
    spans = carried.group_by("from", "carrier", "claim").agg(pl.col("at").min().alias("first"), pl.col("at").max().alias("last")).sort("from", "carrier", "first", "claim")
    same = (pl.struct("from", "carrier") == pl.struct("from", "carrier").shift()).fill_null(value=False)
    until = pl.col("last").cum_max().over("from", "carrier").shift()
    spans = spans.with_columns(number=(~(same & (pl.col("first") - until <= PAUSE))).fill_null(value=True).cum_sum())
    ids = [f"w{skeleton_of('|'.join(map(str, row))):016x}" for row in spans.unique("number", keep="first", maintain_order=True).select("from", "carrier", "claim").iter_rows()]
    dated = spans.join(pl.DataFrame({"number": range(1, len(ids) + 1), "wave_id": ids}, schema={"number": spans["number"].dtype, "wave_id": pl.String}), on="number")
    posts = carried.join(dated.select("from", "carrier", "claim", "wave_id"), on=["from", "carrier", "claim"])
    table = posts.group_by("wave_id").agg(
        pl.col("from").first().alias("origin"), pl.col("carrier").first(), pl.col("seen_at").min().alias("first_seen"), pl.col("seen_at").max().alias("last_seen"),
        pl.col("claim").n_unique().cast(pl.Int64).alias("rumours"), pl.col("account").n_unique().cast(pl.Int64).alias("accounts"), pl.col("row").n_unique().cast(pl.Int64).alias("posts"),
    )  # fmt: skip
    return table.select(list(WAVES)).cast(WAVES).sort("first_seen", "wave_id"), posts.select("wave_id", "claim", "row", "account").unique().sort("wave_id", "claim", "row")  # type: ignore[arg-type] # a schema


def _many() -> pl.Expr:
    """Enough accounts of one carrier on one claim."""
    return pl.col("account").n_unique().over("claim", "carrier") >= CARRIERS


def operations(
    concert: Coordination, wave: pl.DataFrame, carried: pl.DataFrame, posts: pl.DataFrame, lines: Mapping[int, bytes]
) -> tuple[pa.Table, pa.RecordBatch]:
    """What counts, and a signal for each post of it.

    Args:
        concert: groups in concert.
        wave: rows of `WAVES`.
        carried: the posts of each.
        posts: columns of `POST`, `row` and `fingerprint`.
        lines: raw lines of posts that are evidence, by row.

    Returns:
        rows of `OPERATIONS`, rows of `SIGNAL`.
    """
    of_row = posts.select("row", *_PLACE, "platform", "post_id", "seen_at", "fingerprint")
    counted, signals = [], []
    for one, sure, kind, rows in (*_of_groups(concert), *_of_waves(wave, carried)):
        skeleton = skeleton_of(f"{FAMILY} {one['operation_id']}")
        counted.append({"skeleton": skeleton, "kind": kind, "actor": f"{one['accounts']} accounts", "operation_id": one["operation_id"], "accounts": one["accounts"]})
        said = {"detector": f"posts.{kind}", "family": FAMILY, "kind": kind, "skeleton": skeleton, "confidence": sure, "reading": one["reading"]}
        chosen = rows.head(QUOTED).join(of_row, on="row", maintain_order="left")
        said["asset"] = ", ".join(chosen["platform"].unique().sort())  # one operation over two platforms is one
        signals += [said | _signal(post, lines.get(post["row"], b"")) for post in chosen.iter_rows(named=True)]
    return pa.Table.from_pylist(counted, OPERATIONS), pa.RecordBatch.from_pylist(signals, SIGNAL.schema)


def _of_groups(concert: Coordination) -> Iterator[tuple[dict[str, Any], float, str, pl.DataFrame]]:
    """Groups in concert, and the posts of each with what they share, the most telling kind and the closest first."""
    for group in concert.groups.iter_rows(named=True):
        seen = concert.evidence.filter(pl.col("group") == group["group"])
        both = [seen.select(pl.col(f"row_{side}").alias("row"), "object", "kind", "lag") for side in ("a", "b")]
        rank = pl.col("kind").replace_strict(TELLING, default=9, return_dtype=pl.Int64)
        rows = pl.concat(both).sort(rank, "lag", "object", "row").unique("row", keep="first", maintain_order=True)
        reading = f"{group['accounts']} accounts in concert: {group['objects']} objects, {group['coincidences']} coincidences{_beside_chance(concert, group['group'])}"
        yield {"operation_id": f"g{group['group']}", "accounts": group["accounts"], "reading": reading}, BORDERLINE if group["borderline"] else SURE, "coordinated_group", rows


def _beside_chance(concert: Coordination, group: str) -> str:
    """What chance gives beside what was found, of each kind of object apart, as it is tested; "" where no pair is proved by itself."""
    if concert.edges.is_empty():
        return ""
    proved = concert.edges.filter(group=group, by="pair").group_by("kind").agg(pl.len().alias("pairs"), pl.col("objects", "expected").sum())
    told = "; {pairs} pairs by {kind}, close on {objects} common objects where chance gives {expected:.1f}"
    return "".join(told.format(**one) for one in proved.sort("pairs", "kind", descending=[True, False]).iter_rows(named=True))


def _of_waves(wave: pl.DataFrame, carried: pl.DataFrame) -> Iterator[tuple[dict[str, Any], float, str, pl.DataFrame]]:
    """Waves, and the posts of each with what they pass on."""
    for one in wave.iter_rows(named=True):
        rows = carried.filter(pl.col("wave_id") == one["wave_id"]).select("row", pl.col("claim").alias("object"), pl.col("claim").str.extract("^([a-z]+):", 1).alias("kind"))
        reading = f"pages or words of {one['origin']} passed on by {one['accounts']} accounts of {one['carrier'].removeprefix('s:')}: {one['rumours']} of them"
        sure = LISTED if one["carrier"].startswith("s:") else SURE
        yield {"operation_id": one["wave_id"], "accounts": one["accounts"], "reading": reading}, sure, "rumour_wave", rows.unique("row", keep="first", maintain_order=True)


def _signal(post: Mapping[str, Any], line: bytes) -> dict[str, Any]:
    return {
        "signal_id": "", "rule": f"posts.{post['kind']}", "tool": None, "seen_at": post["seen_at"], "last_seen": None, "source_address": None,
        "target": post["object"][:512], "place": "post", "evidence": _quote(post["object"].partition(":")[2], post["post_id"], line), "records": 1,
        "fingerprint": post["fingerprint"], "nth": 0, **{place: post[place] for place in _PLACE},
    }  # fmt: skip


def _quote(shared: str, post: str | None, line: bytes) -> str:
    """Exact text of the line: what is shared where it stands there as it is, else the post's id, else how the line begins."""
    text = line.decode("utf-8", "replace")
    for one in (shared, post):
        if one and (not line or one in text):
            return one[:512]
    return text[:200]
