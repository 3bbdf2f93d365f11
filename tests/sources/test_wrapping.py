"""Carried lines: what is inside is read, what is shown as evidence is the line as it stood in the file."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import batch_of
from vigie.engines.block import Task, do_block
from vigie.sources.registry import recognise
from vigie.sources.source import Reading
from vigie.sources.wrapping import REST, recognise_wrapping, unwrap

INNER = '192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "GET /a?b=%22 HTTP/1.1" 200 512 "-" "Mozilla/5.0 (X11)"'
RUNTIME = "2025-12-31T17:37:40.493035218+01:00 stdout "
CARRIED = {
    "syslog": f"Sep 15 16:13:46 web1.example nginx[2869]: {INNER}",
    "syslog, day below ten": f"Jul  8 11:07:07 web1 nginx: {INNER}",
    "syslog with priority and without host": f"<190>Nov 22 22:22:22 nginx: {INNER}",
    "syslog with ISO time": f"2025-11-05T20:47:03.000000+00:00 web1 nginx[1]: {INNER}",
    "syslog from an IPv6 host": f"Feb  6 12:14:14 2001:db8::1 nginx[1]: {INNER}",
    "RFC 5424": f"<171>1 2025-11-05T20:47:03.000000+00:00 web1 nginx - - - {INNER}",
    "RFC 5424 with structured data": rf'<171>1 2025-11-05T20:47:03Z web1 nginx 12 ID [a b="c\]"][d@1 e="f"] {INNER}',
    "container runtime": RUNTIME + "F " + INNER,
    "container runtime with syslog inside": RUNTIME + "F Sep 15 16:13:46 web1 nginx[1]: " + INNER,
    "Docker": json.dumps({"log": INNER + "\n", "stream": "stdout", "time": "2025-01-01T00:00:00Z"}),
    "Docker with syslog inside": json.dumps({"log": "Sep 15 16:13:46 web1 nginx: " + INNER + "\n", "stream": "stderr"}),
    "a platform's JSON": json.dumps({"timestamp": 1, "host": {"id": []}, "message": "frontend.0 nginx: " + INNER}),
    "doubled quotes": '"' + INNER.replace('"', '""') + '"',
    "escaped quotes": '"' + INNER.replace('"', '\\"') + '"',
    "single quotes": f"'{INNER}'",
}


@pytest.mark.parametrize("line", CARRIED.values(), ids=CARRIED)
def test_what_is_carried_is_read(line):
    batch = batch_of([line.encode() + b"\n"])
    out = unwrap(batch)
    assert out.column("line").to_pylist() == [INNER.encode() + b"\n"]
    assert out.schema.equals(batch.schema)
    assert out.column("byte_offset").equals(batch.column("byte_offset"))
    verdict = recognise([line.encode()] * 3, "", Reading())
    assert (verdict.source.name, verdict.wrapped, verdict.share) == ("combined", True, 1.0)


@pytest.mark.parametrize("line", CARRIED.values(), ids=CARRIED)
def test_evidence_and_offsets_are_those_of_the_file(line):
    attack = line.replace("/a?b=%22", "/a?b=1%27%20union%20select%201,2,3--%20").encode() + b"\n"
    other = b"nothing to be read here\n"
    done = do_block(other + attack, Task("feed", "file", 1000, "combined", Reading(), wrapped=True))
    assert (done.lines, done.unread) == (2, 1)
    assert done.unread_lines.column("line").to_pylist() == [other]
    assert done.signals.num_rows >= 1
    assert set(done.signals.column("byte_offset").to_pylist()) == {1000 + len(other)}
    assert attack in done.evidence.column("line").to_pylist()


@pytest.mark.parametrize(
    "line",
    [
        INNER,
        '{"message": "handled request", "status": ',
        "[15/Jan/2017:10:00:00 +0100] site.example nginx: not a syslog head",
        '"GET / HTTP/1.1" 200 "agent',
        "2025-11-05T20:47:03Z 192.0.2.1 GET /",
    ],
)
def test_what_carries_nothing_stays_as_it_is(line):
    assert unwrap(batch_of([line.encode() + b"\n"])).column("line").to_pylist() == [line.encode() + b"\n"]
    assert not recognise_wrapping([line.encode()])


def test_json_that_is_an_access_log_keeps_its_fields_though_it_quotes_the_line():
    line = {"@timestamp": "2017-01-15T09:00:00Z", "source": {"ip": "192.0.2.7"}, "http": {"request": {"method": "GET"}, "response": {"status_code": 200}},
            "url": {"original": "/a?b=%22"}, "event": {"duration": 120000000}, "message": INNER}  # fmt: skip
    verdict = recognise([json.dumps(line).encode()] * 3, "", Reading())
    assert (verdict.source.name, verdict.wrapped) == ("json", False)


def test_lines_of_many_kinds_stand_side_by_side():
    lines = [*CARRIED.values(), INNER, "x"]
    out = unwrap(batch_of([line.encode() + b"\n" for line in lines])).column("line").to_pylist()
    assert out == [INNER.encode() + b"\n"] * (len(CARRIED) + 1) + [b"x\n"]


def test_pieces_of_a_cut_line_are_joined_and_none_is_lost():
    half = len(INNER) // 2
    pieces = [
        RUNTIME + "P " + INNER[:10], RUNTIME.replace("stdout", "stderr") + "F noise", RUNTIME + "P " + INNER[10:half],
        RUNTIME + "F " + INNER[half:], RUNTIME + "F " + INNER,
    ]  # fmt: skip
    data = "".join(piece + "\n" for piece in pieces).encode()
    done = do_block(data, Task("feed", "file", 0, "combined", Reading(), wrapped=True, keep=True))
    assert (done.lines, done.unread) == (5, 3)
    assert done.records.column("url_original").to_pylist() == ["/a?b=%22", "/a?b=%22"]
    assert sorted(done.unread_lines.column("reason").to_pylist()) == ["no combined log line", REST, REST]
    assert done.records.column("byte_offset").to_pylist()[0] == 0


def test_pieces_of_docker_are_joined_too():
    lines = [json.dumps({"log": text, "stream": "stdout", "time": "x"}) for text in (INNER[:40], INNER[40:] + "\n", INNER + "\n")]
    done = do_block("".join(line + "\n" for line in lines).encode(), Task("feed", "file", 0, "combined", Reading(), wrapped=True))
    assert (done.lines, done.unread) == (3, 1)


@given(st.lists(st.binary(max_size=60).map(lambda raw: raw.replace(b"\n", b"")), min_size=1, max_size=6), st.sampled_from(sorted(CARRIED)))
def test_any_bytes_keep_their_rows(noise, kind):
    lines = [one + b"\n" for one in noise] + [CARRIED[kind].encode() + b"\n"]
    out = unwrap(batch_of(lines))
    assert out.num_rows == len(lines)
    assert out.column("line").to_pylist()[-1] == INNER.encode() + b"\n"
    assert out.column("byte_offset").equals(batch_of(lines).column("byte_offset"))
