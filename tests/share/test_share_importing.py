"""A file comes in whole or not at all, and what is there already stays as it is, whoever sends it and how often."""

from __future__ import annotations

import io
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from builders import World, make_draft, once
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from openpyxl import load_workbook
from share_sheets import HEADER, MARKER, book, csv_file, good, grid, one, row
from sqlalchemy import delete, func, select
from sqlalchemy.exc import OperationalError

from evidence import vault
from ledger.chain import verify_chain
from ledger.entries import Act
from ledger.models import LedgerEntry
from partners.models import Agreement
from partners.values import Actor
from share import intake
from share.errors import Conflict, NotThere
from share.importing import bringing, keeping
from share.importing.blank import blank_book, blank_table
from share.importing.bringing import bring_in, look_over
from share.importing.columns import column_called, every_column
from share.importing.keeping import (
    MOST,
    bring_in_waiting,
    discard_waiting,
    forget_import_files,
    keep,
    waiting_file,
)
from share.importing.reading import read_sheets
from share.importing.said import judged
from share.importing.standing import Looked, Outcome
from share.importing.template import rows_of
from share.intake import submit
from share.models import GroundVersion, OutboxRow, Report, ReportVersion
from share.models_imports import ImportedRow, ImportFile
from share.overview import reports_of
from share.reading import bulletins_for
from share.reports import working_draft
from share.schemas import ReportSchema
from share.sources import own_bulletins
from share.spreadsheets import as_csv, as_xlsx
from share.sweep import sweep
from share.worker import run_all


def count(world: World, table: Any = Report) -> int:
    with world.desk.readers() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def outcomes(looked: Looked) -> list[str]:
    assert looked.problems == ()
    return [line.outcome.value for line in looked.lines]


# The same intake as for every other report.


def test_every_row_becomes_a_report_that_is_sealed_redacted_and_held_as_any_other(
    world_on_both: World,
) -> None:
    world, shelter = world_on_both, world_on_both.partner("shelter", automatic=False)
    world.circle("c", world.partner("hotline"))
    looked = bring_in(good(3), by=shelter, desk=world.desk)
    assert outcomes(looked) == ["new", "new", "new"]
    ids = {each.id for each in reports_of(shelter, after=None, limit=9, desk=world.desk).reports}
    assert {line.report for line in looked.lines} == ids
    assert count(world, OutboxRow) == 3
    run_all(world.desk)
    with world.desk.readers() as session:
        versions = session.scalars(select(ReportVersion)).all()
        acts = session.scalars(select(LedgerEntry.act).where(LedgerEntry.act == Act.RECEIVED.value)).all()
    assert all(version.examined_at and version.by_member == shelter.member for version in versions)
    assert len(acts) == 3
    drafts = [working_draft(version, world.desk) for version in versions]
    assert {draft.people[0].fields["prs_FirstName"] for draft in drafts if draft} == {(MARKER,)}
    with world.desk.readers() as session:
        verify_chain(session)


def test_an_imported_report_is_the_very_draft_that_the_interface_would_have_made() -> None:
    (said,) = rows_of(read_sheets(one()))
    draft, problems = judged(said)
    assert problems == () and draft == ReportSchema().load(dict(said.wire))
    assert said.wire["patterns"] == [{"vic_TypeOfExploitation": ["ForcedLabour", "Servitude"], "people": 5}]
    assert said.wire["people"][0]["fields"]["prs_Birthdate"] == "1998-04-05"


def test_the_row_as_it_was_read_is_what_is_sealed(world: World, release_private: bytes) -> None:
    shelter = world.partner("shelter")
    public = X25519PrivateKey.from_private_bytes(release_private).public_key().public_bytes_raw()
    seal = partial(vault.seal, keystore=world.keystore, release_public=public)
    (line,) = bring_in(one(), by=shelter, desk=replace(world.desk, seal=seal)).lines
    assert line.report is not None
    with world.desk.readers() as session:
        sealed = session.scalars(select(ReportVersion.original)).one()
    opened = vault.open_original(
        sealed, report=line.report, version=1, keystore=world.keystore, release_private=release_private
    )
    (said,) = rows_of(read_sheets(one()))
    assert opened[32:] == said.body() and MARKER.encode() in opened


