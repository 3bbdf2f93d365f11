"""What posts show, as tables beside the others: accounts, groups in concert, rumours; and their signals for the count.

Derived like everything else, from the posts of the archive and the groups that the user declared. What was said is there only while lines are held
(`archive/quoted.py`) or where it is evidence; equal texts are known by their hash all the same.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl
import pyarrow as pa

from vigie.archive.post_tables import OPERATIONS
from vigie.attacks.derive import OPERATIONS as FAMILY
from vigie.records import SIGNAL, skeleton_of
from vigie.social.kept import KEPT

if TYPE_CHECKING:
    import duckdb

    from vigie.social.coordination import Coordination

QUOTED: Final = 5_000
"""Posts of one operation that are signals; the closest first."""
BOUNDED: Final = 200
"""Posts of one account's rate that are evidence."""

TELLING: Final = {"url": 0, "text": 1, "media": 2, "repost": 3, "quote": 4, "reply": 5, "domain": 6, "tag": 7}
"""Kinds of object, the one that says most first: a post is quoted with that."""

_SAID: Final = ("title", "text", "account_name")
_PLACE: Final = ("feed", "file", "byte_offset")


@dataclass(frozen=True, slots=True)
class Found:
    """What posts show.

    Attributes:
        tables: those of `post_tables.TABLES`.
        operations: rows of `OPERATIONS`.
        signals: rows of `SIGNAL`.
    """

    tables: dict[str, pa.Table]
    operations: pa.Table
    signals: pa.RecordBatch


