"""What is said: every sentence on evidence, likelihood and confidence apart, no author named, in both languages."""

from __future__ import annotations

import re
import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.cases import EXAMPLE, cases, item
from vigie.campaigns.hypotheses import CONFIDENCES, DEFAULTS, LIKELIHOODS, Hypothesis, Signature
from vigie.campaigns.hypotheses_ratings import KINDS, PROPOSALS
from vigie.campaigns.hypotheses_weighing import weigh
from vigie.campaigns.hypotheses_words import (
    _TEXT,
    BECAUSE,
    CONFIDENCE_FR,
    LIKELIHOOD_FR,
    SHORT,
    Sentence,
    likelihood,
    sentences,
)

LIKELY = {"en": LIKELIHOODS, "fr": tuple(LIKELIHOOD_FR.values())}
SURE = {
    "en": [rf"\b{word}\b" for word in ("confidence", *CONFIDENCES)],
    "fr": [rf"\b{word}\b" for word in ("confiance", *CONFIDENCE_FR.values())],
}
PLACES = (
    "russia", "ukrain", "china", "chinese", "chinois", "chine", "iran", "north korea", "corée", "united states", "états-unis", "american", "américain", "israel", "israël",
    "france", "french", "français", "russe", "kremlin", "gru", "fsb", "apt2", "fancy", "cozy", "germany", "allemagne", "turkey", "turquie", "belarus", "bélarus", "syria", "syrie",
)  # fmt: skip
BOTS = re.compile(r"\b(?:ro)?bots?\b|\btrolls?\b", re.IGNORECASE)


@given(cases(), st.sampled_from(["en", "fr"]))
def test_every_sentence_rests_on_items_that_are_there(case, lang):
    ids = {one.id for one in case.evidence}
    said = sentences(case, weigh(case), lang)
    assert {"observed", "confidence", "look", "limits"} <= {one.about for one in said}
    for one in said:
        assert one.evidence and set(one.evidence) <= ids
        assert str(one).endswith(f"[{', '.join(one.evidence)}]")


def test_a_sentence_without_evidence_cannot_be_made():
    with pytest.raises(ValueError, match="no evidence"):
        Sentence("leads", "It was them", ())


@given(cases(signed=st.just(False)), st.sampled_from(["en", "fr"]))
def test_likelihood_and_confidence_are_never_in_one_sentence(case, lang):
    for one in sentences(case, weigh(case), lang):
        text = one.text.lower()
        likely = any(re.search(rf"\b{re.escape(word)}\b", text) for word in LIKELY[lang])
        sure = any(re.search(word, text) for word in SURE[lang])
        assert not (likely and sure), one.text
        assert sure == (one.about == "confidence"), one.text


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("share", [n / 20 for n in range(21)])
@pytest.mark.parametrize("reason", list(BECAUSE["en"]))
def test_no_reason_of_confidence_holds_a_word_of_likelihood(lang, share, reason):
    assert likelihood(share, lang) not in BECAUSE[lang][reason]


@given(cases(signed=st.just(False)), st.sampled_from(["en", "fr"]))
def test_what_the_team_names_is_a_number_until_a_person_signs(case, lang):
    named = replace(case, hypotheses=(*case.hypotheses, Hypothesis("x", "Ruritania did it", "La Ruritanie l'a fait")))
    assert all("Ruritani" not in one.text for one in sentences(named, weigh(named), lang))
    signed = replace(named, signature=Signature("A. Person", "2026-02-20", "Ruritania did it", ("E0",)))
    said = [one for one in sentences(signed, weigh(signed), lang) if one.about == "signed"]
    assert len(said) == 1 and "A. Person" in said[0].text and "2026-02-20" in said[0].text and said[0].evidence == ("E0",)


def test_no_words_of_the_program_name_a_state_or_call_anybody_a_bot():
    words = [text for lang in ("en", "fr") for table in (_TEXT[lang], BECAUSE[lang], SHORT[lang]) for text in table.values()]
    words += [text for one in PROPOSALS.values() for text in (one.english, one.french, one.why, one.why_fr)] + [text for one in DEFAULTS for text in (one.text, one.text_fr)]
    assert len(words) > 150
    for text in words:
        assert not any(re.search(rf"\b{place}", text.lower()) for place in PLACES), text
        assert not BOTS.search(text), text
        assert not re.search(r"\bproves\b|traced to|comes from|prouve\b|vient de\b", text), text


