"""Round numbers for axes."""

from __future__ import annotations

import math
from typing import Final

_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)


def ticks(largest: float, about: int = 4, *, whole: bool = True) -> list[float]:
    """Round values from zero to one that is not below the largest.

    Args:
        largest: 0 or more.
        about: how many steps.
        whole: only whole numbers, as for counts.
    """
    if largest < 1e-9:
        return [0.0, 1.0]
    raw = largest / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * one for one in _STEPS if power * one >= raw * (1 - 1e-9))
    if whole:
        step = max(1.0, float(round(step)) if step >= 1 and power * 2.5 != step else math.ceil(step))
    return [step * at for at in range(math.ceil(largest / step - 1e-9) + 1)]
