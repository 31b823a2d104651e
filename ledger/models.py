"""The tables of the ledger, and the locks that keep them append-only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    Dialect,
    Integer,
    LargeBinary,
    String,
    Text,
    event,
)
from sqlalchemy.orm import Mapped, Mapper, ORMExecuteState, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from config.database import Base

# SQLite only numbers a column that is declared INTEGER; PostgreSQL needs the wider type.
_Count = BigInteger().with_variant(Integer, "sqlite")


class Stamp(TypeDecorator[datetime]):
    """A moment, stored as the very text that is hashed, so that not a character of it can change unseen."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> str | None:
        return None if value is None else stamp(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = datetime.fromisoformat(value)
        if stamp(moment) != value:
            raise ValueError("not a stamp of this ledger")
        return moment


def stamp(moment: datetime) -> str:
    """`moment` in UTC to the microsecond, in the one form that the ledger uses; it sorts by time."""
    if moment.utcoffset() is None:
        raise TypeError("a moment needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


class AppendOnly(Exception):
    """Somebody tried to change or delete what the ledger already holds."""


class LedgerEntry(Base):
    """One act, as a link of the chain. Digests and codes only: nothing here is a person's words or name."""

    __tablename__ = "ledger_entries"

    seq: Mapped[int] = mapped_column(_Count, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    at: Mapped[datetime] = mapped_column(Stamp)
    act: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(80))
    ref: Mapped[str] = mapped_column(String(80), index=True)
    commitment: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    codes: Mapped[str] = mapped_column(Text)
    previous: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)


class LedgerHead(Base):
    """The one row that says where the chain ends. Whoever appends locks it first."""

    __tablename__ = "ledger_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(_Count)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


SQLITE_TRIGGERS = (
    "CREATE TRIGGER ledger_entries_no_update BEFORE UPDATE ON ledger_entries "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    "CREATE TRIGGER ledger_entries_no_delete BEFORE DELETE ON ledger_entries "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
)
POSTGRESQL_TRIGGERS = (
    "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$",
    "CREATE TRIGGER ledger_entries_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries "
    "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()",
)

TRIGGERS = {"sqlite": SQLITE_TRIGGERS, "postgresql": POSTGRESQL_TRIGGERS}


@event.listens_for(LedgerEntry.__table__, "after_create")
def _lock_table(_table: object, connection: Connection, **_options: object) -> None:
    for statement in TRIGGERS[connection.dialect.name]:
        connection.exec_driver_sql(statement)


@event.listens_for(LedgerEntry, "before_update")
@event.listens_for(LedgerEntry, "before_delete")
def _refuse_flush(_mapper: Mapper[Any], _connection: Any, _target: LedgerEntry) -> None:
    raise AppendOnly("the ledger is append-only")


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk(state: ORMExecuteState) -> None:
    if (state.is_update or state.is_delete) and state.bind_mapper is LedgerEntry.__mapper__:
        raise AppendOnly("the ledger is append-only")
