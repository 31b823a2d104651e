"""The trade's own words are ordinary words, unless people are called so."""

from __future__ import annotations

import pytest
from redaction_reading import found

from redaction.detectors.names import names
from redaction.detectors.ordinary import data, given_names, is_of_the_trade, lexicon, surnames, trade_words
from redaction.detectors.strict import strict

LANGUAGES = ("en", "fr", "es", "ro", "it")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_the_trade_is_a_name_in_our_lists(language: str) -> None:
    trade = data("trade.yaml")
    listed = set(" ".join([*trade["words"][language], trade["short"][language]]).split())
    assert listed == trade_words(language)
    assert listed.isdisjoint(given_names() | surnames())


SENTENCES = [
    ("fr", "Recrutée par une annonce. Hébergée dans une maison."),
    ("it", "Reclutata con un annuncio. Rinchiusa in una casa."),
    ("ro", "A fost recrutată pentru un post de ospătăriță. Patronul a zis nu."),
    ("es", "La captaron con un anuncio. Tiene moratones."),
]


@pytest.mark.parametrize(("language", "text"), SENTENCES)
def test_words_of_the_trade_stay(language: str, text: str) -> None:
    assert found(names, text, language=language) == set()
    assert found(strict, text, language=language, strict=language not in ("en", "fr")) == set()


def test_a_name_at_the_start_of_a_sentence_is_still_found() -> None:
    assert found(names, "Ousmane par une annonce.", language="fr") == {"Ousmane"}
    assert "Zbrnjak" in found(strict, "Zbrnjak con un anuncio.", language="es", strict=True)


def test_abbreviations_of_the_trade_are_known_whole() -> None:
    assert is_of_the_trade("PHQ9", "en") and is_of_the_trade("GP, NRM", "en")
    assert not is_of_the_trade("GP Maria", "en") and not is_of_the_trade("", "en")
    assert lexicon("en").is_word("nrm") and not lexicon("en").is_word("nrx")
