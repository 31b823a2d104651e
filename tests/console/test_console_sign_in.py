"""Signing in by browser, as a browser sees it: what is set, what is refused, and where one is led."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlsplit

import pyotp
import pytest
from authenticator import Authenticator
from builders import make_world
from console_builders import Browser, Pages, make_pages, nobody, signed_in
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from config.keys import Keys
from config.keystore import KeyStore
from config.logs import configure
from console.door import safe_then
from console.languages import LANGUAGES
from partners.invitations import invite
from partners.members import suspend_member
from partners.sitting import half_of, sitting_of

PASSWORD = "four quiet herons by the weir"
ISSUER = "https://hub.example.org"


@pytest.fixture
def pages(memory_engine: Engine, keystore: KeyStore, keys: Keys, clock: object) -> Pages:
    """Under https, as in production."""
    return make_pages(make_world(memory_engine, keystore, clock), keys, issuer=ISSUER)  # type: ignore[arg-type]


@dataclass
class Person:
    """Somebody at her own browser, who reads the pages for what she has to send."""

    pages: Pages
    at: Browser
    code: str
    secret: str = ""
    last: TestResponse | None = None

    def get(self, path: str) -> TestResponse:
        self.last = self.at.get(path)
        return self.last

    def send(self, path: str, **said: str) -> TestResponse:
        """Send the form of the page that she sees."""
        assert self.last is not None
        found = re.search(r'name="form_token" value="(\w+)"', self.last.text)
        assert found, self.last.text
        self.last = self.at.client.post(path, data={"form_token": found[1], **said})
        return self.last

    def follow(self) -> TestResponse:
        assert self.last is not None and self.last.status_code == 303, self.last
        return self.get(self.last.location)

    def otp(self) -> str:
        return pyotp.TOTP(self.secret).at(self.pages.desk.clock())

    @property
    def cookies(self) -> dict[str, str]:
        return {cookie.key: cookie.value for cookie in self.at.client._cookies.values()}

    @property
    def token(self) -> str:
        return self.cookies.get("__Host-parallax", "")

    def invitation(self) -> str:
        member = self.pages.member("caseworker", code=self.code)
        with self.pages.desk.sessions.begin() as session:
            return invite(session, member, at=self.pages.desk.clock(), by="test")

    def enrol(self) -> TestResponse:
        """From the link to the first page."""
        word = self.invitation()
        self.get(f"/enrol/{word}")
        self.send("/enrol", word=word, password=PASSWORD, again=PASSWORD)
        page = self.follow()
        found = re.search(r'class="secret" dir="ltr">([A-Z2-7 ]+)<', page.text)
        assert found
        self.secret = found[1].replace(" ", "")
        return self.send("/enrol/code", otp=self.otp())

    def password(self, *, then: str = "", **changes: str) -> TestResponse:
        self.get("/sign-in" + (f"?then={quote(then)}" if then else ""))
        said = {"partner": "shelter", "code": self.code, "password": PASSWORD, "then": then}
        return self.send("/sign-in", **(said | changes))

    def sign_in(self, *, then: str = "") -> TestResponse:
        self.password(then=then)
        self.follow()
        return self.send("/sign-in/second-factor", otp=self.otp(), then=then)


@pytest.fixture
def anna(pages: Pages) -> Person:
    """She has set up a password and a code, and has left again."""
    made = Person(pages, nobody(pages), "anna")
    assert made.enrol().location == "/"
    made.get("/")
    made.send("/sign-in/leave")
    pages.desk.clock.forward(seconds=30)  # type: ignore[attr-defined]
    return made


def lines(answer: TestResponse, name: str) -> list[str]:
    return [value for key, value in answer.headers if key == name]


# The way in


def test_from_the_link_to_the_first_page_and_in_again_later(pages: Pages, anna: Person) -> None:
    assert anna.get("/").location == "/sign-in?then=/"
    assert anna.sign_in().location == "/"
    assert "What waits for you" in anna.follow().text


def test_one_is_led_back_to_where_one_wanted_to_go(pages: Pages, anna: Person) -> None:
    assert anna.get("/me").location == "/sign-in?then=/me"
    assert anna.sign_in(then="/me").location == "/me"


def test_a_password_alone_shows_one_page_and_no_other(pages: Pages, anna: Person) -> None:
    assert anna.password().location.startswith("/sign-in/second-factor")
    for path in ("/", "/me", "/people", "/enrol/factors", "/enrol/picture"):
        assert anna.get(path).status_code in (302, 303, 403)


def test_an_invitation_that_is_not_good_says_so_and_nothing_of_whom(pages: Pages) -> None:
    person = Person(pages, nobody(pages), "anna")
    used = person.invitation()
    fresh = person.invitation()
    gone, made_up = person.get(f"/enrol/{used}"), person.get("/enrol/made-up")
    assert gone.status_code == made_up.status_code == 404
    assert gone.text.replace(used, "") == made_up.text.replace("made-up", "")
    assert "anna" in person.get(f"/enrol/{fresh}").text


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("short", "short", "at least 12 characters"),
        ("password1234", "password1234", "easy to guess"),
        (PASSWORD, "something else", "not the same"),
    ],
)
def test_a_password_that_will_not_do_is_refused_in_words(
    pages: Pages, password: str, again: str, words: str
) -> None:
    person = Person(pages, nobody(pages), "anna")
    word = person.invitation()
    person.get(f"/enrol/{word}")
    answer = person.send("/enrol", word=word, password=password, again=again)
    assert answer.status_code == 422 and words in answer.text
    assert f'value="{password}"' not in answer.text
    assert person.send("/enrol", word=word, password=PASSWORD, again=PASSWORD).status_code == 303


def test_the_picture_is_shown_to_whoever_sets_it_up_and_is_not_kept(pages: Pages) -> None:
    person = Person(pages, nobody(pages), "anna")
    word = person.invitation()
    assert person.get("/enrol/picture").status_code == 403
    person.get(f"/enrol/{word}")
    person.send("/enrol", word=word, password=PASSWORD, again=PASSWORD)
    picture = person.get("/enrol/picture")
    assert picture.mimetype == "image/svg+xml" and picture.headers["Cache-Control"] == "no-store"
    assert b"<script" not in picture.data and b"style=" not in picture.data


# What is the same for everybody


def test_no_answer_tells_who_has_an_account(pages: Pages, anna: Person) -> None:
    pages.member("caseworker", code="never-invited")
    suspended = Person(pages, nobody(pages), "gone")
    suspended.enrol()
    with pages.desk.sessions.begin() as session:
        member = pages.member("caseworker", code="gone")
        suspend_member(session, member, at=pages.desk.clock(), by="test")
    tries = [
        {"code": "anna", "password": "not her password"},
        {"code": "gone"},
        {"code": "never-invited"},
        {"code": "nobody"},
        {"partner": "nowhere"},
        {"code": ""},
        {"code": "x" * 5000},
    ]
    answers = set()
    for said in tries:
        stranger = Person(pages, nobody(pages), "anna")
        answer = stranger.password(**said)
        text = re.sub(r'name="form_token" value="\w+"', "", answer.text)
        answers.add((answer.status_code, text, str(sorted(name for name, _ in answer.headers))))
    assert len(answers) == 1


def test_guessing_is_answered_with_how_long_to_wait_whoever_it_is(pages: Pages, anna: Person) -> None:
    for code in ("anna", "nobody"):
        stranger = Person(pages, nobody(pages), code)
        said = [stranger.password(password="a guess that is wrong").status_code for _ in range(6)]
        assert said == [422] * 4 + [429] * 2
        assert stranger.last is not None and 0 < int(stranger.last.headers["Retry-After"]) <= 900
        assert "try again" in stranger.last.text


# Cookies


def test_the_cookie_is_bound_to_this_host_and_no_script_reads_it(pages: Pages, anna: Person) -> None:
    anna.password()
    assert anna.last is not None
    for answer in (anna.last, anna.sign_in()):
        (line,) = [each for each in lines(answer, "Set-Cookie") if each.startswith("__Host-parallax=")]
        assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= {
            each.strip() for each in line.split(";")
        }
        assert "Domain" not in line and "Expires" not in line and "Max-Age" not in line


def test_off_https_the_cookie_has_a_plain_name(
    memory_engine: Engine, keystore: KeyStore, keys: Keys, clock: object
) -> None:
    plain = make_pages(make_world(memory_engine, keystore, clock), keys)  # type: ignore[arg-type]
    browser = signed_in(plain)
    assert browser.get("/").status_code == 200
    answer = browser.post("/sign-in/leave")
    assert lines(answer, "Set-Cookie")[0].startswith("parallax=;")


def test_the_token_changes_at_every_step_and_the_old_ones_are_void(pages: Pages, anna: Person) -> None:
    anna.password()
    after_password = anna.token
    anna.follow()
    anna.send("/sign-in/second-factor", otp=anna.otp())
    after_factor = anna.token
    pages.desk.clock.forward(minutes=6)  # type: ignore[attr-defined]
    anna.get("/sign-in/confirm?then=/me")
    assert anna.send("/sign-in/confirm", otp=anna.otp(), then="/me").location == "/me"
    tokens = {after_password, after_factor, anna.token}
    assert len(tokens) == 3
    for old in tokens - {anna.token}:
        assert sitting_of(old, desk=pages.desk) is None and half_of(old, desk=pages.desk) is None
    assert sitting_of(anna.token, desk=pages.desk) is not None


def test_a_token_that_somebody_planted_is_never_taken_over(pages: Pages, anna: Person) -> None:
    anna.at.client.set_cookie("__Host-parallax", "planted" * 6)
    anna.sign_in()
    assert anna.token != "planted" * 6
    assert sitting_of("planted" * 6, desk=pages.desk) is None


def test_signing_in_over_another_sitting_ends_that_one(pages: Pages, anna: Person) -> None:
    planted = signed_in(pages, "reviewer")
    anna.at.client.set_cookie("__Host-parallax", planted.token)
    anna.at.client.set_cookie("__Host-parallax", planted.token)
    assert anna.get("/sign-in").status_code == 303  # she is told that somebody sits here already
    anna.at.client.delete_cookie("__Host-parallax")
    anna.get("/sign-in")
    anna.at.client.set_cookie("__Host-parallax", planted.token)
    anna.send("/sign-in", partner="shelter", code="anna", password=PASSWORD)
    assert sitting_of(planted.token, desk=pages.desk) is None


def test_the_cookie_of_another_host_name_is_not_looked_at(pages: Pages) -> None:
    browser = nobody(pages)
    browser.client.set_cookie("parallax", signed_in(pages).token)
    assert browser.get("/").status_code == 302


# Forms of others


def test_somebody_elses_form_signs_nobody_in(pages: Pages, anna: Person) -> None:
    """A victim who is signed in to the attacker's account would type her secrets into it."""
    attacker = Person(pages, nobody(pages), "anna")
    attacker.get("/sign-in")
    found = re.search(r'name="form_token" value="(\w+)"', attacker.last.text)  # type: ignore[union-attr]
    assert found
    said = {"partner": "shelter", "code": "anna", "password": PASSWORD, "form_token": found[1]}
    victim = nobody(pages)
    assert victim.client.post("/sign-in", data=said).status_code == 403
    victim.get("/sign-in")
    assert victim.client.post("/sign-in", data=said).status_code == 403
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert attacker.at.client.post("/sign-in", data=said, headers=headers).status_code == 403
    # The control: in the browser that was given the form it is taken.
    assert attacker.at.client.post("/sign-in", data=said).status_code == 303


