"""Tables as CSV and XLSX in which no cell is a formula, whatever somebody wrote into it.

In CSV a cell that a spreadsheet could calculate gets an apostrophe before it, also behind a separator within it: a
spreadsheet of another country divides there. In XLSX every word is stored as text, so it stays as it is.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import regex
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

Cell = str | int

CSV_TYPE: Final = "text/csv"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST: Final = 32_000
"""Characters in a cell of XLSX; what is longer is cut, and says so."""
CUT: Final = " […]"
_BLANK: Final = r"[\s\p{Z}\p{C}\"']*+"  # quotation marks too: a divided cell may begin with one
_FORMULA: Final = regex.compile(rf"{_BLANK}[=+\-@＝＋－＠﹢﹣﹦﹫−%|]")
_LEADING: Final = regex.compile(r"[\t\r\n]")
_WITHIN: Final = regex.compile(rf"(?<=[,;\t|\r\n])({_BLANK})(?=[=+\-@＝＋－＠﹢﹣﹦﹫−])")
_NOT_XML: Final = regex.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its name, its header, and rows of words and whole numbers."""

    name: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[Cell]] = field(repr=False)


def guarded(cell: Cell) -> str:
    """A cell of CSV that no spreadsheet calculates. Figures of our own stay figures; text that looks like a formula,
    a telephone number with its plus too, gets an apostrophe.
    """
    if isinstance(cell, int):
        return str(cell)
    inside = _WITHIN.sub(r"\1'", cell)
    return f"'{inside}" if _FORMULA.match(cell) or _LEADING.match(cell) else inside


def as_csv(table: Table) -> bytes:
    """One table as CSV (RFC 4180) in UTF-8 with the mark that spreadsheets need to read it as such."""
    out = io.StringIO(newline="")
    rows = csv.writer(out, quoting=csv.QUOTE_ALL)
    rows.writerow([guarded(name) for name in table.header])
    rows.writerows([[guarded(cell) for cell in row] for row in table.rows])
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(tables: Iterable[Table]) -> bytes:
    """Several tables as XLSX. Every word is a text cell, and stays one when somebody edits it."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.name)
        sheet.freeze_panes = "A2"
        for place in range(1, len(table.header) + 1):
            sheet.column_dimensions[get_column_letter(place)].number_format = "@"
        for row in (table.header, *table.rows):
            sheet.append([_cell(sheet, cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Cell) -> Any:
    if isinstance(value, int):
        return WriteOnlyCell(sheet, value)
    said = _NOT_XML.sub("\ufffd", value)
    cell = WriteOnlyCell(sheet, said if len(said) <= LONGEST else said[:LONGEST] + CUT)
    cell.data_type = "s"  # the library would make a formula of what begins with an equals sign
    cell.number_format = "@"
    return cell
