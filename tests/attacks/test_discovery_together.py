"""A list of names dealt out over addresses is found; visitors of a rebuilt site, who follow dead links, are none."""

from __future__ import annotations

import random

import pytest

from conftest import combined
from detectors.test_windows import clock, found, missing


def dealt(paths, sources, *, seconds=60, name="name", **more):
    rng = random.Random(3)
    return [combined(f"/{name}{n}", time=clock(*divmod(n * seconds // paths, 60)), status=404, address=f"198.51.100.{rng.randrange(sources)}", **more) for n in range(paths)]


def together(lines):
    return [s for s in found(lines) if s["detector"] == "content_discovery.together"]


def test_a_list_dealt_out_over_addresses_is_one_run():
    signals = together(dealt(400, 100))
    assert len({s["skeleton"] for s in signals}) == 1 and signals[0]["skeleton"]
    assert {(s["kind"], s["rule"]) for s in signals} == {("distributed", "content_discovery.distributed")}
    assert sum(s["records"] for s in signals) == 400
    assert "400 different paths" in signals[0]["reading"]


@pytest.mark.parametrize(
    "lines",
    [
        dealt(59, 20), dealt(200, 4), dealt(100, 90, name="2014/05/un-titre-"), dealt(200, 50, referrer="https://site.example/"),
        dealt(200, 50, agent="Mozilla/5.0 (compatible; ExampleBot/1.0)"), dealt(200, 50, seconds=3 * 3600),
        [line for n in range(4) for line in dealt(100, 40 + n)],
    ],
    ids=["too few", "four sources", "one or two each", "from a page", "robots", "hours", "the same ones"],
)  # fmt: skip
def test_what_is_no_list_dealt_out(lines):
    assert together(lines) == []


def test_who_convinces_alone_is_left_out():
    signals = found(dealt(400, 100) + missing(30, address="192.0.2.9"))
    assert {s["source_address"] for s in signals if s["detector"] == "content_discovery.window"} == {"192.0.2.9"}
    assert "192.0.2.9" not in {s["source_address"] for s in signals if s["detector"] == "content_discovery.together"}


def test_plain_words_from_an_address_each_are_a_word_list():
    words = [a + b + c for a in "abcdefg" for b in "aeiou" for c in ("dmin", "ackup", "est")]
    lines = [combined(f"/{word}", time=clock(0, n % 60), status=404, address=f"198.51.100.{n}") for n, word in enumerate(words)]
    assert sum(s["records"] for s in together(lines)) == len(words)


def relaunch(rng, visitors, pages, deep, form):
    """Ten minutes after a relaunch: visitors come to pages that are gone, the well-known ones most, and try a few more."""
    weights = [1 / (n + 1) for n in range(pages)]
    lines = []
    for visitor in range(visitors):
        for path in rng.choices(range(pages), weights, k=rng.choice(deep)):
            lines.append(combined(form.format(path), time=clock(*divmod(rng.randrange(590), 60)), status=404, address=f"198.18.{visitor // 250}.{visitor % 250}"))
    return lines


@pytest.mark.parametrize(("visitors", "pages"), [(60, 300), (600, 20_000)])
@pytest.mark.parametrize("deep", [(1, 1, 1, 2), (2, 3, 4)], ids=["one each", "three each"])
@pytest.mark.parametrize("form", ["/2014/05/article-{}.html", "/article{}", "/spip.php?article{}", "/node/{}", "/une-lettre-a-{}/"])
def test_a_relaunch_with_dead_links_stays_silent(visitors, pages, deep, form):
    assert together(relaunch(random.Random(visitors + pages), visitors, pages, deep, form)) == []
