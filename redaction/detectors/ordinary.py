"""Which words are ordinary in a language, and which are names: what tells a survivor's name from a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import islice
from typing import Any, Final

import wordfreq
import yaml
from anyascii import anyascii
from babel.dates import get_day_names, get_month_names

from redaction.folding import folded

# Zipf frequencies: 3 is one in a million words. English has a dictionary; for other languages a word
# has to be this frequent to be taken for a word, and a name this frequent may be a word as well.
KNOWN: Final = 3.0
FREQUENT: Final = 4.3
# Reports use the trade's own words as often as other texts use common ones.
OF_THE_TRADE: Final = 5.0


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is known of the words of one language. Words are asked for folded."""

    language: str
    words: frozenset[str] = field(repr=False)
    zipf: Mapping[str, float] = field(repr=False)
    ambiguous: frozenset[str] = field(repr=False)
    accented: frozenset[str] | None = field(repr=False)

    def is_word(self, word: str) -> bool:
        """Whether `word` is an ordinary word, whatever else it may be."""
        return word in self.words

    def may_be_written(self, word: str) -> bool:
        """Whether a word of this language is spelt with the accents of `word`, which is not folded."""
        return self.accented is None or word.isascii() or word.lower() in self.accented

    def is_name(self, word: str) -> bool:
        """Whether people are called `word`."""
        return word in given_names() or word in surnames() or word in self.ambiguous

    def frequency(self, word: str) -> float:
        """The base-ten logarithm of how often `word` stands in a billion words; 0 if it is unknown."""
        return self.zipf.get(word, 0.0)


@cache
def lexicon(language: str) -> Lexicon:
    """The words of `language`; nothing is ordinary in a language that nothing is known of."""
    zipf = frequencies(language)
    accented = None
    if language == "en":
        words = lines("ordinary_en.txt") | trade_words("en")
        accented = frozenset(word for word in most_frequent("en") if not word.isascii())
    else:
        words = frozenset(
            word
            for word, often in zipf.items()
            if often >= (FREQUENT if word in given_names() or word in surnames() else KNOWN)
        )
    also_names = frozenset(data("names.yaml")["also_words"])
    return Lexicon(language, words | calendar(language), zipf, also_names, accented)


@cache
def frequencies(language: str) -> Mapping[str, float]:
    """Each word of `language`, folded, with its Zipf frequency; empty for an unknown language."""
    if language not in wordfreq.available_languages("small"):
        return {}
    found: dict[str, float] = {}
    for place, words in enumerate(wordfreq.get_frequency_list(language, "small")):
        for word in words:
            found.setdefault(word if word.isascii() else folded(word), (900 - place) / 100)
    return found | {word: max(found.get(word, 0.0), OF_THE_TRADE) for word in trade_words(language)}


@cache
def trade_words(language: str) -> frozenset[str]:
    """What only our reports are full of ("NRM", "recrutata"), folded; nothing that people are called as well."""
    trade = data("trade.yaml")
    listed = " ".join([*trade["words"].get(language, []), trade["short"].get(language, "")]).split()
    return frozenset(listed) - given_names() - surnames() - frozenset(data("names.yaml")["also_words"])


def most_frequent(language: str, number: int | None = None) -> list[str]:
    """The most frequent words of `language`, the first ones first."""
    words = (word for words in wordfreq.get_frequency_list(language, "small") for word in words)
    return list(islice(filter(str.isalpha, words), number))


@cache
def calendar(language: str) -> frozenset[str]:
    """The names of months and weekdays, long and short, folded."""
    if language not in ("en", "fr", "es", "ro", "it", "pt", "de"):
        return frozenset()
    names = [
        name
        for width in ("wide", "abbreviated")
        for read in (get_month_names, get_day_names)
        for name in read(width, locale=language).values()
    ]
    return frozenset(folded(name).strip(".") for name in names)


@cache
def given_names() -> frozenset[str]:
    """Given names of many countries, folded and in plain Latin letters."""
    return lines("given_names.txt")


@cache
def surnames() -> frozenset[str]:
    """Surnames of many countries that are not given names as well, folded and in plain Latin letters."""
    return lines("surnames.txt")


@cache
def lines(name: str) -> frozenset[str]:
    """The lines of a word list of ours."""
    return frozenset(_read(name).split("\n")) - {""}


@cache
def data(name: str) -> Any:
    """A YAML file of ours."""
    return yaml.safe_load(_read(name))


def is_of_the_trade(string: str, language: str) -> bool:
    """Whether `string` is made of words of the trade alone, in capitals or not: "NRM", "PHQ9"."""
    words = "".join(sign if sign.isalnum() else " " for sign in folded(string)).split()
    return bool(words) and trade_words(language).issuperset(words)


def plain(word: str) -> str:
    """`word` folded, and spelt in a to z where folding leaves a letter such as ł or ı."""
    if word.isascii():
        return word.lower()
    key = folded(word)
    return key if key.isascii() else anyascii(key).lower()


def _read(name: str) -> str:
    return resources.files("redaction.detectors").joinpath(f"data/{name}").read_text(encoding="utf-8")
