"""Whether a word stands where a person would: who does something, or to whom it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml

from redaction.detectors.ordinary import given_names, lexicon
from redaction.lexicon import BEFORE_A_WORD
from redaction.reading import Reading

_CONJUNCTIONS: Final = frozenset({"and", "et", "y", "e", "si", "ou", "or", "o"})
_ARTICLES: Final = frozenset({"la", "el", "il", "lo", "le", "l", "a"})
# Between what is done to somebody and her name: "lovit-o pe Ana".
_MOST_BETWEEN: Final = 2


@dataclass(frozen=True, slots=True)
class Slots:
    """The words around a person in one language, folded; what each list means stands in `data/slots.yaml`."""

    acts: frozenset[str] = field(repr=False)
    helpers: frozenset[str] = field(repr=False)
    states: frozenset[str] = field(repr=False)
    done: frozenset[str] = field(repr=False)
    towards: frozenset[str] = field(repr=False)
    by: frozenset[str] = field(repr=False)
    belongs: frozenset[str] = field(repr=False)
    of: frozenset[str] = field(repr=False)
    genitive: frozenset[str] = field(repr=False)
    adverbs: frozenset[str] = field(repr=False)
    before: frozenset[str] = field(repr=False)
    behind: frozenset[str] = field(repr=False)
    follows: frozenset[str] = field(repr=False)
    opens: frozenset[str] = field(repr=False)


def stands_for_a_person(place: int, reading: Reading) -> bool:
    """Whether the words around the word at `place` speak of a person there.

    She does what only people do, it is done to her, something of hers is named, or she is named together with
    somebody. Knows neighbours and not grammar: of "hope escaped her" it makes a person.
    """
    return _is_named_with_another(place, reading) or any(
        (_acts(place, reading, slots) or _is_done_to(place, reading, slots) or _owns(place, reading, slots))
        and _is_no_opening(place, reading, slots)
        for slots in _asked(reading)
    )


def may_stand_for_a_person(place: int, reading: Reading) -> bool:
    """Whether nothing beside the word at `place` shows that it is only a word.

    Words that open phrases or go with verbs ("an", "mai") are taken for words: they stand everywhere.
    """
    return not any(_is_a_word(place, reading, slots) for slots in _asked(reading))


def _is_a_word(place: int, reading: Reading, slots: Slots) -> bool:
    if reading.key(place) in slots.opens | slots.adverbs | slots.helpers:
        return True
    before = reading.beside(place - 1, place) and reading.key(place - 1) in slots.before | slots.opens
    return before or (reading.beside(place, place + 1) and reading.key(place + 1) in slots.behind)


def _acts(place: int, reading: Reading, slots: Slots) -> bool:
    if not reading.beside(place, place + 1) or reading.key(place) in slots.adverbs:
        return False
    if reading.key(place + 1) in slots.acts:
        return True
    at = place + 1
    while at <= place + _MOST_BETWEEN + 1 and reading.key(at) in slots.helpers:
        at += 1
    return at > place + 1 and reading.key(at) in slots.states and reading.beside(at - 1, at)


def _is_done_to(place: int, reading: Reading, slots: Slots) -> bool:
    if not reading.beside(place - 1, place):
        return False
    before = reading.key(place - 1)
    if before in slots.done:
        return True
    if before not in slots.by:
        return False
    return any(
        reading.key(at) in slots.towards | slots.done and reading.beside(at, at + 1)
        for at in range(place - 2, place - 3 - _MOST_BETWEEN, -1)
        if all(reading.key(between) in slots.helpers for between in range(at + 1, place - 1))
    )


def _owns(place: int, reading: Reading, slots: Slots) -> bool:
    """ "may's phone", "el telefono de mar", "actele lupului" """
    if reading.key(place + 1) == "s" and reading.key(place + 2) in slots.belongs:
        return reading.beside(place, place + 1) and reading.beside(place + 1, place + 2)
    before = place - 1
    if reading.key(before) in slots.of and reading.beside(before, place):
        before -= 1
    elif not reading.key(place).endswith(tuple(slots.genitive)):
        return False
    return reading.key(before) in slots.belongs and reading.beside(before, before + 1)


def _is_named_with_another(place: int, reading: Reading) -> bool:
    """ "sole y la rocio": a given name that is nothing else stands behind "and", or before it."""
    for step in (1, -1):
        other = place + 2 * step
        if reading.key(place + step) not in _CONJUNCTIONS:
            continue
        if reading.key(other) in _ARTICLES:
            other += step
        low, high = sorted((place, other))
        if _is_only_a_name(reading.key(other), reading.setting.language) and all(
            reading.beside(at, at + 1) for at in range(low, high)
        ):
            return True
    return False


def _is_only_a_name(word: str, language: str) -> bool:
    words = (lexicon("en"), lexicon(language))
    return word in given_names() and not any(one.is_word(word) for one in words)


def _is_no_opening(place: int, reading: Reading, slots: Slots) -> bool:
    """False for a word that opens a phrase where one goes on: "beat an old man", "an escaped prisoner"."""
    if reading.key(place) not in slots.opens:
        return True
    acts = reading.beside(place, place + 1) and reading.key(place + 1) in slots.acts
    last = place + 1 if acts else place
    return not reading.beside(last, last + 1) or reading.key(last + 1) in slots.follows | slots.helpers


def _asked(reading: Reading) -> tuple[Slots, ...]:
    """The lists for a text: those of its language and of English, or all where its language has none."""
    tables = _tables()
    own = tables.get(reading.setting.language)
    if own is None:
        return tuple(tables.values())
    return (own,) if reading.setting.language == "en" else (own, tables["en"])


@cache
def _tables() -> Mapping[str, Slots]:
    data: Any = yaml.safe_load(
        resources.files("redaction").joinpath("data/slots.yaml").read_text(encoding="utf-8")
    )
    return {
        code: Slots(
            **{name: frozenset(said.split()) for name, said in lists.items()},
            opens=BEFORE_A_WORD.get(code, frozenset()),
        )
        for code, lists in data.items()
    }
