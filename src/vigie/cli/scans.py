"""What is said of port scans: which logs leave lines out, what one scan touched, and the first of its contacts, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from vigie.cli.terminal import cell, safe, say
from vigie.demo.words import number

if TYPE_CHECKING:
    from vigie.archive.catalogue import Catalogue

SAID: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "limited": "At least: {feeds} writes no more than {per_minute} lines a minute, however much happens, so scans in it are counted short. See: vigie doctor",
        "doors": "This scan: {least}{probes} doors (host and port), {answered} of them answered. Hosts: {hosts}, ports: {ports}, sources: {sources}, lines: {packets}.",
        "least": "at least ", "databases": "Among them ports of databases: {ports}.",
        "forged": "No handshake is seen: the address may be forged, and says nothing of the origin.",
        "contacts": "First contacts that were kept:",
        "background": "Set aside by day: sources that knocked at one or two doors ({few}), answers to forged addresses ({answers} packets). See: vigie sql 'from scan_background'",
    },
    "fr": {
        "limited": "Au moins : {feeds} n'écrit pas plus de {per_minute} lignes par minute, quoi qu'il arrive ; les balayages y sont donc sous-comptés. Voir : vigie doctor",
        "doors": "Ce balayage : {least}{probes} portes (machine et port), dont {answered} ont répondu. Machines : {hosts}, ports : {ports}, sources : {sources}, lignes : {packets}.",
        "least": "au moins ", "databases": "Parmi elles, des ports de bases de données : {ports}.",
        "forged": "Aucune poignée de main visible : l'adresse peut être forgée, et ne dit rien de l'origine.",
        "contacts": "Premiers contacts conservés :",
        "background": "Mis à part par jour : sources qui n'ont frappé qu'à une ou deux portes ({few}), réponses à des adresses forgées ({answers} paquets). Voir : vigie sql 'from scan_background'",
    },
}  # fmt: skip

_LIMITED = "select string_agg(distinct feed, ', ' order by feed) as feeds, max(per_minute) as per_minute from limited_logs where whole having count(*) > 0"
_NOISE = """
select coalesce(sum(sources) filter (what = 'one or two doors'), 0)::bigint as few, coalesce(sum(packets) filter (what = 'answers to nothing'), 0)::bigint as answers
from scan_background
"""
_SCAN = "select s.* from scans s semi join (select skeleton from signals where attack_id = ? and family = 'port_scan') using (skeleton)"
_CONTACTS = """
select t.first_seen, t.source_address, t.asset, split_part(t.key, ' ', 1) as transport, split_part(t.key, ' ', 2) as port, split_part(t.key, ' ', 3) as outcome,
       t.file::varchar as file, t.byte_offset, any_value(e.line) as line
from tallies t join scan_sources u on u.source_address = t.source_address join evidence e on e.file = t.file and e.byte_offset = t.byte_offset
where t.tally = 'contacts' and t.evidence <> '' and u.skeleton = ? and t.first_seen between u.first_seen and u.last_seen
group by all order by t.first_seen, t.byte_offset limit ?
"""


def scan_of(catalogue: Catalogue, attack: str, limit: int) -> dict[str, object] | None:
    """The scan behind an attack, with its first contacts as `contacts`; None where there is none.

    Args:
        catalogue: an open one.
        attack: id.
        limit: contacts at most.
    """
    found = catalogue.rows(_SCAN, [attack])
    if not found:
        return None
    contacts = catalogue.rows(_CONTACTS, [found[0]["skeleton"], limit])
    return {**{name: value for name, value in found[0].items() if name != "skeleton"}, "contacts": contacts}


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
