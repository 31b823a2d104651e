"""An act is written with the act itself, in codes only, and nobody can take it back."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from config.database import sessions
from ledger.chain import verify_chain
from ledger.entries import Act, Entry, NotACode, commit, record
from ledger.models import AppendOnly, LedgerEntry

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def note(session: Session, act: Act = Act.RECEIVED, **changed: object) -> Entry:
    said: dict[str, object] = {"at": NOON, "actor": "anonymous", "ref": "a" * 32} | changed
    return record(session, act, **said)  # type: ignore[arg-type]


def test_an_entry_says_where_it_stands(both_engines: Engine) -> None:
    with sessions(both_engines).begin() as session:
        first, second = note(session), note(session, Act.PUBLISHED, codes={"reason": "facts_only"})
    assert (first.seq, second.seq) == (1, 2)
    assert first.id != second.id
    assert second.at == NOON
    with sessions(both_engines)() as session:
        rows = session.scalars(select(LedgerEntry).order_by(LedgerEntry.seq)).all()
        assert [(row.act, row.codes, row.at) for row in rows] == [
            ("received", "{}", NOON),
            ("published", '{"reason":"facts_only"}', NOON),
        ]
        assert rows[1].previous == first.hash


def test_no_act_without_its_entry_and_no_entry_without_its_act(both_engines: Engine) -> None:
    maker = sessions(both_engines)
    with maker.begin() as session:
        note(session)
    with pytest.raises(RuntimeError), maker.begin() as session:
        note(session)
        raise RuntimeError("the act fails")
    with maker.begin() as session:
        assert note(session).seq == 2
    with maker() as session:
        assert verify_chain(session).seq == 2


@pytest.mark.parametrize(
    "words",
    [
        {"actor": "Ileana Brandusa"},
        {"actor": ""},
        {"ref": "+40 721 555 013"},
        {"ref": "a" * 81},
        {"codes": {"reason": "she was found in Orsova"}},
        {"codes": {"reason": ""}},
        {"codes": {"Reason why": "late"}},
        {"codes": {"reason": "Ileană"}},
        {"codes": {"reason": "two\nlines"}},
        {"commitment": b"too short"},
    ],
)
def test_words_are_refused_and_not_repeated(memory_engine: Engine, words: dict[str, object]) -> None:
    with sessions(memory_engine).begin() as session:
        with pytest.raises(NotACode) as refused:
            note(session, **words)
        assert str(refused.value) in words
        assert session.scalars(select(LedgerEntry)).all() == []


def test_an_unknown_act_and_a_naive_moment_are_refused(memory_engine: Engine) -> None:
    with sessions(memory_engine).begin() as session:
        with pytest.raises(ValueError, match="not a valid Act"):
            note(session, "celebrated")  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            note(session, at=NOON.replace(tzinfo=None))
        assert session.scalars(select(LedgerEntry)).all() == []


def test_a_commitment_can_only_be_tested_with_its_salt() -> None:
    salt, other = os.urandom(32), os.urandom(32)
    assert commit(b"+40721555013", salt) == commit(b"+40721555013", salt)
    assert commit(b"+40721555013", salt) != commit(b"+40721555014", salt)
    assert commit(b"+40721555013", salt) != commit(b"+40721555013", other)
    with pytest.raises(ValueError, match="32 bytes"):
        commit(b"+40721555013", b"")


def test_an_entry_cannot_be_changed_or_deleted_through_the_models(both_engines: Engine) -> None:
    maker = sessions(both_engines)
    with maker.begin() as session:
        note(session)
    with pytest.raises(AppendOnly), maker.begin() as session:
        session.scalars(select(LedgerEntry)).one().actor = "somebody"
    with pytest.raises(AppendOnly), maker.begin() as session:
        session.delete(session.scalars(select(LedgerEntry)).one())
    with pytest.raises(AppendOnly), maker.begin() as session:
        session.execute(update(LedgerEntry).values(actor="somebody"))
    with pytest.raises(AppendOnly), maker.begin() as session:
        session.execute(delete(LedgerEntry))


REWRITES = (
    "UPDATE ledger_entries SET actor = 'somebody'",
    "DELETE FROM ledger_entries",
    "DELETE FROM ledger_entries WHERE seq = 1",
)


@pytest.mark.parametrize("statement", REWRITES)
def test_the_database_refuses_it_as_well(both_engines: Engine, statement: str) -> None:
    with sessions(both_engines).begin() as session:
        note(session)
    with pytest.raises(DBAPIError, match="append-only"), both_engines.begin() as connection:
        connection.execute(text(statement))


def test_the_ways_around_a_delete_are_closed_too(engine: Engine) -> None:
    with sessions(engine).begin() as session:
        note(session)
    replace = "INSERT OR REPLACE INTO ledger_entries SELECT * FROM ledger_entries"
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(replace))


def test_postgresql_refuses_to_empty_the_table(postgres_database: str) -> None:
    from config.database import Base, open_database

    engine = open_database(postgres_database)
    Base.metadata.create_all(engine)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text("TRUNCATE ledger_entries"))
    engine.dispose()


def test_without_the_triggers_a_rewrite_would_pass(engine: Engine) -> None:
    with sessions(engine).begin() as session:
        note(session)
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER ledger_entries_no_update"))
        assert connection.execute(text(REWRITES[0])).rowcount == 1


def test_a_lost_head_stops_the_ledger_instead_of_starting_anew(both_engines: Engine) -> None:
    maker = sessions(both_engines)
    with maker.begin() as session:
        note(session)
        session.execute(text("DELETE FROM ledger_head"))
    with pytest.raises(DBAPIError), maker.begin() as session:
        note(session)
