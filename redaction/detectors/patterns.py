"""Detectors that are tables: each pattern is data with its own examples, and the examples are its tests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import resources
from typing import Any, Final

import ahocorasick
import regex
import yaml

from redaction.detectors.checks import CHECKS, Match, marked
from redaction.findings import Document, Finding, Hold, View
from redaction.mapped import substituted

# A pattern that needs this long is broken; regex then raises TimeoutError, and the text is held.
SECONDS: Final = 2.0
_SHORT: Final = 500  # so little text needs no clock

_CROWDED: Final = 16  # with a place in every so many characters, looking around each of them takes longer

# How a text may be read: as written (letter case and length kept), or as a view of that name.
WRITTEN: Final = "written"
VIEWS: Final = ("decoded", "quoted", "unpacked", "folded", "digits")

# Besides words, a pattern may wait for figures: any, so many together, in groups, or next to a letter.
_FIGURES: Final = frozenset(
    {"DIGITS", "TWO_DIGITS", "FIVE_DIGITS", "NINE_DIGITS", "DIGIT_GROUPS", "LETTER_AND_DIGIT"}
)
# These two only say where to look, on every text, and re is the faster one at that.
_DIGITS: Final = re.compile("[0-9]+")
_SEPARATORS: Final = tuple(" .:/-")
_NO_END: Final = frozenset(" .,:;!?)\n")  # what closes a sentence belongs to the sentence
_RAGGED: Final = regex.compile(r"(?<![ \t\r])(?:[ \t\r]*+\n[ \t]*+(?=\S)|[ \t]{2,}+(?=[^\n])|\t(?=\S))")
_LETTERS: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way in which something of `kind` is written, as a table says.

    What was found is the group `it` of `find`, or all of it. It is only looked for around the places where one
    of `near` stands: from the beginning of the word that holds the place `around[0]` before it, to
    `around[1]` after it, which is as much as has to be seen of a match. `near` are words in lower case (whole,
    or with a star their beginning or end), strings with other signs in them, and names of `_FIGURES`. `readings`
    are the ways of reading a text in which all that is done. `check` may refuse a match. `hold` is the code of
    a doubt that comes with every match.
    """

    table: str
    name: str
    kind: str
    find: regex.Pattern[str] = field(repr=False)
    near: frozenset[str]
    around: tuple[int, int]
    readings: frozenset[str]
    check: Callable[[Match], bool] | None
    hold: str | None
    must: tuple[str, ...] = field(repr=False)
    must_not: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class Patterns:
    """A detector made of patterns. One that takes too long raises `TimeoutError`; none is ever skipped."""

    patterns: tuple[Pattern, ...]

    def __call__(self, document: Document) -> Iterator[Finding | Hold]:
        """What the patterns find in `document`, in each of their readings, each finding once."""
        return iter(dict.fromkeys(self._said(document)))

    def _said(self, document: Document) -> Iterator[Finding | Hold]:
        for view, readings in _views_of(document):
            places = self._places(view.text)
            stretches: dict[tuple[frozenset[str], tuple[int, int]], list[tuple[int, int]]] = {}
            for pattern in self._promising(places):
                if not readings.isdisjoint(pattern.readings):
                    key = pattern.near, pattern.around
                    if key not in stretches:
                        stretches[key] = _stretches(pattern, view.text, places)
                    yield from _found(pattern, view, stretches[key])

    def _places(self, text: str) -> Mapping[str, list[int]]:
        """Where everything that some pattern waits for stands in `text`."""
        places: dict[str, list[int]] = {}
        lower = _lower(text)
        for word in set(_LETTERS.findall(lower)):
            if nears := self._waits_for(word):
                found = list(_standing(word, lower))
                for near in nears:
                    places.setdefault(near, []).extend(found)
        for last, near in self._strings.iter(lower):
            places.setdefault(near, []).append(last + 1 - len(near))
        for figure, place in _figures(text):
            places.setdefault(figure, []).append(place)
        return places

    def _promising(self, places: Mapping[str, list[int]]) -> list[Pattern]:
        names = {pattern.name for near in places for pattern in self._waiting.get(near, ())}
        return [pattern for pattern in self.patterns if pattern.name in names]

    @cached_property
    def _waiting(self) -> Mapping[str, list[Pattern]]:
        waiting: dict[str, list[Pattern]] = {}
        for pattern in self.patterns:
            for near in pattern.near:
                waiting.setdefault(near, []).append(pattern)
        return waiting

    @cached_property
    def _waits_for(self) -> Callable[[str], tuple[str, ...]]:
        """Which of the words that some pattern waits for a word is."""
        words = [near for near in self._waiting if near.strip("*").isalpha() and near not in _FIGURES]
        whole = {near for near in words if "*" not in near}
        beginnings = {near[:-1]: near for near in words if near.endswith("*")}
        endings = {near[1:]: near for near in words if near.startswith("*")}

        first, last = {start[:2] for start in beginnings}, {end[-2:] for end in endings}
        longest = max(map(len, words), default=0)

        def waits_for(word: str) -> tuple[str, ...]:
            # Not cached: what people wrote must not stay in memory after its text is done.
            found = [word] if word in whole else []
            sizes = range(2, min(longest, len(word)) + 1)
            if word[:2] in first:
                found += [beginnings[word[:size]] for size in sizes if word[:size] in beginnings]
            if word[-2:] in last:
                found += [endings[word[-size:]] for size in sizes if word[-size:] in endings]
            return tuple(found)

        return waits_for

    @cached_property
    def _strings(self) -> Any:
        automaton = ahocorasick.Automaton()
        automaton.add_word("\0", "\0")  # an automaton must not be empty
        for near in self._waiting.keys() - _FIGURES:
            if not near.strip("*").isalpha():
                automaton.add_word(near, near)
        automaton.make_automaton()
        return automaton


