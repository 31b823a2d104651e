"""The keys of an instance: separate files, readable by their owner alone, and refused when anything is odd.

sign.pem       Ed25519   signs bulletins
token.pem      Ed25519   signs access tokens, and nothing else
seal.pem       X25519    public half of the release key: seals originals
release.pem    X25519    private half; never loaded here, and better kept on another machine
kek.key        32 bytes  wraps the keys in the key store
pseudonym.key  32 bytes  makes pseudonyms; rotating the other keys leaves these as they are
retired/*.pem  Ed25519   public halves of former signing keys, so that old bulletins still verify
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from config.settings import SettingsError

SECRET_BYTES = 32
# 32 random bytes hold about 30 different values; fewer than this never happens by chance.
LEAST_DIFFERENT = 16


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 key and its id, the RFC 7638 thumbprint of its public half."""

    kid: str
    private: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> Ed25519PublicKey:
        return self.private.public_key()


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What the running service holds. The release private key is not among it.

    `verify` has the public halves for bulletins by key id: the present signing key and the retired ones. The
    token key is not there, so that a token can never pass for a bulletin.
    """

    sign: SigningKey
    token: SigningKey
    seal_public: bytes = field(repr=False)
    kek: bytes = field(repr=False)
    pseudonym: bytes = field(repr=False)
    verify: Mapping[str, Ed25519PublicKey] = field(repr=False)


def make_keys(directory: Path) -> None:
    """Write a fresh set of keys into `directory`, which must be new or empty. Only `init` calls this."""
    if directory.exists() and any(directory.iterdir()):
        raise SettingsError("keys_exist", directory.name, "name an empty directory: keys are never replaced")
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    release = X25519PrivateKey.generate()
    secrets = {
        "sign.pem": _private_pem(Ed25519PrivateKey.generate()),
        "token.pem": _private_pem(Ed25519PrivateKey.generate()),
        "release.pem": _private_pem(release),
        "seal.pem": release.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "kek.key": base64.b64encode(os.urandom(SECRET_BYTES)) + b"\n",
        "pseudonym.key": base64.b64encode(os.urandom(SECRET_BYTES)) + b"\n",
    }
    for name, content in secrets.items():
        handle = os.open(directory / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def load_keys(directory: Path) -> Keys:
    """The keys in `directory`. Raises `SettingsError` if one is missing, weak, shared, or open to others."""
    _demand_private_directory(directory)
    if (directory / "release.pem").exists():
        _demand_private_file(directory / "release.pem")
    sign, token = _signing_key(directory / "sign.pem"), _signing_key(directory / "token.pem")
    kek, pseudonym = _secret(directory / "kek.key"), _secret(directory / "pseudonym.key")
    if sign.kid == token.kid:
        raise SettingsError("key_used_twice", "token.pem", "make a separate key for tokens")
    if kek == pseudonym:
        raise SettingsError("key_used_twice", "pseudonym.key", "make a separate key for pseudonyms")
    retired = [_retired(path) for path in sorted((directory / "retired").glob("*.pem"))]
    return Keys(
        sign=sign,
        token=token,
        seal_public=_seal_public(directory / "seal.pem"),
        kek=kek,
        pseudonym=pseudonym,
        verify=MappingProxyType({thumbprint(key): key for key in (*retired, sign.public)}),
    )


def thumbprint(key: Ed25519PublicKey) -> str:
    """The RFC 7638 thumbprint of `key`, which is its key id here."""
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    x = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    digest = hashlib.sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _private_pem(key: Ed25519PrivateKey | X25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _demand_private_directory(directory: Path) -> None:
    if not directory.is_dir():
        raise SettingsError(
            "keys_missing", directory.name, "run `parallax init`, or point PARALLAX_KEYS at them"
        )
    if directory.stat().st_mode & 0o022:
        raise SettingsError("keys_open_to_others", directory.name, "chmod 700: others could swap a key")


def _demand_private_file(path: Path) -> None:
    if not path.is_file():
        raise SettingsError("key_missing", path.name, "restore it from the key backup; it is never made anew")
    if path.stat().st_mode & 0o077:
        raise SettingsError(
            "key_open_to_others", path.name, "chmod 600, and replace a key others may have read"
        )


def _content(path: Path) -> bytes:
    _demand_private_file(path)
    try:
        return path.read_bytes()
    except OSError:
        raise SettingsError("key_unreadable", path.name, "make it readable for the service's user") from None


def _signing_key(path: Path) -> SigningKey:
    try:
        key = load_pem_private_key(_content(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _bad_key(path, "an Ed25519 private key as PEM, without a password") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _bad_key(path, "an Ed25519 private key as PEM, without a password")
    return SigningKey(thumbprint(key.public_key()), key)


def _seal_public(path: Path) -> bytes:
    try:
        key = load_pem_public_key(_content(path))
    except (ValueError, UnsupportedAlgorithm):
        raise _bad_key(path, "an X25519 public key as PEM") from None
    if not isinstance(key, X25519PublicKey):
        raise _bad_key(path, "an X25519 public key as PEM")
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _retired(path: Path) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(_content(path))
    except (ValueError, UnsupportedAlgorithm):
        raise _bad_key(path, "an Ed25519 public key as PEM") from None
    if not isinstance(key, Ed25519PublicKey):
        raise _bad_key(path, "an Ed25519 public key as PEM")
    return key


def _secret(path: Path) -> bytes:
    try:
        secret = base64.b64decode(_content(path).strip(), validate=True)
    except binascii.Error:
        raise _bad_key(path, f"{SECRET_BYTES} random bytes in base64") from None
    if len(secret) != SECRET_BYTES or len(set(secret)) < LEAST_DIFFERENT:
        raise SettingsError("weak_key", path.name, f"it must hold {SECRET_BYTES} random bytes in base64")
    return secret


def _bad_key(path: Path, wanted: str) -> SettingsError:
    return SettingsError("bad_key", path.name, f"it must hold {wanted}")
