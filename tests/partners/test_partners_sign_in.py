"""Password, then second factor: nothing less opens anything, and no answer tells who exists."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

import pyotp
import pytest
from partners_builders import Hub
from sqlalchemy import select

from ledger.models import LedgerEntry
from partners import passwords
from partners.attempts import A_MINUTE, FREE, LONGEST_WAIT
from partners.errors import NotAcceptable, NotThere
from partners.invitations import LIFE, enrol_code, invite, invited, link, pending_secret, take_up
from partners.members import add_person, resume_partner, suspend_member, suspend_partner
from partners.models import Member
from partners.models_people import ASKED, ENROLLING, OPEN, Account, Attempts, Invitation, SittingRow
from partners.own import change_password, end_own, own
from partners.people import end_all, faces, suspend_person
from partners.requests import NewMember
from partners.second_factor import new_secret, seal_secret
from partners.sign_in import NotLetIn, Shown, confirm_code, mark_browser, show_code, show_password
from partners.sitting import (
    ASKED_FOR,
    CONFIRMED_FOR,
    ENROLLING_FOR,
    IDLE,
    LONGEST,
    begin,
    half_of,
    leave,
    sitting_of,
)
from partners.values import Role

PASSWORD = "four quiet herons by the weir"
ANNA = Shown("shelter", "anna", PASSWORD)


@dataclass(frozen=True)
class Town:
    """A partner with one person who has set up a password and a one-time code."""

    hub: Hub
    shelter: UUID
    anna: UUID
    secret: str

    @property
    def desk(self) -> object:
        return self.hub.desk

    def person(self, code: str, *roles: Role) -> UUID:
        asked = NewMember(self.shelter, code, roles or (Role.CASEWORKER,))
        with self.hub.desk.sessions.begin() as session:
            return add_person(session, asked, at=self.hub.desk.clock(), by="test")

    def invitation(self, member: UUID) -> str:
        with self.hub.desk.sessions.begin() as session:
            return invite(session, member, at=self.hub.desk.clock(), by="test")

    def code(self, secret: str = "") -> str:
        return pyotp.TOTP(secret or self.secret).at(self.hub.desk.clock())

    def sat_down(self, member: UUID | None = None) -> str:
        with self.hub.desk.sessions.begin() as session:
            return begin(session, member or self.anna, OPEN, desk=self.hub.desk)

    def asked(self) -> str:
        return show_password(ANNA, browser="", desk=self.hub.desk)

    def acts(self) -> list[tuple[str, str]]:
        with self.hub.session() as session:
            return [
                (row.act, row.codes) for row in session.scalars(select(LedgerEntry).order_by(LedgerEntry.seq))
            ]


@pytest.fixture(scope="module")
def hashed() -> str:
    """Made once: it is slow on purpose."""
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def town(hub: Hub, hashed: str) -> Town:
    shelter, secret = hub.partner("shelter"), new_secret()
    made = Town(hub, shelter, UUID(int=0), secret)
    anna = made.person("anna")
    name = UUID(int=7)
    sealed = seal_secret(secret, member=anna, keystore=hub.desk.keystore, browser=name)
    with hub.desk.sessions.begin() as session:
        session.add(
            Account(member_id=anna, password=hashed, totp=sealed, totp_key=name, changed_at=hub.desk.clock())
        )
    return replace(made, anna=anna)


def why(act: object) -> str:
    try:
        act()  # type: ignore[operator]
    except NotLetIn as refused:
        return refused.code
    return "let in"


def test_a_password_and_a_code_open_a_sitting(town: Town) -> None:
    half = half_of(town.asked(), desk=town.desk)
    assert half is not None and half.stage == ASKED
    sitting = sitting_of(show_code(half, town.code(), desk=town.desk), desk=town.desk)
    assert sitting is not None
    assert (sitting.member_code, sitting.partner_slug) == ("anna", "shelter")
    assert sitting.actor.scopes == Role.CASEWORKER.scopes
    assert sitting.actor.is_person and sitting.is_confirmed(town.hub.desk.clock())
    assert ("signed_in", '{"factor":"code"}') in town.acts()


def test_a_password_alone_opens_nothing(town: Town) -> None:
    assert sitting_of(town.asked(), desk=town.desk) is None


def test_the_token_of_the_password_is_void_once_the_code_was_shown(town: Town) -> None:
    before = town.asked()
    half = half_of(before, desk=town.desk)
    assert half is not None
    after = show_code(half, town.code(), desk=town.desk)
    assert after != before
    assert half_of(before, desk=town.desk) is None and sitting_of(before, desk=town.desk) is None
    assert why(lambda: show_code(half, town.code(), desk=town.desk)) == "wrong"


def test_each_code_is_right_once_at_every_door(town: Town) -> None:
    half = half_of(town.asked(), desk=town.desk)
    assert half is not None
    code = town.code()
    sitting = sitting_of(show_code(half, code, desk=town.desk), desk=town.desk)
    assert sitting is not None
    again = half_of(town.asked(), desk=town.desk)
    assert again is not None
    assert why(lambda: show_code(again, code, desk=town.desk)) == "wrong"
    assert why(lambda: confirm_code(sitting, code, desk=town.desk)) == "wrong"
    town.hub.desk.clock.forward(seconds=30)
    assert why(lambda: confirm_code(sitting, town.code(), desk=town.desk)) == "let in"


@pytest.mark.parametrize("code", ["", "12345", "1234567", "١٢٣٤٥٦", "abcdef", "\ud800", "0" * 10_000])
def test_what_is_no_code_is_wrong_and_not_an_error(town: Town, code: str) -> None:
    half = half_of(town.asked(), desk=town.desk)
    assert half is not None
    assert why(lambda: show_code(half, code, desk=town.desk)) == "wrong"


def refusals(town: Town) -> dict[str, Shown]:
    """Everything that is not let in, for one reason each."""
    town.person("bela")  # taken in, and never invited
    half_way = town.person("carla")
    take_up(town.invitation(half_way), PASSWORD, desk=town.desk)  # a password, and no second factor
    return {
        "wrong password": replace(ANNA, password="something else altogether"),
        "unknown code": replace(ANNA, code="nobody"),
        "unknown partner": replace(ANNA, partner="nowhere"),
        "never invited": Shown("shelter", "bela", PASSWORD),
        "no second factor": Shown("shelter", "carla", PASSWORD),
        "other case": replace(ANNA, code="Anna"),
        "nothing": Shown("", "", ""),
    }


def test_every_refusal_is_the_same_answer(town: Town) -> None:
    answers = {}
    for why_not, shown in refusals(town).items():
        with pytest.raises(NotLetIn) as refused:
            show_password(shown, browser="", desk=town.desk)
        answers[why_not] = (refused.value.code, refused.value.wait, str(refused.value))
    assert len(set(answers.values())) == 1


def test_every_refusal_compares_one_hash(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted and not timed: the hash is all that takes long."""
    asked: list[str | None] = []
    real = passwords.is_right
    monkeypatch.setattr(
        "partners.sign_in.is_right", lambda said, stored: asked.append(stored) or real(said, stored)
    )
    shown = refusals(town)
    for each in shown.values():
        assert why(lambda each=each: show_password(each, browser="", desk=town.desk)) == "wrong"
    assert len(asked) == len(shown)


