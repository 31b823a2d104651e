"""Spreadsheets of our own shape, good ones and 48 kinds of damaged ones, all made in code.

Every damaged file has `MARKER` in its cells: it may be in nothing that is said about the file.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import time
from typing import Any

from openpyxl import Workbook
from share_kobo import as_csv as kobo_csv
from share_kobo import as_xlsx, submission, table

MARKER = "Zamfira Sintetica"
HEADER = (
    "reference",
    "narrative",
    "urgent",
    "person1.code",
    "person1.role",
    "person1.prs_FirstName",
    "person1.prs_Gender",
    "person1.prs_Birthdate",
    "leg1.hte_Type",
    "leg1.hte_Country",
    "leg1.hte_Date",
    "pattern1.vic_TypeOfExploitation",
    "pattern1.people",
)


def row(number: int = 1, **changes: str) -> dict[str, str]:
    """One ordinary row; `person1__prs_Gender` is the column with a dot."""
    said = {
        "reference": f"A-{number}",
        "narrative": f"{MARKER} was taken to a farm, number {number}.",
        "urgent": "no",
        "person1.code": "P1",
        "person1.role": "survivor",
        "person1.prs_FirstName": MARKER,
        "person1.prs_Gender": "Feminine",
        "person1.prs_Birthdate": "1998-04-05",
        "leg1.hte_Type": "Transit",
        "leg1.hte_Country": "HU",
        "leg1.hte_Date": "2026-01",
        "pattern1.vic_TypeOfExploitation": "ForcedLabour; Servitude",
        "pattern1.people": "5",
    }
    return said | {name.replace("__", "."): value for name, value in changes.items()}


def grid(*rows: Mapping[str, str], header: Sequence[str] = HEADER) -> list[list[str]]:
    """Rows under their header."""
    return [list(header), *([each.get(name, "") for name in header] for each in rows)]


def csv_file(rows: Sequence[Sequence[str]], separator: str = ",") -> bytes:
    """Rows as CSV, quoted where it has to be."""
    return "".join(separator.join(_quoted(cell) for cell in cells) + "\r\n" for cells in rows).encode()


def good(count: int = 3) -> bytes:
    """A file with nothing wrong."""
    return csv_file(grid(*(row(number) for number in range(1, count + 1))))


def book(change: Callable[[Any], None] = lambda _sheet: None, rows: int = 2) -> bytes:
    """The same as XLSX; `change` may do to the sheet whatever a person could."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for cells in grid(*(row(number) for number in range(1, rows + 1))):
        sheet.append(cells)
    change(sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def repacked(file: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A package with other parts in it."""
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def damaged() -> dict[str, tuple[bytes, str, int]]:
    """Each kind by its name: the file, the code that it must get, and the row that must be named (0: none)."""
    first = "xl/worksheets/sheet1.xml"
    return {
        "latin_1": (good().replace(b"farm", "fermă".encode("latin-1", "replace") + b"\xe9"), "not_utf8", 2),
        "utf_16": (good().decode().encode("utf-16"), "not_utf8", 1),
        "nul_bytes": (good().replace(b"number 2", b"number\0 2"), "forbidden_character", 3),
        "unbalanced_quotation": (good() + b'A-9,"open', "broken_quotation", 5),
        "text_behind_a_quotation": (good() + b'"A-9"x,' + b"," * 11 + b"\r\n", "broken_quotation", 5),
        "mixed_separators": (good() + good(1).split(b"\r\n", 1)[1].replace(b",", b";"), "too_few_cells", 5),
        "header_with_mixed_separators": (
            b"reference;narrative;urgent,reliability\r\nA;b;no,a\r\n",
            "unknown_column",
            1,
        ),
        "too_few_cells": (good() + b"A-9,short\r\n", "too_few_cells", 5),
        "too_many_cells": (good(1).rstrip() + b"," + MARKER.encode() + b"\r\n", "cell_without_a_column", 2),
        "wrong_header": (good().replace(b"narrative", MARKER.encode()), "unknown_column", 1),
        "header_twice": (good().replace(b"narrative", b"reference"), "column_twice", 1),
        "header_without_a_name": (good().replace(b"narrative", b""), "column_without_a_name", 1),
        "no_header": (good().split(b"\r\n", 1)[1], "unknown_column", 1),
        "no_rows": (good().split(b"\r\n", 1)[0], "no_rows", 0),
        "empty": (b" \r\n\r\n", "empty_file", 0),
        "too_many_rows": (csv_file(grid(*(row(n) for n in range(1, 2_003)))), "too_many_rows", 2_002),
        "too_many_columns": (b"," * 700 + b"x\r\n", "too_many_columns", 1),
        "too_large": (b"x" * 5_000_001, "file_too_large", 0),
        "unknown_code": (one(person1__prs_Gender="Feminnine " + MARKER), "unknown_code", 2),
        "unknown_country": (one(leg1__hte_Country=MARKER), "unknown_code", 2),
        "unknown_of_several": (
            one(pattern1__vic_TypeOfExploitation=f"ForcedLabour;{MARKER}"),
            "unknown_code",
            2,
        ),
        "impossible_date": (one(person1__prs_Birthdate="1998-02-30"), "not_a_day", 2),
        "date_of_another_country": (one(person1__prs_Birthdate="05.04.1998"), "not_a_day", 2),
        "impossible_month": (one(leg1__hte_Date="2026-13"), "not_a_date", 2),
        "missing_role": (one(person1__role=""), "missing", 2),
        "missing_code": (one(person1__code=""), "missing", 2),
        "not_a_number": (one(pattern1__people=MARKER), "not_a_number", 2),
        "number_out_of_range": (one(pattern1__people="0"), "out_of_range", 2),
        "not_yes_or_no": (one(urgent=MARKER), "not_yes_or_no", 2),
        "code_of_a_person": (one(person1__code=MARKER), "wrong_form", 2),
        "hidden_signs": (one(narrative=f"{MARKER}\u202e hidden"), "text_bidi_override", 2),
        "row_twice": (csv_file(grid(row(1), row(2), row(1))), "row_twice", 4),
        "empty_report": (csv_file([["reference"], ["A-1"]]), "empty_report", 2),
        "second_of_two_wrong": (csv_file(grid(row(1), row(2, leg1__hte_Type=MARKER))), "unknown_code", 3),
        "a_picture": (b"\x89PNG\r\n\x1a\n\0\0" + MARKER.encode(), "forbidden_character", 3),
        "truncated_package": (book()[:-200], "not_a_spreadsheet", 0),
        "half_a_package": (book()[:1500], "not_a_spreadsheet", 0),
        "package_of_something_else": (
            repacked(book(), lambda parts: parts.pop("xl/workbook.xml")),
            "not_a_spreadsheet",
            0,
        ),
        "bomb": (
            repacked(book(), lambda parts: parts.update({"xl/media/a.bin": b"\0" * 70_000_000})),
            "unpacks_to_too_much",
            0,
        ),
        "entities": (
            repacked(
                book(), lambda parts: parts.update({first: b'<!DOCTYPE x [<!ENTITY a "b">]>' + parts[first]})
            ),
            "not_a_spreadsheet",
            0,
        ),
        "broken_xml": (
            repacked(book(), lambda parts: parts.update({first: parts[first][:400]})),
            "not_a_spreadsheet",
            0,
        ),
        "with_macros": (
            repacked(book(), lambda parts: parts.update({"xl/vbaProject.bin": MARKER.encode()})),
            "macros",
            0,
        ),
        "links_elsewhere": (
            repacked(book(), lambda parts: parts.update({"xl/externalLinks/externalLink1.xml": b"<x/>"})),
            "links_to_other_files",
            0,
        ),
        "password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + MARKER.encode() * 50, "locked", 0),
        "formula": (
            book(lambda sheet: put(sheet, "B3", f'=HYPERLINK("http://x.example","{MARKER}")')),
            "formula",
            3,
        ),
        "formula_in_the_header": (book(lambda sheet: put(sheet, "A1", '="refer"&"ence"')), "formula", 1),
        "error_value": (book(lambda sheet: put(sheet, "B2", "#REF!")), "error_value", 2),
        "time_of_day": (book(lambda sheet: put(sheet, "K2", time(9, 30))), "time_of_day", 2),
        "merged_cells": (book(lambda sheet: sheet.merge_cells("A2:B3")), "merged_cells", 0),
        "far_away": (book(lambda sheet: put(sheet, "ZZZ2", MARKER)), "too_many_columns", 2),
        "far_below": (book(lambda sheet: put(sheet, "A900000", MARKER)), "too_many_rows", 0),
        "two_sheets": (
            as_xlsx(one=grid(row(1)), two=grid(row(2))),
            "several_sheets",
            0,
        ),
        "kobo_broken_parent": (
            as_xlsx(form=table([submission(1)]), people=repeat("7")),
            "no_such_parent",
            2,
        ),
        "kobo_parent_of_another": (
            as_xlsx(form=table([submission(1), submission(2)]), people=repeat("2", of=1)),
            "no_such_parent",
            2,
        ),
        "kobo_without_parents": (
            as_xlsx(form=table([submission(1)]), people=[["prs_First_Name"], [MARKER]]),
            "missing",
            1,
        ),
        "kobo_index_twice": (
            as_xlsx(form=table([submission(1), submission(2, _index="1")]), people=repeat("1")),
            "index_twice",
            3,
        ),
        "kobo_wrong_id": (kobo_csv(table([submission(1, _uuid=MARKER)])), "not_an_id", 2),
        "kobo_unknown_question": (
            kobo_csv([[*cells, MARKER] for cells in table([submission(1)])]),
            "unknown_column",
            1,
        ),
        "kobo_unknown_choice": (
            kobo_csv(table([submission(1, vic_TypeOfExploitation=[MARKER.split()[0]])], several="together")),
            "unknown_code",
            2,
        ),
        "kobo_choices_disagree": (
            kobo_csv(disagreeing()),
            "choices_disagree",
            2,
        ),
        "kobo_same_twice": (kobo_csv(table([submission(1), submission(1, _index="2")])), "row_twice", 3),
    }


def one(**changes: str) -> bytes:
    """A file of one row with something else in it."""
    return csv_file(grid(row(1, **changes)))


def put(sheet: Any, place: str, value: Any) -> None:
    """Write into one cell."""
    sheet[place] = value


def repeat(parent: str, *, of: int | None = None) -> list[list[str]]:
    """A sheet of repeats with one person, of the submission with that index."""
    uuid = str(submission(of)["_uuid"]) if of else ""
    return [
        ["prs_First_Name", "_index", "_parent_table_name", "_parent_index", "_submission__uuid"],
        [MARKER, "1", "form", parent, uuid],
    ]


def disagreeing() -> list[list[str]]:
    """Both ways to export several answers, which say different things."""
    rows = table([submission(1)])
    rows[1][rows[0].index("vic_TypeOfExploitation")] = "Servitude"
    return rows


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if re.search(r'[",;\t\r\n]', cell) else cell
