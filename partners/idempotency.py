"""A write that is sent twice happens once, in every room. The answer is kept in the transaction of the write itself.

Answers hold ids and codes only. Whatever else is told with them is read again from where it is kept.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from config.clock import Clock
from partners.errors import Conflict
from partners.models import RememberedAnswer

Answer = Mapping[str, Any]


class Remembering(Protocol):
    """What a room's desk needs so that its writes can be repeated. `tag_key` is the same in every room."""

    @property
    def sessions(self) -> sessionmaker[Session]: ...
    @property
    def readers(self) -> sessionmaker[Session]: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def tag_key(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Once:
    """A client's `Idempotency-Key` and all of what it asked for; `key` None means asked only once.

    A person's keys are her own: two people who happen to choose the same one are two voices. `member` None means
    one of the partner's machines, which share theirs. `body` is what was sent as the body, as received.
    """

    partner: UUID
    key: str | None = field(repr=False)
    request: bytes = field(repr=False)
    body: bytes = field(repr=False, default=b"")
    member: UUID | None = None


def once_only(desk: Remembering, once: Once, work: Callable[[Session], Answer]) -> Answer:
    """Do `work` in one transaction and return its answer; asked again with the same key, the same answer.

    The key is claimed before anything is done, and the database lets one claim through. What raises leaves
    neither a change nor a claim. Raises `Conflict` when the key was used for another request.
    """
    try:
        with desk.sessions.begin() as session:
            if (earlier := _earlier(session, desk, once)) is not None:
                return earlier
            claim = _claim(session, desk, once)
            answer = work(session)
            if claim is not None:
                claim.answer = dict(answer)
            return answer
    except IntegrityError:
        # Two came at once and the other was first: its answer is the answer to both.
        if (earlier := remembered(desk, once)) is not None:
            return earlier
        raise Conflict("already_done") from None


def remembered(desk: Remembering, once: Once) -> Answer | None:
    """The answer that this very request was given before, if it carried a key. Changes nothing."""
    with desk.readers() as session:
        return _earlier(session, desk, once)


def tag(desk: Remembering, purpose: str, value: bytes) -> str:
    """A keyed digest of a client's own words: they can be compared again, and not be guessed from the table."""
    return hmac.new(desk.tag_key, purpose.encode() + b"\0" + value, hashlib.sha256).hexdigest()


def _earlier(session: Session, desk: Remembering, once: Once) -> Answer | None:
    if once.key is None:
        return None
    row = session.scalars(
        select(RememberedAnswer).where(
            RememberedAnswer.partner_id == once.partner,
            RememberedAnswer.key_tag == _key_tag(desk, once, once.key),
        )
    ).one_or_none()
    if row is None:
        return None
    if row.request_tag != tag(desk, "request", once.request):
        raise Conflict("idempotency_key_reused")
    return row.answer


def _claim(session: Session, desk: Remembering, once: Once) -> RememberedAnswer | None:
    if once.key is None:
        return None
    row = RememberedAnswer(
        partner_id=once.partner,
        key_tag=_key_tag(desk, once, once.key),
        request_tag=tag(desk, "request", once.request),
        answer={},
        at=desk.clock(),
    )
    session.add(row)
    session.flush()
    return row


def _key_tag(desk: Remembering, once: Once, key: str) -> str:
    return tag(desk, "idempotency-key", f"{once.member or ''} {key}".encode())
