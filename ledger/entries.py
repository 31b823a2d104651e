"""Write an act into the ledger, in the transaction of the act itself: no entry, no act."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

import rfc8785
from sqlalchemy import Dialect, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ledger.models import LedgerEntry, LedgerHead, stamp

GENESIS = bytes(32)
_FORM = 1
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:\-]{0,79}")


class Act(StrEnum):
    """What can happen here, as past participles. A new act is a new member, never a free word."""

    RECEIVED = "received"
    AMENDED = "amended"
    EXAMINED = "examined"
    HELD = "held"
    RESOLVED = "resolved"
    SPAN_ADDED = "span_added"
    REVIEW_OPENED = "review_opened"
    PREVIEW_OPENED = "preview_opened"
    APPROVED = "approved"
    REFUSED = "refused"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    RECALLED = "recalled"
    ACKNOWLEDGED = "acknowledged"
    GROUND_RECORDED = "ground_recorded"
    GROUND_WITHDRAWN = "ground_withdrawn"
    POLICY_ADOPTED = "policy_adopted"
    AGREEMENT_ADDED = "agreement_added"
    PARTNER_ADDED = "partner_added"
    PARTNER_SUSPENDED = "partner_suspended"
    MEMBER_ADDED = "member_added"
    CREDENTIAL_ADDED = "credential_added"
    INVITED = "invited"
    ENROLLED = "enrolled"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    CIRCLE_ADDED = "circle_added"
    CIRCLE_JOINED = "circle_joined"
    CIRCLE_LEFT = "circle_left"
    KEY_DESTROYED = "key_destroyed"
    TOKEN_ISSUED = "token_issued"  # noqa: S105
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Entry:
    """Where an act stands in the ledger. `id` is random: it may be shown; `seq` may not leave the hub."""

    id: str
    seq: int
    at: datetime
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Everything that one entry of the chain promises, the hash of the entry before it included."""

    seq: int
    id: str
    at: datetime
    act: str
    actor: str
    ref: str
    commitment: bytes | None
    codes: str
    previous: bytes

    def digest(self) -> bytes:
        """SHA-256 over the RFC 8785 JSON of this link."""
        said = asdict(self) | {
            "form": _FORM,
            "at": stamp(self.at),
            "commitment": None if self.commitment is None else self.commitment.hex(),
            "previous": self.previous.hex(),
        }
        return hashlib.sha256(rfc8785.dumps(said)).digest()


class NotACode(Exception):
    """A word that is not of the form of a code was offered to the ledger. The word itself is not repeated."""


def record(
    session: Session,
    act: Act,
    *,
    at: datetime,
    actor: str,
    ref: str,
    commitment: bytes | None = None,
    codes: Mapping[str, str] = MappingProxyType({}),
) -> Entry:
    """Append one act to the chain, inside the caller's transaction; it stands or falls with it.

    `actor` and `ref` are opaque ids. Other writers wait from here until the caller's transaction ends, so
    record last. Raises `NotACode` for whatever could be somebody's words.
    """
    _demand_codes(actor, ref, commitment, codes)
    moment = datetime.fromisoformat(stamp(at))
    seq, previous = _lock_head(session)
    link = Link(
        seq=seq,
        id=secrets.token_hex(16),
        at=moment,
        act=Act(act).value,
        actor=actor,
        ref=ref,
        commitment=commitment,
        codes=rfc8785.dumps(dict(codes)).decode(),
        previous=previous,
    )
    digest = link.digest()
    session.execute(insert(LedgerEntry).values(**asdict(link), hash=digest))
    session.execute(update(LedgerHead).where(LedgerHead.id == 1).values(hash=digest))
    return Entry(id=link.id, seq=link.seq, at=link.at, hash=digest)


def commit(value: bytes, salt: bytes) -> bytes:
    """A commitment to `value` that can be tested only by whoever has the salt (32 random bytes)."""
    if len(salt) < 32:
        raise ValueError("a salt has at least 32 bytes")
    return hmac.new(salt, value, hashlib.sha256).digest()


def _lock_head(session: Session) -> tuple[int, bytes]:
    """The next number and the hash to continue from. The UPDATE is the lock: nobody reads before it."""
    advance = (
        update(LedgerHead)
        .where(LedgerHead.id == 1)
        .values(seq=LedgerHead.seq + 1)
        .returning(LedgerHead.seq, LedgerHead.hash)
        .execution_options(synchronize_session=False)
    )
    head = session.execute(advance).one_or_none()
    if head is None:
        session.execute(_first_head(session.get_bind().dialect))
        head = session.execute(advance).one()
    return head.seq, bytes(head.hash)


def _first_head(dialect: Dialect) -> postgresql.Insert | sqlite.Insert:
    begin = postgresql.insert if dialect.name == "postgresql" else sqlite.insert
    return begin(LedgerHead).values(id=1, seq=0, hash=GENESIS).on_conflict_do_nothing()


def _demand_codes(actor: str, ref: str, commitment: bytes | None, codes: Mapping[str, str]) -> None:
    if not _CODE.fullmatch(actor):
        raise NotACode("actor")
    if not _CODE.fullmatch(ref):
        raise NotACode("ref")
    if commitment is not None and len(commitment) != 32:
        raise NotACode("commitment")
    if not all(_NAME.fullmatch(name) and _CODE.fullmatch(code) for name, code in codes.items()):
        raise NotACode("codes")