def test_the_form_of_a_half_sitting_is_checked_too(pages: Pages, anna: Person) -> None:
    anna.password()
    anna.follow()
    for said in ({"otp": anna.otp()}, {"otp": anna.otp(), "form_token": "x"}):
        assert anna.at.client.post("/sign-in/second-factor", data=said).status_code == 403
    assert anna.send("/sign-in/second-factor", otp=anna.otp()).status_code == 303


def test_nobody_is_signed_out_by_another_sites_form(pages: Pages, anna: Person) -> None:
    anna.sign_in()
    headers = {"Sec-Fetch-Site": "cross-site"}
    for path in ("/sign-in/leave", "/sign-in/quick-exit", "/language"):
        assert anna.at.client.post(path, headers=headers, data={"language": "fr"}).status_code == 403
    assert anna.at.client.post("/sign-in/leave").status_code == 403
    assert sitting_of(anna.token, desk=pages.desk) is not None


# Leaving


def test_whoever_leaves_is_gone_at_once_and_so_is_a_copy_of_the_cookie(pages: Pages, anna: Person) -> None:
    anna.sign_in()
    stolen = replace(nobody(pages), token=anna.token)
    stolen.client.set_cookie("__Host-parallax", anna.token)
    assert stolen.get("/me").status_code == 200
    anna.get("/")
    answer = anna.send("/sign-in/leave")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert anna.token == ""
    assert stolen.get("/me").status_code == 302


