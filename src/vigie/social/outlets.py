"""Groups of outlets and accounts that the user declares, in a TOML file, and which posts and links belong to them.

A list is somebody's choice at a date: both stand in the file and on every card. Outlets are matched by host or parent domain only, never by a name or by what an
account says of itself.

References:
    - https://toml.io/en/v1.0.0
    - https://publicsuffix.org/ (why a group may not declare a whole suffix)
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import polars as pl

KINDS: Final = ("state_media", "look_alike", "low_credibility", "sphere", "mainstream", "own", "other")
LARGEST: Final = 4 << 20
"""Bytes that a file may have."""
GROUPS, ENTRIES, LETTERS = 200, 50_000, 500
"""Most groups, entries of one list, letters of a text."""
SHOWN: Final = 5
"""Members below which a sphere is not shown: a smaller one would point at persons."""

_KEYS: Final = ("name", "title", "kind", "domains", "accounts", "as_of", "source")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_HOST = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
_ACCOUNT = re.compile(r"[a-z]{1,20}:[^\s:\x00-\x1f][^\s\x00-\x1f]{0,255}")
_SUFFIXES: Final = frozenset("co.uk org.uk gov.uk ac.uk com.au com.br com.tr com.ua co.jp co.il co.za asso.fr gouv.fr com.fr wordpress.com blogspot.com substack.com github.io".split())


class GroupsFileError(ValueError):
    """A file that does not declare groups: says where, what is wrong, and what to try."""


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


def read_groups(path: Path) -> tuple[Group, ...]:
    """The groups that a file declares, in its order.

    Raises:
        GroupsFileError: it is too large, no TOML, or declares something that cannot be.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise GroupsFileError("larger than 4 MiB. Try: fewer entries; a parent domain stands for all its subdomains")
    return declared(data)


def declared(data: bytes) -> tuple[Group, ...]:
    """The groups that some bytes declare.

    Raises:
        GroupsFileError: as above.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise GroupsFileError(f"line {line}: byte {error.start} is no UTF-8. Try: save it again as UTF-8") from None
    try:
        whole = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise GroupsFileError(f"no TOML: {str(error)[:200] or 'too deep'}. Try: texts between double quotes, lists between [ and ]") from None
    for key in whole:
        if key != "group":
            raise GroupsFileError(f"nothing is called {key[:60]!r} here. Try: [[group]], once for each group")
    tables = whole.get("group", [])
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        raise GroupsFileError("group must be written [[group]], once for each")
    if not tables or len(tables) > GROUPS:
        raise GroupsFileError(f"{len(tables)} [[group]]; from 1 to {GROUPS} are possible. See examples/groups.toml")
    heads = [number for number, line in enumerate(text.split("\n"), 1) if re.match(r"\s*\[\[\s*group\s*\]\]", line)]
    groups = tuple(_group(one, (f"line {heads[at]}, " if at < len(heads) else "") + f"[[group]] {at + 1}") for at, one in enumerate(tables))
    _apart(groups)
    return groups


def _group(table: Mapping[str, Any], where: str) -> Group:
    for key in table:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, 1)
            raise GroupsFileError(f"{where}: nothing is called {key[:60]!r} here. " + (f"Did you mean {near[0]}?" if near else f"Try: {', '.join(_KEYS)}"))
    name = _text(table, "name", where)
    if not _NAME.fullmatch(name):
        raise GroupsFileError(f"{where}: name {name[:60]!r} must begin with a small letter and hold small letters, digits, _ and - only, 32 at most")
    where += f" ({name})"
    kind = _text(table, "kind", where)
    if kind not in KINDS:
        raise GroupsFileError(f"{where}: kind {kind[:60]!r} is none of {', '.join(KINDS)}")
    title = table.get("title", {})
    if not isinstance(title, dict) or not set(title) <= {"fr", "en"}:
        raise GroupsFileError(f'{where}: title must tell a language. Try: title.fr = "…" and title.en = "…"')
    titles = {key: _text(title, key, where) for key in title}
    domains = _entries(table, "domains", where, _host)
    accounts = _entries(table, "accounts", where, _account)
    if not domains and not accounts:
        raise GroupsFileError(f'{where}: nobody is in it. Try: domains = ["site.example"] or accounts = ["mastodon:1234"]')
    english = titles.get("en") or titles.get("fr") or name
    return Group(name, titles.get("fr") or english, english, kind, domains, accounts, _day(table, where), _text(table, "source", where))


def _text(table: Mapping[str, Any], key: str, where: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip() or len(value) > LETTERS or not value.isprintable():
        raise GroupsFileError(f'{where}: {key} must be a text of 1 to {LETTERS} letters on one line. Try: {key} = "…"')
    return value.strip()


def _day(table: Mapping[str, Any], where: str) -> date:
    value = table.get("as_of")
    if isinstance(value, datetime) or not isinstance(value, date):
        raise GroupsFileError(f"{where}: as_of must be the date of the list, since lists age. Try: as_of = 2024-02-01")
    return value


def _entries(table: Mapping[str, Any], key: str, where: str, checked: Any) -> tuple[str, ...]:
    values = table.get(key, [])
    if not isinstance(values, list) or len(values) > ENTRIES:
        raise GroupsFileError(f"{where}: {key} must be a list of at most {ENTRIES} texts")
    return tuple(dict.fromkeys(checked(value, f"{where}: {key} {at}") for at, value in enumerate(values, 1)))


def _host(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise GroupsFileError(f"{where}: must be a text")
    host = value.strip().lower().rstrip(".").removeprefix("www.")
    if not host.isascii() and len(host) < 254:
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            host = ""
    if not _HOST.fullmatch(host):
        raise GroupsFileError(f'{where}: {value[:80]!r} is no host name. Try: "site.example", without https:// and without a path')
    if host in _SUFFIXES:
        raise GroupsFileError(f"{where}: {host!r} belongs to many who have nothing to do with each other. Try: the whole host name")
    return host


def _account(value: Any, where: str) -> str:
    if not isinstance(value, str) or not _ACCOUNT.fullmatch(value):
        raise GroupsFileError(f'{where}: {str(value)[:80]!r} is no account. Try: "platform:id", such as "mastodon:1234"')
    return value


def _apart(groups: tuple[Group, ...]) -> None:
    """Refuses names, hosts and accounts that stand in two groups: nobody could tell where their posts count."""
    seen: dict[str, str] = {}
    for group in groups:
        for entry in (f"the name {group.name}", *group.domains, *group.accounts):
            if entry in seen:
                raise GroupsFileError(f"{entry!r} stands in [[group]] {seen[entry]} and again in {group.name}. Try: one of them")
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
