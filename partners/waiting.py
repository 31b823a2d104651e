"""What waits for a second person, and which policies a partner has: looked up by those whom it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session

from partners.adoption import loosened
from partners.desk import PartnersDesk
from partners.errors import NotThere
from partners.models import PolicyVersion, Proposal
from partners.pages import Page, cut
from partners.registry import newest_policy, read_policy
from partners.rules import ADOPT_POLICY, RULES
from partners.standing import is_steward
from partners.values import Actor
from policies.load import PolicyError

PROPOSED: Final = "proposed"


@dataclass(frozen=True, slots=True)
class Asked:
    """A proposal as those see it who may decide it. `request` is None where they see its scope alone."""

    id: UUID
    act: str
    state: str
    proposed_at: datetime
    until: datetime
    request: Mapping[str, Any] | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class PolicyState:
    """A version of a policy, or a proposal for one (no number yet). Only its own partner sees `document`."""

    id: UUID
    state: str
    number: int | None
    document: str | None = field(repr=False)
    adopted_at: datetime | None
    loosens: tuple[str, ...]


def open_proposals(*, by: Actor, after: UUID | None, limit: int, desk: PartnersDesk) -> Page[Asked]:
    """What waits for a decision that the asker may make, or made the asker wait; oldest first.

    A cursor may have been decided since, but it must concern the asker; else it is not there.
    """
    with desk.readers() as session:
        now = desk.clock()
        concerning = _concerning(session, by)
        wanted = concerning.where(*_still_open(now)).order_by(Proposal.proposed_at, Proposal.id)
        if after is not None:
            wanted = wanted.where(_beyond(_position(session, concerning, after)))
        rows = session.scalars(wanted.limit(limit + 1)).all()
        return cut([seen(row, by, now) for row in rows], limit, lambda each: each.id)


def policies_of(*, by: Actor, after: UUID | None, limit: int, desk: PartnersDesk) -> Page[PolicyState]:
    """The asker's own versions, newest first, after the proposals that are still open. A cursor is one of either."""
    proposals = select(Proposal).where(Proposal.partner_id == by.partner, Proposal.act == ADOPT_POLICY)
    versions = select(PolicyVersion).where(PolicyVersion.partner_id == by.partner)
    with desk.readers() as session:
        now = desk.clock()
        waiting = proposals.where(*_still_open(now)).order_by(Proposal.proposed_at, Proposal.id)
        last = session.scalars(versions.where(PolicyVersion.id == after)).one_or_none()
        if last is not None:
            waiting = waiting.where(false())
            versions = versions.where(PolicyVersion.number < last.number)
        elif after is not None:
            waiting = waiting.where(_beyond(_position(session, proposals, after)))
        found = [_proposed_policy(session, row, by, now) for row in session.scalars(waiting.limit(limit + 1))]
        newest_first = versions.order_by(PolicyVersion.number.desc()).limit(limit + 1)
        found += [adopted(row) for row in session.scalars(newest_first)]
        return cut(found, limit, lambda each: each.id)


def policy_of(policy_id: UUID, *, by: Actor, desk: PartnersDesk) -> PolicyState:
    """One version of the asker's own, or a proposal for one that the asker may see."""
    with desk.readers() as session:
        version = session.get(PolicyVersion, policy_id)
        if version is not None and version.partner_id == by.partner:
            return adopted(version)
        row = session.get(Proposal, policy_id)
        if row is None or row.act != ADOPT_POLICY:
            raise NotThere
        if row.partner_id != by.partner and not is_steward(session, by):
            raise NotThere
        return _proposed_policy(session, row, by, desk.clock())


def seen(row: Proposal, by: Actor, now: datetime) -> Asked:
    """A proposal as `by` sees it. A steward sees that another partner's policy waits, and not its words."""
    hidden = row.act == ADOPT_POLICY and row.partner_id != by.partner
    return Asked(
        id=row.id,
        act=row.act,
        state=_state(row, now),
        proposed_at=row.proposed_at,
        until=row.until,
        request=None if hidden else row.request,
    )


def _concerning(session: Session, by: Actor) -> Select[Proposal]:
    acts = [act for act, rule in RULES.items() if rule.scope in by.scopes]
    concerning = select(Proposal).where(Proposal.act.in_(acts))
    if is_steward(session, by):
        return concerning
    return concerning.where(or_(Proposal.partner_id == by.partner, Proposal.proposed_by == by.member))


def _still_open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Proposal.outcome.is_(None), Proposal.until > now


def _position(session: Session, among: Select[Proposal], after: UUID) -> Proposal:
    row = session.scalars(among.where(Proposal.id == after)).one_or_none()
    if row is None:
        raise NotThere
    return row


def _beyond(last: Proposal) -> ColumnElement[bool]:
    same = and_(Proposal.proposed_at == last.proposed_at, Proposal.id > last.id)
    return or_(Proposal.proposed_at > last.proposed_at, same)


def _state(row: Proposal, now: datetime) -> str:
    if row.outcome is not None:
        return row.outcome
    return PROPOSED if now < row.until else "expired"


def adopted(row: PolicyVersion) -> PolicyState:
    """A version as its own partner sees it."""
    return PolicyState(row.id, "adopted", row.number, row.document, row.adopted_at, ())


def _proposed_policy(session: Session, row: Proposal, by: Actor, now: datetime) -> PolicyState:
    document = str(row.request["document"])
    try:
        loosens = loosened(read_policy(document), since=newest_policy(session, row.partner_id))
    except PolicyError:
        loosens = ()
    return PolicyState(
        id=row.id,
        state=_state(row, now),
        number=None,
        document=document if row.partner_id == by.partner else None,
        adopted_at=None,
        loosens=loosens,
    )
