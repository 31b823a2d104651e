"""How far one word may be taken for a name, by itself: names that are words, and words that are like names."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from redaction.lexicon import ACTIONS, ALSO_WORDS, BEFORE_A_WORD, PEOPLE, TITLES
from redaction.names import Form, Likeness
from redaction.reading import Reading
from redaction.setting import Case, Setting, is_typed
from redaction.slots import stands_for_a_person

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


def trust(form: Form, place: int, reading: Reading, *, foreign: bool) -> Trust:
    """How far the word at `place` may be taken for `form`, all by itself.

    A part of a name is taken wherever it stands unless it is also a common word. What is only like a part
    must not be a word itself. `foreign`: the word stands in another script, where few things look alike.
    """
    if foreign:
        return Trust.YES
    if form.likeness is Likeness.PART:
        written = reading.written(place)
        its_marks = not form.part.written.isascii() and written.casefold() == form.part.written
        if its_marks or not is_typed(written) or not _is_also_a_word(form.part.key, reading.setting):
            return Trust.YES
        return _trust_of_a_word(place, reading)
    common = reading.zipf(place)
    if form.likeness is Likeness.TURNED:
        return Trust.YES if not common else Trust.NO
    case = reading.case(place)
    if len(reading.key(place)) < 3 or (case is Case.PLAIN and common >= _KNOWN_WORD):
        meant = form.likeness is Likeness.FORM and stands_for_a_person(place, reading)
        return Trust.YES if meant else Trust.BESIDE
    limit = _EVERYWHERE
    if case is Case.FIRST and not acts(place, reading):
        limit = _COMMON if form.likeness is Likeness.FORM else _RARE_NAME
    return Trust.YES if common < limit else Trust.BESIDE


def _trust_of_a_word(place: int, reading: Reading) -> Trust:
    """How far a name that is also a word ("Joy", "Mai", "Le") is meant as a name.

    A word of some rarity is given up, for a name may be written without its capital; a common one is taken
    only where its capital, or the words around it, speak of a person.
    """
    before = reading.key(place - 1)
    if (before in PEOPLE or before in TITLES) and reading.beside(place - 1, place):
        return Trust.YES
    common = reading.zipf(place)
    match reading.case(place):
        case Case.CAPITAL:
            return Trust.YES
        case Case.FIRST:
            sure = common < _EVERYWHERE or acts(place, reading)
        case Case.PLAIN:
            low = reading.raw(place)[0]
            after_number = reading.setting.text[max(0, low - 2) : low].strip()[-1:].isdigit()
            languages = ("en", reading.setting.language)
            meant_as_word = after_number or any(before in BEFORE_A_WORD.get(code, ()) for code in languages)
            sure = common < _OFTEN or (common < _EVERYWHERE and not meant_as_word)
    return Trust.YES if sure or stands_for_a_person(place, reading) else Trust.BESIDE


def acts(place: int, reading: Reading) -> bool:
    """Whether a word for what people do stands right behind the word at `place`."""
    return reading.key(place + 1) in ACTIONS and reading.beside(place, place + 1)


def _is_also_a_word(key: str, setting: Setting) -> bool:
    listed = any(key in ALSO_WORDS.get(code, ()) for code in ("en", setting.language))
    return listed or (len(key) <= _SHORT and setting.zipf(key) >= _SHORT_WORD)