def test_both_languages_say_the_same():
    def holes(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert _TEXT["en"].keys() == _TEXT["fr"].keys() and BECAUSE["en"].keys() == BECAUSE["fr"].keys()
    assert all(holes(_TEXT["en"][key]) == holes(_TEXT["fr"][key]) for key in _TEXT["en"])
    assert all(holes(one.english) == holes(one.french) and one.why and one.why_fr for one in PROPOSALS.values())
    assert all(one.text and one.text_fr for one in DEFAULTS)
    assert set(LIKELIHOOD_FR) == set(LIKELIHOODS) and set(CONFIDENCE_FR) == set(CONFIDENCES)


def test_the_proposals_leave_to_people_what_logs_cannot_tell():
    assert {name.partition(".")[0] for name in PROPOSALS} == set(KINDS)
    for name, one in PROPOSALS.items():
        rated = one.rated()
        assert rated["unknown"] == 0
        assert rated["activist"] == rated["state_linked"], name
        if name.startswith(("last_hop", "relays")) or one.credibility == 6:
            assert set(rated.values()) == {0}
    assert {name.partition(".")[0] for name, one in PROPOSALS.items() if set(one.ratings) != {0}} == {"tools", "background", "bespoke", "hours", "publications", "databases", "floods", "reuse"}


def test_the_example_in_words():
    said = {one.about: one for one in sentences(EXAMPLE, weigh(EXAMPLE), "en")}
    assert said["carries"].text == "E2 alone carries 56 % of what tells the hypotheses apart" and said["carries"].evidence == ("E2",)
    assert said["likelihood"].text == "If these ratings hold, it is likely that H2 explains these attacks"
    assert said["range"].text.endswith("from “unlikely” to “likely”")
    assert said["confidence"].text == "Confidence in this is moderate: 3 independent sources tell something, the best of grade A, and no single item decides"
    assert said["together"].evidence == ("E2", "E4")
    assert said["useless"].evidence == ("E0",)
    french = {one.about: one.text for one in sentences(EXAMPLE, weigh(EXAMPLE), "fr")}
    assert french["likelihood"] == "Si ces notes tiennent, il est probable que H2 explique ces attaques"
    assert french["confidence"].startswith("La confiance est moyenne : 3 sources")


def test_what_is_said_when_nothing_tells():
    case = replace(EXAMPLE, evidence=EXAMPLE.evidence[:1])
    said = {one.about for one in sentences(case, weigh(case), "en")}
    assert "nothing" in said and not said & {"likelihood", "tie", "flip", "new", "leads"}


def test_what_cannot_be_parted_is_said():
    case = replace(EXAMPLE, evidence=(item("E0", "a", "A1", (2, 0, 0, -1)), item("E1", "b", "A1", (1, 0, 0, 0))))
    said = {one.about: one.text for one in sentences(case, weigh(case), "en")}
    assert said["alike"] == "Nothing here tells H2 and H3 apart"
    assert said["against"] == "Against H4 speaks: E0 (inconsistency 1.00)"


def test_a_signer_who_departs_from_the_matrix_is_told_and_so_is_a_stale_signature():
    signed = replace(EXAMPLE, signature=Signature("A. Person", "2026-02-20", "We do not know.", ("E1", "E2"), "unlikely", "low", "000000000000"))
    said = {one.about: one for one in sentences(signed, weigh(signed), "en")}
    assert said["departs"].text == "The matrix gives “likely” where the person who signed says “unlikely”"
    assert said["signed_likelihood"].text == "A. Person says: unlikely" and "unlikely" not in said["signed_confidence"].text
    assert EXAMPLE.digest in said["stale"].text and "draft" not in said
    under = replace(signed, signature=replace(signed.signature, matrix=EXAMPLE.digest))
    assert "stale" not in {one.about for one in sentences(under, weigh(under), "en")}


def test_rating_a_country_warns():
    case = replace(EXAMPLE, evidence=(*EXAMPLE.evidence, item("C", "c", "A1", (2, 0, 0, 0), kind="last_hop")))
    assert weigh(case).shares == pytest.approx(weigh(EXAMPLE).shares)
    assert [one.evidence for one in sentences(case, weigh(case), "en") if one.about == "unequal"] == [("C",)]


def test_two_names_for_one_source_are_suspected():
    same = replace(EXAMPLE, evidence=tuple(replace(one, refs=("a0123456789abcde", f"s0123456789abc{n:02d}")) for n, one in enumerate(EXAMPLE.evidence)))
    assert not [one for one in sentences(same, weigh(same), "en") if one.about == "overlap"]  # half is not more than half
    shared = ("a0123456789abcde", "a0123456789abcdf")
    merged = replace(EXAMPLE, evidence=tuple(replace(one, refs=(*shared, f"s0123456789abc{n:02d}")) for n, one in enumerate(EXAMPLE.evidence[:4])))
    found = [one.evidence for one in sentences(merged, weigh(merged), "en") if one.about == "overlap"]
    assert found == [("E1", "E3"), ("E2", "E3")]  # E1 and E2 are of one source, and E0 tells nothing


@given(cases(signed=st.just(False)), st.sampled_from(["en", "fr"]))
def test_a_word_of_likelihood_needs_a_first_place_that_weighs_something(case, lang):
    found = weigh(case)
    said = {one.about for one in sentences(case, found, lang)}
    assert ("likelihood" in said) == (len(found.first) == 1 and found.shares[found.first[0]] >= 0.45)
    assert ("leads" in said) <= ("likelihood" in said) and ("leads_little" in said) <= ("likelihood" not in said)


def test_a_first_place_that_is_only_the_least_of_five_is_not_called_unlikely():
    case = replace(EXAMPLE, evidence=(item("E0", "a", "B2", (1, 0, 0, 0)),))
    found = weigh(case)
    assert found.first == (0,) and found.shares[0] == pytest.approx(0.402, abs=1e-3)
    assert not any("unlikely" in one.text for one in sentences(case, found, "en"))
