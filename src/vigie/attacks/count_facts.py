"""The count as programs get it: the JSON shape that scripts rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vigie.attacks.count import Count


def as_dict(counted: Count, snapshot: str, by: str) -> dict[str, object]:
    """The JSON shape of `count`."""
    return {
        "snapshot": snapshot,
        "period": {"from": counted.first, "to": counted.last},
        "attacks": counted.attacks,
        "information_operations": counted.operations,
        "ladder": [
            {"step": s.step, "unit": s.unit, "count": s.count, "grouped": s.grouped,
             "set_aside": [{"reason": reason, "count": n} for reason, n in s.set_aside]}
            for s in counted.ladder
        ],
        "sensitivity": {"pause_minutes": counted.settings.pause, "half": counted.half, "double": counted.double},
        "peak": {"day": counted.peak[0], "attacks": counted.peak[1]} if counted.peak else None,
        "trend": {"verdict": counted.trend.verdict, "slope": counted.trend.slope, "p_value": counted.trend.p_value, "days": counted.trend.days},
        "automation": {
            "tool": counted.automation.tool, "bespoke": counted.automation.bespoke, "undetermined": counted.automation.undetermined,
            "bespoke_interval": list(counted.automation.interval),
        },
        "not_observable": {"posts_without_body": counted.hidden_posts},
        "by": [{by: label, "attacks": n} for label, n in counted.by],
    }  # fmt: skip
