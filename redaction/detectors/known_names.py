"""A known person's name, word by word, in every reading of the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

import regex
from rapidfuzz.distance import OSA

from redaction.detectors.date_items import MONTHS
from redaction.detectors.known_apart import apart_in
from redaction.detectors.known_clusters import clusters
from redaction.detectors.known_lost import lost_in
from redaction.detectors.known_trust import Trust, acts, trust
from redaction.findings import View
from redaction.letters import latin_key
from redaction.lexicon import WORD
from redaction.names import Form, Hit, Likeness, Names
from redaction.reading import Reading
from redaction.setting import Setting
from redaction.slots import stands_for_a_person

_OTHER_SCRIPT: Final = regex.compile(r"[\p{L}--\p{Latin}--\p{Common}--\p{Inherited}]", regex.V1)
_CAMEL: Final = regex.compile(r"(?<=\p{Ll})\p{Lu}")
_HUMP: Final = regex.compile(r"\p{Lu}?[\p{Ll}\p{M}]++|\p{Lu}++(?!\p{Ll})")
_HYPHENS: Final = "-'’\u2010\u2011"
_SHORTEST: Final = 3
_SHORT: Final = 4
_EVERYDAY: Final = 5.0
# The vowel with which a name is broken off when its bearer is called, and how rare a word has to be.
_CUT_OFF: Final = frozenset("àèéìòùÀÈÉÌÒÙ")
_RARE: Final = 3.0


def names_in(view: View, names: Names, setting: Setting) -> Iterator[Hit]:
    """Every name in a folded and romanised reading: each word by itself, then with its neighbours."""
    reading = Reading.of(view, setting)
    yield from clusters(said_in(reading, names), reading)
    yield from lost_in(reading, names)
    yield from apart_in(view, names)


def said_in(reading: Reading, names: Names) -> dict[int, tuple[Trust, Form]]:
    """What each word by itself may be of a name, by its place, and how far it may be taken for that."""
    text = reading.setting.text
    latin = text.isascii() or not _OTHER_SCRIPT.search("".join(set(text)))
    said: dict[int, tuple[Trust, Form]] = {}
    for place, word in enumerate(reading.words):
        foreign = not latin and _OTHER_SCRIPT.search(reading.written(place)) is not None
        if forms := names.forms_of(word.group(), foreign=foreign):
            said[place] = max(trust(form, place, reading, foreign=foreign) for form in forms), forms[0]
        elif begun := names.begun_by(word.group()):
            said[place] = _trust_of_a_beginning(place, reading), begun[0]
    for place, form in _joined_by_hyphens(reading, names):
        said[place] = Trust.YES, said[place][1] if place in said else form
    return {**dict(_short_ones_beside(said, reading)), **said}


def _short_ones_beside(
    said: Mapping[int, tuple[Trust, Form]], reading: Reading
) -> Iterator[tuple[int, tuple[Trust, Form]]]:
    """The short words beside a part of a name that are another part of it with a slip: "Yin McIntyre" for Yina."""
    for place, (trusted, form) in said.items():
        for other in (place - 1, place + 1) if trusted is not Trust.NO else ():
            word = reading.key(other)
            if other in said or len(word) < _SHORTEST or reading.zipf(other) >= _EVERYDAY:
                continue
            for part in form.person.parts:
                short = part != form.part and _SHORTEST <= len(part.key) <= _SHORT
                if short and OSA.distance(word, part.key, score_cutoff=1) == 1:
                    yield other, (Trust.BESIDE, Form(form.person, part, Likeness.ALIKE))


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


def _trust_of_a_beginning(place: int, reading: Reading) -> Trust:
    """How far the beginning of a name is meant as the name: "Sir. Drag.", "la sole duerme", "Chià!"."""
    written, length = reading.written(place), len(reading.key(place))
    end = reading.words[place].end()
    if length >= _SHORT and (
        (written[-1] in _CUT_OFF and reading.zipf(place) < _RARE) or stands_for_a_person(place, reading)
    ):
        return Trust.YES
    if written[0].isupper() and reading.view.text[end : end + 1] == ".":
        month = reading.key(place) in MONTHS
        return Trust.YES if acts(place, reading) and not month else Trust.BESIDE
    return Trust.NO


def _word_around(text: str, place: int) -> tuple[int, int]:
    start, end = place, place + 1
    while start and text[start - 1].isalpha():
        start -= 1
    while end < len(text) and text[end].isalpha():
        end += 1
    return start, end
