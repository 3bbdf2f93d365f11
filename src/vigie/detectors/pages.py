"""Which pages of a site are there, by what its visitors were given: how often each, on which day, and by nobody in particular.

It tells when a page was first asked for, where no list of publications does. No address and no line is kept for it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from vigie.detectors.endpoints import HOME, PAGE, classes_of
from vigie.detectors.visits import normalised_paths, page_views
from vigie.records import ACCESS, TALLY, Tally
from vigie.records.tally import counted, same

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
    rows = page_views(batch)
    if not rows.num_rows:
        return TALLY.empty()
    targets = rows.column("url_original").dictionary_encode()
    codes = targets.indices.to_numpy()
    kinds, _ = classes_of(targets.dictionary)
    often = np.bincount(codes, minlength=len(kinds)) * np.isin(kinds, (HOME, PAGE))
    chosen = np.zeros(len(kinds), bool)
    chosen[np.argsort(-often, kind="stable")[:MOST]] = True
    kept = (chosen & (often > 0))[codes]
    rows = rows.filter(pa.array(kept))
    if not rows.num_rows:
        return TALLY.empty()
    key = normalised_paths(targets.dictionary).take(pa.array(codes[kept]))
    return counted("pages", rows, key, _DAY, evidence=same("", rows.num_rows), by_source=False)


PAGES = Tally("pages", ACCESS, count)
"""Pages of each site that visitors were given."""
