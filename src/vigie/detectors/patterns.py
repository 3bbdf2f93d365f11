"""All rules of all detectors as one multi-pattern database, and a text buffer to run it over.

The first pass runs Hyperscan once over every distinct text of a batch; what it hits is confirmed place by place.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from vigie.detectors.database import database, exact
from vigie.detectors.detector import Detector
from vigie.detectors.rule import Rule

TRIGGER = (
    r"&(?:#x?[0-9a-f]{1,7};?|[a-z]{2,8};)|%u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\u[0-9a-f{]|[\xc0\xc1][\x80-\xbf]"
    r"|\xe0[\x80-\x9f][\x80-\xbf]|\xf0[\x80-\x8f][\x80-\xbf]|\xe2\x88[\x95\x96]|\xe2\x81\x84|[\xf0-\xf7]?\xef[\xbc\xbd]|^[a-z0-9+_-][a-z0-9+/_-]{15,8191}={0,2}$|\xc2\xad|\xe2\x80[\x8b-\x8f]"
)
"""What makes a text worth a slower, fuller decoding: entities, escapes, overlong and full-width forms, base64."""

REMEMBERED = 50_000
"""Distinct values of one place whose verdict is kept, at the most."""
SHORT = 400
"""Characters of a value whose verdict is kept; longer ones seldom repeat and would fill the memory."""

PIECE = 512
"""Bytes scanned at once: what stands behind a match in its piece is handed over again, so pieces are short."""

_HEX = np.full(256, 255, np.uint8)
for _digit in b"0123456789abcdefABCDEF":
    _HEX[_digit] = int(chr(_digit), 16)


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts end to end, each followed by a newline: `bounds[i] .. bounds[i+1]` is text i with its newline."""

    data: npt.NDArray[np.uint8]
    bounds: npt.NDArray[np.int64]
    owners: npt.NDArray[np.int64]  # which distinct value each text is a reading of

    def only(self, rows: npt.NDArray[np.int64]) -> Texts:
        """Some of the texts, by number, in order."""
        if len(rows) == len(self.owners):
            return self
        lengths = self.bounds[rows + 1] - self.bounds[rows]
        bounds = np.concatenate([[0], np.cumsum(lengths)])
        spans = np.repeat(self.bounds[rows] - bounds[:-1], lengths) + np.arange(bounds[-1])
        return Texts(self.data[spans], bounds, self.owners[rows])


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
    keep = np.ones(len(data), bool)
    keep[at + 1] = False
    keep[at + 2] = False
    shift = np.concatenate([[0], np.cumsum(keep)])
    return Texts(data[keep], shift[texts.bounds], texts.owners).only(rows)


class Patterns:
    """Every rule of some detectors, compiled once per process.

    Attributes:
        asked: the detectors as given.
        rules: all rules, in the order of their numbers.
        numbers: number of each rule's id.
        detectors: the detector that each rule belongs to.
    """

    def __init__(self, detectors: tuple[Detector, ...]) -> None:
        self.asked = detectors
        self.detectors: tuple[Detector, ...] = tuple(d for d in detectors for _ in d.rules)
        self.rules: tuple[Rule, ...] = tuple(r for d in detectors for r in d.rules)
        self.numbers = {rule.id: number for number, rule in enumerate(self.rules)}
        self._rules = Scanner([rule.pattern.encode() for rule in self.rules])
        self._trigger = Scanner([TRIGGER.encode()])
        self._said: dict[str, dict[str, int]] = {}

    def candidates(self, values: pa.StringArray, where: str) -> npt.NDArray[np.int64]:
        """Numbers of the values in which some rule may match: as they are, cut into pieces, decoded up to three times.

        Values repeat from batch to batch, so what was said of one is kept for a while.

        Args:
            values: distinct texts.
            where: `target` for request targets, which are cut into path and parameters; else the place's own name.

        Returns:
            sorted numbers.
        """
        said = self._said.setdefault(where, {})
        if len(said) > REMEMBERED:
            said.clear()
        texts = values.to_pylist()
        verdicts = np.fromiter((said.get(text, 2) for text in texts), np.uint8, len(texts))
        fresh = np.flatnonzero(verdicts == 2)
        if len(fresh):
            verdicts[fresh] = self._look(values.take(pa.array(fresh)), where)
            short = ((texts[n], int(verdicts[n])) for n in fresh.tolist() if len(texts[n]) <= SHORT)
            said.update(short)
        return np.flatnonzero(verdicts)

    def _look(self, values: pa.StringArray, where: str) -> npt.NDArray[np.bool_]:
        """Which values are candidates; one is looked at no further once it is."""
        known = np.zeros(len(values), bool)
        texts: Texts | None = texts_of(values)
        for depth in range(5):
            if texts is None:
                break
            texts = texts.only(np.flatnonzero(~known[texts.owners]))
            for scanner in (self._rules, self._trigger):
                known[texts.owners[scanner.rows(texts)]] = True
            if depth == 0 and where == "target":
                texts = split_targets(texts)
            else:
                texts = percent_decoded(texts, plus=where in ("target", "body") and depth < 2)
        return known

    def matching(self, reading: str) -> list[int]:
        """Numbers of the rules that match somewhere in a reading, in order."""
        return sorted(self._rules.numbers(reading.encode("utf-8", "replace")))

    def evidence(self, number: int, reading: str) -> str:
        """The part of a reading that a rule matches (the whole reading where RE2 reads a byte otherwise than Hyperscan)."""
        match = exact("(?m)" + self.rules[number].pattern).search(reading)
        return reading if match is None else str(match.group(0))


class Scanner:
    """A database of patterns, asked in two ways: which texts hold any match, and which patterns match in one text."""

    def __init__(self, expressions: list[bytes]) -> None:
        import hyperscan

        self._database = database(expressions)
        self._scratch = hyperscan.Scratch(self._database)
        self._halted = hyperscan.ScanTerminated

    def rows(self, texts: Texts) -> npt.NDArray[np.int64]:
        """Numbers of the texts in which a pattern matches. The first match in a text ends the look at it."""
        data, bounds = texts.data.tobytes(), texts.bounds.tolist()
        found: list[int] = []
        end = 0

        def halt(_number: int, _start: int, stop: int, _flags: int, _context: object) -> bool:
            nonlocal end
            end = stop
            return True

        row, count = 0, len(bounds) - 1
        while row < count:
            last = max(row + 1, bisect_right(bounds, bounds[row] + PIECE) - 1)
            start, stop = bounds[row], bounds[last]
            while start < stop:
                try:
                    self._database.scan(data[start:stop], match_event_handler=halt, scratch=self._scratch)
                    break
                except self._halted:
                    hit = bisect_right(bounds, start + end - 1) - 1
                    found.append(hit)
                    start = bounds[hit + 1]
            row = last
        return np.asarray(found, np.int64)

    def numbers(self, text: bytes) -> list[int]:
        """Numbers of the patterns that match somewhere in a text."""
        found: list[int] = []

        def hit(number: int, _start: int, _stop: int, _flags: int, _context: object) -> None:
            found.append(number)

        self._database.scan(text, match_event_handler=hit, scratch=self._scratch)
        return found


@cache
def patterns_of(detectors: tuple[Detector, ...]) -> Patterns:
    """The compiled patterns of some detectors (compiled once per process)."""
    return Patterns(detectors)
