"""The policy lattice: four voices are combined, and on every point the strictest is heard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from types import MappingProxyType
from typing import Final, Self


class Detail(IntEnum):
    """How much of one kind of fact may be said. One chain; each kind says what a rung means for it."""

    NOTHING = 0
    PRESENCE = 1
    COARSEST = 2
    COARSE = 3
    FINE = 4
    EXACT = 5


class Linkage(IntEnum):
    """How far a reader may recognise the same person again. Not a rung of `Detail`: it varies on its own."""

    NONE = 0
    BULLETIN = 1
    CIRCLE = 2


class Tlp(IntEnum):
    """TLP 2.0 labels, widest audience last, so that `min` is the stricter (FIRST, 2022)."""

    RED = 0
    AMBER_STRICT = 1
    AMBER = 2
    GREEN = 3
    CLEAR = 4

    @property
    def label(self) -> str:
        """The marking as TLP 2.0 spells it; never translated."""
        return "TLP:" + self.name.replace("_", "+")


@dataclass(frozen=True, slots=True)
class Readers:
    """A set of circles, or every circle. Nobody unless somebody was named."""

    circles: frozenset[str] = frozenset()
    everyone: bool = False

    @classmethod
    def of(cls, circles: Iterable[str]) -> Self:
        """Exactly these circles; an empty list is nobody."""
        return cls(circles=frozenset(circles))

    def __and__(self, other: Readers) -> Readers:
        if self.everyone:
            return other
        if other.everyone:
            return self
        return Readers(self.circles & other.circles)

    def __contains__(self, circle: object) -> bool:
        return self.everyone or circle in self.circles


EVERY_CIRCLE: Final = Readers(everyone=True)
NOBODY: Final = Readers()


class Withheld(Exception):
    """The terms do not admit this reader, purpose or day. Carries codes only."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Terms:
    """What may be disclosed, to whom, for what, until when. Combining terms only ever tightens them.

    `detail` maps a kind of the vocabulary to a rung; a kind that is not named is not shared.
    `until` is the last day on which the terms hold. `smallest_group` is k, in persons.
    """

    detail: Mapping[str, Detail]
    readers: Readers
    purposes: frozenset[str]
    until: date
    smallest_group: int
    linkage: Linkage
    tlp: Tlp

    def __post_init__(self) -> None:
        # NOTHING is the same as unnamed: keeping one spelling makes equal terms compare equal.
        kept = {kind: rung for kind, rung in self.detail.items() if rung}
        object.__setattr__(self, "detail", MappingProxyType(kept))

    def __and__(self, other: Terms) -> Terms:
        shared = self.detail.keys() & other.detail.keys()
        return Terms(
            detail={kind: min(self.detail[kind], other.detail[kind]) for kind in shared},
            readers=self.readers & other.readers,
            purposes=self.purposes & other.purposes,
            until=min(self.until, other.until),
            smallest_group=max(self.smallest_group, other.smallest_group),
            linkage=min(self.linkage, other.linkage),
            tlp=min(self.tlp, other.tlp),
        )

    def __hash__(self) -> int:
        return hash((frozenset(self.detail.items()), self.readers, self.purposes, self.until))

    def allows(self, kind: str) -> Detail:
        """The rung for `kind`; a kind that is not named is not shared."""
        return self.detail.get(kind, Detail.NOTHING)

    def admit(self, circle: str, *, purpose: str, on: date) -> None:
        """Pass if `circle` may read anything at all for `purpose` on that day; raise `Withheld` otherwise."""
        reasons = [
            code
            for code, refused in (
                ("not_a_reader", circle not in self.readers),
                ("purpose_not_covered", purpose not in self.purposes),
                ("expired", on > self.until),
                ("nothing_allowed", not self.detail),
            )
            if refused
        ]
        if reasons:
            raise Withheld(*reasons)

    @classmethod
    def nothing(cls) -> Self:
        """The bottom of the lattice: nobody, nothing, never."""
        return cls({}, NOBODY, frozenset(), date.min, 2**31 - 1, Linkage.NONE, Tlp.RED)

    @classmethod
    def everything(cls, kinds: Iterable[str], purposes: Iterable[str]) -> Self:
        """The top of the lattice: a voice that has nothing to object. Never a reader's terms by itself."""
        return cls(
            detail=dict.fromkeys(kinds, Detail.EXACT),
            readers=EVERY_CIRCLE,
            purposes=frozenset(purposes),
            until=date.max,
            smallest_group=0,
            linkage=Linkage.CIRCLE,
            tlp=Tlp.CLEAR,
        )


def govern(*, floor: Terms, source: Terms, ground: Terms, clearance: Terms) -> Terms:
    """The four voices as one: platform floor, source partner, survivor's ground, reader's clearance."""
    return floor & source & ground & clearance


def binding(kind: str, **voices: Terms) -> list[str]:
    """Which voices hold `kind` back: the answer to "why was this removed?"."""
    strictest = min(terms.allows(kind) for terms in voices.values())
    return [name for name, terms in voices.items() if terms.allows(kind) is strictest]
