"""What the counted unit depends on. Changing a setting changes the number, so it is printed beside it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the count.

    Attributes:
        pause: minutes without a signal after which the same actor, family and asset make a new attack.
        link_window: minutes within which two sources sending the same payload skeleton are one actor.
        bar: how likely (0..1) its signs together must make an attack for it to be counted: at least as likely as not.
    """

    pause: float = 60.0
    link_window: float = 10.0
    bar: float = 0.5

    def at(self, factor: float) -> Settings:
        """The same settings with the pause multiplied (for the sensitivity beside the headline)."""
        return replace(self, pause=self.pause * factor)

    def as_dict(self) -> dict[str, float]:
        """Plain values, for the snapshot id and for reports."""
        return asdict(self)
