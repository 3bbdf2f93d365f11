"""Cases for tests: the example with known figures, and any case at all."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from vigie.campaigns.hypotheses import DEFAULTS, Case, Chosen, Evidence, Hypothesis, Signature

CHOSEN = Chosen(900, datetime(2026, 1, 15, 8, tzinfo=UTC), datetime(2026, 2, 14, 20, tzinfo=UTC), 300, "--since 2026-01-15T00:00:00+00:00", "0123456789ab")
NAMES = ("h0", "h1", "h2", "h3")


def item(name, source, grade, ratings, *, names=NAMES, kind="other", **more):
    """An item whose ratings are given in order."""
    return Evidence(name, kind, f"what {name} says", source, grade[0], int(grade[1]), dict(zip(names, ratings, strict=True)), refs=("a0123456789abcde",), **more)


EXAMPLE = Case(
    CHOSEN, tuple(Hypothesis(name, f"hypothesis {name}") for name in NAMES),
    (
        item("E0", "0", "B1", (1, 1, 1, 1)), item("E1", "1", "B2", (0, 1, -1, 1)), item("E2", "1", "B2", (0, 2, -2, 0)), item("E3", "2", "A1", (0, 0, 1, 0)),
        item("E4", "3", "C3", (0, 1, -1, 0)),
    ),
)  # fmt: skip
"""Its figures were worked out by hand: P .102 .735 .042 .121, inconsistency 0 0 1.8 0, diagnosticity 0 .32 2.56 1.00 .72."""

texts = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40).map(str.strip).filter(bool)


@st.composite
def cases(draw, *, grades="ABCDEF", statements=(1, 2, 3, 4, 5, 6), signed=st.booleans(), kinds=("other", "tools", "last_hop")):
    """Any case: vigie's hypotheses and up to three of a team, up to eight items of up to five sources."""
    own = draw(st.lists(texts, max_size=3))
    hypotheses = (*DEFAULTS, *(Hypothesis(f"ours{n}", text) for n, text in enumerate(own)))
    evidence = tuple(
        Evidence(
            f"E{n}", draw(st.sampled_from(kinds)), draw(texts), draw(st.sampled_from(("web", "tip", "report", "firewall", "mail"))), draw(st.sampled_from(grades)),
            draw(st.sampled_from(statements)), {one.id: draw(st.integers(-2, 2)) for one in hypotheses}, refs=("a0123456789abcde",), why=draw(st.one_of(st.just(""), texts)),
        )
        for n in range(draw(st.integers(1, 8)))
    )  # fmt: skip
    signature = None
    if draw(signed):
        words = draw(st.sampled_from(("", "likely", "almost no chance"))), draw(st.sampled_from(("", "low", "high")))
        signature = Signature(draw(texts), "2026-02-20", draw(texts), ("E0",), *words)
    return Case(CHOSEN, hypotheses, evidence, signature)
