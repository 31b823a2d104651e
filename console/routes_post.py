"""Checking and sending: everything once more in words, what is missing, and then one report and its receipt."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Final, cast
from uuid import UUID

from flask import Response, redirect, request, url_for

from console.forms_check import advice, in_words
from console.forms_labels import options
from console.forms_report import AMENDS, Refusal, assembled, refused
from console.routes_post_away import post
from console.session import page, person
from console.web import render
from console.writing import Writing, moment, writing
from partners.values import Scope
from share.alike import alike
from share.draft import Draft
from share.drafts import close
from share.errors import Conflict, NotAcceptable
from share.idempotency import Answer, Once
from share.intake import AMENDMENT_REASONS, amend, check, submit
from share.overview import standing_of
from share.schemas import ReportSchema
from share.web import current_desk

__all__ = ["post"]

WHERE: Final = {
    "people": "people",
    "concerns": "people",
    "suspects.kin_of": "network",
    "grounds.subject": "grounds",
    "reason": "check",
}
"""The steps at which the refusals of the use case can be mended."""


@post.get("/<uuid:draft_id>/check")
@page(Scope.REPORTS_SUBMIT)
def check_page(draft_id: UUID) -> Response:
    """The whole report in words, with what has to be mended and what is better mended."""
    now = writing(draft_id)
    if now.opened.receipt is not None:
        return _to(url_for("post.receipt", draft_id=draft_id))
    return _check(now)


@post.post("/<uuid:draft_id>/send")
@page(Scope.REPORTS_SUBMIT)
def send(draft_id: UUID) -> Response:
    """Send exactly what the check page showed. Sent twice, it is one report, and the receipt is the same."""
    now = writing(draft_id)
    if now.opened.receipt is None:
        if request.form.get("version") != str(now.opened.version):
            return _check(now, HTTPStatus.CONFLICT, code="changed_meanwhile")
        draft = None if _to_mend(now) or now.unsettled() else _loaded(now)
        if draft is None:
            return _check(now, HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            answer = _sent(now, draft)
        except NotAcceptable as refusal:
            return _check(now, HTTPStatus.UNPROCESSABLE_ENTITY, code=refusal.code)
        except Conflict as refusal:
            return _check(now, HTTPStatus.CONFLICT, code=refusal.code)
        close(draft_id, answer, by=person(), desk=current_desk())
    return _to(url_for("post.receipt", draft_id=draft_id))


@post.get("/<uuid:draft_id>/receipt")
@page(Scope.REPORTS_SUBMIT)
def receipt(draft_id: UUID) -> Response:
    """What was sealed, when, and where to follow it."""
    now = writing(draft_id)
    if now.opened.receipt is None:
        return _to(url_for("post.check_page", draft_id=draft_id))
    answer = now.opened.receipt
    standing = standing_of(UUID(answer["id"]), by=person(), desk=current_desk())
    sent = next(each for each in standing.versions if each.number == answer["version"])
    return render("post/receipt.html", receipt=answer, sent=sent, moment=moment)


def _check(now: Writing, status: HTTPStatus = HTTPStatus.OK, *, code: str | None = None) -> Response:
    desk, mend = current_desk(), _to_mend(now)
    draft = None if mend else _loaded(now)
    report = now.opened.report
    version = standing_of(report, by=person(), desk=desk).report.version if report else None
    return render(
        "post/check.html",
        status,
        writing=now,
        step="check",
        code=code,
        refusals=[now.mend(each) for each in mend],
        told=in_words(now.values, now.lang),
        advice=advice(draft, on=desk.clock().date(), grounded=now.grounded) if draft else (),
        alike=alike(draft, by=person(), desk=desk, besides=report) if draft else (),
        reasons=options("reasons", now.lang),
        reason=request.form.get("reason") or now.values.get(AMENDS, {}).get("reason", ""),
        is_behind=version is not None and version != now.values.get(AMENDS, {}).get("version"),
        moment=moment,
    )


def _to_mend(now: Writing) -> tuple[Refusal, ...]:
    """What the form of a report does not take; if nothing, what could not be looked at later."""
    found = refused(now.values)
    if found:
        return found
    try:
        check(_loaded(now))
    except NotAcceptable as refusal:
        return (Refusal(WHERE.get(refusal.path or "", "what"), "", refusal.code),)
    return ()


def _loaded(now: Writing) -> Draft:
    return cast(Draft, ReportSchema().load(dict(assembled(now.values).said)))


def _sent(now: Writing, draft: Draft) -> Answer:
    """Submit, or amend where the draft is of a report, under the key that was made with the draft."""
    said = assembled(now.values).said
    body = json.dumps(dict(said), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    by, desk, report = person(), current_desk(), now.opened.report
    key = f"draft:{now.opened.once}"
    if report is None:
        return submit(draft, by=by, once=Once(by.partner, key, b"draft\n\n" + body, body), desk=desk)
    reason = request.form.get("reason", "")
    if reason not in AMENDMENT_REASONS:
        raise NotAcceptable("unknown_reason", "reason")
    asked = f"draft of {report} for {reason}\n\n".encode() + body
    return amend(report, draft, reason=reason, by=by, once=Once(by.partner, key, asked, body), desk=desk)


def _to(address: str) -> Response:
    return cast(Response, redirect(address, HTTPStatus.SEE_OTHER))
