"""The whole application over a test's world, and callers who hold real tokens."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from builders import World
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from werkzeug.test import TestResponse

import api
from config.keys import Keys, thumbprint
from config.settings import Settings
from partners.access import api_audience
from partners.desk import PartnersDesk
from partners.jwks import as_jwk
from partners.models import Credential, Member
from partners.tokens import ACCESS_LIFE, Access, issue_access_token
from partners.values import PERSONS_ONLY, Actor, Scope

ISSUER = "https://hub.example.org"
EVERY_SCOPE = frozenset(Scope)
OF_MACHINES = EVERY_SCOPE - PERSONS_ONLY


def still() -> datetime:
    """A clock for worlds that many tests share."""
    return datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Caller:
    """Somebody who sends requests: a test client with a token, or without one."""

    app: Flask
    token: str | None

    def send(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **how: Any
    ) -> TestResponse:
        said = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.app.test_client().open(path, method=method, headers={**said, **(headers or {})}, **how)

    def get(self, path: str, **how: Any) -> TestResponse:
        return self.send("GET", path, **how)

    def post(self, path: str, said: Any = None, *, key: str | None = None, **how: Any) -> TestResponse:
        headers = {"Idempotency-Key": key} if key else {}
        body = {} if said is None else {"data": json.dumps(said), "content_type": "application/json"}
        return self.send("POST", path, headers=headers | dict(how.pop("headers", {})), **body, **how)


@dataclass(frozen=True)
class Edge:
    """The application, the world behind it, and tokens for its people and machines."""

    world: World
    desk: PartnersDesk
    app: Flask

    def person(self, by: Actor, *, scopes: Collection[Scope] = EVERY_SCOPE) -> Caller:
        """A member of a partner, with a second factor and just these rights."""
        return Caller(self.app, self.token(by, scopes=scopes))

    def machine(self, by: Actor, *, scopes: Collection[Scope] = OF_MACHINES) -> Caller:
        """A partner's machine, with just these rights."""
        return Caller(self.app, self.token(replace(by, member=None, second_factor=False), scopes=scopes))

    def nobody(self) -> Caller:
        """Somebody without a token."""
        return Caller(self.app, None)

    def token(self, by: Actor, *, scopes: Collection[Scope], revoked: bool = False) -> str:
        """An access token of a credential made for it."""
        now = self.desk.clock()
        private = Ed25519PrivateKey.generate()
        kid = thumbprint(private.public_key())
        words = sorted(scopes)
        with self.desk.sessions.begin() as session:
            if by.member is not None:
                session.get_one(Member, by.member).scopes = sorted(EVERY_SCOPE)
            row = Credential(
                id=uuid4(),
                kid=kid,
                jwk=as_jwk(private.public_key()),
                partner_id=by.partner,
                member_id=by.member,
                scopes=words,
                not_before=now,
                expires=now + 1000 * ACCESS_LIFE,
                revoked_at=now if revoked else None,
            )
            session.add(row)
        return self.token_of(row.id, kid, frozenset(scopes), second_factor=by.second_factor)

    def token_of(self, credential: UUID, kid: str, scopes: frozenset[Scope], *, second_factor: bool) -> str:
        """What the token endpoint would issue to that credential."""
        access = Access(
            credential=credential,
            kid=kid,
            scopes=scopes,
            epochs=(0, 0),
            second_factor=second_factor,
            jti=uuid4().hex,
            issued=self.desk.clock(),
        )
        return issue_access_token(
            access, key=self.desk.keys.token, issuer=ISSUER, audience=api_audience(self.desk)
        )


def make_edge(world: World, keys: Keys) -> Edge:
    """The application over `world`."""
    settings = Settings.from_env({"PARALLAX_ISSUER": ISSUER, "PARALLAX_ENVIRONMENT": "test"})
    desk = PartnersDesk(
        sessions=world.desk.sessions,
        readers=world.desk.readers,
        clock=world.desk.clock,
        keys=keys,
        keystore=world.keystore,
        settings=settings,
    )
    return Edge(world, desk, api.create_app(desks=api.Desks(share=world.desk, partners=desk)))


def a_report(**changes: Any) -> dict[str, Any]:
    """A report about one adult with a live ground, as it is sent."""
    said: dict[str, Any] = {
        "language": "en",
        "narrative": "Ioana Popescu was taken from Oradea and had to work for nothing.",
        "people": [
            {
                "code": "P1",
                "role": "survivor",
                "fields": {
                    "prs_FirstName": "Ioana",
                    "prs_SecondName": "Popescu",
                    "prs_Birthdate": "1998-04-05",
                    "prs_Gender": "Feminine",
                    "prs_Citizenship": ["RO"],
                },
            }
        ],
        "grounds": [
            {
                "subject": "P1",
                "basis": "consent",
                "purposes": ["other-organisations", "authorities"],
                "given_on": "2026-02-01",
                "until": "2030-12-31",
            }
        ],
        "events": [
            {
                "hte_Type": "Recruitment",
                "hte_Date": "2026-02-14",
                "hte_City": "Oradea",
                "hte_State": "RO-BH",
                "hte_Country": "RO",
            }
        ],
        "patterns": [{"vic_TypeOfExploitation": ["ForcedLabour"], "vic_MethodsOfControl": ["DebtBondage"]}],
    }
    return said | changes
