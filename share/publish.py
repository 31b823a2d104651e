"""One report in, one signed bulletin per circle out: or a refusal, and nothing at all.

`settle` brings what every circle is told in line with what it may be told now. Each change of a report, a ground,
a policy, an agreement or a circle ends here, whoever made it; done twice it changes nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger.entries import Act, commit, record
from share.bulletin import digest, document, recall_content
from share.decide import Decision, decide, governed_by
from share.desk import Desk
from share.errors import Stale
from share.models import Bulletin, BulletinVersion, ReportStatus
from share.seen import PUBLISHED, RECALLED, Seen, circles_to_settle, read, unchanged

SERVICE = "service"
TRIES = 5


@dataclass(frozen=True, slots=True)
class Notice:
    """What was done for one circle: a bulletin, its version, and whether it tells or recalls."""

    bulletin: UUID
    circle: UUID
    version: int
    state: str


def settle(report_id: UUID, *, desk: Desk, only_standing: bool = False) -> tuple[Notice, ...]:
    """Bring every circle's bulletin about this report up to date; the notices are what changed.

    With `only_standing` a circle that is told nothing now is left alone: what is new waits for the clock.
    """
    circles = circles_to_settle(report_id, desk=desk)
    notices: list[Notice] = []
    failures: list[Exception] = []
    for circle in circles:
        try:
            notice = publish(report_id, to=circle, desk=desk, only_standing=only_standing)
        except Exception as failure:  # one circle's trouble must not keep another's recall waiting
            failures.append(failure)
        else:
            notices += [notice] if notice else []
    if failures:
        raise failures[0]
    return tuple(notices)


def publish(report_id: UUID, *, to: UUID, desk: Desk, only_standing: bool = False) -> Notice | None:
    """Tell this circle what it may be told now, or take back what it may not; None if that is so already."""
    for _ in range(TRIES):
        with desk.readers() as session:
            seen = read(session, report_id, to, desk=desk)
        if only_standing and (seen.last is None or seen.last.content is None):
            return None
        decision = decide(seen, desk=desk)
        if is_settled(decision, seen):
            return None
        try:
            with desk.sessions.begin() as session:
                unchanged(session, seen, desk=desk)
                return write(session, decision, seen, actor=SERVICE, desk=desk)
        except Stale:
            continue
    raise Stale


def is_settled(decision: Decision, seen: Seen) -> bool:
    """Whether the circle already knows just this. After its membership changed it is told anew."""
    last = seen.last
    if last is None or last.state == RECALLED:
        return decision.content is None
    if decision.content is None or last.content is None:
        return decision.content is last.content
    if decision.content.canonical() != last.content.canonical() or decision.until != last.valid_until:
        return False
    told_anew = seen.circle is not None and seen.circle.version != last.circle_version
    return not told_anew or seen.draft is None


def write(session: Session, decision: Decision, seen: Seen, *, actor: str, desk: Desk) -> Notice:
    """Sign and store one version, its place in the ledger included; all of it or nothing commits."""
    if decision.content is None:
        return _recall(session, seen, actor=actor, desk=desk)
    content = decision.content.canonical()
    act = Act.SUPERSEDED if seen.last is not None else Act.PUBLISHED
    return _store(
        session,
        seen,
        content,
        state=PUBLISHED,
        act=act,
        until=decision.until,
        fullness=decision.content.fullness(),
        actor=actor,
        desk=desk,
    )


def recall_now(session: Session, seen: Seen, *, actor: str, desk: Desk) -> Notice:
    """Store the content-free version that takes a bulletin back, and stop it until a person says otherwise."""
    notice = _recall(session, seen, actor=actor, desk=desk)
    session.get_one(Bulletin, notice.bulletin).stopped_at = desk.clock()
    return notice


def _recall(session: Session, seen: Seen, *, actor: str, desk: Desk) -> Notice:
    if seen.last is None or seen.last.content is None:
        raise Stale
    content = recall_content(circle=seen.last.content.circle, tlp=seen.last.content.tlp)
    return _store(
        session,
        seen,
        content,
        state=RECALLED,
        act=Act.RECALLED,
        until=date.max,
        fullness=0,
        actor=actor,
        desk=desk,
    )


def _store(
    session: Session,
    seen: Seen,
    content: bytes,
    *,
    state: str,
    act: Act,
    until: date,
    fullness: int,
    actor: str,
    desk: Desk,
) -> Notice:
    bulletin = _bulletin(session, seen, state)
    plain = json.loads(content)
    at = desk.clock() if state == RECALLED else desk.last_publication(urgent=seen.urgent)
    salt, policy_salt = desk.random(32), desk.random(32)
    ledger_ref = desk.random(16).hex()
    envelope = {
        "id": str(bulletin.id),
        "circle": plain["circle"],
        "version": bulletin.version,
        "state": state,
        "published_at": at.isoformat(timespec="seconds"),
        "valid_until": until.isoformat(),
        "content_sha256": digest(content),
        "policy": commit(str(seen.policy.id if seen.policy else "").encode(), policy_salt).hex(),
        "vocabulary": desk.vocabulary,
        "pipeline": seen.examined.engine if seen.examined else "none",
        "epoch": desk.epoch,
        "ledger": ledger_ref,
    }
    signature = desk.signer.sign(document(envelope, plain))
    session.add(
        BulletinVersion(
            bulletin_id=bulletin.id,
            circle_id=seen.circle_id,
            number=bulletin.version,
            sequence=_next_sequence(session, seen.circle_id),
            state=state,
            published_at=at,
            stored_at=desk.clock(),
            governed_by=governed_by(seen, desk=desk),
            valid_until=until,
            report_version=seen.version,
            policy_version_id=seen.policy.id if seen.policy else None,
            policy_salt=policy_salt,
            circle_version=seen.circle.version if seen.circle else None,
            agreement_version=seen.agreement.version if seen.agreement else None,
            engine=seen.examined.engine if seen.examined else None,
            epoch=desk.epoch,
            fullness=fullness,
            content=content,
            content_sha256=digest(content),
            envelope=json.dumps(envelope).encode(),
            signature=signature,
            ledger_ref=ledger_ref,
            ledger_salt=salt,
        )
    )
    session.add(ReportStatus(report_id=seen.report, at=desk.clock(), state=seen.state, code=act.value))
    session.flush()
    record(session, act, at=desk.clock(), actor=actor, ref=ledger_ref, commitment=commit(content, salt))
    return Notice(bulletin.id, seen.circle_id, bulletin.version, state)


def _bulletin(session: Session, seen: Seen, state: str) -> Bulletin:
    """The bulletin's own row, one version further on; made on the first publication."""
    if seen.last is None:
        made = Bulletin(
            id=uuid4(),
            report_id=seen.report,
            circle_id=seen.circle_id,
            version=1,
            state=state,
            stopped_at=None,
        )
        session.add(made)
        session.flush()
        return made
    bulletin = session.get_one(Bulletin, seen.last.bulletin)
    bulletin.version = seen.last.number + 1
    bulletin.state = state
    return bulletin


def _next_sequence(session: Session, circle_id: UUID) -> int:
    newest = select(func.max(BulletinVersion.sequence)).where(BulletinVersion.circle_id == circle_id)
    return (session.scalar(newest) or 0) + 1