def test_without_a_ground_nothing_of_an_imported_report_is_shared_and_with_one_it_is(world: World) -> None:
    shelter, hotline = world.partner("shelter"), world.partner("hotline")
    world.circle("c", shelter, hotline)
    grounds = {
        "ground1.subject": "P1",
        "ground1.basis": "consent",
        "ground1.purposes": "other-organisations",
        "ground1.given_on": "2026-01-01",
        "ground1.until": "2030-12-31",
        "ground1.explained": "purpose; withdrawal",
    }
    header = (*HEADER, *grounds)
    file = csv_file(grid(row(1), row(2) | grounds, header=header))
    looked = bring_in(file, by=shelter, desk=world.desk)
    run_all(world.desk)
    with world.desk.readers() as session:
        told = set(
            session.scalars(select(Report.id).join(GroundVersion, GroundVersion.report_id == Report.id))
        )
    assert told == {looked.lines[1].report}
    bulletins = bulletins_for(hotline, after=None, limit=9, desk=world.desk).bulletins
    assert {each.report for each in own_bulletins(shelter, desk=world.desk)} <= told
    assert not any(MARKER.encode() in each.content for each in bulletins)


def test_looking_changes_nothing(world: World) -> None:
    shelter = world.partner("shelter")
    assert outcomes(look_over(good(3), by=shelter, desk=world.desk)) == ["new"] * 3
    assert count(world) == count(world, ImportedRow) == count(world, ImportFile) == 0


def test_whoever_may_not_send_reports_is_told_so_before_anything_else(world: World) -> None:
    shelter = world.partner("shelter")
    with world.desk.sessions.begin() as session:
        session.execute(delete(Agreement))
    for act in (look_over, bring_in):
        with pytest.raises(Conflict, match="no_agreement_in_force"):
            act(good(), by=shelter, desk=world.desk)


# A second upload adds nothing.


def test_a_second_upload_adds_nothing_and_a_longer_file_only_what_is_new(world_on_both: World) -> None:
    world, shelter = world_on_both, world_on_both.partner("shelter")
    first = bring_in(good(3), by=shelter, desk=world.desk)
    again = bring_in(good(3), by=shelter, desk=world.desk)
    assert outcomes(again) == ["there"] * 3
    assert [line.report for line in again.lines] == [line.report for line in first.lines]
    longer = bring_in(good(5), by=shelter, desk=world.desk)
    assert outcomes(longer) == ["there"] * 3 + ["new"] * 2
    assert count(world) == count(world, ImportedRow) == 5


def test_csv_and_xlsx_of_the_same_rows_are_the_same_rows(world: World) -> None:
    shelter = world.partner("shelter")
    bring_in(good(2), by=shelter, desk=world.desk)
    assert outcomes(bring_in(book(rows=2), by=shelter, desk=world.desk)) == ["there", "there"]
    semicolons = csv_file(grid(row(1), row(2)), ";")
    tabs = b"\xef\xbb\xbf" + csv_file(grid(row(2), row(1)), "\t").replace(b"\r\n", b"\n")
    for file in (semicolons, tabs):
        assert set(outcomes(bring_in(file, by=shelter, desk=world.desk))) == {"there"}


def test_a_colleague_who_sends_it_too_adds_nothing_and_another_organisation_does(world: World) -> None:
    shelter, hotline = world.partner("shelter"), world.partner("hotline")
    bring_in(good(2), by=shelter, desk=world.desk)
    colleague = replace(shelter, member=uuid4(), credential=uuid4())
    assert outcomes(bring_in(good(2), by=colleague, desk=world.desk)) == ["there", "there"]
    assert outcomes(bring_in(good(2), by=hotline, desk=world.desk)) == ["new", "new"]


