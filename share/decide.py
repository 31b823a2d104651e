"""What a circle may be told about a report now. Pure but for the keys and rules that the desk lends."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date

from policies.grounds import NO_SUBJECT
from redaction.detectors.known_ready import Ready
from redaction.findings import Redacted, Unsafe
from redaction.pipeline import disclose
from share.aliases import alias_for
from share.bulletin import Content, digest
from share.compose import Composed, Voices, compose, shareable_facts
from share.desk import Desk
from share.examination import NARRATIVE
from share.guardians import heard
from share.models import ReportState
from share.seen import Seen


@dataclass(frozen=True, slots=True)
class Decision:
    """What the circle is to be told. `content` None is nothing. `why` are codes for the report's own partner."""

    content: Content | None
    until: date
    why: tuple[str, ...]


NOTHING = Decision(None, date.min, ())


def compose_for(seen: Seen, *, desk: Desk) -> Composed | None:
    """The fullest content that the voices allow this circle, approved or not; None where nobody speaks for it."""
    if seen.draft is None or seen.policy is None or seen.agreement is None or seen.circle is None:
        return None
    if seen.state == ReportState.REFUSED:
        return None
    voices = Voices(
        floor=desk.floor,
        source=seen.policy.policy.for_circle(seen.circle.slug),
        clearance=seen.circle.clearance,
        grounds=heard(seen.grounds, seen.draft),
        circle=seen.circle.slug,
        purpose=seen.circle.purpose,
        on=desk.clock().date(),
        every_circle=seen.every_circle,
        fences=seen.policy.policy.fences,
    )
    known = Ready(seen.draft.known())
    composed = compose(
        seen.draft,
        voices=voices,
        known=known,
        narrative=redacted_narrative(seen, voices, known, desk=desk),
        alias=alias_for(seen, desk=desk),
        received=seen.received,
    )
    return replace(composed, until=min(composed.until, seen.agreement.until))


def redacted_narrative(seen: Seen, voices: Voices, known: Ready, *, desk: Desk) -> Redacted | None:
    """The narrative as this circle may read it; None while any reason holds it, or where nothing was examined."""
    if seen.draft is None or seen.examined is None or NARRATIVE in seen.held:
        return None
    if seen.state != ReportState.READY and seen.state != ReportState.HELD:
        return None
    terms = voices.about_all(seen.draft.subjects() or frozenset({NO_SUBJECT}))
    if not voices.admits(terms):
        return None
    try:
        return disclose(
            replace(seen.examined, holds=()),
            terms=terms,
            engine=desk.second_look,
            known=known,
            facts=shareable_facts(seen.draft, voices, seen.received, known),
            alias=alias_for(seen, desk=desk),
        )
    except Unsafe:
        return None


def decide(seen: Seen, *, desk: Desk) -> Decision:
    """What may leave without asking anybody again: what was approved, what policy lets out, what only narrows."""
    if seen.last is not None and seen.last.stopped:
        return NOTHING
    composed = compose_for(seen, desk=desk)
    if composed is None:
        return kept(seen, desk=desk)
    full = composed.content
    facts = full.without_narrative()
    if full.narrative is not None and (digest(full.canonical()) in seen.approved or stands(full, seen)):
        return _told(full, composed)
    if may_leave(facts, composed, seen):
        return _told(facts, composed)
    return Decision(None, date.min, ("needs_approval", *composed.problems))


def stands(content: Content, seen: Seen) -> bool:
    """Whether the circle is told exactly this now, from this version of the report: nobody is asked again."""
    last = seen.last
    told = last is not None and last.content is not None and last.report_version == seen.version
    return told and last is not None and last.content == content


def may_leave(facts: Content, composed: Composed, seen: Seen) -> bool:
    """Whether facts alone may leave now: a person approved them, or told more before, or policy lets them out."""
    if digest(facts.canonical()) in seen.approved:
        return True
    last = seen.last
    narrows = last is not None and last.content is not None and facts.tells_no_more_than(last.content)
    if narrows and last is not None and last.report_version == seen.version:
        return True
    automatic = seen.policy is not None and seen.policy.policy.automatic
    looked_at = seen.state in (ReportState.READY, ReportState.HELD)
    return automatic and looked_at and not composed.needs_person and not composed.problems


def kept(seen: Seen, *, desk: Desk) -> Decision:
    """What stays once the working copy is gone: what was told, while nothing at all that it rests on has changed.

    It can no longer be told more coarsely, so any tightening takes it back.
    """
    last = seen.last
    if seen.draft is not None or last is None or last.content is None or seen.state == ReportState.REFUSED:
        return NOTHING
    same = (
        seen.circle is not None
        and seen.version == last.report_version
        and not any(seen.circle.slug in ground.withheld_from for ground in seen.grounds)
        and seen.policy is not None
        and seen.policy.id == last.policy
        and seen.agreement is not None
        and seen.agreement.version == last.agreement_version
        and last.governed_by == governed_by(seen, desk=desk)
        and seen.grounds_since is not None
        and seen.grounds_since <= last.stored_at
        and desk.clock().date() <= last.valid_until
    )
    return Decision(last.content, last.valid_until, ()) if same else NOTHING


def governed_by(seen: Seen, *, desk: Desk) -> str | None:
    """A digest of what the platform and the circle would let be told; None where the circle is not in force."""
    if seen.circle is None:
        return None
    voices = [
        f"{sorted(terms.detail.items())} {sorted(terms.purposes)} {terms.smallest_group} {terms.linkage} {terms.tlp}"
        for terms in (desk.floor, seen.circle.clearance)
    ]
    return hashlib.sha256("\n".join(voices).encode()).hexdigest()


def _told(content: Content, composed: Composed) -> Decision:
    return NOTHING if content.is_empty() else Decision(content, composed.until, composed.problems)
