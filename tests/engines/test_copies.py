"""A process that copies itself must have no threads of its own: what is loaded before the workers start may start none."""

import os
import subprocess
import sys

_PROGRAM = """
import re
def threads():
    return int(re.search(r"Threads:\\t(\\d+)", open("/proc/self/status").read())[1])
import numpy, polars, pyarrow
before = threads()
import vigie.cli.verb_read, vigie.engines.local, vigie.sources.registry
from vigie.detectors.patterns import patterns_of
from vigie.detectors.registry import readers_of
from vigie.records import ACCESS
patterns_of(readers_of(ACCESS))
print(threads() - before)
"""


def test_loading_everything_starts_no_threads():
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, env=environment, timeout=120, check=True)
    assert done.stdout.strip() == "0"
