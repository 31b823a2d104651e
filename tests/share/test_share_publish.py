"""One report in, one bulletin per circle out, each as strict as the strictest of four voices."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from builders import World, everything, finds, make_draft, make_ground, make_person, once

from partners.values import Actor
from redaction.findings import Unsafe
from share.approval import approve, preview
from share.consent import withdraw
from share.draft import Event, Identifier, Lead, Offer, Pattern, Person, Suspect
from share.models import BulletinVersion, ReportState
from share.reading import bulletins_for
from share.review import open_review, resolve
from share.worker import run_all


def read(world: World, reader: Actor) -> list[dict[str, Any]]:
    page = bulletins_for(reader, after=None, limit=100, desk=world.desk)
    return [bulletin.to_plain() for bulletin in page.bulletins]


def facts(bulletin: dict[str, Any], kind: str) -> set[str]:
    return {f["value"] for s in bulletin["content"]["sections"] for f in s["facts"] if f["kind"] == kind}


def kinds(bulletin: dict[str, Any]) -> set[str]:
    return {f["kind"] for s in bulletin["content"]["sections"] for f in s["facts"]}


@pytest.fixture
def shelter(world: World) -> Actor:
    return world.partner("shelter")


@pytest.fixture
def reader(world: World, shelter: Actor) -> Actor:
    made = world.partner("reader")
    world.circle("neighbours", made)
    return made


def test_a_report_becomes_a_bulletin_of_facts(world: World, shelter: Actor, reader: Actor) -> None:
    world.post(make_draft(), shelter)
    (bulletin,) = read(world, reader)
    assert facts(bulletin, "EXPLOITATION") == {"ForcedLabour"}
    assert facts(bulletin, "SUSPECT_PHONE")
    assert "narrative" not in bulletin["content"]
    assert bulletin["envelope"]["version"] == 1
    assert bulletin["content"]["notice"] == "intelligence-not-evidence"


def test_the_same_report_says_less_to_a_circle_with_less_clearance(world: World, shelter: Actor) -> None:
    near, far = world.partner("near"), world.partner("far")
    world.circle("near", near)
    less = everything()["detail"] | {"ROUTE_DATE": "COARSEST", "SUSPECT_PHONE": "NOTHING"}
    world.circle("far", far, clearance=everything(detail=less))
    world.post(make_draft(), shelter)
    (to_near,), (to_far,) = read(world, near), read(world, far)
    assert facts(to_near, "ROUTE_DATE") == {"2026-02"}
    assert facts(to_far, "ROUTE_DATE") == {"2026"}
    assert kinds(to_near) - kinds(to_far) == {"SUSPECT_PHONE"}
    assert to_near["envelope"]["id"] != to_far["envelope"]["id"]


def test_a_person_without_a_ground_is_not_spoken_of(world: World, shelter: Actor, reader: Actor) -> None:
    world.post(make_draft(grounds=()), shelter)
    assert read(world, reader) == []


def test_what_concerns_nobody_is_told_although_a_person_has_no_ground(
    world: World, shelter: Actor, reader: Actor
) -> None:
    draft = make_draft(
        grounds=(make_ground("no-subject"),),
        people=(make_person(),),
        leads=(Lead("SUSPECT_PHONE", "+40 733 111 222", concerns=("no-subject",)),),
    )
    world.post(draft, shelter)
    (bulletin,) = read(world, reader)
    assert kinds(bulletin) == {"SUSPECT_PHONE"}


def test_a_tip_about_a_recruiter_publishes(world: World, shelter: Actor, reader: Actor) -> None:
    tip = make_draft(
        people=(),
        grounds=(make_ground("no-subject"),),
        narrative="A man offers work abroad outside the station.",
        events=(),
        patterns=(),
        offers=(Offer(job="Agriculture"),),
    )
    world.post(tip, shelter)
    (bulletin,) = read(world, reader)
    assert "SUSPECT_PHONE" in kinds(bulletin)


def test_a_tip_without_the_word_that_nobody_is_concerned_says_nothing(
    world: World, shelter: Actor, reader: Actor
) -> None:
    world.post(make_draft(people=(), grounds=()), shelter)
    assert read(world, reader) == []


def test_one_of_five_withdraws_and_the_other_four_are_republished(
    world: World, shelter: Actor, reader: Actor
) -> None:
    five = tuple(
        make_person(f"P{n}", prs_Citizenship=c) for n, c in enumerate(("RO", "MD", "BG", "AL", "UA"), 1)
    )
    report = world.post(make_draft(people=five), shelter)
    (before,) = read(world, reader)
    assert facts(before, "CITIZENSHIP") == {"RO", "MD", "BG", "AL", "UA"}
    withdraw(report, "P3", by=shelter, once=once(shelter), desk=world.desk)
    run_all(world.desk)
    (after,) = read(world, reader)
    assert facts(after, "CITIZENSHIP") == {"RO", "MD", "AL", "UA"}
    assert facts(after, "EXPLOITATION") == {"ForcedLabour"}
    assert after["envelope"]["version"] == 2
    assert after["envelope"]["id"] == before["envelope"]["id"]


def test_the_last_withdrawal_takes_the_bulletin_back_without_saying_why(
    world: World, shelter: Actor, reader: Actor
) -> None:
    report = world.post(make_draft(), shelter)
    withdraw(report, "P1", by=shelter, once=once(shelter), desk=world.desk)
    run_all(world.desk)
    (bulletin,) = read(world, reader)
    assert bulletin["content"] == {
        "form": "parallax-bulletin/1",
        "type": "recall",
        "circle": "neighbours",
        "tlp": "TLP:AMBER",
        "notice": "recalled-delete-copies",
    }


def test_a_refused_circle_hears_nothing_and_a_refused_partner_closes_its_circles(
    world: World, shelter: Actor, reader: Actor
) -> None:
    other = world.partner("other")
    world.circle("others", other)
    world.post(make_draft(grounds=(make_ground(withheld_from=frozenset({"neighbours"})),)), shelter)
    assert read(world, reader) == []
    assert len(read(world, other)) == 1
    world.post(make_draft(grounds=(make_ground(withheld_from=frozenset({"other"})),)), shelter)
    assert len(read(world, other)) == 1
    assert len(read(world, reader)) == 1


def test_a_refusal_of_somebody_unknown_withholds_from_everybody(
    world: World, shelter: Actor, reader: Actor
) -> None:
    world.post(make_draft(grounds=(make_ground(withheld_from=frozenset({"neighbors"})),)), shelter)
    assert read(world, reader) == []


def test_a_child_is_under_eighteen_and_nowhere_narrower_than_a_country(
    world: World, shelter: Actor, reader: Actor
) -> None:
    child = make_person(prs_Birthdate="2014-05-06")
    guardians = make_ground(given_by="guardian")
    report = world.post(make_draft(people=(child,), grounds=(guardians,)), shelter)
    assert read(world, reader) == [], "a child's bulletin never leaves without a person"
    shown = preview(report, circle="neighbours", by=shelter, desk=world.desk)
    approve(
        report,
        circle="neighbours",
        content_sha256=shown.content_sha256,
        by=shelter,
        once=once(shelter),
        desk=world.desk,
    )
    run_all(world.desk)
    (bulletin,) = read(world, reader)
    assert facts(bulletin, "AGE_BAND") == {"<18"}
    assert facts(bulletin, "ROUTE_PLACE") == {"RO", "IT"}


def test_somebody_of_unknown_age_may_be_a_child_and_waits_for_a_person(
    world: World, shelter: Actor, reader: Actor
) -> None:
    world.post(make_draft(people=(make_person(prs_Birthdate=None),)), shelter)
    assert read(world, reader) == []


def test_a_suspect_who_is_a_victim_is_protected_as_one(world: World, shelter: Actor, reader: Actor) -> None:
    victim = Suspect("S1", names=("Lina Oprea",), phones=("+40 722 000 111",), is_victim=True)
    report = world.post(make_draft(suspects=(victim,), narrative="Lina Oprea opened the door."), shelter)
    shown = preview(report, circle="neighbours", by=shelter, desk=world.desk)
    assert b"Lina" not in shown.content
    assert b"722" not in shown.content
    assert b"suspect" not in shown.content


def test_the_name_of_a_survivors_kin_is_only_said_to_be_there(
    world: World, shelter: Actor, reader: Actor
) -> None:
    uncle = Suspect("S1", names=("Gelu Marin",), roles=("RecruiterOrIntermediary",), kin_of=("P1",))
    world.post(make_draft(suspects=(uncle,)), shelter)
    (bulletin,) = read(world, reader)
    assert "Gelu" not in str(bulletin)


def test_a_venue_called_after_a_survivor_is_left_out_and_waits_for_a_person(
    world: World, shelter: Actor, reader: Actor
) -> None:
    draft = make_draft(leads=(Lead("VENUE", "Casa Ioana Popescu"),))
    report = world.post(draft, shelter)
    assert read(world, reader) == []
    shown = preview(report, circle="neighbours", by=shelter, desk=world.desk)
    assert shown.problems == ("fact_names_a_protected_person",)
    assert b"Popescu" not in shown.content


def test_a_name_that_looks_like_a_code_does_not_silence_the_bulletin(
    world: World, shelter: Actor, reader: Actor
) -> None:
    named = make_person(names=("Cristi", "Ștefania-Maria"), prs_MaritalStatus="Single")
    world.post(make_draft(people=(named,), suspects=()), shelter)
    assert facts(read(world, reader)[0], "EXPLOITATION") == {"ForcedLabour"}


def test_staff_on_the_form_are_hidden_and_have_no_say(world: World, shelter: Actor, reader: Actor) -> None:
    caseworker = Person("W1", "staff", identifiers=(Identifier("PERSON", "Mira Kovač"),))
    draft = make_draft(people=(make_person(), caseworker), grounds=(make_ground("P1"),))
    report = world.post(draft, shelter)
    shown = preview(report, circle="neighbours", by=shelter, desk=world.desk)
    assert b"narrative" in shown.content
    assert b'"section":"person"' in shown.content
    assert shown.content.count(b'"section":"person"') == 1


def test_text_needs_a_person_and_is_exactly_what_was_previewed(
    world: World, shelter: Actor, reader: Actor
) -> None:
    report = world.post(make_draft(), shelter)
    shown = preview(report, circle="neighbours", by=shelter, desk=world.desk)
    assert b"narrative" in shown.content
    assert b"Popescu" not in shown.content
    approve(
        report,
        circle="neighbours",
        content_sha256=shown.content_sha256,
        by=shelter,
        once=once(shelter),
        desk=world.desk,
    )
    run_all(world.desk)
    (bulletin,) = read(world, reader)
    assert bulletin["envelope"]["content_sha256"] == shown.content_sha256
    assert bulletin["content"]["narrative"]["text"].startswith("[PERSON")


def test_a_held_narrative_does_not_delay_the_facts(world: World, shelter: Actor, reader: Actor) -> None:
    def fails(text: str, **_: Any) -> Any:
        raise Unsafe("examination_timed_out")

    world.desk = replace(world.desk, examine=fails)
    report = world.post(make_draft(), shelter)
    assert world.report(report).state == ReportState.HELD
    (bulletin,) = read(world, reader)
    assert "narrative" not in bulletin["content"]
    copy = open_review(report, by=shelter, desk=world.desk)
    assert [code for _, _, code in copy.holds] == ["examination_timed_out"]


def test_a_text_that_was_never_examined_cannot_be_resolved_into_a_bulletin(
    world: World, shelter: Actor, reader: Actor
) -> None:
    def fails(text: str, **_: Any) -> Any:
        raise RuntimeError("Ioana Popescu")

    world.desk = replace(world.desk, examine=fails)
    report = world.post(make_draft(), shelter)
    copy = open_review(report, by=shelter, desk=world.desk)
    with pytest.raises(Exception, match="nothing_examined"):
        resolve(
            report,
            holds=[copy.holds[0][0]],
            resolution="false_alarm",
            by=shelter,
            once=once(shelter),
            desk=world.desk,
        )
    assert b"narrative" not in preview(report, circle="neighbours", by=shelter, desk=world.desk).content


def test_without_an_automatic_policy_everything_waits_for_a_person(world: World) -> None:
    careful = world.partner("careful", automatic=False)
    reader = world.partner("reader")
    world.circle("neighbours", reader)
    report = world.post(make_draft(), careful)
    assert read(world, reader) == []
    shown = preview(report, circle="neighbours", by=careful, desk=world.desk)
    approve(
        report,
        circle="neighbours",
        content_sha256=shown.content_sha256,
        by=careful,
        once=once(careful),
        desk=world.desk,
    )
    run_all(world.desk)
    assert len(read(world, reader)) == 1


def test_settling_twice_changes_nothing(world: World, shelter: Actor, reader: Actor) -> None:
    world.adopt(shelter, everything(), fences=["publicity", "immigration-enforcement"])
    report = world.post(make_draft(), shelter)
    with world.desk.sessions.begin() as session:
        from share.models import Task
        from share.outbox import ask

        ask(session, Task.SETTLE, report, at=world.desk.clock(), due=world.desk.clock())
    run_all(world.desk)
    with world.desk.readers() as session:
        assert session.query(BulletinVersion).count() == 1


def test_expired_consent_is_not_readable_on_the_next_day(
    world: World, shelter: Actor, reader: Actor, clock: Any
) -> None:
    world.post(make_draft(grounds=(make_ground(until=date(2026, 3, 3)),)), shelter)
    assert len(read(world, reader)) == 1
    clock.forward(days=2)
    assert read(world, reader) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"basis": "unheard-of"},
        {"purposes": frozenset()},
        {"purposes": frozenset({"research"})},
        {"until": None},
        {"until": date(2026, 2, 1)},
        {"given_on": date(2026, 12, 1)},
        {"withdrawn_on": date(2026, 2, 1)},
        {"given_by": "guardian", "guardian_is_suspect_or_kin": True},
    ],
)
def test_a_ground_that_is_odd_in_any_way_is_none(
    world: World, shelter: Actor, reader: Actor, changes: dict[str, Any]
) -> None:
    world.post(make_draft(grounds=(make_ground(**changes),)), shelter)
    assert read(world, reader) == []


def test_events_patterns_and_offers_about_a_person_without_a_ground_stay_with_her(
    world: World, shelter: Actor, reader: Actor
) -> None:
    two = (make_person("P1"), make_person("P2", names=("Ana Rusu",), prs_Citizenship="MD"))
    draft = make_draft(
        people=two,
        grounds=(make_ground("P1"),),
        events=(Event("Recruitment", on="2026-01", country="MD", concerns=("P2",)),),
        patterns=(Pattern(fields={"vic_TypeOfExploitation": ("ForcedBegging",)}, concerns=("P2",)),),
        offers=(Offer(job="Agriculture", concerns=("P1", "P2")),),
    )
    report = world.post(draft, shelter)
    shown = preview(report, circle="neighbours", by=shelter, desk=world.desk)
    assert b"ForcedBegging" not in shown.content
    assert b'"MD"' not in shown.content
    assert b"Agriculture" in shown.content
    assert b"narrative" not in shown.content, "text speaks of everybody, and one of them gave no ground"


def test_switching_the_ground_off_would_be_noticed(
    world: World, shelter: Actor, reader: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the tests above: with grounds not heard, the person without one is spoken of."""
    from policies.terms import Terms
    from share import compose

    monkeypatch.setattr(
        compose.Voices,
        "_ground",
        lambda self, subjects: Terms.everything(self.floor.detail, self.floor.purposes),
    )
    world.post(make_draft(grounds=()), shelter)
    assert len(read(world, reader)) == 1


assert finds