def test_nobodys_hash_takes_as_long_as_anybodys(hashed: str) -> None:
    assert passwords._NOBODYS.split("$")[1:4] == hashed.split("$")[1:4]
    begun = time.perf_counter()
    assert not passwords.is_right("guess", None)
    nobody = time.perf_counter() - begun
    begun = time.perf_counter()
    assert not passwords.is_right("guess", hashed)
    assert 1 / 5 < nobody / (time.perf_counter() - begun) < 5


@pytest.mark.parametrize("who", ["member", "partner"])
def test_the_suspended_are_refused_like_strangers_and_their_sittings_are_dead(town: Town, who: str) -> None:
    token, half = town.sat_down(), town.asked()
    with town.hub.desk.sessions.begin() as session:
        at = town.hub.desk.clock()
        if who == "member":
            suspend_member(session, town.anna, at=at, by="test")
        else:
            suspend_partner(session, town.shelter, at=at, by="test")
    assert sitting_of(token, desk=town.desk) is None
    assert half_of(half, desk=town.desk) is None
    assert why(town.asked) == "wrong"


def test_a_partner_that_is_let_in_again_brings_no_old_sitting_back(town: Town) -> None:
    token = town.sat_down()
    with town.hub.desk.sessions.begin() as session:
        suspend_partner(session, town.shelter, at=town.hub.desk.clock(), by="test")
        resume_partner(session, town.shelter, at=town.hub.desk.clock(), by="test")
    assert sitting_of(token, desk=town.desk) is None
    assert sitting_of(town.sat_down(), desk=town.desk) is not None


