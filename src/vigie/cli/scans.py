"""What is said of port scans: which logs leave lines out, what one scan touched, and the first of its contacts, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from vigie.archive.scan_facts import scan_of
from vigie.cli.terminal import cell, safe, say
from vigie.words.numbers import number
from vigie.words.scans import SAID

if TYPE_CHECKING:
    from vigie.archive.catalogue import Catalogue

__all__ = ["print_limits", "print_scan", "scan_of"]

_LIMITED = "select string_agg(distinct feed, ', ' order by feed) as feeds, max(per_minute) as per_minute from limited_logs where whole having count(*) > 0"
_NOISE = """
select coalesce(sum(sources) filter (what = 'one or two doors'), 0)::bigint as few, coalesce(sum(packets) filter (what = 'answers to nothing'), 0)::bigint as answers
from scan_background
"""


def print_scan(scan: Mapping[str, object], lang: str) -> None:
    """What a scan touched, and the lines of its first contacts."""
    words = SAID[lang]
    counts = {name: number(int(str(scan[name])), lang) for name in ("probes", "answered", "hosts", "ports", "sources", "packets")}
    say()
    say(words["doors"].format(least=words["least"] if scan["at_least"] else "", **counts))
    if scan["databases"]:
        say(words["databases"].format(ports=safe(scan["databases"])))
    if not scan["handshake"]:
        say(words["forged"])
    contacts = scan["contacts"]
    if isinstance(contacts, list) and contacts:
        say()
        say(words["contacts"])
        for one in contacts:
            say(f"  {cell(one['first_seen'])} UTC  {safe(one['source_address'])} > {safe(one['asset'])} {safe(one['port'])}/{safe(one['transport'])}  {safe(one['outcome'])}")
            line = one["line"]
            say(f"    {safe(one['file'])}, {one['byte_offset']} | {safe(line.rstrip() if isinstance(line, bytes) else '', 300)}")


def print_limits(catalogue: Catalogue, lang: str) -> None:
    """Which logs leave lines out, and what of the network was set aside; nothing where there is neither."""
    words = SAID[lang]
    for row in catalogue.rows(_LIMITED):
        say(words["limited"].format(feeds=safe(row["feeds"], 300), per_minute=row["per_minute"]))
    noise = catalogue.one(_NOISE)
    few, answers = (int(str(noise[name])) for name in ("few", "answers"))
    if few or answers:
        say(words["background"].format(few=number(few, lang), answers=number(answers, lang)))
