"""Authenticated encryption of one value in one place: what was sealed there opens nowhere else."""

from __future__ import annotations

import os
from collections.abc import Mapping

import rfc8785
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from config.database import Sealed

ALGORITHM = "A256GCM"
_VERSION = b"\x01"
_NONCE = 12
_TAG = 16


class CannotOpen(Exception):
    """The ciphertext was changed, cut, moved, or sealed under another key. Which of these is not said."""


def lock(key: bytes, plaintext: bytes, *, place: Mapping[str, str | int]) -> Sealed:
    """Seal `plaintext` under a 32-byte `key` so that it opens only in `place`.

    `place` names table, field, object and version: values that never change while the row lives.
    """
    nonce = os.urandom(_NONCE)
    return Sealed(_VERSION + nonce + AESGCM(_demand(key)).encrypt(nonce, plaintext, _aad(place)))


def unlock(key: bytes, sealed: Sealed, *, place: Mapping[str, str | int]) -> bytes:
    """What was sealed under `key` in `place`, or `CannotOpen`."""
    data = sealed.ciphertext
    if len(data) < 1 + _NONCE + _TAG or data[:1] != _VERSION:
        raise CannotOpen("sealed value")
    try:
        return AESGCM(_demand(key)).decrypt(data[1 : 1 + _NONCE], data[1 + _NONCE :], _aad(place))
    except InvalidTag:
        raise CannotOpen("sealed value") from None


def _aad(place: Mapping[str, str | int]) -> bytes:
    if not place:
        raise ValueError("a sealed value needs a place")
    return rfc8785.dumps({**place, "alg": ALGORITHM})


def _demand(key: bytes) -> bytes:
    if len(key) != 32:
        raise ValueError("a key has 32 bytes")
    return key
