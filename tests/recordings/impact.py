"""What visitors met, by their own clocks, and the verdict that follows from the project's definitions.

slowed: the 95th percentile of the duration of successful page views is at least 2 s and three times the usual in at least
3 of 5 consecutive minutes. unavailable: at least half of the page views of two minutes fail. absorbed: neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from visitors import View

LONG = 2.0
"""Seconds from which a page view counts as slow."""


def failed(view: View) -> bool:
    """No answer before patience ended, or an answer that the server failed."""
    return view.status == 0 or view.status >= 500 or view.status == 408


def impact_of(views: Sequence[View], start: float) -> dict[str, object]:
    """Verdict and impact.

    Args:
        views: page views of people, in any order.
        start: of the attack or the crowd, seconds since the epoch; before it is usual.

    Returns:
        `verdict`; `impact` with the start of the first and the end of the last page view that failed (unavailable) or
        took 2 s or more (slowed); `views` as counts and percentiles before and after the start.
    """
    ordered = sorted(views, key=lambda view: view.start)
    before = [view for view in ordered if view.start < start]
    later = [view for view in ordered if view.start >= start]
    usual = _p95(before)
    minutes: dict[int, list[View]] = {}
    for view in later:
        minutes.setdefault(int((view.start - start) // 60), []).append(view)
    last = max(minutes, default=0)
    slow = [_p95(minutes.get(n, [])) >= max(LONG, 3 * usual) for n in range(last + 1)]
    pairs = [[*minutes.get(n, []), *minutes.get(n + 1, [])] for n in range(last)]
    down = any(pair and sum(map(failed, pair)) * 2 >= len(pair) for pair in pairs)
    slowed = any(sum(slow[n : n + 5]) >= 3 for n in range(len(slow)))
    verdict = "unavailable" if down else "slowed" if slowed else "absorbed"
    met = [view for view in later if failed(view) or (verdict == "slowed" and view.took >= LONG)] if verdict != "absorbed" else []
    return {
        "verdict": verdict,
        "impact": {"start": _moment(met[0].start), "end": _moment(max(view.start + view.took for view in met))} if met else None,
        "views": {"before": _sum(before), "after": _sum(later), "minutes": [_sum(minutes.get(n, [])) for n in range(last + 1)]},
    }


def _p95(views: Sequence[View]) -> float:
    took = [view.took for view in views if not failed(view)]
    return float(np.quantile(took, 0.95)) if took else 0.0


def _sum(views: Sequence[View]) -> dict[str, object]:
    return {"seen": len(views), "failed": sum(map(failed, views)), "p95_seconds": round(_p95(views), 3)}


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(round(seconds, 1), UTC).isoformat(timespec="milliseconds").replace("00+00:00", "Z")
