"""Who sits at the browser: the door of every page, and the proof that a form is our own."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Final, ParamSpec, cast

from flask import Response, abort, g, redirect, request, url_for

from console.door import FIELD, SEAT, from_elsewhere, read_cookie, safe_then
from partners.guard import Scope, admits, current_partners_desk
from partners.sitting import Half, Sitting, half_of, sitting_of
from partners.values import Actor

__all__ = [
    "FIELD",
    "HERE",
    "current_sitting",
    "demand_our_form",
    "half_or_none",
    "page",
    "person",
    "sitting_or_none",
]

P = ParamSpec("P")

HERE: Final = "here"
"""The hidden field that says from which page a form was sent, for whoever has to confirm first."""

SAFE: Final = frozenset({"GET", "HEAD"})


def page(*scopes: Scope, confirmed: bool = False) -> Callable[[Callable[P, Response]], Callable[P, Response]]:
    """Let in only people who sit here with these rights; stands outermost, right under the route.

    Whoever has not signed in is led to the sign-in page, and back. A form without its token is refused.
    `confirmed=True` demands that the person showed a factor within the last minutes, for what cannot be undone.
    """
    required = frozenset(scopes)

    def decorate(view: Callable[P, Response]) -> Callable[P, Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
            sitting = sitting_or_none()
            if sitting is None:
                return _to_the_door()
            if not required <= sitting.actor.scopes:
                abort(HTTPStatus.FORBIDDEN)
            demand_our_form(sitting.form_token)
            if confirmed and not sitting.is_confirmed(current_partners_desk().clock()):
                return _to_confirm()
            g.parallax_actor = sitting.actor
            return view(*args, **kwargs)

        return admits(guarded, required)

    return decorate


def current_sitting() -> Sitting:
    """The sitting behind this request. Outside a guarded page there is none, and that is an error."""
    found = sitting_or_none()
    if found is None:
        abort(HTTPStatus.FORBIDDEN)
    return found


def sitting_or_none() -> Sitting | None:
    """The sitting behind this request, for pages that everybody may see. Looked up once for each request."""
    if "parallax_sitting" not in g:
        token = read_cookie(SEAT)
        g.parallax_sitting = sitting_of(token, desk=current_partners_desk()) if token else None
    return cast("Sitting | None", g.parallax_sitting)


def half_or_none() -> Half | None:
    """Who is on the way in: a password or an invitation was shown, and nothing else yet."""
    token = read_cookie(SEAT)
    return half_of(token, desk=current_partners_desk()) if token else None


def person() -> Actor:
    """Who acts on this page."""
    return current_sitting().actor


def demand_our_form(form_token: str) -> None:
    """Refuse a write that did not come from a form of this very sitting."""
    if request.method in SAFE:
        return
    sent = request.headers.get("X-Form-Token") or request.form.get(FIELD, "")
    if from_elsewhere() or not hmac.compare_digest(sent.encode(errors="replace"), form_token.encode()):
        abort(HTTPStatus.FORBIDDEN)


def _to_the_door() -> Response:
    if request.method not in SAFE:
        abort(HTTPStatus.FORBIDDEN)
    return cast(Response, redirect(url_for("sign_in.ask", then=request.full_path.rstrip("?"))))


def _to_confirm() -> Response:
    """To the page where a factor is shown, and back to the page that the form stood on."""
    there = request.full_path.rstrip("?") if request.method in SAFE else request.form.get(HERE)
    return cast(Response, redirect(url_for("sign_in.confirm", then=safe_then(there)), HTTPStatus.SEE_OTHER))
