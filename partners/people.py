"""What those in charge of people may see and end: their codes and roles, and nobody's factors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partners.desk import PartnersDesk
from partners.errors import NotAllowed
from partners.members import suspend_member, suspend_partner
from partners.models import Member, Partner, Proposal
from partners.models_people import Account, Invitation
from partners.own import note_ended, running
from partners.sign_in import factors
from partners.sitting import close_all
from partners.standing import demand_own_or_steward, demand_steward, home_of_member
from partners.values import Actor, Scope
from partners.waiting import Asked


@dataclass(frozen=True, slots=True)
class Face:
    """A person in the list of her partner: her code and roles, and whether she can come in."""

    id: UUID
    code: str
    roles: tuple[str, ...]
    status: str
    enrolled: bool
    invited_until: datetime | None
    sittings: int


@dataclass(frozen=True, slots=True)
class Organisation:
    """A partner in the list of all."""

    id: UUID
    slug: str
    name: str
    status: str


@dataclass(frozen=True, slots=True)
class Line:
    """What waits for a second person, about one person. `mine` is what the asker proposed herself."""

    id: UUID
    act: str
    partner: str
    code: str
    roles: tuple[str, ...]
    until: datetime
    mine: bool


def faces(partner_id: UUID, *, by: Actor, desk: PartnersDesk) -> tuple[str, Sequence[Face]]:
    """The people of the asker's own partner, with its short name; of any, for a steward."""
    with desk.readers() as session:
        demand_own_or_steward(session, by, partner_id)
        rows = session.scalars(
            select(Member).where(Member.partner_id == partner_id).order_by(Member.code)
        ).all()
        slug = session.get_one(Partner, partner_id).slug
        return slug, [_face(session, row, desk.clock()) for row in rows]


def organisations(
    *, by: Actor, desk: PartnersDesk, after: str = "", limit: int = 100
) -> tuple[tuple[Organisation, ...], str]:
    """Every partner by its short name, for stewards alone; and where the list goes on, or nothing."""
    with desk.readers() as session:
        demand_steward(session, by)
        wanted = select(Partner).where(Partner.slug > after).order_by(Partner.slug).limit(limit + 1)
        rows = session.scalars(wanted).all()
        found = tuple(Organisation(row.id, row.slug, row.name, row.status) for row in rows[:limit])
        return found, found[-1].slug if len(rows) > limit else ""


def is_anybody_enrolled(*, desk: PartnersDesk) -> bool:
    """Whether there is anybody at all who has set up a way in by browser; of a new instance that is nobody."""
    with desk.readers() as session:
        return session.scalar(select(Account.member_id).limit(1)) is not None


def home_of(member_id: UUID, *, by: Actor, desk: PartnersDesk) -> UUID:
    """The partner of a person who is in the asker's charge; anybody else is not there."""
    with desk.readers() as session:
        return home_of_member(session, by, member_id)


def told_of(asked: Asked, *, by: Actor, desk: PartnersDesk) -> Line:
    """A proposal about a person, in the codes by which she is known here."""
    request = asked.request or {}
    with desk.readers() as session:
        member = session.get(Member, UUID(request["member"])) if "member" in request else None
        partner = session.get(Partner, UUID(request["partner"]))
        row = session.get_one(Proposal, asked.id)
        return Line(
            id=asked.id,
            act=asked.act,
            partner=partner.slug if partner else "",
            code=member.code if member else str(request.get("code", "")),
            roles=tuple(member.roles if member else request.get("roles", ())),
            until=asked.until,
            mine=row.proposed_by == by.member,
        )


def end_all(member_id: UUID, *, by: Actor, desk: PartnersDesk) -> None:
    """End every sitting of a person of one's own partner (of any, for a steward). She may sign in again."""
    with desk.sessions.begin() as session:
        _demand_charge(session, member_id, by)
        if close_all(session, member_id, desk.clock()):
            note_ended(session, member_id, by, "revoked", desk)


def suspend_person(member_id: UUID, *, by: Actor, desk: PartnersDesk) -> None:
    """Put a person out at once, with all her sittings, keys and tokens. One person is enough."""
    with desk.sessions.begin() as session:
        _demand_charge(session, member_id, by)
        suspend_member(session, member_id, at=desk.clock(), by=by.ref)
        close_all(session, member_id, desk.clock())


def suspend_organisation(partner_id: UUID, *, by: Actor, desk: PartnersDesk) -> None:
    """Put a partner out at once, with everybody who sits there. One person is enough."""
    with desk.sessions.begin() as session:
        _demand_right(by)
        demand_own_or_steward(session, by, partner_id)
        suspend_partner(session, partner_id, at=desk.clock(), by=by.ref)
        for member in session.scalars(select(Member.id).where(Member.partner_id == partner_id)).all():
            close_all(session, member, desk.clock())


def _face(session: Session, row: Member, now: datetime) -> Face:
    invitation = session.scalar(
        select(func.max(Invitation.until)).where(
            Invitation.member_id == row.id, Invitation.closed_at.is_(None), Invitation.until > now
        )
    )
    return Face(
        id=row.id,
        code=row.code,
        roles=tuple(row.roles),
        status=row.status,
        enrolled=bool(factors(session, row.id)),
        invited_until=invitation,
        sittings=len(running(session, row.id, now)),
    )


def _demand_charge(session: Session, member_id: UUID, by: Actor) -> None:
    _demand_right(by)
    home_of_member(session, by, member_id)


def _demand_right(by: Actor) -> None:
    if Scope.PARTNERS_WRITE not in by.scopes:
        raise NotAllowed("scope")
