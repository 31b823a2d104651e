"""Questions about partners, circles and policies, answered for one day and as frozen values.

Every answer is worked out from the rows at the moment of asking: a suspension, an ended agreement, a closed
circle, a stay that has run out or a policy that cannot be read means nobody, and never everybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from partners.models import ACTIVE, Agreement, Circle, CircleMembership, Partner, PolicyVersion
from partners.values import AgreementView, CircleView, PartnerView, PolicyInForce
from policies.load import PolicyError, load_policy, load_terms, smallest_group
from policies.policy import Policy
from policies.terms import Detail, Readers, Terms, Tlp

SUSPECT_NAME = "SUSPECT_NAME"


def partner(session: Session, partner_id: UUID) -> PartnerView | None:
    """The partner, if there is one of that id and it is not suspended."""
    row = session.get(Partner, partner_id)
    return partner_view(row) if row is not None and row.status == ACTIVE else None


def agreement_in_force(session: Session, partner_id: UUID, on: date) -> AgreementView | None:
    """The newest agreement that has begun, if it has not ended. An older one does not come back to life."""
    return _agreements(session, {partner_id}, on).get(partner_id)


def policy_in_force(session: Session, partner_id: UUID, on: date) -> PolicyInForce | None:
    """The newest version adopted, if it still holds and its partner is in good standing, else none at all."""
    if partner(session, partner_id) is None or agreement_in_force(session, partner_id, on) is None:
        return None
    row = newest_policy(session, partner_id)
    if row is None:
        return None
    try:
        policy = read_policy(row.document)
    except PolicyError:
        return None
    return PolicyInForce(row.id, row.number, policy) if on <= policy.until else None


def circle(session: Session, slug: str, on: date) -> CircleView | None:
    """The circle of that name, if it is open on that day. Its members may well be nobody."""
    views = _views(session, Circle.slug == slug, on)
    return views[0] if views else None


def circles_of(session: Session, partner_id: UUID, on: date) -> tuple[CircleView, ...]:
    """The circles in which that partner may read on that day."""
    stays = select(CircleMembership.circle_id).where(
        CircleMembership.partner_id == partner_id, CircleMembership.left_at.is_(None)
    )
    return tuple(view for view in _views(session, Circle.id.in_(stays), on) if partner_id in view.members)


def circles_for_source(session: Session, partner_id: UUID, on: date) -> tuple[CircleView, ...]:
    """The circles to which that partner may publish: its policy lets them have something, somebody is in
    them, and its own agreement covers their purpose. It need not be a member.
    """
    policy = policy_in_force(session, partner_id, on)
    agreement = agreement_in_force(session, partner_id, on)
    if policy is None or agreement is None:
        return ()
    return tuple(
        view
        for view in _views(session, Circle.closed_at.is_(None), on)
        if view.members
        and view.purpose in agreement.purposes
        and policy.policy.for_circle(view.slug) != Terms.nothing()
    )


def partner_view(row: Partner) -> PartnerView:
    """The row as a value, whatever its status."""
    return PartnerView(
        id=row.id,
        slug=row.slug,
        name=row.name,
        kind=row.kind,
        countries=tuple(row.countries),
        areas=tuple(row.areas),
        languages=tuple(row.languages),
        law_flags=frozenset(row.law_flags),
        steward=row.steward,
    )


def newest_policy(session: Session, partner_id: UUID) -> PolicyVersion | None:
    """The newest version that was ever adopted, in force or not."""
    return session.scalars(
        select(PolicyVersion)
        .where(PolicyVersion.partner_id == partner_id)
        .order_by(PolicyVersion.number.desc())
        .limit(1)
    ).one_or_none()


@lru_cache(maxsize=256)
def read_policy(document: str) -> Policy:
    """The document as a policy. The same words are always the same policy, so they are read once."""
    return load_policy(document)


def clearance_of(row: Circle) -> Terms:
    """All that the circle may be told: its document, held inside its purpose, marking, k and last day.

    Without a document, or with one that cannot be read, that is nothing.
    """
    if not row.clearance:
        return Terms.nothing()
    try:
        terms = read_clearance(
            row.clearance, purpose=row.purpose, tlp=Tlp[row.tlp], k=row.smallest_group, until=row.until
        )
    except PolicyError:
        return Terms.nothing()
    detail = dict(terms.detail)
    if not row.suspect_names_basis:
        detail[SUSPECT_NAME] = min(terms.allows(SUSPECT_NAME), Detail.PRESENCE)
    # A clearance speaks for its own circle and can never admit another.
    return replace(terms, detail=detail, readers=Readers.of([row.slug]))


def read_clearance(document: Mapping[str, Any], *, purpose: str, tlp: Tlp, k: int, until: date) -> Terms:
    """What a clearance document allows, never more than the circle's own purpose, marking, k and last day.

    It is a policy's part for one circle, and may leave out what the circle itself says. Raises `PolicyError`.
    """
    own = {"purposes": [purpose], "tlp": tlp.label, "smallest_group": k}
    terms = load_terms({**own, **document}, until=until)
    return replace(
        terms,
        purposes=terms.purposes & {purpose},
        tlp=min(terms.tlp, tlp),
        smallest_group=max(terms.smallest_group, k, smallest_group(tlp)),
    )


def _views(session: Session, wanted: ColumnElement[bool], on: date) -> tuple[CircleView, ...]:
    """The circles among `wanted` that are open on that day, with whoever may then read in them."""
    circles = session.scalars(
        select(Circle).where(wanted, Circle.closed_at.is_(None), Circle.until >= on).order_by(Circle.slug)
    ).all()
    stays = _stays(session, [row.id for row in circles], on)
    agreements = _agreements(session, {stay.partner_id for stay in stays}, on)
    inside: dict[UUID, list[CircleMembership]] = defaultdict(list)
    for stay in stays:
        inside[stay.circle_id].append(stay)
    return tuple(_view(row, _covered(row, inside[row.id], agreements)) for row in circles)


def _view(row: Circle, stays: Sequence[CircleMembership]) -> CircleView:
    clearance = clearance_of(row)
    return CircleView(
        id=row.id,
        slug=row.slug,
        version=row.version,
        clearance=clearance,
        purpose=row.purpose,
        tlp=Tlp[row.tlp],
        members=frozenset(stay.partner_id for stay in stays),
        until=row.until,
        k=row.smallest_group,
        joined=MappingProxyType({stay.partner_id: stay.joined_at for stay in stays}),
    )


def _stays(session: Session, circles: Collection[UUID], on: date) -> Sequence[CircleMembership]:
    """The stays in those circles that run on that day, of partners that are not suspended."""
    return session.scalars(
        select(CircleMembership)
        .join(Partner, and_(Partner.id == CircleMembership.partner_id, Partner.status == ACTIVE))
        .where(
            CircleMembership.circle_id.in_(circles),
            CircleMembership.left_at.is_(None),
            CircleMembership.until >= on,
        )
    ).all()


def _covered(
    row: Circle, stays: Iterable[CircleMembership], agreements: dict[UUID, AgreementView]
) -> Sequence[CircleMembership]:
    """The stays whose partner has an agreement that covers the circle's purpose."""
    return [
        stay
        for stay in stays
        if (agreement := agreements.get(stay.partner_id)) and row.purpose in agreement.purposes
    ]


def _agreements(session: Session, partners: Collection[UUID], on: date) -> dict[UUID, AgreementView]:
    begun = session.scalars(
        select(Agreement)
        .where(Agreement.partner_id.in_(partners), Agreement.start <= on)
        .order_by(Agreement.version)
    )
    newest = {row.partner_id: row for row in begun}
    return {
        row.partner_id: AgreementView(row.id, row.version, row.end, frozenset(row.purposes), tuple(row.areas))
        for row in newest.values()
        if on <= row.end
    }
