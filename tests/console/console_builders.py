"""The pages over a small world: partners with a person in each role, browsers that have signed in, a real server.

`signed_in(pages, "reviewer")` is a browser in which a reviewer of the partner "shelter" sits. It sends forms as
a page would: with the token of the sitting. `served(folder)` answers on a real port, with the same helpers.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

from builders import World, make_world
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

import api
from config.clock import Clock, utc_now
from config.database import open_database
from config.keys import Keys, load_keys, make_keys
from config.keystore import KeyStore
from config.settings import Settings
from console.session import FIELD
from partners.desk import PartnersDesk
from partners.models import Member, Partner
from partners.models_people import OPEN
from partners.sitting import Sitting, begin, sitting_of
from partners.values import Actor, Role
from share.worker import start

COOKIE = "parallax"
HTTPS_COOKIE = "__Host-parallax"
ISSUER = "http://localhost"
HOME = "shelter"


@dataclass(frozen=True)
class Pages:
    """The application, the world behind it, and its people."""

    world: World
    desk: PartnersDesk
    app: Flask
    people: dict[tuple[str, str], UUID] = field(default_factory=dict)

    def partner(self, slug: str = HOME, **more: Any) -> UUID:
        """A partner with an agreement and a policy that lets everything out; made at the first call."""
        if slug not in self.world.ids:
            self.world.partner(slug, **more)
        return self.world.ids[slug]

    def member(self, role: str = "caseworker", partner: str = HOME, *, code: str | None = None) -> UUID:
        """A member with the rights of that role; made at the first call. A steward's partner keeps the hub."""
        name = (partner, code or role)
        if name not in self.people:
            home = self.partner(partner)
            with self.desk.sessions.begin() as session:
                if role == "steward":
                    session.get_one(Partner, home).steward = True
                row = Member(
                    partner_id=home,
                    code=code or role,
                    roles=[role],
                    scopes=sorted(Role(role).scopes),
                    added_at=self.desk.clock(),
                )
                session.add(row)
                session.flush()
                self.people[name] = row.id
        return self.people[name]

    def actor(self, role: str = "caseworker", partner: str = HOME, *, code: str | None = None) -> Actor:
        """The same person as use cases know her."""
        member = self.member(role, partner, code=code)
        return Actor(member, self.world.ids[partner], member, Role(role).scopes, second_factor=True)

    def token(self, member: UUID) -> str:
        """The token of a new sitting of that member, who has just shown her second factor."""
        with self.desk.sessions.begin() as session:
            return begin(session, member, OPEN, desk=self.desk)


@dataclass(frozen=True)
class Browser:
    """A browser with a cookie of its own. `get` and `post` follow nothing unless told to."""

    client: FlaskClient
    desk: PartnersDesk
    token: str = field(repr=False)

    @property
    def sitting(self) -> Sitting:
        """Who sits here."""
        found = sitting_of(self.token, desk=self.desk)
        assert found is not None
        return found

    def get(self, path: str, **how: Any) -> TestResponse:
        """A page."""
        return self.client.get(path, **how)

    def post(self, path: str, said: Mapping[str, Any] | None = None, **how: Any) -> TestResponse:
        """Send a form of this sitting; lists are sent as repeated fields."""
        return self.client.post(path, data={FIELD: self.sitting.form_token, **(said or {})}, **how)

    def send(self, path: str, said: Any, **how: Any) -> TestResponse:
        """Send JSON as a script of our own pages does."""
        return self.client.post(path, json=said, headers={"X-Form-Token": self.sitting.form_token}, **how)


def make_pages(world: World, keys: Keys, *, issuer: str = ISSUER) -> Pages:
    """The application over `world`, as it answers under `issuer`."""
    settings = Settings.from_env({"PARALLAX_ISSUER": issuer, "PARALLAX_ENVIRONMENT": "test"})
    desk = PartnersDesk(
        sessions=world.desk.sessions,
        readers=world.desk.readers,
        clock=world.desk.clock,
        keys=keys,
        keystore=world.keystore,
        settings=settings,
    )
    return Pages(world, desk, api.create_app(desks=api.Desks(share=world.desk, partners=desk)))


def signed_in(
    pages: Pages, role: str = "caseworker", partner: str = HOME, *, code: str | None = None
) -> Browser:
    """A browser in which a member with that role sits; she has just shown her second factor."""
    token = pages.token(pages.member(role, partner, code=code))
    browser = nobody(pages)
    browser.client.set_cookie(_cookie(pages), token, path="/")
    return replace(browser, token=token)


def nobody(pages: Pages) -> Browser:
    """A browser in which nobody has signed in."""
    return Browser(pages.app.test_client(), pages.desk, "")


@dataclass(frozen=True)
class Served:
    """The pages on a real port. `cookie` is what Playwright's `context.add_cookies` takes."""

    pages: Pages
    url: str

    def cookie(
        self, role: str = "caseworker", partner: str = HOME, *, code: str | None = None
    ) -> dict[str, Any]:
        """The cookie of a member who has signed in."""
        token = self.pages.token(self.pages.member(role, partner, code=code))
        return {
            "name": _cookie(self.pages),
            "value": token,
            "url": self.url,
            "httpOnly": True,
            "sameSite": "Strict",
        }


@contextmanager
def served(folder: Path, *, clock: Clock = utc_now, worker: bool = True, **changes: Any) -> Iterator[Served]:
    """A server in this process at http://localhost:PORT, over an SQLite file in `folder`, with its worker.

    Texts are read without language models: "Ioana Popescu" and "Oradea" are found unless `examine=` says else.
    """
    make_keys(folder / "keys")
    keys = load_keys(folder / "keys")
    engine = open_database(f"sqlite:///{folder / 'parallax.sqlite3'}")
    world = make_world(engine, KeyStore(folder / "keystore.sqlite3", keys.kek, clock), clock, **changes)
    port = free_port()
    pages = make_pages(world, keys, issuer=f"http://localhost:{port}")
    server = make_server("127.0.0.1", port, pages.app, threaded=True)
    answering = Thread(target=server.serve_forever, daemon=True)
    answering.start()
    working = start(world.desk) if worker else None
    try:
        yield Served(pages, f"http://localhost:{port}")
    finally:
        if working is not None:
            thread, stop = working
            stop.set()
            thread.join(10)
        server.shutdown()
        answering.join(10)
        server.server_close()
        engine.dispose()


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _cookie(pages: Pages) -> str:
    return HTTPS_COOKIE if pages.desk.settings.issuer.startswith("https:") else COOKIE
