"""What an actor may look up about itself and those in its care. Reading changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from partners.desk import PartnersDesk
from partners.models import Member, Partner
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


def registered(
    *, by: Actor, desk: PartnersDesk, after: str | None, limit: int
) -> tuple[Sequence[PartnerView], bool]:
    """The partners that the asker may know of, by slug, and whether there are more."""
    with desk.readers() as session:
        wanted = select(Partner).where(Partner.slug > (after or "")).order_by(Partner.slug).limit(limit + 1)
        if not is_steward(session, by):
            wanted = wanted.where(Partner.id == by.partner)
        rows = session.scalars(wanted).all()
        return [partner_view(row) for row in rows[:limit]], len(rows) > limit


def people_of(partner_id: UUID, *, by: Actor, desk: PartnersDesk) -> Sequence[MemberView]:
    """The people of the asker's own partner; of any, for a steward."""
    with desk.readers() as session:
        demand_own_or_steward(session, by, partner_id)
        rows = session.scalars(
            select(Member).where(Member.partner_id == partner_id).order_by(Member.code)
        ).all()
        return [MemberView(row.id, row.code, tuple(row.roles), tuple(row.scopes), row.status) for row in rows]


def my_circles(*, by: Actor, desk: PartnersDesk) -> Sequence[OwnCircle]:
    """The circles in which the asker's partner may read today."""
    with desk.readers() as session:
        return [
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
