"""Grounds of a report that was sent: recorded, replaced, taken back; and a report closed for good."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from flask import Response, redirect, request, url_for

from console.acting import lead
from console.forms_kinds import CIRCLES, Sheet
from console.forms_labels import Option, options
from console.forms_read import Typed, anchor, read, show
from console.forms_report import GROUND_PLACE, assembled, refused_on, sheet_of
from console.routes_reports_list import reports
from console.session import page, person
from console.web import MOST, current_speech, render
from console.writing import Mend, datalists, moment
from partners.values import Scope
from policies.grounds import NO_SUBJECT
from share.consent import record_ground, withdraw
from share.errors import NotThere
from share.idempotency import Once
from share.overview import OnGround, grounds_of, standing_of
from share.persons import GroundSchema
from share.reopen import circles_to_refuse, people_in
from share.review import REFUSALS, refuse
from share.web import current_desk

__all__ = ["reports"]


@reports.get("/<uuid:report_id>/grounds/<subject>")
@page(Scope.REPORTS_READ, Scope.CONSENTS_WRITE)
def ask_ground(report_id: UUID, subject: str) -> Response:
    """The form of a ground, filled in with the one that is in force."""
    said = _ground_of(report_id, subject)
    return _ground_page(report_id, subject, _values(said) if said else _begun(subject))


@reports.post("/<uuid:report_id>/grounds/<subject>")
@page(Scope.REPORTS_READ, Scope.CONSENTS_WRITE)
def put_ground(report_id: UUID, subject: str) -> Response:
    """Put a ground in force for one person; what is published follows. An earlier one stays in the history."""
    place, by = _place(report_id, subject), person()
    typed: Typed = cast("dict[str, Sequence[str]]", request.form.to_dict(flat=False))
    values = read(_sheet(place), typed, current_speech().code)
    refused = refused_on(place, values)
    grounds = assembled({place: values}).said.get("grounds", ())
    if refused or not grounds:
        needed = refused or {"stated" if subject == NO_SUBJECT else "basis": "missing"}
        return _ground_page(report_id, subject, values, needed, HTTPStatus.UNPROCESSABLE_ENTITY)
    body = json.dumps(grounds[0], sort_keys=True).encode()
    said = GroundSchema().load(grounds[0])
    record_ground(
        report_id, said, by=by, once=_once(f"ground of {subject} of {report_id}", body), desk=current_desk()
    )
    return _to_report(report_id)


@reports.get("/<uuid:report_id>/grounds/<subject>/withdraw")
@page(Scope.REPORTS_READ, Scope.CONSENTS_WRITE)
def ask_withdrawal(report_id: UUID, subject: str) -> Response:
    """What follows when a person takes her ground back, before it is done."""
    said = _ground_of(report_id, subject)
    if said is None or said.withdrawn_on is not None:
        raise NotThere
    told = standing_of(report_id, by=person(), desk=current_desk()).bulletins
    return render("reports/withdraw.html", report=report_id, subject=subject, told=told, once=_fresh())


@reports.post("/<uuid:report_id>/grounds/<subject>/withdraw")
@page(Scope.REPORTS_READ, Scope.CONSENTS_WRITE)
def take_back(report_id: UUID, subject: str) -> Response:
    """End a person's ground at once. It never waits and asks for no reason."""
    once = _once(f"withdrawal of {subject} of {report_id}", b"")
    withdraw(report_id, subject, by=person(), once=once, desk=current_desk())
    return lead(url_for("reports_pages.one", report_id=report_id), done="ended")


@reports.get("/<uuid:report_id>/refuse")
@page(Scope.REPORTS_READ, Scope.REPORTS_REVIEW, confirmed=True)
def ask_refusal(report_id: UUID) -> Response:
    """What follows when a report is closed for good, before it is done."""
    return _refusal_page(report_id)


@reports.post("/<uuid:report_id>/refuse")
@page(Scope.REPORTS_READ, Scope.REPORTS_REVIEW, confirmed=True)
def close_for_good(report_id: UUID) -> Response:
    """Close a report to publication for good, and take back what was told."""
    reason = request.form.get("reason", "")
    if reason not in REFUSALS:
        return _refusal_page(report_id, HTTPStatus.UNPROCESSABLE_ENTITY, missing=True)
    once = _once(f"refusal of {report_id}", reason.encode())
    refuse(report_id, reason=reason, by=person(), once=once, desk=current_desk())
    return _to_report(report_id)


def _ground_page(
    report_id: UUID,
    subject: str,
    values: Mapping[str, Any],
    refused: Mapping[str, str] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    sheet, lang = _sheet(_place(report_id, subject)), current_speech().code
    circles = tuple(Option(slug, slug) for slug in circles_to_refuse(person(), desk=current_desk()))
    blocks = show(sheet, values, lang, lists={CIRCLES: circles}, refused=refused or {})
    return render(
        "reports/ground.html",
        status,
        report=report_id,
        subject=subject,
        sheet=sheet.name,
        blocks=blocks,
        datalists=datalists(blocks, lang),
        refusals=[
            Mend(f"#{anchor(name)}", f"{sheet.name}.{name}", None, code)
            for name, code in (refused or {}).items()
        ],
        once=_fresh(),
    )


def _refusal_page(report_id: UUID, status: HTTPStatus = HTTPStatus.OK, *, missing: bool = False) -> Response:
    standing = standing_of(report_id, by=person(), desk=current_desk())
    reasons = options("refusals", current_speech().code)
    return render(
        "reports/refuse.html",
        status,
        standing=standing,
        reasons=reasons,
        missing=missing,
        once=_fresh(),
        moment=moment,
    )


def _ground_of(report_id: UUID, subject: str) -> OnGround | None:
    _place(report_id, subject)
    found = grounds_of(report_id, by=person(), after=None, limit=MOST, desk=current_desk())
    return next((each for each in found.items if each.subject == subject), None)


def _place(report_id: UUID, subject: str) -> str:
    """The place of a person's ground. Whoever is not in the report is not there."""
    if subject not in people_in(report_id, by=person(), desk=current_desk()):
        raise NotThere
    return f"{GROUND_PLACE}{subject}"


def _sheet(place: str) -> Sheet:
    sheet = sheet_of(place)
    if sheet is None:
        raise NotThere
    return sheet


def _values(said: OnGround) -> Mapping[str, Any]:
    """A ground on record as the form holds it; the day it was given and its last day are asked anew."""
    limits = [{"kind": kind, "rung": rung} for kind, rung in said.limits.items()]
    found = {
        "basis": said.basis,
        "given_by": said.given_by,
        "guardian_is_suspect_or_kin": said.guardian_is_suspect_or_kin or None,
        "purposes": list(said.purposes),
        "explained": list(said.explained),
        "language": said.language,
        "withheld_also": list(said.withheld_from),
        "limits": limits,
    }
    return (
        {name: value for name, value in found.items() if value}
        if said.subject != NO_SUBJECT
        else _begun(NO_SUBJECT)
    )


def _begun(subject: str) -> Mapping[str, Any]:
    return {"given_on": current_desk().clock().date().isoformat()} if subject == NO_SUBJECT else {}


def _fresh() -> str:
    return current_desk().random(16).hex()


def _once(what: str, body: bytes) -> Once:
    """The form's own key: sent twice, it is done once."""
    key = request.form.get("once", "")[:64]
    return Once(person().partner, f"page:{key}" if key else None, f"{what}\n\n".encode() + body, body)


def _to_report(report_id: UUID) -> Response:
    return cast(Response, redirect(url_for("reports_pages.one", report_id=report_id), HTTPStatus.SEE_OTHER))
