"""Tables of posts for tests: every column of POST, null where nothing is said."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pyarrow as pa

from vigie.records.post import POST

START = datetime(2026, 3, 2, tzinfo=UTC)
SCHEMA = {name: pl.String if kind == pl.Categorical else kind for name, kind in pl.from_arrow(pa.Table.from_batches([], schema=POST.schema)).schema.items()}


def posts_of(*rows, **same):
    """One row for each mapping of column to value; `at` is seconds after START; provenance and time are filled in."""
    whole = []
    for index, row in enumerate(rows):
        said = {**same, **row}
        at = said.pop("at", index)
        whole.append(
            {"feed": "social", "file": "posts.ndjson", "byte_offset": 100 * index, "row": index, "seen_at": START + timedelta(seconds=at)}
            | {"time_precision": "s", "platform": "x", "account_id": "11", "kind": "post"} | said
        )  # fmt: skip
    return pl.DataFrame(whole, schema=SCHEMA | {"row": pl.Int64}) if whole else pl.DataFrame(schema=SCHEMA | {"row": pl.Int64})
