"""Reports: bringing them in, changing them, and seeing where they stand. Each view is a sentence."""

# The decorators of flask-smorest have no types.
# mypy: allow-untyped-decorators

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import url_for
from flask_smorest import Blueprint

from partners.guard import Scope, current_actor, needs
from share.answers import ReceiptSchema, ReportsSchema, StandingSchema
from share.draft import Draft
from share.idempotency import Answer
from share.intake import amend, submit
from share.overview import reports_of, standing_of
from share.schemas import AmendmentSchema, PageSchema, ReportSchema
from share.web import API, current_desk, following, once

reports = Blueprint("reports", __name__, url_prefix=f"{API}/reports", description="Incident reports.")


@reports.post("")
@needs(Scope.REPORTS_SUBMIT)
@reports.arguments(ReportSchema)
@reports.response(202, ReceiptSchema)
def submit_report(draft: Draft) -> tuple[Answer, dict[str, str]]:
    """Take in an incident report.

    A 202 means sealed and queued: nothing is shared before it was redacted and governed. Sent again with the same
    `Idempotency-Key`, the answer is the same and nothing happens twice.
    """
    receipt = submit(draft, by=current_actor(), once=once(), desk=current_desk())
    return receipt, {"Location": url_for("reports.read_report", report_id=receipt["id"])}


@reports.get("")
@needs(Scope.REPORTS_READ)
@reports.arguments(PageSchema, location="query")
@reports.response(200, ReportsSchema)
def list_reports(page: Mapping[str, Any]) -> tuple[Mapping[str, Any], dict[str, str]]:
    """List your own organisation's reports, newest first."""
    found = reports_of(current_actor(), after=page.get("after"), limit=page["limit"], desk=current_desk())
    address, headers = following("reports.list_reports", found.after, page["limit"])
    return {"items": found.reports, "next": address}, headers


@reports.get("/<uuid:report_id>")
@needs(Scope.REPORTS_READ)
@reports.response(200, StandingSchema)
def read_report(report_id: UUID) -> Mapping[str, Any]:
    """Say where a report of your own stands: its state, what holds it, its versions and its bulletins."""
    standing = standing_of(report_id, by=current_actor(), desk=current_desk())
    return {**asdict(standing), **asdict(standing.report)}


@reports.post("/<uuid:report_id>/amendments")
@needs(Scope.REPORTS_SUBMIT)
@reports.arguments(AmendmentSchema)
@reports.response(202, ReceiptSchema)
def amend_report(said: Mapping[str, Any], report_id: UUID) -> Answer:
    """Add a whole new version of a report, with a reason; earlier versions stay sealed as they were."""
    return amend(
        report_id,
        said["report"],
        reason=said["reason"],
        by=current_actor(),
        once=once(),
        desk=current_desk(),
    )
