"""A key opens the door once for each assertion, for as long as its holder is welcome, and no longer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from partners_builders import Hub, Key
from sqlalchemy import select, update

from config.database import open_database
from ledger.models import LedgerEntry
from partners import access
from partners.access import TOKENS_A_MINUTE, WRONG_CODES, grant_token, who_is
from partners.errors import TokenError
from partners.members import resume_partner, revoke_credential, suspend_member, suspend_partner
from partners.models import Credential, Member
from partners.second_factor import forget_secret, step_of
from partners.values import PERSONS_ONLY, Role, Scope


def outcome(act: Callable[[], object]) -> str:
    """ "in", or the code of the refusal."""
    try:
        act()
    except TokenError as refused:
        return refused.code
    return "in"


def at_once(acts: list[Callable[[], object]]) -> list[str]:
    """Start all of them at the same moment."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        gate.wait()
        return outcome(act)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_a_machine_comes_in_with_its_rights_and_decides_nothing(hub: Hub) -> None:
    partner = hub.partner("a")
    key = hub.machine(partner)
    actor = hub.actor(key)
    assert (actor.partner, actor.member, actor.is_person) == (partner, None, False)
    assert actor.scopes == frozenset(Scope) - PERSONS_ONLY


def test_a_person_with_her_second_factor_may_decide(hub: Hub) -> None:
    key = hub.person(hub.partner("a"), "p1", Role.APPROVER)
    actor = hub.actor(key)
    assert (actor.member, actor.is_person, actor.scopes) == (key.member, True, Role.APPROVER.scopes)


def test_without_the_second_factor_she_decides_nothing(hub: Hub) -> None:
    key = hub.person(hub.partner("a"), "p1", Role.APPROVER)
    actor = who_is(hub.token(key, otp=False), desk=hub.desk)
    assert not actor.is_person
    assert actor.scopes == Role.APPROVER.scopes - PERSONS_ONLY


def test_a_machine_key_that_was_given_a_persons_right_still_has_none(hub: Hub) -> None:
    key = hub.machine(hub.partner("a"))
    with hub.desk.sessions.begin() as session:
        session.execute(update(Credential).values(scopes=[scope.value for scope in Scope]))
    assert not hub.actor(key).scopes & PERSONS_ONLY


def test_a_token_can_be_narrowed_and_not_widened(hub: Hub) -> None:
    key = hub.machine(hub.partner("a"), Scope.BULLETINS_READ, Scope.REPORTS_SUBMIT)
    wanted = frozenset({Scope.BULLETINS_READ})
    narrow = grant_token(hub.assertion(key), wanted=wanted, desk=hub.desk)
    assert who_is(narrow.token, desk=hub.desk).scopes == narrow.scopes == wanted
    with pytest.raises(TokenError, match="scope"):
        grant_token(hub.assertion(key), wanted=frozenset({Scope.LEDGER_READ}), desk=hub.desk)


def test_a_right_taken_away_is_gone_from_tokens_already_out(hub: Hub) -> None:
    key = hub.person(hub.partner("a"), "p1", Role.APPROVER)
    token = hub.token(key)
    with hub.desk.sessions.begin() as session:
        session.execute(update(Member).values(scopes=[Scope.REPORTS_READ.value]))
    assert who_is(token, desk=hub.desk).scopes == {Scope.REPORTS_READ}


def test_an_assertion_works_once(hub: Hub) -> None:
    assertion = hub.assertion(hub.machine(hub.partner("a")))
    come_in = lambda: grant_token(assertion, wanted=None, desk=hub.desk)  # noqa: E731
    assert [outcome(come_in) for _ in range(3)] == ["in", "replayed", "replayed"]


def test_an_assertion_works_once_across_a_restart(file_hub: Hub, sqlite_url: str) -> None:
    assertion = file_hub.assertion(file_hub.machine(file_hub.partner("a")))
    grant_token(assertion, wanted=None, desk=file_hub.desk)
    engine = open_database(sqlite_url)
    assert outcome(lambda: grant_token(assertion, wanted=None, desk=file_hub.at(engine).desk)) == "replayed"
    engine.dispose()


@pytest.mark.parametrize("seconds", [0, 60, 119, 149, 150, 151, 3600])
def test_a_used_assertion_is_never_good_again(hub: Hub, clock: object, seconds: int) -> None:
    """At no moment is it forgotten as used and not yet refused as ended."""
    key = hub.machine(hub.partner("a"))
    assertion = hub.assertion(key)
    grant_token(assertion, wanted=None, desk=hub.desk)
    clock.forward(seconds=seconds)
    hub.token(key)
    assert outcome(lambda: grant_token(assertion, wanted=None, desk=hub.desk)) in {"replayed", "expired"}


def test_an_assertion_sent_by_eight_at_once_works_once(both_hubs: Hub, clock: object) -> None:
    key = both_hubs.machine(both_hubs.partner("a"))
    for _ in range(4):
        clock.forward(minutes=1)
        assertion = both_hubs.assertion(key)
        acts = [lambda a=assertion: grant_token(a, wanted=None, desk=both_hubs.desk)] * 8
        assert sorted(at_once(acts)) == ["in", *["replayed"] * 7]


