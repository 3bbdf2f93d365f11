"""The first page, for the worst morning: is the site up, what changed, the doors of the databases, what to do, in order."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Any, Final

from vigie.drawing import Day, Door, days, lane
from vigie.web.asked import Asked
from vigie.web.facts import Facts
from vigie.web.page import (
    Column,
    Content,
    Details,
    Figure,
    Items,
    Link,
    Page,
    Para,
    Picture,
    Piece,
    Section,
    Status,
    Table,
)
from vigie.web.pages.pieces import both, breakdown, family, plural, series, trend_said
from vigie.web.render import moment
from vigie.web.state import State
from vigie.words.availability import SAID as AVAILABLE
from vigie.words.counting import TEXT as COUNTING
from vigie.words.days import day
from vigie.words.doors import DANGERS
from vigie.words.doors import SAID as DOORS
from vigie.words.numbers import number

SLACK: Final = timedelta(minutes=10)
"""What a day may lack at its two ends together: nobody asks for a page every second."""
NEAR: Final = timedelta(minutes=15)
"""From the last line: what lasted until then is taken to last."""
TOLD_APART: Final = 5
"""Kinds that the drawing tells apart; the others are drawn as one."""
SHOWN: Final = 6
"""Kinds of change that are shown at once."""
WORDS: Final = {
    "en": {
        "up": "Is the site up?", "up_yes": "The site answers", "up_yes_why": "The last probe from outside, {when}, succeeded.", "since": " No bad time since {when}.",
        "up_no": "The site does not answer", "up_no_why": "The last probe from outside, {when}, failed.", "up_bad": "Visitors are served badly: {word}",
        "up_bad_since": "Since {when}; it still was so when the log ended.", "up_log": "No sign of trouble in the log", "up_log_why": "Up to the last line, {when}. A log holds only those who got through: "
        "a probe from outside would know more.", "up_unknown": "Not watched", "up_unknown_why": "Neither a web server's log nor probes from outside were read. Give vigie: vigie read /var/log/nginx/access.log*",
        "untimed": "The log holds no durations: whether the site was slow cannot be said.", "last_bad": "The last bad time: {when}, {word}.", "how": "All bad times, and how it is decided",
        "as_of": "This log ends on {when}. “Today” on this page is the 24 hours before that, not the clock.",
        "number": "How many attacks?", "attacks": "attacks in {days} days", "attack": "attack in {days} days", "how_number": "How do you arrive at that number?", "spoken": "From {first} to {last}. ",
        "changed": "What changed since the day before?", "changed_more": "{now} attacks in the last 24 hours, {before} in the 24 before: {more} more.", "changed_fewer": "{now} attacks in the last 24 hours, {before} in the 24 before: {less} fewer.",
        "changed_same": "{now} attacks in the last 24 hours, as many as in the 24 before.", "new_kind": "new", "kind": "Kind", "today": "Last 24 h", "yesterday": "24 h before", "change": "Change",
        "caption": "Attacks by kind, last 24 hours and the 24 before", "others": "The other kinds", "doors": "Is someone trying to get into the databases?", "doors_title": "Attempts at the doors of the databases, by danger",
        "doors_some": "{n} attempts in all, counted apart: rare, and far more dangerous than the rest.", "doors_one": "1 attempt in all, counted apart: rare, and far more dangerous than the rest.",
        "doors_in": "Somebody may be inside", "doors_in_one": "Once, a password worked from a machine that is not known as yours. ", "doors_in_why": "{n} times, a password worked from a machine that is not known as yours. ", "doors_look": "Look at the lines", "doors_none": "Nobody was seen trying", "doors_none_why": "The logs of databases were read, and show no attempt.",
        "doors_unknown": "Not watched", "doors_unknown_why": "No log of a database and no firewall's log was read. Give vigie: vigie read /var/log/postgresql/*.log", "doors_all": "All doors, databases and log-ins",
        "do": "What to do now, in order", "do_in": "Ask whose log-in it was: {where}. If nobody's, change that password and cut the connection.", "do_down": "Call whoever hosts the site: it does not answer.",
        "do_flood": "Call whoever hosts the site about the flood of {when}: {n} addresses, the site was: {word}.", "do_exposed": "Close the port of {service} to the outside ({n} reached it).",
        "do_success": "Look at {n} attacks of the last two days that may have worked.", "do_success_one": "Look at 1 attack of the last two days that may have worked.", "do_react": "The server stumbled over {n} injections of the last two days: have the lines looked at.",
        "do_gap": "Close 1 blind spot: something these logs cannot show.", "do_gaps": "Close {n} blind spots: things these logs cannot show.", "do_keep": "Keep the original log files as they are. They are the evidence.", "do_tell": "Tell those who must know: vigie report --for cert, vigie report --for press.",
        "do_none": "Nothing here asks for anything at once.", "days": "Attacks by day", "days_title": "Attacks by day and kind, UTC", "days_all": "By kind, with the trend", "look": "look", "unit": "attacks",
        "peak": "The peak: {day}, with {n}.", "known": "What these logs cannot show", "posts": "{n} requests with a body (POST) whose content is in no log.", "unread": "{n} lines could not be read; each is kept with its reason.", "gaps": "What to add to your configuration",
    },
    "fr": {
        "up": "Le site répond-il ?", "up_yes": "Le site répond", "up_yes_why": "La dernière sonde extérieure, le {when}, a réussi.", "since": " Aucun mauvais moment depuis le {when}.",
        "up_no": "Le site ne répond pas", "up_no_why": "La dernière sonde extérieure, le {when}, a échoué.", "up_bad": "Les visiteurs sont mal servis : {word}",
        "up_bad_since": "Depuis le {when} ; c'était encore ainsi à la fin du journal.", "up_log": "Aucun signe de panne dans le journal", "up_log_why": "Jusqu'à la dernière ligne, le {when}. Un journal ne contient que ceux "
        "qui ont pu passer : une sonde extérieure en saurait plus.", "up_unknown": "Pas surveillé", "up_unknown_why": "Ni journal de serveur web ni sonde extérieure n'a été lu. Donnez à vigie : vigie read /var/log/nginx/access.log*",
        "untimed": "Le journal ne contient pas de durées : impossible de dire si le site a été lent.", "last_bad": "Le dernier mauvais moment : le {when}, {word}.", "how": "Tous les mauvais moments, et comment on en décide",
        "as_of": "Ce journal s'arrête le {when}. « Aujourd'hui » sur cette page, ce sont les 24 heures d'avant, non l'heure de l'horloge.",
        "number": "Combien d'attaques ?", "attacks": "attaques en {days} jours", "attack": "attaque en {days} jours", "how_number": "Comment arrivez-vous à ce nombre ?", "spoken": "Du {first} au {last}. ",
        "changed": "Qu'est-ce qui a changé depuis la veille ?", "changed_more": "{now} attaques dans les dernières 24 heures, {before} dans les 24 précédentes : {more} de plus.", "changed_fewer": "{now} attaques dans les dernières 24 heures, {before} dans les 24 précédentes : {less} de moins.",
        "changed_same": "{now} attaques dans les dernières 24 heures, autant que dans les 24 précédentes.", "new_kind": "nouveau", "kind": "Sorte", "today": "24 dernières h", "yesterday": "24 h d'avant", "change": "Écart",
        "caption": "Attaques par sorte, dernières 24 heures et les 24 d'avant", "others": "Les autres sortes", "doors": "Quelqu'un essaie-t-il d'entrer dans les bases de données ?", "doors_title": "Tentatives aux portes des bases de données, par danger",
        "doors_some": "{n} tentatives en tout, comptées à part : rares, et bien plus dangereuses que le reste.", "doors_one": "1 tentative en tout, comptée à part : rare, et bien plus dangereuse que le reste.",
        "doors_in": "Quelqu'un est peut-être entré", "doors_in_one": "Une fois, un mot de passe a servi depuis une machine qui n'est pas connue comme vôtre. ", "doors_in_why": "{n} fois, un mot de passe a servi depuis une machine qui n'est pas connue comme vôtre. ", "doors_look": "Voir les lignes", "doors_none": "Personne n'a été vu essayer", "doors_none_why": "Des journaux de bases de données ont été lus, et ne montrent aucune tentative.",
        "doors_unknown": "Pas surveillé", "doors_unknown_why": "Aucun journal de base de données ni de pare-feu n'a été lu. Donnez à vigie : vigie read /var/log/postgresql/*.log", "doors_all": "Toutes les portes, bases et connexions",
        "do": "Que faire maintenant, dans l'ordre", "do_in": "Demandez à qui était cette connexion : {where}. Si à personne, changez ce mot de passe et coupez la connexion.", "do_down": "Appelez l'hébergeur du site : il ne répond pas.",
        "do_flood": "Appelez l'hébergeur au sujet de l'inondation du {when} : {n} adresses, effet pour les visiteurs : {word}.", "do_exposed": "Fermez le port de {service} à l'extérieur ({n} l'ont atteint).",
        "do_success": "Regardez {n} attaques des deux derniers jours qui ont pu réussir.", "do_success_one": "Regardez 1 attaque des deux derniers jours qui a pu réussir.", "do_react": "Le serveur a trébuché sur {n} injections des deux derniers jours : faites-en regarder les lignes.",
        "do_gap": "Comblez 1 angle mort : ce que ces journaux ne peuvent montrer.", "do_gaps": "Comblez {n} angles morts : ce que ces journaux ne peuvent montrer.", "do_keep": "Gardez les fichiers de journaux d'origine tels quels. Ce sont les preuves.", "do_tell": "Prévenez qui doit l'être : vigie report --for cert, vigie report --for press.",
        "do_none": "Rien ici ne demande d'agir tout de suite.", "days": "Attaques par jour", "days_title": "Attaques par jour et par sorte, UTC", "days_all": "Par sorte, avec la tendance", "look": "voir", "unit": "attaques",
        "peak": "Le pic : le {day}, avec {n}.", "known": "Ce que ces journaux ne peuvent montrer", "posts": "{n} envois (POST) dont le contenu n'est dans aucun journal.", "unread": "{n} lignes n'ont pas pu être lues ; chacune est gardée avec sa raison.", "gaps": "Ce qu'il faut ajouter à vos réglages",
    },
}  # fmt: skip
BAD: Final = ("unavailable", "slowed")


def make(state: State, asked: Asked) -> Content:
    """The page."""
    facts = state.facts
    up, changed, doors = _up(facts, asked), _changed(facts, asked), _doors(facts, asked)
    todo = _todo(state, asked)
    words = WORDS[asked.lang]
    sections = (
        Section(words["up"], up, "half", "up"),
        Section(words["number"], _number(facts, asked), "half", "number"),
        Section(words["do"], (Items(tuple(todo), ordered=True),), "wide", "do"),
        Section(words["doors"], doors, "half", "doors"),
        Section(words["changed"], changed, "half", "changed"),
        Section(words["days"], _days(facts, asked), "wide", "days"),
        Section(words["known"], _unknown(facts, asked), "wide", "unknown"),
    )
    lede = (words["as_of"].format(when=moment(facts.until, asked.lang)),) if facts.until else ()
    rows = [{"family": row["family"], "last_day": row["last_day"], "day_before": row["day_before"]} for row in facts.changes]
    return Content(sections, _data(facts, todo), rows, ("family", "last_day", "day_before"), lede)


def _data(facts: Facts, todo: list[tuple[Piece, ...]]) -> dict[str, Any]:
    from vigie.attacks.count_facts import as_dict

    return {
        "count": as_dict(facts.count, facts.snapshot, "family"), "last_line": facts.until, "availability": list(facts.availability), "probes": list(facts.probes), "durations": facts.timed,
        "changed": list(facts.changes), "doors": facts.lane, "to_do": ["".join(one if isinstance(one, str) else one.text for one in item) for item in todo],
    }  # fmt: skip


def bad_times(facts: Facts) -> list[dict[str, Any]]:
    """Times when visitors got less than usual, or nothing was logged; the latest last."""
    return [dict(row) for row in facts.availability if row["impact"] in BAD or row["what"] == "silence"]


def site(facts: Facts) -> tuple[str, datetime | None, dict[str, Any] | None]:
    """Whether the site is up: `down`, `bad`, `up`, `log` or `unknown`; when that was seen; the bad time that lasts, or the last one."""
    bad = bad_times(facts)
    last = bad[-1] if bad else None
    probed = max((row for row in facts.probes if row["last"]), key=lambda row: row["last"], default=None)
    failing = [row for row in facts.probes if row["outcome"] not in (None, "success")]
    if failing:
        return "down", failing[0]["last"], last
    if last is not None and facts.until is not None and last["last_seen"] is not None and last["last_seen"] >= facts.until - NEAR:
        return "bad", last["first_seen"], last
    if probed is not None:
        return "up", probed["last"], last
    if facts.timed or facts.availability or any("access" in str(row["format"]) or "combined" in str(row["format"]) or "nginx" in str(row["format"]) for row in facts.files):
        return "log", facts.until, last
    return "unknown", None, None


def _up(facts: Facts, asked: Asked) -> tuple[Any, ...]:
    words, lang = WORDS[asked.lang], asked.lang
    word, at, last = site(facts)
    said = AVAILABLE[lang]
    when = moment(at, lang)
    kind = said[str(last["impact"])] if last and last["what"] != "silence" else said["silence"] if last else ""
    out: list[Any] = []
    if word == "down":
        out.append(Status("bad", words["up_no"], (words["up_no_why"].format(when=when),)))
    elif word == "bad":
        out.append(Status("bad", words["up_bad"].format(word=kind), (words["up_bad_since"].format(when=when),)))
    elif word == "up":
        since = words["since"].format(when=moment(last["last_seen"], lang)) if last else ""
        out.append(Status("good", words["up_yes"], (words["up_yes_why"].format(when=when) + since,)))
    elif word == "log":
        out.append(Status("calm", words["up_log"], (words["up_log_why"].format(when=when),)))
    else:
        out.append(Status("unknown", words["up_unknown"], (words["up_unknown_why"],)))
    if last and word != "bad":
        out.append(Para((words["last_bad"].format(when=moment(last["first_seen"], lang), word=kind),)))
    if word in ("up", "log") and not facts.timed:
        out.append(Para((words["untimed"],), "small"))
    out.append(Para((Link(words["how"], asked.bare("availability")),)))
    return tuple(out)


def _number(facts: Facts, asked: Asked) -> tuple[Any, ...]:
    words, lang, counted = WORDS[asked.lang], asked.lang, facts.count
    unit = words["attack" if counted.attacks == 1 else "attacks"].format(days=number(len(counted.days), lang))
    said = words["spoken"].format(first=moment(counted.first, lang), last=moment(counted.last, lang)) if counted.first else ""
    tool, (low, high), known = counted.automation.tool, counted.automation.interval, COUNTING[lang]
    made = known["automation" if low < high else "automation_sure"].format(tool=number(tool, lang), low=number(low, lang), high=number(high, lang), undetermined=number(counted.automation.undetermined, lang))
    return (
        Figure(number(counted.attacks, lang), unit, (Link(words["how_number"], asked.bare("count")),)), Para((breakdown(dict(counted.by), lang),)), Para((trend_said(counted, lang, gap=unread_between(facts)),)),
        Para((made,)), Para((said,), "small"),
    )  # fmt: skip


def _changed(facts: Facts, asked: Asked) -> tuple[Any, ...]:
    words, lang = WORDS[asked.lang], asked.lang
    now, before = sum(row["last_day"] for row in facts.changes), sum(row["day_before"] for row in facts.changes)
    key = "changed_more" if now > before else "changed_fewer" if now < before else "changed_same"
    said = words[key].format(now=number(now, lang), before=number(before, lang), more=number(now - before, lang), less=number(before - now, lang))
    rows = [
        {
            "family": family(row["family"], lang), "last_day": row["last_day"], "day_before": row["day_before"],
            "change": words["new_kind"] if not row["day_before"] else "0" if row["last_day"] == row["day_before"] else f"{row['last_day'] - row['day_before']:+d}", "name": row["family"],
        }
        for row in sorted(facts.changes, key=lambda row: (-abs(row["last_day"] - row["day_before"]), row["family"]))
    ]  # fmt: skip
    columns = (
        Column("family", words["kind"], "text", lambda row: asked.bare("attacks", family=str(row["name"]))), Column("last_day", words["today"], "number"),
        Column("day_before", words["yesterday"], "number"), Column("change", words["change"], "number"),
    )  # fmt: skip
    out: list[Any] = [Para((said,))]
    if rows:
        out.append(Table(words["caption"], columns, rows[:SHOWN]))
    if len(rows) > SHOWN:
        out.append(Details(words["others"], (Table(words["caption"], columns, rows[SHOWN:]),)))
    return tuple(out)


def _doors(facts: Facts, asked: Asked) -> tuple[Any, ...]:
    words, lang = WORDS[asked.lang], asked.lang
    mine: dict[str, Any] = facts.lane.get("database_access") or {}
    total = int(mine.get("attacks", 0))
    if not total:
        watched = facts.numbers["log_ins_database"] or facts.numbers["flows"]
        return (
            Status("calm", words["doors_none"], (words["doors_none_why"],)) if watched else Status("unknown", words["doors_unknown"], (words["doors_unknown_why"],)),
            Para((Link(words["doors_all"], asked.bare("doors")),)),
        )
    ranks = [Door(str(row["danger"]), DANGERS[lang][row["danger"]], row["danger"], row["attacks"]) for row in mine["by_danger"]]
    wide, narrow = both(lane, "lane", ranks, lang=lang, title=words["doors_title"], unit=words["unit"])
    inside = sum(row["attacks"] for row in mine["by_danger"] if row["danger"] == 7)
    out: list[Any] = []
    if inside:
        first = next((str(row["attack_id"]) for row in facts.doors if row["danger"] == 7 and row["family"] == "database_access" and row["attack_id"]), "")
        link: tuple[Piece, ...] = (Link(words["doors_look"], asked.bare("attack", first)),) if first else ()
        out.append(Status("bad", words["doors_in"], (plural(inside, words["doors_in_one"], words["doors_in_why"], lang), *link)))
    out += [Para((plural(total, words["doors_one"], words["doors_some"], lang),)), Picture(wide, narrow, half=True), Para((Link(words["doors_all"], asked.bare("doors")),))]
    return tuple(out)


def _days(facts: Facts, asked: Asked) -> tuple[Any, ...]:
    words, lang = WORDS[asked.lang], asked.lang
    rows = day_rows(facts)
    wide, narrow = both(days, "days", rows, series([name for name, _ in facts.count.by[:TOLD_APART]], lang), lang=lang, title=words["days_title"], peak=_peak(facts), unit=words["unit"], trend=trend_line(facts, rows))
    said = words["peak"].format(day=day(facts.count.peak[0], lang), n=number(facts.count.peak[1], lang)) if facts.count.peak else ""
    return (Para((said + " ", Link(words["days_all"], asked.bare("days")))), Picture(wide, narrow))


def day_rows(facts: Facts) -> list[Day]:
    """Every day from the first line to the last, by family. A day that the logs cover in part says so; one that no log covers is not known, and no zero."""
    by: dict[str, dict[str, int]] = {}
    for when, name, count in facts.days:
        by.setdefault(when, {})[name] = count
    first, last = facts.count.first, facts.count.last
    covered = facts.covered or ([(first, last)] if first and last else [])
    out = []
    for when, _ in facts.count.days:
        begins = datetime.combine(date.fromisoformat(when), time(), UTC)
        ends = begins + timedelta(days=1)
        there = sum(((min(ends, until) - max(begins, since)) for since, until in covered if since < ends and until >= begins), timedelta())
        touched = any(since < ends and until >= begins for since, until in covered)
        out.append(Day(begins.date(), by.get(when, {}) if touched else by.get(when), partial=there < timedelta(days=1) - SLACK))
    return out


def unread_between(facts: Facts) -> bool:
    """Whether the logs leave out whole days, or parts of days, between the first and the last."""
    return any(one.counts is None or one.partial for one in day_rows(facts)[1:-1])


def trend_line(facts: Facts, rows: list[Day]) -> list[float | None]:
    """The level of the trend on each whole day (Sen's slope through the median), where the test says that there is one; else none."""
    trend, whole = facts.count.trend, [n for _, n in facts.count.days[1:-1]]
    if trend.slope is None or trend.verdict not in ("rising", "falling") or len(rows) != len(whole) + 2 or unread_between(facts):
        return []
    base = median(n - trend.slope * at for at, n in enumerate(whole))
    return [None, *(max(0.0, base + trend.slope * at) for at in range(len(whole))), None]


def _peak(facts: Facts) -> date | None:
    return date.fromisoformat(facts.count.peak[0]) if facts.count.peak else None


def _todo(state: State, asked: Asked) -> list[tuple[Piece, ...]]:
    """What to do, the most urgent first; each leads to its lines."""
    facts, words, lang = state.facts, WORDS[asked.lang], asked.lang
    out: list[tuple[Piece, ...]] = []
    until = facts.until
    recent = until - timedelta(days=2) if until else None
    for row in facts.doors:
        if row["danger"] == 7 and row["attack_id"] and len(out) < 3:
            where = f"{row['service']}, {row['source'] or '?'}, {', '.join(row['accounts'][:3]) or '?'}, {moment(row['last_seen'], lang)}"
            out.append((words["do_in"].format(where=where), " ", Link(words["look"], asked.bare("attack", str(row["attack_id"])))))
    word, _, _ = site(facts)
    if word == "down":
        out.append((words["do_down"], " ", Link(words["look"], asked.bare("availability"))))
    floods = [row for row in facts.availability if row["what"] == "flood" and row["impact"] in BAD and recent and row["last_seen"] >= recent]
    for row in floods[-2:]:
        said = words["do_flood"].format(when=moment(row["first_seen"], lang), n=number(row["sources"], lang), word=AVAILABLE[lang][str(row["impact"])].partition(" :" if lang == "fr" else ":")[0])
        out.append((said, " ", Link(words["look"], asked.bare("attack", str(row["attack_id"])) if row["attack_id"] else asked.bare("availability"))))
    out += [(words["do_exposed"].format(service=one["service"], n=plural(one["addresses"], DOORS[lang]["address"], DOORS[lang]["addresses"].replace("{count}", "{n}"), lang)), " ", Link(words["look"], asked.bare("doors"))) for one in facts.lane.get("exposed", [])]
    since = recent.date().isoformat() if recent else ""
    for what, key in (("possible success", "do_success"), ("server reacted", "do_react")):
        found = state.rows("select attack_id from attacks where outcome = ? and last_seen >= ? and family not in ('database_access', 'remote_login') order by danger desc, last_seen desc", [what, recent]) if recent else []
        if found:
            said = words[key + "_one"] if len(found) == 1 and key + "_one" in words else words[key].format(n=number(len(found), lang))
            link = asked.bare("attack", str(found[0]["attack_id"])) if len(found) == 1 else asked.bare("attacks", since=since)
            out.append((said, " ", Link(words["look"], link)))
    if facts.gaps:
        out.append((plural(len(facts.gaps), words["do_gap"], words["do_gaps"], lang), " ", Link(words["look"], asked.bare("blind"))))
    if not out:
        out.append((words["do_none"],))
    return [*out, (words["do_keep"],), (words["do_tell"],)]


def _unknown(facts: Facts, asked: Asked) -> tuple[Any, ...]:
    words, lang = WORDS[asked.lang], asked.lang
    items: list[tuple[Piece, ...]] = []
    if facts.count.hidden_posts:
        items.append((words["posts"].format(n=number(facts.count.hidden_posts, lang)),))
    if facts.numbers["unread"]:
        items.append((words["unread"].format(n=number(facts.numbers["unread"], lang)), " ", Link(words["look"], asked.bare("files"))))
    items.append((Link(words["gaps"], asked.bare("blind")),))
    return (Items(tuple(items)),)


PAGE: Final = Page("", {"en": "This morning", "fr": "Ce matin"}, make, "now", words=WORDS)