def _standing(word: str, text: str) -> Iterator[int]:
    """Where `word` stands by itself in `text`."""
    place = -1
    while (place := text.find(word, place + 1)) >= 0:
        end = place + len(word)
        if not (text[place - 1 : place].isalpha() or text[end : end + 1].isalpha()):
            yield place


def _figures(text: str) -> Iterator[tuple[str, int]]:
    """Every run of digits in `text`, by what it is."""
    for match in _DIGITS.finditer(text):
        start, end = match.span()
        yield "DIGITS", start
        for name, fewest in (("TWO_DIGITS", 2), ("FIVE_DIGITS", 5), ("NINE_DIGITS", 9)):
            if end - start >= fewest:
                yield name, start
        if text[end : end + 1] in _SEPARATORS and text[end + 1 : end + 2].isdecimal():
            yield "DIGIT_GROUPS", end
        if text[start - 1 : start].isalpha() or text[end : end + 1].isalpha():
            yield "LETTER_AND_DIGIT", start


def _views_of(document: Document) -> Iterator[tuple[View, frozenset[str]]]:
    """Each way to read the text that differs from the others, with the names of all that read it like that."""
    views = [View(WRITTEN, document.text, range(len(document.text)), range(1, len(document.text) + 1))]
    views += [document.views[name] for name in VIEWS]
    while views:
        names = frozenset(view.name for view in views if view.text == views[0].text)
        yield even(views[0]), names
        views = [view for view in views if view.name not in names]


def even(view: View) -> View:
    """`view` with other scripts' dashes, blanks and stops as ASCII, and one blank for a line break or several."""
    text = written(view.text)
    if text is not view.text:
        view = replace(view, text=text)
    if not any(sign in text for sign in ("\n", "\t", "  ")):
        return view
    return substituted(view, view.name, _RAGGED, _one_blank)


def _one_blank(match: Match) -> str:
    # A line that is empty stays: what stands before it and after it does not belong together.
    return match[0] if match.start() and match.string[match.start() - 1] == "\n" else " "


