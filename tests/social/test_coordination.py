"""Shares, coincidences against a naive reference, planted groups, and worlds that hold none."""

import functools
import pickle
import re
from itertools import combinations
from string import Formatter

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import SHARED
from social.post_tables import posts_of
from social.sharing_worlds import SECOND, audience, dealt, frame, jitter, labels, planted, recall, strangers
from vigie.social.coordination import EXPLANATIONS, coordination, of_shares
from vigie.social.coordination_direction import direction, independent
from vigie.social.coordination_graph import communities, components
from vigie.social.coordination_pairs import coincidences, pairs_of_object
from vigie.social.coordination_parity import coortweet_edges, coortweet_pairs, toolkit_edges
from vigie.social.coordination_words import EXPLAINED, KINDS_SAID, SAID
from vigie.social.objects import bursts
from vigie.social.shares import KINDS, SHARES, share_table, shares
from vigie.social.significance import SEVERAL, Settings, examined, significance
from vigie.social.significance_groups import members
from vigie.social.significance_tails import binomial_two_sided, q_values, tails
from vigie.social.texts import with_texts

SHARED_ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 12), st.integers(0, 90)), max_size=40)


def table_of(rows):
    """Shares of (object, account, post, second); a post belongs to one account and has one time."""
    whole = {}
    for thing, account, number, second in rows:
        post = f"x:{account}-{number}"
        at = next((t for (_, _, p), t in whole.items() if p == post), second)
        whole[f"url:{thing}.example", f"x:{account}", post] = at
    columns = {name: [key[i] for key in whole] for i, name in enumerate(("object", "account", "post"))}
    return share_table(pl.DataFrame({**columns, "t": [t * SECOND for t in whole.values()]}, schema={**dict.fromkeys(columns, pl.String), "t": pl.Int64}))


def naive(table, window):
    """Every pair of rows, one by one."""
    rows = table.sort("t", "account", "post").rows(named=True)
    return {
        (a["object"], frozenset({a["post"], b["post"]}), abs(b["t"] - a["t"])) for a, b in combinations(rows, 2)
        if a["object"] == b["object"] and a["account"] != b["account"] and a["post"] != b["post"] and abs(a["t"] - b["t"]) <= window * SECOND
    }  # fmt: skip


@given(SHARED_ROWS, st.integers(0, 40))
def test_coincidences_are_those_of_every_pair_of_rows(rows, window):
    table = table_of(rows)
    found = coincidences(table, window)
    wanted = naive(table, window)
    assert {(r["object"], frozenset({r["post_a"], r["post_b"]}), r["lag"]) for r in found.pairs.rows(named=True)} == wanted
    assert found.total == found.listed == len(wanted)


@given(SHARED_ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows, random):
    table = table_of(rows)
    order = list(range(table.height))
    random.shuffle(order)
    one, other = coincidences(table, 20), coincidences(table[order], 20)
    assert one.pairs.equals(other.pairs)
    assert one.objects.equals(other.objects)


def test_equal_times_and_the_edge_of_the_window_count():
    table = table_of([(0, 0, 0, 5), (0, 1, 0, 5), (0, 2, 0, 15), (0, 3, 0, 16)])
    assert coincidences(table, 10).pairs.select("account_a", "account_b", "lag").rows() == [
        ("x:0", "x:1", 0), ("x:0", "x:2", 10 * SECOND), ("x:1", "x:2", 10 * SECOND), ("x:2", "x:3", SECOND),
    ]  # fmt: skip


def test_an_account_meets_nobody_in_itself():
    assert coincidences(table_of([(0, 0, 0, 5), (0, 0, 1, 6)]), 60).total == 0


