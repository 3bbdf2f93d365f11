"""What may be the same story in other words or another language: proposed by rare things in common, never merged."""

import tracemalloc
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from social.post_tables import START, posts_of
from vigie.social import anchors_words
from vigie.social import proposals as proposals_module
from vigie.social.anchors import marks_of
from vigie.social.copies import copies
from vigie.social.copies_differences import REWORDED
from vigie.social.languages import languages
from vigie.social.proposal_words import common_words, proposal_sentence
from vigie.social.proposals import caution, chosen, near, proposals
from vigie.social.texts import normalised, with_texts

FRENCH = "Hier à Valbourg, Claire Dormoy a encaissé 40 250 euros de la banque Kestrel"
ENGLISH = "Yesterday in Valbourg, Claire Dormoy pocketed €40,250 from Kestrel bank"
RUSSIAN = "Клер Дормуа вчера получила 40250 евро от банка в Вальбуре"
CLAIMS = Path(__file__).parents[1] / "cases" / "claims"


def texts_of(*texts, at=60):
    return copies(posts_of(*({"text": text, "account_id": str(n), "at": n * at} for n, text in enumerate(texts)))).texts


def marks(text):
    return marks_of({"text": text, "normalised": normalised(pl.Series([text]))[0]})


@pytest.mark.parametrize("other", [ENGLISH, RUSSIAN])
def test_rare_names_and_a_number_in_common_propose_a_translation(other):
    found = proposals(texts_of(FRENCH, other, "Rien à voir : il pleut sur Orvanne depuis des semaines et la rivière monte"))
    assert found.select("type", "translation", "caution", "how").rows() == [("SAME_ANCHORS", True, None, "anchors")]
    assert {"number 40250", "thing bank", "thing receive"} <= set(found["anchors"][0].to_list())


def test_an_unknown_language_is_not_another_language():
    told = texts_of(FRENCH, "Claire Dormoy, Valbourg, Kestrel: 40 250")
    assert proposals(told)["translation"].to_list() == [False]


def test_names_alone_or_long_apart_propose_nothing():
    names = ["Claire Dormoy inaugure la piscine de Valbourg ce matin", "Claire Dormoy soutient les agriculteurs de Valbourg contre le loup"]
    assert proposals(texts_of(*names)).is_empty()
    assert proposals(texts_of(FRENCH, ENGLISH, at=86_400 * 4)).is_empty()
    assert proposals(texts_of("rien", "vide")).is_empty()


@pytest.mark.parametrize(
    ("left", "right", "wanted"),
    [
        ("Dormoy a touché 40 250 euros", "Dormoy n'a jamais touché 40 250 euros", "denial"), ("Dormoy a touché 40 250 euros", "Dormoy got 50,000 euros", "number"),
        ("Le procès s'ouvre le 12 mars", "The trial opens on March 14", "date"), ("L'usine de Nevers ouvre en juin", "L'usine de Nevers ferme en juin", "opposite"),
        ("Le maire signe le contrat", "Le maire renonce au contrat", "turn"), (FRENCH, ENGLISH, None), (FRENCH, RUSSIAN, None),
    ],
)  # fmt: skip
def test_what_may_tell_two_texts_apart_is_said(left, right, wanted):
    assert caution(marks(left), marks(right)) == wanted


@pytest.mark.parametrize(
    ("left", "right", "common"),
    [
        ("1,2 million d'euros", "€1.2m", "number 1200000"), ("le 12 mars", "on March 12", "date 3-12"), ("le 1er juin", "June 1st", "date 6-1"), ("31 % des voix", "31% of votes", "number 31%"),
        ("3,5 milliards", "3.5bn", "number 3500000000"), ("12 000 manifestants", "12,000 people", "number 12000"), ("neuf mille messages", "9,000 emails", "number 9000"), ("deux cents tracteurs", "200 tractors", "number 200"),
        ("quatre-vingts trains", "eighty trains", "number 80"), ("1,2 млн евро", "1,2 million", "number 1200000"), ("« l'heure des comptes »", "“L'heure des comptes”", "quote lheure des comptes"),
    ],
)  # fmt: skip
def test_numbers_dates_and_quotations_are_one_however_they_are_written(left, right, common):
    assert common in marks(f"Ici {left} Voir").anchors & marks(f"Ici {right} Voir").anchors


