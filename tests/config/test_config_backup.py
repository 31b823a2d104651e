"""A copy brings back what was there, and nothing of what was erased before it or after it."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.backup import DATABASE, KEYSTORE, MANIFEST, BackupError, back_up, check, erased_names, restore
from config.keystore import KeyGone, KeyStore

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
KEK = os.urandom(32)


class Place:
    """A database of one table, and a key store, in a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.database = folder / "parallax.sqlite3"
        self.keystore = folder / "keystore.sqlite3"

    def filled(self) -> Place:
        with closing(sqlite3.connect(self.database, isolation_level=None)) as made:
            made.execute("PRAGMA journal_mode=WAL")
            made.execute("CREATE TABLE bulletins (words TEXT)")
            made.execute("INSERT INTO bulletins VALUES ('told')")
        store = self.store()
        store.put_wrapped("original/1", "of another key", b"sealed to somebody else")
        store.create("working/1", "a test")
        store.create("working/2", "a test")
        return self

    def store(self) -> KeyStore:
        return KeyStore(self.keystore, KEK)

    def words(self) -> list[str]:
        with closing(sqlite3.connect(self.database)) as made:
            return [row[0] for row in made.execute("SELECT words FROM bulletins")]


@pytest.fixture
def here(tmp_path: Path) -> Place:
    return Place(tmp_path / "here").filled()


@pytest.fixture
def there(tmp_path: Path) -> Place:
    return Place(tmp_path / "there")


def copied(here: Place, into: Path) -> Path:
    back_up(database=here.database, keystore=here.keystore, into=into, at=AT)
    return into


def put(copy: Path, there: Place, erased: tuple[str, ...] = (), kek: bytes = KEK) -> int:
    return restore(copy, database=there.database, keystore=there.keystore, kek=kek, erased=erased)


def test_a_copy_brings_everything_back(here: Place, there: Place, tmp_path: Path) -> None:
    copy = copied(here, tmp_path / "copy")
    assert put(copy, there) == 0
    assert there.words() == ["told"]
    assert there.store().get("working/1") == here.store().get("working/1")
    assert there.store().get_wrapped("original/1") == b"sealed to somebody else"
    assert check(copy).at == AT
    assert {path.stat().st_mode & 0o777 for path in copy.iterdir()} == {0o600}


def test_a_copy_is_made_while_others_write(here: Place, there: Place, tmp_path: Path) -> None:
    with closing(sqlite3.connect(here.database, isolation_level=None)) as writing:
        writing.execute("BEGIN IMMEDIATE")
        writing.execute("INSERT INTO bulletins VALUES ('not yet')")
        copy = copied(here, tmp_path / "copy")
        writing.execute("COMMIT")
    put(copy, there)
    assert there.words() == ["told"], "what was not committed is not in it"


def test_what_was_erased_before_is_not_in_it(here: Place, there: Place, tmp_path: Path) -> None:
    with closing(sqlite3.connect(here.keystore)) as looked:
        (wrap,) = looked.execute("SELECT wrapped FROM wraps WHERE name = 'working/1'").fetchone()
    here.store().destroy("working/1")
    copy = copied(here, tmp_path / "copy")
    assert wrap not in (copy / KEYSTORE).read_bytes()
    put(copy, there)
    with pytest.raises(KeyGone):
        there.store().get("working/1")
    with pytest.raises(KeyGone):
        there.store().create("working/1", "again")


def test_what_was_erased_after_is_erased_again(here: Place, there: Place, tmp_path: Path) -> None:
    copy = copied(here, tmp_path / "copy")
    with closing(sqlite3.connect(here.keystore)) as looked:
        (wrap,) = looked.execute("SELECT wrapped FROM wraps WHERE name = 'working/1'").fetchone()
    here.store().destroy("working/1")
    assert put(copy, there, erased_names(here.store())) == 1
    with pytest.raises(KeyGone):
        there.store().get("working/1")
    files = [path.read_bytes() for path in there.keystore.parent.iterdir()]
    assert not any(wrap in content for content in files)


def test_without_the_list_it_would_come_back(here: Place, there: Place, tmp_path: Path) -> None:
    """The control of the test above, and the reason why the list must be given."""
    copy = copied(here, tmp_path / "copy")
    here.store().destroy("working/1")
    put(copy, there)
    there.store().get("working/1")


@pytest.mark.parametrize("name", [DATABASE, KEYSTORE])
def test_a_damaged_copy_is_not_used(here: Place, there: Place, tmp_path: Path, name: str) -> None:
    copy = copied(here, tmp_path / "copy")
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    with pytest.raises(BackupError, match="copy_damaged"):
        put(copy, there)
    assert not list(there.database.parent.iterdir())


@pytest.mark.parametrize(
    "manifest", ["", "[]", "{}", json.dumps({"form": "other", "at": AT.isoformat(), "files": {}})]
)
def test_an_odd_manifest_is_not_believed(here: Place, there: Place, tmp_path: Path, manifest: str) -> None:
    copy = copied(here, tmp_path / "copy")
    (copy / MANIFEST).write_text(manifest)
    with pytest.raises(BackupError, match="manifest_"):
        put(copy, there)


def test_nothing_is_written_over(here: Place, there: Place, tmp_path: Path) -> None:
    copy = copied(here, tmp_path / "copy")
    with pytest.raises(BackupError, match="folder_not_empty"):
        copied(here, copy)
    with pytest.raises(BackupError, match="instance_not_empty"):
        put(copy, here)
    assert here.words() == ["told"]


def test_a_copy_that_other_keys_belong_to_is_not_used(here: Place, there: Place, tmp_path: Path) -> None:
    copy = copied(here, tmp_path / "copy")
    with pytest.raises(BackupError, match="keys_do_not_fit"):
        put(copy, there, kek=os.urandom(32))
    assert not list(there.database.parent.iterdir())
