"""Known names that lost the letters which a program could not read: "L\ufffdc\ufffdtu\ufffd", "L_c_tu_", "L c tu"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from redaction.names import Form, Hit, Likeness, Lost, Names
from redaction.reading import Reading

_SIGNS: Final = frozenset("\ufffd?_*#\u00bf\u25a1\u25af")
# A letter may have been written in two bytes, and each of them lost.
_WIDEST: Final = 2
# So many letters must be left beside mere blanks. With fewer, a name looks like words.
_FEWEST_BESIDE_BLANKS: Final = 4


def lost_in(reading: Reading, names: Names) -> Iterator[Hit]:
    """Where the letters that are left of a name stand, with something in place of each one that is not.

    Knows only names that the form has with their accents; letters lost from others are for `starred_in`.
    """
    for place, word in enumerate(reading.words):
        for lost in names.lost_from(word.group()):
            if span := _span(place, reading, lost):
                yield Hit(*reading.view.raw(*span), Form(lost.person, lost.part, Likeness.FORM))


def _span(place: int, reading: Reading, lost: Lost) -> tuple[int, int] | None:
    """Where the letters begin and end with the signs at their ends; None where they are not those of the name."""
    last = place + len(lost.pieces) - 1
    if any(reading.key(place + number) != piece for number, piece in enumerate(lost.pieces)):
        return None
    text = reading.view.text
    start, end = reading.words[place].start(), reading.words[last].end()
    gaps = [text[reading.words[at].end() : reading.words[at + 1].start()] for at in range(place, last)]
    before = _signs(text[max(0, start - _WIDEST) : start][::-1]) if lost.opens else 0
    behind = _signs(text[end : end + _WIDEST]) if lost.closes else 0
    signed = all(_is_signs(gap) for gap in gaps) and before >= lost.opens and behind >= lost.closes
    blank = len(gaps) > 0 and sum(map(len, lost.pieces)) >= _FEWEST_BESIDE_BLANKS
    if not signed and not (blank and all(len(gap) <= _WIDEST and "\n" not in gap for gap in gaps)):
        return None
    return start - before, end + behind


def _is_signs(gap: str) -> bool:
    return 0 < len(gap) <= _WIDEST and _SIGNS.issuperset(gap)


def _signs(edge: str) -> int:
    """How many signs `edge` begins with."""
    return next((at for at, sign in enumerate(edge) if sign not in _SIGNS), len(edge))
