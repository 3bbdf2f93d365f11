"""Vectors of a model on disk: both formats, and what is said of a folder that holds none."""

import numpy as np
import pytest

from social.models import in_context, static
from vigie.social.vectors import Model, ModelError

TEXTS = ["Le maire ferme la piscine", "Mayor closes pool", "La lune danse", "", "un deux trois " * 500]


@pytest.mark.parametrize("made", [static, in_context])
def test_a_translation_lies_near_and_another_text_does_not(tmp_path, made):
    vectors = Model(made(tmp_path / "model")).vectors(TEXTS)
    assert vectors.shape[0] == len(TEXTS)
    assert vectors.dtype == np.float32
    near = vectors @ vectors.T
    assert near[0, 1] > 0.95
    assert near[0, 2] < 0.3
    assert np.isfinite(vectors).all()


def test_no_text_gives_no_vector(tmp_path):
    assert len(Model(static(tmp_path / "model")).vectors([])) == 0


def test_a_folder_without_a_model_says_what_is_missing(tmp_path):
    with pytest.raises(ModelError, match=r"tokenizer\.json .* Try: "):
        Model(tmp_path).vectors(TEXTS)


@pytest.mark.parametrize("broken", ["model.safetensors", "tokenizer.json"])
def test_a_broken_file_says_so(tmp_path, broken):
    folder = static(tmp_path / "model")
    (folder / broken).write_bytes(b"\x00nothing of the kind")
    with pytest.raises(ModelError, match="cannot be used"):
        Model(folder).vectors(TEXTS)


def test_a_model_that_asks_for_something_else_says_for_what(tmp_path):
    with pytest.raises(ModelError, match="asks for sounds"):
        Model(in_context(tmp_path / "model", ("input_ids", "sounds"))).vectors(TEXTS)
