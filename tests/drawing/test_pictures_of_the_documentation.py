"""The pictures that the documentation shows are those that are drawn today."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def gallery():
    spec = importlib.util.spec_from_file_location("gallery", ROOT / "tools" / "gallery.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pictures_are_todays(gallery):
    drawn = dict(gallery.pictures("en", narrow=False))
    for label in gallery.DOCUMENTED:
        assert (ROOT / "docs" / "images" / f"drawing-{label}.svg").read_text("utf-8") == drawn[label] + "\n", "Try: python tools/gallery.py docs/images"


def test_the_example_of_the_page_runs():
    code = (ROOT / "docs" / "drawing.md").read_text("utf-8").split("```python\n")[1].split("```")[0]
    names = {}
    exec(code, names)
    assert "16 Jan 2026: no log read" in names["svg"]
