"""What the counted unit depends on. Changing a setting changes the number, so it is printed beside it."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the count.

    Attributes:
        pause: minutes without a signal after which the same actor, family and asset make a new attack.
        link_window: minutes within which two sources sending the same payload skeleton are one actor.
    """

    pause: float = 60.0
    link_window: float = 10.0

    def at(self, factor: float) -> Settings:
        """The same settings with the pause multiplied (for the sensitivity beside the headline)."""
        return Settings(self.pause * factor, self.link_window)

    def as_dict(self) -> dict[str, float]:
        """Plain values, for the snapshot id and for reports."""
        return asdict(self)
