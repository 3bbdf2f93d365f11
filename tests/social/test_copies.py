"""What says the same and what only looks like it."""

import random
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from social.headlines import KINDS, ROWS, echoes, negatives
from social.post_tables import posts_of
from vigie.social import copies_candidates as candidates
from vigie.social.copies import ALIKE, LISTED, copies
from vigie.social.copies_candidates import NEIGHBOURS, nearest
from vigie.social.copies_differences import aligned, difference, words_of
from vigie.social.copies_templates import masked
from vigie.social.texts import normalised


def _forms(texts):
    return {text: words_of(form, text) for text, form in zip(texts, normalised(pl.Series(texts)).to_list(), strict=True)}


WORDS = _forms([text for row in ROWS for text in row])


def compared(a, b):
    return difference(WORDS[a], WORDS[b])


def said(*texts, **more):
    return posts_of(*({"text": text, "account_id": str(at), "at": 60 * at} for at, text in enumerate(texts)), **more)


def test_every_headline_has_all_its_variants():
    assert len(ROWS) >= 60
    assert all(len(row) == 5 and len(set(row)) == 5 for row in ROWS)


@pytest.mark.parametrize("kind", KINDS)
def test_no_headline_is_a_copy_of_what_says_something_else(kind):
    merged = [(pair, found.reason) for pair in negatives(kind) if (found := compared(*pair)).type == "COPY" or compared(*pair[::-1]).type == "COPY"]
    assert not merged


def test_no_claim_is_a_copy_of_another_fact_told_in_the_same_words():
    claims = yaml.safe_load((Path(__file__).parents[1] / "cases" / "claims" / "claims.yml").read_text("utf-8"))
    assert len(claims) >= 200
    words = _forms([one[kind] for one in claims for kind in ("fr", "en", "fr_again", "other")])
    merged = [one["id"] for one in claims for kind in ("fr", "en", "fr_again") if difference(words[one[kind]], words[one["other"]]).type == "COPY"]
    assert not merged


def test_numbers_of_the_same_figures_in_another_order_are_other_numbers():
    pair = ("Fares rise by 4.5% on January 8", "Fares rise by 5.4% on January 8")
    told = [difference(*words) for words in (list(_forms(pair).values()), list(_forms(("Salle de 10 000 places", "Salle de 10000 places")).values()))]
    assert [(one.type, one.reason) for one in told] == [("CONTRADICTS", "number"), ("COPY", "same_words")]


def test_no_family_holds_what_says_something_else_even_when_all_run_on_one_day():
    texts = [text for row in ROWS for text in row]
    found = copies(said(*texts, *[row[0] for row in ROWS]))
    of = dict(found.members.select("row", "family").iter_rows())
    kinds = dict(found.families.select("family", "kind").iter_rows())
    together = [(texts[a], texts[b]) for at in range(0, len(texts), 5) for a in range(at, at + 5) for b in range(a + 1, at + 5) if a in of and of[a] == of.get(b) and kinds[of[a]] != "TEMPLATE"]
    assert not together
    assert found.families.filter(pl.col("kind") != "TEMPLATE").height >= 55  # the headline itself and its repetition


def test_negations_are_said_to_contradict():
    told = [compared(*pair).type for pair in negatives("negation")]
    assert set(told) == {"CONTRADICTS"}
    assert {compared(*pair).type for pair in negatives("number")} == {"CONTRADICTS"}


