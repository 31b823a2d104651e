"""The attack catalogue: one generator for each way of hiding a known value, and what must become of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from random import Random

from attacks.carriers import PERSON, THING
from attacks.people import Somebody

from redaction.findings import Known


class Outcome(Enum):
    """What must become of a planted value."""

    GONE = "R"
    GONE_AND_HELD = "R+H"
    HELD = "H"
    GONE_OR_HELD = "R|H"
    REFUSED = "X"


@dataclass(frozen=True)
class Attack:
    """What is planted, what the form knows, and what must not be readable afterwards."""

    planted: str
    known: tuple[Known, ...]
    names: tuple[str, ...] = ()
    strings: tuple[str, ...] = ()


Make = Callable[[Random, Somebody], Attack | None]


@dataclass(frozen=True)
class Row:
    """A row of the catalogue. `carriers`: whether the planted value stands where a person would."""

    number: str
    title: str
    outcome: Outcome
    make: Make
    carriers: dict[str, tuple[str, ...]]

    @property
    def name(self) -> str:
        return f"{self.number} {self.title}"


class Rows(list[Row]):
    """Some rows of the catalogue, entered one by one by their generators."""

    def __call__(
        self, number: str, title: str, outcome: Outcome = Outcome.GONE, *, person: bool = True
    ) -> Callable[[Make], Make]:
        """Enter a generator under its number in the catalogue."""

        def enter(make: Make) -> Make:
            self.append(Row(number, title, outcome, make, PERSON if person else THING))
            return make

        return enter


def named(who: Somebody, planted: str, *, more: tuple[str, ...] = (), alias: str = "") -> Attack:
    """The person's name is on the form; every word of it, and of `more`, must be gone."""
    known = (Known("PERSON", who.full, "s1"), *((Known("PERSON", alias, "s1"),) if alias else ()))
    return Attack(planted, known, (who.given, who.family, who.short, who.full, *more))
