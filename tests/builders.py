"""Builders that spell out only what a test is about; everything else is ordinary and allowed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from config.database import Base, Sealed, readers, sessions
from config.keystore import KeyStore
from evidence import vault
from partners.models import Agreement, Circle, CircleMembership, Member, Partner, PolicyVersion
from partners.values import Actor, Scope
from policies.grounds import Ground
from policies.load import floor
from policies.vocabulary import VERSION, VOCABULARY
from redaction.engine import Engine as Eyes
from redaction.engine import Language
from redaction.findings import Examined, Known, Span
from share.desk import Desk, Examine
from share.draft import (
    Draft,
    Event,
    Identifier,
    Pattern,
    Person,
    RecordedGround,
    Suspect,
)
from share.idempotency import Once
from share.intake import submit
from share.models import Report
from share.signing import Signer
from share.worker import run_all
from share.working import WorkingCopies

FAR = date(2030, 12, 31)
ADULT_BORN = "1998-04-05"
RELEASE_PUBLIC = bytes.fromhex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")
FINGERPRINT = "test-engine"

NO_EYES = Eyes(
    detectors=(), identify=lambda _text, _wanted: Language("en", False, True), fingerprint=FINGERPRINT
)


def finds(*words: str, kind: str = "PERSON") -> Examine:
    """An examiner that finds just these words, wherever they stand."""

    def look(text: str, *, known: Sequence[Known], lang: str | None) -> Examined:
        spans = [
            Span(at, at + len(word), frozenset({kind}), frozenset({"test"}))
            for word in words
            for at in range(len(text))
            if text.startswith(word, at)
        ]
        return Examined(text, lang or "en", tuple(sorted(spans, key=lambda s: s.start)), (), FINGERPRINT)

    return look


def make_ground(subject: str = "P1", **changes: Any) -> RecordedGround:
    """A live consent of an adult for sharing with other organisations."""
    nobody = subject == "no-subject"
    ground = Ground(
        subject=subject,
        basis="no-subject" if nobody else "consent",
        purposes=frozenset() if nobody else frozenset({"other-organisations", "authorities"}),
        withheld_from=frozenset(),
        until=None if nobody else FAR,
        given_on=date(2026, 1, 1),
        given_by="self",
        guardian_is_suspect_or_kin=False,
        withdrawn_on=None,
    )
    return RecordedGround(replace(ground, **changes), explained=("purpose", "withdrawal"), language="ro")


def make_person(code: str = "P1", *, names: Sequence[str] = ("Ioana Popescu",), **fields: Any) -> Person:
    """An adult survivor from Romania."""
    said = {"prs_Birthdate": ADULT_BORN, "prs_Gender": "Feminine", "prs_Citizenship": "RO"} | fields
    return Person(
        code=code,
        role="survivor",
        fields={name: (value,) for name, value in said.items() if value is not None},
        identifiers=tuple(Identifier("PERSON", name) for name in names),
    )


def make_draft(**changes: Any) -> Draft:
    """A report about one adult with a live ground, recruited in Oradea for work on a farm in Italy."""
    people = changes.pop("people", (make_person(),))
    grounds = changes.pop("grounds", tuple(make_ground(person.code) for person in people))
    draft = Draft(
        language="en",
        narrative="Ioana Popescu was taken from Oradea and had to work for nothing.",
        people=people,
        grounds=grounds,
        events=(
            Event("Recruitment", on="2026-02-14", city="Oradea", state="RO-BH", country="RO"),
            Event("Exploitation", on="2026-02-20", city="Foggia", state="IT-75", country="IT"),
        ),
        patterns=(
            Pattern(
                fields={"vic_TypeOfExploitation": ("ForcedLabour",), "vic_MethodsOfControl": ("DebtBondage",)}
            ),
        ),
        suspects=(
            Suspect(
                "S1", names=("Gelu Marin",), roles=("RecruiterOrIntermediary",), phones=("+40 722 000 111",)
            ),
        ),
    )
    return replace(draft, **changes)


def everything(**changes: Any) -> dict[str, Any]:
    """A clearance, as a circle's document, that has nothing to object."""
    said = {
        "purposes": ["other-organisations"],
        "linkage": "CIRCLE",
        "tlp": "AMBER",
        "smallest_group": 3,
        "detail": dict.fromkeys(VOCABULARY.kinds, "EXACT"),
    }
    return said | changes


