"""Names of countries in English and French, by their code; a code without a name stays a code.

References:
    - ISO 3166-1 alpha-2; XK is in use for Kosovo; QM to QZ, XA to XZ, AA and ZZ are for private use
"""

from __future__ import annotations

from functools import lru_cache

from vigie.origins.table import _DATA


@lru_cache(maxsize=1)
def _names() -> dict[str, tuple[str, str]]:
    try:
        lines = (_DATA / "countries.csv").read_text("utf-8").splitlines()
    except OSError:
        return {}
    return {code: (english, french) for code, english, french in (line.split(",") for line in lines if line)}


def country_name(code: str, lang: str) -> str:
    """Name of a country; a code for private use says that it is no country's, an unknown one stays as it is.

    Args:
        code: two letters.
        lang: `fr` or `en`.
    """
    found = _names().get(code)
    if found is not None:
        return found[1 if lang == "fr" else 0]
    return ("code privé" if lang == "fr" else "private code") if is_private(code) else code


def is_private(code: str) -> bool:
    """Whether a code is for private use, so that it is no country's."""
    return code not in _names() and (code in ("AA", "ZZ") or code[:1] == "X" or "QM" <= code <= "QZ")
