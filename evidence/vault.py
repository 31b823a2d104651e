"""The vault: originals are sealed here with a public key, and the keys that could open them can be destroyed.

Sealing needs no secret. Each version of an original gets a random key of its own (DEK); the original is
encrypted under it, and the DEK is wrapped to the release public key (X25519, HKDF-SHA256, AES-256-GCM). The
ciphertext goes back to the caller; the wrap stays in the key store, so that `destroy` makes the ciphertext
unreadable for everyone, the holder of the release private key included.
"""

from __future__ import annotations

import os
import uuid
from uuid import UUID

import rfc8785
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from config.database import Sealed
from config.envelope import CannotOpen, lock, unlock
from config.keystore import KEY_BYTES, KeyStore

PURPOSE = "original"
_ALGORITHM = "X25519-HKDF-SHA256-A256GCM"
_KEY_ID = 16
_PUBLIC = 32
_NONCE = 12


def seal(original: bytes, *, report: UUID, version: int, keystore: KeyStore, release_public: bytes) -> Sealed:
    """Seal `original` as this version of this report; only the holder of the release key can open it again.

    Called twice it seals under two keys: a try whose transaction failed leaves a key that opens nothing.
    Raises `KeyGone` for a report that was destroyed.
    """
    key_id = uuid.uuid4()
    dek = os.urandom(KEY_BYTES)
    wrapped = _wrap(dek, report=report, version=version, key_id=key_id, release_public=release_public)
    keystore.put_wrapped(_name(report, key_id), PURPOSE, wrapped)
    body = lock(dek, original, place=_place(report, version, key_id))
    return Sealed(key_id.bytes + body.ciphertext)


def destroy(report: UUID, *, keystore: KeyStore) -> None:
    """Destroy the keys of every version of this report's original, for good. May be repeated."""
    keystore.destroy(_name(report))


def open_original(
    sealed: Sealed, *, report: UUID, version: int, keystore: KeyStore, release_private: bytes
) -> bytes:
    """DANGER: a survivor's own words, as they were received. For the release of evidence only.

    Raises `KeyGone` after destruction and `CannotOpen` for anything cut, changed or moved from another place.
    """
    if len(sealed.ciphertext) <= _KEY_ID:
        raise CannotOpen("original")
    key_id = UUID(bytes=sealed.ciphertext[:_KEY_ID])
    wrapped = keystore.get_wrapped(_name(report, key_id))
    dek = _unwrap(wrapped, report=report, version=version, key_id=key_id, release_private=release_private)
    return unlock(dek, Sealed(sealed.ciphertext[_KEY_ID:]), place=_place(report, version, key_id))


def _name(report: UUID, key_id: UUID | None = None) -> str:
    return f"original/{report}" if key_id is None else f"original/{report}/{key_id}"


def _place(report: UUID, version: int, key_id: UUID) -> dict[str, str | int]:
    return {
        "table": "reports",
        "field": "original",
        "report": str(report),
        "version": version,
        "key": str(key_id),
    }


def _wrap(dek: bytes, *, report: UUID, version: int, key_id: UUID, release_public: bytes) -> bytes:
    once = X25519PrivateKey.generate()
    public = once.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    shared = once.exchange(X25519PublicKey.from_public_bytes(release_public))
    nonce = os.urandom(_NONCE)
    context = _context(report, version, key_id)
    key = _derive(shared, public + release_public)
    return public + nonce + AESGCM(key).encrypt(nonce, dek, context)


def _unwrap(wrapped: bytes, *, report: UUID, version: int, key_id: UUID, release_private: bytes) -> bytes:
    private = X25519PrivateKey.from_private_bytes(release_private)
    own = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    public, nonce, body = wrapped[:_PUBLIC], wrapped[_PUBLIC : _PUBLIC + _NONCE], wrapped[_PUBLIC + _NONCE :]
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(public))
        context = _context(report, version, key_id)
        return AESGCM(_derive(shared, public + own)).decrypt(nonce, body, context)
    except (InvalidTag, ValueError):
        raise CannotOpen("original") from None


def _derive(shared: bytes, parties: bytes) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=parties, info=b"parallax release wrap 1").derive(shared)


def _context(report: UUID, version: int, key_id: UUID) -> bytes:
    return rfc8785.dumps({**_place(report, version, key_id), "alg": _ALGORITHM})
