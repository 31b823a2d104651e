"""An export of KoboToolbox from the XLSForm of HTCDS, unchanged: each submission is one report.

Repeats stand on sheets of their own and are joined by the index of the submission. What the standard keeps for
casework stays with the partner. Whoever said no to the consent question is left out altogether. A yes is no ground
either: it does not say for what. So nothing of these reports is shared before grounds are recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from marshmallow import fields

from share.draft import SURVIVOR
from share.fields import Code, Many
from share.importing.codes import code_for, codes_of, htcds_form, nearest
from share.importing.columns import BETWEEN, Path
from share.importing.kobo_columns import (
    INDEX,
    PARENT,
    PARENT_TABLE,
    ROOT,
    SUBMISSION,
    UUID,
    Columns,
    Question,
    answers,
    columns_of,
)
from share.importing.said import NO_CONSENT, Place, Said, wire_path, woven
from share.importing.table import MOST_PROBLEMS, Damaged, Problem, Row, Sheet, letter
from share.intake import LONGEST_NARRATIVE

_UUID: Final = re.compile(r"(?:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.I)
_ANSWERS: Final = Code("answers")
_APART: Final = 100_000
"""Between the numbers of what stands on one sheet and on the next."""


@dataclass(slots=True)
class _Submission:
    """One submission while its rows are gathered."""

    sheet: Sheet
    row: Row
    uuid: str = ""
    values: dict[Path, Any] = field(default_factory=dict)
    places: dict[Path, Place] = field(default_factory=dict)
    stories: list[str] = field(default_factory=list)
    refused: bool = False


def rows_of(sheets: tuple[Sheet, ...]) -> tuple[Said, ...]:
    """Every submission of an export. Raises `Damaged` with everything that is wrong with its form."""
    problems: list[Problem] = []
    read = [_columns(sheet, problems) for sheet in sheets]
    _demand_none(problems)
    main, main_columns = sheets[0], read[0]
    found = [_submission(main, row, main_columns, problems) for row in main.rows]
    by_index = _by_index(main, main_columns, found, problems)
    for sheet, columns in zip(sheets[1:], read[1:], strict=True):
        _join(sheet, columns, main, by_index, problems)
    _demand_none(problems)
    return tuple(map(_finished, found))


def _columns(sheet: Sheet, problems: list[Problem]) -> Columns:
    columns, wrong = columns_of(sheet)
    problems += wrong
    if sheet.number > 1 and PARENT not in columns.metadata:
        problems.append(Problem(sheet.number, sheet.header.number, "", PARENT, "missing"))
    return columns


def _demand_none(problems: list[Problem]) -> None:
    if problems:
        raise Damaged(*problems[:MOST_PROBLEMS])


def _submission(sheet: Sheet, row: Row, columns: Columns, problems: list[Problem]) -> _Submission:
    made = _Submission(sheet, row)
    for name in (UUID, ROOT):  # an edited submission has a new id, and keeps its first one as its root
        place = columns.metadata.get(name)
        if place is None or (name == ROOT and not row.cell(place)):
            continue
        said = _UUID.fullmatch(row.cell(place))
        if said is None:
            code = "not_an_id" if row.cell(place) else "missing"
            problems.append(Problem(sheet.number, row.number, letter(place), name, code))
        else:
            made.uuid = said[1].lower()
    _take(made, sheet, row, columns, 1, problems)
    return made


def _by_index(
    main: Sheet, columns: Columns, found: list[_Submission], problems: list[Problem]
) -> Mapping[str, _Submission]:
    """Submissions by what the sheets of repeats call them: their index, or where there is none their order."""
    place = columns.metadata.get(INDEX)
    known: dict[str, _Submission] = {}
    for order, each in enumerate(found, 1):
        name = str(order) if place is None else each.row.cell(place)
        if name in known and place is not None:
            problems.append(Problem(main.number, each.row.number, letter(place), INDEX, "index_twice"))
        known[name] = each
    return known


def _join(
    sheet: Sheet,
    columns: Columns,
    main: Sheet,
    by_index: Mapping[str, _Submission],
    problems: list[Problem],
) -> None:
    """The rows of one sheet of repeats, each with the submission that it belongs to."""
    for row in sheet.rows:
        place = columns.metadata[PARENT]
        parent = by_index.get(row.cell(place))
        table = columns.metadata.get(PARENT_TABLE)
        if table is not None and row.cell(table) not in ("", main.name):
            problems.append(
                Problem(sheet.number, row.number, letter(table), PARENT_TABLE, "repeat_in_a_repeat")
            )
        elif parent is None:
            problems.append(Problem(sheet.number, row.number, letter(place), PARENT, "no_such_parent"))
        elif not _is_of(parent, row, columns):
            at = columns.metadata[SUBMISSION]
            problems.append(Problem(sheet.number, row.number, letter(at), SUBMISSION, "no_such_parent"))
        else:
            _take(parent, sheet, row, columns, sheet.number * _APART + row.number, problems)


def _is_of(parent: _Submission, row: Row, columns: Columns) -> bool:
    place = columns.metadata.get(SUBMISSION)
    said = _UUID.fullmatch(row.cell(place)) if place is not None else None
    return said is None or not parent.uuid or said[1].lower() == parent.uuid


def _take(
    made: _Submission, sheet: Sheet, row: Row, columns: Columns, number: int, problems: list[Problem]
) -> None:
    """What one row says, as parts of its report under this number."""
    for name, question, value, typed in _answered(sheet, row, columns, problems):
        place = Place(sheet.number, row.number, letter(question.place), name, question.field, typed)
        if question.part == "consent":
            made.refused |= value == "no"
            if value not in codes_of(question.field):
                problems.append(_unknown(place))
        elif question.part == "narrative":
            made.stories.append(f"{_label(name)}: {typed}")
        else:
            path: Path = (question.part, number, *_inner(question))
            made.values[path] = value
            made.places[path] = place


def _answered(
    sheet: Sheet, row: Row, columns: Columns, problems: list[Problem]
) -> Iterator[tuple[str, Question, Any, str]]:
    """Each question that was answered in a row, its ways of being written put together."""
    for name in dict.fromkeys(question.name for question in columns.questions if question.part):
        several = [question for question in columns.questions if question.name == name]
        joined = next((each for each in several if not each.choice), None)
        typed = row.cell(joined.place) if joined else ""
        value = answers(joined, typed) if joined and typed else None
        value = _ordered(joined, value) if joined and isinstance(value, list) else value
        ticked = _ordered(several[0], _ticked(sheet, row, [q for q in several if q.choice], problems))
        if ticked and value is not None and set(value) != set(ticked):
            problems.append(
                Problem(sheet.number, row.number, letter(several[0].place), name, "choices_disagree")
            )
        elif ticked:
            yield name, several[0], ticked, BETWEEN.join(ticked)
        elif value is not None and joined is not None:
            yield name, joined, value, BETWEEN.join(value) if isinstance(value, list) else typed


def _ticked(sheet: Sheet, row: Row, choices: list[Question], problems: list[Problem]) -> list[str]:
    found = []
    for each in choices:
        typed = row.cell(each.place)
        said = code_for(_ANSWERS, _whole(typed)) if typed else "no"
        if said not in ("yes", "no"):
            problems.append(Problem(sheet.number, row.number, letter(each.place), each.name, "not_yes_or_no"))
        elif said == "yes":
            found.append(each.choice)
    return found


def _ordered(question: Question, said: list[str]) -> list[str]:
    """Several answers in the order of their list, so that every way to export them says the same."""
    inner = question.field.inner if isinstance(question.field, Many) else question.field
    order = {code: place for place, code in enumerate(codes_of(inner))}
    return sorted(dict.fromkeys(said), key=lambda code: order.get(code, len(order)))


def _whole(typed: str) -> str:
    return typed.removesuffix(".0")


def _inner(question: Question) -> Path:
    if question.part == "people":
        return ("fields", question.name)
    return (question.name,)


def _label(name: str) -> str:
    return next((label for called, label in htcds_form()["questions"] if called == name), name)


def _finished(made: _Submission) -> Said:
    """A submission as a report: its people get their codes, and each pattern of a repeat its person."""
    values = dict(made.values)
    people = sorted({path[1] for path in values if path[0] == "people"}, key=int)
    codes = {number: f"P{order}" for order, number in enumerate(people, 1)}
    for number, code in codes.items():
        values["people", number, "code"] = code
        values["people", number, "role"] = SURVIVOR
    for number in {path[1] for path in values if path[0] == "patterns"}:
        if number != 1 and number in codes:
            values["patterns", number, "concerns"] = [codes[number]]
    for order, number in enumerate(sorted({path[1] for path in values if path[0] == "suspects"}, key=int), 1):
        values["suspects", number, "code"] = f"S{order}"
    wire, numbers = woven(values)
    if made.stories:
        wire["narrative"] = "\n".join(made.stories)[: LONGEST_NARRATIVE + 1]
    if made.uuid:
        wire["reference"] = made.uuid
    places = {wire_path(path, numbers): place for path, place in made.places.items()}
    return Said(
        made.sheet.number,
        made.row.number,
        f"kobo\0{made.uuid}" if made.uuid else "",
        wire,
        places,
        numbers,
        left_out=NO_CONSENT if made.refused else "",
    )


def _unknown(place: Place) -> Problem:
    asked: fields.Field[Any] = place.into.inner if isinstance(place.into, Many) else place.into
    return Problem(
        place.sheet, place.row, place.column, place.name, "unknown_code", nearest(asked, place.typed)
    )