def test_a_number_with_a_fraction_is_one_number():
    told = marks("Orée a reçu 1,2 million d'euros, 7,5 % du budget, pour 3 écoles")
    assert {one for one in told.anchors if one.startswith("number ")} == {"number 1200000", "number 7.5%"}
    assert caution(told, marks("Orée a reçu 3 millions d'euros pour trois écoles")) == "number"


def test_the_list_of_things_is_whole_and_in_the_spelling_of_normal_forms():
    lines = [line.partition(": ") for line in anchors_words.THINGS.strip().splitlines()]
    assert len({name for name, _, _ in lines}) == len(lines) >= 300
    for name, _, words in lines:
        french, english, russian = words.split("|")
        assert all(one.isascii() and one.islower() for one in (french + english).replace("*", "").split()), name
        assert all("а" <= letter <= "я" for one in russian.replace("*", "").split() for letter in one.replace("ё", "е")), name
        assert all(len(one) >= 3 + one.endswith("*") or not one.endswith("*") for one in words.replace("|", " ").split()), name
    assert all(set(one.split()) <= {name for name, _, _ in lines} for one in anchors_words.OPPOSITES)


def test_a_language_is_told_by_small_words_or_by_its_script():
    texts = pl.Series([FRENCH, ENGLISH, RUSSIAN, "日本語のテキストです、長い長いテキストですよね、そうですよ", "Macron", None, "Die Kandidatin hat das Geld nicht bekommen, sagt der Sprecher"])
    assert languages(texts, normalised(texts)).to_list() == ["fr", "en", "ru", "ja", None, None, "de"]


@given(st.lists(st.text(max_size=80), max_size=6))
def test_any_text_has_anchors_and_is_proposed_once_a_pair(texts):
    found = proposals(texts_of(*texts))
    assert found.height == found.unique(["a", "b"]).height
    assert found.select((pl.col("a") != pl.col("b")).all()).item()


def test_long_hostile_texts_are_bounded():
    marks_of({"text": "A" * 10_000_000 + "1 " * 1_000_000, "normalised": "a " * 100_000})
    marks_of({"text": "1,234" * 100_000 + '"' * 100_000, "normalised": "1"})


def test_vectors_of_a_model_propose_more_and_are_checked():
    texts = chosen(texts_of(FRENCH, ENGLISH, "Il pleut sur Orvanne depuis des semaines et la rivière monte"))
    vectors = np.array([[1, 0.1], [1, 0.7], [0, 1]], np.float32)
    found = near(texts, vectors)
    assert found.select("a", "b", "translation", "how").rows() == [(*texts["text_hash"][:2], True, "vectors")]
    with pytest.raises(ValueError, match="shape"):
        near(texts, vectors[:2])
    with pytest.raises(ValueError, match="no number"):
        near(texts, vectors * np.nan)


def test_most_claims_of_a_set_written_by_somebody_else_are_proposed_and_few_strangers():
    claims = yaml.safe_load((CLAIMS / "claims.yml").read_text("utf-8"))
    rows = [(f"{one['id']} {kind}", one[kind]) for one in claims for kind in ("fr", "en", "ru", "fr_again", "other") if kind in one]
    table = with_texts(pl.DataFrame(rows, schema=["of", "text"], orient="row")).with_columns(
        first_at=START + timedelta(hours=1), accounts=pl.lit(2), links=pl.col("text").str.extract_all(r"https?://\S+")
    )
    name = dict(table.select("text_hash", "of").iter_rows())
    found = [tuple(name[one].split(" ") for one in pair) for pair in proposals(table).select("a", "b").iter_rows()]
    same = {(a[0], frozenset((a[1], b[1]))) for a, b in found if a[0] == b[0]}
    many = len(claims)
    assert sum((one["id"], frozenset(("fr", "en"))) in same for one in claims) >= 0.7 * many
    assert sum((one["id"], frozenset(("fr", "fr_again"))) in same for one in claims) >= 0.62 * many
    assert sum(a[0] != b[0] for a, b in found) <= 0.1 * len(found)


