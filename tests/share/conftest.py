"""A world for this room's tests: one database, one desk, partners and circles on request."""

from __future__ import annotations

import pytest
from builders import World, make_world
from sqlalchemy import Engine

from config.keystore import KeyStore


@pytest.fixture
def world(engine: Engine, keystore: KeyStore, clock: object) -> World:
    return make_world(engine, keystore, clock)  # type: ignore[arg-type]


@pytest.fixture
def world_on_both(both_engines: Engine, keystore: KeyStore, clock: object) -> World:
    """The same on SQLite and on PostgreSQL."""
    return make_world(both_engines, keystore, clock)  # type: ignore[arg-type]