def test_a_crowded_object_is_counted_and_not_listed():
    hub = [(0, account, 0, account % 7) for account in range(40)]
    friends = [(1, 3, 1, 50), (1, 4, 1, 51)]
    found = coincidences(table_of(hub + friends), 10, per_object=100)
    capped = found.objects.filter("capped")
    assert capped["object"].to_list() == ["url:0.example"]
    assert capped["pairs"].item() == 40 * 39 // 2
    assert found.total == 40 * 39 // 2 + 1
    on_hub = found.pairs.filter(pl.col("object") == "url:0.example")
    assert on_hub.filter(~pl.col("sample")).select("account_a", "account_b").rows() == [("x:3", "x:4")]
    assert on_hub.filter("sample").height > 0


def test_a_run_beyond_its_cap_leaves_out_the_largest_object():
    rows = [(0, a, 0, 1) for a in range(10)] + [(1, a, 1, 2) for a in range(5)]
    found = coincidences(table_of(rows), 10, per_run=20)
    assert found.objects.select("pairs", "capped").rows() == [(45, True), (10, False)]


def test_the_kernel_of_one_object_is_pure_and_travels():
    table = table_of([(0, a, 0, a) for a in range(5)])
    kernel = pickle.loads(pickle.dumps(functools.partial(pairs_of_object, window=2)))
    rows = pa.table(table.select("account", "post", "t", "row").to_arrow())
    found = pl.DataFrame(pl.from_arrow(kernel(("url:0.example",), rows)))
    assert found.equals(coincidences(table, 2).pairs)


def test_one_post_with_two_tags_meets_another_once():
    table = table_of([(0, 0, 0, 1), (1, 0, 0, 1), (0, 1, 0, 2), (1, 1, 0, 2)])
    met = independent(coincidences(table, 10).pairs)
    assert met.select("first", "second", "objects").rows() == [("x:0", "x:1", 2)]


def test_a_post_serves_in_one_coincidence_of_a_pair():
    table = table_of([(0, 0, 0, 1), (0, 1, 0, 2), (0, 1, 1, 3)])
    assert independent(coincidences(table, 10).pairs)["lag"].to_list() == [SECOND]


def test_who_is_first_is_tested_by_coincidence_and_by_day():
    day = 86_400
    rows = [(i, 0, i, i * day) for i in range(10)] + [(i, 1, i, i * day + 3) for i in range(10)] + [(10, 0, 10, 5), (10, 1, 10, 5)]
    found = direction(coincidences(table_of(rows), 10).pairs).rows(named=True)[0]
    assert (found["a_first"], found["b_first"], found["ties"], found["share_a_first"]) == (10, 0, 1, 1.0)
    assert found["p"] == pytest.approx(2 / 2**10)
    one_day = direction(coincidences(table_of([(i, a, i, i * 100 + 3 * a) for i in range(10) for a in (0, 1)]), 10).pairs).rows(named=True)[0]
    assert one_day["a_first"] == 10
    assert one_day["p"] == 1.0, "ten times on one day is one day"


def test_tails_are_those_of_every_outcome():
    chances = [0.1, 0.5, 0.3, 0.02]
    wanted = sum(
        np.prod([p if (mask >> i) & 1 else 1 - p for i, p in enumerate(chances)]) for mask in range(16) if bin(mask).count("1") >= 2
    )  # fmt: skip
    found = tails(np.array([0, 0, 0, 0, 1, 2]), np.array([*chances, 0.5, 0.4]), np.array([2, 1, 0]))
    assert found == pytest.approx([wanted, 0.5, 1.0])


def test_tests_that_were_not_made_count_too():
    assert q_values(np.array([0.001, 0.2]), 100) == pytest.approx([0.1, 1.0])
    assert binomial_two_sided(np.array([0, 5, 3]), np.array([10, 10, 0])) == pytest.approx([2 / 2**10, 1.0, 1.0])


