"""Which known table of posts a sample is, what its columns leave open, and what its ids say of its clock.

References:
    - https://github.com/twitter-archive/snowflake/tree/snowflake-2010 (times in X's ids)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import polars as pl
import pyarrow as pa

from vigie.sources.csv_records import DELIMITERS, fields_of, record_ends, records_of
from vigie.sources.post_plan import PLATFORMS, Plan
from vigie.sources.post_tables import clock_agrees, fields_of_plan, read
from vigie.sources.post_times import DAY_FIRST, MONTH_FIRST, coarsest, order_of, post_times, slashed
from vigie.sources.rows import sample_rows, share_of, text_of
from vigie.sources.source import Reading, Recognition

_MOST_COLUMNS: Final = 512
_LONGEST_HEAD: Final = 16_384
_ENOUGH: Final = 0.9
_LEAST: Final = 5
_SECOND: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Shape:
    """A table whose columns are known.

    Attributes:
        title: what to call it on screen.
        needs: columns that its header always holds.
        fields: field → columns; those that the header does not hold are passed over.
        platform: of its posts; "" where the ids must tell.
        utc: times that carry no zone are UTC.
        html: texts are HTML.
        other_clock: a second column of times; where it differs by hours a clock was wrong, and that is said.
        doubt: what is always assumed.
    """

    title: str
    needs: frozenset[str]
    fields: dict[str, tuple[str, ...]]
    platform: str = "x"
    utc: bool = True
    html: bool = False
    other_clock: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The header of a sample.

    Attributes:
        text: as it stands in the file, mark of Unicode and line end off.
        columns: its names.
        delimiter: between them.
        records: what stands behind it, line ends included.
    """

    text: str
    columns: tuple[str, ...]
    delimiter: str
    records: list[bytes]


def head_of(sample: Sequence[bytes], known: frozenset[str] = frozenset()) -> Head | None:
    """The header of a sample of lines, split where most columns come of it; None when it is none.

    Args:
        sample: lines without their ends.
        known: names in lower case of which one must be a column.
    """
    data = b"\n".join(sample) + b"\n"
    first = data[: data.find(b"\n")][:_LONGEST_HEAD]
    best: tuple[int, str] = (1, "")
    text = text_of(pa.array([first], pa.binary()))[0].removeprefix("\ufeff").strip("\r")
    for delimiter in DELIMITERS:
        names = fields_of(text, delimiter) or []
        if best[0] < len(names) <= _MOST_COLUMNS:
            best = (len(names), delimiter)
    if not best[1] or (known and not known & {name.strip().lower() for name in fields_of(text, best[1]) or []}):
        return None
    cuts = [0, *record_ends(data, best[1], True).tolist()]
    records = [data[a:b] for a, b in pairwise(cuts)]
    return Head(text, tuple(fields_of(text, best[1]) or []), best[1], records[1:])


def claim(sample: Sequence[bytes], shapes: Sequence[Shape]) -> Recognition | None:
    """The claim of the shape that needs most of the columns of a sample; None when none fits."""
    head = head_of(sample, frozenset(name.lower() for shape in shapes for name in shape.needs))
    if head is None:
        return None
    held = frozenset(head.columns)
    fitting = [shape for shape in shapes if shape.needs <= held]
    if not fitting:
        return None
    return claim_of(head, max(fitting, key=lambda shape: len(shape.needs)))


def claim_of(head: Head, shape: Shape) -> Recognition:
    """The claim on a sample by one shape, its clock looked at."""
    held = frozenset(head.columns)
    fields = {name: tuple(c for c in columns if c in held or (name == "platform" and c in PLATFORMS)) for name, columns in shape.fields.items()}
    plan = Plan(
        columns=head.columns, head=head.text, delimiter=head.delimiter, fields={name: columns for name, columns in fields.items() if columns},
        platform=shape.platform or "other", zone="UTC" if shape.utc else "", clock=shape.platform == "x", html=shape.html,
    )  # fmt: skip
    plan, doubts = _looked_at(plan, head, shape)
    share = share_of(read(sample_rows([]), Reading())) if not head.records else share_of(read(_rows(head.records), Reading(layout=plan.text())))
    return Recognition(share, shape.title, plan.text(), "; ".join(filter(None, [shape.doubt, *doubts])))


