"""Every source, in one tuple, and the verdict on which of them reads a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import entry_points

from vigie.sources import (
    apache,
    apache_error,
    argus,
    articles,
    auth_log,
    aws_alb,
    aws_vpc_flow,
    bluesky_jetstream,
    caddy,
    caddy_error,
    cloudflare,
    combined,
    envoy,
    feed,
    fourcat_csv,
    haproxy,
    json_access,
    kernel_firewall,
    litespeed_error,
    mariadb_audit,
    mariadb_error,
    mastodon,
    mikrotik,
    mongodb,
    mssql,
    mysql_error,
    mysql_error_json,
    nfdump,
    nginx,
    nginx_error,
    pcap,
    pf,
    postgresql,
    postgresql_csv,
    postgresql_json,
    posts_csv,
    probe,
    redis,
    share_tables,
    sitemap,
    suricata,
    telegram,
    traefik,
    traefik_common,
    w3c,
    wordpress_export,
    wordpress_rest,
    wp_posts,
    x_api,
    x_operations_csv,
    zeek_conn,
    zeek_conn_json,
    zeeschuimer,
    zoraxy,
)
from vigie.sources.json_mapping import mapping_of_layout
from vigie.sources.layout_misfit import misfit
from vigie.sources.layout_source import apache_compiled, nginx_compiled
from vigie.sources.post_plan import is_mapping, mapping_of
from vigie.sources.postgresql_prefix import compiled as prefix_compiled
from vigie.sources.postgresql_prefix import statement_of
from vigie.sources.rows import sample_rows, share_of
from vigie.sources.source import HEADER_LINE, Reading, Source

SOURCES: tuple[Source, ...] = (
    combined.SOURCE,
    nginx.SOURCE,
    apache.SOURCE,
    traefik_common.SOURCE,
    zoraxy.SOURCE,
    w3c.SOURCE,
    aws_alb.SOURCE,
    haproxy.SOURCE,
    caddy.SOURCE,
    traefik.SOURCE,
    cloudflare.SOURCE,
    envoy.SOURCE,
    json_access.SOURCE,
    nginx_error.SOURCE,
    caddy_error.SOURCE,
    apache_error.SOURCE,
    litespeed_error.SOURCE,
    probe.SOURCE,
    postgresql.SOURCE,
    postgresql_csv.SOURCE,
    postgresql_json.SOURCE,
    mysql_error.SOURCE,
    mysql_error_json.SOURCE,
    mariadb_error.SOURCE,
    mariadb_audit.SOURCE,
    auth_log.SOURCE,
    mongodb.SOURCE,
    mssql.SOURCE,
    redis.SOURCE,
    zeek_conn.SOURCE,
    zeek_conn_json.SOURCE,
    suricata.SOURCE,
    aws_vpc_flow.SOURCE,
    nfdump.SOURCE,
    argus.SOURCE,
    pcap.SOURCE,
    wordpress_export.SOURCE,
    wordpress_rest.SOURCE,
    wp_posts.SOURCE,
    feed.SOURCE,
    sitemap.SOURCE,
    articles.SOURCE,
    x_operations_csv.SOURCE,
    fourcat_csv.SOURCE,
    share_tables.SOURCE,
    posts_csv.SOURCE,
    kernel_firewall.SOURCE,
    pf.SOURCE,
    mikrotik.SOURCE,
    x_api.SOURCE,
    bluesky_jetstream.SOURCE,
    mastodon.SOURCE,
    telegram.SOURCE,
    zeeschuimer.SOURCE,
)

_JSON_LAYOUT = re.compile(r"""(?:^|escape=\w+|log_format\s+\S+)\s*['"]?\s*\{""")

MIN_SHARE = 0.5
"""Part of the sample that a source must read to be believed."""


class UnknownFormatError(ValueError):
    """`--format` names no source: the message lists those there are."""


@cache
def all_sources() -> dict[str, Source]:
    """Sources by name: those shipped, then those of other packages (entry point `vigie.sources`)."""
    found = {source.name: source for source in SOURCES}
    for point in entry_points(group="vigie.sources"):
        loaded = point.load()
        found[loaded.name] = loaded
    return found


def source_named(name: str) -> Source:
    """The source of this name.

    Raises:
        UnknownFormatError: there is none.
    """
    try:
        return all_sources()[name]
    except KeyError:
        raise UnknownFormatError(f"no format is called {name!r}; there are: {', '.join(sorted(all_sources()))}") from None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which source reads a file, and how.

    Attributes:
        wrapped: lines are carried by syslog, a container runtime or the like.
        share: part of the sample that it reads.
        yearless: times carry no year.
    """

    source: Source
    reading: Reading
    title: str
    share: float
    doubt: str = ""
    wrapped: bool = False
    yearless: bool = False


def recognise(sample: Sequence[bytes], name: str, reading: Reading, head: bytes = b"") -> Verdict | None:
    """Find the source that reads a sample of lines, or the bytes that a file begins with.

    Args:
        sample: lines without terminators.
        name: a source the user insists on, or "".
        reading: what the user said; a layout found by the source completes it.
        head: the first bytes of the file, at most 1 MiB, for sources that no line gives away.

    Returns:
        the claim with the largest share (ties: the more specific), or None when none reads half of the sample.

    Raises:
        UnknownFormatError: `name` names no source.
    """
    claimed = _claimed(head, name, reading)
    if claimed is not None or not sample:
        return claimed
    from vigie.sources.wrapping import recognise_wrapping

    if name:
        told = _told(source_named(name), sample, reading, wrapped=False)
        if recognise_wrapping(sample):
            carried = _told(told.source, _unwrapped(sample), reading, wrapped=True)
            return carried if carried.share >= told.share else told
        return told
    best = _best(sample, reading, wrapped=False)
    if recognise_wrapping(sample):
        inner = _best(_unwrapped(sample), reading, wrapped=True)
        # Combined takes much of a syslog head for a user name, so what is carried wins a tie; JSON that is read as it
        # stands holds more than the line that it quotes, and keeps it.
        objects = sum(line.startswith(b"{") for line in sample) * 2 > len(sample)
        if inner is not None and (best is None or inner.share > best.share or (inner.share == best.share and not objects)):
            best = inner
    return best if best is not None and best.share >= MIN_SHARE else None


def _claimed(head: bytes, name: str, reading: Reading) -> Verdict | None:
    """The verdict of a source that knows its files by their first bytes."""
    for source in [source_named(name)] if name else all_sources().values():
        claim = source.claims(head) if source.claims and head else None
        if claim is not None:
            completed = replace(reading, layout=reading.layout or claim.layout)
            return Verdict(source, completed, claim.title, claim.share, claim.doubt)
    return None


def _told(source: Source, sample: Sequence[bytes], reading: Reading, *, wrapped: bool) -> Verdict:
    """The verdict on a format, or a layout, that the user names: it stands, and its share is measured by reading the sample."""
    if reading.layout:
        claim = source.completes(reading.layout, sample) if source.completes else None
    else:
        claim = source.recognise(sample)
    layout = claim.layout if claim else reading.layout
    title = claim.title if claim else f"{source.name} layout" if layout else source.name
    completed = replace(reading, layout=layout)
    lines = source.read(sample_rows(sample), completed)
    reasons = lines.column("unread").to_pylist()
    share = claim.share if claim and source.ends else share_of(lines)  # pieces are not lines
    doubt = claim.doubt if claim else ""
    if share < MIN_SHARE:
        first = next((reason for reason in reasons if reason not in (None, HEADER_LINE)), "")
        where = misfit(source.name, layout, sample[reasons.index(first)].decode("utf-8", "replace")) if reading.layout and first else ""
        doubt = f"{title}, as you said, but it reads {share:.0%} of the sampled lines; the first one {where or first}" + (f"; {doubt}" if doubt and reading.layout else "")
    return Verdict(source, completed, title, share, doubt, wrapped, claim.yearless if claim else False)


def format_of_layout(layout: str) -> str:
    """Which source reads a pasted layout: nginx writes `$variables`, Apache writes `%directives`, JSON begins with a brace.

    Raises:
        ValueError: the text is neither, or cannot be compiled (the message names the token).
    """
    if layout.lstrip().startswith("#Fields:"):
        return "w3c"
    if layout.lstrip().startswith("log_line_prefix"):
        prefix_compiled(statement_of(layout))
        return "postgresql"
    if is_mapping(layout):
        mapping_of(layout)
        return "posts_csv"
    if "%" not in layout and _JSON_LAYOUT.search(layout):
        mapping_of_layout(layout)
        return "json"
    if "$" in layout or layout.lstrip().startswith("log_format"):
        nginx_compiled(layout)
        return "nginx"
    if "%" in layout:
        apache_compiled(layout)
        return "apache"
    raise ValueError(
        f"{layout[:60]!r} is no layout: nginx writes $variables, Apache %directives. "
        "Paste the log_format or LogFormat itself, not its name; a format that vigie knows by name goes with --format"
    )


def _unwrapped(sample: Sequence[bytes]) -> list[bytes]:
    """What wrapped lines carry."""
    from vigie.sources.wrapping import unwrap

    return [line.rstrip(b"\r\n") for line in unwrap(sample_rows(sample)).column("line").to_pylist()]


def _best(sample: Sequence[bytes], reading: Reading, *, wrapped: bool) -> Verdict | None:
    best: Verdict | None = None
    rank = (0.0, -1)
    for source in all_sources().values():
        claim = source.recognise(sample)
        if claim is None:
            continue
        mine = (round(claim.share, 2), source.specific)
        if mine > rank:
            rank = mine
            layout = reading.layout or claim.layout
            best = Verdict(source, replace(reading, layout=layout), claim.title, claim.share, claim.doubt, wrapped, claim.yearless)
    return best
