"""Addresses, handles, links and file names that carry something known: the whole of them is covered."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import regex

from redaction.detectors.known_sought import Sought
from redaction.findings import View
from redaction.letters import latin_key
from redaction.names import Person

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


@dataclass(frozen=True, slots=True)
class Carried:
    """What gives a string away: names in it (in a path, longer ones only), short names at its edges, other values."""

    names: Sought[None] = field(repr=False)
    short: Any = field(repr=False)
    values: Sought[None] = field(repr=False)

    def by(self, text: str, kind: str) -> bool:
        """Whether `text`, a string of `kind` in a to z, carries any of it."""
        letters = "".join([sign for sign in text if sign.isalnum()])
        shortest = _SHORTEST + 1 if kind == "PERSON" else _SHORTEST
        named = self.names.stands_in(letters, shortest=shortest)
        return named or self.values.stands_in(letters) or bool(self.short.search(text))


def carried_of(persons: Iterable[Person], values: Iterable[str]) -> Carried:
    """The names of `persons` and the `values`, ready to be looked for in strings.

    A name counts from four letters on (five in a path, which may be two words with a slash between them),
    shorter ones where a sign or the string ends.
    """
    people = tuple(persons)
    parts = {part.key for person in people for part in person.parts}
    parts |= {run for person in people for run in person.runs}
    parts |= {other.key[0] + part.key for person in people for part in person.parts for other in person.parts}
    short = [part for part in parts if len(part) <= _SHORTEST]
    return Carried(
        Sought((part, None) for part in parts if len(part) >= _SHORTEST),
        # a pattern that holds a name must not stay in the library's cache
        regex.compile(
            r"(?<![a-z])\L<short>(?![a-z])|(?<=[@#])\L<short>|\L<short>$",
            short=short or ["\0"],  # no words at all would be found everywhere
            cache_pattern=False,
        ),
        Sought((value, None) for value in values),
    )


def strings_in(
    view: View, carried: Carried, ranges: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, str]]:
    """The raw range and kind of each string that carries a name, another known value, or a range already found.

    The view is folded.
    """
    found = _joined(ranges)
    for start, end, kind in _candidates(view.text):
        low, high = view.raw(start, end)
        if carried.by(latin_key(view.text[start:end]), kind) or _touches(low, high, found):
            yield low, high, kind


def _joined(ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The ranges in order, those that overlap made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def _touches(low: int, high: int, found: Sequence[tuple[int, int]]) -> bool:
    before = bisect_left(found, (high,)) - 1  # the last range that begins before the string ends
    return before >= 0 and low < found[before][1]


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