@dataclass
class World:
    """A desk over one database, with the partners and circles that a test asks for."""

    desk: Desk
    keystore: KeyStore
    ids: dict[str, UUID] = field(default_factory=dict)

    def partner(self, slug: str, *, automatic: bool = True, policy: Mapping[str, Any] | None = None) -> Actor:
        """A partner with a running agreement and a policy that lets everything out; its reviewer, a person."""
        now = self.desk.clock()
        with self.desk.sessions.begin() as session:
            row = Partner(
                slug=slug,
                name=slug,
                kind="NGO",
                countries=["RO"],
                areas=[],
                languages=["ro"],
                law_flags=[],
                added_at=now,
            )
            session.add(row)
            session.flush()
            member = Member(
                partner_id=row.id, code="R1", roles=["reviewer"], scopes=[], totp=Sealed(b"x"), added_at=now
            )
            session.add_all([member, _agreement(row.id, now)])
            session.flush()
            self.ids[slug] = row.id
            person = Actor(uuid4(), row.id, member.id, frozenset(Scope), second_factor=True)
        self.adopt(person, policy or everything(), automatic=automatic)
        return person

    def adopt(
        self, by: Actor, terms: Mapping[str, Any], *, automatic: bool = True, circle: str = "*", **more: Any
    ) -> None:
        """Put a policy in force for a partner."""
        document = {
            "policy": "test",
            "version": 1,
            "until": FAR.isoformat(),
            "automatic": automatic,
            "circles": {circle: dict(terms)},
        } | more
        with self.desk.sessions.begin() as session:
            numbers = [row.number for row in session.query(PolicyVersion).filter_by(partner_id=by.partner)]
            session.add(
                PolicyVersion(
                    partner_id=by.partner,
                    number=max(numbers, default=0) + 1,
                    document=json.dumps(document),
                    adopted_at=self.desk.clock(),
                    adopted_by=by.member,
                )
            )

    def circle(
        self, slug: str, *members: Actor, clearance: Mapping[str, Any] | None = None, **changes: Any
    ) -> UUID:
        """A circle with these members."""
        said: dict[str, Any] = {
            "slug": slug,
            "clearance": dict(clearance or everything()),
            "purpose": "other-organisations",
            "tlp": "AMBER",
            "smallest_group": 3,
            "suspect_names_basis": "art-6-1-e",
            "until": FAR,
            "added_at": self.desk.clock(),
        }
        with self.desk.sessions.begin() as session:
            row = Circle(**(said | changes))
            session.add(row)
            session.flush()
            session.add_all([self._stay(row.id, member) for member in members])
            return row.id

    def join(self, circle: UUID, member: Actor) -> None:
        """One more member, from now on."""
        with self.desk.sessions.begin() as session:
            session.get_one(Circle, circle).version += 1
            session.add(self._stay(circle, member))

    def leave(self, circle: UUID, member: Actor) -> None:
        """A member leaves."""
        with self.desk.sessions.begin() as session:
            session.get_one(Circle, circle).version += 1
            stay = (
                session.query(CircleMembership).filter_by(circle_id=circle, partner_id=member.partner).one()
            )
            stay.left_at = self.desk.clock()

    def post(self, draft: Draft, by: Actor, *, key: str | None = None) -> UUID:
        """Submit a report and do everything that is due."""
        answer = submit(draft, by=by, once=once(by, key), desk=self.desk)
        run_all(self.desk)
        return UUID(answer["id"])

    def report(self, report_id: UUID) -> Report:
        """The row as it stands."""
        with self.desk.readers() as session:
            return session.get_one(Report, report_id)

    def _stay(self, circle: UUID, member: Actor) -> CircleMembership:
        return CircleMembership(
            circle_id=circle, partner_id=member.partner, joined_at=self.desk.clock(), until=FAR
        )


def once(by: Actor, key: str | None = None, request: bytes = b"request") -> Once:
    """A request, with or without an `Idempotency-Key`."""
    return Once(by.partner, key, request)


def make_world(engine: Engine, keystore: KeyStore, clock: Callable[[], datetime], **changes: Any) -> World:
    """A desk without language models: nothing is found unless a test says what."""
    Base.metadata.create_all(engine)
    desk = Desk(
        sessions=sessions(engine),
        readers=readers(engine),
        clock=clock,
        floor=floor(),
        seal=partial(vault.seal, keystore=keystore, release_public=RELEASE_PUBLIC),
        destroy=partial(vault.destroy, keystore=keystore),
        working=WorkingCopies(keystore),
        examine=finds("Ioana Popescu", "Oradea"),
        second_look=NO_EYES,
        signer=Signer("k1", Ed25519PrivateKey.generate()),
        pseudonym_key=bytes(32),
        tag_key=bytes(range(32)),
        epoch=1,
        vocabulary=VERSION,
        publish_every=timedelta(0),
        claim_for=timedelta(minutes=2),
        working_copy_days=30,
        random=os.urandom,
    )
    return World(replace(desk, **changes), keystore)


def _agreement(partner: UUID, now: datetime) -> Agreement:
    return Agreement(
        partner_id=partner,
        version=1,
        start=date(2026, 1, 1),
        end=FAR,
        purposes=sorted(VOCABULARY.purposes),
        areas=[],
        added_at=now,
    )
