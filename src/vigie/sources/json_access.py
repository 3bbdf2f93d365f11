"""Any access log in JSON: by ECS, nginx or Fastly names that it uses, by a mapping from the user, or by a pasted `log_format`.

References:
    - https://www.elastic.co/guide/en/ecs/current/ecs-field-reference.html
    - https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format
    - https://docs.fastly.com/en/guides/useful-log-formats
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

import pyarrow as pa

from vigie.records import ACCESS
from vigie.sources.json_mapping import mapping_of_layout
from vigie.sources.json_names import AMBIGUOUS, ECS, FASTLY, PLAIN, VARIABLES
from vigie.sources.json_rows import read_mapped
from vigie.sources.rows import share_read
from vigie.sources.source import Reading, Recognition, Source

Names = Mapping[str, tuple[str, str]]
_DIALECTS: Final[tuple[tuple[str, Names], ...]] = (("ECS JSON", ECS), ("nginx JSON", VARIABLES), ("Fastly JSON", FASTLY))
_MARKS: Final = {
    "ECS JSON": ("http.request.method", "url.original", "http.response.status_code", "url.path"),
    "nginx JSON": ("remote_addr", "request_uri", "body_bytes_sent", "http_user_agent", "time_iso8601", "time_local", "server_protocol", "remote_user"),
    "Fastly JSON": ("request_user_agent", "response_state", "fastly_is_edge", "fastly_server", "response_body_size"),
}
"""Names that only this dialect has; two of them make a dialect."""
_SAMPLE: Final = 1000
_LONGEST: Final = 65_536


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: `layout` is the mapping (without: every name that is sure); `timezone` for times that carry none.

    Returns:
        `ACCESS` columns and `unread`, same rows in the same order.

    Raises:
        ValueError: the layout is no mapping.
    """
    return read_mapped(batch, reading, mapping_of_layout(reading.layout or _everything()))


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines whose names tell at least a time and a request; what could mean several things stays out and is said."""
    names = _names(sample)
    if not names:
        return None
    title, known = "JSON", dict(PLAIN)
    for dialect, table in _DIALECTS:
        if sum(mark in names for mark in _MARKS[dialect]) >= 2:
            title = dialect
            known = {**table, **{name: meaning for name, meaning in PLAIN.items() if name not in table}}
            break
    fields = _fields(known, names)
    if not ({"seen_at", "started_at"} & set(fields) and {"request", "http_method", "url_original", "url_path"} & set(fields)):
        return None
    if not {"http_status", "source_address", "request"} & set(fields):
        return None
    doubts = [
        f"{name!r} {why}, so {field} stays empty"
        for name, (field, why) in AMBIGUOUS.items()
        if name in names and name not in known and field not in fields
    ]
    doubt = ""
    if doubts:
        example = next((n, f) for n, (f, _) in AMBIGUOUS.items() if n in names and n not in known and f not in fields)
        unit = " ms" if example[1] == "event_duration" else ""
        doubt = "; ".join(doubts) + f"; say what it means with --layout, for instance {json.dumps({**_told(fields), example[1]: example[0] + unit})}"
    elif "url_path" in fields and "url_query" not in fields and not {"url_original", "request"} & set(fields):
        doubt = f"{fields['url_path'][0]!r} may leave out what stands behind the question mark"
    layout = json.dumps(fields)
    share = share_read(sample, read, Reading(layout=layout))
    return Recognition(share, title, layout, doubt) if share else None


def _fields(known: Names, names: set[str]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, (field, how) in known.items():
        if name in names:
            fields.setdefault(field, []).append(f"{name} {how}" if how else name)
    return fields


def _told(fields: dict[str, list[str]]) -> dict[str, str]:
    return {field: keys[0] for field, keys in fields.items()}


@cache
def _everything() -> str:
    fields: dict[str, list[str]] = {}
    for table in (ECS, {n: m for n, m in VARIABLES.items() if n not in AMBIGUOUS}, PLAIN):
        for field, keys in _fields(table, set(table)).items():
            fields.setdefault(field, []).extend(key for key in keys if key not in fields.get(field, []))
    return json.dumps(fields)


def _names(sample: Sequence[bytes]) -> set[str]:
    """Names of the values in a sample, nested ones dotted."""
    names: set[str] = set()
    for line in sample[:_SAMPLE]:
        if not line.lstrip(b" \t\xef\xbb\xbf").startswith(b"{") or len(line) > _LONGEST:
            continue
        try:
            document = json.loads(line.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            continue
        if isinstance(document, dict):
            names.update(_leaves(document, "", 0))
    return names


def _leaves(node: dict[str, object], before: str, depth: int) -> list[str]:
    out: list[str] = []
    for name, value in list(node.items())[:512]:
        if isinstance(value, dict):
            if depth < 5:
                out.extend(_leaves(value, f"{before}{name}.", depth + 1))
        elif not isinstance(value, list):
            out.append(before + name)
    return out


SOURCE = Source(
    "json", ACCESS, recognise, read,
    references=("https://www.elastic.co/guide/en/ecs/current/ecs-field-reference.html", "https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format"),
)  # fmt: skip
"""The mapping that recognition found, or the user gave, is the layout."""
