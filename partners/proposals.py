"""Two people for whatever opens a door: one proposes, another approves, and only then does it happen.

A proposal is the request itself, kept as it was checked. Approving carries it out in the transaction of the
approval, so nothing is ever half done. One person alone may refuse. Shutting doors needs no proposal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, cast
from uuid import UUID, uuid4

from marshmallow import ValidationError
from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.orm import Session

from ledger.entries import Act, record
from partners import schemas
from partners.adoption import NeedsTwo, adopt_policy, loosened
from partners.agreements import add_agreement, join_circle, set_circle
from partners.desk import PartnersDesk
from partners.errors import Conflict, NotAcceptable, NotAllowed, NotThere
from partners.members import add_credential, add_member, add_or_conflict, register_partner, resume_partner
from partners.models import ACTIVE, Member, Partner, PolicyVersion, Proposal
from partners.registry import newest_policy, read_policy
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
from partners.standing import demand_own_or_steward, demand_person, demand_steward, is_steward
from partners.values import Actor, Scope
from policies.load import PolicyError

LIFE: Final = timedelta(days=30)
ADOPT_POLICY: Final = "adopt_policy"

Request = (
    CircleTerms | Joining | NewAgreement | NewCredential | NewMember | NewPartner | PolicyDocument | Resuming
)


@dataclass(frozen=True, slots=True)
class Rule:
    """How one kind of request is kept, and who may propose and approve it."""

    asks: type
    schema: schemas.RequestSchema
    scope: Scope
    stewards_only: bool


RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "add_agreement": Rule(NewAgreement, schemas.NewAgreementSchema(), Scope.AGREEMENTS_WRITE, True),
        "add_credential": Rule(NewCredential, schemas.NewCredentialSchema(), Scope.PARTNERS_WRITE, False),
        "add_member": Rule(NewMember, schemas.NewMemberSchema(), Scope.PARTNERS_WRITE, False),
        ADOPT_POLICY: Rule(PolicyDocument, schemas.PolicyDocumentSchema(), Scope.POLICIES_WRITE, False),
        "join_circle": Rule(Joining, schemas.JoiningSchema(), Scope.CIRCLES_WRITE, True),
        "register_partner": Rule(NewPartner, schemas.NewPartnerSchema(), Scope.PARTNERS_WRITE, True),
        "resume_partner": Rule(Resuming, schemas.ResumingSchema(), Scope.PARTNERS_WRITE, True),
        "set_circle": Rule(CircleTerms, schemas.CircleTermsSchema(), Scope.CIRCLES_WRITE, True),
    }
)


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
class Decided:
    """What came of an approval. `told` is said once: ids, and for a new member the secret she is handed."""

    id: UUID
    act: str
    told: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class PolicyState:
    """A version of a policy, or a proposal for one (no number yet). Only its own partner sees `document`."""

    id: UUID
    state: str
    number: int | None
    document: str | None = field(repr=False)
    adopted_at: datetime | None
    loosens: tuple[str, ...]


def propose(asked: Request, *, by: Actor, desk: PartnersDesk, key: str | None = None) -> Asked:
    """Put a request before a second person. Asked again with the same `key` it is the same proposal."""
    with desk.sessions.begin() as session:
        return _seen(_propose(session, asked, by, desk.clock(), key), by, desk.clock())


def submit_policy(asked: PolicyDocument, *, by: Actor, desk: PartnersDesk) -> PolicyState:
    """Adopt a policy that only tightens; put any other before a second person."""
    with desk.sessions.begin() as session:
        member = _demand_right(session, RULES[ADOPT_POLICY], asked.partner, by)
        now = desk.clock()
        newest = newest_policy(session, asked.partner)
        if newest is not None and _is_again(newest, asked, member):
            return _version(newest)
        try:
            return _version(adopt_policy(session, asked, at=now, by=member))
        except NeedsTwo as needs_two:
            row = _propose(session, asked, by, now, None)
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
        told = _carry_out(session, _kept(row), desk, row.proposed_by, member)
        codes = {"act": row.act, "voice": "second"}
        record(session, Act.APPROVED, at=now, actor=by.ref, ref=str(row.id), codes=codes)
        return Decided(row.id, row.act, told)


def refuse(proposal: UUID, *, by: Actor, desk: PartnersDesk) -> None:
    """Put a proposal away. Whoever made it may do so too."""
    with desk.sessions.begin() as session:
        now = desk.clock()
        row = _decidable(session, proposal, by, None)
        _decide(session, row, "refused", demand_person(by), now)
        record(session, Act.REFUSED, at=now, actor=by.ref, ref=str(row.id), codes={"act": row.act})


def open_proposals(*, by: Actor, desk: PartnersDesk) -> tuple[Asked, ...]:
    """What waits for a decision that the asker may make, or made the asker wait; oldest first."""
    with desk.readers() as session:
        now = desk.clock()
        wanted = select(Proposal).where(Proposal.outcome.is_(None), Proposal.until > now)
        if not is_steward(session, by):
            wanted = wanted.where(or_(Proposal.partner_id == by.partner, Proposal.proposed_by == by.member))
        rows = session.scalars(wanted.order_by(Proposal.proposed_at, Proposal.id)).all()
        return tuple(_seen(row, by, now) for row in rows if RULES[row.act].scope in by.scopes)


def policies_of(*, by: Actor, desk: PartnersDesk) -> tuple[PolicyState, ...]:
    """The asker's own versions, newest first, after the proposals that are still open."""
    with desk.readers() as session:
        proposals = session.scalars(
            select(Proposal)
            .where(
                Proposal.partner_id == by.partner,
                Proposal.act == ADOPT_POLICY,
                Proposal.outcome.is_(None),
                Proposal.until > desk.clock(),
            )
            .order_by(Proposal.proposed_at)
        )
        versions = session.scalars(
            select(PolicyVersion)
            .where(PolicyVersion.partner_id == by.partner)
            .order_by(PolicyVersion.number.desc())
        )
        waiting = [_proposed_policy(session, row, by, desk.clock()) for row in proposals]
        return (*waiting, *(_version(row) for row in versions))


