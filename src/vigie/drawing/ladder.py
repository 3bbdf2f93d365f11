"""From lines to the headline, step by step: what goes in is what is kept, set aside, or grouped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vigie.drawing.captions import colon, known, number, total_of, word
from vigie.drawing.legend import Sample, legend, paint, patterns, unknown_paint, unknown_pattern
from vigie.drawing.palette import FAINT, INK, MUTED, PAPER
from vigie.drawing.svg import SIZE, Frame, Svg, element, hit, mark, n, paragraph, rect, text
from vigie.drawing.texts import apart, wrapped

_STYLES: Final = {"kept": 0, "grouped": 4, "aside": 2}
_REASONS: Final = 5
"""Reasons of one rung that are named; the rest is summed."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step.

    Attributes:
        label: name of the step, or of what is counted here ("lines", "signals", "attacks").
        count: how many; None when not known.
        set_aside: reason and count of those that go no further, any order.
        grouped: how many merge into others on the way to the next step.
        key: what marks carry; the label when it is "".
    """

    label: str
    count: int | None
    set_aside: Sequence[tuple[str, int]] = ()
    grouped: int = 0
    key: str = ""


def ladder(rungs: Sequence[Rung], *, title: str, lang: str = "en", narrow: bool = False, name: str = "ladder") -> Svg:
    """Draw the ladder from the top. Under each rung a bar as long as the rung is split into what is kept, set aside and grouped; its length is not compared between rungs.

    Args:
        rungs: in the order of counting.
        title: what is drawn.
        lang: `fr` or `en`.
        narrow: 340 units wide instead of 760.
        name: begins every id.
    """
    frame = Frame(title, lang, narrow, name, "ladder")
    if not rungs:
        return frame.empty(word("no data", lang))
    key, y = legend([Sample(word(part, lang), paint(name, style)) for part, style in _STYLES.items()], 2, frame.width)
    body = [key]
    for at, rung in enumerate(rungs):
        drawn, tall = _rung(frame, at, rung, y + 6, last=at == len(rungs) - 1)
        body.append(drawn)
        y += tall
    told = [_says(rung, lang) + "." for rung in rungs]
    return frame.drawn(y + 4, body, told, defs=patterns(name, _STYLES.values()) + unknown_pattern(name), walked=True)


def _rung(frame: Frame, at: int, rung: Rung, y: float, *, last: bool) -> tuple[str, float]:
    """One rung and its height."""
    lang = frame.lang
    left = 8.0 if frame.narrow else 128.0
    wide = frame.width - left - 4
    count, reasons = known(rung.count), _reasons(rung, lang)
    size = 18 if last else 15
    if frame.narrow:
        head = text(left, y + 15, f"{number(rung.count, lang)} {apart(rung.label)}", size=size, font_weight="700", room=wide)
    else:
        head = text(left - 12, y + 15, number(rung.count, lang), text_anchor="end", size=size, font_weight="700", room=left - 14)
        head += text(left, y + 15, rung.label, size=13 if not last else 15, font_weight="600", room=wide)
    bar = y + 22
    tall = 30.0 + (8 if not last else 4)
    drawn = [head]
    if count is None:
        drawn.append(rect(left, bar, wide, 8, class_="unknown", fill=unknown_paint(frame.name), stroke=MUTED, stroke_width=0.5))
    elif count == 0:
        drawn.append(rect(left, bar, wide, 8, fill="none", stroke=FAINT))
    else:
        drawn.append(_split(frame, rung, count, left, bar, wide))
    lines = [f"− {number(some, lang)} {apart(reason)}" for reason, some in reasons]
    if known(rung.grouped):
        lines.append(f"− {number(rung.grouped, lang)} {word('grouped', lang)}")
    written = [part for words in lines for part in wrapped(words, wide, SIZE, 3)]
    drawn.append(paragraph(left, bar + 22, written, fill=MUTED))
    tall += len(written) * 15 + (2 if written else 0)
    arrow = "" if last else element("path", d=f"M{n(left - 62 if not frame.narrow else 3)} {n(y + 24)}V{n(y + tall - 5)}m-4-5l4 6 4-6", stroke=MUTED, fill="none", stroke_width=1.5)
    return mark(at, rung.key or rung.label, _says(rung, lang), hit(0, y - 2, frame.width, tall) + arrow + "".join(drawn)), tall


def _split(frame: Frame, rung: Rung, count: float, left: float, y: float, wide: float) -> str:
    aside, grouped = total_of(some for _, some in rung.set_aside), known(rung.grouped) or 0.0
    whole = max(count, aside + grouped)
    out, x = [], left
    for part, some in (("kept", whole - aside - grouped), ("grouped", grouped), ("aside", aside)):
        share = some / whole * wide
        out.append(rect(x, y, share, 8, class_="part", data_part=part, fill=paint(frame.name, _STYLES[part]), stroke=PAPER, stroke_width=min(0.6, share / 4)))
        x += share
    return "".join(out) + rect(left, y, wide, 8, fill="none", stroke=INK, stroke_width=0.6)


def _reasons(rung: Rung, lang: str) -> list[tuple[str, float]]:
    """Reasons with any, most first; what is beyond the first five in one."""
    some = sorted(((reason, found) for reason, count in rung.set_aside if (found := known(count))), key=lambda one: (-one[1], one[0]))
    if len(some) <= _REASONS:
        return some
    rest = some[_REASONS - 1 :]
    return [*some[: _REASONS - 1], (word("further reasons", lang, rows=number(len(rest), lang)), total_of(count for _, count in rest))]


def _says(rung: Rung, lang: str) -> str:
    parts = [f"{number(some, lang)} {word('aside', lang)} ({apart(reason)})" for reason, some in _reasons(rung, lang)]
    if known(rung.grouped):
        parts.append(f"{number(rung.grouped, lang)} {word('grouped', lang)}")
    return apart(rung.label) + colon(lang) + "; ".join([number(rung.count, lang), *parts])
