"""What posts show, as tables beside the others: accounts, groups in concert, rumours; and their signals for the count.

Derived like everything else, from the posts of the archive and the groups that the user declared. What was said is there only while lines are held
(`archive/quoted.py`) or where it is evidence; equal texts are known by their hash all the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl
import pyarrow as pa

from vigie.archive.post_operations import operations, waves
from vigie.social.accounts import ARTICLES, Accounts, accounts
from vigie.social.claims import cards
from vigie.social.coordination import Coordination, coordination
from vigie.social.copies import Copies, copies
from vigie.social.copies_differences import TEMPLATE
from vigie.social.kept import FORM, KEPT, SAID
from vigie.social.outlets import declared
from vigie.social.pairs_d3lta import pairs
from vigie.social.posts import once
from vigie.social.rumours import Known, Rumours, rumours
from vigie.social.rumours_items import rumour_ids
from vigie.social.texts import with_texts
from vigie.social.vectors import Model

if TYPE_CHECKING:
    import duckdb

BOUNDED: Final = 200
"""Posts of one account's rate that are evidence."""
LARGEST, PASSED = 1_000, 20_000
"""Rumours whose beginning is kept, by accounts; posts of declared groups that pass on or are passed on."""

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
    lines = "select * exclude (line) rename ({0} as normalised) from {1}"
    said = pl.DataFrame(pl.from_arrow(connection.sql(" union all ".join(lines.format(FORM, name) for name in ("held_posts", "quoted_posts"))).to_arrow_table()))
    posts, said = (frame.with_columns(pl.col("feed", "file").cast(pl.String)) for frame in (posts, said))
    names = pl.Enum(pl.concat([frame[name] for frame in (posts, said) for name in ("feed", "file")]).drop_nulls().unique().sort())  # compared as numbers
    posts, said = (frame.with_columns(pl.col("feed", "file").cast(names)) for frame in (posts, said))
    posts = posts.sort(*_PLACE, "fingerprint").filter(pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in _PLACE))
    said = said.unique(_PLACE, keep="any")
    joined = posts.join(said, on=_PLACE, how="left", maintain_order="left", suffix="_held")
    filled = joined.with_columns(pl.coalesce(name, f"{name}_held").alias(name) for name in SAID).drop(f"{name}_held" for name in SAID)
    return filled.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64), pl.col("feed", "file").cast(pl.String))


def found_in_posts(connection: duckdb.DuckDBPyConnection, files: Mapping[str, bytes], model: Path | None = None) -> Found:
    """Weigh the posts of an archive.

    Args:
        connection: holds `posts`, `held_posts` and `quoted_posts`.
        files: what the user declares, by `archive.DECLARED`; empty without a file.
        model: folder of a model of vectors.
    """
    declared_ = declared(files["groups"]) if files.get("groups") else ()
    known = Known(cards(files["claims"]) if files.get("claims") else (), pairs(files["pairs"]) if files.get("pairs") else None, Model(model) if model else None)
    distinct = with_texts(once(posts_of(connection)))
    with ThreadPoolExecutor(1) as beside:  # neither needs the other, and both compute outside of the interpreter: two cores are used
        alike = beside.submit(copies, distinct)
        rhythm = accounts(distinct)
        concert = coordination(distinct.filter(pl.col("platform") != ARTICLES))
    found = rumours(distinct, declared_, alike.result(), known)
    wave, carried = waves(found, concert, declared_)
    kept = distinct.select(
        "row", *_PLACE, "platform", "account_id", "post_id", pl.col("kind").cast(pl.String), "seen_at", pl.col("links").list.len().cast(pl.Int64).alias("links"), "text_hash"
    )
    tables = {
        "social_posts": kept, **_of_accounts(rhythm), **_of_concert(concert), **_of_rumours(found),
        "rumour_waves": wave, "rumour_wave_claims": carried.select("wave_id", _rumour_id(), "claim", "row", "account"),
        "post_evidence": kept.filter(pl.col("row").is_in(_evidence(rhythm, concert, found, carried).implode())).select("row", *_PLACE),
    }  # fmt: skip
    counted, signals = operations(concert, wave, carried, distinct, _lines(connection, tables["post_evidence"]))
    return Found({name: _plain(table).to_arrow() for name, table in tables.items()}, counted, signals)


def _of_accounts(rhythm: Accounts) -> dict[str, pl.DataFrame]:
    return {
        "accounts": rhythm.accounts.drop("rows"), "account_contributions": rhythm.contributions, "account_marks": rhythm.marks, "account_bounds": rhythm.bounds,
        "account_speech": rhythm.speech,
    }  # fmt: skip


def _of_concert(concert: Coordination) -> dict[str, pl.DataFrame]:
    named = _id("g", "group").alias("group")
    facts = [json.dumps(one, default=str, sort_keys=True) for one in concert.facts.values()]
    return {
        "coordinated_groups": concert.groups.drop("rows").with_columns(named), "coordinated_members": concert.members.with_columns(named),
        "coordinated_pairs": concert.edges.with_columns(named), "coincidences": concert.evidence.with_columns(named), "shared_at_once": concert.objects,
        "stranger_rates": _shaped(concert.base, _RATES), "set_apart": _shaped(concert.feeds, _APART),
        "social_facts": pl.DataFrame({"kind": list(concert.facts), "facts": facts}, schema={"kind": pl.String, "facts": pl.String}),
    }  # fmt: skip


