"""Groups of outlets and accounts that the user declares, in a TOML file, and which posts and links belong to them.

A list is somebody's choice at a date: both stand in the file and on every card. Outlets are matched by host or parent domain only, never by a name or by what an
account says of itself.

References:
    - https://toml.io/en/v1.0.0
    - https://publicsuffix.org/ (why a group may not declare a whole suffix)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from vigie.social.declarations import (
    DeclarationError,
    day_of,
    entries_of,
    in_languages,
    known,
    name_of,
    tables,
    text_of,
)

KINDS: Final = ("state_media", "look_alike", "low_credibility", "sphere", "mainstream", "own", "other")
GROUPS, ENTRIES = 200, 50_000
"""Most groups, entries of one list."""
SHOWN: Final = 5
"""Members below which a sphere is not shown: a smaller one would point at persons."""

_KEYS: Final = ("name", "title", "kind", "domains", "accounts", "as_of", "source")
_HOST = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
_ACCOUNT = re.compile(r"[a-z]{1,20}:[^\s:\x00-\x1f][^\s\x00-\x1f]{0,255}")
_SUFFIXES: Final = frozenset("co.uk org.uk gov.uk ac.uk com.au com.br com.tr com.ua co.jp co.il co.za asso.fr gouv.fr com.fr wordpress.com blogspot.com substack.com github.io".split())


@dataclass(frozen=True)
class Group:
    """Outlets or accounts that are looked at together.

    Attributes:
        name: short, for tables and settings.
        title_fr: what a French reader sees.
        title_en: what an English reader sees.
        kind: one of `KINDS`; the user's word, taken from `source`.
        domains: hosts, lower case; each stands for its subdomains too.
        accounts: "platform:id".
        as_of: date of the list.
        source: where it is from.
    """

    name: str
    title_fr: str
    title_en: str
    kind: str
    domains: tuple[str, ...]
    accounts: tuple[str, ...]
    as_of: date
    source: str

    @property
    def shown(self) -> bool:
        """Whether it may be shown: spheres only with five members or more."""
        return self.kind != "sphere" or len(self.domains) + len(self.accounts) >= SHOWN


def declared(data: bytes) -> tuple[Group, ...]:
    """The groups that some bytes declare.

    Raises:
        DeclarationError: they are no TOML, or declare something that cannot be.
    """
    groups = tuple(_group(one, where) for where, one in tables(data, "group", GROUPS, "examples/groups.toml"))
    _apart(groups)
    return groups


def _group(table: Mapping[str, Any], where: str) -> Group:
    known(table, _KEYS, where)
    name = name_of(table, where)
    where += f" ({name})"
    kind = text_of(table, "kind", where)
    if kind not in KINDS:
        raise DeclarationError(f"{where}: kind {kind[:60]!r} is none of {', '.join(KINDS)}")
    titles = in_languages(table, "title", where)
    domains = entries_of(table, "domains", where, _host, ENTRIES)
    accounts = entries_of(table, "accounts", where, _account, ENTRIES)
    if not domains and not accounts:
        raise DeclarationError(f'{where}: nobody is in it. Try: domains = ["site.example"] or accounts = ["mastodon:1234"]')
    english = titles.get("en") or titles.get("fr") or name
    as_of = day_of(table, "as_of", where, "the date of the list, since lists age")
    return Group(name, titles.get("fr") or english, english, kind, domains, accounts, as_of, text_of(table, "source", where))


def _host(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise DeclarationError(f"{where}: must be a text")
    host = value.strip().lower().rstrip(".").removeprefix("www.")
    if not host.isascii() and len(host) < 254:
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            host = ""
    if not _HOST.fullmatch(host):
        raise DeclarationError(f'{where}: {value[:80]!r} is no host name. Try: "site.example", without https:// and without a path')
    if host in _SUFFIXES:
        raise DeclarationError(f"{where}: {host!r} belongs to many who have nothing to do with each other. Try: the whole host name")
    return host


def _account(value: Any, where: str) -> str:
    if not isinstance(value, str) or not _ACCOUNT.fullmatch(value):
        raise DeclarationError(f'{where}: {str(value)[:80]!r} is no account. Try: "platform:id", such as "mastodon:1234"')
    return value


def _apart(groups: tuple[Group, ...]) -> None:
    """Refuses names, hosts and accounts that stand in two groups: nobody could tell where their posts count."""
    seen: dict[str, str] = {}
    for group in groups:
        for entry in (f"the name {group.name}", *group.domains, *group.accounts):
            if entry in seen:
                raise DeclarationError(f"{entry!r} stands in [[group]] {seen[entry]} and again in {group.name}. Try: one of them")
            seen[entry] = group.name


def group_of_hosts(hosts: pl.Series, groups: tuple[Group, ...]) -> pl.Series:
    """The group that declares each host or the nearest of its parent domains; null for none."""
    table = {domain: group.name for group in groups for domain in group.domains}
    once = hosts.drop_nulls().unique()
    found = [_of_host(host, table) for host in once.to_list()]
    return hosts.to_frame("host").join(pl.DataFrame({"host": once, "group": found}, schema={"host": pl.String, "group": pl.String}), on="host", how="left", maintain_order="left")["group"]


def _of_host(host: str, table: Mapping[str, str]) -> str | None:
    """The group of a host, from the whole name to its last two labels."""
    labels = host.lower().rstrip(".").split(".")[-20:]
    return next((table[name] for at in range(len(labels) - 1) if (name := ".".join(labels[at:])) in table), None)


def group_of_posts(posts: pl.DataFrame, groups: tuple[Group, ...]) -> pl.Series:
    """The group of each post's author: by account, or for articles by host; null for none."""
    account = posts.select(pl.concat_str(pl.col("platform").cast(pl.String), pl.lit(":"), pl.col("account_id").cast(pl.String)).alias("account"), "platform", "account_id")
    table = pl.DataFrame([(one, group.name) for group in groups for one in group.accounts], schema={"account": pl.String, "group": pl.String}, orient="row")
    named = account.join(table, on="account", how="left", maintain_order="left")["group"]
    hosts = account.select(pl.when(pl.col("platform").cast(pl.String) == "site").then(pl.col("account_id").cast(pl.String))).to_series()
    return named.rename("group") if not groups else pl.select(pl.coalesce(named, group_of_hosts(hosts, groups)).alias("group")).to_series()
