"""What takes two people: each kind of request, how it is kept, and who may propose and approve it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, cast
from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy.orm import Session

from partners import schemas
from partners.errors import Conflict, NotAcceptable, NotAllowed
from partners.models import Proposal
from partners.requests import (
    CircleTerms,
    Inviting,
    Joining,
    NewAgreement,
    NewCredential,
    NewMember,
    NewPartner,
    PolicyDocument,
    Resuming,
)
from partners.standing import demand_own_or_steward, demand_steward
from partners.values import Actor, Scope

ADOPT_POLICY: Final = "adopt_policy"

Request = (
    CircleTerms
    | Inviting
    | Joining
    | NewAgreement
    | NewCredential
    | NewMember
    | NewPartner
    | PolicyDocument
    | Resuming
)


@dataclass(frozen=True, slots=True)
class Rule:
    """How one kind of request is kept, and who may propose and approve it."""

    asks: type
    schema: schemas.RequestSchema
    scope: Scope
    stewards_only: bool


RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "add_agreement": Rule(NewAgreement, schemas.NewAgreementSchema(), Scope.AGREEMENTS_WRITE, True),
        "add_credential": Rule(NewCredential, schemas.NewCredentialSchema(), Scope.PARTNERS_WRITE, False),
        "add_member": Rule(NewMember, schemas.NewMemberSchema(), Scope.PARTNERS_WRITE, False),
        ADOPT_POLICY: Rule(PolicyDocument, schemas.PolicyDocumentSchema(), Scope.POLICIES_WRITE, False),
        "invite_member": Rule(Inviting, schemas.InvitingSchema(), Scope.PARTNERS_WRITE, False),
        "join_circle": Rule(Joining, schemas.JoiningSchema(), Scope.CIRCLES_WRITE, True),
        "register_partner": Rule(NewPartner, schemas.NewPartnerSchema(), Scope.PARTNERS_WRITE, True),
        "resume_partner": Rule(Resuming, schemas.ResumingSchema(), Scope.PARTNERS_WRITE, True),
        "set_circle": Rule(CircleTerms, schemas.CircleTermsSchema(), Scope.CIRCLES_WRITE, True),
    }
)


def demand_right(session: Session, rule: Rule, concerned: UUID, by: Actor) -> UUID:
    """The person who may ask for this about that partner, or a refusal."""
    if rule.scope not in by.scopes:
        raise NotAllowed("scope")
    if rule.stewards_only:
        return demand_steward(session, by)
    return demand_own_or_steward(session, by, concerned)


def kept_request(row: Proposal) -> Request:
    """The request again. One that today's words or limits would not allow is a `Conflict`."""
    try:
        return cast(Request, RULES[row.act].schema.load(row.request))
    except (ValidationError, NotAcceptable):
        raise Conflict("proposal_outdated") from None
