"""What several tallies need to know of each request, worked out once for a batch and on distinct texts only."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.detectors.endpoints import classes_of
from vigie.detectors.robots import robots
from vigie.records.place import normalised_path
from vigie.records.tally import EMPTY

Ints = npt.NDArray[np.int64]

SUSPICIOUS: Final = "suspicious"
"""Name of the column (boolean) that says that a detector spoke of the record."""
TARGET, CLASS, SHAPE, ROBOT, PAGE = "target", "place_class", "place_shape", "declared_robot", "page"
"""Names of the columns that are added: the target as a dictionary ("" for none); number of its class of place and of the shape of its last
word (`endpoints`); whether the client says that it is a robot; the normalised path of a page that a visitor was given, null for all else."""

_FOUND, _GET, _FALSE, _ROOT = pa.scalar(200, pa.int16()), pa.scalar("GET"), pa.scalar(False), pa.scalar("/")
_ODD: Final = r"%|//|/\.(/|$)|/\d+(/|\n?$)|/[0-9a-fA-F]{8}-|[^\x00-\x7f]"
_LONGEST: Final = 256


def looked_at(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch with `TARGET`, `CLASS`, `SHAPE`, `ROBOT` and `PAGE` added; one that has them already is given back as it is.

    A page that a visitor was given is a GET that was answered with 200, in which no attack was found, by a client that does not call
    itself a robot.

    Args:
        batch: rows of `ACCESS`; rows whose `suspicious` column (if there is one) is true are no pages.
    """
    if CLASS in batch.schema.names or not batch.num_rows:
        return batch
    targets = pc.fill_null(batch.column("url_original"), EMPTY).dictionary_encode()
    codes = targets.indices.to_numpy()
    kinds, shapes = classes_of(targets.dictionary)
    robot = robots(batch.column("user_agent"))
    wanted = pc.and_(pc.equal(batch.column("http_status"), _FOUND), pc.equal(batch.column("http_method").cast(pa.string()), _GET))
    wanted = pc.and_(pc.fill_null(wanted, _FALSE), pc.and_(pc.is_valid(batch.column("url_original")), pc.invert(robot)))
    if SUSPICIOUS in batch.schema.names:
        wanted = pc.and_(wanted, pc.invert(batch.column(SUSPICIOUS)))
    pages = _pages(targets, codes, np.asarray(wanted))
    columns = {TARGET: targets, CLASS: pa.array(kinds[codes]), SHAPE: pa.array(shapes[codes]), ROBOT: robot, PAGE: pages}
    return pa.RecordBatch.from_arrays([*batch.columns, *columns.values()], names=[*batch.schema.names, *columns])


def _pages(targets: pa.DictionaryArray, codes: Ints, wanted: npt.NDArray[np.bool_]) -> pa.DictionaryArray:
    asked = np.zeros(len(targets.dictionary), bool)
    asked[codes[wanted]] = True
    used = np.flatnonzero(asked)
    paths = normalised_paths(targets.dictionary.take(pa.array(used))).dictionary_encode()
    at = np.zeros(len(asked), np.int32)
    at[used] = paths.indices.to_numpy()
    return pa.DictionaryArray.from_arrays(pa.array(at[codes], mask=~wanted), paths.dictionary)


def normalised_paths(targets: pa.Array) -> pa.Array:
    """`normalised_path` of each text; only those that need more than cutting are looked at one by one."""
    cut = pc.utf8_slice_codeunits(targets.cast(pa.string()), 0, 1024)
    cut = pc.replace_substring_regex(cut, r"(?s)\?.*$", "")
    odd = np.flatnonzero(np.asarray(pc.match_substring_regex(cut, _ODD)))
    plain = pc.utf8_rtrim(cut, "/")
    plain = pc.utf8_slice_codeunits(pc.if_else(pc.equal(plain, EMPTY), _ROOT, plain), 0, _LONGEST)
    if not len(odd):
        return plain
    mask = np.zeros(len(targets), bool)
    mask[odd] = True
    return pc.replace_with_mask(plain, pa.array(mask), pa.array([normalised_path(text) for text in targets.take(pa.array(odd)).to_pylist()], pa.string()))
