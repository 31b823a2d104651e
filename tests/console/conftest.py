"""The pages over an empty database in memory, with a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import make_world
from console_builders import Pages, Served, make_pages, served
from sqlalchemy import Engine

from config.keys import Keys
from config.keystore import KeyStore


@pytest.fixture
def pages(memory_engine: Engine, keystore: KeyStore, keys: Keys, clock: object) -> Pages:
    """For one thread; `pages.desk.clock` can be moved forward."""
    return make_pages(make_world(memory_engine, keystore, clock), keys)  # type: ignore[arg-type]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Served]:
    """The same on a real port with the real clock, for browsers."""
    folder = tmp_path / "site"
    folder.mkdir()
    with served(folder) as running:
        yield running
