"""What the case files of posts in JSON cannot say: answers with what stands beside them, whole documents, streams in blocks."""

from __future__ import annotations

import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.engines.block import Task, do_block, lines_of
from vigie.engines.files import blocks
from vigie.sources.json_documents import LONGEST_FRAME, cuts_of, items_of, line_ends
from vigie.sources.post_rows import clock_of_x, instants, languages, own_words
from vigie.sources.registry import recognise
from vigie.sources.source import Reading


def tweet(number, text="oui", **more):
    return {"id": str(860000000000000000 + number), "author_id": "11", "created_at": "2017-05-05T18:41:00.000Z", "text": text, **more}


REPOST = tweet(1, "RT @gazette: Les doc…", referenced_tweets=[{"type": "retweeted", "id": "5"}], entities={"mentions": [{"username": "gazette"}]})
ORIGINAL = {"id": "5", "author_id": "12", "created_at": "2017-05-05T18:00:00.000Z", "text": "Les documents &gt; https://t.co/y #Fuite",
            "entities": {"urls": [{"url": "https://t.co/y", "expanded_url": "https://www.gazette.example/une"}], "hashtags": [{"tag": "Fuite"}]}}  # fmt: skip
PAGE = {"data": [REPOST, tweet(2, "] } non", in_reply_to_user_id="12")], "includes": {"users": [{"id": "11", "username": "anne"}, {"id": "12", "username": "gazette"}], "tweets": [ORIGINAL]},
        "errors": [{"title": "Not Found Error"}], "meta": {"result_count": 2}, "__twarc": {"retrieved_at": "2017-05-06T00:00:00Z"}}  # fmt: skip


class Given:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        part = self.data[self.at : self.at + size]
        self.at += len(part)
        return part


def rows_of(data, step=0):
    """Rows of a file, read in blocks of `step` bytes as the engine does."""
    verdict = recognise([line for line in data.splitlines() if line][:1000], "", Reading(), data[: 1 << 20])
    source, reading = verdict.source, verdict.reading
    cut = (lambda held: source.ends(held, reading, False)) if source.ends else None
    rows, end = [], 0
    for at, block in blocks(Given(data), step or len(data), 0, cut):
        assert at == end
        end += len(block)
        rows += source.read(lines_of(block, "posts", "posts", at, source.ends(block, reading, True) if source.ends else None), reading).to_pylist()
    assert end == len(data)
    return source.name, rows


def read(rows, *names):
    return [tuple(row[name] for name in names) for row in rows if row["unread"] is None]


FORMS = {
    "answers a line": (json.dumps(PAGE) + "\n") * 3,
    "one answer": json.dumps(PAGE, indent=2),
    "list of answers": json.dumps([PAGE] * 3, indent=1),
    "includes first": json.dumps({name: PAGE[name] for name in ("__twarc", "includes", "data")}, indent=1),
}


@pytest.mark.parametrize("form", FORMS)
def test_reposts_have_the_whole_text_of_the_original_that_stands_beside_them(form):
    name, rows = rows_of(FORMS[form].encode())
    assert name == "x_api"
    found = read(rows, "kind", "text", "links", "hashtags", "account_name", "ref_account_id", "ref_account_name")
    assert found[0] == ("repost", "Les documents > https://t.co/y #Fuite", ["gazette.example/une"], ["fuite"], "anne", "12", "gazette")
    assert found[1] == ("reply", "] } non", [], [], "anne", "12", "gazette")
    assert len(found) in (2, 6)
    assert {row["collected_at"].isoformat() for row in rows if row["unread"] is None} == {"2017-05-06T00:00:00+00:00"}
    assert {row["unread"] for row in rows if row["unread"]} == {"frame of the document"}


@pytest.mark.parametrize("form", ["answers a line", "list of answers"])
def test_answers_are_never_cut_from_what_stands_behind_them(form):
    data = FORMS[form].encode()
    names = ("post_id", "text", "ref_account_name")
    whole = read(rows_of(data)[1], *names)
    for step in (700, 2500):
        assert read(rows_of(data, step)[1], *names) == whole


