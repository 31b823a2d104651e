"""The background half of intake: look at the narrative, write down what was found, hold what is in doubt.

The language models run outside the transaction; inside it, the version that was read must still be the newest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from ledger.entries import Act, record
from redaction.findings import Examined, Refused, Unsafe
from share.desk import Desk
from share.draft import Draft
from share.errors import Conflict, Stale
from share.models import Report, ReportHold, ReportState, Task
from share.outbox import Job, ask, finish, is_asked_for
from share.reports import current_version, note, touch, working_draft

NARRATIVE = "narrative"
SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Look:
    """What came of looking at a narrative: findings, or the codes of what went wrong, never neither."""

    examined: Examined | None
    doubts: tuple[str, ...]


def examine_report(job: Job, *, desk: Desk) -> None:
    """Examine the newest version of a report and queue its publication. Raises `Stale` if it changed meanwhile."""
    with desk.readers() as session:
        report = session.get_one(Report, job.report)
        version = current_version(session, report)
    if version.examined_at is not None:
        seen = None
    else:
        draft = working_draft(version, desk)
        seen = Look(None, ("working_copy_gone",)) if draft is None else look(draft, desk=desk)
    with desk.sessions.begin() as session:
        again = session.get_one(Report, job.report)
        if again.version != version.number:
            raise Stale
        if seen is not None and again.state == ReportState.RECEIVED:
            _write(session, again, seen, desk=desk)
        finish(session, job, at=desk.clock())


def look(draft: Draft, *, desk: Desk) -> Look:
    """Everything found in the narrative. Whatever goes wrong becomes a doubt; nothing is passed over."""
    if not draft.narrative.strip():
        return Look(None, ())
    try:
        examined = desk.examine(draft.narrative, known=draft.known(), lang=draft.language)
    except Unsafe as doubt:
        return Look(None, doubt.codes)
    except Refused as refusal:
        return Look(None, (f"refused_{refusal.code}",))
    except Exception:  # a foreign error may quote the text: it is dropped, and its text with it
        return Look(None, ("examination_failed",))
    if not isinstance(examined, Examined) or examined.text != draft.narrative:
        return Look(None, ("examination_incomplete",))
    return Look(examined, tuple(dict.fromkeys(hold.code for hold in examined.holds)))


def hold(
    session: Session, report: Report, codes: Iterable[str], *, desk: Desk, part: str = NARRATIVE
) -> None:
    """Hold a part of the newest version for these reasons."""
    for code in codes:
        session.add(
            ReportHold(
                report_id=report.id, version=report.version, part=part, code=code, held_at=desk.clock()
            )
        )


def give_up(job: Job, *, code: str, desk: Desk) -> None:
    """Hold a report whose examination keeps failing: a person has to look, and nothing leaves until then."""
    with desk.sessions.begin() as session:
        report = session.get_one(Report, job.report)
        if report.state == ReportState.RECEIVED and not is_asked_for(session, job):
            _write(session, report, Look(None, (code,)), desk=desk)
        finish(session, job, at=desk.clock())


def _write(session: Session, report: Report, seen: Look, *, desk: Desk) -> None:
    now = desk.clock()
    try:
        touch(session, report)
    except Conflict:
        raise Stale from None
    version = current_version(session, report)
    version.examined_at = now
    if seen.examined is not None:
        version.engine = seen.examined.engine
        version.findings = desk.working.seal_findings(seen.examined, report=report.id, version=report.version)
    hold(session, report, seen.doubts, desk=desk)
    report.state = ReportState.HELD if seen.doubts else ReportState.READY
    act = Act.HELD if seen.doubts else Act.EXAMINED
    note(session, report, act.value, desk=desk)
    # An amendment may be what protects somebody: what was told before it must not stand until the next tick.
    at_once = report.urgent or report.version > 1
    ask(session, Task.SETTLE, report.id, at=now, due=desk.next_publication(urgent=at_once))
    session.flush()
    record(session, act, at=now, actor=SERVICE, ref=report.ledger_ref, codes=_codes(seen.doubts))


def _codes(doubts: Sequence[str]) -> dict[str, str]:
    return {f"reason_{number}": code for number, code in enumerate(doubts[:20], 1)}
