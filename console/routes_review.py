"""Review pages: what waits, the working copy with its marks and doubts. What circles are told: `routes_preview`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from console.acting import act, lead, once_of_form, outcome, speak_of_conflicts
from console.explaining import (
    ANY_HOLD,
    HOLDS,
    REFUSALS,
    RESOLUTIONS,
    ROLES,
    STATES,
    said,
    said_by,
)
from console.marking import LIKELY, likely_kind, passages
from console.routes_preview import told
from console.session import page, person
from console.telling import day, named, spoken
from console.web import current_speech, render
from partners.values import Scope
from policies.vocabulary import VOCABULARY
from share.errors import NotAcceptable, NotThere
from share.idempotency import Answer
from share.marked import Place, grouped, is_from_form
from share.marks import join, mark, own_name, people_of, rename, take_back
from share.overview import standing_of
from share.queue import queue_of
from share.review import WorkingCopy, open_review, refuse, resolve
from share.seen import PUBLISHED
from share.web import current_desk

review = Blueprint("review_pages", __name__, url_prefix="/review")
review.register_blueprint(told)
speak_of_conflicts(review)

_FIGURES: Final = re.compile(r"[0-9]{1,7}")
_PLACE: Final = re.compile(r"([0-9]{1,7})-([0-9]{1,7})")
_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
KINDS: Final = tuple(kind.name for kind in VOCABULARY.kinds.values() if kind.group == "identifier")


@review.get("/")
@page(Scope.REPORTS_REVIEW)
def queue() -> Response:
    """What waits for a person, the riskiest first."""
    waiting = queue_of(person(), desk=current_desk())
    speech = current_speech()
    return render(
        "review/queue.html",
        waiting=waiting,
        day=lambda at: day(at.isoformat(), speech.code),
        state=partial(said, STATES, speech=speech),
        **outcome(),
    )


@review.get("/<uuid:report_id>/")
@page(Scope.REPORTS_REVIEW)
def working_copy(report_id: UUID) -> Response:
    """The text as it was received, with everything that was found in it. Each look is written into the ledger."""
    copy = open_review(report_id, by=person(), desk=current_desk())
    return render("review/working_copy.html", **_shown(copy), **outcome())


@review.post("/<uuid:report_id>/marks")
@page(Scope.REPORTS_REVIEW)
def mark_missed(report_id: UUID) -> Response:
    """Mark what was missed: a selection with its place, or words as they were typed."""
    words, at = request.form.get("words", ""), _selection()
    kind = request.form.get("kind") or likely_kind(words.strip())
    there = _address(report_id, f"m{at[0]}" if at else "text")
    work = partial(mark, report_id, version=_version(), words=words, at=at, kind=kind)
    return _act(work, done="marked", there=there)


@review.post("/<uuid:report_id>/marks/kind")
@page(Scope.REPORTS_REVIEW)
def rename_marks(report_id: UUID) -> Response:
    """Call the chosen marks something else."""
    return _to_marks(report_id, rename, "renamed", kind=request.form.get("kind", ""))


@review.post("/<uuid:report_id>/marks/person")
@page(Scope.REPORTS_REVIEW)
def join_marks(report_id: UUID) -> Response:
    """Say whose names the chosen marks are."""
    return _to_marks(report_id, join, "joined", person=request.form.get("person", ""))


@review.post("/<uuid:report_id>/marks/back")
@page(Scope.REPORTS_REVIEW)
def take_back_marks(report_id: UUID) -> Response:
    """Take back marks of one's own."""
    return _to_marks(report_id, take_back, "taken_back")


@review.post("/<uuid:report_id>/holds")
@page(Scope.REPORTS_REVIEW)
def settle_holds(report_id: UUID) -> Response:
    """Settle doubts. Nothing is published by this."""
    there = _address(report_id, "doubts")
    holds = [UUID(each) for each in request.form.getlist("hold") if _ID.fullmatch(each)]
    if not holds:
        return lead(there, failed="none_chosen")
    resolution = request.form.get("resolution", "")
    work = partial(resolve, report_id, holds=holds, resolution=resolution)
    try:
        return _act(work, done="resolved", there=there)
    except NotThere:
        standing_of(report_id, by=person(), desk=current_desk())  # the report may be what is not there
        return lead(there, failed="changed_meanwhile")


