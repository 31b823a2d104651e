"""A passkey opens only here, only once for each challenge, and only if its owner was there."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from authenticator import PRESENT, VERIFIED, Authenticator, decoded
from cryptography.hazmat.primitives.asymmetric import ec
from partners_builders import Hub
from sqlalchemy import select

from config.settings import Settings
from partners.errors import Conflict, NotAcceptable, NotThere, PartnersError
from partners.invitations import enrol_passkey, invite, take_up
from partners.members import add_person
from partners.models_people import Passkey
from partners.own import drop_passkey, own
from partners.passkeys import ANSWER_WITHIN, MOST, are_possible, ask, ask_new, show_passkey
from partners.requests import NewMember
from partners.sign_in import NotLetIn, Shown, show_password
from partners.sitting import Half, Sitting, half_of, sitting_of
from partners.values import Role

PASSWORD = "four quiet herons by the weir"


@dataclass(frozen=True)
class Town:
    """A partner, and a person who has a passkey and nothing else beside her password."""

    hub: Hub
    shelter: UUID
    anna: UUID
    key: Authenticator

    @property
    def desk(self) -> Any:
        return self.hub.desk

    def enrolling(self, code: str) -> Half:
        with self.hub.desk.sessions.begin() as session:
            at = self.hub.desk.clock()
            member = add_person(session, NewMember(self.shelter, code, (Role.CASEWORKER,)), at=at, by="test")
            word = invite(session, member, at=at, by="test")
        half = half_of(take_up(word, PASSWORD, desk=self.desk), desk=self.desk)
        assert half is not None
        return half

    def asked(self, code: str = "anna") -> Half:
        token = show_password(Shown("shelter", code, PASSWORD), browser="", desk=self.desk)
        half = half_of(token, desk=self.desk)
        assert half is not None
        return half

    def enrol(self, half: Half | Sitting, key: Authenticator) -> Sitting:
        token = enrol_passkey(half, key.make(ask_new(half, desk=self.desk)), desk=self.desk)
        sitting = sitting_of(token, desk=self.desk)
        assert sitting is not None
        return sitting


@pytest.fixture
def town(hub: Hub) -> Town:
    made = Town(hub, hub.partner("shelter"), UUID(int=0), Authenticator())
    half = made.enrolling("anna")
    made.enrol(half, made.key)
    return replace(made, anna=half.member)


def show(town: Town, half: Half | Sitting, key: Authenticator | None = None) -> str:
    key = key or town.key
    return show_passkey(half, key.show(ask(half, desk=town.desk)), desk=town.desk)


def why(act: Callable[[], object]) -> str:
    try:
        act()
    except PartnersError as refused:
        return refused.code
    return "let in"


def test_a_passkey_opens_a_sitting_and_confirms_it_later(town: Town) -> None:
    sitting = sitting_of(show(town, town.asked()), desk=town.desk)
    assert sitting is not None and sitting.actor.member == town.anna
    town.hub.desk.clock.forward(minutes=6)
    assert not sitting.is_confirmed(town.hub.desk.clock())
    again = sitting_of(show(town, sitting), desk=town.desk)
    assert again is not None and again.is_confirmed(town.hub.desk.clock())


WRONG: dict[str, dict[str, Any]] = {
    "another site": {"origin": "https://hub.example.org.evil.example"},
    "another scheme": {"origin": "http://hub.example.org"},
    "another port": {"origin": "https://hub.example.org:8443"},
    "another host's key": {"host": "evil.example"},
    "the owner was not there": {"flags": PRESENT},
    "nobody was there": {"flags": VERIFIED},
    "another key": {"key": ec.generate_private_key(ec.SECP256R1())},
    "an unknown key": {"credential": b"never seen"},
}


@pytest.mark.parametrize("how", WRONG)
def test_a_wrong_answer_opens_nothing(town: Town, how: str) -> None:
    assert why(lambda: show(town, town.asked(), replace(town.key, **WRONG[how]))) == "wrong"
    assert why(lambda: show(town, town.asked())) == "let in"


@pytest.mark.parametrize("how", [how for how in WRONG if "key" not in how or "host" in how])
def test_a_wrong_answer_enrols_nothing(town: Town, how: str) -> None:
    half = town.enrolling("bela")
    made = replace(Authenticator(), **WRONG[how]).make(ask_new(half, desk=town.desk))
    assert why(lambda: enrol_passkey(half, made, desk=town.desk)) == "not_a_passkey"
    with town.hub.session() as session:
        assert session.scalars(select(Passkey).where(Passkey.member_id == half.member)).all() == []


def test_an_answer_is_right_once(town: Town) -> None:
    first, second = town.asked(), town.asked()
    answer = town.key.show(ask(first, desk=town.desk))
    show_passkey(first, answer, desk=town.desk)
    ask(second, desk=town.desk)
    assert why(lambda: show_passkey(second, answer, desk=town.desk)) == "wrong"
    assert why(lambda: show_passkey(first, answer, desk=town.desk)) == "wrong"


def test_a_wrong_answer_uses_the_challenge_up(town: Town) -> None:
    half = town.asked()
    options = ask(half, desk=town.desk)
    assert why(lambda: show_passkey(half, {}, desk=town.desk)) == "wrong"
    assert why(lambda: show_passkey(half, town.key.show(options), desk=town.desk)) == "wrong"


def test_a_challenge_belongs_to_one_sitting(town: Town) -> None:
    first, second = town.asked(), town.asked()
    answer = town.key.show(ask(first, desk=town.desk))
    ask(second, desk=town.desk)
    assert why(lambda: show_passkey(second, answer, desk=town.desk)) == "wrong"


def test_a_challenge_grows_old(town: Town) -> None:
    half = town.asked()
    answer = town.key.show(ask(half, desk=town.desk))
    town.hub.desk.clock.forward(seconds=ANSWER_WITHIN.total_seconds() + 1)
    assert why(lambda: show_passkey(half, answer, desk=town.desk)) == "wrong"


def test_a_count_that_goes_back_betrays_a_copy(town: Town) -> None:
    copy = replace(town.key)
    for _ in range(3):
        show(town, town.asked())
    assert why(lambda: show(town, town.asked(), copy)) == "wrong"


def test_somebody_elses_passkey_opens_nothing_of_hers(town: Town) -> None:
    theirs = Authenticator()
    town.enrol(town.enrolling("bela"), theirs)
    assert why(lambda: show(town, town.asked(), theirs)) == "wrong"
    assert why(lambda: show(town, town.asked("bela"), theirs)) == "let in"


def test_guessing_is_slow_here_too(town: Town) -> None:
    half = town.asked()
    said = []
    for _ in range(5):
        with pytest.raises(NotLetIn) as refused:
            show_passkey(half, {}, desk=town.desk)
        said.append(refused.value.code)
    assert said == ["wrong"] * 4 + ["wait"]


@pytest.mark.parametrize(
    "answer", [None, [], "x", 7, {}, {"rawId": 3}, {"rawId": "AA"}, {"id": "x" * 30_000}]
)
def test_what_is_no_answer_is_wrong_and_not_an_error(town: Town, answer: Any) -> None:
    half = town.asked()
    ask(half, desk=town.desk)
    assert why(lambda: show_passkey(half, answer, desk=town.desk)) == "wrong"
    new = town.enrolling("bela")
    ask_new(new, desk=town.desk)
    assert why(lambda: enrol_passkey(new, answer, desk=town.desk)) == "not_a_passkey"


def test_one_passkey_belongs_to_one_person(town: Town) -> None:
    half = town.enrolling("bela")
    with pytest.raises(Conflict, match="passkey_taken"):
        town.enrol(half, replace(town.key))


def test_the_last_factor_stays(town: Town) -> None:
    sitting = sitting_of(show(town, town.asked()), desk=town.desk)
    assert sitting is not None
    (only,) = own(by=sitting.actor, desk=town.desk).passkeys
    with pytest.raises(Conflict, match="last_factor"):
        drop_passkey(only.id, by=sitting.actor, desk=town.desk)
    sitting = town.enrol(sitting, Authenticator())
    drop_passkey(only.id, by=sitting.actor, desk=town.desk)
    assert why(lambda: show(town, town.asked())) == "wrong"
    with pytest.raises(NotThere):
        drop_passkey(only.id, by=sitting.actor, desk=town.desk)


def test_nobody_has_any_number_of_them(town: Town) -> None:
    sitting = sitting_of(show(town, town.asked()), desk=town.desk)
    assert sitting is not None
    for _ in range(MOST - 1):
        sitting = town.enrol(sitting, Authenticator())
    with pytest.raises(NotAcceptable, match="too_many"):
        ask_new(sitting, desk=town.desk)


def test_the_owner_has_to_be_verified_and_the_host_is_ours(town: Town) -> None:
    made = json.loads(ask_new(town.enrolling("bela"), desk=town.desk))
    shown = json.loads(ask(town.asked(), desk=town.desk))
    assert made["authenticatorSelection"]["userVerification"] == "required"
    assert shown["userVerification"] == "required"
    assert made["rp"]["id"] == shown["rpId"] == "hub.example.org"
    assert decoded(shown["allowCredentials"][0]["id"]) == town.key.credential


@pytest.mark.parametrize(
    ("issuer", "possible"),
    [("https://hub.example.org", True), ("http://localhost:8600", True), ("http://127.0.0.1:8600", False)],
)
def test_passkeys_are_offered_only_under_a_name(issuer: str, possible: bool) -> None:
    assert are_possible(Settings.from_env({"PARALLAX_ISSUER": issuer})) is possible
