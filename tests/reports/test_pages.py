"""The documents in a browser: nothing fetched, nothing complained of, readable on a phone, one page for the press, no violation that axe knows."""

import re
import warnings

import pytest

from vigie.reports import cert, html, press
from vigie.reports.document import as_html


@pytest.fixture(scope="module")
def pages(report, nothing, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    documents = {"press.en": press.press(report, "en"), "cert.fr": cert.cert(report, "fr"), "html.en": html.html(report, "en"), "html.fr": html.html(nothing, "fr")}
    for name, document in documents.items():
        (folder / f"{name}.html").write_text(as_html(document), "utf-8")
    return {name: folder / f"{name}.html" for name in documents}


@pytest.mark.parametrize("name", ["press.en", "cert.fr", "html.en", "html.fr"])
def test_a_page_on_a_phone(browser, pages, name):
    from axe_playwright_python.sync_playwright import Axe

    said, asked = [], []
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(pages[name].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert (said, asked) == ([], [pages[name].as_uri()])
    assert page.locator(".marking").count() == 2
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = Axe().run(page)
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found.response["violations"]] == []
    context.close()


def test_the_press_page_is_one_page(browser, pages):
    page = browser.new_page()
    page.goto(pages["press.en"].as_uri())
    assert len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(prefer_css_page_size=True))) == 1
    page.close()
