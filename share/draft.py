"""An incident report as a partner brings it: frozen values, codes after HTCDS 2.0, nothing decided yet.

`concerns` names the people (by local code) that a statement is about. Left empty it concerns everybody in the
report, so that every one of them has a say; "no-subject" alone says that it concerns nobody protected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from policies.grounds import NO_SUBJECT, Ground
from policies.vocabulary import VOCABULARY
from redaction.findings import Known, TraffickerFact

SURVIVOR = "survivor"

NAMED_BY = {
    "prs_FirstName": "PERSON",
    "prs_MiddleName": "PERSON",
    "prs_SecondName": "PERSON",
    "prs_Birthdate": "DATE_OF_BIRTH",
    "prs_IdentityNumber": "DOCUMENT",
    "prs_Email": "EMAIL",
    "prs_HomePhone": "PHONE",
    "prs_MobilePhone": "PHONE",
    "prs_MailingStreet": "ADDRESS",
    "prs_MailingCity": "PLACE",
    "prs_MailingPostalCode": "ADDRESS",
}
"""HTCDS fields that name a person outright, and the kind of identifier each holds."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """Something that names a person: a kind of the vocabulary and the value, which stays out of the repr."""

    kind: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom the report concerns, under the partner's local code. `fields` are HTCDS fields."""

    code: str
    role: str
    fields: Mapping[str, tuple[str, ...]] = field(repr=False, default_factory=dict)
    identifiers: tuple[Identifier, ...] = field(repr=False, default=())

    def known(self) -> Iterator[Known]:
        """Every identifier that the form gives for this person."""
        for name, kind in NAMED_BY.items():
            for value in self.fields.get(name, ()):
                yield Known(kind, value, self.code)
        names = [
            v for n in ("prs_FirstName", "prs_MiddleName", "prs_SecondName") for v in self.fields.get(n, ())
        ]
        if len(names) > 1:
            yield Known("PERSON", " ".join(names), self.code)
        for identifier in self.identifiers:
            yield Known(identifier.kind, identifier.value, self.code)


@dataclass(frozen=True, slots=True)
class Event:
    """A leg of the route, as an HTCDS historic trafficking event. `on` is a year, a month or a day (ISO 8601)."""

    kind: str
    on: str | None = field(repr=False, default=None)
    city: str | None = field(repr=False, default=None)
    state: str | None = field(repr=False, default=None)
    country: str | None = field(repr=False, default=None)
    concerns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pattern:
    """How people were recruited, held and exploited: HTCDS `vic_` fields that hold for the whole report."""

    fields: Mapping[str, tuple[str, ...]] = field(repr=False, default_factory=dict)
    people: int | None = None
    concerns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency (ISO 4217), for wages with the period it was promised for."""

    amount: int
    currency: str
    per: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What was promised: a job by code, a wage, a debt that came with it, the channel it came through."""

    job: str | None = None
    wage: Money | None = field(repr=False, default=None)
    debt: Money | None = field(repr=False, default=None)
    channels: tuple[str, ...] = ()
    country: str | None = None
    concerns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suspect:
    """Somebody said to belong to the network. A suspect who is a victim or a minor is protected as a survivor."""

    code: str
    names: tuple[str, ...] = field(repr=False, default=())
    roles: tuple[str, ...] = ()
    phones: tuple[str, ...] = field(repr=False, default=())
    emails: tuple[str, ...] = field(repr=False, default=())
    handles: tuple[str, ...] = field(repr=False, default=())
    accounts: tuple[str, ...] = field(repr=False, default=())
    is_victim: bool | None = None
    is_minor: bool | None = None
    kin_of: tuple[str, ...] = ()
    until: date | None = None
    concerns: tuple[str, ...] = ()

    def is_protected(self) -> bool:
        """Whether this suspect is shielded like a survivor."""
        return bool(self.is_victim or self.is_minor)

    def contacts(self) -> Iterator[Identifier]:
        """The suspect's own phones, addresses, handles and accounts."""
        for kind, values in (
            ("SUSPECT_PHONE", self.phones),
            ("SUSPECT_EMAIL", self.emails),
            ("SUSPECT_HANDLE", self.handles),
            ("SUSPECT_ACCOUNT", self.accounts),
        ):
            yield from (Identifier(kind, value) for value in values)


@dataclass(frozen=True, slots=True)
class Lead:
    """A venue, a plate, an advert, a number of the network that belongs to no named suspect.

    `kind` is a trafficker kind of the vocabulary.
    """

    kind: str
    value: str = field(repr=False)
    country: str | None = None
    concerns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Indicator:
    """An ILO operational indicator that was observed: an observation, never a verdict."""

    code: str
    concerns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordedGround:
    """A ground with what a later reader must be able to see: what was explained, and in which language."""

    ground: Ground
    explained: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """One incident report, validated, not yet received."""

    language: str | None
    narrative: str = field(repr=False, default="")
    reference: str | None = field(repr=False, default=None)
    redacted_at_source: bool = False
    urgent: bool = False
    people: tuple[Person, ...] = ()
    grounds: tuple[RecordedGround, ...] = ()
    events: tuple[Event, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    offers: tuple[Offer, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    leads: tuple[Lead, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    reliability: str | None = None
    credibility: str | None = None

    def subjects(self) -> frozenset[str]:
        """The local codes of those whom the report is about: survivors, and suspects protected like them.

        Relatives, witnesses and staff are hidden wherever they are named, and have no say in what is told.
        """
        survivors = (person.code for person in self.people if person.role == SURVIVOR)
        return frozenset(chain(survivors, (s.code for s in self.suspects if s.is_protected())))

    def codes(self) -> frozenset[str]:
        """Every local code that a statement or a ground may name, that of "nobody protected" included."""
        return self.subjects() | {person.code for person in self.people} | {NO_SUBJECT}

    def concerned(self, concerns: Iterable[str]) -> frozenset[str]:
        """Whom a statement is about. Unsaid means everybody; in a report without people, nobody protected."""
        return frozenset(concerns) or self.subjects() or frozenset({NO_SUBJECT})

    def known(self) -> tuple[Known, ...]:
        """Every identifier of a protected person that the form holds, staff and protected suspects included."""
        said = [known for person in self.people for known in person.known()]
        for suspect in self.suspects:
            if suspect.is_protected():
                said += [Known("PERSON", name, suspect.code) for name in suspect.names]
                said += [
                    Known(i.kind.removeprefix("SUSPECT_"), i.value, suspect.code) for i in suspect.contacts()
                ]
        return tuple(said)

    def trafficker_facts(self) -> tuple[TraffickerFact, ...]:
        """Every value declared as a fact about the network; those of protected suspects are not among them."""
        facts: list[TraffickerFact] = []
        for suspect in self.suspects:
            if not suspect.is_protected():
                facts += [TraffickerFact("SUSPECT_NAME", name) for name in suspect.names]
                facts += [TraffickerFact(i.kind, i.value) for i in suspect.contacts()]
        facts += [TraffickerFact(lead.kind, lead.value) for lead in self.leads]
        return tuple(facts)


def kind_of(field_name: str) -> str:
    """The kind of the vocabulary under which terms speak about an HTCDS field."""
    return VOCABULARY.fields[field_name].kind
