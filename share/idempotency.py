"""A write that is sent twice happens once. The answer is kept in the transaction of the write itself."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from share.desk import Desk
from share.errors import Conflict
from share.models import RememberedAnswer

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Once:
    """A client's `Idempotency-Key` and all of what it asked for; `key` None means asked only once.

    `body` is the part of the request that was sent as its body, as received.
    """

    partner: UUID
    key: str | None = field(repr=False)
    request: bytes = field(repr=False)
    body: bytes = field(repr=False, default=b"")


def once_only(desk: Desk, once: Once, work: Callable[[Session], Answer]) -> Answer:
    """Do `work` in one transaction and return its answer; asked again with the same key, the same answer.

    Raises `Conflict` when the key was used for another request. Answers hold ids and codes only.
    """
    try:
        with desk.sessions.begin() as session:
            if earlier := _earlier(session, desk, once):
                return earlier
            answer = work(session)
            _remember(session, desk, once, answer)
            return answer
    except IntegrityError:
        # Two came at once and the other was first: its answer is the answer to both.
        with desk.sessions.begin() as session:
            if earlier := _earlier(session, desk, once):
                return earlier
        raise Conflict("already_done") from None


def _earlier(session: Session, desk: Desk, once: Once) -> Answer | None:
    if once.key is None:
        return None
    row = session.scalars(
        select(RememberedAnswer).where(
            RememberedAnswer.partner_id == once.partner,
            RememberedAnswer.key_tag == tag(desk, "idempotency-key", once.key.encode()),
        )
    ).one_or_none()
    if row is None:
        return None
    if row.request_tag != tag(desk, "request", once.request):
        raise Conflict("idempotency_key_reused")
    return row.answer


def _remember(session: Session, desk: Desk, once: Once, answer: Answer) -> None:
    if once.key is not None:
        session.add(
            RememberedAnswer(
                partner_id=once.partner,
                key_tag=tag(desk, "idempotency-key", once.key.encode()),
                request_tag=tag(desk, "request", once.request),
                answer=dict(answer),
                at=desk.clock(),
            )
        )
        session.flush()


def tag(desk: Desk, purpose: str, value: bytes) -> str:
    """A keyed digest of a client's own words: they can be compared again, and not be guessed from the table."""
    return hmac.new(desk.tag_key, purpose.encode() + b"\0" + value, hashlib.sha256).hexdigest()