def test_a_row_that_changed_is_told_and_neither_doubled_nor_overwritten(world: World) -> None:
    shelter = world.partner("shelter")
    first = bring_in(good(2), by=shelter, desk=world.desk)
    changed = csv_file(grid(row(1, leg1__hte_Country="AT"), row(2)))
    again = bring_in(changed, by=shelter, desk=world.desk)
    assert outcomes(again) == ["differs", "there"]
    assert again.lines[0].report == first.lines[0].report
    assert count(world) == 2
    with world.desk.readers() as session:
        assert set(session.scalars(select(Report.version))) == {1}


def test_rows_without_a_reference_are_known_again_by_all_that_they_say(world: World) -> None:
    shelter = world.partner("shelter")
    header = HEADER[1:]
    file = csv_file(grid(row(1), row(2), header=header))
    assert outcomes(bring_in(file, by=shelter, desk=world.desk)) == ["new", "new"]
    assert outcomes(bring_in(file, by=shelter, desk=world.desk)) == ["there", "there"]


def test_a_report_that_came_another_way_keeps_its_reference(world: World) -> None:
    shelter = world.partner("shelter")
    posted = submit(make_draft(reference="A-2"), by=shelter, once=once(shelter), desk=world.desk)
    looked = bring_in(good(2), by=shelter, desk=world.desk)
    assert outcomes(looked) == ["new", "reference_taken"]
    assert looked.lines[1].report == UUID(posted["id"])
    assert count(world) == 2


def test_two_uploads_at_once_add_every_row_once(world_on_both: World) -> None:
    world, shelter = world_on_both, world_on_both.partner("shelter")
    files = [good(20), csv_file(grid(*(row(n) for n in range(25, 0, -1)))), good(15), good(20)]
    together = Barrier(len(files))

    def send(file: bytes) -> Looked:
        together.wait()
        return bring_in(file, by=shelter, desk=world.desk)

    with ThreadPoolExecutor(len(files)) as pool:
        found = list(pool.map(send, files))
    assert count(world) == count(world, ImportedRow) == 25
    assert sum(looked.count(Outcome.NEW) for looked in found) == 25
    assert all(line.report for looked in found for line in looked.lines)