def test_a_sitting_ends_when_she_leaves_and_the_stolen_token_with_it(town: Town) -> None:
    token = town.sat_down()
    assert sitting_of(token, desk=town.desk) is not None
    leave(token, desk=town.desk)
    assert sitting_of(token, desk=town.desk) is None
    leave(token, desk=town.desk)
    assert [act for act, _ in town.acts()].count("signed_out") == 1


def test_a_sitting_ends_when_nobody_comes_back(town: Town) -> None:
    clock, token = town.hub.desk.clock, town.sat_down()
    clock.forward(seconds=IDLE.total_seconds() - 1)
    assert sitting_of(token, desk=town.desk) is not None
    clock.forward(seconds=IDLE.total_seconds() - 61)
    assert sitting_of(token, desk=town.desk) is not None
    clock.forward(seconds=IDLE.total_seconds())
    assert sitting_of(token, desk=town.desk) is None


def test_a_sitting_ends_after_half_a_day_however_busy_it_is(town: Town) -> None:
    clock, token = town.hub.desk.clock, town.sat_down()
    began = clock()
    while clock() - began < LONGEST - IDLE:
        clock.forward(minutes=20)
        assert sitting_of(token, desk=town.desk) is not None
    clock.forward(minutes=20)
    clock.forward(minutes=10)
    assert sitting_of(token, desk=town.desk) is None


def test_reading_does_not_write_each_time(town: Town) -> None:
    token = town.sat_down()

    def seen() -> object:
        with town.hub.session() as session:
            return session.scalars(select(SittingRow.seen_at).order_by(SittingRow.began.desc())).first()

    first = seen()
    town.hub.desk.clock.forward(seconds=59)
    sitting_of(token, desk=town.desk)
    assert seen() == first
    town.hub.desk.clock.forward(seconds=1)
    sitting_of(token, desk=town.desk)
    assert seen() != first


def test_a_half_sitting_does_not_wait_for_ever(town: Town) -> None:
    asked = town.asked()
    town.hub.desk.clock.forward(seconds=ASKED_FOR.total_seconds())
    assert half_of(asked, desk=town.desk) is None


def test_a_confirmation_lasts_for_minutes_and_brings_a_new_token(town: Town) -> None:
    before = town.sat_down()
    sitting = sitting_of(before, desk=town.desk)
    assert sitting is not None
    town.hub.desk.clock.forward(seconds=CONFIRMED_FOR.total_seconds() + 1)
    assert not sitting.is_confirmed(town.hub.desk.clock())
    after = confirm_code(sitting, town.code(), desk=town.desk)
    assert sitting_of(before, desk=town.desk) is None
    again = sitting_of(after, desk=town.desk)
    assert again is not None and again.is_confirmed(town.hub.desk.clock())
    assert (again.id, again.form_token) == (sitting.id, sitting.form_token)


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "é" * 43, "\ud800", "y" * 5000])
def test_a_token_that_was_never_given_opens_nothing(town: Town, token: str) -> None:
    town.sat_down()
    assert sitting_of(token, desk=town.desk) is None
    assert half_of(token, desk=town.desk) is None


