"""From records of a table to posts, by the plan in the layout: what every source of CSV posts reads with.

References:
    - RFC 4180
    - https://github.com/twitter-archive/snowflake/tree/snowflake-2010 (times in X's ids)
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import POST
from vigie.sources import post_lists
from vigie.sources.csv_records import record_ends, records_of
from vigie.sources.links import canonical_links, hosts_of
from vigie.sources.post_html import links_of_html, text_of_html
from vigie.sources.post_plan import PLATFORMS, Plan, plan_of
from vigie.sources.post_relations import flag, relations
from vigie.sources.post_rows import clock_of_x, own_words, post_rows
from vigie.sources.post_times import coarser, post_times
from vigie.sources.rows import assemble, in_order, nulls, text_of
from vigie.sources.source import HEADER_LINE, Ends, Reading

NO_HEADER: Final = "no header that names its columns"
NO_COLUMN: Final = "no column is called "
DIGITS_LOST: Final = "an id in exponent form: its digits are lost; export the column as text"
"""Why a record is unread whose ids a spreadsheet has rounded."""

_EXPONENT: Final = r"^\d(?:[.,]\d+)?[eE]\+?\d{1,3}$"
_IDS: Final = ("post_id", "account_id", "repost_id", "quote_id", "reply_id", "ref_post_id", "ref_account_id", "repost_account_id", "quote_account_id", "reply_account_id")
_PLAIN: Final = ("post_id", "account_id", "account_name", "title", "client")
_COUNTS: Final = ("likes", "reposts", "replies", "quotes", "views")
_TIMES: Final = ("client_at", "edited_at", "collected_at", "ref_at")
_LISTS: Final = ("links", "hashtags", "mentions", "media")
_FREE: Final = ("title", "text", "url", "object", *_LISTS)
_NOTHING: Final = ("", "N/A", "nan", "NaN", "<NA>", "DELETED", "REMOVED BY AUTHOR", "VIEWER BLOCKED BY AUTHOR")
"""What exports write where there is nothing."""
_LANGUAGES: Final = {
    "english": "en", "french": "fr", "german": "de", "italian": "it", "spanish": "es", "russian": "ru", "ukrainian": "uk", "arabic": "ar", "portuguese": "pt",
    "dutch": "nl", "polish": "pl", "turkish": "tr", "persian": "fa", "persian (farsi)": "fa", "farsi (persian)": "fa", "serbian": "sr", "bulgarian": "bg", "romanian": "ro",
    "greek": "el", "czech": "cs", "slovak": "sk", "slovenian": "sl", "croatian": "hr", "hungarian": "hu", "swedish": "sv", "norwegian": "no", "danish": "da",
    "finnish": "fi", "estonian": "et", "latvian": "lv", "lithuanian": "lt", "hebrew": "he", "chinese": "zh", "simplified chinese": "zh", "traditional chinese": "zh",
    "japanese": "ja", "korean": "ko", "hindi": "hi", "indonesian": "id", "vietnamese": "vi", "thai": "th", "catalan": "ca", "albanian": "sq", "macedonian": "mk",
    "armenian": "hy", "georgian": "ka", "kurdish": "ku", "urdu": "ur", "bengali": "bn", "tamil": "ta", "malay": "ms", "somali": "so", "uzbek": "uz", "icelandic": "is",
}  # fmt: skip
_STATUS: Final = r"/(?:status|statuses)/(\d{1,20})(?:[/?#]|$)"
_AUTHOR: Final = r"(?i)//(?:www\.|mobile\.)?(?:twitter|x)\.com/(\w{1,15})/status"
_QUARTER: Final = 15 * 60_000_000
_FARTHEST: Final = 56
_SLACK: Final = 5_000_000
_LATE: Final = 70_000_000


def ends(data: bytes, reading: Reading, final: bool) -> Ends:
    """Where records end; where nothing tells the delimiter, a comma is taken."""
    plan = plan_of(reading.layout)
    return record_ends(data, plan.delimiter if plan else ",", final)


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of records.

    Args:
        batch: rows of `LINE`, one record each.
        reading: `layout` holds the plan; `timezone` of times that name none, where the plan does not know better.

    Returns:
        `POST` columns and `unread`, same rows in the same order.
    """
    plan = plan_of(reading.layout)
    if plan is None:
        return _unread(batch, np.full(batch.num_rows, NO_HEADER))
    if plan.lost:
        return _unread(batch, np.where(_headers(batch, plan), HEADER_LINE, NO_COLUMN + ", ".join(plan.lost)[:200]))
    heads = _headers(batch, plan)
    bodies = np.flatnonzero(~heads)
    whole = len(bodies) == batch.num_rows
    body = batch if whole else batch.take(pa.array(bodies))
    records = records_of(body.column("line"), plan.delimiter, list(plan.columns), plan.wanted)
    if whole and len(records.rows) == batch.num_rows:
        return _posts(batch, records.fields, plan, reading) if batch.num_rows else _unread(batch, records.why)
    why = np.full(batch.num_rows, HEADER_LINE, dtype=object)
    why[bodies] = records.why
    lost = np.flatnonzero(why != "")
    if len(lost) == batch.num_rows:
        return _unread(batch, why.astype(np.str_))
    posts = _posts(body if len(records.rows) == body.num_rows else body.take(pa.array(records.rows)), records.fields, plan, reading)
    return in_order([posts, _unread(batch.take(pa.array(lost)), why[lost].astype(np.str_))], [bodies[records.rows], lost])


