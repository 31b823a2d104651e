"""A write that is sent twice happens once: the second time it is answered, and changes nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from partners_builders import LATER, Hub, Key, approve, copy_of, once, policy_document, propose
from partners_edge import Service, serve, still
from sqlalchemy import Engine, select
from test_partners_access import at_once
from test_partners_proposals import jwk, make_town

from config.database import Base
from config.keys import Keys
from partners import idempotency
from partners.errors import Conflict, NotAllowed, TokenError
from partners.idempotency import once_only
from partners.jwks import as_jwk
from partners.members import resume_partner
from partners.models import Credential, Member, RememberedAnswer
from partners.requests import NewMember
from partners.routes import BLUEPRINTS
from partners.values import Role

EXPIRES = "2026-12-01T00:00:00+00:00"
API = "/api/v1"


@dataclass(frozen=True)
class Place:
    """A hub with two stewards, and a shelter with two people in a circle."""

    service: Service
    stewards: tuple[Key, Key]
    home: UUID
    people: tuple[Key, Key]

    def send(self, write: Write, **how: Any) -> Any:
        """One write, as whoever may do it."""
        body = {} if write.body is None else {"json": write.body}
        return self.service.call(write.method, f"{API}{write.path}", write.by, **{**body, **how})

    def rows(self) -> list[Any]:
        """Every row of every table but those that count tokens."""
        tables = [
            table
            for table in Base.metadata.sorted_tables
            if table.name not in ("used_assertions", "token_counts")
        ]
        with self.service.hub.session() as session:
            return [(table.name, *map(tuple, session.execute(table.select()))) for table in tables]


@dataclass(frozen=True)
class Write:
    """A request that is right in every way, and who may send it."""

    by: Key
    method: str
    path: str
    body: Any = None


@pytest.fixture(scope="module")
def built(app: Flask, blank: Engine, keys: Keys) -> Iterator[tuple[Engine, Place]]:
    """A place, built once; everybody in it has come in already, which leaves rows of its own."""
    engine = copy_of(blank)
    service = serve(app, engine, keys, still)
    hub = service.hub
    keepers, home = hub.partner("keepers", steward=True), hub.partner("shelter")
    hub.circle("south", home)
    stewards = hub.person(keepers, "s1", Role.STEWARD), hub.person(keepers, "s2", Role.STEWARD)
    people = hub.person(home, "p1"), hub.person(home, "p2")
    for key in (*stewards, *people):
        service.call("GET", f"{API}/partners/me", key)
    yield engine, Place(service, stewards, home, people)
    engine.dispose()


@pytest.fixture
def place(app: Flask, built: tuple[Engine, Place], keys: Keys, clock: object) -> Iterator[Place]:
    """A copy of it, to be changed."""
    made, engine = built[1], copy_of(built[0])
    yield replace(made, service=serve(app, engine, keys, clock, made.service))
    engine.dispose()


def waiting(place: Place, path: str, body: Any) -> str:
    """The id of what the first of the shelter's people proposed."""
    return str(place.send(Write(place.people[0], "POST", path, body)).json["id"])


def a_person() -> dict[str, Any]:
    return {"code": "p9", "roles": ["reviewer"], "jwk": jwk(), "expires": EXPIRES}


def a_key() -> dict[str, Any]:
    return {"scopes": ["bulletins:read"], "jwk": jwk(), "expires": EXPIRES}


CIRCLE = {
    "slug": "north",
    "purpose": "other-organisations",
    "tlp": "AMBER",
    "smallest_group": 5,
    "until": LATER.isoformat(),
    "clearance": {"detail": {"PLACE": "coarse"}},
}
PARTNER = {"slug": "new", "name": "New", "kind": "NGO", "countries": ["RO"]}
AGREEMENT = {"start": "2026-01-01", "end": "2027-12-31", "purposes": ["research"]}
LOOSE = {"document": policy_document(south={"PLACE": "fine"}), "base": 0}
TIGHT = {"document": policy_document(), "base": 0}

