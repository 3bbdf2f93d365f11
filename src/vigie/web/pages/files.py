"""What was read: each file, and each line that could not be, with its reason."""

from __future__ import annotations

from typing import Final

from vigie.web.asked import PER_PAGE, Asked
from vigie.web.page import Column, Content, Lines, Page, Para, RawLine, Section, Table
from vigie.web.pages.pieces import parts, text_of
from vigie.web.state import State
from vigie.words.ladder import reason_name
from vigie.words.numbers import number

WORDS: Final = {
    "en": {
        "files": "Files", "said": "{lines} lines in {files} files: {read} read, {unread} not read. Read and not read make all lines.", "file": "File", "format": "Format", "lines": "Lines", "read": "Read", "unread": "Not read", "aside": "Read before", "first": "First (UTC)", "last": "Last (UTC)", "sha256": "SHA-256 of what was read",
        "unread_title": "Lines that could not be read", "unread_why": "None is lost: each stands here as it is, with the reason.", "none": "Every line could be read.", "at": "{file}, byte {byte}", "caption": "Each file",
    },
    "fr": {
        "files": "Fichiers", "said": "{lines} lignes dans {files} fichiers : {read} lues, {unread} illisibles. Lues et illisibles font toutes les lignes.", "file": "Fichier", "format": "Format", "lines": "Lignes", "read": "Lues", "unread": "Illisibles", "aside": "Déjà lues", "first": "Première (UTC)", "last": "Dernière (UTC)", "sha256": "SHA-256 de ce qui a été lu",
        "unread_title": "Les lignes qui n'ont pas pu être lues", "unread_why": "Aucune n'est perdue : chacune est ici telle quelle, avec la raison.", "none": "Toutes les lignes ont pu être lues.", "at": "{file}, octet {byte}", "caption": "Chaque fichier",
    },
}  # fmt: skip
COLUMNS: Final = ("file", "feed", "format", "bytes", "lines", "read", "unread", "aside", "sha256", "first_seen", "last_seen")


def make(state: State, asked: Asked) -> Content:
    """The page."""
    words, lang, facts = WORDS[asked.lang], asked.lang, state.facts
    sums = {name: number(sum(int(row[name]) for row in facts.files), lang) for name in ("lines", "read", "unread")}
    kinds = {"lines": "number", "read": "number", "unread": "number", "aside": "number", "file": "code", "sha256": "code"}
    names = {"first_seen": "first", "last_seen": "last"}
    made = tuple(Column(name, words[names.get(name, name)], kinds.get(name, "time" if name in names else "text")) for name in ("file", "format", "lines", "read", "unread", "aside", "first_seen", "last_seen", "sha256"))
    total = facts.numbers["unread"]
    rows = state.rows(f"select file, byte_offset, reason::varchar as reason, line from unread order by file, byte_offset limit {PER_PAGE} offset {(asked.nth - 1) * PER_PAGE}")
    lines = Lines(tuple(RawLine(reason_name(str(row["reason"]), lang), words["at"].format(file=row["file"], byte=number(int(row["byte_offset"]), lang)), text_of(row["line"])) for row in rows))
    sections = (
        Section(words["files"], (Para((words["said"].format(files=number(len(facts.files), lang), **sums),)), Table(words["caption"], made, facts.files))),
        Section(words["unread_title"], (Para((words["unread_why"],)), lines, Para(parts(total, asked, "files"), "small")) if total else (Para((words["none"],)),), "wide", "unread"),
    )  # fmt: skip
    listed = [{name: row[name] for name in COLUMNS} for row in facts.files]
    return Content(sections, {"files": listed, "unread": total, "unread_lines": [{**row, "line": text_of(row["line"])} for row in rows]}, listed, COLUMNS)


PAGE: Final = Page("files", {"en": "What was read", "fr": "Ce qui a été lu"}, make, "attacks", words=WORDS)
