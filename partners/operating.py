"""How a command does its one act: open what it needs, do it in one transaction, print what came of it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.cli import read_settings
from config.clock import utc_now
from config.database import open_database, sessions
from config.keys import load_keys
from config.keystore import KeyStore
from config.settings import Settings, SettingsError
from partners.adoption import NeedsTwo
from partners.errors import NotAcceptable, NotThere, PartnersError
from partners.jwks import as_jwk
from partners.models import Member, Partner
from policies.load import PolicyError

dry_run = click.option("--dry-run", is_flag=True, help="Check everything, change nothing.")


@dataclass(frozen=True, slots=True)
class Work:
    """One transaction of the operator."""

    session: Session
    keystore: KeyStore
    settings: Settings
    at: datetime


class _DryRun(Exception):
    """Carries the answer out of a transaction that must not be kept."""


def carry_out(work: Callable[[Work], Mapping[str, Any]], *, dry_run: bool) -> None:
    """Do the work in one transaction and print its answer; a dry run takes everything back."""
    settings = read_settings()
    with explained():
        keys = load_keys(settings.key_directory)
        engine = open_database(settings.database_url)
        answer: Mapping[str, Any] = {}
        try:
            with (
                _keystore(settings, keys.kek, dry_run=dry_run) as keystore,
                sessions(engine).begin() as session,
            ):
                answer = work(Work(session, keystore, settings, utc_now()))
                if dry_run:
                    raise _DryRun
        except _DryRun:
            answer = {**answer, "dry_run": True}
        finally:
            engine.dispose()
    say(answer)


@contextmanager
def _keystore(settings: Settings, kek: bytes, *, dry_run: bool) -> Iterator[KeyStore]:
    """The instance's key store; for a dry run one that is thrown away, since keys are not taken back."""
    if not dry_run:
        yield KeyStore(settings.keystore_file, kek, utc_now)
        return
    with TemporaryDirectory() as folder:
        yield KeyStore(Path(folder) / "keystore.sqlite3", secrets.token_bytes(32), utc_now)


@contextmanager
def explained() -> Iterator[None]:
    """Errors of ours as one line on standard error and exit status 1."""
    try:
        yield
    except NeedsTwo as needs_two:
        raise click.ClickException(
            "needs_two: name --second; it loosens " + ", ".join(needs_two.loosened)
        ) from None
    except NotAcceptable as wrong:
        raise click.ClickException(f"{wrong.code}: {wrong.field}") from None
    except PartnersError as wrong:
        raise click.ClickException(wrong.code) from None
    except (PolicyError, SettingsError) as wrong:
        raise click.ClickException(str(wrong)) from None


def say(answer: Mapping[str, Any]) -> None:
    """Print data, and nothing else, on standard output."""
    click.echo(json.dumps(answer))


def partner_called(session: Session, slug: str) -> UUID:
    """The partner of that short name."""
    found = session.scalar(select(Partner.id).where(Partner.slug == slug))
    if found is None:
        raise NotThere
    return found


def member_called(session: Session, partner: UUID, code: str) -> UUID:
    """The person of a partner, by her code."""
    found = session.scalar(select(Member.id).where(Member.partner_id == partner, Member.code == code))
    if found is None:
        raise NotThere
    return found


def person_called(session: Session, home: UUID, name: str) -> UUID:
    """A person of `home` by her code, or of any partner as PARTNER/CODE."""
    slug, slash, code = name.rpartition("/")
    return member_called(session, partner_called(session, slug) if slash else home, code)


def key_or_new(jwk: Any) -> tuple[Ed25519PrivateKey | None, Mapping[str, str]]:
    """The public key that was given, or a pair made here."""
    if jwk is not None:
        return None, read_json(jwk)
    private = Ed25519PrivateKey.generate()
    return private, as_jwk(private.public_key())


def read_json(file: Any) -> Mapping[str, Any]:
    """The JSON object in a file."""
    try:
        said = json.load(file)
    except ValueError:
        raise click.ClickException("not_json") from None
    if not isinstance(said, dict):
        raise click.ClickException("not_json")
    return said
