"""The other ways in which one part of a name is spelt, and whether a word is only like one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex
from rapidfuzz.distance import OSA

from redaction.lexicon import CLIPPED, ENDINGS, MISREADINGS, SAME_NAME, SHORT_ENDINGS
from redaction.sounds import sounds_of

_STRETCHED: Final = regex.compile(r"(.)\1{2,}")
_DOUBLED: Final = regex.compile(r"(.)\1+")
_VOWELS: Final = frozenset("aeiouy")
_ENGLISH: Final = regex.compile("[a-z]+")
_FEWEST: Final = 4
_FEWEST_LEFT: Final = 2


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


def across_the_sea(key: str) -> Iterator[str]:
    """How the other English spells a name that it has as a word: Favour and Favor."""
    if key.endswith("our") and len(key) > _FEWEST:
        yield key[:-2] + "r"
    elif key.endswith("or") and len(key) > _FEWEST:
        yield key[:-1] + "ur"


def without_marked_letters(written: str) -> Iterator[str]:
    """What is left of a name where a program dropped every letter that is not English: "Lctu" of "Lăcătuș"."""
    left = "".join(letter for letter in written if "a" <= letter <= "z")
    if _FEWEST <= len(left) < len(written):
        yield left


def pieces_without_marked_letters(written: str) -> tuple[str, ...]:
    """What stands between the letters that are not English; nothing where there are none, or hardly others."""
    pieces = tuple(_ENGLISH.findall(written))
    letters = sum(map(len, pieces))
    return pieces if _FEWEST_LEFT <= letters < len(written) else ()


def squeezed(word: str) -> str:
    """`word` with every letter once where it stands several times in a row."""
    once: str = _DOUBLED.sub(r"\1", word)
    return once


def misread_as(word: str) -> Iterator[str]:
    """What a scanner may have read as `word`, or a writer may have drawn out ("Ioooana")."""
    if _STRETCHED.search(word):
        yield _STRETCHED.sub(r"\1", word)
    for seen, meant in MISREADINGS:
        if seen in word:
            yield word.replace(seen, meant)


def sounds_to_ask(word: str, *, foreign: bool) -> Iterator[str]:
    """The sounds of `word` under which a name may be found; fewer where it stands in another script than Latin."""
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


def is_near(word: str, key: str, *, foreign: bool) -> bool:
    """True within two slips for six letters, within one for five (four in another script)."""
    shorter = min(len(key), len(word) + 1)
    limit = 2 if shorter >= 6 else 1 if shorter >= (4 if foreign else 5) else 0
    if not limit or abs(len(word) - len(key)) > limit:
        return False
    return OSA.distance(word, key, score_cutoff=limit) <= limit


def is_longer(word: str, key: str) -> bool:
    """True for a name with more behind it than our endings know ("Popescova")."""
    stem = key[:-1] if key[-1] in _VOWELS else key
    return len(stem) >= 4 and word.startswith(stem) and 0 < len(word) - len(stem) <= 5
