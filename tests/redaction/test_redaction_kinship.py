"""A relative that is named is found with the name; whoever is the only one is a doubt."""

from __future__ import annotations

import pytest
from redaction_reading import covers, found, holds, kinds

from redaction.detectors.kinship import UNIQUE_PERSONS, relatives
from redaction.detectors.patterns import Patterns


@pytest.mark.parametrize(
    "text, language, relative, name",
    [
        ("I spoke to her sister Ana.", "en", "sister", "Ana"),
        ("She sent money to mum Lenuța.", "en", "mum", "Lenuța"),
        ("her cousin gelu came", "en", "cousin", "gelu"),
        ("Her daughter, Hope, is four.", "en", "daughter", "Hope"),
        ("Elle a vu sa sœur Ana.", "fr", "sœur", "Ana"),
        ("Vino su hermana Ana.", "es", "hermana", "Ana"),
        ("A sunat sora ei Ana.", "ro", "sora", "Ana"),
        ("È con sua sorella Anna.", "it", "sorella", "Anna"),
    ],
)
def test_a_relative_goes_with_the_name(text: str, language: str, relative: str, name: str) -> None:
    said = kinds(relatives, text, language=language)
    assert said[relative] == "KINSHIP"
    assert said[name] == "PERSON"


def test_a_relative_of_a_name_is_found() -> None:
    assert kinds(relatives, "Ana's brother left.") == {"brother": "KINSHIP"}


@pytest.mark.parametrize("text", ["Her mother was ill.", "The children of the house", "a mother and her son"])
def test_a_relative_without_a_name_stays(text: str) -> None:
    assert found(relatives, text) == set()


def examples(of: str) -> list[tuple[str, str]]:
    return [
        (pattern.name, example) for pattern in UNIQUE_PERSONS.patterns for example in getattr(pattern, of)
    ]


def only(name: str) -> Patterns:
    return Patterns(tuple(pattern for pattern in UNIQUE_PERSONS.patterns if pattern.name == name))


@pytest.mark.parametrize("name, example", examples("must"))
def test_what_tells_somebody_apart_is_found(name: str, example: str) -> None:
    assert found(only(name), f"They say that {example}, and no more.")


@pytest.mark.parametrize("name, example", examples("must_not"))
def test_what_many_share_is_left(name: str, example: str) -> None:
    assert not found(only(name), example)


@pytest.mark.parametrize(
    "text, code",
    [
        ("She is the only daughter of the mayor.", "unique_person"),
        ("She is the mother of triplets.", "unique_person"),
        ("She was the only female notary in the commune.", "unique_person"),
        ("She has a blue swallow tattoo behind left ear.", "body_mark"),
        ("It is the case shown on TV last week.", "in_the_media"),
        ("It happened two days after the Easter fire.", "relative_date"),
        ("They slept in the pink hotel by the only petrol station in town.", "landmark"),
        ("She was last seen wearing a yellow coat.", "public_appeal"),
    ],
)
def test_whoever_is_the_only_one_is_a_doubt_for_a_person(text: str, code: str) -> None:
    assert code in holds(UNIQUE_PERSONS, text)
    assert not holds(Patterns(()), text)


def test_a_scar_goes_without_a_doubt() -> None:
    text = "There is a scar on her chin."
    assert covers(UNIQUE_PERSONS, text, "scar on her chin")
    assert not holds(UNIQUE_PERSONS, text)
