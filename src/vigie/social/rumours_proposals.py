"""Which claims, and articles that nobody repeated word for word, may be one story: what anchors, vectors and D3lta propose, between claims in place of texts.

References:
    - docs/rumours.md
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from vigie.social.anchors import marks_of
from vigie.social.claims import POST_NAME
from vigie.social.copies import Copies
from vigie.social.proposals import MOST, PROPOSALS, caution, chosen, near, proposals
from vigie.social.vectors import Model, ModelError

LETTERS: Final = 400
"""Letters of a text that are shown."""

BETWEEN: Final[dict[str, Any]] = {
    "claim_a": pl.String, "claim_b": pl.String, "row_a": pl.Int64, "row_b": pl.Int64, "text_a": pl.String, "text_b": pl.String,
    **{name: kind for name, kind in PROPOSALS.items() if name not in ("a", "b")},
}  # fmt: skip
"""Two that may tell the same: their claims (null for an article that nobody else posted), the earliest post of each text, how each is worded first, and what `proposals.PROPOSALS` say."""


def between_claims(claims: pl.DataFrame, alike: Copies, posts: pl.DataFrame, pairs: pl.DataFrame | None, model: Model | None) -> tuple[pl.DataFrame, str | None]:
    """What may be one story, the heaviest first; claims of one wave are left out, since they share their posts.

    Args:
        claims: `claim`, `unit`, `what`, `wave`, `accounts`.
        alike: the copies that claims rest on.
        posts: `row`, `platform`, `post_id`, `links`, `media`.
        pairs: rows of `pairs_d3lta.PAIRS`.
        model: that makes vectors of texts.

    Returns:
        rows of `BETWEEN`, and why the model could not be used, None where it could or there is none.
    """
    texts = _texts(claims, alike, posts)
    some = chosen(texts)
    if some.height < 2:
        return pl.DataFrame(schema=BETWEEN), None
    found, unused = [proposals(some)], None
    if model is not None:
        try:
            found.append(near(some, model.vectors(some["text"].to_list())))
        except ModelError as error:
            unused = str(error)
    if pairs is not None:
        found.append(_elsewhere(pairs, alike, texts, posts))
    whole = pl.concat(found)
    one = whole.group_by("a", "b", maintain_order=True).agg(
        pl.col("type").first(), pl.col("translation").any(), pl.col("caution").drop_nulls().first(), pl.col("how").unique(maintain_order=True).str.join(", "), pl.col("score").max(),
        pl.col("share").max(), pl.col("cosine").max(), pl.col("anchors").first(),
    )  # fmt: skip
    of = texts.select("text_hash", "claim", "wave", "row", pl.col("text").str.slice(0, LETTERS))
    for side in "ab":
        one = one.join(of.rename({"text_hash": side, **{name: f"{name}_{side}" for name in ("claim", "wave", "row", "text")}}), on=side, maintain_order="left")
    apart = one.filter(pl.col("wave_a").ne_missing(pl.col("wave_b")) | pl.col("wave_a").is_null())
    ordered = apart.select(list(BETWEEN)).cast(BETWEEN).sort("score", "cosine", "row_a", "row_b", descending=[True, True, False, False], nulls_last=True)  # type: ignore[arg-type] # a schema
    return ordered.head(MOST), unused


def _texts(claims: pl.DataFrame, alike: Copies, posts: pl.DataFrame) -> pl.DataFrame:
    """Middle texts of claims and texts of lone articles, with `claim`, `wave`, `row`, `links`, `media`."""
    told = claims.filter(pl.col("unit") == "text").select("claim", "wave", family="what")
    middle = alike.families.filter(~pl.col("weak")).select("family", "text_hash", accounts_of="accounts").join(told, on="family").drop("family")
    place = posts.select(row="row", platform=pl.col("platform").cast(pl.String), links=pl.col("links").cast(pl.List(pl.String)), media=pl.col("media").cast(pl.List(pl.String)))
    alone = alike.texts.filter(pl.col("posts") == 1).join(place.filter(pl.col("platform") == "site"), left_on="first_row", right_on="row", how="semi")
    lone = alone.select("text_hash", accounts_of=pl.lit(1, pl.Int64), claim=pl.lit(None, pl.String), wave=pl.lit(None, pl.String)).join(middle, on="text_hash", how="anti")
    both = pl.concat([middle.select("text_hash", "accounts_of", "claim", "wave"), lone])
    texts = alike.texts.select("text_hash", "text", "normalised", "letters", "first_at", row="first_row").join(both, on="text_hash")
    return texts.join(place.drop("platform"), on="row", how="left").rename({"accounts_of": "accounts"})


def _elsewhere(pairs: pl.DataFrame, alike: Copies, texts: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    """Pairs of posts as pairs of texts: rows of `PROPOSALS`."""
    ids = pl.concat([posts.select("row", id=POST_NAME), posts.select("row", id="post_id")]).drop_nulls().unique("id", keep="none")
    of = alike.members.select("row", "text_hash").join(ids, on="row")
    middle = _middle_of(alike).join(of, on="text_hash").select("id", "middle")
    lone = texts.select(middle="text_hash", row="row").join(ids, on="row").select("id", "middle")
    known = pl.concat([middle, lone]).unique("id", keep="first", maintain_order=True)
    two = pairs.join(known, left_on="source", right_on="id").join(known, left_on="target", right_on="id", suffix="_b")
    order = texts.select("text_hash", "first_at", "text", "normalised", "links", "media")
    rows = {row["text_hash"]: row for row in order.join(pl.concat([two.select(text_hash="middle"), two.select(text_hash="middle_b")]).unique(), on="text_hash", how="semi").iter_rows(named=True)}
    out = []
    for a, b, kind, translation, cosine in two.select("middle", "middle_b", "type", "translation", "cosine").iter_rows():
        if a == b or a not in rows or b not in rows:
            continue
        early, late = sorted((a, b), key=lambda one: (rows[one]["first_at"], one))
        left, right = marks_of(rows[early]), marks_of(rows[late])
        out.append((early, late, kind, translation, caution(left, right), "d3lta", None, None, cosine, sorted(left.anchors & right.anchors)))
    return pl.DataFrame(out, schema=PROPOSALS, orient="row")


def _middle_of(alike: Copies) -> pl.DataFrame:
    """`text_hash`, `middle`: the middle text of each text's family."""
    return alike.members.select("family", "text_hash").unique().join(alike.families.select("family", middle="text_hash"), on="family").select("text_hash", "middle")
