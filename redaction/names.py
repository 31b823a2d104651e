"""The names of known persons, in all the forms in which one and the same name is written."""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

import regex

from redaction.findings import Known
from redaction.letters import latin_key, leet_key
from redaction.lexicon import KUNYA, PARTICLES, PARTICLES_AS_WRITTEN, WORD
from redaction.phrases import JOINING, describes, is_phrase
from redaction.placeholders import is_placeholder
from redaction.sounds import OPENINGS, sounds_of
from redaction.spellings import (
    across_the_sea,
    forms_of_part,
    is_longer,
    is_near,
    misread_as,
    pieces_without_marked_letters,
    sounds_to_ask,
    squeezed,
    without_marked_letters,
)

_ATBASH: Final = str.maketrans("abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba")
# Fewer letters than this are too few to know a name by where some were doubled or cut off.
_FEWEST: Final = 4
_SHORTEST_BEGINNING: Final = 3
_LATIN: Final = regex.compile(r"[\p{Latin}\p{M}]*")


class Likeness(IntEnum):
    """How a word came to be taken for a part of a name, the surest last."""

    TURNED = 1  # backwards, or with its letters exchanged
    ALIKE = 2  # a slip of the pen or of the scanner, another romanisation
    FORM = 3  # a case ending, a pet name, another spelling
    PART = 4  # the part itself


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a known name: folded to a-z, and as the form has it in lower case."""

    key: str = field(repr=False)
    written: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """A known person's name. `parts` identify; `runs` are its words run together in every order."""

    known: Known
    parts: tuple[Part, ...] = field(repr=False)
    runs: frozenset[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Form:
    """What a word of the text may be: `part` of `person`."""

    person: Person
    part: Part
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Lost:
    """What is left of `part` without its letters that are not English: `pieces` between those that are gone.

    `opens` and `closes`: the first and the last letter are gone too.
    """

    person: Person
    part: Part
    pieces: tuple[str, ...] = field(repr=False)
    opens: bool
    closes: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A stretch of the raw text that names a person."""

    start: int
    end: int
    form: Form


def person_of(known: Known) -> Person | None:
    """The name in `known` taken apart, or None where there is no word in it, or only "unknown".

    Particles and words of descent do not identify, nor do words in small letters beside words with capitals
    ("Jessica from the flat"), nor initials. Any of them counts where nothing else is left. A description in
    small letters ("the girl from flat 4") counts as a whole and not by its words.
    """
    words = [word for word in WORD.findall(unicodedata.normalize("NFC", known.value)) if latin_key(word)]
    if is_placeholder(known.value):
        return None
    if describes(words):
        whole = "".join(map(latin_key, words))
        return Person(known, (Part(whole, " ".join(words)),), frozenset({whole}))
    kept = [word for word in words if not _is_particle(word)]
    if len(kept) < 2:
        kept = [word for word in words if word in kept or (word[0].isupper() and not _is_kin(word))]
    if any(word[0].isupper() for word in kept):
        kept = [word for word in kept if not word.islower()]
    kept = [word for word in kept if not (is_phrase(words) and latin_key(word) in JOINING)] or kept
    kept = [word for word in kept if len(latin_key(word)) > 1] or kept or words
    if not kept:
        return None
    parts = tuple(dict.fromkeys(Part(latin_key(word), word.casefold()) for word in kept))
    runs = frozenset(_runs([latin_key(word) for word in words], [part.key for part in parts]))
    return Person(known, parts, runs)


class Names:
    """All forms of all known names, made once for a text.

    `everyday` are words so common that nobody writes them for want of a better spelling of a name.
    """

    def __init__(self, persons: Iterable[Person], *, everyday: frozenset[str] = frozenset()) -> None:
        self.persons = tuple(persons)
        self._everyday = everyday
        self._openings: set[str] = set()
        self._exact: dict[str, list[Form]] = {}
        self._sounds: dict[str, list[Form]] = {}
        self._leet: dict[str, list[Form]] = {}
        self._parts: list[Form] = []
        self._squeezed: dict[str, list[Form]] = {}
        self._begun: dict[str, list[Form]] = {}
        self._lost: dict[str, list[Lost]] = {}
        self._asked: dict[tuple[str, bool], tuple[Form, ...]] = {}
        for person in self.persons:
            for part in person.parts:
                self._learn(person, part)

    def forms_of(self, word: str, *, foreign: bool = False) -> tuple[Form, ...]:
        """What `word`, folded, may be, surest first. `foreign`: it stands in another script than Latin."""
        asked = (word, foreign)
        forms = self._asked.get(asked)
        if forms is None:
            found = self._exact.get(word) or (
                () if word in self._everyday else self._guesses(word, foreign=foreign)
            )
            forms = self._asked[asked] = tuple(sorted(found, key=lambda form: -form.likeness))
        return forms

    def begun_by(self, word: str) -> Sequence[Form]:
        """The parts that `word`, folded, is the beginning of, with two letters or more cut off."""
        return self._begun.get(word, ())

    def lost_from(self, piece: str) -> Sequence[Lost]:
        """The names that begin with `piece` once their letters that are not English are gone."""
        return self._lost.get(piece, ())

    def forms_in_leet(self, word: str) -> Iterator[Form]:
        """What `word` may be, where `unleet` made it from letters and other signs."""
        for read in (word, *misread_as(word)):
            yield from self._leet.get(read, ())
        for form in self._parts:
            if is_near(word, leet_key(form.part.key), foreign=False):
                yield form

    def _learn(self, person: Person, part: Part) -> None:
        itself, form = (Form(person, part, likeness) for likeness in (Likeness.PART, Likeness.FORM))
        for same in (part.key, *across_the_sea(part.key)):
            self._exact.setdefault(same, []).append(itself)
        for other in forms_of_part(part.key):
            self._exact.setdefault(other, []).append(form)
        for end in range(_SHORTEST_BEGINNING, len(part.key) - 1):
            self._begun.setdefault(part.key[:end], []).append(form)
        alike = Form(person, part, Likeness.ALIKE)
        self._parts.append(alike)
        for left in without_marked_letters(part.written):
            self._exact.setdefault(left, []).append(alike)
        if pieces := pieces_without_marked_letters(part.written):
            opens, closes = (not "a" <= part.written[at] <= "z" for at in (0, -1))
            self._lost.setdefault(pieces[0], []).append(Lost(person, part, pieces, opens, closes))
        if len(part.key) >= _FEWEST:
            self._squeezed.setdefault(squeezed(part.key), []).append(alike)
        self._leet.setdefault(leet_key(part.key), []).append(alike)
        consonants, whole = sounds_of(part.key)
        bare = consonants.lstrip("+")
        sounds = {consonants, whole, bare}
        self._openings.add(consonants[0])
        if not _LATIN.fullmatch(part.written):
            sounds.add("~" + bare)
            self._openings |= {"+", bare[:1]}
        for sound in sounds:
            self._sounds.setdefault(sound, []).append(alike)

    def _guesses(self, word: str, *, foreign: bool) -> Iterator[Form]:
        if len(word) < 3:
            return
        for turned in (word[::-1], codecs.encode(word, "rot13"), word.translate(_ATBASH)):
            parts = (form for form in self._exact.get(turned, ()) if form.likeness is Likeness.PART)
            yield from (Form(form.person, form.part, Likeness.TURNED) for form in parts)
        if foreign or not self._openings.isdisjoint(OPENINGS.get(word[0], "")):
            for sound in sounds_to_ask(word, foreign=foreign):
                yield from self._sounds.get(sound, ())
        for misread in misread_as(word):
            yield from (Form(form.person, form.part, Likeness.ALIKE) for form in self._exact.get(misread, ()))
        if (once := squeezed(word)) != word:
            yield from self._squeezed.get(once, ())
        if "l" in word:  # where a scanner saw an i
            yield from self._leet.get(leet_key(word), ())
        for form in self._parts:
            if is_near(word, form.part.key, foreign=foreign) or is_longer(word, form.part.key):
                yield form


def _runs(words: Sequence[str], keys: Sequence[str]) -> Iterator[str]:
    yield from (one + other for one in keys for other in keys if one != other)
    for length in range(2, len(words) + 1):
        for start in range(len(words) - length + 1):
            window = words[start : start + length]
            if not set(keys).isdisjoint(window):
                yield "".join(window)


def _is_kin(word: str) -> bool:
    return latin_key(word) in KUNYA or word.casefold() in PARTICLES_AS_WRITTEN


def _is_particle(word: str) -> bool:
    return _is_kin(word) or (latin_key(word) in PARTICLES and word.isascii())
