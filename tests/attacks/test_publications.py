"""Attacks in the first 24 hours of a page, beside the same hours of other days, with numbers known beforehand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from vigie.attacks.publications import pages
from vigie.attacks.settings import Settings
from vigie.cli.verb_read import read_paths
from vigie.engines.local import Options

START = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)  # a Monday


def line(hours, target, *, address="198.18.0.1", status=200, referrer="-"):
    at = START + timedelta(hours=hours)
    return at, f'{address} - - [{at:%d/%b/%Y:%H:%M:%S} +0000] "GET {target} HTTP/1.1" {status} 512 "{referrer}" "Mozilla/5.0 Firefox/115.0"\n'


def attack(hours, target="/", address="203.0.113.9"):
    return line(hours, f"{target}?id=1%27%20union%20select%20user%2Cpass%20from%20wp_users--%20", address=address)


def usual(days, pages_=("/", "/agenda/")):
    return [line(24 * day + hour + 0.01 * n, page, address=f"198.18.{hour}.{n + 1}") for day in range(days) for hour in range(24) for n, page in enumerate(pages_)]


def table(tmp_path, lines):
    path = Path(tmp_path) / "access.log"
    path.write_text("".join(text for _, text in sorted(lines, key=lambda one: one[0])), "utf-8")
    _, _, catalogue = read_paths((str(path),), Path(tmp_path) / "archive", Options(workers=1), Settings())
    with catalogue:
        return {one.page: one for one in pages(catalogue.connection)}


def test_a_new_page_with_its_attacks_beside_other_days(tmp_path):
    lines = usual(12)
    lines += [attack(24 * day + 12, address=f"203.0.113.{day + 1}") for day in range(12)]  # one a day at noon
    lines += [line(24 * 9 + 10 + hour, "/nouvelle/", address=f"198.18.77.{hour + 1}") for hour in range(8)]  # Wednesday, 10:00
    lines += [attack(24 * 9 + 11 + 2 * n, "/nouvelle/", f"203.0.113.{100 + n}") for n in range(3)]
    found = table(tmp_path, lines)
    assert set(found) == {"/nouvelle"}
    page = found["/nouvelle"]
    assert (page.attacks, page.usual, page.least, page.most) == (4, 1.0, 1, 1)
    assert page.days == 8  # 2 to 6, 9, 10 and 12 November: weekdays whose 24 hours lie within the log and outside the page's own
    assert (page.on_page, page.delay) == (3, pytest.approx(60))
    assert page.dated_by == "first_request"


def test_pages_of_the_first_day_and_pages_that_nobody_reads_are_not_new(tmp_path):
    lines = usual(5, ("/", "/agenda/", "/ancienne/")) + [line(60 + n, "/rare/", address=f"198.18.9.{n + 1}") for n in range(4)]
    assert table(tmp_path, lines) == {}


def test_what_is_not_there_or_is_a_part_of_a_page_or_carries_an_attack_is_no_page(tmp_path):
    lines = usual(5)
    for n in range(8):
        lines += [line(60 + n, "/absente/", status=404), line(60 + n, "/nouveau.css"), line(60 + n, "/?s=mot"), attack(60 + n, "/piege/")]
    assert table(tmp_path, lines) == {}


def test_a_day_that_the_log_does_not_hold_whole_is_compared_with_nothing(tmp_path):
    lines = usual(6) + [line(24 * 5 + 12 + n, "/tard/", address=f"198.18.8.{n + 1}") for n in range(6)]
    page = table(tmp_path, lines)["/tard"]
    assert (page.usual, page.days) == (None, 0)
