"""Addresses, handles, links and file names that carry something known: the whole of them is covered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import regex

from redaction.findings import View
from redaction.letters import latin_key
from redaction.names import Names

_AT: Final = r"\s{0,2}(?:@|[\[({<]\s?at\s?[\])}>]|\b(?:arobase|arroba|chiocciola)\b)\s{0,2}"
_DOT: Final = r"\s{0,2}(?:[.\u3002\u00b7]|[\[({]\s?dot\s?[\])}]|\b(?:dot|punct|point|punto)\b)\s{0,2}"
_LOCAL: Final = rf"[\w+\-]+(?:(?:{_DOT})[\w+\-]+){{0,4}}"
_SPOKEN_AT: Final = r"\s(?:at|la|chez)\s"

_EMAIL: Final = regex.compile(rf"{_LOCAL}{_AT}[\w\-]+(?:{_DOT}[\w\-]+){{0,4}}")
_SPOKEN_EMAIL: Final = regex.compile(
    rf"{_LOCAL}{_SPOKEN_AT}[\w\-]+(?:\s(?:dot|punct|point|punto)\s[\w\-]+){{1,3}}"
)
_URL: Final = regex.compile(
    r"(?:[a-z][a-z0-9+.\-]{1,12}://|www\.)[^\s<>\"]+|(?<![\w@.])[\w\-]+(?:\.[\w\-]+)+(?:/|\?)[^\s<>\"]*"
)
_HANDLE: Final = regex.compile(r"(?<![\w.])@[\w.\-]+")
_HASHTAG: Final = regex.compile(r"(?<!\w)[#＃]\w+")
_PATH: Final = regex.compile(
    r"(?:[a-z]:)?[\\/]?[\w.\-]+(?:[\\/][\w.\-]+)+[\\/]?|[\w\-]+\.[a-z0-9]{2,5}(?!\w)"
)

_KINDS: Final = (
    ("EMAIL", _EMAIL),
    ("EMAIL", _SPOKEN_EMAIL),
    ("URL", _URL),
    ("HANDLE", _HANDLE),
    ("HANDLE", _HASHTAG),
    ("PERSON", _PATH),
)
_TRAILING: Final = ".,;:!?)]}'\""
_SHORTEST: Final = 4


def strings_in(
    view: View, names: Names, values: Sequence[str], ranges: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, str]]:
    """The raw range and kind of each string that holds a name, another known value, or a range already found.

    The view is folded. A name counts from four letters on, shorter ones where a sign or the string ends.
    """
    parts = {part.key for person in names.persons for part in person.parts}
    long = sorted(part for part in parts if len(part) >= _SHORTEST)
    longest = [part for part in long if len(part) > _SHORTEST]
    short = [
        # a pattern that holds a name must not stay in the library's cache
        regex.compile(rf"(?<![a-z]){part}(?![a-z])|(?<=[@#]){part}|{part}$", cache_pattern=False)
        for part in sorted(parts - set(long))
    ]
    found = sorted(ranges)
    for kind, pattern in _KINDS:
        for match in pattern.finditer(view.text):
            start, end = match.start(), match.start() + len(match.group().rstrip(_TRAILING))
            if end <= start:
                continue
            low, high = view.raw(start, end)
            text = latin_key(view.text[start:end])
            letters = "".join(sign for sign in text if sign.isalnum())
            if (
                any(part in letters for part in (longest if pattern is _PATH else long))
                or any(value in letters for value in values)
                or any(part.search(text) for part in short)
                or any(low < there and here < high for here, there in found)
            ):
                yield low, high, kind
