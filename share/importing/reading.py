"""A file into sheets: what it is told by its first bytes, and not by its name."""

from __future__ import annotations

from typing import Final

from share.importing.reading_csv import read_csv
from share.importing.reading_xlsx import is_package, read_xlsx
from share.importing.table import (
    LARGEST_FILE,
    MOST_PROBLEMS,
    MOST_ROWS,
    Damaged,
    Problem,
    Sheet,
    sheet_of,
    whole_file,
)

_OLD: Final = b"\xd0\xcf\x11\xe0"
"""What files of older spreadsheets begin with, and what newer ones with a password do."""

EXPLAINS: Final = frozenset({"columns", "codes"})
"""The sheets of our own template that explain it: nobody's rows."""


def read_sheets(file: bytes) -> tuple[Sheet, ...]:
    """The sheets of a file that hold anything, each with its header. Raises `Damaged`, with every place it knows."""
    if len(file) > LARGEST_FILE:
        raise whole_file("file_too_large")
    if not file.strip():
        raise whole_file("empty_file")
    if file.startswith(_OLD):
        raise whole_file("locked")
    if is_package(file):
        named = tuple(each for each in read_xlsx(file) if each[0].strip().casefold() not in EXPLAINS)
    else:
        named = (("", read_csv(file)),)
    found = [sheet_of(number, name, rows) for number, (name, rows) in enumerate(named, 1)]
    problems: list[Problem] = [each for _, wrong in found for each in wrong]
    if problems:
        raise Damaged(*problems[:MOST_PROBLEMS])
    sheets = tuple(sheet for sheet, _ in found if sheet is not None)
    if not any(sheet.rows for sheet in sheets):
        raise whole_file("no_rows")
    if sum(len(sheet.rows) for sheet in sheets) > MOST_ROWS:
        raise whole_file("too_many_rows")
    return sheets
