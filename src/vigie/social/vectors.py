"""Vectors of texts, by a model that the user has on disk: nothing is fetched, and without a model nothing is missed but its proposals.

A model is a folder with `tokenizer.json` and either `model.onnx` (also in `onnx/`), whose first output is a vector a word, or `model.safetensors` with one vector a word (`embeddings`). Vectors of words are
averaged. Both are formats in which multilingual models are given away; the programs that read them come with `pip install 'vigie[vectors]'`.

References:
    - https://onnxruntime.ai/docs/api/python/api_summary.html
    - https://huggingface.co/docs/tokenizers/api/tokenizer
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

BATCH, WORDS = 64, 256
"""Texts that are made vectors of at once; words of each that count."""
WAYS: Final = ("model.onnx", "onnx/model.onnx", "model.safetensors")


class ModelError(ValueError):
    """A folder that holds no model that can be used: says what is missing and what to try."""


@dataclass(frozen=True)
class Model:
    """A model on disk.

    Attributes:
        folder: where it is.
    """

    folder: Path

    def vectors(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """One row a text, of length 1.

        Args:
            texts: any.

        Raises:
            ModelError: the folder holds no model, it cannot be used, or the programs that read it are not installed.
        """
        way = checked(self.folder)
        try:
            from tokenizers import Tokenizer

            tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
            tokenizer.enable_truncation(WORDS)
            tokenizer.enable_padding()
            average = _onnx(way) if way.suffix == ".onnx" else _table(way)
            parts = [average(tokenizer.encode_batch(list(texts[begin : begin + BATCH]))) for begin in range(0, len(texts), BATCH)]
        except ImportError as error:
            raise ModelError(f"{error.name} is not installed. Try: pip install 'vigie[vectors]'") from None
        except ModelError:
            raise
        except Exception as error:  # noqa: BLE001 # the libraries raise bare Exception, and the file is the user's
            raise ModelError(f"{self.folder}: the model cannot be used: {str(error).splitlines()[0][:200] if str(error) else type(error).__name__}. Try: another model, or leave --model out") from None
        whole = np.concatenate(parts) if parts else np.zeros((0, 1), np.float32)
        return np.asarray(whole / np.maximum(np.linalg.norm(whole, axis=1, keepdims=True), 1e-12), np.float32)


def checked(folder: Path) -> Path:
    """The file of a folder that holds the model.

    Raises:
        ModelError: there is none, or no tokenizer beside it.
    """
    way = next((folder / one for one in WAYS if (folder / one).is_file()), None)
    if way is None or not (folder / "tokenizer.json").is_file():
        raise ModelError(f"{folder}: holds no tokenizer.json with model.onnx or model.safetensors beside it. Try: the folder of a multilingual sentence model")
    return way


def _onnx(path: Path) -> Any:
    """What makes vectors of words in context and averages them."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    wanted = [one.name for one in session.get_inputs()]

    def average(encoded: Sequence[Any]) -> npt.NDArray[np.float32]:
        ids, mask = (np.array([getattr(one, name) for one in encoded], np.int64) for name in ("ids", "attention_mask"))
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        unknown = [name for name in wanted if name not in given]
        if unknown:
            raise ModelError(f"{path}: the model asks for {', '.join(unknown)}, which is not known here. Try: a model of sentences")
        words = session.run(None, {name: given[name] for name in wanted})[0]
        return _mean(np.asarray(words, np.float32), mask) if np.ndim(words) == 3 else np.asarray(words, np.float32)

    return average


def _table(path: Path) -> Any:
    """What looks up a vector a word and averages them."""
    from safetensors.numpy import load_file

    tables = load_file(str(path))
    table = tables.get("embeddings")
    if table is None or table.ndim != 2:
        raise ModelError(f"{path}: holds no table called embeddings. Try: a model of static vectors, or one with model.onnx")

    def average(encoded: Sequence[Any]) -> npt.NDArray[np.float32]:
        ids, mask = (np.array([getattr(one, name) for one in encoded], np.int64) for name in ("ids", "attention_mask"))
        return _mean(np.asarray(table[np.clip(ids, 0, len(table) - 1)], np.float32), mask)

    return average


def _mean(words: npt.NDArray[np.float32], mask: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """The mean of the vectors of each text's words."""
    share = mask[:, :, None].astype(np.float32)
    return np.asarray((words * share).sum(1) / np.maximum(share.sum(1), 1), np.float32)
