"""A name that is a common word is told from the word by where it stands; what stays open is a doubt for a person."""

from __future__ import annotations

import pytest
from redaction_known import person, read, shown

from redaction.detectors import known_trust
from redaction.detectors.known_common import unresolved_in
from redaction.detectors.known_ready import Ready
from redaction.setting import Setting

WHERE_A_PERSON_STANDS = [
    (
        "en",
        "An Vi",
        "an said he beat an every night; they beat an old man",
        "_ said he beat _ every night; they beat an old man",
    ),
    ("en", "May Whitcombe", "i asked may, and friday came in may", "i asked _, and friday came in may"),
    ("en", "Favour Osas", "favor too, and i asked favor about it", "_ too, and i asked _ about it"),
    (
        "es",
        "Mar Blanco",
        "la mar lloraba y le pegó a mar; el mar es azul",
        "la _ lloraba y le pegó a _; el mar es azul",
    ),
    (
        "es",
        "Soledad Cruz",
        "la sole y la rocio duermen; salió el sole",
        "la _ y la rocio duermen; salió el sole",
    ),
    (
        "es",
        "Sol Casa",
        "el teléfono de sol es azul; el sol es azul",
        "el teléfono de _ es azul; el sol es azul",
    ),
    (
        "ro",
        "Crina Lupu",
        "actele lupului sunt la el; blana lupului e gri",
        "actele _ sunt la el; blana lupului e gri",
    ),
    (
        "ro",
        "Trần Thị Mai",
        "am întrebat-o pe mai despre casă; nu mai vine",
        "am întrebat-o pe _ despre casă; nu mai vine",
    ),
    ("it", "Chiara Stella", "la chià piangeva", "la _ piangeva"),
    (
        "it",
        "Ana Pace",
        "il padrone ha picchiato pace di nuovo; la pace è lontana",
        "il padrone ha picchiato _ di nuovo; la pace è lontana",
    ),
    (
        "fr",
        "Ana Gros",
        "le patron a frappé gros hier; un gros camion",
        "le patron a frappé _ hier; un gros camion",
    ),
    ("fr", "Ana Dieu", "j'ai demandé à dieu de venir", "j'ai demandé à _ de venir"),
]


@pytest.mark.parametrize(("lang", "name", "text", "left"), WHERE_A_PERSON_STANDS)
def test_a_name_that_is_a_word_is_the_person_where_a_person_stands(
    lang: str, name: str, text: str, left: str
) -> None:
    assert shown(text, person(name), lang=lang) == left


def test_without_the_rule_the_name_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_trust, "stands_for_a_person", lambda *_: False)
    assert shown("i asked may", person("May Whitcombe")) == "i asked may"


def unresolved(text: str, name: str, lang: str) -> list[str]:
    document = read(text, person(name), lang=lang)
    names = Ready(document.known).names(lang)
    return [
        text[low:high] for low, high in unresolved_in(document.views["latin"], names, Setting(text, lang))
    ]


OPEN = [
    ("es", "Ana Casa", "dos camas, casa en una", ["casa"]),
    ("en", "Hope Ogunleye", "the door opened, hope with a bag", []),
    ("en", "May Whitcombe", "one bed for may, one room", []),
    ("en", "May Whitcombe", "the others: grace, may.", ["may"]),
    ("ro", "Crina Lupu", "crina; lupului; nimeni", ["lupului"]),
]


@pytest.mark.parametrize(("lang", "name", "text", "words"), OPEN)
def test_a_word_that_nothing_explains_is_a_doubt(lang: str, name: str, text: str, words: list[str]) -> None:
    assert unresolved(text, name, lang) == words


PLAINLY_WORDS = [
    ("en", "May Day", "she may be in danger and may not leave until the first of may"),
    ("en", "Hope Grace", "we hope to hear, there is no hope, in the hope of more"),
    ("en", "An Vi", "an old man and an hour"),
    ("es", "Mar Sol", "cerca del mar, al sol, en el mar"),
    ("fr", "Avril Rose", "en avril, le sol de la cave"),
    ("ro", "Mai Dan", "nu mai vine, mai mult, în mai"),
]


@pytest.mark.parametrize(("lang", "name", "text"), PLAINLY_WORDS)
def test_a_word_that_is_plainly_a_word_is_none(lang: str, name: str, text: str) -> None:
    assert unresolved(text, name, lang) == []
