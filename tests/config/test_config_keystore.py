"""A destroyed key is gone from the file and stays gone; a living one is never lost nor shown."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import StillClock

from config import keystore as keystore_module
from config.envelope import CannotOpen
from config.keystore import KeyGone, KeysBusy, KeyStore, KeyTaken, NotErased


def file_of(store: KeyStore) -> Path:
    return store._path


def wraps(store: KeyStore) -> list[bytes]:
    with sqlite3.connect(file_of(store)) as database:
        found = [wrapped for (wrapped,) in database.execute("SELECT wrapped FROM wraps ORDER BY name")]
    database.close()
    return found


def left_on_disk(directory: Path, needles: Iterable[bytes]) -> int:
    """How many of `needles` can be read from any file in `directory`."""
    everything = b"\0".join(path.read_bytes() for path in directory.iterdir() if path.is_file())
    return sum(needle in everything for needle in needles)


def test_a_key_is_there_until_it_is_destroyed(keystore: KeyStore, clock: StillClock) -> None:
    key = keystore.create("working/r1", "working")
    assert len(key) == 32
    assert keystore.get("working/r1") == key
    assert [(entry.name, entry.purpose, entry.created_at) for entry in keystore.list()] == [
        ("working/r1", "working", clock.now)
    ]
    clock.forward(days=1)
    erased = keystore.destroy("working/r1")
    assert (erased.name, erased.keys, erased.at) == ("working/r1", 1, clock.now)
    for ask in (keystore.get, keystore.get_wrapped):
        with pytest.raises(KeyGone):
            ask("working/r1")
    assert keystore.list() == ()


def test_an_unknown_key_is_answered_like_a_destroyed_one(keystore: KeyStore) -> None:
    keystore.create("working/r1", "working")
    keystore.destroy("working/r1")
    answers = []
    for name in ("working/r1", "working/never"):
        with pytest.raises(KeyGone) as gone:
            keystore.get(name)
        answers.append((str(gone.value), gone.value.args))
    assert answers[0] == answers[1]


def test_a_living_key_is_not_replaced(keystore: KeyStore) -> None:
    key = keystore.create("working/r1", "working")
    with pytest.raises(KeyTaken):
        keystore.create("working/r1", "working")
    with pytest.raises(KeyTaken):
        keystore.put_wrapped("working/r1", "original", b"wrap")
    assert keystore.get("working/r1") == key


def test_nothing_is_made_under_a_destroyed_name(keystore: KeyStore) -> None:
    keystore.create("original/r1/a", "original")
    keystore.destroy("original/r1")
    for name in ("original/r1", "original/r1/a", "original/r1/b/c"):
        with pytest.raises(KeyGone):
            keystore.create(name, "original")
    keystore.create("original/r2", "original")


def test_destroying_takes_all_below_and_nothing_beside(keystore: KeyStore) -> None:
    for name in (
        "original/r1",
        "original/r1/a",
        "original/r1/b",
        "original/r10/a",
        "original/r",
        "working/r1",
    ):
        keystore.create(name, "test")
    assert keystore.destroy("original/r1").keys == 3
    assert [entry.name for entry in keystore.list()] == ["original/r", "original/r10/a", "working/r1"]


def test_destroying_twice_says_the_same(keystore: KeyStore, clock: StillClock) -> None:
    keystore.create("working/r1", "working")
    first = keystore.destroy("working/r1")
    clock.forward(days=3)
    assert keystore.destroy("working/r1") == first
    assert keystore.erased() == (first,)
    assert keystore.destroy("working/never").keys == 0


def test_a_wrapped_key_is_kept_as_it_is(keystore: KeyStore) -> None:
    keystore.put_wrapped("original/r1/a", "original", b"wrapped by somebody else")
    assert keystore.get_wrapped("original/r1/a") == b"wrapped by somebody else"
    with pytest.raises(CannotOpen):
        keystore.get("original/r1/a")
    keystore.create("working/r1", "working")
    with pytest.raises(KeyGone):
        keystore.get_wrapped("working/r1")


def test_keys_are_not_in_the_file(keystore: KeyStore) -> None:
    keys = [keystore.create(f"working/r{number}", "working") for number in range(50)]
    assert left_on_disk(file_of(keystore).parent, keys) == 0
    assert len(wraps(keystore)) == 50


def test_the_file_is_its_owner_s_alone(keystore: KeyStore) -> None:
    with keystore._connection() as database:
        database.execute("BEGIN IMMEDIATE")
        for path in file_of(keystore).parent.glob("keystore.sqlite3*"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        database.execute("ROLLBACK")


@pytest.mark.parametrize("held_open", [False, True])
def test_of_a_hundred_destroyed_keys_no_byte_is_left(keystore: KeyStore, held_open: bool) -> None:
    """Also while somebody else holds the file open, so that the write-ahead log is not simply removed."""
    for number in range(150):
        keystore.create(f"working/r{number}", "working")
    other = sqlite3.connect(file_of(keystore))
    if held_open:
        other.execute("SELECT count(*) FROM wraps").fetchone()
    doomed = [f"working/r{number}" for number in range(100)]
    before = dict(other.execute("SELECT name, wrapped FROM wraps"))
    if not held_open:
        other.close()
    assert left_on_disk(file_of(keystore).parent, [before[name] for name in doomed]) == 100
    for name in doomed:
        keystore.destroy(name)
    assert left_on_disk(file_of(keystore).parent, [before[name] for name in doomed]) == 0
    assert (
        left_on_disk(file_of(keystore).parent, [before[name] for name in before if name not in doomed]) == 50
    )
    other.close()


def test_a_plain_delete_would_leave_them(keystore: KeyStore) -> None:
    for number in range(100):
        keystore.create(f"working/r{number}", "working")
    before = wraps(keystore)
    with sqlite3.connect(file_of(keystore)) as database:
        database.execute("PRAGMA secure_delete=OFF")
        database.execute("DELETE FROM wraps")
    database.close()
    assert left_on_disk(file_of(keystore).parent, before) > 50


def test_it_says_so_when_old_bytes_could_not_be_cleared(
    keystore: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keystore_module, "BUSY_MILLISECONDS", 100)
    keystore.create("working/r1", "working")
    reader = sqlite3.connect(file_of(keystore), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM wraps").fetchone()
    with pytest.raises(NotErased):
        keystore.destroy("working/r1")
    with pytest.raises(KeyGone):
        keystore.get("working/r1")
    reader.close()
    assert keystore.destroy("working/r1").keys == 1


def test_a_store_that_somebody_keeps_to_himself_is_busy_and_loses_nothing(
    keystore: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keystore_module, "BUSY_MILLISECONDS", 100)
    key = keystore.create("working/r1", "working")
    somebody = sqlite3.connect(file_of(keystore), isolation_level=None)
    somebody.execute("BEGIN IMMEDIATE")
    for act in (
        lambda: keystore.create("working/r2", "working"),
        lambda: keystore.put_wrapped("original/r1/a", "original", b"wrap"),
        lambda: keystore.destroy("working/r1"),
    ):
        with pytest.raises(KeysBusy) as busy:
            act()
        assert busy.value.__suppress_context__
    assert keystore.get("working/r1") == key
    somebody.close()
    assert keystore.destroy("working/r1").keys == 1


def test_a_store_that_is_broken_is_not_taken_for_a_busy_one(keystore: KeyStore) -> None:
    keystore.demand_readable()
    with sqlite3.connect(file_of(keystore)) as database:
        database.execute("DROP TABLE wraps")
    database.close()
    for act in (keystore.demand_readable, keystore.list, lambda: keystore.get("working/r1")):
        with pytest.raises(sqlite3.OperationalError):
            act()


def test_whether_keys_can_be_read_takes_no_longer_where_there_are_many(keystore: KeyStore) -> None:
    rows = (
        (f"original/{number:06}", "original", b"wrap", "2026-03-02T09:30:00+00:00")
        for number in range(50_000)
    )
    with sqlite3.connect(file_of(keystore)) as database:
        database.executemany("INSERT INTO wraps VALUES (?, ?, NULL, ?, ?)", rows)
    database.close()

    def seconds(act: Callable[[], object]) -> float:
        began = time.perf_counter()
        act()
        return time.perf_counter() - began

    asking = min(seconds(keystore.demand_readable) for _ in range(5))
    assert asking < min(seconds(keystore.list) for _ in range(2)) / 5


def test_a_wrap_opens_only_under_its_own_name_purpose_and_kek(keystore: KeyStore) -> None:
    names = ["working/r1", "working/r2", "second/m1"]
    for name in names:
        keystore.create(name, name.split("/")[0])
    rows = dict(zip(sorted(names), wraps(keystore), strict=True))
    for victim in names:
        for source in names:
            with sqlite3.connect(file_of(keystore)) as database:
                database.execute("UPDATE wraps SET wrapped = ? WHERE name = ?", (rows[source], victim))
            database.close()
            if victim == source:
                assert keystore.get(victim)
            else:
                with pytest.raises(CannotOpen):
                    keystore.get(victim)
    with pytest.raises(CannotOpen):
        KeyStore(file_of(keystore), os.urandom(32)).get("working/r1")
    with sqlite3.connect(file_of(keystore)) as database:
        database.execute("UPDATE wraps SET purpose = 'other' WHERE name = 'working/r1'")
    database.close()
    with pytest.raises(CannotOpen):
        keystore.get("working/r1")


@pytest.mark.parametrize(
    "name", ["", "working/", "/working", "Working", "working//r1", "a b", "a%", "ă", "../a"]
)
def test_a_name_is_a_path_of_plain_words(keystore: KeyStore, name: str) -> None:
    for act in (keystore.destroy, keystore.get, lambda each: keystore.create(each, "test")):
        with pytest.raises(ValueError, match="not a key name"):
            act(name)


def test_a_short_kek_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        KeyStore(tmp_path / "k.sqlite3", b"short")


def test_its_repr_shows_no_key(keystore: KeyStore, keys: object) -> None:
    assert keystore._kek.hex() not in repr(keystore)
    assert repr(keystore._kek) not in repr(keystore)


def test_threads_may_use_it_at_once(keystore: KeyStore) -> None:
    def live_and_die(number: int) -> bool:
        key = keystore.create(f"working/r{number}", "working")
        same = keystore.get(f"working/r{number}") == key
        if number % 2:
            keystore.destroy(f"working/r{number}")
        return same

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(live_and_die, range(80)))
    assert len(keystore.list()) == len(keystore.erased()) == 40


RACE = """
import sys
from pathlib import Path
from config.keystore import KeyStore, KeyTaken

