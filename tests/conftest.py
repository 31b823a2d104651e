"""What every room's tests may ask for: a still clock, made keys, and empty databases of both kinds."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from postgres import binaries, postgres

from config.database import Base, open_database, sessions
from config.keys import Keys, load_keys, make_keys
from config.keystore import KeyStore


@dataclass
class StillClock:
    """A clock that stands until it is moved."""

    now: datetime = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **step: float) -> datetime:
        """Move on by a `timedelta(**step)`, and say what time it is then."""
        self.now += timedelta(**step)
        return self.now


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """An instance directory with made keys in it and nothing else."""
    directory = tmp_path / "instance"
    directory.mkdir(mode=0o700)
    make_keys(directory / "keys")
    return directory


@pytest.fixture
def keys(instance: Path) -> Keys:
    return load_keys(instance / "keys")


@pytest.fixture
def release_private(instance: Path) -> bytes:
    """The private half that opens originals; in life it is kept elsewhere."""
    pem = (instance / "keys" / "release.pem").read_bytes()
    key = load_pem_private_key(pem, password=None)
    assert isinstance(key, X25519PrivateKey)
    return key.private_bytes_raw()


@pytest.fixture
def keystore(instance: Path, keys: Keys, clock: StillClock) -> KeyStore:
    return KeyStore(instance / "keystore.sqlite3", keys.kek, clock)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """An SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'parallax.sqlite3'}"


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    """An SQLite file with every table of the models that are imported."""
    opened = open_database(sqlite_url)
    Base.metadata.create_all(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def memory_engine() -> Iterator[Engine]:
    """The same in memory, for tests with one thread: it opens faster."""
    opened = open_database("sqlite://")
    Base.metadata.create_all(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def session_maker(engine: Engine) -> sessionmaker[Session]:
    return sessions(engine)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of our own; skipped only where this machine has no binaries at all."""
    folder = binaries()
    if folder is None:
        pytest.skip("no PostgreSQL binaries on this machine")
    with postgres(folder) as url:
        yield url


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """The URL of an empty database on that server, for one test."""
    name = f"test_{datetime.now(UTC):%H%M%S%f}"
    server = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def both_urls(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind in turn."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_database"))


@pytest.fixture
def both_engines(both_urls: str) -> Iterator[Engine]:
    """The same with every table in it."""
    opened = open_database(both_urls)
    Base.metadata.create_all(opened)
    yield opened
    opened.dispose()