def test_leaving_quickly_needs_no_page_of_ours_and_leaves_a_calendar(pages: Pages, anna: Person) -> None:
    anna.sign_in()
    stolen = anna.token
    answer = anna.at.client.post("/sign-in/quick-exit")
    assert (answer.status_code, answer.location) == (303, "/sign-in/away")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert sitting_of(stolen, desk=pages.desk) is None
    assert set(anna.cookies) <= {"__Host-parallax-door"}
    calendar = anna.get("/sign-in/away").text.lower()
    assert "march 2026" in calendar
    for telling in ("parallax", "sign in", "bulletin", "report", 'href="/"'):
        assert telling not in calendar


def test_the_quick_exit_is_on_every_page_for_whoever_sees_it(pages: Pages, anna: Person) -> None:
    for path in ("/sign-in", "/enrol/none"):
        assert 'id="quick-exit"' in anna.get(path).text
    anna.sign_in()
    for path in ("/", "/me", "/sign-in/confirm", "/people", "/nothing/here"):
        assert ('id="quick-exit"' in anna.get(path).text) == (path != "/nothing/here")


# Where one is led


OUT = [
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "http:evil.example",
    "javascript:alert(1)", "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example",
    "///evil.example", "/%0d%0aLocation: x", "data:text/html,x", "evil.example", "", "/\x00", "/a\\b",
    "@evil.example",
    "/" + "a" * 600, "//evil.example/%2e%2e", "/\u2028/evil", "https:/evil.example", "?then=//evil.example",
]  # fmt: skip


