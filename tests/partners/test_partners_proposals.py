"""What opens a door takes two people, what shuts one takes one, and a machine's key decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from partners_builders import (
    LATER,
    Hub,
    Key,
    ShortMemory,
    approve,
    copy_of,
    desk_on,
    open_proposals,
    policies_of,
    policy_document,
    propose,
    refuse,
    submit_policy,
)
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.exc import IntegrityError
from test_partners_access import at_once

from config.database import Base
from config.keys import Keys
from ledger.chain import verify_chain
from ledger.models import LedgerEntry
from partners import adoption
from partners.access import who_is
from partners.adoption import loosened
from partners.errors import Conflict, NotAcceptable, NotAllowed, NotThere, PartnersError, TokenError
from partners.jwks import as_jwk
from partners.members import suspend_member, suspend_partner
from partners.models import Member, Partner, PolicyVersion, Proposal
from partners.registry import circles_of, policy_in_force, read_policy
from partners.requests import (
    CircleTerms,
    Inviting,
    Joining,
    NewAgreement,
    NewCredential,
    NewMember,
    NewPartner,
    PolicyDocument,
    Resuming,
)
from partners.rules import RULES, Request
from partners.values import Actor, Role, Scope
from partners.waiting import policy_of
from policies.load import PolicyError
from policies.terms import Tlp

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TIGHT = policy_document(south={"PLACE": "coarse"})
LOOSE = policy_document(south={"PLACE": "fine"})


@dataclass(frozen=True)
class Town:
    """A hub with two stewards, and a shelter with two people and a machine."""

    hub: Hub
    steward: Actor
    deputy: Actor
    shelter: UUID
    first: Actor
    second: Actor
    machine: Actor
    stranger: Actor


@pytest.fixture(scope="session")
def built(blank: Engine, keys: Keys) -> Iterator[tuple[Engine, Town]]:
    """A town, built once."""
    engine = copy_of(blank)
    yield engine, make_town(Hub(desk_on(engine, keys, ShortMemory(), lambda: START)))
    engine.dispose()


@pytest.fixture
def town(built: tuple[Engine, Town], keys: Keys, clock: object) -> Iterator[Town]:
    """A copy of it, to be changed."""
    engine = copy_of(built[0])
    kept = built[1].hub.desk.keystore.kept
    yield replace(built[1], hub=Hub(desk_on(engine, keys, ShortMemory(kept), clock)))
    engine.dispose()


def make_town(hub: Hub) -> Town:
    keepers = hub.partner("keepers", steward=True)
    shelter, other = hub.partner("shelter"), hub.partner("other")
    return Town(
        hub=hub,
        steward=somebody(hub, keepers, "s1", Role.STEWARD),
        deputy=somebody(hub, keepers, "s2", Role.STEWARD),
        shelter=shelter,
        first=somebody(hub, shelter, "p1", *Role),
        second=somebody(hub, shelter, "p2", *Role),
        machine=Actor(uuid4(), shelter, None, frozenset(Scope), second_factor=False),
        stranger=somebody(hub, other, "x1", *Role),
    )


def somebody(hub: Hub, partner: UUID, code: str, *roles: Role) -> Actor:
    """A person who came in with her second factor."""
    scopes = frozenset(scope for role in roles for scope in role.scopes)
    return Actor(uuid4(), partner, hub.person(partner, code, *roles).member, scopes, second_factor=True)


def jwk() -> dict[str, str]:
    return as_jwk(Ed25519PrivateKey.generate().public_key())


def requests_of(town: Town) -> dict[str, Request]:
    """One of each kind that opens a door."""
    soon = town.hub.desk.clock() + timedelta(days=30)
    clearance = {"detail": {"PLACE": "coarse"}}
    town.hub.circle("south")
    with town.hub.desk.sessions.begin() as session:
        suspended = Partner(
            slug="gone", name="G", kind="NGO", countries=[], areas=[], languages=[], law_flags=[],
            status="suspended", added_at=town.hub.desk.clock(),
        )  # fmt: skip
        session.add(suspended)
        session.flush()
        gone = suspended.id
    return {
        "register_partner": NewPartner("new", "New", "NGO", ("RO",)),
        "resume_partner": Resuming(gone),
        "add_member": NewMember(town.shelter, "p9", (Role.REVIEWER,), jwk(), soon),
        "add_credential": NewCredential(town.shelter, jwk(), (Scope.BULLETINS_READ,), soon),
        "add_agreement": NewAgreement(town.shelter, town.hub.today, LATER, ("statistics",)),
        "set_circle": CircleTerms("north", "other-organisations", Tlp.RED, 5, LATER, clearance),
        "invite_member": Inviting(town.shelter, town.second.member),
        "join_circle": Joining("south", town.shelter, LATER),
        "adopt_policy": PolicyDocument(town.shelter, LOOSE, 0),
    }


def code_of(act: Callable[[], object]) -> str:
    try:
        act()
    except PartnersError as refused:
        return refused.code
    return "done"


def footprint(hub: Hub) -> list[tuple[object, ...]]:
    """Every row of this room but proposals: what a proposal must not change by itself."""
    tables = [
        t for name, t in sorted(Base.metadata.tables.items()) if "ledger" not in name and name != "proposals"
    ]
    with hub.session() as session:
        return [(table.name, *map(tuple, session.execute(table.select()))) for table in tables]


@pytest.mark.parametrize("act", RULES)
def test_one_person_alone_opens_no_door(town: Town, act: str) -> None:
    asked = requests_of(town)[act]
    before = footprint(town.hub)
    proposal = propose(asked, by=town.steward if RULES[act].stewards_only else town.first, desk=town.hub.desk)
    alone = town.steward if RULES[act].stewards_only else town.first
    assert code_of(lambda: approve(proposal.id, by=alone, desk=town.hub.desk)) == "same_person"
    assert footprint(town.hub) == before


@pytest.mark.parametrize("act", RULES)
def test_two_people_open_it(town: Town, act: str) -> None:
    asked = requests_of(town)[act]
    before = footprint(town.hub)
    first, second = (town.steward, town.deputy) if RULES[act].stewards_only else (town.first, town.second)
    proposal = propose(asked, by=first, desk=town.hub.desk)
    decided = approve(proposal.id, by=second, desk=town.hub.desk)
    assert decided.told
    assert footprint(town.hub) != before


@pytest.mark.parametrize("act", RULES)
def test_nobody_else_can_propose_or_approve_it(town: Town, act: str) -> None:
    asked, desk = requests_of(town)[act], town.hub.desk
    rule = RULES[act]
    first = town.steward if rule.stewards_only else town.first
    proposal = propose(asked, by=first, desk=desk)
    without = replace(town.deputy, scopes=town.deputy.scopes - {rule.scope})
    no_factor = replace(town.deputy, second_factor=False)
    outsiders = [town.stranger, town.machine, without, no_factor]
    outsiders += [town.first, town.second] if rule.stewards_only else []
    for outsider in outsiders:
        assert code_of(lambda o=outsider: propose(asked, by=o, desk=desk)) != "done"
        assert code_of(lambda o=outsider: approve(proposal.id, by=o, desk=desk)) != "done"
        assert code_of(lambda o=outsider: refuse(proposal.id, by=o, desk=desk)) != "done"


@pytest.mark.parametrize("act", [name for name, rule in RULES.items() if not rule.stewards_only])
def test_a_steward_may_be_the_second(town: Town, act: str) -> None:
    proposal = propose(requests_of(town)[act], by=town.first, desk=town.hub.desk)
    assert approve(proposal.id, by=town.steward, desk=town.hub.desk).told


def test_a_foreign_proposal_and_none_at_all_look_the_same(town: Town) -> None:
    mine = propose(PolicyDocument(town.shelter, LOOSE, 0), by=town.first, desk=town.hub.desk)
    for identity in (mine.id, uuid4()):
        for use_case in (approve, refuse):
            with pytest.raises(NotThere):
                use_case(identity, by=town.stranger, desk=town.hub.desk)
        with pytest.raises(NotThere):
            policy_of(identity, by=town.stranger, desk=town.hub.desk)
    assert open_proposals(by=town.stranger, desk=town.hub.desk) == ()


def test_a_decision_is_made_once(town: Town) -> None:
    desk = town.hub.desk
    proposal = propose(requests_of(town)["add_member"], by=town.first, desk=desk)
    told = approve(proposal.id, by=town.second, desk=desk).told
    assert set(told) == {"member", "kid", "totp_secret"}
    # Her answer was lost and she asks again: the same, less the secret. Anybody else is too late.
    assert approve(proposal.id, by=town.second, desk=desk).told == {}
    assert code_of(lambda: approve(proposal.id, by=town.steward, desk=desk)) == "already_decided"
    assert code_of(lambda: refuse(proposal.id, by=town.steward, desk=desk)) == "already_decided"


def test_of_many_approvals_at_once_one_is_carried_out(both_hubs: Hub) -> None:
    town = make_town(both_hubs)
    for number in range(3):
        asked = NewPartner(f"new-{number}", "New", "NGO", ("RO",))
        proposal = propose(asked, by=town.steward, desk=both_hubs.desk)
        others = [replace(town.deputy, member=member) for member in some_stewards(both_hubs, number)]

        def decide(by: Actor, identity: UUID = proposal.id) -> None:
            try:
                approve(identity, by=by, desk=both_hubs.desk)
            except Conflict as late:
                raise TokenError(late.code) from None

        outcomes = at_once([lambda o=other: decide(o) for other in others])
        assert sorted(outcomes) == [*["already_decided"] * 5, "in"]
    with both_hubs.session() as session:
        assert len([row for row in session.scalars(select(Partner)) if row.slug.startswith("new")]) == 3
        verify_chain(session)


def some_stewards(hub: Hub, number: int) -> list[UUID]:
    with hub.session() as session:
        keepers = session.scalars(select(Partner.id).where(Partner.slug == "keepers")).one()
    return [hub.person(keepers, f"r{number}-{each}", Role.STEWARD).member for each in range(6)]


def test_what_was_kept_is_checked_again_before_it_is_done(town: Town) -> None:
    desk = town.hub.desk
    for act, changed in (("set_circle", {"purpose": "gone"}), ("adopt_policy", {"document": "circles: ["})):
        rule = RULES[act]
        first, second = (town.steward, town.deputy) if rule.stewards_only else (town.first, town.second)
        proposal = propose(requests_of(town)[act], by=first, desk=desk)
        with desk.sessions.begin() as session:
            row = session.get_one(Proposal, proposal.id)
            row.request = {**row.request, **changed}
        assert code_of(lambda p=proposal, s=second: approve(p.id, by=s, desk=desk)) == "proposal_outdated"
        with desk.sessions.begin() as session:
            session.execute(delete(Partner).where(Partner.slug == "gone"))
    assert policies_of(by=town.first, desk=desk)[0].loosens == ()


def test_a_refused_proposal_stays_refused_and_its_maker_may_do_it(town: Town) -> None:
    desk = town.hub.desk
    proposal = propose(requests_of(town)["add_member"], by=town.first, desk=desk)
    for _ in range(2):
        refuse(proposal.id, by=town.first, desk=desk)
    assert code_of(lambda: approve(proposal.id, by=town.second, desk=desk)) == "already_decided"
    assert code_of(lambda: refuse(proposal.id, by=town.second, desk=desk)) == "already_decided"


def test_a_proposal_does_not_wait_for_ever(town: Town, clock: object) -> None:
    desk = town.hub.desk
    proposal = propose(requests_of(town)["join_circle"], by=town.steward, desk=desk)
    clock.forward(days=31)
    assert code_of(lambda: approve(proposal.id, by=town.deputy, desk=desk)) == "already_decided"
    assert open_proposals(by=town.deputy, desk=desk) == ()


@pytest.mark.parametrize("whom", ["member", "partner"])
def test_a_proposal_falls_with_whoever_made_it(town: Town, whom: str) -> None:
    desk = town.hub.desk
    proposal = propose(requests_of(town)["add_member"], by=town.first, desk=desk)
    with desk.sessions.begin() as session:
        if whom == "member":
            suspend_member(session, town.first.member, at=desk.clock(), by="test")
        else:
            suspend_partner(session, town.shelter, at=desk.clock(), by="test")
    assert code_of(lambda: approve(proposal.id, by=town.steward, desk=desk)) == "proposer_gone"


def test_what_fails_when_carried_out_leaves_the_proposal_open(town: Town) -> None:
    desk = town.hub.desk
    asked = requests_of(town)
    proposal = propose(asked["join_circle"], by=town.steward, desk=desk)
    town.hub.join("south", town.shelter)
    assert code_of(lambda: approve(proposal.id, by=town.deputy, desk=desk)) == "already_member"
    with town.hub.session() as session:
        assert session.get_one(Proposal, proposal.id).outcome is None


def test_the_database_itself_wants_two(town: Town) -> None:
    proposal = propose(requests_of(town)["join_circle"], by=town.steward, desk=town.hub.desk)
    with pytest.raises(IntegrityError), town.hub.desk.sessions.begin() as session:
        session.execute(
            update(Proposal)
            .where(Proposal.id == proposal.id)
            .values(outcome="approved", decided_by=town.steward.member)
        )


def test_the_same_key_is_the_same_proposal(town: Town) -> None:
    desk = town.hub.desk
    asked = requests_of(town)
    ids = {propose(asked["join_circle"], by=town.steward, desk=desk, key="retry").id for _ in range(3)}
    assert len(ids) == 1
    assert propose(asked["join_circle"], by=town.deputy, desk=desk, key="retry").id not in ids
    with pytest.raises(Conflict, match="idempotency_key_reused"):
        propose(asked["register_partner"], by=town.steward, desk=desk, key="retry")


def test_the_same_key_is_the_same_policy_proposal(town: Town) -> None:
    asked = PolicyDocument(partner=town.shelter, document=LOOSE, base=0)
    ids = {submit_policy(asked, by=town.first, desk=town.hub.desk, key="retry").id for _ in range(3)}
    assert len(ids) == 1 and len(policies_of(by=town.first, desk=town.hub.desk)) == 1


def test_a_new_member_can_come_in_with_what_was_told(town: Town) -> None:
    hub, private = town.hub, Ed25519PrivateKey.generate()
    soon = hub.desk.clock() + timedelta(days=30)
    asked = NewMember(town.shelter, "p9", (Role.APPROVER,), as_jwk(private.public_key()), soon)
    told = approve(propose(asked, by=town.first, desk=hub.desk).id, by=town.second, desk=hub.desk).told
    actor = who_is(hub.token(Key(private, told["kid"], None, told["totp_secret"])), desk=hub.desk)
    assert (str(actor.member), actor.scopes) == (told["member"], Role.APPROVER.scopes)


@pytest.mark.parametrize("scope", [Scope.REPORTS_APPROVE, Scope.PARTNERS_WRITE])
def test_a_machine_is_given_no_right_to_decide(town: Town, scope: Scope) -> None:
    with pytest.raises(NotAcceptable, match="persons_only"):
        NewCredential(town.shelter, jwk(), (scope,), town.hub.desk.clock())


def test_a_persons_key_does_no_more_than_the_person(town: Town) -> None:
    hub = town.hub
    reviewer = hub.person(town.shelter, "p5", Role.REVIEWER)
    soon = hub.desk.clock() + timedelta(days=30)
    asked = NewCredential(town.shelter, jwk(), (Scope.REPORTS_APPROVE,), soon, member=reviewer.member)
    proposal = propose(asked, by=town.first, desk=hub.desk)
    assert code_of(lambda: approve(proposal.id, by=town.second, desk=hub.desk)) == "beyond_member"


def test_a_key_is_not_given_to_another_partners_person(town: Town) -> None:
    hub = town.hub
    soon = hub.desk.clock() + timedelta(days=30)
    asked = NewCredential(town.shelter, jwk(), (Scope.REPORTS_READ,), soon, member=town.stranger.member)
    proposal = propose(asked, by=town.first, desk=hub.desk)
    with pytest.raises(NotThere):
        approve(proposal.id, by=town.second, desk=hub.desk)


@pytest.mark.parametrize(
    "bad",
    [
        {"kty": "RSA", "n": "x", "e": "AQAB"},
        {"kty": "OKP", "crv": "X25519", "x": "A" * 43},
        {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43},
        {"kty": "OKP", "crv": "Ed25519", "x": "A" * 42},
        {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43},
        {"kty": "OKP", "crv": "Ed25519", "x": "AQ" + "A" * 41},
        {"kty": "OKP", "crv": "Ed25519", "x": "7P" + "_" * 39 + "38"},
        {"kty": "OKP", "crv": "Ed25519"},
        {"kty": "OKP", "crv": "Ed25519", "x": 1},
        {},
    ],
    ids=str,
)
def test_only_a_sound_public_key_is_accepted(town: Town, bad: dict[str, str]) -> None:
    soon = town.hub.desk.clock() + timedelta(days=30)
    for said in (bad, {**jwk(), "d": "A" * 43}, {**jwk(), "use": "enc"}, {**jwk(), "x5u": "https://x"}):
        with pytest.raises(NotAcceptable):
            NewCredential(town.shelter, said, (Scope.REPORTS_READ,), soon)


def test_one_key_has_one_holder(town: Town) -> None:
    desk, key = town.hub.desk, jwk()
    soon = desk.clock() + timedelta(days=30)
    home = town.stranger.partner
    for partner, first, second, said in (
        (town.shelter, town.first, town.second, "done"),
        (home, town.stranger, town.steward, "key_taken"),
    ):
        asked = NewCredential(partner, key, (Scope.REPORTS_READ,), soon)
        proposal = propose(asked, by=first, desk=desk)
        assert code_of(lambda p=proposal, s=second: approve(p.id, by=s, desk=desk)) == said


# Policies.


def adopt(town: Town, document: str, *, base: int = 0) -> str:
    asked = PolicyDocument(town.shelter, document, base)
    return submit_policy(asked, by=town.first, desk=town.hub.desk).state


def in_force(town: Town) -> int | None:
    with town.hub.session() as session:
        found = policy_in_force(session, town.shelter, town.hub.today)
    return found and found.number


def two_adopt(town: Town, document: str, *, base: int = 0) -> None:
    asked = PolicyDocument(town.shelter, document, base)
    approve(submit_policy(asked, by=town.first, desk=town.hub.desk).id, by=town.second, desk=town.hub.desk)


def test_the_first_policy_lets_something_out_and_needs_two(town: Town) -> None:
    assert adopt(town, TIGHT) == "proposed"
    assert in_force(town) is None


def test_the_first_policy_that_lets_nothing_out_needs_one(town: Town) -> None:
    assert adopt(town, policy_document()) == "adopted"
    assert in_force(town) == 1


def test_tightening_needs_one(town: Town) -> None:
    two_adopt(town, LOOSE)
    assert adopt(town, TIGHT, base=1) == "adopted"
    assert in_force(town) == 2


def test_loosening_needs_two(town: Town) -> None:
    two_adopt(town, TIGHT)
    assert adopt(town, LOOSE, base=1) == "proposed"
    assert in_force(town) == 1
    waiting = policies_of(by=town.first, desk=town.hub.desk)[0]
    assert (waiting.state, waiting.loosens) == ("proposed", ("circles.south",))
    approve(waiting.id, by=town.second, desk=town.hub.desk, only="adopt_policy")
    assert in_force(town) == 2


def test_control_without_the_comparison_one_person_loosens(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adoption, "loosened", lambda *_args, **_kw: ())
    assert adopt(town, LOOSE) == "adopted"


def terms(**changes: object) -> str:
    said = {"purposes": "[other-organisations]", "tlp": "AMBER", "smallest_group": 5, "linkage": "BULLETIN"}
    said |= {"detail": "{PLACE: coarse, DATE: coarse}"} | changes
    top = {key: said.pop(key) for key in ("until", "automatic", "fences") if key in said}
    head = {"policy": "own", "version": 1, "until": "2027-06-30", "automatic": "no", "fences": "[]", **top}
    lines = [f"{key}: {value}" for key, value in head.items()] + ["circles:", "  south:"]
    return "\n".join(lines + [f"    {key}: {value}" for key, value in said.items()])


LOOSENINGS = {
    "a finer rung": terms(detail="{PLACE: fine, DATE: coarse}"),
    "a further kind": terms(detail="{PLACE: coarse, DATE: coarse, GENDER: exact}"),
    "a further purpose": terms(purposes="[other-organisations, authorities]"),
    "a wider marking": terms(tlp="GREEN", smallest_group=11),
    "a smaller group": terms(smallest_group=4),
    "more linkage": terms(linkage="CIRCLE"),
    "a later end": terms(until="2027-07-01"),
    "without a person": terms(automatic="yes"),
    "a further circle": terms()
    + "\n  north:\n    purposes: [other-organisations]\n    detail: {PLACE: coarsest}",
    "every other circle": terms()
    + '\n  "*":\n    purposes: [other-organisations]\n    detail: {PLACE: coarsest}',
    "finer in one, coarser in another kind": terms(detail="{PLACE: fine, DATE: coarsest}"),
}
TIGHTENINGS = {
    "a coarser rung": terms(detail="{PLACE: coarsest, DATE: coarse}"),
    "a kind less": terms(detail="{PLACE: coarse}"),
    "no kind": terms(detail="{}"),
    "no purpose": terms(purposes="[]"),
    "a narrower marking": terms(tlp="RED"),
    "a larger group": terms(smallest_group=50),
    "less linkage": terms(linkage="NONE"),
    "an earlier end": terms(until="2026-12-31"),
    "the same": terms(),
    "a circle that gets nothing": terms() + "\n  north:\n    purposes: [authorities]\n    detail: {}",
    "nothing at all": policy_document(),
}


@pytest.mark.parametrize("how", LOOSENINGS)
def test_each_kind_of_loosening_is_seen(town: Town, how: str) -> None:
    two_adopt(town, terms())
    assert adopt(town, LOOSENINGS[how], base=1) == "proposed"
    assert in_force(town) == 1


@pytest.mark.parametrize("how", TIGHTENINGS)
def test_each_kind_of_tightening_needs_one(town: Town, how: str) -> None:
    two_adopt(town, terms())
    assert adopt(town, TIGHTENINGS[how], base=1) == "adopted"


def test_taking_a_fence_down_loosens(town: Town) -> None:
    from policies.vocabulary import VOCABULARY

    fence = next(iter(VOCABULARY.fences))
    two_adopt(town, terms(fences=f"[{fence}]"))
    assert adopt(town, terms(), base=1) == "proposed"


def test_naming_a_circle_that_the_rest_of_the_policy_held_back_is_seen(town: Town) -> None:
    held = policy_document(others={"PLACE": "fine"}, south={"PLACE": "coarsest"})
    two_adopt(town, held)
    assert adopt(town, policy_document(others={"PLACE": "fine"}), base=1) == "proposed"


def test_a_version_written_against_another_is_stale(town: Town) -> None:
    two_adopt(town, LOOSE)
    waiting = submit_policy(
        PolicyDocument(town.shelter, policy_document(south={"PLACE": "exact"}), 1),
        by=town.first,
        desk=town.hub.desk,
    )
    assert adopt(town, TIGHT, base=1) == "adopted"
    with pytest.raises(Conflict, match="policy_changed"):
        approve(waiting.id, by=town.second, desk=town.hub.desk)
    with pytest.raises(Conflict, match="policy_changed"):
        adopt(town, policy_document(), base=1)
    assert in_force(town) == 2


def test_a_lost_answer_can_be_asked_for_again(town: Town) -> None:
    assert [adopt(town, policy_document()) for _ in range(2)] == ["adopted", "adopted"]
    assert in_force(town) == 1


def test_a_document_that_cannot_be_read_is_not_adopted(town: Town) -> None:
    marker = "Qz7canary"
    for document in ("", "circles: [", f"policy: {marker}\n", LOOSE.replace("PLACE", marker)):
        with pytest.raises(PolicyError) as refused:
            adopt(town, document)
        assert marker not in str(refused.value)
    with pytest.raises(NotAcceptable, match="already_expired"):
        adopt(town, policy_document(until="2026-03-01"))
    assert policies_of(by=town.first, desk=town.hub.desk) == ()


def test_a_lent_steward_sees_what_is_loosened_and_no_words(town: Town) -> None:
    waiting = submit_policy(PolicyDocument(town.shelter, LOOSE, 0), by=town.first, desk=town.hub.desk)
    seen = policy_of(waiting.id, by=town.steward, desk=town.hub.desk)
    assert (seen.document, seen.loosens) == (None, ("circles.south",))
    listed = open_proposals(by=town.steward, desk=town.hub.desk)
    assert [(each.id, each.request) for each in listed] == [(waiting.id, None)]
    approve(waiting.id, by=town.steward, desk=town.hub.desk)
    with pytest.raises(NotThere):
        policy_of(adopted_id(town), by=town.steward, desk=town.hub.desk)


def adopted_id(town: Town) -> UUID:
    with town.hub.session() as session:
        return session.scalars(select(PolicyVersion.id)).one()


def test_nobody_adopts_for_another_partner(town: Town) -> None:
    for outsider in (town.stranger, town.machine):
        with pytest.raises((NotThere, NotAllowed)):
            submit_policy(PolicyDocument(town.shelter, policy_document(), 0), by=outsider, desk=town.hub.desk)


def test_loosened_without_a_version_before_is_everything() -> None:
    assert loosened(read_policy(LOOSE), since=None) == ("circles.south",)
    broken = PolicyVersion(document="circles: [")
    assert loosened(read_policy(LOOSE), since=broken) == ("circles.south",)


# Shutting takes one; and what is shut shows at once.


def test_every_act_stands_in_the_ledger_and_the_chain_holds(town: Town) -> None:
    desk = town.hub.desk
    proposal = propose(requests_of(town)["join_circle"], by=town.steward, desk=desk)
    approve(proposal.id, by=town.deputy, desk=desk)
    with town.hub.session() as session:
        acts = [row.act for row in session.scalars(select(LedgerEntry).order_by(LedgerEntry.seq))]
        verify_chain(session)
        assert len(circles_of(session, town.shelter, town.hub.today)) == 1
        people = list(session.scalars(select(Member)))
    assert acts[-3:] == ["approved", "circle_joined", "approved"]
    assert all(
        acts.count(act) for act in ("partner_added", "member_added", "agreement_added", "circle_added")
    )
    assert all(str(person.totp) == "Sealed()" for person in people)
