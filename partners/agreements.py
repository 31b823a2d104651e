"""Agreements and circles: who may read together, for what, and until when.

Each function is one act inside the caller's transaction, with its ledger entry. Every change of a circle, or
of who is in it, is a new version of the circle, so that a bulletin worked out before is worked out again.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from ledger.entries import Act, record
from partners.errors import Conflict, NotAcceptable, NotThere
from partners.members import add_or_conflict
from partners.models import Agreement, Circle, CircleMembership, Partner
from partners.requests import CircleTerms, Joining, NewAgreement


def add_agreement(session: Session, asked: NewAgreement, *, at: datetime, by: str) -> UUID:
    """Note the next version of a partner's agreement. From its first day on it alone counts."""
    if session.get(Partner, asked.partner) is None:
        raise NotThere
    newest = session.scalar(select(func.max(Agreement.version)).where(Agreement.partner_id == asked.partner))
    row = Agreement(
        id=uuid4(),
        partner_id=asked.partner,
        version=(newest or 0) + 1,
        start=asked.start,
        end=asked.end,
        purposes=sorted(set(asked.purposes)),
        areas=list(asked.areas),
        added_at=at,
    )
    add_or_conflict(session, row, "agreement_changed")
    codes = {"partner": str(asked.partner), "version": str(row.version)}
    record(session, Act.AGREEMENT_ADDED, at=at, actor=by, ref=str(row.id), codes=codes)
    return row.id


def set_circle(session: Session, asked: CircleTerms, *, at: datetime, by: str) -> UUID:
    """Make the circle of that name, or give it these terms. A closed circle is not opened again."""
    row = session.scalars(select(Circle).where(Circle.slug == asked.slug)).one_or_none()
    if row is not None and row.closed_at is not None:
        raise Conflict("circle_closed")
    terms = {
        "clearance": dict(asked.clearance),
        "purpose": asked.purpose,
        "tlp": asked.tlp.name,
        "smallest_group": asked.smallest_group,
        "suspect_names_basis": asked.suspect_names_basis,
        "until": asked.until,
    }
    if row is None:
        row = Circle(id=uuid4(), slug=asked.slug, version=1, added_at=at, **terms)
        add_or_conflict(session, row, "slug_taken")
    else:
        for name, value in terms.items():
            setattr(row, name, value)
        _new_version(session, row)
    record(session, Act.CIRCLE_ADDED, at=at, actor=by, ref=str(row.id), codes={"version": str(row.version)})
    return row.id


def close_circle(session: Session, slug: str, *, at: datetime, by: str) -> None:
    """Shut a circle for good: nobody reads in it from now on. May be repeated."""
    row = _circle(session, slug)
    if row.closed_at is not None:
        return
    row.closed_at = at
    _new_version(session, row)
    record(session, Act.CIRCLE_LEFT, at=at, actor=by, ref=str(row.id), codes={"what": "closed"})


def join_circle(session: Session, asked: Joining, *, at: datetime, by: str) -> UUID:
    """Let a partner into a circle. It sees what is governed from now on, and nothing older."""
    row = _circle(session, asked.circle)
    if row.closed_at is not None or session.get(Partner, asked.partner) is None:
        raise NotThere
    if asked.until < at.date():
        raise NotAcceptable("already_expired", "until")
    stay = _open_stay(session, row, asked.partner)
    if stay is not None and stay.until >= at.date():
        raise Conflict("already_member")
    if stay is not None:
        # It ran out by itself. Coming back is a new stay, or the old one would show what it then showed.
        stay.left_at = at
        session.flush()
    stay = CircleMembership(
        id=uuid4(), circle_id=row.id, partner_id=asked.partner, joined_at=at, until=asked.until
    )
    add_or_conflict(session, stay, "already_member")
    _new_version(session, row)
    codes = {"partner": str(asked.partner), "version": str(row.version)}
    record(session, Act.CIRCLE_JOINED, at=at, actor=by, ref=str(row.id), codes=codes)
    return stay.id


def leave_circle(session: Session, slug: str, partner_id: UUID, *, at: datetime, by: str) -> None:
    """End a partner's stay: it reads nothing in this circle from now on."""
    row = _circle(session, slug)
    stay = _open_stay(session, row, partner_id)
    if stay is None:
        raise NotThere
    stay.left_at = at
    _new_version(session, row)
    codes = {"partner": str(partner_id), "version": str(row.version)}
    record(session, Act.CIRCLE_LEFT, at=at, actor=by, ref=str(row.id), codes=codes)


def _circle(session: Session, slug: str) -> Circle:
    row = session.scalars(select(Circle).where(Circle.slug == slug)).one_or_none()
    if row is None:
        raise NotThere
    return row


def _open_stay(session: Session, row: Circle, partner_id: UUID) -> CircleMembership | None:
    return session.scalars(
        select(CircleMembership).where(
            CircleMembership.circle_id == row.id,
            CircleMembership.partner_id == partner_id,
            CircleMembership.left_at.is_(None),
        )
    ).one_or_none()


def _new_version(session: Session, row: Circle) -> None:
    row.version += 1
    try:
        session.flush()
    except StaleDataError:
        raise Conflict("circle_changed") from None
