"""A known person's name with its letters apart, run together, backwards, exchanged or starred."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from operator import itemgetter
from typing import Final

import regex

from redaction.detectors.known_sought import Sought
from redaction.findings import View
from redaction.letters import leet_key
from redaction.lexicon import WORD
from redaction.names import Form, Hit, Likeness, Person
from redaction.setting import Setting

# Stands for what is already covered: no name reaches across it.
BARRIER: Final = "\ufffc"

_PIECE: Final = re.compile(r"[^\W\d_]+|\ufffc")
_SEPARATOR: Final = r"(?:[^\w\ufffc]{1,3}|_{1,3})"
_SINGLES: Final = re.compile(rf"(?<![a-z0-9])[a-z0-9@$|](?:{_SEPARATOR}[a-z0-9@$|])+(?![a-z0-9])")
# The last of them stands for a letter that a program could not read.
_STARS: Final = "*\u2022\u25cf\u2588\u25a0\u2593\u2731\u2217\ufffd"
_MASK: Final = rf"(?:[{_STARS}]+|_+|\?+(?=[a-z?])|#{{2,}}|x{{3,}}|-{{2,}})"
_MASKED: Final = regex.compile(
    rf"(?<![a-z0-9])[a-z]+(?:{_MASK}[a-z]*)+|(?<![a-z0-9{_STARS}])[{_STARS}]+[a-z]{{3,}}"
)
_MASK_SIGN: Final = re.compile(rf"[{_STARS}]|[a-z]_|##|xxx|--|\?[a-z?]")
_MASK_RUN: Final = regex.compile(_MASK)
_CONTRACTED: Final = re.compile(r"(?<![a-z])([a-z])[-.'’]{1,2}([a-z]{2,})(?![a-z])")

# Shorter runs must begin and end with a word, or half the text would be full of them.
_UNBOUNDED: Final = 8
_SHORTEST_PART: Final = 5
_SHORTEST_SPELT: Final = 3
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


Runs = Sought[tuple[Form, bool]]
"""What letters side by side may spell: a form, and whether it is a whole name."""


def runs_of(persons: Iterable[Person], *, spelt: Callable[[str], str] = str) -> Runs:
    """Whole names forwards, backwards and in rot13, and their longer parts forwards.

    `spelt` says how a reading spells a folded word (leet has its own way).
    """
    return Sought(_runs_of(persons, spelt))


def runs_in(view: View, runs: Runs, setting: Setting) -> Iterator[Hit]:
    """Whole names with anything or nothing between their letters."""
    pieces = list(_PIECE.finditer(view.text))
    squashed = Squashed(
        "".join([piece.group() for piece in pieces]),
        [piece.start() for piece in pieces],
        list(accumulate([piece.end() - piece.start() for piece in pieces], initial=0)),
    )
    for at, run, (form, whole) in runs.found_in(squashed.letters):
        start, end = squashed.place(at), squashed.place(at + len(run) - 1) + 1
        if (whole and len(run) >= _UNBOUNDED) or _stands_apart(start, end, view, setting, whole=whole):
            yield Hit(*view.raw(start, end), form)


def _runs_of(
    persons: Iterable[Person], spelt: Callable[[str], str]
) -> Iterator[tuple[str, tuple[Form, bool]]]:
    for person in persons:
        form = Form(person, person.parts[0], Likeness.PART)
        for run in person.runs:
            for turned in {spelt(run), spelt(run)[::-1], spelt(codecs.encode(run, "rot13"))}:
                yield turned, (form, True)
        for part in person.parts:
            if len(part.key) >= _SHORTEST_PART:
                yield spelt(part.key), (Form(person, part, Likeness.PART), False)


@dataclass(frozen=True, slots=True)
class Spelling:
    """The parts of names as they may be spelt letter by letter, forwards and backwards; the short ones apart."""

    plain: Sought[Form] = field(repr=False)
    leet: Sought[Form] = field(repr=False)
    short: Sequence[Form] = field(repr=False)


def spelling_of(persons: Iterable[Person]) -> Spelling:
    """Every part of the names, ready to be looked for letter by letter."""
    forms = [Form(person, part, Likeness.PART) for person in persons for part in person.parts]
    longer = [form for form in forms if len(form.part.key) >= _SHORTEST_SPELT]
    return Spelling(
        Sought((turned, form) for form in longer for turned in _both_ways(form.part.key)),
        Sought((turned, form) for form in longer for turned in _both_ways(leet_key(form.part.key))),
        [form for form in forms if len(form.part.key) < _SHORTEST_SPELT],
    )


def spaced_in(view: View, spelling: Spelling, setting: Setting) -> Iterator[Hit]:
    """Names whose letters stand apart one by one: "I o a n a", "I.o.4.n.a"."""
    for match in _SINGLES.finditer(view.text):
        places = [at for at in range(*match.span()) if view.text[at].isalnum() or view.text[at] in "@$|"]
        letters = "".join(view.text[at] for at in places)
        capital = setting.text[view.raw(*match.span())[0]].isupper()
        for at, key, form in _spelt_in(letters, spelling, capital=capital):
            low, high = view.raw(places[at], places[at + len(key) - 1] + 1)
            yield Hit(low, high, form)


def _spelt_in(letters: str, spelling: Spelling, *, capital: bool) -> Iterator[tuple[int, str, Form]]:
    yield from spelling.plain.found_in(letters)
    yield from spelling.leet.found_in(leet_key(letters))
    for form in spelling.short if capital and len(letters) < _SHORTEST_SPELT else ():
        if form.part.key == letters or leet_key(form.part.key) == leet_key(letters):
            yield 0, form.part.key, form


def _both_ways(key: str) -> set[str]:
    return {key, key[::-1]}


@dataclass(frozen=True, slots=True)
class Ends:
    """The parts of names in the order of their beginnings, and of their endings read backwards."""

    forwards: Sequence[tuple[str, Form]] = field(repr=False)
    backwards: Sequence[tuple[str, Form]] = field(repr=False)

    def beginning(self, with_: str) -> Iterator[Form]:
        """The parts that begin so."""
        return _beginning(self.forwards, with_)

    def ending(self, with_: str) -> Iterator[Form]:
        """The parts that end so."""
        return _beginning(self.backwards, with_[::-1])


def ends_of(persons: Iterable[Person]) -> Ends:
    """Every part of the names, ready to be asked for by how it begins or ends."""
    forms = [Form(person, part, Likeness.PART) for person in persons for part in person.parts]
    return Ends(
        sorted(((form.part.key, form) for form in forms), key=itemgetter(0)),
        sorted(((form.part.key[::-1], form) for form in forms), key=itemgetter(0)),
    )


def _beginning(parts: Sequence[tuple[str, Form]], with_: str) -> Iterator[Form]:
    for number in range(bisect_left(parts, with_, key=itemgetter(0)), len(parts)):
        key, form = parts[number]
        if not key.startswith(with_):
            return
        yield form


def starred_in(view: View, ends: Ends) -> Iterator[Hit]:
    """Names with some letters starred out, which the rest gives away."""
    if not _MASK_SIGN.search(view.text):
        return
    seen: dict[str, list[Form]] = {}
    for match in _MASKED.finditer(view.text):
        if match.end() - match.start() > _LONGEST:
            continue  # a line of stars, not a name
        if match.group() not in seen:
            seen[match.group()] = list(_behind(match.group(), ends))
        yield from (Hit(*view.raw(*match.span()), form) for form in seen[match.group()])


def _behind(starred: str, ends: Ends) -> Iterator[Form]:
    """The parts that may stand behind `starred`."""
    shown = "".join(WORD.findall(starred))
    pieces = [piece for piece in regex.split(rf"({_MASK})", starred) if piece]
    hidden = regex.compile("".join(map(_as_pattern, pieces)), cache_pattern=False)
    for form in _shown_by(pieces, ends):
        if len(shown) < len(form.part.key) and hidden.fullmatch(form.part.key):
            yield form


def _shown_by(pieces: Sequence[str], ends: Ends) -> Iterator[Form]:
    """The parts that begin like the first piece, or end like the last, whichever is not starred out."""
    if pieces[0].isalpha() and not _MASK_RUN.fullmatch(pieces[0]):
        return ends.beginning(pieces[0])
    shown = pieces[-1].isalpha() and not _MASK_RUN.fullmatch(pieces[-1])
    return ends.ending(pieces[-1] if shown else "")


def contracted_in(view: View, ends: Ends, setting: Setting) -> Iterator[Hit]:
    """Names with their middle left out: "P-scu"."""
    for match in _CONTRACTED.finditer(view.text):
        first, rest = match.groups()
        low, high = view.raw(*match.span())
        if not setting.text[low].isupper():
            continue
        for form in ends.ending(rest):
            if form.part.key[0] == first and len(form.part.key) > len(rest) + 1:
                yield Hit(low, high, replace(form, likeness=Likeness.FORM))


def _as_pattern(piece: str) -> str:
    if not _MASK_RUN.fullmatch(piece):
        return piece
    return f"[a-z]{{1,{12 if len(piece) > 2 else len(piece) + 1}}}"


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
