"""What may be told, put together by what it is about: a person, a leg of the route, an offer, a suspect."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from policies.terms import Linkage, Terms
from share.bulletin import NUMBERED, Fact, Section
from share.statements import TOLD_ABOUT_A_PERSON, Statement

SECTIONS = (TOLD_ABOUT_A_PERSON, "route", "pattern", "indicators", "offer", "suspect", "lead", "source")


@dataclass(frozen=True, slots=True)
class Told:
    """A statement as it may be told, under the terms that let it."""

    said: Statement
    fact: Fact
    terms: Terms = field(repr=False)


def arranged(told: Iterable[Told], alias: Callable[[str], str]) -> tuple[Section, ...]:
    """Facts put together by what they are about. People stand in the order of their facts, not of the form."""
    groups: dict[tuple[int, int], list[Told]] = {}  # people come first in SECTIONS: their number is 0
    for one in told:
        groups.setdefault((SECTIONS.index(one.said.section), one.said.number), []).append(one)
    people = [_person(group, alias) for (section, _), group in groups.items() if not section]
    numbered = [
        replace(section, about=f"{NUMBERED}{number}") if linkage is Linkage.BULLETIN else section
        for number, (section, linkage) in enumerate(sorted(people, key=lambda pair: pair[0].facts), 1)
    ]
    others = [
        Section(SECTIONS[section], _facts(group)) for (section, _), group in sorted(groups.items()) if section
    ]
    return (*numbered, *others)


def _person(group: Sequence[Told], alias: Callable[[str], str]) -> tuple[Section, Linkage]:
    linkage = min(one.terms.linkage for one in group)
    (code,) = group[0].said.concerns
    about = alias(code) if linkage is Linkage.CIRCLE else None
    return Section(TOLD_ABOUT_A_PERSON, _facts(group), about), linkage


def _facts(group: Iterable[Told]) -> tuple[Fact, ...]:
    return tuple(sorted({one.fact for one in group}))
