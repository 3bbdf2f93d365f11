"""Attacks in the first 24 hours of each page, beside the same hours of comparable days.

Scanners crawl whatever is linked, so attacks on a new page prove nothing by themselves; what other days had in the same hours stands
beside them. No test of significance is made here.

A page's time comes from documents (view `publications`, the latest version of each page that is online; a sitemap, which tells the last
change, only where nothing else tells). Without a document that tells the page it is the first time that visitors were given it, if the site's log begins at least a day earlier and at least five asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import duckdb

Ints = npt.NDArray[np.int64]

DAY: Final = 86_400_000_000
AROUND: Final = 14
"""Days before and behind that are compared."""
ASKED: Final = 5
"""Requests that a page must have been given for, to be taken for published when it was first asked for."""
NO_PAGES: Final = (
    "attachment", "revision", "nav_menu_item", "custom_css", "customize_changeset", "oembed_cache", "user_request", "wp_block", "wp_template",
    "wp_template_part", "wp_global_styles", "wp_navigation", "wp_font_family", "wp_font_face",
)  # fmt: skip
"""What WordPress keeps among its posts and no visitor opens as a page."""
MOST: Final = 2_000
"""Pages of one table, the latest first."""

_PAGES: Final = """
with ends as (select asset, regexp_extract(key, '[^/]+$') as last, min(key) as key from tallies where tally = 'pages' group by 1, 2 having count(distinct key) = 1),
dated as (
    select coalesce(p.url_domain, '') as asset, coalesce(nullif(rtrim(coalesce(e.key, p.url_path), '/'), ''), '/') as page, epoch_us(p.seen_at) as online,
           p.publication_source::varchar as dated_by, coalesce(p.status::varchar, 'online') as state,
           (coalesce(p.publication_source::varchar <> 'sitemap' or p.modified_at <> p.seen_at, true), coalesce(p.modified_at, p.seen_at)) as rank
    from publications p left join ends e
    on p.publication_source::varchar = 'wp_posts' and e.last = ltrim(p.url_path, '/') and (e.asset = p.url_domain or e.asset = '' or p.url_domain is null)
    where p.seen_at is not null and p.url_path is not null and coalesce(p.kind::varchar, '') not in ({others})),
told as (select asset, page, arg_max(online, rank) as online, arg_max(dated_by, rank) as dated_by, arg_max(state, rank) as state from dated group by 1, 2),
begins as (select asset, min(epoch_us(first_seen)) as begin from tallies where tally in ('pages', 'traffic') group by asset),
first as (select asset, key as page, min(epoch_us(first_seen)) as online, sum(count) as asked from tallies where tally = 'pages' group by asset, key),
guessed as (
    select f.asset, f.page, f.online, 'first_request' as dated_by from first f join begins b using (asset)
    where f.asked >= {asked} and f.online >= b.begin + {day}
    and not exists (select 1 from told t where t.page = f.page and (t.asset = f.asset or t.asset = '' or f.asset = '')))
