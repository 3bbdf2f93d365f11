"""`vigie show accounts|groups|rumours|claims`: lists of what posts show, under pseudonyms unless accounts are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import click

from vigie.cli.options import opened
from vigie.cli.post_lines import kind_said
from vigie.cli.posts import chance, decimal, names
from vigie.cli.terminal import note, rows_out
from vigie.words.posts import RESULT, SAID, heading

if TYPE_CHECKING:
    from vigie.archive.account_names import Names
    from vigie.archive.catalogue import Catalogue
    from vigie.archive.post_lines import Rows

LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "accounts": ("account", "result", "posts", "per_day", "log10_lr", "bound", "groups", "active_days", "last_seen", "platform"),
    "groups": ("group", "accounts", "kinds", "objects", "coincidences", "p", "borderline", "first_seen", "last_seen", "attack_id"),
    "claims": ("name", "rumour", "wording", "posts", "accounts", "first_at", "supports", "denies", "reports"),
    "rumours": ("rumour", "target", "accounts", "posts", "first_at", "first_group", "peak_at", "peak_posts", "carried_by", "attack_id"),
}
"""Columns that a terminal shows (JSON and CSV give all)."""


def show(
    what: str, archive: str | None, *, platform: str | None, result: str | None, order: str, since: datetime | None, until: datetime | None, limit: int, lang: str,
    identified: bool, as_json: bool, as_csv: bool, color: str,
) -> None:  # fmt: skip
    """List accounts, groups in concert, rumours, or the claims that a person declared.

    Raises:
        Failure: there is no archive, or the key of pseudonyms cannot be used.
    """
    if what != "accounts" and (result or order != "posts"):
        raise click.UsageError(f"--result and --sort do not apply to {what}; they do to accounts")
    if what == "claims" and (platform or since or until):
        raise click.UsageError("--platform, --since and --until do not apply to claims; they do to accounts, groups and rumours")
    machine = as_json or as_csv
    with opened(archive) as catalogue:
        if not catalogue.has_posts:
            note(f"vigie: {SAID[lang]['none']}")
            return
        told = names(identified=identified)
        asked: dict[str, Any] = {"platform": platform, "since": since, "until": until, "limit": limit + 1}
        rows = _rows(catalogue, told, what, asked, result, order)
        titles = {} if machine else _titles(catalogue, lang)
        if what == "rumours" and not machine:
            rows = _in_the_language(rows, catalogue, lang)
    if len(rows) > limit:
        note(f"vigie: the first {limit:,} rows; more with --limit")
    shown = rows[:limit]
    if what == "rumours" and machine and not identified:
        shown = [{name: value for name, value in row.items() if name != "text"} for row in shown]
    out = shown if machine else [_WORDED[what](row, lang, titles) for row in shown]
    rows_out(out, list(out[0]) if out and as_csv else LISTS[what], as_json=as_json, as_csv=as_csv, color=color, headings=[_head(name, lang) for name in LISTS[what]])
    if not rows:
        words = SAID[lang]
        note("vigie: " + words["none_of"].format(what=words[f"what_{what}"], filtered=words["of_this_kind"] if any((platform, result, since, until)) else ""))
    elif not identified and what == "accounts" and not machine:
        note("vigie: " + SAID[lang]["identified"])


def _rows(catalogue: Catalogue, told: Names, what: str, asked: dict[str, Any], result: str | None, order: str) -> Rows:
    from vigie.archive.account_facts import account_rows
    from vigie.archive.group_facts import group_rows
    from vigie.archive.rumour_facts import rumour_rows

    if what == "claims":
        from vigie.archive.claim_facts import card_rows

        return card_rows(catalogue, limit=asked["limit"])
    if what == "accounts":
        return account_rows(catalogue, told, result=result, order=order, **asked)
    return group_rows(catalogue, **asked) if what == "groups" else rumour_rows(catalogue, told, **asked)


def _titles(catalogue: Catalogue, lang: str) -> dict[str, str]:
    """What declared groups are called."""
    from vigie.archive.rumour_facts import declared_groups
    from vigie.social.rumour_words import titles

    return titles(declared_groups(catalogue), lang)


def _in_the_language(rows: Rows, catalogue: Catalogue, lang: str) -> Rows:
    """Rumours, those that a person declared with the wording of the language."""
    if not any(row["unit"] == "card" for row in rows):
        return rows
    from vigie.archive.claim_facts import card_rows

    wording = {card["rumour"]: card[f"wording_{lang}"] for card in card_rows(catalogue)}
    return [{**row, "text": wording.get(row["rumour"], row["text"])} for row in rows]


def _head(name: str, lang: str) -> str:
    return heading({"target": "what"}.get(name, name), lang)


def _account(row: Mapping[str, Any], lang: str, titles: Mapping[str, str]) -> dict[str, object]:
    del titles
    words, score = SAID[lang], row["log10_lr"]
    return {
        **row, "result": RESULT[row["result"]][1 if lang == "fr" else 0], "log10_lr": None if score is None else decimal(score, lang) if score < 0 else "+" + decimal(score, lang),
        "per_day": decimal(row["per_day"], lang), "bound": words["yes"] if row["bound"] else words["no"], "groups": ", ".join(row["groups"]) or None,
    }  # fmt: skip


def _group(row: Mapping[str, Any], lang: str, titles: Mapping[str, str]) -> dict[str, object]:
    del titles
    words, kinds = SAID[lang], ", ".join(kind_said(kind, lang) for kind in row["kinds"])
    return {**row, "kinds": kinds, "p": chance(row["p"], lang), "borderline": words["yes"] if row["borderline"] else words["no"]}


def _rumour(row: Mapping[str, Any], lang: str, titles: Mapping[str, str]) -> dict[str, object]:
    words = SAID[lang]
    what = row["what"] if row["unit"] == "url" else row["text"] or row["what"]
    if row["unit"] == "card":
        what = words["confirmed"].format(name=row["what"], wording=row["text"])
    return {
        **row, "target": what, "first_group": titles.get(str(row["first_group"]), words["nobody"]), "carried_by": ", ".join(titles.get(name, name) for name in row["groups"]) or None,
    }


def _claim(row: Mapping[str, Any], lang: str, titles: Mapping[str, str]) -> dict[str, object]:
    del titles
    return {**row, "wording": row[f"wording_{lang}"]}


_WORDED: Final = {"accounts": _account, "claims": _claim, "groups": _group, "rumours": _rumour}
