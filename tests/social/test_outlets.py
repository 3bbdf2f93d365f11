"""The file in which a user declares groups: what it must hold, where an error is, and who belongs to whom."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from social.post_tables import posts_of
from vigie.social.declarations import DeclarationError
from vigie.social.outlets import Group, declared, group_of_hosts, group_of_posts

GOOD = """
[[group]]
name = "state"
title.fr = "Médias d'un État"
kind = "state_media"
domains = ["www.Etat.example", "direct.etat.example", "écho.example"]
as_of = 2026-01-01
source = "a list"

[[group]]
name = "sphere"
kind = "sphere"
accounts = ["x:1", "x:2", "telegram:channel3"]
domains = ["blog.public.example"]
as_of = 2026-02-01
source = "shared links"
"""


def test_a_good_file():
    state, sphere = declared(GOOD.encode())
    assert state == Group("state", "Médias d'un État", "Médias d'un État", "state_media", ("etat.example", "direct.etat.example", "xn--cho-9la.example"), (), date(2026, 1, 1), "a list")
    assert not sphere.shown


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (('kind = "sphere"', 'kind = "spher"'), "line 10, [[group]] 2 (sphere): kind 'spher' is none of"),
        (('"x:2"', '"x 2"'), "accounts 2: 'x 2' is no account. Try"),
        (('"blog.public.example"', '"https://blog.public.example/a"'), "is no host name. Try"),
        (('"blog.public.example"', '"co.uk"'), "belongs to many"),
        (('"blog.public.example"', '"etat.example"'), "stands in [[group]] state and again in sphere"),
        (('"blog.public.example"', "7"), "domains 1: must be a text"),
        (('name = "sphere"', 'name = "state"'), "'the name state' stands in"),
        (('name = "sphere"', 'name = "The sphere"'), "must begin with a small letter"),
        (("as_of = 2026-02-01", 'as_of = "2026"'), "as_of must be the date of the list"),
        (('source = "shared links"', ""), "source must be a text"),
        (('source = "shared links"', 'source = "a\\u001b[2J"'), "source must be a text"),
        (('source = "shared links"', 'sources = "x"'), "nothing is called 'sources' here. Did you mean source?"),
        (('title.fr = "Médias d\'un État"', 'title = "x"'), "title must tell a language"),
        (('accounts = ["x:1", "x:2", "telegram:channel3"]\ndomains = ["blog.public.example"]\n', ""), "nobody is in it"),
        (("[[group]]\nname = \"sphere\"", "[groups]\nname = \"sphere\""), "nothing is called 'groups' here"),
    ],
)  # fmt: skip
def test_an_error_says_where_and_what_to_try(change, wanted):
    assert change[0] in GOOD
    with pytest.raises(DeclarationError) as error:
        declared(GOOD.replace(*change).encode())
    assert wanted in str(error.value)


@given(st.one_of(st.binary(max_size=200), st.text(alphabet='[]group="\n.x12', max_size=120).map(str.encode)))
def test_any_bytes_are_groups_or_an_error(data):
    try:
        assert declared(data)
    except DeclarationError as error:
        assert str(error)


def test_too_large_a_file_is_refused():
    with pytest.raises(DeclarationError, match="4 MiB"):
        declared(b"#" * (4 << 20) + b"##")


def test_the_example_is_good():
    groups = declared((Path(__file__).parents[2] / "examples" / "groups.toml").read_bytes())
    assert {"state_media", "mainstream", "sphere", "own"} <= {group.kind for group in groups}
    assert all(group.shown for group in groups)


def test_a_host_belongs_to_the_nearest_declared_parent():
    groups = declared(GOOD.encode())
    hosts = pl.Series(["etat.example", "fr.etat.example", "notetat.example", "etat.example.evil.example", "a.blog.public.example", "public.example", None, "", "." * 300])
    assert group_of_hosts(hosts, groups).to_list() == ["state", "state", None, None, "sphere", None, None, None, None]


def test_authors_are_found_by_account_and_articles_by_host():
    posts = posts_of({"account_id": "1"}, {"account_id": "1", "platform": "mastodon"}, {"account_id": "fr.etat.example", "platform": "site"}, {"account_id": "etat.example"})
    assert group_of_posts(posts, declared(GOOD.encode())).to_list() == ["sphere", None, "state", None]
    assert group_of_posts(posts, ()).to_list() == [None] * 4
