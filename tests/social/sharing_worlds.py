"""Invented worlds of shares with a known truth: strangers, groups planted among them, and the ways to shuffle a world that leave no group in it."""

import numpy as np
import polars as pl

HOUR = 3_600_000_000
SECOND = 1_000_000


def strangers(seed=1, accounts=600, objects=300, shares=6_000, days=20):
    """Accounts that share objects each in its own time: every object has a moment, and shares fall behind it by hours."""
    rng = np.random.default_rng(seed)
    popular = rng.zipf(1.6, shares) % objects
    who = (rng.zipf(1.5, shares) * 7919 + rng.integers(0, 40, shares)) % accounts
    born = rng.integers(0, days * 24 * HOUR, objects)
    t = born[popular] + (rng.lognormal(8.5, 1.6, shares) * SECOND).astype(np.int64)
    return frame(popular, who, np.arange(shares), t // SECOND * SECOND)


def frame(objects, accounts, posts, t):
    """Rows of object, account, post and t, each share once, named by number."""
    return pl.DataFrame({
        "object": [f"url:page{o}.example" for o in objects], "account": [f"x:{a}" for a in accounts],
        "post": [f"x:p{p}" for p in posts], "t": np.asarray(t, np.int64),
    }).unique(["object", "account", "post"], maintain_order=True)  # fmt: skip


def planted(world, size, objects, *, seed=1, part=1.0, spread=30, fresh=0.5, within=None, own=True, name="g"):
    """The world with a group of accounts that share objects together, and the group's names.

    Half of the objects are new links; the others have at least 20 shares, taken at a moment when the object was alive. Members are real accounts with 3 to 50
    objects of their own where `own`, each at 0 to `spread` seconds behind the moment, and take part with the chance `part`.
    """
    rng = np.random.default_rng(seed)
    stats = world.group_by("account").agg(pl.col("object").n_unique()).filter(pl.col("object").is_between(3, 50)).sort("account")
    members = [stats["account"][int(i)] for i in rng.choice(stats.height, size, replace=False)] if own else [f"x:{name}{seed}_{i}" for i in range(size)]
    popular = world.group_by("object").agg(pl.len()).filter(pl.col("len") >= 20).sort("object")["object"].to_list()
    low, high = int(world["t"].min()), int(world["t"].max())
    busy = np.sort(world["t"].to_numpy())
    start = int(rng.integers(low, max(high - (within or 0), low + 1)))
    rows = []
    for q in range(objects):
        new = rng.random() < fresh or not popular
        if new:
            thing = f"url:{name}{seed}-{q}.example"
            moment = int(rng.integers(start, start + within)) if within else int(busy[rng.integers(len(busy))])
        else:
            thing = popular[int(rng.integers(len(popular)))]
            times = world.filter(pl.col("object") == thing)["t"].to_numpy()
            moment = int(times[rng.integers(len(times))]) + int(rng.integers(-600, 600)) * SECOND
        for i, member in enumerate(members):
            if rng.random() < part:
                rows.append((thing, member, f"x:{name}{seed}_{q}_{i}", moment + int(rng.integers(0, spread + 1)) * SECOND))
    more = pl.DataFrame(rows, schema=["object", "account", "post", "t"], orient="row")
    return pl.concat([world, more]).unique(["object", "account", "post"], maintain_order=True), members


def labels(world, seed=1, least=50):
    """Accounts permuted among the posts of the same hour, hours joined until they hold so many: a group alone in its hour would only be dealt to itself."""
    rng = np.random.default_rng(seed)
    posts = world.select("post", "account", "t").unique("post", maintain_order=True).sort("t", "post")
    _, counts = np.unique(posts["t"].to_numpy() // HOUR, return_counts=True)
    joined, number, held = [], 0, 0
    for count in counts.tolist():
        joined.append(number)
        held += count
        if held >= least:
            number, held = number + 1, 0
    hour = np.repeat(joined, counts)
    order = np.lexsort((rng.random(len(hour)), hour))
    moved = posts.with_columns(account=posts["account"].gather(order)).select("post", "account")
    return world.drop("account").join(moved, on="post").unique(["object", "account", "post"], maintain_order=True)


def jitter(world, seed=1):
    """Each post's time redrawn in its own hour."""
    rng = np.random.default_rng(seed)
    posts = world.select("post", "t").unique("post", maintain_order=True).sort("t", "post")
    t = posts["t"].to_numpy() // HOUR * HOUR + rng.integers(0, 3600, posts.height) * SECOND
    return world.drop("t").join(posts.select("post").with_columns(t=pl.Series(t)), on="post")


def dealt(world, each, seed=1):
    """The posts of a world dealt at random to accounts of so many posts."""
    rng = np.random.default_rng(seed)
    posts = world.select("post").unique().sort("post")
    owners = rng.permutation(np.arange(posts.height) // each)
    return world.drop("account").join(posts.with_columns(account=pl.Series([f"x:d{o}" for o in owners])), on="post")


def audience(posts=40, fans=120, median=60, seed=1, share=0.3, days=20, sigma=1.0):
    """One account's posts, passed on by followers as fast as each of them happens to be."""
    rng = np.random.default_rng(seed)
    moments = np.sort(rng.integers(0, days * 24 * 3600, posts))
    rows = []
    for p, moment in enumerate(moments):
        for fan in np.flatnonzero(rng.random(fans) < share):
            rows.append((p, fan, len(rows), (moment + int(rng.lognormal(np.log(median), sigma))) * SECOND))
    return frame(*zip(*rows, strict=True))


def recall(pairs, members):
    """Share of a group's pairs among significant pairs, and how many significant pairs are not of the group."""
    some = set(members)
    found = sum(a in some and b in some for a, b in pairs)
    return found / (len(members) * (len(members) - 1) / 2), len(pairs) - found
