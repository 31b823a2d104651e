"""Proposals outlive the step that takes their keys away, and a decision still takes two people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import IntegrityError

from config.cli import migrations
from config.database import Sealed, open_database, sessions
from partners.models import Member, Partner, Proposal

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def before(both_urls: str) -> Iterator[Engine]:
    """A database as it was, with two proposals: one that was decided, and one that waits and has a key."""
    engine = open_database(both_urls)
    step(engine, command.upgrade, "0001_first")
    with sessions(engine).begin() as session:
        home = Partner(slug="north", name="N", kind="NGO", countries=["RO"], areas=[], languages=[], law_flags=[],
                       added_at=NOON)  # fmt: skip
        session.add(home)
        session.flush()
        people = [
            Member(partner_id=home.id, code=code, roles=[], scopes=[], totp=Sealed(b"x"), added_at=NOON)
            for code in ("p1", "p2")
        ]
        session.add_all(people)
        session.flush()
        said: dict[str, Any] = {"act": "join_circle", "partner_id": home.id, "request": {"circle": "c"}}
        said |= {"proposed_by": people[0].id, "proposed_at": NOON, "until": NOON + timedelta(days=30)}
        decided = {"outcome": "approved", "decided_by": people[1].id, "decided_at": NOON}
        session.add_all([Proposal(**said), Proposal(**said, **decided)])
        session.flush()
        session.execute(text("UPDATE proposals SET request_key = 'k' WHERE outcome IS NULL"))
    yield engine
    engine.dispose()


def step(engine: Engine, way: Any, to: str) -> None:
    with engine.connect() as connection:
        way(migrations(connection), to)


def kept(engine: Engine) -> list[Any]:
    columns = [getattr(Proposal, each.key) for each in inspect(Proposal).columns]
    with sessions(engine)() as session:
        return [tuple(row) for row in session.execute(select(*columns).order_by(Proposal.id))]


def alone(engine: Engine) -> None:
    """One person decides what she proposed."""
    with sessions(engine).begin() as session:
        session.execute(text("UPDATE proposals SET outcome = 'approved', decided_by = proposed_by"))


def test_proposals_are_kept_up_and_down_and_their_keys_go(before: Engine) -> None:
    rows = kept(before)
    assert len(rows) == 2
    for way, to, has_keys in ((command.upgrade, "head", False), (command.downgrade, "0001_first", True)):
        step(before, way, to)
        assert kept(before) == rows
        assert (
            "request_key" in {each["name"] for each in inspect(before).get_columns("proposals")}
        ) is has_keys
        assert [each["name"] for each in inspect(before).get_indexes("proposals") if not each["unique"]] == [
            "ix_proposals_partner_id"
        ]
        with pytest.raises(IntegrityError):
            alone(before)


def test_the_database_refuses_an_outcome_that_is_none(before: Engine) -> None:
    step(before, command.upgrade, "head")
    with pytest.raises(IntegrityError), sessions(before).begin() as session:
        session.execute(text("UPDATE proposals SET outcome = 'expired'"))
