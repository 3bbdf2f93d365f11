"""What is said of the doors (databases and log-ins): a lane of its own, the most dangerous first, and what one attack at a door comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from vigie.cli.terminal import safe, say
from vigie.demo.words import number

if TYPE_CHECKING:
    from vigie.archive.catalogue import Catalogue

Row = Mapping[str, object]
MOST: Final = 20
"""Names that the view `doors` lists at most."""

DANGERS: Final[Mapping[str, tuple[str, ...]]] = {
    "en": (
        "your own host, most likely its own misconfiguration", "the port was reached, nothing was said", "a probe of the protocol",
        "refused by a rule, or begun without a password", "failed, the account is not there or not told", "failed, the account is there",
        "your own host beyond its own account: a springboard?", "a valid credential used from outside",
    ),
    "fr": (
        "votre propre machine, sans doute une mauvaise configuration", "le port a été atteint, rien n'a été dit", "une sonde du protocole",
        "refusé par une règle, ou commencé sans mot de passe", "échec, le compte n'existe pas ou on ne le sait pas", "échec, le compte existe",
        "votre propre machine, hors de son propre compte : un tremplin ?", "un identifiant valide utilisé de l'extérieur",
    ),
}  # fmt: skip
"""Each rank of danger in words, 0 first."""

SAID: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "database_access": "At the doors of the databases (counted apart, the most dangerous first):",
        "remote_login": "At the other doors (SSH, mail, accounts of the machine, the site's log-in):",
        "rank": "{danger}  {attacks:>6}  {word} ({sources})",
        "one": "1 source", "many": "{count} sources", "unknown": "source unknown", "and_unknown": "{known} and others unknown",
        "guesses": "Guessed passwords: {low} to {high}. Connections: {connections}. Contacts (one source, one server, one day): {contacts}.",
        "guesses_sure": "Guessed passwords: {low}. Connections: {connections}. Contacts (one source, one server, one day): {contacts}.",
        "guesses_only": "Guessed passwords: {low}. Contacts (one source, one server, one day): {contacts}.",
        "successes": "Log-ins that worked from outside or after failures: {count}. Ask whose they were.",
        "blind": "Attacks whose log does not tell the source: {count}. See: vigie doctor",
        "own": "Set aside: {count} of your own hosts, most likely misconfigured ({hosts}).",
        "exposed": "Port of {service} reached from outside ({count}): if that is not wanted, close it.", "address": "1 address", "addresses": "{count} addresses",
        "see": "See: vigie show doors",
        "units": "At this door: {tries} ({lines} lines, {connections} connections, {successes} that worked).",
        "units_only": "At this door: {tries} ({lines} lines, {successes} log-ins that worked).",
        "tries_sure": "{low} guessed passwords", "tries": "{low} to {high} guessed passwords",
        "interval": "A client that tries again without encryption leaves two lines for one guess: pairs at least, lines at most.",
        "danger": "Danger {danger} of 7: {word}.",
        "because": "Because: {why}.",
        "accounts": "Accounts: {names}.", "databases": "Databases: {names}.",
        "nobody": "The log does not hold the source's address. It is counted all the same.",
        "candidates": "A firewall's log leaves one of {count} candidates for some of it: {names}. It cannot be said which.",
        "hidden": "The address is that of a container's bridge: the true source is hidden behind it.",
        "no_success": "This server's log shows no log-in that worked: whether one did cannot be said. See: vigie doctor",
        "learnt": "This host is taken for yours because it regularly gets in; name yours with vigie read --ours CIDR.",
        "more": "…",
    },
    "fr": {
        "database_access": "Aux portes des bases de données (comptées à part, le plus dangereux d'abord) :",
        "remote_login": "Aux autres portes (SSH, courrier, comptes de la machine, connexion au site) :",
        "rank": "{danger}  {attacks:>6}  {word} ({sources})",
        "one": "1 source", "many": "{count} sources", "unknown": "source inconnue", "and_unknown": "{known} et d'autres inconnues",
        "guesses": "Mots de passe essayés : de {low} à {high}. Connexions : {connections}. Contacts (une source, un serveur, un jour) : {contacts}.",
        "guesses_sure": "Mots de passe essayés : {low}. Connexions : {connections}. Contacts (une source, un serveur, un jour) : {contacts}.",
        "guesses_only": "Mots de passe essayés : {low}. Contacts (une source, un serveur, un jour) : {contacts}.",
        "successes": "Connexions réussies de l'extérieur ou après des échecs : {count}. Demandez à qui elles étaient.",
        "blind": "Attaques dont le journal ne dit pas la source : {count}. Voir : vigie doctor",
        "own": "À part : {count} de vos propres machines, sans doute mal configurées ({hosts}).",
        "exposed": "Le port de {service} a été atteint de l'extérieur ({count}) : si ce n'est pas voulu, fermez-le.", "address": "1 adresse", "addresses": "{count} adresses",
        "see": "Voir : vigie show doors",
        "units": "À cette porte : {tries} ({lines} lignes, {connections} connexions, dont {successes} réussies).",
        "units_only": "À cette porte : {tries} ({lines} lignes, dont {successes} connexions réussies).",
        "tries_sure": "{low} mots de passe essayés", "tries": "de {low} à {high} mots de passe essayés",
        "interval": "Un client qui réessaie sans chiffrement laisse deux lignes pour un essai : au moins les paires, au plus les lignes.",
        "danger": "Danger {danger} sur 7 : {word}.",
        "because": "Parce que : {why}.",
        "accounts": "Comptes : {names}.", "databases": "Bases : {names}.",
        "nobody": "Le journal ne contient pas l'adresse de la source. C'est compté tout de même.",
        "candidates": "Le journal d'un pare-feu laisse, pour une partie, une source parmi {count} : {names}. On ne peut dire laquelle.",
        "hidden": "L'adresse est celle du pont d'un conteneur : la vraie source est cachée derrière.",
        "no_success": "Le journal de ce serveur ne montre aucune connexion réussie : on ne peut dire s'il y en a eu. Voir : vigie doctor",
        "learnt": "Cette machine est prise pour la vôtre parce qu'elle se connecte régulièrement ; nommez les vôtres avec vigie read --ours CIDR.",
        "more": "…",
    },
}  # fmt: skip

WHY: Final[Mapping[str, tuple[str, str]]] = {
    "own_misconfiguration": ("it is your own host, on its own account, and it stopped", "c'est votre propre machine, sur son propre compte, et cela a cessé"),
    "own_host_odd": (
        "your own host failed on what is not its own, or does not stop: it may be used by somebody",
        "votre propre machine échoue là où elle n'a rien à faire, ou sans fin : quelqu'un s'en sert peut-être",
    ),
    "success_after_failures": ("a log-in worked after failures on the same account", "une connexion a réussi après des échecs sur le même compte"),
    "right_password": ("the password was right, only the database was not", "le mot de passe était juste, seule la base ne l'était pas"),
    "valid_credential": ("a valid credential was used from a host that is not known as yours", "un identifiant valide a servi depuis une machine qui n'est pas connue comme vôtre"),
    "new_network": ("the account had always got in from elsewhere", "ce compte se connectait toujours d'ailleurs"),
    "no_such_account": ("the log says that the accounts are not there", "le journal dit que ces comptes n'existent pas"),
    "account_there": ("the account is there: the log tells it, or every installation has it", "le compte existe : le journal le dit, ou toute installation l'a"),
    "account_not_told": (
        "the log does not tell whether the account is there: it would be 5 if it is", "le journal ne dit pas si le compte existe : ce serait 5 s'il existe",
    ),
    "refused": ("the server refuses this source, whatever the password", "le serveur refuse cette source, quel que soit le mot de passe"),
    "started": ("a log-in was begun and left without a password", "une connexion a été commencée et laissée sans mot de passe"),
    "probe": ("something was said that no client of this service says", "il a été dit ce qu'aucun client de ce service ne dit"),
    "contact": ("somebody knocked and said nothing", "quelqu'un a frappé et n'a rien dit"),
}  # fmt: skip
"""Reasons of a rank of danger, in English and French."""

_LANE = """
select family, danger, count(*) as attacks, count(distinct source) filter (sources = 1 and source <> '') + sum(case when sources > 1 then sources else 0 end) as known,
       count(*) filter (source = '') as unknown, sum(guesses_low)::bigint as low, sum(guesses_high)::bigint as high, sum(guesses)::bigint as guesses,
       sum(connections)::bigint as connections, sum(case when danger = 7 then successes else 0 end)::bigint as successes
