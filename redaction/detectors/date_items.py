"""The day, the month and the year of one known date, each wherever a text says it by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from functools import cache
from typing import Final

from rapidfuzz.distance import OSA

from redaction.spoken import spoken, spoken_day, spoken_short_year, spoken_year, words

TOKEN: Final = re.compile(r"[a-z]+|\d+")
MONTHS: Final[dict[str, int]] = {
    word: number for number, said in words("months").items() for word in said.split()
}
ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")

_JOINERS: Final = frozenset(words("joiners").split())
_LONGEST: Final = 8  # words: "mille neuf cent quatre vingt dix neuf"
_CLOSE: Final = 3
_MISSPELT: Final = 6


class Role(Enum):
    """What an item says of the date."""

    DAY = auto()
    MONTH = auto()
    YEAR = auto()


class Weight(Enum):
    """How much an item says by itself. `FIGURE`: a number like any other. `WORD`: a word, or a year in full."""

    FIGURE = auto()
    WORD = auto()


@dataclass(frozen=True, slots=True)
class Item:
    """Words `first` to `last` of a text say the day, the month or the year of a date."""

    first: int
    last: int
    role: Role
    weight: Weight


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words and figures of a folded and romanised text."""

    text: str = field(repr=False)
    found: Sequence[re.Match[str]] = field(repr=False)
    keys: Sequence[str] = field(repr=False)

    @classmethod
    def of(cls, text: str) -> Tokens:
        """The words and figures of `text`."""
        return cls(text, list(TOKEN.finditer(text)), TOKEN.findall(text))

    def key(self, place: int) -> str:
        """The word or figure; empty beyond either end."""
        return self.keys[place] if 0 <= place < len(self.keys) else ""

    def gap(self, place: int) -> str:
        """What stands between a word or figure and the next one."""
        return self.text[self.found[place].end() : self.found[place + 1].start()]


def items_of(tokens: Tokens, day: date) -> list[Item]:
    """Everything that may say a part of `day`, in order: in figures, in Roman ones, by name, in words."""
    found = [*_figures(tokens, day), *_names(tokens, day), *_spoken(tokens, day)]
    return sorted(dict.fromkeys(found), key=lambda item: (item.first, item.last))


def _figures(tokens: Tokens, day: date) -> Iterator[Item]:
    for place, figures in enumerate(tokens.keys):
        if len(figures) not in (1, 2, 4) or not figures.isdigit():
            continue
        number = int(figures)
        if len(figures) == 4:
            if number == day.year:
                yield Item(place, place, Role.YEAR, Weight.WORD)
            continue
        if number == day.day:
            yield Item(place, place, Role.DAY, Weight.FIGURE)
        if number == day.month:
            yield Item(place, place, Role.MONTH, Weight.FIGURE)
        if number == day.year % 100 and len(figures) == 2:
            start = tokens.found[place].start()
            apostrophe = tokens.text[start - 1 : start] in ("'", "’")
            yield Item(place, place, Role.YEAR, Weight.WORD if apostrophe else Weight.FIGURE)


def _names(tokens: Tokens, day: date) -> Iterator[Item]:
    """The name of the month, also misspelt beside a figure, and its Roman number."""
    named = [word for word in words("months")[day.month].split() if len(word) >= _MISSPELT]
    for place, word in enumerate(tokens.keys):
        if MONTHS.get(word) == day.month:
            yield Item(place, place, Role.MONTH, Weight.WORD)
        elif word == ROMAN[day.month - 1] or (
            len(word) >= _MISSPELT
            and (tokens.key(place - 1).isdigit() or tokens.key(place + 1).isdigit())
            and any(OSA.distance(word, name, score_cutoff=1) <= 1 for name in named)
        ):
            yield Item(place, place, Role.MONTH, Weight.FIGURE)


def _spoken(tokens: Tokens, day: date) -> Iterator[Item]:
    tables = (
        (Role.DAY, _number_said(day.day)),
        (Role.MONTH, _number_said(day.month)),
        (Role.YEAR, _year_said(day.year)),
    )
    for role, said in tables:
        for first, word in enumerate(tokens.keys):
            if word in said.beginnings:
                for last, weight in _said_from(first, tokens, said):
                    yield Item(first, last, role, weight)


def _said_from(first: int, tokens: Tokens, said: Said) -> Iterator[tuple[int, Weight]]:
    """The last word, and the weight, of everything in a table that the words from `first` on say."""
    so_far = ""
    for last in range(first, min(first + _LONGEST, len(tokens.found))):
        word = tokens.key(last)
        if last > first and not _goes_on(tokens.gap(last - 1)):
            return
        if so_far and word in _JOINERS:
            continue
        so_far += word
        if so_far not in said.beginnings:
            return
        if so_far in said.weights:
            yield last, said.weights[so_far]


def _goes_on(gap: str) -> bool:
    return len(gap) <= _CLOSE and "\n\n" not in gap


@dataclass(frozen=True, slots=True)
class Said:
    """Everything that says one number, its words run together, with its weight; and how each of it begins."""

    weights: Mapping[str, Weight]
    beginnings: frozenset[str]

    @classmethod
    def of(cls, weights: Mapping[str, Weight]) -> Said:
        """The table for `weights`."""
        return cls(weights, frozenset(word[:end] for word in weights for end in range(1, len(word) + 1)))


# Kept by number, of which there are few: never by date, which would be somebody's.
@cache
def _number_said(number: int) -> Said:
    return Said.of(dict.fromkeys(spoken_day(number), Weight.FIGURE))


@cache
def _year_said(year: int) -> Said:
    short = spoken_short_year(year)
    telling = short - spoken(year % 100) if year % 100 < 10 else short
    weights = dict.fromkeys(short, Weight.FIGURE) | dict.fromkeys(spoken_year(year) | telling, Weight.WORD)
    return Said.of(weights)
