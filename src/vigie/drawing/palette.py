"""Colours and textures: each at least 3 to 1 against the paper, told apart without colour too.

References:
    - WCAG 2.2, 1.4.11 (non-text contrast 3:1), 1.4.3 (text 4.5:1), 1.4.1 (use of colour)
    - Machado, Oliveira and Fernandes (2009), A physiologically-based model for simulation of color vision deficiency
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PAPER, INK, MUTED, FAINT = "#ffffff", "#1b1f24", "#57606a", "#d0d7de"
"""Background, text, secondary text and axes, and grid lines (which carry nothing)."""
ALERT: Final = "#a40e26"
"""What must be seen first."""
COLOURS: Final = ("#0b5cad", "#b8520c", "#878f98", "#7b2d6b", "#24938a", "#6b5000", "#7c79d2", "#1b1f24")
"""Of `style(0)` to `style(7)`, dark and light in turn, so that neighbours in a stack differ in grey too; the next eight repeat them under other textures."""
TEXTURES: Final = ("plain", "rising", "level", "dots", "falling", "cross", "upright", "plain")
"""Of the first eight; each further eight shift them by three."""
BROKEN: Final = "broken"
"""Where the second eight come round to no texture: their colours are as grey as others of the first."""
SHADES: Final = ("#eaf1f8", "#b9d2ea", "#7fb0da", "#3d85c4", "#0b5cad", "#083a6e")
"""From little to much; the first two stand on an outline, since they are light."""

STYLESHEET: Final = """\
.drawing { max-width: 100%; height: auto; display: block; }
.drawing:focus-visible { outline: 3px solid #0b5cad; outline-offset: 2px; }
.drawing .mark.current .hit { stroke: #1b1f24; stroke-width: 2.5; }
@media print { .drawing { break-inside: avoid; print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
@media (forced-colors: active) { .drawing { forced-color-adjust: none; background: #ffffff; } }
"""
"""Rules that a page wants besides what the drawings say themselves."""


@dataclass(frozen=True, slots=True)
class Style:
    """How one of several things looks.

    Attributes:
        colour: of its ground.
        texture: `plain`, another of `TEXTURES` or `BROKEN`, white on the colour.
    """

    colour: str
    texture: str


def style(number: int) -> Style:
    """Colour and texture of a number, the same on every page."""
    at, turn = number % len(COLOURS), number // len(COLOURS)
    texture = TEXTURES[(at + 3 * turn) % len(TEXTURES)]
    return Style(COLOURS[at], BROKEN if turn == 1 and texture == "plain" else texture)


def shade(value: float, largest: float) -> int:
    """Number of the shade of a count: 0 for none, else 1 to 5 in equal steps up to the largest."""
    if value <= 0 or largest <= 0:
        return 0
    return min(5, max(1, -int(-5 * value // largest)))
