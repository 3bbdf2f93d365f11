"""`vigie explain who`: competing hypotheses for a set of attacks, the matrix first, then what follows from it, each sentence with its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vigie.campaigns.case_facts import as_dict
from vigie.cli.failure import USAGE, Failure
from vigie.cli.terminal import csv_rows, json_object, note, safe, say

if TYPE_CHECKING:
    from datetime import datetime

    from vigie.archive.catalogue import Catalogue
    from vigie.campaigns.hypotheses import Case, Evidence
    from vigie.campaigns.hypotheses_evidence import Choice
    from vigie.campaigns.hypotheses_weighing import Weighed

LONG: Final = 3000
"""Letters of a text of a case that a terminal shows."""
LINKS: Final = 3
"""Ids of an item that a terminal shows."""

TEXT: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "title": "Who is it? Hypotheses against evidence. vigie counts and weighs; it names no author.",
        "set": "The attacks: {what}. State of the archive {snapshot}, of this matrix {digest}.",
        "all": "all of them",
        "hypotheses": "The hypotheses, each a full explanation of the whole set:",
        "theirs": "added in the file",
        "matrix": "The matrix, the most telling first (2 fits very well … -2 very badly; grade: source A-F, statement 1-6; tells: weight times spread):",
        "item": "item", "grade": "grade", "weight": "weight", "tells": "tells",
        "why": "Why: {why}",
        "follow": "{source}. Down to raw lines: {ids}",
        "document": "{source}. To be looked up: {document}",
        "more": "… ({more} more with --json)",
        "against": "against (inconsistency; the least is preferred)",
        "shares": "weight of evidence, %",
        "numbers": "The numbers behind the words (a convention, no measured probabilities):",
        "range": "from - to, when one item is left out",
        "range_source": "from - to, when one source is left out",
        "words": "in words (ICD 203: almost no chance 1-5 %, very unlikely 5-20, unlikely 20-45, roughly even 45-55, likely 55-80, very likely 80-95, almost certain 95-99):",
        "follows": "What follows, each sentence with its evidence:",
        "next": "To judge it yourselves: vigie explain who{asked} --write who.toml, edit, sign, then vigie explain who --file who.toml",
        "written": "Written: {file}. Change ratings, add evidence and hypotheses, sign at the end; then: vigie explain who --file {file}",
        "missing": "vigie: {count} ids of the file are not in this archive: {ids}",
        "moved": "vigie: the archive has changed since the file was written ({then}, now {now}); its numbers are those of then",
    },
    "fr": {
        "title": "Qui est-ce ? Des hypothèses face à des indices. vigie compte et pèse ; il ne nomme pas d'auteur.",
        "set": "Les attaques : {what}. État de l'archive {snapshot}, de cette matrice {digest}.",
        "all": "toutes",
        "hypotheses": "Les hypothèses, chacune une explication complète de l'ensemble :",
        "theirs": "ajoutée dans le fichier",
        "matrix": "La matrice, le plus parlant d'abord (2 va très bien … -2 très mal ; rang : source A-F, fait 1-6 ; départage : poids fois étendue) :",
        "item": "indice", "grade": "rang", "weight": "poids", "tells": "départage",
        "why": "Pourquoi : {why}",
        "follow": "{source}. Jusqu'aux lignes brutes : {ids}",
        "document": "{source}. À consulter : {document}",
        "more": "… ({more} de plus avec --json)",
        "against": "contre (incohérence ; la moindre est préférée)",
        "shares": "poids des indices, %",
        "numbers": "Les nombres derrière les mots (une convention, non des probabilités mesurées) :",
        "range": "de - à, quand on ôte un indice",
        "range_source": "de - à, quand on ôte une source",
        "words": "en mots (ICD 203 : quasi exclu 1-5 %, très peu probable 5-20, peu probable 20-45, une chance sur deux 45-55, probable 55-80, très probable 80-95, quasi certain 95-99) :",
        "follows": "Ce qui s'ensuit, chaque phrase avec ses indices :",
        "next": "Pour en juger vous-mêmes : vigie explain who{asked} --write who.toml, modifiez, signez, puis vigie explain who --file who.toml",
        "written": "Écrit : {file}. Changez les notes, ajoutez indices et hypothèses, signez à la fin ; puis : vigie explain who --file {file}",
        "missing": "vigie : {count} identifiants du fichier ne sont pas dans cette archive : {ids}",
        "moved": "vigie : l'archive a changé depuis que le fichier a été écrit ({then}, maintenant {now}) ; ses nombres sont ceux d'alors",
    },
}  # fmt: skip


def chosen(families: Sequence[str], sources: Sequence[str], automations: Sequence[str], since: datetime | None, until: datetime | None) -> Choice:
    """Which attacks the options ask for.

    Raises:
        Failure: a source is no address, or a family is none.
    """
    from vigie.campaigns.hypotheses_evidence import Choice
    from vigie.sources.address import canonical
    from vigie.words.families import FAMILIES

    addresses = []
    for one in sources:
        found = canonical(one)
        if found is None:
            raise Failure(f"--source {safe(one, 60)!r} is no address. Addresses are listed by: vigie show sources", USAGE)
        addresses.append(found)
    for name in families:
        if name not in FAMILIES:
            raise Failure(f"--family {safe(name, 60)!r} is none. Families are listed by: vigie count", USAGE)
    return Choice(tuple(families), tuple(addresses), tuple(automations), since, until)


def explain_who(catalogue: Catalogue, choice: Choice, lang: str, write: str | None, *, as_json: bool, as_csv: bool) -> None:
    """Show, or write for editing, the case that the archive makes by itself.

    Raises:
        Failure: no attack is chosen, or the file to write is there already.
    """
    from vigie.campaigns.hypotheses_evidence import case_of
    from vigie.origins.table import TableError

    try:
        catalogue.place()
    except TableError as error:
        note(f"vigie: {safe(error, 400)}")  # what relays there are is not known; it moves nothing
    case = case_of(catalogue.connection, choice, catalogue.snapshot)
    if case is None:
        raise Failure("no attack is chosen. Try fewer options; what there is, is listed by: vigie count --by day", USAGE)
    if write is None:
        render(case, lang, as_json=as_json, as_csv=as_csv)
        return
    from vigie.campaigns.hypotheses_file import written

    try:
        with Path(write).open("x", encoding="utf-8") as file:
            file.write(written(case, lang))
    except FileExistsError:
        raise Failure(f"{safe(write)}: is there already, and may hold work. Try: --write with another name", USAGE) from None
    except (OSError, ValueError) as error:
        raise Failure(f"{safe(write)}: {getattr(error, 'strerror', None) or safe(error)}. Try: --write with a name in a folder that you may write to", USAGE) from None
    say(TEXT[lang]["written"].format(file=safe(write)))


def explain_file(path: str, archive: str | None, lang: str, *, as_json: bool, as_csv: bool) -> None:
    """Render a team's file as it stands; say which of its ids the archive does not know, where there is an archive.

    Raises:
        Failure: the file cannot be read, or is no case.
    """
    from vigie.campaigns.hypotheses_file import CaseFileError, read_case
    from vigie.cli.options import existing_archive, opened

    try:
        case = read_case(Path(path))
    except CaseFileError as error:
        raise Failure(f"{safe(path)}: {safe(error, 1000)}", USAGE) from None
    except (OSError, ValueError) as error:
        raise Failure(f"{safe(path)}: {getattr(error, 'strerror', None) or safe(error)}. Try: vigie explain who --write FILE", USAGE) from None
    missing: list[str] | None = None
    try:
        existing_archive(archive)
    except Failure:
        if archive is not None:
            raise
    else:
        with opened(archive) as catalogue:
            missing = _missing(catalogue, case)
            if case.chosen.snapshot and case.chosen.snapshot != catalogue.snapshot:
                note(TEXT[lang]["moved"].format(then=safe(case.chosen.snapshot, 40), now=catalogue.snapshot))
        if missing:
            note(TEXT[lang]["missing"].format(count=len(missing), ids=", ".join(missing[:10])))
    render(case, lang, as_json=as_json, as_csv=as_csv, missing=missing)


def _missing(catalogue: Catalogue, case: Case) -> list[str]:
    """Ids of a case that lead nowhere in this archive."""
    asked = sorted({ref for one in case.evidence for ref in one.refs})
    there: set[str] = set()
    for letter, table, column in (("a", "attacks", "attack_id"), ("t", "attempts", "attempt_id"), ("s", "signals", "signal_id"), ("v", "availability", "period_id")):
        some = [ref for ref in asked if ref[0] == letter]
        if some:
            marks = ", ".join("?" * len(some))
            there.update(str(row["id"]) for row in catalogue.rows(f"select {column} as id from {table} where {column} in ({marks})", list[object](some)))
    return [ref for ref in asked if ref not in there]


def render(case: Case, lang: str, *, as_json: bool, as_csv: bool, missing: list[str] | None = None) -> None:
    """A case on standard output.

    Args:
        case: with an item of evidence at least.
        lang: of sentences.
        as_json: the whole for programs.
        as_csv: the matrix for programs.
        missing: ids that the archive does not know; None where none was asked.
    """
    from vigie.campaigns.hypotheses_weighing import weigh

    weighed = weigh(case)
    if as_json:
        json_object(as_dict(case, weighed, lang, missing))
    elif as_csv:
        csv_rows([_row(case, weighed, at, one) for at, one in enumerate(case.evidence)])
    else:
        _print(case, weighed, lang)


def _row(case: Case, weighed: Weighed, at: int, one: Evidence) -> dict[str, object]:
    ratings: dict[str, object] = {h.id: one.rating(h.id) for h in case.hypotheses}
    return {
        "evidence": one.id, "kind": one.kind, "text": one.text, "source": one.source, "reliability": one.reliability, "credibility": one.credibility,
        "weight": one.weight, "kept": float(weighed.kept[at]), "diagnosticity": float(weighed.diagnosticity[at]), **ratings, "refs": " ".join(one.refs), "document": one.document,
    }  # fmt: skip


def _print(case: Case, weighed: Weighed, lang: str) -> None:
    from vigie.campaigns.hypotheses_words import likelihood, sentences, telling_first

    words, labels = TEXT[lang], [f"H{at + 1}" for at in range(len(case.hypotheses))]
    say(words["title"])
    say(words["set"].format(what=safe(case.chosen.asked, LONG) or words["all"], snapshot=safe(case.chosen.snapshot, 40) or "-", digest=case.digest))
    say()
    say(words["hypotheses"])
    for label, hypothesis in zip(labels, case.hypotheses, strict=True):
        say(f"  {label:<4} {safe(hypothesis.said(lang), LONG)}" + ("" if hypothesis.ours else f"  ({words['theirs']}: {safe(hypothesis.id)})"))
    say()
    say(words["matrix"])
    say(f"  {words['item']:<8}" + "".join(f"{label:>6}" for label in labels) + f"  {words['grade']:>5}  {words['weight']:>6}  {words['tells']:>9}")
    for at, one in telling_first(case, weighed):
        _print_item(case, weighed, at, one, lang)
    say()
    say(f"  {'':<8}" + "".join(f"{_decimal(x, lang):>6}" for x in weighed.inconsistency) + f"  {words['against']}")
    say()
    say(words["follows"])
    for sentence in sentences(case, weighed, lang):
        say(f"  - {safe(sentence, LONG)}")
    say()
    say(words["numbers"])
    say(f"  {'':<8}" + "".join(f"{label:>6}" for label in labels))
    say(f"  {'':<8}" + "".join(f"{100 * x:>6.0f}" for x in weighed.shares) + f"  {words['shares']}")
    for about, low, high in (("range", weighed.low, weighed.high), ("range_source", weighed.low_source, weighed.high_source)):
        say(f"  {'':<8}" + "".join(f"{f'{100 * one:.0f}-{100 * other:.0f}':>6}" for one, other in zip(low, high, strict=True)) + f"  {words[about]}")
    if weighed.worded:
        say(f"  {words['words']}")
        say("    " + ", ".join(f"{label} {likelihood(float(share), lang)}" for label, share in zip(labels, weighed.shares, strict=True)))
    if case.signature is None:
        say()
        say(words["next"].format(asked=f" {safe(case.chosen.asked, LONG)}" if case.chosen.asked else ""))


def _print_item(case: Case, weighed: Weighed, at: int, one: Evidence, lang: str) -> None:
    from vigie.campaigns.hypotheses_words import source_name

    words = TEXT[lang]
    ratings = "".join(f"{one.rating(h.id):>6}" for h in case.hypotheses)
    kept, tells = _decimal(float(weighed.kept[at]), lang), _decimal(float(weighed.diagnosticity[at]), lang)
    say(f"  {safe(one.id, 32):<8}{ratings}  {one.reliability + str(one.credibility):>5}  {kept:>6}  {tells:>9}")
    say(f"    {safe(one.said(lang), LONG)}")
    if one.reason(lang):
        say(f"    {words['why'].format(why=safe(one.reason(lang), LONG))}")
    source = safe(source_name(one.source, lang), 200)
    if one.refs:
        more = len(one.refs) - LINKS
        ids = ", ".join(f"vigie explain {ref}" for ref in one.refs[:LINKS]) + (f" {words['more'].format(more=more)}" if more > 0 else "")
        say(f"    {words['follow'].format(source=source, ids=ids)}")
    if one.document:
        say(f"    {words['document'].format(source=source, document=safe(one.document, LONG))}")


def _decimal(value: float, lang: str) -> str:
    return f"{value:.2f}".replace(".", ",") if lang == "fr" else f"{value:.2f}"
