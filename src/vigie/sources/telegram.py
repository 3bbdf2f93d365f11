r"""Telegram Desktop's export (`result.json`): one chat, or the chats of a whole account.

Times are those of `date_unixtime`; `date` is the clock of the computer that exported and is only taken where an old export holds nothing else.
Control characters are written `\x1F`, which is no JSON, and are mended. A forward names the channel that it came from, without its number, so the
name is kept as a name. Of an account, channels and public groups are read: what people write to each other is left alone, and so is everything
in the export that is no chat.

References:
    - https://github.com/telegramdesktop/tdesktop/blob/dev/Telegram/SourceFiles/export/output/export_output_json.cpp
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from vigie.records import POST
from vigie.records.post import POSTED, REPLIED, REPOSTED
from vigie.sources.documents import no_line
from vigie.sources.json_documents import Items, cuts_of, items_of
from vigie.sources.json_fields import NO_OBJECT, shaped
from vigie.sources.post_rows import post_rows
from vigie.sources.rows import nulls, reasons, text_of
from vigie.sources.source import FRAME, Ends, Reading, Recognition, Source
from vigie.sources.times import epoch_times, iso_times

NO_MESSAGE: Final = "no message of Telegram"
SERVICE: Final = "service message, not a post"
"""Somebody joined, a message was pinned."""
UNSUPPORTED: Final = "message that Telegram Desktop could not export"
PRIVATE: Final = "message of a private chat"
UNTOLD: Final = "message of a chat that is not told"
"""In the middle of a chat of an account that is larger than a block, only a channel's own messages tell where they stand."""
ACCOUNT: Final = "account"
"""Layout of the export of an account; that of one chat is the chat, as JSON."""

_PUBLIC: Final = ("public_channel", "private_channel", "public_supergroup")
"""Chats that are read. A private channel speaks to whoever follows it; only its link is not listed."""
_LARGEST: Final = 48 * 1024 * 1024
"""Bytes of one chat of an account that are held together."""
_SHAPE: Final = json.dumps(
    {
        "id": "VARCHAR", "type": "VARCHAR", "date": "VARCHAR", "date_unixtime": "VARCHAR", "edited_unixtime": "VARCHAR", "from": "VARCHAR", "from_id": "VARCHAR",
        "forwarded_from": "VARCHAR", "forwarded_from_id": "VARCHAR", "reply_to_message_id": "VARCHAR", "reply_to_peer_id": "VARCHAR", "via_bot": "VARCHAR",
        "text": "VARCHAR", "text_entities": [{"type": "VARCHAR", "text": "VARCHAR", "href": "VARCHAR", "user_id": "VARCHAR"}],
    }
)  # fmt: skip
_NAME: Final = r'(?:"name"\s*:\s*(?:"((?:[^"\\]|\\.)*)"|null)\s*,\s*)?'
_CHAT: Final = rf'\{{\s*{_NAME}"type"\s*:\s*"(\w{{1,40}})"\s*,\s*"id"\s*:\s*(-?\d{{1,20}})\s*,\s*"messages"\s*:\s*\['
_CHAT_AT_END: Final = _CHAT + r"\s*$"
_ONE: Final = re.compile(rf"\s*{_CHAT}")
_ESCAPED: Final = r"((?:^|[^\\])(?:\\\\)*)\\x([0-9A-Fa-f]{2})"
_UNNAMED: Final = r'"forwarded_from"\s*:\s*null'
_WHOLE: Final = (b'"personal_information"', b'"about"')


def ends(data: bytes, reading: Reading, final: bool) -> Ends:
    """Where messages end; of an account as long as more may come, where the last whole chat does."""
    items = items_of(data, ("messages",), lines=False)
    if final:
        return cuts_of(items, data)
    if reading.layout == ACCOUNT:
        return _between_chats(items, len(data))
    return items.begins[items.begins > 0][-1:]


