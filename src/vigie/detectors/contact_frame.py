"""Merged contacts as frames: one row per first contact, with its outcome, at a door that is ours; and what else the log holds.

A contact is new when its source was not seen at the same door in the 24 hours before. "Ours" is what the log or the user says; where neither
does, the side that is private, else the side whose network is contacted by at least as many hosts as the other contacts networks: visitors
and scanners come to few places of ours from many, own machines go to many places of others.

References:
    - RFC 1918, RFC 4193, RFC 6598 (addresses that are private).
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Final

import polars as pl
import pyarrow as pa

from vigie.detectors.contacts import DAY
from vigie.detectors.conversations import CODE
from vigie.records.flow import ESTABLISHED, REFUSED, REPLY, UNANSWERED, UNTOLD

OFFERED: Final = 3
"""Different sources that a service answered, from which on it is known to be offered."""
FEW_DOORS: Final = 3
"""Doors of a source that comes for one service only."""

MERGED: Final = pa.schema(
    [
        ("source_address", pa.string()), ("asset", pa.string()), ("key", pa.string()), ("count", pa.int64()), ("first_seen", pa.int64()),
        ("last_seen", pa.int64()), ("byte_offset", pa.int64()), ("row", pa.int64()), ("quoted", pa.bool_()), ("feed", pa.string()),
    ]
)  # fmt: skip
"""What is asked of merged contacts: times in microseconds, `row` the number of the tally's row that is quoted."""

_PRIVATE: Final = (
    r"^(?:10|127)\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\.|^169\.254\.|^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|^f[cd]|^fe[89ab]|^::1$"
)
SERVICES: Final = 1024
"""Ports below it are services': what comes from one of them to a port above it, in a log that tells no flags, is an answer."""
_PLACE: Final = ("source", "host", "transport", "port")


@dataclass(frozen=True, slots=True)
class Contacts:
    """What merged contacts say.

    Attributes:
        new: contacts with doors of ours, by source and time: `source`, `host`, `transport`, `port`, `first_seen`, `last_seen`, `outcome` (number of
            `OUTCOMES`), `flags`, `print`, `connections`, `packets`, `offset`, `row`, `quoted`, `feed`, `failed` (no service answered or is known to
            be offered there), `door` (host, transport and port as a number), `network` (of the source, /24 or /48).
        elsewhere: the same columns of contacts with doors of others.
        backscatter: `source`, `first_seen`, `packets`: answers to what nobody here asked.
    """

    new: pl.DataFrame
    elsewhere: pl.DataFrame
    backscatter: pl.DataFrame


def contacts_of(merged: pa.Table) -> Contacts:
    """Lay merged contacts out.

    Args:
        merged: rows of `MERGED`.
    """
    rows = _answers_turned(_parsed(merged))
    groups = _silent(_grouped(rows))
    asked = groups.filter("asked")
    told = asked.join(_ours(asked), on=("source", "host"), how="left").with_columns(pl.col("ours").fill_null(value=False))
    ours = _failed(told.filter("ours").drop("ours", "asked", "way"))
    backscatter = groups.filter(~pl.col("asked")).select(pl.col("host").alias("source"), "first_seen", "packets")
    return Contacts(ours, told.filter(~pl.col("ours")).drop("ours", "asked", "way"), backscatter)


def _parsed(merged: pa.Table) -> pl.DataFrame:
    """The keys' parts as columns."""
    frame = pl.from_arrow(merged)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table makes a frame
    parts = pl.col("key").str.split_exact(" ", 6).struct
    return frame.select(
        pl.col("source_address").alias("source"), pl.col("asset").alias("host"), parts[0].alias("transport"), parts[1].cast(pl.Int32).alias("port"),
        parts[2].replace_strict(CODE, return_dtype=pl.Int8, default=0).alias("outcome"), parts[3].alias("flags"), parts[4].alias("print"),
        parts[5].cast(pl.Int32, strict=False).alias("own"), parts[6].alias("way"), "count", "first_seen", "last_seen",
        pl.col("byte_offset").alias("offset"), "row", "quoted", "feed",
    )  # fmt: skip


