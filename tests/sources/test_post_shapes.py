"""Every other shape of a table of posts and of a feed: recognised by its header or root, and each row what it says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import yaml

from conftest import CASES
from vigie.engines.block import lines_of
from vigie.sources.registry import recognise
from vigie.sources.source import Reading

SHAPES = [(name, case) for name in ("tables", "articles") for case in yaml.safe_load((CASES / "posts" / f"{name}.yml").read_text("utf-8"))["cases"]]


@pytest.mark.parametrize(("name", "case"), SHAPES, ids=[case["title"] for _, case in SHAPES])
def test_the_shape_is_recognised_and_read(name, case):
    data = (case["head"] + case["between"].join(one["line"] for kind in ("good", "broken") for one in case.get(kind, [])) + case["tail"]).encode()
    verdict = recognise([line for line in data.split(b"\n") if line], "articles" if name == "articles" else "", Reading(), data)
    assert verdict is not None
    assert verdict.title == case["title"]
    rows = verdict.source.read(lines_of(data, "", "", 0, verdict.source.ends(data, verdict.reading, True)), verdict.reading).to_pylist()
    read = [row for row in rows if row["unread"] is None]
    for one, row in zip(case["good"], read, strict=True):
        for field, value in one["fields"].items():
            found = row[field].astimezone(UTC).isoformat().replace("+00:00", "Z") if isinstance(row[field], datetime) else row[field]
            assert found == value, (field, one["line"])
    lost = [row["unread"] for row in rows if row["unread"] not in (None, "header line", "frame of the document")]
    assert [one["reason"] for one in case.get("broken", [])] == [reason[: len(one["reason"])] for one, reason in zip(case.get("broken", []), lost, strict=True)]
