"""A whole file brought in, or nothing of it: the use case behind the page and the command.

Each row goes through the same intake as every other report. One transaction holds them all, so that a crash leaves
either the file or nothing. A row that is there already is not added again: its unique tag decides, in the database,
and not a look at the table before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final
from uuid import uuid4

from sqlalchemy.exc import IntegrityError

from partners.values import Actor
from share.desk import Desk
from share.draft import Draft
from share.errors import Conflict
from share.idempotency import tag
from share.importing import kobo, template
from share.importing.kobo_columns import looks_like_kobo
from share.importing.reading import read_sheets
from share.importing.said import Said, judged
from share.importing.standing import Good, Line, Looked, Outcome, claimed, some_of, standing
from share.importing.table import MOST_PROBLEMS, Damaged, Problem
from share.intake import Packed, may_submit, pack, reference_tag, take_in

Progress = Callable[[int, int], None]
_TRIES: Final = 3
_KEYS_AT_ONCE: Final = 100


def look_over(file: bytes, *, by: Actor, desk: Desk) -> Looked:
    """What would become of each row if the file was brought in now. Changes nothing.

    Raises `Conflict` where the asker's organisation could not send anything at all.
    """
    shape, lines, good, problems = _read(file, desk)
    with desk.readers() as session:
        may_submit(session, by, desk)
        if not problems:
            lines += standing(session, good, by)
    return Looked(shape, _in_order(lines), problems)


def bring_in(file: bytes, *, by: Actor, desk: Desk, progress: Progress | None = None) -> Looked:
    """Bring a file in: all rows that are new, in one transaction; with any problem, or at any failure, none.

    Asked again, what is there already stays as it is.
    """
    shape, lines, good, problems = _read(file, desk)
    if problems:
        return Looked(shape, (), problems)
    for _ in range(_TRIES):
        with desk.readers() as session:
            may_submit(session, by, desk)
            known = standing(session, good, by)
        new = {(line.sheet, line.row) for line in known if line.outcome == Outcome.NEW}
        packed = _packed([each for each in good if (each.sheet, each.row) in new], desk, progress)
        try:
            with desk.sessions.begin() as session:
                may_submit(session, by, desk)
                taken = claimed(session, packed, by=by, desk=desk)
                take_in(session, [packed for _, packed in taken], by=by, desk=desk)
        except IntegrityError:
            # A report with one of the references came in meanwhile by another way: what is new has changed.
            continue
        return Looked(shape, _in_order([*lines, *_became(known, taken, good, by, desk)]))
    raise Conflict("changed_meanwhile")


def _read(file: bytes, desk: Desk) -> tuple[str, list[Line], list[Good], tuple[Problem, ...]]:
    """The shape of a file, the rows that are left out, those that are good, and everything that is wrong."""
    shape = "unknown"
    try:
        sheets = read_sheets(file)
        shape = "kobo" if looks_like_kobo(sheets[0]) else "template"
        said = kobo.rows_of(sheets) if shape == "kobo" else template.rows_of(sheets)
    except Damaged as damaged:
        return shape, [], [], damaged.problems
    left = [Line(each.sheet, each.row, Outcome.LEFT_OUT) for each in said if each.left_out]
    good: list[Good] = []
    problems: list[Problem] = []
    for each in said:
        if each.left_out:
            continue
        draft, wrong = judged(each)
        problems += wrong
        if draft is not None:
            good.append(_good(each, draft, desk))
    problems += _twice(good)
    return shape, left, good, tuple(sorted(problems, key=lambda p: (p.sheet, p.row))[:MOST_PROBLEMS])


def _good(said: Said, draft: Draft, desk: Desk) -> Good:
    body = said.body()
    identity = said.identity.encode() or b"row\0" + body
    return Good(
        said.sheet,
        said.row,
        draft,
        body,
        tag(desk, "imported row", identity),
        tag(desk, "imported content", body),
        reference_tag(draft, desk),
    )


def _twice(good: Sequence[Good]) -> Iterator[Problem]:
    """Rows that a row before them was already: nobody could tell which of them is meant."""
    seen: set[str] = set()
    for each in good:
        names = {name for name in (each.row_tag, each.reference_tag) if name}
        if names & seen:
            yield Problem(each.sheet, each.row, "", "", "row_twice")
        seen |= names


def _packed(good: Sequence[Good], desk: Desk, progress: Progress | None) -> list[tuple[Good, Packed]]:
    """The rows, sealed. The key store takes its time, so this stands before the transaction."""
    packed: list[tuple[Good, Packed]] = []
    for some in some_of(good, _KEYS_AT_ONCE):
        with desk.working.keystore.together():
            packed += (
                (each, pack(each.draft, each.body, report=uuid4(), version=1, desk=desk)) for each in some
            )
        if progress is not None:
            progress(len(packed), len(good))
    return packed


def _became(
    known: Sequence[Line],
    taken: Collection[tuple[Good, Packed]],
    good: Sequence[Good],
    by: Actor,
    desk: Desk,
) -> list[Line]:
    """What became of each good row: ours, there before, or added by another file in between."""
    ours = {(each.sheet, each.row): packed.report for each, packed in taken}
    left = {(line.sheet, line.row) for line in known if line.outcome == Outcome.NEW} - ours.keys()
    with desk.readers() as session:
        late = standing(session, [each for each in good if (each.sheet, each.row) in left], by)
    between = {(line.sheet, line.row): line for line in late}
    return [
        Line(line.sheet, line.row, Outcome.NEW, ours[at])
        if (at := (line.sheet, line.row)) in ours
        else between.get(at, line)
        for line in known
    ]


def _in_order(lines: Sequence[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (line.sheet, line.row)))
