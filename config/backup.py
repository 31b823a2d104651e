"""Copies of an instance's database and key store, and an instance made from such a copy.

A copy is consistent and has no deleted bytes in it. It holds no key file: `instance/keys/` is kept apart, or the
copy would open itself. What was erased before the copy is not in it; what was erased after it is erased again on
restoring, from a list that is kept somewhere else. What was *decided* after it (withdrawals, recalls) is not in it,
and no list brings it back.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from config.keystore import KeyStore

DATABASE: Final = "parallax.sqlite3"
KEYSTORE: Final = "keystore.sqlite3"
MANIFEST: Final = "manifest.json"
FORM: Final = "parallax-backup/1"
_CHUNK: Final = 1 << 20


class BackupError(Exception):
    """Why a copy was not made or not used: a stable code. Nothing was changed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy: when it was begun, and each file with its SHA-256."""

    at: datetime
    files: tuple[tuple[str, str], ...]


def back_up(*, database: Path, keystore: Path, into: Path, at: datetime) -> Copied:
    """Copy both files into the new folder `into`, while the service runs. Raises `BackupError`.

    The database goes first: every key that its rows need was made before them, so the later copy of the key store
    has it, unless it was destroyed in between.
    """
    _demand_empty(into)
    if not database.is_file() or not keystore.is_file():
        raise BackupError("nothing_to_copy")
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    into.chmod(0o700)
    for source, name in ((database, DATABASE), (keystore, KEYSTORE)):
        _copy(source, into / name)
    copied = Copied(at, tuple((name, digest_of(into / name)) for name in (DATABASE, KEYSTORE)))
    _write(into / MANIFEST, json.dumps(_plain(copied), indent=1).encode() + b"\n")
    return copied


def check(copy: Path) -> Copied:
    """What the manifest of a copy says, if every file is as it says and whole. Raises `BackupError`."""
    try:
        said = json.loads((copy / MANIFEST).read_text(encoding="utf-8"))
        copied = Copied(datetime.fromisoformat(said["at"]), tuple(sorted(said["files"].items())))
        known = said["form"] == FORM and [name for name, _ in copied.files] == sorted((DATABASE, KEYSTORE))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise BackupError("manifest_unreadable") from None
    if not known:
        raise BackupError("manifest_unknown")
    for name, digest in copied.files:
        if not (copy / name).is_file() or digest_of(copy / name) != digest:
            raise BackupError("copy_damaged")
        if not _is_whole(copy / name):
            raise BackupError("copy_damaged")
    return copied


def restore(copy: Path, *, database: Path, keystore: Path, kek: bytes, erased: Iterable[str]) -> int:
    """Put a checked copy in place where nothing is yet, and erase again what `erased` names; how many keys went.

    Raises `BackupError`; then nothing is in place.
    """
    check(copy)
    for target in (database, keystore):
        if any(target.with_name(target.name + ending).exists() for ending in ("", "-wal", "-shm")):
            raise BackupError("instance_not_empty")
    beside = [(keystore.with_name(f".{keystore.name}.part"), keystore, KEYSTORE)]
    beside.append((database.with_name(f".{database.name}.part"), database, DATABASE))
    try:
        for part, _, name in beside:
            shutil.copyfile(copy / name, part)
            part.chmod(0o600)
        gone = _erase_again(beside[0][0], kek, erased)
        for part, target, _ in beside:
            part.replace(target)
    finally:
        for part, _, _ in beside:
            for ending in ("", "-wal", "-shm"):
                part.with_name(part.name + ending).unlink(missing_ok=True)
    return gone


def _erase_again(keystore: Path, kek: bytes, erased: Iterable[str]) -> int:
    store = KeyStore(keystore, kek)
    entries = store.list()
    if entries and not any(_opens(store, entry.name) for entry in entries):
        raise BackupError("keys_do_not_fit")
    for name in erased:
        store.destroy(name)
    return len(entries) - len(store.list())


def _opens(store: KeyStore, name: str) -> bool:
    try:
        store.get(name)
    except Exception:
        return False
    return True


def erased_names(keystore: KeyStore) -> tuple[str, ...]:
    """The names of all keys that were ever destroyed here: random ids, for the list that is kept elsewhere."""
    return tuple(each.name for each in keystore.erased())


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    whole = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            whole.update(chunk)
    return whole.hexdigest()


def _demand_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError("folder_not_empty")


def _copy(source: Path, target: Path) -> None:
    """One consistent copy. VACUUM writes the rows that are there and none of the pages that are free."""
    os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o600))
    target.unlink()
    with closing(
        sqlite3.connect(f"file:{source}?mode=rw", uri=True, isolation_level=None, timeout=30)
    ) as open_:
        open_.execute("VACUUM INTO ?", (str(target),))
    target.chmod(0o600)
    with target.open("rb") as written:
        os.fsync(written.fileno())


def _is_whole(path: Path) -> bool:
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as open_:
        return [row[0] for row in open_.execute("PRAGMA integrity_check")] == ["ok"]


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _plain(copied: Copied) -> dict[str, object]:
    return {"form": FORM, "at": copied.at.isoformat(), "files": dict(copied.files)}
