"""`kill -9` at any moment, in the middle of any write: reading again gives the counts and the ids of a reading that nothing disturbed."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import Vigie, combined

PROGRAM = Path(__file__).with_name("killed.py")
LINES = 3000


def run(log, archive, workers, step):
    return subprocess.run([sys.executable, PROGRAM, log, archive, str(workers), str(step)], capture_output=True, timeout=120)


def answers(folder, archive):
    vigie = Vigie(folder)
    vigie.environment["VIGIE_ARCHIVE"] = str(archive)
    count = json.loads(vigie("count", "--json"))
    return count["ladder"], vigie("show", "attacks", "--json", "--limit", "9999"), vigie("show", "signals", "--json", "--limit", "9999")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("killed")
    log = folder / "access.log"
    with log.open("wb") as out:
        for n in range(LINES):
            target = f"/a?id={n}%27%20union%20select%201,2,3--%20" if n % 50 == 0 else f"/p/{n}?q={n % 97}"
            out.write(combined(target, address=f"192.0.2.{n % 250}", time=f"15/Jan/2017:{n // 3600:02d}:{n // 60 % 60:02d}:{n % 60:02d} +0100"))
    done = run(log, folder / "clean", 1, 0)
    assert done.returncode == 0, done.stderr
    assert len(list((folder / "clean" / "segments").iterdir())) >= 4
    return folder, log, answers(folder, folder / "clean")


@pytest.mark.parametrize(("workers", "stride"), [(1, 5), (2, 13)])
def test_killed_at_a_step_on_disk(undisturbed, workers, stride):
    folder, log, wanted = undisturbed
    archive, killed = folder / f"steps-{workers}", 0
    for step in range(1, 400, stride):
        done = run(log, archive, workers, step)
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr
        killed += 1
    assert killed >= 2
    assert answers(folder, archive) == wanted
    assert not list((archive / "segments").glob("*.tmp"))


def test_killed_after_some_time(undisturbed):
    """Set `VIGIE_KILLS` for more of them."""
    folder, log, wanted = undisturbed
    archive, chance = folder / "moments", random.Random(11)
    for _ in range(int(os.environ.get("VIGIE_KILLS", "3"))):
        process = subprocess.Popen([sys.executable, PROGRAM, log, archive, "2", "0"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        time.sleep(chance.uniform(0.3, 0.9))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert run(log, archive, 2, 0).returncode == 0
    assert answers(folder, archive) == wanted
