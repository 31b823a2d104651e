"""A running service and people who talk to it over HTTP: what the demo and the stories are told with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyotp
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from partners.jwks import as_jwk
from partners.keyfiles import KeyFile
from partners.tokens import client_assertion

ROOT = Path(__file__).resolve().parents[1]
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
YEAR = timedelta(days=300)


def now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


class Refused(Exception):
    """The service said no; `status` and `code` are its words."""

    def __init__(self, status: int, code: str, where: str) -> None:
        super().__init__(f"{status} {code} at {where}")
        self.status = status
        self.code = code


@dataclass
class Service:
    """The service as a process of its own over a folder, started on a free loopback port."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    url: str = ""

    @property
    def log(self) -> Path:
        """Where the service's log lines go."""
        return self.folder / "service.log"

    @property
    def instance(self) -> Path:
        """The instance's own folder."""
        return self.folder / "instance"

    def init(self) -> None:
        """Make the instance: keys, database, two stewards."""
        self._run("init", "--directory", str(self.instance))

    def start(self) -> None:
        """Start it and wait until it answers."""
        port_file = self.folder / f"port-{uuid4()}"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*COMMAND, "serve", "--port", "0", "--port-file", str(port_file)],
                cwd=ROOT,
                env=self._env(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_for(lambda: port_file.exists() and port_file.read_text().strip(), "the service to start", 90)
        self.url = f"http://127.0.0.1:{port_file.read_text().strip()}"
        wait_for(self._answers, "the service to answer", 30)

    def stop(self) -> None:
        """End it as an operator would."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it, and everything it started, as a power cut would."""
        self._signal(signal.SIGKILL)

    def command(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        """Run a `parallax` command on the instance."""
        return self._run(*words)

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz", timeout=2).ok
        except requests.RequestException:
            return False

    def _signal(self, how: signal.Signals) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        try:
            os.killpg(process.pid, how)
            process.wait(20)
        except ProcessLookupError:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(20)

    def _env(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PARALLAX_")}
        own = {"PARALLAX_INSTANCE": str(self.instance), "PARALLAX_ENVIRONMENT": "development"}
        return kept | own | dict(self.environment)

    def _run(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        done = subprocess.run([*COMMAND, *words], cwd=ROOT, env=self._env(), capture_output=True, check=False)
        if done.returncode:
            raise RuntimeError(f"parallax {words[0]} ended with {done.returncode}:\n{done.stderr.decode()}")
        return done


COMMAND = [sys.executable, "-m", "api"]


@dataclass
class Caller:
    """Somebody with a key, and, if a person, with a second factor. Fetches a token when there is none."""

    service: Service
    key: KeyFile
    token: str = field(default="", repr=False)

    def get(self, path: str, **how: Any) -> Any:
        """The JSON at `path`."""
        return self.ask("GET", path, **how).json()

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Any:
        """What the service answers to `body`, sent under an `Idempotency-Key`."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        answer = self.ask("POST", path, json={} if body is None else body, headers=headers)
        return answer.json() if answer.content else None

    def ask(self, method: str, path: str, **how: Any) -> requests.Response:
        """One request; raises `Refused` for anything but success."""
        self.token = self.token or self._token()
        headers = {"Authorization": f"Bearer {self.token}"} | how.pop("headers", {})
        answer = requests.request(method, self.service.url + path, headers=headers, timeout=60, **how)
        return _checked(answer, path)

    def _token(self) -> str:
        private, secret = self.key.private_key, self.key.totp_secret
        assert private is not None
        otp = pyotp.TOTP(secret).now() if secret else None
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION,
            "client_assertion": client_assertion(private, self.key.kid, self.key.issuer, now, otp),
        }
        answer = requests.post(f"{self.service.url}/oauth/token", data=form, timeout=60)
        return str(_checked(answer, "/oauth/token").json()["access_token"])


@dataclass
class Hub:
    """The service as its two stewards keep it: what one proposes, the other approves."""

    service: Service
    first: Caller
    second: Caller

    @classmethod
    def of(cls, service: Service) -> Hub:
        """The hub of a fresh instance."""
        files = [service.instance / "stewards" / f"steward-{n}.json" for n in (1, 2)]
        first, second = (Caller(service, KeyFile.read(file)) for file in files)
        return cls(service, first, second)

    def agree(self, path: str, body: Any, *, by: Caller | None = None) -> Mapping[str, str]:
        """Propose, approve, and what came of it."""
        proposal = (by or self.first).post(path, body)["id"]
        told: Mapping[str, str] = self.second.post(f"/api/v1/proposals/{proposal}/approvals")["told"]
        return told

    def partner(self, said: Mapping[str, Any]) -> str:
        """Register an organisation; its id."""
        names = ("slug", "name", "kind", "countries", "areas", "languages", "law_flags")
        return self.agree("/api/v1/partners", {name: said[name] for name in names if name in said})["partner"]

    def member(self, partner: str, code: str, roles: list[str]) -> Caller:
        """Enrol a person; she keeps the private key, and is handed her second factor."""
        private = Ed25519PrivateKey.generate()
        asked = {"code": code, "roles": roles, "jwk": as_jwk(private.public_key()), "expires": _in_a_year()}
        told = self.agree(f"/api/v1/partners/{partner}/members", asked)
        return Caller(self.service, KeyFile(told["kid"], self.first.key.issuer, private, told["totp_secret"]))

    def machine(self, partner: str, scopes: list[str]) -> Caller:
        """A key for a partner's own software."""
        private = Ed25519PrivateKey.generate()
        asked = {"jwk": as_jwk(private.public_key()), "scopes": scopes, "expires": _in_a_year()}
        told = self.agree(f"/api/v1/partners/{partner}/credentials", asked)
        return Caller(self.service, KeyFile(told["kid"], self.first.key.issuer, private))

    def policy(self, administrator: Caller, document: str) -> None:
        """Adopt a first policy: its own administrator proposes, a lent steward is the second."""
        said = administrator.post("/api/v1/policies", {"document": document, "base": 0})
        if said["state"] == "proposed":
            self.second.post(f"/api/v1/policies/{said['id']}/approvals")


def wait_for(is_so: Callable[[], Any], what: str, seconds: float) -> Any:
    """Poll until `is_so` says something true, and return that."""
    deadline = time.monotonic() + seconds
    while not (said := is_so()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.05)
    return said


def fresh_folder() -> Path:
    """An empty folder of our own."""
    return Path(tempfile.mkdtemp(prefix="parallax-"))


def _checked(answer: requests.Response, path: str) -> requests.Response:
    if not answer.ok:
        try:
            said = answer.json()
            code = str(said.get("code") or said.get("error") or "") + " " + str(said.get("errors", ""))
        except ValueError:
            code = "no JSON"
        raise Refused(answer.status_code, code, path)
    return answer


def _in_a_year() -> str:
    return (now() + YEAR).isoformat()
