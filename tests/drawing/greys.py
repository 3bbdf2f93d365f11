"""What a drawing looks like without colour: which of the things that it tells apart cannot be told apart in grey."""

import itertools

RATIO = 1.25
"""Contrast (WCAG 2.2) of two grounds from which they are told apart in grey where nothing else differs."""

LOOKS = """() => [...document.querySelectorAll('svg.drawing')].filter(svg => svg.getClientRects().length).map(svg => [svg.id, [...svg.querySelectorAll('g.sample')].map(sample => {
  const mark = sample.firstElementChild, style = getComputedStyle(mark), fill = mark.getAttribute('fill') ?? '', pattern = fill.startsWith('url(') ? svg.querySelector(fill.slice(4, fill.indexOf(')'))) : null;
  const box = mark.getBBox(), shape = mark.tagName + (mark.tagName === 'path' ? mark.getAttribute('d').replace(/^M[-\\d. ]+/, '') : '');
  const texture = pattern ? [...pattern.children].slice(1).map(one => one.tagName + (one.getAttribute('d') ?? '')).join() : '';
  const ground = pattern ? pattern.firstElementChild.getAttribute('fill') : fill;
  return {label: sample.nextElementSibling?.firstChild?.textContent ?? '', shape, texture, ground, dash: style.strokeDasharray, stroke: mark.getAttribute('stroke') ?? 'none'};
})])"""
"""In a browser: the samples of the legend of each drawing, as they are painted."""


def luminance(colour):
    """Relative luminance of `#rrggbb`; paper where nothing is painted."""
    if not colour.startswith("#"):
        return 1.0
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def told_apart(one, other):
    """Whether two samples differ in shape, texture, dashes, or as greys."""
    return any(one[name] != other[name] for name in ("shape", "texture", "dash")) or contrast(one["ground"], other["ground"]) >= RATIO


def alike(drawings):
    """Pairs of labels, with their drawing, that look alike without colour.

    Args:
        drawings: what `LOOKS` gives.
    """
    return [(name, one["label"], other["label"]) for name, looks in drawings for one, other in itertools.combinations(looks, 2) if not told_apart(one, other)]
