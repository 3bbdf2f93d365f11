"""What may be the same story in other words: proposed by rare things in common, never merged."""

import numpy as np
import polars as pl
import pytest

from social.post_tables import posts_of
from vigie.social.copies import copies
from vigie.social.copies_anchors import near_vectors, same_anchors

FRENCH = "Hier à Valbourg, Claire Dormoy a encaissé 40250 euros de la banque Kestrel"
ENGLISH = "Yesterday in Valbourg, Claire Dormoy pocketed 40250 euros from Kestrel bank"


def texts_of(*texts, languages=None, at=60):
    found = copies(posts_of(*({"text": text, "account_id": str(n), "at": n * at} for n, text in enumerate(texts)))).texts
    return found if languages is None else found.join(pl.DataFrame({"text": texts, "language": languages}), on="text")


def test_rare_names_and_a_number_in_common_propose_a_translation():
    found = same_anchors(texts_of(FRENCH, ENGLISH, "Rien à voir : il pleut sur Orvanne depuis 40250 ans", languages=["fr", "en", "fr"]))
    assert found.select("type", "translation").rows() == [("SAME_ANCHORS", True)]
    assert {"number 40250", "name dormoy", "name kestrel"} <= set(found["anchors"][0].to_list())


def test_an_unknown_language_is_not_another_language():
    assert same_anchors(texts_of(FRENCH, ENGLISH, languages=["fr", None]))["translation"].to_list() == [False]


def test_names_without_a_number_or_long_apart_propose_nothing():
    plain = [one.replace("40250", "beaucoup d'") for one in (FRENCH, ENGLISH)]
    assert same_anchors(texts_of(*plain)).is_empty()
    assert same_anchors(texts_of(FRENCH, ENGLISH, at=86_400 * 4)).is_empty()
    assert same_anchors(texts_of("rien", "vide")).is_empty()


def test_vectors_of_the_users_own_are_ranked_and_checked():
    hashes, tongues = pl.Series([1, 2, 3], dtype=pl.UInt64), pl.Series(["fr", "en", "fr"])
    vectors = np.array([[1, 0.1], [1, 0.7], [0, 1]], np.float32)
    assert near_vectors(hashes, vectors, tongues).select("a", "b", "translation").rows() == [(1, 2, True)]
    with pytest.raises(ValueError, match="shape"):
        near_vectors(hashes, vectors[:2], tongues)
    with pytest.raises(ValueError, match="no number"):
        near_vectors(hashes, vectors * np.nan, tongues)