def test_the_database_holds_no_token_no_word_and_no_password(town: Town) -> None:
    token, word = town.sat_down(), town.invitation(town.person("dora"))
    with town.hub.session() as session:
        kept = repr([list(session.execute(table.select())) for table in Member.metadata.sorted_tables])
    for secret in (token, word, PASSWORD, town.secret):
        assert secret not in kept
    sitting = sitting_of(token, desk=town.desk)
    assert sitting is not None and sitting.form_token not in kept
    assert sitting.form_token not in repr(sitting) and PASSWORD not in repr(ANNA)


def test_form_tokens_belong_to_one_sitting(town: Town) -> None:
    tokens = {sitting_of(town.sat_down(), desk=town.desk).form_token for _ in range(3)}  # type: ignore[union-attr]
    assert len(tokens) == 3


# Guessing

WRONG = replace(ANNA, password="a guess of a stranger")


def guess(town: Town, *, browser: str = "", shown: Shown = WRONG) -> str:
    return why(lambda: show_password(shown, browser=browser, desk=town.desk))


@pytest.mark.parametrize("code", ["anna", "nobody"])
def test_guessing_is_made_slow_whoever_is_guessed_at(
    town: Town, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partners.sign_in.is_right", lambda *_: False)
    shown = Shown("shelter", code, "a guess of a stranger")
    assert [guess(town, shown=shown) for _ in range(FREE + 1)] == ["wrong"] * (FREE + 1)
    assert guess(town, shown=shown) == "wait"
    made, clock = 0, town.hub.desk.clock
    began = clock()
    while (clock() - began).total_seconds() < 24 * 3600:
        clock.forward(minutes=1)
        made += guess(town, shown=shown) == "wrong"
    assert made < 24 * 3600 / LONGEST_WAIT.total_seconds() + 20


def test_without_the_counter_guessing_would_be_fast(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partners.sign_in.count", lambda *_a, **_k: LONGEST_WAIT * 0)
    monkeypatch.setattr("partners.sign_in.is_right", lambda *_: False)
    assert [guess(town) for _ in range(50)] == ["wrong"] * 50


def test_the_right_password_too_has_to_wait_while_strangers_guess(town: Town) -> None:
    for _ in range(FREE + 1):
        guess(town)
    assert guess(town, shown=ANNA) == "wait"
    town.hub.desk.clock.forward(seconds=2)
    assert guess(town, shown=ANNA) == "let in"


def test_strangers_cannot_keep_her_out_of_a_browser_that_knows_her(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partners.sign_in.is_right", lambda said, _stored: said == PASSWORD)
    mark = mark_browser(ANNA, desk=town.desk)
    for _ in range(20):
        guess(town)
        town.hub.desk.clock.forward(seconds=45)
    assert guess(town, shown=ANNA) == "wait"
    assert guess(town, shown=ANNA, browser=mark) == "let in"


@pytest.mark.parametrize("mark", ["", "!", "AAAA", "A" * 44])
def test_a_made_up_mark_is_counted_like_none(town: Town, mark: str) -> None:
    for _ in range(FREE + 1):
        guess(town, browser=mark)
    assert guess(town) == "wait"


def test_a_mark_is_good_for_one_account(town: Town) -> None:
    mark = mark_browser(Shown("shelter", "bela", ""), desk=town.desk)
    for _ in range(FREE + 1):
        guess(town)
    assert guess(town, browser=mark) == "wait"


def test_nobody_tries_more_often_than_a_few_times_a_minute(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partners.attempts._wait", lambda _wrong: LONGEST_WAIT * 0)
    monkeypatch.setattr("partners.sign_in.is_right", lambda *_: False)
    town.hub.desk.clock.now = town.hub.desk.clock.now.replace(second=0)
    assert [guess(town) for _ in range(A_MINUTE + 3)] == ["wrong"] * A_MINUTE + ["wait"] * 3


def test_codes_are_guessed_slowly_too(town: Town) -> None:
    half = half_of(town.asked(), desk=town.desk)
    assert half is not None
    said = [why(lambda: show_code(half, "000000", desk=town.desk)) for _ in range(FREE + 2)]
    assert said == ["wrong"] * (FREE + 1) + ["wait"]
    assert town.acts().count(("denied", '{"what":"code"}')) == FREE + 1


def test_old_counts_are_forgotten_and_hold_no_name(town: Town) -> None:
    for number in range(5):
        guess(town, shown=Shown("nowhere", f"name-{number}", "guess"))
    with town.hub.session() as session:
        rows = session.scalars(select(Attempts)).all()
    assert len(rows) == 5 and all(len(row.who) == 32 for row in rows)
    town.hub.desk.clock.forward(hours=7)
    guess(town)
    with town.hub.session() as session:
        assert len(session.scalars(select(Attempts)).all()) == 1


# Invitations


def test_an_invitation_leads_to_a_password_and_a_code_and_is_used_up_by_them(town: Town) -> None:
    bela = town.person("bela", Role.REVIEWER)
    word = town.invitation(bela)
    assert invited(word, desk=town.desk).code == "bela"
    half = half_of(take_up(word, PASSWORD, desk=town.desk), desk=town.desk)
    assert half is not None and half.stage == ENROLLING
    secret = pending_secret(half, desk=town.desk)
    assert pending_secret(half, desk=town.desk) == secret
    with pytest.raises(NotAcceptable, match="wrong_code"):
        enrol_code(half, "000000", desk=town.desk)
    sitting = sitting_of(enrol_code(half, town.code(secret), desk=town.desk), desk=town.desk)
    assert sitting is not None and sitting.actor.scopes == Role.REVIEWER.scopes
    for again in (lambda: invited(word, desk=town.desk), lambda: take_up(word, PASSWORD, desk=town.desk)):
        with pytest.raises(NotThere):
            again()
    town.hub.desk.clock.forward(seconds=30)
    asked = half_of(
        show_password(Shown("shelter", "bela", PASSWORD), browser="", desk=town.desk), desk=town.desk
    )
    assert asked is not None
    assert why(lambda: show_code(asked, town.code(secret), desk=town.desk)) == "let in"
    acts = [act for act, _ in town.acts()]
    assert acts.index("invited") < acts.index("enrolled") < acts.index("signed_in")


def test_the_code_of_the_enrolment_is_spent(town: Town) -> None:
    word = town.invitation(town.person("bela"))
    half = half_of(take_up(word, PASSWORD, desk=town.desk), desk=town.desk)
    assert half is not None
    code = town.code(pending_secret(half, desk=town.desk))
    enrol_code(half, code, desk=town.desk)
    asked = half_of(
        show_password(Shown("shelter", "bela", PASSWORD), browser="", desk=town.desk), desk=town.desk
    )
    assert asked is not None and why(lambda: show_code(asked, code, desk=town.desk)) == "wrong"


def test_an_invitation_alone_opens_nothing_else(town: Town) -> None:
    token = take_up(town.invitation(town.person("bela")), PASSWORD, desk=town.desk)
    assert sitting_of(token, desk=town.desk) is None
    town.hub.desk.clock.forward(seconds=ENROLLING_FOR.total_seconds())
    assert half_of(token, desk=town.desk) is None


def test_before_it_is_used_up_it_may_be_opened_again_and_the_first_try_is_void(town: Town) -> None:
    word = town.invitation(town.person("bela"))
    first, second = (take_up(word, PASSWORD, desk=town.desk) for _ in range(2))
    assert half_of(first, desk=town.desk) is None
    assert half_of(second, desk=town.desk) is not None


def test_an_old_a_replaced_and_a_made_up_invitation_are_one(town: Town) -> None:
    bela, carla = town.person("bela"), town.person("carla")
    replaced, old = town.invitation(bela), town.invitation(carla)
    town.invitation(bela)
    town.hub.desk.clock.forward(seconds=LIFE.total_seconds())
    for word in (replaced, old, "made up", ""):
        with pytest.raises(NotThere):
            invited(word, desk=town.desk)


def test_a_half_sitting_of_an_invitation_that_was_replaced_completes_nothing(town: Town) -> None:
    bela = town.person("bela")
    half = half_of(take_up(town.invitation(bela), PASSWORD, desk=town.desk), desk=town.desk)
    assert half is not None
    town.invitation(bela)
    code = town.code(pending_secret(half, desk=town.desk))
    with pytest.raises(NotThere):
        enrol_code(half, code, desk=town.desk)
    with town.hub.session() as session:
        assert session.get_one(Account, bela).totp is None


def test_an_invitation_of_somebody_who_is_suspended_since_is_nothing(town: Town) -> None:
    bela = town.person("bela")
    word = town.invitation(bela)
    with town.hub.desk.sessions.begin() as session:
        suspend_member(session, bela, at=town.hub.desk.clock(), by="test")
    with pytest.raises(NotThere):
        take_up(word, PASSWORD, desk=town.desk)


def test_being_invited_anew_voids_everything_that_was_set_up(town: Town) -> None:
    token, keys = town.sat_down(), list(town.hub.desk.keystore.list())
    take_up(town.invitation(town.anna), "another long password", desk=town.desk)
    assert sitting_of(token, desk=town.desk) is None
    assert why(town.asked) == "wrong"
    assert len(town.hub.desk.keystore.list()) == len(keys) - 1


def test_only_a_digest_of_the_link_is_kept_and_the_link_is_ours(town: Town) -> None:
    word = town.invitation(town.person("bela"))
    assert link(word, town.hub.desk.settings) == f"https://hub.example.org/enrol/{word}"
    with town.hub.session() as session:
        assert len(session.scalars(select(Invitation.digest)).one()) == 32


# Passwords


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("tiny", "too_short"),
        ("elevenchars", "too_short"),
        ("password1234", "too_common"),
        ("Password1234", "too_common"),
        ("PASSWORD 1234", "too_common"),
        ("qwertyuiop12", "too_common"),
        ("aaaaaaaaaaaaaaaa", "too_common"),
        ("abababababab", "too_common"),
        ("anna-shelter-1", "too_common"),
        ("shelter-shelter-anna", "too_common"),
        ("parallaxparallax", "too_common"),
        ("x" * 201, "too_long"),
    ],
)
def test_a_password_that_is_easy_is_refused_and_not_repeated(password: str, code: str) -> None:
    with pytest.raises(NotAcceptable) as refused:
        passwords.demand_strong(password, known=("anna", "shelter", "Shelter of the North"))
    assert refused.value.code == code
    assert password not in str(refused.value)


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "aaaa bbbb cccc dddd eeee",
        "šest žutih čamaca",
        "كلمة مرور طويلة جدا",
        "4815162342 11 27",
        "x9!" * 5 + "end.",
    ],
)
def test_nothing_is_asked_of_its_composition(password: str) -> None:
    passwords.demand_strong(password, known=("anna",))