def _between_chats(items: Items, size: int) -> Ends:
    last = items.begins[items.begins > 0][-1:]
    found = items.ends[items.apart]
    found = found[found < last] if len(last) else found[:0]
    return found[-1:] if len(found) or size < _LARGEST else last


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of messages and of what stands around them.

    Args:
        batch: rows of `LINE`.
        reading: `layout` is the chat or `ACCOUNT`; `timezone` of exports so old that they hold no other time than the computer's.

    Returns:
        `POST` columns and `unread`, same rows in the same order.
    """
    raw = _mended(text_of(batch.column("line")))
    text = raw.str.strip_chars(" \t\r\n,\ufeff")
    head = text.str.contains(_CHAT_AT_END)
    frame = (head | ~text.str.starts_with("{")).to_numpy()
    found, fields = shaped(text, _SHAPE)
    chats = _chats(raw, frame, reading, fields["from_id"])
    kind = fields["type"]
    known = chats["type"].is_not_null()
    why = reasons(
        (frame, FRAME), (~found, NO_OBJECT), ((kind == "service").fill_null(value=False).to_numpy(), SERVICE),
        ((kind == "unsupported").fill_null(value=False).to_numpy(), UNSUPPORTED), ((fields["id"].is_null() | kind.is_null()).to_numpy(), NO_MESSAGE),
        ((known & ~chats["type"].is_in(_PUBLIC)).to_numpy(), PRIVATE), (chats["id"].is_null().to_numpy(), UNTOLD),
    )  # fmt: skip
    return post_rows(batch, _columns(fields, chats, text, reading), why, "telegram", "s")


def _mended(text: pl.Series) -> pl.Series:
    """Control characters as JSON writes them; of two that follow each other one pattern finds the first only, hence twice."""
    if not text.str.contains(r"\x", literal=True).any():
        return text
    return text.str.replace_all(_ESCAPED, r"${1}\u00${2}").str.replace_all(_ESCAPED, r"${1}\u00${2}")


def _chats(raw: pl.Series, frame: npt.NDArray[np.bool_], reading: Reading, sender: pl.Series) -> pl.DataFrame:
    """The chat of each row: `name`, `type`, `id`; where it is not told, that of a channel's own message."""
    if reading.layout != ACCOUNT:
        chat = _layout(reading.layout)
        count = len(raw)
        return pl.DataFrame({name: nulls(count) if (value := chat.get(name)) is None else pl.Series([str(value)]).new_from_index(0, count) for name in ("type", "id")})
    around = pl.Series(frame)
    told = raw.set(~around, None).str.extract_groups(_CHAT_AT_END).struct
    chats = pl.DataFrame({"around": around, "type": told.field("2"), "id": told.field("3"), "sender": sender})
    # a frame that begins no chat ends the one before: nobody's messages are taken for another's
    chats = chats.with_columns(pl.when("around").then(pl.col("type", "id").fill_null("")).forward_fill().replace("", None))
    own = pl.col("sender").str.extract(r"^channel(\d{1,20})$")
    return chats.select("type", pl.coalesce("id", own).alias("id"))


