"""The first page, and the choice of a language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, cast

from flask import Blueprint, Response, abort, redirect, request

from console.door import from_elsewhere, is_https, safe_then
from console.languages import LANGUAGES, N_
from console.session import page, person
from console.web import LANGUAGE_COOKIE, MENU, MOST, render
from partners.guard import current_partners_desk, public
from partners.values import Actor, Scope
from partners.waiting import open_proposals
from share.drafts import drafts_of
from share.queue import queue_of
from share.web import current_desk

home = Blueprint("home", __name__)

LANGUAGE_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class Count:
    """How much of one kind waits for whoever sits here, and where."""

    label: str
    number: int
    endpoint: str


@home.get("/")
@page()
def start() -> Response:
    """What waits for whoever sits here: her own drafts, and what her rights let her decide. Counts alone."""
    there = {place.endpoint for place in MENU} | {"people.waiting"}
    counts = [count for count in _counts(person()) if count.endpoint in there]
    return render("home/start.html", counts=counts)


@home.post("/language")
@public
def set_language() -> Response:
    """Remember the language in this browser, and go back to the page."""
    said = request.form.get("language", "")
    if from_elsewhere() or said not in LANGUAGES:
        abort(HTTPStatus.FORBIDDEN)
    answer = cast(Response, redirect(safe_then(request.form.get("then")), HTTPStatus.SEE_OTHER))
    answer.set_cookie(
        LANGUAGE_COOKIE,
        said,
        max_age=LANGUAGE_DAYS * 86_400,
        path="/",
        secure=is_https(),
        httponly=True,
        samesite="Lax",
    )
    return answer


def _counts(by: Actor) -> Iterator[Count]:
    if Scope.REPORTS_SUBMIT in by.scopes:
        yield Count(N_("Drafts to finish"), len(drafts_of(by, desk=current_desk())), "post.drafts")
    if Scope.REPORTS_REVIEW in by.scopes:
        yield Count(N_("Reports to look at"), len(queue_of(by, desk=current_desk())), "review_pages.queue")
    if Scope.PARTNERS_WRITE in by.scopes:
        proposals = open_proposals(by=by, after=None, limit=MOST, desk=current_partners_desk())
        yield Count(N_("Proposals that wait for a second person"), len(proposals.items), "people.waiting")
