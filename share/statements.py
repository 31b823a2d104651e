"""A report taken apart into single typed statements, each with those whom it concerns. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from policies.terms import Detail
from policies.vocabulary import VOCABULARY
from share.draft import SURVIVOR, Draft, Money, Offer, Person, Suspect, kind_of

ADULT = 18
TOLD_ABOUT_A_PERSON = "person"
TELLING = frozenset({"person", "event"})
"""Groups of kinds that a person's fields may speak of; fields that name her are never statements."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a report says. `number` keeps the statements about one leg, person or suspect together."""

    section: str
    number: int
    kind: str
    value: str = field(repr=False)
    concerns: frozenset[str]
    cap: Detail = Detail.EXACT
    until: date = date.max


def statements(draft: Draft, *, received: date, on: date) -> Iterator[Statement]:
    """Every typed statement of `draft` that may be told to anybody at all on that day."""
    yield from _people(draft, received)
    yield from _route(draft)
    yield from _patterns(draft)
    yield from _offers(draft)
    yield from _network(draft, on)
    yield from _source(draft)


def minors(draft: Draft, *, received: date) -> frozenset[str]:
    """The codes of those who were under eighteen when the report came in, or say so themselves."""
    young = {p.code for p in draft.people if (age := _age(p, received)) is not None and age < ADULT}
    return frozenset(young | {suspect.code for suspect in draft.suspects if suspect.is_minor})


def is_certainly_about_adults(draft: Draft, *, received: date) -> bool:
    """Whether every survivor in the report is known to be an adult. Unknown is not known."""
    ages = [_age(person, received) for person in draft.people if person.role == SURVIVOR]
    protected = [suspect for suspect in draft.suspects if suspect.is_protected()]
    return not protected and all(age is not None and age >= ADULT for age in ages)


def _people(draft: Draft, received: date) -> Iterator[Statement]:
    for number, person in enumerate(draft.people):
        if person.role != SURVIVOR:
            continue
        about = frozenset({person.code})
        age = _age(person, received)
        if age is not None:
            yield Statement(TOLD_ABOUT_A_PERSON, number, "AGE_BAND", str(age), about)
        for name, values in sorted(person.fields.items()):
            kind = kind_of(name)
            if kind != "AGE_BAND" and VOCABULARY.kinds[kind].group in TELLING:
                for value in values:
                    yield Statement(TOLD_ABOUT_A_PERSON, number, kind, value, about)


def _route(draft: Draft) -> Iterator[Statement]:
    legs = sorted(draft.events, key=lambda leg: leg.on or "9999")
    for number, leg in enumerate(legs):
        about = draft.concerned(leg.concerns)
        yield Statement("route", number, "ROUTE_EVENT", leg.kind, about)
        if leg.country:
            place = "/".join(part or "" for part in (leg.country, leg.state, leg.city))
            yield Statement("route", number, "ROUTE_PLACE", place, about)
        if leg.on:
            yield Statement("route", number, "ROUTE_DATE", leg.on, about)


def _patterns(draft: Draft) -> Iterator[Statement]:
    for number, pattern in enumerate(draft.patterns):
        about = draft.concerned(pattern.concerns)
        for name, values in sorted(pattern.fields.items()):
            for value in values:
                yield Statement("pattern", number, kind_of(name), value, about)
        if pattern.people:
            yield Statement("pattern", number, "PEOPLE_COUNT", str(pattern.people), about)
    for indicator in draft.indicators:
        yield Statement("indicators", 0, "INDICATOR", indicator.code, draft.concerned(indicator.concerns))


def _offers(draft: Draft) -> Iterator[Statement]:
    for number, offer in enumerate(draft.offers):
        about = draft.concerned(offer.concerns)
        for kind, value in _offered(offer):
            yield Statement("offer", number, kind, value, about)


def _offered(offer: Offer) -> Iterator[tuple[str, str]]:
    if offer.job:
        yield "OFFER_JOB", offer.job
    if offer.wage:
        yield "OFFER_WAGE", _sum(offer.wage)
    if offer.debt:
        yield "OFFER_DEBT", _sum(offer.debt)
    if offer.country:
        yield "ROUTE_PLACE", f"{offer.country}//"
    for channel in offer.channels:
        yield "CHANNEL", channel


def _network(draft: Draft, on: date) -> Iterator[Statement]:
    shared = [s for s in draft.suspects if not s.is_protected() and (s.until is None or on <= s.until)]
    for number, suspect in enumerate(shared):
        say = partial(
            Statement,
            "suspect",
            number,
            concerns=draft.concerned(suspect.concerns),
            until=suspect.until or date.max,
        )
        for role in suspect.roles:
            yield say(kind="SUSPECT_ROLE", value=role)
        for name in suspect.names:
            yield say(kind="SUSPECT_NAME", value=name, cap=_name_cap(suspect))
        for contact in suspect.contacts():
            yield say(kind=contact.kind, value=contact.value)
    for number, lead in enumerate(draft.leads):
        yield Statement("lead", number, lead.kind, lead.value, draft.concerned(lead.concerns))


def _source(draft: Draft) -> Iterator[Statement]:
    about = draft.concerned(())
    if draft.reliability:
        yield Statement("source", 0, "RELIABILITY", draft.reliability, about)
    if draft.credibility:
        yield Statement("source", 0, "CREDIBILITY", draft.credibility, about)


def _name_cap(suspect: Suspect) -> Detail:
    # The name of a survivor's own kin is half of her name.
    return Detail.PRESENCE if suspect.kin_of else Detail.EXACT


def _sum(money: Money) -> str:
    return f"{money.amount} {money.currency}" + (f"/{money.per}" if money.per else "")


def _age(person: Person, on: date) -> int | None:
    """Age in years on that day, from the date of birth; else the age when trafficked, which she has at least."""
    for born in person.fields.get("prs_Birthdate", ()):
        return years(born, on)
    for age in person.fields.get("vic_AgeWhenTrafficked", ()):
        return int(age)
    return None


def years(born: str, on: date) -> int | None:
    """The age in years on that day of whoever was born on `born` (ISO 8601); None if that is no day."""
    try:
        birthday = date.fromisoformat(born)
    except ValueError:
        return None
    return on.year - birthday.year - ((on.month, on.day) < (birthday.month, birthday.day))
