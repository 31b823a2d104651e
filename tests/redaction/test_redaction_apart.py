"""Words spelt sign by sign are covered, whoever they name; abbreviations and lists are not."""

from __future__ import annotations

import pytest
from redaction_reading import found

from redaction.detectors.apart import letters_apart

SPELT = [
    ("he told J😊o😊s😊i😊e😊n😊e to smile", "J😊o😊s😊i😊e😊n😊e"),
    ("p r 3 n + 1 c 3", "p r 3 n + 1 c 3"),
    ("then\nJ\no\ns\ni\ne\nNobody came", "J\no\ns\ni\ne"),
    ("she is f-ee-r-r-aa-n", "f-ee-r-r-aa-n"),
    ("a J/o/s/i/e x", "J/o/s/i/e"),
]


@pytest.mark.parametrize(("text", "spelt"), SPELT)
def test_a_word_spelt_sign_by_sign_is_covered(text: str, spelt: str) -> None:
    assert found(letters_apart, text) == {spelt}


PLAIN = [
    "E.g. the U.S. and i.e. at 9 a.m.",
    "a, b, c, d, e and f",
    "1. a 2. b 3. c",
    "call 0 7 2 2 1 2 3 4 5 6",
    "+.+.+.+.+ and - - - - - and x x x x x x",
]


@pytest.mark.parametrize("text", PLAIN)
def test_abbreviations_lists_and_numbers_are_not_spelt_words(text: str) -> None:
    assert found(letters_apart, text) == set()
