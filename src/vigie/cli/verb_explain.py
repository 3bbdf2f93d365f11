"""`vigie explain`: from a number, an attack, an attempt or a signal down to the rule and the raw line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from vigie.cli.failure import USAGE, Failure
from vigie.cli.options import (
    archive_option,
    geo_option,
    identified_option,
    lang_option,
    opened,
    output_options,
    period_options,
)
from vigie.cli.terminal import cell, csv_rows, json_object, safe, say

if TYPE_CHECKING:
    from datetime import datetime

    from vigie.archive.catalogue import Catalogue

_RAW = """
select e.line from evidence e where e.file = ? and e.byte_offset = ? limit 1
"""

_WEIGHT = """
select 1 - exp(sum(ln(1 - sure))) as weight, count(*) as signs
from (select least(max(confidence), 0.999) as sure from signals where {column} = ? and attempt_id is not null group by source_address, rule, target)
"""
"""How likely the different signs together make an attack, as the count weighs them."""

_GROUNDS = """
select rule, holds, sentence, sentence_fr, signal_id from automation_evidence where attack_id = ? order by not holds, rule = 'run', rule, sentence
"""

_COLUMNS = {"a": "attack_id", "t": "attempt_id", "s": "signal_id"}
_SHORTEST = 5
"""Letters of an id that are enough when they are of one id only."""


@click.command("explain", epilog="Example: vigie explain count")
@click.argument("what", metavar="ID|count|availability|origin|who|posts")
@archive_option
@click.option("--family", "families", metavar="NAME", multiple=True, help="who, origin: only this family (may be repeated).")
@click.option("--source", "sources", metavar="ADDRESS", multiple=True, help="who, origin: only what this address took part in (may be repeated).")
@click.option("--automation", "automations", type=click.Choice(["tool", "bespoke", "undetermined"]), multiple=True, help="who, origin: only attacks of which this is said.")
@click.option("--attack", metavar="ID", help="origin: only this attack.")
@geo_option
@period_options
@click.option("--write", metavar="FILE", help="who: write the case into a file that you edit and sign.")
@click.option("--file", "case_file", metavar="FILE", help="who: show the case of a file.")
@identified_option
@click.option("--limit", type=click.IntRange(1, 100_000), default=10, show_default=True, help="Most raw lines.")
@lang_option
@output_options
def command(
    what: str, archive: str | None, families: tuple[str, ...], sources: tuple[str, ...], automations: tuple[str, ...], attack: str | None, geo: tuple[str, ...],
    since: datetime | None, until: datetime | None, write: str | None, case_file: str | None, identified: bool, limit: int, lang: str, as_json: bool, as_csv: bool, color: str,
) -> None:  # fmt: skip
    """How a number came about: `count`, `availability`, or the id of an attack (a…), an attempt (t…), a signal (s…) or a period (v…); `origin`: countries of the last hops, with bounds; `who`: competing hypotheses.

    Of posts: `posts` (what was read), or the id of an account (acc_…), a group in concert (g…), a rumour (r…) or a wave (w…).
    """
    del color
    chosen = bool(families or sources or automations or since or until)
    if what == "origin" and not (write or case_file):
        _origin(archive, (families, sources, automations, attack, since, until), geo, lang, as_json=as_json, as_csv=as_csv)
        return
    if attack or geo:
        raise click.UsageError("--attack and --geo apply to `vigie explain origin` only")
    if what != "who" and (chosen or write or case_file):
        raise click.UsageError("--family, --source, --automation, --since, --until, --write and --file apply to `vigie explain who` only (those that choose attacks to `vigie explain origin` too)")
    if what == "who":
        _who(archive, (families, sources, automations, since, until), write, case_file, lang, as_json=as_json, as_csv=as_csv)
        return
    from vigie.cli.doors import door_of
    from vigie.cli.explain_posts import explain, of_posts
    from vigie.cli.scans import scan_of

    if of_posts(what):
        explain(what, archive, limit, lang, identified=identified, as_json=as_json, as_csv=as_csv)
        return
    with opened(archive) as catalogue:
        if what == "count":
            _count(catalogue, lang, as_json=as_json, as_csv=as_csv)
            return
        if what == "availability" or what[:1] == "v":
            _availability(catalogue, what, lang, limit, as_json=as_json, as_csv=as_csv)
            return
        column = _COLUMNS.get(what[:1], "")
        what = _whole(catalogue, column, what)
        names, rows = catalogue.asked(f"select * from signals where {column} = ? order by seen_at, signal_id limit {limit}", [what])
        for row in rows:
            found = catalogue.rows(_RAW, [row["file"], row["byte_offset"]])
            row["line"] = found[0]["line"] if found else None
        head = _head(catalogue, what)
        operation = _operation(catalogue, what, head, rows, identified=identified)
        verdict = _verdict(catalogue, column, what)
        during = catalogue.rows("select * from availability where attack_id = ?", [what])
        grounds = catalogue.rows(_GROUNDS, [what]) if what[0] == "a" and not operation else []
        door = door_of(catalogue, what)
        scan = scan_of(catalogue, what, limit) if what[0] == "a" and head["family"] == "port_scan" else None
        if operation and (as_json or as_csv) and not identified:
            rows = [{**row, "line": None} for row in rows]
    if as_json:
        judged = [{name: value for name, value in one.items() if name != "sentence_fr"} for one in grounds]
        more = {name: found for name, found in (("availability", during), ("automation_evidence", judged), ("door", door), ("scan", scan), ("operation_id", operation)) if found}
        json_object({**head, **verdict, **more, "evidence": rows})
    elif as_csv:
        csv_rows(rows, [*names, "line"])
    else:
        _print(what, head, verdict, during, rows, lang, grounds, door, scan, operation)


def _who(
    archive: str | None, asked: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], datetime | None, datetime | None], write: str | None, case_file: str | None,
    lang: str, *, as_json: bool, as_csv: bool,
) -> None:  # fmt: skip
    from vigie.cli.who import chosen, explain_file, explain_who

    if case_file is not None:
        if write is not None or any(asked):
            raise click.UsageError("--file shows what the file holds; --write and the options that choose attacks do not go with it")
        explain_file(case_file, archive, lang, as_json=as_json, as_csv=as_csv)
        return
    choice = chosen(*asked)
    with opened(archive) as catalogue:
        explain_who(catalogue, choice, lang, write, as_json=as_json, as_csv=as_csv)


def _origin(
    archive: str | None, asked: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], str | None, datetime | None, datetime | None], geo: tuple[str, ...],
    lang: str, *, as_json: bool, as_csv: bool,
) -> None:  # fmt: skip
    from vigie.archive.origin_tables import asked_pairs
    from vigie.cli.origin import condition, csv_facts, facts, filled, print_origin, print_sources, sources_of

    families, sources, automations, attack, since, until = asked
    with opened(archive) as catalogue:
        whole = _whole(catalogue, "attack_id", attack) if attack else None
        book = filled(catalogue, geo, lang)
        pairs = asked_pairs(catalogue.connection, *condition(families, sources, automations, whole, since, until))
        if as_json:
            json_object({**facts(catalogue, book, pairs), **({"sources": sources_of(catalogue, whole)} if whole else {})})
        elif as_csv:
            csv_rows(csv_facts(pairs), ("unit", "country", "unplaced", "last_hop", "at_least", "at_most", "total"))
        else:
            print_origin(book, pairs, lang)
            if whole:
                print_sources(sources_of(catalogue, whole), whole, lang)


def _availability(catalogue: Catalogue, what: str, lang: str, limit: int, *, as_json: bool, as_csv: bool) -> None:
    from vigie.cli.availability import periods, print_availability, print_period

    rows = [row for row in periods(catalogue) if what == "availability" or str(row["period_id"]).startswith(what)]
    if what != "availability" and not rows:
        raise Failure(f"nothing is called {safe(what, 60)!r}. Ids are listed by: vigie show availability", USAGE)
    if as_json:
        json_object({"periods": rows})
    elif as_csv:
        csv_rows(rows)
    elif what == "availability":
        print_availability(catalogue, lang, limit)
    else:
        for row in rows:
            print_period(row, lang)


def _whole(catalogue: Catalogue, column: str, what: str) -> str:
    """The id that is meant, by itself or by its beginning."""
    found = catalogue.rows(f"select distinct {column} as id from signals where {column} = ?", [what]) if column else []
    if column and not found and len(what) >= _SHORTEST:
        found = catalogue.rows(f"select distinct {column} as id from signals where starts_with({column}, ?) limit 6", [what])
    if len(found) > 1:
        raise Failure(f"{safe(what, 60)!r} begins more than one id: {', '.join(str(row['id']) for row in found)} …", USAGE)
    if not found:
        raise Failure(f"nothing is called {safe(what, 60)!r}. Ids are listed by: vigie show attacks", USAGE)
    return str(found[0]["id"])


def _head(catalogue: Catalogue, what: str) -> dict[str, object]:
    if what[0] == "a":
        return catalogue.one("select * from attacks where attack_id = ?", [what])
    if what[0] == "t":
        return catalogue.one("select * from attempts where attempt_id = ?", [what])
    return catalogue.one("select signal_id, attempt_id, attack_id, family, detector, rule, confidence from signals where signal_id = ?", [what])


def _operation(catalogue: Catalogue, what: str, head: dict[str, object], rows: list[dict[str, object]], *, identified: bool) -> str | None:
    """The group or wave behind an attack of posts, None for others; the lines of its posts lose ids and names unless accounts are asked for."""
    from vigie.attacks.derive import OPERATIONS

    if head.get("family") != OPERATIONS or not catalogue.has_posts:
        return None
    from vigie.archive.post_facts import operation_of
    from vigie.archive.post_lines import masked_lines
    from vigie.cli.posts import names

    if not identified:
        masked_lines(catalogue, names(identified=identified), rows)
    attack = head.get("attack_id")
    return operation_of(catalogue, str(attack)) if attack else None


def _verdict(catalogue: Catalogue, column: str, what: str) -> dict[str, object]:
    """What the evidence weighs, the bar, and what of it was set aside and why."""
    weight = catalogue.one(_WEIGHT.format(column=column), [what])
    aside = catalogue.rows(f"select set_aside as reason, count(*) as count from signals where {column} = ? and set_aside is not null group by 1 order by 1", [what])
    return {"weight": weight["weight"], "signs": weight["signs"], "bar": catalogue.settings.bar, "set_aside": aside}


def _print(
    what: str, head: dict[str, object], verdict: dict[str, object], during: list[dict[str, object]], rows: list[dict[str, object]], lang: str,
    grounds: list[dict[str, object]], door: dict[str, object] | None, scan: dict[str, object] | None, operation: str | None,
) -> None:  # fmt: skip
    from vigie.cli.availability import print_period
    from vigie.cli.doors import print_door
    from vigie.cli.explain_posts import lead_on
    from vigie.cli.scans import print_scan
    from vigie.words.counting import TEXT, column_name
    from vigie.words.numbers import number

    words = TEXT[lang]
    say(f"{what}:")
    for name, value in head.items():
        if value is not None:
            say(f"  {column_name(name, lang):<16} {cell(value)}")
    for period in during:
        say()
        print_period(period, lang)
    if door is not None:
        print_door(door, lang)
    if scan is not None:
        print_scan(scan, lang)
    if operation:
        lead_on(operation, lang)
    say()
    _print_verdict(what, verdict, lang)
    if grounds:
        _print_grounds(str(head["automation"]), grounds, lang)
    say()
    say(words["rules"])
    for name in sorted({str(row["rule"]) for row in rows}):
        say(f"  {_rule(name, lang)}")
    say()
    signals = head.get("signals")
    some = isinstance(signals, int) and signals > len(rows)
    say(words["raw_some"].format(shown=number(len(rows), lang), all=number(int(str(signals)), lang)) if some else words["raw"])
    for row in rows:
        say()
        say(f"  {cell(row['seen_at'])} UTC  {row['signal_id']}  {safe(row['rule'])}  {words['in']} {safe(row['place'])}: {safe(row['target'], 120)}")
        say(f"    {safe(row['file'])}, {words['byte']} {number(int(str(row['byte_offset'])), lang)}")
        line = row["line"]
        say(f"    | {safe(line.rstrip() if isinstance(line, bytes) else words['not_kept'], 1000)}")
        if row["reading"]:
            say(f"    {words['convinced'].format(text=safe(row['reading'], 300))}")


def _print_verdict(what: str, verdict: dict[str, object], lang: str) -> None:
    from vigie.words.counting import TEXT
    from vigie.words.ladder import reason_name
    from vigie.words.numbers import number

    words, weight = TEXT[lang], verdict["weight"]
    if isinstance(weight, float) and what[0] != "s":
        shown = (f"{weight:.3f}", f"{verdict['bar']:g}")
        text = words["weight"].format(weight=shown[0], bar=shown[1], signs=verdict["signs"])
        say(text.replace(shown[0], shown[0].replace(".", ",")).replace(shown[1], shown[1].replace(".", ",")) if lang == "fr" else text)
    aside = verdict["set_aside"]
    if isinstance(aside, list) and aside:
        for one in aside:
            say(words["aside"].format(reason=reason_name(str(one["reason"]), lang), count=number(int(one["count"]), lang)))
    else:
        say(words["counted"])


def _print_grounds(automation: str, grounds: list[dict[str, object]], lang: str) -> None:
    """Who made it, each rule that holds with its numbers, and those that were looked at and do not hold."""
    from vigie.words.counting import TEXT

    words, held = TEXT[lang], [one for one in grounds if one["holds"]]
    say()
    say(words[f"verdict_{automation}"] + (f" {words['verdict_holds']}" if automation == "undetermined" and held else ""))
    for one in held:
        say(f"  {one['rule']:<4} {safe(one['sentence_fr' if lang == 'fr' else 'sentence'], 300)}  ({one['signal_id']})")
    absent = [str(one["rule"]) for one in grounds if not one["holds"]]
    if absent:
        say(words["verdict_not"].format(rules=", ".join(absent)))


def _rule(name: str, lang: str) -> str:
    from vigie.detectors.registry import rule_named

    rule = rule_named(name)
    if rule is None:
        return safe(name)
    title = rule.title_fr if lang == "fr" else rule.title
    return f"{name}: {title}" + (f"  [{', '.join(rule.ids)}]" if rule.ids else "")


def _count(catalogue: Catalogue, lang: str, *, as_json: bool, as_csv: bool) -> None:
    from vigie.attacks.count import count
    from vigie.cli.scans import print_limits
    from vigie.cli.verb_count import as_dict, print_count
    from vigie.words.counting import TEXT, WORDS, WORDS_FR, family_name
    from vigie.words.numbers import number

    counted = count(catalogue.connection, catalogue.settings)
    if as_json:
        json_object(as_dict(counted, catalogue.snapshot, "family"))
        return
    if as_csv:
        rows: list[dict[str, object]] = []
        for step in counted.ladder:
            rows.append({"step": step.step, "unit": step.unit, "what": "in", "reason": "", "count": step.count})
            rows += [{"step": step.step, "unit": step.unit, "what": "set aside", "reason": reason, "count": n} for reason, n in step.set_aside]
            if step.grouped:
                rows.append({"step": step.step, "unit": step.unit, "what": "grouped", "reason": "", "count": step.grouped})
        csv_rows(rows)
        return
    words = TEXT[lang]
    print_count(counted, catalogue.snapshot, lang, short=True)
    print_limits(catalogue, lang)
    say()
    say(words["words"])
    for word in WORDS:
        say(f"  {WORDS_FR[word] if lang == 'fr' else word:<14} {words['word_' + word]}")
    say()
    say(words["follow"])
    for row in catalogue.rows("select family, arg_max(attack_id, (signals, attack_id)) as id, max(signals) as n from attacks group by family order by family"):
        say(f"  vigie explain {row['id']}   # {family_name(str(row['family']), lang)}, {words['signals'].format(count=number(int(str(row['n'])), lang))}")
