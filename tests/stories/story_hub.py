"""A running hub with the demo's partners in it, and a record of every answer that anybody was ever given."""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests

DEMO = Path(__file__).resolve().parents[2] / "demo"
sys.path.insert(0, str(DEMO))

from client import Caller, Hub, Service, wait_for  # noqa: E402
from players import Cast, introduce  # noqa: E402

REVIEWERS_OWN = "/review"
"""The one address that shows a text as it was received, to reviewers of its own partner."""


@dataclass
class Record:
    """Answers as they arrived: status, headers and body."""

    answers: dict[str, bytes] = field(default_factory=dict)
    to_reviewers: int = 0

    def take(self, answer: requests.Response) -> None:
        """Keep an answer, unless it is the working copy that a reviewer asked for."""
        path = answer.request.path_url.split("?")[0]
        if path.endswith(REVIEWERS_OWN) and answer.ok:
            self.to_reviewers += 1
            return
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        said = f"{answer.status_code} {answer.reason}\n{head}\n\n".encode() + answer.content
        self.answers[f"{answer.request.method} answer {len(self.answers)}"] = said

    def different(self) -> dict[str, bytes]:
        """The answers, with the same lines of heads and the same bodies once."""
        heads: dict[bytes, None] = {}
        bodies: dict[bytes, str] = {}
        for place, answer in self.answers.items():
            head, _, body = answer.partition(b"\n\n")
            heads |= dict.fromkeys(head.split(b"\n"))
            bodies.setdefault(body, place)
        return {place: body for body, place in bodies.items()} | {"heads": b"\n".join(heads)}

    @contextmanager
    def of_everything(self) -> Iterator[Record]:
        """While this is open, every answer that `requests` brings is kept."""
        real = requests.Session.request

        def request(session: requests.Session, *args: Any, **kwargs: Any) -> requests.Response:
            answer = real(session, *args, **kwargs)
            self.take(answer)
            return answer

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(requests.Session, "request", request)
            yield self


def started(folder: Path, **settings: str) -> Service:
    """A service of its own under `folder`, whose temporary files stay there too."""
    (folder / "tmp").mkdir()
    said = {f"PARALLAX_{name}": value for name, value in settings.items()}
    service = Service(folder, said | {"TMPDIR": str(folder / "tmp"), "HOME": str(folder)})
    service.init()
    service.start()
    return service


def populated(service: Service) -> Cast:
    """The demo's partners, people, circles and policies."""
    return introduce(Hub.of(service))


def idle(service: Service, seconds: float = 300) -> None:
    """Wait until nothing is left to do."""
    wait_for(lambda: waiting(service) == 0, "the outbox to be worked off", seconds)


def waiting(service: Service) -> int:
    """How much work is undone."""
    with sqlite3.connect(f"file:{service.instance}/parallax.sqlite3?mode=ro", uri=True) as database:
        (count,) = database.execute("SELECT count(*) FROM outbox WHERE done_at IS NULL").fetchone()
    database.close()
    return int(count)


def left_behind(service: Service) -> Iterator[tuple[str, bytes]]:
    """Every file under the service's folder, and what the system says about its processes."""
    for path in sorted(service.folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(service.folder).as_posix(), path.read_bytes()
    if service.process is not None:
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if os.getpgid(int(process.name)) == service.process.pid:
                    yield f"arguments of {process.name}", (process / "cmdline").read_bytes()
                    yield f"environment of {process.name}", (process / "environ").read_bytes()
            except OSError:
                continue  # it has ended since


def everybody(cast: Cast) -> dict[str, Caller]:
    """The partners' machines and people, each once."""
    machines = {f"{slug} machine": caller for slug, caller in cast.machines.items()}
    people = {
        f"{slug} {role}": caller for slug, roles in cast.people.items() for role, caller in roles.items()
    }
    once: dict[int, tuple[str, Caller]] = {}
    for name, caller in (machines | people).items():
        once.setdefault(id(caller), (name, caller))
    return dict(once.values())


def lasting(caller: Caller) -> Caller:
    """The caller with a token that is good for two more minutes; fetched anew only when it has to be."""
    if not caller.token or _expiry(caller.token) - time.time() < 120:
        caller.token = caller._token()
    return caller


def _expiry(token: str) -> float:
    claims = jwt.decode(token, options={"verify_signature": False})
    return float(claims["exp"])
