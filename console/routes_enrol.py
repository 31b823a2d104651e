"""Setting up one's way in: an invitation is taken up with a password, and completed with a second factor."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from io import BytesIO
from typing import Final

import segno
from flask import Blueprint, Response, abort, redirect, request, url_for

from console.door import SEAT, demand_own_door, door_token, give_cookie, read_cookie, with_door
from console.languages import N_
from console.routes_sign_in import let_in
from console.session import demand_our_form, half_or_none, sitting_or_none
from console.web import current_speech, render
from partners.errors import NotAcceptable, NotThere
from partners.guard import current_partners_desk, public
from partners.invitations import address_of_secret, enrol_code, invited, pending_secret, take_up
from partners.models_people import ENROLLING
from partners.passkeys import are_possible
from partners.passwords import LEAST
from partners.sitting import Half, Sitting
from partners.sitting import leave as end_sitting

enrol = Blueprint("enrol", __name__, url_prefix="/enrol")

_WORDS: Final[Mapping[str, str]] = {
    "too_short": N_("Please take at least 12 characters. A few words in a row are easy to remember."),
    "too_long": N_("This is longer than 200 characters."),
    "too_common": N_("This is easy to guess. Please take something that nobody else would."),
    "not_the_same": N_("The two are not the same."),
    "wrong_code": N_("This code does not fit. Please wait for the next one and type that."),
}


@enrol.get("/<word>")
@public
def invitation(word: str) -> Response:
    """The form for a password, for whoever has a link that is still good."""
    return _welcome(word)


@enrol.post("")
@public
def take() -> Response:
    """Set the password. From here nothing opens but the setting up of a second factor."""
    demand_own_door()
    word, password = request.form.get("word", ""), request.form.get("password", "")
    if password != request.form.get("again", ""):
        return _welcome(word, "not_the_same")
    try:
        token = take_up(word, password, desk=current_partners_desk())
    except NotAcceptable as wrong:
        return _welcome(word, wrong.code)
    except NotThere:
        return _gone()
    end_sitting(read_cookie(SEAT), desk=current_partners_desk())
    return give_cookie(redirect(url_for("enrol.factors"), HTTPStatus.SEE_OTHER), SEAT, token)  # type: ignore[arg-type]


@enrol.get("/factors")
@public
def factors() -> Response:
    """The picture of a secret to scan, a field for its first code, and a button for a passkey."""
    seat = seat_or_none()
    return _factors(seat) if seat is not None else _elsewhere()


@enrol.get("/picture")
@public
def picture() -> Response:
    """The secret as a QR code. It is drawn for this sitting alone, and kept nowhere."""
    seat = seat_or_none()
    if seat is None:
        abort(HTTPStatus.FORBIDDEN)
    drawn = BytesIO()
    address = address_of_secret(seat, pending_secret(seat, desk=current_partners_desk()))
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", scale=5, border=4, light="#fff")
    return Response(drawn.getvalue(), mimetype="image/svg+xml", headers={"Cache-Control": "no-store"})


@enrol.post("/code")
@public
def show_code() -> Response:
    """Take the first code made with the secret; from then on it is the second factor."""
    seat = seat_or_none()
    if seat is None:
        abort(HTTPStatus.FORBIDDEN)
    demand_our_form(seat.form_token)
    try:
        token = enrol_code(seat, request.form.get("otp", ""), desk=current_partners_desk())
    except NotAcceptable as wrong:
        return _factors(seat, wrong.code)
    except NotThere:
        return _gone()
    return enrolled(redirect(where_enrolled(seat), HTTPStatus.SEE_OTHER), token, seat)  # type: ignore[arg-type]


def seat_or_none() -> Half | Sitting | None:
    """Who may set up a factor: with an invitation taken up, or sitting here and confirmed just now."""
    half = half_or_none()
    if half is not None:
        return half if half.stage == ENROLLING else None
    sitting = sitting_or_none()
    if sitting is None or not sitting.is_confirmed(current_partners_desk().clock()):
        return None
    return sitting


def where_enrolled(seat: Half | Sitting) -> str:
    """Where to go on once a factor was set up."""
    return url_for("me.mine") if isinstance(seat, Sitting) else url_for("home.start")


def enrolled(led: Response, token: str, seat: Half | Sitting) -> Response:
    """Seat her under the new token."""
    return give_cookie(led, SEAT, token) if isinstance(seat, Sitting) else let_in(led, token, seat)


def _welcome(word: str, wrong: str = "") -> Response:
    try:
        for_whom = invited(word, desk=current_partners_desk())
    except NotThere:
        return _gone()
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    said = current_speech().gettext(_WORDS[wrong]) if wrong else ""
    return with_door(
        render(
            "sign_in/invitation.html",
            status,
            invited=for_whom,
            word=word,
            wrong=said,
            least=LEAST,
            door_token=door_token(),
        )
    )


def _factors(seat: Half | Sitting, wrong: str = "") -> Response:
    desk = current_partners_desk()
    secret = pending_secret(seat, desk=desk)
    return render(
        "sign_in/enrol.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        token=seat.form_token,
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        passkeys=are_possible(desk.settings),
        first=isinstance(seat, Half),
        wrong=current_speech().gettext(_WORDS[wrong]) if wrong else "",
    )


def _gone() -> Response:
    return render("sign_in/gone.html", HTTPStatus.NOT_FOUND)


def _elsewhere() -> Response:
    where = "sign_in.confirm" if sitting_or_none() is not None else "sign_in.ask"
    return redirect(url_for(where, then=url_for("enrol.factors")), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]
