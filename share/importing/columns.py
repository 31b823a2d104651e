"""The columns of our own template: their names, where in a report each belongs, and how a cell becomes a value.

The names are made from the form of a report itself, so that whatever `POST /v1/reports` takes has a column:
`person1.prs_Gender`, `leg2.hte_Country`, `offer1.wage.amount`. Numbers count the people, legs and so on of one row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from marshmallow import Schema, fields

from share.fields import Caps, Code, Many, Whole, YesNo
from share.importing.codes import code_for
from share.schemas import ReportSchema

GROUPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "people": "person",
        "grounds": "ground",
        "events": "leg",
        "patterns": "pattern",
        "offers": "offer",
        "suspects": "suspect",
        "leads": "lead",
        "indicators": "indicator",
        "identifiers": "identifier",
    }
)
"""What one item of each list is called in the names of columns."""

BETWEEN: Final = ";"
"""Stands between several values in one cell."""
SILENT: Final = frozenset({"fields"})
"""Parts of a path that no name of a column has."""
_NUMBER: Final = re.compile(r"[0-9]+")
_YES_NO: Final = Code("answers")

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in its proper spelling, its place in a report, and the field that takes its values.

    Numbers in `path` are those of the name: they count from 1 and may leave some out.
    """

    name: str
    path: Path
    field: fields.Field[Any]


def column_called(header: str) -> Column | None:
    """The column that a header names, however its case and punctuation are written; None if there is none."""
    if len(header) > 120:
        return None
    found = _columns().get(_key(header))
    numbers = [int(each) for each in _NUMBER.findall(header)]
    if found is None or any(not 1 <= n <= most for n, most in zip(numbers, found.most, strict=True)):
        return None
    return found.numbered(numbers)


def every_column() -> tuple[Column, ...]:
    """Each column once, with 1 for every number, in the order of the form."""
    return tuple(each.numbered([1] * len(each.most)) for each in _columns().values())


def value_of(field: fields.Field[Any], typed: str) -> Any:
    """What a cell means for a field. What cannot be meant stays as it was typed, and the field refuses it."""
    if isinstance(field, Many):
        return [value_of(field.inner, each.strip()) for each in typed.split(BETWEEN) if each.strip()]
    if isinstance(field, Caps):
        return _caps(typed)
    if isinstance(field, YesNo):
        return _yes_or_no(typed)
    if isinstance(field, Whole):
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 12 else typed
    return code_for(field, typed)


def name_of(path: Path) -> str:
    """The name of the column at a path, whose numbers count from 1. Only names of ours are in it."""
    said = ""
    for part, after in zip(path, (*path, "")[1:], strict=True):
        if isinstance(part, int):
            said += str(part)
        elif part not in SILENT:
            said += ("." if said else "") + (GROUPS.get(part, part) if isinstance(after, int) else part)
    return said


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A column with its numbers left open: the largest that each may be."""

    path: tuple[str | None, ...]
    most: tuple[int, ...]
    field: fields.Field[Any]

    def numbered(self, numbers: list[int]) -> Column:
        left = iter(numbers)
        path: Path = tuple(next(left) if part is None else part for part in self.path)
        return Column(name_of(path), path, self.field)


@cache
def _columns() -> Mapping[str, _Pattern]:
    found = (_Pattern(path, most, field) for path, most, field in _leaves(ReportSchema(), (), ()))
    return MappingProxyType({_key(each.numbered([1] * len(each.most)).name): each for each in found})


def _leaves(
    schema: Schema, path: tuple[str | None, ...], most: tuple[int, ...]
) -> Iterator[tuple[tuple[str | None, ...], tuple[int, ...], fields.Field[Any]]]:
    for own, field in schema.fields.items():
        name = field.data_key or own
        inner = field.inner if isinstance(field, Many) else None
        if isinstance(inner, fields.Nested):
            yield from _leaves(inner.schema, (*path, name, None), (*most, _most(field)))
        elif isinstance(field, fields.Nested):
            yield from _leaves(field.schema, (*path, name), most)
        else:
            yield (*path, name), most, field


def _most(field: fields.Field[Any]) -> int:
    return next(int(limit) for each in field.validators if (limit := getattr(each, "max", None)))


def _key(name: str) -> str:
    return "".join(sign for sign in _NUMBER.sub("#", name.casefold()) if sign.isalpha() or sign == "#")


def _yes_or_no(typed: str) -> bool | str:
    folded = code_for(_YES_NO, typed)
    return {"yes": True, "no": False}.get(folded, typed)


def _caps(typed: str) -> dict[str, str]:
    """`KIND=RUNG; KIND=RUNG`, in whichever case."""
    pairs = [each.partition("=") for each in typed.split(BETWEEN) if each.strip()]
    return {kind.strip().upper(): rung.strip().upper() for kind, _, rung in pairs}
