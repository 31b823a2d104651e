"""Who acts from the command line of the machine that holds the keys: a named person, or a partner's machine.

Whoever can run it could change the database anyway, so nobody is asked for a secret; but the act is noted as theirs,
and is one that they have the right to. It never counts as a person's who gave a second factor.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from partners.errors import NotAllowed, NotThere
from partners.models import ACTIVE, Credential, Member, Partner
from partners.operating import member_called, partner_called
from partners.values import Actor, Scope


def person_acting(session: Session, slug: str, code: str, *, right: Scope) -> Actor:
    """The person of that partner by her code, if neither is suspended and she has the right."""
    partner = _standing(session, slug)
    member = session.get_one(Member, member_called(session, partner.id, code))
    if member.status != ACTIVE:
        raise NotThere
    return _with(right, Actor(member.id, partner.id, member.id, _scopes(member.scopes), second_factor=False))


def machine_acting(session: Session, slug: str, kid: str, *, right: Scope, at: datetime) -> Actor:
    """The machine of that partner by the id of its key, if the key holds today and has the right."""
    partner = _standing(session, slug)
    found = session.scalar(
        select(Credential).where(
            Credential.kid == kid, Credential.partner_id == partner.id, Credential.member_id.is_(None)
        )
    )
    if found is None or found.revoked_at is not None or not found.not_before <= at < found.expires:
        raise NotThere
    return _with(right, Actor(found.id, partner.id, None, _scopes(found.scopes), second_factor=False))


def _standing(session: Session, slug: str) -> Partner:
    partner = session.get_one(Partner, partner_called(session, slug))
    if partner.status != ACTIVE:
        raise NotThere
    return partner


def _scopes(words: list[str]) -> frozenset[Scope]:
    return frozenset(scope for scope in Scope if scope in words)


def _with(right: Scope, actor: Actor) -> Actor:
    if right not in actor.scopes:
        raise NotAllowed("not_allowed")
    return actor
