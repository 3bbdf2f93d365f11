"""Tables on a terminal: ids are never folded, and what there is no room for is left out, not squeezed."""

from hypothesis import given
from hypothesis import strategies as st

from vigie.cli.terminal import columns_that_fit

ROW = {"attack_id": "a03b99a2af9910dc", "first_seen": "2017-01-15 00:47:52", "family": "secret_probe", "target": "/" + "x" * 200, "actor": "192.0.2.173"}


def titles(*names):
    return {name: name for name in names}


def test_what_does_not_fit_is_left_out_and_what_is_narrower_takes_its_place():
    assert columns_that_fit([ROW], titles(*ROW), 200) == list(ROW)
    assert columns_that_fit([ROW], titles("attack_id", "first_seen", "family"), 40) == ["attack_id", "family"]
    assert columns_that_fit([ROW], titles("attack_id", "first_seen"), 5) == ["attack_id"]


def test_a_long_text_folds_and_so_needs_little_room():
    assert "target" in columns_that_fit([ROW], titles("attack_id", "target", "family"), 50)


@given(st.integers(1, 300), st.lists(st.sampled_from(list(ROW)), min_size=1, unique=True))
def test_what_is_shown_fits(width, names):
    fitting = columns_that_fit([ROW], titles(*names), width)
    assert fitting[0] == names[0]
    needed = sum(3 + (min(len(str(ROW[n])), 24) if n == "target" else max(len(n), len(str(ROW[n])))) for n in fitting)
    assert needed <= width or len(fitting) == 1
    assert fitting == [name for name in names if name in fitting]
