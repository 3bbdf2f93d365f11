"""Claims that the user knows: a card says each in French and English, and by which words, links, posts and rumours it is known; a person confirms, vigie only looks.

A post belongs to a claim if it holds all of the card's `anchors` and all words of one of its sets, links to one of its pages, is named itself, or belongs to a rumour that a person found to be the claim. Each match says
which. What a post does with the claim (supports, denies, reports) is a person's word, and unknown without it.

References:
    - docs/rumours.md
    - docs/decisions/0035-a-person-confirms-a-claim.md
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from vigie.social.declarations import (
    LETTERS,
    DeclarationError,
    day_of,
    entries_of,
    in_languages,
    known,
    name_of,
    tables,
    text_of,
)
from vigie.social.texts import normalised
from vigie.sources.links import canonical_links

CARDS, ENTRIES, WORDS = 200, 2_000, 12
"""Most cards, entries of one list, words of one set."""
ROWS: Final = 2_000_000
"""Sets of words and texts that are looked at together."""
STANCES: Final = ("supports", "denies", "reports")
"""What a post may do with a claim; null is unknown."""
HOW: Final = ("post", "link", "rumour", "words")
"""How a post was matched, the surest first."""

_KEYS: Final = ("name", "wording", "as_of", "anchors", "words", "links", "posts", "rumours", *STANCES)
_LANGUAGE = re.compile(r"[a-z]{2}")
_POST = re.compile(r"[a-z]{1,20}:[^\s\x00-\x1f]{1,512}")
_RUMOUR = re.compile(r"r[0-9a-f]{16}")


@dataclass(frozen=True)
class Card:
    """A claim as a person wrote it down.

    Attributes:
        name: short, for tables.
        wording_fr: the claim in French.
        wording_en: the claim in English.
        as_of: day of the card.
        anchors: needles that each have to be there, as `_Forms.needles` makes them.
        words: sets of needles, any of which has to be there whole: language, needles.
        links: pages of the claim, in canonical form.
        posts: "platform:id" of posts that a person found to be of the claim.
        rumours: ids of rumours that a person found to be the claim.
        stances: what posts do with it: "platform:id" to one of `STANCES`.
    """

    name: str
    wording_fr: str
    wording_en: str
    as_of: date
    anchors: tuple[str, ...]
    words: tuple[tuple[str, tuple[str, ...]], ...]
    links: tuple[str, ...]
    posts: tuple[str, ...]
    rumours: tuple[str, ...]
    stances: Mapping[str, str]


POST_NAME: Final = pl.concat_str(pl.col("platform").cast(pl.String), pl.lit(":"), pl.col("post_id"))
"""A post as the user's files name it: "platform:id"."""

MATCHES: Final[dict[str, Any]] = {"name": pl.String, "row": pl.Int64, "how": pl.String, "language": pl.String, "words": pl.List(pl.String), "stance": pl.String}
"""A post of a claim: `name` of the card, `row`, `how` (of `HOW`, the surest), `language` and `words` (that matched), `stance` (of `STANCES`, or null)."""


def cards(data: bytes) -> tuple[Card, ...]:
    """The claims that a file declares, in its order.

    Raises:
        DeclarationError: it is no TOML, or declares something that cannot be.
    """
    declared = tables(data, "claim", CARDS, "examples/claims.toml")
    forms = _Forms(_words_of(declared), _links_of(declared))
    found = tuple(_card(one, where, forms) for where, one in declared)
    names = [card.name for card in found]
    for at, name in enumerate(names):
        if name in names[:at]:
            raise DeclarationError(f"{name!r} is the name of two claims. Try: another name for one of them")
    return found


