"""Where a line stops fitting the layout that was pasted for it."""

from __future__ import annotations

from typing import Final

import polars as pl

from vigie.sources.apache_layout import apache_layouts
from vigie.sources.layout import LayoutError, Token, pieces
from vigie.sources.nginx_layout import nginx_layouts

_SHOWN: Final = 40
_LONGEST: Final = 4096
_NOTATIONS: Final = {"nginx": nginx_layouts, "apache": apache_layouts}


def misfit(notation: str, layout: str, line: str) -> str:
    """What the layout wants where the line has something else, for people; "" when that cannot be told.

    Args:
        notation: `nginx` or `apache`.
        layout: as pasted; of several alternatives the one that fits furthest is spoken of.
        line: one that the layout does not fit.
    """
    if notation not in _NOTATIONS:
        return ""
    try:
        alternatives = _NOTATIONS[notation](layout)
    except LayoutError:
        return ""
    reached = [_reach(tokens, line[:_LONGEST]) for tokens in alternatives]
    count, place = max(reached)
    tokens = alternatives[reached.index((count, place))]
    rest = line[place : place + _SHOWN]
    if count == len(tokens):
        return f"goes on where the layout ends: {rest!r}"
    wanted = "".join(token if isinstance(token, str) else token.token for token in tokens[count : count + 3])
    return f"does not fit at character {place + 1}: the layout wants {wanted!r}, the line has {rest!r}"


def _reach(tokens: tuple[Token, ...], line: str) -> tuple[int, int]:
    """How many tokens fit, up to and with a literal, and where in the line they end."""
    patterns = [loose for _, loose in pieces(tokens)]
    best = (0, 0)
    for count in range(1, len(tokens) + 1):
        if count < len(tokens) and not isinstance(tokens[count - 1], str):
            continue
        held = pl.Series([line]).str.extract(f"^({''.join(patterns[:count])})", 1)[0]
        if held is None:
            break
        if count == len(tokens) and len(held) == best[1]:
            break  # the last field fits only by being empty
        best = (count, len(held))
    return best
