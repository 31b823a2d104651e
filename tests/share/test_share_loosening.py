"""Nothing is told more freely because a ground ended, an approval grew old, a copy went or a clock ran on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from builders import World, everything, make_draft, make_ground, make_person, once
from hypothesis import given, settings
from hypothesis import strategies as st

from partners.members import suspend_member
from partners.values import Actor
from policies.grounds import Ground
from policies.load import floor
from policies.terms import EVERY_CIRCLE, Detail, Terms
from policies.vocabulary import VOCABULARY
from share.approval import approve, preview
from share.compose import Voices, govern_statements
from share.consent import record_ground, withdraw
from share.draft import Draft, Lead, Pattern, Suspect
from share.examination import give_up
from share.intake import amend
from share.models import OutboxRow, ReportState, Task
from share.outbox import Job, claim
from share.publish import settle
from share.reading import bulletins_for
from share.statements import statements
from share.sweep import sweep
from share.worker import run_all

ON = date(2026, 3, 2)
CIRCLES = frozenset({"neighbours", "authorities-desk"})
OURS = everything()


@pytest.fixture
def shelter(world: World) -> Actor:
    return world.partner("shelter")


@pytest.fixture
def reader(world: World, shelter: Actor) -> Actor:
    made = world.partner("reader")
    world.circle("neighbours", made)
    return made


def told(world: World, reader: Actor) -> list[dict[str, Any]]:
    return [b.to_plain() for b in bulletins_for(reader, after=None, limit=50, desk=world.desk).bulletins]


def kinds(bulletin: dict[str, Any]) -> set[str]:
    return {fact["kind"] for section in bulletin["content"].get("sections", []) for fact in section["facts"]}


def states(world: World, reader: Actor) -> list[str]:
    return [bulletin["envelope"]["state"] for bulletin in told(world, reader)]


def yes(world: World, report: UUID, by: Actor) -> None:
    shown = preview(report, circle="neighbours", by=by, desk=world.desk)
    said = {"circle": "neighbours", "content_sha256": shown.content_sha256}
    approve(report, **said, by=by, once=once(by), desk=world.desk)


def hourly(world: World) -> None:
    world.desk = replace(world.desk, publish_every=timedelta(hours=1))


purposes = st.sets(st.sampled_from(sorted(VOCABULARY.purposes)), max_size=3).map(frozenset)
limits = st.dictionaries(
    st.sampled_from(["ROUTE_DATE", "SUSPECT_PHONE", "EXPLOITATION"]), st.sampled_from(Detail)
)
refused = st.sets(st.sampled_from(sorted(CIRCLES))).map(frozenset)


def grounds(subject: str) -> st.SearchStrategy[Ground]:
    said = st.fixed_dictionaries({"purposes": purposes, "limits": limits, "withheld_from": refused})
    return said.map(lambda changes: make_ground(subject, **changes).ground)


def rungs(
    draft: Draft, heard: tuple[Ground, ...], circle: str, purpose: str
) -> list[tuple[str, int, Detail]]:
    """What the circle is told of each statement."""
    whole = Terms.everything(VOCABULARY.kinds, VOCABULARY.purposes)
    voices = Voices(
        floor=floor(),
        source=whole,
        clearance=replace(whole, readers=EVERY_CIRCLE),
        grounds=heard,
        circle=circle,
        purpose=purpose,
        on=ON,
        every_circle=CIRCLES,
    )
    kept = {
        (one.said.section, one.said.number, one.fact.kind, one.said.value): one
        for one in _told(draft, voices)
    }
    return [
        (said.kind, said.number, Detail[one.fact.rung] if one else Detail.NOTHING)
        for said in statements(draft, received=ON, on=ON)
        for one in [kept.get((said.section, said.number, said.kind, said.value))]
    ]


def _told(draft: Draft, voices: Voices) -> Any:
    return govern_statements(draft, voices, ON)[0]


TWO = make_draft(
    people=(make_person("P1"), make_person("P2", names=("Ana Rusu",))), patterns=(Pattern(people=2),)
)


def loosened(first: Ground, second: Ground, circle: str, purpose: str) -> list[str]:
    """Kinds that are told more of when the second of two people ends her ground."""
    before = rungs(TWO, (first, second), circle, purpose)
    after = rungs(TWO, (first, replace(second, withdrawn_on=ON)), circle, purpose)
    return [kind for (kind, _, was), (_, _, now) in zip(before, after, strict=True) if now > was]


@settings(max_examples=150, deadline=None)
@given(
    grounds("P1"),
    grounds("P2"),
    st.sampled_from(sorted(CIRCLES)),
    st.sampled_from(sorted(VOCABULARY.purposes)),
)
def test_ending_a_ground_never_tells_anybody_more(
    first: Ground, second: Ground, circle: str, purpose: str
) -> None:
    assert loosened(first, second, circle, purpose) == []


def test_forgetting_what_she_allowed_it_for_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the law: her purposes are dropped with her ground."""
    real = Voices._still_refused
    monkeypatch.setattr(
        Voices,
        "_still_refused",
        lambda self, ground: replace(real(self, ground), purposes=frozenset(VOCABULARY.purposes)),
    )
    narrow = make_ground("P2", purposes=frozenset({"authorities"})).ground
    assert loosened(make_ground("P1").ground, narrow, "neighbours", "other-organisations")


