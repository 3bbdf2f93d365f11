"""Traefik access logs in its common format: combined, then request count, router, service and milliseconds.

References:
    - https://doc.traefik.io/traefik/reference/install-configuration/observability/logs-and-accesslogs/
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from vigie.records import ACCESS
from vigie.sources.known_layouts import TRAEFIK_LAYOUTS
from vigie.sources.layout_source import BETWEEN, OTHERWISE_COMBINED, apache_compiled, read_known, recognise_known
from vigie.sources.source import Reading, Recognition, Source

_DEFAULT: Final = BETWEEN.join(known.text for known in TRAEFIK_LAYOUTS) + OTHERWISE_COMBINED


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
    return read_known(batch, reading, reading.layout or _DEFAULT, apache_compiled)


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines of Traefik's common format."""
    return recognise_known(sample, TRAEFIK_LAYOUTS, apache_compiled)


SOURCE = Source(
    name="traefik_common",
    record=ACCESS,
    recognise=recognise,
    read=read,
    references=("https://doc.traefik.io/traefik/reference/install-configuration/observability/logs-and-accesslogs/",),
    specific=1,
)
"""Traefik access logs in its common format."""
