"""Keys under which different romanisations of one name meet."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Final

_SOUND: Final = re.compile(
    r"dzh|dj|gi(?=[aou])|sch|sh|sz|zh|ts|tz|z|kh|ch(?=[aou])|ph|ch|ck|c|q|x|(?<=[tdgbp])h|h$|(?<=^)[jy](?=[aeou])|^w"
)
_HEARD_AS: Final = {
    **dict.fromkeys(("dzh", "dj", "gi"), "j"),
    **dict.fromkeys(("sch", "sh", "sz", "zh", "ts", "tz", "z"), "s"),
    **dict.fromkeys(("ck", "c", "q"), "k"),
    **{"kh": "h", "ph": "f", "x": "ks", "h": "", "j": "y", "y": "y", "w": "v"},
}
_VOWEL_SOUND: Final = re.compile(r"ou|oo|uw|ow|w|ee|ii|ie|iy|[ae][iy]e?|y(?![aeiou])|y")
_VOWEL_HEARD_AS: Final = {
    **dict.fromkeys(("ou", "oo", "uw", "ow", "w"), "u"),
    **dict.fromkeys(("ee", "ii", "ie", "iy", "y"), "i"),
}

# The sounds with which a key may open, by the first letter of the word; "+" is any vowel.
OPENINGS: Final = {
    **{letter: letter for letter in "bflmnrv"},
    **dict.fromkeys("aeiou", "+"),
    **{"c": "khs", "d": "dj", "g": "gj", "h": "h", "j": "jy", "k": "kh", "p": "pf", "q": "k"},
    **{"s": "s", "t": "ts", "w": "v", "x": "k", "y": "y+", "z": "s"},
}


def sounds_of(word: str) -> tuple[str, str]:
    """`word`, folded, by sound: its consonants, and the whole with its vowels brought to five.

    The consonants are led by "+" where the word opens with a vowel, the whole always by "=": "Fatma" is
    "ftm" and "=fatma", "Nour" and "Noor" are "nr" and "=nur".
    """
    heard = _SOUND.sub(_heard_as, word)
    opening, rest = heard[:1], "".join([letter for letter in heard[1:] if letter not in "aeiouyw"])
    consonants = "+" + _squeezed(rest) if opening in "aeiou" else _squeezed(opening + rest)
    whole = _VOWEL_SOUND.sub(lambda match: _VOWEL_HEARD_AS.get(match.group(), "e"), heard)
    return consonants, "=" + _squeezed(whole)


def _heard_as(match: re.Match[str]) -> str:
    if match.group() == "ch":
        return "h" if match.string[match.end() : match.end() + 1] in ("a", "o", "u") else "k"
    return _HEARD_AS[match.group()]


def _squeezed(sounds: str) -> str:
    return "".join([sound for sound, _ in groupby(sounds)])
