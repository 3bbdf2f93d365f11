"""`vigie demo` as a command: stamped, deterministic, kept apart, and plain about what goes wrong."""

import hashlib
import json
import re
import signal
import subprocess
import sys
import time
from ipaddress import ip_address, ip_network

import pytest

from vigie.demo.folder import STAMP, write_month
from vigie.demo.month import invented_month


def digests(folder):
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_same_seed_same_bytes(tmp_path, demo):
    vigie, _ = demo
    write_month(tmp_path / "demo", invented_month())
    again = digests(tmp_path / "demo")
    first = {name: digest for name, digest in digests(vigie.folder / "demo").items() if not name.startswith("archive")}
    assert again == first
    write_month(tmp_path / "other", invented_month(7, days=4, attacks=120))
    assert digests(tmp_path / "other")["logs/web/nginx/access.log"] != again["logs/web/nginx/access.log"]


def test_everything_is_stamped_as_invented(demo, invented):
    vigie, _ = demo
    folder = vigie.folder / "demo"
    readme = (folder / "README.txt").read_text("utf-8")
    assert "INVENTÉ" in readme
    assert "INVENTED" in readme
    assert (folder / STAMP).is_file()
    assert json.loads((folder / "plan.json").read_text("utf-8"))["invented"] is True
    text = (folder / "logs/web/nginx/access.log").read_text("utf-8", "replace")
    for line in text.splitlines():
        address = line.split(" ", 1)[0]
        if re.fullmatch(r"[0-9a-f.:]+", address):
            assert any(ip_address(address) in network for network in invented), line
    hosts = set(re.findall(r"https?://([a-z0-9.-]*campagne[a-z0-9.-]*)", text))
    assert hosts
    assert all(host.endswith(".example") for host in hosts)


def test_the_story_is_told_and_leads_on(demo):
    vigie, facts = demo
    assert "TOUT EST INVENTÉ" in vigie.told
    assert f"{facts['attacks']:,}".replace(",", "\u202f") + " attaques en 30 jours" in vigie.told
    commands = re.findall(r"^  (vigie (?:count|explain|show) [^#\n]*)", vigie.told, re.MULTILINE)
    assert len(commands) == 8
    for line in commands:
        assert vigie(*line.split()[1:])
    assert "\x1b" not in vigie.told + vigie.noted
    assert "logs/web/nginx/access.log.4.zst" in vigie.noted


def test_the_users_own_archive_is_not_touched(demo):
    vigie, _ = demo
    assert not (vigie.folder / "archive").exists()


def test_english_and_json(vigie):
    facts = json.loads(vigie("demo", "--out", "d", "--json", "--lang", "en", "--seed", "5"))
    assert facts["invented"] is True
    assert facts["plan"]["attacks"] > 2_900
    assert sum(row["attacks"] for row in facts["count"]["by"]) > 2_900
    assert "Writing an invented month" in vigie.err


def test_a_folder_with_other_files_is_refused_and_left_alone(vigie, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    assert vigie("demo", "--out", "mine", code=2) == ""
    assert "did not write" in vigie.err
    assert "Traceback" not in vigie.err
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]
    (tmp_path / "a-file").write_text("x")
    vigie("demo", "--out", "a-file", code=2)
    assert "not a folder" in vigie.err


def test_a_demo_that_was_interrupted_is_written_anew(tmp_path):
    month = invented_month(days=3, attacks=60)
    whole = write_month(tmp_path / "a", month)
    torn = tmp_path / "b"
    (torn / "logs" / "web" / "nginx").mkdir(parents=True)
    (torn / "logs" / "web" / "nginx" / "access.log").write_bytes(b"half a line")
    (torn / STAMP).write_text("")
    assert write_month(torn, month) == whole
    one, other = digests(tmp_path / "a"), digests(torn)
    one.pop("README.txt"), other.pop("README.txt")
    assert one == other


def test_ctrl_c_is_answered_at_once_and_the_next_run_starts_anew(vigie, tmp_path):
    running = subprocess.Popen(
        [sys.executable, "-m", "vigie.cli.main", "demo", "--out", "demo", "--lang", "en"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=vigie.environment, cwd=tmp_path,
    )  # fmt: skip
    running.stderr.readline()
    time.sleep(0.4)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert out == b""
    assert b"interrupted" in err
    assert b"Traceback" not in err
    told = vigie("demo", "--out", "demo", "--lang", "en")
    assert "attacks in 30 days" in told
    assert "ALL OF THIS IS INVENTED" in told
    assert "What these logs do not show" in told


def test_a_symbolic_link_is_not_followed(tmp_path, vigie):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to("elsewhere")
    vigie("demo", "--out", "link", code=2)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_full_disk_is_said(vigie, tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(small)], capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    try:
        assert vigie("demo", "--out", "small/demo", "--lang", "en", code=3) == ""
        assert "no room left" in vigie.err
        assert "Traceback" not in vigie.err
    finally:
        subprocess.run(["umount", str(small)], check=True)


@pytest.mark.parametrize("network", ["10.0.0.0/8", "8.8.8.0/24"])
def test_the_address_check_can_fail(network, invented):
    assert not any(ip_network(network).subnet_of(known) for known in invented if known.version == 4)