def test_the_same_password_however_it_is_composed() -> None:
    stored = passwords.hash_password("caf\u00e9 au lait du matin")
    assert passwords.is_right("cafe\u0301 au lait du matin", stored)


def test_it_is_hashed_slowly_with_a_salt_of_its_own(hashed: str) -> None:
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert hashed != passwords.hash_password(PASSWORD)
    assert not passwords.is_outdated(hashed)
    assert passwords.is_outdated("$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzYWx0$" + "A" * 43)


def test_another_password_ends_ones_other_sittings_and_not_this_one(town: Town) -> None:
    here, elsewhere = town.sat_down(), town.sat_down()
    sitting = sitting_of(here, desk=town.desk)
    assert sitting is not None
    with pytest.raises(NotAcceptable, match="too_short"):
        change_password("short", sitting=sitting, desk=town.desk)
    renewed = change_password("another long password", sitting=sitting, desk=town.desk)
    found = sitting_of(renewed, desk=town.desk)
    assert found is not None and found.id == sitting.id
    assert sitting_of(here, desk=town.desk) is None, "a copy of it may be in other hands"
    assert sitting_of(elsewhere, desk=town.desk) is None
    assert why(town.asked) == "wrong"


# Ending sittings


def actor(town: Town, member: UUID) -> object:
    found = sitting_of(town.sat_down(member), desk=town.desk)
    assert found is not None
    return found.actor


