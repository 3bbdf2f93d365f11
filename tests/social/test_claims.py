"""Claims that the user knows: what a card may say, and which posts are of it and why."""

import gzip
import zlib
from pathlib import Path
from time import process_time

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from social.post_tables import posts_of
from vigie.social import claims as claims_module
from vigie.social.claims import cards, matches, told
from vigie.social.copies import spoken
from vigie.social.declarations import DeclarationError
from vigie.social.pairs_d3lta import pairs

GOOD = """
[[claim]]
name = "account"
wording.fr = "La candidate cacherait un compte"
as_of = 2027-03-02
anchors = ["Dormoy"]
words.fr = ["compte offshore", "argent cach*"]
words.en = ["offshore account"]
words.ru = ["офшорн* счет"]
links = ["https://www.gazette.example/compte?utm_source=x"]
posts = ["mastodon:7"]
rumours = ["r0123456789abcdef"]
denies = ["mastodon:8"]
"""
NOTHING = pl.DataFrame(schema={"rumour_id": pl.String, "row": pl.Int64})


def found(*posts, rumours=NOTHING, card=GOOD):
    table = posts_of(*posts)
    return matches(table, spoken(table), cards(card.encode()), rumours)


def test_words_are_looked_for_whole_or_by_their_beginning_and_each_match_says_which():
    texts = ["Le compte #offshore de DORMOY !", "Dormoy et l'argent caché", "Compte offshore d'un autre", "Dormoy : offshores et comptes", "Офшорный счёт Дормуа", "Offshore account: Dormoy denies"]
    out = found(*({"text": text, "account_id": str(at)} for at, text in enumerate(texts)))
    assert out.select("row", "how", "language", "words", "stance").rows() == [
        (0, "words", "fr", ["compte", "dormoy", "offshore"], None), (1, "words", "fr", ["argent", "cach", "dormoy"], None), (5, "words", "en", ["account", "dormoy", "offshore"], None),
    ]  # fmt: skip


def test_links_posts_and_rumours_bring_in_posts_whatever_they_say():
    posts = [
        {"text": "voyez", "links": ["gazette.example/compte"], "post_id": "5"}, {"text": "rien", "post_id": "7", "platform": "mastodon"},
        {"text": "c'est faux", "post_id": "8", "platform": "mastodon"}, {"text": "autre", "post_id": "9"},
    ]  # fmt: skip
    out = found(*posts, rumours=pl.DataFrame({"rumour_id": ["r0123456789abcdef", "rffffffffffffffff"], "row": [3, 0]}))
    assert out.select("row", "how", "stance").rows() == [(0, "link", None), (1, "post", None), (2, "post", "denies"), (3, "rumour", None)]


def test_a_card_counts_its_posts_and_what_a_person_said_of_them():
    posts = ({"text": "c'est faux", "post_id": "8", "platform": "mastodon"}, {"text": "Le compte offshore de Dormoy", "post_id": "1"})
    card = told(cards(GOOD.encode()), found(*posts), posts_of(*posts), NOTHING)
    assert card.select("name", "posts", "supports", "denies", "reports").rows() == [("account", 2, 0, 1, 0)]
    assert card["absent"].to_list() == [["r0123456789abcdef", "mastodon:7"]]
    assert told(cards(GOOD.encode()), found(), posts_of(), NOTHING)["posts"].to_list() == [0]


def test_a_post_is_of_a_claim_once_by_the_surest_way():
    out = found({"text": "Le compte offshore de Dormoy", "post_id": "7", "platform": "mastodon", "links": ["gazette.example/compte"]})
    assert out.select("row", "how", "language").rows() == [(0, "post", "fr")]


def test_posts_without_words_are_matched_by_all_the_rest():
    table = posts_of({"text": "Le compte offshore de Dormoy", "post_id": "7", "platform": "mastodon"})
    bare = spoken(table).with_columns(normalised=pl.lit(None, pl.String))
    assert matches(table, bare, cards(GOOD.encode()), NOTHING)["how"].to_list() == ["post"]


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (('name = "account"', 'name = "Account"'), "line 2, [[claim]] 1: name 'Account' must begin"),
        (("wording.fr", "wordings.fr"), "nothing is called 'wordings' here. Did you mean wording?"),
        (('wording.fr = "La candidate cacherait un compte"', ""), "says no claim"),
        (("as_of = 2027-03-02", ""), "as_of must be the day of the card"),
        (('"compte offshore"', '"a"'), "must be 1 to 12 words"),
        (("words.fr", "words.french"), "words must tell a language"),
        (("https://www.gazette.example/compte?utm_source=x", "notre page"), "is no address of the web"),
        (('"mastodon:7"', '"7"'), "is no post"),
        (("r0123456789abcdef", "r12"), "is no rumour"),
        (('denies = ["mastodon:8"]', 'denies = ["x:1"]\nsupports = ["x:1"]'), "both supports and denies"),
        (("[[claim]]", "[claims]"), "nothing is called 'claims' here"),
    ],
)  # fmt: skip
def test_an_error_says_where_and_what_to_try(change, wanted):
    assert change[0] in GOOD
    with pytest.raises(DeclarationError) as error:
        cards(GOOD.replace(*change).encode())
    assert wanted in str(error.value)
    assert "Try: " in str(error.value) or "Did you mean" in str(error.value)