@pytest.mark.parametrize("then", OUT)
def test_nobody_is_led_to_another_site(pages: Pages, anna: Person, then: str) -> None:
    led = safe_then(then)
    if then == "/%0d%0aLocation: x":
        assert led == "/"
    assert led == "/" or (urlsplit(led).netloc == "" and led.startswith("/") and led[1:2] not in ("/", "\\"))
    if then.strip() and "\x00" not in then and "\n" not in then:
        assert anna.at.client.post("/language", data={"language": "fr", "then": then}).location == led


@pytest.mark.parametrize("then", ["/", "/me", "/reports?state=held&after=1", "/review/1#2", "/post/%C3%A9"])
def test_one_is_led_to_every_page_of_ours(then: str) -> None:
    assert safe_then(then) == then


# Languages


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_is_kept_in_the_browser(pages: Pages, anna: Person, code: str) -> None:
    answer = anna.at.client.post("/language", data={"language": code, "then": "/sign-in?then=/me"})
    assert answer.location == "/sign-in?then=/me"
    assert f'<html lang="{code}"' in anna.get("/sign-in").text
    assert anna.at.client.post("/language", data={"language": "xx"}).status_code == 403


# What leaves


def test_every_page_is_strict_and_is_not_stored(pages: Pages, anna: Person) -> None:
    seen = [anna.get(path) for path in ("/sign-in", "/sign-in/away", "/enrol/x")]
    anna.sign_in()
    seen += [anna.get(path) for path in ("/", "/me", "/sign-in/confirm", "/people")]
    for answer in seen:
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy and "unsafe" not in policy and "http" not in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", answer.text)
        assert not re.search(r"""(src|href|action)=["'](https?:)?//""", answer.text)
        assert len(answer.data) < 20_000


def test_the_look_is_small(pages: Pages) -> None:
    sizes = {
        name: len(nobody(pages).get(f"/static/{name}").data)
        for name in ("desk.css", "desk.js", "passkeys.js")
    }
    assert sizes["desk.css"] <= 20_000 and sum(sizes.values()) < 30_000


@pytest.fixture
def logged() -> Iterator[Callable[[], str]]:
    stream = io.StringIO()
    configure("debug", stream)
    yield stream.getvalue
    configure("info", io.StringIO())


def test_no_code_token_password_or_invitation_is_logged(pages: Pages, logged: Callable[[], str]) -> None:
    person = Person(pages, nobody(pages), "anna-the-first")
    word = person.invitation()
    person.get(f"/enrol/{word}")
    person.enrol()
    pages.desk.clock.forward(seconds=30)  # type: ignore[attr-defined]
    person.at.client.delete_cookie("__Host-parallax")
    person.password(password="a wrong one entirely")
    person.sign_in()
    person.get("/me")
    said = logged()
    assert '"route": "/enrol/<word>"' in said and '"route": "/sign-in"' in said  # the control: it does log
    secrets = [word, PASSWORD, person.token, person.secret, person.otp(), "anna-the-first", "a wrong one"]
    assert [secret for secret in secrets if secret in said] == []


