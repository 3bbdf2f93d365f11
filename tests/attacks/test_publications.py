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


def told(tmp_path, lines, documents):
    for name, text in documents.items():
        (Path(tmp_path) / name).write_text(text, "utf-8")
    path = Path(tmp_path) / "access.log"
    path.write_text("".join(text for _, text in sorted(lines, key=lambda one: one[0])), "utf-8")
    paths = (str(path), *(str(Path(tmp_path) / name) for name in documents))
    _, _, catalogue = read_paths(paths, Path(tmp_path) / "archive", Options(workers=1), Settings())
    with catalogue:
        return {one.page: one for one in pages(catalogue.connection)}, catalogue.snapshot


def post(hours, path, status="publish", kind="post"):
    at = f"{START + timedelta(hours=hours):%Y-%m-%dT%H:%M:%S}"
    return f'{{"date_gmt":"{at}","modified_gmt":"{at}","link":"https://www.site.example{path}","status":"{status}","type":"{kind}"}}'


def sitemap(hours, path):
    at = START + timedelta(hours=hours)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://www.site.example{path}</loc><lastmod>{at:%Y-%m-%dT%H:%M:%SZ}</lastmod></url></urlset>'


def test_what_a_document_tells_goes_before_the_first_request_and_a_sitemap_before_nothing(tmp_path):
    lines = usual(12) + [line(24 * 9 + 10 + hour, "/nouvelle/", address=f"198.18.77.{hour + 1}") for hour in range(8)]
    documents = {
        "posts.json": f'[{post(24 * 9 + 8.5, "/nouvelle/")},{post(24 * 4, "/brouillon/", "draft")},{post(24 * 4, "/logo/", kind="attachment")},{post(24 * 4, "/vieille/")}]',
        "sitemap.xml": sitemap(24 * 10, "/nouvelle/"), "other.xml": sitemap(24 * 6, "/seule/"),
    }  # fmt: skip
    found, _ = told(tmp_path, lines, documents)
    assert {page: one.dated_by for page, one in found.items()} == {"/nouvelle": "wordpress_rest", "/vieille": "wordpress_rest", "/seule": "sitemap"}
    assert found["/nouvelle"].online == int((START + timedelta(hours=24 * 9 + 8.5)).timestamp() * 1e6)


def test_a_dump_knows_the_last_word_of_a_page_and_the_log_the_rest(tmp_path):
    at = f"{START + timedelta(hours=24 * 5 + 9):%Y-%m-%d %H:%M:%S}"
    row = f"(7,1,'{at}','{at}','','Titre','','publish','open','open','','le-programme','','','{at}','{at}','',0,'https://www.site.example/?p=7',0,'post','',0)"
    dump = f"-- MariaDB dump 10.19\nINSERT INTO `wp_options` VALUES (1,'a','b','no');\nINSERT INTO `wp_posts` VALUES {row};\n"
    lines = usual(9) + [line(24 * 5 + 10 + n, "/actualites/le-programme/", address=f"198.18.77.{n + 1}") for n in range(6)]
    found, _ = told(tmp_path, lines, {"dump.sql": dump})
    assert {page: one.dated_by for page, one in found.items()} == {"/actualites/le-programme": "wp_posts"}


def test_a_document_does_not_stretch_the_period_and_reading_it_again_changes_nothing(tmp_path):
    documents = {"posts.json": f"[{post(-24 * 700, '/ancienne/')},{post(24 * 3, '/neuve/')}]"}
    first, snapshot = told(tmp_path, usual(6), documents)
    assert set(first) == {"/neuve"}
    again, same = told(tmp_path, usual(6), documents)
    assert (again, same) == (first, snapshot)
