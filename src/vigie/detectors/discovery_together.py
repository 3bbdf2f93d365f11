"""A list of names dealt out over many addresses, each with too few missing paths to be noticed alone.

What this must not be taken for is a site that was rebuilt: then visitors follow dead links by the hundred, from feeds, mails and
bookmarks, without a referrer. But many of them follow the same ones, each follows one or two, and what they follow are titles. So what
counts is that nearly every path was asked for once only within ten minutes, and either that those who ask have met several missing paths
each, or that most of the paths are one plain word, as in a word list.

References:
    - CAPEC-87, ATT&CK T1595.003.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.detectors.content_discovery import MINUTES, MISSING, QUICK
from vigie.detectors.window import Ints, Window, earliest, said
from vigie.records import SIGNAL, skeleton_of
from vigie.records.schema import same

PATHS: Final = 60
"""Different missing paths that convince together, within ten minutes."""
SOURCES: Final = 5
"""Sources that they must come from."""
ONCE: Final = 0.9
"""Share of these paths that were asked for once."""
EACH: Final = 2.0
"""Missing paths for each source, on average: visitors of a rebuilt site meet fewer."""
PLAIN: Final = 0.5
"""Share of paths that are one plain word, which does instead: so many of a site's own pages have no such names."""
_WORD: Final = r"^client /[._]{0,2}[A-Za-z_]{2,16}([.~][A-Za-z~]{0,8})?/?$"


def together(table: pa.Table) -> pa.RecordBatch:
    """Intervals in which many sources went through different missing paths of one site.

    Args:
        table: rows of `TALLY` of one site, sorted by first_seen.

    Returns:
        rows of `SIGNAL`, one for each source and interval, all with one skeleton so that they make one attack.
    """
    key = table.column("key").combine_chunks()
    rows = np.flatnonzero(np.asarray(pc.starts_with(key, "client ")))
    if not len(rows):
        return SIGNAL.empty()
    word = np.asarray(pc.match_substring_regex(key, _WORD))[rows]
    path = key.dictionary_encode().indices.to_numpy().astype(np.int64)[rows]
    source = table.column("source_address").combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)[rows]
    bucket = table.column("bucket").cast(pa.int64()).to_numpy()[rows]
    count = table.column("count").cast(pa.int64()).to_numpy()[rows]
    pair = np.unique(np.stack([bucket, source], axis=1), axis=0, return_inverse=True)[1].reshape(-1)
    shared = np.bincount(pair)[pair] < QUICK  # a row is one path: those with more are spoken of by `discovery`
    rows, path, source, bucket, count, pair = (column[shared] for column in (rows, path, source, bucket, count, pair))
    word = word[shared]
    if not len(rows):
        return SIGNAL.empty()
    speaks, texts = np.zeros(len(rows), bool), {}
    intervals, starts = np.unique(bucket, return_index=True)  # rows are sorted by time, so intervals lie together
    for one, low, high in zip(intervals.tolist(), starts.tolist(), [*starts[1:].tolist(), len(bucket)], strict=True):
        if text := _convincing(path[low:high], source[low:high], count[low:high], word[low:high]):
            speaks[low:high] = True
            texts[one] = text
    if not speaks.any():
        return SIGNAL.empty()
    chosen, owner = rows[speaks], np.unique(pair[speaks], return_inverse=True)[1].reshape(-1)
    firsts, records, until = earliest(table, chosen, owner)
    at = dict(zip(rows.tolist(), bucket.tolist(), strict=True))
    asset = table.column("asset")[0].as_py()
    skeleton = skeleton_of(f"content_discovery {asset}")
    size = len(firsts)
    return said("content_discovery.together", "content_discovery", table, firsts, records, until, {
        "rule": same("content_discovery.distributed", size), "kind": same("distributed", size), "target": same("/*", size),
        "confidence": pa.array(np.full(size, 0.6, np.float32)), "reading": pa.array([texts[at[row]] for row in firsts.tolist()], pa.string()),
        "skeleton": pa.array(np.full(size, skeleton, np.uint64)),
    })  # fmt: skip


def _convincing(path: Ints, source: Ints, count: Ints, word: npt.NDArray[np.bool_]) -> str:
    """The numbers in one sentence where they convince, else ""."""
    _, number = np.unique(path, return_inverse=True)
    asked = np.bincount(number.reshape(-1), weights=count)
    paths, sources, once = len(asked), len(np.unique(source)), float((asked == 1).mean()) if len(asked) else 0.0
    if paths < PATHS or sources < SOURCES or once < ONCE or (len(path) < EACH * sources and word.mean() < PLAIN):
        return ""
    return f"{paths:,} different paths that are not there, {once:.0%} asked for once, by {sources:,} addresses within {MINUTES} minutes"


TOGETHER = Window("content_discovery.together", "content_discovery", (MISSING,), PATHS, together, by=("asset",))
"""Many sources, few missing paths each."""
