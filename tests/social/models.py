"""Small models of sentences for tests, in both formats that are read: a table of words in which words of one meaning have one vector."""

from pathlib import Path

import numpy as np

MEANINGS = (("maire", "mayor"), ("piscine", "pool"), ("ferme", "closes"), ("tracteur", "tractor"), ("danse", "dances"), ("lune", "moon"))
WORDS = ("[PAD]", "[UNK]", *(word for pair in MEANINGS for word in pair))


def vectors():
    table = np.zeros((len(WORDS), len(MEANINGS) + 1), np.float32)
    for at, pair in enumerate(MEANINGS):
        for word in pair:
            table[WORDS.index(word), at] = 1
    table[1, -1] = 0.01
    return table


def tokenizer(folder: Path):
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    made = Tokenizer(models.WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token="[UNK]"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.save(str(folder / "tokenizer.json"))


def static(folder: Path) -> Path:
    """A model of static vectors."""
    from safetensors.numpy import save_file

    folder.mkdir()
    tokenizer(folder)
    save_file({"embeddings": vectors()}, str(folder / "model.safetensors"))
    return folder


def in_context(folder: Path, inputs=("input_ids", "attention_mask")) -> Path:
    """A model that gives a vector for each word of a text."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    folder.mkdir()
    tokenizer(folder)
    given = [helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "words"]) for name in inputs]
    out = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["texts", "words", vectors().shape[1]])
    graph = helper.make_graph([helper.make_node("Gather", ["table", inputs[0]], ["last_hidden_state"])], "small", given, [out], [numpy_helper.from_array(vectors(), "table")])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), str(folder / "model.onnx"))
    return folder