def clock_agrees(ids: pl.Series, seen: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Where X's ids and a column of times say the same but for a zone.

    Args:
        ids: of posts.
        seen: times by the column, as if they were UTC.

    Returns:
        times by the ids, null where they do not agree; by how many quarters of an hour the column is behind UTC.
    """
    made = clock_of_x(ids)
    behind = made.cast(pl.Int64) - seen.cast(pl.Int64)
    quarters = (behind + _SLACK) // _QUARTER
    rest = behind + _SLACK - quarters * _QUARTER
    good = ((rest <= _LATE + _SLACK) & (quarters.abs() <= _FARTHEST)).fill_null(value=False)
    return made.set(~good, None), quarters.set(~good, None)


def fields_of_plan(fields: dict[str, pa.Array], plan: Plan) -> pl.DataFrame:
    """Texts of the fields that the plan names: the first column that holds something, or of lists all of them; null where exports write that there is none."""
    place = {name: str(number) for number, name in enumerate(fields)}  # a header's names may be anything, patterns included
    columns = pl.DataFrame({place[name]: pl.Series(pl.from_arrow(column), dtype=pl.String) for name, column in fields.items()})
    out: list[pl.Expr] = []
    for name, sources in plan.fields.items():
        held = [pl.col(place[source]) for source in sources if source in place]
        if not held:
            continue
        one = pl.concat_str(held, separator="\n", ignore_nulls=True) if name in _LISTS and len(held) > 1 else pl.coalesce(held)
        one = one if name in _FREE else pl.when(~one.is_in(_NOTHING)).then(one)
        out.append(one.alias(name))
    return columns.select(out)


def _posts(batch: pa.RecordBatch, fields: dict[str, pa.Array], plan: Plan, reading: Reading) -> pa.RecordBatch:
    count = batch.num_rows
    told, links = _shared(_addressed(fields_of_plan(fields, plan), plan))
    held = frozenset(told.columns)
    lost = told.select(pl.any_horizontal(pl.lit(False), *(pl.col(name).str.contains(_EXPONENT) for name in _IDS if name in held)).fill_null(value=False)).to_series()
    why: npt.NDArray[np.str_] = np.where(lost.to_numpy(), DIGITS_LOST, "") if lost.any() else np.full(count, "")
    text, around = own_words(told["text"]) if "text" in held else (None, nulls(count))
    seen, precision = _seen(told, plan, reading, count)
    columns: dict[str, pl.Series | pa.Array] = {"seen_at": seen}
    columns |= {name: post_times(told[name], plan.zone or reading.timezone, plan.order)[0] for name in _TIMES if name in held}
    columns |= _lists(told, text, plan) | ({} if links is None else {"links": links})
    if text is not None:
        columns["text"] = text_of_html(text).str.strip_chars(" \t\r\n") if plan.html else text
    plain = told.select(
        *(pl.col(name) for name in _PLAIN if name in held),
        *(pl.col(name).str.replace(r"\.0+$", "") for name in _COUNTS if name in held),
        *(pl.when(flag(name)).then(pl.lit(plan.fields[name][0])).alias(name) for name in ("declared",) if name in held),
        *(_language(name) for name in ("language",) if name in held),
    )
    related = relations(told.with_columns(around.alias("around")))
    columns |= {series.name: series for series in (*plain.get_columns(), *related.get_columns())}
    platform: str | pl.Series = plan.platform
    if "platform" in held:
        words = told["platform"].str.to_lowercase().replace({"twitter": "x", "truthsocial": "truth", "truth social": "truth", "bsky": "bluesky"})
        platform = words.replace_strict({name: name for name in PLATFORMS}, default="other")
    return post_rows(batch, columns, why, platform, precision)


def _language(name: str) -> pl.Expr:
    """The first language of a field: a code, or its name in English."""
    words = pl.col(name).str.to_lowercase().replace(_LANGUAGES)
    return words.str.replace_all(r"[\[\]'\"]", "").str.replace(r"[,;| ].*$", "")


def _seen(told: pl.DataFrame, plan: Plan, reading: Reading, count: int) -> tuple[pl.Series, pl.Series]:
    """When posts were made, and what that is told to."""
    if "seen_at" not in told.columns:
        return nulls(count, pl.Datetime("us", "UTC")), nulls(count)
    seen, precision = post_times(told["seen_at"], plan.zone or reading.timezone, plan.order)
    precision = coarser(precision, plan.precision)
    if not plan.clock or "post_id" not in told.columns:
        return seen, precision
    bare = seen if (plan.zone or reading.timezone) == "UTC" else post_times(told["seen_at"], "UTC", plan.order)[0]
    made, _ = clock_agrees(told["post_id"], bare)
    return made.fill_null(seen), precision.set(made.is_not_null(), "ms")


def _addressed(told: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """The fields, with what the address of a post says of it: X's hold its id and its account, an article is known by nothing else."""
    if "url" not in told.columns:
        return told
    if plan.platform == "site":
        link = canonical_links(told["url"])
        found = {"account_id": hosts_of(link), "post_id": link}
        links = [pl.col(name) for name in ("url", "links") if name in told.columns]
        told = told.with_columns(pl.concat_str(links, separator="\n", ignore_nulls=True).alias("links"))
    else:
        found = {"post_id": told["url"].str.extract(_STATUS)}
        if "account_id" not in told.columns:
            found["account_name"] = told["url"].str.extract(_AUTHOR)
    return told.with_columns(series.alias(name) for name, series in found.items() if name not in told.columns)


def _shared(told: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series | None]:
    """The fields, with a shared object that is no address as the post that is passed on, and one that is as a link."""
    if "object" not in told.columns:
        return told, None
    link = canonical_links(told["object"])
    address = (link.is_not_null() & told["object"].str.contains("/")).fill_null(value=False)
    links = post_lists.link_lists(told["object"].set(~address, None).fill_null(""))
    return (told if "repost_id" in told.columns else told.with_columns(told["object"].set(address, None).alias("repost_id"))), links


def _lists(told: pl.DataFrame, text: pl.Series | None, plan: Plan) -> dict[str, pl.Series | pa.Array]:
    """Links, hashtags, mentions, media: of their columns, else of the text."""
    of_field = {"links": post_lists.link_lists, "media": post_lists.media_lists, "hashtags": post_lists.word_lists, "mentions": post_lists.word_lists}
    of_text = {
        "links": links_of_html if plan.html else post_lists.links_of_texts, "hashtags": post_lists.hashtags_in_text, "mentions": post_lists.mentions_in_text,
    }  # fmt: skip
    out: dict[str, pl.Series | pa.Array] = {}
    for name, make in of_field.items():
        if name in told.columns and (name not in plan.fields or plan.fields[name] != plan.fields.get("text")):
            out[name] = make(told[name].fill_null(""))
        elif text is not None and name in of_text:
            out[name] = of_text[name](text.fill_null(""))
    return out


def _headers(batch: pa.RecordBatch, plan: Plan) -> npt.NDArray[np.bool_]:
    """Which records are the header line."""
    lines = batch.column("line")
    head = plan.head.encode("utf-8", "surrogateescape")
    likely: npt.NDArray[np.bool_] = np.asarray(pc.starts_with(lines, head)) | np.asarray(pc.starts_with(lines, b"\xef\xbb\xbf" + head))
    if likely.any():
        places = np.flatnonzero(likely)
        likely[places] = [text_of(lines.slice(place, 1))[0].removeprefix("\ufeff").strip("\r") == plan.head for place in places.tolist()]
    return likely


def _unread(batch: pa.RecordBatch, why: npt.NDArray[np.str_]) -> pa.RecordBatch:
    return assemble(batch, POST, {}, why)
