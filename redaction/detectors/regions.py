"""The names of countries, of their regions and of peoples, in the languages that reports come in."""

from __future__ import annotations

from functools import cache
from typing import Final

import pycountry
import regex
from babel import Locale

from redaction.detectors.ordinary import data, lexicon, plain

LANGUAGES: Final = ("en", "fr", "es", "ro", "it")
_SHORTEST: Final = 4
_WORD: Final = regex.compile(r"\p{L}+")


@cache
def countries() -> frozenset[tuple[str, ...]]:
    """Countries and areas in five languages, each as its folded words."""
    names = [name for language in LANGUAGES for name in Locale(language).territories.values()]
    for country in pycountry.countries:
        names += [country.name, getattr(country, "common_name", ""), getattr(country, "official_name", "")]
    return _as_words(names)


@cache
def subdivisions() -> frozenset[tuple[str, ...]]:
    """States, provinces and counties of all countries, each as its folded words, but for those that are words."""
    english = lexicon("en")
    return frozenset(
        words
        for words in _as_words([region.name for region in pycountry.subdivisions])
        if not all(english.is_word(word) or english.is_name(word) for word in words)
    )


@cache
def peoples() -> frozenset[str]:
    """What people of a country or its language are called, folded single words."""
    languages = {
        plain(name)
        for language in LANGUAGES
        for code, name in Locale(language).languages.items()
        if len(code) == 2 and name.isalpha()
    }
    return frozenset(languages) | frozenset(data("places.yaml")["peoples"])


@cache
def single_countries() -> frozenset[str]:
    """The countries and areas whose name is one word."""
    return frozenset(words[0] for words in countries() if len(words) == 1)


@cache
def currencies() -> frozenset[str]:
    """The codes of currencies, in lower case."""
    return frozenset(currency.alpha_3.lower() for currency in pycountry.currencies)


def is_region(word: str) -> bool:
    """Whether the folded `word` by itself names a country or a people."""
    return word in single_countries() or word in peoples()


def _as_words(names: list[str]) -> frozenset[tuple[str, ...]]:
    found = (tuple(plain(word) for word in _WORD.findall(name)) for name in names)
    return frozenset(words for words in found if sum(map(len, words)) >= _SHORTEST)