def _answers_turned(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that only go on with what the other side began, noted as answers to it: their question was in another batch."""
    asks = (pl.col("outcome") < CODE[REPLY]) & (pl.col("flags") != "A")
    rows = rows.with_columns(((pl.col("flags") == "?") & (pl.col("own") < SERVICES) & (pl.col("port") >= SERVICES)).fill_null(value=False).alias("late"))
    late = rows.filter("late").drop("late")
    rows = pl.concat([rows.filter(~pl.col("late")).drop("late"), _turned(late)])
    going = (pl.col("outcome") < CODE[REPLY]) & (pl.col("own").is_not_null() | (pl.col("flags") == "A"))
    if rows.filter(going).is_empty():
        return rows
    begun = rows.filter(asks & pl.col("own").is_null())
    marked = rows.with_row_index("at")
    turned = marked.filter(going & pl.col("own").is_not_null()).join(
        begun.select(pl.col("host").alias("source"), pl.col("source").alias("host"), "transport", pl.col("port").alias("own")).unique(),
        on=("source", "host", "transport", "own"), how="semi",
    )  # fmt: skip
    over = marked.filter(going & (pl.col("flags") == "A")).join(
        begun.select(pl.col("host").alias("source"), pl.col("source").alias("host"), "transport").unique(), on=("source", "host", "transport"), how="semi"
    )
    kept = marked.join(pl.concat([turned, over]).select("at").unique(), on="at", how="anti").drop("at")
    return pl.concat([kept, _turned(turned.drop("at"))])


def _turned(rows: pl.DataFrame) -> pl.DataFrame:
    """Contacts as answers: from the side that asked, at the port that answers."""
    return rows.with_columns(
        pl.col("host").alias("source"), pl.col("source").alias("host"), pl.col("own").alias("port"), pl.lit(None, pl.Int32).alias("own"),
        pl.lit(CODE[REPLY], pl.Int8).alias("outcome"),
    )  # fmt: skip


def _grouped(rows: pl.DataFrame) -> pl.DataFrame:
    """One row for each new contact: rows of one door that lie less than a day apart."""
    rows = rows.sort(*_PLACE, "first_seen", "offset", "outcome", "flags", "print")
    again = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift()) for name in _PLACE)
    rows = rows.with_columns(again.alias("again")).with_columns((pl.col("again") | pl.col("again").shift(-1).fill_null(value=False)).alias("several"))
    single, rows = (rows.filter(pl.col("several") == one).drop("again", "several") for one in (False, True))
    if single.height:
        return pl.concat([_alone(single), _grouped_rows(rows)]).sort(*_PLACE, "first_seen")
    return _grouped_rows(rows)


def _alone(rows: pl.DataFrame) -> pl.DataFrame:
    """Doors of which there is one row each, as nearly all are."""
    asks = pl.col("outcome") < CODE[REPLY]
    made = pl.when(pl.col("outcome") == CODE["syn_ack"]).then(CODE[ESTABLISHED]).when(pl.col("outcome") == CODE["reset"]).then(CODE[REFUSED]).otherwise(CODE[UNTOLD])

    def of(name: str) -> pl.Expr:
        return pl.when(asks).then(pl.col(name)).alias(name)

    return rows.select(
        *_PLACE, asks.alias("asked"), "first_seen", "last_seen", pl.when(asks).then(pl.col("outcome")).otherwise(made).cast(pl.Int8).alias("outcome"),
        of("flags"), of("offset"), of("feed"), pl.when(asks & (pl.col("print") != "?")).then(pl.col("print")).alias("print"),
        pl.when(asks & pl.col("flags").is_in(["S", "?"])).then(pl.col("count")).otherwise(0).alias("connections"), pl.col("count").alias("packets"),
        pl.when(asks & pl.col("quoted")).then(pl.col("row")).otherwise(-1).alias("row"), (asks & pl.col("quoted")).alias("quoted"),
        pl.when(asks & (pl.col("way") != "?")).then(pl.col("way")).alias("way"),
    )  # fmt: skip


def _grouped_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """One row for each new contact at doors of several rows, which lie in order."""
    before = pl.col("last_seen").cum_max().shift(1).over(_PLACE)
    rows = rows.with_columns((pl.col("first_seen") - before >= DAY).fill_null(value=False).cum_sum().over(_PLACE).alias("nth"))
    asks = pl.col("outcome") < CODE[REPLY]
    counts = asks & pl.col("flags").is_in(["S", "?"])
    first = pl.col("first_seen").filter(asks).min()
    answered = pl.col("outcome").max()
    outcome = pl.when(answered == CODE["syn_ack"]).then(CODE[ESTABLISHED]).when(answered == CODE["reset"]).then(CODE[REFUSED]).otherwise(CODE[UNTOLD])
    own = pl.col("outcome").filter(asks).max()
    return rows.group_by(*_PLACE, "nth", maintain_order=True).agg(
        asks.any().alias("asked"), first.fill_null(pl.col("first_seen").min()).alias("first_seen"), pl.col("last_seen").max(),
        pl.max_horizontal(own, outcome.cast(pl.Int8)).fill_null(0).alias("outcome"), *(pl.col(name).filter(asks).first() for name in ("flags", "offset", "feed")),
        pl.col("print").filter(asks & (pl.col("print") != "?")).first(), pl.col("count").filter(counts).sum().alias("connections"),
        pl.col("count").sum().alias("packets"), pl.col("row").filter(asks & pl.col("quoted")).first().fill_null(-1), (asks & pl.col("quoted")).any().alias("quoted"),
        pl.col("way").filter(asks & (pl.col("way") != "?")).first(),
    ).drop("nth")  # fmt: skip


def _silent(groups: pl.DataFrame) -> pl.DataFrame:
    """Contacts of which nothing is told, as unanswered where the log does hold answers to others."""
    answers = (pl.col("outcome") >= CODE[REFUSED]).any().over("feed")
    return groups.with_columns(pl.when((pl.col("outcome") == CODE[UNTOLD]) & answers).then(CODE[UNANSWERED]).otherwise("outcome").cast(pl.Int8).alias("outcome"))


def _ours(asked: pl.DataFrame) -> pl.DataFrame:
    """Pairs of source and host, and whether the host is ours."""
    names = pl.concat([asked["source"], asked["host"]]).unique()
    networks = pl.DataFrame({"name": names, "network": network_of(names), "private": names.str.contains(_PRIVATE)})
    pairs = asked.group_by("source", "host").agg(pl.col("way").drop_nulls().first())
    for side in ("source", "host"):
        pairs = pairs.join(networks.select(pl.col("name").alias(side), pl.col("network").alias(f"{side}_network"), pl.col("private").alias(f"{side}_private")), on=side)
    known = pl.concat([
        pairs.filter(pl.col("way").is_in(["i", "n"])).select(pl.col("host_network").alias("network")),
        pairs.filter(pl.col("way").is_in(["o", "n"])).select(pl.col("source_network").alias("network")),
    ])["network"].unique()  # fmt: skip
    coming = pl.col("source").n_unique().over("host_network")
    going = pl.col("host_network").n_unique().over("source_network")
    told = pl.when(pl.col("way").is_in(["o", "x"])).then(False).when(pl.col("way").is_not_null()).then(True)
    by_place = told.when(pl.col("host_network").is_in(known.implode())).then(True).when(pl.col("source_network").is_in(known.implode())).then(False)
    private = by_place.when(pl.col("host_private")).then(True).when(pl.col("source_private")).then(False)
    return pairs.select("source", "host", private.otherwise(coming >= going).alias("ours"))


def _failed(ours: pl.DataFrame) -> pl.DataFrame:
    """The contacts with what is known of their doors, by source and time."""
    door = pl.struct("host", "transport", "port")
    doors = door.n_unique().over("source")
    good = pl.col("outcome") >= CODE[ESTABLISHED]
    quiet = (pl.col("outcome") == CODE[UNTOLD]) & (doors <= FEW_DOORS)
    told = ours.with_columns(good.alias("good"), quiet.alias("quiet")).with_columns(
        (pl.col("source").filter("good").n_unique().over("host", "transport", "port") >= OFFERED).alias("offered"),
        (pl.col("source").filter("quiet").n_unique().over("host", "transport", "port") >= OFFERED).alias("open"),
    )
    failed = ~pl.col("good") & ~pl.col("offered") & ~((pl.col("outcome") == CODE[UNTOLD]) & pl.col("open"))
    return (
        told.with_columns(failed.alias("failed"), door.rank("dense").cast(pl.Int64).alias("door"))
        .drop("good", "quiet", "open")
        .with_columns(network_of(told["source"]).alias("network"))
        .sort("source", "first_seen", "offset", "door")
    )


def network_of(addresses: pl.Series, newer: int = 64) -> pl.Series:
    """The /24 of an IPv4 address, the /64 (or another length) of an IPv6 address, as texts."""
    distinct = addresses.unique()
    six = distinct.filter(distinct.str.contains(":", literal=True))
    long = {name: str(ipaddress.ip_network((int(ipaddress.IPv6Address(name)) >> (128 - newer) << (128 - newer), newer))) for name in six.to_list()}
    four = addresses.str.replace(r"\.\d+$", ".0/24")
    return four.replace(long) if long else four
