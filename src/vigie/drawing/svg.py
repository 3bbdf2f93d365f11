"""Well-formed SVG from any text: elements, and the frame that every drawing has.

References:
    - XML 1.0 (5th edition), 2.2 Characters
    - SVG 2, 13 (painting), 5.8 (title, desc); WAI-ARIA Graphics Module
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from vigie.drawing.palette import INK, MUTED
from vigie.drawing.texts import clean, fitted, said, width_of

WIDE, NARROW = 760, 340
"""Units a drawing is wide; one unit is one CSS pixel at full size."""
SIZE: Final = 12
"""Size of letters, in units."""
TOLD: Final = 1_000
"""Characters of what a mark, or one sentence of a description, tells."""
BOLDER: Final = 1.1
"""How much wider bold letters are."""
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}", re.ASCII)


class Svg(str):
    """SVG text; a template that escapes places it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """The text itself, for template engines."""
        return str(self)


def n(value: float) -> str:
    """A coordinate: two decimals at most, no exponent."""
    if not math.isfinite(value):
        raise ValueError("a coordinate is not finite")
    return f"{value:.2f}".rstrip("0").rstrip(".")


def attributes(given: dict[str, str | float | None]) -> str:
    """Attributes, with ` class_` for `class` and `_` for `-`; None leaves one out."""
    parts = []
    for key, value in given.items():
        if value is not None:
            shown = value if isinstance(value, str) else n(value)
            parts.append(f' {_named(key)}="{clean(shown, quote=True)}"')
    return "".join(parts)


@lru_cache(maxsize=256)
def _named(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def element(tag: str, content: str = "", /, **given: str | float | None) -> str:
    """An element; `content` is SVG already."""
    return f"<{tag}{attributes(given)}>{content}</{tag}>" if content else f"<{tag}{attributes(given)}/>"


def rect(x: float, y: float, width: float, height: float, /, content: str = "", **given: str | float | None) -> str:
    """A rectangle; negative sizes are none."""
    return element("rect", content, x=x, y=y, width=max(0.0, width), height=max(0.0, height), **given)


def line(x1: float, y1: float, x2: float, y2: float, /, **given: str | float | None) -> str:
    """A line, in the muted ink when nothing else is said."""
    given.setdefault("stroke", MUTED)
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **given)


def text(x: float, y: float, words: str, *, room: float | None = None, size: float = SIZE, **given: str | float | None) -> str:
    """A line of text, escaped; what does not fit `room` units is cut with an ellipsis, and told whole by its title.

    Args:
        x: left end, or what `text_anchor` says.
        y: base line.
        words: any text.
        room: units there are; None for as many as it takes.
        size: of the letters.
        **given: attributes.
    """
    given.setdefault("fill", INK)
    given.setdefault("class_", "text")
    room = room / BOLDER if room is not None and given.get("font_weight") else room
    shown = said(words) if room is None else fitted(words, room, size)
    whole = said(words)
    content = clean(shown) + (title(whole) if shown != whole else "")
    return element("text", content or " ", x=x, y=y, font_size=size, **given)


def within(x: float, words: str, width: float, /, *, size: float = SIZE, **given: str | float | None) -> dict[str, Any]:
    """Where a text about a place stands so that it is not cut at the edges: arguments for `text` besides its base line.

    Args:
        x: the place.
        words: the text.
        width: of the drawing.
        size: of the letters.
        **given: attributes.
    """
    half = width_of(said(words), size) / 2 * (BOLDER if given.get("font_weight") else 1.0)
    at, anchor = (0.0, "start") if x < half else (width, "end") if x > width - half else (x, "middle")
    return {"x": at, "text_anchor": anchor, "size": size, "room": width, **given}


def title(words: str) -> str:
    """What a reader is told of the element it stands in."""
    return f"<title>{clean(said(words, TOLD, composed=True))}</title>"


