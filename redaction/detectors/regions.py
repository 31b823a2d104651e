"""The names of countries, of their regions and of peoples, in the languages that reports come in."""

from __future__ import annotations

from functools import cache
from typing import Final

import pycountry
from babel import Locale

from redaction.detectors.ordinary import data, plain

LANGUAGES: Final = ("en", "fr", "es", "ro", "it")


@cache
def countries() -> frozenset[str]:
    """Countries and areas in five languages, folded; some have more than one word."""
    found: set[str] = set()
    for language in LANGUAGES:
        found.update(plain(name) for name in Locale(language).territories.values())
    for country in pycountry.countries:
        found.update(
            plain(name)
            for name in (
                country.name,
                getattr(country, "common_name", ""),
                getattr(country, "official_name", ""),
            )
        )
    return frozenset(name for name in found if name.replace(" ", "").isalpha() and len(name) > 3)


@cache
def peoples() -> frozenset[str]:
    """What people of a country or its language are called, in five languages, folded single words."""
    found = {
        plain(name)
        for language in LANGUAGES
        for code, name in Locale(language).languages.items()
        if len(code) == 2 and name.isalpha()
    }
    return frozenset(found) | frozenset(data("places.yaml")["peoples"])


def is_region(word: str) -> bool:
    """Whether the folded `word` by itself names a country or a people."""
    return word in countries() or word in peoples()