@pytest.mark.parametrize(("size", "things", "part"), [(5, 6, 1.0), (10, 8, 0.8), (20, 10, 0.8)])
def test_a_planted_group_is_found_and_nobody_else(size, things, part):
    world, group = planted(strangers(), size, things, seed=size, part=part)
    settings = Settings()
    found, windows, numbers = examined(share_table(world), settings)
    table = members(found, windows, numbers, settings).members
    assert set(table["account"]) <= set(group), "a stranger was taken for a member"
    assert len(set(table["account"])) >= 0.95 * size
    assert table["group"].n_unique() == 1


def test_pairs_of_a_group_that_always_takes_part_are_all_significant():
    world, group = planted(strangers(), 8, 8, seed=3, own=False)
    for settings in (Settings(), Settings(taus=SEVERAL)):
        passed = significance(share_table(world), settings).pairs.filter("significant")
        assert recall(list(zip(passed["account_a"], passed["account_b"], strict=True)), group) == (1.0, 0)


@pytest.mark.parametrize("shuffle", [labels, jitter])
def test_a_shuffled_world_holds_no_group(shuffle):
    world = planted(strangers(), 10, 8, seed=10, own=False)[0]
    settings = Settings()
    found, windows, numbers = examined(share_table(shuffle(world, 5)), settings)
    assert found.pairs.filter("significant").height == 0
    assert members(found, windows, numbers, settings).members.height == 0


@pytest.mark.parametrize(("posts", "fans", "median"), [(40, 80, 60), (150, 40, 30)])
def test_an_audience_is_no_group(posts, fans, median):
    found = of_shares(share_table(audience(posts, fans, median)))
    assert found.groups.height == 0
    assert found.pairs.height > 0, "the test tested nothing"


def test_a_burst_dealt_to_busy_accounts_holds_no_group():
    rng = np.random.default_rng(4)
    count = 3_000
    burst = frame(rng.integers(0, 6, count), np.arange(count), np.arange(count), np.sort(rng.integers(0, 4_200, count)) * SECOND)
    assert significance(share_table(dealt(burst, 10)), Settings()).pairs.filter("significant").height == 0


def test_times_told_too_coarsely_are_left_out_and_told():
    table = share_table(planted(strangers(), 5, 6, seed=5)[0]).with_columns(resolution=pl.lit(60 * SECOND, pl.Int64))
    found = significance(table, Settings())
    assert found.facts["too_coarse"] == table.height
    assert "too_coarse" in found.warnings
    assert found.pairs.height == 0
    assert significance(table, Settings(taus=(60.0,))).pairs.height > 0


def test_a_whole_run_does_not_depend_on_the_order_of_rows():
    world = share_table(planted(strangers(shares=2_500), 6, 6, seed=8)[0])
    one, other = of_shares(world), of_shares(world.sample(fraction=1.0, shuffle=True, seed=9))
    for name in ("groups", "members", "edges", "evidence", "pairs", "objects", "base"):
        assert getattr(one, name).equals(getattr(other, name)), name
    assert one.facts == other.facts


def test_a_group_is_shown_down_to_its_posts():
    world, group = planted(strangers(), 5, 6, seed=5)
    table = share_table(world)
    found = of_shares(table)
    row = found.groups.rows(named=True)[0]
    assert row["accounts"] == 5
    assert set(row["explanations"]) >= {"shared_tool", "notification"}
    assert found.edges.height == 10
    assert found.evidence.filter("example").height == 2
    place = table.select("object", "account", "row")
    for one in found.evidence.rows(named=True):
        assert {one["account_a"], one["account_b"]} <= set(group)
        for side in "ab":
            assert place.filter((pl.col("row") == one[f"row_{side}"]) & (pl.col("object") == one["object"]))["account"].item() == one[f"account_{side}"]


def test_nothing_shared_is_nothing_found():
    found = of_shares(share_table(table_of([]).select("object", "account", "post", "t")))
    assert found.groups.height == found.edges.height == found.objects.height == 0


