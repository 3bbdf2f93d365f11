"""Payloads that others sent too: what several sources send to several sites is copied from somewhere.

The form of a payload is its decoded text in lower case with every digit as 0. That many send a form does not make each of them a program,
but what was made for one site is not sent by three strangers within a month.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from vigie.attacks.keys import Flags, Ints, Keys, codes, distinct, starts_of

DAYS: Final = 30
ACTORS: Final = 3
"""Sources, each with an attack of its own, that make a form a known one, within 30 days."""
PLACES: Final = 3
"""Different places that do, when more than one source sent it."""


def shared(key: Keys, actor: Keys, seen: Ints, actors: int = ACTORS) -> Flags:
    """Say of each signal whether enough actors sent the same within 30 days of its actor's first.

    Args:
        key: what is the same.
        actor: key of the source that began the signal's attack.
        seen: microseconds.
        actors: how many.
    """
    order = np.lexsort((seen, actor, key))
    new = starts_of(key[order], actor[order])
    pair = np.cumsum(new) - 1
    keys, firsts = key[order][new], seen[order][new]
    by = np.lexsort((firsts, keys))
    known = np.zeros(len(by), bool)
    ahead = actors - 1
    near = (keys[by][ahead:] == keys[by][: len(by) - ahead]) & (firsts[by][ahead:] - firsts[by][: len(by) - ahead] <= DAYS * 86_400_000_000)
    for step in range(actors):
        known[by[step : len(by) - ahead + step][near]] = True
    out = np.zeros(len(key), bool)
    out[order] = known[pair]
    return out


def on_many_places(form: Keys, place: Keys, actor: Keys) -> Flags:
    """Say of each signal whether its form was sent to enough places, by more than one actor."""
    cell = codes(form)
    return ((distinct(cell, place) >= PLACES) & (distinct(cell, actor) > 1))[cell]
