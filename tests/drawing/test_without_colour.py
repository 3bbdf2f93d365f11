"""Every drawing is understood without colour: what its legend tells apart differs in shape, texture, dashes, or clearly in grey. Skipped where there is no Chromium."""

import itertools
from datetime import date, timedelta

import pytest

from drawing.greys import LOOKS, RATIO, alike, contrast
from drawing.test_in_a_browser import GALLERY, gallery, shown  # noqa: F401
from vigie.drawing import Beside, Day, Series, days, observed_beside_expected
from vigie.drawing.palette import ALERT, COLOURS, PAPER, style
from vigie.web.pages.pieces import GREY
from vigie.words.families import FAMILIES

START = date(2026, 1, 1)


def looks(show, *drawings):
    return show([(f"n{at}", one) for at, one in enumerate(drawings)], "en", False).evaluate(LOOKS)


def stacked(styles, name="d"):
    """Days of as many families as there are styles."""
    families = [Series(f"f{at}", f"Family {at}", style) for at, style in enumerate(styles)]
    return days([Day(START + timedelta(days=at), {one.key: 3 for one in families}) for at in range(3)], families, title="t", name=name)


@pytest.mark.parametrize(("lang", "narrow"), [("en", False), ("fr", True)])
def test_no_drawing_tells_anything_by_colour_alone(shown, gallery, lang, narrow):  # noqa: F811
    found = shown(gallery.pictures(lang, narrow), lang, narrow).evaluate(LOOKS)
    assert sum(len(some) > 1 for _, some in found) >= 6
    assert alike(found) == []


def test_eight_families_and_what_is_not_known_are_told_apart(shown):  # noqa: F811
    rows = [Day(START, {f"f{at}": 1 for at in range(8)}, partial=True, notes=["x"]), Day(START + timedelta(days=2), {"f0": 1})]
    svg = days(rows, [Series(f"f{at}", f"Family {at}") for at in range(8)], title="t", trend=[1, 2])
    ((_, some),) = looks(shown, svg)
    assert len(some) == 12
    assert alike([("d", some)]) == []


@pytest.mark.parametrize("styles", [[0, 0], [3, 5, 3], [0, 8, 16, 24, 32, 40, 48, 56]])
def test_the_check_sees_families_that_look_alike(shown, styles):  # noqa: F811
    """It must be able to fail: the same style twice, or one colour whose textures come round again."""
    assert alike(looks(shown, stacked(styles)))


def test_the_check_sees_colours_of_one_grey(shown):  # noqa: F811
    """Two colours that anybody tells apart, as grey as each other and both plain."""
    svg = stacked([0, 7])
    assert not alike(looks(shown, svg))
    assert contrast("#a40e26", "#0b5cad") < 1.25
    broken = svg.replace(COLOURS[0], "#a40e26").replace(COLOURS[7], "#0b5cad")
    assert alike(looks(shown, broken)) == [("d", "Family 0", "Family 1")]


def test_what_lies_outside_of_the_usual_is_filled_and_what_lies_inside_is_not(shown):  # noqa: F811
    """The dots of a comparison differ as greys do: one is ink on paper, the other paper within a ring."""
    svg = observed_beside_expected([Beside("a", "a", 9, 3, 2, 4, compared=9), Beside("b", "b", 3, 3, 2, 4, compared=9)], title="t")
    page = shown([("n", svg)], "en", False)
    fills = page.evaluate("[...document.querySelectorAll('circle.observed')].map(one => one.getAttribute('fill'))")
    assert contrast(*fills) >= 3


def test_all_kinds_of_attacks_may_share_a_drawing():
    """Every family has a look of its own, whichever others stand beside it, and so have all others together."""
    styles = {name: style(at) for at, name in enumerate(FAMILIES)} | {"others": style(GREY)}
    for (one, mine), (other, its) in itertools.combinations(styles.items(), 2):
        assert mine.texture != its.texture or contrast(mine.colour, its.colour) >= RATIO, (one, other)


def test_what_must_be_seen_first_is_dark():
    assert contrast(ALERT, PAPER) >= 4.5
