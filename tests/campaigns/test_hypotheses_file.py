"""The file that a team edits: what is written is read back, and what is wrong is told with its place and what to try."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.cases import CHOSEN, cases
from vigie.campaigns.hypotheses import DEFAULTS, Case, Evidence, Signature
from vigie.campaigns.hypotheses_file import CaseFileError, parsed, written

WHOLE = """\
[set]
attacks = 12
first = 2026-01-15T08:00:00Z
last = 2026-02-14T20:00:00Z

[[hypothesis]]
id = "opportunistic"

[[hypothesis]]
id = "unknown"

[[hypothesis]]
id = "insider"
text = "somebody of the house"

[[evidence]]
id = "N1"
text = \"\"\"names of pages that
[[evidence]]
nobody else knows\"\"\"
source = "web server logs"
reliability = "B"
credibility = 2
ratings = { opportunistic = -2, insider = 1 }
refs = ["a0123456789abcde"]

[[evidence]]
id = "N2"
text = "a letter that asks for money"
source = "letter"
reliability = "C"
credibility = 3
ratings = { opportunistic = -1 }
document = "folder 4, page 2"

[signature]
name = "A. Person"
date = 2026-02-20
judgement = "We do not know."
evidence = ["N1"]
"""


def told(text):
    """What is said of a file."""
    with pytest.raises(CaseFileError) as caught:
        parsed(text if isinstance(text, bytes) else text.encode())
    return str(caught.value)


@given(cases(signed=st.just(False)), st.sampled_from(["en", "fr"]))
def test_what_is_written_is_read_back(case, lang):
    again = parsed(written(case, lang).encode())
    assert again == case
    assert again.digest == case.digest


def test_a_whole_file():
    case = parsed(WHOLE.encode())
    assert [one.id for one in case.hypotheses] == ["opportunistic", "unknown", "insider"]
    assert case.hypotheses[0] == DEFAULTS[0] and not case.hypotheses[2].ours
    assert case.evidence[0].ratings == {"opportunistic": -2, "unknown": 0, "insider": 1} and case.evidence[1].document == "folder 4, page 2"
    assert case.signature == Signature("A. Person", "2026-02-20", "We do not know.", ("N1",))


def test_hidden_letters_are_written_as_what_they_are():
    case = Case(CHOSEN, DEFAULTS, (Evidence("E", "other", 'a\x1b[31m\u202e"\\\n\U000e0041é', "s", "B", 2, {}, refs=("a0123456789abcde",)),))
    text = written(case, "en")
    assert text.isprintable() or not set(text) & {"\x1b", "\u202e", "\U000e0041"}
    assert parsed(text.encode()).evidence[0].text == case.evidence[0].text


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ('reliability = "C"', 'reliability = "G"', ("line 27, [[evidence]] 2 (N2)", "'G'", "A, B, C, D, E, F")),
        ("credibility = 3", "credibility = 7", ("line 27, [[evidence]] 2 (N2)", "'7'", "1 (confirmed) to 6")),
        ("credibility = 3", "credibility = [3]", ("line 27", "credibility")),
        ("credibility = 3", "credibility = true", ("line 27", "credibility")),
        ("credibility = 3", "credability = 3", ("line 27", "'credability'", "Did you mean credibility?")),
        ("opportunistic = -1", "opportunistic = 5", ("line 27", "-2, -1, 0, 1 or 2")),
        ("opportunistic = -1", "oportunistic = 1", ("line 27", "'oportunistic'", "opportunistic, unknown, insider")),
        ("ratings = { opportunistic = -1 }", "ratings = 3", ("line 27", "must be a table")),
        ('document = "folder 4, page 2"', "", ("line 27", "leads nowhere", "vigie show attacks")),
        ('refs = ["a0123456789abcde"]', 'refs = ["a0123"]', ("line 16, [[evidence]] 1 (N1)", "whole ids")),
        ('id = "N2"', 'id = "N1"', ("line 27, [[evidence]] 2", "there twice")),
        ('id = "N2"', 'id = "2\\u001b[31m"', ("line 27", "must begin with a letter")),
        ('id = "unknown"', 'id = "criminal"', ("[[hypothesis]] 3", '"unknown" is missing', "Try:")),
        ('[[hypothesis]]\nid = "insider"\ntext = "somebody of the house"\n', "", ("nothing competes", "Try:")),
        ('text = "somebody of the house"', "", ("line 12, [[hypothesis]] 3", "text is missing")),
        ('name = "A. Person"', "", ("line 36, [signature]", "name is missing")),
        ("date = 2026-02-20", 'date = "soon"', ("line 36, [signature]", "'soon' is no day")),
        ('evidence = ["N1"]', "evidence = []", ("line 36, [signature]", "rests on", 'evidence = ["N1"]')),
        ('evidence = ["N1"]', 'evidence = ["N9"]', ("line 36, [signature]", "rests on")),
        ('evidence = ["N1"]', 'evidence = ["N1"]\nlikelihood = "surely"', ("line 36", "'surely'", "almost certain")),
        ("first = 2026-01-15T08:00:00Z", 'first = "January"', ("line 1, [set]", "first must be a moment")),
        ("first = 2026-01-15T08:00:00Z", "first = 0001-01-01T00:00:00+14:00", ("line 1, [set]", "between 1970")),
        ("attacks = 12", "attacks = -1", ("line 1, [set]", "whole number")),
        ("attacks = 12", "attacks = " + "9" * 5000, ("no TOML",)),
        ('text = "somebody of the house"', 'text = "' + "x" * 3000 + '"', ("line 12", "2000 letters")),
        ("[set]", "[sett]", ("'sett'", "Did you mean set?")),
        ("[[evidence]]\nid", "[evidence]\nid", ("no TOML",)),
        ("attacks = 12", "attacks = ", ("no TOML", "line 2", "Try:")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(old, new, parts):
    assert old in WHOLE
    message = told(WHOLE.replace(old, new) if old != 'id = "unknown"' else WHOLE.replace(old, new, 1))
    assert all(part in message for part in parts), message


def test_other_broken_files(tmp_path):
    from vigie.campaigns.hypotheses_file import read_case

    assert "line 2: byte 8 is no UTF-8" in told(b"# fine\n#\xff\n")
    assert "no [[evidence]]" in told(WHOLE.partition("[[evidence]]")[0])
    assert "[set] is missing" in told(WHOLE.replace('[set]\nattacks = 12\nfirst = 2026-01-15T08:00:00Z\nlast = 2026-02-14T20:00:00Z\n', ""))
    assert "no TOML" in told("a = " + "[" * 100_000)
    assert "points outside of texts" in told("a" + ".a" * 50_000 + " = 1")
    assert "must be written [[evidence]]" in told(WHOLE.partition("[[evidence]]")[0] + "[evidence]\nid = 'x'\n")
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * (1 << 20) + b"##")
    with pytest.raises(CaseFileError, match="larger than 1 MiB"):
        read_case(large)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_case_or_a_told_error(data):
    try:
        parsed(data)
    except CaseFileError as error:
        assert str(error)


@given(st.integers(0, len(WHOLE) - 1), st.characters(exclude_categories=("Cs",)), st.integers(0, 3))
def test_a_slip_of_the_pen_is_a_case_or_a_told_error(at, letter, gone):
    try:
        parsed((WHOLE[:at] + letter + WHOLE[at + gone :]).encode())
    except CaseFileError as error:
        assert str(error)


def test_the_state_of_a_case_changes_with_every_rating_and_not_with_the_signature():
    case = parsed(WHOLE.encode())
    other = parsed(WHOLE.replace("insider = 1", "insider = 2").encode())
    assert case.digest != other.digest
    assert replace(case, signature=None).digest == case.digest


def test_the_example_of_the_documentation_is_a_case():
    from docs.documents import ROOT, blocks

    item, signature = (block.text for block in blocks(ROOT / "docs" / "who.md", "toml"))
    case = parsed((written(Case(CHOSEN, DEFAULTS, ()), "en").partition("# Whoever judges")[0] + item + signature).encode())
    assert case.hypotheses[-1].said("fr") == "quelqu'un de la maison, ou qui en était"
    assert case.evidence[0].date == "2017-02-14" and case.signature.evidence == ("N1",) and case.signature.confidence == "low"
