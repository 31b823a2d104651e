"""A known name or number is found though letters were lost, doubled, cut off, pulled apart or typed as figures."""

from __future__ import annotations

import pytest
from redaction_known import holds, person, shown

from redaction.detectors import known_names, known_numbers
from redaction.findings import Known

LOST = [
    "L\ufffdc\ufffdtu\ufffd",
    "L\ufffd\ufffdc\ufffd\ufffdtu\ufffd\ufffd",
    "L_c_tu_",
    "L?c?tu?",
    "L c tu",
    "Lctu",
]


@pytest.mark.parametrize("written", LOST)
def test_a_name_is_known_by_the_letters_that_a_program_left_of_it(written: str) -> None:
    assert shown(f"then {written}, came", person("Ștefania Lăcătuș")) == "then _, came"


def test_a_letter_that_no_program_could_read_may_be_any_letter() -> None:
    assert shown("then L\ufffdc\ufffdtu\ufffd came", person("Lacatus")) == "then _ came"
    assert holds("then L\ufffdc\ufffdtu\ufffd came", person("Lacatus")) == {"starred_name"}


def test_words_with_gaps_between_them_are_no_lost_name() -> None:
    text = "to be in a hut, l or c. new_file_name.txt; is it? no"
    assert shown(text, person("Ștefania Lăcătuș"), person("Hà Lê")) == text


DOUBLED = [
    ("Kifaye Prosacco", "kkiiffaayyee"),
    ("Ruthann Lobo", "rruutthhaannnn"),
    ("Khoa Grzesiek", "kkhhooaa"),
]


@pytest.mark.parametrize(("name", "written"), DOUBLED)
def test_a_name_with_every_letter_twice_is_that_name(name: str, written: str) -> None:
    assert shown(f"he hit {written} again", person(name)) == "he hit _ again"


def test_a_word_with_a_doubled_letter_is_not_every_name_without_it() -> None:
    assert shown("to marry well and be merry", person("Mary Mery")) == "to marry well and be merry"


APART = [
    ("Prentice Alves", "p r 3 n + 1 c 3"),
    ("Josiane Munro", "J😊o😊s😊i😊n😊a😊e"),
    ("Josiane Munro", "J\no\ns\ni\na\nn\ne"),
    ("Ferran Puig", "f-ee-r-r-aa-n"),
    ("Tobiasz Jakimiak", "+ 0 b 1 4 5 z"),
    ("Octa Chotzen", "0 c + 4"),
]


@pytest.mark.parametrize(("name", "written"), APART)
def test_letters_apart_are_read_with_slips_doubles_and_signs_for_letters(name: str, written: str) -> None:
    assert shown(f"he hit {written} again", person(name)) == "he hit _ again"


def test_abbreviations_and_lists_are_no_letters_of_a_name() -> None:
    text = "E.g. the U.S., at 9 a.m.; a, b, c, d and e"
    assert shown(text, person("Josiane Munro"), person("Prentice Alves")) == text


def test_a_name_cut_off_counts_beside_another_part_and_before_what_people_do() -> None:
    name = person("Sirzad Dragojevic")
    assert shown("Sir. Drag. was hit by him", name) == "_. was hit by him"
    assert shown("then Drag. said no", name) == "then _. said no"
    assert shown("He sat on a drag. Sir, he said", name) == "He sat on a drag. Sir, he said"


def test_a_short_part_with_a_slip_counts_beside_another_part() -> None:
    assert shown("he hit nil digins and left nil", person("Nial Diggins")) == "he hit _ and left nil"


PHONE = Known("PHONE", "+40 745 318 206", "s1")
PASSPORT = Known("DOCUMENT", "KX 774213", "s1")
MISREAD = [
    (PHONE, "O745 3I8 2O6"),
    (PHONE, "o745318zo6"),
    (PHONE, "0745.318.2o6"),
    (PHONE, "O seven four five three one eight two O six"),
    (PASSPORT, "KX 7742I3"),
    (PASSPORT, "kx-774Z13"),
]


@pytest.mark.parametrize(("known", "written"), MISREAD)
def test_a_known_number_is_found_with_letters_for_figures(known: Known, written: str) -> None:
    assert shown(f"it says {written} there", known) == "it says _ there"
    assert holds(f"it says {written} there", known) == set()


def test_words_of_letters_that_look_like_figures_stay() -> None:
    text = "so big is the oil lobby, 5 girls, a 4x4 and 10 gills"
    assert shown(text, PHONE, Known("DOCUMENT", "816 808 005"), Known("PLATE", "B 16 SOS")) == text


def test_without_the_reading_in_figures_the_number_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_numbers, "in_figures", lambda view: view)
    assert shown("it says O745 3I8 2O6 there", PHONE) == "it says O745 3I8 2O6 there"


def test_without_the_reading_of_lost_letters_the_name_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_names, "lost_in", lambda *_: iter(()))
    assert shown("then L c tu, came", person("Ștefania Lăcătuș")) == "then L c tu, came"
