"""The reviewer's queue: what no person has looked at yet, the riskiest first, and why a preview shows no text."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from builders import World, everything, make_draft, make_ground, make_person, once

from partners.values import Actor
from redaction.findings import Unsafe
from share.approval import approve, preview
from share.errors import NotThere
from share.marks import mark
from share.models import ReportHold
from share.queue import Ages, queue_of
from share.review import refuse, resolve
from share.texts import behind
from share.worker import run_all


@pytest.fixture
def shelter(world: World) -> Actor:
    made = world.partner("shelter")
    world.circle("danube", made, world.partner("hotline"))
    return made


def listed(world: World, by: Actor) -> list[UUID]:
    return [waiting.report for waiting in queue_of(by, desk=world.desk)]


def say_yes(world: World, report: UUID, by: Actor, circle: str = "danube") -> None:
    shown = preview(report, circle=circle, by=by, desk=world.desk)
    approve(report, circle=circle, content_sha256=shown.content_sha256, by=by, once=once(by), desk=world.desk)


def doubtful(world: World, report: UUID, many: int) -> None:
    """Open doubts, as an examination leaves them."""
    with world.desk.sessions.begin() as session:
        session.add_all(
            ReportHold(
                report_id=report, version=1, part="narrative", code=f"doubt_{n}", held_at=world.desk.clock()
            )
            for n in range(many)
        )


def test_what_only_a_machine_has_marked_waits_although_its_facts_are_published(
    world: World, shelter: Actor
) -> None:
    report = world.post(make_draft(), shelter)
    assert behind(report, circle="danube", by=shelter, desk=world.desk).is_told
    (waiting,) = queue_of(shelter, desk=world.desk)
    assert (waiting.report, waiting.circles) == (report, ("danube",))


def test_what_a_person_approved_waits_no_longer_before_and_after_it_is_published(
    world: World, shelter: Actor
) -> None:
    report = world.post(make_draft(), shelter)
    say_yes(world, report, shelter)
    assert listed(world, shelter) == []
    run_all(world.desk)
    assert listed(world, shelter) == []


def test_a_mark_that_was_missed_brings_an_approved_report_back(world: World, shelter: Actor) -> None:
    report = world.post(make_draft(), shelter)
    say_yes(world, report, shelter)
    run_all(world.desk)
    mark(
        report,
        version=1,
        words="for nothing",
        at=None,
        kind="MONEY",
        by=shelter,
        once=once(shelter),
        desk=world.desk,
    )
    run_all(world.desk)
    assert listed(world, shelter) == [report]


def test_each_circle_waits_for_itself(world: World, shelter: Actor) -> None:
    world.circle("elbe", shelter, world.partner("elbe-house"))
    report = world.post(make_draft(), shelter)
    say_yes(world, report, shelter)
    (waiting,) = queue_of(shelter, desk=world.desk)
    assert waiting.circles == ("elbe",)


def test_where_no_text_may_go_and_facts_are_told_nothing_waits(world: World, shelter: Actor) -> None:
    detail = everything()["detail"] | {"NARRATIVE": "NOTHING"}
    world.adopt(shelter, everything(detail=detail))
    report = world.post(make_draft(), shelter)
    assert listed(world, shelter) == []
    why = behind(report, circle="danube", by=shelter, desk=world.desk)
    assert (why.text, why.voices) == ("withheld", ("source",))


def test_facts_wait_where_the_policy_asks_for_a_person(world: World) -> None:
    careful = world.partner("careful", automatic=False)
    world.circle("danube", careful, world.partner("hotline"))
    report = world.post(make_draft(narrative=""), careful)
    assert listed(world, careful) == [report]
    say_yes(world, report, careful)
    assert listed(world, careful) == []


def test_a_held_report_waits_whatever_else_is_so(world: World, shelter: Actor) -> None:
    def fails(*_args: object, **_how: object) -> None:
        raise Unsafe("model_unavailable")

    object.__setattr__(world.desk, "examine", fails)
    report = world.post(make_draft(), shelter)
    (waiting,) = queue_of(shelter, desk=world.desk)
    assert (waiting.report, waiting.state, waiting.holds) == (report, "held", 1)
    assert behind(report, circle="danube", by=shelter, desk=world.desk).text == "held"


def test_children_come_first_then_the_unknown_then_urgent_then_doubtful_then_the_oldest(
    world: World, shelter: Actor, clock: Any
) -> None:
    def post(**changes: object) -> UUID:
        clock.forward(minutes=1)
        return world.post(make_draft(**changes), shelter)

    old = post()
    newer = post()
    doubted = post()
    doubtful(world, doubted, 3)
    hurried = post(urgent=True)
    unknown = post(people=(make_person(prs_Birthdate=None),))
    decided = make_ground(basis="child-protection-decision", given_by="authority")
    child = post(people=(make_person(prs_Birthdate="2012-01-01"),), grounds=(decided,))
    assert listed(world, shelter) == [child, unknown, hurried, doubted, old, newer]
    ages = {one.report: one.ages for one in queue_of(shelter, desk=world.desk)}
    assert (ages[child], ages[unknown], ages[old]) == (Ages.CHILD, Ages.UNKNOWN, Ages.ADULTS)


def test_nobody_else_sees_it_and_refused_ones_are_gone(world: World, shelter: Actor) -> None:
    report = world.post(make_draft(), shelter)
    stranger = world.partner("stranger")
    assert queue_of(stranger, desk=world.desk) == ()
    with pytest.raises(NotThere):
        behind(report, circle="danube", by=stranger, desk=world.desk)
    refuse(report, reason="duplicate", by=shelter, once=once(shelter), desk=world.desk)
    assert queue_of(shelter, desk=world.desk) == ()


def test_the_queue_says_who_sent_it_herself(world: World, shelter: Actor) -> None:
    report = world.post(make_draft(), shelter)
    (waiting,) = queue_of(shelter, desk=world.desk)
    assert waiting.sent_by_asker
    assert behind(report, circle="danube", by=shelter, desk=world.desk).sent_by_asker


def test_no_word_of_the_report_is_in_the_queue(world: World, shelter: Actor) -> None:
    world.post(make_draft(), shelter)
    assert "Ioana" not in repr(queue_of(shelter, desk=world.desk))


def test_a_preview_without_text_says_which_ground_keeps_it(world: World, shelter: Actor) -> None:
    ground = make_ground(until=None, purposes=frozenset({"authorities"}))
    report = world.post(make_draft(grounds=(ground,)), shelter)
    why = behind(report, circle="danube", by=shelter, desk=world.desk)
    assert (why.text, why.voices) == ("withheld", ("ground",))


def test_resolving_every_doubt_lets_the_text_be_shown(world: World, shelter: Actor) -> None:
    report = world.post(make_draft(), shelter)
    doubtful(world, report, 1)
    assert behind(report, circle="danube", by=shelter, desk=world.desk).text == "held"
    with world.desk.readers() as session:
        holds = [row.id for row in session.query(ReportHold)]
    resolve(report, holds=holds, resolution="false_alarm", by=shelter, once=once(shelter), desk=world.desk)
    assert behind(report, circle="danube", by=shelter, desk=world.desk).text == "told"
