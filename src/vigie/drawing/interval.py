"""Tool, bespoke or undetermined, as an interval."""

from __future__ import annotations

from vigie.drawing.captions import colon, counted, known, number, percent, word
from vigie.drawing.legend import Sample, legend, paint, patterns, unknown_paint, unknown_pattern
from vigie.drawing.palette import INK, MUTED, PAPER
from vigie.drawing.svg import BOLDER, Frame, Svg, element, hit, mark, n, paragraph, rect, text, within
from vigie.drawing.texts import wrapped

_STYLES = {"bespoke": 1, "undetermined": 2, "tool": 0}


def interval(
    tool: int | None,
    bespoke: int | None,
    undetermined: int | None,
    *,
    title: str,
    lang: str = "en",
    narrow: bool = False,
    name: str = "interval",
    unit: str = "",
) -> Svg:
    """Draw one bar of three parts, and under it the interval in which the bespoke attacks lie: from those shown to be bespoke to these and all undetermined.

    Args:
        tool: attacks by a known tool; None when not known.
        bespoke: attacks made for this site.
        undetermined: attacks of which it cannot be said.
        title: what is drawn.
        lang: `fr` or `en`.
        narrow: 340 units wide instead of 760.
        name: begins every id.
        unit: what is counted, in the plural.
    """
    frame = Frame(title, lang, narrow, name, "interval")
    parts = {"bespoke": known(bespoke), "undetermined": known(undetermined), "tool": known(tool)}
    if all(count is None for count in parts.values()):
        return frame.empty(word("no data", lang))
    sums = [count for count in parts.values() if count is not None]
    total = sum(sums) if len(sums) == 3 else None
    says = {key: word(key, lang) + colon(lang) + counted(count, unit, lang) + (f" ({percent(count / total, lang)})" if total and count is not None else "") for key, count in parts.items()}
    samples = [Sample(says[key], unknown_paint(name) if count is None else paint(name, _STYLES[key]), MUTED if count is None else "none") for key, count in parts.items()]
    key, top = legend(samples, 2, frame.width)
    defs = patterns(name, _STYLES.values()) + unknown_pattern(name)
    wide = frame.width - 2.0
    box = rect(1, top, wide, 34, class_="unknown" if total is None else "whole", fill=unknown_paint(name) if total is None else "none", stroke=MUTED)
    if not total:
        return frame.drawn(top + 36, key + box, [one + "." for one in says.values()], defs=defs)
    body, x = [key, box], 1.0
    for at, (part, count) in enumerate(parts.items()):
        share = (count or 0.0) / total * wide
        drawn = hit(x, top, share, 34) + rect(x, top, share, 34, class_="part", data_part=part, fill=paint(name, _STYLES[part]), stroke=PAPER, stroke_width=min(1.0, share / 4))
        body.append(mark(at, part, says[part], drawn))
        x += share
    low, high = parts["bespoke"] or 0.0, (parts["bespoke"] or 0.0) + (parts["undetermined"] or 0.0)
    said = word("bespoke between", lang, low=_with_share(low, total, lang), high=_with_share(high, total, lang))
    left, right, y = 1 + low / total * wide, 1 + high / total * wide, top + 44
    body.append(element("path", d=f"M{n(left)} {n(y - 5)}v10m0-5H{n(right)}m0-5v10", stroke=INK, stroke_width=2, fill="none", class_="bounds"))
    lines = wrapped(said, frame.width / BOLDER, 13, 3)
    if len(lines) == 1:
        body.append(text(y=y + 22, words=said, **within((left + right) / 2, said, frame.width, size=13, font_weight="600")))
    else:
        body.append(paragraph(0, y + 22, lines, size=13, leading=17, font_weight="600"))
    return frame.drawn(y + 13 + 17 * len(lines), body, [*(one + "." for one in says.values()), said + "."], defs=defs, walked=True)


def _with_share(count: float, total: float, lang: str) -> str:
    return f"{number(count, lang)} ({percent(count / total, lang)})"
