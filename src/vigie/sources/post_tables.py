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
from vigie.records.post import DELETED, EDITED, KINDS, POSTED, QUOTED, REPLIED, REPOSTED
from vigie.sources import post_lists
from vigie.sources.csv_records import record_ends, records_of
from vigie.sources.links import canonical_links, hosts_of
from vigie.sources.post_html import links_of_html, text_of_html
from vigie.sources.post_plan import PLATFORMS, Plan, plan_of
from vigie.sources.post_rows import clock_of_x, own_words, post_rows
from vigie.sources.post_times import coarser, post_times
from vigie.sources.rows import assemble, in_order, nulls, text_of
from vigie.sources.source import HEADER_LINE, Ends, Reading

Fields = dict[str, pl.Series]
NO_HEADER: Final = "no header that names its columns"
NO_COLUMN: Final = "no column is called "
DIGITS_LOST: Final = "an id in exponent form: its digits are lost; export the column as text"
"""Why a record is unread whose ids a spreadsheet has rounded."""

_EXPONENT: Final = r"^\d(?:[.,]\d+)?[eE]\+?\d{1,3}$"
_IDS: Final = ("post_id", "account_id", "repost_id", "quote_id", "reply_id", "ref_post_id", "ref_account_id", "repost_account_id", "quote_account_id", "reply_account_id")
_PLAIN: Final = ("post_id", "account_id", "account_name", "ref_account_id", "ref_account_name", "ref_post_id", "title", "text", "language", "client")
_COUNTS: Final = ("likes", "reposts", "replies", "quotes", "views")
_TIMES: Final = ("client_at", "edited_at", "collected_at", "ref_at")
_LISTS: Final = ("links", "hashtags", "mentions", "media")
_NOTHING: Final = ("", "N/A", "nan", "NaN", "<NA>", "DELETED", "REMOVED BY AUTHOR", "VIEWER BLOCKED BY AUTHOR")
"""What exports write where there is nothing."""
_YES: Final = ("yes", "true", "1", "1.0", "y", "t")
_KINDS: Final = {
    **{kind: kind for kind in KINDS}, "r": REPOSTED, "rt": REPOSTED, "retweet": REPOSTED, "retweeted": REPOSTED, "share": REPOSTED, "forward": REPOSTED,
    "reblog": REPOSTED, "q": QUOTED, "quoted": QUOTED, "quote_tweet": QUOTED, "replied_to": REPLIED, "comment": REPLIED, "answer": REPLIED,
    "tweet": POSTED, "original": POSTED, "status": POSTED, "edited": EDITED, "deleted": DELETED,
}  # fmt: skip
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


def fields_of_plan(fields: dict[str, pa.Array], plan: Plan) -> Fields:
    """Texts of the fields that the plan names: the first column that holds something, or of lists all of them."""
    columns = {name: pl.Series(name, pl.from_arrow(column), dtype=pl.String) for name, column in fields.items()}
    out: Fields = {}
    for name, sources in plan.fields.items():
        texts = [columns[source] for source in sources if source in columns]
        if name == "platform" and not texts and sources and sources[0] in PLATFORMS:
            continue
        if not texts:
            continue
        if name in _LISTS and len(texts) > 1:
            out[name] = pl.DataFrame(texts).select(pl.concat_str(pl.all(), separator="\n", ignore_nulls=True)).to_series()
        else:
            out[name] = pl.select(pl.coalesce(texts)).to_series() if len(texts) > 1 else texts[0]
    return out


def _posts(batch: pa.RecordBatch, fields: dict[str, pa.Array], plan: Plan, reading: Reading) -> pa.RecordBatch:
    count = batch.num_rows
    told = fields_of_plan(fields, plan)
    _add_address(told, plan)
    why: npt.NDArray[np.str_] = np.full(count, "")
    for name in _IDS:
        if name in told:
            told[name] = _told(told[name])
            bad = told[name].str.contains(_EXPONENT).fill_null(value=False).to_numpy()
            if bad.any():
                why = np.where(bad, DIGITS_LOST, why)
    around = nulls(count)
    if "text" in told:
        told["text"], around = own_words(told["text"])
    seen, precision = _seen(told, plan, reading, count)
    columns: dict[str, pl.Series | pa.Array] = {"seen_at": seen}
    columns |= {name: post_times(told[name], plan.zone or reading.timezone, plan.order)[0] for name in _TIMES if name in told}
    columns |= {name: _told(told[name]) if name not in ("title", "text") else told[name] for name in _PLAIN if name in told}
    columns |= {name: told[name].str.replace(r"\.0+$", "") for name in _COUNTS if name in told}
    if "declared" in told:
        columns["declared"] = _flag(told["declared"]).replace_strict({True: plan.fields["declared"][0], False: None}, return_dtype=pl.String)
    if "language" in columns:
        words = pl.Series(told["language"]).str.to_lowercase()
        columns["language"] = words.replace(_LANGUAGES).str.replace_all(r"[\[\]'\"]", "").str.replace(r"[,;| ].*$", "")
    _add_lists(columns, told, plan)
    _add_relation(columns, told, around)
    platform: str | pl.Series = plan.platform
    if "platform" in told:
        words = told["platform"].str.to_lowercase().replace({"twitter": "x", "truthsocial": "truth", "truth social": "truth", "bsky": "bluesky"})
        platform = words.replace_strict({name: name for name in PLATFORMS}, default="other")
    return post_rows(batch, columns, why, platform, precision)


