"""A process that has loaded what every command loads, and makes a copy of itself for each command that tests run.

A copy is a process of its own with the arguments, environment, folder and streams that it is given, and goes in by the command's own entry point. Only
the loading of modules is saved, which is most of the time of a short command. What depends on loading is tested with fresh processes (tests/cli).
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import threading

LOADED = ("numpy", "pyarrow.parquet", "pyarrow.compute", "polars", "duckdb", "hyperscan", "re2", "rich.table", "vigie.cli.main", "vigie.cli.verb_read", "vigie.archive.catalogue", "vigie.detectors.registry", "vigie.sources.registry")  # fmt: skip


class Commands:
    """Starts the process at the first command and ends it with the tests."""

    def __init__(self):
        self._process = None
        self._one = threading.Lock()

    def __call__(self, arguments, *, environment, folder, streams):
        """Run one command and wait for it.

        Args:
            arguments: behind the command's name.
            environment, folder: of the process.
            streams: paths of standard input, output and error.

        Returns:
            the exit code; negative numbers are signals.
        """
        with self._one:
            if self._process is None:
                self._process = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONWARNINGS": "error", "OPENBLAS_NUM_THREADS": "1"})
            asked = {"arguments": arguments, "environment": environment, "folder": str(folder), "streams": [str(one) for one in streams]}
            self._process.stdin.write(json.dumps(asked).encode() + b"\n")
            self._process.stdin.flush()
            return int(self._process.stdout.readline())


def serve():
    for name in LOADED:
        importlib.import_module(name)
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    for line in sys.stdin.buffer:
        child = os.fork()
        if child == 0:
            answers.close()
            be(json.loads(line))
        answers.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n".encode())


def be(asked):
    """Become the command."""
    for number, (path, how) in enumerate(zip(asked["streams"], (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY), strict=True)):
        opened = os.open(path, how)
        os.dup2(opened, number)
        os.close(opened)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.argv = ["vigie", *asked["arguments"]]
    sys.stdin, sys.stdout, sys.stderr = (open(n, mode, closefd=False) for n, mode in enumerate("rww"))  # noqa: SIM115
    from vigie.cli.main import main

    main()
    sys.exit(0)


if __name__ == "__main__":
    serve()
