"""The kinds of fields that forms have: what is made of what was typed, and what is shown of it again.

What cannot be understood stays as it was typed, so that nothing is lost and its refusal can be shown beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from console.forms_labels import COUNTRIES, LANGUAGE_NAMES, called, code_of, short_code

Read = Callable[[Sequence[str], str], Any]
"""From what was typed under one name, on a page in a language, to a JSON value; None is nothing."""
Show = Callable[[Any, str], tuple[str, ...]]
"""And back."""

CIRCLES: Final = "circles"
KIN: Final = "kin"
PEOPLE: Final = "people"
"""Lists that depend on who asks and on what the draft holds."""

_FIGURES = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Kind:
    """`control` is how the field looks: text, day, lines, area, choice, ticks, tick, name or names."""

    control: str
    read: Read
    show: Show
    options: str = ""


def _first(typed: Sequence[str], _lang: str = "") -> str | None:
    return next((each.strip() for each in typed if each.strip()), None)


def _all(typed: Sequence[str], _lang: str = "") -> list[str] | None:
    return [each.strip() for each in typed if each.strip()] or None


def _lines(typed: Sequence[str], _lang: str) -> list[str] | None:
    return _all([line for each in typed for line in each.splitlines()])


def _account(typed: Sequence[str], _lang: str) -> str | None:
    text = "".join(typed).replace("\r\n", "\n").replace("\r", "\n")
    return text if text.strip() else None


def _number(typed: Sequence[str], _lang: str) -> int | str | None:
    said = _first(typed)
    return int(said) if said and _FIGURES.fullmatch(said) else said


def _answer(typed: Sequence[str], _lang: str) -> bool | None:
    return {"yes": True, "no": False}.get(_first(typed) or "")


def _capitals(typed: Sequence[str], _lang: str) -> str | None:
    said = _first(typed)
    return said.upper() if said else None


def _as_typed(value: Any, _lang: str) -> tuple[str, ...]:
    return () if value is None else (str(value),)


def _each(value: Any, _lang: str) -> tuple[str, ...]:
    return tuple(map(str, value or ()))


def _as_lines(value: Any, _lang: str) -> tuple[str, ...]:
    return ("\n".join(map(str, value)),) if value else ()


def _as_answer(value: Any, _lang: str) -> tuple[str, ...]:
    return () if value is None else ("yes" if value else "no",)


def _name_in(listed: str, *, short: bool = False) -> tuple[Read, Show]:
    def read(typed: Sequence[str], lang: str) -> str | None:
        said = _first(typed)
        code = code_of(said, listed, lang) if said else None
        return short_code(code) if code and short else code

    def show(value: Any, lang: str) -> tuple[str, ...]:
        if value is None:
            return ()
        code = code_of(str(value), listed, lang)
        return (called(code, listed, lang).words or code,)

    return read, show


def _names_in(listed: str) -> tuple[Read, Show]:
    one, shown = _name_in(listed)
    return (
        lambda typed, lang: [code for each in typed if (code := one([each], lang))] or None,
        lambda value, lang: tuple(word for each in value or () for word in shown(each, lang)),
    )


WORDS: Final = Kind("text", _first, _as_typed)
CAPITALS: Final = Kind("text", _capitals, _as_typed)
DAY: Final = Kind("day", _first, _as_typed)
NUMBER: Final = Kind("text", _number, _as_typed)
LINES: Final = Kind("lines", _lines, _as_lines)
ACCOUNT: Final = Kind("area", _account, _as_typed)
TICK: Final = Kind("tick", lambda typed, _lang: True if _first(typed) else None, _as_answer)
ANSWER: Final = Kind("choice", _answer, _as_answer, "answers")
COUNTRY: Final = Kind("name", *_name_in(COUNTRIES), COUNTRIES)
COUNTRY_SEVERAL: Final = Kind("names", *_names_in(COUNTRIES), COUNTRIES)
LANGUAGE: Final = Kind("name", *_name_in(LANGUAGE_NAMES), LANGUAGE_NAMES)
TONGUE: Final = Kind("name", *_name_in(LANGUAGE_NAMES, short=True), LANGUAGE_NAMES)
"""A language by its code of two letters, as texts and grounds name it."""


def choice(listed: str) -> Kind:
    """One code of a list."""
    return Kind("choice", _first, _as_typed, listed)


def ticks(listed: str) -> Kind:
    """Any number of codes of a list."""
    return Kind("ticks", _all, _each, listed)


CONCERNS: Final = ticks(PEOPLE)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a page: its path under its group, and its kind. `folded` is closed until it holds something."""

    path: str
    kind: Kind
    needed: bool = False
    folded: bool = False

    @property
    def key(self) -> str:
        """The last name of its path."""
        return self.path.rsplit(".", 1)[-1]


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under one legend. With `many`, the group stands once for each item of that list, and `spare` more.

    `folded` groups are closed until they are opened or hold something.
    """

    key: str
    fields: tuple[Field, ...]
    many: str = ""
    spare: int = 1
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the form."""

    name: str
    groups: tuple[Group, ...]