def _looked_at(plan: Plan, head: Head, shape: Shape) -> tuple[Plan, list[str]]:
    """The plan with what a sample of records tells of dates, clocks and ids, and what must be said of it."""
    other = frozenset({shape.other_clock}) & frozenset(plan.columns)
    found = records_of(pa.array(head.records, pa.binary()), plan.delimiter, list(plan.columns), plan.wanted | other)
    told = fields_of_plan(found.fields, plan)
    doubts: list[str] = []
    if "seen_at" not in told.columns or not len(found.rows):
        return plan, doubts
    texts = told["seen_at"].drop_nulls()
    if slashed(texts):
        order = order_of(texts)
        plan = replace(plan, order=order or (DAY_FIRST if plan.delimiter == ";" else MONTH_FIRST))
        if not order:
            doubts.append(f"dates such as {texts[0][:20]} were read with the {'day' if plan.order == DAY_FIRST else 'month'} first: no date in the sample tells")
    seen, _ = post_times(told["seen_at"], plan.zone or "UTC", plan.order)
    plan = replace(plan, precision=coarsest(seen))
    ids = told["post_id"] if "post_id" in told.columns else None
    if ids is None and "url" in told.columns:
        ids = told["url"].str.extract(r"(?:twitter|x)\.com/\w{1,20}/status(?:es)?/(\d+)")
    told_by_ids = False
    if ids is not None and plan.platform in ("x", "other"):
        bare = post_times(told["seen_at"], "UTC", plan.order)[0]
        told_by_ids = bool(clock_agrees(ids, bare)[0].is_not_null().any())
        plan, more = _by_ids(plan, ids, bare)
        doubts += more
    if other:
        second = post_times(pl.Series(pl.from_arrow(found.fields[shape.other_clock])), "UTC", plan.order)[0]
        doubts += _two_clocks(seen, second, plan.fields["seen_at"][0], shape.other_clock)
    if plan.precision in ("min", "day") and not (plan.clock and told_by_ids):
        doubts.append(f"times are told to the {'minute' if plan.precision == 'min' else 'day'} only")
    return plan, doubts


def _by_ids(plan: Plan, ids: pl.Series, seen: pl.Series) -> tuple[Plan, list[str]]:
    """Whether ids are X's and tell the time, and in which zone the column of times is then."""
    made, quarters = clock_agrees(ids, seen)
    both = int((ids.str.contains(r"^\d{11,19}$") & seen.is_not_null()).sum())
    agreed = len(made) - made.null_count()
    if agreed < _LEAST or agreed < _ENOUGH * both:
        return plan, []
    behind = quarters.drop_nulls().value_counts(sort=True)
    plan = replace(plan, platform="x", clock=True, zone=_zone(-int(behind[0, 0])).replace("+00:00", "UTC"))
    zones = sorted(_zone(-int(one)) for one in behind.filter(pl.col("count") >= max(2, agreed // 100)).to_series())
    if zones == ["+00:00"]:
        return plan, []
    return plan, [f"by the ids of the posts the column {plan.fields['seen_at'][0]} is in UTC{' and UTC'.join(zones)}: times are those of the ids"]


def _two_clocks(seen: pl.Series, other: pl.Series, name: str, second: str) -> list[str]:
    """What is to be said where two columns of times differ by a constant number of hours."""
    apart = ((other.cast(pl.Int64) - seen.cast(pl.Int64)) / (_SECOND * 900)).round().drop_nulls().cast(pl.Int64)
    common = apart.value_counts(sort=True)
    if not len(common) or common[0, 0] == 0 or common[0, 1] < _ENOUGH * len(apart):
        return []
    return [f"{second} differs from {name} by {int(common[0, 0]) / 4:+g} hours, as where the exporting server was not on UTC; {name} was believed"]


def _zone(quarters: int) -> str:
    return f"{'-' if quarters < 0 else '+'}{abs(quarters) // 4:02d}:{abs(quarters) % 4 * 15:02d}"


def _rows(records: Sequence[bytes]) -> pa.RecordBatch:
    rows = sample_rows([])
    columns = [pa.array([""] * len(records), pa.string()).cast(field.type) if field.name in ("feed", "file") else None for field in rows.schema]
    columns[rows.schema.get_field_index("byte_offset")] = pa.array(range(len(records)), pa.int64())
    columns[rows.schema.get_field_index("line")] = pa.array(list(records), pa.binary())
    return pa.RecordBatch.from_arrays(columns, schema=rows.schema)
