"""One's own organisation's reports: where they stand, what was said of whom, and grounds given and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import cast
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for

from console.acting import outcome
from console.explaining import ANY_HOLD, HOLDS, said
from console.forms_labels import called
from console.forms_reopen import parts_of
from console.forms_report import ABOUT, AMENDS
from console.session import page, person
from console.web import MOST, current_speech, render
from console.writing import a_day, moment
from partners.values import Scope
from policies.grounds import Ground
from policies.terms import Detail
from share.drafts import begin
from share.errors import NotThere, ShareError
from share.intake import AMENDMENT_REASONS
from share.overview import OnGround, Told, grounds_of, reports_of, standing_of
from share.recall import confirmations
from share.reopen import can_reopen, people_in, reopen, statuses
from share.web import LARGEST_BODY, current_desk

reports = Blueprint("reports_pages", __name__, url_prefix="/reports")

AT_ONCE = 25


@dataclass(frozen=True, slots=True)
class Spoken:
    """A person of a report and the ground in force for her, if there is one; `carries` is whether it does today."""

    code: str
    ground: OnGround | None
    carries: bool


@reports.before_request
def let_long_texts_in() -> None:
    """A form in any script takes more room than forms are given by default."""
    request.max_form_memory_size = LARGEST_BODY


@reports.errorhandler(NotThere)
def not_there(_error: NotThere) -> Response:
    """The one page for what is not there and for what is another organisation's."""
    return render("post/not_there.html", HTTPStatus.NOT_FOUND)


@reports.errorhandler(ShareError)
def not_done(error: ShareError) -> Response:
    """Why something could not be done, in words; nothing was changed."""
    return render("reports/refused.html", HTTPStatus.CONFLICT, code=error.code)


@reports.get("")
@page(Scope.REPORTS_READ)
def own() -> Response:
    """The organisation's reports, newest first."""
    found = reports_of(person(), after=_after(), limit=AT_ONCE, desk=current_desk())
    return render("reports/own.html", found=found, is_first="after" not in request.args, moment=moment)


@reports.get("/<uuid:report_id>")
@page(Scope.REPORTS_READ)
def one(report_id: UUID) -> Response:
    """Where a report stands, how it came there, what was told to whom, and what can be done."""
    by, desk = person(), current_desk()
    standing = standing_of(report_id, by=by, desk=desk)
    return render(
        "reports/one.html",
        standing=standing,
        people=_people(report_id),
        holds=[said(HOLDS, each.code, current_speech(), other=ANY_HOLD) for each in standing.holds],
        statuses=statuses(report_id, by=by, desk=desk),
        confirmed={told.id: _confirmed(told) for told in standing.bulletins},
        may_amend=Scope.REPORTS_SUBMIT in by.scopes and can_reopen(report_id, by=by, desk=desk),
        may_ground=Scope.CONSENTS_WRITE in by.scopes,
        may_refuse=Scope.REPORTS_REVIEW in by.scopes,
        called=called,
        lang=current_speech().code,
        a_day=a_day,
        moment=moment,
        **outcome(),
    )


@reports.post("/<uuid:report_id>/amend")
@page(Scope.REPORTS_READ, Scope.REPORTS_SUBMIT)
def amend(report_id: UUID) -> Response:
    """Begin a draft of the next version, filled in with what the newest one says."""
    by, desk = person(), current_desk()
    again = reopen(report_id, by=by, desk=desk)
    reason, code = request.form.get("reason", ""), request.form.get("person", "")
    amends = {
        "version": again.version,
        "reason": reason if reason in AMENDMENT_REASONS else "",
        "redacted_at_source": again.draft.redacted_at_source,
    }
    parts = {**parts_of(again.draft), ABOUT: {ABOUT: "people"}, AMENDS: amends}
    draft_id = begin(parts, by=by, desk=desk, report=report_id)
    about = code if f"people/{code}" in parts else None
    step = "people" if about else "what"
    return _to(url_for("post.step", draft_id=draft_id, step=step, code=about))


def _people(report_id: UUID) -> tuple[Spoken, ...]:
    by, desk = person(), current_desk()
    grounds = {
        each.subject: each for each in grounds_of(report_id, by=by, after=None, limit=MOST, desk=desk).items
    }
    codes = people_in(report_id, by=by, desk=desk)
    return tuple(Spoken(code, grounds.get(code), _carries(grounds.get(code))) for code in codes)


def _carries(on_record: OnGround | None) -> bool:
    """Whether a ground carries anything today, asked of the ground itself."""
    if on_record is None:
        return False
    ground = Ground(
        subject=on_record.subject,
        basis=on_record.basis,
        purposes=frozenset(on_record.purposes),
        withheld_from=frozenset(on_record.withheld_from),
        until=on_record.until,
        given_on=on_record.given_on,
        given_by=on_record.given_by,
        guardian_is_suspect_or_kin=on_record.guardian_is_suspect_or_kin,
        withdrawn_on=on_record.withdrawn_on,
        limits={kind: Detail[rung] for kind, rung in on_record.limits.items()},
    )
    return ground.is_live(on=current_desk().clock().date())


def _confirmed(told: Told) -> tuple[int, int]:
    return confirmations(told.id, by=person(), desk=current_desk())


def _after() -> UUID | None:
    said = request.args.get("after")
    try:
        return UUID(said) if said else None
    except ValueError:
        raise NotThere from None


def _to(address: str) -> Response:
    return cast(Response, redirect(address, HTTPStatus.SEE_OTHER))
