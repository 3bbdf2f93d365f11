"""What only a rate shows: guessed passwords, lists of names; what must stay silent; the same however the log is cut."""

from __future__ import annotations

import pickle

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import batch_of, combined
from vigie.detectors.registry import TALLIES, WINDOWS, windows
from vigie.detectors.traffic import TRAFFIC
from vigie.records import ACCESS, TALLY
from vigie.sources.combined import SOURCE
from vigie.sources.source import Reading


def clock(minute, second=0):
    return f"15/Jan/2017:{10 + minute // 60:02d}:{minute % 60:02d}:{second:02d} +0000"


def merged(*batches):
    """Tallies of some batches, merged as the archive merges them."""
    import duckdb

    parts = [tally.count(batch) for batch in batches for tally in TALLIES if tally.reads is ACCESS and tally is not TRAFFIC]
    table = pa.Table.from_batches(parts, TALLY.schema).unify_dictionaries()
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.register("tallies", table)
        return connection.sql(
            """select any_value(feed)::varchar as feed, arg_min(file, (first_seen, byte_offset))::varchar as file,
                      arg_min(byte_offset, (first_seen, byte_offset)) as byte_offset, tally::varchar as tally, asset, source_address, bucket, key,
                      sum(count)::bigint as count, min(first_seen) as first_seen, max(last_seen) as last_seen,
                      arg_min(evidence, (first_seen, byte_offset)) as evidence
               from tallies group by tally, asset, source_address, bucket, key order by tally, asset, source_address, bucket, key"""
        ).to_arrow_table().cast(TALLY.schema)


def found(lines):
    rows = SOURCE.read(batch_of(lines), Reading())
    return windows(merged(rows.select(range(rows.num_columns - 1)))).to_pylist()


def kinds(lines):
    return sorted({(s["family"], s["kind"]) for s in found(lines)})


def logins(times, *, address="192.0.2.7", target="/wp-login.php", status=200):
    return [combined(target, time=clock(*t) if isinstance(t, tuple) else clock(t), method="POST", status=status, address=address) for t in times]


def missing(count, *, step=1, minute=0, **more):
    return [combined(f"/name{n}", time=clock(minute + n * step // 60, n * step % 60), status=404, **more) for n in range(count)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (logins([(0, n) for n in range(6)]), [("login_guessing", "guessing")]),
        (logins([(8, 50), (9, 10), (9, 40), (10, 5), (10, 30)]), [("login_guessing", "guessing")]),  # across an interval's edge
        (logins(range(0, 400, 45)), [("login_guessing", "guessing")]),  # slow, never an hour's pause
        (logins([0, 1, 2, 3]), []),  # an editor who forgot
        (logins(range(0, 800, 61)), []),  # one a working hour
        (logins([(0, n) for n in range(6)], status=302), []),  # they worked
        (logins([(0, n) for n in range(6)], target="/contact"), []),
        (logins([(0, n) for n in range(6)], target="/login", status=401), [("login_guessing", "guessing")]),
        (logins([(0, n) for n in range(6)]) + logins([1], status=302), [("login_guessing", "guessing"), ("login_guessing", "success_after_failures")]),
        (logins([(0, n) for n in range(15)], target="/xmlrpc.php"), []),  # an editor's telephone
        (logins([(0, n) for n in range(29)], target="/xmlrpc.php"), [("login_guessing", "xmlrpc")]),
        ([line for n in range(14) for line in logins([n * 4], address=f"192.0.2.{n}")], [("login_guessing", "distributed")]),
        ([line for n in range(14) for line in logins([n * 4], address=f"192.0.2.{n}", status=302)], []),
        ([line for n in range(6) for line in logins([n * 4], address=f"192.0.2.{n}")], []),
        (missing(25), [("content_discovery", "list")]),
        (missing(25, step=20, minute=4), [("content_discovery", "list")]),  # across an interval's edge
        (missing(19), []),
        (missing(45, step=300), [("content_discovery", "list")]),  # slow
        (missing(25, referrer="https://www.site.example/"), []),  # dead links on a page
        (missing(60, agent="Mozilla/5.0 (compatible; ExampleBot/1.0; +https://robot.example)"), []),
        (missing(320, agent="Mozilla/5.0 (compatible; ExampleBot/1.0; +https://robot.example)"), [("content_discovery", "list")]),
        ([combined(f"/img/{n}.png", time=clock(0, n), status=404) for n in range(50)], []),  # a page without its pictures
        ([combined("/same", time=clock(n), status=404) for n in range(50)], []),  # one dead bookmark
    ],
)  # fmt: skip
def test_windows(lines, expected):
    assert kinds(lines) == expected


def test_a_distributed_run_has_one_skeleton_and_leaves_out_who_convinces_alone():
    many = [line for n in range(14) for line in logins([n * 4], address=f"192.0.2.{n}")]
    signals = found(many + logins([(0, n) for n in range(9)], address="198.51.100.7"))
    together = [s for s in signals if s["kind"] == "distributed"]
    assert len({s["skeleton"] for s in together}) == 1 and together[0]["skeleton"]
    assert {s["source_address"] for s in together} == {f"192.0.2.{n}" for n in range(14)}
    assert {s["source_address"] for s in signals if s["kind"] == "guessing"} == {"198.51.100.7"}


def test_every_window_signal_quotes_its_first_record_and_counts_them():
    lines = [combined("/quiet"), *missing(25)]
    (signal,) = found(lines)
    assert (signal["byte_offset"], signal["evidence"], signal["records"]) == (len(lines[0]), "/name0", 25)
    assert "25 different paths" in signal["reading"]


LINES = logins([(0, n) for n in range(7)]) + missing(30) + logins([3, 5], status=302) + missing(10, address="192.0.2.9")


@hypothesis_settings(max_examples=12)
@given(st.integers(1, len(LINES) - 1), st.randoms())
def test_tallies_merge_to_the_same_however_the_log_is_cut(cut, rng):
    rows = SOURCE.read(batch_of(LINES), Reading())
    whole = merged(rows)
    assert merged(rows.slice(0, cut), rows.slice(cut)).to_pylist() == whole.to_pylist()
    parts = [rows.slice(n, 1) for n in range(rows.num_rows)]
    rng.shuffle(parts)
    assert merged(*parts).to_pylist() == whole.to_pylist()


@pytest.mark.parametrize("kernel", [*(t.count for t in TALLIES), *(w.detect for w in WINDOWS)])
def test_every_kernel_pickles(kernel):
    assert pickle.loads(pickle.dumps(kernel)) is not None
