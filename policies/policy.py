"""A partner's sharing policy: per circle, what may be said, for what, until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Final

from policies.terms import Readers, Terms

EVERY_OTHER: Final = "*"
"""Stands for each circle that a policy does not name."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a partner's policy, the second of the four voices. It never exceeds the floor by itself.

    `automatic`: bulletins of typed facts may be published without a person; text always needs one.
    `fences`: purposes that requests for more are refused for, whatever else is agreed.
    """

    name: str
    version: int
    until: date
    automatic: bool
    circles: Mapping[str, Terms]
    fences: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "circles", MappingProxyType(dict(self.circles)))

    def __hash__(self) -> int:
        return hash((self.name, self.version, self.until, self.automatic, self.fences))

    def for_circle(self, circle: str) -> Terms:
        """What `circle`, and nobody else, may read; nothing for a circle that is not spoken of."""
        terms = self.circles.get(circle, self.circles.get(EVERY_OTHER))
        if terms is None or circle in {"", EVERY_OTHER}:
            return Terms.nothing()
        return replace(terms, readers=Readers.of([circle]), until=min(terms.until, self.until))
