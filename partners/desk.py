"""What the use cases of this room need to work with, built once and passed as an argument."""

from __future__ import annotations

from dataclasses import dataclass

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
