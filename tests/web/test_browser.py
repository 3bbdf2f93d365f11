"""In a real browser: the main paths in both languages, on a phone, by keyboard, on paper, without script; nothing fetched elsewhere, nothing complained of."""

import contextlib
import re

import pytest

from dashboard_world import SCRIPT
from drawing.greys import LOOKS, alike
from vigie.web.page import Status
from vigie.web.pages.registry import PAGES
from vigie.web.render import environment
from vigie.web.words import TEXT

TOKEN = "a-token-for-tests"
LISTED = [page.name for page in PAGES if not page.item]


@contextlib.contextmanager
def opened(browser, site, **more):
    """A page of a browser that is in; at the end nothing may have been complained of, and nothing asked elsewhere."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", **more})
    page = context.new_page()
    told, asked = [], []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: told.append(f"dialog {dialog.message}"))
    page.goto(f"{site}/login?token={TOKEN}")
    page.wait_for_url(re.compile(r"/(en|fr)/$"))
    yield page
    assert told == []
    assert asked
    assert [url for url in asked if not url.startswith(f"{site}/")] == []
    context.close()


def some(watch):
    """One address of every page."""
    first = {
        "attack": "select attack_id as id from attacks where family = 'sql_injection' order by 1", "signal": "select signal_id as id from signals where family = 'cross_site_scripting' or family = 'sql_injection' order by 1",
        "attempt": "select attempt_id as id from attempts order by 1", "group": 'select "group" as id from coordinated_groups', "rumour": "select rumour_id as id from rumours order by 1", "wave": "select wave_id as id from rumour_waves",
    }  # fmt: skip
    items = [f"{page}/{watch.state.rows(query)[0]['id']}" for page, query in first.items()]
    return [*LISTED, *items, f"account/{watch.state.facts.social['accounts'][0]['account']}", "search?q=203.0.113.10"]


def telling(watch):
    """Addresses that hold every kind of block between them."""
    wanted = {"", "count", "availability", "doors", "days", "blind", "origins", "hypotheses", "accounts", "mail"}
    return [path for path in some(watch) if path in wanted or path.partition("/")[0] in ("attack", "group", "rumour") or path.startswith("search?")]


def test_the_main_path_from_the_morning_to_a_raw_line_in_both_languages(browser, site):
    for lang, number, attacks, lines in (("en", "How do you arrive at that number?", "List of attacks", "Raw lines"), ("fr", "Comment arrivez-vous à ce nombre ?", "Liste des attaques", "Lignes brutes")):
        with opened(browser, site) as page:
            page.goto(f"{site}/{lang}/")
            said = page.locator("strong.number").inner_text()
            page.get_by_role("link", name=number).first.click()
            assert page.locator("strong.number").inner_text() == said
            page.get_by_role("link", name=attacks).click()
            page.locator("tbody a").first.click()
            assert page.get_by_role("heading", name=lines).count() == 1
            assert page.locator("pre code").count() >= 1
            page.locator(".line-head a").first.click()
            assert "/signal/" in page.url
            assert page.locator("pre code").first.inner_text()


def test_the_language_can_be_changed_where_one_is(browser, site):
    with opened(browser, site) as page:
        page.goto(f"{site}/en/attacks?family=sql_injection")
        page.get_by_role("link", name="Français").click()
        assert page.url == f"{site}/fr/attacks?family=sql_injection"
        assert page.locator("html").get_attribute("lang") == "fr"


def test_filters_and_search_are_plain_forms(browser, site):
    with opened(browser, site, java_script_enabled=False) as page:
        page.goto(f"{site}/en/attacks")
        page.locator("details.filters summary").click()
        page.select_option("#f-family", "sql_injection")
        page.get_by_role("button", name="Apply").click()
        assert "family=sql_injection" in page.url
        page.fill("#q", "203.0.113.10")
        page.get_by_role("button", name="Search", exact=True).click()
        assert "203.0.113.10" in page.locator("main").inner_text()


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_no_page_breaks_a_rule_of_accessibility(browser, site, watch, lang):
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()
    tags = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
    with opened(browser, site, bypass_csp=True) as page:
        for path in telling(watch) if lang == "en" else ("", "attacks"):  # the same elements in other words
            page.goto(f"{site}/{lang}/{path}")
            found = axe.run(page, options=tags).response["violations"]
            assert [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found] == [], path


def test_the_log_in_is_accessible_too(browser, site):
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(f"{site}/en/")
    assert page.url == f"{site}/login"
    assert Axe().run(page).response["violations"] == []
    page.fill("#token", "wrong")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    page.fill("#token", TOKEN)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/(en|fr)/$"))
    context.close()


@pytest.mark.parametrize("width", [390, 320])
def test_a_phone_shows_every_page_without_scrolling_sideways(browser, site, watch, width):
    with opened(browser, site, viewport={"width": width, "height": 800}) as page:
        for path in telling(watch) if width == 390 else ("", "count", "attacks", "doors", "origins"):
            page.goto(f"{site}/fr/{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_raw_lines_are_cards_on_a_phone(browser, site):
    with opened(browser, site, viewport={"width": 390, "height": 800}) as page:
        page.goto(f"{site}/en/attacks")
        assert page.locator("tbody tr").first.evaluate("one => getComputedStyle(one).display") == "block"
        assert page.locator("tbody td").first.evaluate("one => getComputedStyle(one, '::before').content") not in ("none", "")


def test_a_chart_is_one_stop_and_arrows_walk_in_it(browser, site):
    with opened(browser, site) as page:
        page.goto(f"{site}/en/days")
        drawing = page.locator(".wide-only svg.drawing").first
        assert page.locator(".wide-only svg.drawing [tabindex]").count() == 0
        drawing.focus()
        page.keyboard.press("ArrowRight")
        first = page.locator(".wide-only .told").first.inner_text()
        page.keyboard.press("ArrowRight")
        second = page.locator(".wide-only .told").first.inner_text()
        assert first
        assert second
        assert first != second
        assert drawing.locator(".mark.current").count() == 1
        page.keyboard.press("Escape")
        assert drawing.locator(".mark.current").count() == 0
        page.keyboard.press("Tab")
        assert not drawing.evaluate("one => one === document.activeElement")


def test_everything_is_reached_by_keyboard_and_shows_where_one_is(browser, site):
    with opened(browser, site) as page:
        page.goto(f"{site}/en/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.getElementById('content').contains(document.activeElement)")
        for _ in range(30):
            page.keyboard.press("Tab")
            style = page.evaluate("(() => { const one = document.activeElement; if (one === document.body) return 'body'; const s = getComputedStyle(one); return s.outlineStyle + ' ' + s.outlineWidth })()")
            assert style == "body" or (not style.startswith("none") and not style.endswith(" 0px")), style
            if style == "body":
                break


def test_paper_shows_the_page_and_not_the_menu(browser, site, watch):
    with opened(browser, site) as page:
        page.goto(f"{site}/en/count")
        page.emulate_media(media="print")
        assert not page.locator("#menu").is_visible()
        assert not page.locator(".search").is_visible()
        assert page.locator("strong.number").is_visible()
        assert page.pdf(format="A4")[:5] == b"%PDF-"
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert page.locator("main details:not([open]):not(.filters)").count() == 0


def test_hostile_texts_do_nothing_in_a_browser(browser, site, watch):
    with opened(browser, site) as page:
        for row in watch.state.rows("select attack_id from attacks where asset = 'www.campagne.example' and actor like '198.51.100.%' order by first_seen limit 4"):
            page.goto(f"{site}/en/attack/{row['attack_id']}")
            assert page.title() != "owned"
            assert page.locator("main script, main img, main iframe").count() == 0
        page.goto(f"{site}/en/search?q={SCRIPT}")
        assert page.title() != "owned"
        assert page.locator("#q").input_value() == SCRIPT


def test_a_state_that_is_not_the_page_s_is_told_without_reloading(browser, site, watch):
    with opened(browser, site) as page:
        page.route("**/events*", lambda route: route.fulfill(status=200, content_type="text/event-stream", body=f'event: snapshot\ndata: {{"snapshot": "next", "attacks": {watch.state.facts.count.attacks + 2}}}\n\n'))
        page.goto(f"{site}/en/")
        page.wait_for_selector("#fresh:not([hidden])")
        assert "+2 new attacks" in page.locator("#fresh").inner_text()
        assert page.locator("#fresh a").get_attribute("href") == "/en/"


def test_no_page_says_anything_by_colour_alone(browser, site, watch):
    """On every page: legends are told apart in grey, signs of states have a shape and words of their own, links are underlined."""
    signs = {}
    with opened(browser, site) as page:
        for path in some(watch):
            page.goto(f"{site}/en/{path}")
            assert alike(page.evaluate(LOOKS)) == [], path
            for tone, drawn, said in page.evaluate("[...document.querySelectorAll('.status')].map(one => [one.className, one.querySelector('.sign').innerHTML.replace(/\\s+/g, ' '), one.querySelector('.status-title').textContent.trim()])"):
                assert said, path
                assert signs.setdefault(tone, drawn) == drawn
            links = "[...document.querySelectorAll('main a')].filter(one => one.getClientRects().length && !getComputedStyle(one).textDecorationLine.includes('underline')).map(one => one.textContent)"
            assert page.evaluate(links) == [], path
    assert len(signs) >= 3
    assert len(set(signs.values())) == len(signs)


def test_the_sign_of_each_state_has_a_shape_of_its_own():
    blocks = environment().get_template("blocks.html").module
    shown = [str(blocks.status(Status(tone, "words"), TEXT["en"], "en")) for tone in ("good", "bad", "warn", "calm", "unknown")]
    signs = [re.sub(r"\s+", " ", one.partition("<svg")[2].partition("</svg>")[0]) for one in shown]
    assert len(set(signs)) == 5
