"""What shuts a door: it takes one person, happens at once, and once for each key.

A request that arrives late, after the door was opened again by two people, is answered and shuts nothing.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from partners.agreements import close_circle, leave_circle
from partners.desk import PartnersDesk
from partners.idempotency import Answer, Once, once_only
from partners.members import revoke_credential, suspend_member, suspend_partner
from partners.standing import demand_own_or_steward, demand_steward, home_of_key, home_of_member
from partners.values import Actor

NOTHING_TO_TELL: Answer = {}


def suspend(partner_id: UUID, *, by: Actor, once: Once, desk: PartnersDesk) -> None:
    """Put a partner out at once, as one of its own people or as a steward."""

    def work(session: Session) -> Answer:
        demand_own_or_steward(session, by, partner_id)
        suspend_partner(session, partner_id, at=desk.clock(), by=by.ref)
        return NOTHING_TO_TELL

    once_only(desk, once, work)


def suspend_person(member_id: UUID, *, by: Actor, once: Once, desk: PartnersDesk) -> None:
    """Put a person out at once, as one of her own partner's people or as a steward."""

    def work(session: Session) -> Answer:
        home_of_member(session, by, member_id)
        suspend_member(session, member_id, at=desk.clock(), by=by.ref)
        return NOTHING_TO_TELL

    once_only(desk, once, work)


def revoke(kid: str, *, by: Actor, once: Once, desk: PartnersDesk) -> None:
    """Void a key for good, as one of its holder's people or as a steward."""

    def work(session: Session) -> Answer:
        home_of_key(session, by, kid)
        revoke_credential(session, kid, at=desk.clock(), by=by.ref)
        return NOTHING_TO_TELL

    once_only(desk, once, work)


def close(slug: str, *, by: Actor, once: Once, desk: PartnersDesk) -> None:
    """Close a circle for good, as a steward."""

    def work(session: Session) -> Answer:
        demand_steward(session, by)
        close_circle(session, slug, at=desk.clock(), by=by.ref)
        return NOTHING_TO_TELL

    once_only(desk, once, work)


def leave(slug: str, partner_id: UUID, *, by: Actor, once: Once, desk: PartnersDesk) -> None:
    """End a partner's stay in a circle, as one of its own people or as a steward."""

    def work(session: Session) -> Answer:
        demand_own_or_steward(session, by, partner_id)
        leave_circle(session, slug, partner_id, at=desk.clock(), by=by.ref)
        return NOTHING_TO_TELL

    once_only(desk, once, work)
