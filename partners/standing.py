"""Who may ask for what about whom. What is not yours is not there: both are `NotThere`."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from partners.errors import NotAllowed, NotThere
from partners.models import ACTIVE, Credential, Member, Partner
from partners.values import Actor


def is_steward(session: Session, actor: Actor) -> bool:
    """Whether the actor is a person of a partner that keeps the hub itself."""
    home = session.get(Partner, actor.partner)
    return actor.is_person and home is not None and home.status == ACTIVE and home.steward


def demand_person(actor: Actor) -> UUID:
    """The member who acts. A machine key decides nothing."""
    if not actor.is_person or actor.member is None:
        raise NotAllowed("persons_only")
    return actor.member


def demand_steward(session: Session, actor: Actor) -> UUID:
    """The steward who acts, or `NotAllowed`."""
    member = demand_person(actor)
    if not is_steward(session, actor):
        raise NotAllowed("stewards_only")
    return member


def demand_own_or_steward(session: Session, actor: Actor, partner_id: UUID) -> UUID:
    """The person who acts for that partner, or a steward; for anybody else the partner is not there."""
    member = demand_person(actor)
    if actor.partner != partner_id and not is_steward(session, actor):
        raise NotThere
    if session.get(Partner, partner_id) is None:
        raise NotThere
    return member


def home_of_member(session: Session, actor: Actor, member_id: UUID) -> UUID:
    """The partner whom a member acts for, if the actor may ask about it; for anybody else she is not there."""
    demand_person(actor)
    row = session.get(Member, member_id)
    if row is None:
        raise NotThere
    demand_own_or_steward(session, actor, row.partner_id)
    return row.partner_id


def home_of_key(session: Session, actor: Actor, kid: str) -> UUID:
    """The partner whom a key belongs to, if the actor may ask about it; for anybody else it is not there."""
    demand_person(actor)
    home = session.scalar(select(Credential.partner_id).where(Credential.kid == kid))
    if home is None:
        raise NotThere
    demand_own_or_steward(session, actor, home)
    return home
