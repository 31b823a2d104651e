"""Known phone numbers and document numbers, however they are grouped, spelt or prefixed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import regex

from redaction.detectors.known_runs import BARRIER
from redaction.findings import View
from redaction.letters import latin_key

# A number is known by its last seven digits: what stands before them depends on who writes it.
_TELLING: Final = 7
_FEWEST: Final = 5
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


def phone_in(view: View, value: str) -> Iterator[tuple[int, int, bool]]:
    """Where the phone number `value` stands in a reading with plain digits, and whether that is certain.

    The digits may be grouped in any way. They are uncertain where words stand between them (a number given
    in pieces over a sentence), or where only its ends are given ("ends in 456", "0722 *** 456").
    """
    digits = _digits(value)
    if len(digits) < _FEWEST:
        return
    telling = digits[-_TELLING:]
    places = [match.start() for match in _DIGIT.finditer(view.text)]
    stream = "".join([view.text[at] for at in places])
    at = stream.find(telling)
    while at >= 0:
        last = at + len(telling) - 1
        first = _start_of_number(stream, at, places, view.text, digits)
        gaps = [view.text[places[n] + 1 : places[n + 1]] for n in range(first, last)]
        low, high = view.raw(places[first], places[last] + 1)
        yield low, high, all(len(gap) <= 6 and _JOINING.fullmatch(gap) for gap in gaps)
        at = stream.find(telling, at + 1)
    for match in _ENDING.finditer(view.text):
        if digits.endswith(match[1]):
            yield *view.raw(*match.span(1)), False
    for match in _STARRED.finditer(view.text):
        shown, ending = _digits(match[1]).lstrip("0"), _digits(match[2])
        if shown in digits and digits.endswith(ending):
            yield *view.raw(*match.span()), False


def code_in(view: View, value: str) -> Iterator[tuple[int, int]]:
    """Where a document number, an account or a plate stands, whatever separates its letters and digits.

    Its digits alone will do where they are many: "RO 055123456" is often noted without its letters.
    """
    whole = "".join(sign for sign in latin_key(value) if sign.isalnum())
    places = [match.start() for match in _SIGN.finditer(view.text)]
    stream = "".join([view.text[at] for at in places])
    for wanted in {whole, max(regex.findall(r"\d+", whole), key=len, default="")}:
        if len(wanted) < (3 if wanted == whole else _FEWEST + 1):
            continue
        at = stream.find(wanted)
        while at >= 0:
            start, end = places[at], places[at + len(wanted) - 1] + 1
            if _stands_apart(view.text, start, end, loose=len(wanted) >= _TELLING):
                yield view.raw(start, end)
            at = stream.find(wanted, at + 1)


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
