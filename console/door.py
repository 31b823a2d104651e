"""What stands before the door: the cookies, where one may be led afterwards, and the proof that a form is ours."""

from __future__ import annotations

import hmac
import re
import secrets
from hashlib import sha256
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from flask import Response, abort, g, request

from partners.guard import current_partners_desk
from partners.sitting import secret_key

SEAT: Final = "parallax"
DOOR: Final = "parallax-door"
BROWSER: Final = "parallax-browser"
BROWSER_DAYS: Final = 90
FIELD: Final = "form_token"
"""The hidden field of every form, which says that the page it was sent from is ours."""

_OWN_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,500}")


def read_cookie(name: str) -> str:
    """A cookie of ours, or nothing."""
    return request.cookies.get(_full_name(name), "")


def give_cookie(answer: Response, name: str, value: str, *, days: int | None = None) -> Response:
    """Have the browser keep a word for us that no script can read and no other site can make it send."""
    answer.set_cookie(
        _full_name(name),
        value,
        max_age=None if days is None else days * 86_400,
        path="/",
        secure=is_https(),
        httponly=True,
        samesite="Strict",
    )
    return answer


def take_cookie(answer: Response, name: str) -> Response:
    """Have the browser forget a word of ours."""
    answer.delete_cookie(_full_name(name), path="/", secure=is_https(), httponly=True, samesite="Strict")
    return answer


def safe_then(asked: str | None) -> str:
    """Where to go on: a path of this very service, or its first page. Nobody is ever led to another site."""
    if not asked or not _OWN_PATH.fullmatch(asked):
        return "/"
    try:
        parts = urlsplit(asked)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc else asked


def door_token() -> str:
    """What the forms before the sign-in carry: it fits the cookie of this browser and no other."""
    word = read_cookie(DOOR) or g.get("parallax_door")
    if not word:
        word = g.parallax_door = secrets.token_urlsafe(24)
    return _fitting(word)


def with_door(answer: Response) -> Response:
    """Send along the cookie that `door_token` fits, if this browser has none yet."""
    fresh = g.get("parallax_door")
    return give_cookie(answer, DOOR, fresh) if fresh else answer


def demand_own_door() -> None:
    """Refuse a form that another site has sent, or that was made for another browser."""
    word, sent = read_cookie(DOOR), request.form.get(FIELD, "")
    if (
        from_elsewhere()
        or not word
        or not hmac.compare_digest(sent.encode(errors="replace"), _fitting(word).encode())
    ):
        abort(HTTPStatus.FORBIDDEN)


def from_elsewhere() -> bool:
    """Whether the browser says that another site sent this. An old browser says nothing, and the token decides."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin", "null")
    if site is not None:
        return site not in ("same-origin", "none")
    return origin not in ("null", own_origin())


def own_origin() -> str:
    """Scheme, host and port of this service, as browsers write them."""
    issuer = urlsplit(current_partners_desk().settings.issuer)
    return f"{issuer.scheme}://{issuer.netloc}"


def _fitting(word: str) -> str:
    return hmac.new(
        secret_key(current_partners_desk(), "door"), word.encode(errors="replace"), sha256
    ).hexdigest()


def is_https() -> bool:
    """Whether browsers reach this service by https, so that cookies may be kept to it."""
    return current_partners_desk().settings.issuer.startswith("https:")


def _full_name(name: str) -> str:
    return f"__Host-{name}" if is_https() else name
