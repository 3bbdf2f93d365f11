"""Who may log in: hashes that are no passwords, and files that are refused when others may read them."""

import pytest

from vigie.web import users
from vigie.web.users import UsersFileError, add_user, fits, hashed, read_users


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    monkeypatch.setattr(users, "COST", (1 << 12, 8, 1))


def test_a_user_is_added_and_recognised_by_the_right_password_only(tmp_path):
    file = tmp_path / "users"
    add_user(file, "marie", "a very long password")
    add_user(file, "jean", "another long password")
    known = read_users(file)
    assert sorted(known) == ["jean", "marie"]
    assert fits(known, "marie", "a very long password")
    assert not fits(known, "marie", "another long password")
    assert not fits(known, "nobody", "a very long password")
    assert file.stat().st_mode & 0o777 == 0o600
    assert "password" not in file.read_text()


def test_a_new_password_replaces_the_old_one(tmp_path):
    file = tmp_path / "users"
    add_user(file, "marie", "a very long password")
    add_user(file, "marie", "quite another password")
    assert not fits(read_users(file), "marie", "a very long password")
    assert fits(read_users(file), "marie", "quite another password")


def test_the_same_password_has_two_hashes():
    assert hashed("a", "the same password").split(":")[5] != hashed("a", "the same password").split(":")[5]


@pytest.mark.parametrize(("name", "password"), [("", "long enough it is"), ("a b", "long enough it is"), ("a:b", "long enough it is"), ("a\n", "long enough it is"), ("a", "short")])
def test_names_and_passwords_that_will_not_do(name, password):
    with pytest.raises(UsersFileError):
        hashed(name, password)


def test_a_file_that_others_may_read_is_refused(tmp_path):
    file = tmp_path / "users"
    add_user(file, "marie", "a very long password")
    file.chmod(0o644)
    with pytest.raises(UsersFileError, match="chmod 600"):
        read_users(file)


@pytest.mark.parametrize("line", ["marie:plain", "marie:scrypt:99999999:8:1:00:00", f"marie:scrypt:16384:99:1:{'0' * 32}:{'0' * 64}", f"marie:scrypt:16384:8:1:{'0' * 32}:{'0' * 63}"])
def test_a_line_that_is_none_says_where(tmp_path, line):
    file = tmp_path / "users"
    file.write_text(f"# who may look\n{line}\n")
    file.chmod(0o600)
    with pytest.raises(UsersFileError, match="line 2"):
        read_users(file)