def test_a_withdrawal_by_somebody_who_allowed_less_publishes_nothing(
    world: World, shelter: Actor, reader: Actor
) -> None:
    narrow = make_ground("P2", purposes=frozenset({"authorities"}))
    report = world.post(replace(TWO, grounds=(make_ground("P1"), narrow)), shelter)
    before = {kind for bulletin in told(world, reader) for kind in kinds(bulletin)}
    withdraw(report, "P2", by=shelter, once=once(shelter), desk=world.desk)
    run_all(world.desk)
    assert {kind for bulletin in told(world, reader) for kind in kinds(bulletin)} <= before


def test_nobody_is_counted_who_has_no_ground(world: World, shelter: Actor, reader: Actor) -> None:
    report = world.post(TWO, shelter)
    assert "PEOPLE_COUNT" in kinds(told(world, reader)[0])
    withdraw(report, "P2", by=shelter, once=once(shelter), desk=world.desk)
    run_all(world.desk)
    assert "PEOPLE_COUNT" not in kinds(told(world, reader)[0])


CHILD = make_person("P1", prs_Birthdate="2013-01-01")
UNCLE = Suspect("S1", names=("Gelu Marin",), kin_of=("P1",))


@pytest.mark.parametrize(
    ("said", "suspects", "heard"),
    [
        ({"given_by": "self"}, (), False),
        ({"given_by": "guardian"}, (UNCLE,), False),
        ({"given_by": "guardian"}, (), True),
        ({"given_by": "authority", "basis": "child-protection-decision"}, (UNCLE,), True),
    ],
)
def test_whose_word_counts_for_a_child(
    world: World,
    shelter: Actor,
    reader: Actor,
    said: dict[str, Any],
    suspects: tuple[Suspect, ...],
    heard: bool,
) -> None:
    draft = make_draft(people=(CHILD,), grounds=(make_ground("P1", **said),), suspects=suspects)
    report = world.post(draft, shelter)
    shown = preview(report, circle="neighbours", by=shelter, desk=world.desk)
    assert (b"Exploitation" in shown.content) is heard


def test_an_approval_does_not_come_back_with_a_ground(world: World, shelter: Actor, reader: Actor) -> None:
    report = world.post(make_draft(), shelter)
    yes(world, report, shelter)
    run_all(world.desk)
    assert "narrative" in told(world, reader)[0]["content"]
    withdraw(report, "P1", by=shelter, once=once(shelter), desk=world.desk)
    run_all(world.desk)
    machine = replace(shelter, member=None, second_factor=False)
    record_ground(report, make_ground("P1"), by=machine, once=once(shelter), desk=world.desk)
    run_all(world.desk)
    assert all("narrative" not in bulletin["content"] for bulletin in told(world, reader))
    yes(world, report, shelter)
    run_all(world.desk)
    assert "narrative" in told(world, reader)[0]["content"], (
        "the same person may say yes to the same bytes again"
    )


def test_what_stands_needs_no_second_yes_when_a_ground_is_prolonged(
    world: World, shelter: Actor, reader: Actor
) -> None:
    report = world.post(make_draft(), shelter)
    yes(world, report, shelter)
    run_all(world.desk)
    record_ground(
        report, make_ground("P1", until=date(2030, 1, 1)), by=shelter, once=once(shelter), desk=world.desk
    )
    run_all(world.desk)
    assert "narrative" in told(world, reader)[0]["content"]


def test_a_changed_policy_voids_a_yes_that_waits(
    world: World, shelter: Actor, reader: Actor, clock: Any
) -> None:
    hourly(world)
    report = world.post(make_draft(), shelter)
    yes(world, report, shelter)
    world.adopt(shelter, everything(), automatic=False)
    clock.forward(hours=1)
    run_all(world.desk)
    assert told(world, reader) == []


def test_nothing_is_published_in_the_name_of_somebody_suspended(
    world: World, shelter: Actor, reader: Actor, clock: Any
) -> None:
    hourly(world)
    report = world.post(make_draft(), shelter)
    yes(world, report, shelter)
    with world.desk.sessions.begin() as session:
        suspend_member(session, shelter.member, at=clock(), by="steward")
    clock.forward(hours=1)
    run_all(world.desk)
    assert all("narrative" not in bulletin["content"] for bulletin in told(world, reader))


def test_work_that_waits_for_its_tick_shields_no_bulletin(
    world: World, shelter: Actor, reader: Actor, clock: Any
) -> None:
    hourly(world)
    report = world.post(make_draft(), shelter)
    clock.forward(hours=1)
    run_all(world.desk)
    clock.forward(minutes=1)
    yes(world, report, shelter)
    world.adopt(shelter, everything(detail={}))
    sweep(world.desk)
    run_all(world.desk)
    assert states(world, reader) == ["recalled"]


