"""What was told can be taken back; who reads, who no longer does, and who never did."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from builders import World, everything, finds, make_draft, make_ground, make_person, once

from partners.models import Agreement, Circle, Partner
from partners.values import Actor
from policies.terms import Linkage
from share.approval import approve, preview
from share.consent import record_ground, withdraw
from share.draft import Suspect
from share.errors import Conflict, NotThere
from share.intake import amend
from share.models import Bulletin, BulletinVersion, ReportVersion
from share.reading import bulletin_for, bulletins_for
from share.recall import acknowledge, confirmations, recall
from share.review import add_span, open_review, refuse
from share.signing import NotGenuine, verify
from share.sweep import forget_working_copies, sweep
from share.worker import run_all


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


def the_bulletin(world: World) -> UUID:
    with world.desk.readers() as session:
        return session.query(Bulletin).one().id


def swept(world: World) -> None:
    sweep(world.desk)
    run_all(world.desk)


def test_a_recalled_bulletin_stays_recalled(world: World, shelter: Actor, reader: Actor) -> None:
    report = world.post(make_draft(), shelter)
    recall(the_bulletin(world), by=shelter, once=once(shelter), desk=world.desk)
    assert [b["content"]["type"] for b in told(world, reader)] == ["recall"]
    record_ground(report, make_ground(), by=shelter, once=once(shelter), desk=world.desk)
    run_all(world.desk)
    swept(world)
    assert [b["content"]["type"] for b in told(world, reader)] == ["recall"]


def test_only_the_source_recalls_and_nobody_learns_that_there_was_something(
    world: World, shelter: Actor, reader: Actor
) -> None:
    world.post(make_draft(), shelter)
    for each in (the_bulletin(world), uuid4()):
        with pytest.raises(NotThere):
            recall(each, by=reader, once=once(reader), desk=world.desk)


def test_who_confirmed_a_recall_is_counted_for_the_source(
    world: World, shelter: Actor, reader: Actor
) -> None:
    world.post(make_draft(), shelter)
    bulletin = the_bulletin(world)
    recall(bulletin, by=shelter, once=once(shelter), desk=world.desk)
    assert confirmations(bulletin, by=shelter, desk=world.desk) == (0, 1)
    acknowledge(bulletin, version=2, by=reader, once=once(reader), desk=world.desk)
    assert confirmations(bulletin, by=shelter, desk=world.desk) == (1, 1)
    with pytest.raises(NotThere):
        confirmations(bulletin, by=reader, desk=world.desk)


def test_a_refused_report_is_recalled_everywhere(world: World, shelter: Actor, reader: Actor) -> None:
    report = world.post(make_draft(), shelter)
    refuse(report, reason="unsafe_to_share", by=shelter, once=once(shelter), desk=world.desk)
    run_all(world.desk)
    assert [b["content"]["type"] for b in told(world, reader)] == ["recall"]


def test_leaving_a_circle_ends_reading_at_once(world: World, shelter: Actor, reader: Actor) -> None:
    world.post(make_draft(), shelter)
    circle = world.circle("second", reader)
    world.leave(circle, reader)
    assert len(told(world, reader)) == 1
    with world.desk.readers() as session:
        first = session.query(Bulletin).one().circle_id
    world.leave(first, reader)
    assert told(world, reader) == []
    with pytest.raises(NotThere):
        bulletin_for(the_bulletin(world), by=reader, desk=world.desk)


def test_joining_shows_only_what_was_governed_again(
    world: World, shelter: Actor, reader: Actor, clock: Any
) -> None:
    late = world.partner("late")
    world.post(make_draft(grounds=(make_ground(withheld_from=frozenset({"late"})),)), shelter)
    world.post(make_draft(), shelter)
    clock.forward(hours=1)
    with world.desk.readers() as session:
        circle = session.query(Bulletin).first().circle_id  # type: ignore[union-attr]
    world.join(circle, late)
    assert told(world, late) == []
    assert len(told(world, reader)) == 2
    swept(world)
    assert [b["content"]["type"] for b in told(world, late)].count("incident") == 1
    assert sorted(b["content"]["type"] for b in told(world, reader)) == ["incident", "recall"]


def test_a_lapsed_agreement_takes_everything_back(world: World, shelter: Actor, reader: Actor) -> None:
    world.post(make_draft(), shelter)
    with world.desk.sessions.begin() as session:
        session.query(Agreement).filter_by(partner_id=shelter.partner).one().end = date(2026, 3, 1)
    swept(world)
    assert [b["content"]["type"] for b in told(world, reader)] == ["recall"]


def test_a_tightened_policy_reaches_what_is_published(world: World, shelter: Actor, reader: Actor) -> None:
    world.post(make_draft(), shelter)
    less = everything()["detail"] | {"SUSPECT_PHONE": "NOTHING"}
    world.adopt(shelter, everything(detail=less))
    swept(world)
    (bulletin,) = told(world, reader)
    assert "SUSPECT_PHONE" not in str(bulletin)
    assert bulletin["envelope"]["version"] == 2


def test_expired_consent_is_recalled_by_the_sweep(
    world: World, shelter: Actor, reader: Actor, clock: Any
) -> None:
    world.post(make_draft(grounds=(make_ground(until=date(2026, 3, 3)),)), shelter)
    clock.forward(days=2)
    swept(world)
    assert [b["content"]["type"] for b in told(world, reader)] == ["recall"]


def test_a_partner_in_two_circles_is_shown_the_fuller_bulletin(
    world: World, shelter: Actor, reader: Actor
) -> None:
    less = everything()["detail"] | {"SUSPECT_PHONE": "NOTHING", "EXPLOITATION": "NOTHING"}
    world.circle("poorer", reader, clearance=everything(detail=less))
    world.post(make_draft(), shelter)
    (bulletin,) = told(world, reader)
    assert bulletin["content"]["circle"] == "neighbours"


def test_pages_hold_every_bulletin_once(world: World, shelter: Actor, reader: Actor) -> None:
    for _ in range(5):
        world.post(make_draft(), shelter)
    seen, after = [], None
    while True:
        page = bulletins_for(reader, after=after, limit=2, desk=world.desk)
        seen += [b.to_plain()["envelope"]["id"] for b in page.bulletins]
        if (after := page.after) is None:
            break
    assert len(seen) == len(set(seen)) == 5
    with pytest.raises(NotThere):
        bulletins_for(reader, after=uuid4(), limit=2, desk=world.desk)


def test_approvals_name_the_exact_content(world: World, shelter: Actor, reader: Actor) -> None:
    report = world.post(make_draft(), shelter)
    shown = preview(report, circle="neighbours", by=shelter, desk=world.desk)
    said = {"circle": "neighbours", "once": once(shelter), "desk": world.desk}
    with pytest.raises(Conflict, match="preview_stale"):
        approve(report, content_sha256="0" * 64, by=shelter, **said)
    machine = replace(shelter, member=None, second_factor=False)
    with pytest.raises(Conflict, match="person_required"):
        approve(report, content_sha256=shown.content_sha256, by=machine, **said)
    copy = open_review(report, by=shelter, desk=world.desk)
    start = copy.text.index("nothing")
    add_span(
        report,
        version=1,
        start=start,
        end=start + 7,
        kind="MARK",
        by=shelter,
        once=once(shelter),
        desk=world.desk,
    )
    with pytest.raises(Conflict, match="preview_stale"):
        approve(report, content_sha256=shown.content_sha256, by=shelter, **said)
    again = preview(report, circle="neighbours", by=shelter, desk=world.desk)
    assert b"nothing" not in again.content
    approve(report, content_sha256=again.content_sha256, by=shelter, **said)
    run_all(world.desk)
    assert told(world, reader)[0]["envelope"]["content_sha256"] == again.content_sha256


def test_text_of_five_falls_silent_when_one_withdraws(world: World, shelter: Actor, reader: Actor) -> None:
    two = (make_person("P1"), make_person("P2", names=("Ana Rusu",)))
    report = world.post(make_draft(people=two), shelter)
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
    assert "narrative" in told(world, reader)[0]["content"]
    withdraw(report, "P2", by=shelter, once=once(shelter), desk=world.desk)
    run_all(world.desk)
    assert "narrative" not in told(world, reader)[0]["content"]


def test_a_signature_holds_for_its_document_alone(world: World, shelter: Actor, reader: Actor) -> None:
    world.post(make_draft(), shelter)
    (bulletin,) = told(world, reader)
    keys = {"k1": world.desk.signer.key.public_key()}
    document = {"envelope": bulletin["envelope"], "content": bulletin["content"]}
    verify(document, bulletin["signature"], keys=keys)
    changed = {**document, "envelope": {**bulletin["envelope"], "version": 2}}
    with pytest.raises(NotGenuine, match="content_differs"):
        verify(changed, bulletin["signature"], keys=keys)
    with pytest.raises(NotGenuine, match="key_unknown"):
        verify(document, bulletin["signature"], keys={})


def test_two_circles_cannot_be_joined_by_pseudonym_or_id(world: World, shelter: Actor) -> None:
    near, far = world.partner("near"), world.partner("far")
    world.circle("near", near)
    world.circle("far", far)
    world.post(make_draft(), shelter)
    (a,), (b,) = told(world, near), told(world, far)

    def marks(bulletin: dict[str, Any]) -> set[str]:
        aliases = {s["about"] for s in bulletin["content"]["sections"] if "about" in s}
        envelope = bulletin["envelope"]
        return aliases | {envelope["id"], envelope["ledger"], envelope["policy"]}

    assert marks(a) & marks(b) == set()
    assert len(marks(a)) == 4


def test_where_linkage_is_not_allowed_people_have_no_pseudonym(world: World, shelter: Actor) -> None:
    near = world.partner("near")
    world.circle("near", near, clearance=everything(linkage=Linkage.NONE.name))
    world.post(make_draft(), shelter)
    assert all("about" not in s for s in told(world, near)[0]["content"]["sections"])


def test_working_copies_are_forgotten_and_what_was_told_stays_while_nothing_changes(
    world: World, shelter: Actor, reader: Actor, clock: Any
) -> None:
    report = world.post(make_draft(), shelter)
    assert forget_working_copies(world.desk) == 0
    clock.forward(days=31)
    assert forget_working_copies(world.desk) == 1
    with world.desk.readers() as session:
        assert session.query(ReportVersion).one().working_copy is None
    assert not any(entry.name.startswith(f"working/{report}") for entry in world.keystore.list())
    swept(world)
    assert [b["content"]["type"] for b in told(world, reader)] == ["incident"]
    world.adopt(shelter, everything(tlp="RED"))
    swept(world)
    assert [b["content"]["type"] for b in told(world, reader)] == ["recall"]


def test_the_working_copy_of_a_refused_report_is_forgotten_too(
    world: World, shelter: Actor, clock: Any
) -> None:
    report = world.post(make_draft(), shelter)
    refuse(report, reason="duplicate", by=shelter, once=once(shelter), desk=world.desk)
    clock.forward(days=29)
    assert forget_working_copies(world.desk) == 0
    clock.forward(days=2)
    assert forget_working_copies(world.desk) == 1


def test_what_she_refused_still_binds_what_is_told_of_others_after_she_withdrew(
    world: World, shelter: Actor, reader: Actor
) -> None:
    two = (make_person("P1"), make_person("P2", names=("Ana Rusu",)))
    refusing = make_ground("P1", withheld_from=frozenset({"neighbours"}))
    report = world.post(make_draft(people=two, grounds=(refusing, make_ground("P2"))), shelter)
    before = str(told(world, reader))
    withdraw(report, "P1", by=shelter, once=once(shelter), desk=world.desk)
    run_all(world.desk)
    assert "ForcedLabour" not in before
    assert "ForcedLabour" not in str(told(world, reader))


def test_a_shortened_ground_shortens_what_is_published(
    world: World, shelter: Actor, reader: Actor, clock: Any
) -> None:
    report = world.post(make_draft(), shelter)
    sooner = make_ground(until=date(2026, 3, 4))
    record_ground(report, sooner, by=shelter, once=once(shelter), desk=world.desk)
    run_all(world.desk)
    assert told(world, reader)[0]["envelope"]["valid_until"] == "2026-03-04"
    clock.forward(days=3)
    assert told(world, reader) == []


def test_a_refused_partner_without_standing_closes_its_circles_all_the_same(
    world: World, shelter: Actor, reader: Actor
) -> None:
    sleeping = world.partner("sleeping")
    with world.desk.readers() as session:
        circle = session.query(Circle).filter_by(slug="neighbours").one().id
    world.join(circle, sleeping)
    with world.desk.sessions.begin() as session:
        session.get_one(Partner, sleeping.partner).status = "suspended"
    world.post(make_draft(grounds=(make_ground(withheld_from=frozenset({"sleeping"})),)), shelter)
    assert told(world, reader) == []


def test_an_amendment_that_adds_a_person_waits_for_a_person_where_policy_says_so(world: World) -> None:
    careful, reader = world.partner("careful", automatic=False), world.partner("reader")
    world.circle("neighbours", reader)
    report = world.post(make_draft(), careful)
    shown = preview(report, circle="neighbours", by=careful, desk=world.desk)
    said: dict[str, Any] = {"by": careful, "once": once(careful), "desk": world.desk}
    approve(report, circle="neighbours", content_sha256=shown.content_sha256, **said)
    run_all(world.desk)
    twins = (make_person("P1"), make_person("P2", names=("Ana Rusu",)))
    amend(report, make_draft(people=twins), reason="more_known", **said)
    run_all(world.desk)
    (bulletin,) = told(world, reader)
    assert sum(s["section"] == "person" for s in bulletin["content"].get("sections", ())) <= 1
    again = preview(report, circle="neighbours", by=careful, desk=world.desk)
    approve(report, circle="neighbours", content_sha256=again.content_sha256, **said)


def test_an_old_form_sent_again_does_not_undo_a_withdrawal(
    world: World, shelter: Actor, reader: Actor
) -> None:
    report = world.post(make_draft(), shelter)
    withdraw(report, "P1", by=shelter, once=once(shelter), desk=world.desk)
    amend(report, make_draft(), reason="other", by=shelter, once=once(shelter), desk=world.desk)
    run_all(world.desk)
    assert [b["content"]["type"] for b in told(world, reader)] == ["recall"]


def test_a_recall_by_a_person_stays_even_where_the_service_recalled_before(
    world: World, shelter: Actor, reader: Actor
) -> None:
    report = world.post(make_draft(), shelter)
    withdraw(report, "P1", by=shelter, once=once(shelter), desk=world.desk)
    run_all(world.desk)
    recall(the_bulletin(world), by=shelter, once=once(shelter), desk=world.desk)
    record_ground(report, make_ground(), by=shelter, once=once(shelter), desk=world.desk)
    run_all(world.desk)
    assert [b["content"]["type"] for b in told(world, reader)] == ["recall"]


def test_joining_between_two_ticks_shows_what_was_governed_again(
    world: World, shelter: Actor, reader: Actor, clock: Any
) -> None:
    world.post(make_draft(), shelter)
    world.desk = replace(world.desk, publish_every=timedelta(hours=1))
    late = world.partner("late")
    clock.forward(minutes=10)
    with world.desk.readers() as session:
        circle = session.query(Bulletin).one().circle_id
    world.join(circle, late)
    clock.forward(seconds=5)
    swept(world)
    assert len(told(world, late)) == 1


def test_a_suspect_whose_name_is_not_told_is_not_named_in_the_text(
    world: World, shelter: Actor, reader: Actor
) -> None:
    uncle = Suspect("S1", names=("Gelu Marin",), kin_of=("P1",))
    world.desk = replace(world.desk, examine=finds("Ioana Popescu", "Gelu Marin"))
    report = world.post(
        make_draft(suspects=(uncle,), narrative="Ioana Popescu and Gelu Marin left."), shelter
    )
    assert b"Gelu" not in preview(report, circle="neighbours", by=shelter, desk=world.desk).content
    stranger = replace(uncle, kin_of=())
    other = world.post(
        make_draft(suspects=(stranger,), narrative="Ioana Popescu and Gelu Marin left."), shelter
    )
    shown = preview(other, circle="neighbours", by=shelter, desk=world.desk)
    assert shown.content.count(b"Gelu Marin") == 2, (
        "the control: a stranger's name, told whole, stands in both"
    )


def test_publication_waits_for_the_clock_and_withdrawal_does_not(
    world: World, shelter: Actor, reader: Actor, clock: Any
) -> None:
    world.desk = replace(world.desk, publish_every=timedelta(hours=1))
    report = world.post(make_draft(), shelter)
    assert told(world, reader) == []
    clock.forward(minutes=31)
    run_all(world.desk)
    (bulletin,) = told(world, reader)
    assert bulletin["envelope"]["published_at"] == "2026-03-02T10:00:00+00:00"
    withdraw(report, "P1", by=shelter, once=once(shelter), desk=world.desk)
    run_all(world.desk)
    assert [b["content"]["type"] for b in told(world, reader)] == ["recall"]


def test_the_stamp_of_a_bulletin_is_a_tick_of_the_clock(
    world: World, shelter: Actor, reader: Actor, clock: Any
) -> None:
    world.desk = replace(world.desk, publish_every=timedelta(hours=1))
    world.post(make_draft(), shelter)
    clock.forward(minutes=47)
    run_all(world.desk)
    with world.desk.readers() as session:
        stamps = {row.published_at for row in session.query(BulletinVersion)}
    assert {(stamp.minute, stamp.second) for stamp in stamps} == {(0, 0)}
