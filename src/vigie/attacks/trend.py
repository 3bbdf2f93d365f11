"""Is it more every day? An honest test, not an impression.

References:
    - Mann (1945), Nonparametric tests against trend; Kendall (1975), Rank correlation methods.
    - Sen (1968), Estimates of the regression coefficient based on Kendall's tau.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

MIN_DAYS = 7
"""Fewer days than this and the test stays silent."""


@dataclass(frozen=True, slots=True)
class Trend:
    """What the days say.

    Attributes:
        verdict: `rising`, `falling`, `no clear trend` or `too few days`.
        slope: attacks per day per day (Sen's slope), None when too few days.
        p_value: two-sided, Mann-Kendall with correction for ties; None when too few days.
        days: how many days were compared.
    """

    verdict: str
    slope: float | None
    p_value: float | None
    days: int


def trend(counts: Sequence[int]) -> Trend:
    """Test a series of daily counts for a monotone trend (two-sided, 5 %).

    Args:
        counts: one per day, days without any as 0, in order. Partial first and last days should be left out.
    """
    days = len(counts)
    if days < MIN_DAYS:
        return Trend("too few days", None, None, days)
    score = sum((counts[j] > counts[i]) - (counts[j] < counts[i]) for i in range(days) for j in range(i + 1, days))
    ties = sum(n * (n - 1) * (2 * n + 5) for n in Counter(counts).values())
    variance = (days * (days - 1) * (2 * days + 5) - ties) / 18
    if variance <= 0:
        return Trend("no clear trend", 0.0, 1.0, days)
    z = (score - (score > 0) + (score < 0)) / math.sqrt(variance)
    p_value = math.erfc(abs(z) / math.sqrt(2))
    slope = median((counts[j] - counts[i]) / (j - i) for i in range(days) for j in range(i + 1, days))
    verdict = "no clear trend" if p_value >= 0.05 else ("rising" if score > 0 else "falling")
    return Trend(verdict, slope, p_value, days)
