"""What a form says where it knows nothing is not looked for, and a description is looked for as a whole."""

from __future__ import annotations

import pytest
from redaction_builders import engine_of, terms
from redaction_known import person, shown

from redaction.detectors.known_values import known_values, known_variants_in
from redaction.names import person_of
from redaction.pipeline import redact
from redaction.placeholders import is_placeholder

PLACEHOLDERS = [
    "unknown", "Unknown", "N/A", "n.a.", "none", "-", "—", "???", "necunoscut", "Inconnue", "desconocida",
    "sconosciuto", "not known", "no fixed address", "sin datos", "TBC", "",
]  # fmt: skip


@pytest.mark.parametrize("value", PLACEHOLDERS)
def test_what_only_says_that_nothing_is_known_is_nobody(value: str) -> None:
    assert is_placeholder(value)
    assert person_of(person(value)) is None
    assert shown(f"The driver is {value or 'there'}.", person(value)) == f"The driver is {value or 'there'}."


@pytest.mark.parametrize(
    "value", ["Nada", "Nil", "Nu", "Na", "N.A.", "Maria unknown", "unknown Maria", "Mai"]
)
def test_what_people_are_called_as_well_is_somebody(value: str) -> None:
    assert not is_placeholder(value)
    assert person_of(person(value)) is not None


def test_a_name_beside_a_placeholder_is_still_found() -> None:
    assert shown("Maria is unknown to him", person("unknown Maria")) == "_ is unknown to him"


THE_GIRL = person("the girl from flat 4")


def test_a_description_is_found_as_a_whole_and_its_words_stay() -> None:
    text = "The girl said that the girl from flat 4 left the flat."
    assert shown(text, THE_GIRL) == "The girl said that _ 4 left the flat."


def test_a_name_in_a_description_is_found_by_itself() -> None:
    assert shown("maria left. then maria cried", person("maria from flat 4")) == "_ left. then _ cried"


def test_the_second_look_finds_no_more_of_a_description_than_the_first() -> None:
    known = (THE_GIRL, person("victim"))
    assert known_variants_in("The [PERSON] told us that [PERSON] 4 left.", known) == ()
    redacted = redact(
        "The victim told us that the girl from flat 4 left.",
        terms=terms(),
        engine=engine_of(known_values),
        known=known,
        lang="en",
    )
    assert not redacted.held
