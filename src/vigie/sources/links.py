r"""Links of posts in one spelling, and the domains that they lead to: the same page is the same text, whoever shared it with whatever behind it.

Written without a scheme (`gazette.example/ete?id=2`): host in lower case, without `www.`, `m.`, `mobile.`, `amp.`; no fragment, no default port, no
parameter that only says where a click came from; the other parameters sorted; films of YouTube by their number. Redirects are followed only where
the link itself holds the target and the host is one that does nothing else: nothing is fetched, and a short link stays what it is.

Only distinct values are looked at, plain ones in columns.

References:
    - RFC 3986, 6.2 (normalisation)
    - https://github.com/medialab/ural#normalize_url (parameters that discriminate nothing)
    - https://publicsuffix.org/ (which part of a host name is registered)
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import unquote, urlsplit

import numpy as np
import polars as pl
import pyarrow as pa

from vigie.sources.rows import Column, arrow

LONGEST: Final = 2_048
"""Characters of a link that are kept."""
MOST: Final = 64
"""Links of one post that are kept."""

_CACHE: Final = 65_536
_LONGEST_HOST: Final = 253
_HOST: Final = r"(?:[a-z0-9_-]+\.)+[a-z][a-z]+"
_BEFORE: Final = r"(?:(?:www\d?|m|mobile|amp)\.){0,3}"
_PLAIN: Final = rf"^(?i:https?)://{_BEFORE}({_HOST})(/[A-Za-z0-9/_.~+,@=:-]*)?(?:\?([A-Za-z0-9_.~=&%+:,/*-]*))?(?:#[!-~]*)?$"
_UNLIKE: Final = r"(?i)//|/(?:index|default)\.|\bamp/*$|\.amp\b|/\.|^(?:[a-z-]+\.)*(?:youtube\.com|youtu\.be|youtube-nocookie\.com|ampproject\.org|twitter\.com)(?:/|$)"
_LETTERS: Final = re.compile(_BEFORE + rf"({_HOST}|[^.]+(?:\.[^.]+)+)\Z")
_SCHEME: Final = re.compile(r"(?:(https?):)?//", re.IGNORECASE)
_BARE: Final = re.compile(rf"(?i:{_HOST})(?:[/?#:]|\Z)")
_UNSEEN: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")
_INDEX: Final = re.compile(r"/(?:index|default)\.(?:html?|php\d?|aspx?|jsp)\Z", re.IGNORECASE)
_AMP: Final = re.compile(r"(?:\.amp(?=\.html\Z)|\.amp/?\Z|(?<=/)amp/?\Z)", re.IGNORECASE)
_SOURCES_OF_CLICKS: Final = frozenset({"ref", "ref_src", "ref_url", "igshid", "igsh", "si", "xmt", "share_id", "wt_mc", "cmpid", "yclid", "msclkid", "smid", "smtyp"})
_ON_X: Final = frozenset({"s", "t"})
_FILM: Final = re.compile(r"/(?:embed|shorts|live|v)/([A-Za-z0-9_-]{11})(?:/|\Z)")
_NUMBER_OF_FILM: Final = re.compile(r"[A-Za-z0-9_-]{11}\Z")
_CARRIED: Final = re.compile(r"\.ampproject\.org/[cv]/(?:s/)?(.+)\Z", re.IGNORECASE)
_REDIRECTS: Final = {
    "l.facebook.com/l.php": "u", "lm.facebook.com/l.php": "u", "facebook.com/l.php": "u", "l.instagram.com/": "u", "google.com/url": "q",
    "google.fr/url": "q", "youtube.com/redirect": "q", "vk.com/away.php": "to", "t.umblr.com/redirect": "z", "out.reddit.com/": "url",
    "slack-redir.net/link": "url", "exit.sc/": "url", "href.li/": "",
}  # fmt: skip
"""Pages that do nothing but lead on, and the parameter that says where to."""
_OWN: Final = {
    "x": ("x.com", "twitter.com", "twimg.com"), "bluesky": ("bsky.app", "bsky.social", "bsky.network"), "telegram": ("t.me", "telegram.me", "telegram.org", "telesco.pe"),
    "truth": ("truthsocial.com",), "tiktok": ("tiktok.com", "tiktokcdn.com"), "facebook": ("facebook.com", "fb.com", "fb.watch", "fbcdn.net"),
}  # fmt: skip
"""Hosts of a platform itself: what leads there is no link to the outside."""
_LEADING_ON: Final = frozenset({page.partition("/")[0] for page in _REDIRECTS} | {"x.com"})
"""Hosts of which a parameter may mean more than that a click came from somewhere."""
_BY_VALUE: Final = ("marfeeltn", "mode", "output", "platform", "fromref", "m", "s", "source", "sns", "spref", "_ss", "outputtype")
"""Parameters that tell only the click with some values."""
_HOSTS: Final = r"^(\[[^\]]*\]|[^/?:#]+)"
_IN_TEXT: Final = r"""(?i)\bhttps?://[^\s<>"«»“”‘’\x00-\x1f\u200b\u2026]+"""
_HANGING: Final = r"[.,;:!?'*)\]}]+$"


