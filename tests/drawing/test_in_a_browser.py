"""Drawings in a real browser: no text is cut or lies on another, no message, no request, nothing that shuts anybody out. Skipped where there is no Chromium."""

import importlib.util
from pathlib import Path

import pytest

from drawing.samples import DRAWN, HOSTILE

GALLERY = Path(__file__).resolve().parents[2] / "tools" / "gallery.py"
CUT = """() => [...document.querySelectorAll('svg.drawing')].flatMap(svg => {
  const frame = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('text')].map(one => [svg.id, one.firstChild?.textContent ?? '', one.getBoundingClientRect()])
    .filter(([, words, box]) => words.trim() && (box.left < frame.left - 1.5 || box.right > frame.right + 1.5 || box.top < frame.top - 2 || box.bottom > frame.bottom + 2))
    .map(([id, words]) => id + ': ' + words)
})"""
OVER = """() => [...document.querySelectorAll('svg.drawing')].flatMap(svg => {
  const boxes = [...svg.querySelectorAll('text:not(.peak):not(.rank)')].map(one => [one.firstChild?.textContent ?? '', one.getBoundingClientRect()]).filter(([words]) => words.trim());
  return boxes.flatMap(([words, a], at) => boxes.slice(0, at)
    .filter(([, b]) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1.5 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4.5)
    .map(([others]) => svg.id + ': ' + words + ' / ' + others))
})"""


@pytest.fixture(scope="module")
def gallery():
    spec = importlib.util.spec_from_file_location("gallery", GALLERY)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def shown(browser, gallery, tmp_path):
    """Opens drawings in a page as wide as they are; fails on any message or request."""
    opened, noise = [], []

    def show(drawings, lang, narrow):
        out = tmp_path / "page.html"
        out.write_text(gallery.page(drawings, lang), "utf-8")
        page = browser.new_page(viewport={"width": 390 if narrow else 830, "height": 900})
        page.on("console", lambda message: noise.append(message.text))
        page.on("request", lambda request: noise.append(request.url) if request.url != out.as_uri() else None)
        page.goto(out.as_uri())
        opened.append(page)
        return page

    yield show
    for page in opened:
        page.close()
    assert not noise


@pytest.mark.parametrize(("lang", "narrow"), [("en", False), ("fr", True)])
def test_no_text_is_cut_or_lies_on_another(shown, gallery, lang, narrow):
    page = shown(gallery.pictures(lang, narrow), lang, narrow)
    assert page.evaluate(CUT) == []
    assert page.evaluate(OVER) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= (390 if narrow else 830)


@pytest.mark.parametrize("text", [HOSTILE, "W" * 200, "إشاعة عن التصويت " * 9, "漢字" * 80, "e\u0301\u0302\u0303" * 90])
def test_no_text_of_an_attacker_reaches_beyond_its_drawing(shown, text):
    for narrow in (False, True):
        drawings = [(name, draw(text, [3, 2, 900_000, None], lang="fr", narrow=narrow, name=f"d-{name}")) for name, draw in DRAWN.items()]
        page = shown(drawings, "fr", narrow)
        assert page.evaluate(CUT) == []
        assert page.evaluate("document.querySelectorAll('script').length") == 0


def test_nobody_is_shut_out(shown, gallery):
    from axe_playwright_python.sync_playwright import Axe

    page = shown([*gallery.pictures("en", False), *gallery.empty("en", False)], "en", False)
    found = Axe().run(page)
    assert [one["id"] for one in found.response["violations"]] == []


def test_a_drawing_stands_alone_as_a_file(browser, tmp_path):
    out = tmp_path / "alone.svg"
    out.write_text(DRAWN["days"]("t", [3, None, 2], lang="en"), "utf-8")
    page = browser.new_page()
    page.goto(out.as_uri())
    assert page.evaluate("document.documentElement.tagName") == "svg"
    assert page.evaluate("getComputedStyle(document.querySelector('[data-part]')).fill") != "rgb(0, 0, 0)"
    page.close()
