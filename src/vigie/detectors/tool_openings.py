"""How tools open a run, before they attack: pages asked for to learn how the site says that there is none.

No attack by themselves, so no detector speaks; beside an attack of the same source they name its tool. Only requests that the site
refused are looked at, so that ordinary ones cost nothing.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc

from vigie.detectors.tool_marks import marks
from vigie.records import ACCESS, Tally
from vigie.records.tally import counted

MINUTES: Final = 10
MAX_TARGET: Final = 512
"""Characters of a target that are looked at."""

_OPENING = (
    r"(?i)^/(?:zqxj\w{6,12}\.html$|(?:[^?]{0,64}/)?(?:randomfile1|frand2|[0-9a-f]{96})/?$|nmap(?:lower|upper)check|nmap/folder/check|nice%20ports"
    r"|thereisnowaythat|nikto-test-|acunetix[-_]wvs|openvas|nessus)"
)
_DECLARED = "TESTING_PURPOSES_ONLY"
"""The referrer that slowhttptest sends."""


def count(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Refused requests in a tool's grammar of opening, by site, source and ten minutes.

    Args:
        batch: rows of `ACCESS`.

    Returns:
        rows of `TALLY`; `key` is the tool's name.
    """
    status = batch.column("http_status")
    refused = pc.and_(pc.greater_equal(status, 400), pc.less(status, 500))
    rows = batch.filter(pc.fill_null(refused, False))
    targets = pc.fill_null(rows.column("url_original"), "")
    targets = targets if pa.types.is_dictionary(targets.type) else targets.dictionary_encode()
    opening = pc.match_substring_regex(targets.dictionary, _OPENING)
    candidates = targets.dictionary.filter(opening)
    names = pa.array([marks(unquote(text[:MAX_TARGET])) for text in candidates.to_pylist()], pa.string())
    by_target = pc.fill_null(names.take(pc.index_in(targets.dictionary, candidates)).take(targets.indices), "")
    held = pc.fill_null(pc.equal(rows.column("http_referrer"), _DECLARED), False)
    key = pc.if_else(held, "slowhttptest", by_target)
    said = pc.not_equal(key, "")
    return counted("tool_marks", rows.filter(said), key.filter(said), MINUTES, evidence=targets.cast(pa.string()).filter(said))


OPENINGS = Tally("tool_marks", ACCESS, count)
"""What names the tool of a run beside the payloads of the run."""
