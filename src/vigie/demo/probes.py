"""What a monitor outside wrote down: it asked for the home page every five minutes, and got no answer while the site was down."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

from vigie.demo.crises import outages
from vigie.demo.kind import Kind, Truth, moment
from vigie.demo.month import SITE, Month
from vigie.demo.site import size_of

EVERY, AFTER = 300, 95
"""Seconds between two measurements, and after midnight of the first."""
_PATIENCE: Final = 15.0
_NAME: Final = "probes.jsonl"


def write(folder: Path, month: Month) -> Truth:
    """Write `probes.jsonl`, one JSON object a line.

    Args:
        folder: where.
        month: the story's frame.
    """
    folder.mkdir(parents=True)
    dice = month.dice("probes")
    spans = outages(month)
    lines = []
    for second in range(month.start + AFTER, month.end, EVERY):
        down = any(start <= second < end for start, end in spans)
        took = dice.uniform(0.12, 0.75)
        lines.append(
            json.dumps(
                {
                    "seen_at": moment(second).isoformat().replace("+00:00", "Z"),
                    "url": f"https://{SITE}/",
                    "status": 0 if down else 200,
                    "duration": _PATIENCE if down else round(took, 3),
                    "bytes": 0 if down else size_of("/"),
                    "error": f"no answer after {_PATIENCE:g} s" if down else None,
                    "from": "ailleurs",
                },
                ensure_ascii=False,
            )
            + "\n"
        )
    path = folder / _NAME
    path.write_text("".join(lines), encoding="utf-8")
    os.utime(path, (month.end, month.end))
    return Truth(attacks=(), lines=len(lines), files=(_NAME,))


PROBES = Kind("probes", write)
"""A monitor's own JSON lines."""
