"""`add-a-source.md` and `add-a-detector.md`, followed to the letter: packages of their own that vigie finds by their entry points."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tomllib
from datetime import UTC, datetime

import pyarrow as pa
import pytest
import yaml

from conftest import batch_of
from docs.documents import RECIPES, blocks, difference, transcripts
from vigie.detectors.requests import detect_requests
from vigie.records import ACCESS
from vigie.sources.registry import SOURCES
from vigie.sources.source import Reading

SOURCE_PAGE, DETECTOR_PAGE = RECIPES


class Package:
    """What a page makes its reader write, installed as pip would install it."""

    def __init__(self, page, folder):
        self.page, self.folder = page, folder
        # new patterns are compiled into a cache of their own, so that they do not push the user's out
        self.cache = {"XDG_CACHE_HOME": str(folder / "cache")} if page == DETECTOR_PAGE else {}
        self.files = {block.file: block.text for language in ("python", "yaml", "toml") for block in blocks(page, language)}
        project = tomllib.loads(self.files["pyproject.toml"])["project"]
        facts = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
        facts.mkdir()
        (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
        points = (f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in named.items()) for group, named in project["entry-points"].items())
        (facts / "entry_points.txt").write_text("\n".join(points))
        for name, text in self.files.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")

    def load(self, module):
        """A module of the package, in this process."""
        sys.path.insert(0, str(self.folder))
        try:
            return importlib.import_module(module)
        finally:
            sys.path.remove(str(self.folder))

    def vigie(self, words):
        """The command line with the package installed."""
        done = subprocess.run(
            [sys.executable, "-m", "vigie.cli.main", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self.folder, timeout=120,
            env={**os.environ, **self.cache, "PYTHONPATH": str(self.folder), "VIGIE_ARCHIVE": str(self.folder / "archive")},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        return done.stdout


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    package = Package(SOURCE_PAGE, tmp_path_factory.mktemp("kiosk"))
    (package.folder / "kiosk.log").write_text(blocks(SOURCE_PAGE, "")[0].text, "utf-8")
    return package


@pytest.fixture(scope="module")
def detector(tmp_path_factory):
    return Package(DETECTOR_PAGE, tmp_path_factory.mktemp("traps"))


def test_the_source_reads_its_cases(source):
    read = source.load("vigie_kiosk.source").SOURCE.read
    for case in yaml.safe_load(source.files["cases.yml"])["cases"]:
        good = read(batch_of([one["line"].encode() + b"\n" for one in case["good"]]), Reading()).to_pylist()
        for one, row in zip(case["good"], good, strict=True):
            assert row["unread"] is None, one
            for name, value in one["fields"].items():
                found = row[name].astimezone(UTC).isoformat().replace("+00:00", "Z") if isinstance(row[name], datetime) else row[name]
                assert found == value, (name, one["line"])
        broken = read(batch_of([one["line"].encode() + b"\n" for one in case["broken"]]), Reading()).to_pylist()
        assert [row["unread"] for row in broken] == [one["reason"] for one in case["broken"]]


def test_the_source_is_total(source):
    kiosk = source.load("vigie_kiosk.source").SOURCE
    lines = [b"\n", b"\xff\xfe\n", b'at=1 agent="\n', b"at=1 " + b'x="\\' * 500 + b"\n", b"a=" * 3000 + b"\n", b"at=99999999999999999999\n"]
    rows = kiosk.read(batch_of(lines), Reading())
    assert rows.schema.equals(kiosk.schema)
    assert [(row["unread"] is None) == (row["seen_at"] is not None) for row in rows.to_pylist()] == [True] * len(lines)


def test_the_source_claims_its_own_lines_and_no_other_source_does(source):
    kiosk = source.load("vigie_kiosk.source").SOURCE
    sample = (source.folder / "kiosk.log").read_bytes().splitlines()
    assert kiosk.recognise(sample).share == 1
    assert [other.name for other in SOURCES if other.recognise(sample)] == []
    assert kiosk.recognise([b'192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "GET / HTTP/1.1" 200 5 "-" "-"']) is None


def _families(found, place, text):
    row = {field.name: None for field in ACCESS.schema} | {"feed": "f", "file": "f", "byte_offset": 0, "http_method": "GET", "url_original": "/x"}
    row |= {"url_original": text} if place == "path" else {"http_request_body": text}
    return detect_requests(pa.RecordBatch.from_pylist([row], schema=ACCESS.schema), (found,)).column("rule").to_pylist()


def test_every_example_of_the_detector(detector, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = detector.load("vigie_traps.detector").DETECTOR
    assert len(found.rules) == 2
    for rule in found.rules:
        place = "path" if "path" in rule.places else "body"
        for example in rule.must:
            assert rule.id in _families(found, place, example.text), example
        for example in rule.must_not:
            assert rule.id not in _families(found, place, example.text), example


@pytest.mark.parametrize("package", ["source", "detector"])
def test_the_program_finds_the_package_and_says_what_the_page_says(package, request):
    installed = request.getfixturevalue(package)
    for command in transcripts(installed.page):
        printed = installed.vigie(command.words[1:])
        assert not (wrong := difference(command.said, printed)), f"{' '.join(command.words)}: {wrong}"


def test_without_the_package_nobody_reads_the_lines(sandbox, source):
    code, said = sandbox.vigie(["read", str(source.folder / "kiosk.log"), "--archive", str(sandbox.folder / "kiosk")])
    assert code == 3
    assert "no format that vigie reads" in said


def test_the_second_line_of_the_detectors_page_is_silent(detector):
    silent = transcripts(DETECTOR_PAGE)[-1]
    assert "secret_probe  rule" not in detector.vigie(silent.words[1:])
