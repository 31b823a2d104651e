"""Two people for whatever opens a door: one proposes, another approves, and only then does it happen.

A proposal is the request itself, kept as it was checked. Approving carries it out in the transaction of the
approval, so nothing is ever half done. One person alone may refuse. Shutting doors needs no proposal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from ledger.entries import Act, record
from partners.adoption import NeedsTwo, adopt_policy
from partners.agreements import add_agreement, join_circle, set_circle
from partners.desk import PartnersDesk
from partners.errors import Conflict, NotAllowed, NotThere
from partners.members import add_credential, add_member, add_or_conflict, register_partner, resume_partner
from partners.models import ACTIVE, Member, Partner, PolicyVersion, Proposal
from partners.registry import newest_policy
from partners.requests import (
    CircleTerms,
    Joining,
    NewAgreement,
    NewCredential,
    NewMember,
    NewPartner,
    PolicyDocument,
    Resuming,
)
from partners.rules import ADOPT_POLICY, RULES, Request, demand_right, kept_request
from partners.standing import demand_person, is_steward
from partners.values import Actor
from partners.waiting import Asked, PolicyState, adopted, seen
from policies.load import PolicyError

LIFE: Final = timedelta(days=30)
"""How long a proposal may wait."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of an approval. `told` is said once: ids, and for a new member the secret she is handed."""

    id: UUID
    act: str
    told: Mapping[str, str] = field(repr=False)


def propose(asked: Request, *, by: Actor, desk: PartnersDesk, key: str | None = None) -> Asked:
    """Put a request before a second person. Asked again with the same `key` it is the same proposal."""
    with desk.sessions.begin() as session:
        return seen(_propose(session, asked, by, desk.clock(), key), by, desk.clock())


def submit_policy(
    asked: PolicyDocument, *, by: Actor, desk: PartnersDesk, key: str | None = None
) -> PolicyState:
    """Adopt a policy that only tightens; put any other before a second person, once for each `key`."""
    with desk.sessions.begin() as session:
        member = demand_right(session, RULES[ADOPT_POLICY], asked.partner, by)
        now = desk.clock()
        newest = newest_policy(session, asked.partner)
        if newest is not None and _is_again(newest, asked, member):
            return adopted(newest)
        try:
            return adopted(adopt_policy(session, asked, at=now, by=member))
        except NeedsTwo as needs_two:
            row = _propose(session, asked, by, now, key)
            return PolicyState(row.id, "proposed", None, asked.document, None, needs_two.loosened)


def approve(proposal: UUID, *, by: Actor, desk: PartnersDesk, only: str | None = None) -> Decided:
    """Carry out what another person proposed, or nothing at all.

    1. the approver may decide it, and is not who proposed it; 2. whoever proposed it is still welcome; 3. it
    is open, and the database lets one decision through; 4. it is done, as the two of them. Asked again by the
    same person the answer is the same, less what is said once.
    """
    with desk.sessions.begin() as session:
        now = desk.clock()
        row = _decidable(session, proposal, by, only)
        member = demand_person(by)
        if row.outcome == "approved" and row.decided_by == member:
            return Decided(row.id, row.act, {})
        if row.proposed_by == member:
            raise NotAllowed("same_person")
        _demand_welcome(session, row.proposed_by)
        _decide(session, row, "approved", member, now)
        told = _carry_out(session, kept_request(row), desk, row.proposed_by, member)
        codes = {"act": row.act, "voice": "second"}
        record(session, Act.APPROVED, at=now, actor=by.ref, ref=str(row.id), codes=codes)
        return Decided(row.id, row.act, told)


def refuse(proposal: UUID, *, by: Actor, desk: PartnersDesk) -> None:
    """Put a proposal away. Whoever made it may do so too. May be repeated by the same person."""
    with desk.sessions.begin() as session:
        now = desk.clock()
        row = _decidable(session, proposal, by, None)
        member = demand_person(by)
        if row.outcome == "refused" and row.decided_by == member:
            return
        _decide(session, row, "refused", member, now)
        record(session, Act.REFUSED, at=now, actor=by.ref, ref=str(row.id), codes={"act": row.act})


