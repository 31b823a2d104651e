"""Lists are walked page by page without a gap or a double, and a cursor that is not yours is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from partners_builders import Key, copy_of, policy_document
from partners_edge import Service, serve, still
from sqlalchemy import Engine
from test_partners_proposals import jwk

from config.keys import Keys
from partners.errors import NotThere
from partners.pages import Page, cut, turn
from partners.values import Role

API = "/api/v1"
EXPIRES = "2026-12-01T00:00:00+00:00"


@dataclass(frozen=True)
class Shelves:
    """A hub in which every list has five things or more, and a stranger whose lists have others."""

    service: Service
    steward: Key
    home: UUID
    people: tuple[Key, ...]
    theirs: UUID
    stranger: Key

    def get(self, path: str, by: Key) -> Any:
        return self.service.call("GET", f"{API}{path}", by)

    def propose(self, by: Key, path: str, said: Any) -> str:
        answer = self.service.call("POST", f"{API}{path}", by, json=said)
        assert answer.status_code in (201, 202), answer.json
        return str(answer.json["id"])


@pytest.fixture(scope="module")
def built(app: Flask, blank: Engine, keys: Keys) -> Iterator[tuple[Engine, Shelves]]:
    """The shelves, filled once."""
    engine = copy_of(blank)
    yield engine, fill(serve(app, engine, keys, still))
    engine.dispose()


@pytest.fixture
def shelves(app: Flask, built: tuple[Engine, Shelves], keys: Keys, clock: object) -> Iterator[Shelves]:
    """A copy of them, to be changed."""
    made, engine = built[1], copy_of(built[0])
    yield replace(made, service=serve(app, engine, keys, clock, made.service))
    engine.dispose()


def fill(service: Service) -> Shelves:
    hub = service.hub
    steward = hub.person(hub.partner("keepers", steward=True), "s1", Role.STEWARD)
    home, theirs = hub.partner("shelter"), hub.partner("elsewhere")
    people = tuple(hub.person(home, f"p{number}") for number in (3, 1, 10, 2, 4))
    stranger = hub.person(theirs, "x1")
    made = Shelves(service, steward, home, people, theirs, stranger)
    for slug in ("south", "north", "a-b", "ab", "west"):
        hub.circle(slug, home)
    hub.circle("far", theirs)
    hub.partner("third"), hub.partner("fourth")
    for number in range(3):
        hub.policy(home, policy_document(south={"PLACE": ("coarsest", "coarse", "fine")[number]}), *people)
    for number in range(3):
        made.propose(people[0], "/policies", loose(number, base=3))
        said = {"scopes": ["bulletins:read"], "jwk": jwk(), "expires": EXPIRES}
        made.propose(people[0], f"/partners/{home}/credentials", said)
    made.propose(stranger, "/policies", loose(0, base=0))
    made.get("/partners/me", steward)
    return made


def loose(number: int, *, base: int) -> dict[str, Any]:
    """A policy that has to wait for a second person."""
    return {"document": policy_document(until=f"2027-07-0{number + 1}", west={"PLACE": "fine"}), "base": base}


LISTS: dict[str, Callable[[Shelves], tuple[str, Key]]] = {
    "partners": lambda on: ("/partners", on.steward),
    "members": lambda on: (f"/partners/{on.home}/members", on.people[0]),
    "circles": lambda on: ("/circles", on.people[0]),
    "policies": lambda on: ("/policies", on.people[0]),
    "proposals": lambda on: ("/proposals", on.people[0]),
    "proposals, for a steward": lambda on: ("/proposals", on.steward),
}
CURSORS: dict[str, Callable[[Shelves], tuple[str, str]]] = {
    "partners": lambda on: ("elsewhere", "nowhere"),
    "members": lambda on: (str(on.stranger.member), str(uuid4())),
    "circles": lambda on: ("far", "nowhere"),
    "policies": lambda on: (on.get("/policies", on.stranger).json["items"][0]["id"], str(uuid4())),
    "proposals": lambda on: (on.get("/proposals", on.stranger).json["items"][0]["id"], str(uuid4())),
}
"""For each list a cursor of the stranger's, and one of nobody's."""


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_walked_without_a_gap_or_a_double(name: str, shelves: Shelves) -> None:
    path, by = LISTS[name](shelves)
    whole = shelves.get(f"{path}?limit=200", by)
    assert len(whole.json["items"]) >= 5
    assert (whole.json["next"], whole.headers.get("Link")) == (None, None)
    assert shelves.get(path, by).json == whole.json
    for limit in (1, 2, 5):
        walked, at = [], f"{API}{path}?limit={limit}"
        while at:
            page = shelves.service.call("GET", at, by)
            assert 0 < len(page.json["items"]) <= limit
            walked += page.json["items"]
            at = page.json["next"]
            assert page.headers.get("Link") == (f'<{at}>; rel="next"' if at else None)
        assert walked == whole.json["items"]


@pytest.mark.parametrize("name", CURSORS)
def test_somebody_elses_cursor_is_not_there(name: str, shelves: Shelves) -> None:
    path, _ = LISTS[name](shelves)
    answers = [shelves.get(f"{path}?after={cursor}", shelves.people[0]) for cursor in CURSORS[name](shelves)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].data == answers[1].data
    assert list(answers[0].headers) == list(answers[1].headers)


@pytest.mark.parametrize("name", CURSORS)
def test_a_cursor_of_ones_own_is_taken(name: str, shelves: Shelves) -> None:
    """The control of the test above: it is the owner that makes the difference, and not the cursor."""
    by = shelves.steward if name in ("partners", "proposals") else shelves.stranger
    path, _ = LISTS[name](shelves)
    theirs = path.replace(str(shelves.home), str(shelves.theirs))
    assert shelves.get(f"{theirs}?after={CURSORS[name](shelves)[0]}", by).status_code == 200


WRONG = [
    "limit=0", "limit=201", "limit=-1", "limit=ten", "limit=1e2", "limit=%2B1", "limit=", "limit=%D9%A3",
    "after=", "after=%00", "after=A", "after=south%0A", "after=1", "before=x", "partner=x",
]  # fmt: skip


@pytest.mark.parametrize("name", CURSORS)
def test_a_query_is_read_strictly(name: str, shelves: Shelves) -> None:
    path, by = LISTS[name](shelves)
    for query in WRONG:
        answer = shelves.get(f"{path}?{query}", by)
        assert (answer.status_code, answer.json["code"]) == (422, "invalid"), query


@pytest.mark.parametrize("path", ["/proposals", "/policies"])
def test_a_cursor_that_was_decided_meanwhile_still_says_where_to_go_on(path: str, shelves: Shelves) -> None:
    by = shelves.people[0]
    whole = [each["id"] for each in shelves.get(path, by).json["items"]]
    first = shelves.get(f"{path}?limit=2", by).json
    refusal = f"{API}/proposals/{first['items'][1]['id']}/refusals"
    assert shelves.service.call("POST", refusal, by).status_code == 204
    rest = shelves.service.call("GET", first["next"], by).json["items"]
    assert [each["id"] for each in rest] == whole[2:4]
    again = [each["id"] for each in shelves.get(path, by).json["items"]]
    assert again == [whole[0], *whole[2:]]


def test_a_circle_that_was_left_is_no_cursor_any_more(shelves: Shelves) -> None:
    by = shelves.people[0]
    assert shelves.service.call("DELETE", f"{API}/circles/south/memberships", by).status_code == 204
    assert shelves.get("/circles?after=south", by).status_code == 404


def test_of_partners_only_stewards_walk_on(shelves: Shelves) -> None:
    by = shelves.people[0]
    assert [each["slug"] for each in shelves.get("/partners?limit=1", by).json["items"]] == ["shelter"]
    assert shelves.get("/partners?limit=1", by).json["next"] is None
    assert shelves.get("/partners?after=shelter", by).json["items"] == []


# The pages themselves.


def test_a_page_ends_where_nothing_more_was_read() -> None:
    assert cut([], 2, str) == Page((), None)
    assert cut(["a", "b"], 2, str) == Page(("a", "b"), None)
    assert cut(["a", "b", "c"], 2, str) == Page(("a", "b"), "b")


def test_a_list_is_turned_from_a_name_that_stands_in_it() -> None:
    whole = ["b", "a", "c"]
    assert turn(whole, after=None, limit=2, name=str) == Page(("b", "a"), "a")
    assert turn(whole, after="a", limit=2, name=str) == Page(("c",), None)
    assert turn(whole, after="c", limit=2, name=str) == Page((), None)
    with pytest.raises(NotThere):
        turn(whole, after="d", limit=2, name=str)
