"""One's own way in: password, factors, and the sittings that are open."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for

from console.door import SEAT, give_cookie
from console.session import current_sitting, page, person
from console.web import current_speech, render
from partners import own as use
from partners.errors import Conflict, NotAcceptable
from partners.guard import current_partners_desk
from partners.passkeys import are_possible

me = Blueprint("me", __name__, url_prefix="/me")


@me.get("")
@page()
def mine() -> Response:
    """One's own password, factors and sittings."""
    return _me()


@me.post("/password")
@page(confirmed=True)
def change_password() -> Response:
    """Take another password; one's other sittings end."""
    new = request.form.get("password", "")
    if new != request.form.get("again", ""):
        return _me("not_the_same")
    try:
        token = use.change_password(new, sitting=current_sitting(), desk=current_partners_desk())
    except NotAcceptable as wrong:
        return _me(wrong.code)
    return give_cookie(_again(), SEAT, token)


@me.post("/passkeys/<uuid:passkey_id>/removal")
@page(confirmed=True)
def drop_passkey(passkey_id: UUID) -> Response:
    """Forget one of one's own passkeys, as long as a factor stays."""
    try:
        use.drop_passkey(passkey_id, by=person(), desk=current_partners_desk())
    except Conflict as wrong:
        return _me(wrong.code)
    return _again()


@me.post("/sittings/<uuid:sitting_id>/end")
@page()
def end_own(sitting_id: UUID) -> Response:
    """End one of one's own sittings at once."""
    use.end_own(sitting_id, by=person(), desk=current_partners_desk())
    return _again()


def _me(wrong: str = "") -> Response:
    sitting, desk = current_sitting(), current_partners_desk()
    return render(
        "people/me.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        own=use.own(by=sitting.actor, desk=desk),
        here_now=sitting.id,
        confirmed=sitting.is_confirmed(desk.clock()),
        passkeys=are_possible(desk.settings),
        wrong=_wrong(wrong) if wrong else "",
    )


def _wrong(code: str) -> str:
    _ = current_speech().gettext
    return {
        "not_the_same": _("The two are not the same."),
        "too_short": _("Please take at least 12 characters. A few words in a row are easy to remember."),
        "too_long": _("This is longer than 200 characters."),
        "too_common": _("This is easy to guess. Please take something that nobody else would."),
        "last_factor": _("This is the only second factor. Please set up another one first."),
    }.get(code, _("This is not possible."))


def _again() -> Response:
    return cast(Response, redirect(url_for("me.mine"), HTTPStatus.SEE_OTHER))