def _propose(session: Session, asked: Request, by: Actor, now: datetime, key: str | None) -> Proposal:
    act, rule = next((act, rule) for act, rule in RULES.items() if rule.asks is type(asked))
    concerned = by.partner if rule.stewards_only else cast(UUID, getattr(asked, "partner", by.partner))
    member = demand_right(session, rule, concerned, by)
    request = rule.schema.dump(asked)
    tag = None if key is None else hashlib.sha256(key.encode()).hexdigest()
    earlier = _same_key(session, member, tag)
    if earlier is not None:
        if (earlier.act, earlier.request) != (act, request):
            raise Conflict("idempotency_key_reused")
        return earlier
    row = Proposal(
        id=uuid4(),
        act=act,
        partner_id=concerned,
        request=request,
        request_key=tag,
        proposed_by=member,
        proposed_at=now,
        until=now + LIFE,
    )
    add_or_conflict(session, row, "already_asked")
    codes = {"act": act, "voice": "first"}
    record(session, Act.APPROVED, at=now, actor=by.ref, ref=str(row.id), codes=codes)
    return row


def _same_key(session: Session, member: UUID, tag: str | None) -> Proposal | None:
    if tag is None:
        return None
    return session.scalars(
        select(Proposal).where(Proposal.proposed_by == member, Proposal.request_key == tag)
    ).one_or_none()


def _decidable(session: Session, proposal: UUID, by: Actor, only: str | None) -> Proposal:
    """The proposal, if it is the actor's to decide; otherwise it is not there."""
    row = session.get(Proposal, proposal)
    if row is None or (only is not None and row.act != only):
        raise NotThere
    if row.partner_id != by.partner and not is_steward(session, by):
        raise NotThere
    demand_right(session, RULES[row.act], row.partner_id, by)
    return row


def _decide(session: Session, row: Proposal, outcome: str, member: UUID, now: datetime) -> None:
    """One decision gets through, whoever asks at the same moment."""
    done = session.execute(
        update(Proposal)
        .where(Proposal.id == row.id, Proposal.outcome.is_(None), Proposal.until > now)
        .values(outcome=outcome, decided_by=member, decided_at=now)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[object]", done).rowcount != 1:
        raise Conflict("already_decided")


def _demand_welcome(session: Session, member_id: UUID) -> None:
    member = session.get(Member, member_id)
    home = session.get(Partner, member.partner_id) if member is not None else None
    if member is None or home is None or member.status != ACTIVE or home.status != ACTIVE:
        raise Conflict("proposer_gone")


def _carry_out(
    session: Session, asked: Request, desk: PartnersDesk, first: UUID, second: UUID
) -> Mapping[str, str]:
    at, by = desk.clock(), str(second)
    match asked:
        case NewPartner():
            return {"partner": str(register_partner(session, asked, at=at, by=by).id)}
        case Resuming():
            resume_partner(session, asked.partner, at=at, by=by)
            return {"partner": str(asked.partner)}
        case NewMember():
            new = add_member(session, asked, keystore=desk.keystore, at=at, by=by)
            return {"member": str(new.id), "kid": new.kid, "totp_secret": new.totp_secret}
        case NewCredential():
            return {"kid": add_credential(session, asked, at=at, by=by)}
        case NewAgreement():
            return {"agreement": str(add_agreement(session, asked, at=at, by=by))}
        case CircleTerms():
            return {"circle": str(set_circle(session, asked, at=at, by=by))}
        case Joining():
            return {"membership": str(join_circle(session, asked, at=at, by=by))}
        case PolicyDocument():
            try:
                return {"policy": str(adopt_policy(session, asked, at=at, by=first, second=second).id)}
            except PolicyError:
                raise Conflict("proposal_outdated") from None


def _is_again(newest: PolicyVersion, asked: PolicyDocument, member: UUID) -> bool:
    """The same person sends what she has just adopted: the first answer was lost on its way."""
    return (newest.number, newest.document, newest.adopted_by) == (asked.base + 1, asked.document, member)
