"""How fast posts in JSON are read: invented exports of each format, cut and read in blocks as the engine does, one process.

    python benchmarks/posts_json.py [posts]

The figures are posts a second of processor time, blocks cut and links canonical; run it on a quiet machine.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from vigie.engines.block import lines_of
from vigie.sources.registry import recognise
from vigie.sources.source import Reading

POSTS, ACCOUNTS, SITES, PAGES, BLOCK = 200_000, 9_000, 40, 3_000, 8 << 20


def link(number: int) -> str:
    """An address that some share."""
    return f"https://www.gazette{number % SITES}.example/2017/05/a-{number % PAGES}.html?utm_source=x"


def tweet(number: int) -> dict[str, Any]:
    """A post of X, half of them reposts."""
    made = {
        "id": str(860_000_000_000_000_000 + number * 37), "author_id": str(number % ACCOUNTS), "created_at": f"2017-05-05T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}.000Z",
        "text": f"Le document {number}, à lire : https://t.co/{number} #Fuite{number % 50} @bob", "lang": "fr", "source": "Twitter Web App", "conversation_id": str(number),
        "public_metrics": {"retweet_count": number % 7, "reply_count": 0, "like_count": 1, "quote_count": 0}, "possibly_sensitive": False,
        "entities": {"urls": [{"start": 1, "end": 2, "url": "https://t.co/a", "expanded_url": link(number)}], "hashtags": [{"start": 1, "end": 2, "tag": f"Fuite{number % 50}"}]},
        "author": {"id": str(number % ACCOUNTS), "username": f"a{number % ACCOUNTS}", "name": "A", "description": "invented", "verified": False},
    }  # fmt: skip
    if number % 2:
        made["text"] = "RT @bob: Le document…"
        made["referenced_tweets"] = [{"type": "retweeted", "id": str(number % 500), "author_id": "12", "text": f"Le document {number % 500}", "created_at": "2017-05-01T00:00:00.000Z",
                                      "entities": {"urls": [{"url": "https://t.co/b", "expanded_url": link(number % 500)}]}}]  # fmt: skip
    return made


def event(number: int) -> dict[str, Any]:
    """A post or a repost of Bluesky."""
    record = {"text": f"document {number}", "createdAt": "2024-09-09T19:46:02.102Z", "langs": ["fr"], "facets": [{"features": [{"uri": link(number)}]}]}
    repost = {"createdAt": "2024-09-09T19:46:02.102Z", "subject": {"cid": "b", "uri": f"at://did:plc:b/app.bsky.feed.post/{number % 500}"}}
    commit = {"operation": "create", "collection": f"app.bsky.feed.{'post' if number % 3 else 'repost'}", "rkey": str(number), "record": record if number % 3 else repost}
    return {"did": f"did:plc:a{number % ACCOUNTS}", "time_us": 1_725_911_162_329_308 + number, "kind": "commit", "commit": commit}


def status(number: int) -> dict[str, Any]:
    """A status of Mastodon."""
    account = {"id": str(number % ACCOUNTS), "acct": f"a{number % ACCOUNTS}", "url": f"https://social.example/@a{number % ACCOUNTS}", "bot": False, "note": "<p>invented</p>"}
    content = f'<p>document {number} <a href="{link(number)}"><span class="invisible">https://</span>gazette</a></p>'
    return {"id": str(number), "uri": f"https://social.example/{number}", "created_at": "2022-02-21T15:16:17.250Z", "visibility": "public", "in_reply_to_id": None,
            "account": account, "content": content, "tags": [], "mentions": [], "media_attachments": [], "reblog": None, "reblogs_count": 1, "favourites_count": 2}  # fmt: skip


def message(number: int) -> dict[str, Any]:
    """A message of a channel of Telegram."""
    parts = [{"type": "plain", "text": f"document {number} "}, {"type": "link", "text": link(number)}]
    return {"id": number, "type": "message", "date": "2022-02-21T17:16:17", "date_unixtime": str(1_645_456_577 + number), "from": "Canal", "from_id": "channel77", "text": parts,
            "text_entities": parts}  # fmt: skip


def capture(number: int) -> dict[str, Any]:
    """A capture of Zeeschuimer on X."""
    legacy = {"created_at": "Fri May 05 18:41:00 +0000 2017", "full_text": f"document {number}", "user_id_str": str(number % ACCOUNTS), "id_str": str(number), "retweet_count": 3,
              "entities": {"urls": [{"url": "https://t.co/a", "expanded_url": link(number)}], "hashtags": [], "user_mentions": []}}  # fmt: skip
    user = {"rest_id": str(number % ACCOUNTS), "legacy": {"screen_name": f"a{number % ACCOUNTS}"}}
    return {"item_id": str(number), "timestamp_collected": 1_494_010_000_123, "source_platform": "twitter.com", "source_platform_url": "https://x.com/",
            "data": {"rest_id": str(number), "core": {"user_results": {"result": user}}, "legacy": legacy}}  # fmt: skip


def lines(make: Callable[[int], dict[str, Any]]) -> Callable[[int], bytes]:
    """One a line."""
    return lambda count: "".join(json.dumps(make(number)) + "\n" for number in range(count)).encode()


def answers(count: int) -> bytes:
    """Answers of X's API, of a hundred posts each."""

    def answer(first: int) -> dict[str, Any]:
        posts = [tweet(number) for number in range(first, min(first + 100, count))]
        return {"data": [{name: value for name, value in post.items() if name != "author"} for post in posts], "includes": {"users": [post["author"] for post in posts]}}

    return "".join(json.dumps(answer(first)) + "\n" for first in range(0, count, 100)).encode()


