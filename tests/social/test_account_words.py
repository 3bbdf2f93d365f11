"""What is said of accounts: the agreed sentences, in both languages, and never a word more."""

import re
from pathlib import Path

import pytest

from vigie.social import account_words
from vigie.social.account_likelihood import FEATURES, reference
from vigie.social.account_marks import MARKS
from vigie.social.account_words import LANGUAGES, bound_sentence, mark_sentence, readings, sentence, trained_on

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = re.compile(
    r"(?i)\b(bots?|robots?|trolls?|fake|faux comptes?|operatives?|paid|payés?|rémunérés?|agents? (?:of|de)|russia\w*|russes?|chin[ae]\w*|iran\w*|machines?|automates?)\b"
)


def account(result, **more):
    return {"result": result, "posts": 812, "active_days": 40, "log10_lr": 1.42, "declared": "account.bot", **more}


@pytest.mark.parametrize(
    ("told", "en", "fr"),
    [
        ("assisted", f"Posting rhythm closer to scheduled or assisted posting (LR about 10^1.4, 812 posts, trained on {trained_on(reference())})",
         f"Rythme plus proche d'une publication programmée ou assistée (rapport de vraisemblance env. 10^1,4, 812 messages, référence : {trained_on(reference(), 'fr')})"),
        ("undecided", "Undecided: the rhythm fits both explanations", "Indécis : le rythme est compatible avec les deux explications"),
        ("hand", "Posting rhythm closer to hand operation, possibly full time or a team", "Rythme plus proche d'une publication à la main, éventuellement à temps plein ou en équipe"),
    ],
)  # fmt: skip
def test_the_agreed_sentences(told, en, fr):
    assert sentence(account(told), reference()) == en and sentence(account(told), reference(), "fr") == fr


def test_too_little_says_of_what():
    assert sentence(account("little", posts=99), reference()) == "Not enough posts to say (n < 100)"
    assert sentence(account("little", posts=99), reference(), "fr") == "Trop peu de messages pour conclure (n < 100)"
    assert sentence(account("little", active_days=13), reference()) == "Not enough active days to say (13 days, 812 posts)"


def test_a_bound_is_a_rate():
    bound = {"rule": "full_hours", "posts": 61, "days": 4}
    assert bound_sentence(bound) == "61 posts in one hour on 4 days: beyond what one person does by hand"
    assert bound_sentence(bound, "fr") == "61 messages en une heure, 4 jours : au-delà de ce qu'une personne publie à la main"


def test_the_training_set_and_its_size_stand_in_the_sentence():
    told = reference().classes
    for lang in LANGUAGES:
        assert str(told["assisted: observed"]) in trained_on(reference(), lang) and str(told["hand: observed"]) in trained_on(reference(), lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_figure_and_sign_has_its_words(lang):
    assert set(account_words.FEATURES[lang]) == set(FEATURES)
    assert set(account_words.MARKS[lang]) == {mark.name for mark in MARKS}
    assert set(account_words.RESULTS[lang]) == set(account_words.RESULTS["en"])
    assert all(mark_sentence({"mark": mark.name, "value": 0.5}, lang) for mark in MARKS)


def test_the_figures_that_weigh_most_come_with_the_opposite_reading():
    parts = [{"feature": name, "contribution": value, "weighs": place} for name, value, place in (("bursts", -0.9, 1), ("evenness", 0.4, 2), ("minute_excess", 0.1, 3), ("hour_entropy", 0.0, 4))]
    told = readings(parts[::-1])
    assert [name for name, _, _, _ in told] == [account_words.FEATURES["en"][name][0] for name in ("bursts", "evenness", "minute_excess")]
    assert told[0][1].startswith("many") and told[0][2].startswith("few") and told[1][1].startswith("even")


def strings(value):
    """Every string in nested mappings and tuples."""
    if isinstance(value, str):
        yield value
    else:
        for one in value.values() if hasattr(value, "values") else value:
            yield from strings(one)


def test_nothing_stronger_is_said():
    said = [*strings(account_words.RESULTS), *strings(account_words.FEATURES), *strings(account_words.MARKS), *(trained_on(reference(), lang) for lang in LANGUAGES), reference().name]
    assert len(said) > 55
    assert not [text for text in said if FORBIDDEN.search(text)]
    assert FORBIDDEN.search("This is a bot") and FORBIDDEN.search("un Robot russe"), "the pattern finds what it is for"


def test_the_page_says_nothing_stronger():
    page = re.sub(r"`[^`]*`", "", (ROOT / "docs" / "accounts.md").read_text("utf-8"))
    assert not FORBIDDEN.search(page.split("## Words that are never used")[0])
