"""Detectors that are tables: each pattern is data with its own examples, and the examples are its tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from typing import Any, Final

import ahocorasick
import regex
import yaml

from redaction.detectors.checks import CHECKS
from redaction.findings import Document, Finding, Hold, View

# A pattern that needs this long is broken; regex then raises TimeoutError, and the text is held.
SECONDS: Final = 2.0

# How a text may be read: as written (letter case and length kept), or as a view of that name.
WRITTEN: Final = "written"
VIEWS: Final = ("decoded", "quoted", "folded", "digits")

ANY_DIGIT: Final = "\\d"
_DIGIT: Final = regex.compile("[0-9]")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way in which something of `kind` is written.

    What was found is the group `it` of `find`, or all of it. A pattern is only tried where one of `near`
    stands in the text in lower case (nothing named: always), and in the named readings of it. `check` may
    refuse a match. `hold` is the code of a doubt that comes with every match.
    """

    name: str
    kind: str
    find: regex.Pattern[str] = field(repr=False)
    near: frozenset[str]
    readings: frozenset[str]
    check: Callable[[str], bool] | None
    hold: str | None
    must: tuple[str, ...] = field(repr=False)
    must_not: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class Patterns:
    """A detector made of patterns. A pattern that takes too long raises `TimeoutError`; none is ever skipped."""

    name: str
    patterns: tuple[Pattern, ...]

    def __call__(self, document: Document) -> Iterator[Finding | Hold]:
        """What the patterns find in `document`, in each of their readings."""
        tried: set[tuple[str, str]] = set()
        for reading, view in readings_of(document):
            for pattern in self._promising(reading, view.text):
                if (pattern.name, view.text) not in tried:
                    tried.add((pattern.name, view.text))
                    yield from self._found(pattern, view)

    def _promising(self, reading: str, text: str) -> list[Pattern]:
        here = {word for _, word in self._gate.iter(text.lower())}
        if _DIGIT.search(text):
            here.add(ANY_DIGIT)
        return [
            pattern
            for pattern in self.patterns
            if reading in pattern.readings and (not pattern.near or not here.isdisjoint(pattern.near))
        ]

    def _found(self, pattern: Pattern, view: View) -> Iterator[Finding | Hold]:
        group = "it" if "it" in pattern.find.groupindex else 0
        for match in pattern.find.finditer(view.text, timeout=SECONDS):
            if pattern.check is not None and not pattern.check(match[group]):
                continue
            start, end = view.raw(*match.span(group))
            yield Finding(start, end, pattern.kind, self.name)
            if pattern.hold is not None:
                yield Hold(pattern.hold, self.name, start, end)

    @cached_property
    def _gate(self) -> Any:
        automaton = ahocorasick.Automaton()
        for word in {ANY_DIGIT}.union(*(pattern.near for pattern in self.patterns)):
            automaton.add_word(word, word)
        automaton.make_automaton()
        return automaton


def load_patterns(name: str) -> Patterns:
    """The patterns of `data/<name>.yaml`. An unknown key or check, and a pattern that is none, raise."""
    source = resources.files("redaction.detectors").joinpath("data", f"{name}.yaml")
    content = yaml.safe_load(source.read_text(encoding="utf-8"))
    words = content.get("words", {})
    return Patterns(name, tuple(_pattern(words, **entry) for entry in content["patterns"]))


def readings_of(document: Document) -> Iterator[tuple[str, View]]:
    """The ways in which patterns read a text."""
    text = written(document.text)
    yield WRITTEN, View(WRITTEN, text, range(len(text)), range(1, len(text) + 1))
    for name in VIEWS:
        yield name, document.views[name]


def written(text: str) -> str:
    """`text` with other scripts' digits, dashes, blanks and stops as ASCII; no character moves."""
    return text if text.isascii() else text.translate(_PLAIN)


def _pattern(
    words: Mapping[str, str],
    *,
    name: str,
    kind: str,
    find: str,
    must: list[str],
    must_not: list[str],
    near: str = "",
    readings: str = "folded",
    check: str | None = None,
    hold: str | None = None,
) -> Pattern:
    for word, meaning in words.items():
        find = find.replace("{{" + word + "}}", meaning)
    return Pattern(
        name,
        kind,
        regex.compile(find, regex.V1),
        frozenset(near.split()),
        frozenset(readings.split()),
        CHECKS[check] if check else None,
        hold,
        tuple(must),
        tuple(must_not),
    )


def _plain_characters() -> dict[int, str]:
    plain = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
    plain |= dict.fromkeys(map(ord, "\u00a0\u2007\u2008\u2009\u200a\u202f\u205f\u3000"), " ")
    plain |= dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u2032"), "'")
    plain |= dict.fromkeys(map(ord, "\u3002\uff0e\uff61"), ".")
    plain |= {0xFF01 + step: chr(0x21 + step) for step in range(0x5E)}  # full-width ASCII
    return plain


_PLAIN: Final = _plain_characters()