@dataclass(frozen=True)
class _Forms:
    """What all words and links of a file become: looked up, since making them one by one takes minutes for a long file.

    Attributes:
        words: normal forms.
        links: canonical forms, None where it is none.
    """

    words: Mapping[str, str]
    links: Mapping[str, str | None]

    def needles(self, value: Any, where: str) -> tuple[str, ...]:
        """The words of an entry as they are looked for in normal forms: " word " whole, " word" where it ends in `*`."""
        text = text_of({"words": value}, "words", where)
        found = tuple(" " + form + ("" if word.endswith("*") else " ") for word in text.split() if (form := self.words[word]))
        if not found or len(found) > WORDS or any(len(one.strip()) < 2 for one in found):
            raise DeclarationError(f'{where}: {value[:60]!r} must be 1 to {WORDS} words of two letters and more. Try: "compte offshore" (both have to be there) or "candidat*" (its beginning)')
        return found

    def link(self, value: Any, where: str) -> str:
        """An address in canonical form."""
        text = text_of({"links": value}, "links", where)
        if (link := self.links[text]) is None:
            raise DeclarationError(f'{where}: {text[:80]!r} is no address of the web. Try: "https://journal.example/article"')
        return link


def _texts(declared: list[tuple[str, dict[str, Any]]], *names: str) -> list[str]:
    """The texts of lists of these names, and of lists in tables of these names, as far as they are some that may be read."""
    values = [table.get(name) for _, table in declared for name in names]
    lists = [one for value in values for one in (value.values() if isinstance(value, dict) else [value]) if isinstance(one, list) and len(one) <= ENTRIES]
    return [one.strip() for some in lists for one in some if isinstance(one, str) and len(one) <= LETTERS]


def _words_of(declared: list[tuple[str, dict[str, Any]]]) -> dict[str, str]:
    words = list(dict.fromkeys(word for text in _texts(declared, "anchors", "words") for word in text.split()))
    return dict(zip(words, normalised(pl.Series(words, dtype=pl.String), tags=True).to_list(), strict=True)) if words else {}


def _links_of(declared: list[tuple[str, dict[str, Any]]]) -> dict[str, str | None]:
    links = list(dict.fromkeys(_texts(declared, "links")))
    return dict(zip(links, canonical_links(pl.Series(links, dtype=pl.String)), strict=True)) if links else {}


def _card(table: Mapping[str, Any], where: str, forms: _Forms) -> Card:
    known(table, _KEYS, where)
    name = name_of(table, where)
    where += f" ({name})"
    wordings = in_languages(table, "wording", where)
    if not wordings:
        raise DeclarationError(f'{where}: says no claim. Try: wording.fr = "…" and wording.en = "…"')
    fr, en = (wordings.get(one) or next(iter(wordings.values())) for one in ("fr", "en"))
    anchors = entries_of(table, "anchors", where, forms.needles, ENTRIES)
    words = table.get("words", {})
    if not isinstance(words, dict) or not all(isinstance(one, str) and _LANGUAGE.fullmatch(one) for one in words):
        raise DeclarationError(f'{where}: words must tell a language. Try: words.fr = ["compte offshore"]')
    sets = tuple((language, one) for language in words for one in entries_of(words, language, f"{where}: words", forms.needles, ENTRIES))
    links = entries_of(table, "links", where, forms.link, ENTRIES)
    posts = entries_of(table, "posts", where, _post, ENTRIES)
    rumours = entries_of(table, "rumours", where, _rumour, ENTRIES)
    stances: dict[str, str] = {}
    for stance in STANCES:
        for post in entries_of(table, stance, where, _post, ENTRIES):
            if stances.setdefault(post, stance) != stance:
                raise DeclarationError(f"{where}: {post!r} both {stances[post]} and {stance} the claim. Try: one of them")
    if not (sets or anchors or links or posts or rumours or stances):
        raise DeclarationError(f'{where}: nothing tells its posts. Try: words.fr = ["compte offshore"], links = ["…"] or rumours = ["r…"]')
    as_of = day_of(table, "as_of", where, "the day of the card")
    return Card(name, fr, en, as_of, tuple(needle for one in anchors for needle in one), sets, links, (*posts, *stances), rumours, stances)


def _post(value: Any, where: str) -> str:
    if not isinstance(value, str) or not _POST.fullmatch(value):
        raise DeclarationError(f'{where}: {str(value)[:80]!r} is no post. Try: "platform:id", such as "mastodon:110000000000000001"')
    return value


