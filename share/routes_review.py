"""Review: what a person of the source partner does about a report before anything of it leaves."""

# The decorators of flask-smorest have no types.
# mypy: allow-untyped-decorators

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from partners.guard import Scope, current_actor, needs
from share.answers import ChangedSchema, PreviewSchema, WorkingCopySchema
from share.approval import approve, preview
from share.idempotency import Answer
from share.overview import Reason
from share.review import add_span, open_review, refuse, resolve
from share.schemas import ApprovalSchema, RefusalSchema, ResolutionSchema, SpanSchema
from share.web import API, NO_STORE, canonical, current_desk, once

review = Blueprint(
    "review", __name__, url_prefix=f"{API}/reports/<uuid:report_id>", description="Looking before telling."
)


@review.get("/review")
@needs(Scope.REPORTS_REVIEW)
@review.response(200, WorkingCopySchema)
def read_working_copy(report_id: UUID) -> tuple[Mapping[str, Any], dict[str, str]]:
    """Show a reviewer the text as it was received, with all that was found in it. Each look is written down."""
    copy = open_review(report_id, by=current_actor(), desk=current_desk())
    shown = {name: getattr(copy, name) for name in WorkingCopySchema().fields}
    return shown | {"holds": [Reason(*hold) for hold in copy.holds]}, NO_STORE


@review.post("/review/spans")
@needs(Scope.REPORTS_REVIEW)
@review.arguments(SpanSchema)
@review.response(201, ChangedSchema)
def mark_span(said: Mapping[str, Any], report_id: UUID) -> Answer:
    """Mark something that every detector missed; it is covered wherever it stands in the text."""
    return add_span(report_id, **said, by=current_actor(), once=once(), desk=current_desk())


@review.post("/review/resolutions")
@needs(Scope.REPORTS_REVIEW)
@review.arguments(ResolutionSchema)
@review.response(201, ChangedSchema)
def resolve_holds(said: Mapping[str, Any], report_id: UUID) -> Answer:
    """Settle reasons that held a part of a report. Nothing is published by this."""
    return resolve(report_id, **said, by=current_actor(), once=once(), desk=current_desk())


@review.get("/previews/<circle>")
@needs(Scope.REPORTS_REVIEW)
@review.response(200, PreviewSchema)
def read_preview(report_id: UUID, circle: str) -> Response:
    """Show exactly what a circle would be told now, and whose voice asked for what is missing."""
    shown = preview(report_id, circle=circle, by=current_actor(), desk=current_desk())
    told = {
        "circle": shown.circle,
        "content": json.loads(shown.content),
        "content_sha256": shown.content_sha256,
        "left": [asdict(left) | {"voices": list(left.voices)} for left in shown.left],
        "problems": list(shown.problems),
        "is_approved": shown.is_approved,
    }
    return canonical(told, **NO_STORE)


@review.post("/approvals")
@needs(Scope.REPORTS_APPROVE)
@review.arguments(ApprovalSchema)
@review.response(201, ChangedSchema)
def approve_content(said: Mapping[str, Any], report_id: UUID) -> Answer:
    """Say yes to exactly this content for this circle; anything else is refused as `preview_stale`."""
    return approve(report_id, **said, by=current_actor(), once=once(), desk=current_desk())


@review.post("/refusal")
@needs(Scope.REPORTS_REVIEW)
@review.arguments(RefusalSchema)
@review.response(200, ChangedSchema)
def refuse_report(said: Mapping[str, Any], report_id: UUID) -> Answer:
    """Close a report to publication for good, and take back what was told. One person is enough."""
    return refuse(report_id, **said, by=current_actor(), once=once(), desk=current_desk())
