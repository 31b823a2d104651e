"""Signed tokens, read as narrowly as can be: one algorithm, one key by exact id, every claim accounted for.

PyJWT checks the signature and nothing else. Its defaults accept a token without an end, numbers written as
strings, doubled names and a token made for another use, so all of that is decided here. A token is refused by
raising `TokenError`; nothing returns False.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NoReturn
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from jwt import PyJWS
from jwt.exceptions import PyJWTError

from config.clock import Clock
from config.keys import SigningKey
from partners.claims import demand_text, in_time, jti, moment, text
from partners.errors import TokenError
from partners.jwks import decode, encode
from partners.values import Scope

ALGORITHM: Final = "EdDSA"
ACCESS_TYPE: Final = "at+jwt"
ASSERTION_TYPE: Final = "JWT"
ACCESS_LIFE: Final = timedelta(minutes=10)
ASSERTION_LIFE: Final = timedelta(minutes=5)
LONGEST: Final = 4096

_PART = re.compile(r"[A-Za-z0-9_-]+")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_OTP = re.compile(r"[0-9]{6}")
_HEADER = frozenset({"alg", "typ", "kid"})
_ACCESS = frozenset(
    {"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "client_id", "scope", "epochs", "second_factor"}
)
_ASSERTION = frozenset({"iss", "sub", "aud", "exp", "iat", "jti"})
_ASSERTION_MORE = frozenset({"nbf", "otp"})

# Verified against when the key id is unknown, so that an unknown client takes as long as a bad signature.
_NOBODYS_KEY = Ed25519PublicKey.from_public_bytes(
    bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
)

KeyOf = Callable[[str], Ed25519PublicKey | None]


@dataclass(frozen=True, slots=True)
class Access:
    """What an access token says. `epochs` are the partner's and the member's when it was issued."""

    credential: UUID
    kid: str
    scopes: frozenset[Scope]
    epochs: tuple[int, int]
    second_factor: bool
    jti: str
    issued: datetime


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a client assertion says: signed by `kid`'s key and in time. Not checked: whether it was used
    before, whether the one-time code is right, and whether its holder is still welcome.
    """

    kid: str
    jti: str
    expires: datetime
    otp: str | None = field(repr=False)


def issue_access_token(access: Access, *, key: SigningKey, issuer: str, audience: str) -> str:
    """`access` as a token for ten minutes, signed with the service's token key."""
    issued = int(access.issued.timestamp())
    claims = {
        "iss": issuer,
        "sub": str(access.credential),
        "aud": audience,
        "exp": issued + int(ACCESS_LIFE.total_seconds()),
        "nbf": issued,
        "iat": issued,
        "jti": access.jti,
        "client_id": access.kid,
        "scope": " ".join(sorted(access.scopes)),
        "epochs": list(access.epochs),
        "second_factor": access.second_factor,
    }
    return _sign(claims, key.private, key.kid, ACCESS_TYPE)


def verify_access_token(token: str, *, key_of: KeyOf, issuer: str, audience: str, now: datetime) -> Access:
    """What our own token says, or `TokenError`. Whether its holder is still welcome is asked elsewhere."""
    _kid, header, claims = _open(token, key_of)
    if header.get("typ") != ACCESS_TYPE:
        raise TokenError("type")
    if claims.keys() != _ACCESS:
        raise TokenError("claims")
    demand_text(claims, "iss", issuer)
    demand_text(claims, "aud", audience)
    in_time(claims, now, ACCESS_LIFE)
    try:
        credential = UUID(text(claims, "sub"))
        scopes = frozenset(Scope(word) for word in text(claims, "scope").split(" ") if word)
    except ValueError:
        raise TokenError("claims") from None
    kid, second_factor = text(claims, "client_id"), claims["second_factor"]
    epochs = claims["epochs"]
    if not _ID.fullmatch(kid) or type(second_factor) is not bool:
        raise TokenError("claims")
    if not (isinstance(epochs, list) and len(epochs) == 2 and all(type(each) is int for each in epochs)):
        raise TokenError("claims")
    return Access(
        credential=credential,
        kid=kid,
        scopes=scopes,
        epochs=(epochs[0], epochs[1]),
        second_factor=second_factor,
        jti=jti(claims),
        issued=moment(claims, "iat"),
    )


