"""The partners' room with an empty database under it."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask import Flask
from partners_builders import Hub, Key, ShortMemory, copy_of, desk_on
from partners_edge import Service
from sqlalchemy import Engine

from api import Desks, create_app
from config.database import Base, open_database
from config.keys import Keys, load_keys, make_keys
from partners import guard
from partners.values import Role


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


@pytest.fixture(scope="session")
def app() -> Flask:
    """The application, which takes longer to build than most tests here; each test puts its own hub under it."""
    share = cast(Any, SimpleNamespace(tag_key=bytes(range(32))))
    return create_app(desks=Desks(share=share, partners=cast(Any, None)))


@pytest.fixture
def service(app: Flask, hub: Hub) -> Service:
    """The application over a hub of its own."""
    app.extensions[guard.EXTENSION] = hub.desk
    return Service(app, hub)


@pytest.fixture
def stewards(hub: Hub) -> tuple[Key, Key]:
    """Two people of the partner that keeps the hub."""
    keepers = hub.partner("keepers", steward=True)
    return hub.person(keepers, "s1", Role.STEWARD), hub.person(keepers, "s2", Role.STEWARD)