def test_one_sees_and_ends_ones_own_sittings_and_nobody_elses(town: Town) -> None:
    mine, other = town.sat_down(), town.sat_down()
    bela = town.person("bela")
    sitting, theirs = sitting_of(other, desk=town.desk), sitting_of(town.sat_down(bela), desk=town.desk)
    assert sitting is not None and theirs is not None
    assert len(own(by=sitting.actor, desk=town.desk).seats) == 2
    with pytest.raises(NotThere):
        end_own(theirs.id, by=sitting.actor, desk=town.desk)
    end_own(sitting.id, by=sitting.actor, desk=town.desk)
    assert sitting_of(other, desk=town.desk) is None
    assert sitting_of(mine, desk=town.desk) is not None


@pytest.mark.parametrize("act", [end_all, suspend_person])
def test_who_looks_after_people_can_put_them_out_at_once(town: Town, act: object) -> None:
    keeper, token = town.person("keeper", Role.ADMINISTRATOR), town.sat_down()
    act(town.anna, by=actor(town, keeper), desk=town.desk)  # type: ignore[operator]
    assert sitting_of(token, desk=town.desk) is None
    assert why(town.asked) == ("let in" if act is end_all else "wrong")


@pytest.mark.parametrize("act", [end_all, suspend_person])
def test_nobody_else_can(town: Town, act: object) -> None:
    stranger = replace(town, shelter=town.hub.partner("other")).person("x", Role.ADMINISTRATOR)
    token = town.sat_down()
    for member in (town.person("plain"), stranger):
        with pytest.raises(Exception, match=r"not_found|scope"):
            act(town.anna, by=actor(town, member), desk=town.desk)  # type: ignore[operator]
    assert sitting_of(token, desk=town.desk) is not None


