"""People: the members of one's partner, and what waits for a second person; for stewards, every partner."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final, cast
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for

from console.acting import once_of_form
from console.session import page, person
from console.web import MOST, current_speech, render
from partners import people as use
from partners.errors import Conflict, NotAcceptable, NotAllowed
from partners.guard import current_partners_desk
from partners.proposals import approve, propose, refuse
from partners.requests import Inviting, NewMember
from partners.values import Role, Scope
from partners.waiting import Asked, open_proposals

people = Blueprint("people", __name__, url_prefix="/people")

ACTS: Final = ("add_member", "invite_member")
"""What is decided on these pages. Other proposals are decided where their contents can be read."""


@people.get("")
@page(Scope.PARTNERS_WRITE)
def members() -> Response:
    """The people of one's own partner."""
    return _members(person().partner)


@people.get("/partners")
@page(Scope.PARTNERS_WRITE, Scope.AGREEMENTS_WRITE)
def partners() -> Response:
    """Every partner, for stewards."""
    after = request.args.get("after", "")
    found, more = use.organisations(by=person(), desk=current_partners_desk(), after=after)
    return render("people/partners.html", partners=found, more=more, own=person().partner)


@people.get("/partners/<uuid:partner_id>")
@page(Scope.PARTNERS_WRITE, Scope.AGREEMENTS_WRITE)
def members_of(partner_id: UUID) -> Response:
    """The people of another partner, for stewards."""
    return _members(partner_id)


@people.post("/partners/<uuid:partner_id>/suspension")
@page(Scope.PARTNERS_WRITE, Scope.AGREEMENTS_WRITE, confirmed=True)
def suspend_partner(partner_id: UUID) -> Response:
    """Put a partner out at once, with everybody who sits there."""
    use.suspend_organisation(partner_id, by=person(), desk=current_partners_desk())
    return _to("people.partners")


@people.post("/partners/<uuid:partner_id>/members")
@page(Scope.PARTNERS_WRITE, confirmed=True)
def propose_member(partner_id: UUID) -> Response:
    """Propose a new member; a second person approves, and hands on the invitation."""
    try:
        asked = NewMember(
            partner=partner_id,
            code=request.form.get("code", "").strip(),
            roles=tuple(role for role in Role if role.value in request.form.getlist("roles")),
        )
    except NotAcceptable as wrong:
        return _members(partner_id, wrong={wrong.field: wrong.code})
    propose(asked, by=person(), once=once_of_form(), desk=current_partners_desk())
    return _to("people.waiting")


@people.post("/<uuid:member_id>/invitation")
@page(Scope.PARTNERS_WRITE, confirmed=True)
def propose_invitation(member_id: UUID) -> Response:
    """Propose to invite somebody, or to invite her anew because she has lost her password or factor."""
    desk = current_partners_desk()
    partner_id = use.home_of(member_id, by=person(), desk=desk)
    propose(Inviting(partner_id, member_id), by=person(), once=once_of_form(), desk=desk)
    return _to("people.waiting")


@people.post("/<uuid:member_id>/sittings")
@page(Scope.PARTNERS_WRITE)
def end_sittings(member_id: UUID) -> Response:
    """End every sitting of a person at once."""
    desk = current_partners_desk()
    home = use.home_of(member_id, by=person(), desk=desk)
    use.end_all(member_id, by=person(), desk=desk)
    return _back_to(home)


@people.post("/<uuid:member_id>/suspension")
@page(Scope.PARTNERS_WRITE, confirmed=True)
def suspend(member_id: UUID) -> Response:
    """Put a person out at once, with all her sittings, keys and tokens."""
    desk = current_partners_desk()
    home = use.home_of(member_id, by=person(), desk=desk)
    use.suspend_person(member_id, by=person(), desk=desk)
    return _back_to(home)


@people.get("/waiting")
@page(Scope.PARTNERS_WRITE)
def waiting() -> Response:
    """What waits for a second person here."""
    return _waiting()


@people.post("/waiting/<uuid:proposal_id>/approval")
@page(Scope.PARTNERS_WRITE, confirmed=True)
def approve_one(proposal_id: UUID) -> Response:
    """Carry out, as the second person, what was proposed. The invitation is shown this once."""
    desk = current_partners_desk()
    if proposal_id not in {asked.id for asked in _decided_here()}:
        return _waiting("not_found", HTTPStatus.NOT_FOUND)
    try:
        decided = approve(proposal_id, by=person(), once=once_of_form(), desk=desk)
    except (Conflict, NotAllowed) as wrong:
        return _waiting(wrong.code, HTTPStatus.CONFLICT)
    return render("people/approved.html", link=decided.told.get("invitation", ""))


@people.post("/waiting/<uuid:proposal_id>/refusal")
@page(Scope.PARTNERS_WRITE)
def refuse_one(proposal_id: UUID) -> Response:
    """Put a proposal away."""
    try:
        refuse(proposal_id, by=person(), once=once_of_form(), desk=current_partners_desk())
    except (Conflict, NotAllowed) as wrong:
        return _waiting(wrong.code, HTTPStatus.CONFLICT)
    return _to("people.waiting")


def _members(partner_id: UUID, wrong: dict[str, str] | None = None) -> Response:
    actor = person()
    slug, faces = use.faces(partner_id, by=actor, desk=current_partners_desk())
    return render(
        "people/members.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        slug=slug,
        partner_id=partner_id,
        faces=faces,
        roles=[(role.value, _role(role.value)) for role in Role],
        role=_role,
        me=actor.member,
        wrong={field: _wrong(code) for field, code in (wrong or {}).items()},
        typed=request.form if wrong else {},
    )


def _decided_here() -> tuple[Asked, ...]:
    found = open_proposals(by=person(), after=None, limit=MOST, desk=current_partners_desk())
    return tuple(asked for asked in found.items if asked.act in ACTS)


def _waiting(wrong: str = "", status: HTTPStatus = HTTPStatus.OK) -> Response:
    desk = current_partners_desk()
    lines = [use.told_of(asked, by=person(), desk=desk) for asked in _decided_here()]
    said = _wrong(wrong) if wrong else ""
    return render("people/waiting.html", status, lines=lines, role=_role, wrong=said)


def _role(word: str) -> str:
    _ = current_speech().gettext
    return {
        "caseworker": _("Caseworker: posts reports"),
        "reviewer": _("Reviewer: checks texts"),
        "approver": _("Approver: lets bulletins go out"),
        "administrator": _("Administrator: looks after people and policies"),
        "steward": _("Steward: looks after the hub"),
    }[word]


def _wrong(code: str) -> str:
    _ = current_speech().gettext
    return {
        "wrong_form": _("Letters, figures, dots and hyphens only, at most 40."),
        "missing": _("Please choose at least one."),
        "same_person": _("Somebody else has to approve this: it takes two people."),
        "code_taken": _("Somebody has this code already."),
        "already_decided": _("This has been decided already."),
        "proposer_gone": _("Whoever proposed this is no longer here."),
    }.get(code, _("This is not possible."))


def _back_to(home: UUID) -> Response:
    if home == person().partner:
        return _to("people.members")
    return _to("people.members_of", partner_id=home)


def _to(endpoint: str, **values: object) -> Response:
    return cast(Response, redirect(url_for(endpoint, **values), HTTPStatus.SEE_OTHER))  # type: ignore[arg-type]
