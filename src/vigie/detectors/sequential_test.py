"""The sequential test: does a source behave as a visitor or as a scanner? Decided as soon as the evidence suffices, whatever the pace.

References:
    - Wald (1945), Sequential tests of statistical hypotheses.
    - Jung, Paxson, Berger, Balakrishnan (2004), Fast portscan detection using sequential hypothesis testing (threshold random walk).
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

HONEST, SCANNER, WRONG, RIGHT = 0.8, 0.2, 0.01, 0.99
"""How often an honest source, and a scanner, find a door open; how often the test may accuse an honest one, and finds a scanner."""
STEP: Final = math.log(HONEST / SCANNER)
DECIDED: Final = math.log(RIGHT / WRONG) / STEP - 1e-9
"""Closed doors more than open ones at which the test decides: 3.3, that is four in a row."""


def walked(source: Ints, failed: Flags) -> npt.NDArray[np.float64]:
    """The test's balance after each contact: closed doors less open ones, never lower than what acquits a source.

    Args:
        source: numbers, rising.
        failed: whether the door was closed, in order of time.
    """
    steps = np.cumsum(np.where(failed, 1, -1)).astype(np.int64)
    starts = np.flatnonzero(np.diff(source, prepend=source[0] - 1))
    sizes = np.diff(np.append(starts, len(source)))
    steps -= np.repeat(np.concatenate([[0], steps[starts[1:] - 1]]), sizes)
    apart = np.repeat(np.arange(len(starts)), sizes) * (4 * len(source))
    lowest = np.minimum.accumulate(np.minimum(steps, 0) - apart) + apart
    balance: npt.NDArray[np.float64] = steps - np.minimum(lowest + DECIDED, 0)
    return balance
