"""An archive that is damaged, of another layout, read-only or no archive: one sentence that says what and what to try."""

import json
import shutil
import subprocess
import sys

import pytest

from conftest import Vigie, combined

LOG = b"".join(combined(f"/p/{n}") for n in range(40)) + combined("/a?id=1%27%20union%20select%201,2,3--%20")
CAPABLE = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-dac_override,-dac_read_search"]


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    """An archive that was read once; tests damage copies of it."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "a.log").write_bytes(LOG)
    Vigie(folder)("read", "a.log")
    return folder


@pytest.fixture
def archive(whole, tmp_path):
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    return tmp_path / "archive"


def segment(archive):
    return next(entry for entry in (archive / "segments").iterdir())


def torn(path):
    path.write_bytes(path.read_bytes()[:100])


def scrambled(path):
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + bytes(len(whole) - 600) + whole[-500:])


DAMAGES = {
    "torn signals": lambda a: torn(segment(a) / "signals.parquet"),
    "scrambled signals": lambda a: scrambled(segment(a) / "signals.parquet"),
    "signals gone": lambda a: (segment(a) / "signals.parquet").unlink(),
    "facts are no JSON": lambda a: (segment(a) / "segment.json").write_text("{"),
    "facts of another type": lambda a: (segment(a) / "segment.json").write_text((segment(a) / "segment.json").read_text().replace('"lines": 41', '"lines": "x"')),
    "facts that hold a list": lambda a: (segment(a) / "segment.json").write_text("[]"),
    "another layout": lambda a: (a / "vigie-archive").write_text("layout 99\n"),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("asked", [["count"], ["read", "a.log"], ["sql", "select * from signals"]], ids=["count", "read", "sql"])
def test_damage_is_said(vigie, archive, damage, asked):
    DAMAGES[damage](archive)
    shutil.rmtree(archive / "derived")
    assert vigie(*asked, code=3) == ""
    assert "Traceback" not in vigie.err
    assert str(archive) in vigie.err
    assert "again" in vigie.err


def test_fingerprints_that_are_gone_or_something_else(vigie, archive):
    (segment(archive) / "fingerprints.npy").write_bytes(b"x")
    vigie("read", "-", stdin=LOG, code=3)
    assert "unreadable segment" in vigie.err
    (segment(archive) / "fingerprints.npy").unlink()
    vigie("read", "-", stdin=LOG, code=3)
    assert "unreadable segment" in vigie.err


def test_what_is_derived_is_derived_again_when_it_is_damaged(vigie, archive):
    wanted = vigie("count", "--json")
    for path in (archive / "derived").rglob("*.parquet"):
        path.write_bytes(b"x")
    assert vigie("count", "--json") == wanted
    next((archive / "derived").rglob("labels.parquet")).unlink()
    assert vigie("count", "--json") == wanted


def test_strangers_among_the_segments_and_a_torn_manifest(vigie, archive, tmp_path):
    wanted = vigie("count", "--json")
    (archive / "segments" / ".DS_Store").write_bytes(b"x")
    (archive / "segments" / "lost+found").mkdir()
    with (archive / "manifest.jsonl").open("a") as out:
        out.write('{"segment": "half')
    vigie("read", tmp_path / "a.log")
    assert vigie("count", "--json") == wanted
    (tmp_path / "b.log").write_bytes(combined("/other"))
    vigie("read", tmp_path / "b.log")
    last = json.loads((archive / "manifest.jsonl").read_text().splitlines()[-1])
    assert last["segment"] != segment(archive).name or len(list((archive / "segments").iterdir())) == 4
    assert last["previous"]


def test_the_manifest_binds_each_line_to_the_one_before(vigie, archive, tmp_path):
    import hashlib

    for name in ("b.log", "c.log"):
        (tmp_path / name).write_bytes(combined(f"/{name}"))
        vigie("read", tmp_path / name)
    lines = (archive / "manifest.jsonl").read_text().splitlines()
    assert [json.loads(line)["previous"] for line in lines] == ["", *(hashlib.sha256(line.encode()).hexdigest() for line in lines[:-1])]


def test_a_read_only_archive_answers_and_refuses_to_be_written(vigie, archive, tmp_path):
    if subprocess.run([*CAPABLE, "true"], capture_output=True).returncode:
        pytest.skip("capabilities cannot be dropped here")
    subprocess.run(["chmod", "-R", "a-w", archive], check=True)

    def limited(*arguments):
        return subprocess.run([*CAPABLE, sys.executable, "-m", "vigie.cli.main", *arguments], capture_output=True, env=vigie.environment, cwd=tmp_path, text=True)

    try:
        counted = limited("count", "--json", "--pause", "30")
        assert counted.returncode == 0, counted.stderr
        assert json.loads(counted.stdout)["attacks"] == 1
        refused = limited("read", "a.log")
        assert refused.returncode == 3
        assert "Permission denied" in refused.stderr
        assert "Traceback" not in refused.stderr
    finally:
        subprocess.run(["chmod", "-R", "u+w", archive], check=True)


def test_a_file_in_the_place_of_an_archive(vigie, tmp_path):
    (tmp_path / "archive").write_bytes(b"x")
    (tmp_path / "a.log").write_bytes(LOG)
    vigie("count", code=3)
    assert "a file, not an archive" in vigie.err
    vigie("read", tmp_path / "a.log", code=3)
    assert "Not a directory" in vigie.err


def test_two_writers_are_kept_apart(vigie, archive, tmp_path):
    holder = subprocess.Popen(["flock", archive / "lock", "sleep", "20"])
    try:
        while subprocess.run(["flock", "-n", archive / "lock", "true"]).returncode == 0:
            pass
        vigie("read", tmp_path / "a.log", code=3)
        assert "another vigie is writing here" in vigie.err
        assert json.loads(vigie("count", "--json"))["attacks"] == 1
    finally:
        holder.terminate()
        holder.wait()