def test_control_without_the_memory_a_replay_comes_in(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_first_use", lambda *_: True)
    assertion = hub.assertion(hub.machine(hub.partner("a")))
    assert [outcome(lambda: grant_token(assertion, wanted=None, desk=hub.desk)) for _ in range(2)] == [
        "in",
        "in",
    ]


def test_one_clients_assertion_id_is_not_anothers(hub: Hub) -> None:
    first, second = hub.machine(hub.partner("a")), hub.machine(hub.partner("b"))
    assert [outcome(lambda k=key: hub.token(k)) for key in (first, second)] == ["in", "in"]


def test_a_code_works_once(hub: Hub) -> None:
    key = hub.person(hub.partner("a"), "p1")
    assert outcome(lambda: hub.token(key)) == "in"
    assert outcome(lambda: hub.token(key)) == "second_factor"


def test_an_older_code_does_not_work_after_a_newer_one(hub: Hub, clock: object) -> None:
    key = hub.person(hub.partner("a"), "p1")
    older = hub.code(key)
    clock.forward(seconds=30)
    assert outcome(lambda: hub.token(key)) == "in"
    assert outcome(lambda: hub.token(key, otp=older)) == "second_factor"
    clock.forward(seconds=30)
    assert outcome(lambda: hub.token(key)) == "in"


def test_a_code_used_by_eight_at_once_works_once(both_hubs: Hub, clock: object) -> None:
    key = both_hubs.person(both_hubs.partner("a"), "p1")
    for _ in range(4):
        clock.forward(minutes=1)
        # As many wrong codes in a row as this would revoke the key, which another test is about.
        assertions = [both_hubs.assertion(key) for _ in range(8)]
        acts = [lambda a=each: grant_token(a, wanted=None, desk=both_hubs.desk) for each in assertions]
        assert sorted(at_once(acts)) == ["in", *["second_factor"] * 7]
        with both_hubs.desk.sessions.begin() as session:
            session.execute(update(Credential).values(wrong_codes=0))


@pytest.mark.parametrize(("drift", "right"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_a_code_may_be_one_step_early_or_late(hub: Hub, drift: int, right: bool) -> None:
    secret = pyotp.random_base32()
    now = hub.desk.clock()
    code = pyotp.TOTP(secret).at(now + timedelta(seconds=drift))
    assert (step_of(secret, code, now=now) is not None) is right


@pytest.mark.parametrize("code", ["000000", "12345", "1234567", "abcdef", "", "１２３４５６", " 12345"])
def test_a_wrong_code_is_refused(hub: Hub, code: str) -> None:
    key = hub.person(hub.partner("a"), "p1")
    assert outcome(lambda: hub.token(key, otp=code)) == "second_factor"


def test_ten_wrong_codes_in_a_row_void_the_key(hub: Hub, clock: object) -> None:
    key = hub.person(hub.partner("a"), "p1")
    for _ in range(WRONG_CODES - 1):
        assert outcome(lambda: hub.token(key, otp="000000")) == "second_factor"
    assert outcome(lambda: hub.token(key)) == "in"
    clock.forward(minutes=1)
    for _ in range(WRONG_CODES):
        assert outcome(lambda: hub.token(key, otp="000000")) == "second_factor"
    clock.forward(minutes=1)
    assert outcome(lambda: hub.token(key)) == "standing"


def test_a_machine_has_no_second_factor_to_offer(hub: Hub) -> None:
    key = hub.machine(hub.partner("a"))
    assert outcome(lambda: hub.token(key, otp="123456")) == "second_factor"


def test_a_forgotten_secret_has_no_right_code(hub: Hub) -> None:
    key = hub.person(hub.partner("a"), "p1")
    forget_secret(key.member, keystore=hub.desk.keystore)
    assert outcome(lambda: hub.token(key)) == "second_factor"


def test_a_second_factor_moved_to_another_person_opens_nothing(hub: Hub) -> None:
    partner = hub.partner("a")
    thief, victim = hub.person(partner, "p1"), hub.person(partner, "p2")
    with hub.desk.sessions.begin() as session:
        session.get_one(Member, victim.member).totp = session.get_one(Member, thief.member).totp
    code = hub.code(thief)
    assert outcome(lambda: hub.token(victim, otp=code)) == "second_factor"


def test_so_many_tokens_a_minute_and_no_more(hub: Hub, clock: object) -> None:
    busy, calm = hub.machine(hub.partner("a")), hub.machine(hub.partner("b"))
    got = [outcome(lambda: hub.token(busy)) for _ in range(TOKENS_A_MINUTE + 2)]
    assert got == ["in"] * TOKENS_A_MINUTE + ["too_many"] * 2
    assert outcome(lambda: hub.token(calm)) == "in"
    clock.forward(minutes=1)
    assert outcome(lambda: hub.token(busy)) == "in"


def _suspend_partner(hub: Hub, key: Key) -> None:
    with hub.desk.sessions.begin() as session:
        home = session.scalars(select(Credential.partner_id).where(Credential.kid == key.kid)).one()
        suspend_partner(session, home, at=hub.desk.clock(), by="test")


def _suspend_member(hub: Hub, key: Key) -> None:
    with hub.desk.sessions.begin() as session:
        suspend_member(session, key.member, at=hub.desk.clock(), by="test")


def _revoke(hub: Hub, key: Key) -> None:
    with hub.desk.sessions.begin() as session:
        revoke_credential(session, key.kid, at=hub.desk.clock(), by="test")


def _let_it_expire(hub: Hub, key: Key) -> None:
    with hub.desk.sessions.begin() as session:
        session.execute(update(Credential).values(expires=hub.desk.clock()))


def _postpone(hub: Hub, key: Key) -> None:
    with hub.desk.sessions.begin() as session:
        session.execute(update(Credential).values(not_before=hub.desk.clock() + timedelta(days=1)))


def _forget_the_member(hub: Hub, key: Key) -> None:
    with hub.desk.sessions.begin() as session:
        stranger = hub_partner_of(hub)
        session.execute(update(Member).where(Member.id == key.member).values(partner_id=stranger))


def hub_partner_of(hub: Hub) -> object:
    from partners.models import Partner

    with hub.session() as session:
        return session.scalars(select(Partner.id).where(Partner.slug == "stranger")).one()


@pytest.mark.parametrize(
    "put_out",
    [_suspend_partner, _suspend_member, _revoke, _let_it_expire, _postpone, _forget_the_member],
    ids=lambda act: act.__name__.strip("_"),
)
def test_whoever_is_put_out_is_out_at_once(
    hub: Hub, clock: object, put_out: Callable[[Hub, Key], None]
) -> None:
    hub.partner("stranger")
    key = hub.person(hub.partner("a"), "p1")
    token = hub.token(key)
    assert outcome(lambda: who_is(token, desk=hub.desk)) == "in"
    put_out(hub, key)
    assert outcome(lambda: who_is(token, desk=hub.desk)) == "standing"
    clock.forward(minutes=1)
    assert outcome(lambda: hub.token(key)) == "standing"


def test_tokens_from_before_a_suspension_stay_dead_after_it(hub: Hub) -> None:
    partner = hub.partner("a")
    key = hub.machine(partner)
    token = hub.token(key)
    with hub.desk.sessions.begin() as session:
        suspend_partner(session, partner, at=hub.desk.clock(), by="test")
        resume_partner(session, partner, at=hub.desk.clock(), by="test")
    assert outcome(lambda: who_is(token, desk=hub.desk)) == "epoch"
    assert outcome(lambda: hub.token(key)) == "in"


def test_no_request_begun_after_a_revocation_gets_in(file_hub: Hub) -> None:
    """Three readers run all the while; whoever starts after the revocation has returned is refused."""
    partner = file_hub.partner("a")
    assert [_late_entries(file_hub, file_hub.machine(partner)) for _ in range(6)] == [0] * 6


def _late_entries(hub: Hub, key: Key) -> int:
    token = hub.token(key)
    revoked, stop = threading.Event(), threading.Event()
    late: list[str] = []

    def read() -> None:
        while not stop.is_set():
            begun_after = revoked.is_set()
            if outcome(lambda: who_is(token, desk=hub.desk)) == "in" and begun_after:
                late.append(token)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    _revoke(hub, key)
    revoked.set()
    assert outcome(lambda: who_is(token, desk=hub.desk)) == "standing"
    stop.set()
    for reader in readers:
        reader.join()
    return len(late)


def test_a_token_of_one_credential_does_not_speak_for_another(hub: Hub) -> None:
    partner = hub.partner("a")
    first, second = hub.machine(partner), hub.machine(partner)
    token = hub.token(first)
    with hub.desk.sessions.begin() as session:
        rows = {row.kid: row for row in session.scalars(select(Credential))}
        rows[first.kid].kid = "x" * 43
        session.flush()
        rows[second.kid].kid = first.kid
    assert outcome(lambda: who_is(token, desk=hub.desk)) == "standing"


def test_the_ledger_knows_who_came_in_and_who_was_refused_and_no_secret(hub: Hub) -> None:
    key = hub.person(hub.partner("a"), "p1")
    code, token = hub.code(key), hub.token(key)
    outcome(lambda: hub.token(key, otp="000000"))
    with hub.session() as session:
        rows = list(session.scalars(select(LedgerEntry).order_by(LedgerEntry.seq)))
    assert [row.act for row in rows][-2:] == ["token_issued", "denied"]
    text = " ".join(f"{row.actor} {row.ref} {row.codes}" for row in rows)
    assert key.totp_secret not in text
    assert f" {code} " not in text
    assert token not in text