def _layout(layout: str) -> dict[str, Any]:
    try:
        found = json.loads(layout)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _columns(fields: pl.DataFrame, chats: pl.DataFrame, pieces: pl.Series, reading: Reading) -> dict[str, pl.Series]:
    """Columns of `POST`."""
    frame = _with_entities(fields, pieces).with_columns(chats["id"].alias("chat"), chats["type"].alias("chat_type"), pieces.str.contains(_UNNAMED).alias("unnamed"))
    entity, kind = pl.element().struct.field, pl.element().struct.field("type")
    forwarded = pl.col("forwarded_from").is_not_null() | pl.col("unnamed")
    answers = pl.col("reply_to_message_id").is_not_null()
    there = pl.coalesce(pl.col("reply_to_peer_id").str.extract(r"(\d{1,20})$"), pl.col("chat"))
    of_channel = pl.col("chat_type").is_in(["public_channel", "private_channel"])
    made = frame.select(
        pl.concat_str("chat", pl.lit("/"), "id").alias("post_id"),
        pl.coalesce("from_id", pl.when(of_channel).then(pl.concat_str(pl.lit("channel"), "chat"))).alias("account_id"),
        pl.when(forwarded).then(pl.lit(REPOSTED)).when(answers).then(pl.lit(REPLIED)).otherwise(pl.lit(POSTED)).alias("kind"),
        pl.when(answers & ~forwarded).then(pl.concat_str(there, pl.lit("/"), "reply_to_message_id")).alias("ref_post_id"),
        pl.when(pl.col("entities").is_null()).then("text").otherwise(pl.col("entities").list.eval(entity("text")).list.join("", ignore_nulls=True)).alias("text"),
        pl.col("entities").list.eval(pl.when(kind == "link").then(entity("text")).when(kind == "text_link").then(entity("href"))).list.drop_nulls().alias("links"),
        pl.col("entities").list.eval(pl.when(kind == "hashtag").then(entity("text"))).list.drop_nulls().alias("hashtags"),
        pl.col("entities").list.eval(pl.when(kind == "mention").then(entity("text")).when(kind == "mention_name").then(entity("user_id"))).list.drop_nulls().alias("mentions"),
        pl.when(pl.col("via_bot").is_not_null()).then(pl.lit("via_bot")).alias("declared"),
    )
    seen = epoch_times(frame["date_unixtime"], 1)
    undated = frame["date_unixtime"].is_null() & frame["date"].is_not_null()
    return {
        "seen_at": seen.fill_null(iso_times(frame["date"].set(~undated, None), reading.timezone)) if undated.any() else seen,
        "edited_at": epoch_times(frame["edited_unixtime"], 1),
        **{name: made[name] for name in made.columns},
        "account_name": frame["from"], "ref_account_name": frame["forwarded_from"], "ref_account_id": frame["forwarded_from_id"], "client": frame["via_bot"],
    }  # fmt: skip


def _with_entities(fields: pl.DataFrame, pieces: pl.Series) -> pl.DataFrame:
    """Texts as lists of their parts. Old exports have these in `text` itself, strings among objects, which a table cannot hold: those are taken one by one."""
    kind = fields.schema["text_entities"]
    old = fields["text_entities"].is_null() & fields["text"].str.starts_with("[").fill_null(value=False)
    if not old.any():
        return fields.rename({"text_entities": "entities"})
    parts = pl.Series([_parts(piece) for piece in pieces.filter(old)], dtype=kind)
    places = np.arange(len(fields))
    places[old.to_numpy()] = len(fields) + np.arange(len(parts))
    return fields.with_columns(pl.concat([fields["text_entities"], parts]).gather(places).alias("entities")).drop("text_entities")


def _parts(piece: str) -> list[dict[str, str | None]] | None:
    """The parts of a text that is a list; None where it is none."""
    try:
        found = json.loads(piece).get("text")
    except (ValueError, RecursionError, AttributeError):
        return None
    if not isinstance(found, list):
        return None
    return [_part({"type": "plain", "text": one} if isinstance(one, str) else one) for one in found if isinstance(one, str | dict)]


def _part(part: dict[str, Any]) -> dict[str, str | None]:
    return {
        name: value.encode("utf-8", "replace").decode() if isinstance(value := part.get(name), str) else str(value) if isinstance(value, int) else None
        for name in ("type", "text", "href", "user_id")
    }


def claims(head: bytes) -> Recognition | None:
    """Claim an export by how it begins: a chat with its messages, or what comes first of an account."""
    start = head.removeprefix(b"\xef\xbb\xbf")[:65_536].decode("utf-8", "replace")
    doubt = "" if b'"date_unixtime"' in head or b'"date"' not in head else "times carry no zone; --tz names it"
    if found := _ONE.match(start):
        chat = json.dumps({"type": found[2], "id": found[3]})
        return Recognition(1.0, "Telegram export of one chat", layout=chat, doubt=doubt)
    body = start.lstrip()
    if body[:1] == "{" and (all(name in head for name in _WHOLE) or re.match(r'\{\s*(?:"about"\s*:\s*"[^"]{0,2000}"\s*,\s*)?"chats"\s*:\s*\{', body)):
        return Recognition(1.0, "Telegram export of an account", layout=ACCOUNT, doubt=doubt)
    return None


SOURCE = Source(
    "telegram", POST, no_line, read, ends=ends, claims=claims, specific=4,
    references=("https://github.com/telegramdesktop/tdesktop/blob/dev/Telegram/SourceFiles/export/output/export_output_json.cpp",),
)  # fmt: skip
"""One row a message, and one for what stands around those of a chat."""
