"""All rules of all detectors as one multi-pattern database, and a text buffer to run it over.

The first pass runs Hyperscan once over every distinct text of a batch; what it hits is confirmed place by place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from vigie.detectors.database import database
from vigie.detectors.detector import Detector
from vigie.detectors.rule import Rule

TRIGGER = (
    r"&(?:#x?[0-9a-f]{1,7};?|[a-z]{2,8};)|%u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\u[0-9a-f{]|[\xc0\xc1][\x80-\xbf]"
    r"|\xe0[\x80-\x9f][\x80-\xbf]|[\xf0-\xf7]?\xef[\xbc\xbd]|^[a-z0-9+/_-]{16,8192}={0,2}$|\xc2\xad|\xe2\x80[\x8b-\x8f]"
)
"""What makes a text worth a slower, fuller decoding: entities, escapes, overlong and full-width forms, base64."""

_HEX = np.full(256, 255, np.uint8)
for _digit in b"0123456789abcdefABCDEF":
    _HEX[_digit] = int(chr(_digit), 16)


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts end to end, each followed by a newline: `bounds[i] .. bounds[i+1]` is text i with its newline."""

    data: npt.NDArray[np.uint8]
    bounds: npt.NDArray[np.int64]
    owners: npt.NDArray[np.int64]  # which distinct value each text is a reading of


def texts_of(values: pa.StringArray) -> Texts:
    """Lay distinct values end to end."""
    joined = pa.array(values, pa.large_string()) if values.type != pa.large_string() else values
    count = len(joined)
    offsets = np.frombuffer(joined.buffers()[1], np.int64)[joined.offset : joined.offset + count + 1]
    raw = np.frombuffer(joined.buffers()[2] or b"", np.uint8)[int(offsets[0]) : int(offsets[-1])] if count else np.zeros(0, np.uint8)
    offsets = offsets - offsets[0] if count else np.zeros(1, np.int64)
    data = np.full(len(raw) + count, 10, np.uint8)
    keep = np.ones(len(data), bool)
    bounds = offsets + np.arange(count + 1)
    keep[bounds[1:] - 1] = False
    data[keep] = raw
    return Texts(data, bounds, np.arange(count))


def split_targets(texts: Texts) -> Texts:
    """Put path, parameter names and values of request targets on lines of their own (same length)."""
    data = texts.data.copy()
    marks = np.flatnonzero((data == 63) | (data == 38) | (data == 61) | (data == 10))
    kinds = data[marks]
    row = np.searchsorted(texts.bounds, marks, side="right") - 1
    questions = np.flatnonzero(kinds == 63)
    first_question = np.full(len(texts.bounds), len(data), np.int64)
    np.minimum.at(first_question, row[questions], marks[questions])
    in_query = marks > first_question[row]
    starts = (kinds == 10) | ((kinds == 63) & (marks == first_question[row])) | ((kinds == 38) & in_query)
    equals = (kinds == 61) & in_query
    relevant = starts | equals
    marks, equals = marks[relevant], equals[relevant]
    first_equal = equals.copy()
    first_equal[1:] &= ~equals[:-1]
    data[marks[first_equal | ~equals]] = 10
    return Texts(data, texts.bounds, texts.owners)


def percent_decoded(texts: Texts, *, plus: bool) -> Texts | None:
    """The texts that hold a percent escape (or a `+`), decoded once; None when no text does."""
    at = np.flatnonzero(texts.data == 37)
    at = at[at + 2 < len(texts.data)]
    high, low = _HEX[texts.data[at + 1]], _HEX[texts.data[at + 2]]
    valid = (high < 16) & (low < 16)
    at, high, low = at[valid], high[valid], low[valid]
    touched = at
    if plus:
        touched = np.sort(np.concatenate([at, np.flatnonzero(texts.data == 43)]))
    if not len(touched):
        return None
    rows = np.unique(np.searchsorted(texts.bounds, touched, side="right") - 1)
    data = texts.data.copy()
    if plus:
        data[data == 43] = 32
    data[at] = high * 16 + low
    keep = np.zeros(len(data), bool)
    lengths = texts.bounds[rows + 1] - texts.bounds[rows]
    spans = np.repeat(texts.bounds[rows] - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths) + np.arange(lengths.sum())
    keep[spans] = True
    keep[at + 1] = False
    keep[at + 2] = False
    removed = 2 * (np.searchsorted(at, texts.bounds[rows + 1]) - np.searchsorted(at, texts.bounds[rows]))
    bounds = np.concatenate([[0], np.cumsum(lengths - removed)])
    return Texts(data[keep], bounds, texts.owners[rows])


class Patterns:
    """Every rule of some detectors, compiled once per process.

    Attributes:
        asked: the detectors as given.
        rules: all rules, in the order of their numbers in `scan`.
        numbers: number of each rule's id.
        detectors: the detector that each rule belongs to.
    """

    def __init__(self, detectors: tuple[Detector, ...]) -> None:
        self.asked = detectors
        import hyperscan
        import re2

        self.detectors: tuple[Detector, ...] = tuple(d for d in detectors for _ in d.rules)
        self.rules: tuple[Rule, ...] = tuple(r for d in detectors for r in d.rules)
        self.numbers = {rule.id: number for number, rule in enumerate(self.rules)}
        options = re2.Options()
        options.case_sensitive = False
        options.one_line = False
        options.posix_syntax = False
        options.log_errors = False
        self._options = options
        self._exact: dict[int, re2._Regexp] = {}
        self.trigger = len(self.rules)
        self._database = database([*(rule.pattern.encode() for rule in self.rules), TRIGGER.encode()])
        self._scratch = hyperscan.Scratch(self._database)

    def search(self, number: int, reading: str) -> str | None:
        """The part of a reading that the rule of this number matches, or None (compiled when first asked for)."""
        import re2

        pattern = self._exact.get(number)
        if pattern is None:
            pattern = self._exact[number] = re2.compile("(?m)" + self.rules[number].pattern, self._options)
        match = pattern.search(reading)
        return None if match is None else match.group(0)

    def scan(self, texts: Texts) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Where rules match: distinct pairs of (owner of the text, number of the rule)."""
        numbers: list[int] = []
        ends: list[int] = []
        number, end = numbers.append, ends.append

        def hit(rule: int, _start: int, stop: int, _flags: int, _context: object) -> None:
            number(rule)
            end(stop)

        if len(texts.data):
            self._database.scan(texts.data.tobytes(), match_event_handler=hit, scratch=self._scratch)
        if not ends:
            nothing = np.zeros(0, np.int64)
            return nothing, nothing
        stops = np.asarray(ends, np.int64)
        rows = np.searchsorted(texts.bounds, np.maximum(stops - 1, 0), side="right") - 1
        pairs = np.unique(texts.owners[rows] * 100_000 + np.asarray(numbers, np.int64))
        return pairs // 100_000, pairs % 100_000


@cache
def patterns_of(detectors: tuple[Detector, ...]) -> Patterns:
    """The compiled patterns of some detectors (compiled once per process)."""
    return Patterns(detectors)