def canonical_links(links: Column) -> pl.Series:
    """Links in their one spelling; null where a text is no address of the web.

    Args:
        links: texts, plain or dictionary; a scheme may be missing.
    """
    values = arrow(links)
    encoded = values if pa.types.is_dictionary(values.type) else values.cast(pa.string()).dictionary_encode()
    distinct = _canonical(pl.Series("link", pl.from_arrow(encoded.dictionary), dtype=pl.String))
    return pl.Series("link", pl.from_arrow(arrow(distinct).take(encoded.indices)), dtype=pl.String)


def hosts_of(links: pl.Series) -> pl.Series:
    """Exact hosts of links that `canonical_links` gave."""
    return links.str.extract(_HOSTS)


def domains_of(links: pl.Series) -> pl.Series:
    """Registered domains of links that `canonical_links` gave; the exact host where nothing is registered above it (addresses, names of one's own network)."""
    encoded = arrow(hosts_of(links)).cast(pa.string()).dictionary_encode()
    distinct = pa.array([registered(host) for host in encoded.dictionary.to_pylist()], pa.string())
    return pl.Series("domain", pl.from_arrow(distinct.take(encoded.indices)), dtype=pl.String)


def links_in_text(texts: Column) -> pl.Series:
    """Lists of the addresses that texts hold with their scheme, as written, marks of the sentence behind them off; null where the text is."""
    found = pl.Series("links", pl.from_arrow(arrow(texts)), dtype=pl.String).str.extract_all(_IN_TEXT)
    return found.list.eval(pl.element().str.replace(_HANGING, ""))


def outward(lists: Column, platform: str | pl.Series) -> tuple[pa.Array, pa.Array]:
    """Links of posts that lead away from the platform, and their domains.

    Args:
        lists: for each post its links as written, null where the file does not tell.
        platform: of all posts, or of each.

    Returns:
        canonical links, each once and `MOST` a post at most; their domains, each once; both null where `lists` is.
    """
    given = pl.Series("links", pl.from_arrow(arrow(lists)), dtype=pl.List(pl.String)).list.head(MOST)
    frame = pl.DataFrame({"row": np.arange(len(given), dtype=np.int64), "link": given, "platform": platform}, schema_overrides={"platform": pl.String})
    flat = frame.filter(pl.col("link").list.len() > 0).explode("link")
    links = canonical_links(flat["link"])
    inward = pl.any_horizontal((pl.col("platform") == name) & pl.col("domain").is_in(own) for name, own in _OWN.items()).fill_null(value=False)
    flat = flat.with_columns(links.alias("link"), domains_of(links).alias("domain")).filter(pl.col("link").is_not_null() & ~inward)
    grouped = flat.group_by("row", maintain_order=True).agg(pl.col("link").unique(maintain_order=True), pl.col("domain").unique(maintain_order=True))
    out = frame.select("row", pl.col("link").is_not_null().alias("told")).join(grouped, "row", "left", maintain_order="left")
    empty = pl.lit([], pl.List(pl.String))
    both = out.select(pl.when("told").then(pl.col(name).fill_null(empty)).alias(name) for name in ("link", "domain"))
    return _texts(both["link"]), _texts(both["domain"])


@lru_cache(maxsize=_CACHE)
def canonical_link(text: str | None) -> str | None:
    """A link in its one spelling; None where the text is no address of the web. Never raises, whatever the text."""
    if not text:
        return None
    link = _UNSEEN.sub("", text[: 2 * LONGEST]).replace("\\", "/")  # as browsers do, so that `a.example\@b.example` leads to the first
    for _ in range(3):
        scheme = _SCHEME.match(link)
        if not scheme and not _BARE.match(link):
            return None
        try:
            parts = urlsplit("//" + (link[scheme.end() :] if scheme else link))
            host, port = _host(parts.hostname or ""), parts.port
        except ValueError:
            return None
        if host is None:
            return None
        target = _target(host, parts.path, parts.query)
        if not target:
            return _spelled(host, port, parts.path, parts.query)
        link = target
    return None


@lru_cache(maxsize=_CACHE)
def registered(host: str | None) -> str | None:
    """The part of a host name that somebody registered; the host itself where no public suffix is known for it."""
    from ural.tld import get_domain_name

    if not host:
        return None
    try:
        return str(get_domain_name("http://" + host) or host)
    except (ValueError, AttributeError):
        return host


