"""Signatures over canonical bytes. Verification raises; it never returns False."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

TYPE = "parallax-bulletin+jws"
ALGORITHM = "EdDSA"


class NotGenuine(Exception):
    """The signature does not hold, or not for this document. `code` says which check failed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Signer:
    """The service's own signing key under its key id."""

    kid: str
    key: Ed25519PrivateKey

    def sign(self, document: Mapping[str, Any]) -> str:
        """A JWS (RFC 7515, EdDSA) over the RFC 8785 form of `document`, payload attached."""
        headers = {"typ": TYPE, "kid": self.kid}
        return jwt.PyJWS().encode(rfc8785.dumps(dict(document)), self.key, ALGORITHM, headers=headers)


def verify(document: Mapping[str, Any], signature: str, *, keys: Mapping[str, Ed25519PublicKey]) -> None:
    """Pass if `signature` was made by one of `keys` over exactly this document; raise `NotGenuine` otherwise.

    The key is chosen by exact id among `keys`, which the verifier brings; nothing in the signature can add one.
    """
    try:
        header = jwt.get_unverified_header(signature)
    except jwt.InvalidTokenError:
        raise NotGenuine("signature_malformed") from None
    if set(header) != {"typ", "kid", "alg"} or header["typ"] != TYPE or header["alg"] != ALGORITHM:
        raise NotGenuine("signature_header")
    key = keys.get(header["kid"])
    if key is None:
        raise NotGenuine("key_unknown")
    try:
        payload = jwt.PyJWS().decode(signature, key, algorithms=[ALGORITHM])
    except jwt.InvalidTokenError:
        raise NotGenuine("signature_invalid") from None
    if payload != _canonical(document):
        raise NotGenuine("content_differs")


def _canonical(document: Mapping[str, Any]) -> bytes:
    try:
        return rfc8785.dumps(dict(document))
    except (ValueError, TypeError, RecursionError):  # rfc8785 quotes what it cannot write
        raise NotGenuine("not_canonical") from None


def strict_json(data: bytes) -> Any:
    """UTF-8 JSON without duplicate keys or NaN. Raises `ValueError` without repeating anything of `data`."""
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise ValueError("not strict JSON") from None


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("duplicate key")
    return made


def _no_constant(_name: str) -> Any:
    raise ValueError("not a number")
