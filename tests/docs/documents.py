"""The documentation as data: pages, code blocks, commands, and the sections that a program writes."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README, FORMATS, DETECTION = ROOT / "README.md", ROOT / "docs" / "formats.md", ROOT / "docs" / "detection.md"
RECIPES = (ROOT / "docs" / "add-a-source.md", ROOT / "docs" / "add-a-detector.md")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
PAGES = [
    README, ROOT / "README.fr.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", ROOT / "examples" / "README.md",
    *sorted((ROOT / "docs").glob("*.md")), *DECISIONS,
]  # fmt: skip

_FENCE = re.compile(r"^```(\w*)(?: file=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SECTION = "<!-- {} -->\n"
_END = "<!-- end -->"
GAP = "…"
"""A line of a transcript that stands for any number of lines."""


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file it is meant for, its text."""

    language: str
    file: str
    text: str


@dataclass(frozen=True)
class Command:
    """A command of a transcript and what it is said to print."""

    words: tuple[str, ...]
    said: tuple[str, ...]


def name(page: Path) -> str:
    """A page as a person calls it."""
    return str(page.relative_to(ROOT))


def blocks(page: Path, language: str) -> list[Block]:
    """Fenced blocks of one language."""
    found = [Block(m[1], m[2] or "", m[3]) for m in _FENCE.finditer(page.read_text("utf-8"))]
    return [block for block in found if block.language == language]


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return _FENCE.sub("", page.read_text("utf-8"))


def shell_lines(page: Path) -> list[str]:
    """Commands of the blocks marked as shell, comments off."""
    lines = [line for block in blocks(page, "sh") for line in block.text.replace("\\\n", " ").splitlines()]
    return [line for line in lines if shlex.split(line, comments=True)]


def transcripts(page: Path) -> list[Command]:
    """Commands of the blocks marked as console, with their output."""
    found: list[Command] = []
    for block in blocks(page, "console"):
        for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append(Command(tuple(shlex.split(command)), tuple(output.rstrip("\n").split("\n"))))
    return found


def difference(said: tuple[str, ...], printed: str) -> str:
    """Where the output departs from what a page says, "" where it does not. A gap stands for any number of lines."""
    lines = [line.rstrip() for line in printed.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    at, free = 0, False
    for line in said:
        if line == GAP:
            free = True
            continue
        while free and at < len(lines) and lines[at] != line.rstrip():
            at += 1
        if at >= len(lines) or lines[at] != line.rstrip():
            near = lines[at] if at < len(lines) else "(the end)"
            return f"the page says {line!r}, the program {near!r}"
        at, free = at + 1, False
    return "" if free or at == len(lines) else f"the page ends, the program goes on with {lines[at]!r}"


def masked(line: str) -> str:
    """A line with numbers, ids and bars made equal."""
    return re.sub(r"[\d][\d,.:]*|[█▏▁-▇]+|\s+|\b[0-9a-f]{12,16}\b", "#", line.strip())


def section(page: Path, title: str) -> str:
    """The text between `<!-- title -->` and `<!-- end -->`."""
    rest = page.read_text("utf-8").partition(_SECTION.format(title))[2]
    assert rest, f"{name(page)} has no section {title!r}"
    return rest.partition(_END)[0]


def with_section(page: Path, title: str, text: str) -> str:
    """A page with another text in a section."""
    whole = page.read_text("utf-8")
    head, mark, rest = whole.partition(_SECTION.format(title))
    return head + mark + text + _END + rest.partition(_END)[2]


def families_table() -> str:
    """Every family with its rules, its windows and its ids, as detection.md lists them."""
    from vigie.attacks.doors import FAMILIES as AT_DOORS
    from vigie.detectors.modsecurity import FAMILIES
    from vigie.detectors.registry import DETECTORS, RATES

    rows = ["| family | rules and windows | ids |", "|---|---|---|"]
    order = list(dict.fromkeys([d.family for d in DETECTORS] + [family for family in RATES.values() if family] + [f for f, _, _ in FAMILIES]))
    for family in order:
        rules = [rule for detector in DETECTORS if detector.family == family for rule in detector.rules]
        windows = [name for name, of in RATES.items() if of == family]
        ids = dict.fromkeys(one for rule in rules for one in rule.ids)
        names = [f"`{rule.id}`" for rule in rules] + [f"`{window}` (window)" for window in windows]
        rows.append(f"| `{family}` | {', '.join(names)} | {', '.join(ids)} |")
    rows += [f"| `{family}` | counted by log-in, see [doors](doors.md) | CAPEC-49, T1110, T1078 |" for family in AT_DOORS]
    return "\n".join(rows) + "\n"
