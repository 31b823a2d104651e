"""Every page and every button is asked for by everybody. What a role may not use it does not see, and is refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from builders import make_world
from console_builders import Browser, Pages, make_pages, nobody, signed_in
from console_full import furnish
from console_rights import (
    CONFIRMED,
    GUARDED,
    OPEN,
    OURS,
    ROLES,
    TABLE,
    Asked,
    Control,
    controls,
    endpoint_of,
    requests_of,
    rules,
)
from console_visits import VISITS
from werkzeug.test import TestResponse

from config.database import open_database
from config.keys import load_keys, make_keys
from config.keystore import KeyStore
from console import web
from partners.guard import PUBLIC_PAGES, every_route_is_guarded
from partners.idempotency import Once
from partners.models_people import ASKED, ENROLLING
from partners.models_people import OPEN as OPENED
from partners.sitting import begin, close_all, sitting_of
from partners.values import Actor, Scope

LATER = timedelta(minutes=6)


@dataclass
class Clock:
    """Stands still, unless it is moved."""

    now: datetime = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Pages, Mapping[str, str]]]:
    folder = tmp_path_factory.mktemp("rights")
    make_keys(folder / "keys")
    keys = load_keys(folder / "keys")
    clock = Clock()
    engine = open_database("sqlite://")
    world = make_world(engine, KeyStore(folder / "keystore.sqlite3", keys.kek, clock), clock)  # type: ignore[arg-type]
    made = make_pages(world, keys)
    yield made, furnish(made)
    engine.dispose()


@pytest.fixture(scope="module")
def full(furnished: tuple[Pages, Mapping[str, str]]) -> Pages:
    """A world in which there is something on every page."""
    return furnished[0]


@pytest.fixture(scope="module")
def names(furnished: tuple[Pages, Mapping[str, str]]) -> Mapping[str, str]:
    """What things in it are called."""
    return furnished[1]


def browser(pages: Pages, role: str) -> Browser:
    return signed_in(pages, role, "keepers" if role == "steward" else "shelter")


def ask(at: Browser, asked: Asked, *, form: bool = True, **how: object) -> TestResponse:
    if asked.method == "GET":
        return at.get(asked.path, **how)
    if form:
        return at.post(asked.path, **how)
    return at.client.post(asked.path, **how)


def turned_away(answer: TestResponse, asked: Asked) -> bool:
    """As somebody is whom nobody knows: to the door for a page, refused for a form."""
    if asked.method == "GET":
        return answer.status_code == 302 and answer.location.startswith("/sign-in?then=")
    return answer.status_code == 403


def test_every_page_has_a_row_and_every_row_a_page(full: Pages) -> None:
    assert {name for name in full.app.view_functions if name.split(".")[0] in OURS} == set(TABLE)


def test_a_page_without_a_row_is_noticed(full: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(full.app.view_functions, "post.forgotten", lambda: "")
    with pytest.raises(AssertionError):
        test_every_page_has_a_row_and_every_row_a_page(full)


OTHERS = re.compile(r"/(api/|oauth/|\.well-known/|healthz$|readyz$)")


def test_whatever_answers_beside_the_interface_for_programs_is_a_page_with_a_row(full: Pages) -> None:
    beside = [rule for rule in full.app.url_map.iter_rules() if not OTHERS.match(str(rule))]
    assert {rule.endpoint for rule in beside} == set(TABLE)


def test_every_page_is_guarded_or_stands_on_the_list_of_the_door(full: Pages) -> None:
    assert every_route_is_guarded(full.app) == []
    assert set(OPEN) == PUBLIC_PAGES


@pytest.mark.parametrize("role", ROLES)
def test_everybody_gets_what_the_table_says(full: Pages, role: str) -> None:
    let_in, kept_out = [], []
    for endpoint in GUARDED:
        for asked in requests_of(full.app, endpoint):
            status = ask(browser(full, role), asked).status_code
            assert status < 500, (endpoint, status)
            (kept_out if status == 403 else let_in).append(endpoint)
    assert set(let_in) == {name for name in GUARDED if role in TABLE[name]["in"]}
    assert set(kept_out) == {name for name in GUARDED if role not in TABLE[name]["in"]}


@pytest.mark.parametrize("endpoint", GUARDED)
def test_who_has_not_signed_in_is_turned_away(full: Pages, endpoint: str) -> None:
    for asked in requests_of(full.app, endpoint):
        assert turned_away(ask(nobody(full), asked, form=False), asked), asked


@pytest.mark.parametrize("stage", [ASKED, ENROLLING])
def test_half_a_sitting_opens_no_page_at_all(full: Pages, stage: str) -> None:
    member = full.member("approver", code="half")
    with full.desk.sessions.begin() as session:
        token = begin(session, member, stage, desk=full.desk)
    half = nobody(full)
    half.client.set_cookie("parallax", token)
    for endpoint in GUARDED:
        for asked in requests_of(full.app, endpoint):
            assert turned_away(ask(half, asked, form=False), asked), asked


def test_the_cookie_of_a_sitting_that_was_ended_opens_nothing(full: Pages) -> None:
    member = full.member("approver", code="robbed")
    thief = signed_in(full, "approver", code="robbed")
    form_token = thief.sitting.form_token
    assert thief.get("/").status_code == 200
    with full.desk.sessions.begin() as session:
        assert close_all(session, member, full.desk.clock()) == 1
    for endpoint in GUARDED:
        for asked in requests_of(full.app, endpoint):
            said = {"data": {"form_token": form_token}} if asked.method == "POST" else {}
            assert turned_away(ask(thief, asked, form=False, **said), asked), asked


@pytest.mark.parametrize("endpoint", sorted(name for name in GUARDED))
def test_a_form_that_is_not_ours_does_nothing(full: Pages, endpoint: str) -> None:
    role = TABLE[endpoint]["in"][-1]
    at, other = browser(full, role), browser(full, role)
    for asked in requests_of(full.app, endpoint):
        if asked.method == "GET":
            continue
        wrong = ("", "x", other.sitting.form_token, at.sitting.form_token[:-1])
        answers = [at.client.post(asked.path, data={"form_token": token}).status_code for token in wrong]
        answers.append(at.client.post(asked.path).status_code)
        for site in ("cross-site", "same-site"):
            answers.append(at.post(asked.path, headers={"Sec-Fetch-Site": site}).status_code)
        answers.append(at.post(asked.path, headers={"Origin": "https://evil.example"}).status_code)
        assert set(answers) == {403}, asked
        # The control: the same form, from a page of ours, is read.
        assert at.post(asked.path, headers={"Sec-Fetch-Site": "same-origin"}).status_code != 403


def test_what_cannot_be_undone_asks_for_a_factor_first_and_nothing_else_does(full: Pages) -> None:
    sitting_down = {role: browser(full, role) for role in ROLES}
    full.desk.clock.now += LATER  # type: ignore[attr-defined]
    asking = set()
    for endpoint in GUARDED:
        for asked in requests_of(full.app, endpoint):
            answer = ask(sitting_down[TABLE[endpoint]["in"][-1]], asked)
            if answer.status_code == 303 and answer.location.startswith("/sign-in/confirm"):
                asking.add(endpoint)
    assert asking == CONFIRMED


# What is another organisation's.


CALLED = {
    "report_id": "report",
    "bulletin_id": "bulletin",
    "draft_id": "draft",
    "partner_id": "partner",
    "member_id": "member",
    "passkey_id": "passkey",
    "proposal_id": "proposal",
    "file_id": "file",
}


@pytest.mark.parametrize("endpoint", [name for name in GUARDED if TABLE[name]["in"] != ["steward"]])
def test_what_is_not_yours_is_not_there(full: Pages, names: Mapping[str, str], endpoint: str) -> None:
    """Asked for by its real name, it is answered word for word like what nobody has ever heard of."""
    role = TABLE[endpoint]["in"][0]
    home, stranger = browser(full, role), signed_in(full, role, "outside")
    real = {argument: names[name] for argument, name in CALLED.items()}
    real["sitting_id"] = str(signed_in(full, "approver").sitting.id)
    theirs = requests_of(full.app, endpoint, real)
    nobodys = requests_of(full.app, endpoint)
    for asked, of_nobody in zip(theirs, nobodys, strict=True):
        if asked == of_nobody:
            continue  # its address names nothing
        there, nowhere = ask(stranger, asked), ask(stranger, of_nobody)
        assert answered(there, asked) == answered(nowhere, of_nobody)
        if asked.method == "GET":
            mine = answered(ask(home, asked), asked)
            assert mine != answered(nowhere, of_nobody), "the control: whose it is gets another answer"


def answered(answer: TestResponse, asked: Asked) -> tuple[int, str, str]:
    """What an answer says, without the names of what was asked for and the random words of forms."""
    text = re.sub(r'(name="(?:once|form_token|page)" value|"form-token" content)="[^"]*"', "", answer.text)
    text, led = (_UUID.sub("-", each) for each in (text, answer.location or ""))
    return answer.status_code, led, text


_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


# What is shown.


def walk(full: Pages, names: Mapping[str, str], role: str) -> tuple[set[str], set[str]]:
    """Every page with something on it that is for this role: which they were, and all that they offer to press."""
    at = browser(full, role)
    waiting = ["/", "/sign-in/confirm?then=/me"]
    waiting += [path.format_map(names) for visits in VISITS.values() for who, path in visits if who == role]
    seen, opened, offered = set(waiting), Counter[str](), set()
    while waiting:
        path = waiting.pop()
        answer = at.get(path)
        assert answer.status_code == 200, (role, path, answer.status_code)
        opened[endpoint_of(full.app, Control("GET", path))] += 1
        if answer.mimetype != "text/html":
            continue
        for control in controls(answer.text):
            endpoint = endpoint_of(full.app, control)
            offered.add(endpoint)
            plain = control.path.partition("#")[0]
            if control.method == "GET" and plain not in seen and opened[endpoint] < 4:
                seen.add(plain)
                waiting.append(plain)
    return set(opened), offered


def not_for(role: str, offered: set[str]) -> set[str]:
    return {name for name in offered - OPEN if role not in TABLE[name]["in"]}


@pytest.mark.parametrize("role", ROLES)
def test_nobody_sees_a_control_that_she_may_not_use(full: Pages, names: Mapping[str, str], role: str) -> None:
    opened, offered = walk(full, names, role)
    assert not_for(role, offered) == set()
    hers = {name for name in GUARDED if role in TABLE[name]["in"]}
    shown = {rule.endpoint for rule in rules(full.app) if "GET" in (rule.methods or ())}
    assert (hers & shown) - opened - FOR_SCRIPTS == set(), "or else a page was not looked at"
    assert hers - shown - offered == set(), "or else what she may do is hidden from her"


FOR_SCRIPTS = {"post.line", "post.worker"}
"""What scripts ask for; no page leads there."""


def test_a_control_for_somebody_else_would_be_seen(full: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    stray = web.Place("read.own", "Own", Scope.REPORTS_SUBMIT)
    monkeypatch.setattr(web, "MENU", [*web.MENU, stray])
    at = browser(full, "caseworker")
    offered = {endpoint_of(full.app, control) for control in controls(at.get("/me").text)}
    assert not_for("caseworker", offered) == {"read.own"}


def test_the_menu_leads_each_role_to_its_work(full: Pages) -> None:
    for role in ROLES:
        offered = {endpoint_of(full.app, control) for control in controls(browser(full, role).get("/").text)}
        for place in web.MENU:
            assert (place.endpoint in offered) == (role in TABLE[place.endpoint]["in"]), (role, place)


def test_a_member_with_no_right_at_all_sees_her_own_page_alone(full: Pages) -> None:
    from partners.models import Member

    member = full.member("caseworker", code="bare")
    with full.desk.sessions.begin() as session:
        session.get_one(Member, member).scopes = []
        token = begin(session, member, OPENED, desk=full.desk)
    found = sitting_of(token, desk=full.desk)
    assert found is not None and found.actor.scopes == frozenset()
    bare = nobody(full)
    bare.client.set_cookie("parallax", token)
    let_in = {
        asked.endpoint
        for endpoint in GUARDED
        for asked in requests_of(full.app, endpoint)
        if asked.method == "GET" and bare.get(asked.path).status_code == 200
    }
    assert let_in == {"home.start", "me.mine", "sign_in.confirm"}


def _once(by: Actor) -> Once:
    return Once(by.partner, None, b"", member=by.member)
