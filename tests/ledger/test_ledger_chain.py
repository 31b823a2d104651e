"""Whatever is done to a stored entry is seen, and what nobody touched is believed."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select, text

from config.database import Base, open_database, readers, sessions
from ledger.chain import ChainBroken, Head, verify_chain
from ledger.cli import ledger_group
from ledger.entries import Act, commit, record
from ledger.models import LedgerEntry, LedgerHead

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SALT = bytes(range(32))
COLUMNS = ("id", "at", "act", "actor", "ref", "commitment", "codes", "previous", "hash")
MUTATIONS = 1000


def append(engine: Engine, count: int, *, actor: str = "anonymous") -> None:
    maker = sessions(engine)
    for number in range(count):
        with maker.begin() as session:
            record(
                session,
                list(Act)[number % len(Act)],
                at=NOON + timedelta(seconds=number),
                actor=actor,
                ref=f"{number:032x}",
                commitment=commit(b"%d" % number, SALT) if number % 2 else None,
                codes={"attempt": str(number)} if number % 3 else {},
            )


def verified(engine: Engine, **known: object) -> Head:
    with readers(engine)() as session:
        return verify_chain(session, **known)  # type: ignore[arg-type]


def test_an_empty_ledger_is_believed(both_engines: Engine) -> None:
    assert verified(both_engines) == Head(0, bytes(32))


def test_what_nobody_touched_is_believed_after_every_append(both_engines: Engine) -> None:
    for count in range(1, 31):
        append(both_engines, 1)
        assert verified(both_engines).seq == count


def test_a_head_that_was_noted_earlier_is_still_in_the_chain(memory_engine: Engine) -> None:
    append(memory_engine, 5)
    noted = verified(memory_engine)
    append(memory_engine, 5)
    assert verified(memory_engine, known={noted.seq: noted.hash}).seq == 10
    with pytest.raises(ChainBroken):
        verified(memory_engine, known={noted.seq: bytes(32)})
    with pytest.raises(ChainBroken):
        verified(memory_engine, known={11: noted.hash})


def _flip(value: object, rng: random.Random) -> object:
    """The same value with one bit of its stored form turned, or something where there was nothing."""
    if value is None:
        return rng.randbytes(32)
    stored = bytearray(value if isinstance(value, bytes) else str(value).encode())
    stored[rng.randrange(len(stored))] ^= 1 << rng.randrange(8)
    if isinstance(value, bytes):
        return bytes(stored)
    return stored.decode() if stored.isascii() and b"\0" not in stored else bytes(stored)


def _change(database: sqlite3.Connection, rng: random.Random, last: int) -> None:
    column, seq = rng.choice(COLUMNS), rng.randint(1, last)
    (value,) = database.execute(f"SELECT {column} FROM ledger_entries WHERE seq = ?", (seq,)).fetchone()
    database.execute(f"UPDATE ledger_entries SET {column} = ? WHERE seq = ?", (_flip(value, rng), seq))


def _as_invalid_text(database: sqlite3.Connection, rng: random.Random, last: int) -> None:
    database.execute(
        "UPDATE ledger_entries SET actor = CAST(x'ff' || actor AS TEXT) WHERE seq = ?",
        (rng.randint(1, last),),
    )


def _delete(database: sqlite3.Connection, rng: random.Random, last: int) -> None:
    database.execute("DELETE FROM ledger_entries WHERE seq = ?", (rng.randint(1, last),))


def _cut(database: sqlite3.Connection, rng: random.Random, last: int) -> None:
    database.execute("DELETE FROM ledger_entries WHERE seq > ?", (rng.randint(0, last - 1),))


def _swap(database: sqlite3.Connection, rng: random.Random, last: int) -> None:
    one, other = rng.sample(range(1, last + 1), 2)
    for old, new in ((one, 0), (other, one), (0, other)):
        database.execute("UPDATE ledger_entries SET seq = ? WHERE seq = ?", (new, old))


def _renumber(database: sqlite3.Connection, rng: random.Random, last: int) -> None:
    database.execute("UPDATE ledger_entries SET seq = seq + ? WHERE seq = ?", (rng.randint(1, 9), last))


def _add(database: sqlite3.Connection, rng: random.Random, last: int) -> None:
    database.execute(
        "INSERT INTO ledger_entries SELECT ?, ?, at, act, actor, ref, commitment, codes, ?, ? "
        "FROM ledger_entries WHERE seq = ?",
        (
            last + 1,
            f"{rng.getrandbits(128):032x}",
            rng.randbytes(32),
            rng.randbytes(32),
            rng.randint(1, last),
        ),
    )


def _move_head(database: sqlite3.Connection, rng: random.Random, last: int) -> None:
    statement, value = rng.choice(
        [
            ("UPDATE ledger_head SET seq = ?", rng.randint(0, last - 1)),
            ("UPDATE ledger_head SET hash = ?", rng.randbytes(32)),
            ("DELETE FROM ledger_head WHERE id = ?", 1),
        ]
    )
    database.execute(statement, (value,))


HANDS: tuple[Callable[[sqlite3.Connection, random.Random, int], None], ...] = (
    *(_change,) * 12,
    *(_as_invalid_text, _delete, _cut, _swap, _renumber, _add, _move_head),
)


def test_a_thousand_mutations_are_seen_and_nothing_else(tmp_path: Path) -> None:
    """Each one is made in the file, past every lock, and undone again; the untouched chain stays believed."""
    last = 12
    path = tmp_path / "ledger.sqlite3"
    engine = open_database(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    append(engine, last)
    intact = verified(engine)
    with engine.begin() as connection:
        for trigger in ("no_update", "no_delete"):
            connection.execute(text(f"DROP TRIGGER ledger_entries_{trigger}"))
    rng = random.Random(20260302)
    missed = []
    for number in range(MUTATIONS):
        hand = rng.choice(HANDS)
        with sessions(engine)() as session:
            raw = session.connection().connection.dbapi_connection
            assert isinstance(raw, sqlite3.Connection)
            hand(raw, rng, last)
            try:
                verify_chain(session)
                missed.append((number, hand.__name__))
            except ChainBroken:
                pass
            session.rollback()
        assert verified(engine) == intact
    engine.dispose()
    assert missed == []


def test_a_rewritten_chain_is_seen_only_with_a_head_kept_elsewhere(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    forged = open_database(f"sqlite:///{tmp_path / 'b.sqlite3'}")
    for each, actor in ((engine, "anonymous"), (forged, "somebody")):
        Base.metadata.create_all(each)
        append(each, 5, actor=actor)
    noted = verified(engine)
    assert verified(forged).seq == 5
    with pytest.raises(ChainBroken):
        verified(forged, known={noted.seq: noted.hash})
    engine.dispose()
    forged.dispose()


def test_eight_writers_at_once_leave_no_gap_and_no_fork(both_engines: Engine) -> None:
    each, writers = 12, 8
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            append(both_engines, each, actor=f"writer{number}")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert verified(both_engines).seq == each * writers
    with readers(both_engines)() as session:
        seqs = session.scalars(select(LedgerEntry.seq).order_by(LedgerEntry.seq)).all()
        assert list(seqs) == list(range(1, each * writers + 1))
        assert session.scalars(select(LedgerHead.seq)).one() == each * writers


def test_reading_while_others_write_raises_no_false_alarm(both_engines: Engine) -> None:
    done = threading.Event()

    def write() -> None:
        append(both_engines, 60)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    readings = 0
    while not done.is_set() or readings == 0:
        verified(both_engines)
        with sessions(both_engines)() as session:
            verify_chain(session)
        readings += 1
    writer.join()
    assert verified(both_engines).seq == 60


def test_the_command_tells_a_sound_ledger_from_a_broken_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    engine = open_database(url)
    Base.metadata.create_all(engine)
    append(engine, 4)
    head = verified(engine)
    monkeypatch.setenv("PARALLAX_DATABASE_URL", url)
    run = CliRunner()
    sound = run.invoke(ledger_group, ["verify", "--known", f"4:{head.hash.hex()}"])
    assert (sound.exit_code, sound.output) == (0, f"4 entries, unbroken; head 4:{head.hash.hex()}\n")
    assert run.invoke(ledger_group, ["verify", "--known", f"4:{'0' * 64}"]).exit_code == 1
    assert run.invoke(ledger_group, ["verify", "--known", "four"]).exit_code == 2
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER ledger_entries_no_update"))
        connection.execute(text("UPDATE ledger_entries SET act = 'denied' WHERE seq = 3"))
    broken = run.invoke(ledger_group, ["verify"])
    assert (broken.exit_code, broken.output) == (1, "Error: the ledger cannot be believed from entry 3 on\n")
    engine.dispose()
