"""A string that was found once is found everywhere: which strings that holds for, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import ahocorasick
import regex

from redaction.detectors.ordinary import Lexicon, data, lexicon
from redaction.folding import CLUSTER, Folded, folded
from redaction.lexicon import ABBREVIATIONS

_EVERYWHERE: Final = 5.5  # Zipf frequency of the 350 or so commonest words: articles, pronouns, auxiliaries
_COMMON: Final = 4.5  # nearly everything of two letters is on a list; so frequent are only words
_FEWEST_LETTERS: Final = 3
_FEWEST_DIGITS: Final = 4

_INITIALS: Final = regex.compile(r"(\p{Lu})[.-]?(\p{Lu})\.?")

NAMES: Final = frozenset({"PERSON"})


@dataclass(frozen=True, slots=True)
class Echo:
    """A folded string to look for. `exact` is how it must be written, or None where any spelling will do.

    `part` marks one word out of a person's name, which may be somebody else's elsewhere.
    """

    text: str = field(repr=False)
    exact: str | None = field(repr=False)
    part: bool


def echoes_of(text: str, start: int, end: int, kinds: Iterable[str], *, language: str) -> Iterator[Echo]:
    """The strings that follow from `text[start:end]` having been found.

    They are the whole string, and each word of a person's name by itself. A string with a word that is on no
    list of common words, or with four digits, is looked for in any letter case. One of common words alone is
    looked for only as it was written, with a capital, and only if the text never uses that word without one:
    a model that takes "Court" for a name must not shred a judgment. The commonest words of a language,
    common words in lower case and strings of fewer than three letters and four digits are not looked for;
    where they were found they are covered all the same. Two capitals that somebody is called by are looked for
    exactly as they were written, unless they mean something else in most reports (UK, GP).
    """
    whole = text[start:end]
    words = [match.group() for match in CLUSTER.finditer(whole)]
    yield from _echo(whole, words, text, language, part=False)
    if not NAMES.isdisjoint(kinds) and _are_initials(whole, language):
        yield Echo(folded(whole).strip(), _as_written(whole), part=False)
    if len(words) > 1 and not NAMES.isdisjoint(kinds):
        for word in words:
            yield from _echo(word, [word], text, language, part=True)


def standing_in(echoes: Iterable[Echo], reading: Folded, text: str) -> Iterator[tuple[Echo, int, int]]:
    """Every place where one of `echoes` stands in `text` as whole words, with its raw range."""
    wanted: dict[str, list[Echo]] = {}
    for echo in echoes:
        wanted.setdefault(echo.text, []).append(echo)
    if not wanted:
        return
    automaton = ahocorasick.Automaton()
    for string, spellings in wanted.items():
        automaton.add_word(string, (len(string), spellings))
    automaton.make_automaton()
    for last, (length, spellings) in automaton.iter(reading.text):
        first = last + 1 - length
        if _inside_word(reading.text, first) or _inside_word(reading.text, last + 1):
            continue
        start, end = reading.raw(first, last + 1)
        for echo in spellings:
            if echo.exact is None or _as_written(text[start:end]) == echo.exact:
                yield echo, start, end


def _inside_word(text: str, position: int) -> bool:
    return 0 < position < len(text) and text[position - 1].isalnum() and text[position].isalnum()


def _echo(string: str, words: list[str], text: str, language: str, *, part: bool) -> Iterator[Echo]:
    key = folded(string).strip()
    letters, digits = sum(map(str.isalpha, key)), sum(map(str.isdigit, key))
    if letters < _FEWEST_LETTERS and digits < _FEWEST_DIGITS:
        return
    if digits >= _FEWEST_DIGITS or any(_is_rare(word, language) for word in words):
        yield Echo(key, None, part)
        return
    telling = [
        word
        for word in words
        if word[:1].isupper() and len(word) >= _FEWEST_LETTERS and not _is_everywhere(word, language)
    ]
    if any(not _is_used_without_capital(word, text) for word in telling):
        yield Echo(key, _as_written(string), part)


def _are_initials(string: str, language: str) -> bool:
    """Whether a name is two capitals and no more, with or without full stops."""
    match = _INITIALS.fullmatch(string.strip())
    if match is None:
        return False
    key = folded(match[1] + match[2])
    known = key in ABBREVIATIONS or key in data("names.yaml")["abbreviations"]
    return not known and not any(words.frequency(key) >= _COMMON for words in _lexicons(language))


def _as_written(string: str) -> str:
    return " ".join(string.split())


def _is_rare(word: str, language: str) -> bool:
    key = folded(word)
    return sum(map(str.isalpha, key)) >= _FEWEST_LETTERS and not any(
        words.is_word(key) for words in _lexicons(language)
    )


def _is_everywhere(word: str, language: str) -> bool:
    return any(words.frequency(folded(word)) >= _EVERYWHERE for words in _lexicons(language))


def _lexicons(language: str) -> tuple[Lexicon, ...]:
    """English is always asked as well: reports mix the two."""
    return (lexicon("en"),) if language == "en" else (lexicon(language), lexicon("en"))


def _is_used_without_capital(word: str, text: str) -> bool:
    lower, start = word.casefold(), -1
    while (start := text.find(lower, start + 1)) >= 0:
        end = start + len(lower)
        if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
            return True
    return False