def test_what_people_add_when_they_pass_a_headline_on_leaves_it_a_copy():
    texts = [text for row in ROWS for text in (row[0], *echoes(row[0]))]
    found = copies(said(*texts))
    rows = found.members.group_by("family").agg(pl.col("row").sort())["row"].to_list()
    whole = {one[0] // 8 for one in rows if one == list(range(one[0] // 8 * 8, one[0] // 8 * 8 + 8))}
    mixed = [one for one in rows if len({row // 8 for row in one}) > 1]
    assert not mixed
    assert len(whole) >= 0.95 * len(ROWS), [ROWS[at][0] for at in range(len(ROWS)) if at not in whole]


def test_a_denial_that_quotes_the_rumour_is_no_copy_of_it():
    rumour = "La candidate possède un compte caché aux îles selon des documents"
    quoting = [f"FAUX ! « {rumour} » : c'est ce que des comptes répètent depuis hier, documents fabriqués à l'appui", f"Incroyable mais attendu depuis hier soir chez nous : « {rumour} »"]
    found = copies(said(rumour, *quoting))
    assert found.pairs.sort("b_row")["type"].to_list()[:1] == ["CONTRADICTS"]
    assert found.members.sort("row").select("row", "relation").rows() == [(0, "exact"), (2, "quoted")] or found.families["posts"].to_list() == [2]
    assert 1 not in found.members["row"].to_list()


def test_a_template_is_one_family():
    names = [f"{first} {last}" for first in ("Anna", "Bruno", "Chloe", "Denis") for last in ("Roux", "Blanc", "Verdier", "Lenoir", "Azur")]
    found = copies(said(*[f"{name} rejoint la grande marche pour la liberté numéro {at * 37}" for at, name in enumerate(names)]))
    assert found.families.select("kind", "texts", "posts").rows() == [("TEMPLATE", 20, 20)]
    assert "COPY" not in found.pairs["type"].to_list()


def test_a_template_of_numbers_is_one_family_without_pairs_of_all(monkeypatch):
    judged = []
    monkeypatch.setattr("vigie.social.copies.difference", lambda a, b, **more: judged.append(1) or difference(a, b, **more))
    found = copies(said(*[f"mes mots {at} {at % 7} {at * 31 % 97} sur cette nouvelle du jour, à lire" for at in range(3000)], "mes mots 5 2 sur rien d'autre que la pluie"))
    assert found.families.select("kind", "texts", "posts").rows() == [("TEMPLATE", 3000, 3000)]
    assert 3000 not in found.members["row"].to_list()
    assert found.pairs.height <= LISTED
    assert len(judged) < 1000


def test_names_in_a_slot_of_very_many_texts_are_one_family():
    syllables = ("ba", "cor", "du", "fen", "gil", "jo", "kra", "lum")
    names = ["".join(syllables[at // 8**place % 8] for place in range(4)).capitalize() for at in range(0, 4096, 4)]
    denial = "Fauxbourg ne rejoint pas la grande marche du jour pour la liberté de la presse"
    found = copies(said(*[f"{name} rejoint la grande marche du jour pour la liberté de la presse" for name in names], denial))
    assert found.families.select("kind", "texts").rows() == [("TEMPLATE", len(names))]
    assert len(names) not in found.members["row"].to_list()
    assert found.pairs.group_by("a").len()["len"].max() <= LISTED + NEIGHBOURS
    assert found.cut > 0


def test_a_masked_form_that_is_mostly_numbers_is_no_template():
    assert masked(normalised(pl.Series([f"ligne {at} {at} {at}" for at in range(60)]))) == []


def test_of_many_pairs_each_text_keeps_its_best():
    pairs = pl.DataFrame({"a": [0, 0, 0, 1, 1], "b": [1, 2, 3, 2, 3], "jaccard": [0.5, 0.9, 0.5, 0.3, 0.8]})
    assert nearest(pairs, "jaccard", 2, 99).select("a", "b").rows() == [(0, 1), (0, 2), (1, 2), (1, 3)]
    assert nearest(pairs, "jaccard", 9, 2).select("a", "b").rows() == [(0, 2), (1, 3)]
    assert nearest(pairs, "jaccard", 9, 1).select("a", "b").rows() == [(0, 2)]


def test_among_many_texts_long_runs_still_find_copies(monkeypatch):
    rng = random.Random(5)
    words = ["".join(rng.choices("abcdefghilmnoprstuv", k=rng.randrange(3, 9))) for _ in range(900)]
    texts = [" ".join(rng.choices(words, k=16)) for _ in range(200)]
    monkeypatch.setattr(candidates, "MANY", 1_000)
    found = copies(said(*texts, *[f"{text} vraiment" for text in texts]))
    assert found.families.select("kind").to_series().to_list() == ["COPY"] * 200


def test_long_texts_in_which_everything_differs_are_not_matched_word_by_word(monkeypatch):
    monkeypatch.setattr("vigie.social.copies_differences._same_word", lambda *_: pytest.fail("looked"))
    a, b = (" ".join(["même", *(f"{letter}mot" + "abcdefghij"[at % 10] * (at // 10 + 1) for at in range(60))]) for letter in "xy")
    forms = normalised(pl.Series([a, b]))
    assert difference(words_of(forms[0]), words_of(forms[1])).type == "TEMPLATE"


def test_what_is_too_dear_is_left_out_and_counted(monkeypatch):
    texts = [ROWS[0][0], ROWS[0][0] + " hier soir", ROWS[1][0], ROWS[1][0] + " encore une fois hier"]
    whole = copies(said(*texts))
    size = min(a * b for a, b in [[len(normalised(pl.Series([one])).item().replace(" ", "")) for one in texts[at : at + 2]] for at in (0, 2)])
    monkeypatch.setattr("vigie.social.copies.CELLS", size + 1)
    found = copies(said(*texts))
    assert (whole.pairs.height, whole.cut) == (2, 0)
    assert found.pairs.height + found.cut == 2
    assert found.cut >= 1


def test_members_lie_within_reach_of_the_middle_though_changes_chain():
    words = "un deux mots rares parmi tant autres qui suivent tranquillement leur chemin vers la mer du nord".split()
    chain = []
    for _ in range(len(words)):
        chain.append(" ".join(words))
        words = [*words[1:], random.Random(len(chain)).choice(["brume", "falaise", "phare", "digue", "dune"]) + "abcdefghij"[len(chain) % 10]]
    found = copies(said(*chain))
    compact = dict(found.texts.select("text_hash", pl.col("normalised").str.replace_all(" ", "")).iter_rows())
    for family, middle in found.families.filter(pl.col("kind") == "COPY").select("family", "text_hash").iter_rows():
        for one in found.members.filter((pl.col("family") == family) & (pl.col("relation") != "quoted"))["text_hash"].unique().to_list():
            assert Levenshtein.normalized_similarity(compact[one], compact[middle]) >= 0.8


def test_candidates_hold_nearly_all_pairs_that_are_alike():
    rng = random.Random(4)
    base = [row[0] for row in ROWS]
    texts = []
    for at in range(600):
        words = rng.choice(base).split()
        for _ in range(rng.randrange(4)):
            words[rng.randrange(len(words))] = rng.choice(["rivage", "marché", "library", "evening", "42", "port"])
        texts.append(" ".join(words) + " " + rng.choice(["", "hier", "selon nous", "again"]))
    compact = normalised(pl.Series(sorted(set(texts)))).str.replace_all(" ", "")
    at = np.zeros(len(compact), np.int64)
    pairs = set(candidates.candidates(compact, at, at).pairs.select("a", "b").iter_rows())
    true = [(a, b) for b in range(len(compact)) for a in range(b) if Levenshtein.normalized_similarity(compact[a], compact[b], score_cutoff=ALIKE) > ALIKE]
    assert len(true) > 500
    assert sum(pair in pairs for pair in true) >= 0.98 * len(true)


def test_a_budget_shortens_the_reach_and_says_so():
    texts = normalised(pl.Series([f"la même phrase encore et toujours dite numéro {at} par un passant" for at in range(400)])).str.replace_all(" ", "")
    at = np.arange(400)
    whole, short = candidates.candidates(texts, at, at), candidates.candidates(texts, at, at, budget=50_000)
    assert short.reach < whole.reach <= candidates.REACH
    assert whole.cut > 0  # more neighbours than a text keeps
    assert short.pairs.height > 300  # and yet the family holds together


def test_texts_that_are_long_apart_are_not_compared():
    a, b = ROWS[0][0], ROWS[0][0] + " hier soir"
    month = 86_400 * 31
    assert copies(posts_of({"text": a}, {"text": b, "at": month})).pairs.is_empty()
    assert copies(posts_of({"text": a}, {"text": b, "at": month}, {"text": a, "at": month - 60})).pairs.height == 1


def test_between_the_thresholds_a_copy_needs_a_second_sign():
    a = "Le préfet demande des explications demain"
    b = "Vraiment oui : le préfet demande des explications demain"
    at = {"at": 86_400}
    assert copies(posts_of({"text": a}, {"text": b} | at)).pairs["type"].to_list() == ["REWORDED"]
    link = {"links": ["https://ville.example/x"]}
    assert copies(posts_of({"text": a} | link, {"text": b} | at | link)).pairs.select("type", "second_sign").rows() == [("COPY", "link")]


def test_posts_of_which_only_a_hash_is_left_still_make_families():
    posts = said("Le même texte assez long pour compter vraiment", "Autre chose de tout aussi long et de bien distinct").with_columns(text=pl.lit(None, pl.String), text_hash=pl.Series([9, 9], dtype=pl.UInt64))
    found = copies(posts)
    assert found.families.select("kind", "posts").rows() == [("EXACT", 2)]


def test_nothing_to_compare_is_no_error():
    for posts in (posts_of(), said("court"), said(None, None), said("#seul", "@seul")):
        found = copies(posts)
        assert found.families.is_empty()
        assert found.pairs.is_empty()


@given(st.lists(st.sampled_from([text for row in ROWS[:6] for text in row] + ["", "a" * 300, "\0", "https://x.example"]), max_size=14), st.randoms())
def test_order_of_rows_changes_nothing(texts, rng):
    posts = said(*texts)
    order = list(range(len(texts)))
    rng.shuffle(order)
    one, other = copies(posts), copies(posts[order])
    for name in ("texts", "pairs", "families", "members"):
        assert getattr(one, name).equals(getattr(other, name)), name


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=80), max_size=8))
def test_any_texts_are_compared_without_harm(texts):
    found = copies(said(*texts, *texts))
    assert found.members["row"].n_unique() == found.members.height


def test_an_alignment_shows_the_words_that_differ():
    a, b = "Le procès commence lundi à Orvanne", "Le procès ne commence pas lundi à Orvanne"
    forms = normalised(pl.Series([a, b]))
    first, second = words_of(forms[0], a), words_of(forms[1], b)
    assert aligned(first, second, difference(first, second)) == "le proces [ → ne] commence [ → pas] lundi a orvanne"
