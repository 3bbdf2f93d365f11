"""Shared by all tests: lines of every kind, an archive read from text, and the command line run as a user runs it."""

import os
import shutil
import tempfile
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # as many workers as cores: more threads only wait for each other

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, settings

from forked import Commands
from vigie.records import LINE

settings.register_profile("vigie", deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
settings.load_profile("vigie")

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
CASES = Path(__file__).resolve().parent / "cases"
COMMANDS = Commands()


def combined(
    target="/", *, address="192.0.2.7", time="15/Jan/2017:10:00:00 +0100", method="GET", status=200, agent="Mozilla/5.0", referrer="-", user="-"
):
    """One combined line, as nginx would write it."""
    return f'{address} - {user} [{time}] "{method} {target} HTTP/1.1" {status} 512 "{referrer}" "{agent}"\n'.encode()


def batch_of(lines):
    """Rows of LINE with running offsets."""
    offsets, at = [], 0
    for line in lines:
        offsets.append(at)
        at += len(line)
    names = pa.array(["access.log"] * len(lines), pa.string()).dictionary_encode()
    return pa.RecordBatch.from_arrays([names, names, pa.array(offsets, pa.int64()), pa.array(lines, pa.binary())], schema=LINE.schema)


class Vigie:
    """The command line, run as a user runs it, in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = {**os.environ, "VIGIE_ARCHIVE": str(folder / "archive"), "PYTHONWARNINGS": "error", "COLUMNS": "120", "LANGUAGE": "en"}

    def __call__(self, *arguments, stdin=None, code=0):
        with tempfile.TemporaryDirectory() as place:
            streams = [Path(place) / name for name in ("in", "out", "err")]
            streams[0].write_bytes(stdin or b"")
            for stream in streams[1:]:
                stream.touch()
            left = COMMANDS([*map(str, arguments)], environment=self.environment, folder=self.folder, streams=streams)
            out, self.err = (stream.read_bytes().decode("utf-8", "replace") for stream in streams[1:])
        assert left == code, f"exit {left}, wanted {code}\n{out[-3000:]}\n{self.err[-3000:]}"
        return out


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests of a worker: its driver cannot be started twice."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium")
    if program is None and os.environ.get("CI"):
        pytest.fail("no Chromium (make test installs it when root runs it)")
    if program is None:
        pytest.skip("no Chromium here")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from workers import Dealt

    return Dealt(config, log)


@pytest.fixture
def vigie(tmp_path):
    """A fresh command line with an archive of its own."""
    return Vigie(tmp_path)
