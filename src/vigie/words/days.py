"""Days and moments as people write them, in UTC."""

from __future__ import annotations

from typing import Final

MONTHS_FR: Final = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
MONTHS_EN: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day(iso: str, lang: str) -> str:
    """A day (`2017-02-12`) in words."""
    year, month, date = (int(part) for part in iso.split("-"))
    if lang == "fr":
        return f"{'1er' if date == 1 else date} {MONTHS_FR[month - 1]} {year}"
    return f"{date} {MONTHS_EN[month - 1]} {year}"
