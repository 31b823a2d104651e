"""A write that is sent twice happens once, whatever happened in between, and in whichever room it was sent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import World, make_draft, make_ground, once
from share_edge import a_report, make_edge
from sqlalchemy import func, select

import api
from config.keys import Keys
from config.settings import Settings
from partners.models import RememberedAnswer
from policies.terms import Detail
from share import approval
from share.approval import approve, preview
from share.consent import record_ground
from share.errors import Conflict, NotThere
from share.idempotency import remembered
from share.models import Approval
from share.worker import run_all


def approvals(world: World) -> int:
    with world.desk.readers() as session:
        return session.scalar(select(func.count()).select_from(Approval)) or 0


def test_an_approval_that_is_sent_again_is_answered_as_before_although_the_content_changed(
    world: World,
) -> None:
    shelter = world.partner("shelter", automatic=False)
    world.circle("c", world.partner("hotline"))
    report = world.post(make_draft(), shelter)
    shown = preview(report, circle="c", by=shelter, desk=world.desk)
    said = {"circle": "c", "content_sha256": shown.content_sha256, "by": shelter, "desk": world.desk}
    first = approve(report, once=once(shelter, "k-1"), **said)
    run_all(world.desk)
    ground = make_ground("P1", limits={"GENDER": Detail.NOTHING})
    record_ground(report, ground, by=shelter, once=once(shelter), desk=world.desk)
    assert approve(report, once=once(shelter, "k-1"), **said) == first
    assert approvals(world) == 1
    with pytest.raises(Conflict, match="preview_stale"):
        approve(report, once=once(shelter, "k-2"), **said)
    with pytest.raises(Conflict, match="idempotency_key_reused"):
        approve(report, once=once(shelter, "k-1", b"other"), **said)


def test_what_is_remembered_is_told_to_nobody_but_who_may_ask(world: World) -> None:
    shelter, other = world.partner("shelter", automatic=False), world.partner("hotline")
    world.circle("c", other)
    report = world.post(make_draft(), shelter)
    shown = preview(report, circle="c", by=shelter, desk=world.desk)
    said = {"circle": "c", "content_sha256": shown.content_sha256, "desk": world.desk}
    approve(report, by=shelter, once=once(shelter, "k-1"), **said)
    with pytest.raises(NotThere):
        approve(report, by=other, once=once(shelter, "k-1"), **said)
    with pytest.raises(Conflict, match="person_required"):
        machine = replace(shelter, member=None, second_factor=False)
        approve(report, by=machine, once=once(shelter, "k-1"), **said)


def test_an_approval_is_looked_at_afresh_where_no_key_was_sent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: it is the remembered answer that spares the second look, and nothing else."""
    shelter = world.partner("shelter", automatic=False)
    world.circle("c", world.partner("hotline"))
    report = world.post(make_draft(), shelter)
    shown = preview(report, circle="c", by=shelter, desk=world.desk)
    looks: list[Any] = []
    look = approval._look
    monkeypatch.setattr(approval, "_look", lambda *said: looks.append(said) or look(*said))
    said = {"circle": "c", "content_sha256": shown.content_sha256, "by": shelter, "desk": world.desk}
    approve(report, once=once(shelter, "k-1"), **said)
    approve(report, once=once(shelter, "k-1"), **said)
    assert len(looks) == 1
    with pytest.raises(Conflict, match="already_done"):
        approve(report, once=once(shelter), **said)
    assert len(looks) == 2


def test_nothing_is_remembered_without_a_key(world: World) -> None:
    shelter = world.partner("shelter")
    world.post(make_draft(), shelter)
    assert remembered(world.desk, once(shelter)) is None
    with world.desk.readers() as session:
        assert session.scalars(select(RememberedAnswer)).all() == []


def test_machines_of_a_partner_share_their_keys_and_people_do_not(world: World, keys: Keys) -> None:
    """A machine whose credential was renewed sends the same request; two people are two voices."""
    edge = make_edge(world, keys)
    shelter = world.partner("shelter")
    callers = [edge.machine(shelter), edge.machine(shelter), edge.person(shelter)]
    ids = [caller.post("/api/v1/reports", a_report(), key="k-1").json["id"] for caller in callers]  # type: ignore[index]
    assert ids[0] == ids[1] != ids[2]


def test_a_key_is_used_once_in_all_rooms_together(world: World, keys: Keys) -> None:
    made = make_edge(world, keys)
    share = replace(world.desk, tag_key=made.desk.tag_key)
    edge = replace(made, app=api.create_app(desks=api.Desks(share=share, partners=made.desk)))
    shelter = world.partner("shelter")
    world.circle("c", shelter)
    person = edge.person(shelter)
    assert person.post("/api/v1/reports", a_report(), key="k-1").status_code == 202
    leaving = ("DELETE", "/api/v1/circles/c/memberships")
    answer = person.send(*leaving, headers={"Idempotency-Key": "k-1"})
    assert (answer.status_code, answer.json and answer.json["code"]) == (422, "idempotency_key_reused")
    assert person.send(*leaving, headers={"Idempotency-Key": "k-2"}).status_code == 204


def test_the_desks_of_an_instance_compare_clients_words_under_one_key(instance: Path) -> None:
    environment = {
        "PARALLAX_INSTANCE": str(instance),
        "PARALLAX_DATABASE_URL": "sqlite://",
        "PARALLAX_ENVIRONMENT": "test",
    }
    desks = api.build_desks(Settings.from_env(environment), examine=lambda *_, **__: None)  # type: ignore[arg-type,return-value]
    assert desks.share.tag_key == desks.partners.tag_key
    assert len(desks.partners.tag_key) == 32
