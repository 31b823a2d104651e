"""Our own template, empty: the columns of a report, and two sheets that explain them and list every code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from babel import Locale
from marshmallow import fields

from policies.vocabulary import LANGUAGES, VOCABULARY
from share.fields import Caps, Code, Day, DayText, Many, When, Whole, YesNo
from share.importing.codes import codes_of
from share.importing.columns import BETWEEN, Column, column_called, every_column
from share.importing.template import REPORTS
from share.spreadsheets import Table

REPEATED: Final[Mapping[str, int]] = {
    "person": 2,
    "identifier": 2,
    "ground": 2,
    "leg": 3,
    "suspect": 2,
    "lead": 2,
    "indicator": 3,
}
"""How often each is there in the empty template; further ones are added by counting on."""
_NUMBERED: Final = re.compile(r"([a-z]+)1")


def blank_table() -> Table:
    """The columns alone, for CSV."""
    return Table(REPORTS, tuple(column.name for column in _repeated()), ())


def blank_book(lang: str) -> tuple[Table, ...]:
    """The template as a book: columns, what each takes, and the codes with their names in that language."""
    return (
        blank_table(),
        Table("columns", ("column", "needed", "what", "list", "several"), list(_explained())),
        Table("codes", ("list", "code", "name"), list(_codes(lang if lang in LANGUAGES else "en"))),
    )


def _repeated() -> Iterator[Column]:
    """Every column, with the numbers of those that are repeated counted through, item after item."""
    for name in _numbered([column.name for column in every_column()]):
        column = column_called(name)
        if column is not None:
            yield column


def _numbered(names: list[str]) -> Iterator[str]:
    while names:
        name = names[0]
        head = name.partition(".")[0]
        group = _NUMBERED.fullmatch(head)
        if group is None:
            yield names.pop(0)
            continue
        inside = [each.removeprefix(f"{head}.") for each in names if each.startswith(f"{head}.")]
        names = names[len(inside) :]
        for number in range(1, REPEATED.get(group[1], 1) + 1):
            yield from (f"{group[1]}{number}.{each}" for each in _numbered(list(inside)))


def _explained() -> Iterator[tuple[str, ...]]:
    for column in every_column():
        several = isinstance(column.field, Many)
        one = column.field.inner if isinstance(column.field, Many) else column.field
        yield (
            _NUMBERED.sub(r"\g<1>N", column.name),
            "yes" if column.field.required else "",
            _what(one),
            _list_name(one),
            f"separate them by {BETWEEN}" if several else "",
        )


def _what(field: fields.Field[Any]) -> str:
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (YesNo, "yes or no"),
        (Whole, "a whole number in figures"),
        ((Day, DayText), "a day: YYYY-MM-DD"),
        (When, "YYYY, YYYY-MM or YYYY-MM-DD"),
        (Caps, f"KIND=RUNG{BETWEEN} KIND=RUNG"),
    )
    if codes_of(field):
        return "a code of the list, or its name"
    return next((what for kind, what in kinds if isinstance(field, kind)), "text")


def _list_name(field: fields.Field[Any]) -> str:
    if isinstance(field, Code):
        return field.picklist.name
    return " ".join(codes_of(field)) if len(codes_of(field)) < 12 else ", ".join(codes_of(field))


def _codes(lang: str) -> Iterator[tuple[str, str, str]]:
    locale = Locale.parse(lang)
    lists = {
        one.picklist.name: one.picklist
        for column in every_column()
        if isinstance(one := getattr(column.field, "inner", column.field), Code)
    }
    for name, picklist in sorted(lists.items()):
        for code in picklist:
            named = {"countries": locale.territories, "languages": locale.languages}.get(
                name, VOCABULARY.labels[lang]
            )
            yield name, code, str(named.get(code, ""))
