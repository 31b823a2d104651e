"""The REST face of partners, members and keys. Each view is a sentence; the work is done elsewhere."""

# The decorators of flask-smorest have no types.
# mypy: allow-untyped-decorators

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask_smorest import Blueprint

from partners import answers, schemas, shutting
from partners.guard import Scope, current_actor, current_partners_desk, needs
from partners.requests import (
    NewAgreement,
    NewCredential,
    NewMember,
    NewPartner,
    Resuming,
)
from partners.routes_auth import auth
from partners.routes_circles import circles, policies, proposals
from partners.standing import home_of_member
from partners.views import my_standing, people_of, registered
from partners.waiting import Asked
from partners.web import API, once, paged, put, tuples

partners = Blueprint("partners", __name__, url_prefix=f"{API}/partners", description="Organisations.")
members = Blueprint("members", __name__, url_prefix=f"{API}/members", description="People of a partner.")
credentials = Blueprint("credentials", __name__, url_prefix=f"{API}/credentials", description="Keys.")

BLUEPRINTS: Final = (auth, partners, members, credentials, circles, policies, proposals)


@partners.get("/me")
@needs(Scope.PARTNERS_READ)
@partners.response(200, answers.MeSchema)
def me() -> Mapping[str, Any]:
    """Say who the asker is: partner, agreement, member and rights."""
    return my_standing(by=current_actor(), desk=current_partners_desk())


@partners.get("")
@needs(Scope.PARTNERS_READ)
@partners.arguments(schemas.PageOfNamesSchema, location="query")
@partners.response(200, answers.PartnerPageSchema)
def list_partners(page: Mapping[str, Any]) -> tuple[Mapping[str, Any], dict[str, str]]:
    """List the organisations, for stewards; anybody else finds their own."""
    after, limit = page.get("after"), page["limit"]
    found = registered(by=current_actor(), after=after, limit=limit, desk=current_partners_desk())
    return paged(found, "partners.list_partners", limit)


@partners.post("")
@needs(Scope.PARTNERS_WRITE)
@partners.arguments(schemas.NewPartnerSchema)
@partners.response(202, answers.ProposalSchema)
def propose_partner(asked: NewPartner) -> Asked:
    """Propose to take in an organisation; a second steward approves."""
    return put(asked)


@partners.post("/<uuid:partner_id>/suspension")
@needs(Scope.PARTNERS_WRITE)
@partners.response(204)
def suspend(partner_id: UUID) -> None:
    """Suspend a partner at once: tokens, keys, circles and policy. One person is enough."""
    shutting.suspend(partner_id, by=current_actor(), once=once(), desk=current_partners_desk())


@partners.post("/<uuid:partner_id>/resumption")
@needs(Scope.PARTNERS_WRITE)
@partners.response(202, answers.ProposalSchema)
def propose_resumption(partner_id: UUID) -> Asked:
    """Propose to let a suspended partner in again."""
    return put(Resuming(partner_id))


@partners.get("/<uuid:partner_id>/members")
@needs(Scope.PARTNERS_WRITE)
@partners.arguments(schemas.PageSchema, location="query")
@partners.response(200, answers.MembersSchema)
def list_members(page: Mapping[str, Any], partner_id: UUID) -> tuple[Mapping[str, Any], dict[str, str]]:
    """List a partner's people by their codes."""
    after, limit = page.get("after"), page["limit"]
    found = people_of(partner_id, by=current_actor(), after=after, limit=limit, desk=current_partners_desk())
    return paged(found, "partners.list_members", limit, partner_id=partner_id)


@partners.post("/<uuid:partner_id>/members")
@needs(Scope.PARTNERS_WRITE)
@partners.arguments(schemas.MemberKeySchema)
@partners.response(202, answers.ProposalSchema)
def propose_member(asked: Mapping[str, Any], partner_id: UUID) -> Asked:
    """Propose to take in a person with her key. Whoever approves hands her the second factor."""
    return put(NewMember(partner=partner_id, **tuples(asked)))


@partners.post("/<uuid:partner_id>/credentials")
@needs(Scope.PARTNERS_WRITE)
@partners.arguments(schemas.KeySchema)
@partners.response(202, answers.ProposalSchema)
def propose_machine_key(asked: Mapping[str, Any], partner_id: UUID) -> Asked:
    """Propose a key for a partner's machine. It can never decide anything."""
    return put(NewCredential(partner=partner_id, **tuples(asked)))


@partners.post("/<uuid:partner_id>/agreements")
@needs(Scope.AGREEMENTS_WRITE)
@partners.arguments(schemas.AgreementTermsSchema)
@partners.response(202, answers.ProposalSchema)
def propose_agreement(asked: Mapping[str, Any], partner_id: UUID) -> Asked:
    """Propose the next version of a partner's sharing agreement."""
    return put(NewAgreement(partner=partner_id, **tuples(asked)))


@members.post("/<uuid:member_id>/credentials")
@needs(Scope.PARTNERS_WRITE)
@members.arguments(schemas.KeySchema)
@members.response(202, answers.ProposalSchema)
def propose_member_key(asked: Mapping[str, Any], member_id: UUID) -> Asked:
    """Propose a further key for a person."""
    with current_partners_desk().readers() as session:
        home = home_of_member(session, current_actor(), member_id)
    return put(NewCredential(partner=home, member=member_id, **tuples(asked)))


@members.post("/<uuid:member_id>/suspension")
@needs(Scope.PARTNERS_WRITE)
@members.response(204)
def suspend_person(member_id: UUID) -> None:
    """Suspend a person at once, with all her keys and tokens. One person is enough."""
    shutting.suspend_person(member_id, by=current_actor(), once=once(), desk=current_partners_desk())


@credentials.delete("/<kid>")
@needs(Scope.PARTNERS_WRITE)
@credentials.response(204)
def revoke(kid: str) -> None:
    """Void a key at once and for good. One person is enough."""
    shutting.revoke(kid, by=current_actor(), once=once(), desk=current_partners_desk())
