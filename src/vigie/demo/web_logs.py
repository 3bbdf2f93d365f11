"""Web server logs: nginx for the campaign's own site, Apache for donations and petition, rotated as servers do.

Also what real folders hold: two files that overlap, lines torn by a crash, lines that are no log at all.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import zstandard

from vigie.demo.crises import crowd, in_outage, readers
from vigie.demo.kind import Kind, Truth
from vigie.demo.month import SITE, Month
from vigie.demo.nginx_lines import lines as nginx_lines
from vigie.demo.request import Request, apache_vhost_combined, stamp
from vigie.demo.schedule import planned
from vigie.demo.staff import staff
from vigie.demo.visitors import visits

OVERLAP: Final = 1_200
"""Lines at the end of one file that the next one begins with: somebody joined two files in a hurry."""

NO_LINE, NO_DATE = "does not fit the layout", "time is not a date"

_BROKEN: Final = (
    (0.11, '198.18.77.3 - - [{time}] "GET /programme/ HT', NO_LINE),
    (0.23, "PHP Warning:  mysqli_connect(): (HY000/2002): Connection refused in /srv/www/wp-includes/wp-db.php on line 1531", NO_LINE),
    (0.37, "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", NO_LINE),
    (0.52, '198.18.90.41 - - [31/Feb/2017:09:12:44 +0000] "GET /agenda/ HTTP/1.1" 200 8120 "-" "Mozilla/5.0"', NO_DATE),
    (0.66, "== redémarrage après coupure de courant ==", NO_LINE),
    (0.81, '198.18.64.7 - - [{time}] "GET /wp-content/uploads/2017/02/deb', NO_LINE),
    (0.93, '198.18.33.8 - - [--/---/----:--:--:-- +0000] "GET / HTTP/1.1" 200 512 "-" "-"', NO_DATE),
)  # fmt: skip
"""Where in the main log (a share of its lines), what, and why nobody can read it."""


def write(folder: Path, month: Month) -> Truth:
    """Write every access log of the month.

    Args:
        folder: where; `nginx` and `apache2` are made in it.
        month: the story's frame.
    """
    schedule = planned(month)
    readers_at_once, crowds = crowd(month)
    innocent = in_outage([*visits(month), *staff(month), *readers(month), *readers_at_once], month)
    everything = [*schedule.requests, *innocent]
    everything = sorted(request for request in everything if month.start <= request.second < month.end)
    own = [request for request in everything if request.site == SITE]
    others = [request for request in everything if request.site != SITE]
    (folder / "nginx").mkdir(parents=True)
    (folder / "apache2").mkdir(parents=True)
    lines, broken = _with_broken_lines(own)
    week = max(month.days // 4, 1)
    cuts = [month.midnight(day) for day in (week, 2 * week, 3 * week, month.days - 2)]
    parts = _rotated(lines, cuts)
    repeated = min(OVERLAP, len(parts[1]) // 4) if month.days > 3 else 0
    main = [[text for _, text in part] for part in parts]
    main[2] = main[1][len(main[1]) - repeated :] + main[2] if repeated else main[2]
    names = ("access.log.4.zst", "access.log.3.gz", "access.log.2.gz", "access.log.1", "access.log")
    ends = [*cuts, month.end]
    total = 0
    for name, texts, end in zip(names, main, ends, strict=True):
        total += _save(folder / "nginx" / name, texts, end)
    half = month.midnight(month.days // 2)
    second = _rotated([(request.second, apache_vhost_combined(request)) for request in others], [half])
    for name, part, end in zip(
        ("other_vhosts_access.log.1.gz", "other_vhosts_access.log"), second, (half, month.end), strict=True
    ):
        total += _save(folder / "apache2" / name, [text for _, text in part], end)
    return Truth(
        attacks=tuple(sorted(schedule.attacks)),
        lines=total,
        unread=broken,
        repeated=repeated,
        files=(
            *(f"nginx/{name}" for name in names),
            "apache2/other_vhosts_access.log.1.gz",
            "apache2/other_vhosts_access.log",
        ),
        crowds=tuple(crowds),
    )


def _with_broken_lines(requests: Sequence[Request]) -> tuple[list[tuple[int, str]], dict[str, int]]:
    lines = list(nginx_lines(requests))
    reasons: dict[str, int] = {}
    for share, text, reason in sorted(_BROKEN, reverse=True):
        at = int(share * len(lines))
        second = lines[at][0]
        lines.insert(at, (second, text.format(time=stamp(second)) + "\n" if "{time}" in text else text + "\n"))
        reasons[reason] = reasons.get(reason, 0) + 1
    return lines, reasons


def _rotated(lines: list[tuple[int, str]], cuts: Sequence[int]) -> list[list[tuple[int, str]]]:
    """Cut at moments, so that lines of the same second stay in one file."""
    parts: list[list[tuple[int, str]]] = [[] for _ in range(len(cuts) + 1)]
    for line in lines:
        parts[sum(line[0] >= cut for cut in cuts)].append(line)
    return parts


def _save(path: Path, texts: Sequence[str], end: int) -> int:
    """Write a file in the compression that its name says, last changed when it was rotated; the number of lines."""
    data = "".join(texts).encode("utf-8", "surrogateescape")
    pack: dict[str, Callable[[bytes], bytes]] = {
        ".gz": lambda raw: gzip.compress(raw, 6, mtime=0),
        ".zst": lambda raw: zstandard.ZstdCompressor(level=6).compress(raw),
    }
    path.write_bytes(pack.get(path.suffix, bytes)(data))
    os.utime(path, (end, end))
    return len(texts)


WEB_LOGS = Kind("web", write)
"""nginx in the layout that vigie recommends, Apache in `vhost_combined`."""
