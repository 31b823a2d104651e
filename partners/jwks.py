"""Public Ed25519 keys as JSON: read strictly, named by their thumbprint."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from partners.errors import NotAcceptable

_X = re.compile(r"[A-Za-z0-9_-]{43}")
_NAMES = frozenset({"kty", "crv", "x", "kid", "alg", "use", "key_ops"})
_FIXED = {"kty": "OKP", "crv": "Ed25519"}
_OPTIONAL: Mapping[str, object] = {"alg": "EdDSA", "use": "sig", "key_ops": ["verify"]}

# Points of small order: under such a "key" anybody can make signatures that verify. The sign bit is cleared.
_SMALL_ORDER = frozenset(
    bytes.fromhex(point)
    for point in (
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
)


def read_jwk(jwk: Mapping[str, object]) -> dict[str, str]:
    """The public key in its shortest form (kty, crv, x), or `NotAcceptable`.

    A private part, another curve, an unknown member or a point of small order is refused.
    """
    if not jwk.keys() <= _NAMES:
        raise NotAcceptable("key_members", "jwk")
    if any(jwk.get(name) != value for name, value in _FIXED.items()):
        raise NotAcceptable("key_type", "jwk")
    if any(jwk.get(name, value) != value for name, value in _OPTIONAL.items()):
        raise NotAcceptable("key_use", "jwk")
    x = jwk.get("x")
    if not isinstance(x, str) or not _X.fullmatch(x) or encode(decode(x)) != x:
        raise NotAcceptable("key_value", "jwk")
    raw = decode(x)
    if bytes([*raw[:31], raw[31] & 0x7F]) in _SMALL_ORDER:
        raise NotAcceptable("key_weak", "jwk")
    return {**_FIXED, "x": x}


def public_key(jwk: Mapping[str, str]) -> Ed25519PublicKey:
    """The key that `read_jwk` accepted, ready to verify with."""
    return Ed25519PublicKey.from_public_bytes(decode(jwk["x"]))


def as_jwk(key: Ed25519PublicKey) -> dict[str, str]:
    """A public key as the JSON that we store."""
    return {**_FIXED, "x": encode(key.public_bytes_raw())}


def published(kid: str, key: Ed25519PublicKey) -> dict[str, str]:
    """A key as it stands in the published key set."""
    return {**as_jwk(key), "kid": kid, "alg": "EdDSA", "use": "sig"}


def encode(raw: bytes) -> str:
    """base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """base64url without padding. Two spellings may decode alike: compare with `encode` where that matters."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