def test_many_accounts_at_once_on_one_link_are_an_object_to_look_at():
    calm = strangers(accounts=200, objects=60, shares=2_000)
    moment = int(calm["t"].median())
    once_only = pl.DataFrame({"object": ["url:once.example"] * 10, "account": [f"x:o{i}" for i in range(10)], "post": [f"x:o{i}" for i in range(10)], "t": [moment + i * SECOND for i in range(10)]})
    found = bursts(share_table(pl.concat([calm, once_only]))).objects.filter("significant")
    assert found["object"].to_list() == ["url:once.example"]
    assert found["accounts"].item() == 10
    assert sorted(found["members"].item()) == [f"x:o{i}" for i in range(10)]


def test_a_popular_object_at_its_usual_rate_is_none():
    rng = np.random.default_rng(2)
    steady = frame(np.zeros(5_000, int), np.arange(5_000), np.arange(5_000), rng.integers(0, 40_000, 5_000) * SECOND)
    assert bursts(share_table(steady)).objects.filter("significant").height == 0


def test_large_groups_have_communities_and_small_ones_none():
    left = [f"a{i:02}" for i in range(20) for j in range(i + 1, 20)] + [f"b{i:02}" for i in range(20) for j in range(i + 1, 20)] + ["a00"]
    right = [f"a{j:02}" for i in range(20) for j in range(i + 1, 20)] + [f"b{j:02}" for i in range(20) for j in range(i + 1, 20)] + ["b00"]
    names = sorted({*left, *right})
    found = communities(names, left, right, [1.0] * len(left))
    assert found == {name: int(name[0] == "b") for name in names}
    assert communities(names[:3], [], [], []) == dict.fromkeys(names[:3], 0)
    assert components(5, np.array([3, 1]), np.array([4, 3])).tolist() == [0, 1, 2, 1, 1]


def test_shares_of_posts():
    posts = posts_of(
        {"post_id": "1", "links": ["news.example/a", "t.co/x"], "domains": ["news.example", "t.co"], "hashtags": ["vote", "demo"], "media": ["m1"], "text": "A sentence that is long enough to tell, really"},
        {"post_id": "2", "kind": "repost", "ref_post_id": "1", "text": "A sentence that is long enough to tell, really"},
        {"post_id": "3", "kind": "reply", "ref_post_id": "1", "text": "short"},
        {"post_id": "4", "kind": "quote", "ref_post_id": "1", "text": "a SENTENCE that is long enough to tell, really!"},
        {"post_id": "5", "kind": "delete"},
        platform="x", account_id="7",
    )  # fmt: skip
    table = shares(posts, without=["demo"])
    assert table.schema == SHARES
    by_post = {post: sorted(some["kind"].to_list()) for (post,), some in table.group_by("post")}
    assert by_post == {"x:1": ["domain", "domain", "media", "tag", "text", "url", "url"], "x:2": ["repost"], "x:3": ["reply"], "x:4": ["quote", "text"]}
    assert table.filter("short")["object"].to_list() == ["domain:t.co", "url:t.co/x"]
    assert table.filter(pl.col("kind") == "repost")["object"].to_list() == ["repost:x:1"]
    assert table.filter(pl.col("kind") == "text")["object"].n_unique() == 1
    assert shares(with_texts(posts), without=["demo"]).equals(table)
    without_words = with_texts(posts).with_columns(text=pl.lit(None, pl.String)).drop("normalised")
    assert shares(without_words, without=["demo"]).equals(table), "an archive that keeps no text still tells equal ones"
    with pytest.raises(ValueError, match="no kind of object: links"):
        shares(posts, kinds=["links"])


def test_coordination_of_posts():
    rows = [
        {"post_id": f"{a}-{i}", "account_id": str(a), "at": i * 5_000 + (a * 7 if a < 5 else 100 + a * 211 % 1700), "links": [f"news.example/{i}"], "domains": ["news.example"]}
        for i in range(9) for a in range(12)
    ]  # fmt: skip
    found = coordination(posts_of(*rows, platform="x"), kinds=["url"])
    assert found.groups["accounts"].to_list() == [5]
    assert sorted(found.members["account"].to_list()) == [f"x:{a}" for a in range(5)]


