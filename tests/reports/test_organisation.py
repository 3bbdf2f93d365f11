"""The file of the organisation, and what of persons leaves the house."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.conftest import KEY, ORGANISATION
from vigie.reports.organisation import LARGEST, OrganisationError, parsed, read_organisation
from vigie.reports.privacy import SHOWN, Discretion


def test_what_is_said_is_read():
    who, what = parsed(ORGANISATION.encode())
    assert (who.kind, who.email, who.partners) == ("newsroom", "desk@echo.example", ("203.0.113.60/32",))
    assert f"{what.aware:%H:%M %Z}" == "08:40 UTC"
    assert dict(what.answers) == {"malicious": "yes", "cross_border": "unknown"}
    assert [one.text for one in what.measures] == ["search switched off"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[organisation]\nnmae = 'x'", "Did you mean 'name'"),
        ("[organization]\nname = 'x'", "Did you mean 'organisation'"),
        ("[organisation]\nnetworks = ['here']", "is no network"),
        ("[incident]\naware = 2017-02-13T09:40:00", "without its zone"),
        ("[incident]\naware = 2017-02-13", "no moment"),
        ("[incident]\nmalicious = 'perhaps'", "is no answer"),
        ("[[measure]]\ntext = 'x'", "no moment"),
        ("organisation = 3", "is no table"),
        ("[organisation]\nname = 3", "a text of at most"),
        ("[organisation\n", "no TOML"),
        ("a" + ".a" * 50_000 + " = 1", "points outside of texts"),
        ("measure = 3", "at most"),
    ],
)
def test_a_fault_is_named_with_what_to_try(text, said):
    with pytest.raises(OrganisationError, match=said) as failure:
        parsed(text.encode())
    assert "Try" in str(failure.value) or "Did you mean" in str(failure.value)


def test_too_large(tmp_path):
    (tmp_path / "o.toml").write_bytes(b"#" * (LARGEST + 1))
    with pytest.raises(OrganisationError, match="larger"):
        read_organisation(tmp_path / "o.toml")


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_a_file_or_a_reason(data):
    try:
        parsed(data)
    except OrganisationError as error:
        assert str(error)


LINES = [
    ('203.0.113.7 - marie.dupont [15/Jan/2017:10:00:00 +0100] "GET / HTTP/1.1" 200 1 "-" "x"', ("203.0.113.7", "marie.dupont")),
    ("www.echo.example:443 203.0.113.7 - paul [15/Jan/2017:10:00:00 +0100] \"GET / HTTP/1.1\"", ("203.0.113.7", "paul")),
    ("from=[2001:db8::7]:22 mail to jeanne@asso.example and jeanne%40asso.example", ("2001:db8::7", "jeanne")),
    ("GET /?password=hunter2&token=abc;def&x=1", ("hunter2", "abc")),
    ("::ffff:203.0.113.7 connected", ("203.0.113.7",)),
    ("host:203.0.113.7 from:2001:db8::7 url=http%3A%2F%2F203.0.113.7%2F and %20203.0.113.7", ("203.0.113.7", "2001:db8::7")),
    ("connect 203.0.113.7:40000, then 203.0.113.7.", ("203.0.113.7",)),
]


@pytest.mark.parametrize(("line", "hidden"), LINES)
def test_persons_are_hidden(line, hidden):
    shown = Discretion(KEY).line(line)
    assert [one for one in hidden if one in shown] == []
    assert [one for one in hidden if one not in Discretion(KEY, identified=True).line(line)] == []


@pytest.mark.parametrize("line", ["[15/Jan/2017:10:00:00 +0100]", "user \"root\" at 10:00:00", "version 1.2.3", "id=1%27%20union%20select%201%2C2", "MAC=02:00:5e:10:00:01:02:00:5e:10:00:02:08:00"])
def test_the_rest_stays(line):
    assert Discretion(KEY).line(line) == line


def test_pseudonyms_are_equal_for_equals_and_differ_by_key():
    one, two = Discretion(KEY), Discretion(b"x" * 32)
    assert one.address("203.0.113.7") == one.address("203.0.113.7") != one.address("203.0.113.8")
    assert one.address("203.0.113.7") != two.address("203.0.113.7")
    assert Discretion(KEY, ("203.0.113.7",)).address("203.0.113.7") == "203.0.113.7"
    assert one.account("root") == "root"


@given(st.text(max_size=6000))
def test_any_line_is_short_and_harmless(line):
    shown = Discretion(KEY).line(line)
    assert len(shown) <= SHOWN
    assert not [one for one in shown if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")]
