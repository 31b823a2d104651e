"""The same promise in this room: a write that is sent twice happens once. How, stands in `partners.idempotency`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from partners import errors, idempotency
from partners.idempotency import Answer, Once, tag
from share.desk import Desk
from share.errors import Conflict

__all__ = ["Answer", "Once", "once_only", "remembered", "tag"]


def once_only(desk: Desk, once: Once, work: Callable[[Session], Answer]) -> Answer:
    """Do `work` in one transaction and return its answer; asked again with the same key, the same answer.

    Raises `Conflict` when the key was used for another request. Answers hold ids and codes only.
    """
    with _in_our_words():
        return idempotency.once_only(desk, once, work)


def remembered(desk: Desk, once: Once) -> Answer | None:
    """The answer that this very request was given before. Raises `Conflict` as `once_only` does."""
    with _in_our_words():
        return idempotency.remembered(desk, once)


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except errors.Conflict as clash:
        raise Conflict(clash.code) from None
