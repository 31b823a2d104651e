"""What can be looked up about the service itself: its health, its words, and its record of a partner's acts."""

# The decorators of flask-smorest have no types.
# mypy: allow-untyped-decorators

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response
from flask_smorest import Blueprint

from partners.guard import Scope, current_actor, current_partners_desk, needs, public
from share.answers import AliveSchema, EntriesSchema, ListSchema, ListsSchema, ReadySchema
from share.health import EMBEDDED, readiness
from share.overview import entries_of
from share.schemas import LanguageSchema, PageOfEntriesSchema
from share.web import API, NO_STORE, canonical, current_desk, following
from share.words import one_list, the_lists

health = Blueprint("health", __name__, description="Whether the service is well.")
reference = Blueprint("reference", __name__, url_prefix=API, description="Words and records.")


@health.get("/healthz")
@public
@health.response(200, AliveSchema)
def alive() -> tuple[Mapping[str, str], dict[str, str]]:
    """Say that the process answers."""
    return {"status": "alive"}, NO_STORE


@health.get("/readyz")
@public
@health.response(200, ReadySchema)
@health.alt_response(503, schema=ReadySchema, description="Something that the service needs is missing.")
def ready() -> Response:
    """Say whether database, keys, models and queue are as they should be, and what this mode cannot protect."""
    settings = current_partners_desk().settings
    checks = readiness(current_desk(), models=settings.models.values())
    said = {
        "status": "ready" if all(checks.values()) else "not_ready",
        "checks": {name: "ok" if holds else "failed" for name, holds in checks.items()},
        "limits": [EMBEDDED] if settings.worker == "embedded" else [],
    }
    answer = canonical(said, **NO_STORE)
    answer.status_code = HTTPStatus.OK if all(checks.values()) else HTTPStatus.SERVICE_UNAVAILABLE
    return answer


@reference.get("/vocabulary")
@needs(Scope.POLICIES_READ)
@reference.response(200, ListsSchema)
def list_vocabulary() -> Mapping[str, Any]:
    """Name the closed lists that reports and policies are written in."""
    return the_lists()


@reference.get("/vocabulary/<name>")
@needs(Scope.POLICIES_READ)
@reference.arguments(LanguageSchema, location="query")
@reference.response(200, ListSchema)
def read_vocabulary(asked: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Show one list: its codes, what they are called, and the other spellings that are accepted."""
    return one_list(name, asked["lang"])


@reference.get("/ledger")
@needs(Scope.LEDGER_READ)
@reference.arguments(PageOfEntriesSchema, location="query")
@reference.response(200, EntriesSchema)
def list_entries(page: Mapping[str, Any]) -> tuple[Mapping[str, Any], dict[str, str]]:
    """List what the ledger holds about your own reports and their bulletins, oldest first: ids, times and acts."""
    found = entries_of(current_actor(), after=page.get("after"), limit=page["limit"], desk=current_desk())
    address, headers = following("reference.list_entries", found.after, page["limit"])
    return {"items": found.entries, "next": address}, headers
