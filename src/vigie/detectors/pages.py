"""Which pages of a site are there, by what its visitors were given: how often each, on which day, and by nobody in particular.

It tells when a page was first asked for, where no list of publications does. No address and no line is kept for it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.detectors.endpoints import HOME, PAGE
from vigie.detectors.looked_at import CLASS, looked_at
from vigie.detectors.looked_at import PAGE as PAGE_COLUMN
from vigie.records import ACCESS, TALLY, Tally
from vigie.records.schema import same
from vigie.records.tally import counted

_DAY: Final = 24 * 60
MOST: Final = 4_096
"""Different pages of a batch that are counted, the most asked for first; a site that answers everything has no end of them."""


def count(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Pages that were answered, by site and day.

    Args:
        batch: rows of `ACCESS`; rows whose `suspicious` column (if there is one) is true are left out.

    Returns:
        rows of `TALLY` without source and evidence; `key` is the normalised path. Only GET, 200, no query, no parts of pages, no clients
        that say that they are robots.
    """
    batch = looked_at(batch)
    if not batch.num_rows:
        return TALLY.empty()
    paths = batch.column(PAGE_COLUMN)
    code = pc.fill_null(paths.indices, -1).to_numpy()
    code = np.where(np.isin(batch.column(CLASS).to_numpy(), (HOME, PAGE)), code, -1)
    often = np.bincount(code + 1, minlength=len(paths.dictionary) + 1)[1:]
    chosen = np.zeros(len(often) + 1, bool)
    chosen[np.argsort(-often, kind="stable")[:MOST]] = True
    chosen[-1] = False
    kept = pa.array(np.flatnonzero(chosen[code]))
    rows = batch.select(["feed", "file", "byte_offset", "seen_at", "source_address", "url_domain"]).take(kept)
    return counted("pages", rows, paths.take(kept).cast(pa.string()), _DAY, evidence=same("", rows.num_rows).cast(pa.string()), by_source=False)


PAGES = Tally("pages", ACCESS, count)
"""Pages of each site that visitors were given."""
