"""A report that was answered is stored, once, sealed; a report that was refused left nothing behind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from builders import World, make_draft, make_ground, make_person, once
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import func, select

from config.database import Base
from evidence import vault
from ledger.chain import verify_chain
from ledger.models import LedgerEntry
from partners.models import Agreement, Partner
from partners.values import Actor
from share.draft import Event, Lead, Suspect
from share.errors import Conflict, NotAcceptable, NotThere
from share.idempotency import Once
from share.intake import amend, submit
from share.models import Report, ReportState, ReportVersion
from share.worker import run_all


@pytest.fixture
def shelter(world: World) -> Actor:
    return world.partner("shelter")


def stored(world: World) -> dict[str, int]:
    with world.desk.readers() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def test_the_same_key_sent_fifty_times_at_once_makes_one_report(world_on_both: World) -> None:
    shelter = world_on_both.partner("shelter")
    draft = make_draft()

    def send(_: int) -> Any:
        return submit(draft, by=shelter, once=once(shelter, "key-1"), desk=world_on_both.desk)["id"]

    with ThreadPoolExecutor(10) as pool:
        receipts = set(pool.map(send, range(50)))
    assert len(receipts) == 1
    assert stored(world_on_both)["reports"] == 1
    assert stored(world_on_both)["report_versions"] == 1


def test_without_the_key_two_posts_are_two_reports(world: World, shelter: Actor) -> None:
    """The control of the test above."""
    for _ in range(2):
        submit(make_draft(), by=shelter, once=once(shelter), desk=world.desk)
    assert stored(world)["reports"] == 2


def test_a_key_used_for_something_else_is_refused(world: World, shelter: Actor) -> None:
    submit(make_draft(), by=shelter, once=once(shelter, "key-1"), desk=world.desk)
    with pytest.raises(Conflict, match="idempotency_key_reused"):
        submit(make_draft(), by=shelter, once=once(shelter, "key-1", b"other"), desk=world.desk)


def test_two_partners_may_use_the_same_key(world: World, shelter: Actor) -> None:
    other = world.partner("other")
    first = submit(make_draft(), by=shelter, once=once(shelter, "key-1"), desk=world.desk)
    second = submit(make_draft(), by=other, once=once(other, "key-1"), desk=world.desk)
    assert first["id"] != second["id"]


def test_a_reference_of_ones_own_is_taken_once(world: World, shelter: Actor) -> None:
    submit(make_draft(reference="CV-1"), by=shelter, once=once(shelter), desk=world.desk)
    with pytest.raises(Conflict, match="reference_taken"):
        submit(make_draft(reference="CV-1"), by=shelter, once=once(shelter), desk=world.desk)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"narrative": "a\U000e0041b"}, "text_tag_characters"),
        ({"narrative": "a\u202eb"}, "text_bidi_override"),
        ({"narrative": "x" * 200_001}, "text_too_long"),
        ({"leads": (Lead("VENUE", "bar \U000e0041"),)}, "text_tag_characters"),
        ({"people": (make_person("P1"), make_person("P1"))}, "code_used_twice"),
        ({"events": (Event("Transit", concerns=("P9",)),)}, "concerns_unknown_person"),
        ({"suspects": (Suspect("S1", kin_of=("P9",)),)}, "kin_of_unknown_person"),
        ({"grounds": (make_ground("P9"),)}, "ground_for_unknown_person"),
    ],
)
def test_what_cannot_be_looked_at_is_refused_and_leaves_nothing(
    world: World, shelter: Actor, changes: dict[str, Any], code: str
) -> None:
    before = stored(world)
    with pytest.raises(NotAcceptable, match=code):
        submit(make_draft(**changes), by=shelter, once=once(shelter, "k"), desk=world.desk)
    assert stored(world) == before


def test_a_report_that_says_nothing_is_refused(world: World, shelter: Actor) -> None:
    empty = make_draft(people=(), grounds=(), narrative=" ", events=(), patterns=(), suspects=())
    with pytest.raises(NotAcceptable, match="empty_report"):
        submit(empty, by=shelter, once=once(shelter), desk=world.desk)


@pytest.mark.parametrize("how", ["expired", "suspended", "absent"])
def test_a_partner_out_of_standing_cannot_submit(world: World, shelter: Actor, how: str) -> None:
    with world.desk.sessions.begin() as session:
        agreement = session.query(Agreement).filter_by(partner_id=shelter.partner).one()
        if how == "expired":
            agreement.end = agreement.start
        elif how == "suspended":
            session.get_one(Partner, shelter.partner).status = "suspended"
        else:
            session.delete(agreement)
    before = stored(world)
    with pytest.raises(Conflict, match="no_agreement_in_force"):
        submit(make_draft(), by=shelter, once=once(shelter, "k"), desk=world.desk)
    assert stored(world) == before


def test_nothing_of_what_was_said_stands_in_clear_in_the_tables(world: World, shelter: Actor) -> None:
    world.post(make_draft(reference="Ioana's file"), shelter, key="ioana-key")
    with world.desk.readers() as session:
        said = " ".join(
            repr(tuple(row)).lower()
            for table in Base.metadata.tables.values()
            if table.name != "bulletin_versions"
            for row in session.execute(select(table))
        )
    for word in ("ioana", "popescu", "gelu", "722 000 111", "taken from"):
        assert word not in said


def test_the_same_scan_finds_what_is_left_in_clear(world: World, shelter: Actor) -> None:
    """The control of the test above: a name in a plain column is seen."""
    with world.desk.sessions.begin() as session:
        session.get_one(Partner, shelter.partner).name = "Ioana Popescu"
    with world.desk.readers() as session:
        assert "popescu" in " ".join(
            repr(tuple(r)).lower() for r in session.execute(select(Base.metadata.tables["partners"]))
        )


def test_the_original_is_sealed_as_the_bytes_that_were_received(world: World, shelter: Actor) -> None:
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    desk = replace(world.desk, seal=partial(vault.seal, keystore=world.keystore, release_public=public))
    asked = Once(shelter.partner, None, b"POST /reports", body=b'{ "narrative" : "as typed" }')
    report = UUID(submit(make_draft(), by=shelter, once=asked, desk=desk)["id"])
    with world.desk.readers() as session:
        sealed = session.query(ReportVersion).filter_by(report_id=report).one().original
    opened = vault.open_original(
        sealed, report=report, version=1, keystore=world.keystore, release_private=private.private_bytes_raw()
    )
    assert opened[32:] == asked.body, "after the 32 bytes of salt"


def test_an_amendment_is_a_new_sealed_version_and_the_old_one_stays(world: World, shelter: Actor) -> None:
    report = world.post(make_draft(), shelter)
    amend(
        report,
        make_draft(narrative="Ioana Popescu said more."),
        reason="more_known",
        by=shelter,
        once=once(shelter),
        desk=world.desk,
    )
    assert world.report(report).state == ReportState.RECEIVED
    run_all(world.desk)
    with world.desk.readers() as session:
        versions = (
            session.query(ReportVersion).filter_by(report_id=report).order_by(ReportVersion.number).all()
        )
    assert [version.number for version in versions] == [1, 2]
    assert versions[0].original != versions[1].original
    assert world.report(report).state == ReportState.READY


def test_somebody_elses_report_and_no_report_are_the_same(world: World, shelter: Actor) -> None:
    report = world.post(make_draft(), shelter)
    stranger = world.partner("stranger")
    for each in (report, uuid4()):
        with pytest.raises(NotThere) as answer:
            amend(each, make_draft(), reason="other", by=stranger, once=once(stranger), desk=world.desk)
        assert str(answer.value) == "not_found"


def test_every_act_stands_in_the_ledger_and_the_chain_holds(world: World, shelter: Actor) -> None:
    world.post(make_draft(), shelter)
    with world.desk.readers() as session:
        acts = list(session.scalars(select(LedgerEntry.act).order_by(LedgerEntry.seq)))
        verify_chain(session)
    assert acts[:3] == ["received", "ground_recorded", "examined"]


def test_a_crash_before_the_commit_leaves_nothing_and_the_retry_works(world: World, shelter: Actor) -> None:
    def broken(*_: object, **__: object) -> Any:
        raise OSError

    unlucky = replace(world.desk, seal=broken)
    with pytest.raises(OSError):
        submit(make_draft(), by=shelter, once=once(shelter, "key-1"), desk=unlucky)
    assert stored(world)["reports"] == 0
    receipt = submit(make_draft(), by=shelter, once=once(shelter, "key-1"), desk=world.desk)
    with world.desk.readers() as session:
        assert session.get(Report, UUID(receipt["id"])) is not None
