"""Every source, in one tuple, and the verdict on which of them reads a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import entry_points

import pyarrow as pa

from vigie.records import LINE
from vigie.sources import combined
from vigie.sources.source import Reading, Source

SOURCES: tuple[Source, ...] = (
    combined.SOURCE,
)

MIN_SHARE = 0.5
"""Part of the sample that a source must read to be believed."""


class UnknownFormatError(ValueError):
    """`--format` names no source: the message lists those there are."""


@cache
def all_sources() -> dict[str, Source]:
    """Sources by name: those shipped, then those of other packages (entry point `vigie.sources`)."""
    found = {source.name: source for source in SOURCES}
    for point in entry_points(group="vigie.sources"):
        loaded = point.load()
        found[loaded.name] = loaded
    return found


def source_named(name: str) -> Source:
    """The source of this name.

    Raises:
        UnknownFormatError: there is none.
    """
    try:
        return all_sources()[name]
    except KeyError:
        raise UnknownFormatError(f"no format is called {name!r}; there are: {', '.join(sorted(all_sources()))}") from None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which source reads a file, and how.

    Attributes:
        wrapped: lines are carried by syslog, a container runtime or the like.
        share: part of the sample that it reads.
    """

    source: Source
    reading: Reading
    title: str
    share: float
    doubt: str = ""
    wrapped: bool = False


def recognise(sample: Sequence[bytes], name: str, reading: Reading) -> Verdict | None:
    """Find the source that reads a sample of lines.

    Args:
        sample: lines without terminators.
        name: a source the user insists on, or "".
        reading: what the user said; a layout found by the source completes it.

    Returns:
        the claim with the largest share (ties: the more specific), or None when none reads half of the sample.

    Raises:
        UnknownFormatError: `name` names no source.
    """
    if not sample:
        return None
    from vigie.sources.wrapping import recognise_wrapping

    if name:
        source = source_named(name)
        wrapped = recognise_wrapping(sample)
        claim = source.recognise(_unwrapped(sample) if wrapped else sample)
        layout = reading.layout or (claim.layout if claim else "")
        return Verdict(source, replace(reading, layout=layout), claim.title if claim else name, claim.share if claim else 0.0, wrapped=wrapped)
    best = _best(sample, reading, wrapped=False)
    if (best is None or best.share < 0.95) and recognise_wrapping(sample):
        inner = _best(_unwrapped(sample), reading, wrapped=True)
        if inner is not None and (best is None or inner.share >= best.share):
            best = inner
    return best if best is not None and best.share >= MIN_SHARE else None


def format_of_layout(layout: str) -> str:
    """Which source reads a pasted layout: nginx writes `$variables`, Apache writes `%directives`.

    Raises:
        ValueError: the text is neither, or cannot be compiled (the message names the token).
    """
    return "nginx" if "$" in layout else "apache"


def _unwrapped(sample: Sequence[bytes]) -> list[bytes]:
    """What wrapped lines carry."""
    from vigie.sources.wrapping import unwrap

    rows = [{"feed": "", "file": "", "byte_offset": at, "line": line} for at, line in enumerate(sample)]
    batch = pa.RecordBatch.from_pylist(rows, schema=LINE.schema)
    return [line.rstrip(b"\r\n") for line in unwrap(batch).column("line").to_pylist()]


def _best(sample: Sequence[bytes], reading: Reading, *, wrapped: bool) -> Verdict | None:
    best: Verdict | None = None
    rank = (0.0, -1)
    for source in all_sources().values():
        claim = source.recognise(sample)
        if claim is None:
            continue
        mine = (round(claim.share, 2), source.specific)
        if mine > rank:
            rank = mine
            layout = reading.layout or claim.layout
            best = Verdict(source, replace(reading, layout=layout), claim.title, claim.share, claim.doubt, wrapped)
    return best
