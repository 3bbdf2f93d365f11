"""What the documentation states about the program is so: verbs, options, sources, families, rules, limits, files, links."""

from __future__ import annotations

import importlib
import re
from importlib import import_module

import pytest

from docs.documents import (
    DECISIONS,
    DETECTION,
    FORMATS,
    PAGES,
    README,
    ROOT,
    blocks,
    families_table,
    name,
    prose,
    section,
)
from vigie.attacks.doors import FAMILIES as AT_DOORS
from vigie.cli import failure
from vigie.cli.main import VERBS
from vigie.detectors import (
    content_discovery,
    discovery_together,
    failed_basic_auth,
    login_guessing,
    login_together,
    server_limits,
)
from vigie.detectors.modsecurity import FAMILIES
from vigie.detectors.registry import DETECTORS, RATES
from vigie.sources.known_layouts import APACHE_LAYOUTS, NGINX_LAYOUTS, RECOMMENDED
from vigie.sources.layout_source import apache_compiled, nginx_compiled
from vigie.sources.registry import SOURCES

DEPARTURES = DECISIONS[14]
"""The page that lists what is not there yet."""
OPTIONS = {option for verb in VERBS for parameter in import_module(f"vigie.cli.verb_{verb}").command.params for option in parameter.opts}
FAMILY_NAMES = {d.family for d in DETECTORS} | (set(RATES.values()) - {""}) | {family for family, _, _ in FAMILIES} | set(AT_DOORS)
RULES = {rule.id for detector in DETECTORS for rule in detector.rules}
DETECTOR_NAMES = {detector.name for detector in DETECTORS} | set(RATES)
OTHERS = {"--large", "--figures", "--help"}
"""Options of scripts, and the one that every command has."""


def cells(text, column=0):
    """Names in backticks in a column of the tables of a text."""
    rows = [line.split("|")[1 + column] for line in text.splitlines() if line.startswith("| ")]
    return [found[1] for row in rows if (found := re.match(r" `([^`]+)`", row))]


def spoken(page):
    """Texts in backticks."""
    return re.findall(r"`([^`\n]+)`", prose(page))


def test_every_verb_is_in_the_readme():
    text = README.read_text("utf-8")
    assert [verb for verb in VERBS if f"vigie {verb}" not in text] == []


@pytest.mark.parametrize("page", [page for page in PAGES if page != DEPARTURES], ids=name)
def test_every_verb_and_option_exists(page):
    text = page.read_text("utf-8")
    named = {verb for code in spoken(page) for verb in re.findall(r"\bvigie ([a-z]+)", code)}
    assert named <= set(VERBS)
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) - OPTIONS - OTHERS == set()


def test_the_departures_are_still_departures():
    listed = re.search(r"The verbs (.*?);", DEPARTURES.read_text("utf-8"), re.DOTALL)[1]
    assert set(re.findall(r"`(\w+)`", listed)) & set(VERBS) == set()


def test_formats_lists_every_source_and_no_other():
    assert sorted(cells(FORMATS.read_text("utf-8"))) == sorted(source.name for source in SOURCES)


def test_every_family_is_in_the_readme_and_in_detection():
    readme = README.read_text("utf-8")
    assert set(cells(readme[readme.index("## What it detects") : readme.index("## What it cannot see")])) == FAMILY_NAMES
    assert set(cells(section(DETECTION, "families"))) == FAMILY_NAMES


def test_the_table_of_rules_is_the_registrys():
    assert section(DETECTION, "families") == families_table(), "Try: python tests/docs/refresh.py"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_rule_that_is_named_exists(page):
    named = {code for code in spoken(page) if re.fullmatch(rf"(?:{'|'.join(FAMILY_NAMES | {'modsecurity'})})\.[a-z_]+", code)}
    assert named - RULES - DETECTOR_NAMES == set()


def test_windows_and_their_numbers():
    text = DETECTION.read_text("utf-8")
    rows = {row.split("`")[1]: row for row in text.splitlines() if row.startswith("| `") and row.split("`")[1] in RATES}
    assert set(rows) == set(RATES)
    sources = login_together.SOURCES
    said = {
        "login_guessing.window": [login_guessing.QUICK, login_guessing.SLOW, login_guessing.REMOTE_CONTROL, 4 * login_guessing.REMOTE_CONTROL],
        "login_guessing.together": [*sources["editors"], *sources["readers"]],
        "login_guessing.basic_auth": [failed_basic_auth.QUICK, failed_basic_auth.SLOW],
        "content_discovery.window": [content_discovery.QUICK, content_discovery.SLOW],
        "content_discovery.robots": [content_discovery.ROBOT, 10 * content_discovery.ROBOT],
        "modsecurity.verdict": [],
        "content_discovery.together": [discovery_together.PATHS, discovery_together.SOURCES, round(100 * discovery_together.ONCE)],
        "denial_of_service.limits": [
            server_limits.TOGETHER["slow_headers"], server_limits.EACH["slow_headers"], server_limits.TOGETHER["request_limit"], server_limits.TOGETHER["exhausted"],
        ],
    }
    for window, numbers in said.items():
        assert [int(n.replace(",", "")) for n in re.findall(r"[\d,]*\d", rows[window])] == numbers, window


