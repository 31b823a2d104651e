"""What the script of the passkey pages asks: a challenge, and whether the answer to it was right. All in JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, request

from console.door import SEAT, give_cookie, safe_then
from console.routes_enrol import enrolled, seat_or_none, where_enrolled
from console.routes_sign_in import let_in, said_to
from console.session import demand_our_form, half_or_none, sitting_or_none
from console.web import current_speech
from partners import passkeys as ceremony
from partners.errors import PartnersError
from partners.guard import current_partners_desk, public
from partners.invitations import enrol_passkey
from partners.models_people import ASKED
from partners.sign_in import NotLetIn
from partners.sitting import Half, Sitting

passkeys = Blueprint("passkeys", __name__, url_prefix="/passkeys")


@passkeys.post("/ask")
@public
def ask() -> Response:
    """A challenge for a passkey that she has: to come in, or to confirm."""
    return _json(ceremony.ask(_shower(), desk=current_partners_desk()))


@passkeys.post("/answer")
@public
def answer() -> Response:
    """Let her in, or note that she has confirmed, if the answer to the challenge is right."""
    seat, said = _shower(), _said()
    try:
        token = ceremony.show_passkey(seat, said.get("credential"), desk=current_partners_desk())
    except NotLetIn as refused:
        return _refused(said_to(refused))
    led = _json(json.dumps({"then": safe_then(said.get("then"))}))
    return let_in(led, token, seat) if isinstance(seat, Half) else give_cookie(led, SEAT, token)


@passkeys.post("/ask-new")
@public
def ask_new() -> Response:
    """A challenge for a passkey that is to be made."""
    return _json(ceremony.ask_new(_maker(), desk=current_partners_desk()))


@passkeys.post("/answer-new")
@public
def answer_new() -> Response:
    """Keep the passkey that the browser has made."""
    seat = _maker()
    try:
        token = enrol_passkey(seat, _said().get("credential"), desk=current_partners_desk())
    except PartnersError:
        return _refused(current_speech().gettext("This passkey could not be taken. Please begin again."))
    return enrolled(_json(json.dumps({"then": where_enrolled(seat)})), token, seat)


def _shower() -> Half | Sitting:
    half = half_or_none()
    return _ours(half if half is not None and half.stage == ASKED else sitting_or_none())


def _maker() -> Half | Sitting:
    return _ours(seat_or_none())


def _ours(seat: Half | Sitting | None) -> Half | Sitting:
    if seat is None:
        abort(HTTPStatus.FORBIDDEN)
    demand_our_form(seat.form_token)
    return seat


def _said() -> Mapping[str, Any]:
    said = request.get_json(silent=True)
    return said if isinstance(said, dict) else {}


def _json(body: str) -> Response:
    return Response(body, mimetype="application/json", headers={"Cache-Control": "no-store"})


def _refused(words: str) -> Response:
    refused = _json(json.dumps({"words": words}))
    refused.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return refused
