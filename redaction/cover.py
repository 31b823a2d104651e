"""Overlapping findings become one span with everything said about it. Nothing that was found is ever dropped."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import regex

from redaction.echoes import NAMES, Echo, echoes_of, standing_in
from redaction.findings import Document, Finding, Span, Unsafe
from redaction.folding import CLUSTER, fold

# Neighbours of one family belong together: a token for each would tell how many words or groups there were.
_PARTICLES: Final = (
    "al|bar|ben|bin|binti?|das?|del?|dela|della|de[nr]|d[iou]|dos|el|ibn|las?|les?|los|ter|v[ao]n"
)
_FAMILIES: Final = (
    (
        frozenset({"PERSON", "WORD"}),
        regex.compile(
            rf"[ \t\u00a0]?[-'\u2010\u2011\u2019]?[ \t\u00a0]?|(?:[ \u00a0](?:{_PARTICLES}))+[ \u00a0]",
            regex.I,
        ),
    ),
    (
        frozenset({"ACCOUNT", "CASE_NUMBER", "CODE", "DOCUMENT", "NUMBER", "PHONE"}),
        regex.compile(r"[ \t\u00a0]?[-./()\u2010-\u2015]?[ \t\u00a0]?"),
    ),
)
# "I. Popescu", "Dr. Popescu": this full stop ends no sentence.
_INITIAL: Final = regex.compile(r"(?:\p{L}{1,2}|mrs|prof|mme|mlle|sra|dra)\.?", regex.I)
_WIDEST_GAP: Final = 16
_HYPHENS: Final = frozenset("-'\u2010\u2011\u2019\u02bc")
_ROUNDS: Final = 60


def cover(document: Document, findings: Sequence[Finding]) -> tuple[Span, ...]:
    """The findings as disjoint spans in order, each with all kinds, detectors and subjects said of it.

    A span grows to the whole words that it cuts, and across hyphens and apostrophes where it names somebody.
    Neighbours of one family (name and name, number and number) become one span, particles between them
    included. A string found once is found wherever else it stands (`echoes_of` says which strings), and what
    is said of it where it stands alone is said of it everywhere. The same spans come out for any order of
    the findings, and for the spans themselves.
    """
    text = document.text
    pieces = [_piece(finding, len(text)) for finding in findings]
    if not pieces:
        return ()
    words, reading = Words.of(text), fold(text)
    spans = _joined(pieces, text, words)
    known: dict[tuple[str, bool], tuple[Echo, ...]] = {}
    for _ in range(_ROUNDS):
        echoes = _echoes([*pieces, *spans], document, known)
        heard = _heard(echoes, standing_in(echoes, reading, text), spans)
        settled = _joined([*spans, *heard], text, words)
        if settled == spans:
            return spans
        spans = settled
    raise Unsafe("cover_unsettled")


@dataclass(frozen=True, slots=True)
class Words:
    """Where the words of a text begin and end: runs of letters, digits and what is invisible between them."""

    text: str = field(repr=False)
    starts: tuple[int, ...] = field(repr=False)
    ends: tuple[int, ...] = field(repr=False)

    @classmethod
    def of(cls, text: str) -> Words:
        """The words of `text`."""
        ranges = [match.span() for match in CLUSTER.finditer(text)]
        return cls(text, tuple(start for start, _ in ranges), tuple(end for _, end in ranges))

    def holding(self, position: int) -> tuple[int, int] | None:
        """The word with a code point at `position`; None outside words and outside the text."""
        index = bisect_right(self.starts, position) - 1
        if index < 0 or self.ends[index] <= position:
            return None
        return self.starts[index], self.ends[index]

    def whole(self, start: int, end: int, *, hyphens: bool) -> tuple[int, int]:
        """`start` to `end`, grown to the words that it cuts; with `hyphens`, to compounds as well."""
        if first := self.holding(start):
            start = first[0]
        if last := self.holding(end - 1):
            end = last[1]
        while hyphens and self._is_hyphen(start - 1) and (before := self.holding(start - 2)):
            start = before[0]
        while hyphens and self._is_hyphen(end) and (after := self.holding(end + 1)):
            if self.text[end] != "-" and self.text[after[0] : after[1]].casefold() == "s":
                break
            end = after[1]
        return start, end

    def _is_hyphen(self, position: int) -> bool:
        return 0 <= position < len(self.text) and self.text[position] in _HYPHENS


def _piece(finding: Finding, length: int) -> Span:
    if not 0 <= finding.start < finding.end <= length:
        raise Unsafe("finding_out_of_range")
    whose = frozenset({finding.subject} if finding.subject is not None else ())
    return Span(finding.start, finding.end, frozenset({finding.kind}), frozenset({finding.detector}), whose)


def _joined(pieces: Iterable[Span], text: str, words: Words) -> tuple[Span, ...]:
    """Disjoint spans: what overlaps is one, and so are close relatives."""
    grown = []
    for piece in pieces:
        start, end = words.whole(piece.start, piece.end, hyphens=not NAMES.isdisjoint(piece.kinds))
        grown.append(replace(piece, start=start, end=end))
    disjoint: list[Span] = []
    for piece in sorted(grown, key=lambda piece: piece.start):
        if disjoint and piece.start < disjoint[-1].end:
            piece = _both(disjoint.pop(), piece)
        disjoint.append(piece)
    joined: list[Span] = []
    for piece in disjoint:
        joined.append(piece)
        while len(joined) > 1 and _related(joined[-2], joined[-1], text):
            right, left = joined.pop(), joined.pop()
            joined.append(_both(left, right))
    return tuple(joined)


def _related(left: Span, right: Span, text: str) -> bool:
    if right.start - left.end > _WIDEST_GAP:
        return False
    if left.subjects and right.subjects and left.subjects.isdisjoint(right.subjects):
        return False
    for kinds, gap in _FAMILIES:
        if kinds.isdisjoint(left.kinds) or kinds.isdisjoint(right.kinds):
            continue
        if gap.fullmatch(text, left.end, right.start):
            return True
    between = text[left.end : right.start]
    names = _FAMILIES[0][0]
    return (
        between.rstrip(" \u00a0") in (".", "")
        and not (names.isdisjoint(left.kinds) or names.isdisjoint(right.kinds))
        and _INITIAL.fullmatch(text, left.start, left.end) is not None
    )


def _both(left: Span, right: Span) -> Span:
    return Span(
        min(left.start, right.start),
        max(left.end, right.end),
        left.kinds | right.kinds,
        left.detectors | right.detectors,
        left.subjects | right.subjects,
    )


def _echoes(
    pieces: Iterable[Span], document: Document, known: dict[tuple[str, bool], tuple[Echo, ...]]
) -> dict[Echo, Span]:
    """Each string to look for, with everything that is said of it anywhere. `known` are those worked out before."""
    said: dict[Echo, Span] = {}
    for piece in pieces:
        key = document.text[piece.start : piece.end], NAMES.isdisjoint(piece.kinds)
        if key not in known:
            strings = echoes_of(
                document.text, piece.start, piece.end, piece.kinds, language=document.language
            )
            known[key] = tuple(strings)
        for echo in known[key]:
            # One word of a name is a name again, but not the same person's for sure.
            source = replace(piece, kinds=NAMES, subjects=frozenset()) if echo.part else piece
            said[echo] = _both(said[echo], source) if echo in said else source
    return said


def _heard(
    echoes: Mapping[Echo, Span], places: Iterable[tuple[Echo, int, int]], spans: Sequence[Span]
) -> Iterable[Span]:
    """What the echoes add: a span where there was none, and what else was said of a string that is one."""
    starts = [span.start for span in spans]
    for echo, start, end in places:
        index = bisect_right(starts, start) - 1
        inside = index >= 0 and end <= spans[index].end
        if not inside or (not echo.part and (start, end) == (spans[index].start, spans[index].end)):
            yield replace(echoes[echo], start=start, end=end)
