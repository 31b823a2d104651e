"""What the use cases of this room need to work with, built once and passed as an argument."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.orm import Session, sessionmaker

from config.clock import Clock
from config.keys import Keys
from config.keystore import KeyStore
from config.settings import Settings


@dataclass(frozen=True)
class PartnersDesk:
    """Built by `api.build_desk` and kept in `app.extensions["parallax.partners"]`."""

    sessions: sessionmaker[Session]
    readers: sessionmaker[Session]
    clock: Clock
    keys: Keys
    keystore: KeyStore
    settings: Settings

    @cached_property
    def tag_key(self) -> bytes:
        """Keys the digests under which clients' own words are compared: the same in every room."""
        return HKDF(hashes.SHA256(), 32, salt=None, info=b"parallax tags 1").derive(self.keys.pseudonym)