def verify_client_assertion(assertion: str, *, key_of: KeyOf, audience: str, now: datetime) -> Assertion:
    """What a client says of itself (RFC 7523), or `TokenError`. `audience` is our issuer, exactly."""
    kid, header, claims = _open(assertion, key_of)
    if header.get("typ", ASSERTION_TYPE) != ASSERTION_TYPE:
        raise TokenError("type")
    if not _ASSERTION <= claims.keys() <= _ASSERTION | _ASSERTION_MORE:
        raise TokenError("claims")
    demand_text(claims, "iss", kid)
    demand_text(claims, "sub", kid)
    demand_text(claims, "aud", audience)
    in_time(claims, now, ASSERTION_LIFE)
    otp = claims.get("otp")
    if "otp" in claims and (not isinstance(otp, str) or not _OTP.fullmatch(otp)):
        raise TokenError("second_factor")
    return Assertion(kid=kid, jti=jti(claims), expires=moment(claims, "exp"), otp=otp)


def client_assertion(
    private_key: Ed25519PrivateKey, kid: str, audience: str, clock: Clock, otp: str | None = None
) -> str:
    """What a client sends to ask for a token; good once, for two minutes. A person adds the one-time code."""
    issued = int(clock().timestamp())
    claims: dict[str, object] = {
        "iss": kid,
        "sub": kid,
        "aud": audience,
        "exp": issued + 120,
        "iat": issued,
        "jti": secrets.token_urlsafe(16),
    }
    if otp is not None:
        claims["otp"] = otp
    return _sign(claims, private_key, kid, ASSERTION_TYPE)


def _sign(claims: Mapping[str, object], key: Ed25519PrivateKey, kid: str, typ: str) -> str:
    payload = json.dumps(claims, separators=(",", ":")).encode()
    return PyJWS(algorithms=[ALGORITHM]).encode(
        payload, key, algorithm=ALGORITHM, headers={"typ": typ, "kid": kid}
    )


def _open(token: str, key_of: KeyOf) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Key id, header and claims of a token whose signature is right. Nothing about the claims is checked yet.

    1. the form: three canonical base64url parts, not too long;
    2. the header: our algorithm, a key id, and no name that could point to a key elsewhere;
    3. the key, by its exact id; 4. the signature; 5. the payload.
    """
    if not isinstance(token, str) or len(token) > LONGEST:
        raise TokenError("malformed")
    parts = token.split(".")
    if len(parts) != 3 or not all(_PART.fullmatch(part) for part in parts):
        raise TokenError("malformed")
    header_bytes, payload_bytes, _signature = (_canonical(part) for part in parts)
    header = _object(header_bytes)
    kid = header.get("kid")
    if not header.keys() <= _HEADER or header.get("alg") != ALGORITHM:
        raise TokenError("header")
    if not isinstance(kid, str) or not _ID.fullmatch(kid):
        raise TokenError("header")
    key = key_of(kid)
    try:
        PyJWS(algorithms=[ALGORITHM]).decode(token, key or _NOBODYS_KEY, algorithms=[ALGORITHM])
    except PyJWTError:
        raise TokenError("signature") from None
    if key is None:
        raise TokenError("signature")
    return kid, header, _object(payload_bytes)


def _canonical(part: str) -> bytes:
    """The bytes of a part, if this is the one spelling that encodes them."""
    try:
        raw = decode(part)
    except ValueError:
        raise TokenError("malformed") from None
    if encode(raw) != part:
        raise TokenError("malformed")
    return raw


def _object(raw: bytes) -> dict[str, Any]:
    """A JSON object without doubled names, fractions, NaN or the like."""
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_once_each,
            parse_float=_refuse,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError):
        raise TokenError("malformed") from None
    if not isinstance(value, dict):
        raise TokenError("malformed")
    return value


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise TokenError("malformed")
    return found


def _refuse(_literal: str) -> NoReturn:
    raise TokenError("malformed")
