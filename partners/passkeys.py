"""Passkeys: the browser proves that it holds a private key, and that its owner was there (user verification).

A challenge belongs to one sitting, is good for five minutes and for one answer. Host and origin are this
service's own, so an answer that another site has coaxed out of a browser is refused.
"""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from config.settings import Settings
from ledger.entries import Act, record
from partners.attempts import count, name_of, went_right
from partners.desk import PartnersDesk
from partners.errors import NotAcceptable
from partners.members import add_or_conflict
from partners.models_people import Passkey, SittingRow
from partners.sign_in import NotLetIn, member_of
from partners.sitting import Half, Sitting, confirm, open_up

MOST: Final = 10
ANSWER_WITHIN: Final = timedelta(minutes=5)
_REFUSED: Final = (WebAuthnException, ValueError, KeyError, TypeError)
_VERIFIED: Final = UserVerificationRequirement.REQUIRED


def are_possible(settings: Settings) -> bool:
    """Whether browsers offer passkeys here: only under a name, never under a bare address."""
    try:
        ip_address(_host(settings))
    except ValueError:
        return True
    return False


def ask_new(seat: Half | Sitting, *, desk: PartnersDesk) -> str:
    """What the browser needs to make a passkey for this person, as JSON."""
    with desk.sessions.begin() as session:
        held = _held(session, member_of(seat))
        if len(held) >= MOST:
            raise NotAcceptable("too_many", "passkey")
        options = generate_registration_options(
            rp_id=_host(desk.settings),
            rp_name="Parallax",
            user_name=f"{seat.member_code} ({seat.partner_slug})",
            user_id=member_of(seat).bytes,
            challenge=_challenge(session, seat, desk),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=_VERIFIED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=each.credential) for each in held],
        )
        return options_to_json(options)


def add_passkey(
    session: Session, seat: Half | Sitting, answer: Any, challenge: bytes, *, desk: PartnersDesk
) -> None:
    """Keep the passkey that the browser made, or `NotAcceptable`."""
    try:
        made = verify_registration_response(
            credential=_readable(answer),
            expected_challenge=challenge,
            expected_rp_id=_host(desk.settings),
            expected_origin=_origin(desk.settings),
            require_user_verification=True,
        )
    except _REFUSED:
        raise NotAcceptable("not_a_passkey", "passkey") from None
    row = Passkey(
        id=uuid4(),
        member_id=member_of(seat),
        credential=made.credential_id,
        public_key=made.credential_public_key,
        uses=made.sign_count,
        added_at=desk.clock(),
    )
    add_or_conflict(session, row, "passkey_taken")


def ask(seat: Half | Sitting, *, desk: PartnersDesk) -> str:
    """What the browser needs to show a passkey of this person, as JSON."""
    with desk.sessions.begin() as session:
        held = _held(session, member_of(seat))
        options = generate_authentication_options(
            rp_id=_host(desk.settings),
            challenge=_challenge(session, seat, desk),
            allow_credentials=[PublicKeyCredentialDescriptor(id=each.credential) for each in held],
            user_verification=_VERIFIED,
        )
        return options_to_json(options)


def show_passkey(seat: Half | Sitting, answer: Any, *, desk: PartnersDesk) -> str:
    """The token of the sitting that a right passkey opens, or confirms; otherwise `NotLetIn`."""
    member = member_of(seat)
    who = name_of("factor", str(member), desk=desk)
    if (wait := count(who, desk=desk)) > timedelta(0):
        raise NotLetIn("wait", wait)
    challenge = take_challenge(seat, desk=desk)
    token = ""
    with desk.sessions.begin() as session:
        if challenge is not None and _is_right(session, member, answer, challenge, desk):
            went_right(session, who)
            token = _let_in(session, seat, desk)
        else:
            codes = {"what": "passkey"}
            record(session, Act.DENIED, at=desk.clock(), actor=str(member), ref=str(member), codes=codes)
    if not token:
        raise NotLetIn("wrong")
    return token


def take_challenge(seat: Half | Sitting, *, desk: PartnersDesk) -> bytes | None:
    """The challenge that this sitting was given, for one answer; None if there is none or it is old."""
    with desk.sessions.begin() as session:
        row = session.get_one(SittingRow, seat.id, with_for_update=True)
        challenge, given = row.challenge, row.challenged_at
        row.challenge = row.challenged_at = None
    fresh = given is not None and desk.clock() - given <= ANSWER_WITHIN
    return challenge if fresh else None


def _let_in(session: Session, seat: Half | Sitting, desk: PartnersDesk) -> str:
    if isinstance(seat, Sitting):
        return confirm(session, seat, desk=desk)
    try:
        return open_up(session, seat, factor="passkey", desk=desk)
    except LookupError:
        return ""


def _is_right(session: Session, member: UUID, answer: Any, challenge: bytes, desk: PartnersDesk) -> bool:
    try:
        said = _readable(answer)
        credential = base64url_to_bytes(said["rawId"])
        row = next((each for each in _held(session, member) if each.credential == credential), None)
        if row is None:
            return False
        shown = verify_authentication_response(
            credential=said,
            expected_challenge=challenge,
            expected_rp_id=_host(desk.settings),
            expected_origin=_origin(desk.settings),
            credential_public_key=row.public_key,
            credential_current_sign_count=row.uses,
            require_user_verification=True,
        )
    except _REFUSED:
        return False
    row.uses = shown.new_sign_count
    return True


def _readable(answer: Any) -> dict[str, Any]:
    if not isinstance(answer, dict) or len(json.dumps(answer)) > 20_000:
        raise ValueError
    return answer


def _challenge(session: Session, seat: Half | Sitting, desk: PartnersDesk) -> bytes:
    row = session.get_one(SittingRow, seat.id)
    row.challenge, row.challenged_at = secrets.token_bytes(32), desk.clock()
    return row.challenge


def _held(session: Session, member: UUID) -> list[Passkey]:
    return list(session.scalars(select(Passkey).where(Passkey.member_id == member)))


def _host(settings: Settings) -> str:
    return urlsplit(settings.issuer).hostname or ""


def _origin(settings: Settings) -> str:
    issuer = urlsplit(settings.issuer)
    return f"{issuer.scheme}://{issuer.netloc}"
