"""Rotations cut anywhere and read in any order give the same attacks; hostile names and changing files lose nothing."""

import json
import os
import threading
import time
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import combined
from vigie.archive.archive import Archive
from vigie.archive.catalogue import Catalogue
from vigie.engines.files import Input
from vigie.engines.local import Options, Pool, read_input

TARGETS = ["/", "/a?id=1%27%20union%20select%201,2,3--%20", "/x", "/a?f=../../../../etc/passwd", "/.env", "/wp-login.php"]
LINES = [combined(TARGETS[n % 6], address=f"192.0.2.{n % 5}", status=404 if n % 6 == 5 else 200, time=f"{15 + n // 40}/Jan/2017:{n % 24:02d}:00:00 +0100") for n in range(160)]


def answers(folder, pieces):
    archive, pool = Archive(folder / "archive"), Pool(1)
    with archive.open_for_writing():
        for number, lines in enumerate(pieces):
            path = folder / f"access.log.{number}"
            path.write_bytes(b"".join(lines))
            read_input(Input(path, str(path), "access.log"), archive, Options(), pool, lambda *_: None)
    with Catalogue(archive) as catalogue:
        attacks = catalogue.rows("select attack_id, family, first_seen, last_seen, signals, records from attacks order by attack_id")
        signals = catalogue.rows("select signal_id, attempt_id, attack_id from signals order by 1")
    return attacks, signals


@settings(max_examples=10)
@given(st.sets(st.integers(1, len(LINES) - 1), max_size=5), st.randoms(use_true_random=False))
def test_any_cut_in_any_order(tmp_path_factory, cuts, chance):
    bounds = [0, *sorted(cuts), len(LINES)]
    pieces = [LINES[low:high] for low, high in pairwise(bounds)]
    chance.shuffle(pieces)
    wanted = answers(tmp_path_factory.mktemp("whole"), [LINES])
    assert len(wanted[0]) > 3
    assert answers(tmp_path_factory.mktemp("cut"), pieces) == wanted


def test_names_that_an_attacker_gave(vigie, tmp_path):
    folder = tmp_path / "logs"
    folder.mkdir()
    names = [b"a'; drop table files;--.log", b"new\nline.log", b"\x1b[31mred\x1b[0m.log", b"\xff\xfe.log", "\u202egol.txt".encode(), b"[x]*?.log", b"--json", b"=1+1.log"]
    for n, name in enumerate(names):
        with open(os.path.join(os.fsencode(folder), name), "wb") as out:
            out.write(combined(f"/only/{n}") + combined(TARGETS[1], address=f"198.51.100.{n}"))
    facts = json.loads(vigie("read", folder, "--json"))
    assert facts["records"] == 2 * len(names)
    for asked in (["read", folder], ["show", "files"], ["show", "files", "--csv"], ["show", "signals"], ["explain", "count"]):
        shown = vigie(*asked) + vigie.err
        assert not any(c in shown for c in ("\x1b", "\u202e", "new\nline")), asked
    assert json.loads(vigie("count", "--json"))["ladder"][1]["count"] == 2 * len(names)


def test_a_file_that_grows_or_shrinks_while_it_is_read(vigie, tmp_path):
    log, stop = tmp_path / "a.log", threading.Event()
    lines = [combined(f"/p/{n}?q={n}", address=f"192.0.2.{n % 250}", time=f"15/Jan/2017:{n // 3600 % 24:02d}:{n // 60 % 60:02d}:{n % 60:02d} +0100") for n in range(80_000)]
    log.write_bytes(b"".join(lines[:60_000]))

    def grow():
        with log.open("ab") as out:
            for n in range(60_000, 80_000, 50):
                if stop.is_set():
                    n_left = b"".join(lines[n:])
                    out.write(n_left)
                    return
                out.write(b"".join(lines[n : n + 50]))
                out.flush()
                time.sleep(0.002)

    writer = threading.Thread(target=grow)
    writer.start()
    first = json.loads(vigie("read", log, "--json"))
    stop.set()
    writer.join()
    assert first["records"] + first["unread"] == first["lines"] >= 60_000
    second = json.loads(vigie("read", log, "--json"))
    assert (second["records"], second["unread"]) == (80_000, 0)
    log.write_bytes(b"".join(lines[:10]))
    shrunk = json.loads(vigie("read", log, "--json"))
    assert shrunk["records"] == 10
    assert json.loads(vigie("count", "--json"))["ladder"][1]["count"] == 80_000