def _rumour(value: Any, where: str) -> str:
    if not isinstance(value, str) or not _RUMOUR.fullmatch(value):
        raise DeclarationError(f'{where}: {str(value)[:80]!r} is no rumour. Try: an id of `vigie show rumours`, such as "r0123456789abcdef"')
    return value


def matches(posts: pl.DataFrame, said: pl.DataFrame, known_cards: tuple[Card, ...], rumours: pl.DataFrame) -> pl.DataFrame:
    """The posts of each claim.

    Args:
        posts: `row`, `platform`, `post_id`, `links`.
        said: `row`, `text_hash`, `normalised` (null where only a hash was kept) of those that say something (`copies.spoken`).
        known_cards: of the user.
        rumours: `rumour_id`, `row`: posts of the rumours that cards name.

    Returns:
        rows of `MATCHES`, one a claim and post, by name and row.
    """
    if not known_cards:
        return pl.DataFrame(schema=MATCHES)
    stances = pl.DataFrame([(card.name, post, stance) for card in known_cards for post, stance in card.stances.items()], schema={"name": pl.String, "post": pl.String, "stance": pl.String}, orient="row")
    place = posts.select("row", "links", post=POST_NAME)
    found = [_by(place, known_cards, "posts", "post"), _by(place.select("row", pl.col("links").list.unique()).explode("links", empty_as_null=True), known_cards, "links", "links")]
    named = _listed(known_cards, "rumours")
    found.append(rumours.join(named, left_on="rumour_id", right_on="value").select("name", "row", how=pl.lit("rumour")))
    spoken = _said(said, known_cards).join(said.select("row", "text_hash"), on="text_hash").select("name", "row", "language", "words", how=pl.lit("words"))
    whole = pl.concat([*found, spoken], how="diagonal").with_columns(rank=pl.col("how").replace_strict({how: at for at, how in enumerate(HOW)}, return_dtype=pl.Int64))
    best = whole.sort("name", "row", "rank", "language").group_by("name", "row", maintain_order=True).agg(pl.col("how").first(), pl.col("language", "words").drop_nulls().first())
    return best.join(place.select("row", "post"), on="row").join(stances, on=["name", "post"], how="left").select(*MATCHES).cast(MATCHES).sort("name", "row")  # type: ignore[arg-type] # a schema


def told(known_cards: tuple[Card, ...], found: pl.DataFrame, posts: pl.DataFrame, rumours: pl.DataFrame) -> pl.DataFrame:
    """Rows of `CARDS_TOLD`.

    Args:
        known_cards: of the user, in his order.
        found: rows of `MATCHES`.
        posts: `platform`, `post_id` of all posts.
        rumours: `rumour_id` of the rumours that are there, of those that cards name.
    """
    here = set(posts.select(post=POST_NAME)["post"].drop_nulls().unique()) if known_cards else set()
    here |= set(rumours["rumour_id"].unique())
    rows = [
        (at, card.name, card.wording_fr, card.wording_en, card.as_of, [one for one in dict.fromkeys((*card.rumours, *card.posts)) if one not in here]) for at, card in enumerate(known_cards)
    ]
    table = pl.DataFrame(rows, schema={"at": pl.Int64, **{name: CARDS_TOLD[name] for name in ("name", "wording_fr", "wording_en", "as_of", "absent")}}, orient="row")
    counted = found.group_by("name").agg(pl.len().cast(pl.Int64).alias("posts"), *((pl.col("stance") == one).sum().cast(pl.Int64).alias(one) for one in STANCES))
    return table.join(counted, on="name", how="left").sort("at").select(*CARDS_TOLD).with_columns(pl.col("posts", *STANCES).fill_null(0)).cast(CARDS_TOLD)  # type: ignore[arg-type] # a schema


CARDS_TOLD: Final[dict[str, Any]] = {
    "name": pl.String, "wording_fr": pl.String, "wording_en": pl.String, "as_of": pl.Date, "posts": pl.Int64, "supports": pl.Int64, "denies": pl.Int64, "reports": pl.Int64,
    "absent": pl.List(pl.String),
}  # fmt: skip
"""A card: `name`, its wordings, `as_of`, how many `posts` are of the claim, and of how many a person said that they support, deny or report it; `absent` are rumours and posts that it names and that are not in the data."""


