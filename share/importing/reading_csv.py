"""CSV into rows of words: UTF-8 and nothing else, whichever separator the spreadsheet of the country writes.

Quotation marks are as in RFC 4180, and an open one is an error: else one mark would swallow half the file.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import Final

from share.importing.table import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    Damaged,
    Problem,
    Row,
    letter,
    whole_file,
)

SEPARATORS: Final = (",", ";", "\t")
GUARDED: Final = frozenset("=+-@\t\r\n＝＋－＠")
"""What a cell may begin with behind the apostrophe that keeps it from being a formula."""
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

csv.field_size_limit(max(csv.field_size_limit(), 2 * LONGEST_CELL))


def read_csv(file: bytes) -> tuple[Row, ...]:
    """Every row of the file that holds anything. Raises `Damaged`."""
    text = _decoded(file)
    separator = _separator(text)
    rows: list[Row] = []
    wide = 0
    for number, cells in _records(text, separator):
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) > MOST_ROWS:
            raise whole_file("too_many_rows", sheet=1, row=number)
        if len(cells) > MOST_COLUMNS:
            raise whole_file("too_many_columns", sheet=1, row=number, column=letter(MOST_COLUMNS))
        wide = wide or len(cells)
        rows.append(Row(number, tuple(map(_bare, cells))))
    short = [row for row in rows if len(row.cells) < wide]
    if short:
        # A row of fewer cells than the header has is told apart by nothing from one whose cells moved.
        raise Damaged(*(Problem(1, row.number, letter(len(row.cells)), "", "too_few_cells") for row in short))
    return tuple(rows)


def _decoded(file: bytes) -> str:
    if file.startswith(_UTF_16):
        raise whole_file("not_utf8", sheet=1, row=1)
    if b"\0" in file:
        raise whole_file("forbidden_character", sheet=1, row=_row_at(file, file.index(b"\0")))
    try:
        return file.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise whole_file("not_utf8", sheet=1, row=_row_at(file, wrong.start)) from None


def _row_at(file: bytes, place: int) -> int:
    return 1 + file.count(b"\n", 0, place)


def _separator(text: str) -> str:
    """The separator that the header has most of, outside quotation marks."""
    head = text.lstrip("\r\n")
    quoted, counts = False, dict.fromkeys(SEPARATORS, 0)
    for sign in head[:LONGEST_CELL]:
        if sign == '"':
            quoted = not quoted
        elif not quoted and sign in "\r\n":
            break
        elif not quoted and sign in counts:
            counts[sign] += 1
    return max(SEPARATORS, key=lambda each: counts[each])


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    records = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield number, next(records)
        except StopIteration:
            return
        except csv.Error:
            raise whole_file("broken_quotation", sheet=1, row=number) from None


def _bare(cell: str) -> str:
    """A cell without the blanks around it, and without the apostrophe that our own exports put before formulas."""
    bare = cell.strip()
    return bare[1:] if bare[:1] == "'" and bare[1:2] in GUARDED and len(bare) > 1 else bare
