"""What the partners' room hands to others: frozen values, read once, never database rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from policies.policy import Policy
from policies.terms import Terms, Tlp


class Scope(StrEnum):
    """What a credential may be used for. A new right is a new member, never a free word."""

    AGREEMENTS_WRITE = "agreements:write"
    BULLETINS_READ = "bulletins:read"
    BULLETINS_RECALL = "bulletins:recall"
    CIRCLES_READ = "circles:read"
    CIRCLES_WRITE = "circles:write"
    CONSENTS_WRITE = "consents:write"
    LEDGER_READ = "ledger:read"
    PARTNERS_READ = "partners:read"
    PARTNERS_WRITE = "partners:write"
    POLICIES_READ = "policies:read"
    POLICIES_WRITE = "policies:write"
    REPORTS_APPROVE = "reports:approve"
    REPORTS_READ = "reports:read"
    REPORTS_REVIEW = "reports:review"
    REPORTS_SUBMIT = "reports:submit"


PERSONS_ONLY: frozenset[Scope] = frozenset(
    {
        Scope.AGREEMENTS_WRITE,
        Scope.BULLETINS_RECALL,
        Scope.CIRCLES_WRITE,
        Scope.PARTNERS_WRITE,
        Scope.POLICIES_WRITE,
        Scope.REPORTS_APPROVE,
        Scope.REPORTS_REVIEW,
    }
)
"""Rights to decide. A partner's machine key never holds one of them."""


LAW_FLAGS: frozenset[str] = frozenset({"gdpr", "mandated-reporter", "vawa", "voca"})
"""Legal regimes that change what a partner may hand over."""

_EVERYBODY = {Scope.BULLETINS_READ, Scope.CIRCLES_READ, Scope.PARTNERS_READ, Scope.POLICIES_READ}
_CASEWORKER = _EVERYBODY | {Scope.REPORTS_SUBMIT, Scope.REPORTS_READ, Scope.CONSENTS_WRITE}
_REVIEWER = _EVERYBODY | {Scope.REPORTS_READ, Scope.REPORTS_REVIEW}
_APPROVER = _REVIEWER | {Scope.REPORTS_APPROVE, Scope.BULLETINS_RECALL}
_ADMINISTRATOR = {
    Scope.CIRCLES_READ,
    Scope.CIRCLES_WRITE,
    Scope.LEDGER_READ,
    Scope.PARTNERS_READ,
    Scope.PARTNERS_WRITE,
    Scope.POLICIES_READ,
    Scope.POLICIES_WRITE,
}
_STEWARD = _ADMINISTRATOR | {Scope.AGREEMENTS_WRITE}


class Role(StrEnum):
    """What a member does for her partner. A role is a bundle of scopes; the scopes are what is checked."""

    CASEWORKER = "caseworker"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"
    STEWARD = "steward"

    @property
    def scopes(self) -> frozenset[Scope]:
        """The rights of the role. A steward has none that opens a report."""
        return frozenset(
            {
                Role.CASEWORKER: _CASEWORKER,
                Role.REVIEWER: _REVIEWER,
                Role.APPROVER: _APPROVER,
                Role.ADMINISTRATOR: _ADMINISTRATOR,
                Role.STEWARD: _STEWARD,
            }[self]
        )


@dataclass(frozen=True, slots=True)
class Actor:
    """Who sent this request, as the database knew it when the request began."""

    credential: UUID
    partner: UUID
    member: UUID | None
    scopes: frozenset[Scope]
    second_factor: bool

    @property
    def is_person(self) -> bool:
        """A member who gave a second factor; a machine key is never a person."""
        return self.member is not None and self.second_factor

    @property
    def ref(self) -> str:
        """The opaque id under which the ledger knows the actor."""
        return str(self.member or self.credential)


@dataclass(frozen=True, slots=True)
class PartnerView:
    """A partner in good standing."""

    id: UUID
    slug: str
    name: str
    kind: str
    countries: tuple[str, ...]
    areas: tuple[str, ...]
    languages: tuple[str, ...]
    law_flags: frozenset[str]
    steward: bool


@dataclass(frozen=True, slots=True)
class CircleView:
    """A circle on one day: its clearance as it then stood, and the partners who could then read.

    `clearance` is already the whole of what the circle may be told: it admits this circle alone, for its one
    purpose, up to its marking, its k and its last day. Two views are equal only if nothing at all changed.
    """

    id: UUID
    slug: str
    version: int
    clearance: Terms
    purpose: str
    tlp: Tlp
    members: frozenset[UUID]
    until: date
    k: int
    joined: Mapping[UUID, datetime]

    def __hash__(self) -> int:
        return hash((self.id, self.version))

    def joined_at(self, partner: UUID) -> datetime | None:
        """When the running membership began: earlier bulletins are not shown to that partner."""
        return self.joined.get(partner)


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """The one version of a partner's policy that speaks today."""

    id: UUID
    number: int
    policy: Policy


@dataclass(frozen=True, slots=True)
class AgreementView:
    """The sharing agreement that binds a partner today; `until` is its last day."""

    id: UUID
    version: int
    until: date
    purposes: frozenset[str]
    areas: tuple[str, ...]
