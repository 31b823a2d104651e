"""A database connection keeps its promises on every connection, and its columns refuse what is not theirs."""

from __future__ import annotations

import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, String, create_engine, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from config import database
from config.database import Encrypted, Sealed, open_database, readers, reading, sessions

CANARY = "Ileana-Brandusa-0721555013"


class Local(DeclarativeBase):
    pass


class Thing(Local):
    __tablename__ = "things"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime | None] = mapped_column(database.UTC)
    words: Mapped[Sealed | None] = mapped_column(Encrypted)


@pytest.fixture
def things(both_urls: str) -> Iterator[Engine]:
    engine = open_database(both_urls)
    Local.metadata.create_all(engine)
    yield engine
    engine.dispose()


EXPECTED = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "secure_delete": 1,
    "busy_timeout": 10_000,
    "recursive_triggers": 1,
}


def test_every_connection_has_the_pragmas(sqlite_url: str) -> None:
    engine = open_database(sqlite_url)
    held = [engine.connect() for _ in range(3)]
    try:
        for connection in held[:1]:
            for name, value in EXPECTED.items():
                assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == value
            connection.rollback()
        raw = [connection.connection.dbapi_connection for connection in held]
        assert len({id(each) for each in raw}) == 3
        for each in raw:
            assert each is not None
            for name, value in EXPECTED.items():
                assert each.execute(f"PRAGMA {name}").fetchone()[0] == value
    finally:
        for connection in held:
            connection.close()
        engine.dispose()


def test_a_new_database_file_is_readable_by_its_owner_alone(sqlite_url: str, tmp_path: Path) -> None:
    engine = open_database(sqlite_url)
    Local.metadata.create_all(engine)
    with engine.connect() as connection:
        connection.execute(select(Thing.name))
        for file in tmp_path.glob("parallax.sqlite3*"):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
    engine.dispose()


@pytest.mark.parametrize(
    "zone", [UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=3))]
)
def test_a_moment_comes_back_as_the_same_moment_in_utc(things: Engine, zone: timezone) -> None:
    moment = datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=zone)
    with sessions(things).begin() as session:
        session.add(Thing(name="a", at=moment))
    with readers(things)() as session:
        back = session.scalars(select(Thing)).one().at
    assert back == moment
    assert back is not None
    assert back.utcoffset() == timedelta(0)


def test_a_naive_moment_is_refused(things: Engine) -> None:
    with pytest.raises(StatementError, match="needs a time zone"), sessions(things).begin() as session:
        session.add(Thing(name="a", at=datetime(2026, 3, 2)))  # noqa: DTZ001


@pytest.mark.parametrize(
    "moment",
    [
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone(-timedelta(hours=1))),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))),
    ],
)
def test_a_moment_that_utc_cannot_tell_is_refused_and_not_repeated(things: Engine, moment: datetime) -> None:
    with (
        pytest.raises(StatementError, match="no calendar") as refused,
        sessions(things).begin() as session,
    ):
        session.add(Thing(name="a", at=moment))
    assert isinstance(refused.value.orig, ValueError)
    assert "9999" not in str(refused.value)


def test_an_encrypted_column_takes_sealed_bytes_only(things: Engine) -> None:
    for wrong in (b"in clear", "in clear"):
        with pytest.raises(StatementError, match="sealed bytes only"), sessions(things).begin() as session:
            session.execute(insert(Thing).values(name="a", words=wrong))
    with sessions(things).begin() as session:
        session.add(Thing(name="a", words=Sealed(b"\x00\xff")))
    with readers(things)() as session:
        assert session.scalars(select(Thing)).one().words == Sealed(b"\x00\xff")


def test_sealed_bytes_do_not_show_themselves() -> None:
    assert repr(Sealed(CANARY.encode())) == "Sealed()"


def test_an_error_does_not_print_what_was_bound(things: Engine) -> None:
    with sessions(things).begin() as session:
        session.add(Thing(name=CANARY))
    with pytest.raises(IntegrityError) as refused, sessions(things).begin() as session:
        session.add(Thing(name=CANARY))
    assert "hidden" in str(refused.value)
    assert "parameters: (" not in str(refused.value)


def test_without_the_setting_an_error_would_print_it() -> None:
    engine = create_engine("sqlite://")
    with pytest.raises(OperationalError) as refused, engine.connect() as connection:
        connection.execute(text("INSERT INTO nothing VALUES (:name)"), {"name": CANARY})
    assert CANARY in str(refused.value)
    engine.dispose()


def test_readers_cannot_write(things: Engine) -> None:
    with pytest.raises(DBAPIError), readers(things).begin() as session:
        session.add(Thing(name="a"))
    with sessions(things).begin() as session:
        session.add(Thing(name="a"))


def test_a_reader_neither_waits_for_a_writer_nor_sees_half_of_its_work(things: Engine) -> None:
    with sessions(things).begin() as writer:
        writer.add(Thing(name="half"))
        writer.flush()
        with readers(things)() as reader:
            assert reader.scalars(select(Thing.name)).all() == []


def test_a_reader_sees_one_moment_throughout(things: Engine) -> None:
    with reading(things).connect() as reader:
        assert reader.execute(select(Thing.name)).all() == []
        with sessions(things).begin() as writer:
            writer.add(Thing(name="later"))
        assert reader.execute(select(Thing.name)).all() == []


def _approve_at_once(maker: sessionmaker[Session], people: int) -> int:
    """How many of `people` find nothing approved yet, and then approve."""
    approved, ready = [], threading.Barrier(people)

    def approve(number: int) -> None:
        ready.wait()
        try:
            with maker.begin() as session:
                if session.scalars(select(Thing.name)).first() is None:
                    session.add(Thing(name=str(number)))
                    session.flush()
                    approved.append(number)
        except OperationalError:
            pass

    threads = [threading.Thread(target=approve, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(approved)


def test_of_four_people_who_look_and_then_act_only_one_is_first(tmp_path: Path) -> None:
    for attempt in range(10):
        engine = open_database(f"sqlite:///{tmp_path}/{attempt}.sqlite3")
        Local.metadata.create_all(engine)
        assert _approve_at_once(sessions(engine), people=4) == 1
        engine.dispose()


def test_with_the_driver_s_own_transactions_several_would_be_first(tmp_path: Path) -> None:
    several = 0
    for attempt in range(30):
        engine = create_engine(f"sqlite:///{tmp_path}/{attempt}.sqlite3")
        Local.metadata.create_all(engine)
        several += _approve_at_once(sessionmaker(engine), people=4) > 1
        engine.dispose()
    assert several > 0
