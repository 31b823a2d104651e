"""A hub as an operator makes one, answering on a real port, and people who sit down at a browser of their own."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pyotp
from builders import finds
from click.testing import CliRunner
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "console"))

from console_builders import free_port

import api
from config.settings import Settings
from share.worker import start

PASSWORD = "four quiet herons by the weir"


@dataclass
class Clock:
    """The real time, and as far ahead of it as a test has moved it."""

    ahead: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def forward(self, **by: float) -> None:
        """Let time pass."""
        self.ahead += timedelta(**by)


@dataclass(frozen=True)
class Hub:
    """An instance made by `parallax init`, and the service over it. `run` is a shell on its machine."""

    folder: Path
    url: str
    clock: Clock

    @property
    def env(self) -> dict[str, str]:
        """What the operator has set."""
        return {
            "PARALLAX_INSTANCE": str(self.folder / "instance"),
            "PARALLAX_ISSUER": self.url,
            "PARALLAX_PUBLISH_EVERY": "0",
        }

    def run(self, *words: str) -> dict[str, Any]:
        """What a command has printed."""
        others = {name: None for name in os.environ if name.startswith("PARALLAX_")}
        done = CliRunner().invoke(api.cli, list(words), env=others | self.env)
        assert done.exit_code == 0, done.output
        said: dict[str, Any] = json.loads(done.stdout)
        return said

    def invite(self, partner: str, code: str, *roles: str) -> str:
        """The link that the operator's command prints."""
        asked = [word for role in roles for word in ("--role", role)]
        return str(self.run("partners", "invite", partner, code, *asked)["invitation"])


@contextmanager
def hub(folder: Path, *found: str) -> Iterator[Hub]:
    """A hub on a port of localhost, with its worker. Of a text these words are found, and none besides."""
    port = free_port()
    made = Hub(folder, f"http://localhost:{port}", Clock())
    made.run("init")
    desks = api.build_desks(Settings.from_env(made.env), clock=made.clock, examine=finds(*found))
    server = make_server("127.0.0.1", port, api.create_app(desks=desks), threaded=True)
    answering = Thread(target=server.serve_forever, daemon=True)
    answering.start()
    working, stop = start(desks.share)
    try:
        yield made
    finally:
        stop.set()
        working.join(10)
        server.shutdown()
        answering.join(10)
        server.server_close()
        desks.share.sessions.kw["bind"].dispose()


@dataclass
class Seat:
    """Somebody at a browser of her own: what she knows, what she holds, and what her browser complained of."""

    hub: Hub
    partner: str
    code: str
    context: BrowserContext
    page: Page
    secret: str = field(default="", repr=False)
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """A page, by its address."""
        self.page.goto(self.hub.url + path)
        return self.page

    def enrol(self, link: str) -> None:
        """Open an invitation and choose a password; what follows is the second factor."""
        self.page.goto(link)
        self.page.get_by_label("Password").first.fill(PASSWORD)
        self.page.get_by_label("The same password again").fill(PASSWORD)
        self.page.get_by_role("button", name="Go on").click()
        self.page.wait_for_url("**/enrol/factors")

    def take_code(self) -> None:
        """Set up an authenticator app from the secret that the page shows."""
        self.secret = self.page.locator("code.secret").inner_text().replace(" ", "")
        self.page.get_by_label("Code").fill(self.otp())
        self.page.get_by_role("button", name="Set up", exact=True).click()
        self.page.wait_for_url(self.hub.url + "/")

    def take_passkey(self) -> None:
        """Make a passkey, with an authenticator that is built into this browser."""
        self.page.get_by_role("button", name="Set up a passkey").click()
        self.page.wait_for_url(self.hub.url + "/")

    def otp(self) -> str:
        """What the authenticator app shows, with a figure that was not used yet."""
        self.hub.clock.forward(seconds=30)
        return pyotp.TOTP(self.secret).at(self.hub.clock())

    def show_password(self) -> None:
        """The first half of the way in."""
        self.page.get_by_label("Your organisation's short name").fill(self.partner)
        self.page.get_by_label("Your code").fill(self.code)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Go on").click()
        self.page.wait_for_url(re.compile("/sign-in/second-factor"))

    def show_factor(self) -> None:
        """The second half, and the same again where a page wants to be sure."""
        if self.secret:
            self.page.get_by_label("Code from your authenticator app").fill(self.otp())
            self.page.locator("main form button").click()
        else:
            self.page.get_by_role("button", name="Use your passkey").click()
        self.page.wait_for_url(re.compile(r"^(?!.*/sign-in).*$"))

    def sign_in(self) -> None:
        """From the sign-in page to the first page."""
        self.go("/sign-in")
        self.show_password()
        self.show_factor()

    def sign_out(self) -> None:
        """By the button on every page."""
        self.page.get_by_role("button", name="Sign out").click()
        self.page.wait_for_url("**/sign-in")

    def press(self, button: str) -> None:
        """Press a button. If the page wants to be sure who presses it, show a factor and press again."""
        self.page.get_by_role("button", name=button, exact=True).first.click()
        self.page.wait_for_load_state()
        if "/sign-in/confirm" in self.page.url:
            self.show_factor()
            self.page.get_by_role("button", name=button, exact=True).first.click()
            self.page.wait_for_load_state()


def sit_down(hub: Hub, partner: str, code: str, *, chromium: Browser, **how: Any) -> Seat:
    """A browser for that person, in which nobody has signed in; it can make passkeys."""
    context = chromium.new_context(**how)
    page = context.new_page()
    seat = Seat(hub, partner, code, context, page)
    page.on("pageerror", lambda error: seat.complaints.append(str(error)))
    page.on("console", lambda said: seat.complaints.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: seat.asked.append(request.url))
    wires = context.new_cdp_session(page)
    wires.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    wires.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return seat
