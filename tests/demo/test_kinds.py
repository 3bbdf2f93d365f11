"""What holds for every kind of input of the demo: a new one is tested by standing in the registry."""

import gzip
import hashlib
from ipaddress import ip_address

import pytest
import zstandard

from vigie.demo.month import DAY, invented_month
from vigie.demo.registry import KINDS
from vigie.words.families import FAMILIES

MONTH = invented_month(days=6, attacks=200)


def content(path):
    data = path.read_bytes()
    unpack = {".gz": gzip.decompress, ".zst": lambda raw: zstandard.ZstdDecompressor().decompressobj().decompress(raw)}
    return unpack.get(path.suffix, bytes)(data)


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
def written(request, tmp_path):
    return request.param, tmp_path / "here", request.param.write(tmp_path / "here", MONTH)


def test_it_writes_the_files_that_it_names_and_no_others(written, tmp_path):
    _, folder, truth = written
    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()) == sorted(truth.files)
    assert [path.name for path in tmp_path.iterdir()] == ["here"]


def test_lines_are_as_many_as_it_says(written):
    _, folder, truth = written
    assert sum(content(folder / name).count(b"\n") for name in truth.files) == truth.lines + truth.continued
    assert all(content(folder / name).endswith(b"\n") for name in truth.files)
    assert 0 <= sum(truth.unread.values()) + truth.repeated < truth.lines


def test_the_same_month_gives_the_same_bytes_and_times(written, tmp_path):
    kind, folder, truth = written
    assert kind.write(tmp_path / "again", MONTH) == truth
    for name in truth.files:
        one, other = folder / name, tmp_path / "again" / name
        assert hashlib.sha256(one.read_bytes()).digest() == hashlib.sha256(other.read_bytes()).digest()
        assert one.stat().st_mtime == other.stat().st_mtime


def test_another_seed_gives_another_story(written, tmp_path):
    kind, folder, truth = written
    other = kind.write(tmp_path / "other", invented_month(8, days=6, attacks=200))
    assert other.attacks != truth.attacks or not truth.attacks
    assert [content(tmp_path / "other" / name) for name in other.files] != [content(folder / name) for name in truth.files]


def test_attacks_are_whole_and_inside_the_month(written, invented):
    _, _, truth = written
    assert truth.attacks == tuple(sorted(truth.attacks))
    for attack in truth.attacks:
        assert MONTH.start <= attack.start.timestamp() <= attack.end.timestamp() < MONTH.start + MONTH.days * DAY
        assert attack.family in FAMILIES
        assert attack.asset.endswith(".example") or attack.family in ("port_scan", "database_access", "information_operation")
        assert attack.lines >= 1
        assert attack.automation in ("tool", "bespoke", "undetermined")
        assert (attack.automation == "tool") or not attack.tool
        assert all(any(ip_address(source) in network for network in invented) for source in attack.sources)