WRITES: dict[str, Callable[[Place], Write]] = {
    "partners.propose_partner": lambda on: Write(on.stewards[0], "POST", "/partners", PARTNER),
    "partners.suspend": lambda on: Write(on.stewards[0], "POST", f"/partners/{on.home}/suspension"),
    "partners.propose_resumption": lambda on: Write(
        on.stewards[0], "POST", f"/partners/{on.home}/resumption"
    ),
    "partners.propose_member": lambda on: Write(
        on.people[0], "POST", f"/partners/{on.home}/members", a_person()
    ),
    "partners.propose_machine_key": lambda on: Write(
        on.people[0], "POST", f"/partners/{on.home}/credentials", a_key()
    ),
    "partners.propose_agreement": lambda on: Write(
        on.stewards[0], "POST", f"/partners/{on.home}/agreements", AGREEMENT
    ),
    "members.propose_member_key": lambda on: Write(
        on.people[0], "POST", f"/members/{on.people[1].member}/credentials", a_key()
    ),
    "members.suspend_person": lambda on: Write(
        on.people[0], "POST", f"/members/{on.people[1].member}/suspension"
    ),
    "credentials.revoke": lambda on: Write(on.people[0], "DELETE", f"/credentials/{on.people[1].kid}"),
    "circles.propose_circle": lambda on: Write(on.stewards[0], "POST", "/circles", CIRCLE),
    "circles.close": lambda on: Write(on.stewards[0], "POST", "/circles/south/closure"),
    "circles.propose_joining": lambda on: Write(
        on.stewards[0], "POST", "/circles/south/memberships", {"partner": str(on.home), "until": "2027-01-01"}
    ),
    "circles.leave": lambda on: Write(on.people[0], "DELETE", "/circles/south/memberships"),
    "circles.put_out": lambda on: Write(on.stewards[0], "DELETE", f"/circles/south/memberships/{on.home}"),
    "policies.adopt": lambda on: Write(on.people[0], "POST", "/policies", TIGHT),
    "policies.approve_policy": lambda on: Write(
        on.people[1], "POST", f"/policies/{waiting(on, '/policies', LOOSE)}/approvals"
    ),
    "proposals.approve_proposal": lambda on: Write(
        on.people[1],
        "POST",
        f"/proposals/{waiting(on, f'/partners/{on.home}/members', a_person())}/approvals",
    ),
    "proposals.refuse_proposal": lambda on: Write(
        on.people[1],
        "POST",
        f"/proposals/{waiting(on, f'/partners/{on.home}/credentials', a_key())}/refusals",
    ),
}
"""One of each write of this room."""