def test_it_is_the_database_that_decides_and_not_a_look_before(
    world_on_both: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looked too early, or not at all, adds nothing either."""
    world, shelter = world_on_both, world_on_both.partner("shelter")
    bring_in(good(3), by=shelter, desk=world.desk)
    seen = bringing.standing
    blind = lambda session, rows, by: [  # noqa: E731
        replace(line, outcome=Outcome.NEW, report=None) for line in seen(session, rows, by)
    ]
    looks = [blind, seen]
    monkeypatch.setattr(bringing, "standing", lambda *said: (looks.pop(0) if looks else seen)(*said))
    assert outcomes(bring_in(good(3), by=shelter, desk=world.desk)) == ["there"] * 3
    assert count(world) == 3


def test_without_the_tags_of_rows_a_second_upload_would_double_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(bringing, "tag", lambda *_: os.urandom(32).hex())
    monkeypatch.setattr(bringing, "reference_tag", lambda *_: None)
    monkeypatch.setattr(intake, "reference_tag", lambda *_: None)
    shelter = world.partner("shelter")
    for _ in range(2):
        bring_in(good(3), by=shelter, desk=world.desk)
    assert count(world) == 6


def test_a_reference_that_is_taken_meanwhile_is_seen_and_the_rest_comes_in(
    world_on_both: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, shelter = world_on_both, world_on_both.partner("shelter")
    packed = bringing._packed

    def slowly(*said: Any) -> Any:
        if count(world) == 0:
            submit(make_draft(reference="A-2"), by=shelter, once=once(shelter), desk=world.desk)
        return packed(*said)

    monkeypatch.setattr(bringing, "_packed", slowly)
    looked = bring_in(good(3), by=shelter, desk=world.desk)
    assert outcomes(looked) == ["new", "reference_taken", "new"]
    assert count(world) == 3


# Nothing is half imported.


@pytest.mark.parametrize("at", [1, 2, 5, 8])
def test_a_failure_on_the_way_leaves_nothing_and_the_next_try_brings_everything(
    at: int, world_on_both: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, shelter = world_on_both, world_on_both.partner("shelter")
    calls: list[int] = []
    written = intake.record

    def dies(*said: Any, **more: Any) -> Any:
        calls.append(1)
        if len(calls) == at:
            raise OperationalError("x", {}, Exception())
        return written(*said, **more)

    monkeypatch.setattr(intake, "record", dies)
    with pytest.raises(OperationalError):
        bring_in(good(8), by=shelter, desk=world.desk)
    assert count(world) == count(world, ImportedRow) == count(world, OutboxRow) == 0
    monkeypatch.undo()
    assert outcomes(bring_in(good(8), by=shelter, desk=world.desk)) == ["new"] * 8
    with world.desk.readers() as session:
        verify_chain(session)


def test_a_transaction_that_ended_on_the_way_would_leave_what_it_had(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    shelter = world.partner("shelter")

    def too_early(session: Any, reports: Any, **more: Any) -> Any:
        intake.take_in(session, reports, **more)
        session.commit()
        raise RuntimeError

    monkeypatch.setattr(bringing, "take_in", too_early)
    with pytest.raises(RuntimeError):
        bring_in(good(3), by=shelter, desk=world.desk)
    assert count(world) == 3


# A file that waits for a yes.


def person(world: World) -> Actor:
    return world.partner("shelter")


def test_a_file_waits_sealed_and_comes_in_once_however_often_she_says_yes(world_on_both: World) -> None:
    world, shelter = world_on_both, person(world_on_both)
    file_id, looked = keep(good(3), by=shelter, desk=world.desk)
    assert file_id is not None and looked.count(Outcome.NEW) == 3
    with world.desk.readers() as session:
        content = session.get_one(ImportFile, file_id).content
    assert content is not None and MARKER.encode() not in content.ciphertext
    for _ in range(2):
        bring_in_waiting(file_id, by=shelter, desk=world.desk)
    done = waiting_file(file_id, by=shelter, desk=world.desk)
    assert (
        done.is_done
        and done.looked.count(Outcome.NEW) == 3
        and all(line.report for line in done.looked.lines)
    )
    assert count(world) == 3
    with world.desk.readers() as session:
        assert session.get_one(ImportFile, file_id).content is None


def test_a_file_with_a_mistake_is_not_kept(world: World) -> None:
    file_id, looked = keep(one(urgent=MARKER), by=person(world), desk=world.desk)
    assert file_id is None and looked.problems and count(world, ImportFile) == 0


def test_a_waiting_file_is_its_senders_alone_and_ends_in_two_hours(world: World, clock: Any) -> None:
    shelter, hotline = person(world), world.partner("hotline")
    file_id, _ = keep(good(), by=shelter, desk=world.desk)
    assert file_id is not None
    others = (hotline, replace(shelter, member=uuid4()), replace(shelter, member=None))
    for act in (waiting_file, bring_in_waiting, discard_waiting):
        for other in others:
            with pytest.raises(NotThere):
                act(file_id, by=other, desk=world.desk)
    clock.forward(hours=2)
    with pytest.raises(NotThere):
        waiting_file(file_id, by=shelter, desk=world.desk)
    sweep(world.desk)
    assert count(world, ImportFile) == 0 and forget_import_files(world.desk) == 0
    assert [entry.name for entry in world.keystore.list() if entry.name.startswith("import/")] == []


def test_a_discarded_file_is_gone_with_its_key(world: World) -> None:
    shelter = person(world)
    file_id, _ = keep(good(), by=shelter, desk=world.desk)
    assert file_id is not None
    discard_waiting(file_id, by=shelter, desk=world.desk)
    with pytest.raises(NotThere):
        bring_in_waiting(file_id, by=shelter, desk=world.desk)
    assert count(world, ImportFile) == count(world) == 0


def test_nobody_fills_the_house_with_files_that_wait(world: World) -> None:
    shelter = person(world)
    for number in range(MOST):
        keep(good(number + 1), by=shelter, desk=world.desk)
    with pytest.raises(Conflict, match="too_many_files"):
        keep(good(), by=shelter, desk=world.desk)


def test_a_yes_that_died_on_the_way_is_said_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    shelter = person(world)
    file_id, _ = keep(good(3), by=shelter, desk=world.desk)
    assert file_id is not None
    monkeypatch.setattr(keeping, "_plain", lambda _looked: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        bring_in_waiting(file_id, by=shelter, desk=world.desk)
    monkeypatch.undo()
    bring_in_waiting(file_id, by=shelter, desk=world.desk)
    assert count(world) == 3
    assert waiting_file(file_id, by=shelter, desk=world.desk).looked.count(Outcome.THERE) == 3


# The template.


def test_everything_that_a_report_can_say_has_a_column_and_every_column_is_known_again() -> None:
    names = [column.name for column in every_column()]
    assert len(set(names)) == len(names) > 80
    assert all(column_called(name) == column for name, column in zip(names, every_column(), strict=True))
    for written in ("Person 2: prs_FirstName", "person2.PRS_FIRST_NAME", "PERSON2_prs-firstname"):
        found = column_called(written)
        assert found is not None and found.name == "person2.prs_FirstName"
    for stranger in (
        "person0.code",
        "person101.code",
        "people1.code",
        "person.code",
        "code",
        MARKER,
        "x" * 500,
    ):
        assert column_called(stranger) is None


def test_the_empty_template_is_read_as_it_is_downloaded_once_it_is_filled_in(world: World) -> None:
    shelter = world.partner("shelter")
    table = blank_table()
    filled = replace(table, rows=[[row(1).get(name, "") for name in table.header]])
    tables = (filled, *blank_book("fr")[1:])
    assert outcomes(bring_in(as_xlsx(tables), by=shelter, desk=world.desk)) == ["new"]
    assert outcomes(bring_in(as_csv(filled), by=shelter, desk=world.desk)) == ["there"]
    for lang in ("en", "fr", "es", "ro", "it", "ar"):
        explained = {sheet.name: sheet.rows for sheet in blank_book(lang)}
        assert all(len(each[0]) for each in explained["columns"])
        assert {"ForcedLabour", "RO", "HotelWork"} <= {str(each[1]) for each in explained["codes"]}


def test_names_of_codes_are_taken_in_every_language_of_the_pages(world: World) -> None:
    shelter = world.partner("shelter")
    for number, country in enumerate(
        ("Hungary", "Hongrie", "Hungría", "Ungaria", "Ungheria", "هنغاريا", "hu")
    ):
        file = one(reference=f"L-{number}", leg1__hte_Country=country, urgent="oui")
        assert outcomes(bring_in(file, by=shelter, desk=world.desk)) == ["new"], country


def test_what_a_spreadsheet_made_of_dates_numbers_and_ticks_is_read_as_it_was_meant() -> None:
    def change(sheet: Any) -> None:
        for place, value in (
            ("H2", datetime.fromisoformat("1998-04-05")),
            ("H3", date(1998, 4, 5)),
            ("M2", 5.0),
            ("C2", True),
        ):
            sheet[place] = value

    for said in rows_of(read_sheets(book(change))):
        assert judged(said)[1] == ()
        assert said.wire["people"][0]["fields"]["prs_Birthdate"] == "1998-04-05"
        assert said.wire["patterns"][0]["people"] == 5 and said.wire["urgent"] is (said.row == 2)


def test_an_apostrophe_that_guards_a_cell_is_no_part_of_it() -> None:
    header = ("reference", "suspect1.code", "suspect1.phones")
    for cell in ("'+40 722 000 111", "+40 722 000 111"):
        (said,) = rows_of(read_sheets(csv_file([header, ("A-1", "S1", cell)])))
        assert said.wire["suspects"][0]["phones"] == ["+40 722 000 111"]


def test_the_template_for_download_holds_no_formula() -> None:
    opened = load_workbook(io.BytesIO(as_xlsx(blank_book("en"))))
    assert opened.sheetnames == ["reports", "columns", "codes"]
    assert all(cell.data_type != "f" for sheet in opened for line in sheet for cell in line)
