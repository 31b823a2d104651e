"""The application over a hub, and callers who hold real tokens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from partners_builders import Hub, Key, ShortMemory, desk_on
from sqlalchemy import Engine

from config.keys import Keys
from partners import guard

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass
class Service:
    """The application over a hub, and who calls it."""

    app: Flask
    hub: Hub
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def ask_token(self, assertion: str, **more: Any) -> Any:
        form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION}
        return self.client.post("/oauth/token", data={**form, "client_assertion": assertion, **more})

    def call(self, method: str, path: str, key: Key | str | None = None, **more: Any) -> Any:
        """Call as somebody; a key gets a token once and keeps it. `once` is the `Idempotency-Key`."""
        if isinstance(key, Key):
            if key.kid not in self.tokens:
                self.tokens[key.kid] = self.hub.token(key)
            key = self.tokens[key.kid]
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        once = more.pop("once", None)
        headers |= {"Idempotency-Key": once} if once is not None else {}
        return self.client.open(path, method=method, headers={**headers, **more.pop("headers", {})}, **more)


def still() -> datetime:
    """A clock for what is built once, at the moment at which every test's own clock begins."""
    return datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def serve(app: Flask, engine: Engine, keys: Keys, clock: Any, like: Service | None = None) -> Service:
    """The application over the hub in `engine`; with `like`, what its people hold holds here too."""
    kept = like.hub.desk.keystore.kept if like else {}
    hub = Hub(desk_on(engine, keys, ShortMemory(kept), clock))
    app.extensions[guard.EXTENSION] = hub.desk
    return Service(app, hub, dict(like.tokens) if like else {})
