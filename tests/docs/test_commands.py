"""Commands in the documentation do what the pages say."""

from __future__ import annotations

import re
import shlex

import pytest

from docs.documents import PAGES, RECIPES, ROOT, difference, name, shell_lines, transcripts

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))


@pytest.mark.parametrize("page", [page for page in PAGES if shell_lines(page)], ids=name)
def test_every_command_runs(page, sandbox):
    for line in shell_lines(page):
        words = shlex.split(line, comments=True)
        if words[0] == "make":
            assert set(words[1:]) <= TARGETS, line
        elif words[0] == ".":
            assert words == [".", re.search(r"^VENV \?= (\S+)", MAKEFILE, re.MULTILINE)[1] + "/bin/activate"], line
        else:
            code, said = sandbox.shell(line) if "|" in words else sandbox.run(words)
            assert code == 0, f"{line}\n{said}"
            assert said.strip(), f"{line}: prints nothing"
            assert "  unread: " not in said, f"{line}: the line is not read\n{said}"


def test_the_lines_of_the_pages_are_enough_to_fail():
    assert sum(len(shell_lines(page)) for page in PAGES) > 40


@pytest.mark.parametrize("page", [page for page in PAGES if transcripts(page) and page not in RECIPES], ids=name)
def test_transcripts_are_what_the_program_prints(page, sandbox):
    for command in transcripts(page):
        code, printed = sandbox.run(list(command.words))
        assert code == 0, printed
        assert not (wrong := difference(command.said, printed)), f"{' '.join(command.words)}: {wrong}. Try: python tests/docs/refresh.py"


@pytest.mark.parametrize(
    ("said", "printed", "fits"),
    [
        (("a", "b"), "a\nb\n", True),
        (("a",), "a\nb\n", False),
        (("a", "…"), "a\nb\n", True),
        (("…", "b"), "a\nb\n", True),
        (("a", "c"), "a\nb\nc", False),
        (("a", "…", "c"), "a\nb\nc", True),
        (("…", "d"), "a\nb", False),
    ],
)
def test_a_transcript_that_departs_is_told(said, printed, fits):
    assert (difference(said, printed) == "") is fits
