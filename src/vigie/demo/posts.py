"""What is posted in the last half of the invented month: a sphere that carries a state medium's rumour, an evening of debate, and everybody else.

The sphere pushes some articles of the medium each day, its members within half a minute; in between each of them posts what it finds elsewhere, a hundred times a day. The evening
of the debate brings far more posts within minutes, and nobody in it acts in concert. One file is as twarc keeps posts of X, one as Mastodon answers.

References:
    - https://twarc-project.readthedocs.io/en/latest/twarc2_en_us/ (flatten)
    - https://docs.joinmastodon.org/entities/Status/
"""

from __future__ import annotations

import json
import os
import random
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Final

from vigie.demo.cast import (
    CAST,
    DECLARED,
    HAND,
    PAPER_ACCOUNT,
    QUEUE,
    READERS,
    RELAY,
    RELAY_OF_PAPER,
    SCHEDULE,
    SPHERE,
    STAFF,
    STATE_ACCOUNT,
    Account,
)
from vigie.demo.kind import Kind, PlannedAttack, PlannedBurst, Truth, moment
from vigie.demo.month import DAY, Month
from vigie.demo.posting import HOUR, lags, scheduled, sittings
from vigie.demo.press import CLAIM, IN_ENGLISH, OTHERS, PAPER, STATE, Article, collected, daily, press
from vigie.demo.remarks import on_the_debate, passed_on, remark

TAG: Final = "LeDebat"
"""What people put on what they say of the debate."""
POPULAR: Final = 8
"""Articles a day that an audience comes to."""
PUSHED: Final = 5
"""Articles a day that the sphere pushes."""
TOGETHER: Final = 28
"""Seconds within which its members do."""
PART: Final = 0.86
"""Share of them that takes part each time."""
_FILES: Final = ("posts.jsonl", "statuses.jsonl")
_FAVOURITES: Final = 12
_CLIENTS: Final = {SCHEDULE: "Planificateur", QUEUE: "Planificateur", STAFF: "Bureau"}
_ZERO: Final = 9_100_000_000_000_000_000


@dataclass(eq=False, slots=True)
class Post:
    """A post.

    Attributes:
        second: of the epoch.
        account: who posts it.
        text: in its own words.
        article: that it links.
        tag: that it bears.
        of: the post that it passes on as it is.
        language: of its text.
    """

    second: int
    account: Account
    text: str = ""
    article: Article | None = None
    tag: str = ""
    of: Post | None = None
    language: str = "fr"


def feeds(articles: Sequence[Article], month: Month) -> list[Post]:
    """What the two newsrooms post of their own articles."""
    dice, who = month.dice("feeds"), {STATE: STATE_ACCOUNT, PAPER: PAPER_ACCOUNT}
    return [Post(one.second + dice.randrange(60, 400), who[one.outlet], one.title, one) for one in articles if one.outlet in who]


def pushes(articles: Sequence[Article], announced: dict[Article, Post], month: Month) -> list[Post]:
    """What the sphere passes on together: some articles of the medium each day, all of the rumour.

    Args:
        articles: of the press.
        announced: the newsroom's own posts of them.
        month: the story's frame.
    """
    dice, found = month.dice("pushes"), list[Post]()
    for today in daily((one for one in articles if one.outlet == STATE), month).values():
        told = [one for one in today if one.about] + dice.sample([one for one in today if not one.about], PUSHED)
        for article in told:
            at, repost = article.second + dice.randrange(480, 2_700), dice.random() < 0.4
            for member in SPHERE:
                if dice.random() < PART:
                    second = at + dice.randrange(TOGETHER)
                    text = passed_on(article.title, dice) if article.about else article.title
                    found.append(Post(second, member, of=announced[article]) if repost else Post(second, member, text, article))
    return found


