"""A text is read in its own language or not at all; a doubt is never settled by guessing."""

from __future__ import annotations

import pytest
from redaction_reading import english, holds

from policies.load import floor
from redaction.detectors.strict import strict
from redaction.language import foreign_passages, identify_with
from redaction.pipeline import redact

TEXTS = {
    "en": "She came to the shelter at night and told us that the driver had taken her papers from her.",
    "fr": "Elle est venue au foyer pendant la nuit et nous a dit que le chauffeur avait pris ses papiers.",
    "es": "Vino al albergue por la noche y nos dijo que el conductor le había quitado todos sus papeles.",
    "ro": "A venit la adăpost în timpul nopții și ne-a spus că șoferul îi luase toate actele de la ea.",
    "it": "È venuta al rifugio durante la notte e ci ha detto che l'autista le aveva preso i documenti.",
}

identify = identify_with(frozenset({"en", "fr"}))


@pytest.mark.parametrize("code", TEXTS)
def test_a_text_is_in_its_own_language(code: str) -> None:
    for wanted in (code, None):
        language = identify(TEXTS[code], wanted)
        assert (language.code, language.sure) == (code, True)
        assert language.strict == (code not in ("en", "fr"))


@pytest.mark.parametrize("code", TEXTS)
@pytest.mark.parametrize("wanted", TEXTS)
def test_an_author_who_is_wrong_about_it_makes_us_unsure(code: str, wanted: str) -> None:
    if code != wanted:
        assert not identify(TEXTS[code], wanted).sure


@pytest.mark.parametrize("text", ["She left.", "I am fine now, thank you", "they took my phone and my money"])
def test_a_short_text_is_believed_to_be_what_its_author_says(text: str) -> None:
    language = identify(text, "en")
    assert (language.code, language.sure) == ("en", True)


@pytest.mark.parametrize("text", ["", "Ok", "+40 722 123 456", "Ioana", "🌹", "xqzt wvk"])
def test_where_nothing_tells_nobody_is_sure(text: str) -> None:
    assert not identify(text, None).sure


@pytest.mark.parametrize("text", ["Она сказала, что больше туда не вернётся.", "قالت إنها لن تعود إلى هناك"])
def test_another_script_is_not_read(text: str) -> None:
    for wanted in (None, "en", "fr"):
        assert not identify(text, wanted).sure


def test_no_model_ever_reads_a_text_in_another_language() -> None:
    done = redact(TEXTS["es"] + " Firmado: Lucía", terms=floor(), engine=english(), lang="en")
    assert not any("presidio" in verdict.span.detectors for verdict in done.verdicts)
    assert "Lucía" not in done.text


def test_a_language_that_nobody_knows_is_held() -> None:
    yoruba = "Ó sọ fún wa pé òun kò fẹ́ padà sí ilé náà mọ́, nítorí pé wọ́n ń lu òun ní gbogbo ìgbà."
    assert redact(yoruba, terms=floor(), engine=english()).held
    assert "language_not_supported" in holds(strict, yoruba, language="yo", strict=True)


def test_a_foreign_passage_is_told_from_the_rest() -> None:
    text = f"{TEXTS['en']}\n\n{TEXTS['es']}\n\n{TEXTS['en']}"
    (passage,) = foreign_passages(text, "en")
    assert passage.language == "es"
    assert text[passage.start : passage.end].strip() == TEXTS["es"]
    assert not list(foreign_passages(TEXTS["en"], "en"))