def test_a_claim_needs_something_that_tells_its_posts_and_a_name_of_its_own():
    with pytest.raises(DeclarationError, match="nothing tells its posts"):
        cards(b'[[claim]]\nname = "a"\nwording.en = "x"\nas_of = 2027-01-01\n')
    with pytest.raises(DeclarationError, match="two claims"):
        cards((GOOD + GOOD).encode())


@given(st.one_of(st.binary(max_size=200), st.text(alphabet='[]claim="\n.x12', max_size=120).map(str.encode)))
def test_any_bytes_are_claims_or_an_error(data):
    try:
        assert cards(data)
    except DeclarationError as error:
        assert str(error)


def test_the_example_is_good():
    assert [card.name for card in cards((Path(__file__).parents[2] / "examples" / "claims.toml").read_bytes())] == ["foreign_account"]


def test_a_long_file_is_read_in_a_second_or_two():
    sets = ",".join(f'"{" ".join(f"mot{n}x{word}" for word in range(6))}"' for n in range(2_000))
    before = process_time()
    (card,) = cards(f'[[claim]]\nname = "a"\nas_of = 2024-02-01\nwording.fr = "x"\nwords.fr = [{sets}]\n'.encode())
    assert len(card.words) == 2_000
    assert process_time() - before < 5  # word by word it takes half a minute


PARTS = b".".join([b"a"] * 20_000)


@pytest.mark.parametrize(
    "data",
    [
        PARTS + b" = 1", b"[" + PARTS + b"]", b"[[claim]]\nx = {b = 1, " + PARTS + b" = 1}", b'x = {a = """\n""", ' + PARTS + b' = 1, z = ""}', b"x = {a = '''\n''', " + PARTS + b" = 1, z = ''}",
        b'x = ["""\\"""", """\n"""]\n' + PARTS + b" = 1", b"# it's\n" + PARTS + b" = 'x'", b'"a".' + PARTS + b" = 1",
    ],
)  # fmt: skip
def test_names_of_many_parts_do_not_fill_the_memory(data):
    with pytest.raises(DeclarationError, match="points outside of texts"):
        cards(data)


def test_points_in_texts_and_remarks_are_no_parts():
    dots = "." * 40
    (card,) = cards(f"# it's {dots}\n[[claim]]\nname = \"a\"\nas_of = 2024-02-01\nwording.fr = \"a \\\" {dots}\"\nwording.en = 'b {dots}' # {dots}\nwords.fr = [\"\"\"compte {dots} offshore\"\"\"]\n".encode())
    assert card.wording_en == f"b {dots}"


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, lambda data: zlib.compress(data, 0), lambda data: zlib.compress(data, 9)])
def test_pairs_that_are_packed_are_not_unpacked(pack):
    with pytest.raises(DeclarationError, match="compressed"):
        pairs(pack(b"source,target,score,dup_type\na,b,1,rewording\n"))


@given(st.binary(max_size=60), st.integers(0, 60))
def test_any_bytes_are_pairs_or_an_error(noise, at):
    whole = b"source,target,score,dup_type\nx:1,x:2,0.9,rewording\n"
    try:
        assert pairs(whole[:at] + noise + whole[at:]).columns == ["source", "target", "type", "translation", "cosine"]
    except DeclarationError as error:
        assert str(error)


def test_many_sets_are_looked_at_in_parts_and_give_the_same(monkeypatch):
    posts = [{"text": f"dormoy a un compte numéro {chr(97 + n) * 4}", "account_id": str(n)} for n in range(12)]
    card = GOOD.replace('["compte offshore", "argent cach*"]', "[" + ", ".join(f'"compte {chr(97 + n) * 4}", "compt* {chr(97 + n) * 3}*"' for n in range(12)) + "]")
    whole = found(*posts, card=card)
    assert whole["words"].to_list() == [sorted(["compte", "dormoy", chr(97 + n) * 4]) for n in range(12)]
    monkeypatch.setattr(claims_module, "ROWS", 3)
    assert found(*posts, card=card).equals(whole)
