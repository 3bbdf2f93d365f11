"""A case and what it comes to, as programs get it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vigie.campaigns.hypotheses import Case
    from vigie.campaigns.hypotheses_weighing import Weighed


def as_dict(case: Case, weighed: Weighed, lang: str, missing: list[str] | None = None) -> dict[str, Any]:
    """A case and what it comes to, for programs: English words, the sentences in `lang`."""
    from vigie.campaigns.hypotheses_weighing import enough_to_change, word
    from vigie.campaigns.hypotheses_words import sentences

    def ids(some: Sequence[int]) -> list[str]:
        return [case.evidence[at].id for at in some]

    def names(some: Sequence[int]) -> list[str]:
        return [case.hypotheses[at].id for at in some]

    shown = weighed.told_apart
    return {
        "set": asdict(case.chosen), "state": case.digest, "signed": case.signature is not None,
        "hypotheses": [
            {
                "id": one.id, "label": f"H{at + 1}", "text": one.said(lang), "added_by_team": not one.ours, "inconsistency": float(weighed.inconsistency[at]),
                "weight_of_evidence": float(weighed.shares[at]), "without_one_item": [float(weighed.low[at]), float(weighed.high[at])],
                "without_one_source": [float(weighed.low_source[at]), float(weighed.high_source[at])], "likelihood": word(float(weighed.shares[at])) if weighed.worded else None,
            }
            for at, one in enumerate(case.hypotheses)
        ],
        "evidence": [
            {
                **asdict(one), "text": one.said(lang), "why": one.reason(lang), "ratings": {h.id: one.rating(h.id) for h in case.hypotheses}, "weight": one.weight,
                "kept": float(weighed.kept[at]), "diagnosticity": float(weighed.diagnosticity[at]),
            }
            for at, one in enumerate(case.evidence)
        ],
        "first": names(weighed.first) if shown else [], "least_inconsistent": names(weighed.least), "flips": ids(weighed.flips), "source_flips": list(weighed.source_flips),
        "enough_to_change": ids(enough_to_change(case, weighed)) if shown else [], "independent_sources": list(weighed.sources),
        "confidence": weighed.confidence, "confidence_because": list(weighed.because),
        "sentences": [{"about": one.about, "text": one.text + ".", "evidence": list(one.evidence)} for one in sentences(case, weighed, lang)],
        "signature": asdict(case.signature) if case.signature else None, **({"missing_refs": missing} if missing is not None else {}),
    }  # fmt: skip
