"""Numbers as people write them."""

from __future__ import annotations


def number(value: int, lang: str) -> str:
    """Thousands as the language writes them: a narrow no-break space in French, a comma in English."""
    return f"{value:,}".replace(",", "\u202f") if lang == "fr" else f"{value:,}"


def lasted(seconds: float) -> str:
    """A length of time in one unit, the same in both languages."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min" if seconds < 7_200 else f"{seconds / 3_600:.0f} h"


def decimal(value: float, lang: str) -> str:
    """One decimal, with its sign."""
    return f"{value:+.1f}".replace(".", ",") if lang == "fr" else f"{value:+.1f}"


def probability(value: float, lang: str) -> str:
    """A p-value; very small ones as a bound."""
    text = "p < 0.001" if value < 0.001 else f"p = {value:.3f}"
    return text.replace(".", ",") if lang == "fr" else text


def percent(part: int, whole: int, lang: str) -> str:
    """A share; one decimal below ten per cent, so that little is not nothing."""
    share = 100 * part / whole if whole else 0.0
    text = f"{share:.1f}" if 0 < share < 10 else f"{share:.0f}"
    return f"{text.replace('.', ',') if lang == 'fr' else text}\u00a0%"
