"""Reads a log in small segments, in a process that kills itself at its nth step on disk, in the middle of what is written there.

Run as a program by `test_killed.py`: `killed.py LOG ARCHIVE WORKERS STEP`; STEP 0 never dies.
"""

import os
import signal
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from vigie.archive import archive
from vigie.archive.archive import Archive
from vigie.engines import local, writer
from vigie.engines import pool as processes
from vigie.engines.files import expand

local.BLOCK, writer.SEGMENT_BLOCKS, processes.PARALLEL_FLOOR = 60_000, 1, 0
"""Segments of some hundred lines, so that a small log has many commits."""


def dying_at(step):
    """Die instead of the `step`th touch of the disk; what is written then is torn."""
    left = [step]

    def touch(function, torn=None):
        def instead(*arguments, **options):
            left[0] -= 1
            if left[0] == 0:
                if torn is not None:
                    torn(*arguments)
                os.killpg(os.getpid(), signal.SIGKILL)
            return function(*arguments, **options)

        return instead

    pq.write_table = touch(pq.write_table, lambda _, path: Path(path).write_bytes(b"PAR1 half"))
    np.save, os.fsync = touch(np.save), touch(os.fsync)
    Path.rename, Path.mkdir = touch(Path.rename), touch(Path.mkdir)
    Path.write_text = touch(Path.write_text, lambda path, text, *_: path.write_bytes(text.encode()[: len(text) // 2]))
    archive.chain = touch(archive.chain)


def main(log, folder, workers, step):
    """What `vigie read` does with a log, without the summary."""
    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
    pool = local.Pool(workers)
    if workers > 1:
        pool.start_early()
    if step:
        dying_at(step)
    store = Archive(Path(folder))
    with store.open_for_writing():
        for item in expand((log,))[0]:
            report = local.read_input(item, store, local.Options(workers=workers), pool, lambda *_: None)
            if report.failure:
                sys.exit(report.failure)
    pool.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