from doors where attack_id is not null and {asked} group by family, danger order by family, danger desc
"""
_CONTACTS = """
select r.family::varchar as family, count(distinct (r.asset, coalesce(r.source_address, ''), r.seen_at::date)) as contacts
from window_signals r join door_tries u using (row) join labels l using (row) where l.attack > 0 and {asked} group by 1
"""
_OWN = "select family, source, count(*) as attempts from doors where attack_id is null and danger = 0 and own <> '' and {asked} group by all order by 1, 2"
_EXPOSED = """
with reached as (
    select u.service, u.source from door_tries u where u.family = 'database_access' and u.own = '' and u.source <> ''
    union select p.service, f.source_address from flows f join (values {ports}) p(port, service) on f.destination_port = p.port
    where f.source_address is not null and (f.flow_state::varchar = '{established}' or (f.flow_state::varchar = '{untold}' and f.rule_name is not null)))
select service, source from reached where regexp_full_match(source, '[0-9a-fA-F:.]+') group by all order by 1, 2
"""


def lane(catalogue: Catalogue, asked: str = "true") -> dict[str, object]:
    """The doors in numbers, as `count --json` gives them.

    Args:
        catalogue: an open state.
        asked: a condition in SQL over `first_seen`.
    """
    rows = catalogue.rows(_LANE.format(asked=asked))
    contacts = {str(row["family"]): row["contacts"] for row in catalogue.rows(_CONTACTS.format(asked=asked.replace("first_seen", "r.seen_at")))}
    own = catalogue.rows(_OWN.format(asked=asked))
    out: dict[str, object] = {}
    for family in ("database_access", "remote_login"):
        mine, ours = [row for row in rows if row["family"] == family], [row for row in own if row["family"] == family]
        if mine or ours:
            out[family] = {
                "attacks": sum(_whole(row["attacks"]) for row in mine),
                "by_danger": [{name: row[name] for name in ("danger", "attacks", "known", "unknown")} for row in mine],
                **{name: sum(_whole(row[name]) for row in mine) for name in ("guesses", "low", "high", "connections", "successes", "unknown")},
                "contacts": _whole(contacts.get(family)), "own": [{"source": row["source"], "attempts": row["attempts"]} for row in ours],
            }  # fmt: skip
    exposed = exposed_ports(catalogue)
    return {**out, "exposed": exposed} if exposed else out


def exposed_ports(catalogue: Catalogue) -> list[dict[str, object]]:
    """Databases whose port somebody outside reached: service, and by how many addresses that are neither private nor one's own."""
    from vigie.attacks.own_hosts import inside
    from vigie.detectors.log_ins import PORTS
    from vigie.records.flow import ESTABLISHED, UNTOLD

    ports = ", ".join(f"({port}, '{service}')" for port, service in PORTS.items())
    own = {str(row["source"]) for row in catalogue.rows("select distinct source from door_tries where own <> ''")}
    reached: dict[str, int] = {}
    for row in catalogue.rows(_EXPOSED.format(ports=ports, established=ESTABLISHED, untold=UNTOLD)):
        if not inside(str(row["source"])) and str(row["source"]) not in own:
            reached[str(row["service"])] = reached.get(str(row["service"]), 0) + 1
    return [{"service": service, "addresses": count} for service, count in sorted(reached.items())]


