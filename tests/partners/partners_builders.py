"""A hub in a few words: only what a test is about has to be spelt out."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pyotp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config.database import open_database, readers, sessions
from config.keys import Keys
from config.keystore import KeyGone, KeyStore
from config.settings import Settings
from partners import proposals, waiting
from partners.access import grant_token, who_is
from partners.adoption import adopt_policy
from partners.agreements import add_agreement, join_circle, set_circle
from partners.desk import PartnersDesk
from partners.idempotency import Once
from partners.jwks import as_jwk
from partners.members import add_credential, add_member, register_partner
from partners.proposals import Decided
from partners.requests import (
    CircleTerms,
    Joining,
    NewAgreement,
    NewCredential,
    NewMember,
    NewPartner,
    PolicyDocument,
)
from partners.rules import Request
from partners.tokens import client_assertion
from partners.values import PERSONS_ONLY, Actor, Role, Scope
from partners.waiting import Asked, PolicyState
from policies.terms import Tlp

ISSUER = "https://hub.example.org"
LATER = date(2027, 12, 31)
BY = "test"
MACHINE = tuple(scope for scope in Scope if scope not in PERSONS_ONLY)


def copy_of(engine: Engine) -> Engine:
    """A database in memory with all that is in another one."""
    copied = open_database("sqlite://")
    with closing(engine.raw_connection()) as source, closing(copied.raw_connection()) as target:
        source.driver_connection.backup(target.driver_connection)
    return copied


class ShortMemory(KeyStore):
    """A key store without a file. What a real one promises is shown where it is at home."""

    def __init__(self, kept: Mapping[str, bytes] | None = None) -> None:
        self.kept = dict(kept or {})

    def create(self, name: str, purpose: str) -> bytes:
        return self.kept.setdefault(name, secrets.token_bytes(32))

    def get(self, name: str) -> bytes:
        if name not in self.kept:
            raise KeyGone
        return self.kept[name]

    def destroy(self, name: str) -> None:
        self.kept.pop(name, None)

    def list(self) -> list[str]:
        return sorted(self.kept)


def desk_on(engine: Engine, keys: Keys, keystore: KeyStore, clock: Any) -> PartnersDesk:
    return PartnersDesk(
        sessions=sessions(engine),
        readers=readers(engine),
        clock=clock,
        keys=keys,
        keystore=keystore,
        settings=Settings.from_env({"PARALLAX_ISSUER": ISSUER}),
    )


def once(by: Actor, key: str | None = None, request: object = None) -> Once:
    """What makes a request this one: who sends it, under which key, and all that it asks for."""
    return Once(by.partner, key, repr(request).encode(), member=by.member)


def propose(asked: Request, *, by: Actor, desk: PartnersDesk, key: str | None = None) -> Asked:
    return proposals.propose(asked, by=by, once=once(by, key, asked), desk=desk)


def submit_policy(
    asked: PolicyDocument, *, by: Actor, desk: PartnersDesk, key: str | None = None
) -> PolicyState:
    return proposals.submit_policy(asked, by=by, once=once(by, key, asked), desk=desk)


def approve(
    proposal: UUID, *, by: Actor, desk: PartnersDesk, key: str | None = None, only: str | None = None
) -> Decided:
    return proposals.approve(proposal, by=by, once=once(by, key, proposal), desk=desk, only=only)


def refuse(proposal: UUID, *, by: Actor, desk: PartnersDesk, key: str | None = None) -> None:
    proposals.refuse(proposal, by=by, once=once(by, key, proposal), desk=desk)


def open_proposals(*, by: Actor, desk: PartnersDesk) -> tuple[Asked, ...]:
    return waiting.open_proposals(by=by, after=None, limit=200, desk=desk).items


def policies_of(*, by: Actor, desk: PartnersDesk) -> tuple[PolicyState, ...]:
    return waiting.policies_of(by=by, after=None, limit=200, desk=desk).items


@dataclass(frozen=True)
class Key:
    """A private key with its id; a person's has the secret of her second factor too."""

    private: Ed25519PrivateKey
    kid: str
    member: UUID | None = None
    totp_secret: str | None = None