def test_a_refusal_is_a_page_and_repeats_nothing(pages: Pages) -> None:
    answer = signed_in(pages, "administrator").get("/people/partners/00000000-0000-0000-0000-00000000abcd")
    assert answer.status_code == 403 and answer.mimetype == "text/html"
    steward = signed_in(pages, "steward", "keepers")
    answer = steward.get("/people/partners/00000000-0000-0000-0000-00000000abcd")
    assert answer.status_code == 404 and "nothing here" in answer.text


# Passkeys


def passkey(
    person: Person, kind: str, key: Authenticator, *, then: str = "/", token: str = ""
) -> TestResponse:
    """What the script of the page does."""
    assert person.last is not None
    found = re.search(r'data-token="(\w+)"', person.last.text)
    headers = {"X-Form-Token": token or (found[1] if found else "")}
    new = "-new" if kind == "make" else ""
    asked = person.at.client.post(f"/passkeys/ask{new}", json={}, headers=headers)
    if asked.status_code != 200:
        return asked
    answer = getattr(key, kind)(asked.text)
    said = {"credential": answer, "then": then}
    return person.at.client.post(f"/passkeys/answer{new}", json=said, headers=headers)


@pytest.fixture
def carla(pages: Pages) -> tuple[Person, Authenticator]:
    """She has set up a passkey and nothing else."""
    person, key = Person(pages, nobody(pages), "carla"), Authenticator()
    word = person.invitation()
    person.get(f"/enrol/{word}")
    person.send("/enrol", word=word, password=PASSWORD, again=PASSWORD)
    person.follow()
    assert passkey(person, "make", key).json == {"then": "/"}
    person.get("/")
    person.send("/sign-in/leave")
    return person, key


def test_a_passkey_lets_her_in_and_confirms(pages: Pages, carla: tuple[Person, Authenticator]) -> None:
    person, key = carla
    person.password(then="/me")
    person.follow()
    assert passkey(person, "show", key, then="/me").json == {"then": "/me"}
    assert person.get("/me").status_code == 200
    pages.desk.clock.forward(minutes=6)  # type: ignore[attr-defined]
    assert "First confirm" in person.get("/me").text
    person.get("/sign-in/confirm?then=/me")
    before = person.token
    assert passkey(person, "show", key, then="//evil.example").json == {"then": "/"}
    assert person.token != before
    assert "First confirm" not in person.get("/me").text


@pytest.mark.parametrize(
    "wrong", [{"origin": "https://evil.example"}, {"host": "evil.example"}, {"flags": 1}]
)
def test_a_passkey_that_another_site_has_coaxed_out_is_refused(
    pages: Pages, carla: tuple[Person, Authenticator], wrong: dict[str, Any]
) -> None:
    person, key = carla
    person.password()
    person.follow()
    answer = passkey(person, "show", replace(key, **wrong))
    assert answer.status_code == 422 and "credential" not in json.dumps(answer.json)
    assert sitting_of(person.token, desk=pages.desk) is None
    assert person.get("/").status_code == 302


def test_passkeys_are_asked_for_by_our_own_pages_only(
    pages: Pages, carla: tuple[Person, Authenticator]
) -> None:
    person, key = carla
    assert passkey(person, "show", key).status_code == 403
    person.password()
    person.follow()
    assert passkey(person, "show", key, token="x").status_code == 403
    assert passkey(person, "make", Authenticator()).status_code == 403  # a password alone sets up nothing
    assert passkey(person, "show", key).status_code == 200


def test_another_factor_is_set_up_only_after_a_confirmation(pages: Pages, anna: Person) -> None:
    anna.sign_in()
    pages.desk.clock.forward(minutes=6)  # type: ignore[attr-defined]
    assert anna.get("/enrol/factors").location == "/sign-in/confirm?then=/enrol/factors"
    assert anna.get("/enrol/picture").status_code == 403
    anna.get("/sign-in/confirm?then=/enrol/factors")
    anna.send("/sign-in/confirm", otp=anna.otp(), then="/enrol/factors")
    anna.follow()
    assert passkey(anna, "make", Authenticator()).json == {"then": "/me"}
    assert "A passkey, set up on 2026-03-02" in anna.get("/me").text
