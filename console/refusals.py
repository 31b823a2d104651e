"""A refusal as a page: the same status as the interface gives, in words, and nothing of what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from flask import Response, request

from console.web import current_speech, render
from share.problems import MEDIA_TYPE

SCRIPTS_ASK: Final = frozenset({"passkeys"})
"""Blueprints whose answers scripts read."""


def in_words(answer: Response) -> Response:
    """A problem that was meant for programs, as a page for people. Everything else stays as it is."""
    if answer.mimetype != MEDIA_TYPE or request.is_json or request.blueprint in SCRIPTS_ASK:
        return answer
    shown = render("refused.html", answer.status_code, words=_words(answer.status_code))
    for name in ("Allow", "Retry-After"):
        if name in answer.headers:
            shown.headers[name] = answer.headers[name]
    return shown


def _words(status: int) -> str:
    _ = current_speech().gettext
    known: Mapping[int, str] = {
        HTTPStatus.BAD_REQUEST: _("This could not be read. Please go back and try again."),
        HTTPStatus.FORBIDDEN: _(
            "This is not open to you, or the page was too old. Please go back and try again."
        ),
        HTTPStatus.NOT_FOUND: _("There is nothing here, or it is not yours to see."),
        HTTPStatus.CONFLICT: _("Somebody else was quicker. Please look at the page again."),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("This is too large."),
        HTTPStatus.UNPROCESSABLE_ENTITY: _(
            "Something in the form is not possible. Please go back and check it."
        ),
        HTTPStatus.TOO_MANY_REQUESTS: _("Too many attempts. Please try again in a minute."),
        HTTPStatus.SERVICE_UNAVAILABLE: _("The service is busy. Please try again in a moment."),
    }
    return known.get(status, _("Something went wrong here. Nothing was sent. Please try again later."))
