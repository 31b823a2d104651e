"""What an actor may look up about itself and those in its care. Reading changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from partners.desk import PartnersDesk
from partners.errors import NotThere
from partners.models import Member, Partner
from partners.pages import Page, cut, turn
from partners.registry import agreement_in_force, circles_of, partner, partner_view
from partners.standing import demand_own_or_steward, is_steward
from partners.values import Actor, PartnerView
from policies.terms import Tlp


@dataclass(frozen=True, slots=True)
class OwnCircle:
    """A circle as one of its members sees it: what it may be told, not who else is in it."""

    id: UUID
    slug: str
    version: int
    purpose: str
    tlp: Tlp
    smallest_group: int
    until: date
    joined_at: datetime | None
    detail: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MemberView:
    """A person, by her code."""

    id: UUID
    code: str
    roles: tuple[str, ...]
    scopes: tuple[str, ...]
    status: str


def my_standing(*, by: Actor, desk: PartnersDesk) -> Mapping[str, Any]:
    """Who the asker is, and what binds and allows it today."""
    with desk.readers() as session:
        return {
            "partner": partner(session, by.partner),
            "agreement": agreement_in_force(session, by.partner, desk.clock().date()),
            "member": by.member,
            "scopes": sorted(by.scopes),
            "second_factor": by.second_factor,
        }


def registered(*, by: Actor, after: str | None, limit: int, desk: PartnersDesk) -> Page[PartnerView]:
    """The partners that the asker may know of, by slug. A cursor that is not one of them is not there."""
    with desk.readers() as session:
        known = select(Partner)
        if not is_steward(session, by):
            known = known.where(Partner.id == by.partner)
        if after is not None:
            if session.scalars(known.where(Partner.slug == after)).one_or_none() is None:
                raise NotThere
            known = known.where(Partner.slug > after)
        rows = session.scalars(known.order_by(Partner.slug).limit(limit + 1)).all()
        return cut([partner_view(row) for row in rows], limit, lambda each: each.slug)


def people_of(
    partner_id: UUID, *, by: Actor, after: UUID | None, limit: int, desk: PartnersDesk
) -> Page[MemberView]:
    """The people of the asker's own partner, by code; of any, for a steward. A cursor is one of them."""
    with desk.readers() as session:
        demand_own_or_steward(session, by, partner_id)
        people = select(Member).where(Member.partner_id == partner_id)
        if after is not None:
            last = session.scalars(people.where(Member.id == after)).one_or_none()
            if last is None:
                raise NotThere
            people = people.where(Member.code > last.code)
        rows = session.scalars(people.order_by(Member.code).limit(limit + 1)).all()
        found = [
            MemberView(row.id, row.code, tuple(row.roles), tuple(row.scopes), row.status) for row in rows
        ]
        return cut(found, limit, lambda each: each.id)


def my_circles(*, by: Actor, after: str | None, limit: int, desk: PartnersDesk) -> Page[OwnCircle]:
    """The circles in which the asker's partner may read today, by slug. A cursor is one of them."""
    with desk.readers() as session:
        mine = [
            OwnCircle(
                id=view.id,
                slug=view.slug,
                version=view.version,
                purpose=view.purpose,
                tlp=view.tlp,
                smallest_group=view.k,
                until=view.until,
                joined_at=view.joined_at(by.partner),
                detail={kind: rung.name for kind, rung in sorted(view.clearance.detail.items())},
            )
            for view in circles_of(session, by.partner, desk.clock().date())
        ]
    return turn(mine, after=after, limit=limit, name=lambda each: each.slug)