def test_limits_are_the_programs():
    rows = re.findall(r"^\|[^|]*\|\s*([\d,]+)[^|]*\|[^|]*\|\s*`([\w.]+)\.(\w+)` \|$", (ROOT / "docs" / "hostile-input.md").read_text("utf-8"), re.MULTILINE)
    assert len(rows) >= 14
    for figure, module, constant in rows:
        assert int(figure.replace(",", "")) == getattr(importlib.import_module(f"vigie.{module}"), constant), constant


def test_exit_codes():
    text = README.read_text("utf-8")
    codes = [int(code) for code in re.findall(r"^\| (\d+) \|", text[text.index("## Exit codes") : text.index("## Settings")], re.MULTILINE)]
    assert codes == [0, failure.FINDINGS, failure.USAGE, failure.NOTHING_READ, failure.CONFIGURATION, failure.PARTLY_READ, 130]


def test_the_layouts_to_paste():
    [nginx], [apache] = blocks(FORMATS, "nginx"), blocks(FORMATS, "apache")
    assert nginx_compiled(nginx.text) == nginx_compiled(RECOMMENDED["nginx"])
    assert apache_compiled(apache.text) == apache_compiled(RECOMMENDED["apache"])
    assert {known.text for known in (*NGINX_LAYOUTS, *APACHE_LAYOUTS)} >= set(RECOMMENDED.values())


def test_the_views_of_the_archive(sandbox):
    text = (ROOT / "docs" / "archive.md").read_text("utf-8")
    listed = re.search(r"The views are (.*?)\.\s+Records", text, re.DOTALL)[1]
    views = re.findall(r"`(\w+)`", listed)
    assert len(views) == 16
    for view in views:
        code, said = sandbox.vigie(["sql", f"select * from {view} limit 0"])
        assert code == 0, said


def test_the_files_of_the_archive(sandbox):
    text = blocks(ROOT / "docs" / "archive.md", "")[0].text
    sandbox.vigie(["read", str(sandbox.folder / "var" / "log" / "nginx"), "--keep", "all", "--archive", str(sandbox.folder / "whole")])
    written = {path.name for path in (sandbox.folder / "whole").rglob("*") if path.is_file()}
    assert [file for file in written if file not in text] == []


def test_architecture_names_every_room_and_only_files_that_exist():
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    package = ROOT / "src" / "vigie"
    rooms = {path.name for path in package.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert {room.rstrip("/") for room in cells(text)} == rooms
    for page in PAGES:
        for file in re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.(?:py|yml))`", prose(page)):
            assert (package / file).exists() or (ROOT / file).exists(), (name(page), file)


def slug(heading):
    """The anchor of a heading, as forges make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_resolve(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), target
        if anchor:
            assert anchor in {slug(line.lstrip("#")) for line in there.read_text("utf-8").splitlines() if line.startswith("#")}, target


def test_every_page_is_reached_from_the_readme():
    reached, todo = set(), [README]
    while todo:
        page = todo.pop()
        if page in reached:
            continue
        reached.add(page)
        todo += [there for target in re.findall(r"\]\(([^)\s#]+\.md)[^)]*\)", prose(page)) if (there := (page.parent / target).resolve()).exists()]
    missing = [name(page) for page in PAGES if page not in reached and page.parent.name != "examples"]
    assert missing == []


def test_decisions_are_numbered_without_gaps_and_say_what_they_must():
    assert [path.name[:4] for path in DECISIONS] == [f"{n:04d}" for n in range(1, len(DECISIONS) + 1)]
    for number, path in enumerate(DECISIONS, 1):
        text = path.read_text("utf-8")
        assert text.startswith(f"# {number}. "), path
        assert all(f"**{word}.**" in text for word in ("Context", "Decision", "Consequences")), path


def test_figures_are_there():
    for table in ("figures: recall", "figures: quiet"):
        assert len(section(README, table).splitlines()) > 5, f"{table}: python tests/docs/refresh.py --figures"


def test_the_changelog_has_what_is_not_released():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "## [Unreleased]" in text and "### Added" in text
    assert [verb for verb in VERBS if f"vigie {verb}" not in text] == []


def test_nobody_real_is_in_the_examples():
    text = (ROOT / "examples" / "access.log").read_text("utf-8")
    assert {address.rpartition(".")[0] for address in re.findall(r"\b\d+\.\d+\.\d+\.\d+\b", text)} <= {"192.0.2", "198.51.100", "203.0.113"}
    assert all(host.endswith(".example") for host in re.findall(r"https?://([\w.-]+)", text))
