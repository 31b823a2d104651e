"""What one row says, in the form that `POST /v1/reports` takes, and whether it can be taken in.

Whatever shape a file has, it ends here: the form of a report itself says what is valid, and no second opinion exists.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from marshmallow import ValidationError, fields

from share.draft import Draft
from share.errors import NotAcceptable
from share.fields import Many
from share.importing.codes import codes_of, nearest
from share.importing.columns import BETWEEN, Path, name_of
from share.importing.table import Problem
from share.intake import check
from share.problems import refusals
from share.schemas import ReportSchema

Wire = Mapping[str, Any]

NO_CONSENT: Final = "consent_refused"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in the file: its column, what it is called here, and what was typed."""

    sheet: int
    row: int
    column: str
    name: str
    into: fields.Field[Any]
    typed: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Said:
    """One row as a report that could be sent. `places` has the place of each value by its path on the wire.

    `identity` is what stays the same when the row is sent again. `left_out` is why it is not taken in at all.
    `numbers` has, for each list on the wire, the numbers that its items have in the file.
    """

    sheet: int
    row: int
    identity: str = field(repr=False)
    wire: Wire = field(repr=False)
    places: Mapping[str, Place] = field(repr=False)
    numbers: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    left_out: str = ""

    def body(self) -> bytes:
        """The report as JSON in one spelling: what is sealed, and what a later copy of the row is compared with."""
        return json.dumps(self.wire, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def judged(said: Said) -> tuple[Draft | None, tuple[Problem, ...]]:
    """The report of a row, or everything that is wrong with it."""
    schema = ReportSchema()
    try:
        draft: Draft = schema.load(dict(said.wire))
    except ValidationError as wrong:
        return None, tuple(_problem(said, *each) for each in refusals(wrong.messages, schema).items())
    try:
        check(draft)
    except NotAcceptable as wrong:
        return None, (_problem(said, wrong.path or "", wrong.code),)
    return draft, ()


def woven(values: Mapping[Path, Any]) -> tuple[dict[str, Any], dict[str, tuple[int, ...]]]:
    """Values by their paths as one report, and the numbers behind each list. Numbers that are left out close up."""
    numbers: dict[str, tuple[int, ...]] = {}
    tree: dict[str | int, Any] = {}
    for path, value in values.items():
        inside = tree
        for part in path[:-1]:
            inside = inside.setdefault(part, {})
        inside[path[-1]] = value
    return _listed(tree, "", numbers), numbers


def wire_path(path: Path, numbers: Mapping[str, tuple[int, ...]]) -> str:
    """The path of a value on the wire, whose places in lists count from 0."""
    parts: list[str] = []
    for part in path:
        parts.append(str(numbers[".".join(parts)].index(part)) if isinstance(part, int) else part)
    return ".".join(parts)


def _listed(tree: Any, path: str, numbers: dict[str, tuple[int, ...]]) -> Any:
    if not isinstance(tree, dict):
        return tree
    if tree and all(isinstance(key, int) for key in tree):
        numbers[path] = tuple(sorted(tree))
        return [_listed(tree[key], f"{path}.{at}", numbers) for at, key in enumerate(sorted(tree))]
    return {
        key: _listed(value, f"{path}.{key}" if path else str(key), numbers) for key, value in tree.items()
    }


def _problem(said: Said, path: str, code: str) -> Problem:
    place, rest = _place(said, path)
    if place is None:
        return Problem(said.sheet, said.row, "", _named(said, path), code)
    return Problem(
        place.sheet, place.row, place.column, place.name, _plainly(place, code), _offered(place, rest, code)
    )


def _place(said: Said, path: str) -> tuple[Place | None, str]:
    """The place of the value at a path, or of the list that it stands in; and what is left of the path."""
    parts = path.split(".") if path else []
    for end in range(len(parts), 0, -1):
        found = said.places.get(".".join(parts[:end]))
        if found is not None:
            return found, ".".join(parts[end:])
    return None, path


def _named(said: Said, path: str) -> str:
    """The name of the column that a path would have had."""
    parts: list[str] = []
    named: list[str | int] = []
    for part in path.split(".") if path else ():
        numbers = said.numbers.get(".".join(parts), ())
        known = part.isdecimal() and int(part) < len(numbers)
        named.append(numbers[int(part)] if known else part)
        parts.append(part)
    return name_of(tuple(named))


def _plainly(place: Place, code: str) -> str:
    """What a program calls a wrong type, in a cell: not a number, not a yes or no."""
    if code != "wrong_type":
        return code
    return "not_yes_or_no" if isinstance(place.into, fields.Boolean) else "not_a_number"


def _offered(place: Place, rest: str, code: str) -> str:
    if code != "unknown_code":
        return ""
    wanted, typed = place.into, place.typed
    if isinstance(wanted, Many):
        several = [each.strip() for each in typed.split(BETWEEN) if each.strip()]
        at = next(_numbers(rest), None)
        wanted = wanted.inner
        typed = several[at] if at is not None and at < len(several) else ""
    return nearest(wanted, typed) if typed and codes_of(wanted) else ""


def _numbers(path: str) -> Iterator[int]:
    yield from (int(part) for part in path.split(".") if part.isdecimal())
