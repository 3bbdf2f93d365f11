"""What goes wrong while something is declared or weighed: it is said, and nothing is lost."""

from pathlib import Path

import pytest

import vigie.cli.verb_read as verb
from invented_posts import GROUPS, lines, weekend
from vigie.archive.archive import Archive, ArchiveError
from vigie.attacks.settings import Settings
from vigie.engines.local import Options

POSTS = weekend()


def read(folder, posts):
    (folder / "groups.toml").write_text(GROUPS, "utf-8")
    (folder / "posts.jsonl").write_bytes(lines(posts))
    return verb.read_paths((str(folder / "posts.jsonl"),), folder / "archive", Options(workers=1), Settings(), {"groups": folder / "groups.toml"})[2]


def test_a_full_disk_while_declaring_says_what_is_full_and_leaves_what_was_declared(tmp_path, monkeypatch):
    read(tmp_path, POSTS[:5]).connection.close()
    archive, before = Archive(tmp_path / "archive"), (tmp_path / "groups.toml").read_bytes()
    (tmp_path / "more.toml").write_bytes(before + b"\n")
    whole = Path.write_bytes

    def full(self, data):
        whole(self, data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "write_bytes", full)
        with pytest.raises(ArchiveError, match=r"archive/groups\.toml: No space left on device.*df -h"):
            archive.declare("groups", tmp_path / "more.toml")
    assert archive.declared("groups") == before
    assert not list(archive.folder.glob("*.tmp"))


@pytest.mark.parametrize("name", ["copies", "accounts"])
def test_an_error_on_either_core_surfaces_and_costs_nothing(tmp_path, monkeypatch, name):
    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(f"vigie.archive.post_weighing.{name}", full)
        with pytest.raises(OSError, match="No space"):
            read(tmp_path, POSTS)
    assert list((tmp_path / "archive" / "held").iterdir())
    with read(tmp_path, POSTS) as catalogue:
        assert catalogue.rows("select count(*) as n from evidence")[0]["n"] > 42
        assert not list((tmp_path / "archive" / "held").iterdir())