def policy_of(policy_id: UUID, *, by: Actor, desk: PartnersDesk) -> PolicyState:
    """One version of the asker's own, or a proposal for one that the asker may see."""
    with desk.readers() as session:
        version = session.get(PolicyVersion, policy_id)
        if version is not None and version.partner_id == by.partner:
            return _version(version)
        row = session.get(Proposal, policy_id)
        if row is None or row.act != ADOPT_POLICY:
            raise NotThere
        if row.partner_id != by.partner and not is_steward(session, by):
            raise NotThere
        return _proposed_policy(session, row, by, desk.clock())


def _propose(session: Session, asked: Request, by: Actor, now: datetime, key: str | None) -> Proposal:
    act, rule = next((act, rule) for act, rule in RULES.items() if rule.asks is type(asked))
    concerned = by.partner if rule.stewards_only else cast(UUID, getattr(asked, "partner", by.partner))
    member = _demand_right(session, rule, concerned, by)
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


def _demand_right(session: Session, rule: Rule, concerned: UUID, by: Actor) -> UUID:
    if rule.scope not in by.scopes:
        raise NotAllowed("scope")
    if rule.stewards_only:
        return demand_steward(session, by)
    return demand_own_or_steward(session, by, concerned)


def _decidable(session: Session, proposal: UUID, by: Actor, only: str | None) -> Proposal:
    """The proposal, if it is the actor's to decide; otherwise it is not there."""
    row = session.get(Proposal, proposal)
    if row is None or (only is not None and row.act != only):
        raise NotThere
    if row.partner_id != by.partner and not is_steward(session, by):
        raise NotThere
    _demand_right(session, RULES[row.act], row.partner_id, by)
    return row


def _kept(row: Proposal) -> Request:
    """The request again. One that today's words or limits would not allow is a `Conflict`."""
    try:
        return cast(Request, RULES[row.act].schema.load(row.request))
    except (ValidationError, NotAcceptable):
        raise Conflict("proposal_outdated") from None


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


def _seen(row: Proposal, by: Actor, now: datetime) -> Asked:
    hidden = row.act == ADOPT_POLICY and row.partner_id != by.partner
    return Asked(
        id=row.id,
        act=row.act,
        state=_state(row, now),
        proposed_at=row.proposed_at,
        until=row.until,
        request=None if hidden else row.request,
    )


def _state(row: Proposal, now: datetime) -> str:
    if row.outcome is not None:
        return row.outcome
    return "proposed" if now < row.until else "expired"


def _version(row: PolicyVersion) -> PolicyState:
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
