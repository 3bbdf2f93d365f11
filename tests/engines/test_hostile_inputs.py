"""Bad input: a clear message, the right exit code, everything else still read."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from conftest import combined

GOOD = b"".join(combined(f"/p/{n}", time=f"15/Jan/2017:10:{n % 60:02d}:00 +0100") for n in range(300))


def facts(vigie, *paths, code=0):
    return json.loads(vigie("read", "--json", *paths, code=code))


def adds_up(result):
    assert result["records"] + result["unread"] == result["lines"]
    for item in result["files"]:
        assert item["read"] + item["unread"] == item["lines"]
    return result


def test_ten_megabyte_line_nul_bytes_crlf_and_no_final_newline(vigie, tmp_path):
    parts = [GOOD, b"x" * 10_000_000 + b"\n", b"\x00\x00\x00\n", combined("/crlf").rstrip() + b"\r\n", combined("/last").rstrip()]
    (tmp_path / "a.log").write_bytes(b"".join(parts))
    result = adds_up(facts(vigie, tmp_path / "a.log"))
    assert (result["lines"], result["unread"]) == (304, 2)
    reasons = {row["reason"] for row in map(json.loads, vigie("show", "unread", "--json").splitlines())}
    assert "line longer than 1,048,576 bytes" in reasons


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16(vigie, tmp_path, codec):
    mark = b"\xff\xfe" if codec.endswith("le") else b"\xfe\xff"
    (tmp_path / "a.log").write_bytes(mark + GOOD.decode().encode(codec))
    assert adds_up(facts(vigie, tmp_path / "a.log"))["records"] == 300


def test_truncated_gzip_keeps_what_came_before(vigie, tmp_path):
    packed = gzip.compress(GOOD * 20)
    (tmp_path / "a.log.gz").write_bytes(packed[: len(packed) // 2])
    result = adds_up(facts(vigie, tmp_path / "a.log.gz", code=5))
    assert result["records"] > 0
    assert "ends too early" in vigie.err


def test_a_gzip_bomb_is_left(vigie, tmp_path):
    bomb = tmp_path / "bomb.log.gz"
    with gzip.open(bomb, "wb", compresslevel=9) as out:
        out.write(GOOD)
        for _ in range(200):
            out.write(b"\n" * 1_000_000)
    (tmp_path / "good.log").write_bytes(GOOD)
    result = facts(vigie, bomb, tmp_path / "good.log", code=5)
    assert "bomb" in vigie.err
    assert next(f for f in result["files"] if f["file"].endswith("good.log"))["read"] == 300


def test_empty_binary_missing_unreadable_and_loops(vigie, tmp_path):
    (tmp_path / "empty.log").write_bytes(b"")
    (tmp_path / "binary.log").write_bytes(os.urandom(4000) + b"\x00" * 4000)
    (tmp_path / "good.log").write_bytes(GOOD)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "loop").symlink_to(tmp_path / "logs")
    (tmp_path / "logs" / "in.log").write_bytes(GOOD)
    result = facts(vigie, tmp_path / "empty.log", tmp_path / "binary.log", tmp_path / "good.log", tmp_path / "gone.log", tmp_path / "logs", code=5)
    assert adds_up(result)["records"] == 600
    assert "gone.log: No such file" in vigie.err
    assert "empty, nothing to read" in vigie.err
    assert vigie("read", tmp_path / "gone.log", code=3) == ""
    assert vigie("read", tmp_path / "binary.log", code=3) == ""
    assert "a binary file" in vigie.err


def test_a_folder_with_an_archive_in_it_leaves_the_archive_out(vigie, tmp_path):
    (tmp_path / "a.log").write_bytes(GOOD)
    vigie("read", tmp_path)
    assert facts(vigie, tmp_path)["records"] == 300


def test_unknown_lines_in_the_middle_leave_neighbours_alone(vigie, tmp_path):
    lines = GOOD.splitlines(keepends=True)
    lines[100:100] = [b"\x1b[31mred\x1b[0m \xff\xfe garbage\n"]
    (tmp_path / "a.log").write_bytes(b"".join(lines))
    result = adds_up(facts(vigie, tmp_path / "a.log"))
    assert (result["records"], result["unread"]) == (300, 1)
    shown = vigie("show", "unread")
    assert "\x1b" not in shown
    assert "\\x1b[31mred" in shown


def test_kill_at_any_moment_and_read_again(vigie, tmp_path):
    log = tmp_path / "big.log"
    with log.open("wb") as out:
        for n in range(260_000):
            out.write(combined(f"/p/{n}?q={n % 97}", address=f"192.0.2.{n % 250}", time=f"{15 + n // 86400:02d}/Jan/2017:{n // 3600 % 24:02d}:{n // 60 % 60:02d}:{n % 60:02d} +0100"))
    for delay in (0.6, 0.9, 1.3):
        process = subprocess.Popen(
            [sys.executable, "-m", "vigie.cli.main", "read", str(log), "--workers", "1"],
            env=vigie.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
    result = adds_up(facts(vigie, log))
    assert (result["records"], result["unread"]) == (260_000, 0)
    step = json.loads(vigie("count", "--json"))["ladder"][0]
    assert step["count"] == 260_000


def test_a_full_disk_is_said_and_loses_nothing(vigie, tmp_path):
    (tmp_path / "a.log").write_bytes(GOOD * 40)
    small = tmp_path / "archive"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24k", "tmpfs", str(small)], capture_output=True).returncode == 0
    if not mounted:  # only root may; elsewhere a file in the place of the folder must be told as plainly
        small.rmdir()
        small.write_bytes(b"")
    try:
        assert vigie("read", tmp_path / "a.log", code=3) == ""
        assert "Traceback" not in vigie.err
        assert ("free some space" if mounted else "another folder") in vigie.err
    finally:
        if mounted:
            subprocess.run(["umount", str(small)], check=True)
        else:
            small.unlink()
    assert facts(vigie, tmp_path / "a.log")["records"] == 12_000
