"""Addresses, handles, links and file names that carry something known: the whole of them is covered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import regex

from redaction.findings import View
from redaction.letters import latin_key
from redaction.names import Names

_DOT: Final = r"\s{0,2}(?:[.\u3002\u00b7]|[\[({]\s?dot\s?[\])}]|\b(?:dot|punct|point|punto)\b)\s{0,2}"
_AT: Final = re.compile(
    r"\s{0,2}(?:@|[\[({<]\s?at\s?[\])}>]|\b(?:arobase|arroba|chiocciola)\b)\s{0,2}"
    r"|\s(?:at|la|chez)\s(?=[\w\-]+\s(?:dot|punct|point|punto)\s)"
)
_BEFORE_AT: Final = regex.compile(rf"[\w+\-]+(?:{_DOT}[\w+\-]+){{0,4}}$")
_AFTER_AT: Final = regex.compile(rf"[\w\-]+(?:{_DOT}[\w\-]+){{0,4}}")
_REACH: Final = 80

_STRING: Final = re.compile(r"\S{3,}")
_SIGN: Final = re.compile(r"[@#/\\]|\w\.\w")
_LINK: Final = regex.compile(
    r"(?:[a-z][a-z0-9+.\-]{1,12}://|www\.)[^\s<>\"]+|(?<![\w@.])[\w\-]+(?:\.[\w\-]+)+(?:/|\?)[^\s<>\"]*"
)
_HANDLE: Final = regex.compile(r"(?<![\w.])[@#][\w.\-]+")
_PATH: Final = regex.compile(
    r"(?:[a-z]:)?[\\/]?[\w.\-]+(?:[\\/][\w.\-]+)+[\\/]?|[\w\-]+\.[a-z0-9]{2,5}(?!\w)"
)
_KINDS: Final = (("URL", _LINK), ("HANDLE", _HANDLE), ("PERSON", _PATH))
_TRAILING: Final = ".,;:!?)]}'\""
_SHORTEST: Final = 4
_LONGEST: Final = 500


def strings_in(
    view: View, names: Names, values: Sequence[str], ranges: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, str]]:
    """The raw range and kind of each string that holds a name, another known value, or a range already found.

    The view is folded. A name counts from four letters on (five in a path, which may be two words with a
    slash between them), shorter ones where a sign or the string ends.
    """
    parts = {part.key for person in names.persons for part in person.parts}
    parts |= {run for person in names.persons for run in person.runs}
    parts |= {
        other.key[0] + part.key for person in names.persons for part in person.parts for other in person.parts
    }
    long = [part for part in parts if len(part) >= _SHORTEST]
    longer = [part for part in long if len(part) > _SHORTEST]
    short = [
        # a pattern that holds a name must not stay in the library's cache
        regex.compile(rf"(?<![a-z]){part}(?![a-z])|(?<=[@#]){part}|{part}$", cache_pattern=False)
        for part in parts
        if len(part) <= _SHORTEST
    ]
    for start, end, kind in _candidates(view.text):
        low, high = view.raw(start, end)
        text = latin_key(view.text[start:end])
        letters = "".join([sign for sign in text if sign.isalnum()])
        if (
            any(part in letters for part in (longer if kind == "PERSON" else long))
            or any(value in letters for value in values)
            or any(part.search(text) for part in short)
            or any(low < there and here < high for here, there in ranges)
        ):
            yield low, high, kind


def _candidates(text: str) -> Iterator[tuple[int, int, str]]:
    """Everything in `text` that looks like an address, a link, a handle, a hashtag, a path or a file name."""
    for sign in _AT.finditer(text):
        if sign.group()[0].isspace() and sign.group()[-1] == "@":
            continue  # a handle
        before = _BEFORE_AT.search(text, max(0, sign.start() - _REACH), sign.start())
        after = _AFTER_AT.match(text, sign.end(), sign.end() + _REACH)
        if before and after:
            yield before.start(), after.end(), "EMAIL"
    for string in _STRING.finditer(text):
        if not _SIGN.search(string.group()):
            continue
        if len(string.group()) > _LONGEST:  # nothing that people write; looking inside would take too long
            yield *string.span(), "URL"
            continue
        for kind, pattern in _KINDS:
            for match in pattern.finditer(text, string.start(), string.end()):
                if length := len(match.group().rstrip(_TRAILING)):
                    yield match.start(), match.start() + length, kind
