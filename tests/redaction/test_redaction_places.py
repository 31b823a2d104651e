"""Countries, their regions and peoples are found by name; other places by the words before them."""

from __future__ import annotations

import pytest
from redaction_reading import found, kinds

from redaction.detectors.places import places


@pytest.mark.parametrize(
    "text, language, place",
    [
        ("She came from Nigeria by way of Burkina Faso.", "en", "Burkina Faso"),
        ("She lived in Bihor and then in Edo.", "en", "Bihor"),
        ("Elle vient de Côte d'Ivoire.", "fr", "Côte d'Ivoire"),
        ("Vive en Países Bajos.", "es", "Países Bajos"),
        ("A plecat în Regatul Unit.", "ro", "Regatul Unit"),
        ("Vive nei Paesi Bassi.", "it", "Paesi Bassi"),
        ("in the village of Long Wood", "en", "Long Wood"),
        ("a farm near Hope", "en", "Hope"),
        ("satul Valea Lungă", "ro", "Valea Lungă"),
        ("le village de Pont-Neuf", "fr", "Pont-Neuf"),
    ],
)
def test_a_place_is_found(text: str, language: str, place: str) -> None:
    assert kinds(places, text, language=language)[place] == "PLACE"


@pytest.mark.parametrize(
    "text, language, people",
    [
        ("two Vietnamese women", "en", "Vietnamese"),
        ("deux femmes nigérianes", "fr", "nigérianes"),
        ("una mujer rumana", "es", "rumana"),
        ("o femeie albaneză", "ro", "albaneză"),
        ("una donna filippina", "it", "filippina"),
    ],
)
def test_a_people_is_found_with_and_without_its_capital(text: str, language: str, people: str) -> None:
    assert kinds(places, text, language=language)[people] == "NATIONALITY"


@pytest.mark.parametrize(
    "text",
    ["The village was small.", "near the house", "outside of town", "we eat turkey", "polish the table"],
)
def test_words_that_only_sound_like_places_stay(text: str) -> None:
    assert found(places, text) == set()