@review.get("/<uuid:report_id>/refusal")
@page(Scope.REPORTS_REVIEW, confirmed=True)
def ask_refusal(report_id: UUID) -> Response:
    """Ask for the reason, and say what a refusal does."""
    standing = standing_of(report_id, by=person(), desk=current_desk())
    told = [bulletin.circle for bulletin in standing.bulletins if bulletin.state == PUBLISHED]
    speech = current_speech()
    reasons = [(code, speech.gettext(words)) for code, words in REFUSALS.items()]
    return render("review/refusal.html", report=report_id, reasons=reasons, told=told, **outcome())


@review.post("/<uuid:report_id>/refusal")
@page(Scope.REPORTS_REVIEW, confirmed=True)
def refuse_report(report_id: UUID) -> Response:
    """Close a report to publication for good. One person is enough."""
    work = partial(refuse, report_id, reason=request.form.get("reason", ""))
    try:
        work(by=person(), once=once_of_form(), desk=current_desk())
    except NotAcceptable as refused:
        return lead(url_for("review_pages.ask_refusal", report_id=report_id), failed=refused.code)
    return lead(url_for("review_pages.queue"), done="refused")


def _shown(copy: WorkingCopy) -> dict[str, Any]:
    """The working copy in words and pieces, for the template."""
    speech, own = current_speech(), own_name(person())
    lang = spoken(speech.code)
    people = people_of(copy.report, by=person(), desk=current_desk())
    return {
        "copy": copy,
        "state": said(STATES, copy.state, speech),
        "passages": passages(copy.text, copy.spans, language=copy.language),
        "labels": [
            (_kinds(span.kinds, lang), "; ".join(said_by(span.detectors, own, speech))) for span in copy.spans
        ],
        "rows": [_row(copy, group, own, lang) for group in grouped(copy.text, copy.spans)],
        "holds": [
            (str(id_), part, said(HOLDS, code, speech, other=ANY_HOLD), code)
            for id_, part, code in copy.holds
        ],
        "resolutions": [(code, speech.gettext(words)) for code, words in RESOLUTIONS.items()],
        "kinds": sorted(((kind, named(kind, lang)) for kind in KINDS), key=lambda pair: pair[1]),
        "people": [(code, f"{code} ({said(ROLES, role, speech)})") for code, role in people],
        "likely": json.dumps(LIKELY),
    }


def _row(copy: WorkingCopy, group: Any, own: str, lang: str) -> dict[str, Any]:
    """All marks of the same words as one line of the list of marks."""
    first = group[0]
    detectors = frozenset(each for span in group for each in span.detectors)
    return {
        "place": f"{first.start}-{first.end}",
        "at": first.start,
        "words": copy.text[first.start : first.end],
        "times": len(group),
        "kinds": _kinds(frozenset(kind for span in group for kind in span.kinds), lang),
        "found_by": "; ".join(said_by(detectors, own, current_speech())),
        "people": ", ".join(sorted({code for span in group for code in span.subjects})),
        "is_own": detectors == {own},
        "is_from_form": any(is_from_form(span) for span in group),
    }


def _kinds(kinds: frozenset[str], lang: str) -> str:
    return " / ".join(sorted(named(kind, lang) for kind in kinds))


def _to_marks(report_id: UUID, use_case: Callable[..., Answer], done: str, **how: Any) -> Response:
    """Do something to the chosen marks; without a choice, nothing."""
    there = _address(report_id, "marks")
    chosen = [match for each in request.form.getlist("mark") if (match := _PLACE.fullmatch(each))]
    if not chosen:
        return lead(there, failed="none_chosen")
    marks = [(int(match[1]), int(match[2])) for match in chosen]
    return _act(partial(use_case, report_id, version=_version(), marks=marks, **how), done=done, there=there)


def _act(work: Callable[..., Answer], *, done: str, there: str) -> Response:
    whole = partial(work, by=person(), once=once_of_form(), desk=current_desk())
    return act(whole, done=done, there=there)


def _selection() -> Place | None:
    start, end = request.form.get("start", ""), request.form.get("end", "")
    if not start and not end:
        return None
    if not (_FIGURES.fullmatch(start) and _FIGURES.fullmatch(end)):
        return -1, -1  # a place that nothing stands in
    return int(start), int(end)


def _version() -> int:
    said_version = request.form.get("version", "")
    return int(said_version) if _FIGURES.fullmatch(said_version) else 0


def _address(report_id: UUID, part: str) -> str:
    return url_for("review_pages.working_copy", report_id=report_id, _anchor=part)
