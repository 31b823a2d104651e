"""A known person's name, word by word, in every reading of the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Final

import regex

from redaction.findings import View
from redaction.letters import latin_key
from redaction.lexicon import (
    ACTIONS,
    ALSO_WORDS,
    BEFORE_A_WORD,
    LEADING,
    PARTICLES,
    PARTICLES_AS_WRITTEN,
    PEOPLE,
    TITLES,
    TITLES_AS_WRITTEN,
    WORD,
)
from redaction.names import Form, Likeness, Names
from redaction.setting import Case, Setting, is_typed

# Nothing but this may stand between two words of one name.
_GAP: Final = regex.compile(r"[\s.,'’‘`\"()/|&+_\-\u2010-\u2015·]{0,4}")
_OTHER_SCRIPT: Final = regex.compile(r"[\p{L}--\p{Latin}--\p{Common}--\p{Inherited}]", regex.V1)
_CAMEL: Final = regex.compile(r"(?<=\p{Ll})\p{Lu}")
_HUMP: Final = regex.compile(r"\p{Lu}?[\p{Ll}\p{M}]++|\p{Lu}++(?!\p{Ll})")

# Zipf frequencies: 3 is one word in a million, 4.5 one in thirty thousand, 5.5 one in three thousand.
_KNOWN_WORD: Final = 3.0
_RARE_NAME: Final = 3.6
_SHORT_WORD: Final = 4.0
_COMMON: Final = 4.5
_OFTEN: Final = 5.0
_EVERYWHERE: Final = 5.6
_SHORT: Final = 4


class Trust(IntEnum):
    """Whether a word is taken for a name where it stands. `BESIDE`: only next to another part of it."""

    NO = 0
    BESIDE = 1
    YES = 2


@dataclass(frozen=True, slots=True)
class Hit:
    """A stretch of the raw text that names a person."""

    start: int
    end: int
    form: Form


Words = Sequence["re.Match[str]"]


def words_of(view: View) -> Words:
    """The words of a reading in order. Most are of no interest, so nothing is made of them yet."""
    return list(WORD.finditer(view.text))


def names_in(view: View, names: Names, setting: Setting) -> Iterator[Hit]:
    """Every name in a folded and romanised reading: each word by itself, then with its neighbours.

    A part of a name is taken where it stands, except that a part which is also a common word needs a capital,
    a form that is only like a part must not be a common word itself, and what stays in doubt needs another
    part beside it. Titles, particles and initials beside a name belong to it.
    """
    words = words_of(view)
    latin = setting.text.isascii() or not _OTHER_SCRIPT.search("".join(set(setting.text)))
    said: dict[int, tuple[Trust, Form]] = {}
    for place, word in enumerate(words):
        foreign = not latin and _OTHER_SCRIPT.search(_written(word, view, setting)) is not None
        if forms := names.forms_of(word.group(), foreign=foreign):
            trust = max(_trust(form, place, words, view, setting, foreign=foreign) for form in forms)
            said[place] = (trust, forms[0])
    said |= dict(_joined_by_hyphens(words, view, names, said))
    yield from _clusters(said, words, view, setting)


def camel_names_in(view: View, names: Names) -> Iterator[Hit]:
    """Every name that only a capital sets off from the letters before or behind it ("IntakeIoana")."""
    for hump in dict.fromkeys(_word_around(view.text, match.start()) for match in _CAMEL.finditer(view.text)):
        for piece in _HUMP.finditer(view.text, *hump):
            key = latin_key(piece.group())
            for form in names.forms_of(key)[:1]:
                if form.likeness >= Likeness.FORM and len(key) > 2:
                    yield Hit(*view.raw(*piece.span()), form)


def _word_around(text: str, place: int) -> tuple[int, int]:
    start, end = place, place + 1
    while start and text[start - 1].isalpha():
        start -= 1
    while end < len(text) and text[end].isalpha():
        end += 1
    return start, end


def names_in_capsule(view: View, names: Names) -> Iterator[Hit]:
    """Every name in a reading of what was packed away, where letter case and neighbours say nothing."""
    for word in words_of(view):
        for form in names.forms_of(word.group())[:1]:
            if form.likeness >= Likeness.FORM and len(word.group()) >= 3:
                yield Hit(*view.raw(*word.span()), form)


def leet_names_in(view: View, names: Names, setting: Setting) -> Iterator[Hit]:
    """Every name written with signs that stand in for letters; words of letters alone are not asked."""
    for word in words_of(view):
        written = _written(word, view, setting)
        if not written.isalpha() and (len(word.group()) >= 3 or written[0].isupper()):
            for form in names.forms_in_leet(word.group()):
                yield Hit(*view.raw(*word.span()), form)


def _trust(form: Form, place: int, words: Words, view: View, setting: Setting, *, foreign: bool) -> Trust:
    """How far the word at `place` may be taken for `form`, all by itself."""
    word = words[place]
    if foreign:
        return Trust.YES
    written = _written(word, view, setting)
    if form.likeness is Likeness.PART:
        if (
            not is_typed(written)
            or not _is_also_a_word(form.part.key, setting)
            or _has_its_marks(written, form)
        ):
            return Trust.YES
        return _trust_of_a_word(place, words, view, setting)
    common = setting.zipf(written)
    if form.likeness is Likeness.TURNED:
        return Trust.YES if not common else Trust.NO
    case = setting.case(*view.raw(*word.span()))
    if len(word.group()) < 3 or (case is Case.PLAIN and common >= _KNOWN_WORD):
        return Trust.BESIDE
    limit = _EVERYWHERE
    if case is Case.FIRST and not _acts(place, words):
        limit = _COMMON if form.likeness is Likeness.FORM else _RARE_NAME
    return Trust.YES if common < limit else Trust.BESIDE


def _trust_of_a_word(place: int, words: Words, view: View, setting: Setting) -> Trust:
    """How far a name that is also a word ("Joy", "Mai", "Le") is meant as a name."""
    word = words[place]
    written = _written(word, view, setting)
    low, high = view.raw(*word.span())
    if place and words[place - 1].group() in PEOPLE | TITLES and _beside(words[place - 1], word, view):
        return Trust.YES
    common = setting.zipf(written)
    match setting.case(low, high):
        case Case.CAPITAL:
            return Trust.YES
        case Case.FIRST:
            return Trust.YES if common < _EVERYWHERE or _acts(place, words) else Trust.BESIDE
        case Case.PLAIN:
            before = words[place - 1].group() if place else ""
            meant_as_word = any(before in BEFORE_A_WORD.get(code, ()) for code in ("en", setting.language))
            after_number = setting.text[max(0, low - 2) : low].strip()[-1:].isdigit()
            sure = common < _OFTEN or (common < _EVERYWHERE and not meant_as_word and not after_number)
            return Trust.YES if sure else Trust.BESIDE


def _acts(place: int, words: Words) -> bool:
    """True where the next word says what somebody did."""
    return place + 1 < len(words) and words[place + 1].group() in ACTIONS


def _is_also_a_word(key: str, setting: Setting) -> bool:
    listed = any(key in ALSO_WORDS.get(code, ()) for code in ("en", setting.language))
    return listed or (len(key) <= _SHORT and setting.zipf(key) >= _SHORT_WORD)


def _has_its_marks(written: str, form: Form) -> bool:
    return not form.part.written.isascii() and written.casefold() == form.part.written


def _joined_by_hyphens(
    words: Words, view: View, names: Names, said: Mapping[int, tuple[Trust, Form]]
) -> Iterator[tuple[int, tuple[Trust, Form]]]:
    """Pairs of words that make one name together ("Chi-Chi", "N'Golo")."""
    for place, (one, other) in enumerate(pairwise(words)):
        if other.start() - one.end() == 1 and view.text[one.end()] in "-'’\u2010\u2011":
            joined = one.group() + other.group()
            for form in names.forms_of(joined)[:1]:
                if form.likeness >= Likeness.FORM and len(joined) >= _SHORT:
                    for at in (place, place + 1):
                        if said.get(at, (Trust.NO,))[0] < Trust.YES:
                            yield at, (Trust.YES, form)


def _clusters(
    said: Mapping[int, tuple[Trust, Form]], words: Words, view: View, setting: Setting
) -> Iterator[Hit]:
    """The words taken for names, with the doubtful ones that stand beside them, as whole names."""
    sure = {place for place, (trust, _) in said.items() if trust is Trust.YES}
    doubtful = {place for place, (trust, _) in said.items() if trust is Trust.BESIDE}
    waiting = set(doubtful)
    while taken := {
        place
        for place in waiting
        if any(
            _linked(place, other, words, view) and _differ(said[place][1], said[other][1])
            for other in (*_near_places(place, sure), *_near_places(place, doubtful))
            if other in sure or _both_parts(said[place][1], said[other][1])
        )
    }:
        sure |= taken
        waiting -= taken
    done = -1
    for place in sorted(sure):
        if place <= done:
            continue
        first = last = place
        while following := [
            at for at in range(last + 1, last + 4) if at in sure and _linked(last, at, words, view)
        ]:
            last = following[0]
        forms = [said[at][1] for at in range(first, last + 1) if at in sure]
        initials = {form.part.key[0] for form in forms} | {
            part.key[0] for form in forms for part in form.person.parts
        }
        first = _opened(first, words, view, setting, initials)
        last = _closed(last, words, view, setting, initials)
        done = last
        low, high = view.raw(words[first].start(), words[last].end())
        yield Hit(low, high, max(forms, key=lambda form: form.likeness))


def _near_places(place: int, places: Iterable[int]) -> list[int]:
    return [other for other in range(place - 3, place + 4) if other != place and other in places]


def _differ(one: Form, other: Form) -> bool:
    return one.person == other.person and one.part != other.part


def _both_parts(one: Form, other: Form) -> bool:
    return (
        min(one.likeness, other.likeness) is Likeness.PART
        or min(one.likeness, other.likeness) >= Likeness.ALIKE
    )


def _linked(one: int, other: int, words: Words, view: View) -> bool:
    """True where nothing but particles and initials stands between two words."""
    low, high = min(one, other), max(one, other)
    between = words[low + 1 : high]
    if any(word.group() not in PARTICLES and len(word.group()) > 1 for word in between):
        return False
    return all(_beside(words[at], words[at + 1], view) for at in range(low, high))


def _beside(one: re.Match[str], other: re.Match[str], view: View) -> bool:
    return _GAP.fullmatch(view.text, one.end(), other.start()) is not None


def _written(word: re.Match[str], view: View, setting: Setting) -> str:
    """The word as the text has it."""
    low, high = view.raw(*word.span())
    return setting.text[low:high]


def _opened(first: int, words: Words, view: View, setting: Setting, initials: set[str]) -> int:
    """Where the name begins once titles, particles of descent and initials before it are counted in."""
    while first and _beside(words[first - 1], words[first], view):
        key, written = words[first - 1].group(), _written(words[first - 1], view, setting)
        title = key in LEADING or written.casefold() in TITLES_AS_WRITTEN
        if not title and not (key in initials and written.isupper()):
            break
        first -= 1
    return first


def _closed(last: int, words: Words, view: View, setting: Setting, initials: set[str]) -> int:
    """Where the name ends once initials and Vietnamese middle words behind it are counted in."""
    while last + 1 < len(words) and _beside(words[last], words[last + 1], view):
        key, written = words[last + 1].group(), _written(words[last + 1], view, setting)
        if written.casefold() not in PARTICLES_AS_WRITTEN and not (key in initials and written.isupper()):
            break
        last += 1
    return last
