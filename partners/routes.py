"""The REST face of this room. Each view is a sentence; the work is done elsewhere, without HTTP."""

# The decorators of flask-smorest have no types.
# mypy: allow-untyped-decorators

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import request, url_for
from flask_smorest import Blueprint
from werkzeug.exceptions import UnprocessableEntity

from partners import schemas
from partners.agreements import close_circle, leave_circle
from partners.guard import Scope, current_actor, current_partners_desk, needs
from partners.members import revoke_credential, suspend_member, suspend_partner
from partners.proposals import (
    ADOPT_POLICY,
    Asked,
    Decided,
    PolicyState,
    Request,
    approve,
    open_proposals,
    policies_of,
    policy_of,
    propose,
    refuse,
    submit_policy,
)
from partners.requests import (
    CircleTerms,
    Joining,
    NewAgreement,
    NewCredential,
    NewMember,
    NewPartner,
    PolicyDocument,
    Resuming,
)
from partners.standing import demand_own_or_steward, demand_steward, home_of_key, home_of_member
from partners.views import my_circles, my_standing, people_of, registered
from partners.web import auth
from policies.load import PolicyError

API: Final = "/api/v1"

partners = Blueprint("partners", __name__, url_prefix=f"{API}/partners", description="Organisations.")
members = Blueprint("members", __name__, url_prefix=f"{API}/members", description="People of a partner.")
credentials = Blueprint("credentials", __name__, url_prefix=f"{API}/credentials", description="Keys.")
circles = Blueprint("circles", __name__, url_prefix=f"{API}/circles", description="Who reads together.")
policies = Blueprint("policies", __name__, url_prefix=f"{API}/policies", description="What a partner shares.")
proposals = Blueprint(
    "proposals", __name__, url_prefix=f"{API}/proposals", description="What waits for a second person."
)

BLUEPRINTS: Final = (auth, partners, members, credentials, circles, policies, proposals)


class Unreadable(UnprocessableEntity):
    """422: a policy document with mistakes. Each is named by line and place, and none is quoted."""

    def __init__(self, wrong: PolicyError) -> None:
        super().__init__()
        places = {f"document:{each.line or 0}:{each.path}": each.reason_code for each in wrong.problems}
        self.data = {"code": "policy_invalid", "errors": places}


@partners.get("/me")
@needs(Scope.PARTNERS_READ)
@partners.response(200, schemas.MeSchema)
def me() -> Mapping[str, Any]:
    """Say who the asker is: partner, agreement, member and rights."""
    return my_standing(by=current_actor(), desk=current_partners_desk())


@partners.get("")
@needs(Scope.PARTNERS_READ)
@partners.arguments(schemas.PageSchema, location="query")
@partners.response(200, schemas.PartnerPageSchema)
def list_partners(page: Mapping[str, Any]) -> Mapping[str, Any]:
    """List the organisations, for stewards; anybody else finds their own."""
    found, more = registered(
        by=current_actor(), desk=current_partners_desk(), after=page.get("after"), limit=page["limit"]
    )
    following = url_for("partners.list_partners", after=found[-1].slug, limit=page["limit"]) if more else None
    return {"items": found, "next": following}


@partners.post("")
@needs(Scope.PARTNERS_WRITE)
@partners.arguments(schemas.NewPartnerSchema)
@partners.response(202, schemas.ProposalSchema)
def propose_partner(asked: NewPartner) -> Asked:
    """Propose to take in an organisation; a second steward approves."""
    return _put(asked)


@partners.post("/<uuid:partner_id>/suspension")
@needs(Scope.PARTNERS_WRITE)
@partners.response(204)
def suspend(partner_id: UUID) -> None:
    """Suspend a partner at once: tokens, keys, circles and policy. One person is enough."""
    actor, desk = current_actor(), current_partners_desk()
    with desk.sessions.begin() as session:
        demand_own_or_steward(session, actor, partner_id)
        suspend_partner(session, partner_id, at=desk.clock(), by=actor.ref)


@partners.post("/<uuid:partner_id>/resumption")
@needs(Scope.PARTNERS_WRITE)
@partners.response(202, schemas.ProposalSchema)
def propose_resumption(partner_id: UUID) -> Asked:
    """Propose to let a suspended partner in again."""
    return _put(Resuming(partner_id))


