"""Warns a caseworker that her organisation may have sent the same report before.

Looks only at the asker's own organisation's reports: at keyed tags of references, and in memory at the working
copies that still live. Nothing is kept for it, and a difference in how it was written down goes unnoticed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import and_, select

from partners.values import Actor
from share.desk import Desk
from share.draft import Draft
from share.idempotency import tag
from share.models import Report, ReportVersion
from share.reports import working_draft

NEWEST: Final = 200
"""How many of the newest reports are looked at."""
SHINGLE: Final = 4
ALIKE_TEXT: Final = 0.5
ALIKE_ROUTE: Final = 0.8
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Alike:
    """An earlier report that may be the same one. `why` is `reference`, `narrative` or `route`."""

    report: UUID
    received_at: datetime
    why: str


def alike(draft: Draft, *, by: Actor, desk: Desk, besides: UUID | None = None) -> tuple[Alike, ...]:
    """The asker's own earlier reports that `draft` may repeat, newest first; `besides` is not looked at."""
    words, legs = _shingles(draft.narrative), _legs(draft)
    reference = tag(desk, "reference", draft.reference.encode()) if draft.reference else None
    newest = (
        select(Report, ReportVersion)
        .join(
            ReportVersion,
            and_(ReportVersion.report_id == Report.id, ReportVersion.number == Report.version),
        )
        .where(Report.partner_id == by.partner, Report.id != besides)
        .order_by(Report.received_at.desc(), Report.id.desc())
    )
    with desk.readers() as session:
        same = newest.where(Report.reference_tag == reference) if reference else None
        tagged = session.execute(same).all() if same is not None else []
        rows = session.execute(newest.limit(NEWEST)).all() if words or legs else []
    found = {report.id: Alike(report.id, report.received_at, "reference") for report, _ in tagged}
    for report, version in rows:
        earlier = working_draft(version, desk)
        if earlier is not None and report.id not in found and (why := _why(words, legs, earlier)):
            found[report.id] = Alike(report.id, report.received_at, why)
    return tuple(sorted(found.values(), key=lambda each: each.received_at, reverse=True))


def _why(words: frozenset[str], legs: frozenset[tuple[str, ...]], earlier: Draft) -> str | None:
    if _share(words, _shingles(earlier.narrative)) >= ALIKE_TEXT:
        return "narrative"
    if _share(legs, _legs(earlier)) >= ALIKE_ROUTE:
        return "route"
    return None


def _share(ours: frozenset[object], theirs: frozenset[object]) -> float:
    return len(ours & theirs) / len(ours | theirs) if ours and theirs else 0.0


def _shingles(text: str) -> frozenset[str]:
    """Every few words in a row, so that order counts and a changed word changes little."""
    words = _WORD.findall(text.casefold())
    rows = (words[at : at + SHINGLE] for at in range(max(1, len(words) - SHINGLE + 1)))
    return frozenset(" ".join(row) for row in rows if row)


def _legs(draft: Draft) -> frozenset[tuple[str, ...]]:
    """The legs of the route, if they say enough for two routes to be more than both from one country to another."""
    legs = frozenset(_leg(draft))
    return legs if len(legs) > 1 and any(place and month for _, _, place, month in legs) else frozenset()


def _leg(draft: Draft) -> Iterator[tuple[str, str, str, str]]:
    for leg in draft.events:
        yield (
            leg.kind,
            leg.country or "",
            (leg.city or leg.state or "").casefold().strip(),
            (leg.on or "")[:7],
        )
