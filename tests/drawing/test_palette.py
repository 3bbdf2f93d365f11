"""Colours are seen on paper, by everyone, and without colour."""

import itertools
import re

import numpy as np
import pytest

from drawing.samples import DRAWN
from vigie.drawing.legend import pattern
from vigie.drawing.palette import ALERT, COLOURS, INK, MUTED, PAPER, SHADES, TEXTURES, shade, style

PROTAN = np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]])
DEUTAN = np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]])
TRITAN = np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]])
"""Machado, Oliveira and Fernandes (2009), full severity, on linear light."""


def linear(colour):
    channels = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", [*COLOURS, ALERT, INK, MUTED, *SHADES[4:]])
def test_what_carries_something_is_seen_on_paper(colour):
    assert contrast(colour, PAPER) >= 3


@pytest.mark.parametrize("colour", [ALERT, INK, MUTED, COLOURS[0]])
def test_text_is_read_on_paper(colour):
    assert contrast(colour, PAPER) >= 4.5


def test_light_shades_stand_on_an_outline_that_is_seen():
    drawn = DRAWN["heat"]("t", [1, 9, 4], lang="en")
    assert all(stroke in (MUTED,) for stroke in re.findall(r'class="cell" fill="[^"]+" stroke="([^"]+)"', drawn))
    world = DRAWN["world"]("t", [1, 90, 4], lang="en")
    assert set(re.findall(r'class="country hit" fill="[^"]+" stroke="([^"]+)"', world)) <= {MUTED, INK}


def test_shades_get_darker():
    values = [luminance(one) for one in SHADES]
    assert values == sorted(values, reverse=True)
    assert [shade(one, 10) for one in (0, 0.1, 2, 2.1, 9.9, 10)] == [0, 1, 1, 2, 5, 5]


def test_no_two_families_look_alike_to_anyone():
    """Two of the first eight differ in colour to every eye, or in texture, or are so far apart in grey that no texture is needed."""
    for seen in (np.eye(3), PROTAN, DEUTAN, TRITAN):
        for one, other in itertools.combinations(range(8), 2):
            gap = np.abs(seen @ linear(COLOURS[one]) - seen @ linear(COLOURS[other])).max()
            assert style(one).texture != style(other).texture or gap > 0.1


def test_neighbours_in_a_stack_differ_in_grey():
    for one, other in itertools.pairwise(COLOURS):
        assert contrast(one, other) >= 1.3


def test_each_style_is_one_of_a_kind():
    looks = [style(at) for at in range(8 * len(set(TEXTURES)))]
    assert len(set(looks[:16])) == 16
    assert "<pattern" in pattern("x", 1)
    assert pattern("x", 0) == ""
