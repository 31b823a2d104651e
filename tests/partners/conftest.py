"""The partners' room with an empty database under it."""

from __future__ import annotations

from pathlib import Path

import pytest
from partners_builders import Hub, desk_on
from sqlalchemy import Engine

from config.keys import Keys, load_keys, make_keys
from config.keystore import KeyStore


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """One set for all tests here: none of them is about the keys of the service."""
    folder = tmp_path_factory.mktemp("keys") / "keys"
    make_keys(folder)
    return load_keys(folder)


@pytest.fixture
def keystore(tmp_path: Path, keys: Keys, clock: object) -> KeyStore:
    return KeyStore(tmp_path / "keystore.sqlite3", keys.kek, clock)


@pytest.fixture
def hub(memory_engine: Engine, keys: Keys, keystore: KeyStore, clock: object) -> Hub:
    """For one thread."""
    return Hub(desk_on(memory_engine, keys, keystore, clock))


@pytest.fixture
def file_hub(engine: Engine, keys: Keys, keystore: KeyStore, clock: object) -> Hub:
    """With a database that threads can share and that outlives its connections."""
    return Hub(desk_on(engine, keys, keystore, clock))


@pytest.fixture
def both_hubs(both_engines: Engine, keys: Keys, keystore: KeyStore, clock: object) -> Hub:
    """On an SQLite file, and on PostgreSQL."""
    return Hub(desk_on(both_engines, keys, keystore, clock))
