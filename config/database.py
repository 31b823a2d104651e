"""One base for all models, the column types they share, and how a database is opened.

SQLite is given a fixed set of pragmas on every single connection, because each of them is forgotten when the
connection closes. Python's own handling of SQLite transactions is switched off: it begins too late, and two
people who read before either writes would both believe that they were first.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC as UTC_ZONE
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, Engine, LargeBinary, MetaData, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import StaticPool
from sqlalchemy.types import TypeDecorator

BUSY_MILLISECONDS = 10_000

# busy_timeout stands first: the other pragmas may have to wait for a lock themselves.
# recursive_triggers makes INSERT OR REPLACE fire the delete triggers that keep the ledger append-only.
PRAGMAS: tuple[tuple[str, str], ...] = (
    ("busy_timeout", str(BUSY_MILLISECONDS)),
    ("journal_mode", "WAL"),
    ("synchronous", "FULL"),
    ("foreign_keys", "ON"),
    ("secure_delete", "ON"),
    ("recursive_triggers", "ON"),
    ("trusted_schema", "OFF"),
)

_READING = "parallax_reading"


class Base(DeclarativeBase):
    """The base of every model; constraint names are fixed so that migrations can name what they change."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UTC(TypeDecorator[datetime]):
    """A moment: only an aware datetime that UTC can tell goes in, and an aware datetime in UTC comes out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None or value.utcoffset() is None:
            raise TypeError("a moment needs a time zone")
        try:
            moment = value.astimezone(UTC_ZONE)
        except OverflowError:
            raise ValueError("a moment that no calendar holds in UTC") from None
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC_ZONE) if value.tzinfo is None else value.astimezone(UTC_ZONE)


@dataclass(frozen=True, slots=True)
class Sealed:
    """Bytes that have been encrypted. The only thing an `Encrypted` column takes; its repr shows nothing."""

    ciphertext: bytes = field(repr=False)


class Encrypted(TypeDecorator[Sealed]):
    """A column of ciphertext. It encrypts nothing itself: it refuses whatever is not already `Sealed`."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Sealed | None, _dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError("an encrypted column takes sealed bytes only")
        return value.ciphertext

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))


def open_database(url: str | URL) -> Engine:
    """An engine on `url` (SQLite, or PostgreSQL through psycopg) whose errors never print bound values.

    A SQLite file is created readable by its owner alone. Tables are not: they are the migrations' work.
    """
    target = make_url(url)
    if target.get_backend_name() != "sqlite":
        return create_engine(target, hide_parameters=True, pool_pre_ping=True)
    in_memory = target.database in (None, "", ":memory:")
    if target.database and not in_memory:
        os.close(os.open(Path(target.database), os.O_CREAT | os.O_RDWR, 0o600))
    # A database in memory lives in its connection, so all sessions share that one; only tests use it.
    shared: dict[str, Any] = (
        {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}} if in_memory else {}
    )
    engine = create_engine(target, hide_parameters=True, **shared)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def sessions(engine: Engine) -> sessionmaker[Session]:
    """Sessions that may write. On SQLite each takes the write lock when it begins, never later."""
    return sessionmaker(engine, expire_on_commit=False)


def reading(engine: Engine) -> Engine:
    """The same database for reading only: takes no write lock, and a write through it is an error."""
    options: dict[str, Any] = {_READING: True}
    if engine.dialect.name == "postgresql":
        # One view of the database for the whole transaction, which SQLite gives anyway.
        options |= {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
    return engine.execution_options(**options)


def readers(engine: Engine) -> sessionmaker[Session]:
    """Sessions that only read, and so never wait for a writer nor make one wait."""
    return sessionmaker(reading(engine), expire_on_commit=False)


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        for name, value in PRAGMAS:
            cursor.execute(f"PRAGMA {name}={value}")
    finally:
        cursor.close()


def _begin(connection: Connection) -> None:
    only_reads = bool(connection.get_execution_options().get(_READING))
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if only_reads else 'OFF'}")
    connection.exec_driver_sql("BEGIN DEFERRED" if only_reads else "BEGIN IMMEDIATE")
