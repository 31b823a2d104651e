"""A known date of birth is found in figures, in Roman ones, by name and in words, in any order; other dates stay."""

from __future__ import annotations

from datetime import date

import pytest
from redaction_known import holds, shown

from redaction.detectors import known_dates
from redaction.detectors.known_dates import date_of
from redaction.findings import Known
from redaction.spoken import spoken, spoken_year

BORN = Known("DATE_OF_BIRTH", "1999-11-08", "s1")

WHOLE = [
    "8 XI 99", "8.XI.1999", "8-xi-99", "8|11|1999", "8 / 11 / 99", "99-11-08", "1999, 11, 8", "08111999",
    "0 8 1 1 1 9 9 9", "Nov8", "08NOV99", "8nov1999", "Nov. 8, '99", "8 Nobember 1999", "8 ноября 1999",
    "eighth of the eleventh, ninety-nine", "eleven eight ninety-nine", "November the 8th, nineteen ninety-nine",
    "huit novembre mille neuf cent quatre-vingt-dix-neuf", "el ocho de noviembre de mil novecientos noventa y nueve",
    "otto novembre millenovecentonovantanove", "opt noiembrie o mie nouă sute nouăzeci și nouă",
    "8 a lunii a unsprezecea, anul 99", "le 8 du mois de novembre 1999", "8th day of the 11th month, 1999",
    "o8.11.1999", "08.ll.1999", "08.11.I999", "8.11.l999",
]  # fmt: skip


@pytest.mark.parametrize("written", WHOLE)
def test_a_known_birthday_is_covered_whole_however_it_is_written(written: str) -> None:
    left = shown(f"it says {written} there", BORN)
    assert left.removeprefix("it says ").removeprefix("el ").removeprefix("le ") == "_ there"
    assert holds(f"it says {written} there", BORN) == set()


IN_PIECES = [
    ("1999-11-08", "born in ninety-nine, in november, on the eighth", "born in _"),
    ("1999-11-08", "her birthday is 11/8 and she cried", "her birthday is _ and she cried"),
    ("1999-11-08", "she was born in 1999", "she was born in _"),
    ("2001-02-03", "née le trois février deux mille un", "née le _"),
    ("2001-02-03", "le 3 février, dit-elle, en 2001", "le _, dit-elle, en _"),
    ("2001-02-03", "née en deux mille un", "née en _"),
    ("2001-02-03", "née en 2OO1", "née en _"),
    ("2001-02-03", "née en 01", "née en _"),
    ("2003-12-25", "nacida en dos mil tres", "nacida en _"),
    ("2003-12-25", "born in oh-three", "born in _"),
    ("1998-07-12", "născută 12 iul. 98; 12.07; 12 VII 98", "născută _"),
    ("1998-07-12", "născută în o mie nouă sute nouăzeci și opt", "născută în _"),
    ("1998-07-12", "nata nel millenovecentonovantotto", "nata nel _"),
]


@pytest.mark.parametrize(("day", "text", "left"), IN_PIECES)
def test_what_belongs_to_a_birthday_is_covered_where_it_stands_by_itself(
    day: str, text: str, left: str
) -> None:
    assert shown(text, Known("DATE_OF_BIRTH", day), lang="fr") == left


OTHERS = [
    "8 women, 11 rooms and 99 euros",
    "one of eleven women came on 8 May",
    "in 1999 the factory was closed",
    "8/11 of the sum was paid",
    "she came on 9 December 1999 and left on 7 October",
    "rooms 11, 9 and 8",
]


@pytest.mark.parametrize("text", OTHERS)
def test_numbers_that_are_no_birthday_stay(text: str) -> None:
    assert shown(text, BORN) == text


def test_a_birthday_is_read_from_a_form_with_a_roman_month() -> None:
    assert date_of("8 XI 99") == date_of("8.XI.1999") == date(1999, 11, 8)


def test_numbers_are_said_in_five_languages() -> None:
    assert {"ninetyeight", "quatrevingtdixhuit", "noventaocho", "nouazeciopt", "novantotto"} <= spoken(98)
    assert {"twothousandone", "deuxmilleun", "dosmiluno", "douamiiunu", "duemilauno"} <= spoken_year(2001)
    assert "twentythree" not in spoken_year(2003)


def test_without_the_words_for_years_the_year_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "née le trois février deux mille un"
    assert "deux mille" not in shown(text, Known("DATE_OF_BIRTH", "2001-02-03"), lang="fr")
    items_of = known_dates.items_of
    monkeypatch.setattr(
        known_dates,
        "items_of",
        lambda tokens, day: [one for one in items_of(tokens, day) if one.role is not known_dates.Role.YEAR],
    )
    assert "deux mille un" in shown(text, Known("DATE_OF_BIRTH", "2001-02-03"), lang="fr")