def _found(pattern: Pattern, view: View, stretches: list[tuple[int, int]]) -> Iterator[Finding | Hold]:
    for match in _matches(pattern, view.text, stretches):
        if pattern.check is not None and not pattern.check(match):
            continue
        first, last = match.span(marked(match))
        while last > first + 1 and view.text[last - 1] in _NO_END:
            last -= 1
        start, end = view.raw(first, last)
        yield Finding(start, end, pattern.kind, pattern.table)
        if pattern.hold is not None:
            yield Hold(pattern.hold, pattern.table, start, end)


def _matches(pattern: Pattern, text: str, stretches: list[tuple[int, int]]) -> Iterator[Match]:
    """The matches in the stretches. One that reaches the end of its stretch is made again in the whole text."""
    pending = stretches[::-1]
    done = 0
    while pending:
        start, end = pending.pop()
        clock = SECONDS if end - start > _SHORT else None
        for match in pattern.find.finditer(text, max(start, done), end, timeout=clock):
            if match.end() == end < len(text):
                whole = pattern.find.match(text, match.start(), timeout=SECONDS)
                if whole is None:
                    pending.append((match.start() + 1, end))
                    break
                match = whole
            if match.end() > match.start():
                done = match.end()
                yield match


def _stretches(pattern: Pattern, text: str, places: Mapping[str, list[int]]) -> list[tuple[int, int]]:
    """Where in `text` a match can begin and end. No stretch begins within a word."""
    before, after = pattern.around
    waiting = sorted(place for word in pattern.near for place in places.get(word, ()))
    if len(waiting) * _CROWDED > len(text):
        return [(0, len(text))]
    stretches: list[tuple[int, int]] = []
    for place in waiting:
        first, last = stretches[-1] if stretches else (0, -1)
        start = text.rfind(" ", first, max(first, place - before)) + 1
        end = min(len(text), place + after)
        if last >= 0 and (start <= last or not start):
            stretches[-1] = (first, max(last, end))
        else:
            stretches.append((start, end))
    return stretches


def load_patterns(name: str) -> Patterns:
    """The patterns of `data/<name>.yaml`. An unknown key or check, and a pattern that is none, raise."""
    source = resources.files("redaction.detectors").joinpath("data", f"{name}.yaml")
    content = yaml.safe_load(source.read_text(encoding="utf-8"))
    words: dict[str, str] = {}
    for word, meaning in content.get("words", {}).items():
        words[word] = _spelt_out(meaning, words)
    return Patterns(tuple(_pattern(name, words, **entry) for entry in content["patterns"]))


def written(text: str) -> str:
    """`text` with other scripts' figures, dashes, blanks and stops as ASCII; no character moves."""
    if not text.isascii():
        for sign in _PLAIN.keys() & set(text):
            text = text.replace(sign, _PLAIN[sign])
    return text


def _pattern(
    table: str,
    words: Mapping[str, str],
    *,
    name: str,
    kind: str,
    find: str,
    must: list[str],
    must_not: list[str],
    near: str,
    around: list[int] | None = None,
    readings: str = "folded",
    check: str | None = None,
    hold: str | None = None,
) -> Pattern:
    before, after = around or [48, 128]
    return Pattern(
        table,
        name,
        kind,
        regex.compile(_spelt_out(find, words), regex.V1),
        frozenset(near.split()),
        (before, after),
        frozenset(readings.split()),
        CHECKS[check] if check else None,
        hold,
        tuple(must),
        tuple(must_not),
    )


def _lower(text: str) -> str:
    """`text` in lower case, letter for letter: a capital that has no single small letter stays."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


def _spelt_out(find: str, words: Mapping[str, str]) -> str:
    for word, meaning in words.items():
        find = find.replace("{{" + word + "}}", meaning)
    return find


def _plain_characters() -> Mapping[str, str]:
    plain = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-")
    plain |= dict.fromkeys(map(chr, (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)), " ")
    plain |= dict.fromkeys("\u2018\u2019\u02bc\u2032", "'")
    plain |= dict.fromkeys("\u3002\uff0e\uff61", ".")
    return plain | {chr(0xFF01 + step): chr(0x21 + step) for step in range(0x5E)}  # full-width ASCII


_PLAIN: Final = _plain_characters()
