"""Whose log-ins are one's own: hosts that the user names, the server itself, and hosts that regularly get in.

A host is learnt to be one's own when it gets in on an account at least five times and got in before it ever failed there; from a public
address it must moreover be the first that ever got in on that account, and make at least half of all successes. A thief who came before
everybody else and comes more often than everybody else would be taken for the owner: name your hosts, and nothing has to be learnt.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import Final

import polars as pl

from vigie.attacks.guesses import FAILURE, LOCAL, REFUSAL, SUCCESS

REGULAR: Final = 5
"""Successes on one account that make a host a regular one."""

_INSIDE: Final = tuple(ipaddress.ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "::1/128", "fc00::/7", "fe80::/10"))
_BRIDGE: Final = ipaddress.ip_network("172.17.0.0/16")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@lru_cache(maxsize=65_536)
def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def inside(source: str) -> bool:
    """Whether an address is of a private network (RFC 1918, RFC 4193) or of the machine itself."""
    found = _address(source)
    return source in LOCAL or (found is not None and any(found in network for network in _INSIDE))


def bridged(source: str) -> bool:
    """Whether an address is that of a container network's bridge, behind which the true source is hidden."""
    found = _address(source)
    return found is not None and found in _BRIDGE


def own_hosts(tries: pl.DataFrame, ours: tuple[str, ...] = ()) -> pl.DataFrame:
    """Sources that are one's own.

    Args:
        tries: rows of `TRIES`.
        ours: networks (CIDR) that the user says are his.

    Returns:
        `source` and `own`: `named`, `local` or `learnt`; a host that is learnt at one server is one's own at all of them.

    Raises:
        ValueError: a network that is none.
    """
    sources = tries.select("source").unique()
    networks = [ipaddress.ip_network(text, strict=False) for text in ours]
    named = [source for source in sources["source"] if (found := _address(source)) is not None and any(found in network for network in networks)] if networks else []
    learnt = _learnt(tries)["source"].unique().to_list()
    own = (
        pl.when(pl.col("source").is_in(named)).then(pl.lit("named"))
        .when(pl.col("source").is_in(list(LOCAL))).then(pl.lit("local"))
        .when(pl.col("source").is_in(learnt)).then(pl.lit("learnt"))
    )  # fmt: skip
    return sources.with_columns(own=own).drop_nulls("own").sort("source")


def _learnt(tries: pl.DataFrame) -> pl.DataFrame:
    by = ["asset", "source", "account"]
    known = tries.filter(pl.col("source") != "")
    passed = known.filter(pl.col("act") == SUCCESS).group_by(by).agg(times=pl.col("guesses").sum(), first=pl.col("seen").min())
    failed = known.filter(pl.col("act").is_in([FAILURE, REFUSAL])).group_by(by).agg(failed=pl.col("seen").min())
    regular = passed.join(failed, on=by, how="left").with_columns(
        most=pl.col("times").sum().over("asset", "account"), earliest=pl.col("first").min().over("asset", "account")
    )
    regular = regular.filter((pl.col("times") >= REGULAR) & (pl.col("failed").is_null() | (pl.col("first") < pl.col("failed"))))
    private = pl.col("source").is_in([source for source in regular["source"].unique() if inside(source)])
    usual = (2 * pl.col("times") >= pl.col("most")) & (pl.col("first") == pl.col("earliest"))
    return regular.filter(private | usual).select("asset", "source").unique()