def test_an_answer_does_not_lend_its_names_to_another():
    other = PAGE | {"includes": {}}
    _, rows = rows_of((json.dumps(PAGE) + "\n" + json.dumps(other) + "\n" + json.dumps(tweet(9)) + "\n").encode())
    assert [row["account_name"] for row in rows if row["unread"] is None] == ["anne", "anne", None, None, None]


def test_a_broken_answer_harms_no_other():
    line = json.dumps(PAGE)
    both = [("860000000000000001", "anne"), ("860000000000000002", "anne")]
    for at, kept in ((30, []), (line.index("] } non"), [("860000000000000001", None)]), (line.index('"includes"'), [(one, None) for one, _ in both])):
        _, rows = rows_of((line + "\n" + line[:at] + "\n" + line + "\n").encode())
        assert read(rows, "post_id", "account_name") == [*both, *kept, *both], at


def test_a_long_frame_is_several_pieces_and_still_read_whole():
    users = [{"id": str(number), "username": f"u{number}", "description": "d" * 1000} for number in range(1, 1500)]
    data = (json.dumps(PAGE | {"includes": {"users": users}}) + "\n").encode()
    _, rows = rows_of(data)
    sizes = [b - a for a, b in zip([row["byte_offset"] for row in rows], [*(row["byte_offset"] for row in rows[1:]), len(data)], strict=True)]
    assert max(sizes) <= LONGEST_FRAME + 1100
    assert [row["account_name"] for row in rows if row["unread"] is None] == ["u11", "u11"]


def message(number, sender, text):
    return {"id": number, "type": "message", "date": "2022-02-21T17:16:17", "date_unixtime": "1645456577", "from_id": sender, "text": text, "text_entities": [{"type": "plain", "text": text}]}


def chat(kind, number, messages, **more):
    return {**more, "type": kind, "id": number, "messages": messages}


ACCOUNT = {
    "about": "Here is the data you requested.", "personal_information": {"user_id": 5, "first_name": "A"}, "contacts": {"list": [{"first_name": "B", "messages": 3}]},
    "chats": {"about": "", "list": [
        chat("public_channel", 77, [message(1, "channel77", 'un "] }'), message(2, "channel77", "deux")], name='Canal "messages": ['),
        chat("saved_messages", 5, [message(3, "user5", "secret")]),
        chat("personal_chat", 9, [message(4, "user9", "privé")], name=None),
        chat("public_supergroup", 8, [message(1, "user9", "trois")], name="G"),
        {"odd": 1, "messages": [message(6, "user9", "de qui ?"), message(7, "channel12", "d'ailleurs")]},
    ]},
}  # fmt: skip


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("step", [0, 64, 700])
def test_of_an_account_what_people_write_to_each_other_is_left_alone(indent, step):
    name, rows = rows_of(json.dumps(ACCOUNT, indent=indent).encode(), step)
    assert name == "telegram"
    assert read(rows, "post_id", "text") == [("77/1", 'un "] }'), ("77/2", "deux"), ("8/1", "trois"), ("12/7", "d'ailleurs")]
    assert [row["unread"] for row in rows if row["unread"] and row["unread"] != "frame of the document"] == ["message of a private chat"] * 2 + ["message of a chat that is not told"]
    assert not any(row["text"] for row in rows if row["unread"])


def test_a_chat_alone_may_be_cut_anywhere_between_messages():
    data = json.dumps(chat("public_channel", 77, [message(n, "channel77", f"m{n}") for n in range(50)], name="Canal"), indent=1).encode()
    for step in (0, 1000, 4000):
        assert read(rows_of(data, step)[1], "post_id") == [(f"77/{n}",) for n in range(50)]


STATUS = {"id": "1", "uri": "https://social.example/1", "created_at": "2019-12-08T03:48:33.901Z", "visibility": "public", "in_reply_to_id": None,
          "account": {"id": "7", "acct": "anne", "url": "https://social.example/@anne"}, "content": "<p>oui</p>"}  # fmt: skip


