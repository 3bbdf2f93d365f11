"""Names under which accounts leave the house."""

import hashlib
import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.social.pseudonyms import (
    KeyFileError,
    kept_key,
    key_file,
    pseudonym,
    pseudonyms,
    rotated_key,
    without_handles,
)

KEY = bytes(range(32))


def test_it_is_the_hmac_of_platform_and_id():
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in KEY + bytes(32)) + b"x:42").digest()
    digest = hashlib.sha256(bytes(b ^ 0x5C for b in KEY + bytes(32)) + inner).digest()
    bits = "".join(f"{byte:08b}" for byte in digest)[:100]
    assert pseudonym(KEY, "x", "42") == "acc_" + "".join("abcdefghijklmnopqrstuvwxyz234567"[int(bits[at : at + 5], 2)] for at in range(0, 100, 5))


@given(st.binary(min_size=32, max_size=32), st.text(), st.text())
def test_any_account_has_one_and_it_holds_nothing_of_it(key, platform, account):
    name = pseudonym(key, platform, account)
    assert re.fullmatch(r"acc_[a-z2-7]{20}", name) and name == pseudonym(key, platform, account)


def test_another_key_platform_or_id_gives_another():
    assert len({pseudonym(key, platform, account) for key in (KEY, bytes(32)) for platform in ("x", "mastodon") for account in ("1", "2")}) == 8


def test_a_table_keeps_its_rows_and_their_order():
    table = pl.DataFrame({"platform": ["x", None, "x", "x"], "account_id": ["2", "2", "1", "2"], "n": [1, 2, 3, 4]})
    told = pseudonyms(KEY, table)
    assert told["n"].to_list() == [1, 2, 3, 4]
    assert told["pseudonym"].to_list() == [pseudonym(KEY, "x", "2"), None, pseudonym(KEY, "x", "1"), pseudonym(KEY, "x", "2")]


def test_handles_in_a_text_become_pseudonyms():
    text = without_handles("Hello @Anna, (@ben.example@social.example), RT@@carla, ＠dora. Mail to e@f.example.", KEY, "x", {"anna": "7"})
    assert pseudonym(KEY, "x", "7") in text and pseudonym(KEY, "x", "@dora") in text
    assert re.sub("acc_[a-z2-7]{20}", "_", text) == "Hello _, (_), _, _. Mail to _."


@given(st.text(max_size=200))
def test_any_text_loses_its_handles(text):
    assert not re.search(r"[@＠]\w", without_handles(text, KEY, "x", {}))


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    path = tmp_path / "config" / "vigie" / "pseudonyms.key"
    key = kept_key(path)
    assert len(key) == 32 and kept_key(path) == key
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o077 == 0
    assert [one.name for one in path.parent.iterdir()] == ["pseudonyms.key"]


def test_who_comes_second_takes_the_key_that_is_there(tmp_path):
    path = tmp_path / "pseudonyms.key"

    def late(count):
        kept_key(path, lambda size: b"a" * size)
        return b"b" * count

    assert kept_key(path, late) == b"a" * 32


def test_another_key_in_its_place(tmp_path):
    path = tmp_path / "pseudonyms.key"
    old = kept_key(path)
    assert rotated_key(path) != old and kept_key(path) != old and path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("text", "mode", "said"), [(b"00" * 32, 0o640, "others may read"), (b"", 0o600, "holds no key"), (b"zz" * 32, 0o600, "holds no key"), (b"\xff" * 64, 0o600, "holds no key"), (b"00" * 31, 0o600, "holds no key")])  # fmt: skip
def test_a_key_that_is_none_or_that_others_read_is_refused(tmp_path, text, mode, said):
    path = tmp_path / "pseudonyms.key"
    path.write_bytes(text)
    path.chmod(mode)
    with pytest.raises(KeyFileError, match=said):
        kept_key(path)


def test_a_folder_that_cannot_be_made_says_so(tmp_path):
    (tmp_path / "vigie").write_text("a file in the folder's place; for root too", "utf-8")
    with pytest.raises(KeyFileError, match="writable"):
        kept_key(tmp_path / "vigie" / "pseudonyms.key")


def test_it_lies_apart_from_archives(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    assert key_file() == tmp_path / "configuration" / "vigie" / "pseudonyms.key"
