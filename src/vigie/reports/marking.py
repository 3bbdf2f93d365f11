"""Markings: TLP 2.0 says who may read, PAP what a reader may do. They stand on every page, in the metadata and in the name of a file.

References:
    - https://www.first.org/tlp/ (TLP 2.0, 2022)
    - https://cert.ssi.gouv.fr/csirt/politique-partage/ (TLP and PAP)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TLP: Final = ("clear", "green", "amber", "amber+strict", "red")
"""Who may read, from everybody to the persons named."""
PAP: Final = ("clear", "green", "amber", "red")
"""What may be done with it: anything, active measures, passive ones that the other side does not see, nothing that leaves one's own analysis."""

LEAST: Final = {
    "press": ("clear", "clear"), "cert": ("amber", "amber"), "html": ("amber", "amber"), "stix": ("amber", "amber"), "misp": ("amber", "amber"),
    "ecs": ("amber", "amber"), "ocsf": ("amber", "amber"), "csv": ("amber", "amber"),
}  # fmt: skip
"""Marking of each kind of report where none is asked for: what holds addresses is not for everybody."""


@dataclass(frozen=True, slots=True)
class Marking:
    """Both markings of one document.

    Attributes:
        tlp: one of `TLP`.
        pap: one of `PAP`.
    """

    tlp: str
    pap: str

    def __post_init__(self) -> None:
        """Refuse what is no marking.

        Raises:
            ValueError: a word of neither list.
        """
        if self.tlp not in TLP or self.pap not in PAP:
            raise ValueError(f"no marking: TLP {self.tlp!r}, PAP {self.pap!r}")

    @property
    def labels(self) -> tuple[str, str]:
        """As people write them: `TLP:AMBER+STRICT`, `PAP:AMBER`."""
        return f"TLP:{self.tlp.upper()}", f"PAP:{self.pap.upper()}"

    @property
    def line(self) -> str:
        """Both, for the head of a page."""
        return " ".join(self.labels)

    @property
    def in_name(self) -> str:
        """Both, as a part of a file's name."""
        return "-".join(label.replace(":", "-").replace("+", "-") for label in self.labels)
