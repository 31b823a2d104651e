"""The REST face of circles, policies and proposals. Each view is a sentence; the work is done elsewhere."""

# The decorators of flask-smorest have no types.
# mypy: allow-untyped-decorators

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from werkzeug.exceptions import UnprocessableEntity

from partners import answers, schemas, shutting
from partners.guard import Scope, current_actor, current_partners_desk, needs
from partners.proposals import Decided, approve, refuse, submit_policy
from partners.requests import CircleTerms, Joining, PolicyDocument
from partners.rules import ADOPT_POLICY
from partners.views import my_circles
from partners.waiting import Asked, PolicyState, open_proposals, policies_of, policy_of
from partners.web import API, once, paged, put
from policies.load import PolicyError

circles = Blueprint("circles", __name__, url_prefix=f"{API}/circles", description="Who reads together.")
policies = Blueprint("policies", __name__, url_prefix=f"{API}/policies", description="What a partner shares.")
proposals = Blueprint(
    "proposals", __name__, url_prefix=f"{API}/proposals", description="What waits for a second person."
)


class Unreadable(UnprocessableEntity):
    """422: a policy document with mistakes. Each is named by line and place, and none is quoted."""

    def __init__(self, wrong: PolicyError) -> None:
        super().__init__()
        places = {f"document:{each.line or 0}:{each.path}": each.reason_code for each in wrong.problems}
        self.data = {"code": "policy_invalid", "errors": places}


@circles.get("")
@needs(Scope.CIRCLES_READ)
@circles.arguments(schemas.PageOfNamesSchema, location="query")
@circles.response(200, answers.CirclesSchema)
def list_circles(page: Mapping[str, Any]) -> tuple[Mapping[str, Any], dict[str, str]]:
    """List the circles in which the asker may read today, and not who else is in them."""
    after, limit = page.get("after"), page["limit"]
    found = my_circles(by=current_actor(), after=after, limit=limit, desk=current_partners_desk())
    return paged(found, "circles.list_circles", limit)


@circles.post("")
@needs(Scope.CIRCLES_WRITE)
@circles.arguments(schemas.CircleTermsSchema)
@circles.response(202, answers.ProposalSchema)
def propose_circle(asked: CircleTerms) -> Asked:
    """Propose a circle, or new terms for the one of that name."""
    return put(asked)


@circles.post("/<slug>/closure")
@needs(Scope.CIRCLES_WRITE)
@circles.response(204)
def close(slug: str) -> None:
    """Close a circle at once and for good. One steward is enough."""
    shutting.close(slug, by=current_actor(), once=once(), desk=current_partners_desk())


@circles.post("/<slug>/memberships")
@needs(Scope.CIRCLES_WRITE)
@circles.arguments(schemas.StaySchema)
@circles.response(202, answers.ProposalSchema)
def propose_joining(asked: Mapping[str, Any], slug: str) -> Asked:
    """Propose to let a partner into a circle."""
    return put(Joining(circle=slug, **asked))


@circles.delete("/<slug>/memberships")
@needs(Scope.CIRCLES_WRITE)
@circles.response(204)
def leave(slug: str) -> None:
    """Leave a circle at once. One person of the partner is enough."""
    actor = current_actor()
    shutting.leave(slug, actor.partner, by=actor, once=once(), desk=current_partners_desk())


@circles.delete("/<slug>/memberships/<uuid:partner_id>")
@needs(Scope.CIRCLES_WRITE)
@circles.response(204)
def put_out(slug: str, partner_id: UUID) -> None:
    """Put a partner out of a circle at once. One steward is enough."""
    shutting.leave(slug, partner_id, by=current_actor(), once=once(), desk=current_partners_desk())


@policies.get("")
@needs(Scope.POLICIES_READ)
@policies.arguments(schemas.PageSchema, location="query")
@policies.response(200, answers.PoliciesSchema)
def list_policies(page: Mapping[str, Any]) -> tuple[Mapping[str, Any], dict[str, str]]:
    """List the asker's own policy versions and open proposals."""
    after, limit = page.get("after"), page["limit"]
    found = policies_of(by=current_actor(), after=after, limit=limit, desk=current_partners_desk())
    return paged(found, "policies.list_policies", limit)


@policies.post("")
@needs(Scope.POLICIES_WRITE)
@policies.arguments(schemas.PolicyTextSchema)
@policies.response(201, answers.PolicySchema)
def adopt(asked: Mapping[str, Any]) -> PolicyState:
    """Adopt a policy that only tightens. One that loosens anything is kept as a proposal, and says what."""
    actor = current_actor()
    document = PolicyDocument(partner=actor.partner, **asked)
    try:
        return submit_policy(document, by=actor, once=once(), desk=current_partners_desk())
    except PolicyError as wrong:
        raise Unreadable(wrong) from None


@policies.get("/<uuid:policy_id>")
@needs(Scope.POLICIES_READ)
@policies.response(200, answers.PolicySchema)
def read_one_policy(policy_id: UUID) -> PolicyState:
    """Read one version, or one proposal; another partner's steward sees what it loosens and no words."""
    return policy_of(policy_id, by=current_actor(), desk=current_partners_desk())


@policies.post("/<uuid:policy_id>/approvals")
@needs(Scope.POLICIES_WRITE)
@policies.response(200, answers.DecidedSchema)
def approve_policy(policy_id: UUID) -> Decided:
    """Adopt, as the second person, a policy that loosens."""
    actor, desk = current_actor(), current_partners_desk()
    return approve(policy_id, by=actor, once=once(), desk=desk, only=ADOPT_POLICY)


@proposals.get("")
@needs(Scope.PARTNERS_READ, person=True)
@proposals.arguments(schemas.PageSchema, location="query")
@proposals.response(200, answers.ProposalsSchema)
def list_proposals(page: Mapping[str, Any]) -> tuple[Mapping[str, Any], dict[str, str]]:
    """List what waits for a second person and concerns the asker."""
    after, limit = page.get("after"), page["limit"]
    found = open_proposals(by=current_actor(), after=after, limit=limit, desk=current_partners_desk())
    return paged(found, "proposals.list_proposals", limit)


@proposals.post("/<uuid:proposal_id>/approvals")
@needs(Scope.PARTNERS_READ, person=True)
@proposals.response(200, answers.DecidedSchema)
def approve_proposal(proposal_id: UUID) -> tuple[Decided, dict[str, str]]:
    """Carry out, as the second person, what was proposed. What is said once is said here."""
    decided = approve(proposal_id, by=current_actor(), once=once(), desk=current_partners_desk())
    return decided, {"Cache-Control": "no-store"}


@proposals.post("/<uuid:proposal_id>/refusals")
@needs(Scope.PARTNERS_READ, person=True)
@proposals.response(204)
def refuse_proposal(proposal_id: UUID) -> None:
    """Put a proposal away. One person is enough."""
    refuse(proposal_id, by=current_actor(), once=once(), desk=current_partners_desk())