@pytest.mark.skipif(not (SHARED / "social" / "parity").is_dir(), reason="the development data does not lie beside the project")
@pytest.mark.parametrize(("window", "least"), [(10, 2), (10, 5), (60, 2), (60, 5)])
def test_pairs_and_edges_are_those_of_the_reference_program(window, least):
    data = pl.read_parquet(SHARED / "social" / "coortweet_russian.parquet")
    name = SHARED / "social" / "parity" / f"gt_russian_tw{window}_mp{least}"
    pairs = coortweet_pairs(data, window, least)
    wanted = pl.read_csv(f"{name}.csv.gz", infer_schema_length=None)
    assert ties_aside(pairs).equals(ties_aside(wanted.select(pairs.columns)))
    edges = by_ends(pl.read_csv(f"{name}_edges.csv", infer_schema_length=None))
    found = by_ends(coortweet_edges(pairs))
    for column in found.columns:
        assert found[column].to_list() == pytest.approx(edges[column].to_list()) if column not in ("from", "to") else found[column].equals(edges[column])


@pytest.mark.skipif(not (SHARED / "social" / "parity").is_dir(), reason="the development data does not lie beside the project")
def test_directed_edges_are_those_of_the_toolkit():
    data = pl.read_parquet(SHARED / "social" / "coortweet_russian.parquet")
    assert [toolkit_edges(data, window).height for window in (10, 60)] == [2_184, 12_412]


def ties_aside(pairs):
    swapped = (pl.col("time_delta") == 0) & (pl.col("content_id") > pl.col("content_id_y"))
    sides = [pl.when(swapped).then(pl.col(b)).otherwise(pl.col(a)).alias(a) for a, b in (("content_id", "content_id_y"), ("content_id_y", "content_id"), ("account_id", "account_id_y"), ("account_id_y", "account_id"))]
    return pairs.with_columns(*sides).with_columns(pl.col("time_delta").cast(pl.Float64)).sort(pl.all())


def by_ends(edges):
    return edges.with_columns(**{"from": pl.min_horizontal("from", "to"), "to": pl.max_horizontal("from", "to")}).sort("from", "to")


@given(SHARED_ROWS, st.integers(0, 30))
def test_toolkit_weights_are_those_of_every_pair_of_rows(rows, window):
    table = table_of(rows).unique("post", keep="first", maintain_order=True)
    data = table.select(object_id="object", account_id="account", content_id="post", timestamp_share=pl.col("t") / SECOND)
    wanted = {}
    for a in table.rows(named=True):
        for b in table.rows(named=True):
            if a["account"] != b["account"] and a["object"] == b["object"] and abs(a["t"] - b["t"]) <= window * SECOND:
                wanted.setdefault((a["account"], b["account"]), set()).add(a["post"])
    assert {(a, b): n for a, b, n in toolkit_edges(data, window).rows()} == {key: len(some) for key, some in wanted.items()}


def test_sentences_name_the_same_numbers_in_both_languages():
    fields = {language: {name: sorted({f for _, f, _, _ in Formatter().parse(text) if f}) for name, text in said.items()} for language, said in SAID.items()}
    assert fields["en"] == fields["fr"]
    assert set(EXPLAINED) == set(EXPLANATIONS)
    assert set(KINDS_SAID) == {*KINDS, "card"}  # a declared claim is no object of shares
    whole = " ".join([*SAID["en"].values(), *SAID["fr"].values(), *(text for pair in EXPLAINED.values() for text in pair)]).lower()
    assert not re.search(r"\b(bots?|robots?|trolls?|fake|faux|operatives?|paid|payés?)\b", whole)
    assert set(SAID["en"]) >= {"few_strangers", "too_coarse", "feeds_apart", "crowding_lowered", "kin_not_sought", "nothing_to_test"}, "a warning without a sentence"
