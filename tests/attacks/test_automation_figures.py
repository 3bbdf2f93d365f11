"""Runs of real tools are the tool's in all their attacks, also with every request from another address; a quiet log has none."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

from conftest import SHARED

CAPTURES = Path(__file__).resolve().parents[1] / "captures"
LAB = SHARED / "web" / "lab"
LOGS = [
    *(path for name in ("sqlmap_default", "sqlmap_randagent_notvuln", "wapiti", "ffuf_dirs") if (path := LAB / f"{name}.log").exists()),
    *sorted(CAPTURES.glob("*.log.gz")),
]  # fmt: skip
ADDRESSES = 200


def lines_of(path):
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines(keepends=True)


def rotated(lines, seed=7):
    """The same lines, each from a random address of many."""
    rng = random.Random(seed)
    return [b"198.18.0.%d " % rng.randrange(ADDRESSES) + line.split(b" ", 1)[1] for line in lines]


def judged(vigie):
    return [json.loads(row) for row in vigie("show", "attacks", "--limit", "100000", "--json").splitlines()]


@pytest.mark.skipif(not LOGS, reason="no captures here")
@pytest.mark.parametrize("addresses", ["one address", "random addresses"])
@pytest.mark.parametrize("log", LOGS, ids=lambda path: path.name.split(".")[0])
def test_every_attack_of_a_tools_run_is_the_tools(vigie, log, addresses):
    lines = lines_of(log)
    (vigie.folder / "access.log").write_bytes(b"".join(lines if addresses == "one address" else rotated(lines)))
    vigie("read", "access.log")
    attacks = judged(vigie)
    assert attacks
    assert {(a["attack_id"], a["family"], a["sources"], a["automation"]) for a in attacks if a["automation"] != "tool"} == set()


@pytest.mark.skipif(not (SHARED / "web").is_dir(), reason="the development data is not here")
def test_a_quiet_log_stays_quiet(vigie):
    vigie("read", SHARED / "web" / "elastic_apache_first5000.log")
    assert judged(vigie) == []