def _canonical(distinct: pl.Series) -> pl.Series:
    """Distinct links: plain ones all together, the others one by one."""
    parts = distinct.str.extract_groups(_PLAIN).struct.unnest()
    host, path, query = parts.to_series(0), parts.to_series(1).fill_null(""), parts.to_series(2)
    odd = (host + path).str.contains(_UNLIKE) | (distinct.str.len_bytes() > LONGEST) | (host.str.len_bytes() > _LONGEST_HOST) | (query.is_not_null() & host.is_in(_LEADING_ON))
    plain = (host + path).set(odd.fill_null(value=False), None).str.replace(r"/+$", "")
    asking = (plain.is_not_null() & query.is_not_null()).arg_true()
    if len(asking):
        plain = plain.scatter(asking, plain.gather(asking) + _questions(query.gather(asking)))
    rest = plain.is_null() & distinct.is_not_null()
    if not rest.any():
        return plain
    return plain.scatter(rest.arg_true(), pl.Series([canonical_link(text) for text in distinct.filter(rest)], dtype=pl.String))


def _questions(queries: pl.Series) -> pl.Series:
    """Queries of plain links, question mark before: parameters that only tell the click left out, the others sorted."""
    frame = pl.DataFrame({"row": np.arange(len(queries), dtype=np.int64), "item": queries.str.split("&")})
    items = frame.explode("item").filter(pl.col("item") != "")
    name = pl.col("item").str.extract(r"^([^=]*)")
    items = items.with_columns(pl.when(name.str.to_lowercase().is_in(_BY_VALUE)).then("item").otherwise(pl.col("item").str.extract(r"^([^=]*=?)")).alias("sign"))
    clicks = [sign for sign in items["sign"].unique().to_list() if _only_tells_the_click(False, sign)]
    kept = items.filter(~pl.col("sign").is_in(clicks)).sort("row", "item").group_by("row", maintain_order=True).agg(pl.col("item").str.join("&"))
    return frame.select("row").join(kept, "row", "left", maintain_order="left").select(("?" + pl.col("item")).fill_null("")).to_series()


def _host(host: str) -> str | None:
    from ural.utils import decode_punycode_hostname

    try:
        name = str(decode_punycode_hostname(host.lower().rstrip("."))) if "xn--" in host.lower() else host.lower().rstrip(".")
    except (ValueError, UnicodeError):
        return None
    if ":" in name:
        return f"[{name}]"
    found = _LETTERS.match(name)
    if len(name) > _LONGEST_HOST or not found or re.search(r"[\s/?#@\\%<>\"'`{}|^\[\]]", name):
        return None
    bare = found[1]
    return "x.com" if bare == "twitter.com" else bare


def _target(host: str, path: str, query: str) -> str:
    """Where a link leads on to, by what it holds itself; "" where it does not."""
    if host.endswith(".ampproject.org"):
        carried = _CARRIED.search(f"{host}{path}")
        return f"https://{carried[1]}{'?' + query if query else ''}" if carried else ""
    key = _REDIRECTS.get(f"{host}{path or '/'}")
    if key is None:
        return ""
    if not key:
        return unquote(query) if query.startswith("http") else ""
    value = next((unquote(value) for name, _, value in (item.partition("=") for item in query.split("&")) if name == key or (name == "url" and key == "q")), "")
    return value if _SCHEME.match(value) else ""


def _spelled(host: str, port: int | None, path: str, query: str) -> str:
    items = [item for item in query.split("&") if item and not _only_tells_the_click(host == "x.com", item)]
    if film := _film(host, path, items):
        return f"youtube.com/watch?v={film}"
    from ural.quote import safely_unquote_path

    if "%" in path:
        path = _UNSEEN.sub("%20", str(safely_unquote_path(path)))
    path = re.sub(r"/{2,}", "/", path)
    path = _INDEX.sub("", _AMP.sub("", path)).rstrip("/")
    where = host if port in (None, 80, 443) else f"{host}:{port}"
    return (where + path + ("?" + "&".join(sorted(items)) if items else ""))[:LONGEST]


def _film(host: str, path: str, items: list[str]) -> str:
    if host == "youtu.be":
        number = path.lstrip("/").partition("/")[0]
        return number if _NUMBER_OF_FILM.match(number) else ""
    if host not in ("youtube.com", "youtube-nocookie.com", "music.youtube.com"):
        return ""
    if found := _FILM.match(path):
        return found[1]
    numbers = [item[2:] for item in items if item.startswith("v=")] if path.rstrip("/") == "/watch" else []
    return numbers[0] if numbers and _NUMBER_OF_FILM.match(numbers[0]) else ""


@lru_cache(maxsize=_CACHE)
def _only_tells_the_click(on_x: bool, item: str) -> bool:
    """Whether a parameter says where a click came from, and nothing of the page."""
    from ural.normalize_url import should_strip_query_item

    name, equals, value = item.partition("=")
    if name.lower() in _SOURCES_OF_CLICKS or (on_x and name in _ON_X):
        return True
    return bool(should_strip_query_item((name, value if equals else None)))


def _texts(lists: pl.Series) -> pa.Array:
    return lists.to_arrow().cast(pa.list_(pa.string()))
