"""Our own shape of a spreadsheet: one report a row, people, legs, offers and leads in numbered columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from share.importing.columns import Column, Path, column_called, name_of, value_of
from share.importing.said import Place, Said, wire_path, woven
from share.importing.table import MOST_PROBLEMS, Damaged, Problem, Row, Sheet, letter

REPORTS: Final = "reports"
"""What the sheet with the reports is called in our own template."""


def rows_of(sheets: tuple[Sheet, ...]) -> tuple[Said, ...]:
    """Every row of a file of our own shape. Raises `Damaged` for what no row can be told from."""
    sheet = _with_reports(sheets)
    columns = _columns(sheet)
    return tuple(_said(sheet, row, columns) for row in sheet.rows)


def _with_reports(sheets: tuple[Sheet, ...]) -> Sheet:
    """The sheet of that name, or else the only one."""
    named = [sheet for sheet in sheets if sheet.name.strip().casefold() == REPORTS]
    found = named or sheets
    if len(found) != 1:
        raise Damaged(*(Problem(each.number, 0, "", "", "several_sheets") for each in found))
    return found[0]


def _columns(sheet: Sheet) -> tuple[tuple[int, Column], ...]:
    columns: list[tuple[int, Column]] = []
    problems: list[Problem] = []
    taken: set[str] = set()
    for place, header in enumerate(sheet.header.cells):
        column = column_called(header) if header else None
        if header and column is None:
            problems.append(Problem(sheet.number, sheet.header.number, letter(place), "", "unknown_column"))
        if column is None:
            continue
        if column.name in taken:
            problems.append(
                Problem(sheet.number, sheet.header.number, letter(place), column.name, "column_twice")
            )
        taken.add(column.name)
        columns.append((place, column))
    if problems:
        raise Damaged(*problems[:MOST_PROBLEMS])
    return tuple(columns)


def _said(sheet: Sheet, row: Row, columns: tuple[tuple[int, Column], ...]) -> Said:
    values = {column.path: value_of(column.field, row.cell(at)) for at, column in columns if row.cell(at)}
    wire, numbers = woven(values)
    places = {wire_path(path, numbers): place for path, place in _places(sheet, row, columns)}
    reference = wire.get("reference")
    identity = f"reference\0{reference}" if reference else ""
    return Said(sheet.number, row.number, identity, wire, places, numbers)


def _places(sheet: Sheet, row: Row, columns: tuple[tuple[int, Column], ...]) -> Iterator[tuple[Path, Place]]:
    for at, column in columns:
        typed = row.cell(at)
        if typed:
            yield (
                column.path,
                Place(sheet.number, row.number, letter(at), name_of(column.path), column.field, typed),
            )