def posts_of(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Posts of the archive, in order of their place in the files, with `row`, and with what was said where that is there.

    Args:
        connection: holds `posts`, `held_posts` and `quoted_posts`.
    """
    posts = pl.DataFrame(pl.from_arrow(connection.sql("select * from posts").to_arrow_table().cast(KEPT)))
    said = pl.DataFrame(pl.from_arrow(connection.sql("select feed, file, byte_offset, title, text, account_name from held_posts union all select feed, file, byte_offset, title, text, account_name from quoted_posts").to_arrow_table()))
    plain = pl.col("feed", "file").cast(pl.String)
    posts = posts.with_columns(plain).sort(*_PLACE, "fingerprint").unique(_PLACE, keep="first", maintain_order=True)
    said = said.with_columns(plain).unique(_PLACE, keep="any")
    joined = posts.join(said, on=_PLACE, how="left", maintain_order="left", suffix="_held")
    filled = joined.with_columns(pl.coalesce(name, f"{name}_held").alias(name) for name in _SAID).drop(f"{name}_held" for name in _SAID)
    return filled.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))


def found_in_posts(connection: duckdb.DuckDBPyConnection, groups: bytes) -> Found:
    """Weigh the posts of an archive.

    Args:
        connection: holds `posts`, `held_posts` and `quoted_posts`.
        groups: the user's file of declared groups, b"" without one.
    """
    from vigie.social.accounts import accounts
    from vigie.social.coordination import coordination
    from vigie.social.posts import once
    from vigie.social.texts import with_texts

    del groups
    distinct = with_texts(once(posts_of(connection)))
    rhythm = accounts(distinct)
    concert = coordination(distinct)
    kept = distinct.select(
        "row", *_PLACE, "platform", "account_id", "post_id", pl.col("kind").cast(pl.String), "seen_at", pl.col("links").list.len().cast(pl.Int64).alias("links"), "text_hash"
    )
    bounded = rhythm.bounds.select(pl.col("rows").list.head(BOUNDED).explode()).to_series() if rhythm.bounds.height else pl.Series(dtype=pl.Int64)
    at_once = concert.objects.filter("significant")
    evidence = pl.concat([concert.evidence["row_a"], concert.evidence["row_b"], bounded.cast(pl.Int64), at_once["rows"].explode().cast(pl.Int64)]).drop_nulls().unique()
    tables = {
        "social_posts": kept,
        "accounts": rhythm.accounts.drop("rows"), "account_contributions": rhythm.contributions, "account_marks": rhythm.marks,
        "account_bounds": rhythm.bounds, "account_speech": rhythm.speech,
        "coordinated_groups": concert.groups.drop("rows").with_columns(group=_id("g", "group")), "coordinated_members": concert.members.with_columns(group=_id("g", "group")),
        "coordinated_pairs": concert.edges.with_columns(group=_id("g", "group")), "coincidences": concert.evidence.with_columns(group=_id("g", "group")),
        "shared_at_once": concert.objects,
        "social_facts": pl.DataFrame({"kind": list(concert.facts), "facts": [json.dumps(one, default=str, sort_keys=True) for one in concert.facts.values()]}, schema={"kind": pl.String, "facts": pl.String}),
        "post_evidence": kept.filter(pl.col("row").is_in(evidence.implode())).select("row", *_PLACE),
    }  # fmt: skip
    operations, signals = _operations(concert, distinct, _lines(connection, tables["post_evidence"]))
    return Found({name: table.to_arrow() for name, table in tables.items()}, operations, signals)


def _id(letter: str, column: str) -> pl.Expr:
    return pl.concat_str(pl.lit(letter), pl.col(column))


def _lines(connection: duckdb.DuckDBPyConnection, evidence: pl.DataFrame) -> dict[int, bytes]:
    """Raw lines of posts that are evidence, by row, as far as they are there."""
    connection.register("_evidence", evidence.to_arrow())
    rows = connection.execute(
        "select w.row, any_value(e.line) from (select * from held_posts union all select * from quoted_posts) e join _evidence w on e.feed::varchar = w.feed and e.file::varchar = w.file and e.byte_offset = w.byte_offset group by 1"
    ).fetchall()
    connection.unregister("_evidence")
    return dict(rows)


def _operations(concert: Coordination, posts: pl.DataFrame, lines: dict[int, bytes]) -> tuple[pa.Table, pa.RecordBatch]:
    """What counts, and its signals: a post of a group in concert is one, with what it shares."""
    operations, signals = [], []
    of_row = posts.select("row", *_PLACE, "platform", "post_id", "seen_at", "fingerprint")
    for group in concert.groups.iter_rows(named=True):
        name = f"g{group['group']}"
        skeleton = skeleton_of(f"{FAMILY} {name}")
        operations.append({"skeleton": skeleton, "operation_id": name, "kind": "coordinated_group", "actor": f"{group['accounts']} accounts", "accounts": group["accounts"]})
        seen = concert.evidence.filter(pl.col("group") == group["group"]).sort("lag", "t", "object", "account_a", "account_b")
        both = [seen.select(pl.col(f"row_{side}").alias("row"), "object", "kind", "lag") for side in ("a", "b")]
        once = pl.concat(both).sort(pl.col("kind").replace_strict(TELLING, default=9, return_dtype=pl.Int64), "lag", "object", "row").unique("row", keep="first", maintain_order=True).head(QUOTED).join(of_row, on="row", maintain_order="left")
        sure = 0.6 if group["borderline"] else 0.9
        for one in once.iter_rows(named=True):
            line = lines.get(one["row"], b"")
            signals.append({
                "signal_id": "", "detector": "coordination.group", "family": FAMILY, "kind": "coordinated_group", "rule": f"coordination.{one['kind']}", "tool": None,
                "seen_at": one["seen_at"], "last_seen": None, "source_address": None, "asset": one["platform"], "target": one["object"][:512], "place": "post",
                "evidence": _quote(one["object"].partition(":")[2], one["post_id"], line), "reading": f"{group['accounts']} accounts, {group['objects']} objects; this one within {one['lag'] / 1e6:.0f} s",
                "skeleton": skeleton, "confidence": sure, "records": 1, "fingerprint": one["fingerprint"], "nth": 0, **{place: one[place] for place in _PLACE},
            })  # fmt: skip
    return pa.Table.from_pylist(operations, OPERATIONS), pa.RecordBatch.from_pylist(signals, SIGNAL.schema)


def _quote(shared: str, post: str | None, line: bytes) -> str:
    """Exact text of the line: what is shared where it stands there as it is, else the post's id, else how the line begins."""
    text = line.decode("utf-8", "replace")
    for one in (shared, post):
        if one and (not line or one in text):
            return one[:512]
    return text[:200]
