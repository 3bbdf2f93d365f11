"""The normal form of a text: what makes two posts the same text, and what must stay apart."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.social import texts


def form(text):
    return texts.normalised(pl.Series([text]))[0]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("RT @amie: La  mairie   ferme le musée https://ville.example/a?b=1 #musee #culture", "la mairie ferme le musee"),
        ("RT RT amie: La mairie ferme le MUSÉE!!! 🎉", "la mairie ferme le musee"),
        ("The #mayor won&#39;t say &amp; won't write… ht…", "the mayor won t say won t write"),
        ("@a@social.example @b: 3,5 % de hausse", "3 5 de hausse"),
        ("Il n’a pas dit « non »", "il n a pas dit non"),
        ("ﬁn de l’école ½ ﬀ", "fin de l ecole 1 2 ff"),
        ("Wwhere www.site.example/x is", "wwhere is"),
        ("rtl annonce un gagnant", "rtl annonce un gagnant"),
        ("Ёлка — это ёлка", "елка это елка"),
        ("la mai\u200brie fer\u00adme le mu\uffa0s\u2060ée", "la mairie ferme le musee"),
        ("#only #tags", None),
        ("https://site.example/only", None),
        ("\0\0a\0b", "a b"),
        ("", None),
        (None, None),
    ],
)
def test_a_text_has_one_form(text, wanted):
    assert form(text) == wanted


def test_what_denies_and_what_counts_stays():
    forms = texts.normalised(pl.Series(["Le maire a menti", "Le maire n'a pas menti", "Le maire a menti 2 fois", "Le maire a menti 3 fois"]))
    assert forms.n_unique() == 4


@given(st.lists(st.one_of(st.none(), st.text(max_size=60)), max_size=12))
def test_any_texts_give_one_form_each_whatever_stands_beside(many):
    forms = texts.normalised(pl.Series(many, dtype=pl.String))
    assert forms.to_list() == [form(one) for one in many]
    kept = [one for one in forms.to_list() if one is not None]
    assert all(one == one.strip() and "  " not in one and one for one in kept)
    assert texts.hashed(forms).null_count() == forms.null_count()


@pytest.mark.parametrize("text", ["#a " * 40_000, "@" * 100_000, "rt " * 50_000, "&amp;" * 40_000, "http://" * 30_000, "\u0301" * 100_000, "ﷺ" * 50_000])
def test_long_hostile_texts_are_cut_and_quick(text):
    assert len(form(text) or "") <= 18 * texts.LONGEST  # one letter may stand for eighteen


def test_the_hash_does_not_change_between_versions_of_libraries():
    assert texts.hashed(pl.Series(["la mairie ferme le musee"])).to_list() == [KNOWN]


KNOWN = 9362568277199261206


def test_posts_without_text_keep_the_hash_they_bring():
    posts = pl.DataFrame({"row": [1, 2, 3], "text": ["Bonjour !", None, None], "text_hash": pl.Series([5, 6, None], dtype=pl.UInt64)})
    found = texts.with_texts(posts)
    assert found["text_hash"].to_list() == [texts.hashed(pl.Series(["bonjour"]))[0], 6, None]
    assert found["letters"].to_list() == [7, None, None]
    assert found["row"].to_list() == [1, 2, 3]


def test_a_form_that_is_brought_is_kept_and_one_that_is_missing_is_made():
    made = texts.with_texts(pl.DataFrame({"row": [1, 2], "text": ["Bonjour à tous", "Bonsoir !"]}))
    brought = made.with_columns(normalised=pl.Series(["as it was held", None], dtype=pl.String))
    found = texts.with_texts(brought)
    assert found["normalised"].to_list() == ["as it was held", "bonsoir"]
    assert found.drop("normalised").equals(made.drop("normalised"))
