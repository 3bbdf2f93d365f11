"""Tables of posts: what a user's layout says, which clock is believed, ids left as they are, and known files where they are there."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from conftest import SHARED, batch_of
from vigie.engines.block import lines_of
from vigie.sources.csv_records import record_ends
from vigie.sources.post_plan import mapping_of
from vigie.sources.post_times import coarsest, order_of, post_times
from vigie.sources.registry import format_of_layout, recognise
from vigie.sources.source import Reading

SOCIAL = SHARED / "social"
AT = datetime(2017, 5, 6, 18, 0, tzinfo=UTC)


def read(data, name="", **reading):
    """Verdict and rows of a whole table."""
    sample = [line.rstrip(b"\r") for line in data.split(b"\n")[:1000] if line]
    verdict = recognise(sample, name, Reading(**reading), data[: 1 << 20])
    assert verdict is not None
    ends = verdict.source.ends(data, verdict.reading, True)
    rows = verdict.source.read(lines_of(data, "", "", 0, ends), verdict.reading)
    return verdict, pl.from_arrow(rows)


def table(*rows, delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode()


def id_of(moment):
    """What X would call a post made then."""
    return str((int(moment.timestamp() * 1000) - 1_288_834_974_657) << 22 | 5)


def tweets(*, behind=timedelta(0), count=30, form="%Y-%m-%d %H:%M:%S"):
    made = [AT + timedelta(seconds=61 * n) for n in range(count)]
    return table(["created_at", "id", "screen_name", "text"], *[[(at - behind).strftime(form), id_of(at), f"a{n % 7}", "vu"] for n, at in enumerate(made)])


def test_a_layout_names_columns():
    data = table(["Quand", "Qui dit", "Quoi", "Lien 1", "Lien 2"], ["06/05/2017 20:00", "Page", "x", "https://a.example/1", "https://b.example/2"], delimiter=";")
    layout = "seen_at=quand account_name='Qui dit' text=Quoi links='Lien 1' platform=facebook"
    assert format_of_layout(layout) == "posts_csv"
    verdict, rows = read(data, "posts_csv", layout=layout, timezone="Europe/Paris")
    row = rows.row(1, named=True)
    assert (verdict.share, verdict.title) == (1.0, "table of posts")
    assert (row["seen_at"], row["account_id"], row["platform"], row["links"]) == (AT, "Page", "facebook", ["a.example/1"])
    assert "05/2017" in verdict.doubt
    assert "day first" in verdict.doubt
    both = read(data, "posts_csv", layout=layout.replace("'Lien 1'", "Lien_1"))[0]
    assert both.share == 0
    assert "no column is called Lien_1" in both.doubt
    assert "Lien 2" in both.doubt


@pytest.mark.parametrize(
    ("layout", "message"),
    [("acount_id=a seen_at=b", "did you mean 'account_id'"), ("account_id=a", "seen_at"), ("seen_at=a", "account_id"), ("seen_at=a account_id", "no pair"), ("domains=a", "no field")],
)
def test_a_layout_that_cannot_be_used_says_what_is_wrong(layout, message):
    with pytest.raises(ValueError, match=message):
        mapping_of(layout)


def test_a_web_servers_layout_is_still_a_web_servers():
    assert format_of_layout('rt=$request_time "$request" $status [$time_local] $remote_addr') == "nginx"
    assert format_of_layout('a=%h %l %u %t "%r" %>s') == "apache"


@pytest.mark.parametrize(("hours", "said"), [(0, ""), (4, "UTC-04:00"), (-2, "UTC+02:00"), (-5.75, "UTC+05:45")])
def test_ids_of_x_tell_the_zone_of_the_column(hours, said):
    verdict, rows = read(tweets(behind=timedelta(hours=hours)), timezone="Asia/Tokyo")
    posts = rows.filter(pl.col("unread").is_null())
    assert posts["seen_at"].to_list() == [AT + timedelta(seconds=61 * n) for n in range(30)]
    assert posts["time_precision"].unique().to_list() == ["ms"]
    assert posts["platform"].unique().to_list() == ["x"]
    assert (said in verdict.doubt) if said else ("UTC" not in verdict.doubt)


def test_ids_that_tell_another_story_are_not_believed():
    other = tweets(behind=timedelta(days=3))
    verdict, rows = read(other, timezone="Europe/Paris")
    assert rows["seen_at"].drop_nulls()[0] == AT - timedelta(days=3, hours=2)
    assert "UTC" not in verdict.doubt
    assert rows["platform"].drop_nulls().unique().to_list() == ["other"]


def test_a_change_of_clocks_does_not_move_what_the_ids_tell():
    made = [datetime(2017, 11, 5, 4, 30, tzinfo=UTC) + timedelta(minutes=9 * n) for n in range(30)]
    local = [at - timedelta(hours=4 if at < datetime(2017, 11, 5, 6, tzinfo=UTC) else 5) for at in made]
    data = table(["created_at", "id", "user", "text"], *[[at.strftime("%m/%d/%Y %I:%M:%S %p"), id_of(was), "a", "vu"] for at, was in zip(local, made, strict=True)])
    verdict, rows = read(data)
    assert rows["seen_at"].drop_nulls().to_list() == made
    assert "UTC-04:00 and UTC-05:00" in verdict.doubt


def test_a_servers_clock_that_was_off_is_said():
    head = ["id", "thread_id", "timestamp", "unix_timestamp", "body", "author", "author_id", "is_retweet", "retweeted_user", "quoted_user", "replied_user"]
    rows = [[n, n, (AT + timedelta(seconds=n)).strftime("%Y-%m-%d %H:%M:%S"), int(AT.timestamp()) + n - 7200, "vu", "a", 1, "no", "", "", ""] for n in range(30)]
    verdict, posts = read(table(head, *rows))
    assert posts["seen_at"].drop_nulls()[0] == AT
    assert "unix_timestamp differs from timestamp by -2 hours" in verdict.doubt


def test_times_that_show_minutes_only_are_told_to_the_minute():
    rows = [[f"2017-05-06 18:{n:02}:00", f"a{n}", "vu #x", 1] for n in range(30)]
    verdict, posts = read(table(["publish_date", "author", "content", "retweet"], *rows))
    assert posts["time_precision"].drop_nulls().unique().to_list() == ["min"]
    assert "told to the minute only" in verdict.doubt
    assert posts["kind"].drop_nulls().unique().to_list() == ["repost"]


def test_a_sample_too_small_or_too_fine_says_nothing_of_minutes():
    assert coarsest(pl.Series([AT])) == ""
    assert coarsest(pl.Series([AT + timedelta(seconds=n) for n in range(40)])) == "s"


@pytest.mark.parametrize(
    ("text", "found", "precision"),
    [("2017-05-06T18:00:00.250Z", AT + timedelta(milliseconds=250), "ms"), ("Sat May 06 20:00:00 +0200 2017", AT, "s"), ("Sat, 06 May 2017 18:00 GMT", AT, "min"),
     ("1494093600", AT, "s"), ("1494093600.0", AT, "s"), ("1494093600000", AT, "ms"), ("2017-05-06 18:00", AT, "min"), ("5/6/17 6:00 PM", AT, "min"),
     ("2017-05-06", AT.replace(hour=0), "day"), ("1.4940936E9", None, None), ("30/30/2017 10:00", None, None), ("", None, None), ("6.5.", None, None)],
)  # fmt: skip
def test_times_as_tables_write_them(text, found, precision):
    times, told = post_times(pl.Series([text]), "UTC")
    assert (times[0], told[0]) == (found, precision)


def test_the_order_of_dates_is_told_by_dates_that_leave_no_choice():
    assert [order_of(pl.Series(texts)) for texts in (["05/06/2017", "13/06/2017"], ["05/06/2017", "05/13/2017"], ["05/06/2017"], ["13/13/2017"], ["x"])] == ["dmy", "mdy", "", "", ""]


def test_a_header_further_down_and_damage_cost_only_themselves():
    data = tweets(count=3) + tweets(count=2) + b'2017-05-06 18:00:00,1,"a\n2017-05-06 18:00:00,2,"b",c\n'
    _, rows = read(data)
    assert rows["unread"].cast(pl.String).to_list() == ["header line", None, None, None, "header line", None, None, "a quote that is not closed", None]
    assert rows["byte_offset"].to_list() == [0, *record_ends(data, ",", True).tolist()[:-1]]


def test_texts_of_any_length_are_kept_and_links_of_the_first_part_only():
    data = table(["created_at", "id", "screen_name", "text"], *[["2017-05-06 18:00:00", n, "a", "x" * 100_000 + " https://t.co/a #b"] for n in range(3)])
    _, rows = read(data)
    assert rows["text"].str.len_chars().drop_nulls().to_list() == [100_018] * 3
    assert rows["links"].drop_nulls().to_list() == [[]] * 3


def test_tables_of_other_things_are_left_alone():
    profiles = table(["id", "screen_name", "description", "url", "followers_count", "created_at", "lang"], [1, "a", "x", "", 3, "2017-05-06 18:00:00", "fr"])
    flows = table(["ts", "te", "td", "sa", "da", "user"], ["2017-05-06 18:00:00", "2017-05-06 18:00:00", 1, "192.0.2.1", "192.0.2.2", "a"])
    for data in (profiles, flows, table(["a", "b"], [1, 2])):
        verdict = recognise([line for line in data.split(b"\r\n") if line], "", Reading(), data)
        assert verdict is None or verdict.source.record.name != "post"


def test_an_unknown_header_with_the_format_insisted_on_says_so():
    data = table(["a", "b", "c"], [1, 2, 3])
    verdict = recognise(data.decode().encode().split(b"\r\n")[:2], "fourcat_csv", Reading())
    assert verdict.share == 0
    rows = verdict.source.read(batch_of([b"a,b,c\n", b"1,2,3\n"]), verdict.reading)
    assert set(rows.column("unread").to_pylist()) == {"no header that names its columns"}


@pytest.mark.skipif(not SOCIAL.is_dir(), reason="development data is not here")
def test_the_burst_file_is_in_the_time_that_its_ids_tell():
    data = (SOCIAL / "event_mayweather_mcgregor_tweets.csv").read_bytes()
    verdict, rows = read(data, timezone="Europe/Paris")
    posts = rows.filter(pl.col("unread").is_null())
    assert (len(rows), len(posts)) == (12_119, 12_118)
    assert "UTC-04:00" in verdict.doubt
    assert str(posts["seen_at"].min())[:16] == "2017-08-27 04:05"
    standard = [row["id"] for row in csv.DictReader(io.StringIO(data.decode()))]
    assert posts["post_id"].to_list() == standard


@pytest.mark.skipif(not SOCIAL.is_dir(), reason="development data is not here")
def test_every_text_is_what_the_standard_library_reads():
    data = (SOCIAL / "euvsdisinfo_posts.csv").read_bytes()
    _, rows = read(data, "posts_csv", layout="seen_at=date url=id title=title")
    standard = [row["title"] for row in csv.DictReader(io.StringIO(data.decode()))]
    assert rows["title"].drop_nulls().to_list() == [title for title in standard if title]
    assert len(rows) == 10_893


def test_the_table_of_clemsons_researchers_is_read_by_its_usual_names():
    head = (
        "external_author_id,author,content,region,language,publish_date,harvested_date,following,followers,updates,post_type,account_type,retweet,account_category,"
        "new_june_2018,alt_external_id,tweet_id,article_url,tco1_step1,tco2_step1,tco3_step1"
    )
    made = [AT + timedelta(seconds=61 * n) for n in range(12)]
    rows = [
        ["9.06E+17", "NAME", "Vu https://t.co/a", "France", "French", at.strftime("%-m/%-d/%Y %H:%M"), "5/6/2017 19:00", 1, 2, 3, "RETWEET" if n == 1 else "", "Right", n % 2,
         "RightTroll", 0, 906000000000000000, id_of(at), f"http://twitter.com/906/statuses/{id_of(at)}", "https://www.gazette.example/a?utm_source=x", "", "https://b.example/"]
        for n, at in enumerate(made)
    ]  # fmt: skip
    verdict, found = read(table(head.split(","), *rows))
    posts = found.filter(pl.col("unread").is_null())
    first = posts.row(0, named=True)
    assert posts["seen_at"].to_list() == made
    assert (verdict.source.name, first["account_id"], first["language"], first["platform"]) == ("posts_csv", "NAME", "fr", "x")
    assert first["links"] == ["gazette.example/a", "b.example"]
    assert posts["kind"].to_list()[:3] == ["post", "repost", "post"]