def print_lane(catalogue: Catalogue, lang: str, asked: str = "true") -> None:
    """The doors, apart from the other attacks; nothing where no log tells of doors."""
    found, words = lane(catalogue, asked), SAID[lang]
    for family in ("database_access", "remote_login"):
        mine = found.get(family)
        if isinstance(mine, dict):
            say()
            say(words[family])
            _print_family(mine, lang)
    for one in found.get("exposed", []):  # type: ignore[attr-defined]
        say("  " + words["exposed"].format(service=safe(one["service"]), count=addresses(one["addresses"], lang)))
    if found:
        say("  " + words["see"])


def addresses(count: object, lang: str) -> str:
    """So many addresses, in words."""
    return SAID[lang]["address"] if count == 1 else SAID[lang]["addresses"].format(count=number(_whole(count), lang))


def _print_family(mine: Mapping[str, object], lang: str) -> None:
    words = SAID[lang]
    ranks = mine["by_danger"]
    for row in ranks if isinstance(ranks, list) else []:
        say("  " + words["rank"].format(danger=row["danger"], attacks=number(_whole(row["attacks"]), lang), word=DANGERS[lang][_whole(row["danger"])], sources=_sources(row, lang)))
    if mine["attacks"]:
        sure = mine["low"] == mine["high"]
        numbers = {name: number(_whole(mine[name]), lang) for name in ("low", "high", "connections", "contacts")}
        say("  " + words["guesses" if not sure else "guesses_sure" if mine["connections"] else "guesses_only"].format(**numbers))
    if mine["successes"]:
        say("  " + words["successes"].format(count=number(_whole(mine["successes"]), lang)))
    if mine["unknown"]:
        say("  " + words["blind"].format(count=number(_whole(mine["unknown"]), lang)))
    own = mine["own"]
    if isinstance(own, list) and own:
        say("  " + words["own"].format(count=number(sum(_whole(one["attempts"]) for one in own), lang), hosts=_listed([one["source"] for one in own], lang)))


