"""Every source of the registry against its case file, against any bytes, and cut anywhere, here and in another process."""

from __future__ import annotations

import pickle
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context

import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import CASES, batch_of
from vigie.engines.block import lines_of
from vigie.engines.files import blocks
from vigie.sources.registry import SOURCES, recognise
from vigie.sources.source import Reading


def cases_of(source):
    """The groups of cases of a source: lines that one reading explains."""
    document = yaml.safe_load((CASES / "sources" / f"{source.name}.yml").read_text("utf-8"))
    assert document["source"] == source.name
    return document["cases"]


def reading_of(case):
    return Reading(**{k: tuple(v) if isinstance(v, list) else v for k, v in case.get("reading", {}).items()})


GROUPS = [(source, number, case) for source in SOURCES for number, case in enumerate(cases_of(source))]
IDS = [f"{source.name}-{number}" for source, number, _ in GROUPS]


def raw(case, kind):
    """The lines of a case; packets and the like are written as `hex`."""
    return [bytes.fromhex(one["hex"]) if "hex" in one else one["line"].encode("utf-8", "surrogateescape") for one in case.get(kind, [])]


def header(case):
    return [line.encode() for line in case.get("header", [])]


def frame(case):
    """What stands before and behind the pieces of a document or of a capture, and between them."""
    if "head_hex" in case:
        return bytes.fromhex(case["head_hex"]), b"", b""
    return tuple(case.get(name, "").encode() for name in ("head", "tail", "between"))


def document(case, kinds=("good", "broken")):
    head, tail, between = frame(case)
    return head + between.join(piece for kind in kinds for piece in raw(case, kind)) + tail


def end(source):
    """What ends a piece of a source: a newline, where lines are its pieces."""
    return b"" if source.ends else b"\n"


FOUND = {}
"""Readings that recognition found, by source and case: the same for every example."""


def layout(source, case):
    """The reading with the layout that recognition finds, as the engine would complete it."""
    key = (source.name, id(case))
    if key not in FOUND:
        FOUND[key] = recognised(source, case)
    return FOUND[key]


def recognised(source, case):
    verdict = recognise(header(case) + raw(case, "good"), source.name, reading_of(case), document(case, ("good",)) if source.claims else b"")
    assert verdict is not None
    return verdict.reading


@pytest.mark.parametrize(("source", "number", "case"), GROUPS, ids=IDS)
def test_good_lines_become_what_they_say(source, number, case):
    lines = [line + end(source) for line in raw(case, "good")]
    rows = source.read(batch_of(lines), layout(source, case)).to_pylist()
    for one, row in zip(case["good"], rows, strict=True):
        assert row["unread"] is None, (one["line"], row["unread"])
        for name, value in one["fields"].items():
            found = row[name]
            if isinstance(found, datetime):
                found = found.astimezone(UTC).isoformat().replace("+00:00", "Z")
            assert found == value, (name, one["line"])


@pytest.mark.parametrize(("source", "number", "case"), GROUPS, ids=IDS)
def test_good_lines_are_recognised_without_being_told(source, number, case):
    if case.get("told"):  # a format that no sample can give away: the user must say so
        return
    head = document(case, ("good",)) if source.claims else b""
    verdict = recognise(header(case) + raw(case, "good"), "", reading_of(case) if "reading" in case else Reading(), head)
    assert verdict is not None
    assert (verdict.source.name, verdict.title) == (source.name, case["title"])


@pytest.mark.parametrize(("source", "number", "case"), GROUPS, ids=IDS)
def test_broken_lines_are_unread_with_their_reason_and_harm_no_neighbour(source, number, case):
    good = [line + end(source) for line in raw(case, "good")]
    reading = layout(source, case)
    alone = source.read(batch_of(good), reading)
    for one, line in zip(case.get("broken", []), raw(case, "broken"), strict=True):
        rows = source.read(batch_of([*good, line + end(source), *good]), reading)
        assert rows.num_rows == 2 * len(good) + 1
        reason = rows.column("unread")[len(good)].as_py()
        assert reason is not None and reason.startswith(one["reason"]), (one["line"], reason)
        assert one["why"]
        keep = [n for n in alone.schema.names if n != "byte_offset"]
        assert rows.slice(0, len(good)).select(keep).to_pylist() == alone.select(keep).to_pylist()
        assert rows.slice(len(good) + 1).select(keep).to_pylist() == alone.select(keep).to_pylist()


@pytest.mark.parametrize("source", SOURCES, ids=lambda s: s.name)
def test_every_source_has_good_and_broken_lines_and_cites_its_specification(source):
    groups = cases_of(source)
    assert any(group.get("good") for group in groups)
    assert any(group.get("broken") for group in groups)
    assert source.references


