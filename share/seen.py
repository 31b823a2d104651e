"""What publication looks at, read once as values with their versions, and compared again before it writes."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.envelope import CannotOpen
from config.keystore import KeyGone
from partners.models import ACTIVE, Circle, CircleMembership, Member, Partner
from partners.registry import agreement_in_force, circles_for_source, policy_in_force
from partners.values import AgreementView, CircleView, PolicyInForce
from policies.grounds import Ground
from redaction.findings import Examined
from share.bulletin import Content, content_from_plain
from share.consent import ground_value, newest_grounds
from share.desk import Desk
from share.draft import Draft
from share.errors import Stale
from share.models import Approval, Bulletin, BulletinVersion, GroundVersion, Report, ReportVersion
from share.reports import current_version, open_holds, working_draft
from share.signing import strict_json
from share.working import WorkingCopyUnreadable

PUBLISHED = "published"
RECALLED = "recalled"


@dataclass(frozen=True, slots=True)
class Last:
    """The newest version of this report's bulletin in this circle."""

    bulletin: UUID
    number: int
    state: str
    stopped: bool
    circle_version: int | None
    policy: UUID | None
    agreement_version: int | None
    stored_at: datetime
    valid_until: date
    report_version: int
    governed_by: str | None
    content: Content | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Seen:
    """One report and one circle as they stood at one moment. `None` where there is nothing in force."""

    report: UUID
    partner: UUID
    ledger_ref: str
    lock: int
    version: int
    state: str
    urgent: bool
    redacted_at_source: bool
    received: date
    draft: Draft | None = field(repr=False)
    examined: Examined | None = field(repr=False)
    held: frozenset[str]
    grounds: tuple[Ground, ...]
    grounds_since: datetime | None
    rests_on: str
    policy: PolicyInForce | None
    agreement: AgreementView | None
    circle_id: UUID
    circle: CircleView | None
    every_circle: frozenset[str]
    approved: frozenset[str]
    last: Last | None


def in_force(session: Session, partner_id: UUID, *, on: date) -> str:
    """A digest of what a partner may publish under on that day; it changes when anything of it does."""
    policy = policy_in_force(session, partner_id, on)
    agreement = agreement_in_force(session, partner_id, on)
    circles = sorted(
        (str(view.id), view.version, sorted(map(str, view.members)))
        for view in circles_for_source(session, partner_id, on)
    )
    said = [policy and str(policy.id), agreement and (str(agreement.id), agreement.version), circles]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def circles_to_settle(report_id: UUID, *, desk: Desk) -> tuple[UUID, ...]:
    """Every circle that may be told about the report today, and every circle that once was."""
    with desk.readers() as session:
        report = session.get_one(Report, report_id)
        today = desk.clock().date()
        may = {view.id for view in circles_for_source(session, report.partner_id, today)}
        told = set(session.scalars(select(Bulletin.circle_id).where(Bulletin.report_id == report_id)))
    return tuple(sorted(may | told))


def read(session: Session, report_id: UUID, circle_id: UUID, *, desk: Desk) -> Seen:
    """Everything that decides what this circle is told about this report, with the versions of it all."""
    report = session.get_one(Report, report_id)
    today = desk.clock().date()
    version = current_version(session, report)
    draft = working_draft(version, desk)
    publishable = circles_for_source(session, report.partner_id, today)
    recorded = newest_grounds(session, report_id)
    policy = policy_in_force(session, report.partner_id, today)
    rests_on = _rests_on(recorded, policy)
    return Seen(
        report=report.id,
        partner=report.partner_id,
        ledger_ref=report.ledger_ref,
        lock=report.lock,
        version=report.version,
        state=report.state,
        urgent=report.urgent,
        redacted_at_source=report.redacted_at_source,
        received=report.received_at.date(),
        draft=draft,
        examined=_findings(version, desk),
        held=frozenset(hold.part for hold in open_holds(session, report)),
        grounds=_grounds(session, recorded, publishable),
        grounds_since=max((row.recorded_at for row in recorded), default=None),
        rests_on=rests_on,
        policy=policy,
        agreement=agreement_in_force(session, report.partner_id, today),
        circle_id=circle_id,
        circle=next((view for view in publishable if view.id == circle_id), None),
        every_circle=frozenset(view.slug for view in publishable),
        approved=_approved(session, report, circle_id, rests_on),
        last=last_version(session, report_id, circle_id),
    )