@partners.get("/<uuid:partner_id>/members")
@needs(Scope.PARTNERS_WRITE)
@partners.response(200, schemas.MembersSchema)
def list_members(partner_id: UUID) -> Mapping[str, Any]:
    """List a partner's people by their codes."""
    return {"items": people_of(partner_id, by=current_actor(), desk=current_partners_desk())}


@partners.post("/<uuid:partner_id>/members")
@needs(Scope.PARTNERS_WRITE)
@partners.arguments(schemas.MemberKeySchema)
@partners.response(202, schemas.ProposalSchema)
def propose_member(asked: Mapping[str, Any], partner_id: UUID) -> Asked:
    """Propose to take in a person with her key. Whoever approves hands her the second factor."""
    return _put(NewMember(partner=partner_id, **_tuples(asked)))


@partners.post("/<uuid:partner_id>/credentials")
@needs(Scope.PARTNERS_WRITE)
@partners.arguments(schemas.KeySchema)
@partners.response(202, schemas.ProposalSchema)
def propose_machine_key(asked: Mapping[str, Any], partner_id: UUID) -> Asked:
    """Propose a key for a partner's machine. It can never decide anything."""
    return _put(NewCredential(partner=partner_id, **_tuples(asked)))


@partners.post("/<uuid:partner_id>/agreements")
@needs(Scope.AGREEMENTS_WRITE)
@partners.arguments(schemas.AgreementTermsSchema)
@partners.response(202, schemas.ProposalSchema)
def propose_agreement(asked: Mapping[str, Any], partner_id: UUID) -> Asked:
    """Propose the next version of a partner's sharing agreement."""
    return _put(NewAgreement(partner=partner_id, **_tuples(asked)))


@members.post("/<uuid:member_id>/credentials")
@needs(Scope.PARTNERS_WRITE)
@members.arguments(schemas.KeySchema)
@members.response(202, schemas.ProposalSchema)
def propose_member_key(asked: Mapping[str, Any], member_id: UUID) -> Asked:
    """Propose a further key for a person."""
    with current_partners_desk().readers() as session:
        home = home_of_member(session, member_id)
    return _put(NewCredential(partner=home, member=member_id, **_tuples(asked)))


@members.post("/<uuid:member_id>/suspension")
@needs(Scope.PARTNERS_WRITE)
@members.response(204)
def suspend_person(member_id: UUID) -> None:
    """Suspend a person at once, with all her keys and tokens. One person is enough."""
    actor, desk = current_actor(), current_partners_desk()
    with desk.sessions.begin() as session:
        demand_own_or_steward(session, actor, home_of_member(session, member_id))
        suspend_member(session, member_id, at=desk.clock(), by=actor.ref)


@credentials.delete("/<kid>")
@needs(Scope.PARTNERS_WRITE)
@credentials.response(204)
def revoke(kid: str) -> None:
    """Void a key at once and for good. One person is enough."""
    actor, desk = current_actor(), current_partners_desk()
    with desk.sessions.begin() as session:
        demand_own_or_steward(session, actor, home_of_key(session, kid))
        revoke_credential(session, kid, at=desk.clock(), by=actor.ref)


@circles.get("")
@needs(Scope.CIRCLES_READ)
@circles.response(200, schemas.CirclesSchema)
def list_circles() -> Mapping[str, Any]:
    """List the circles in which the asker may read today, and not who else is in them."""
    return {"items": my_circles(by=current_actor(), desk=current_partners_desk())}


@circles.post("")
@needs(Scope.CIRCLES_WRITE)
@circles.arguments(schemas.CircleTermsSchema)
@circles.response(202, schemas.ProposalSchema)
def propose_circle(asked: CircleTerms) -> Asked:
    """Propose a circle, or new terms for the one of that name."""
    return _put(asked)


@circles.post("/<slug>/closure")
@needs(Scope.CIRCLES_WRITE)
@circles.response(204)
def close(slug: str) -> None:
    """Close a circle at once and for good. One steward is enough."""
    actor, desk = current_actor(), current_partners_desk()
    with desk.sessions.begin() as session:
        demand_steward(session, actor)
        close_circle(session, slug, at=desk.clock(), by=actor.ref)