select asset, page, online, dated_by from told where state = 'online' union all select * from guessed order by online desc, asset, page limit {most}
"""

_TOUCHED: Final = """
select g.page, g.asset, count(distinct s.attack_id) as attacks, min(epoch_us(s.seen_at)) as first, arg_min(s.tool, s.seen_at) filter (s.tool is not null) as tool
from _published g join signals s on (g.asset = s.asset or g.asset = '' or s.asset = '') and split_part(s.target, ' ?', 1) = g.page
where s.attack_id is not null and epoch_us(s.seen_at) >= g.online and epoch_us(s.seen_at) < g.online + {day} group by g.page, g.asset
"""


@dataclass(frozen=True, slots=True)
class Page:
    """A page and the attacks of its first 24 hours.

    Attributes:
        page: path.
        asset: site, "" where it is not told.
        online: when it went online, microseconds of UTC.
        dated_by: what tells so.
        attacks: attacks on the site that began in its first 24 hours.
        usual: mean of the same on comparable days; None without any.
        least, most: their range.
        days: comparable days: the same hours within 14 days, weekday with weekday and weekend with weekend, inside the period of the logs,
            without another page's first 24 hours.
        on_page: attacks that touched the page itself.
        delay: minutes until the first of those; None without any.
        tool: the first tool named there, "" for none.
    """

    page: str
    asset: str
    online: int
    dated_by: str
    attacks: int
    usual: float | None
    least: int | None
    most: int | None
    days: int
    on_page: int
    delay: float | None
    tool: str


def pages(connection: duckdb.DuckDBPyConnection) -> list[Page]:
    """The table, in order of time.

    Args:
        connection: a catalogue's.
    """
    published = connection.execute(_PAGES.format(asked=ASKED, day=DAY, most=MOST, others=", ".join(f"'{kind}'" for kind in NO_PAGES))).fetchall()
    if not published:
        return []
    connection.execute("create or replace temp table _published (asset varchar, page varchar, online bigint, dated_by varchar)")
    connection.executemany("insert into _published values (?, ?, ?, ?)", published)
    touched = {(page, asset): (int(n), int(first), tool) for page, asset, n, first, tool in connection.execute(_TOUCHED.format(day=DAY)).fetchall()}
    begun: dict[str, list[int]] = {}
    for asset, at in connection.execute("select asset, epoch_us(first_seen) from attacks order by 2").fetchall():
        begun.setdefault(str(asset), []).append(int(at))
    spans = {str(asset): (int(low), int(high)) for asset, low, high in connection.execute(
        "select asset, min(epoch_us(first_seen)), max(epoch_us(last_seen)) from tallies where tally = 'traffic' group by asset").fetchall()}  # fmt: skip
    out = []
    for asset, page, online, dated_by in reversed(published):
        times = np.sort(np.asarray([at for site, found in begun.items() if site in (asset, "") or not asset for at in found], np.int64))
        low, high = spans.get(asset, (min((s[0] for s in spans.values()), default=0), max((s[1] for s in spans.values()), default=0)))
        if not low <= online <= high:
            continue
        others = np.asarray([at for site, name, at, _ in published if (site, name) != (asset, page) and site == asset], np.int64)
        whole = online + DAY <= high  # a part of a day is compared with nothing
        compared = [_within(times, start) for start in _comparable(int(online), others, low, high)] if whole else []
        n, first, tool = touched.get((page, asset), (0, -1, None))
        out.append(Page(
            str(page), str(asset), int(online), str(dated_by), _within(times, int(online)), float(np.mean(compared)) if compared else None,
            min(compared, default=None), max(compared, default=None), len(compared), n, (first - online) / 60e6 if n else None, str(tool or ""),
        ))  # fmt: skip
    return out


def make_table(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table `attacked_pages` of a catalogue's connection: the columns of `Page`, `online` as a time."""
    connection.execute(
        """create or replace temp table attacked_pages (page varchar, online timestamptz, dated_by varchar, attacks bigint, usual double, least bigint,
           most bigint, days bigint, on_page bigint, delay double, tool varchar, asset varchar)"""
    )
    rows = [
        [one.page, one.online, one.dated_by, one.attacks, one.usual, one.least, one.most, one.days, one.on_page, one.delay, one.tool, one.asset]
        for one in pages(connection)
    ]
    if rows:
        connection.executemany("insert into attacked_pages values (?, make_timestamptz(?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _within(times: Ints, start: int) -> int:
    return int(np.searchsorted(times, start + DAY) - np.searchsorted(times, start))


def _comparable(online: int, others: Ints, low: int, high: int) -> list[int]:
    """Starts of the same 24 hours of other days that may be compared."""
    weekend = _weekend(online)
    starts = [online + step * DAY for step in range(-AROUND, AROUND + 1) if step]
    return [
        start for start in starts
        if low <= start and start + DAY <= high and _weekend(start) == weekend and not ((others > start - DAY) & (others < start + DAY)).any()
        and not online - DAY < start < online + DAY
    ]  # fmt: skip


def _weekend(micros: int) -> bool:
    return (micros // DAY + 3) % 7 >= 5  # 1 January 1970 was a Thursday
