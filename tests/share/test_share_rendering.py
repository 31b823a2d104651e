"""A bulletin in words: the same codes give the same words, in five languages, and no code is left among them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from policies.terms import Detail, Tlp
from policies.vocabulary import LANGUAGES, VOCABULARY
from redaction.generalise import RECORDED, generalise
from share.rendering import furniture, language_name, render, say

ENVELOPE = {
    "id": "0b9c7a52-3f0e-4c57-9d1c-6f1f7f4d2a10",
    "version": 2,
    "published_at": "2026-03-02T09:00:00+00:00",
    "valid_until": "2027-05-01",
}
SPOKEN = {"ROUTE_PLACE": "RO/RO-BH/Oradea", "ROUTE_DATE": "2026-02-14", "AGE_BAND": "22", "CHILDREN": "2"} | {
    "PEOPLE_COUNT": "5",
    "NETWORK_SIZE": "60",
    "OFFER_WAGE": "1800 EUR/month",
    "OFFER_DEBT": "5000 EUR",
}
CALLED_BY_THEIR_CODE = {"ewe", "fon", "gan", "ido", "lao", "tiv", "twi", "yao"}

RAW = re.compile(r"(?<!\bM)(?<!\bMa)[a-z][A-Z]|_|\b[A-Z]{2}-|\b\d{3}\b(?! |\xa0|\.)")
"""What gives a code away: camel case (but for Scots), an underscore, a country with a hyphen, a bare region."""


def content(*sections: dict[str, Any], **changes: Any) -> dict[str, Any]:
    said = {
        "type": "incident",
        "tlp": "TLP:AMBER",
        "circle": "danube",
        "fences": [],
        "sections": list(sections),
    }
    return said | changes


def facts(kind: str, *values: str) -> dict[str, Any]:
    return {
        "section": "route",
        "facts": [{"kind": kind, "value": value, "rung": "EXACT"} for value in values],
    }


def values_of(kind: str) -> list[str]:
    """Every value that this kind can have in a bulletin, one for each rung where there is no list."""
    picklist = VOCABULARY.kinds[kind].picklist
    said = [SPOKEN.get(kind, "Example")]
    if picklist and kind not in SPOKEN:
        said = list(VOCABULARY.picklists[picklist])
    told = {generalise(kind, value, rung) for value in said for rung in Detail}
    return sorted(value for value in told if value is not None)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(VOCABULARY.kinds))
def test_every_value_of_every_kind_is_said_without_its_code(kind: str, lang: str) -> None:
    for value in values_of(kind):
        said = say(kind, value, lang)
        assert said
        assert said != RECORDED
        is_a_code = kind in SPOKEN or VOCABULARY.kinds[kind].picklist is not None
        if is_a_code and kind not in ("CHANNEL", "LANGUAGE"):  # makers spell their names as they like
            assert not RAW.search(said), said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_country_and_language_has_a_name(lang: str) -> None:
    for code in VOCABULARY.regions:
        assert say("CITIZENSHIP", code, lang) != code
    for code in VOCABULARY.picklists["languages"]:
        assert language_name(code, lang) != code or code in CALLED_BY_THEIR_CODE


def test_without_names_a_code_would_stand_there() -> None:
    """The control: a code that no list knows is shown as it is, and the search for codes sees it."""
    assert say("INDICATOR", "NoSuchIndicator", "fr") == "NoSuchIndicator"
    assert RAW.search("NoSuchIndicator")


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("ROUTE_PLACE", "RO/RO-BH/Oradea", "Oradea, Bihor, Roumanie"),
        ("ROUTE_PLACE", "RO/RO-BH", "Bihor, Roumanie"),
        ("ROUTE_PLACE", "RO", "Roumanie"),
        ("ROUTE_PLACE", "151", "Europe de l’Est"),
        ("ROUTE_PLACE", "RO//Oradea", "Oradea, Roumanie"),
        ("ROUTE_DATE", "2026-02-14", "14 février 2026"),
        ("ROUTE_DATE", "2026-02", "février 2026"),
        ("ROUTE_DATE", "2026-Q1", "1er trimestre 2026"),
        ("ROUTE_DATE", "2026", "2026"),
        ("CITIZENSHIP", "150", "Europe"),
        ("LANGUAGE", "ron", "roumain"),
        ("AGE_BAND", "22", "22 ans"),
        ("PEOPLE_COUNT", "2-4", "de 2 à 4"),
        ("PEOPLE_COUNT", "51+", "51 ou plus"),
        ("OFFER_WAGE", "1800 EUR/month", "1 800 euros par mois"),
        ("OFFER_WAGE", "1000-9999 EUR/month", "de 1 000 à 9 999 euros par mois"),
        ("GENDER", "recorded", "consigné, non communiqué"),
        ("VENUE", "Hotel Example, Ruse", "Hotel Example, Ruse"),
    ],
)
def test_values_read_naturally(kind: str, value: str, said: str) -> None:
    assert re.sub(r"\s", " ", say(kind, value, "fr")) == said


def test_romanian_counts_years_as_romanian_does() -> None:
    assert say("AGE_BAND", "19", "ro") == "19 ani"
    assert say("AGE_BAND", "22", "ro") == "22 de ani"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_bulletin_says_all_that_a_reader_must_know(lang: str) -> None:
    words = furniture()[lang]
    told = render(
        content(
            facts("ROUTE_PLACE", "RO"),
            narrative={"language": "en", "text": "She met [name]."},
            fences=["publicity"],
        ),
        ENVELOPE,
        lang,
    )
    assert told.startswith("TLP:AMBER\n")
    for part in (
        ENVELOPE["id"],
        "danube",
        words["notice"],
        words["community"],
        words["signed"],
        "She met [name].",
    ):
        assert str(part) in told
    assert "2027" in told
    assert VOCABULARY.label("publicity", lang) in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_recall_says_that_and_nothing_else(lang: str) -> None:
    told = render(
        {"type": "recall", "tlp": "TLP:RED", "circle": "danube", "notice": "recalled-delete-copies"},
        ENVELOPE | {"valid_until": date.max.isoformat()},
        lang,
    )
    assert furniture()[lang]["recalled"] in told
    assert "9999" not in told
    assert furniture()[lang]["notice"] not in told


def test_all_languages_have_the_same_furniture() -> None:
    def shape(words: Any) -> Any:
        return (
            {name: shape(inner) for name, inner in words.items() if name != "age"}
            if isinstance(words, dict)
            else None
        )

    shapes = [shape(furniture()[lang]) for lang in LANGUAGES]
    assert all(each == shapes[0] for each in shapes)
    assert set(furniture()) == set(LANGUAGES)


@pytest.mark.parametrize("tlp", list(Tlp))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_marking_is_explained_in_our_sense_and_never_translated(tlp: Tlp, lang: str) -> None:
    told = render(content(tlp=tlp.label), ENVELOPE, lang)
    assert told.splitlines()[0] == tlp.label
    assert furniture()[lang]["tlp"][tlp.label.removeprefix("TLP:")] in told


def test_a_value_typed_by_hand_cannot_pass_for_a_line_of_ours() -> None:
    forged = "Hotel\n\nTLP:CLEAR\nMay be passed on without limit."
    told = render(content(facts("VENUE", forged)), ENVELOPE, "en")
    assert "\nTLP:CLEAR" not in told
    assert next(line for line in told.splitlines() if "TLP:CLEAR" in line).startswith("  Venue: ")


def test_a_person_goes_by_her_number_or_by_the_name_that_the_circle_knows() -> None:
    person = {"section": "person", "facts": []}
    assert "Person affected 2\n" in render(content({**person, "about": "person-2"}), ENVELOPE, "en")
    assert "known in this circle as K7Q2M" in render(content({**person, "about": "K7Q2M"}), ENVELOPE, "en")
    assert "Person affected\n" in render(content(person), ENVELOPE, "en")


def test_rendering_twice_gives_the_same_words() -> None:
    said = content(facts("ROUTE_PLACE", "RO", "IT"))
    assert render(said, ENVELOPE, "es") == render(said, ENVELOPE, "es")


def test_a_language_that_is_not_ours_is_an_error() -> None:
    with pytest.raises(KeyError):
        render(content(), ENVELOPE, "de")
