"""Keys under which different romanisations of one name meet."""

from __future__ import annotations

from itertools import groupby
from typing import Final

import regex

_OPENING: Final = regex.compile(r"^(?:[jy](?=[aeou])|w(?=[aeiou]))")
_DIGRAPHS: Final = (
    (regex.compile(r"sch|sh|sz|zh|ts|tz|ss|z"), "s"),
    (regex.compile(r"kh|ch(?=a|o|u)"), "h"),
    (regex.compile(r"ph"), "f"),
    (regex.compile(r"[ck]h|ck|c|q"), "k"),
    (regex.compile(r"x"), "ks"),
    (regex.compile(r"(?<=[tdgbp])h|h$"), ""),
    (regex.compile(r"dj|dzh|gi(?=[aou])"), "j"),
)
_VOWELLED: Final = (
    (regex.compile(r"ou|oo|uw|ow|w"), "u"),
    (regex.compile(r"ee|ii|ie|iy|y(?![aeiou])"), "i"),
    (regex.compile(r"[ae][iy]e?"), "e"),
    (regex.compile(r"y"), "i"),
)
_OPEN_SOUND: Final = {"j": "y", "y": "y", "w": "v"}


def consonants_of(word: str) -> str:
    """The consonants of `word` by sound, led by "+" where it opens with a vowel: "Fatma" is "ftm"."""
    heard = _heard(word)
    rest = _squeezed("".join(letter for letter in heard[1:] if letter not in "aeiouyw"))
    opening = heard[:1]
    if opening in ("a", "e", "i", "o", "u"):
        return "+" + rest
    return _squeezed(opening + rest)


def vowelled(word: str) -> str:
    """`word` by sound with its vowels brought to five: "Nour" and "Noor" are "=nur"."""
    heard = _heard(word)
    for pattern, sound in _VOWELLED:
        heard = pattern.sub(sound, heard)
    return "=" + _squeezed(heard)


def _heard(word: str) -> str:
    heard = _OPEN_SOUND[word[0]] + word[1:] if _OPENING.match(word) else word
    for pattern, sound in _DIGRAPHS:
        heard = pattern.sub(sound, heard)
    return heard


def _squeezed(sounds: str) -> str:
    return "".join(sound for sound, _ in groupby(sounds))
