"""Making an instance: its keys, its databases, and the two people who keep it. Done once, never over another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.cli import upgrade
from config.clock import Clock
from config.database import open_database, sessions
from config.keys import load_keys, make_keys
from config.keystore import KeyStore
from config.settings import Settings
from partners.errors import Conflict
from partners.jwks import as_jwk
from partners.keyfiles import KeyFile
from partners.members import add_member, register_partner
from partners.requests import NewMember, NewPartner
from partners.values import Role

OPERATOR: Final = "operator"
"""Who acts from the command line: whoever can read the key files could do it anyway. The ledger says so."""

STEWARDS: Final = ("steward-1", "steward-2")
KEY_LIFE: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Made:
    """What was made, and where the stewards' own files lie. Nothing secret."""

    instance: Path
    partner: UUID
    stewards: Mapping[str, Path]


def demand_empty(directory: Path) -> None:
    """Raise `Conflict` unless there is nothing at all in `directory`."""
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise Conflict("instance_not_empty")


def make_instance(settings: Settings, *, clock: Clock) -> Made:
    """Make the keys, the tables, the key store and two stewards; raises `Conflict` in a directory with content.

    A failure on the way leaves what was made so far. It may be thrown away: nobody was let in yet.
    """
    demand_empty(settings.instance)
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings.instance.chmod(0o700)
    make_keys(settings.key_directory)
    keystore = KeyStore(settings.keystore_file, load_keys(settings.key_directory).kek, clock)
    folder = settings.instance / "stewards"
    folder.mkdir(mode=0o700)
    engine = open_database(settings.database_url)
    try:
        with engine.connect() as connection:
            upgrade(connection)
        with sessions(engine).begin() as session:
            platform = NewPartner("stewards", "Stewards of this hub", "NGO", countries=(), steward=True)
            home = register_partner(session, platform, at=clock(), by=OPERATOR)
            for code in STEWARDS:
                private = Ed25519PrivateKey.generate()
                person = NewMember(
                    partner=home.id,
                    code=code,
                    roles=(Role.STEWARD,),
                    jwk=as_jwk(private.public_key()),
                    expires=clock() + KEY_LIFE,
                )
                new = add_member(session, person, keystore=keystore, at=clock(), by=OPERATOR)
                KeyFile(new.kid, settings.issuer, private, new.totp_secret).write(folder / f"{code}.json")
    finally:
        engine.dispose()
    return Made(settings.instance, home.id, {code: folder / f"{code}.json" for code in STEWARDS})
