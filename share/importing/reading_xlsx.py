"""XLSX into rows of words. The package is looked at before anything is unpacked from it.

Values only: a formula, a merged cell or a link to another file is refused and never followed, because what it
stands for is decided by whoever opens the file. A package that unpacks to too much is not unpacked.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from share.importing.table import (
    LARGEST_UNPACKED,
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_PROBLEMS,
    MOST_ROWS,
    MOST_SHEETS,
    Damaged,
    Problem,
    Row,
    letter,
    whole_file,
)

_PACKAGE: Final = b"PK\x03\x04"
_MOST_PARTS: Final = 500
_MOST_GAPS: Final = 20_000
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell[\s>/]")
_DECLARES: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_ENCODING: Final = re.compile(rb"<\?xml[^>]*encoding=[\"']([^\"']*)[\"']")
_UNREADABLE: Final = (
    *(InvalidFileException, zipfile.BadZipFile, NotImplementedError, RecursionError, SyntaxError),
    *(ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, EOFError, OSError),
)
"""All that the library lets out over a broken file. What it says of it may quote the file, so it is dropped."""

# Its warnings quote cells.
warnings.filterwarnings("ignore", module=r"openpyxl\..*")


def is_package(file: bytes) -> bool:
    """Whether this is a package of the kind that XLSX is."""
    return file.startswith(_PACKAGE)


def read_xlsx(file: bytes) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """The sheets with their names, and the rows of each that hold anything. Raises `Damaged`."""
    _demand_harmless(file)
    try:
        book = load_workbook(io.BytesIO(file), read_only=True, data_only=False, keep_links=False)
        try:
            return tuple(
                (sheet.title, tuple(_rows(sheet, number))) for number, sheet in enumerate(book.worksheets, 1)
            )
        finally:
            book.close()
    except _UNREADABLE:
        raise whole_file("not_a_spreadsheet") from None


def _demand_harmless(file: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as package:
            _demand_small(package.infolist())
            for part in package.infolist():
                _demand_plain(part.filename, package.read(part))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError, KeyError):
        raise whole_file("not_a_spreadsheet") from None
    except Exception as wrong:  # whatever a compression library says of broken data
        if isinstance(wrong, Damaged):
            raise
        raise whole_file("not_a_spreadsheet") from None


def _demand_small(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(names) > _MOST_PARTS or len(set(names)) < len(names):
        raise whole_file("not_a_spreadsheet")
    # A part is never unpacked beyond the size that it declares, so that declared sizes are the bound.
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise whole_file("unpacks_to_too_much")
    if any(part.flag_bits & 1 for part in parts):
        raise whole_file("locked")
    if not any(name.lower() == "xl/workbook.xml" for name in names):
        raise whole_file("not_a_spreadsheet")
    if sum(bool(re.match(r"xl/worksheets/[^/]+\.xml$", name, re.I)) for name in names) > MOST_SHEETS:
        raise whole_file("too_many_sheets")
    if any(name.lower().startswith("xl/externallinks/") for name in names):
        raise whole_file("links_to_other_files")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise whole_file("macros")


def _demand_plain(name: str, content: bytes) -> None:
    if not name.lower().endswith((".xml", ".rels")):
        return
    said = _ENCODING.search(content[:200])
    encoding = said[1].lower() if said else b"utf-8"
    # In another encoding the words below would not be found.
    if encoding not in (b"utf-8", b"us-ascii", b"ascii") or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise whole_file("not_a_spreadsheet")
    if b"\0" in content or _DECLARES.search(content):
        raise whole_file("not_a_spreadsheet")
    if name.lower().startswith("xl/worksheets/") and _MERGED.search(content):
        raise whole_file("merged_cells", sheet=_sheet_number(name))


def _sheet_number(name: str) -> int:
    found = re.search(r"([0-9]{1,3})\.xml$", name)
    return int(found[1]) if found else 0


def _rows(sheet: Any, number: int) -> Iterator[Row]:
    sheet.reset_dimensions()  # what a file says of its own size is not believed
    problems: list[Problem] = []
    filled = 0
    for count, cells in enumerate(sheet.iter_rows(), 1):
        if count > _MOST_GAPS or filled > MOST_ROWS:
            raise whole_file("too_many_rows", sheet=number, row=count)
        words = []
        for place, cell in enumerate(cells):
            if cell.value is None:
                words.append("")
                continue
            if place >= MOST_COLUMNS:
                raise whole_file("too_many_columns", sheet=number, row=count, column=letter(place))
            word, code = _said(cell)
            words.append(word)
            if code:
                problems.append(Problem(number, count, letter(place), "", code))
        if len(problems) >= MOST_PROBLEMS:
            break
        if any(words):
            filled += 1
            yield Row(count, tuple(words))
    if problems:
        raise Damaged(*problems)


def _said(cell: Any) -> tuple[str, str]:
    """A cell as words, or the code of what is wrong with it."""
    value = cell.value
    if cell.data_type == "f" or not isinstance(value, str | bool | int | float | datetime | date):
        return "", "time_of_day" if isinstance(value, time) else "formula"
    if cell.data_type == "e":
        return "", "error_value"
    if isinstance(value, bool):
        return str(value).upper(), ""
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(), ""
    if isinstance(value, date):
        return value.isoformat(), ""
    if isinstance(value, float):
        return _figures(value)
    said = str(value).strip()
    return ("", "too_long") if len(said) > LONGEST_CELL else (said, "")


def _figures(value: float) -> tuple[str, str]:
    if value != value or value in (float("inf"), float("-inf")):
        return "", "error_value"
    return (str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)), ""
