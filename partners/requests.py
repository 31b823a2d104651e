"""What can be asked of this room, as frozen values that are valid once they exist.

A word outside its closed list, a name of the wrong form or days in the wrong order is `NotAcceptable`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from partners.errors import NotAcceptable
from partners.jwks import read_jwk
from partners.registry import read_clearance
from partners.values import LAW_FLAGS, PERSONS_ONLY, Role, Scope
from policies.load import PolicyError, smallest_group
from policies.terms import Tlp
from policies.vocabulary import VOCABULARY

SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_MEMBER_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_AREA = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_NOBODYS_BASIS = frozenset({"no-subject"})


@dataclass(frozen=True, slots=True)
class NewPartner:
    """Take in an organisation. `kind` is a word of HTCDS `org_Type` (or one of ours)."""

    slug: str
    name: str
    kind: str
    countries: tuple[str, ...]
    areas: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    law_flags: tuple[str, ...] = ()
    steward: bool = False

    def __post_init__(self) -> None:
        _demand_slug(self.slug)
        if not (0 < len(self.name) <= 200 and self.name.isprintable() and self.name.strip() == self.name):
            raise NotAcceptable("name_form", "name")
        _demand_words([self.kind], VOCABULARY.organisation_types, "kind")
        _demand_words(self.countries, VOCABULARY.regions, "countries")
        _demand_form(self.areas, _AREA, "areas")
        _demand_form(self.languages, _LANGUAGE, "languages")
        _demand_words(self.law_flags, LAW_FLAGS, "law_flags")
        if not self.countries and not self.steward:
            raise NotAcceptable("missing", "countries")


@dataclass(frozen=True, slots=True)
class Resuming:
    """Let a suspended partner in again."""

    partner: UUID


@dataclass(frozen=True, slots=True)
class NewMember:
    """Take in a person, with the first key of her own, or (no key) by browser alone.

    Without `scopes` she gets those of her roles.
    """

    partner: UUID
    code: str
    roles: tuple[Role, ...]
    jwk: Mapping[str, str] | None = None
    expires: datetime | None = None
    scopes: tuple[Scope, ...] = ()

    def __post_init__(self) -> None:
        _demand_form([self.code], _MEMBER_CODE, "code")
        if self.jwk is not None:
            object.__setattr__(self, "jwk", read_jwk(self.jwk))
        if (self.jwk is None) != (self.expires is None):
            raise NotAcceptable("missing", "expires" if self.expires is None else "jwk")
        if not self.roles:
            raise NotAcceptable("missing", "roles")

    @property
    def rights(self) -> frozenset[Scope]:
        """What she may do: the scopes named, and never more than her roles allow."""
        allowed = frozenset(scope for role in self.roles for scope in role.scopes)
        return allowed & frozenset(self.scopes) if self.scopes else allowed


@dataclass(frozen=True, slots=True)
class Inviting:
    """Invite a person to the browser, or invite her anew: her password and second factor begin again."""

    partner: UUID
    member: UUID


@dataclass(frozen=True, slots=True)
class NewCredential:
    """A further key: a member's, or (no member) one for a partner's machine."""

    partner: UUID
    jwk: Mapping[str, str]
    scopes: tuple[Scope, ...]
    expires: datetime
    member: UUID | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "jwk", read_jwk(self.jwk))
        if not self.scopes:
            raise NotAcceptable("missing", "scopes")
        if self.member is None and PERSONS_ONLY.intersection(self.scopes):
            raise NotAcceptable("persons_only", "scopes")


@dataclass(frozen=True, slots=True)
class NewAgreement:
    """The next version of a partner's sharing agreement; `end` is its last day."""

    partner: UUID
    start: date
    end: date
    purposes: tuple[str, ...]
    areas: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _demand_words(self.purposes, VOCABULARY.purposes, "purposes")
        _demand_form(self.areas, _AREA, "areas")
        if self.end < self.start:
            raise NotAcceptable("days_reversed", "end")
        if not self.purposes:
            raise NotAcceptable("missing", "purposes")


@dataclass(frozen=True, slots=True)
class CircleTerms:
    """A circle as it should be: made if there is none of that name, changed if there is."""

    slug: str
    purpose: str
    tlp: Tlp
    smallest_group: int
    until: date
    clearance: Mapping[str, Any]
    suspect_names_basis: str | None = None

    def __post_init__(self) -> None:
        _demand_slug(self.slug)
        _demand_words([self.purpose], VOCABULARY.purposes, "purpose")
        if self.smallest_group < smallest_group(self.tlp):
            raise NotAcceptable("below_floor", "smallest_group")
        if self.suspect_names_basis is not None:
            bases = VOCABULARY.bases.keys() - _NOBODYS_BASIS
            _demand_words([self.suspect_names_basis], bases, "suspect_names_basis")
        try:
            read_clearance(
                self.clearance,
                purpose=self.purpose,
                tlp=self.tlp,
                k=self.smallest_group,
                until=self.until,
            )
        except PolicyError:
            raise NotAcceptable("clearance_invalid", "clearance") from None


@dataclass(frozen=True, slots=True)
class Joining:
    """Let a partner into a circle; `until` is the last day of its stay."""

    circle: str
    partner: UUID
    until: date


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """A policy document to adopt, word for word, and the number of the version it was written against."""

    partner: UUID
    document: str
    base: int


def _demand_slug(slug: str) -> None:
    if len(slug) > 60:
        raise NotAcceptable("slug_form", "slug")
    _demand_form([slug], SLUG, "slug")


def _demand_words(words: Iterable[str], known: Collection[str], field: str) -> None:
    if not all(word in known for word in words):
        raise NotAcceptable("unknown_word", field)


def _demand_form(words: Iterable[str], form: re.Pattern[str], field: str) -> None:
    if not all(form.fullmatch(word) for word in words):
        raise NotAcceptable("wrong_form", field)
