"""Whether a circle may be told any text of a report, and why a preview of it shows none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from partners.values import Actor
from policies.terms import Detail
from redaction.findings import Examined
from share.bulletin import digest
from share.compose import Composed
from share.decide import compose_for
from share.desk import Desk
from share.errors import NotThere
from share.examination import NARRATIVE
from share.models import ReportState, ReportVersion
from share.reports import own_report
from share.seen import Seen, circles_to_settle, read

# Says nothing and hides nothing: where the voices let even this out, they let text out.
_HARMLESS: Final = Examined("…", "en", (), (), "none")


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind one circle's preview, in codes.

    `text` says how it is with the text: `told`; or why there is none: `nothing_written`, `held`, `not_examined`,
    `withheld` (then `voices` are those that do), `still_found` (it was redacted, and something was found in it
    again). `facts_sha256` is the digest of the facts without the text.
    """

    circle: str
    text: str
    voices: tuple[str, ...]
    facts_sha256: str
    facts_are_approved: bool
    is_told: bool
    is_stopped: bool
    sent_by_asker: bool


def behind(report_id: UUID, *, circle: str, by: Actor, desk: Desk) -> Behind:
    """What stands behind the preview of this circle. No word of the report is in it."""
    seen = seen_for(report_id, circle=circle, by=by, desk=desk)
    composed = compose_for(seen, desk=desk)
    if composed is None:
        raise NotThere
    facts = digest(composed.content.without_narrative().canonical())
    text, voices = _why(seen, composed, desk)
    with desk.readers() as session:
        own = sent_by(session, report_id, by)
    return Behind(
        circle=circle,
        text=text,
        voices=voices,
        facts_sha256=facts,
        facts_are_approved=facts in seen.approved,
        is_told=seen.last is not None and seen.last.content is not None,
        is_stopped=seen.last is not None and seen.last.stopped,
        sent_by_asker=own,
    )


def circles_of_report(report_id: UUID, *, by: Actor, desk: Desk) -> tuple[str, ...]:
    """The circles that may be told about one of the asker's own reports today."""
    found = (seen.circle for seen in _each(report_id, by, desk))
    return tuple(sorted(circle.slug for circle in found if circle is not None))


def seen_for(report_id: UUID, *, circle: str, by: Actor, desk: Desk) -> Seen:
    """What publication would look at for this circle, of a report of the asker's own organisation."""
    for seen in _each(report_id, by, desk):
        if seen.circle is not None and seen.circle.slug == circle:
            return seen
    raise NotThere


def text_may_go(seen: Seen, *, desk: Desk) -> bool:
    """Whether the voices let any text about this report out to the circle, whatever it says."""
    asked = replace(seen, examined=_HARMLESS, held=frozenset(), state=ReportState.READY)
    composed = compose_for(asked, desk=desk)
    return composed is not None and composed.content.narrative is not None


def sent_by(session: Session, report_id: UUID, by: Actor) -> bool:
    """Whether the asker wrote any version of the report."""
    if by.member is None:
        return False
    rows = select(ReportVersion.by_member).where(ReportVersion.report_id == report_id)
    return by.member in set(session.scalars(rows))


def _each(report_id: UUID, by: Actor, desk: Desk) -> list[Seen]:
    with desk.readers() as session:
        own_report(session, report_id, by)
    circles = circles_to_settle(report_id, desk=desk)
    with desk.readers() as session:
        return [read(session, report_id, circle, desk=desk) for circle in circles]


def _why(seen: Seen, composed: Composed, desk: Desk) -> tuple[str, tuple[str, ...]]:
    if composed.content.narrative is not None:
        return "told", ()
    if seen.draft is None or not seen.draft.narrative.strip():
        return "nothing_written", ()
    if NARRATIVE in seen.held:
        return "held", ()
    if seen.examined is None:
        return "not_examined", ()
    if text_may_go(seen, desk=desk):
        return "still_found", ()
    return "withheld", _against_text(seen, desk)


def _against_text(seen: Seen, desk: Desk) -> tuple[str, ...]:
    """Which voices let no text out. Where none does by itself, it is somebody's ground."""
    terms = {
        "floor": desk.floor,
        "source": seen.policy.policy.for_circle(seen.circle.slug) if seen.policy and seen.circle else None,
        "clearance": seen.circle.clearance if seen.circle else None,
    }
    against = [
        name for name, said in terms.items() if said is None or said.allows("NARRATIVE") < Detail.EXACT
    ]
    return tuple(against) or ("ground",)
