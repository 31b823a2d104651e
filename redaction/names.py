"""The names of known persons, in all the forms in which one and the same name is written."""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

import regex
from rapidfuzz.distance import OSA

from redaction.findings import Known
from redaction.letters import latin_key, leet_key
from redaction.lexicon import (
    CLIPPED,
    ENDINGS,
    KUNYA,
    MISREADINGS,
    PARTICLES,
    PARTICLES_AS_WRITTEN,
    SAME_NAME,
    SHORT_ENDINGS,
    WORD,
)
from redaction.sounds import OPENINGS, sounds_of

_ATBASH: Final = str.maketrans("abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba")
_STRETCHED: Final = regex.compile(r"(.)\1{2,}")
_VOWELS: Final = frozenset("aeiouy")
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
class Hit:
    """A stretch of the raw text that names a person."""

    start: int
    end: int
    form: Form


def person_of(known: Known) -> Person | None:
    """The name in `known` taken apart, or None where there is no word in it.

    Particles and words of descent do not identify, nor do words in small letters beside words with capitals
    ("Jessica from the flat"), nor initials. Any of them counts where nothing else is left.
    """
    words = [word for word in WORD.findall(unicodedata.normalize("NFC", known.value)) if latin_key(word)]
    kept = [word for word in words if not _is_particle(word)]
    if len(kept) < 2:
        kept = [word for word in words if word in kept or (word[0].isupper() and not _is_kin(word))]
    if any(word[0].isupper() for word in kept):
        kept = [word for word in kept if not word.islower()]
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

    def forms_in_leet(self, word: str) -> Iterator[Form]:
        """What `word` may be, where `unleet` made it from letters and other signs."""
        for read in (word, *_misread(word)):
            yield from self._leet.get(read, ())
        for form in self._parts:
            if _is_near(word, leet_key(form.part.key), foreign=False):
                yield form

    def _learn(self, person: Person, part: Part) -> None:
        self._exact.setdefault(part.key, []).append(Form(person, part, Likeness.PART))
        form = Form(person, part, Likeness.FORM)
        for other in forms_of_part(part.key):
            self._exact.setdefault(other, []).append(form)
        alike = Form(person, part, Likeness.ALIKE)
        self._parts.append(alike)
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
            for sound in _sounds_to_ask(word, foreign=foreign):
                yield from self._sounds.get(sound, ())
        for misread in _misread(word):
            yield from (Form(form.person, form.part, Likeness.ALIKE) for form in self._exact.get(misread, ()))
        if "l" in word:  # where a scanner saw an i
            yield from self._leet.get(leet_key(word), ())
        for form in self._parts:
            if _is_near(word, form.part.key, foreign=foreign) or _is_longer(word, form.part.key):
                yield form


def forms_of_part(key: str) -> set[str]:
    """Endings, pet names, clipped names and spellings of one part of a name, itself left out."""
    endings = ENDINGS if len(key) >= 4 else SHORT_ENDINGS
    stem = key[:-1] if key[-1] in _VOWELS and len(key) > 2 else key
    forms = {key + ending for ending in endings} | {stem + ending for ending in endings if stem != key}
    for other in SAME_NAME.get(key, ()):
        forms |= {other} | {other + ending for ending in SHORT_ENDINGS if len(other) >= 4}
    forms |= {
        key[len(prefix) :] for prefix in CLIPPED if key.startswith(prefix) and len(key) >= len(prefix) + 3
    }
    return {form for form in forms if len(form) > 1} - {key}


def _sounds_to_ask(word: str, *, foreign: bool) -> Iterator[str]:
    consonants, whole = sounds_of(word)
    bare = consonants.lstrip("+")
    if foreign:
        if len(bare) >= 2:
            yield from (bare, "+" + bare)
        if len(bare) >= 3 and bare.startswith("l"):  # the Arabic article, which is written into the word
            yield from (bare[1:], "+" + bare[1:])
    elif len(bare) >= 3:
        yield consonants
    if len(bare) >= 2:
        yield from (whole, "~" + bare)


def _is_near(word: str, key: str, *, foreign: bool) -> bool:
    """True within two slips for six letters, within one for five (four in another script)."""
    shorter = min(len(key), len(word) + 1)
    limit = 2 if shorter >= 6 else 1 if shorter >= (4 if foreign else 5) else 0
    if not limit or abs(len(word) - len(key)) > limit:
        return False
    return OSA.distance(word, key, score_cutoff=limit) <= limit


def _is_longer(word: str, key: str) -> bool:
    """True for a name with more behind it than our endings know ("Popescova")."""
    stem = key[:-1] if key[-1] in _VOWELS else key
    return len(stem) >= 4 and word.startswith(stem) and 0 < len(word) - len(stem) <= 5


def _misread(word: str) -> Iterator[str]:
    """What a scanner may have read as `word`, or a writer may have drawn out ("Ioooana")."""
    if _STRETCHED.search(word):
        yield _STRETCHED.sub(r"\1", word)
    for seen, meant in MISREADINGS:
        if seen in word:
            yield word.replace(seen, meant)


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
