"""W3C extended logs: a header line holds until the next one, wherever a file, a block or a slice is cut."""

import pyarrow as pa
import pytest

from conftest import batch_of
from vigie.engines import block
from vigie.engines.block import Task, do_block
from vigie.sources.registry import recognise
from vigie.sources.source import Reading
from vigie.sources.w3c import SOURCE

OLD = b"#Fields: date time c-ip cs-method cs-uri-stem sc-status s-ip\n"
NEW = b"#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query c-ip sc-status\n"
OLD_LINE = b"2024-03-12 15:22:28 192.0.2.9 GET /old 200 198.51.100.1\n"
NEW_LINE = b"2024-03-12 15:22:29 198.51.100.1 GET /new a=b 192.0.2.8 404\n"


def read(lines, layout=""):
    return SOURCE.read(batch_of(lines), Reading(layout=layout)).to_pylist()


def test_a_header_in_the_middle_changes_what_follows():
    rows = read([OLD, OLD_LINE, NEW, NEW_LINE, OLD, OLD_LINE])
    assert [row["url_original"] for row in rows] == [None, "/old", None, "/new?a=b", None, "/old"]
    assert [row["unread"] for row in rows] == ["header line", None] * 3
    assert [row["source_address"] for row in rows if row["unread"] is None] == ["192.0.2.9", "192.0.2.8", "192.0.2.9"]


def test_lines_before_any_header_are_unread_and_say_so():
    rows = read([OLD_LINE, OLD, OLD_LINE])
    assert [row["unread"] for row in rows] == ["no #Fields line before it", "header line", None]


@pytest.mark.parametrize(
    ("header", "reason"),
    [(b"#Fields: c-ip cs-method\n", "its #Fields line names no date and time"), (b"#Fields: date time src-ip\n", "its #Fields line names no request")],
)
def test_a_header_that_declares_no_request_is_the_reason_of_its_lines(header, reason):
    rows = read([header, OLD_LINE, OLD, OLD_LINE])
    assert [row["unread"] for row in rows] == ["header line", reason, "header line", None]


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 5, 100])
def test_slices_of_a_block_inherit_the_header(monkeypatch, rows):
    monkeypatch.setattr(block, "ROWS", rows)
    data = b"".join([OLD_LINE, NEW, NEW_LINE, NEW_LINE, b"\n", OLD, OLD_LINE, OLD_LINE, NEW, NEW_LINE])
    done = do_block(data, Task("feed", "file", 0, "w3c", Reading(layout=OLD.decode().strip()), keep=True))
    assert done.records.column("url_original").to_pylist() == ["/old", "/new?a=b", "/new?a=b", "/old", "/old", "/new?a=b"]
    assert (done.lines, done.unread) == (10, 4)


def test_the_sample_gives_the_first_header_and_its_writer():
    verdict = recognise([line.rstrip(b"\n") for line in [OLD, OLD_LINE, NEW, NEW_LINE]], "", Reading())
    assert (verdict.source.name, verdict.title, verdict.share, verdict.reading.layout) == ("w3c", "IIS", 1.0, OLD.decode().strip())


def test_a_firewall_log_in_the_same_notation_is_no_access_log():
    sample = [b"#Fields: date time action protocol src-ip dst-ip", b"2024-03-12 15:22:28 DROP TCP 192.0.2.9 198.51.100.1"]
    assert recognise(sample, "", Reading()) is None


def test_a_file_that_grows_is_read_on_with_its_header(vigie, tmp_path):
    log = tmp_path / "u_ex240312.log"
    log.write_bytes(OLD + OLD_LINE + NEW + NEW_LINE)
    vigie("read", log)
    log.write_bytes(log.read_bytes() + NEW_LINE.replace(b"15:22:29", b"15:22:30"))
    out = vigie("read", log, "--json")
    assert '"read": 3' in out and '"unread": 2' in out


def test_many_headers_are_read_in_time_that_grows_with_the_lines():
    rows = SOURCE.read(batch_of([OLD, OLD_LINE, NEW, NEW_LINE] * 5000), Reading())
    assert rows.num_rows == 20_000
    assert pa.compute.sum(pa.compute.is_valid(rows.column("unread"))).as_py() == 10_000
