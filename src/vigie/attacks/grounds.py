"""What the grounds for "tool" and "bespoke" are called, and the sentence that each gives, with its numbers, in English and in French.

The sentences are put together when they are asked for: what is kept of each ground is its name, up to three numbers and a signal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground.

    Attributes:
        rule: T1 … T4 and `run` for a tool, B1 … B4 for bespoke.
        english, french: its sentence, with `{a}`, `{b}` and `{c}` for the numbers.
    """

    rule: str
    english: str
    french: str


RULES: Final = ("T1", "T2", "T3", "T4", "run", "B1", "B2", "B3", "B4")

GROUNDS: Final[dict[str, Ground]] = {
    "name": Ground("T1", "a tool gives its name, as its agent or as the host that it calls",
                   "un outil se nomme, comme agent ou comme hôte appelé"),
    "grammar": Ground("T2", "{a} of {b} records are written in a tool's grammar", "{a} enregistrements sur {b} sont écrits dans la grammaire d'un outil"),
    "grammar_beside": Ground("T2", "{a} records of the same source, in the same run, are written in a tool's grammar",
                             "{a} enregistrements de la même source, dans la même série, sont écrits dans la grammaire d'un outil"),
    "values": Ground("T3", "{a} different attack values on one place within ten minutes", "{a} valeurs d'attaque différentes au même endroit en dix minutes"),
    "paths": Ground("T3", "{a} requests in one run, {b} of them refused or not found, over {c} paths",
                    "{a} requêtes dans une série, dont {b} refusées ou introuvables, sur {c} chemins"),
    "pace": Ground("T3", "{a} requests at {b} a minute", "{a} requêtes, au rythme de {b} par minute"),
    "guessing": Ground("T3", "{a} passwords tried at {b} a minute", "{a} mots de passe essayés, au rythme de {b} par minute"),
    "list": Ground("T3", "a list of paths that are not there, {a} requests", "une liste de chemins qui n'existent pas, {a} requêtes"),
    "flood": Ground("T3", "a flood of {a} requests", "une inondation de {a} requêtes"),
    "scan_packets": Ground("T2", "the packets of {a} contacts are built as a scanner builds them, not as an operating system does",
                           "les paquets de {a} contacts sont construits comme le fait un scanner, non un système d'exploitation"),
    "scan_doors": Ground("T3", "{a} doors tried, {b} a minute", "{a} portes essayées, {b} par minute"),
    "form_and_place": Ground("T4", "{a} of {b} payloads were sent in this form to this place by three sources within 30 days",
                             "{a} charges sur {b} ont été envoyées sous cette forme à cet endroit par trois sources en 30 jours"),
    "form": Ground("T4", "{a} of {b} payloads have a form that others sent too (three sources within 30 days, or three places)",
                   "{a} charges sur {b} ont une forme que d'autres ont envoyée aussi (trois sources en 30 jours, ou trois endroits)"),
    "same_visit": Ground("run", "same run: the same source made another attack, without a pause, with a tool",
                         "même série : la même source a mené, sans pause, une autre attaque avec un outil"),
    "same_client": Ground("run", "same run: the same agent and page, or the same door, while a tool's tries were dealt out over {a} addresses",
                          "même série : le même agent et la même page, ou la même porte, pendant qu'un outil répartissait ses essais sur {a} adresses"),
    "visited": Ground("B1", "the same source had looked at the page {a} minutes before its first signal there",
                      "la même source avait consulté la page {a} minutes avant son premier signal à cet endroit"),
    "adapted": Ground("B2", "{a} payloads on one place, {b} of them a small change of an earlier one; {c} times the answer had changed just before",
                      "{a} charges au même endroit, dont {b} petites modifications d'une précédente ; {c} fois la réponse venait de changer"),
    "unhurried": Ground("B3", "{a} gaps between requests, half of them longer than {b} seconds and irregular (coefficient of variation {c})",
                        "{a} intervalles entre requêtes, dont la moitié dépassent {b} secondes, irréguliers (coefficient de variation {c})"),
    "published": Ground("B4", "on a parameter of a page published {a} hours before", "sur un paramètre d'une page publiée {a} heures plus tôt"),
}  # fmt: skip
"""By the name that is kept."""

_NUMBER = "case when g.{n} = floor(g.{n}) then g.{n}::bigint::varchar else format('{{:.1f}}', g.{n}) end"


def view_evidence(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the view `automation_evidence` of the relations `automation_grounds` and `attacks`.

    Its columns are `attack_id`, `rule`, `holds`, `sentence`, `sentence_fr` and `signal_id` (one that shows it, null where it does not hold).
    The rules that make an attack bespoke are looked at only where no sign of a program decided, so such attacks have no rows of them.
    """
    words = ", ".join("(" + ", ".join(_quoted(text) for text in (name, one.rule, one.english, one.french)) + ")" for name, one in GROUNDS.items())
    english, french = (_filled(column) for column in ("w.english", "w.french"))
    rules = ", ".join(f"('{rule}')" for rule in RULES)
    connection.execute(
        f"""create or replace view automation_evidence as
        with words(ground, rule, english, french) as (values {words}),
        held as (
            select 'a' || format('{{:015x}}', g.attack) as attack_id, w.rule, true as holds, {english} as sentence, replace({french}, '.', ',') as sentence_fr,
                   's' || format('{{:015x}}', g.signal) as signal_id
            from automation_grounds g join words w on g.ground = w.ground)
        from held union all
        select a.attack_id, r.rule, false, 'does not hold', 'ne s''applique pas', null from attacks a cross join (values {rules}) r(rule)
        anti join held h on h.attack_id = a.attack_id and h.rule = r.rule where a.automation <> 'tool' or r.rule not like 'B%'"""
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _filled(column: str) -> str:
    for name in ("a", "b", "c"):
        column = f"replace({column}, '{{{name}}}', {_NUMBER.format(n=name)})"
    return column
