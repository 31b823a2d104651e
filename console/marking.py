"""A text and its marks, cut up for a page. Pure: nothing is left out, and every piece knows where it stands.

Places are code points of the text as received. Signs that are invisible or turn text round are shown by name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final, Protocol

import yaml

# Direction overrides and isolates, tags, controls, and what takes no room: they hide text, or show it as another.
_HIDDEN: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_LINE: Final = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SENTENCE: Final = re.compile(r"[^.!?…؟。！？]*(?:[.!?…؟。！？]+[\"'”’»)\]]*(?=\s|$)\s*|[.!?…؟。！？]|$)")
_WORDS: Final = re.compile(r"\w+", re.UNICODE)
_ATTACHED: Final = "(?:و|ف)?(?:ال|بال|لل|كال|ب|ل)?"
"""What Arabic writes together with the word that follows."""


class Stretch(Protocol):
    """A marked stretch of text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Piece:
    """What is shown as one: `text` from the code point `at` to `end`, in the mark number `mark` if it is in one.

    `sign` is set where a hidden sign stands; it is shown instead of the text. `begins` and `ends` say whether the
    mark does so here, since one mark may run over several lines.
    """

    at: int
    end: int
    text: str = field(repr=False)
    mark: int | None = None
    begins: bool = False
    ends: bool = False
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences of one line that are shown, or folded, together."""

    pieces: tuple[Piece, ...]
    is_graphic: bool
    words: int

    @property
    def marks(self) -> int:
        """How many marks begin in it."""
        return sum(piece.begins for piece in self.pieces)


def passages(text: str, marks: Sequence[Stretch], *, language: str | None) -> tuple[Passage, ...]:
    """The whole text as passages, in order; only ends of lines stand between them. `marks` are disjoint, in order."""
    graphic = graphic_words(language)
    found: list[Passage] = []
    for start, end in _lines(text):
        found += [
            _passage(text, marks, part, is_graphic) for part, is_graphic in _parts(text, start, end, graphic)
        ]
    return tuple(found)


def likely_kind(words: str) -> str:
    """The kind that words like these mostly are, by their look alone; a person decides."""
    return next(kind for pattern, kind in LIKELY if re.search(pattern, words, re.IGNORECASE))


LIKELY: Final = (
    (r"\S@\S+\.\S", "EMAIL"),
    (r"^@", "HANDLE"),
    (r"https?:|www\.|\.(?:com|org|net|ro|it|fr|es|de)(?:/|$)", "URL"),
    (r"€|\$|£|\b(?:euros?|eur|lei|ron)\b", "MONEY"),
    (r"\b(?:street|str|strada|rue|via|calle|avenue|bulevardul|piazza|plaza)\b", "ADDRESS"),
    (r"^[A-Z]{2}[0-9]{2}[ 0-9A-Z]{10,}$", "ACCOUNT"),
    (r"^(?:[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2}|(?:19|20)[0-9]{2})$", "DATE"),
    (r"^[0-9]{1,2}(?:st|nd|rd|th|\.)? (?:de )?[^\s0-9]{3,}(?: (?:de )?(?:19|20)[0-9]{2})?$", "DATE"),
    (r"^[0-9]{1,2}[:.][0-9]{2}$", "TIME"),
    (r"^\+?[0-9][0-9 ()./-]{5,}$", "PHONE"),
    (r"^(?=.*[0-9])(?=.*[A-Za-z]).*$", "CODE"),
    (r"[0-9]", "NUMBER"),
    (r"", "PERSON"),
)
"""How the kind of words is guessed, the first that fits. The page's own script reads the same list."""


@cache
def graphic_words(language: str | None) -> re.Pattern[str]:
    """What folds a passage in this language; in one that has no list, the words of all of them."""
    lists = yaml.safe_load(files("console").joinpath("data", "graphic.yaml").read_text(encoding="utf-8"))
    spoken = [language, "en"] if language in lists else list(lists)
    words = {word for each in spoken for word in _listed(lists[each])}
    return re.compile(rf"(?<!\w){_ATTACHED}(?:{'|'.join(sorted(words, reverse=True))})(?!\w)")


def _listed(words: str) -> Iterator[str]:
    for quoted, word in re.findall(r'"([^"]+)"|(\S+)', words):
        yield re.escape(quoted or word).replace(r"\*", r"\w*")


def _plain(text: str) -> str:
    """`text` without case and accents, for a question that needs no place in it."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in apart if unicodedata.category(sign) not in ("Mn", "Cf"))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in _LINE.finditer(text):
        yield start, line.start()
        start = line.end()
    yield start, len(text)


def _parts(
    text: str, start: int, end: int, graphic: re.Pattern[str]
) -> Iterator[tuple[tuple[int, int], bool]]:
    """One line in stretches of sentences that are to be folded, or not."""
    begun, last = start, None
    for sentence in _SENTENCE.finditer(text, start, end):
        if sentence.start() == sentence.end():
            continue
        is_graphic = graphic.search(_plain(sentence.group())) is not None
        if last is not None and is_graphic != last:
            yield (begun, sentence.start()), last
            begun = sentence.start()
        last = is_graphic
    if last is not None:
        yield (begun, end), last


def _passage(text: str, marks: Sequence[Stretch], part: tuple[int, int], is_graphic: bool) -> Passage:
    start, end = part
    pieces = tuple(signed for piece in _pieces(text, marks, start, end) for signed in _signed(piece))
    return Passage(pieces, is_graphic, len(_WORDS.findall(text, start, end)))


def _pieces(text: str, marks: Iterable[Stretch], start: int, end: int) -> Iterator[Piece]:
    here = start
    for number, mark in enumerate(marks):
        low, high = max(mark.start, start), min(mark.end, end)
        if low >= high:
            continue
        if here < low:
            yield Piece(here, low, text[here:low])
        yield Piece(low, high, text[low:high], number, low == mark.start, high == mark.end)
        here = high
    if here < end:
        yield Piece(here, end, text[here:end])


def _signed(piece: Piece) -> Iterator[Piece]:
    """The piece, cut where hidden signs stand."""
    cuts = [0, *(at for sign in _HIDDEN.finditer(piece.text) for at in sign.span()), len(piece.text)]
    bounds = [(low, high) for low, high in pairwise(cuts) if low < high]
    for low, high in bounds:
        words = piece.text[low:high]
        hidden = high - low == 1 and _HIDDEN.match(words) is not None
        yield Piece(
            piece.at + low,
            piece.at + high,
            words,
            piece.mark,
            piece.begins and low == 0,
            piece.ends and high == len(piece.text),
            f"U+{ord(words):04X}" if hidden else "",
        )
