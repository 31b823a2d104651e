"""Numbers however they are written: keycaps, other scripts' digits, and words, as plain digits."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from importlib import resources
from typing import Final

import regex
import yaml

from redaction.findings import View
from redaction.mapped import substituted

_DIGIT: Final = regex.compile(r"[\p{Nd}--[0-9]]", regex.V1)
_TWICE: Final = {"double": 2, "doble": 2, "doppio": 2, "dublu": 2, "triple": 3, "triplo": 3, "triplu": 3}
_AND: Final = frozenset({"and", "et", "y", "si", "e", "und", "dhe"})

# Fewer number words than this are part of a sentence ("one of three women"), not a number spelt out.
_FEWEST_WORDS: Final = 3
_FEWEST_DIGITS: Final = 6
_O: Final = "o"


def in_digits(view: View) -> View:
    """`view`, which is folded, with every digit in 0 to 9 and every run of number words as one number.

    A run needs three number words, or words and digits that make six digits together. "double seven" is
    77, "twenty two" is 22. Where words can be read in two ways the shorter number is taken. The letter o is
    a nought only in six digits: in most of our languages it is a word.
    """
    plain = substituted(view, "digits", _DIGIT, lambda match: str(unicodedata.decimal(match.group())))
    if len(_WORD_SET.intersection(_WORDS_OF.findall(plain.text))) < 2 and not _TELLING.search(plain.text):
        return View("digits", plain.text, plain.starts, plain.ends)
    if _LETTER_O.search(plain.text):
        plain = substituted(plain, "digits", _RUN_WITH_O, _spelt_out_with_o)
    return substituted(plain, "digits", _RUN, _spelt_out)


def number_in(words: Sequence[str]) -> str:
    """The digits that a run of number words and digits says, read from left to right."""
    digits: list[str] = []
    repeat = 1
    place = 0
    while place < len(words):
        word = words[place]
        place += 1
        if word in _TWICE:
            repeat = _TWICE[word]
            continue
        if word.isdigit():
            digits.append(word * repeat)
        elif word not in _AND:
            value, place = _value(words, place - 1)
            digits.append(str(value) * repeat)
        repeat = 1
    return "".join(digits)


def _value(words: Sequence[str], place: int) -> tuple[int, int]:
    """The number that begins at `place`, and the place after it."""
    value = _VALUES[words[place]]
    place += 1
    if 0 < value < 10 and _at(words, place) == 100:
        rest, after = _value(words, place + 1) if 0 < _at(words, place + 1) < 100 else (0, place + 1)
        return value * 100 + rest, after
    if value == 4 and _word(words, place) in ("vingt", "vingts"):
        value, place = 80, place + 1
    if value >= 20 and value % 10 == 0:
        skip = 1 if _word(words, place) in _AND else 0
        following = _at(words, place + skip)
        reach = 20 if value in (60, 80) and _word(words, place - 1) in _FRENCH_TENS else 10
        if 0 < following < reach:
            return value + following, place + skip + 1
    return value, place


def _word(words: Sequence[str], place: int) -> str:
    return words[place] if 0 <= place < len(words) else ""


def _at(words: Sequence[str], place: int) -> int:
    return _VALUES.get(_word(words, place), -1)


def _spelt_out(match: regex.Match[str]) -> str:
    words = _WORDS_OF.findall(match.group())
    number = number_in(words)
    spelt = sum(word in _VALUES for word in words)
    return number if spelt >= _FEWEST_WORDS or (spelt and len(number) >= _FEWEST_DIGITS) else match.group()


def _spelt_out_with_o(match: regex.Match[str]) -> str:
    written: str = match.group()
    number = number_in(["zero" if word == _O else word for word in _WORDS_OF.findall(written)])
    return number if len(number) >= _FEWEST_DIGITS else written


def _values() -> dict[str, int]:
    data = resources.files("redaction").joinpath("data/numerals.yaml").read_text(encoding="utf-8")
    return {word: value for value, words in yaml.safe_load(data).items() for word in words.split()}


_VALUES: Final = _values()
_WORD_SET: Final = frozenset(_VALUES)
_FRENCH_TENS: Final = frozenset({"soixante", "vingt", "vingts"})
_WORDS_OF: Final = regex.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+")
_TELLING: Final = regex.compile(r"\b(?:double|doble|doppio|dublu|triple|triplo|triplu) \w")
_LETTER_O: Final = regex.compile(rf"\b{_O}\b")
_NUMBER: Final = r"(?:\L<words>|\d+)"
_NUMBERS: Final = rf"\b{_NUMBER}(?:[\s,.()\u2010-\u2015-]{{1,4}}(?:(?:and|et|y|si|e|und|dhe)\s)?{_NUMBER})+\b"
_RUN: Final = regex.compile(_NUMBERS, words=[*_VALUES, *_TWICE])
_RUN_WITH_O: Final = regex.compile(_NUMBERS, words=[*_VALUES, *_TWICE, _O])
