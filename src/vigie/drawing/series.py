"""What is told apart by colour and texture: a family, a kind of period, a row or a column."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Series:
    """One of several things that share a drawing.

    Attributes:
        key: what other values refer to it by, and what marks carry as `data-key`.
        label: what people read.
        style: number of its colour and texture (`palette.style`); None takes its place in the sequence that was given. Give the number where a
            family must look the same on every page.
    """

    key: str
    label: str
    style: int | None = None
