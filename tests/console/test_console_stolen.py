"""A copy of somebody's cookie is worth nothing from the moment at which her sitting ends, whoever has ended it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from console_builders import Browser, Pages, nobody, signed_in

from partners.invitations import invite, take_up
from partners.models_people import Account

PASSWORD = "another four herons by the weir"


@dataclass(frozen=True)
class Robbed:
    """A caseworker, and somebody elsewhere who has copied her cookie and read her page."""

    pages: Pages
    hers: Browser
    thief: Browser
    form_token: str

    def gets_in(self) -> bool:
        """Whether the copy still opens a page, takes a form, or gives a script an answer."""
        seen = self.thief.get("/me").status_code == 200
        sent = self.thief.client.post("/post", data={"form_token": self.form_token, "about": "route"})
        told = self.thief.get(f"/post/{self.pages.partner()}/line").status_code
        return seen or sent.status_code != 403 or told == 200


@pytest.fixture
def robbed(pages: Pages) -> Robbed:
    hers, thief = signed_in(pages), nobody(pages)
    with pages.desk.sessions.begin() as session:
        session.add(Account(member_id=hers.sitting.actor.member, password="x", changed_at=pages.desk.clock()))
    thief.client.set_cookie("parallax", hers.token)
    found = Robbed(pages, hers, thief, hers.sitting.form_token)
    assert found.gets_in(), "the control: before that, a copy is as good as hers"
    return found


def administrator(on: Robbed) -> Browser:
    return signed_in(on.pages, "administrator")


def member(on: Robbed) -> str:
    return str(on.pages.member("caseworker"))


def invited_anew(on: Robbed) -> None:
    with on.pages.desk.sessions.begin() as session:
        word = invite(session, on.pages.member(), at=on.pages.desk.clock(), by="test")
    take_up(word, PASSWORD, desk=on.pages.desk)


ENDS: Mapping[str, Callable[[Robbed], object]] = {
    "she signs out": lambda on: on.hers.post("/sign-in/leave"),
    "she leaves quickly": lambda on: on.hers.client.post("/sign-in/quick-exit"),
    "she ends it on her own page": lambda on: on.hers.post(f"/me/sittings/{on.hers.sitting.id}/end"),
    "she ends it from another browser": lambda on: signed_in(on.pages).post(
        f"/me/sittings/{on.hers.sitting.id}/end"
    ),
    "she changes her password there": lambda on: on.hers.post(
        "/me/password", {"password": PASSWORD, "again": PASSWORD}
    ),
    "she changes her password elsewhere": lambda on: signed_in(on.pages).post(
        "/me/password", {"password": PASSWORD, "again": PASSWORD}
    ),
    "an administrator ends it": lambda on: administrator(on).post(f"/people/{member(on)}/sittings"),
    "an administrator suspends her": lambda on: administrator(on).post(f"/people/{member(on)}/suspension"),
    "a steward suspends her organisation": lambda on: signed_in(on.pages, "steward", "keepers").post(
        f"/people/partners/{on.pages.partner()}/suspension"
    ),
    "she is invited anew": invited_anew,
}


@pytest.mark.parametrize("how", ENDS)
def test_a_stolen_cookie_is_refused_at_once(robbed: Robbed, how: str) -> None:
    ENDS[how](robbed)
    assert not robbed.gets_in()
    assert robbed.thief.get("/me").location == "/sign-in?then=/me"


def test_whoever_changes_her_password_goes_on_where_she_sits(robbed: Robbed) -> None:
    ENDS["she changes her password there"](robbed)
    assert robbed.hers.client.get("/me").status_code == 200


NOTHING = {
    "partners.sitting.close": lambda *_: False,
    "partners.own.close": lambda *_: False,
    "partners.own.close_all": lambda *_, **__: 0,
    "partners.own.renew": lambda _, sitting, **__: "",
    "partners.people.close_all": lambda *_, **__: 0,
}


@pytest.mark.parametrize("how", [name for name in ENDS if "suspends" not in name and "anew" not in name])
def test_a_sitting_that_is_not_ended_is_still_one(
    robbed: Robbed, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, nothing in NOTHING.items():
        monkeypatch.setattr(name, nothing)
    ENDS[how](robbed)
    assert robbed.gets_in()


def test_what_ends_one_sitting_leaves_the_others(robbed: Robbed) -> None:
    other = signed_in(robbed.pages, "reviewer")
    for how in ("she signs out", "an administrator ends it"):
        ENDS[how](robbed)
    assert other.get("/me").status_code == 200
