"""What a spreadsheet is here: sheets of rows of words. And what is wrong with one: places and codes, never values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

LARGEST_FILE: Final = 5_000_000
"""Bytes of a file."""
LARGEST_UNPACKED: Final = 40_000_000
"""Bytes of everything that is packed in a file."""
MOST_ROWS: Final = 2_000
"""Rows of all sheets of a file, without their headers."""
MOST_COLUMNS: Final = 600
MOST_SHEETS: Final = 20
LONGEST_CELL: Final = 200_000
MOST_PROBLEMS: Final = 1_000
"""As many mistakes are told at once: whoever has more than that has one mistake many times."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `sheet` and `row` count from 1, as spreadsheets do; 0 is the whole file or sheet.

    `column` is the letter of the column, `field` the name of ours for it, where there is one. `nearest` is a code of
    a list; what stands in the cell is nowhere in here.
    """

    sheet: int
    row: int
    column: str
    field: str
    code: str
    nearest: str = ""


class Damaged(Exception):
    """A file that cannot be read as a spreadsheet. It carries places and codes."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("damaged")
        self.problems = problems[:MOST_PROBLEMS]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the number that a spreadsheet shows, and its cells as words."""

    number: int
    cells: tuple[str, ...] = field(repr=False)

    def cell(self, place: int) -> str:
        """The cell at a place that counts from 0; empty beyond the last one."""
        return self.cells[place] if place < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its header and the rows below that hold anything. `number` counts from 1."""

    number: int
    name: str = field(repr=False)
    header: Row
    rows: tuple[Row, ...]


def letter(place: int) -> str:
    """What a spreadsheet calls the column at a place that counts from 0: A to Z, AA, AB and so on."""
    said = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        said = chr(ord("A") + rest) + said
    return said


def whole_file(code: str, *, sheet: int = 0, row: int = 0, column: str = "") -> Damaged:
    """A mistake for which nothing else of the file is looked at."""
    return Damaged(Problem(sheet, row, column, "", code))


def sheet_of(number: int, name: str, rows: Iterable[Row]) -> tuple[Sheet | None, tuple[Problem, ...]]:
    """The rows of a sheet under their header, and what is wrong with the form of it. Empty rows are left out."""
    filled = [row for row in rows if any(row.cells)]
    if not filled:
        return None, ()
    header, below = filled[0], tuple(filled[1:])
    return Sheet(number, name, header, below), tuple(_misplaced(number, header, below))


def _misplaced(number: int, header: Row, rows: tuple[Row, ...]) -> Iterable[Problem]:
    last = max((place for place, cell in enumerate(header.cells) if cell), default=-1)
    for place in range(last + 1):
        if not header.cell(place) and any(row.cell(place) for row in rows):
            yield Problem(number, header.number, letter(place), "", "column_without_a_name")
    for row in rows:
        beyond = [place for place, cell in enumerate(row.cells) if cell and place > last]
        if beyond:
            yield Problem(number, row.number, letter(beyond[0]), "", "cell_without_a_column")
