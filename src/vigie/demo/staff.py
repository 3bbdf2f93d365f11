"""Editors at work, and machines that come every day without harm: robots, a monitor, feed readers, the site itself."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.demo.addresses import EDITORS, MONITOR, READERS, ROBOTS, SERVER
from vigie.demo.month import DAY, SITE, Month
from vigie.demo.request import Request
from vigie.demo.site import BROWSERS, GONE, pages_at, size_of

_ROBOT_AGENTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; Qwantify/2.3w; +https://www.qwant.com/)/2.3w",
    "Mozilla/5.0 (compatible; AhrefsBot/5.2; +http://ahrefs.com/robot/)",
    "Mozilla/5.0 (compatible; MJ12bot/v1.4.7; http://mj12bot.com/)",
)
_READER_AGENTS = (
    "Tiny Tiny RSS/17.1",
    "Feedly/1.0 (+http://www.feedly.com/fetcher.html; like FeedFetcher-Google)",
    "FreshRSS/1.6.2 (Linux)",
)
_WRITING = (
    "/wp-admin/post-new.php", "/wp-admin/post.php?post={n}&action=edit", "/wp-admin/edit.php?post_status=draft&post_type=post",
    "/wp-admin/upload.php", "/wp-admin/edit-comments.php?comment_status=moderated", "/?p={n}&preview=true",
    "/wp-admin/edit.php?s=l%27union+fait+la+force&orderby=date&order=desc",
    "/wp-admin/load-styles.php?c=1&dir=ltr&load%5B%5D=dashicons,admin-bar,common,forms&ver=4.7",
)  # fmt: skip


def staff(month: Month) -> Iterator[Request]:
    """Everything that comes by habit."""
    for day in range(month.days):
        yield from _editors(month, day)
        yield from _robots(month, day)
        yield from _clockwork(month, day)


def _editors(month: Month, day: int) -> Iterator[Request]:
    dice = month.dice("editors", day)
    for number, address in enumerate(EDITORS):
        if dice.random() < 0.25:
            continue
        agent = BROWSERS[number]
        now = month.midnight(day) + dice.randrange(7, 12) * 3600 + dice.randrange(3600)
        back = f"https://{SITE}/wp-admin/"
        door = f"https://{SITE}/wp-login.php"
        yield Request(now, SITE, address, "GET /wp-login.php HTTP/1.1", 200, 2871, "", agent)
        for _ in range(dice.choice((0, 0, 0, 0, 1, 2))):
            now += dice.randrange(6, 25)
            yield Request(now, SITE, address, "POST /wp-login.php HTTP/1.1", 200, 3344, door, agent)
        now += dice.randrange(6, 20)
        yield Request(now, SITE, address, "POST /wp-login.php HTTP/1.1", 302, 0, door, agent)
        yield Request(now + 1, SITE, address, "GET /wp-admin/ HTTP/1.1", 200, 31_200, door, agent)
        for _ in range(dice.randrange(6, 20)):
            now += dice.randrange(15, 400)
            target = dice.choice(_WRITING).format(n=dice.randrange(1200, 1300))
            yield Request(now, SITE, address, f"GET {target} HTTP/1.1", 200, size_of(target), back, agent)
            for beat in range(dice.randrange(4)):
                yield Request(
                    now + 15 * beat, SITE, address, "POST /wp-admin/admin-ajax.php HTTP/1.1", 200, 58, back, agent
                )
        if dice.random() < 0.5:
            yield Request(now + 20, SITE, address, "POST /wp-admin/async-upload.php HTTP/1.1", 200, 812, back, agent)
        yield Request(now + 30, SITE, address, "POST /wp-admin/post.php HTTP/1.1", 302, 0, back, agent)


def _robots(month: Month, day: int) -> Iterator[Request]:
    dice = month.dice("robots", day)
    for address, agent in zip(ROBOTS, _ROBOT_AGENTS, strict=True):
        now = month.midnight(day) + dice.randrange(1800)
        yield Request(now, SITE, address, "GET /robots.txt HTTP/1.1", 200, 67, "", agent)
        for _ in range(dice.randrange(14, 38)):
            now = min(now + dice.randrange(60, 4200), month.midnight(day + 1) - 1)
            gone = dice.random() < 0.05
            target = dice.choice(
                GONE if gone else (*pages_at(month, now), "/feed/", "/sitemap.xml", "/?paged=2", "/tag/sante/")
            )
            status = 404 if gone else dice.choice((200, 200, 304))
            yield Request(
                now,
                SITE,
                address,
                f"GET {target} HTTP/1.1",
                status,
                {404: 1254, 304: 0}.get(status, size_of(target)),
                "",
                agent,
            )


def _clockwork(month: Month, day: int) -> Iterator[Request]:
    dice = month.dice("clockwork", day)
    start = month.midnight(day)
    for second in range(0, DAY, 600):
        yield Request(
            start + second + 7, SITE, MONITOR, "HEAD / HTTP/1.1", 200, 0, "", "Uptime-Robot-Exemple/1.0 (surveillance)"
        )
    for number, (address, agent) in enumerate(zip(READERS, _READER_AGENTS, strict=True)):
        for second in range(240 * number, DAY, 2700):
            fresh = dice.random() < 0.1
            yield Request(
                start + second,
                SITE,
                address,
                "GET /feed/ HTTP/1.1",
                200 if fresh else 304,
                18_400 if fresh else 0,
                "",
                agent,
            )
    for second in range(311, DAY, 5400):
        query = f"doing_wp_cron={start + second}.{dice.randrange(10**9):09d}0000000000000"
        yield Request(
            start + second,
            SITE,
            SERVER,
            f"POST /wp-cron.php?{query} HTTP/1.1",
            200,
            0,
            "",
            f"WordPress/4.7; https://{SITE}",
        )