def paragraph(x: float, y: float, lines: Sequence[str], /, *, size: float = SIZE, leading: float = 15, **given: str | float | None) -> str:
    """Lines of text under each other.

    Args:
        x: see `text`.
        y: base line of the first.
        lines: as `texts.wrapped` gives them.
        size: of the letters.
        leading: units from one base line to the next.
        **given: attributes.
    """
    return "".join(text(x, y + at * leading, one, room=None, size=size, **given) for at, one in enumerate(lines))


def hit(x: float, y: float, width: float, height: float, /) -> str:
    """What can be pointed at, and what shows where a walking reader stands."""
    return rect(x, y, width, height, class_="hit", fill="none", pointer_events="all")


def mark(at: int, key: str, words: str, content: str, /, **given: str | float | None) -> str:
    """A mark that a reader may walk to."""
    shown = said(words, TOLD, composed=True)
    return element("g", title(shown) + content, class_="mark", data_at=str(at), data_key=said(key), data_text=shown, **given)


@dataclass(frozen=True, slots=True)
class Frame:
    """What every drawing has.

    Attributes:
        title: what is drawn.
        lang: `fr` or `en`.
        narrow: 340 units wide instead of 760.
        name: begins every id.
        kind: which drawing, its class is `drawing-<kind>`.
    """

    title: str
    lang: str
    narrow: bool
    name: str
    kind: str

    def __post_init__(self) -> None:
        """Check the name.

        Raises:
            ValueError: it is no letter followed by letters, digits, hyphens and underscores, 64 at most.
        """
        if not _NAME.fullmatch(self.name):
            raise ValueError("the name of a drawing begins with a letter and holds letters, digits, hyphens and underscores, 64 at most")

    @property
    def width(self) -> int:
        """Units it is wide."""
        return NARROW if self.narrow else WIDE

    def drawn(self, height: float, content: str | Iterable[str], desc: Sequence[str] = (), *, defs: str = "", walked: bool = False, width: float | None = None) -> Svg:
        """The whole drawing.

        Args:
            height: units.
            content: SVG.
            desc: sentences of what can be read off.
            defs: patterns.
            walked: there are marks, so it is a tab stop.
            width: units, when they are not those of the frame.
        """
        wide = self.width if width is None else width
        body = content if isinstance(content, str) else "".join(content)
        told = clean(" ".join(said(one, TOLD, composed=True) for one in desc if one))
        head = f'<title id="{self.name}-title">{clean(said(self.title))}</title><desc id="{self.name}-desc">{told}</desc>'
        return Svg(
            f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing drawing-{self.kind}" id="{self.name}" role="img" lang="{self.lang if self.lang == "fr" else "en"}" '
            f'aria-labelledby="{self.name}-title {self.name}-desc" viewBox="0 0 {n(wide)} {n(height)}" width="{n(wide)}" height="{n(height)}" '
            f'font-family="system-ui, -apple-system, \'Segoe UI\', Roboto, \'DejaVu Sans\', sans-serif" font-size="{SIZE}"'
            f"{' tabindex=' + chr(34) + '0' + chr(34) if walked else ''}>{head}{f'<defs>{defs}</defs>' if defs else ''}{body}</svg>"
        )

    def empty(self, words: str, why: str = "") -> Svg:
        """A state of its own: nothing is there to be drawn.

        Args:
            words: "no data", in the language.
            why: what the reader may do about it, or nothing.
        """
        box = rect(1, 1, self.width - 2, 70, class_="empty", fill="none", stroke=MUTED, stroke_dasharray="6 4", rx=4)
        lines = [text(self.width / 2, 32 if why else 40, words, text_anchor="middle", size=14, font_weight="600", room=self.width - 24)]
        if why:
            lines.append(text(self.width / 2, 54, why, text_anchor="middle", fill=MUTED, room=self.width - 24))
        return self.drawn(72, box + "".join(lines), [words, why])