def by_themselves(articles: Sequence[Article], month: Month) -> Iterator[Post]:
    """What members of the sphere and people who post a lot find elsewhere and say in their own words."""
    days, news = collected(month), _Newsstand(articles)
    for number, one in enumerate(CAST):
        dice = month.dice("account", number)
        outlets = frozenset(dice.sample(OTHERS, _FAVOURITES))
        if one.way == SCHEDULE:
            slots, own = scheduled(month, days, 600, 5 * HOUR + (number % 10) * 60, 17, dice), sittings(month, days, 1.4, (9, 22), 4, 70, dice)
        elif one.way == QUEUE:
            slots, own = scheduled(month, days, 1_200, 6 * HOUR + (number % 10) * 60, 17, dice), sittings(month, days, 7, (9, 22), 5, 90, dice)
        elif one.way == STAFF:
            slots, own = [], sittings(month, days, 14, (6.5, 15.5), 7, 80, dice)
        elif one.way == RELAY:
            slots, own = [], sittings(month, days, 1, (8, 22), 2, 120, dice)
        elif one.way == HAND:
            slots, own = [], sittings(month, days, 7, (7, 22.5), 4, 110, dice)
        else:
            continue
        links = {SCHEDULE: 0.1, RELAY: 0.2}.get(one.way, 0.85)
        at = [(second, True) for second in slots] + [(second, dice.random() < links) for second in own]
        for second, linked in sorted(at):
            article = news.pick(second, outlets, dice) if linked else None
            yield Post(second, one, article.title if article else remark(dice), article)


class _Newsstand:
    """Articles by time, so that somebody may take a recent one."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = [one for one in articles if not one.about]
        self._seconds = [one.second for one in self._articles]

    def pick(self, second: int, outlets: frozenset[str], dice: random.Random) -> Article | None:
        """An article of the last three days, mostly of favourite outlets; none where none is out yet."""
        first, last = bisect_left(self._seconds, second - 3 * DAY), bisect_left(self._seconds, second - 120)
        for _ in range(20 if last > first else 0):
            one = self._articles[dice.randrange(first, last)]
            if one.outlet in outlets or dice.random() < 0.1:
                return one
        return None


def audience(articles: Sequence[Article], month: Month) -> Iterator[Post]:
    """Readers share what is talked about, each in their own time; some of it is the state medium's."""
    dice = month.dice("audience")
    for day, today in daily(articles, month).items():
        if day not in collected(month):
            continue
        asked = [(one, 40 if one.about == "denial" else 12 if one.about else 5) for one in today if one.about or one.outlet == STATE]
        asked += [(one, dice.randrange(9, 26)) for one in dice.sample([one for one in today if one.outlet != STATE and not one.about], POPULAR)]
        for article, many in asked:
            for reader, lag in zip(dice.sample(READERS[:260], many), lags(many, 2_700, dice), strict=True):
                yield Post(article.second + lag, reader, article.title if dice.random() < 0.6 else remark(dice), article)


def abroad(articles: Sequence[Article], month: Month) -> list[Post]:
    """Some who read of the rumour and tell it in English, each in their own time."""
    dice = month.dice("abroad")
    [claim] = [one for one in articles if one.title == CLAIM]
    readers = dice.sample(READERS[260:], len(IN_ENGLISH))
    return [Post(claim.second + HOUR + min(lag, DAY), reader, text, language="en") for reader, text, lag in zip(readers, IN_ENGLISH, lags(len(IN_ENGLISH), 5 * HOUR, dice), strict=True)]


def debate(begin: int, many: int, dice: random.Random) -> list[Post]:
    """What people say of a debate while it runs.

    Args:
        begin: second at which it begins.
        many: readers who watch.
        dice: draws who says what when.
    """
    found: list[Post] = []
    for reader in dice.sample(READERS, many):
        many_times = 1 + int(dice.expovariate(0.4))
        found += [Post(begin + int(dice.betavariate(1.6, 2.2) * 8_400), reader, f"{on_the_debate(dice)} #{TAG}", tag=TAG) for _ in range(many_times)]
    said = dice.sample(found, 14)
    for post in said:
        again = zip(dice.sample(READERS, 12), lags(12, 600, dice), strict=True)
        found += [Post(post.second + lag, reader, tag=TAG, of=post) for reader, lag in again]
    return found


def on_x(posts: Sequence[Post]) -> list[str]:
    """Posts in order of time, a line each, as twarc keeps them."""
    ordered = sorted(posts, key=lambda post: (post.second, post.account.id, post.text))
    number = {id(post): str(_ZERO + 131 * rank) for rank, post in enumerate(ordered)}
    return [json.dumps(_of_x(post, number), ensure_ascii=False, separators=(",", ":")) + "\n" for post in ordered]


