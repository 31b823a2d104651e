"""A name is found by its neighbours, by lists, and by not being a word; ordinary words are left alone."""

from __future__ import annotations

import time
import unicodedata

import pytest
from redaction_reading import covers, found, written

from redaction.detectors import names as rules
from redaction.detectors.names import names, names_in
from redaction.detectors.shapes import Shape, shape_of

CARRIERS = (
    "{} came to the shelter on a Monday and asked for help.",
    "We met {} near the bus station, and she was very tired.",
    "The driver took her phone and said that {} owed him money.",
    "The statement names {}, who left the house at night.",
)

PEOPLE = (
    "Ioana Popescu",
    "Mimoza Hoxha",
    "Osarugue Igbinedion",
    "Fatima Haddad",
    "Nguyễn Thị Lan",
    "Lan Nguyễn",
    "Maricel dela Cruz",
    "Maria Johnson",
    "Chidinma Okafor",
    "Zofia Wiśniewska",
    "Anaïs N'Diaye",
)

WAYS = {
    "as it is": lambda name: name,
    "in lower case": str.lower,
    "in capitals": str.upper,
    "surname first": lambda name: f"{name.split(' ', 1)[1].upper()}, {name.split()[0]}",
    "decomposed": lambda name: unicodedata.normalize("NFD", name),
    "with zero-width spaces": "\u200b".join,
    "full width": lambda name: "".join(
        chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in name
    ),
    "given name": lambda name: name.split()[0],
    "initial and surname": lambda name: f"{name[0]}. {name.split()[-1]}",
    "given name and initial": lambda name: f"{name.split()[0]} {name.split()[-1][0]}.",
    "titled": lambda name: f"Mrs {name.split()[-1]}",
    "letters apart": lambda name: " ".join(name.replace(" ", "").replace("'", "")),
    "with tags": lambda name: f"{name[:2]}<b></b>{name[2:]}",
    "with entities": lambda name: f"{name[0]}&#{ord(name[1])};{name[2:]}",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_name_is_found_in_every_way_of_writing_it(way: str) -> None:
    missed = [
        (person, number)
        for person in PEOPLE
        for number, carrier in enumerate(CARRIERS)
        if not covers(names, carrier.format(WAYS[way](person)), WAYS[way](person).removeprefix("Mrs "))
    ]
    assert not missed


@pytest.mark.parametrize(
    "text, name",
    [
        ("Blessing told us that she was tired.", "Blessing"),
        ("Yesterday we saw Joy at the door.", "Joy"),
        ("Mercy and Precious left the house.", "Precious"),
        ("Hope: I want to go home.", "Hope"),
        ("Everybody calls her bella now.", "bella"),
        ("My name is lenuta.", "lenuta"),
        ("Name: Long Chance\nBorn: somewhere", "Long Chance"),
        ("Officer Brown took her statement.", "Brown"),
        ("interpreter Mira K. helped", "Mira K"),
        ("Umm Khaled and Ate Cherry cooked.", "Umm Khaled"),
        ("The case of Long v. Short was read out.", "Long"),
        ("I.P. was found there.", "I.P"),
        ("Mr White said nothing.", "White"),
    ],
)
def test_a_name_that_is_a_word_is_told_by_what_stands_beside_it(text: str, name: str) -> None:
    assert covers(names, text, name)


@pytest.mark.parametrize(
    "text, language, name",
    [
        ("Elle a rencontré madame Petit hier.", "fr", "Petit"),
        ("Il dit que qu'Anita est partie.", "fr", "Anita"),
        ("Ayer vino la señora Blanco.", "es", "Blanco"),
        ("A venit doamna Lungu ieri.", "ro", "Lungu"),
        ("È arrivata la signora Bianchi.", "it", "Bianchi"),
    ],
)
def test_titles_are_known_in_five_languages(text: str, language: str, name: str) -> None:
    assert covers(names, text, name, language=language)


@pytest.mark.parametrize(
    "text",
    [
        "The applicant alleged that the Court had not heard her.",
        "On Monday the Ministry told the woman that she could stay until May.",
        "She will hope for the best, and may have a long way to go.",
        "The Bill was read in Parliament. Grants were given.",
        "I think that I am ill. A doctor came. He'll come back; don't wait.",
        "They paid EUR 500 and USD 20, the UN said.",
        "Section 5 of the Act applies. See Article 6 § 1.",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert found(names, text) == set()


def test_a_word_that_the_text_uses_without_a_capital_is_no_name() -> None:
    text = "The frobnicator was broken. The Frobnicator is the machine."
    assert "Frobnicator" not in found(names, text)
    assert "Frobnicator" in found(names, "It was broken. The Frobnicator is the machine.")


def test_without_the_rule_the_name_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "We met Osarugue Igbinedion near the bus station."
    assert covers(names, text, "Osarugue Igbinedion")
    monkeypatch.setattr(rules, "RULES", tuple(rule for rule in rules.RULES if rule[0] != "written"))
    assert not covers(names, text, "Osarugue Igbinedion")


def test_the_shape_of_a_text_has_the_same_length_as_its_words_and_breaks() -> None:
    text = "Mr A. Cruz, alias Bella, said: No.\n\nHis sister Ana-Maria left."
    shape = shape_of(text, "en")
    assert len(shape.codes) == len(shape.starts) == len(shape.ends)
    assert all(start <= end for start, end in zip(shape.starts, shape.ends, strict=True))


ENDLESS = (
    "H.",
    "H",
    "HR",
    "HPPP",
    "K",
    "T",
    "I.",
    "I",
    "IP",
    "X",
    "XQ",
    "Q",
    "QP",
    "AQ",
    "QJ",
    "XJ",
    "AP",
    "n",
    "u",
    "w",
)


@pytest.mark.parametrize("code", ENDLESS)
def test_a_row_of_titles_initials_or_particles_takes_no_longer_than_it_is_long(code: str) -> None:
    """Half a second for 50,000 shapes, in processor time; a rule that began anew at each would take minutes."""
    size = 50_000 // len(code) * len(code)
    shape = Shape(code * (size // len(code)), tuple(range(size)), tuple(range(1, size + 1)))
    tries = []
    for _ in range(3):
        began = time.process_time()
        list(names_in(shape, "en"))
        tries.append(time.process_time() - began)
        if tries[-1] < 0.5:
            return
    raise AssertionError(f"took {min(tries):.2f} s")


@pytest.mark.parametrize(
    "text, name",
    [
        ("Mr. Mr. Mrs. Dr. Hope came.", "Hope"),
        ("Dr. Judge Mrs. de la Cruz came.", "Cruz"),
        ("J. J. J. de la Cruz came.", "J. J. J. de la Cruz"),
        ("De La Cruz Popescu came.", "De La Cruz Popescu"),
    ],
)
def test_after_a_row_of_titles_or_initials_the_name_is_found(text: str, name: str) -> None:
    assert covers(names, text, name)


def test_no_finding_shows_what_it_found() -> None:
    said = list(names(written("We met Osarugue.")))
    assert said and "Osarugue" not in repr(said)
