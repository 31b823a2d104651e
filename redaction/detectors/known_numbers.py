"""Known phone numbers and document numbers, however they are grouped, spelt or prefixed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import regex

from redaction.detectors.known_runs import BARRIER
from redaction.detectors.known_sought import Sought
from redaction.findings import Known, View
from redaction.letters import latin_key
from redaction.misread import figures_key, in_figures

# A number is known by its last seven digits: what stands before them depends on who writes it.
_TELLING: Final = 7
_FEWEST: Final = 5
_SHOWN: Final = range(2, 7)  # so many digits of the end of a number are shown, where only its end is
_ENDING: Final = regex.compile(
    r"(?:end(?:s|ing|ed)?|last|final|finish(?:es|ing)?|termin\w*|derniers?|fini\w*|ultim\w*|sfarsit\w*|acaba\w*)"
    r"[^\n.!?\d]{0,30}(?<![\d])(\d{3,6})(?!\d)"
)
_HIDDEN: Final = r"[*x\u2022\u25cf\u2588_]"
_STARRED: Final = regex.compile(
    rf"(\d[\d \-.]{{0,8}}?)[ \-.]?{_HIDDEN}(?:{_HIDDEN}|[ \-.]){{1,12}}?((?:\d[ \-.]?){{2,6}})(?!\d)"
)
_JOINING: Final = regex.compile(r"[\s().\-/+,_\u2010-\u2015\u00b7\u2022:;|*#x'\"\[\]{}]*", regex.I)
_CLOSE: Final = regex.compile(r"[ \u00a0().\-/+\u2010-\u2015\u00b7]{0,3}")
_DIGIT: Final = re.compile(rf"[0-9{BARRIER}]")
_SIGN: Final = re.compile(rf"[^\W_]|{BARRIER}")


@dataclass(frozen=True, slots=True)
class Phones:
    """Known phone numbers as digits: by the digits that tell, and by those they end with."""

    telling: Sought[tuple[Known, str]] = field(repr=False)
    endings: Mapping[str, Sequence[tuple[Known, str]]] = field(repr=False)


def phones_of(known: Iterable[Known]) -> Phones:
    """Phone numbers made ready to be looked for; what has hardly any digits is none."""
    phones = [(one, digits) for one in known if len(digits := _digits(one.value)) >= _FEWEST]
    endings: dict[str, list[tuple[Known, str]]] = {}
    for one, digits in phones:
        for shown in _SHOWN:
            if shown <= len(digits):
                endings.setdefault(digits[-shown:], []).append((one, digits))
    return Phones(Sought((digits[-_TELLING:], (one, digits)) for one, digits in phones), endings)


def phones_in(view: View, phones: Phones) -> Iterator[tuple[Known, int, int, bool]]:
    """Where known phone numbers stand in a reading with plain digits, and whether that is certain.

    The digits may be grouped in any way, and some typed as letters ("O745 3I8"). They are uncertain where words
    stand between them (a number given in pieces over a sentence), or where only its ends are given ("ends in
    456", "0722 *** 456").
    """
    readings = dict.fromkeys((view.text, in_figures(view).text))
    said = [
        one for text in readings for one in _phones_in(View(view.name, text, view.starts, view.ends), phones)
    ]
    certain = [(low, high) for _, low, high, sure in said if sure]
    for known, low, high, sure in said:
        if sure or not any(start <= low and high <= end for start, end in certain):
            yield known, low, high, sure


def _phones_in(view: View, phones: Phones) -> Iterator[tuple[Known, int, int, bool]]:
    places = [match.start() for match in _DIGIT.finditer(view.text)]
    stream = "".join([view.text[at] for at in places])
    for at, telling, (known, digits) in phones.telling.found_in(stream):
        last = at + len(telling) - 1
        first = _start_of_number(stream, at, places, view.text, digits)
        gaps = [view.text[places[n] + 1 : places[n + 1]] for n in range(first, last)]
        low, high = view.raw(places[first], places[last] + 1)
        yield known, low, high, all(len(gap) <= 6 and _JOINING.fullmatch(gap) for gap in gaps)
    if not phones.endings:
        return
    for match in _ENDING.finditer(view.text):
        for known, _ in phones.endings.get(match[1], ()):
            yield known, *view.raw(*match.span(1)), False
    for match in _STARRED.finditer(view.text):
        shown = _digits(match[1]).lstrip("0")
        for known, digits in phones.endings.get(_digits(match[2]), ()):
            if shown in digits:
                yield known, *view.raw(*match.span()), False


def codes_of(known: Iterable[tuple[Known, str]]) -> Sought[Known]:
    """Document numbers, accounts, plates and addresses made ready to be looked for.

    Their digits alone will do where they are many: "RO 055123456" is often noted without its letters.
    """
    return Sought(_codes_of(known))


def codes_in(view: View, codes: Sought[Known]) -> Iterator[tuple[Known, int, int]]:
    """Where known codes stand, whatever separates their letters and digits, and with some digits typed as letters."""
    places = [match.start() for match in _SIGN.finditer(view.text)]
    stream = "".join([view.text[at] for at in places])
    misread = figures_key(stream)
    for signs in dict.fromkeys((stream, misread)):
        for at, code, known in codes.found_in(signs):
            start, end = places[at], places[at + len(code) - 1] + 1
            shown = signs is stream or _shows_enough(stream[at : at + len(code)], code)
            if shown and _stands_apart(view.text, start, end, loose=len(code) >= _TELLING):
                yield known, *view.raw(start, end)


def _codes_of(known: Iterable[tuple[Known, str]]) -> Iterator[tuple[str, Known]]:
    for one, value in known:
        whole = "".join(sign for sign in latin_key(value) if sign.isalnum())
        for wanted in {whole, max(regex.findall(r"\d+", whole), key=len, default="")}:
            if len(wanted) >= (3 if wanted == whole else _FEWEST + 1):
                yield from ((way, one) for way in {wanted, figures_key(wanted)})


def _shows_enough(written: str, code: str) -> bool:
    """True where at least half of the digits of a code were written as digits: "KX 7742I3" and not "a big bob"."""
    return 0 < sum(map(str.isdigit, code)) <= 2 * sum(map(str.isdigit, written))


def _stands_apart(text: str, start: int, end: int, *, loose: bool) -> bool:
    """True where no letter or digit touches the stretch; `loose`: or where it is in one piece."""
    if loose and not regex.search(r"\s", text[start:end]):
        return True
    return not (text[max(0, start - 1) : start].isalnum() or text[end : end + 1].isalnum())


def _start_of_number(stream: str, at: int, places: list[int], text: str, digits: str) -> int:
    """Back from the telling digits over the rest of the number, a trunk 0 and a country code."""
    first = at
    while first and at - first < max(len(digits) - _TELLING, 0) + 5:
        gap = text[places[first - 1] + 1 : places[first]]
        if stream[first - 1] == BARRIER or not _CLOSE.fullmatch(gap):
            break
        first -= 1
    return first


def _digits(value: str) -> str:
    return "".join(sign for sign in latin_key(value) if sign.isdigit())
