"""One character at a time: folded, romanised, seen as its look-alike, read as leet."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Final

import regex
import yaml
from anyascii import anyascii

from redaction.findings import View
from redaction.folding import folded_character
from redaction.mapped import substituted

# Letters and signs without a shape. They are invisible, but not in a format category.
BLANKS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180e\u2800\u3164\uffa0")
_BRAILLE: Final = "⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚⠅⠇⠍⠝⠕⠏⠟⠗⠎⠞⠥⠧⠺⠭⠽⠵"

_NOT_ASCII: Final = regex.compile(r"[^\x00-\x7f]")
# White letters on black circles and squares, and flag letters: each block runs from A to Z.
_BLOCKS: Final = tuple(range(first, first + 26) for first in (0x1F150, 0x1F170, 0x1F1E6))
_LOWER: Final = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}

# A word with something in it that stands in for a letter; a "!" or "+" at its end is punctuation.
_LEET: Final = regex.compile(r"(?<![a-z0-9@$!|€+])(?=[a-z]*+[0-9@$!|€+])[a-z0-9@$!|€+]*[a-z0-9@$€]")
_LEET_LETTERS: Final = str.maketrans("0134567892@$!|€+l", "oieasgtbgzasiieti")


def fold(view: View, name: str) -> View:
    """`view` in lower case, without accents, compatibility forms and whatever is invisible."""
    plain = substituted(view, name, _NOT_ASCII, lambda match: folded_letter(match.group()))
    return View(name, plain.text.translate(_LOWER), plain.starts, plain.ends)


def romanise(view: View, name: str) -> View:
    """`view`, which is folded, with every letter of another script spelt in a to z."""
    return substituted(view, name, _NOT_ASCII, lambda match: romanised_letter(match.group()))


def unmask(view: View, name: str) -> View:
    """`view` with look-alikes read as the Latin letter that they look like, in lower case."""
    seen = substituted(view, name, _NOT_ASCII, lambda match: _seen_letter(match.group()))
    return View(name, seen.text.translate(_LOWER), seen.starts, seen.ends)


def unleet(view: View, name: str) -> View:
    """`view`, which is in lower case, with 0, 1, 3, @ and their like read as letters.

    One sign may stand for i and for l, so in the words that change both are i; other words stay.
    """
    return substituted(view, name, _LEET, lambda match: _unleet_word(match.group()))


def leet_key(word: str) -> str:
    """`word`, in lower case, as `unleet` would spell it."""
    return word.translate(_LEET_LETTERS)


def latin_key(text: str) -> str:
    """`text` folded and romanised, without the way back."""
    return "".join(romanised_letter(part) for character in text for part in folded_letter(character))


@lru_cache(maxsize=65536)
def folded_letter(character: str) -> str:
    """The character in lower case without its marks; nothing at all where it is invisible."""
    if character in BLANKS:
        return ""
    if character in _BRAILLE:
        return chr(ord("a") + _BRAILLE.index(character))
    for block in _BLOCKS:
        if ord(character) in block:
            return chr(ord(character) - block.start + ord("a"))
    return folded_character(character)


@lru_cache(maxsize=65536)
def romanised_letter(character: str) -> str:
    """What one folded letter is in a to z: nothing for a sign without a sound. What is no letter stays."""
    if not character.isalpha():
        return character
    return "".join(letter for letter in anyascii(character).lower() if "a" <= letter <= "z")


@lru_cache(maxsize=65536)
def _seen_letter(character: str) -> str:
    """The letter that the character looks like; case is folded last, for Н looks like H and н hardly does."""
    if character in _LOOKS:
        return _LOOKS[character]
    if character.isupper():
        return "".join(romanised_letter(part) for part in folded_letter(character))
    return "".join(_LOOKS.get(part) or romanised_letter(part) for part in folded_letter(character))


def _unleet_word(word: str) -> str:
    return word.translate(_LEET_LETTERS) if any("a" <= letter <= "z" for letter in word) else word


def _look_alikes() -> dict[str, str]:
    data = resources.files("redaction").joinpath("data/confusables.yaml").read_text(encoding="utf-8")
    return {sign: letter for letter, signs in yaml.safe_load(data).items() for sign in signs}


_LOOKS: Final = _look_alikes()