def _listed(known_cards: tuple[Card, ...], what: str) -> pl.DataFrame:
    """`name`, `value`: a list of each card."""
    return pl.DataFrame([(card.name, one) for card in known_cards for one in dict.fromkeys(getattr(card, what))], schema={"name": pl.String, "value": pl.String}, orient="row")


def _by(place: pl.DataFrame, known_cards: tuple[Card, ...], what: str, column: str) -> pl.DataFrame:
    """Posts whose value in a column a card lists."""
    how = what.removesuffix("s")
    return place.join(_listed(known_cards, what), left_on=column, right_on="value").select("name", "row", how=pl.lit(how))


def _said(said: pl.DataFrame, known_cards: tuple[Card, ...]) -> pl.DataFrame:
    """Distinct texts that hold all anchors of a card and one of its sets (or the anchors alone, where it has no set): `name`, `text_hash`, `language`, `words`."""
    sets = [(card.name, language, (*card.anchors, *needles)) for card in known_cards for language, needles in (card.words or ((("", ()),) if card.anchors else ()))]
    needles = sorted({needle for *_, some in sets for needle in some})
    nothing = pl.DataFrame(schema={"name": pl.String, "text_hash": pl.UInt64, "language": pl.String, "words": pl.List(pl.String)})
    if not needles:
        return nothing
    texts = said.select("text_hash", "normalised").drop_nulls().unique("text_hash")
    held = texts.select("text_hash", needle=pl.concat_str(pl.lit(" "), "normalised", pl.lit(" ")).str.extract_many(needles, overlapping=True).list.unique()).explode("needle", empty_as_null=True).drop_nulls()
    wanted = pl.DataFrame(
        [(number, name, language or None, needle, len(set(some))) for number, (name, language, some) in enumerate(sets) for needle in dict.fromkeys(some)],
        schema={"set": pl.Int64, "name": pl.String, "language": pl.String, "needle": pl.String, "many": pl.Int64}, orient="row",
    )  # fmt: skip
    parts = [_whole_sets(held, some) for some in _parts(wanted, held)]
    if not parts:
        return nothing
    whole = pl.concat(parts).sort("name", "text_hash", "many", "set", descending=[False, False, True, False])
    return whole.unique(["name", "text_hash"], keep="first", maintain_order=True).select("name", "text_hash", "language", "words")


def _parts(wanted: pl.DataFrame, held: pl.DataFrame) -> list[pl.DataFrame]:
    """Sets of needles that some text may hold whole, in parts that make at most about `ROWS` rows each; `seldom` is the needle that the fewest texts hold."""
    counted = wanted.join(held.group_by("needle").agg(pl.len().alias("texts")), on="needle", how="left").with_columns(pl.col("texts").fill_null(0).cast(pl.Int64))
    order = counted.sort("set", "texts", "needle").with_columns(seldom=pl.col("needle").first().over("set"), least=pl.col("texts").first().over("set"))
    some = order.filter(pl.col("least") > 0).with_columns(part=pl.col("least").cum_sum() // ROWS)
    return some.with_columns(pl.col("part").first().over("set")).drop("texts", "least").partition_by("part", include_key=False)


def _whole_sets(held: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """Texts that hold all needles of a set, the best set of each card: `set`, `name`, `language`, `many`, `text_hash`, `words`."""
    least = wanted.select("set", needle="seldom").unique()
    asked = least.join(held, on="needle").select("set", "text_hash").join(wanted.select("set", "name", "language", "needle", "many"), on="set").join(held, on=["needle", "text_hash"], how="semi")
    there = asked.group_by("set", "name", "language", "many", "text_hash").agg(pl.len().alias("found")).filter(pl.col("found") == pl.col("many")).drop("found")
    best = there.sort("name", "text_hash", "many", "set", descending=[False, False, True, False]).unique(["name", "text_hash"], keep="first", maintain_order=True)
    words = wanted.group_by("set").agg(pl.col("needle").str.strip_chars(" ").sort().alias("words"))
    return best.join(words, on="set", maintain_order="left").select("set", "name", "language", "many", "text_hash", "words")
