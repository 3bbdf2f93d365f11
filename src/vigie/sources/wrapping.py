r"""Lines carried by something else: syslog, a container runtime, Docker's JSON files, a platform's JSON, an export's quotes.

What is carried is what a source reads; offsets and evidence stay those of the line in the file. Container runtimes cut
lines at 16 KiB and mark the pieces: pieces that stand in one batch are joined at the place of the first, and the others
are unread with `REST` as the reason. Where a batch ends between two pieces each is read alone, so that nothing is lost.

References:
    - RFC 3164; RFC 5424.
    - https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md
    - https://docs.docker.com/engine/logging/drivers/json-file/
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from vigie.records import LINE
from vigie.sources.rows import arrow, text_of

REST: Final = "rest of a cut line, read together with its beginning"
"""Why a later piece of a line that a container runtime cut is unread."""

_ISO: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})"
_STAMP: Final = rf"^(?:<[0-9]{{1,3}}>)?(?:[A-Z][a-z]{{2}} [ 0-9][0-9] [0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(?:\.[0-9]{{1,6}})?|{_ISO}) "
_PROGRAM: Final = r"[^ :\[\]]+(?:\[[0-9]+\])?: (.*)$"
_RFC5424: Final = r"^<[0-9]{1,3}>[1-9][0-9]? [^ ]+ [^ ]+ [^ ]+ [^ ]+ [^ ]+ (?:-|(?:\[(?:[^\]\\]|\\.)*\])+) (.*)$"
_RUNTIME: Final = rf"^{_ISO} (?:stdout|stderr) (?:F|P)(?::[A-Z])? (.*)$"
_HEADS: Final = (_RUNTIME, _RFC5424, _STAMP + _PROGRAM, _STAMP + "[^ ]+ " + _PROGRAM, _STAMP + r"[^ ]+ +(\{.*)$")
"""What stands before a carried line, each a one-pass pattern: syslog without a host is tried before syslog with one."""
_CUT: Final = rf"^{_ISO} (?P<stream>stdout|stderr) (?P<flag>F|P)(?::[A-Z])? "
_MAYBE_CUT: Final = r'^(?:[^ ]+ std(?:out|err) P|\{"log":)'
_PLATFORM_HEAD: Final = r"^[A-Za-z0-9_.-]{1,64} [A-Za-z0-9_.-]{1,64}(?:\[[0-9]{1,10}\])?: "
_MOST: Final = 0.8
"""Part of a sample that must be carried."""
_LONGEST: Final = 1 << 20
"""Most characters of a line that is joined from its pieces."""

Marks = npt.NDArray[np.bool_]


def recognise_wrapping(sample: Sequence[bytes]) -> bool:
    """Whether lines are carried by something else.

    Args:
        sample: lines without terminators.
    """
    lines = text_of(pa.array([line + b"\n" for line in sample], pa.binary()))
    return bool((_carried(lines) != lines).sum() >= _MOST * max(len(lines), 1))


def unwrap(batch: pa.RecordBatch) -> pa.RecordBatch:
    """What lines carry.

    Args:
        batch: rows of `LINE`.

    Returns:
        rows of `LINE`, one for each, with the same provenance; lines that carry nothing are as they were.
    """
    return unwrap_marked(batch)[0]


def unwrap_marked(batch: pa.RecordBatch) -> tuple[pa.RecordBatch, Marks]:
    """What lines carry, and which of them are pieces that were joined to a line before them (those are left empty)."""
    lines = text_of(batch.column("line"))
    carried, rests = _joined(lines, _carried(lines))
    column = arrow(carried + "\n").cast(pa.binary())
    return batch.set_column(batch.schema.get_field_index("line"), LINE.schema.field("line"), column), rests


def _carried(lines: pl.Series) -> pl.Series:
    """Twice over, since a container runtime may carry syslog; JSON is opened only once, so that JSON logs stay whole."""
    once = _stripped(_opened_json(_unquoted(lines)))
    changed = once != lines
    if not changed.any():
        return once
    return once.clone().scatter(changed.arg_true(), _stripped(once.filter(changed)))


def _stripped(lines: pl.Series) -> pl.Series:
    """Without the head that syslog or a container runtime put before the line."""
    found: pl.Series | None = None
    for pattern in _HEADS:
        this = lines.str.extract(pattern, 1)
        found = this if found is None else found.fill_null(this)
        if not found.null_count():
            break
    return lines if found is None else found.fill_null(lines).str.strip_prefix("\ufeff")


def _opened_json(lines: pl.Series) -> pl.Series:
    """The line in a JSON object of Docker (`log`) or of a platform (`message`)."""
    objects = lines.str.starts_with("{") & lines.str.contains(r'"(?:log|message)" ?: ?"')
    if not objects.any():
        return lines
    whole = lines.filter(objects)
    docker = whole.str.contains(r'"stream" ?: ?"std') & whole.str.contains(r'"log" ?: ?"')
    log = _text_at(whole, "$.log").set(~docker, None).str.replace(r"\r?\n$", "")
    message = _text_at(whole, "$.message").str.replace(_PLATFORM_HEAD, "").set(docker, None)
    return lines.clone().scatter(objects.arg_true(), log.fill_null(message).fill_null(whole))


def _text_at(objects: pl.Series, path: str) -> pl.Series:
    """A text in each object; null where there is none or the object is broken."""
    return objects.str.json_path_match(path)


def _unquoted(lines: pl.Series) -> pl.Series:
    """Lines that an export put into quotes, inner quotes doubled or escaped."""
    quoted = lines.str.contains(r"""^(?:".*"|'.*')$""") & (lines.str.len_bytes() > 2)
    if not quoted.any():
        return lines
    inner = lines.filter(quoted).str.slice(1).str.head(-1)
    doubled = inner.str.contains('""', literal=True)
    freed = inner.str.replace_all('""', '"', literal=True).set(~doubled, None)
    return lines.clone().scatter(quoted.arg_true(), freed.fill_null(inner.str.replace_all('\\"', '"', literal=True)))


def _joined(lines: pl.Series, carried: pl.Series) -> tuple[pl.Series, Marks]:
    """Pieces put together at the place of the first, the others emptied and marked."""
    rests = np.zeros(len(lines), bool)
    if not lines.str.contains(_MAYBE_CUT).any():
        return carried, rests
    heads = lines.str.extract_groups(_CUT).struct.unnest()
    docker = lines.str.starts_with('{"log":')
    streams = heads["stream"].fill_null(lines.str.extract(r'"stream" ?: ?"(stdout|stderr)"').set(~docker, None))
    cut = ((heads["flag"] == "P") | (docker & ~_text_at(lines.set(~docker, None), "$.log").str.ends_with("\n"))).fill_null(value=False)
    if not cut.any():
        return carried, rests
    texts = carried.to_list()
    for stream in ("stdout", "stderr"):
        rows = (streams == stream).fill_null(value=False).arg_true().to_list()
        begin = None
        for row in rows:
            if begin is not None:
                texts[begin] = (texts[begin] + texts[row])[:_LONGEST]
                texts[row], rests[row] = "", True
            begin = (row if begin is None else begin) if cut[row] else None
    return pl.Series(texts, dtype=pl.String), rests