def test_a_report_that_was_amended_and_not_looked_at_yet_is_swept_too(
    world: World, shelter: Actor, reader: Actor
) -> None:
    report = world.post(make_draft(), shelter)
    amend(report, make_draft(), reason="correction", by=shelter, once=once(shelter), desk=world.desk)
    world.adopt(shelter, everything(detail={}))
    assert sweep(world.desk) == 1


def test_a_withdrawal_does_not_bring_forward_what_waits_for_the_clock(
    world: World, shelter: Actor, reader: Actor, clock: Any
) -> None:
    hourly(world)
    report = world.post(TWO, shelter)
    clock.forward(minutes=10)
    withdraw(report, "P2", by=shelter, once=once(shelter), desk=world.desk)
    run_all(world.desk)
    assert told(world, reader) == []
    clock.forward(hours=1)
    run_all(world.desk)
    assert states(world, reader) == ["published"]


def test_an_amendment_after_the_copy_is_gone_keeps_its_own_copy(
    world: World, shelter: Actor, reader: Actor, clock: Any
) -> None:
    report = world.post(make_draft(leads=(Lead("VENUE", "Hotel Doina Rusu"),)), shelter)
    assert "VENUE" in kinds(told(world, reader)[0])
    clock.forward(days=31)
    sweep(world.desk)
    run_all(world.desk)
    clock.forward(days=5)
    corrected = make_draft(
        leads=(Lead("VENUE", "Hotel Doina Rusu"),), people=(make_person(names=("Doina Rusu",)),)
    )
    amend(report, corrected, reason="correction", by=shelter, once=once(shelter), desk=world.desk)
    sweep(world.desk)
    run_all(world.desk)
    assert world.report(report).state == ReportState.READY
    assert all("VENUE" not in kinds(bulletin) for bulletin in told(world, reader))


def test_what_an_older_version_told_does_not_outlive_a_lost_copy(
    world: World, shelter: Actor, reader: Actor
) -> None:
    report = world.post(make_draft(), shelter)
    amend(report, make_draft(), reason="correction", by=shelter, once=once(shelter), desk=world.desk)
    for version in (1, 2):
        world.desk.working.destroy(report, version=version)
    run_all(world.desk)
    assert states(world, reader) == ["recalled"]


def test_a_bulletin_stays_while_nothing_changes_whatever_the_tick_said(
    world: World, shelter: Actor, reader: Actor, clock: Any
) -> None:
    hourly(world)
    report = world.post(make_draft(), shelter)
    clock.forward(hours=1, minutes=5)
    run_all(world.desk)
    record_ground(
        report, make_ground("P1", until=date(2029, 1, 1)), by=shelter, once=once(shelter), desk=world.desk
    )
    run_all(world.desk)
    clock.forward(hours=2)
    run_all(world.desk)
    clock.forward(days=31)
    sweep(world.desk)
    settle(report, desk=world.desk)
    assert states(world, reader) == ["published"]


def test_whoever_she_refused_closes_the_circle_by_joining_even_then(
    world: World, shelter: Actor, clock: Any
) -> None:
    reader, refused_one = world.partner("reader"), world.partner("refused")
    circle = world.circle("neighbours", reader)
    report = world.post(make_draft(grounds=(make_ground(withheld_from=frozenset({"refused"})),)), shelter)
    assert states(world, reader) == ["published"]
    clock.forward(days=31)
    sweep(world.desk)
    world.join(circle, refused_one)
    settle(report, desk=world.desk)
    assert states(world, reader) == ["recalled"]


def test_a_flag_of_the_sender_switches_no_look_off(world: World, shelter: Actor, reader: Actor) -> None:
    lead = (Lead("VENUE", "Casa Ioana Popescu, str. Lunga 3"),)
    world.post(make_draft(narrative="", redacted_at_source=True, leads=lead), shelter)
    assert all("VENUE" not in kinds(bulletin) for bulletin in told(world, reader))


def test_the_receipt_says_of_the_newest_version_whether_it_was_redacted_at_its_source(
    world: World, shelter: Actor, reader: Actor
) -> None:
    report = world.post(make_draft(redacted_at_source=True), shelter)
    answer = amend(report, make_draft(), reason="correction", by=shelter, once=once(shelter), desk=world.desk)
    assert answer["redacted_at_source"] is False


def test_giving_up_on_one_version_does_not_settle_the_next(
    world: World, shelter: Actor, reader: Actor
) -> None:
    report = world.post(make_draft(), shelter)
    amend(report, make_draft(), reason="correction", by=shelter, once=once(shelter), desk=world.desk)
    with world.desk.sessions.begin() as session:
        session.add(
            OutboxRow(
                task=Task.EXAMINE.value,
                report_id=report,
                asked_at=world.desk.clock(),
                due_at=world.desk.clock(),
            )
        )
    job = claim(world.desk)
    assert isinstance(job, Job)
    give_up(job, code="examination_failed", desk=world.desk)
    assert world.report(report).state == ReportState.RECEIVED
    run_all(world.desk)
    assert world.report(report).state == ReportState.READY
