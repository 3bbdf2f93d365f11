"""Apache access logs of any `LogFormat`: pasted with `--layout`, or one of those that are known.

References:
    - https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from vigie.records import ACCESS
from vigie.sources.known_layouts import APACHE_LAYOUTS
from vigie.sources.layout_source import BETWEEN, OTHERWISE_COMBINED, apache_compiled, read_known, recognise_known
from vigie.sources.source import Reading, Recognition, Source

_DEFAULT: Final = BETWEEN.join(known.text for known in APACHE_LAYOUTS) + OTHERWISE_COMBINED


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines by `reading.layout`, or by whichever known layout fits each line.

    Args:
        batch: rows of `LINE`.
        reading: the layout in Apache's notation, if another is to be used; the zone of times without one.

    Returns:
        `ACCESS` columns and `unread`, same rows in the same order.

    Raises:
        LayoutError: the layout cannot be compiled.
    """
    return read_known(batch, reading, reading.layout or _DEFAULT, apache_compiled)


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines of a known Apache layout."""
    return recognise_known(sample, APACHE_LAYOUTS, apache_compiled)


SOURCE = Source(
    name="apache",
    record=ACCESS,
    recognise=recognise,
    read=read,
    references=("https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats",),
    specific=1,
)
"""Apache access logs of any `LogFormat`."""
