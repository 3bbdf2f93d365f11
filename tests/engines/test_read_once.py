"""A log read twice, rotated, renamed, compressed, overlapping, grown or shuffled counts once."""

import bz2
import gzip
import json
import lzma
import random

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import combined

LINES = [
    combined(f"/page/{n % 40}?id={n}", address=f"192.0.2.{n % 200 + 1}", time=f"{15 + n // 200:02d}/Jan/2017:10:{n % 60:02d}:{n % 59:02d} +0100")
    for n in range(1000)
]


def records(vigie):
    step = json.loads(vigie("count", "--json"))["ladder"][1]
    assert step["step"] == "records"
    return step["count"]


def test_twice_and_renamed(vigie, tmp_path):
    log = tmp_path / "access.log"
    log.write_bytes(b"".join(LINES))
    first = json.loads(vigie("read", log, "--json"))
    second = json.loads(vigie("read", log, "--json"))
    assert first == second
    log.rename(tmp_path / "other.name")
    vigie("read", tmp_path / "other.name")
    assert records(vigie) == 1000


@pytest.mark.parametrize(
    ("suffix", "pack"),
    [(".gz", gzip.compress), (".xz", lzma.compress), (".bz2", bz2.compress), (".zst", lambda data: zstandard.ZstdCompressor().compress(data))],
)
def test_compressed_before_or_after(vigie, tmp_path, suffix, pack):
    (tmp_path / "access.log").write_bytes(b"".join(LINES))
    (tmp_path / f"access.log.1{suffix}").write_bytes(pack(b"".join(LINES)))
    vigie("read", tmp_path / f"access.log.1{suffix}")
    vigie("read", tmp_path / "access.log")
    vigie("read", tmp_path / f"access.log.1{suffix}")
    assert records(vigie) == 1000


def test_rotated_and_grown(vigie, tmp_path):
    log = tmp_path / "access.log"
    log.write_bytes(b"".join(LINES[:400]))
    vigie("read", log)
    log.rename(tmp_path / "access.log.1")
    log.write_bytes(b"".join(LINES[400:700]))
    vigie("read", tmp_path)
    with log.open("ab") as out:
        out.write(b"".join(LINES[700:]))
    facts = json.loads(vigie("read", tmp_path / "access.log", tmp_path / "access.log.1", "--json"))
    assert facts["records"] == 1000
    assert records(vigie) == 1000


def test_a_last_line_that_was_still_being_written(vigie, tmp_path):
    log = tmp_path / "access.log"
    whole = b"".join(LINES[:20])
    log.write_bytes(whole[:-30])
    vigie("read", log)
    log.write_bytes(whole)
    vigie("read", log)
    facts = json.loads(vigie("read", log, "--json"))
    assert (facts["records"], facts["unread"]) == (20, 0)
    assert records(vigie) == 20


def test_overlapping_copies_in_any_order(vigie, tmp_path):
    (tmp_path / "noon.log").write_bytes(b"".join(LINES[:600]))
    (tmp_path / "evening.log").write_bytes(b"".join(LINES[300:]))
    vigie("read", tmp_path / "evening.log")
    vigie("read", tmp_path / "noon.log")
    assert records(vigie) == 1000


def test_a_file_that_another_gave_whole_keeps_its_times(vigie, tmp_path):
    (tmp_path / "a.log").write_bytes(b"".join(LINES))
    vigie("read", tmp_path / "a.log")
    facts = json.loads(vigie("read", "-", "--json", stdin=b"".join(LINES[100:300])))
    assert facts["files"][0]["aside"] == 200
    assert facts["period"]["from"] is not None


def test_records_that_are_kept_can_be_asked(vigie, tmp_path):
    (tmp_path / "a.log").write_bytes(b"".join(LINES))
    vigie("read", tmp_path / "a.log", "--keep", "all")
    rows = [json.loads(row) for row in vigie("sql", "select count(*) as n, max(http_status) as most from access", "--json").splitlines()]
    assert rows == [{"n": 1000, "most": 200}]


def test_shuffled_copy(vigie, tmp_path):
    mixed = LINES.copy()
    random.Random(5).shuffle(mixed)
    (tmp_path / "a.log").write_bytes(b"".join(LINES))
    (tmp_path / "b.log").write_bytes(b"".join(mixed))
    vigie("read", tmp_path / "a.log", tmp_path / "b.log")
    assert records(vigie) == 1000


def test_equal_lines_of_one_log_are_separate_requests(vigie, tmp_path):
    (tmp_path / "a.log").write_bytes(LINES[0] * 7 + LINES[1])
    (tmp_path / "b.log").write_bytes(LINES[0] * 4 + LINES[2])
    vigie("read", tmp_path / "a.log", tmp_path / "b.log")
    assert records(vigie) == 9


def test_standard_input_counts_once_with_the_file(vigie, tmp_path):
    (tmp_path / "a.log").write_bytes(b"".join(LINES))
    vigie("read", "-", stdin=b"".join(LINES[:500]))
    vigie("read", tmp_path / "a.log")
    vigie("read", "-", stdin=b"".join(LINES[:500]))
    assert records(vigie) == 1000


@settings(max_examples=8)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 40)), min_size=1, max_size=4))
def test_any_overlaps_count_the_largest_multiplicity(tmp_path_factory, spans):
    from collections import Counter

    from vigie.archive.archive import Archive
    from vigie.archive.catalogue import files_of
    from vigie.engines.files import Input
    from vigie.engines.local import Options, Pool, read_input

    folder = tmp_path_factory.mktemp("overlap")
    archive, pool, most = Archive(folder / "archive"), Pool(1), Counter()
    with archive.open_for_writing():
        for number, (start, length) in enumerate(spans):
            piece = [LINES[n // 2] for n in range(start, start + length)]
            most |= Counter(piece)
            path = folder / f"{number}.log"
            path.write_bytes(b"".join(piece))
            read_input(Input(path, str(path), "x"), archive, Options(), pool, lambda *_: None)
    rows = files_of(archive.segments()).to_pylist()
    assert sum(r["read"] - r["aside"] for r in rows) == sum(most.values())
