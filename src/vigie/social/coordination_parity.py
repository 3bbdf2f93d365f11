"""What two reference programs find, pair by pair and edge by edge, so that a researcher can check one against the other.

Neither tests anything; for that see `significance`. Both are read from their published source.

References:
    - https://github.com/nicolarighetti/CooRTweet (detect_groups, generate_coordinated_network), version 2.1.3
    - https://github.com/QUT-Digital-Observatory/coordination-network-toolkit (co_retweet and its like), version 1.5.2
"""

from __future__ import annotations

import numpy as np
import polars as pl

from vigie.social.coordination_windows import SECOND, keys_of, pairs_within


def coortweet_pairs(table: pl.DataFrame, window: float, min_participation: int = 2) -> pl.DataFrame:
    """Pairs as `detect_groups` returns them.

    Accounts with fewer rows than `min_participation` are left out first. A pair then stays if either of its contents belongs to an account that has as many rows among the contents
    of all pairs. Rows are taken as they come, repeated ones too.

    Args:
        table: `object_id`, `account_id`, `content_id` (texts) and `timestamp_share` (seconds).
        window: seconds, inclusive.
        min_participation: rows of an account.

    Returns:
        `object_id`, `content_id`, `content_id_y`, `time_delta` (seconds), `account_id`, `account_id_y`: the older share first; sorted by all of them.
    """
    names = ("object_id", "account_id", "content_id")
    active = table.filter(pl.len().over("account_id") >= min_participation) if min_participation > 1 else table
    width = int(window * SECOND)
    rows = active.select(*names, t=(pl.col("timestamp_share") * SECOND).round().cast(pl.Int64)).sort("object_id", "t", "account_id", "content_id")
    keys = _keys(rows, width)
    parts = [pl.DataFrame(schema={"left": pl.Int64, "right": pl.Int64}), *(pl.DataFrame({"left": i, "right": j}) for i, j in pairs_within(keys, width))]
    places = pl.concat(parts)
    older, newer = rows[places["left"]], rows[places["right"]].select(pl.all().name.suffix("_y"))
    pairs = pl.concat([older, newer], how="horizontal").filter(
        (pl.col("object_id") != pl.col("content_id")) & (pl.col("object_id") != pl.col("content_id_y"))
        & (pl.col("content_id") != pl.col("content_id_y")) & (pl.col("account_id") != pl.col("account_id_y"))
    )  # fmt: skip
    if min_participation >= 1:
        contents = pl.concat([pairs["content_id"], pairs["content_id_y"]]).unique()
        there = rows.filter(pl.col("content_id").is_in(contents.implode()))
        kept = there.filter(pl.len().over("account_id") >= min_participation)["content_id"].unique().implode()
        pairs = pairs.filter(pl.col("content_id").is_in(kept) | pl.col("content_id_y").is_in(kept))
    out = pairs.with_columns(time_delta=(pl.col("t_y") - pl.col("t")) / SECOND)
    return out.select("object_id", "content_id", "content_id_y", "time_delta", "account_id", "account_id_y").sort(pl.all())


def coortweet_edges(pairs: pl.DataFrame, edge_weight: float = 0.5) -> pl.DataFrame:
    """Edges as `generate_coordinated_network` returns them.

    The numbers of contents are those of the older and of the newer shares of an edge, whoever made them; they are not numbers of either account.

    Args:
        pairs: of `coortweet_pairs`.
        edge_weight: quantile of the weights that an edge must exceed for `weight_threshold` = 1.

    Returns:
        `from`, `to`, `weight`, `avg_time_delta`, `n_content_id`, `n_content_id_y`, `edge_symmetry_score`, `weight_threshold`, sorted by names.
    """
    ends = pairs.with_columns(**{"from": pl.min_horizontal("account_id", "account_id_y"), "to": pl.max_horizontal("account_id", "account_id_y")})
    edges = ends.group_by("from", "to").agg(
        weight=pl.len().cast(pl.Int64), avg_time_delta=pl.col("time_delta").mean(), n_content_id=pl.col("content_id").n_unique().cast(pl.Int64),
        n_content_id_y=pl.col("content_id_y").n_unique().cast(pl.Int64),
    )  # fmt: skip
    both = ("n_content_id", "n_content_id_y")
    weights = edges["weight"].to_numpy()
    threshold = float(np.quantile(weights, edge_weight)) if len(weights) else 0.0
    return edges.with_columns(
        edge_symmetry_score=pl.min_horizontal(both) / pl.max_horizontal(both), weight_threshold=(pl.col("weight") > threshold).cast(pl.Int64)
    ).sort("from", "to")


def toolkit_edges(table: pl.DataFrame, window: float, min_weight: int = 1) -> pl.DataFrame:
    """Directed edges as the QUT toolkit writes them: distinct messages of A that have a message of B on the same object within the window.

    Args:
        table: `object_id`, `account_id`, `content_id` (texts) and `timestamp_share` (seconds); of a repeated content the first row counts.
        window: seconds, inclusive.
        min_weight: least weight of an edge.

    Returns:
        `from`, `to`, `weight`, sorted by names; edges of an account with itself are left out.
    """
    width = int(window * SECOND)
    once = table.unique("content_id", keep="first", maintain_order=True)
    things, codes = (once[name].hash(1).to_numpy().view(np.int64) for name in ("object_id", "account_id"))
    t = (once["timestamp_share"] * SECOND).round().cast(pl.Int64).to_numpy()
    order = np.lexsort((t, things))
    codes = codes[order]
    parts = []
    for i, j in pairs_within(keys_of(things[order], t[order], width), width):
        apart = codes[i] != codes[j]
        left, right = np.concatenate([i[apart], j[apart]]), np.concatenate([j[apart], i[apart]])
        parts.append(pl.DataFrame({"a": codes[left], "b": codes[right], "message": left, "other": right}))
    schema = {"a": pl.Int64, "b": pl.Int64, "message": pl.Int64, "other": pl.Int64}
    whole = pl.concat([pl.DataFrame(schema=schema), *parts]).group_by("a", "b").agg(pl.col("message").n_unique().cast(pl.Int64).alias("weight"), pl.col("message").first(), pl.col("other").first())
    edges = whole.filter(pl.col("weight") >= min_weight)
    names = once["account_id"].gather(order)
    return edges.select(names.gather(edges["message"]).alias("from"), names.gather(edges["other"]).alias("to"), "weight").sort("from", "to")


def _keys(rows: pl.DataFrame, width: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Monotone keys of rows that are sorted by object and time."""
    t = rows["t"].to_numpy()
    if not len(t):
        return np.empty(0, np.int64)
    step = np.minimum(np.diff(t), width + 1)
    step[(rows["object_id"] != rows["object_id"].shift(1)).fill_null(value=False).to_numpy()[1:]] = width + 1
    return np.concatenate([[0], np.cumsum(step)])