@pytest.mark.parametrize(
    ("anchor", "english", "french"),
    [
        ("number 1200000", "1,200,000", "1\u202f200\u202f000"), ("number 2024", "2024", "2024"), ("number 4.5%", "4.5%", "4,5\u00a0%"), ("number 40250.5", "40,250.5", "40\u202f250,5"), ("number 1e+11", "1e+11", "1e+11"),
        ("date 3-12", "12 March", "12 mars"), ("date 1-1", "1 January", "1er janvier"), ("date 13-1", "13-1", "13-1"), ("name de la tour", "de la tour", "de la tour"), ("word mars", "mars…", "mars…"),
    ],
)  # fmt: skip
def test_what_is_common_is_told_as_people_write_it(anchor, english, french):
    assert common_words([anchor, "thing mayor"], "en") == f"in common: {english}, one thing that both speak of"
    assert common_words([anchor], "fr") == f"en commun : {french}"


@pytest.mark.parametrize("most", [7, 1_000])
def test_the_nearest_of_many_blocks_are_those_of_all(monkeypatch, most):
    random = np.random.default_rng(5)
    vectors = np.round(random.normal(0, 0.3, (90, 6)) + 1, 1).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    at = np.sort(random.integers(0, 2 * proposals_module.WINDOW, 90))
    tongues = [[None, "fr", "en"][n % 3] for n in range(90)]
    scripts = ["cyrillic" if n % 7 == 0 else "other" for n in range(90)]
    monkeypatch.setattr(proposals_module, "MOST", most)
    monkeypatch.setattr(proposals_module, "BLOCK", 90)
    whole = proposals_module._nearest(vectors, at, tongues, scripts)
    monkeypatch.setattr(proposals_module, "BLOCK", 8)
    told = proposals_module._nearest(vectors, at, tongues, scripts)
    assert len(told) == min(most, len(whole)) > 0
    assert [round(one[2], 5) for one in told] == [round(one[2], 5) for one in whole]  # blocks may differ in the last bit
    for i, j, cosine, far in told:
        assert i < j and at[j] - at[i] <= proposals_module.WINDOW
        apart = scripts[i] != scripts[j] or (tongues[i] != tongues[j] and None not in (tongues[i], tongues[j]))
        assert far == apart and cosine >= (proposals_module.OTHER_LANGUAGE if far else proposals_module.SAME_LANGUAGE)


def test_texts_that_are_all_nearly_one_do_not_fill_the_memory():
    vectors = np.ones((4_000, 2), np.float32) / np.float32(2**0.5)
    tracemalloc.start()
    found = proposals_module._nearest(vectors, np.zeros(4_000, np.int64), [None] * 4_000, ["other"] * 4_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found) == proposals_module.MOST
    assert peak < 256 << 20  # all eight million pairs at once would take three times as much


def test_what_tells_two_apart_stands_before_what_is_common():
    row = {"type": REWORDED, "translation": False, "caution": "denial", "how": "anchors", "cosine": None, "anchors": ["name dormoy"]}
    assert proposal_sentence(row, "en") == "perhaps the same in other words; careful: one of the two denies; in common: dormoy"
    assert proposal_sentence(row, "fr") == "peut-être la même chose en d'autres mots\u202f; attention : l'un des deux nie\u202f; en commun : dormoy"
