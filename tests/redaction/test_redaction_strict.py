"""Without a tested model only common words stay; what nobody here can read holds the text."""

from __future__ import annotations

import pytest
from redaction_reading import covers, english, found, holds, written

from policies.load import floor
from redaction.detectors import strict as module
from redaction.detectors.strict import strict
from redaction.pipeline import redact

SENTENCES = {
    "es": ("Ayer hablamos con {} en la casa, y dijo que no quiere volver con ellos.", "Lucía Hernández"),
    "ro": ("Ieri am vorbit cu {} în casă, și a spus că nu vrea să se întoarcă la ei.", "Ilinca Ciobanu"),
    "it": ("Ieri abbiamo parlato con {} nella casa, e ha detto che non vuole tornare.", "Chiara Esposito"),
    "pt": ("Ontem falamos com {} na casa, e ela disse que não quer voltar para eles.", "Benedita Souza"),
    "de": ("Gestern haben wir mit {} im Haus gesprochen, und sie will nicht zurück.", "Liesl Obermaier"),
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_name_goes_and_common_words_stay(language: str) -> None:
    sentence, name = SENTENCES[language]
    text = sentence.format(name)
    assert covers(strict, text, name, language=language, strict=True)
    kept = [word for word in text.split() if word.islower() and word not in found_words(text, language)]
    assert len(kept) >= 8


def found_words(text: str, language: str) -> set[str]:
    return found(strict, text, language=language, strict=True)


@pytest.mark.parametrize("language", ["es", "ro", "it"])
def test_such_a_text_comes_out_redacted_and_not_held(language: str) -> None:
    sentence, name = SENTENCES[language]
    done = redact(sentence.format(name), terms=floor(), engine=english(), lang=language)
    assert not done.held and done.language == language
    assert not any(part in done.text for part in name.split())


def test_a_common_word_that_is_a_name_too_goes_when_it_has_a_capital() -> None:
    text = "Entonces vino Paz y dijo que su amiga Sol no quiere volver a la casa."
    assert covers(strict, text, "Paz", language="es", strict=True)
    assert covers(strict, text, "Sol", language="es", strict=True)


def test_a_foreign_passage_in_a_text_with_a_model_is_read_strictly() -> None:
    text = (
        "She showed us a message on her phone and asked what it meant for her case.\n\n"
        "Querida amiga, te espero en la casa de ilinca mañana por la noche, no digas nada a nadie.\n\n"
        "We wrote it down as it was."
    )
    assert covers(strict, text, "ilinca")
    assert not found(strict, text.split("\n\n")[0])


@pytest.mark.parametrize(
    "text, language, code",
    [
        ("Ajo tha se nuk do të kthehej më në atë shtëpi me ta.", "sq", "language_not_supported"),
        ("xx yy zz", "und", "language_unknown"),
    ],
)
def test_what_nobody_here_can_read_is_held(text: str, language: str, code: str) -> None:
    assert code in holds(strict, text, language=language, strict=True)


@pytest.mark.parametrize(
    "text", ["Она сказала, что её зовут Иоана.", "She said that her name was فاطمة and left."]
)
def test_another_script_is_held(text: str) -> None:
    done = redact(text, terms=floor(), engine=english(), lang="en")
    assert done.held and "unread_script" in done.reasons


def test_words_of_another_script_are_found_as_well() -> None:
    assert "فاطمة" in found(strict, "She said that her name was فاطمة and left.")


def test_with_a_lower_bar_the_name_would_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Ayer vino Rosario y dijo que no quiere volver con ellos a la casa."
    assert covers(strict, text, "Rosario", language="es", strict=True)
    monkeypatch.setattr(module, "ALSO_A_NAME", 0.0)
    monkeypatch.setattr(module, "CAPITAL", 0.0)
    assert not covers(strict, text, "Rosario", language="es", strict=True)


def test_a_text_with_a_model_is_left_to_it() -> None:
    assert not list(strict(written("She came to the house with Osarugue and asked for help.")))