@dataclass(frozen=True)
class Hub:
    """Acts on the database directly, as the operator could."""

    desk: PartnersDesk

    def session(self) -> Session:
        return self.desk.readers()

    @property
    def today(self) -> date:
        return self.desk.clock().date()

    def partner(self, slug: str, *, agreed: bool = True, **more: Any) -> UUID:
        asked = NewPartner(**{"slug": slug, "name": slug, "kind": "NGO", "countries": ("RO",), **more})
        with self.desk.sessions.begin() as session:
            new = register_partner(session, asked, at=self.desk.clock(), by=BY)
        if agreed:
            self.agreement(new.id)
        return new.id

    def agreement(
        self,
        partner: UUID,
        *,
        start: date = date(2026, 1, 1),
        end: date = LATER,
        purposes: Iterable[str] = ("other-organisations",),
    ) -> UUID:
        asked = NewAgreement(partner=partner, start=start, end=end, purposes=tuple(purposes))
        with self.desk.sessions.begin() as session:
            return add_agreement(session, asked, at=self.desk.clock(), by=BY)

    def circle(self, slug: str, *members: UUID, stay: date = LATER, **more: Any) -> UUID:
        said = {
            "slug": slug,
            "purpose": "other-organisations",
            "tlp": Tlp.AMBER,
            "smallest_group": 5,
            "until": LATER,
            "clearance": {"detail": {"PLACE": "coarse", "SUSPECT_NAME": "exact"}},
        }
        with self.desk.sessions.begin() as session:
            circle = set_circle(session, CircleTerms(**{**said, **more}), at=self.desk.clock(), by=BY)
        for member in members:
            self.join(slug, member, until=stay)
        return circle

    def join(self, circle: str, partner: UUID, *, until: date = LATER) -> None:
        with self.desk.sessions.begin() as session:
            join_circle(session, Joining(circle, partner, until), at=self.desk.clock(), by=BY)

    def machine(self, partner: UUID, *scopes: Scope, days: int = 90) -> Key:
        private = Ed25519PrivateKey.generate()
        asked = NewCredential(
            partner=partner,
            jwk=as_jwk(private.public_key()),
            scopes=scopes or MACHINE,
            expires=self.desk.clock() + timedelta(days=days),
        )
        with self.desk.sessions.begin() as session:
            return Key(private, add_credential(session, asked, at=self.desk.clock(), by=BY))

    def person(self, partner: UUID, code: str, *roles: Role, days: int = 90) -> Key:
        private = Ed25519PrivateKey.generate()
        asked = NewMember(
            partner=partner,
            code=code,
            roles=roles or tuple(Role),
            jwk=as_jwk(private.public_key()),
            expires=self.desk.clock() + timedelta(days=days),
        )
        with self.desk.sessions.begin() as session:
            new = add_member(session, asked, keystore=self.desk.keystore, at=self.desk.clock(), by=BY)
        return Key(private, new.kid, new.id, new.totp_secret)

    def policy(self, partner: UUID, document: str, *people: Key) -> UUID:
        """Adopted by the first of `people`, and seconded by the second."""
        first, second = (people or (self.person(partner, "p1"), self.person(partner, "p2")))[:2]
        with self.desk.sessions.begin() as session:
            base = len(self.versions(partner))
            asked = PolicyDocument(partner=partner, document=document, base=base)
            return adopt_policy(
                session, asked, at=self.desk.clock(), by=first.member, second=second.member
            ).id

    def versions(self, partner: UUID) -> list[Any]:
        from sqlalchemy import select

        from partners.models import PolicyVersion

        with self.session() as session:
            return list(session.scalars(select(PolicyVersion).where(PolicyVersion.partner_id == partner)))

    def assertion(self, key: Key, *, otp: bool | str = True) -> str:
        code = otp if isinstance(otp, str) else self.code(key) if otp and key.totp_secret else None
        return client_assertion(key.private, key.kid, ISSUER, self.desk.clock, code)

    def code(self, key: Key) -> str:
        assert key.totp_secret
        return pyotp.TOTP(key.totp_secret).at(self.desk.clock())

    def token(self, key: Key, *, otp: bool | str = True) -> str:
        return grant_token(self.assertion(key, otp=otp), wanted=None, desk=self.desk).token

    def actor(self, key: Key) -> Actor:
        return who_is(self.token(key), desk=self.desk)

    def at(self, engine: Engine) -> Hub:
        """The same hub after a restart: other connections to the same database."""
        return Hub(replace(self.desk, sessions=sessions(engine), readers=readers(engine)))


def policy_document(
    *,
    until: str = "2027-06-30",
    automatic: bool = False,
    fences: Iterable[str] = (),
    **circles: dict[str, str],
) -> str:
    """A policy that lets each circle have these kinds at these rungs. Underscores stand for hyphens."""
    lines = ["policy: own", "version: 1", f"until: {until}", f"automatic: {'yes' if automatic else 'no'}"]
    lines += [f"fences: [{', '.join(fences)}]", "circles:" if circles else "circles: {}"]
    for slug, detail in circles.items():
        name = '"*"' if slug == "others" else slug.replace("_", "-")
        lines += [f"  {name}:", "    purposes: [other-organisations]", "    tlp: AMBER", "    detail:"]
        lines += [f"      {kind}: {rung}" for kind, rung in detail.items()] or ["      {}"]
    return "\n".join(lines) + "\n"
