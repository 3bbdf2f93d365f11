"""What holds for every drawing, whatever it is given."""

import inspect
import math
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawing.samples import DRAWN, HOSTILE, SVG, marks, read
from vigie import drawing as d

ALLOWED = {
    "svg", "title", "desc", "defs", "pattern", "g", "rect", "path", "circle", "line", "text", "use",
}  # fmt: skip
NUMBERS = st.one_of(st.none(), st.integers(-5, 10**18), st.floats(), st.sampled_from([0, 1, 0.004, 1e-320, 1e308, math.inf, math.nan]))
TEXTS = st.one_of(st.text(st.characters(), max_size=40), st.sampled_from([HOSTILE, "", " ", "a", "مرحبا", "\u2068", "{count}", "%s", "url(#x)", "javascript:alert(1)"]))


def checked(svg):
    """The tree of a drawing that may be placed anywhere."""
    tree = read(svg)
    assert isinstance(svg, d.Svg)
    assert svg.__html__() == svg
    ids = [one.get("id") for one in tree.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    assert all(one == tree.get("id") or one.startswith(tree.get("id") + "-") for one in ids)
    for one in tree.iter():
        assert one.tag.removeprefix(SVG) in ALLOWED, one.tag
        for key, value in one.attrib.items():
            assert key != "style"
            assert not key.startswith("on")
            if key.endswith("href"):
                assert value[1:] in ids
            if "url(" in value and not key.startswith("data-"):
                assert value.split("(#")[1].split(")")[0] in ids
            if key in {"x", "y", "width", "height", "cx", "cy", "r", "x1", "x2", "y1", "y2"}:
                assert math.isfinite(float(value))
    assert tree.get("role") == "img"
    assert tree.get("aria-labelledby").split() == [f"{tree.get('id')}-title", f"{tree.get('id')}-desc"]
    assert tree.find(f"{SVG}title").text
    return tree


def test_every_drawing_is_tested():
    functions = {one for one in d.__all__ if inspect.isfunction(getattr(d, one))} - {"drawn_codes", "small_codes"}
    assert functions == set(DRAWN) - {"ratings"}


@pytest.mark.parametrize("name", DRAWN)
@given(words=TEXTS, values=st.lists(NUMBERS, max_size=7), lang=st.sampled_from(["fr", "en", "ar"]), narrow=st.booleans())
def test_any_text_and_any_numbers(name, words, values, lang, narrow):
    tree = checked(DRAWN[name](words or "t", values, lang=lang, narrow=narrow))
    wide = float(tree.get("viewBox").split()[2])
    for one in tree.iter(f"{SVG}rect"):
        if one.get("x") is not None:
            assert float(one.get("x")) >= -1
            assert float(one.get("x")) + float(one.get("width")) <= wide + 1.01


@pytest.mark.parametrize("name", DRAWN)
def test_an_attackers_text_stays_text(name):
    svg = DRAWN[name](HOSTILE, [3, 2, 1], lang="en")
    assert "<script" not in svg
    assert not set("\u202e\x1b\x00") & set(svg)
    assert "&lt;script" in svg
    assert len(svg) < 120_000


@pytest.mark.parametrize("name", DRAWN)
def test_no_data_is_a_state_of_its_own(name):
    for lang, said in (("en", "no data"), ("fr", "aucune donnée")):
        svg = DRAWN[name]("t", [], lang=lang)
        tree = checked(svg)
        assert said in svg
        assert said in tree.find(f"{SVG}desc").text
        assert tree.get("tabindex") is None
        assert not marks(svg)


@pytest.mark.parametrize("name", DRAWN)
def test_what_is_not_known_is_no_zero(name):
    known, zero, unknown = (DRAWN[name]("t", [3, value, 2], lang="en") for value in (1, 0, None))
    assert len({known, zero, unknown}) == 3
    assert unknown == DRAWN[name]("t", [3, math.nan, 2], lang="en") or name == "timeline"
    if name not in ("timeline", "spark"):
        assert any(word in unknown for word in ("not known", "no log read", "not watched", "not rated", "nothing to compare"))


@pytest.mark.parametrize("name", DRAWN)
def test_one_tab_stop_and_marks_in_order(name):
    tree, found = checked(DRAWN[name]("t", [3, 1, 2], lang="en", name="mine")), marks(DRAWN[name]("t", [3, 1, 2], lang="en", name="mine"))
    assert [one for one in tree.iter() if one.get("tabindex") is not None] == ([tree] if found else [])
    assert sorted(int(one.get("data-at")) for one in found) == list(range(len(found)))
    assert all(one.get("data-text") == one.find(f"{SVG}title").text for one in found)
    assert found or name == "spark"


@pytest.mark.parametrize("name", DRAWN)
def test_narrow_is_narrow_and_the_language_is_heard(name):
    wide, narrow = (read(DRAWN[name]("t", [3_000, 1, 2], lang="en", narrow=one)) for one in (False, True))
    assert (float(wide.get("width")), float(narrow.get("width"))) == ((120, 120) if name == "spark" else (760, 340))
    assert DRAWN[name]("t", [3_000, 1, 2], lang="fr") != DRAWN[name]("t", [3_000, 1, 2], lang="en")


@pytest.mark.parametrize("name", ["", "1a", "a b", 'a"', "a" * 65, "é"])
def test_a_name_that_could_not_begin_an_id(name):
    with pytest.raises(ValueError, match="name of a drawing"):
        d.spark([1], title="t", name=name)


def test_a_drawing_is_placed_by_a_template_as_it_is():
    import jinja2

    page = jinja2.Environment(autoescape=True).from_string("{{ drawing }}{{ text }}")
    shown = page.render(drawing=d.spark([1, 2], title="<b>"), text="<b>")
    assert shown.startswith("<svg ")
    assert "<title id=\"spark-title\">&lt;b&gt;</title>" in shown
    with pytest.raises(ET.ParseError):
        read(d.Svg(shown))
