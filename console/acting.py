"""From a form to a use case and back: each form is done once, and what came of it is said on the page it leads to."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final, cast
from urllib.parse import urlencode, urlsplit, urlunsplit

from flask import Blueprint, Response, redirect, request

from console.explaining import ANY_FAILURE, DONE, FAILED, said
from console.session import FIELD, HERE
from console.web import current_speech, render
from share.errors import Conflict, NotThere, ShareError
from share.idempotency import Answer, Once
from share.web import once

KEY: Final = "once"
"""The hidden field that makes a form one act, however often it is sent."""

_LONGEST_KEY: Final = 60


def once_key() -> str:
    """A fresh word for one form."""
    return secrets.token_urlsafe(18)


def once_of_form() -> Once:
    """The form as one act: sent again, as by a double click, it is answered as before."""
    key = request.form.get(KEY, "")
    fields = sorted((n, v) for n, v in request.form.items(multi=True) if n not in (FIELD, HERE, KEY))
    body = urlencode(fields).encode()
    asked = f"{request.method} {request.path}\n\n".encode() + body
    return replace(once(), key=key if 0 < len(key) <= _LONGEST_KEY else None, request=asked, body=body)


def act(work: Callable[[], Answer], *, done: str, there: str) -> Response:
    """Do it, and lead to `there`, where it is said what came of it. What was refused changed nothing."""
    try:
        work()
    except NotThere:
        raise
    except ShareError as refused:
        return lead(there, failed=refused.code)
    return lead(there, done=done)


def lead(there: str, **said_there: str) -> Response:
    """To another of our pages, with codes for what is to be said on it. No word of a person is ever in an address."""
    parts = urlsplit(there)
    query = "&".join(filter(None, (parts.query, urlencode(said_there))))
    return cast(Response, redirect(urlunsplit(parts._replace(query=query)), HTTPStatus.SEE_OTHER))


def outcome() -> Mapping[str, Any]:
    """What is to be said about the act that led here, in words; only sentences of ours, whatever the address says."""
    speech, done, failed = current_speech(), request.args.get("done", ""), request.args.get("failed", "")
    return {
        "done": speech.gettext(DONE[done]) if done in DONE else "",
        "failed": said(FAILED, failed, speech, other=ANY_FAILURE) if failed else "",
        "once_key": once_key,
    }


def speak_of_conflicts(pages: Blueprint) -> None:
    """Have these pages say in their own words why something clashes; everything else is said as on every page."""
    pages.register_error_handler(Conflict, _clash)


def _clash(error: Conflict) -> Response:
    reason = said(FAILED, error.code, current_speech(), other=ANY_FAILURE)
    return render("refused.html", HTTPStatus.CONFLICT, words=reason)
