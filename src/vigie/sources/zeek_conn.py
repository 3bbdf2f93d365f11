r"""Zeek's `conn.log` in its own tables: fields between tabs (or what `#separator` says), in the order of a `#fields` line.

A header line holds for the lines that follow it until the next one; several logs may have been put into one file. The words for "unset" and
"empty" are seldom changed: the usual ones are known, another one counts in the batch that holds its `#unset_field`.

References:
    - https://docs.zeek.org/en/master/log-formats.html
    - https://docs.zeek.org/en/master/logs/conn.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import FLOW
from vigie.sources.delimited import DECIMAL, MOST_FIELDS, NO_FIT, sections, table_of
from vigie.sources.flow_columns import instants
from vigie.sources.rows import assemble, in_order, share_read
from vigie.sources.source import HEADER_LINE, Reading, Recognition, Source
from vigie.sources.zeek_rows import FIELDS, rows_of

HEADER: Final = "#fields"
NO_HEADER: Final = "no #fields line before it"
NO_CONNECTION: Final = "its #fields line is not that of connections"

_UNSET: Final = "#unset_field"
_NEEDED: Final = frozenset(("ts", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "proto"))
_TELLING: Final = frozenset(("conn_state", "history", "orig_pkts", "orig_bytes"))
"""One of these makes it a log of connections rather than of what was said in them."""
_NOTHING: Final = ("-", "(empty)", "", "N/A", "NULL", "null")
_BEGINNING: Final = (
    HEADER, "ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "proto", "service", "duration", "orig_bytes", "resp_bytes", "conn_state",
    "local_orig",
)  # fmt: skip
_END: Final = ("missed_bytes", "history", "orig_pkts", "orig_ip_bytes", "resp_pkts", "resp_ip_bytes", "tunnel_parents")
_USUAL: Final = {
    len(names) - 1: "\t".join(names)
    for names in ((*_BEGINNING, *_END), (*_BEGINNING, "local_resp", *_END), (*_BEGINNING, "local_resp", *_END, "ip_proto"))
}
"""Headers that Zeek writes unless told otherwise, by their number of fields, for files whose own was cut away."""
_REMARK: Final = r"^(?:\xef\xbb\xbf)?[ \t]*#"
_LONGEST: Final = 1 << 16


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines, each by the last `#fields` line before it.

    Args:
        batch: rows of `LINE`.
        reading: `layout` is the header line in force before the first row; empty when none is known.

    Returns:
        `FLOW` columns and `unread`, same rows in the same order; header lines and remarks are unread.
    """
    lines = batch.column("line")
    remarks = np.asarray(pc.match_substring_regex(pc.binary_slice(lines, 0, 64), _REMARK))
    places = np.flatnonzero(remarks)
    spelled = [(int(place), _bare(line)) for place, line in zip(places, lines.take(pa.array(places)).to_pylist(), strict=True)]
    headers = [(place, text) for place, text in spelled if text.startswith(HEADER)]
    nothing = (*_NOTHING, *{text.removeprefix(_UNSET)[1:] for _, text in spelled if text.startswith(_UNSET)})
    parts, rows = [_unread(batch.take(pa.array(places)), HEADER_LINE)], [places]
    for header, mine in sections(batch.num_rows, reading.layout, headers):
        bodies = mine[~remarks[mine]]
        if len(bodies) == batch.num_rows:
            return _read_by(header, batch, nothing)
        if len(bodies):
            parts.append(_read_by(header, batch.take(pa.array(bodies)), nothing))
            rows.append(bodies)
    return in_order(parts, rows)


def _read_by(header: str, batch: pa.RecordBatch, nothing: Sequence[str]) -> pa.RecordBatch:
    separator, names = _names(header)
    if not names:
        return _unread(batch, NO_CONNECTION if header else NO_HEADER)
    table = table_of(batch.column("line"), separator, names, {"ts": DECIMAL, **FIELDS}, nothing)
    good = batch if len(table.rows) == batch.num_rows else batch.take(pa.array(table.rows))
    read_rows = rows_of(good, instants(table.fields["ts"]), table.fields)
    if good is batch:
        return read_rows
    others = np.setdiff1d(np.arange(batch.num_rows), table.rows)
    return in_order([read_rows, _unread(batch.take(pa.array(others)), NO_FIT)], [table.rows, others])


def _names(header: str) -> tuple[bytes, list[str]]:
    """The separator and the names of a header line; no names when it is not one of connections."""
    separator = header[len(HEADER) : len(HEADER) + 1]
    if not separator.isascii() or separator.isalnum() or not separator:
        return b"", []
    names = header.split(separator, MOST_FIELDS)[1:]
    fits = set(names) >= _NEEDED and bool(set(names) & _TELLING) and len(names) < MOST_FIELDS
    return separator.encode(), names if fits else []


def _bare(line: bytes) -> str:
    """A header line as text: marks and blanks before it and its terminator off."""
    return line[:_LONGEST].decode("utf-8", "replace").removeprefix("\ufeff").lstrip(" \t").rstrip("\r\n")


def _unread(batch: pa.RecordBatch, reason: str) -> pa.RecordBatch:
    return assemble(batch, FLOW, {}, np.full(batch.num_rows, reason))


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines that a `#fields` line of connections in the sample explains, and lines as Zeek usually writes them."""
    headers = [text for text in (_bare(line) for line in sample if b"#" in line[:64]) if text.startswith(HEADER)]
    header = next((text for text in headers if _names(text)[1]), "")
    doubt = ""
    if not header and not headers:
        header = next((_USUAL[tabs + 1] for tabs in (line.count(b"\t") for line in sample[:5]) if tabs + 1 in _USUAL), "")
        doubt = "no #fields line: the fields are taken for those that Zeek usually writes"
    if not header:
        return None
    share = share_read(sample, read, Reading(layout=header))
    return Recognition(share, "Zeek conn", header, doubt) if share else None


SOURCE = Source(
    name="zeek_conn",
    record=FLOW,
    recognise=recognise,
    read=read,
    header=HEADER.encode(),
    references=("https://docs.zeek.org/en/master/log-formats.html", "https://docs.zeek.org/en/master/logs/conn.html"),
    specific=2,
)
"""One record a connection."""