def _seen(told: Fields, plan: Plan, reading: Reading, count: int) -> tuple[pl.Series, pl.Series]:
    """When posts were made, and what that is told to."""
    if "seen_at" not in told:
        return nulls(count, pl.Datetime("us", "UTC")), nulls(count)
    seen, precision = post_times(told["seen_at"], plan.zone or reading.timezone, plan.order)
    precision = coarser(precision, plan.precision)
    if not plan.clock or "post_id" not in told:
        return seen, precision
    bare = seen if (plan.zone or reading.timezone) == "UTC" else post_times(told["seen_at"], "UTC", plan.order)[0]
    made, _ = clock_agrees(told["post_id"], bare)
    return made.fill_null(seen), precision.set(made.is_not_null(), "ms")


def _add_address(told: Fields, plan: Plan) -> None:
    """What the address of a post says of it: X's hold its id and its account, an article is known by nothing else."""
    if "url" not in told:
        return
    url = told["url"]
    if plan.platform == "site":
        link = canonical_links(url)
        told.setdefault("account_id", hosts_of(link))
        told.setdefault("post_id", link)
        told["links"] = url if "links" not in told else pl.select(pl.concat_str(url, told["links"], separator="\n", ignore_nulls=True)).to_series()
    else:
        told.setdefault("post_id", url.str.extract(_STATUS))
        if "account_id" not in told:
            told.setdefault("account_name", url.str.extract(_AUTHOR))


def _add_lists(columns: dict[str, pl.Series | pa.Array], told: Fields, plan: Plan) -> None:
    """Links, hashtags, mentions, media: of their columns, else of the text."""
    text = told.get("text")
    for name in _LISTS:
        if name in told and (name not in plan.fields or plan.fields[name] != plan.fields.get("text")):
            make = {"links": post_lists.link_lists, "media": post_lists.media_lists}.get(name, post_lists.word_lists)
            columns[name] = make(told[name].fill_null(""))
        elif text is not None and name != "media":
            found = {
                "links": links_of_html if plan.html else post_lists.links_of_texts,
                "hashtags": post_lists.hashtags_in_text, "mentions": post_lists.mentions_in_text,
            }[name]  # fmt: skip
            columns[name] = found(text.fill_null(""))
    if text is not None and plan.html:
        columns["text"] = text_of_html(text).str.strip_chars(" \t\r\n")


def _add_relation(columns: dict[str, pl.Series | pa.Array], told: Fields, around: pl.Series) -> None:
    """Which kind of post it is, and what it refers to; `around` is the account that the text names as the one it repeats."""
    count = len(around)
    frame = pl.DataFrame({"kind": _kind_told(told, count), "around": around})
    if "object" in told:
        link = canonical_links(told["object"])
        is_link = (link.is_not_null() & told["object"].str.contains("/")).fill_null(value=False)
        columns["links"] = post_lists.link_lists(told["object"].set(~is_link, None).fill_null(""))
        told.setdefault("repost_id", told["object"].set(is_link, None))
    if "thread" in told and "reply_id" in told:
        whole = told["reply_id"].str.contains(r"^\d+$").fill_null(value=False)
        frame = frame.with_columns((told["thread"] + "-" + told["reply_id"]).set(~whole, None).alias("in_thread"))
        told["reply_id"] = frame["in_thread"].fill_null(told["reply_id"].set(whole, None))
    signs = {}
    for name, kind in (("repost", REPOSTED), ("quote", QUOTED), ("reply", REPLIED)):
        sign = _flag(told[name]) if name in told else pl.Series(np.zeros(count, bool))
        for part in ("_id", "_account_id", "_account_name") if name not in told else ("_id",):
            if name + part in told:
                sign = sign | _told(told[name + part]).is_not_null()
        signs[kind] = sign
    signs[REPOSTED] = signs[REPOSTED] | frame["around"].is_not_null()
    kinds = frame.with_columns(*(sign.alias(f"is_{name}") for name, sign in signs.items())).select(
        pl.when(pl.col("kind").is_not_null() & (pl.col("kind") != POSTED)).then("kind")
        .when("is_repost").then(pl.lit(REPOSTED)).when("is_quote").then(pl.lit(QUOTED)).when("is_reply").then(pl.lit(REPLIED)).otherwise(pl.lit(POSTED))
    ).to_series()  # fmt: skip
    columns["kind"] = kinds
    for target, part in (("ref_post_id", "_id"), ("ref_account_id", "_account_id"), ("ref_account_name", "_account_name")):
        value = _told(told[target]) if target in told else nulls(count)
        for name, of in (("repost", REPOSTED), ("quote", QUOTED), ("reply", REPLIED)):
            if name + part in told:
                value = value.fill_null(_told(told[name + part]).set(kinds != of, None))
        if target == "ref_account_name":
            value = value.fill_null(frame["around"])
        if value.null_count() < count:
            columns[target] = value


def _kind_told(told: Fields, count: int) -> pl.Series:
    if "kind" not in told:
        return nulls(count)
    return told["kind"].str.to_lowercase().replace_strict(_KINDS, default=None, return_dtype=pl.String)


def _flag(texts: pl.Series) -> pl.Series:
    return texts.str.to_lowercase().is_in(_YES).fill_null(value=False)


def _told(texts: pl.Series) -> pl.Series:
    """Ids and names; null where exports write that there is none."""
    return texts.set(texts.is_in(_NOTHING).fill_null(value=False), None)


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
