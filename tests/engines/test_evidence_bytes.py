"""Every kept line is the bytes of its file at its offset, and every signal's evidence stands in it, whatever carries or packs the log."""

import bz2
import gzip
import json
import lzma

import pytest
import zstandard

from conftest import combined
from vigie.archive.archive import Archive
from vigie.archive.catalogue import Catalogue
from vigie.engines.files import Input
from vigie.engines.local import Options, Pool, read_input

TARGETS = ["/", "/a?id=1%27%20union%20select%201,2,3--%20", "/p?q=caf%C3%A9", "/a?f=../../../../etc/passwd", "/.env", "/s?q=%3Cscript%3Ealert(1)%3C/script%3E"]
PLAIN = [combined(TARGETS[n % 6], address=f"192.0.2.{n % 9}", time=f"15/Jan/2017:10:{n % 60:02d}:00 +0100") for n in range(240)]
SYSLOG = [b"Sep 15 16:13:46 web1 nginx[1]: " + line for line in PLAIN]
DOCKER = [json.dumps({"log": line.decode(), "stream": "stdout", "time": "2017-01-15T09:00:00.0Z"}).encode() + b"\n" for line in PLAIN]
RUNTIME = [b"2017-01-15T09:00:00.000000000Z stdout F " + line for line in PLAIN]
CRLF = [line[:-1] + b"\r\n" for line in PLAIN]
BROKEN = [part for line in PLAIN for part in (line, b"\x00\xff not a line\n", b"\n")]
UTF8 = b"".join(PLAIN)

KINDS = {
    "plain": (UTF8, UTF8), "crlf": (b"".join(CRLF),) * 2, "no final newline": (UTF8[:-1],) * 2, "broken": (b"".join(BROKEN),) * 2,
    "syslog": (b"".join(SYSLOG),) * 2, "docker": (b"".join(DOCKER),) * 2, "runtime": (b"".join(RUNTIME),) * 2,
    "gz": (gzip.compress(UTF8), UTF8), "gz in two members": (gzip.compress(UTF8[:9000]) + gzip.compress(UTF8[9000:]), UTF8),
    "xz": (lzma.compress(UTF8), UTF8), "bz2": (bz2.compress(UTF8), UTF8), "zst": (zstandard.ZstdCompressor().compress(UTF8), UTF8),
    "utf-16-le": (b"\xff\xfe" + UTF8.decode().encode("utf-16-le"), UTF8), "utf-16-be": (b"\xfe\xff" + UTF8.decode().encode("utf-16-be"), UTF8),
}  # fmt: skip
"""What stands on disk, and the decompressed (and for UTF-16 recoded) bytes that offsets count in."""


@pytest.mark.parametrize("kind", KINDS)
def test_evidence_is_the_bytes_at_its_offset(tmp_path, kind):
    packed, stream = KINDS[kind]
    path = tmp_path / "access.log"
    path.write_bytes(packed)
    archive, pool = Archive(tmp_path / "archive"), Pool(1)
    with archive.open_for_writing():
        report = read_input(Input(path, str(path), "access.log"), archive, Options(), pool, lambda *_: None)
    assert not report.failure
    assert report.read == 240
    with Catalogue(archive) as catalogue:
        kept = {row["byte_offset"]: row["line"] for row in catalogue.rows("select byte_offset, line from evidence")}
        unread = catalogue.rows("select byte_offset, line from unread")
        signals = catalogue.rows("select byte_offset, evidence, family from signals")
    assert len({row["family"] for row in signals}) >= 3
    for offset, line in [*kept.items(), *((row["byte_offset"], row["line"]) for row in unread)]:
        assert stream[offset : offset + len(line)] == line
        assert offset == 0 or stream[offset - 1 : offset] == b"\n"
    for row in signals:
        assert row["evidence"].encode() in kept[row["byte_offset"]].replace(b'\\"', b'"')