def test_a_steward_can_for_any_partner(town: Town) -> None:
    keepers = town.hub.partner("keepers", steward=True)
    steward = replace(town, shelter=keepers).person("s", Role.STEWARD)
    token = town.sat_down()
    end_all(town.anna, by=actor(town, steward), desk=town.desk)  # type: ignore[arg-type]
    assert sitting_of(token, desk=town.desk) is None


def test_the_list_of_people_says_who_can_come_in_and_nothing_of_how(town: Town) -> None:
    keeper = town.person("keeper", Role.ADMINISTRATOR)
    town.invitation(town.person("bela"))
    town.sat_down()
    _slug, found = faces(town.shelter, by=actor(town, keeper), desk=town.desk)  # type: ignore[arg-type]
    said = {face.code: (face.enrolled, face.invited_until is not None, face.sittings) for face in found}
    assert said == {"anna": (True, False, 1), "bela": (False, True, 0), "keeper": (False, False, 1)}


# On both databases, and at once


@pytest.fixture
def on_both(both_hubs: Hub, hashed: str) -> Iterator[Town]:
    yield town.__wrapped__(both_hubs, hashed)  # type: ignore[attr-defined]


def test_the_whole_way_in_on_both_databases(on_both: Town) -> None:
    town = on_both
    bela = town.person("bela")
    half = half_of(take_up(town.invitation(bela), PASSWORD, desk=town.desk), desk=town.desk)
    assert half is not None
    enrol_code(half, town.code(pending_secret(half, desk=town.desk)), desk=town.desk)
    for _ in range(FREE + 1):
        assert guess(town) == "wrong"
    assert guess(town) == "wait"
    token = town.sat_down()
    leave(token, desk=town.desk)
    assert sitting_of(token, desk=town.desk) is None