def _of_x(post: Post, number: dict[int, str]) -> dict[str, Any]:
    shown = post.of or post
    entities: dict[str, Any] = {}
    text = shown.text
    if shown.article:
        short = f"https://t.example/{number[id(shown)][-7:]}"
        text = f"{text} {short}"
        entities["urls"] = [{"url": short, "expanded_url": shown.article.url}]
    if shown.tag:
        entities["hashtags"] = [{"tag": shown.tag}]
    told: dict[str, Any] = {
        "id": number[id(post)], "author_id": post.account.id, "created_at": _stamp(post.second), "text": text, "lang": shown.language,
        "source": _CLIENTS.get(post.account.way, "Téléphone"), "author": {"id": post.account.id, "username": post.account.name},
    }  # fmt: skip
    if entities:
        told["entities"] = entities
    if post.of:
        told["text"] = f"RT @{shown.account.name}: {text}"
        told["referenced_tweets"] = [
            {"type": "retweeted", "id": number[id(shown)], "author_id": shown.account.id, "created_at": _stamp(shown.second), "text": text, "entities": entities}
        ]
    return told


def _stamp(second: int) -> str:
    return f"{moment(second):%Y-%m-%dT%H:%M:%S}.000Z"


def on_mastodon(articles: Sequence[Article], month: Month) -> list[str]:
    """What an account that says that it is automated passes on of the paper, a quarter of an hour later, a line each."""
    dice, lines, site = month.dice("mastodon"), [], RELAY_OF_PAPER.partition("@")[2]
    name = RELAY_OF_PAPER.partition("@")[0]
    for number, one in enumerate(one for one in articles if one.outlet == PAPER):
        second = one.second + dice.randrange(600, 1_200)
        address = f"https://{site}/users/{name}/statuses/{number + 1}"
        told = {
            "id": str(number + 1), "uri": address, "url": f"https://{site}/@{name}/{number + 1}", "created_at": _stamp(second), "visibility": "public", "language": "fr",
            "account": {"id": "1", "username": name, "acct": name, "url": f"https://{site}/@{name}", "bot": True},
            "content": f'<p>{escape(one.title, quote=False)} <a href="{one.url}">{one.url}</a></p>', "media_attachments": [], "mentions": [], "tags": [],
        }  # fmt: skip
        lines.append(json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n")
    return lines


def planned(together: Sequence[Post], end: int) -> tuple[PlannedAttack, ...]:
    """What counts: the group in concert, and the wave of the medium's pages that it carries.

    Args:
        together: what the sphere pushed.
        end: second at which the collection ends.
    """
    members = tuple(sorted(one.id for one in SPHERE))
    seconds = [post.second for post in together if post.second < end]
    first, last = moment(min(seconds)), moment(max(seconds))
    return tuple(PlannedAttack(first, last, "information_operation", "x", (), "undetermined", "", len(seconds), kind=kind, accounts=members) for kind in ("coordinated_group", "rumour_wave"))


def write(folder: Path, month: Month) -> Truth:
    """Write `posts.jsonl` and `statuses.jsonl`.

    Args:
        folder: where.
        month: the story's frame.
    """
    folder.mkdir(parents=True)
    articles = press(month)
    news = feeds(articles, month)
    together = pushes(articles, {post.article: post for post in news if post.article}, month)
    evenings = [debate(begin, many, month.dice("debate", begin)) for begin, many in zip(month.debates, (150, 320), strict=False) if (begin - month.start) // DAY in collected(month)]
    everyone = [*news, *together, *by_themselves(articles, month), *audience(articles, month), *abroad(articles, month), *(post for evening in evenings for post in evening)]
    kept = [post for post in everyone if post.second < month.end]
    files = (on_x(kept), on_mastodon([one for one in articles if one.second < month.end - 1_200], month))
    for name, lines in zip(_FILES, files, strict=True):
        (folder / name).write_text("".join(lines), encoding="utf-8")
        os.utime(folder / name, (month.end, month.end))
    ways = {way: tuple(sorted(one.id for one in CAST if one.way == way)) for way in (SCHEDULE, QUEUE, STAFF, HAND)}
    return Truth(
        attacks=planned(together, month.end), lines=sum(map(len, files)), files=_FILES,
        bursts=tuple(_burst(evening) for evening in evenings), rhythms=ways | {DECLARED: (RELAY_OF_PAPER,)},
    )  # fmt: skip


def _burst(evening: Sequence[Post]) -> PlannedBurst:
    seconds = [post.second for post in evening]
    return PlannedBurst(moment(min(seconds)), moment(max(seconds)), TAG.lower(), len(evening), len({post.account for post in evening}))


POSTS: Final = Kind("posts", write)
"""Posts of X and of Mastodon."""