FORMS: dict[str, Callable[[int], bytes]] = {
    "X, a post a line": lines(tweet),
    "X, an answer a line": answers,
    "Bluesky Jetstream": lines(event),
    "Mastodon, a status a line": lines(status),
    "Mastodon, a document": lambda count: json.dumps([status(number) for number in range(count)]).encode(),
    "Telegram, a chat": lambda count: json.dumps({"name": "Canal", "type": "public_channel", "id": 77, "messages": [message(n) for n in range(count)]}, indent=1).encode(),
    "Zeeschuimer": lines(capture),
}


def cut(data: bytes, source: Any, reading: Reading) -> Iterator[tuple[int, bytes]]:
    """Blocks as the engine cuts them."""
    at = 0
    while at < len(data):
        block = data[at : at + BLOCK]
        ends = source.ends(block, reading, False) if source.ends else np.asarray([block.rfind(b"\n") + 1])
        size = int(ends[-1]) if len(ends) and at + len(block) < len(data) else len(block)
        yield at, block[:size]
        at += size


def rate(data: bytes) -> tuple[int, float]:
    """Posts read, and seconds of processor time."""
    verdict = recognise(data[: 1 << 20].splitlines()[:200], "", Reading(), data[: 1 << 20])
    if verdict is None:
        raise SystemExit("not recognised")
    source, reading, posts = verdict.source, verdict.reading, 0
    source.read(lines_of(data[:10_000], "f", "f", 0, source.ends(data[:10_000], reading, True) if source.ends else None), reading)  # what is loaded once
    began = time.process_time()
    for at, block in cut(data, source, reading):
        batch = lines_of(block, "f", "f", at, source.ends(block, reading, True) if source.ends else None)
        posts += source.read(batch, reading).column("unread").null_count
    return posts, time.process_time() - began


def main() -> None:
    """Print a line for each format."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else POSTS
    for name, make in FORMS.items():
        data = make(count)
        posts, seconds = rate(data)
        sys.stdout.write(f"{name:28} {posts:9,} of {count:,} posts  {len(data) // count:5,} bytes each  {posts / seconds:9,.0f} posts/s\n")


if __name__ == "__main__":
    main()
