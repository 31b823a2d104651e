"""Finding bulletins among those that a partner may read: by corridor, form of exploitation and month.

It narrows what `share.reading` gives, and never widens it. Whoever filters sees no bulletin that she could not read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from partners.values import Actor
from share.desk import Desk
from share.reading import Published, bulletins_for

AT_ONCE: Final = 200
RECRUITMENT: Final = "Recruitment"
EXPLOITATION: Final = "Exploitation"
INCIDENT: Final = "incident"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for, in codes; empty is anything. `month` is a year and month (ISO 8601)."""

    origin: str = ""
    destination: str = ""
    exploitation: str = ""
    month: str = ""

    def is_met_by(self, line: Line) -> bool:
        """Whether a bulletin is what is looked for. A recall says nothing, so that only its month can be asked."""
        return all(
            not asked or asked in said
            for asked, said in (
                (self.origin, line.origins),
                (self.destination, line.destinations),
                (self.exploitation, line.exploitation),
                (self.month, (line.month,)),
            )
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One bulletin in a list: what it is about, in codes. Places are countries or, told more coarsely, regions."""

    id: UUID
    circle: str
    version: int
    recalled: bool
    published_at: str
    valid_until: str
    tlp: str
    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    exploitation: tuple[str, ...]
    has_text: bool

    @property
    def month(self) -> str:
        """The month in which this version was published."""
        return self.published_at[:7]


@dataclass(frozen=True, slots=True)
class Month:
    """How many bulletins were published in a month: those that stand, and those that were recalled."""

    month: str
    standing: int
    recalled: int


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, newest first; the counts of it by month; and every code that could have been asked for."""

    lines: tuple[Line, ...]
    months: tuple[Month, ...]
    asked_for: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def find(wanted: Wanted, *, by: Actor, desk: Desk) -> Found:
    """The bulletins that the asker may read and that are what is looked for."""
    lines = [line_of(bulletin.to_plain()) for bulletin in _all(by, desk)]
    met = [line for line in reversed(lines) if wanted.is_met_by(line)]
    return Found(tuple(met), counted(met), choices(lines))


def line_of(plain: Mapping[str, Any]) -> Line:
    """A bulletin as a line of a list."""
    envelope, content = plain["envelope"], plain["content"]
    sections: Sequence[Mapping[str, Any]] = content.get("sections", ())
    return Line(
        id=UUID(envelope["id"]),
        circle=content["circle"],
        version=envelope["version"],
        recalled=content["type"] != INCIDENT,
        published_at=envelope["published_at"],
        valid_until=envelope["valid_until"],
        tlp=content["tlp"],
        origins=_places(sections, RECRUITMENT),
        destinations=_places(sections, EXPLOITATION),
        exploitation=_told(sections, "EXPLOITATION"),
        has_text="narrative" in content,
    )


def counted(lines: Iterable[Line]) -> tuple[Month, ...]:
    """How many there are in each month, newest first."""
    all_, recalled = Counter[str](), Counter[str]()
    for line in lines:
        all_[line.month] += 1
        recalled[line.month] += line.recalled
    return tuple(
        Month(month, all_[month] - recalled[month], recalled[month]) for month in sorted(all_, reverse=True)
    )


def choices(lines: Sequence[Line]) -> Mapping[str, tuple[str, ...]]:
    """Every code that these bulletins have, by what it can be asked for as."""
    return {
        "origin": _distinct(line.origins for line in lines),
        "destination": _distinct(line.destinations for line in lines),
        "exploitation": _distinct(line.exploitation for line in lines),
        "month": tuple(sorted({line.month for line in lines}, reverse=True)),
    }


def _all(by: Actor, desk: Desk) -> Iterator[Published]:
    after: UUID | None = None
    while True:
        page = bulletins_for(by, after=after, limit=AT_ONCE, desk=desk)
        yield from page.bulletins
        if page.after is None:
            return
        after = page.after


def _places(sections: Iterable[Mapping[str, Any]], leg: str) -> tuple[str, ...]:
    """The countries or regions of the legs that are said to be `leg`."""
    legs = [section for section in sections if section["section"] == "route"]
    found = [
        value.split("/")[0]
        for section in legs
        if leg in _told([section], "ROUTE_EVENT")
        for value in _told([section], "ROUTE_PLACE")
    ]
    return tuple(dict.fromkeys(found))


def _told(sections: Iterable[Mapping[str, Any]], kind: str) -> tuple[str, ...]:
    facts = (fact for section in sections for fact in section["facts"])
    return tuple(dict.fromkeys(fact["value"] for fact in facts if fact["kind"] == kind))


def _distinct(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({code for group in groups for code in group}))
