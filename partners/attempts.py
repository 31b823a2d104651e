"""Guessing made slow: attempts are counted in the database, for names that exist and for names that do not.

A wrong attempt is written down before anybody looks whether it was right, so that asking many times at once
gains nothing. Nobody is shut out for good, and a browser in which somebody has signed in before is counted
by itself: strangers who guess cannot keep her out of it.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from partners.desk import PartnersDesk
from partners.models_people import Attempts
from partners.sitting import secret_key

FREE: Final = 3
"""So many wrong attempts cost no waiting; each further one doubles it."""
LONGEST_WAIT: Final = timedelta(minutes=15)
A_MINUTE: Final = 10
KEPT_FOR: Final = timedelta(hours=6)


def name_of(*words: str, desk: PartnersDesk) -> bytes:
    """Under which name attempts are counted; of the words themselves nothing is kept."""
    return hmac.digest(secret_key(desk, "attempts"), "\0".join(words).encode(errors="replace"), sha256)


def count(who: bytes, *, desk: PartnersDesk) -> timedelta:
    """Write down one more attempt as a wrong one. More than nothing is how long to wait: then it may not be made."""
    now = desk.clock()
    with desk.sessions.begin() as session:
        session.execute(delete(Attempts).where(Attempts.at < now - KEPT_FOR))
        session.execute(
            _insert(session)(Attempts)
            .values(who=who, wrong=0, minute=0, count=0, at=now)
            .on_conflict_do_nothing()
        )
        row = session.scalars(select(Attempts).where(Attempts.who == who).with_for_update()).one()
        if row.not_before is not None and now < row.not_before:
            return row.not_before - now
        minute = int(now.timestamp()) // 60
        row.count = row.count + 1 if row.minute == minute else 1
        row.minute, row.at = minute, now
        if row.count > A_MINUTE:
            return timedelta(minutes=1)
        row.wrong += 1
        row.not_before = now + _wait(row.wrong) if row.wrong > FREE else None
        return timedelta(0)


def went_right(session: Session, who: bytes) -> None:
    """The attempt was right after all: the count of wrong ones begins anew."""
    session.execute(update(Attempts).where(Attempts.who == who).values(wrong=0, not_before=None))


def _wait(wrong: int) -> timedelta:
    return min(timedelta(seconds=2 ** min(wrong - FREE, 20)), LONGEST_WAIT)


def _insert(session: Session) -> Callable[[type], postgresql.Insert | sqlite.Insert]:
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
