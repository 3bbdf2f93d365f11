"""Names under which accounts are shown, and lines without the ids and names of their posts."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from vigie.archive.account_names import NO_NAME, Names, hidden

NAMES = Names(b"k" * 32)
NOBODY = dict.fromkeys(("platform", "account_id", "account_name", "ref_account_id", "ref_account_name", "post_id", "ref_post_id", "mentions"))


def known(**said):
    return [{**NOBODY, "platform": "x", **said}]


def test_an_account_has_one_name_however_it_is_written():
    assert NAMES.of("x:5000") == NAMES.account("x", "5000") != NAMES.account("bluesky", "5000")
    assert Names(b"k" * 32, identified=True).of("x:5000") == "x:5000"
    assert Names(b"other" * 8).of("x:5000") != NAMES.of("x:5000")
    assert NAMES.of("site:did:plc:1") == NAMES.account("site", "did:plc:1")


def test_ids_names_and_mentions_are_replaced_and_the_rest_stays():
    line = json.dumps({"id": "77", "author_id": "5000", "user": {"username": "Élise.D", "other": "x5000y"}, "text": "à 5000 m @someone et Paul", "mentions": ["Paul"]})
    said = hidden(line, known(account_id="5000", account_name="Élise.D", post_id="77", mentions=["Paul"]), NAMES)
    told = json.loads(said)
    account = NAMES.account("x", "5000")
    assert (told["id"], told["author_id"], told["user"]["username"], told["mentions"]) == (NO_NAME, account, account, [NO_NAME])
    assert told["user"]["other"] == "x5000y"
    assert "someone" not in said and "Paul" not in said


def test_an_account_that_is_passed_on_has_its_own_pseudonym():
    assert hidden("RT 6000 by 5000", known(account_id="5000", ref_account_id="6000"), NAMES) == f"RT {NAMES.account('x', '6000')} by {NAMES.account('x', '5000')}"


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=4), st.text(max_size=60))
def test_no_known_name_stays_as_a_word_of_its_own(before, names, after):
    line = f"{before} {' '.join(names)} {after}"
    said = hidden(line, known(account_id="0000000000000000000000", mentions=names), NAMES)
    left = re.sub(r"acc_[a-z2-7]{20}|\[…\]", " ", said)
    for name in names:
        if re.fullmatch(r"\w+", name):
            assert not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", left), name


@given(st.text(max_size=200))
def test_any_line_is_shown(line):
    assert isinstance(hidden(line, known(account_id=line or None, account_name=line[:3] or None), NAMES), str)