def test_every_write_of_this_room_is_tried_here(service: Service) -> None:
    rooms = {blueprint.name for blueprint in BLUEPRINTS} - {"auth"}
    writes = {
        rule.endpoint
        for rule in service.app.url_map.iter_rules()
        if rule.endpoint.split(".")[0] in rooms
        and (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
    }
    assert set(WRITES) == writes


@pytest.mark.parametrize("endpoint", WRITES)
def test_a_retry_is_answered_alike_and_nothing_happens_twice(endpoint: str, place: Place) -> None:
    write = WRITES[endpoint](place)
    before = place.rows()
    first = place.send(write, once="k-1")
    assert first.status_code in (200, 201, 202, 204), first.json
    after = place.rows()
    again = place.send(write, once="k-1")
    assert (again.status_code, again.data, again.headers) == (first.status_code, first.data, first.headers)
    assert place.rows() == after != before


@pytest.mark.parametrize("endpoint", WRITES)
def test_another_request_under_a_used_key_is_refused(endpoint: str, place: Place) -> None:
    write = WRITES[endpoint](place)
    if write.body is None:
        others = [{"json": {}}, {"data": b"x"}]
    else:
        others = [{"json": {**write.body, "unknown": 1}, "expected": "invalid"}]
        others.append({"data": json.dumps(write.body, indent=1), "content_type": "application/json"})
    assert place.send(write, once="k-1").status_code < 300
    after = place.rows()
    for other in others:
        code = other.pop("expected", "idempotency_key_reused")
        answer = place.send(replace(write, body=None), once="k-1", **other)
        assert (answer.status_code, answer.json["code"]) == (422, code)
    assert place.rows() == after


@pytest.mark.parametrize("endpoint", WRITES)
def test_a_key_that_is_none_is_refused_before_anything_is_done(endpoint: str, place: Place) -> None:
    write = WRITES[endpoint](place)
    before = place.rows()
    for key in ("", " ", "a b", "k" * 201, "caf\xe9", "a\tb"):
        answer = place.send(write, once=key)
        assert (answer.status_code, answer.json["code"]) == (400, "bad_idempotency_key"), key
    assert place.rows() == before
    assert place.send(write, once="k" * 200).status_code < 300


def come_back(place: Place) -> None:
    place.service.hub.join("south", place.home)


def resume(place: Place) -> None:
    desk = place.service.hub.desk
    with desk.sessions.begin() as session:
        resume_partner(session, place.home, at=desk.clock(), by="test")


def standing(place: Place) -> list[Any]:
    """What the shelter may do now, and since when it reads in the circle."""
    hub = place.service.hub
    with hub.session() as session:
        return [
            tuple(row)
            for name in ("partners", "circle_memberships")
            for row in session.execute(Base.metadata.tables[name].select())
        ]


REOPENED: dict[str, Callable[[Place], None]] = {
    "partners.suspend": resume,
    "circles.leave": come_back,
    "circles.put_out": come_back,
}


@pytest.mark.parametrize("endpoint", REOPENED)
def test_a_copy_that_comes_late_does_not_shut_again_what_two_people_opened(
    endpoint: str, place: Place
) -> None:
    write = WRITES[endpoint](place)
    first = place.send(write, once="k-1")
    REOPENED[endpoint](place)
    place.service.tokens.clear()
    place.service.hub.desk.clock.forward(minutes=1)  # type: ignore[attr-defined]
    before = standing(place)
    late = place.send(write, once="k-1")
    assert (late.status_code, late.data) == (first.status_code, first.data) == (204, b"")
    assert standing(place) == before


@pytest.mark.parametrize("endpoint", REOPENED)
def test_control_without_its_key_the_late_copy_shuts(endpoint: str, place: Place) -> None:
    write = WRITES[endpoint](place)
    place.send(write)
    REOPENED[endpoint](place)
    place.service.tokens.clear()
    place.service.hub.desk.clock.forward(minutes=1)  # type: ignore[attr-defined]
    before = standing(place)
    assert place.send(write).status_code == 204
    assert standing(place) != before


def test_what_failed_is_not_remembered(place: Place) -> None:
    hub = place.service.hub
    write = Write(place.people[0], "DELETE", "/circles/south/memberships")
    assert place.send(write, once="k-0").status_code == 204
    before = place.rows()
    assert place.send(write, once="k-1").status_code == 404
    assert place.rows() == before
    hub.join("south", place.home)
    assert place.send(write, once="k-1").status_code == 204


def test_a_retry_says_what_was_said_although_it_was_decided_since(place: Place) -> None:
    for write in (
        Write(place.people[0], "POST", "/policies", LOOSE),
        Write(place.people[0], "POST", f"/partners/{place.home}/credentials", a_key()),
    ):
        first = place.send(write, once=write.path)
        decide = Write(place.people[1], "POST", f"/proposals/{first.json['id']}/approvals")
        assert place.send(decide).status_code == 200
        again = place.send(write, once=write.path)
        assert (again.status_code, again.data) == (first.status_code, first.data)


def test_every_person_has_keys_of_her_own(place: Place) -> None:
    """The same key and the same words from two people are two voices, and neither hears the other's answer."""
    path, said = f"/partners/{place.home}/members", a_person()
    first, second = (
        place.send(Write(person, "POST", path, said), once="k-1").json["id"] for person in place.people
    )
    assert first != second
    approvals = f"/proposals/{first}/approvals"
    assert place.send(Write(place.people[1], "POST", approvals), once="k-2").status_code == 200
    assert place.send(Write(place.people[0], "POST", approvals), once="k-2").status_code == 403


# The secret of a new member.


@dataclass(frozen=True)
class Enrolment:
    """A person who was just taken in, the approval that did it, and its answer."""

    private: Ed25519PrivateKey
    approval: Write
    told: dict[str, str]


@pytest.fixture
def enrolment(place: Place) -> Enrolment:
    private = Ed25519PrivateKey.generate()
    said = {**a_person(), "jwk": as_jwk(private.public_key())}
    proposal = waiting(place, f"/partners/{place.home}/members", said)
    approval = Write(place.people[1], "POST", f"/proposals/{proposal}/approvals")
    told = place.send(approval, once="k-1").json["told"]
    assert set(told) == {"member", "kid", "totp_secret"}
    return Enrolment(private, approval, told)


def later(place: Place, **passed: float) -> None:
    place.service.hub.desk.clock.forward(**passed)  # type: ignore[attr-defined]
    place.service.tokens.clear()


def without_secret(told: dict[str, str]) -> dict[str, str]:
    return {name: said for name, said in told.items() if name != "totp_secret"}


def test_a_lost_answer_to_an_approval_tells_the_secret_again(place: Place, enrolment: Enrolment) -> None:
    later(place, minutes=9)
    again = place.send(enrolment.approval, once="k-1")
    assert again.json["told"] == enrolment.told
    assert again.headers["Cache-Control"] == "no-store"
    key = Key(enrolment.private, enrolment.told["kid"], None, again.json["told"]["totp_secret"])
    assert place.service.call("GET", f"{API}/partners/me", key).json["member"] == enrolment.told["member"]


def test_ten_minutes_later_it_tells_the_ids_alone(place: Place, enrolment: Enrolment) -> None:
    later(place, minutes=10)
    assert place.send(enrolment.approval, once="k-1").json["told"] == without_secret(enrolment.told)


def test_once_she_has_come_in_with_it_nobody_is_told_again(place: Place, enrolment: Enrolment) -> None:
    key = Key(enrolment.private, enrolment.told["kid"], None, enrolment.told["totp_secret"])
    assert place.service.call("GET", f"{API}/partners/me", key).status_code == 200
    assert place.send(enrolment.approval, once="k-1").json["told"] == without_secret(enrolment.told)


def test_nobody_else_and_no_other_key_is_told_it(place: Place, enrolment: Enrolment) -> None:
    assert place.send(enrolment.approval).json["told"] == {}
    assert place.send(enrolment.approval, once="k-2").json["told"] == {}
    for other in (place.people[0], *place.stewards):
        answer = place.send(replace(enrolment.approval, by=other), once="k-1")
        assert answer.status_code in {403, 409}
        assert enrolment.told["totp_secret"] not in answer.get_data(as_text=True)


def test_after_a_suspension_it_is_not_told(place: Place, enrolment: Enrolment) -> None:
    suspension = Write(place.people[0], "POST", f"/members/{enrolment.told['member']}/suspension")
    assert place.send(suspension).status_code == 204
    assert place.send(enrolment.approval, once="k-1").json["told"] == without_secret(enrolment.told)


def test_the_secret_is_nowhere_in_clear(place: Place, enrolment: Enrolment) -> None:
    assert enrolment.told["totp_secret"] not in repr(place.rows())
    assert enrolment.told["kid"] in repr(place.rows()), "the control: what is in clear is found"


@pytest.mark.parametrize("endpoint", WRITES)
def test_what_is_remembered_are_ids_and_codes(endpoint: str, place: Place) -> None:
    place.send(WRITES[endpoint](place), once="Qz7canary")
    with place.service.hub.session() as session:
        (row,) = session.scalars(select(RememberedAnswer))
    assert "Qz7canary" not in repr((row.key_tag, row.request_tag, row.answer))
    for said in leaves(row.answer):
        assert re.fullmatch(r"[a-z_.]+|[0-9a-f-]{36}|[A-Za-z0-9_-]{43}", said), said


def leaves(value: Any) -> list[str]:
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [leaf for each in inner for leaf in leaves(each)]
    return [value]


# Races, which the database decides.


def test_of_many_copies_of_one_approval_all_get_the_answer_of_the_first(both_hubs: Hub) -> None:
    town = make_town(both_hubs)
    soon = both_hubs.desk.clock() + timedelta(days=30)
    asked = NewMember(town.shelter, "p9", (Role.REVIEWER,), jwk(), soon)
    proposal = propose(asked, by=town.first, desk=both_hubs.desk).id
    told: list[Any] = []

    def decide() -> None:
        told.append(dict(approve(proposal, by=town.second, desk=both_hubs.desk, key="k-1").told))

    assert at_once([decide] * 8) == ["in"] * 8
    assert told == [told[0]] * 8
    assert set(told[0]) == {"member", "kid", "totp_secret"}
    with both_hubs.session() as session:
        assert len(session.scalars(select(Member).where(Member.code == "p9")).all()) == 1


def test_of_many_different_requests_under_one_key_one_is_done(both_hubs: Hub) -> None:
    town = make_town(both_hubs)
    soon = both_hubs.desk.clock() + timedelta(days=30)

    def ask(number: int) -> Callable[[], None]:
        asked = NewMember(town.shelter, f"r{number}", (Role.REVIEWER,), jwk(), soon)

        def send() -> None:
            try:
                propose(asked, by=town.first, desk=both_hubs.desk, key="k-1")
            except Conflict as clash:
                raise TokenError(clash.code) from None

        return send

    outcomes = at_once([ask(number) for number in range(6)])
    assert sorted(outcomes) == [*["idempotency_key_reused"] * 5, "in"]


def test_a_refusal_leaves_neither_a_change_nor_a_claim(hub: Hub) -> None:
    town = make_town(hub)

    def half(session: Any) -> Any:
        session.add(Credential(id=uuid4(), kid="k" * 43, jwk={}, partner_id=town.shelter, scopes=[],
                               not_before=hub.desk.clock(), expires=hub.desk.clock()))  # fmt: skip
        session.flush()
        raise NotAllowed("half_way")

    with pytest.raises(NotAllowed, match="half_way"):
        once_only(hub.desk, once(town.first, "k-1"), half)
    assert idempotency.remembered(hub.desk, once(town.first, "k-1")) is None
    assert once_only(hub.desk, once(town.first, "k-1"), lambda _session: {}) == {}
    with hub.session() as session:
        assert session.scalars(select(Credential).where(Credential.kid == "k" * 43)).all() == []
