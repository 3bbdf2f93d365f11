"""What the tables say of claims that a person declared, and of which rumours may be one.

References:
    - docs/rumours.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vigie.archive.account_names import Names
from vigie.archive.post_lines import Rows

if TYPE_CHECKING:
    from vigie.archive.catalogue import Catalogue


def card_rows(catalogue: Catalogue, claim: str | None = None, limit: int = 1_000) -> Rows:
    """Declared claims, in the order of the file.

    Args:
        catalogue: an open state with posts.
        claim: only this one ("card:…").
        limit: rows.

    Returns:
        `rumour` (id of what its posts are shown under, null without any) and the columns of `claims.CARDS_TOLD`, with `accounts` and `first_at` of its posts.
    """
    where, values = ("where c.claim = ?", [claim]) if claim else ("", [])
    return catalogue.rows(
        "select r.rumour_id as rumour, c.* exclude (rumour_id, claim, number), coalesce(r.accounts, 0) as accounts, r.first_at "
        f"from claim_cards c left join rumours r using (claim) {where} order by c.number limit ?", [*values, limit]
    )  # fmt: skip


def matched_by(catalogue: Catalogue, claim: str) -> dict[str, int]:
    """How many posts of a declared claim were matched in which way."""
    return {str(row["how"]): int(str(row["n"])) for row in catalogue.rows("select how, count(*) as n from claim_matches where claim = ? group by 1 order by 2 desc, 1", [claim])}


def words_matched(catalogue: Catalogue, claim: str, rows: list[int]) -> dict[int, str]:
    """By row of a post the words of the card that it holds."""
    found = catalogue.rows("select row, array_to_string(words, ', ') as words from claim_matches where claim = ? and words is not null and row in (select unnest(?::bigint[]))", [claim, rows])
    return {int(str(row["row"])): str(row["words"]) for row in found}


def proposal_rows(catalogue: Catalogue, names: Names, rumour: str | None = None, limit: int = 20) -> Rows:
    """What may be one story: what nothing tells apart first, then the heaviest.

    Args:
        catalogue: an open state with posts.
        names: under which accounts are shown.
        rumour: only with this rumour, or with another of its wave.
        limit: rows.

    Returns:
        `rumour` and `text` of this side, `other` and `other_text` of the other (null ids for an article that nobody repeated), `first_at` of the other's earliest post, and `type`, `translation`, `caution`,
        `how`, `score`, `cosine`, `anchors` of `rumours_proposals.BETWEEN`, and `every`: how many there are without the limit.
    """
    told = "type, translation, caution, how, score, cosine, anchors"
    both = (
        f"select rumour_a as rumour, text_a as text, row_a as row, rumour_b as other, text_b as other_text, row_b as other_row, {told} from proposals "
        + (f"union all select rumour_b, text_b, row_b, rumour_a, text_a, row_a, {told} from proposals" if rumour else "")
    )  # fmt: skip
    where, values = "", list[object]()
    if rumour:
        where, values = "where rumour in (select b.rumour_id from rumours a join rumours b on a.wave = b.wave where a.rumour_id = ?)", [rumour]
    rows = catalogue.rows(
        f"select p.* exclude (row, other_row), s.seen_at as first_at, s.platform, a.platform as own_platform, count(*) over () as every from ({both}) p left join social_posts s on s.row = p.other_row left join social_posts a on a.row = p.row {where} "
        "order by caution is not null, score desc nulls last, cosine desc nulls last, other_row, p.row limit ?", [*values, limit]
    )  # fmt: skip
    return [_masked(row, names) for row in rows]


def card_line(rumour: str, rows: Rows) -> str:
    """What to write on a card so that a rumour, and the first that is proposed with it where nothing tells both apart, are one claim.

    Args:
        rumour: its id.
        rows: of `proposal_rows`.
    """
    other = [str(row["other"]) for row in rows[:1] if row["other"] and not row["caution"]]
    return "rumours = [" + ", ".join(f'"{one}"' for one in dict.fromkeys([rumour, *other])) + "]"


def _masked(row: dict[str, Any], names: Names) -> dict[str, Any]:
    from vigie.social.pseudonyms import without_handles

    platforms = {"text": row.pop("own_platform"), "other_text": row.pop("platform")}
    if names.identified:
        return row
    return row | {"anchors": [one for one in row["anchors"] if not str(one).startswith("handle ")]} | {name: without_handles(str(row[name]), names.key, str(platform or ""), {}) for name, platform in platforms.items() if row[name] is not None}
