"""The partners' room with an empty database under it."""

from __future__ import annotations

import pytest
from partners_builders import Hub, desk_on
from sqlalchemy import Engine

from config.keys import Keys
from config.keystore import KeyStore


@pytest.fixture
def hub(engine: Engine, keys: Keys, keystore: KeyStore, clock: object) -> Hub:
    return Hub(desk_on(engine, keys, keystore, clock))
