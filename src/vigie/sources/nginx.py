"""nginx access logs of any `log_format`: pasted with `--layout`, or one of those that are known.

References:
    - https://nginx.org/en/docs/http/ngx_http_log_module.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from vigie.records import ACCESS
from vigie.sources.known_layouts import NGINX_LAYOUTS
from vigie.sources.layout_source import BETWEEN, OTHERWISE_COMBINED, nginx_compiled, read_known, recognise_known
from vigie.sources.source import Reading, Recognition, Source

_DEFAULT: Final = BETWEEN.join(known.text for known in NGINX_LAYOUTS) + OTHERWISE_COMBINED


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines by `reading.layout`, or by whichever known layout fits each line.

    Args:
        batch: rows of `LINE`.
        reading: the layout in nginx's notation; several alternatives are tried in turn.

    Returns:
        `ACCESS` columns and `unread`, same rows in the same order.

    Raises:
        LayoutError: the layout cannot be compiled.
    """
    return read_known(batch, reading, reading.layout or _DEFAULT, nginx_compiled)


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines that a known nginx layout explains."""
    return recognise_known(sample, NGINX_LAYOUTS, nginx_compiled)


SOURCE = Source(
    name="nginx",
    record=ACCESS,
    recognise=recognise,
    read=read,
    references=("https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format",),
    specific=1,
)
"""Any `log_format`."""
