"""Who may let people come by browser: two persons, or the operator; and the link is said once, to the second."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from partners_builders import Hub, Key, once
from sqlalchemy import select
from test_partners_cli import Machine

from config.settings import Settings
from ledger.models import LedgerEntry
from partners.access import grant_token
from partners.errors import Conflict, NotAcceptable, NotThere, PartnersError, TokenError
from partners.invitations import invited
from partners.jwks import as_jwk
from partners.models import Member
from partners.proposals import Decided, approve, propose
from partners.requests import Inviting, NewCredential, NewMember
from partners.values import Actor, Role, Scope

HERE = "https://hub.example.org/enrol/"


@dataclass(frozen=True)
class Town:
    """A shelter with two administrators."""

    hub: Hub
    shelter: UUID
    first: Actor
    second: Actor

    def agree(self, asked: Any) -> Decided:
        proposal = propose(asked, by=self.first, once=once(self.first), desk=self.hub.desk)
        return approve(proposal.id, by=self.second, once=once(self.second), desk=self.hub.desk)


@pytest.fixture
def town(hub: Hub) -> Town:
    shelter = hub.partner("shelter")
    first, second = (
        Actor(
            uuid4(),
            shelter,
            hub.person(shelter, code, *Role).member,
            frozenset(Role.ADMINISTRATOR.scopes),
            True,
        )
        for code in ("a1", "a2")
    )
    return Town(hub, shelter, first, second)


def why(act: Callable[[], object]) -> str:
    try:
        act()
    except PartnersError as refused:
        return refused.code
    return "done"


def test_a_member_without_a_key_is_invited_by_the_two_who_take_her_in(town: Town) -> None:
    decided = town.agree(NewMember(town.shelter, "c7", (Role.CASEWORKER, Role.REVIEWER)))
    assert set(decided.told) == {"member", "invitation"}
    word = decided.told["invitation"].removeprefix(HERE)
    assert invited(word, desk=town.hub.desk).code == "c7"
    with town.hub.session() as session:
        row = session.get_one(Member, UUID(decided.told["member"]))
        assert row.totp is None
        assert set(row.scopes) == Role.CASEWORKER.scopes | Role.REVIEWER.scopes


def test_the_link_is_said_once_and_shown_to_nobody_by_accident(town: Town) -> None:
    proposal = propose(
        NewMember(town.shelter, "c7", (Role.CASEWORKER,)),
        by=town.first,
        once=once(town.first),
        desk=town.hub.desk,
    )
    decided = approve(proposal.id, by=town.second, once=once(town.second), desk=town.hub.desk)
    word = decided.told["invitation"].removeprefix(HERE)
    assert word not in repr(decided)
    assert approve(proposal.id, by=town.second, once=once(town.second), desk=town.hub.desk).told == {}
    with town.hub.session() as session:
        rows = session.scalars(select(LedgerEntry)).all()
        assert word not in repr([(row.ref, row.codes) for row in rows])
        assert [row.actor for row in rows if row.act == "invited"] == [str(town.second.member)]


def test_one_person_alone_invites_nobody(town: Town) -> None:
    asked = Inviting(town.shelter, town.second.member)
    proposal = propose(asked, by=town.first, once=once(town.first), desk=town.hub.desk)
    assert (
        why(lambda: approve(proposal.id, by=town.first, once=once(town.first), desk=town.hub.desk))
        == "same_person"
    )


def test_somebody_who_has_a_key_may_be_invited_too_and_keeps_it(town: Town) -> None:
    key = town.hub.person(town.shelter, "k", Role.REVIEWER)
    assert town.agree(Inviting(town.shelter, key.member)).told["invitation"].startswith(HERE)
    assert grant_token(town.hub.assertion(key), wanted=None, desk=town.hub.desk)


def test_nobody_is_invited_under_another_partners_name(town: Town) -> None:
    stranger = town.hub.person(town.hub.partner("other"), "x")
    with pytest.raises(NotThere):
        town.agree(Inviting(town.shelter, stranger.member))
    with pytest.raises(NotThere):
        propose(
            Inviting(town.hub.partner("third"), town.first.member),
            by=town.first,
            once=once(town.first),
            desk=town.hub.desk,
        )


def test_a_key_without_an_end_or_an_end_without_a_key_is_refused(town: Town) -> None:
    with pytest.raises(NotAcceptable, match="missing"):
        NewMember(town.shelter, "c7", (Role.CASEWORKER,), expires=town.hub.desk.clock())
    assert why(lambda: town.agree(NewMember(town.shelter, "a1", (Role.CASEWORKER,)))) == "code_taken"


def test_who_came_by_browser_and_gets_a_key_later_decides_nothing_with_it(town: Town) -> None:
    """Her second factor is for the browser: a code of hers is no code for the key."""
    told = town.agree(NewMember(town.shelter, "c7", (Role.APPROVER,))).told
    private = Ed25519PrivateKey.generate()
    asked = NewCredential(
        town.shelter,
        as_jwk(private.public_key()),
        (Scope.BULLETINS_READ, Scope.REPORTS_APPROVE),
        town.hub.desk.clock() + timedelta(days=9),
        UUID(told["member"]),
    )
    key = Key(private, town.agree(asked).told["kid"])
    assert grant_token(town.hub.assertion(key), wanted=None, desk=town.hub.desk).scopes == {
        Scope.BULLETINS_READ
    }
    with pytest.raises(TokenError, match="second_factor"):
        grant_token(town.hub.assertion(key, otp="123456"), wanted=None, desk=town.hub.desk)


# From the command line


def test_the_operator_invites_a_steward_and_takes_in_others(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "instance")
    machine.run("init")
    told = machine.run("partners", "invite", "stewards", "steward-1")
    issuer = Settings.from_env(machine.env).issuer
    assert told["invitation"].startswith(f"{issuer}/enrol/")
    new = machine.run("partners", "invite", "stewards", "steward-3", "--role", "steward")
    assert new["member"] != told["member"]
    again = machine.run("partners", "invite", "stewards", "steward-3", "--role", "steward")
    assert again["member"] == new["member"] and again["invitation"] != new["invitation"]
    assert "not_found" in machine.run("partners", "invite", "stewards", "nobody", fails=True)
    assert "not_found" in machine.run(
        "partners", "invite", "nowhere", "steward-1", "--role", "steward", fails=True
    )


def test_a_dry_run_prints_no_link(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "instance")
    machine.run("init")
    before = machine.contents()["rows"]
    told = machine.run("partners", "invite", "stewards", "steward-1", "--dry-run")
    assert "invitation" not in told and told["dry_run"] is True
    assert machine.contents()["rows"] == before


def test_conflicts_say_nothing_of_who_was_there(town: Town) -> None:
    town.agree(NewMember(town.shelter, "c7", (Role.CASEWORKER,)))
    with pytest.raises(Conflict) as refused:
        town.agree(NewMember(town.shelter, "c7", (Role.CASEWORKER,)))
    assert "c7" not in json.dumps([str(refused.value), repr(refused.value)])