@pytest.mark.parametrize("data", [
    json.dumps([STATUS] * 3), json.dumps([STATUS] * 3, indent=2), (json.dumps(STATUS) + "\n") * 3, json.dumps([STATUS] * 2) + "\n" + json.dumps([STATUS]) + "\n",
    json.dumps({"accounts": [{"id": "7"}], "statuses": [STATUS] * 3, "hashtags": [{"name": "x"}]}, indent=1),
    json.dumps({"accounts": [], "statuses": [STATUS] * 3}) + "\n",
])  # fmt: skip
@pytest.mark.parametrize("step", [0, 150])
def test_statuses_in_every_shape(data, step):
    name, rows = rows_of(data.encode(), step)
    assert name == "mastodon"
    assert read(rows, "account_id", "text") == [("anne@social.example", "oui")] * 3


def test_every_post_is_found_again_at_its_place():
    data = FORMS["list of answers"].encode()
    for row in rows_of(data)[1]:
        if row["unread"] is None:
            assert json.loads(data[row["byte_offset"] :].decode().partition(',\n   {\n    "id"')[0].partition("\n  ],")[0])["id"] == row["post_id"]


def test_the_engine_counts_every_piece():
    data = FORMS["answers a line"].encode()
    done = do_block(data, Task("posts", "posts.jsonl", 0, "x_api", Reading(), keep=True))
    assert (done.lines, done.unread, done.records.num_rows) == (12, 6, 6)


JSONS = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=6), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["data", "a", '"', "[{"]), inner, max_size=3), max_leaves=12)


@given(JSONS, st.lists(st.dictionaries(st.sampled_from(["id", "b", "}"]), JSONS, max_size=3), max_size=5), st.sampled_from([None, 1]))
def test_items_are_found_as_a_parser_would(around, items, indent):
    items = [item for item in items if '"data":' not in json.dumps(item, separators=(",", ":"))]
    document = json.dumps({"before": "data: [{" , "data": items, "after": str(around)}, indent=indent, ensure_ascii=False).encode("utf-8", "replace")
    found = items_of(document, ("data",), lines=False)
    assert [json.loads(document[begin:end]) for begin, end in zip(found.begins, found.ends, strict=True)] == json.loads(document)["data"]
    rest = document[found.begins[-1] :] if len(found.begins) else b""
    if rest:
        assert items_of(rest, ("data",), lines=False).begins.tolist() == [0]


@given(st.lists(st.sampled_from([b'{"data":[', b"{", b"}", b"[", b"]", b'"', b"\\", b"\n", b",", b'"data":[{', b"x"]), max_size=40).map(b"".join))
def test_any_bytes_are_cut_without_loss(data):
    for lines in (True, False):
        cuts = cuts_of(items_of(data, ("data",), lines=lines), data, line_ends(data) if lines else None)
        assert cuts.tolist() == sorted(set(cuts.tolist())) and (not data or (cuts[-1] == len(data) and cuts[0] > 0))


def test_ids_of_x_tell_the_time():
    found = clock_of_x(pl.Series(["860000000000000000", "20", "8.6E+17", None, "9" * 19]))
    assert found.dt.to_string("%F %T%.3f").to_list()[:2] == ["2017-05-04 05:15:52.684", None]
    assert found.is_null().to_list() == [False, True, True, True, True]


def test_names_before_reposts_languages_and_moments():
    text, name = own_words(pl.Series(["RT @a_1: oui\nnon", "RT @a oui", "je dis RT @a: x", None]))
    assert (text.to_list(), name.to_list()) == (["oui\nnon", "RT @a oui", "je dis RT @a: x", None], ["a_1", None, None, None])
    assert languages(pl.Series(["fr-FR", "und", "qme", "iw", "", "x" * 50, None])).to_list() == ["fr", None, None, "he", None, None, None]
    odd = pl.Series(["2017-02-03T00:00:00.5Z", "2017-02-03T01:00:00+01:00", "2017-02-30T00:00:00Z", "1969-01-01T00:00:00Z", "+12017-01-01T00:00:00Z", None])
    assert instants(odd).dt.to_string("%F %T%.3f").to_list() == ["2017-02-03 00:00:00.500", "2017-02-03 00:00:00.000", None, None, None, None]
