"""Two people for whatever opens a door: one proposes, another approves, and only then does it happen.

A proposal is the request itself, kept as it was checked. Approving carries it out in the transaction of the
approval, so nothing is ever half done. One person alone may refuse. Shutting doors needs no proposal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from ledger.entries import Act, record
from partners.adoption import NeedsTwo, adopt_policy
from partners.agreements import add_agreement, join_circle, set_circle
from partners.desk import PartnersDesk
from partners.errors import Conflict, NotAllowed, NotThere
from partners.idempotency import Answer, Once, once_only
from partners.invitations import invite, link
from partners.members import (
    add_credential,
    add_member,
    add_person,
    register_partner,
    resume_partner,
)
from partners.models import ACTIVE, Member, Partner, PolicyVersion, Proposal
from partners.registry import newest_policy
from partners.requests import (
    CircleTerms,
    Inviting,
    Joining,
    NewAgreement,
    NewCredential,
    NewMember,
    NewPartner,
    PolicyDocument,
    Resuming,
)
from partners.rules import ADOPT_POLICY, RULES, Request, demand_right, kept_request
from partners.second_factor import open_secret
from partners.standing import demand_person, is_steward
from partners.values import Actor
from partners.waiting import PROPOSED, Asked, PolicyState, adopted, seen
from policies.load import PolicyError

INVITATION: Final = "invitation"
LIFE: Final = timedelta(days=30)
"""How long a proposal may wait."""

HANDING_OVER: Final = timedelta(minutes=10)
"""How long an approval that is sent again with its key still tells the secret of the person it took in."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of an approval. `told` is said once: ids, and what a member is handed (secret or invitation).

    Sent again with the same key, the same is said; the secret only while it is being handed over, and an invitation
    never: then invite her again.
    """

    id: UUID
    act: str
    told: Mapping[str, str] = field(repr=False)


def propose(asked: Request, *, by: Actor, once: Once, desk: PartnersDesk) -> Asked:
    """Put a request before a second person. Asked again with the same key it is the same proposal."""

    def work(session: Session) -> Answer:
        return {"proposal": str(_propose(session, asked, by, desk.clock()).id)}

    answer = once_only(desk, once, work)
    with desk.readers() as session:
        row = session.get_one(Proposal, UUID(answer["proposal"]))
        return replace(seen(row, by, desk.clock()), state=PROPOSED)


def submit_policy(asked: PolicyDocument, *, by: Actor, once: Once, desk: PartnersDesk) -> PolicyState:
    """Adopt a policy that only tightens; put any other before a second person."""

    def work(session: Session) -> Answer:
        member = demand_right(session, RULES[ADOPT_POLICY], asked.partner, by)
        newest = newest_policy(session, asked.partner)
        if newest is not None and _is_again(newest, asked, member):
            return {"policy": str(newest.id)}
        try:
            return {"policy": str(adopt_policy(session, asked, at=desk.clock(), by=member).id)}
        except NeedsTwo as needs_two:
            row = _propose(session, asked, by, desk.clock())
            return {"proposal": str(row.id), "loosens": list(needs_two.loosened)}

    answer = once_only(desk, once, work)
    if "proposal" in answer:
        loosens = tuple(answer["loosens"])
        return PolicyState(UUID(answer["proposal"]), PROPOSED, None, asked.document, None, loosens)
    with desk.readers() as session:
        return adopted(session.get_one(PolicyVersion, UUID(answer["policy"])))


def approve(proposal: UUID, *, by: Actor, once: Once, desk: PartnersDesk, only: str | None = None) -> Decided:
    """Carry out what another person proposed, or nothing at all.

    1. the approver may decide it, and is not who proposed it; 2. whoever proposed it is still welcome; 3. it
    is open, and the database lets one decision through; 4. it is done, as the two of them. Asked again by the
    same person with another key, the answer is the same, less what was told.
    """

    def work(session: Session) -> Answer:
        now = desk.clock()
        row = _decidable(session, proposal, by, only)
        member = demand_person(by)
        if row.outcome == "approved" and row.decided_by == member:
            return _decided(row, {})
        if row.proposed_by == member:
            raise NotAllowed("same_person")
        _demand_welcome(session, row.proposed_by)
        _decide(session, row, "approved", member, now)
        told = dict(_carry_out(session, kept_request(row), desk, row.proposed_by, member))
        if INVITATION in told:
            handed[INVITATION] = told.pop(INVITATION)  # it opens a door: no answer that is kept has it
        codes = {"act": row.act, "voice": "second"}
        record(session, Act.APPROVED, at=now, actor=by.ref, ref=str(row.id), codes=codes)
        return _decided(row, told)

    handed: dict[str, str] = {}
    answer = once_only(desk, once, work)
    told = {**answer["told"], **_to_hand_over(answer["told"], desk), **handed}
    return Decided(UUID(answer["proposal"]), answer["act"], told)


def refuse(proposal: UUID, *, by: Actor, once: Once, desk: PartnersDesk) -> None:
    """Put a proposal away. Whoever made it may do so too. May be repeated by the same person."""

    def work(session: Session) -> Answer:
        now = desk.clock()
        row = _decidable(session, proposal, by, None)
        member = demand_person(by)
        if row.outcome != "refused" or row.decided_by != member:
            _decide(session, row, "refused", member, now)
            record(session, Act.REFUSED, at=now, actor=by.ref, ref=str(row.id), codes={"act": row.act})
        return {}

    once_only(desk, once, work)


def _decided(row: Proposal, told: Mapping[str, str]) -> Answer:
    return {"proposal": str(row.id), "act": row.act, "told": dict(told)}


def _to_hand_over(told: Mapping[str, Any], desk: PartnersDesk) -> Mapping[str, str]:
    """The second factor of a person who was just taken in, if one was.

    It is kept nowhere but sealed with her, for checking her codes. Ten minutes later, or once she has used it,
    it is not opened for anybody any more.
    """
    if "kid" not in told or "member" not in told:  # whoever was invited enrols a factor of her own
        return {}
    with desk.readers() as session:
        row = session.get_one(Member, UUID(told["member"]))
        is_over = desk.clock() >= row.added_at + HANDING_OVER
        if row.totp is None or is_over or row.last_otp_step or row.status != ACTIVE:
            return {}
        return {"totp_secret": open_secret(row.totp, member=row.id, keystore=desk.keystore)}


def _propose(session: Session, asked: Request, by: Actor, now: datetime) -> Proposal:
    act, rule = next((act, rule) for act, rule in RULES.items() if rule.asks is type(asked))
    concerned = by.partner if rule.stewards_only else cast(UUID, getattr(asked, "partner", by.partner))
    member = demand_right(session, rule, concerned, by)
    row = Proposal(
        id=uuid4(),
        act=act,
        partner_id=concerned,
        request=rule.schema.dump(asked),
        proposed_by=member,
        proposed_at=now,
        until=now + LIFE,
    )
    session.add(row)
    session.flush()
    codes = {"act": act, "voice": "first"}
    record(session, Act.APPROVED, at=now, actor=by.ref, ref=str(row.id), codes=codes)
    return row


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
        case NewMember(jwk=None):
            person = add_person(session, asked, at=at, by=by)
            return {
                "member": str(person),
                INVITATION: link(invite(session, person, at=at, by=by), desk.settings),
            }
        case NewMember():
            new = add_member(session, asked, keystore=desk.keystore, at=at, by=by)
            return {"member": str(new.id), "kid": new.kid}
        case Inviting():
            invited = session.get(Member, asked.member)
            if invited is None or invited.partner_id != asked.partner:
                raise NotThere
            word = invite(session, asked.member, at=at, by=by)
            return {"member": str(asked.member), INVITATION: link(word, desk.settings)}
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
