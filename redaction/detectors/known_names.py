"""A known person's name, word by word, in every reading of the text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import regex

from redaction.detectors.known_clusters import clusters
from redaction.detectors.known_trust import Trust, trust
from redaction.findings import View
from redaction.letters import latin_key
from redaction.lexicon import WORD
from redaction.names import Form, Hit, Likeness, Names
from redaction.reading import Reading
from redaction.setting import Setting

_OTHER_SCRIPT: Final = regex.compile(r"[\p{L}--\p{Latin}--\p{Common}--\p{Inherited}]", regex.V1)
_CAMEL: Final = regex.compile(r"(?<=\p{Ll})\p{Lu}")
_HUMP: Final = regex.compile(r"\p{Lu}?[\p{Ll}\p{M}]++|\p{Lu}++(?!\p{Ll})")
_HYPHENS: Final = "-'’\u2010\u2011"
_SHORT: Final = 4


def names_in(view: View, names: Names, setting: Setting) -> Iterator[Hit]:
    """Every name in a folded and romanised reading: each word by itself, then with its neighbours."""
    reading = Reading.of(view, setting)
    latin = setting.text.isascii() or not _OTHER_SCRIPT.search("".join(set(setting.text)))
    said: dict[int, tuple[Trust, Form]] = {}
    for place, word in enumerate(reading.words):
        foreign = not latin and _OTHER_SCRIPT.search(reading.written(place)) is not None
        if forms := names.forms_of(word.group(), foreign=foreign):
            said[place] = max(trust(form, place, reading, foreign=foreign) for form in forms), forms[0]
    for place, form in _joined_by_hyphens(reading, names):
        said[place] = Trust.YES, said[place][1] if place in said else form
    yield from clusters(said, reading)


def camel_names_in(view: View, names: Names) -> Iterator[Hit]:
    """Every name that only a capital sets off from the letters before or behind it ("IntakeIoana")."""
    places = (match.start() for match in _CAMEL.finditer(view.text))
    for start, end in dict.fromkeys(_word_around(view.text, place) for place in places):
        for piece in _HUMP.finditer(view.text, start, end):
            key = latin_key(piece.group())
            for form in names.forms_of(key)[:1]:
                if form.likeness >= Likeness.FORM and len(key) > 2:
                    yield Hit(*view.raw(*piece.span()), form)


def names_in_capsule(view: View, names: Names) -> Iterator[Hit]:
    """Every name in a reading of what was packed away, where letter case and neighbours say nothing."""
    for word in WORD.finditer(view.text):
        for form in names.forms_of(word.group())[:1]:
            if form.likeness >= Likeness.FORM and len(word.group()) >= 3:
                yield Hit(*view.raw(*word.span()), form)


def leet_names_in(view: View, names: Names, setting: Setting) -> Iterator[Hit]:
    """Every name written with signs that stand in for letters; words of letters alone are not asked."""
    for word in WORD.finditer(view.text):
        low, high = view.raw(*word.span())
        written = setting.text[low:high]
        if not written.isalpha() and (len(word.group()) >= 3 or written[0].isupper()):
            for form in names.forms_in_leet(word.group()):
                yield Hit(low, high, form)


def _joined_by_hyphens(reading: Reading, names: Names) -> Iterator[tuple[int, Form]]:
    """The places of pairs of words that make one name together ("Chi-Chi", "N'Golo")."""
    text = reading.view.text
    for place, (one, other) in enumerate(pairwise(reading.words)):
        if other.start() - one.end() != 1 or text[one.end()] not in _HYPHENS:
            continue
        joined = one.group() + other.group()
        for form in names.forms_of(joined)[:1]:
            if form.likeness >= Likeness.FORM and len(joined) >= _SHORT:
                yield from ((place, form), (place + 1, form))


def _word_around(text: str, place: int) -> tuple[int, int]:
    start, end = place, place + 1
    while start and text[start - 1].isalpha():
        start -= 1
    while end < len(text) and text[end].isalpha():
        end += 1
    return start, end