def _sources(row: Row, lang: str) -> str:
    words, known = SAID[lang], _whole(row["known"])
    if not known:
        return words["unknown"]
    text = words["one"] if known == 1 else words["many"].format(count=number(known, lang))
    return words["and_unknown"].format(known=text) if row["unknown"] else text


def worded(rows: Sequence[dict[str, object]], lang: str, *, as_json: bool = False) -> list[dict[str, object]]:
    """Rows of the view `doors` with the guesses as one text (`tried`) and the danger's word (`word`); lists stay lists in JSON only."""
    out = []
    for row in rows:
        low, high = _whole(row["guesses_low"]), _whole(row["guesses_high"])
        tried = "-" if not high else f"{low:,}" if low == high else f"{low:,}-{high:,}"
        listed = {} if as_json else {name: ", ".join(row[name]) or None for name in ("accounts", "databases", "candidates")}  # type: ignore[arg-type]
        out.append({**row, **listed, "tried": tried, "word": DANGERS[lang][_whole(row["danger"])], "source": row["source"] or SAID[lang]["unknown"]})
    return out


def door_of(catalogue: Catalogue, what: str) -> dict[str, object] | None:
    """The row of the view `doors` of an attack or an attempt, None when it is at no door."""
    found = catalogue.rows("select * from doors where door_id = ?", [what])
    return found[0] if found else None


def print_door(row: Row, lang: str) -> None:
    """What one attack at a door comes to: units, danger and why, and what the log cannot show."""
    words, at = SAID[lang], 1 if lang == "fr" else 0
    low, high = _whole(row["guesses_low"]), _whole(row["guesses_high"])
    tries = words["tries_sure" if low == high else "tries"].format(low=number(low, lang), high=number(high, lang))
    counted = {name: number(_whole(row[name]), lang) for name in ("lines", "connections", "successes")}
    say()
    say(words["units" if row["connections"] else "units_only"].format(tries=tries, **counted))
    if low < high:
        say("  " + words["interval"])
    say(words["danger"].format(danger=row["danger"], word=DANGERS[lang][_whole(row["danger"])]))
    say("  " + words["because"].format(why=WHY[str(row["why"])][at]))
    for name in ("accounts", "databases"):
        if row[name]:
            say("  " + words[name].format(names=_listed(row[name], lang)))
    if row["own"] == "learnt":
        say("  " + words["learnt"])
    if row["source"] == "":
        say("  " + words["nobody"])
        if row["candidates"]:
            names = row["candidates"] if isinstance(row["candidates"], list) else []
            say("  " + words["candidates"].format(count=f"{len(names)}+" if len(names) == MOST else len(names), names=_listed(names, lang)))
    if row["hidden"]:
        say("  " + words["hidden"])
    if not row["visible"]:
        say("  " + words["no_success"])


def _listed(names: object, lang: str, most: int = 10) -> str:
    listed = list(names) if isinstance(names, (list, tuple)) else []
    return ", ".join(safe(name, 60) for name in listed[:most]) + (f", {SAID[lang]['more']}" if len(listed) > most else "")


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
