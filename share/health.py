"""Whether the service can do its work. The answer is for anybody, so it counts nothing and names nobody."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta
from importlib.util import find_spec
from typing import Final

from sqlalchemy import func, select

from share.desk import Desk
from share.models import OutboxRow, Report

BEHIND: Final = timedelta(minutes=15)
"""Work that has been due for so long means that nobody is doing it."""

EMBEDDED: Final = (
    "Embedded mode: database, keys and worker share one machine. It gives no protection against seizure of the "
    "whole machine."
)


def readiness(desk: Desk, *, models: Collection[str]) -> dict[str, bool]:
    """Each thing that the service needs, and whether it is there. Nothing is loaded or changed by asking."""
    checks: dict[str, Callable[[], bool]] = {
        "database": lambda: _database_answers(desk),
        "keys": lambda: _keys_open(desk),
        "models": lambda: bool(models) and all(find_spec(model) is not None for model in models),
        "queue": lambda: _queue_moves(desk),
    }
    return {name: _holds(check) for name, check in checks.items()}


def _database_answers(desk: Desk) -> bool:
    with desk.readers() as session:
        session.execute(select(Report.id).limit(1)).all()
    return True


def _keys_open(desk: Desk) -> bool:
    desk.working.keystore.demand_readable()
    return bool(desk.signer.sign({}))


def _queue_moves(desk: Desk) -> bool:
    now = desk.clock()
    with desk.readers() as session:
        oldest = session.scalar(
            select(func.min(OutboxRow.due_at)).where(OutboxRow.done_at.is_(None), OutboxRow.due_at <= now)
        )
    return oldest is None or now - oldest < BEHIND


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # whatever it is, the answer is no; what it was stands in the logs of the work itself
        return False
