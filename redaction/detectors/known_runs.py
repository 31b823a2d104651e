"""A known person's name with its letters apart, run together, backwards, exchanged or starred."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

import regex

from redaction.findings import View
from redaction.letters import leet_key
from redaction.lexicon import WORD
from redaction.names import Form, Hit, Likeness, Names
from redaction.setting import Setting

# Stands for what is already covered: no name reaches across it.
BARRIER: Final = "\ufffc"

_PIECE: Final = re.compile(r"[^\W\d_]+|\ufffc")
_SEPARATOR: Final = r"(?:[^\w\ufffc]{1,3}|_{1,3})"
_SINGLES: Final = re.compile(rf"(?<![a-z0-9])[a-z0-9@$|](?:{_SEPARATOR}[a-z0-9@$|])+(?![a-z0-9])")
_STARS: Final = "*\u2022\u25cf\u2588\u25a0\u2593\u2731\u2217"
_MASK: Final = rf"(?:[{_STARS}]+|_{{2,}}|\?+(?=[a-z?])|#{{2,}}|x{{3,}}|-{{2,}})"
_MASKED: Final = regex.compile(
    rf"(?<![a-z0-9])[a-z]+(?:{_MASK}[a-z]*)+|(?<![a-z0-9{_STARS}])[{_STARS}]+[a-z]{{3,}}"
)
_MASK_SIGN: Final = re.compile(rf"[{_STARS}]|__|##|xxx|--|\?[a-z?]")
_MASK_RUN: Final = regex.compile(_MASK)
_CONTRACTED: Final = re.compile(r"(?<![a-z])([a-z])[-.'’]{1,2}([a-z]{2,})(?![a-z])")

# Shorter runs must begin and end with a word, or half the text would be full of them.
_UNBOUNDED: Final = 8
_SHORTEST_PART: Final = 5
_LONGEST: Final = 80
_COMMON: Final = 4.5


@dataclass(frozen=True, slots=True)
class Squashed:
    """The letters of a reading side by side: piece `n` begins at `starts[n]`, its letters at `counts[n]`."""

    letters: str = field(repr=False)
    starts: Sequence[int] = field(repr=False)
    counts: Sequence[int] = field(repr=False)

    def place(self, letter: int) -> int:
        """Where in the reading the letter stands."""
        piece = bisect_right(self.counts, letter) - 1
        return self.starts[piece] + letter - self.counts[piece]


def runs_in(
    view: View, names: Names, setting: Setting, *, spelt: Callable[[str], str] = str
) -> Iterator[Hit]:
    """Whole names with anything or nothing between their letters, forwards, backwards and in rot13.

    `spelt` says how the reading spells a folded word (leet has its own way).
    """
    pieces = list(_PIECE.finditer(view.text))
    squashed = Squashed(
        "".join([piece.group() for piece in pieces]),
        [piece.start() for piece in pieces],
        list(accumulate([piece.end() - piece.start() for piece in pieces], initial=0)),
    )
    for person in names.persons:
        for run in person.runs:
            form = Form(person, person.parts[0], Likeness.PART)
            for turned in {spelt(run), spelt(run)[::-1], spelt(codecs.encode(run, "rot13"))}:
                yield from _found(turned, squashed, view, setting, form, whole=True)
        for part in person.parts:
            if len(part.key) >= _SHORTEST_PART:
                form = Form(person, part, Likeness.PART)
                yield from _found(spelt(part.key), squashed, view, setting, form, whole=False)


def spaced_in(view: View, names: Names, setting: Setting) -> Iterator[Hit]:
    """Names whose letters stand apart one by one: "I o a n a", "I.o.4.n.a"."""
    for match in _SINGLES.finditer(view.text):
        places = [at for at in range(*match.span()) if view.text[at].isalnum() or view.text[at] in "@$|"]
        letters = "".join(view.text[at] for at in places)
        capital = setting.text[view.raw(*match.span())[0]].isupper()
        for person in names.persons:
            for part in person.parts:
                for written, key in ((letters, part.key), (leet_key(letters), leet_key(part.key))):
                    for turned in (key, key[::-1]):
                        at = written.find(turned) if len(key) >= 3 or (written == key and capital) else -1
                        if at >= 0:
                            low, high = view.raw(places[at], places[at + len(key) - 1] + 1)
                            yield Hit(low, high, Form(person, part, Likeness.PART))


def starred_in(view: View, names: Names) -> Iterator[Hit]:
    """Names with some letters starred out, which the rest gives away."""
    if not _MASK_SIGN.search(view.text):
        return
    for match in _MASKED.finditer(view.text):
        if match.end() - match.start() > _LONGEST:
            continue  # a line of stars, not a name
        shown = "".join(WORD.findall(match.group()))
        hidden = regex.compile(
            "".join(_as_pattern(piece) for piece in regex.split(rf"({_MASK})", match.group()) if piece),
            cache_pattern=False,
        )
        for person in names.persons:
            for part in person.parts:
                if len(shown) < len(part.key) and hidden.fullmatch(part.key):
                    yield Hit(*view.raw(*match.span()), Form(person, part, Likeness.PART))


def contracted_in(view: View, names: Names, setting: Setting) -> Iterator[Hit]:
    """Names with their middle left out: "P-scu"."""
    for match in _CONTRACTED.finditer(view.text):
        first, rest = match.groups()
        low, high = view.raw(*match.span())
        if not setting.text[low].isupper():
            continue
        for person in names.persons:
            for part in person.parts:
                if part.key[0] == first and part.key.endswith(rest) and len(part.key) > len(rest) + 1:
                    yield Hit(low, high, Form(person, part, Likeness.FORM))


def _as_pattern(piece: str) -> str:
    if not _MASK_RUN.fullmatch(piece):
        return piece
    return f"[a-z]{{1,{12 if len(piece) > 2 else len(piece) + 1}}}"


def _found(
    wanted: str, squashed: Squashed, view: View, setting: Setting, form: Form, *, whole: bool
) -> Iterator[Hit]:
    at = squashed.letters.find(wanted)
    while at >= 0:
        start, end = squashed.place(at), squashed.place(at + len(wanted) - 1) + 1
        if (whole and len(wanted) >= _UNBOUNDED) or _stands_apart(start, end, view, setting, whole=whole):
            yield Hit(*view.raw(start, end), form)
        at = squashed.letters.find(wanted, at + 1)


def _stands_apart(start: int, end: int, view: View, setting: Setting, *, whole: bool) -> bool:
    """True for a stretch that begins and ends with a word and is not made of common words alone."""
    text = view.text
    if (start and text[start - 1].isalpha()) or (end < len(text) and text[end].isalpha()):
        return False
    pieces = [setting.text[slice(*view.raw(*piece.span()))] for piece in WORD.finditer(text, start, end)]
    if len(pieces) == 1:
        return whole
    if all(len(piece) == 1 for piece in pieces):
        return True
    lower = all(piece == piece.lower() for piece in pieces)
    return not all(setting.zipf(piece) >= _COMMON for piece in pieces) or (whole and not lower)