@circles.post("/<slug>/memberships")
@needs(Scope.CIRCLES_WRITE)
@circles.arguments(schemas.StaySchema)
@circles.response(202, schemas.ProposalSchema)
def propose_joining(asked: Mapping[str, Any], slug: str) -> Asked:
    """Propose to let a partner into a circle."""
    return _put(Joining(circle=slug, **asked))


@circles.delete("/<slug>/memberships")
@needs(Scope.CIRCLES_WRITE)
@circles.response(204)
def leave(slug: str) -> None:
    """Leave a circle at once. One person of the partner is enough."""
    actor, desk = current_actor(), current_partners_desk()
    with desk.sessions.begin() as session:
        demand_own_or_steward(session, actor, actor.partner)
        leave_circle(session, slug, actor.partner, at=desk.clock(), by=actor.ref)


@circles.delete("/<slug>/memberships/<uuid:partner_id>")
@needs(Scope.CIRCLES_WRITE)
@circles.response(204)
def put_out(slug: str, partner_id: UUID) -> None:
    """Put a partner out of a circle at once. One steward is enough."""
    actor, desk = current_actor(), current_partners_desk()
    with desk.sessions.begin() as session:
        demand_own_or_steward(session, actor, partner_id)
        leave_circle(session, slug, partner_id, at=desk.clock(), by=actor.ref)


@policies.get("")
@needs(Scope.POLICIES_READ)
@policies.response(200, schemas.PoliciesSchema)
def list_policies() -> Mapping[str, Any]:
    """List the asker's own policy versions and open proposals."""
    return {"items": policies_of(by=current_actor(), desk=current_partners_desk())}


@policies.post("")
@needs(Scope.POLICIES_WRITE)
@policies.arguments(schemas.PolicyTextSchema)
@policies.response(201, schemas.PolicySchema)
def adopt(asked: Mapping[str, Any]) -> PolicyState:
    """Adopt a policy that only tightens. One that loosens anything is kept as a proposal, and says what."""
    actor = current_actor()
    document = PolicyDocument(partner=actor.partner, **asked)
    try:
        return submit_policy(document, by=actor, desk=current_partners_desk())
    except PolicyError as wrong:
        raise Unreadable(wrong) from None


@policies.get("/<uuid:policy_id>")
@needs(Scope.POLICIES_READ)
@policies.response(200, schemas.PolicySchema)
def read_one_policy(policy_id: UUID) -> PolicyState:
    """Read one version, or one proposal; another partner's steward sees what it loosens and no words."""
    return policy_of(policy_id, by=current_actor(), desk=current_partners_desk())


@policies.post("/<uuid:policy_id>/approvals")
@needs(Scope.POLICIES_WRITE)
@policies.response(200, schemas.DecidedSchema)
def approve_policy(policy_id: UUID) -> Decided:
    """Adopt, as the second person, a policy that loosens."""
    return approve(policy_id, by=current_actor(), desk=current_partners_desk(), only=ADOPT_POLICY)


@proposals.get("")
@needs(Scope.PARTNERS_READ, person=True)
@proposals.response(200, schemas.ProposalsSchema)
def list_proposals() -> Mapping[str, Any]:
    """List what waits for a second person and concerns the asker."""
    return {"items": open_proposals(by=current_actor(), desk=current_partners_desk())}


@proposals.post("/<uuid:proposal_id>/approvals")
@needs(Scope.PARTNERS_READ, person=True)
@proposals.response(200, schemas.DecidedSchema)
def approve_proposal(proposal_id: UUID) -> tuple[Decided, dict[str, str]]:
    """Carry out, as the second person, what was proposed. What is said once is said here."""
    decided = approve(proposal_id, by=current_actor(), desk=current_partners_desk())
    return decided, {"Cache-Control": "no-store"}


@proposals.post("/<uuid:proposal_id>/refusals")
@needs(Scope.PARTNERS_READ, person=True)
@proposals.response(204)
def refuse_proposal(proposal_id: UUID) -> None:
    """Put a proposal away. One person is enough."""
    refuse(proposal_id, by=current_actor(), desk=current_partners_desk())


def _put(asked: Request) -> Asked:
    """Put a request before a second person, once for each `Idempotency-Key`."""
    key = request.headers.get("Idempotency-Key")
    return propose(asked, by=current_actor(), desk=current_partners_desk(), key=key)


def _tuples(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in asked.items()}
