"""Names of the tables that posts give, and whether there are posts at all. How they come about is `post_weighing`, which is loaded when it is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

if TYPE_CHECKING:
    import duckdb

TABLES: Final = (
    "social_posts", "accounts", "account_contributions", "account_marks", "account_bounds", "account_speech",
    "coordinated_groups", "coordinated_members", "coordinated_pairs", "coincidences", "shared_at_once", "social_facts", "stranger_rates", "set_apart",
    "rumours", "rumour_items", "rumour_relays", "relay_matrix", "carried_pages", "precedence", "symbiosis", "rumour_timeline", "rumour_counter", "claim_cards", "claim_matches", "proposals", "text_families", "text_pairs",
    "rumour_scope", "rumour_waves", "rumour_wave_claims", "post_evidence",
)  # fmt: skip
"""Tables that there are when posts were read. `row` in them is a row of `social_posts`, which says where the post stands."""

OPERATIONS: Final = pa.schema([
    ("skeleton", pa.uint64()), ("operation_id", pa.string()), ("kind", pa.string()), ("actor", pa.string()), ("accounts", pa.int64()),
])  # fmt: skip
"""One row for what counts as one attack of the family: a group in concert, a rumour's wave."""

def any_posts(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether posts were read."""
    return connection.execute("select 1 from posts limit 1").fetchall() != []