def unchanged(session: Session, seen: Seen, *, desk: Desk) -> None:
    """Pass if everything that `seen` rests on is still in force inside this transaction; raise `Stale` otherwise."""
    report = session.get_one(Report, seen.report, with_for_update=True, populate_existing=True)
    session.get_one(Circle, seen.circle_id, with_for_update={"read": True})
    session.get_one(Partner, seen.partner, with_for_update={"read": True})
    now = read(session, seen.report, seen.circle_id, desk=desk)
    same = (
        report.lock == seen.lock
        and now.policy == seen.policy
        and now.agreement == seen.agreement
        and now.circle == seen.circle
        and now.grounds == seen.grounds
        and now.approved == seen.approved
        and now.last == seen.last
    )
    if not same:
        raise Stale


def last_version(session: Session, report_id: UUID, circle_id: UUID) -> Last | None:
    """The newest version of the bulletin, if there ever was one."""
    row = session.execute(
        select(Bulletin, BulletinVersion)
        .join(
            BulletinVersion,
            (BulletinVersion.bulletin_id == Bulletin.id) & (BulletinVersion.number == Bulletin.version),
        )
        .where(Bulletin.report_id == report_id, Bulletin.circle_id == circle_id)
    ).one_or_none()
    if row is None:
        return None
    bulletin, version = row
    told = version.state == PUBLISHED
    return Last(
        bulletin=bulletin.id,
        number=version.number,
        state=version.state,
        stopped=bulletin.stopped_at is not None,
        circle_version=version.circle_version,
        policy=version.policy_version_id,
        agreement_version=version.agreement_version,
        stored_at=version.stored_at,
        valid_until=version.valid_until,
        report_version=version.report_version,
        governed_by=version.governed_by,
        content=content_from_plain(strict_json(version.content)) if told else None,
    )


def _findings(version: ReportVersion, desk: Desk) -> Examined | None:
    if version.findings is None:
        return None
    try:
        return desk.working.findings(version.findings, report=version.report_id, version=version.number)
    except (KeyGone, CannotOpen, WorkingCopyUnreadable):
        return None


def _rests_on(grounds: Sequence[GroundVersion], policy: PolicyInForce | None) -> str:
    """A digest of the grounds and the policy in force; another record with the same words is another ground."""
    said = [sorted((row.subject, row.number) for row in grounds), policy and str(policy.id)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _approved(session: Session, report: Report, circle_id: UUID, rests_on: str) -> frozenset[str]:
    """What was approved as things stand now, by people who are still in good standing."""
    rows = session.scalars(
        select(Approval.content_sha256)
        .join(Member, Member.id == Approval.member_id)
        .join(Partner, Partner.id == Member.partner_id)
        .where(
            Approval.report_id == report.id,
            Approval.report_version == report.version,
            Approval.circle_id == circle_id,
            Approval.rests_on == rests_on,
            Member.status == ACTIVE,
            Partner.status == ACTIVE,
        )
    )
    return frozenset(rows)


def _grounds(
    session: Session, recorded: Sequence[GroundVersion], circles: Sequence[CircleView]
) -> tuple[Ground, ...]:
    """The grounds in force, each refusal of a partner spelled out as a refusal of every circle it sits in."""
    grounds = [ground_value(row) for row in recorded]
    refused = {name for ground in grounds for name in ground.withheld_from}
    if not refused:
        return tuple(grounds)
    partners = set(session.scalars(select(Partner.slug).where(Partner.slug.in_(refused))))
    named = set(session.scalars(select(Circle.slug).where(Circle.slug.in_(refused)))) | partners
    # Whoever has a seat counts, suspended or out of agreement too: standing can come back overnight.
    seats = session.execute(
        select(Partner.slug, CircleMembership.circle_id)
        .join(CircleMembership, CircleMembership.partner_id == Partner.id)
        .where(Partner.slug.in_(refused), CircleMembership.left_at.is_(None))
    )
    inside: dict[UUID, set[str]] = defaultdict(set)
    for slug, circle_id in seats:
        inside[circle_id].add(slug)
    return tuple(_spelled_out(ground, circles, inside, named) for ground in grounds)


def _spelled_out(
    ground: Ground,
    circles: Sequence[CircleView],
    inside: Mapping[UUID, Collection[str]],
    named: Collection[str],
) -> Ground:
    if not ground.withheld_from <= set(named):
        # She refused somebody whom we cannot place: then it could be anybody.
        return replace(ground, purposes=frozenset(), withheld_from=frozenset(view.slug for view in circles))
    closed = {view.slug for view in circles if ground.withheld_from.intersection(inside.get(view.id, ()))}
    return replace(ground, withheld_from=ground.withheld_from | closed)
