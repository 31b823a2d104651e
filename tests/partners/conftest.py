"""The partners' room with an empty database under it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from partners_builders import Hub, ShortMemory, copy_of, desk_on
from sqlalchemy import Engine

from config.database import Base, open_database
from config.keys import Keys, load_keys, make_keys


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """One set for all tests here: none of them is about the keys of the service."""
    folder = tmp_path_factory.mktemp("keys") / "keys"
    make_keys(folder)
    return load_keys(folder)


@pytest.fixture(scope="session")
def blank() -> Iterator[Engine]:
    """Every table, and nothing in it: making them takes longer than most tests here."""
    engine = open_database("sqlite://")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def memory_engine(blank: Engine) -> Iterator[Engine]:
    """A copy of the blank one."""
    engine = copy_of(blank)
    yield engine
    engine.dispose()


@pytest.fixture
def hub(memory_engine: Engine, keys: Keys, clock: object) -> Hub:
    """For one thread."""
    return Hub(desk_on(memory_engine, keys, ShortMemory(), clock))


@pytest.fixture
def file_hub(engine: Engine, keys: Keys, clock: object) -> Hub:
    """With a database that threads can share and that outlives its connections."""
    return Hub(desk_on(engine, keys, ShortMemory(), clock))


@pytest.fixture
def both_hubs(both_engines: Engine, keys: Keys, clock: object) -> Hub:
    """On an SQLite file, and on PostgreSQL."""
    return Hub(desk_on(both_engines, keys, ShortMemory(), clock))
