"""The keys that protect stored words, in a file of their own: destroying a key destroys what it opened.

Ordinary backups leave this file out. A name is a path (`working/<report>`, `original/<report>/<key>`):
destroying a name destroys everything below it, and nothing can be made under it again. Limits: a copy of the
file made earlier still holds the key until that copy dies, and a file system with snapshots or a worn flash
disk may keep old blocks that this program cannot reach.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.clock import Clock, utc_now
from config.database import BUSY_MILLISECONDS, Sealed
from config.envelope import CannotOpen, lock, unlock

KEY_BYTES = 32
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_NAME = re.compile(r"[a-z][a-z0-9_]*(/[A-Za-z0-9_\-]+)*")
_TABLES = (
    "CREATE TABLE IF NOT EXISTS wraps (name TEXT PRIMARY KEY, purpose TEXT NOT NULL, kek TEXT, "
    "wrapped BLOB NOT NULL, created_at TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS tombstones (name TEXT PRIMARY KEY, destroyed_at TEXT NOT NULL, "
    "keys INTEGER NOT NULL, fingerprint BLOB NOT NULL) STRICT, WITHOUT ROWID",
)


class KeyGone(Exception):
    """There is no such key: it was destroyed, or never made. Both are answered alike."""


class KeyTaken(Exception):
    """A key of this name exists. Replacing it would destroy what it opens, so it is refused."""


class KeysBusy(Exception):
    """Others kept the key store to themselves for too long. What was asked was not done; ask again."""


class NotErased(Exception):
    """The key was deleted, but its old bytes could not yet be cleared from the file. Destroy it again."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was destroyed: how many keys, when, and a digest of their wraps as they were stored."""

    name: str
    keys: int
    at: datetime
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A key that exists: what it is called and what it is for, never the key."""

    name: str
    purpose: str
    created_at: datetime


class KeyStore:
    """32-byte keys, each stored wrapped under the KEK; threads and processes may use it at once.

    Every call opens its own connection and leaves no transaction behind. Any may raise `KeysBusy`.
    """

    def __init__(self, path: Path, kek: bytes, clock: Clock = utc_now) -> None:
        if len(kek) != KEY_BYTES:
            raise ValueError("a KEK has 32 bytes")
        self._path = Path(path)
        self._kek = kek
        self._kek_id = hashlib.sha256(b"parallax kek id\0" + kek).hexdigest()[:16]
        self._clock = clock
        self._mine = threading.local()
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        with self._writing() as database:
            for table in _TABLES:
                database.execute(table)

    def __repr__(self) -> str:
        return f"KeyStore(kek={self._kek_id})"

    def create(self, name: str, purpose: str) -> bytes:
        """Make a random key under `name`. Raises `KeyTaken`, or `KeyGone` where the name was destroyed."""
        key = os.urandom(KEY_BYTES)
        wrapped = lock(self._kek, key, place=self._place(name, purpose)).ciphertext
        self._insert(name, purpose, self._kek_id, wrapped)
        return key

    def get(self, name: str) -> bytes:
        """The key called `name`, or `KeyGone`. Raises `CannotOpen` for a wrap that was tampered with."""
        purpose, kek, wrapped = self._row(name)
        if kek != self._kek_id:
            raise CannotOpen("key wrap")
        return unlock(self._kek, Sealed(wrapped), place=self._place(name, purpose))

    @contextmanager
    def together(self) -> Iterator[None]:
        """Whatever keys this thread makes meanwhile are written at once, when the block ends, or none of them is.

        Everybody else who writes has to wait for it: keep it short.
        """
        with self._writing() as database:
            self._mine.database = database
            try:
                yield
            finally:
                self._mine.database = None

    def put_wrapped(self, name: str, purpose: str, wrapped: bytes) -> None:
        """Keep a key that somebody else's public key has wrapped; this store cannot open it."""
        if not wrapped:
            raise ValueError("an empty wrap")
        self._insert(name, purpose, None, wrapped)

    def get_wrapped(self, name: str) -> bytes:
        """A wrap as it was given to `put_wrapped`, or `KeyGone`."""
        _purpose, kek, wrapped = self._row(name)
        if kek is not None:
            raise KeyGone
        return wrapped

    def destroy(self, name: str) -> Erased:
        """Destroy the key called `name` and all below it, and clear their bytes from the file.

        May be repeated. Destroying what never existed still closes the name.
        Raises `NotErased` while somebody keeps reading.
        """
        _demand(name)
        at = self._clock()
        with self._writing() as database:
            doomed = database.execute(
                "SELECT name, wrapped FROM wraps WHERE name = ? OR substr(name, 1, ?) = ? ORDER BY name",
                (name, len(name) + 1, name + "/"),
            ).fetchall()
            digest = hashlib.sha256(b"".join(hashlib.sha256(wrapped).digest() for _, wrapped in doomed))
            # Same length, same cell: the old bytes are overwritten where they lie before the row goes.
            database.executemany(
                "UPDATE wraps SET wrapped = zeroblob(length(wrapped)) WHERE name = ?",
                [(each,) for each, _ in doomed],
            )
            database.executemany("DELETE FROM wraps WHERE name = ?", [(each,) for each, _ in doomed])
            database.execute(
                "INSERT INTO tombstones VALUES (?, ?, ?, ?) ON CONFLICT (name) DO NOTHING",
                (name, at.isoformat(), len(doomed), digest.digest()),
            )
            first = database.execute(
                "SELECT destroyed_at, keys, fingerprint FROM tombstones WHERE name = ?", (name,)
            ).fetchone()
        self._clear_wal()
        return Erased(name, first[1], datetime.fromisoformat(first[0]), first[2])

    def list(self) -> tuple[KeyEntry, ...]:
        """All keys that exist, by name."""
        with self._connection() as database:
            rows = database.execute("SELECT name, purpose, created_at FROM wraps ORDER BY name").fetchall()
        return tuple(KeyEntry(name, purpose, datetime.fromisoformat(at)) for name, purpose, at in rows)

    def demand_readable(self) -> None:
        """Raise unless keys can be read here. How many there are makes no difference."""
        with self._connection() as database:
            database.execute("SELECT name FROM wraps LIMIT 1").fetchone()

    def erased(self) -> tuple[Erased, ...]:
        """All names that were destroyed, to be destroyed again after an older copy was restored."""
        with self._connection() as database:
            rows = database.execute(
                "SELECT name, keys, destroyed_at, fingerprint FROM tombstones ORDER BY name"
            ).fetchall()
        return tuple(Erased(name, keys, datetime.fromisoformat(at), mark) for name, keys, at, mark in rows)

    def _insert(self, name: str, purpose: str, kek: str | None, wrapped: bytes) -> None:
        parts = _demand(name).split("/")
        above = ["/".join(parts[: end + 1]) for end in range(len(parts))]
        with self._writing() as database:
            for each in above:
                if database.execute("SELECT 1 FROM tombstones WHERE name = ?", (each,)).fetchone():
                    raise KeyGone
            try:
                database.execute(
                    "INSERT INTO wraps VALUES (?, ?, ?, ?, ?)",
                    (name, purpose, kek, wrapped, self._clock().isoformat()),
                )
            except sqlite3.IntegrityError:
                raise KeyTaken from None

    def _row(self, name: str) -> tuple[str, str | None, bytes]:
        with self._connection() as database:
            row = database.execute(
                "SELECT purpose, kek, wrapped FROM wraps WHERE name = ?", (_demand(name),)
            ).fetchone()
        if row is None:
            raise KeyGone
        return row[0], row[1], row[2]

    def _place(self, name: str, purpose: str) -> dict[str, str | int]:
        return {"table": "wraps", "name": name, "purpose": purpose, "kek": self._kek_id}

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self._path, timeout=BUSY_MILLISECONDS / 1000, isolation_level=None)
        try:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "trusted_schema=OFF"):
                database.execute(f"PRAGMA {pragma}").fetchone()
            yield database
        except sqlite3.OperationalError as failure:
            # The low byte is the error; the others say in which of its forms.
            if failure.sqlite_errorcode & 0xFF in _BUSY:
                raise KeysBusy from None
            raise
        finally:
            database.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        if (begun := getattr(self._mine, "database", None)) is not None:
            yield begun
            return
        with self._connection() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")

    def _clear_wal(self) -> None:
        """Until the log is truncated it still holds pages as they were before the key was deleted."""
        patience = time.monotonic() + BUSY_MILLISECONDS / 1000
        while True:
            # The key is gone by now, so a busy store leaves old bytes to clear and nothing else to do again.
            with suppress(KeysBusy), self._connection() as database:
                busy = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                if not busy:
                    return
            if time.monotonic() > patience:
                raise NotErased
            time.sleep(0.02)


def _demand(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("not a key name")
    return name