@pytest.mark.parametrize(("source", "number", "case"), GROUPS, ids=IDS)
@settings(max_examples=12)
@given(data=st.data())
def test_any_bytes_no_line_lost(source, number, case, data):
    good = raw(case, "good")
    cut = st.tuples(st.sampled_from(good), st.integers(0, 400)).map(lambda pair: pair[0][: pair[1]])
    spoiled = st.tuples(st.sampled_from(good), st.integers(0, 400), st.binary(max_size=4)).map(lambda t: t[0][: t[1]] + t[2] + t[0][t[1] + 1 :])
    noise = st.one_of(st.binary(max_size=80), cut, spoiled).map(
        lambda line: line if source.ends else line.replace(b"\n", b"") + b"\n"
    )
    lines = data.draw(st.lists(noise, min_size=1, max_size=8))
    rows = source.read(batch_of(lines), layout(source, case))
    rows.validate(full=True)
    assert rows.schema.equals(source.schema)
    assert rows.column("byte_offset").to_pylist() == batch_of(lines).column("byte_offset").to_pylist()
    for row in rows.to_pylist():
        assert (row["unread"] is None) == (row["seen_at"] is not None)


def _plain(rows):
    return [{k: v for k, v in row.items() if k != "byte_offset"} for row in rows.to_pylist()]


@pytest.mark.parametrize(("source", "number", "case"), GROUPS, ids=IDS)
def test_cut_anywhere_gives_the_same_rows(source, number, case):
    lines = [line + end(source) for line in raw(case, "good") + raw(case, "broken")] * 2
    reading = layout(source, case)
    whole = _plain(source.read(batch_of(lines), reading))
    for at in range(1, len(lines), max(1, len(lines) // 12)):  # a dozen cuts; each reads everything once more
        assert _plain(source.read(batch_of(lines[:at]), reading)) + _plain(source.read(batch_of(lines[at:]), reading)) == whole


CUT = [(source, number, case) for source, number, case in GROUPS if source.ends]
CUT_IDS = [f"{source.name}-{number}" for source, number, _ in CUT]


def pieces(source, data, reading, step):
    """What the engine cuts, when a stream gives so many bytes at a time."""
    stream = Given(data, step)
    whole = [(at, block) for at, block in blocks(stream, step, 0, lambda held: source.ends(held, reading, False))]
    assert b"".join(block for _, block in whole) == data
    return [line for at, block in whole for line in lines_of(block, "", "", at, source.ends(block, reading, True)).column("line").to_pylist()]


class Given:
    """A stream of bytes that are there."""

    def __init__(self, data, step):
        self.data, self.step, self.at = data, step, 0

    def take(self, size):
        part = self.data[self.at : self.at + min(size, self.step)]
        self.at += len(part)
        return part


@pytest.mark.parametrize(("source", "number", "case"), CUT, ids=CUT_IDS)
def test_what_is_no_line_is_cut_where_it_ends(source, number, case):
    data, reading = document(case), layout(source, case)
    found = pieces(source, data, reading, len(data))
    assert b"".join(found) == data
    between = frame(case)[2]
    for piece in raw(case, "good"):
        assert any(one.removesuffix(between) == piece or one == piece or one.rstrip() == piece.rstrip() for one in found), piece


@pytest.mark.parametrize(("source", "number", "case"), CUT, ids=CUT_IDS)
@settings(max_examples=12)
@given(data=st.data())
def test_no_byte_of_a_document_is_lost(source, number, case, data):
    whole, reading = document(case), layout(source, case)
    at = data.draw(st.integers(0, len(whole)))
    spoiled = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + data.draw(st.integers(0, 40)) :]
    found = pieces(source, spoiled, reading, data.draw(st.integers(len(whole) // 12 + 1, len(whole) + 8)))
    assert b"".join(found) == spoiled
    if found:
        rows = source.read(batch_of(found), reading)
        assert rows.num_rows == len(found)
        assert all((row["unread"] is None) == (row["seen_at"] is not None) for row in rows.to_pylist())


def _elsewhere(read, batch, reading):
    return pa.Table.from_batches([read(batch, reading)])


def test_every_kernel_pickles_and_gives_the_same_rows_in_another_process():
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        for source, _, case in GROUPS:
            batch, reading = batch_of([line + end(source) for line in raw(case, "good")]), layout(source, case)
            assert pickle.loads(pickle.dumps(source.read)) is source.read
            there = other.submit(_elsewhere, source.read, batch, reading).result()
            assert there.to_pylist() == source.read(batch, reading).to_pylist()
