"""Pseudonyms: the same person in one circle, nobody at all in two."""

from __future__ import annotations

import re
from itertools import product

import pytest

from redaction.pseudonyms import pseudonym

KEY = bytes(range(32))


def test_a_pseudonym_is_the_same_whenever_everything_else_is() -> None:
    assert pseudonym(KEY, "north", 1, "p1", "P1") == pseudonym(KEY, "north", 1, "p1", "P1") == "63K46"


def test_it_has_five_characters_that_nobody_mixes_up() -> None:
    names = [pseudonym(KEY, "north", 1, "p1", f"P{number}") for number in range(500)]
    assert all(re.fullmatch("[0-9A-HJKMNP-TV-Z]{5}", name) for name in names)


@pytest.mark.parametrize(
    "other",
    [
        (bytes(32), "north", 1, "p1", "P1"),
        (KEY, "south", 1, "p1", "P1"),
        (KEY, "north", 2, "p1", "P1"),
        (KEY, "north", 1, "p2", "P1"),
        (KEY, "north", 1, "p1", "P2"),
        (KEY, "northp1", 1, "", "P1"),  # parts do not run into each other
        (KEY, "north", 1, "p1P", "1"),
    ],
)
def test_any_other_key_circle_epoch_partner_or_code_gives_another(
    other: tuple[bytes, str, int, str, str],
) -> None:
    assert pseudonym(*other) != pseudonym(KEY, "north", 1, "p1", "P1")


def test_two_circles_have_no_more_in_common_than_chance() -> None:
    people = [f"P{number}" for number in range(400)]
    shared = sum(
        pseudonym(KEY, first, 1, "p1", person) == pseudonym(KEY, second, 1, "p1", person)
        for person in people
        for first, second in product(("a", "b"), ("c", "d"))
    )
    assert shared == 0


def test_a_list_of_names_does_not_lead_to_pseudonyms_without_the_key() -> None:
    told = {pseudonym(KEY, "north", 1, "p1", f"P{number}") for number in range(50)}
    guessed = {pseudonym(bytes(31) + b"\1", "north", 1, "p1", f"P{number}") for number in range(50)}
    assert not told & guessed


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        pseudonym(b"short", "north", 1, "p1", "P1")
