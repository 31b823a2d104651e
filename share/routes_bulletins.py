"""Bulletins: reading what your circles were told, confirming it, and taking back what you told."""

# The decorators of flask-smorest have no types.
# mypy: allow-untyped-decorators

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import rfc8785
from flask import Response
from flask_smorest import Blueprint

from partners.guard import Scope, current_actor, needs
from share.answers import BulletinSchema, BulletinsSchema, ConfirmationsSchema, NoticeSchema
from share.idempotency import Answer
from share.reading import Published, bulletin_for, bulletins_for
from share.recall import acknowledge, confirmations, recall
from share.rendering import render
from share.schemas import AcknowledgementSchema, LanguageSchema, PageSchema
from share.web import API, canonical, current_desk, following, once

bulletins = Blueprint("bulletins", __name__, url_prefix=API, description="What circles were told.")

AT_ONCE = 200
NDJSON = "application/x-ndjson"


@bulletins.get("/bulletins")
@needs(Scope.BULLETINS_READ)
@bulletins.arguments(PageSchema, location="query")
@bulletins.response(200, BulletinsSchema)
def list_bulletins(page: Mapping[str, Any]) -> Response:
    """List what you may read today, oldest first: of each report the fullest bulletin."""
    found = bulletins_for(current_actor(), after=page.get("after"), limit=page["limit"], desk=current_desk())
    address, headers = following("bulletins.list_bulletins", found.after, page["limit"])
    items = [bulletin.to_plain() for bulletin in found.bulletins]
    return canonical({"items": items, "next": address}, **headers)


@bulletins.get("/bulletins.ndjson")
@needs(Scope.BULLETINS_READ)
@bulletins.response(200, {"type": "string"}, content_type=NDJSON)
def feed() -> Response:
    """All that you may read today as a file: one canonical bulletin a line, oldest first."""
    lines = b"".join(rfc8785.dumps(each.to_plain()) + b"\n" for each in _all())
    return Response(lines, mimetype=NDJSON)


@bulletins.get("/bulletins/<uuid:bulletin_id>")
@needs(Scope.BULLETINS_READ)
@bulletins.response(200, BulletinSchema)
def read_bulletin(bulletin_id: UUID) -> Response:
    """One bulletin with its signature, in canonical JSON: save it as it is and `parallax verify` reads it."""
    return canonical(bulletin_for(bulletin_id, by=current_actor(), desk=current_desk()).to_plain())


@bulletins.get("/bulletins/<uuid:bulletin_id>/text")
@needs(Scope.BULLETINS_READ)
@bulletins.arguments(LanguageSchema, location="query")
@bulletins.response(200, {"type": "string"}, content_type="text/plain")
def read_text(asked: Mapping[str, Any], bulletin_id: UUID) -> Response:
    """The bulletin in words, made from its codes. What is signed are the codes, not these words."""
    plain = bulletin_for(bulletin_id, by=current_actor(), desk=current_desk()).to_plain()
    words = render(plain["content"], plain["envelope"], asked["lang"])
    return Response(words, mimetype="text/plain", headers={"Content-Language": asked["lang"]})


@bulletins.post("/bulletins/<uuid:bulletin_id>/recall")
@needs(Scope.BULLETINS_RECALL)
@bulletins.response(200, NoticeSchema)
def recall_bulletin(bulletin_id: UUID) -> Answer:
    """Take back a bulletin of your own for good. It never waits; copies already taken remain."""
    return recall(bulletin_id, by=current_actor(), once=once(), desk=current_desk())


@bulletins.post("/bulletins/<uuid:bulletin_id>/acknowledgements")
@needs(Scope.BULLETINS_READ)
@bulletins.arguments(AcknowledgementSchema)
@bulletins.response(201, NoticeSchema)
def acknowledge_bulletin(said: Mapping[str, Any], bulletin_id: UUID) -> Answer:
    """Confirm that you have taken note of a version; for a recall, that your copies are gone."""
    return acknowledge(bulletin_id, **said, by=current_actor(), once=once(), desk=current_desk())


@bulletins.get("/bulletins/<uuid:bulletin_id>/confirmations")
@needs(Scope.BULLETINS_RECALL)
@bulletins.response(200, ConfirmationsSchema)
def read_confirmations(bulletin_id: UUID) -> Mapping[str, int]:
    """For the source: how many partners confirmed the newest version, of how many who read in the circle."""
    confirmed, readers = confirmations(bulletin_id, by=current_actor(), desk=current_desk())
    return {"confirmed": confirmed, "readers": readers}


def _all() -> Iterator[Published]:
    after: UUID | None = None
    while True:
        page = bulletins_for(current_actor(), after=after, limit=AT_ONCE, desk=current_desk())
        yield from page.bulletins
        if page.after is None:
            return
        after = page.after
