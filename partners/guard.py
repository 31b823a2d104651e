"""The door: every view says which rights it needs, and a view that says nothing lets nobody in.

Who you are is settled before anything you sent is read. No header but `Authorization` is looked at for it,
and a token that is missing, wrong, expired or revoked gets one and the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar, cast

from flask import Flask, current_app, g, request
from werkzeug.exceptions import Forbidden, Unauthorized

from partners.access import who_is
from partners.desk import PartnersDesk
from partners.errors import TokenError
from partners.tokens import LONGEST
from partners.values import PERSONS_ONLY, Actor, Scope

__all__ = [
    "EXTENSION",
    "PUBLIC",
    "PUBLIC_PAGES",
    "Actor",
    "Refused",
    "Scope",
    "Unknown",
    "admits",
    "current_actor",
    "current_partners_desk",
    "every_route_is_guarded",
    "needs",
    "public",
    "refuse_unguarded",
    "without_hearsay",
]

P = ParamSpec("P")
R = TypeVar("R")

EXTENSION: Final = "parallax.partners"
_SCOPES: Final = "__parallax_scopes__"
_OPEN: Final = "__parallax_public__"
_FORM_TOKEN: Final = "HTTP_X_FORM_TOKEN"  # noqa: S105  # proves where a form came from, and says nothing of whose
_CHALLENGE: Final = {"WWW-Authenticate": "Bearer"}

PUBLIC: Final[frozenset[str]] = frozenset(
    {
        "auth.issue_token",
        "auth.published_keys",
        "health.alive",
        "health.ready",
        "api-docs.openapi_json",
        "docs.page",
        "docs.asset",
    }
)
"""All endpoints of the interface that anybody may call. None of them knows a report, a bulletin or a partner."""

PUBLIC_PAGES: Final[frozenset[str]] = frozenset(
    {
        "static_files.asset",
        "home.set_language",
        "sign_in.ask",
        "sign_in.answer",
        "sign_in.second_factor",
        "sign_in.show_factor",
        "sign_in.leave",
        "sign_in.quick_exit",
        "sign_in.away",
        "enrol.invitation",
        "enrol.take",
        "enrol.factors",
        "enrol.picture",
        "enrol.show_code",
        "passkeys.ask",
        "passkeys.answer",
        "passkeys.ask_new",
        "passkeys.answer_new",
    }
)
"""The same for pages: they say nothing before a password or an invitation was shown, and then only how to go on."""


class Unknown(Unauthorized):
    """401: nobody we know. `data` is what the API's error handler turns into headers and a stable code."""

    description = "Authentication is required."
    data: Final = {"code": "unauthenticated", "headers": _CHALLENGE}


class Refused(Forbidden):
    """403: known, and not allowed. Which right is missing is not said."""

    description = "This is not allowed."
    data: Final = {"code": "not_allowed"}


def needs(scope: Scope, *more: Scope, person: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let in only actors that hold every one of these rights; stands outermost, right under the route.

    `person=True` demands a member with a second factor. Rights that only persons can hold demand it anyway.
    """
    required = frozenset({scope, *more})
    only_persons = person or bool(required & PERSONS_ONLY)

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            actor = _authenticate()
            if not required <= actor.scopes or (only_persons and not actor.is_person):
                raise Refused
            g.parallax_actor = actor
            return view(*args, **kwargs)

        setattr(guarded, _SCOPES, required)
        return guarded

    return decorate


def admits(view: Callable[P, R], scopes: frozenset[Scope]) -> Callable[P, R]:
    """Mark a view that another door guards: the pages have a door of their own.

    It demands these rights; with none of them it still demands somebody who has signed in.
    """
    setattr(view, _SCOPES, scopes)
    return view


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that anybody may call. It must stand on a list above too, where all can be seen at once."""
    setattr(view, _OPEN, True)
    return view


def current_actor() -> Actor:
    """Who sent this request. Outside a guarded view there is nobody, and that is an error."""
    actor = g.get("parallax_actor")
    if actor is None:
        raise Unknown
    return cast(Actor, actor)


def current_partners_desk() -> PartnersDesk:
    """The desk of this room, as `api.py` put it into the running application."""
    return cast(PartnersDesk, current_app.extensions[EXTENSION])


def every_route_is_guarded(app: Flask) -> list[str]:
    """The endpoints that are neither guarded nor on the public list, or are both. It should be empty."""
    return sorted(name for name, view in app.view_functions.items() if not _is_settled(name, view))


def refuse_unguarded(app: Flask) -> None:
    """Close the application by default: an endpoint that nobody guarded answers 401 to everybody."""

    def check() -> None:
        name = request.endpoint
        if name is not None and not _is_settled(name, app.view_functions[name]):
            raise Unknown

    app.before_request(check)


def without_hearsay(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """WSGI: drop the headers by which a request claims to be another one (method, address, path, user).

    Nothing here reads them. They go anyway, before a library or a later line of ours could.
    """

    def wrapped(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        kept = {
            name: value
            for name, value in environ.items()
            if name == _FORM_TOKEN
            or (not name.startswith("HTTP_X_") and name not in {"HTTP_FORWARDED", "REMOTE_USER"})
        }
        return application(kept, start_response)

    return wrapped


def _is_settled(name: str, view: Callable[..., Any]) -> bool:
    guarded = getattr(view, _SCOPES, None) is not None
    is_open = name in PUBLIC | PUBLIC_PAGES
    marked_open = bool(getattr(view, _OPEN, False))
    return guarded != is_open and not (marked_open and not is_open)


def _authenticate() -> Actor:
    lines = request.headers.getlist("Authorization")
    scheme, _, token = lines[0].partition(" ") if len(lines) == 1 else ("", "", "")
    if scheme != "Bearer" or not token or len(token) > LONGEST:
        raise Unknown
    try:
        return who_is(token, desk=current_partners_desk())
    except TokenError:
        raise Unknown from None
