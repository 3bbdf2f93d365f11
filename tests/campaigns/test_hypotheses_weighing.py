"""The arithmetic: an example with known figures, and what must hold whatever the matrix."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.cases import CHOSEN, EXAMPLE, cases, item
from vigie.campaigns.hypotheses import LIKELIHOODS, Case, Evidence, Hypothesis
from vigie.campaigns.hypotheses_weighing import SAME, enough_to_change, new_item_decides, weigh, word


def test_the_example_to_three_decimals():
    found = weigh(EXAMPLE)
    assert found.shares == pytest.approx([0.102, 0.735, 0.042, 0.121], abs=5e-4)
    assert found.inconsistency == pytest.approx([0, 0, 1.8, 0])
    assert found.diagnosticity == pytest.approx([0, 0.32, 2.56, 1.0, 0.72])
    assert (found.low[1], found.high[1]) == (pytest.approx(0.313, abs=5e-4), pytest.approx(0.756, abs=5e-4))
    assert (found.first, found.flips, found.confidence) == ((1,), (), "moderate")
    assert found.least == (0, 1, 3)  # inconsistency does not part these three
    assert found.source_flips == ("1",)


def test_twenty_copies_of_one_source_make_no_certainty():
    copies = tuple(replace(EXAMPLE.evidence[2], id=f"C{n}") for n in range(20))
    found = weigh(replace(EXAMPLE, evidence=(*EXAMPLE.evidence, *copies)))
    assert found.shares[1] == pytest.approx(0.807, abs=5e-4)
    assert found.shares[1] - weigh(EXAMPLE).shares[1] < 0.10


@given(cases(), st.integers(1, 30))
def test_a_source_never_says_more_than_four_thirds_of_its_best(case, copies):
    many = tuple(replace(one, id=f"{one.id}x{n}") for one in case.evidence for n in range(copies))
    found = weigh(replace(case, evidence=many))
    for source in {one.source for one in many}:
        mine = [at for at, one in enumerate(many) if one.source == source]
        spreads = [max(r := [many[at].rating(h.id) for h in case.hypotheses]) - min(r) for at in mine]
        best = max(many[at].weight * spread for at, spread in zip(mine, spreads, strict=True))
        assert found.diagnosticity[mine].sum() <= best * 4 / 3 + 1e-9


@given(cases(), st.integers(-2, 2), st.sampled_from("ABCDEF"), st.integers(1, 6), st.sampled_from(("web", "tip", "new")))
def test_evidence_that_fits_all_alike_moves_nothing(case, rating, grade, credibility, source):
    striking = Evidence("S", "other", "striking", source, grade, credibility, {h.id: rating for h in case.hypotheses}, refs=("a0123456789abcde",))
    before, after = weigh(case), weigh(replace(case, evidence=(*case.evidence, striking)))
    assert after.shares == pytest.approx(before.shares, abs=1e-12)
    assert (after.first, after.confidence, after.sources) == (before.first, before.confidence, before.sources)
    assert after.diagnosticity[-1] == 0


@given(cases(), st.dictionaries(st.sampled_from(("opportunistic", "criminal", "activist", "state_linked")), st.integers(-2, 2)), st.sampled_from(("last_hop", "relays")))
def test_where_the_last_hop_is_moves_nothing_however_it_is_rated(case, ratings, kind):
    country = Evidence("S", kind, "half of the last hops are there", "new", "A", 1, ratings, refs=("a0123456789abcde",))
    before, after = weigh(case), weigh(replace(case, evidence=(*case.evidence, country)))
    assert after.shares == pytest.approx(before.shares, abs=1e-12)
    assert (after.first, after.confidence, after.flips) == (before.first, before.confidence, before.flips)


@given(st.one_of(cases(grades="F"), cases(statements=(6,))))
def test_what_cannot_be_judged_gives_a_uniform_result_and_low_confidence(case):
    found = weigh(case)
    assert found.shares == pytest.approx([1 / len(case.hypotheses)] * len(case.hypotheses), abs=1e-12)
    assert found.confidence == "low" and not found.told_apart


@given(cases())
def test_confidence_is_low_without_two_sources_or_with_a_flip_or_a_poor_source(case):
    found = weigh(case)
    assert found.shares.sum() == pytest.approx(1)
    telling = [one for at, one in enumerate(case.evidence) if found.diagnosticity[at] > SAME]
    if len({one.source for one in telling}) < 2 or found.flips or not {one.reliability for one in telling} & {"A", "B"}:
        assert found.confidence == "low"
    if found.confidence == "high":
        assert len(found.sources) >= 4 and found.low[found.first[0]] > 0.8
    assert (found.confidence == "low") == bool(found.because)


def test_high_confidence_can_be_reached():
    evidence = tuple(item(f"E{n}", str(n), "A1", (2, -2, -2, -1)) for n in range(5))
    assert weigh(replace(EXAMPLE, evidence=evidence)).confidence == "high"
    assert weigh(replace(EXAMPLE, evidence=evidence[:3])).confidence == "moderate"
    assert weigh(replace(EXAMPLE, evidence=evidence[:1])).confidence == "low"


def test_the_first_place_with_more_against_it_than_another_is_not_trusted():
    evidence = (item("E0", "a", "A1", (-1, 0, -1, 0)), item("E1", "b", "A1", (2, 0, 0, 0)), item("E2", "c", "A1", (2, 0, 0, 0)))
    found = weigh(replace(EXAMPLE, evidence=evidence))
    assert found.first == (0,) and found.least == (1, 3)
    assert found.because == ("against",)


@given(cases(), st.randoms())
def test_order_and_names_do_not_matter(case, shuffle: random.Random):
    found = weigh(case)
    rows, columns = list(range(len(case.evidence))), list(range(len(case.hypotheses)))
    shuffle.shuffle(rows)
    shuffle.shuffle(columns)
    renamed = replace(
        case, hypotheses=tuple(case.hypotheses[at] for at in columns), evidence=tuple(replace(case.evidence[at], source=case.evidence[at].source[::-1]) for at in rows)
    )
    again = weigh(renamed)
    assert again.shares == pytest.approx(found.shares[columns], abs=1e-12)
    assert again.low == pytest.approx(found.low[columns], abs=1e-12)
    assert again.diagnosticity == pytest.approx(found.diagnosticity[rows], abs=1e-12)
    assert (again.confidence, again.because) == (found.confidence, found.because)


@given(cases())
def test_the_items_that_together_decide_do_decide_and_none_of_them_is_needless(case):
    found = weigh(case)
    gone = enough_to_change(case, found)

    def first_without(some):
        levels = [sum(found.kept[at] * one.rating(h.id) for at, one in enumerate(case.evidence) if at not in some) for h in case.hypotheses]
        return tuple(at for at, level in enumerate(levels) if level > max(levels) - 1e-9)

    if not found.told_apart:
        assert gone == ()
    else:  # without all of them nothing is told apart, so some number of them is enough
        assert gone
        assert first_without(gone) != found.first
        assert all(first_without(set(gone) - {at}) == found.first for at in gone if len(gone) > 1)
        assert all(found.diagnosticity[at] > 0 for at in gone)


def test_a_new_item_decides_only_where_the_lead_is_small():
    one = replace(EXAMPLE, evidence=(item("E0", "a", "B2", (1, 0, 0, 0)),))
    many = replace(EXAMPLE, evidence=tuple(item(f"E{n}", str(n), "A1", (2, -2, -2, -2)) for n in range(5)))
    assert new_item_decides(weigh(one), 0.64) and not new_item_decides(weigh(many), 0.64)


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, 0), (0.03, 0), (0.05, 1), (0.19, 1), (0.2, 2), (0.44, 2), (0.45, 3), (0.5, 3), (0.55, 4), (0.79, 4), (0.8, 5), (0.94, 5), (0.95, 6), (1.0, 6)],
)
def test_the_words_of_likelihood(share, said):
    assert word(share) == LIKELIHOODS[said]


def test_a_large_case_is_weighed_at_once():
    random_ = np.random.default_rng(5)
    hypotheses = tuple(Hypothesis(f"h{n}", "x") for n in range(8))
    evidence = tuple(
        Evidence(f"E{n}", "other", "x", f"s{n % 40}", "B", 2, {one.id: int(random_.integers(-2, 3)) for one in hypotheses}, refs=("a0123456789abcde",)) for n in range(200)
    )
    case = Case(CHOSEN, hypotheses, evidence)
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        weigh(case)
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.05
