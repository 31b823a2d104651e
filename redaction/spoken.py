"""Numbers and years as people say them, in the languages of our reports, as letters run together."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml

# In French the tens of seventy and ninety are those of sixty and of four times twenty.
_REACHING: Final = frozenset({60, 80})
_NOUGHT: Final = ("oh", "o", "zero", "nought")
# "twenty three" is 23 and not 2003.
_ALSO_A_NUMBER: Final = frozenset({"twenty"})


@cache
def spoken(number: int) -> frozenset[str]:
    """How `number`, from 0 to 99, is said: 22 is "twentytwo", "vingtdeux" and "ventidue". No "and" in between."""
    return frozenset(_spoken(number))


@cache
def spoken_day(day: int) -> frozenset[str]:
    """How a day or the number of a month is said, as a cardinal or an ordinal: "third", "troisieme", "tres"."""
    ordinals = frozenset(_joined(word) for word in words("ordinals").get(day, "").split())
    return ordinals | spoken(day) if day > 1 else ordinals  # "un" and "one" are articles


@cache
def spoken_year(year: int) -> frozenset[str]:
    """How a whole year is said: 1999 is "nineteenninetynine" and "milnovecientosnoventanueve"."""
    rest = year % 100
    return frozenset(
        century + tail
        for century in words("centuries").get(year // 100, "").split()
        for tail in ([""] if not rest else _tails(rest, bare=century not in _ALSO_A_NUMBER))
    )


@cache
def spoken_short_year(year: int) -> frozenset[str]:
    """How a year is said without its century: 2003 is "ohthree" and, for those who add nothing, "three"."""
    return frozenset(_tails(year % 100, bare=True)) if year % 100 else frozenset()


def words(name: str) -> Any:
    """A table of the words of dates."""
    return _WORDS[name]


def _tails(rest: int, *, bare: bool) -> Iterator[str]:
    if rest >= 10 or bare:
        yield from spoken(rest)
    if rest < 10:
        yield from (nought + unit for nought in _NOUGHT for unit in spoken(rest))


def _spoken(number: int) -> Iterator[str]:
    yield from map(_joined, words("units").get(number, "").split())
    for tens, said in words("tens").items():
        rest = number - tens
        if not 0 <= rest < (20 if tens in _REACHING else 10):
            continue
        for ten in map(_joined, said.split()):
            for unit in map(_joined, words("units").get(rest, "").split()) if rest else ("",):
                yield ten + unit
                if unit[:1] in ("o", "u"):  # trentuno, ventotto
                    yield ten[:-1] + unit


def _joined(word: str) -> str:
    return word.replace("-", "")


def _read() -> Any:
    return yaml.safe_load(
        resources.files("redaction").joinpath("data/dates.yaml").read_text(encoding="utf-8")
    )


_WORDS: Final = _read()