store = KeyStore(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
for number in range(20):
    try:
        store.create(f"working/r{number}", "working")
        print(number)
    except KeyTaken:
        store.get(f"working/r{number}")
"""


def test_of_several_processes_one_makes_each_key(keystore: KeyStore) -> None:
    command = [sys.executable, "-c", RACE, str(file_of(keystore)), keystore._kek.hex()]
    root = Path(keystore_module.__file__).parents[1]
    processes = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    wins = [int(number) for process in processes for number in process.communicate()[0].split()]
    assert [process.returncode for process in processes] == [0, 0]
    assert sorted(wins) == list(range(20))
    assert len(keystore.list()) == 20


def test_keys_that_are_made_together_are_all_there_afterwards(keystore: KeyStore) -> None:
    with keystore.together():
        made = {name: keystore.create(name, "working") for name in ("working/1", "working/2")}
        with pytest.raises(KeyTaken):
            keystore.create("working/1", "working")
        keystore.put_wrapped("original/1", "original", b"wrapped")
    assert {name: keystore.get(name) for name in made} == made
    assert keystore.get_wrapped("original/1") == b"wrapped"


def test_of_keys_that_are_made_together_a_failure_leaves_none(keystore: KeyStore) -> None:
    def half() -> None:
        with keystore.together():
            keystore.create("working/1", "working")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert keystore.list() == ()
    assert keystore.create("working/1", "working")


def test_another_threads_keys_are_not_part_of_it(keystore: KeyStore) -> None:
    """What another thread makes waits, and is kept whatever becomes of the first one's."""
    with ThreadPoolExecutor(1) as pool:

        def first_one() -> None:
            with keystore.together():
                keystore.create("working/1", "working")
                started.append(pool.submit(keystore.create, "working/2", "working"))
                raise RuntimeError

        started: list[object] = []
        with pytest.raises(RuntimeError):
            first_one()
    assert [entry.name for entry in keystore.list()] == ["working/2"]
