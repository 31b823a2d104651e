"""A spreadsheet between looking and saying yes: sealed under a key of its own, its sender's alone, for two hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.envelope import lock, unlock
from config.keystore import KeyGone, NotErased
from partners.values import Actor
from share.desk import Desk
from share.errors import Conflict, NotThere
from share.importing.bringing import bring_in, look_over
from share.importing.standing import Line, Looked, Outcome
from share.models_imports import ImportFile

KEPT: Final = timedelta(hours=2)
MOST: Final = 10
"""How many files one person may have waiting."""
_AT_ONCE: Final = 200
_PLACE: Final = {"table": "import_files", "field": "content"}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that waits, or waited: what would become of its rows, or what became of them."""

    id: UUID
    at: datetime
    expires_at: datetime
    looked: Looked
    is_done: bool


def keep(file: bytes, *, by: Actor, desk: Desk) -> tuple[UUID | None, Looked]:
    """Look a file over, and keep it until its sender says yes; one with a mistake is not kept at all."""
    looked = look_over(file, by=by, desk=desk)
    if looked.problems:
        return None, looked
    forget_import_files(desk)
    file_id, now, member = uuid4(), desk.clock(), _person(by)
    with desk.sessions.begin() as session:
        waiting = select(func.count()).where(ImportFile.member_id == member, ImportFile.receipt.is_(None))
        if (session.scalar(waiting) or 0) >= MOST:
            raise Conflict("too_many_files")
        key = desk.working.keystore.create(_key_name(file_id), "import")
        session.add(
            ImportFile(
                id=file_id,
                partner_id=by.partner,
                member_id=member,
                content=lock(key, file, place=_place(file_id)),
                at=now,
                expires_at=now + KEPT,
            )
        )
    return file_id, looked


def waiting_file(file_id: UUID, *, by: Actor, desk: Desk) -> Waiting:
    """One of the asker's own files, looked over again: what is there may have changed. Another's is not there."""
    with desk.readers() as session:
        row = _own(session, file_id, by, desk)
    if row.receipt is not None:
        return Waiting(row.id, row.at, row.expires_at, _looked(row.receipt), is_done=True)
    looked = look_over(_opened(row, desk), by=by, desk=desk)
    return Waiting(row.id, row.at, row.expires_at, looked, is_done=False)


def bring_in_waiting(file_id: UUID, *, by: Actor, desk: Desk) -> None:
    """Say yes. Said twice, the second changes nothing: what was brought in is there already."""
    with desk.readers() as session:
        row = _own(session, file_id, by, desk)
    if row.receipt is not None:
        return
    looked = bring_in(_opened(row, desk), by=by, desk=desk)
    if looked.problems:  # a rule of the form has changed since
        raise Conflict("changed_meanwhile")
    with desk.sessions.begin() as session:
        row = _own(session, file_id, by, desk, to_change=True)
        if row.receipt is None:
            row.receipt, row.content = _plain(looked), None
    desk.working.keystore.destroy(_key_name(file_id))


def discard_waiting(file_id: UUID, *, by: Actor, desk: Desk) -> None:
    """Throw a file away for good. What was brought in from it stays."""
    with desk.readers() as session:
        _own(session, file_id, by, desk)
    _forget(file_id, desk)


def forget_import_files(desk: Desk) -> int:
    """Destroy every file whose time has passed, whoever sent it; how many there were."""
    with desk.readers() as session:
        old = select(ImportFile.id).where(ImportFile.expires_at <= desk.clock()).limit(_AT_ONCE)
        ids = session.scalars(old).all()
    return sum(_forgotten(file_id, desk) for file_id in ids)


def _own(session: Session, file_id: UUID, by: Actor, desk: Desk, *, to_change: bool = False) -> ImportFile:
    row = session.get(ImportFile, file_id, with_for_update=True if to_change else None)
    owner = (by.partner, _person(by))
    if row is None or (row.partner_id, row.member_id) != owner or row.expires_at <= desk.clock():
        raise NotThere
    return row


def _opened(row: ImportFile, desk: Desk) -> bytes:
    if row.content is None:
        raise NotThere
    try:
        key = desk.working.keystore.get(_key_name(row.id))
    except KeyGone:
        raise NotThere from None
    return unlock(key, row.content, place=_place(row.id))


def _person(by: Actor) -> UUID:
    if by.member is None:
        raise NotThere  # a machine is asked for no second yes
    return by.member


def _plain(looked: Looked) -> dict[str, Any]:
    lines = [[each.sheet, each.row, each.outcome.value, str(each.report or "")] for each in looked.lines]
    return {"shape": looked.shape, "lines": lines}


def _looked(receipt: Mapping[str, Any]) -> Looked:
    lines = (
        Line(sheet, row, Outcome(outcome), UUID(report) if report else None)
        for sheet, row, outcome, report in receipt["lines"]
    )
    return Looked(receipt["shape"], tuple(lines))


def _forgotten(file_id: UUID, desk: Desk) -> bool:
    """False where somebody still reads the key store; its row stays, and it is tried again."""
    try:
        _forget(file_id, desk)
    except NotErased:
        return False
    return True


def _forget(file_id: UUID, desk: Desk) -> None:
    # The key goes first: a crash in between leaves a row that nobody can read, never a key without a row.
    desk.working.keystore.destroy(_key_name(file_id))
    with desk.sessions.begin() as session:
        if (row := session.get(ImportFile, file_id)) is not None:
            session.delete(row)


def _key_name(file_id: UUID) -> str:
    return f"import/{file_id}"


def _place(file_id: UUID) -> dict[str, str | int]:
    return {**_PLACE, "file": str(file_id)}
