"""Zoraxy proxy logs; their times are local and carry no zone.

References:
    - https://github.com/tobychui/zoraxy
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from vigie.records import ACCESS
from vigie.sources.known_layouts import ZORAXY_LAYOUTS
from vigie.sources.layout_reader import read_layouts
from vigie.sources.layout_source import BETWEEN, apache_compiled, recognise_known
from vigie.sources.source import Reading, Recognition, Source

_DEFAULT: Final = BETWEEN.join(known.text for known in ZORAXY_LAYOUTS)


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: the layout in Apache's notation, if another is to be used; the zone of times without one.

    Returns:
        `ACCESS` columns and `unread`, same rows in the same order.

    Raises:
        LayoutError: the layout cannot be compiled.
    """
    return read_layouts(batch, reading, apache_compiled(reading.layout or _DEFAULT))


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines of Zoraxy."""
    return recognise_known(sample, ZORAXY_LAYOUTS, apache_compiled, otherwise_combined=False)


SOURCE = Source(
    name="zoraxy",
    record=ACCESS,
    recognise=recognise,
    read=read,
    references=("https://github.com/tobychui/zoraxy",),
    specific=1,
)
"""Zoraxy proxy logs; their times are local and carry no zone."""
