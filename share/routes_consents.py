"""Grounds: on what ground each person's facts may be shared, and the end of it whenever she says so."""

# The decorators of flask-smorest have no types.
# mypy: allow-untyped-decorators

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from partners.guard import Scope, current_actor, needs
from partners.web import paged
from share.answers import ChangedSchema, GroundsSchema
from share.consent import record_ground, withdraw
from share.draft import RecordedGround
from share.idempotency import Answer
from share.overview import grounds_of
from share.persons import GroundSchema
from share.schemas import PageOfGroundsSchema, ReportChoiceSchema
from share.web import API, current_desk, once

consents = Blueprint("consents", __name__, url_prefix=API, description="Consent and other grounds.")


@consents.get("/reports/<uuid:report_id>/consents")
@needs(Scope.REPORTS_READ)
@consents.arguments(PageOfGroundsSchema, location="query")
@consents.response(200, GroundsSchema)
def list_grounds(page: Mapping[str, Any], report_id: UUID) -> tuple[Mapping[str, Any], dict[str, str]]:
    """List the ground in force for each person of a report of your own."""
    after, limit = page.get("after"), page["limit"]
    found = grounds_of(report_id, by=current_actor(), after=after, limit=limit, desk=current_desk())
    return paged(found, "consents.list_grounds", limit, report_id=report_id)


@consents.get("/consents")
@needs(Scope.REPORTS_READ)
@consents.arguments(ReportChoiceSchema, location="query")
@consents.response(200, GroundsSchema)
def list_consents(asked: Mapping[str, Any]) -> tuple[Mapping[str, Any], dict[str, str]]:
    """The same, with the report named in the query."""
    report, after, limit = asked["report"], asked.get("after"), asked["limit"]
    found = grounds_of(report, by=current_actor(), after=after, limit=limit, desk=current_desk())
    return paged(found, "consents.list_consents", limit, report=report)


@consents.post("/reports/<uuid:report_id>/consents")
@needs(Scope.CONSENTS_WRITE)
@consents.arguments(GroundSchema)
@consents.response(201, ChangedSchema)
def put_ground(said: RecordedGround, report_id: UUID) -> Answer:
    """Put a ground in force for one person of a report; what is published follows."""
    return record_ground(report_id, said, by=current_actor(), once=once(), desk=current_desk())


@consents.post("/reports/<uuid:report_id>/consents/<subject>/withdrawal")
@needs(Scope.CONSENTS_WRITE)
@consents.response(200, ChangedSchema)
def withdraw_ground(report_id: UUID, subject: str) -> Answer:
    """End a person's ground at once: her facts leave every bulletin, the others' stay."""
    return withdraw(report_id, subject, by=current_actor(), once=once(), desk=current_desk())
