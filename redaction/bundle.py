"""A text redacted where it was written, signed there, for whoever may never have the original.

A bundle says which rules, models and policy made the text. It holds no offsets, no counts and nothing of what was
taken out: whoever receives it can check that it is unchanged and by whom it was made, and nothing more.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from redaction.detectors.models import Model

FORM: Final = "parallax-source/1"
TYPE: Final = "parallax-source+jws"


class NotAKey(Exception):
    """What should sign bundles is no Ed25519 private key in PEM without a passphrase."""


@dataclass(frozen=True, slots=True)
class Bundling:
    """What a bundle needs beside the text: the signing key, the digest of the policy document, and its circle.

    `circle` None is what every circle of the policy may read; without a policy the digest is the floor's.
    """

    pem: bytes = field(repr=False)
    policy_sha256: str
    circle: str | None

    def key(self) -> Ed25519PrivateKey:
        """The signing key. Raises `NotAKey`."""
        try:
            key = load_pem_private_key(self.pem, password=None)
        except (ValueError, TypeError):
            raise NotAKey from None
        if not isinstance(key, Ed25519PrivateKey):
            raise NotAKey
        return key


def bundled(
    answer: Mapping[str, Any], *, rules: str, models: Iterable[Model], bundling: Bundling
) -> dict[str, Any]:
    """An answer without its spans, and with a signed bundle in place of the text; a held text has none.

    `rules` is the fingerprint of the engine that gave the answer.
    """
    said = {name: answer[name] for name in ("id", "lang", "held", "reasons")}
    if answer["held"]:
        return said | {"bundle": None}
    signed = {
        "form": FORM,
        "id": answer["id"],
        "lang": answer["lang"],
        "text": answer["redacted"],
        "rules": rules,
        "models": {
            model.language: {"name": model.name, "version": model.version, "sha256": model.digest}
            for model in models
        },
        "policy_sha256": bundling.policy_sha256,
        "circle": bundling.circle,
    }
    return said | {"bundle": sign(signed, key=bundling.key())}


def sign(said: Mapping[str, Any], *, key: Ed25519PrivateKey) -> str:
    """A compact JWS (RFC 7515, EdDSA) over the RFC 8785 form of `said`, payload attached."""
    header = rfc8785.dumps({"alg": "EdDSA", "kid": _kid(key), "typ": TYPE})
    signed = f"{_base64url(header)}.{_base64url(rfc8785.dumps(dict(said)))}"
    return f"{signed}.{_base64url(key.sign(signed.encode()))}"


def _kid(key: Ed25519PrivateKey) -> str:
    """The RFC 7638 thumbprint of the public half."""
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    jwk = rfc8785.dumps({"crv": "Ed25519", "kty": "OKP", "x": _base64url(raw)})
    return _base64url(hashlib.sha256(jwk).digest())


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
