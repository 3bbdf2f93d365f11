"""Posts in the archive: what is evidence stays with its raw line, what is not leaves no words, whatever happens between."""

import json
from datetime import timedelta

import pyarrow as pa
import pytest

import vigie.cli.verb_read as verb
from invented_posts import BEGIN, GROUP, GROUPS, World, lines, weekend
from vigie.archive.account_names import Names
from vigie.archive.archive import Archive, ArchiveError
from vigie.archive.group_facts import group_facts
from vigie.attacks.settings import Settings
from vigie.engines.local import Options

POSTS = weekend()
SAID = [one["text"] for one in POSTS]


def read(folder, *parts, groups=True, keep="evidence"):
    """Read files of posts, one after the other, each by a command of its own; the last state."""
    (folder / "groups.toml").write_text(GROUPS, "utf-8")
    catalogue = None
    for number, part in enumerate(parts):
        path = folder / f"posts-{number}.jsonl"
        path.write_bytes(lines(part))
        if catalogue is not None:
            catalogue.connection.close()
        _, problems, catalogue = verb.read_paths((str(path),), folder / "archive", Options(workers=1, keep=keep), Settings(), {"groups": folder / "groups.toml"} if groups else None)
        assert not problems
    return catalogue


def attacks(catalogue):
    return sorted((row["kind"], row["actor"], row["sources"], row["signals"]) for row in catalogue.rows("select kind, actor, sources, signals from attacks"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    with read(tmp_path_factory.mktemp("posts"), POSTS) as catalogue:
        yield catalogue


def test_a_group_in_concert_and_a_wave_count_and_nothing_else_does(whole):
    assert attacks(whole) == [("coordinated_group", "6 accounts", 6, 36), ("rumour_wave", "6 accounts", 6, 36)]
    members = {row["account"] for row in whole.rows("select distinct account from coordinated_members")}
    assert members == {f"x:{account}" for account in GROUP}
    assert {row["family"] for row in whole.rows("select family from attacks")} == {"information_operation"}


def test_of_what_is_no_evidence_no_word_is_kept(whole):
    kept = {json.loads(row["line"])["id"] for row in whole.rows("select line from evidence")}
    of_group = {one["id"] for one in POSTS if one["author_id"] in GROUP}
    assert of_group <= kept
    assert len(kept) < len(POSTS) / 2
    assert whole.rows("select text, title, account_name, mentions from posts where text is not null or title is not null or account_name is not null or mentions is not null") == []
    assert list((whole.archive.folder / "held").iterdir()) == []
    forgotten = [written for one in POSTS if one["id"] not in kept for written in (one["text"].encode(), json.dumps(one["text"])[1:-1].encode())]
    stored = b"".join(path.read_bytes() for path in whole.archive.folder.rglob("*") if path.is_file())
    assert not any(text in stored for text in forgotten)


def test_every_signal_quotes_its_line(whole):
    rows = whole.rows("select s.evidence, e.line from signals s join evidence e on s.file = e.file and s.byte_offset = e.byte_offset")
    assert len(rows) >= 72
    assert all(row["evidence"] and row["evidence"] in row["line"].decode() for row in rows)


def test_what_chance_gives_is_said_of_each_kind_apart(whole):
    [group] = whole.rows('select distinct "group" as id from coordinated_groups')
    kinds = [row for row in group_facts(whole, Names(b"k" * 32), group["id"], 1)["expected_by_kind"] if row["proved"]]
    said = "; ".join(f"{row['proved']} pairs by {row['kind']}, close on {row['found']:.0f} common objects where chance gives {row['expected']:.1f}" for row in kinds)
    [reading] = whole.rows("select distinct reading from signals where kind = 'coordinated_group'")
    assert kinds and reading["reading"].endswith(f"coincidences; {said}")


def test_all_words_are_kept_when_the_user_says_so(tmp_path):
    with read(tmp_path, POSTS[:60], groups=False, keep="all") as catalogue:
        assert {row["text"] for row in catalogue.rows("select text from posts")} == set(SAID[:60])


def test_without_declared_groups_there_is_no_wave(tmp_path):
    with read(tmp_path, POSTS, groups=False) as catalogue:
        assert [kind for kind, *_ in attacks(catalogue)] == ["coordinated_group"]


def test_a_site_and_its_own_account_are_no_group(tmp_path):
    times = [BEGIN + timedelta(hours=4 * number) for number in range(9)]
    items = "".join(
        f"<item><title>Titre {number}</title><link>https://gazette.example/neuf/{number}</link><pubDate>{at.strftime('%a, %d %b %Y %H:%M:%S +0000')}</pubDate></item>"
        for number, at in enumerate(times)
    )
    (tmp_path / "feed.xml").write_text(f'<?xml version="1.0"?><rss version="2.0"><channel><title>Gazette</title>{items}</channel></rss>', "utf-8")
    options = Options(format="articles", workers=1)
    verb.read_paths((str(tmp_path / "feed.xml"),), tmp_path / "archive", options, Settings())[2].connection.close()
    own = World()
    for number, at in enumerate(times):
        own.post("9999", at + timedelta(seconds=8), f"À lire chez nous {number}", f"https://gazette.example/neuf/{number}")
    with read(tmp_path, POSTS, [one | {"id": f"9{one['id']}"} for one in own.told()]) as catalogue:
        assert catalogue.rows("select count(*) as n from social_posts where platform = 'site'") == [{"n": 9}]
        assert [row["accounts"] for row in catalogue.rows("select accounts from coordinated_groups")] == [6]


def test_one_operation_over_two_platforms_is_one_attack():
    import polars as pl

    from vigie.archive.post_operations import WAVES, operations
    from vigie.records import POST
    from vigie.social.coordination import coordination

    rows = [
        {"row": n, "feed": "f", "file": "f", "byte_offset": n, "platform": ("x", "mastodon")[n % 2], "post_id": str(n), "seen_at": None, "fingerprint": n} for n in range(6)
    ]
    wave = pl.DataFrame([{"wave_id": "w1", "origin": "o", "carrier": "s:c", "first_seen": None, "last_seen": None, "rumours": 1, "accounts": 6, "posts": 6}], schema=WAVES)
    carried = pl.DataFrame({"wave_id": ["w1"] * 6, "claim": ["url:a.example/1"] * 6, "row": range(6), "account": [str(n) for n in range(6)]})
    nothing = coordination(pl.DataFrame(pl.from_arrow(POST.empty())).with_columns(row=pl.lit(0, pl.Int64)))
    counted, signals = operations(nothing, wave, carried, pl.DataFrame(rows), {})
    assert counted.num_rows == 1
    assert signals.column("asset").unique().to_pylist() == ["mastodon, x"]


def test_waves_a_day_apart_are_two_attacks(tmp_path):
    with read(tmp_path, weekend(articles=4, apart=30.0)) as catalogue:
        assert [kind for kind, *_ in attacks(catalogue)].count("rumour_wave") == 4


def test_halves_in_any_order_give_what_the_whole_gives(tmp_path, whole):
    half = len(POSTS) // 2
    for name, parts in (("forth", (POSTS[:half], POSTS[half:])), ("back", (POSTS[half:], POSTS[:half])), ("twice", (POSTS, POSTS))):
        (tmp_path / name).mkdir()
        with read(tmp_path / name, *parts) as catalogue:
            assert attacks(catalogue) == attacks(whole), name


def test_lines_that_a_crash_left_held_are_settled_by_the_next_reading(tmp_path, monkeypatch):
    with monkeypatch.context() as crash:
        crash.setattr(verb, "settle", lambda catalogue: None)
        read(tmp_path, POSTS[:300]).connection.close()
    held = list((tmp_path / "archive" / "held").iterdir())
    assert held
    with read(tmp_path, POSTS) as catalogue:
        assert not list((tmp_path / "archive" / "held").iterdir())
        assert catalogue.rows("select count(*) as n from evidence")[0]["n"] > 42


def test_what_another_reading_holds_meanwhile_is_left_to_it(tmp_path, monkeypatch):
    with monkeypatch.context() as later:
        later.setattr(verb, "settle", lambda catalogue: None)
        first = read(tmp_path, POSTS[:200])
        path = tmp_path / "more.jsonl"
        path.write_bytes(lines(POSTS[200:]))
        second = verb.read_paths((str(path),), tmp_path / "archive", Options(workers=1), Settings())[2]
    assert len(list((tmp_path / "archive" / "held").iterdir())) == 2
    with first:
        verb.settle(first)
    assert len(list((tmp_path / "archive" / "held").iterdir())) == 1
    with second:
        verb.settle(second)
    assert list((tmp_path / "archive" / "held").iterdir()) == []


def test_what_is_held_for_a_segment_that_never_came_is_swept_away(tmp_path):
    read(tmp_path, POSTS[:30]).connection.close()
    archive = Archive(tmp_path / "archive")
    for name in ("0" * 16 + "-00000000000000-00000000000009.parquet", "half.tmp"):
        (archive.folder / "held" / name).write_bytes(b"x")
    with archive.open_for_writing():
        pass
    assert list((archive.folder / "held").iterdir()) == []


def test_a_full_disk_while_settling_leaves_lines_held(tmp_path, monkeypatch, capsys):
    def full(*_):
        raise ArchiveError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(Archive, "settle", full)
        read(tmp_path, POSTS[:40]).connection.close()
    assert "stay held" in capsys.readouterr().err
    assert list((tmp_path / "archive" / "held").iterdir())


def test_a_file_of_groups_that_is_none_is_said_in_one_sentence(vigie):
    (vigie.folder / "posts.jsonl").write_bytes(lines(POSTS[:5]))
    (vigie.folder / "groups.toml").write_text("[[group]]\nname = 3\n", "utf-8")
    vigie("read", "posts.jsonl", "--groups", "groups.toml", code=2)
    assert "groups.toml" in vigie.err
    assert "Traceback" not in vigie.err


def test_lines_held_by_an_older_version_have_no_normal_form(tmp_path):
    import duckdb
    import pyarrow.parquet as pq

    from vigie.archive.quoted import view
    from vigie.social.kept import FORM, HELD

    (tmp_path / "held").mkdir()
    row = {"feed": "f", "file": "a.jsonl", "byte_offset": 0, "line": b"x", "text": "Bonjour"}
    pq.write_table(pa.Table.from_pylist([row], HELD).drop_columns([FORM]), tmp_path / "held" / "old.parquet")
    pq.write_table(pa.Table.from_pylist([row | {"byte_offset": 2, FORM: "bonjour"}], HELD), tmp_path / "held" / "new.parquet")
    connection = duckdb.connect()
    connection.register("quoted_lines", HELD.empty_table().select(["feed", "file", "byte_offset", "line"]))
    view(connection, tmp_path)
    assert connection.sql("select * from held_posts").columns == HELD.names
    assert connection.sql(f"select byte_offset, text, {FORM} from held_posts order by 1").fetchall() == [(0, "Bonjour", None), (2, "Bonjour", "bonjour")]


def test_copies_that_are_not_equal_are_still_one_claim_when_more_is_read(tmp_path):
    world, wording = World(), "Le maire aurait promis de vendre la piscine municipale à un groupe étranger avant l'été prochain"
    for number, text in enumerate((wording, f"Info : {wording}", f"{wording}, à lire", wording)):
        world.post(f"9{number}", BEGIN + timedelta(minutes=90 * number), text)
    world.post("97", BEGIN + timedelta(hours=20), "Rien à voir avec tout cela, il pleut sur le stade depuis ce matin")
    first, later = world.told()[:4], world.told()[4:]
    asked = "select posts, accounts from rumours where unit = 'text' order by posts desc limit 1"
    with read(tmp_path, first) as once:
        told = once.rows(asked)
    assert told == [{"posts": 4, "accounts": 4}]
    with read(tmp_path, first, later) as again:
        assert again.rows(asked) == told
        assert sum(b"piscine" in row["line"] for row in again.rows("select line from evidence")) == 3  # one of the two that are equal
