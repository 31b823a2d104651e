"""Which rows of a spreadsheet are reports already, and claims to those that are not: both asked of the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import Dialect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from partners.values import Actor
from share.desk import Desk
from share.draft import Draft
from share.importing.table import Problem
from share.intake import Packed
from share.models import Report
from share.models_imports import ImportedRow

T = TypeVar("T")

_AT_ONCE: Final = 400


class Outcome(StrEnum):
    """What becomes of a row. `differs`: it is a report already, and says something else now; amend it by hand.

    `reference_taken`: a report that came another way has its reference. `left_out`: she said no.
    """

    NEW = "new"
    THERE = "there"
    DIFFERS = "differs"
    REFERENCE_TAKEN = "reference_taken"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Line:
    """One row and what becomes of it, or became: its report, where it has one."""

    sheet: int
    row: int
    outcome: Outcome
    report: UUID | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that was looked over: its shape, and each row. With `problems` nothing of it is taken in."""

    shape: str
    lines: tuple[Line, ...] = ()
    problems: tuple[Problem, ...] = ()

    def count(self, outcome: str) -> int:
        """How many rows this becomes of."""
        return sum(line.outcome == outcome for line in self.lines)


@dataclass(frozen=True, slots=True)
class Good:
    """A row that can be taken in, with the tags under which it is known again."""

    sheet: int
    row: int
    draft: Draft = field(repr=False)
    body: bytes = field(repr=False)
    row_tag: str
    content_tag: str
    reference_tag: str | None


def standing(session: Session, good: Sequence[Good], by: Actor) -> list[Line]:
    """What would become of each good row, as the database stands now."""
    known = {row.row_tag: row for row in _imported(session, [each.row_tag for each in good], by)}
    references = [each.reference_tag for each in good if each.reference_tag]
    taken = _with_reference(session, references, by)
    return [_line(each, known.get(each.row_tag), taken) for each in good]


def claimed(
    session: Session, packed: Sequence[tuple[Good, Packed]], *, by: Actor, desk: Desk
) -> list[tuple[Good, Packed]]:
    """The rows that are ours to add: the database lets one claim to a row through, and says which ones it was.

    All take them in one order, so that two files with the same rows never wait for each other.
    """
    insert = _insert(session.get_bind().dialect)
    claims = [
        {
            "id": uuid4(),
            "partner_id": by.partner,
            "row_tag": good.row_tag,
            "content_tag": good.content_tag,
            "report_id": each.report,
            "at": desk.clock(),
        }
        for good, each in sorted(packed, key=lambda pair: pair[0].row_tag)
    ]
    mine: set[UUID] = set()
    for some in some_of(claims):
        add = insert.values(some).on_conflict_do_nothing(
            index_elements=[ImportedRow.partner_id, ImportedRow.row_tag]
        )
        mine |= set(session.scalars(add.returning(ImportedRow.report_id)))
    return [(good, each) for good, each in packed if each.report in mine]


def some_of(all_of_them: Sequence[T], most: int = _AT_ONCE) -> Iterator[Sequence[T]]:
    """What there is, some at a time."""
    yield from (all_of_them[at : at + most] for at in range(0, len(all_of_them), most))


def _line(good: Good, known: ImportedRow | None, taken: dict[str, UUID]) -> Line:
    if known is not None:
        same = known.content_tag == good.content_tag
        outcome = Outcome.THERE if same else Outcome.DIFFERS
        return Line(good.sheet, good.row, outcome, known.report_id)
    if good.reference_tag in taken:
        return Line(good.sheet, good.row, Outcome.REFERENCE_TAKEN, taken[good.reference_tag])
    return Line(good.sheet, good.row, Outcome.NEW)


def _imported(session: Session, tags: Sequence[str], by: Actor) -> list[ImportedRow]:
    found: list[ImportedRow] = []
    for some in some_of(tags):
        found += session.scalars(
            select(ImportedRow).where(ImportedRow.partner_id == by.partner, ImportedRow.row_tag.in_(some))
        )
    return found


def _with_reference(session: Session, tags: Sequence[str], by: Actor) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    for some in some_of(tags):
        rows = session.execute(
            select(Report.reference_tag, Report.id).where(
                Report.partner_id == by.partner, Report.reference_tag.in_(some)
            )
        )
        found |= {str(reference): report for reference, report in rows}
    return found


def _insert(dialect: Dialect) -> postgresql.Insert | sqlite.Insert:
    begin = postgresql.insert if dialect.name == "postgresql" else sqlite.insert
    return begin(ImportedRow)
