"""Values dealt out over many addresses are one attack; what only happens at the same time is not."""

import random

import pytest

from attacks.test_derive import attacks, signal


def dealt(values, sources, minutes=5.0, target="/a ?id", start=0):
    rng = random.Random(5)
    return [
        {**signal(start + n * minutes / values, number=start * 1000 + n, source=f"192.0.2.{rng.randrange(sources)}", target=target), "evidence": f"{n}' or {n}={n}"}
        for n in range(values)
    ]  # fmt: skip


@pytest.mark.parametrize(("values", "sources", "minutes", "together"), [(40, 30, 5, True), (19, 19, 5, False), (40, 4, 5, False), (40, 30, 40, False)])
def test_many_values_from_many_sources_within_minutes_are_one(values, sources, minutes, together):
    signals = dealt(values, sources, minutes)
    alone = len({s["source_address"] for s in signals})
    assert len(attacks(signals)) == (1 if together else alone)


def test_a_scanner_does_not_swallow_those_who_try_the_same_place():
    scanner = [{**s, "source_address": "198.51.100.1"} for s in dealt(60, 1)]
    others = [{**signal(n, number=9000 + n, source=f"203.0.113.{n}"), "evidence": f"own {n}"} for n in range(5)]
    assert len(attacks([*scanner, *others])) == 6


def test_the_same_value_many_times_is_not_dealt_out():
    assert len(attacks([{**s, "evidence": "same"} for s in dealt(40, 10)])) == 10


def test_other_places_are_not_drawn_in():
    assert len(attacks([*dealt(40, 30), signal(1, number=9999, source="203.0.113.9", target="/b ?x")])) == 2


def test_order_does_not_matter():
    signals = dealt(60, 40)
    mixed = signals.copy()
    random.Random(2).shuffle(mixed)
    assert attacks(signals) == attacks(mixed)