_RATES: Final = {"kind": pl.String, "tau": pl.Float64, "class": pl.Int64, "pairs": pl.Int64, "close": pl.Int64, "rate": pl.Float64, "rate_used": pl.Float64}
_APART: Final = {"kind": pl.String, "account": pl.String, "shares": pl.Int64}


def _shaped(table: pl.DataFrame, schema: dict[str, type[pl.DataType]]) -> pl.DataFrame:
    """A table that has no column where nothing was tested, with its columns."""
    return table.select(pl.col(name).cast(kind) for name, kind in schema.items()) if table.columns else pl.DataFrame(schema=schema)


def _of_rumours(found: Rumours) -> dict[str, pl.DataFrame]:
    scope = json.dumps({field.name: getattr(found.scope, field.name) for field in fields(found.scope)}, default=str, sort_keys=True)
    return {
        "rumours": found.claims.select(_rumour_id(), pl.all()), "rumour_items": found.items.select(_rumour_id(), pl.all()), "rumour_relays": found.relays.select(_rumour_id(), pl.all()),
        "relay_matrix": found.matrix, "carried_pages": found.carried, "precedence": found.precedence, "symbiosis": found.symbiosis,
        "rumour_timeline": found.timeline.select(_rumour_id(), pl.all()), "rumour_counter": found.counter.select(_rumour_id(), pl.all()),
        "claim_cards": found.cards.with_row_index("number").select(pl.concat_str(pl.lit("card:"), "name").alias("claim"), pl.all()).select(_rumour_id(), pl.all()),
        "claim_matches": found.matches.select(pl.concat_str(pl.lit("card:"), "name").alias("claim"), pl.exclude("name")).select(_rumour_id(), pl.all()),
        "proposals": found.proposals.select(*(_rumour_id(f"claim_{side}", f"rumour_{side}") for side in "ab"), pl.all()),
        "text_families": found.copies.families, "text_pairs": found.copies.pairs, "rumour_scope": pl.DataFrame({"scope": [scope]}),
    }  # fmt: skip


def _rumour_id(column: str = "claim", name: str = "rumour_id") -> pl.Expr:
    """A short name of a claim, the same whatever else was read."""
    return pl.col(column).map_batches(rumour_ids, return_dtype=pl.String).alias(name)


def _plain(table: pl.DataFrame) -> pl.DataFrame:
    """Lags as whole microseconds, labels as text: what every reader of the archive understands."""
    lags = [name for name, kind in table.schema.items() if kind == pl.Duration]
    labels = [name for name, kind in table.schema.items() if kind == pl.Categorical or isinstance(kind, pl.Enum)]
    return table.with_columns(pl.col(lags).dt.total_microseconds(), pl.col(labels).cast(pl.String))


def _evidence(rhythm: Accounts, concert: Coordination, found: Rumours, carried: pl.DataFrame) -> pl.Series:
    """Rows of posts that somebody will want to see: both of each coincidence, what many shared at once, rates that no person holds, and of rumours what carried a wave, what is of a claim that a person knows or may be one with another, who passed on whose post between declared groups, how the largest began, and which texts are copies."""
    passed = found.relays.filter(pl.col("parent_group").is_not_null() & pl.col("child_group").is_not_null() & (pl.col("parent_group") != pl.col("child_group")))
    largest = found.claims.sort("accounts", "posts", "claim", descending=[True, True, False]).head(LARGEST)
    parts = [
        concert.evidence["row_a"], concert.evidence["row_b"], concert.objects.filter("significant")["rows"].explode(),
        rhythm.bounds.select(pl.col("rows").list.head(BOUNDED).explode()).to_series(), carried["row"], largest["first_row"],
        *(passed[name].head(PASSED) for name in ("parent_row", "child_row")), *(told["rows"].explode() for told in (found.matrix, found.symbiosis)),
        *(found.proposals[f"row_{side}"].head(LARGEST) for side in "ab"), found.matches["row"].head(PASSED), found.counter.join(largest.select("claim"), on="claim")["rows"].explode(),
        _alike(found.copies).head(PASSED),
    ]
    return pl.concat([part.cast(pl.Int64) for part in parts]).drop_nulls().unique()


def _alike(copies: Copies) -> pl.Series:
    """Of texts that are copies of each other but not equal the earliest post of each, the most accounts first: without their words nobody could find again, when more is read, that they are."""
    several = copies.families.filter((pl.col("texts") > 1) & (pl.col("kind") != TEMPLATE) & (pl.col("accounts") > 1) & ~pl.col("weak")).select("family", many="accounts")
    texts = copies.members.select("family", "text_hash").unique().join(several, on="family").join(copies.texts.select("text_hash", "first_row"), on="text_hash")
    return texts.sort("many", "first_row", descending=[True, False])["first_row"]


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
