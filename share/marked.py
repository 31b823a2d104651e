"""Findings as a reviewer leaves them. Pure: findings in, findings out, and nothing a machine found is ever lost."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from redaction.findings import Examined, Finding, Span
from redaction.folding import folded
from share.errors import Conflict
from share.review import REVIEWER, with_missed

Place = tuple[int, int]
"""Where something stands: code points of the text, half open."""

_FORM: Final = "known"
_ENDS: Final = re.compile("[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_PERSON: Final = "PERSON"


def is_from_form(span: Span) -> bool:
    """Whether the form itself names what stands here."""
    return any(detector.startswith(_FORM) for detector in span.detectors)


def is_by_person(detector: str) -> bool:
    """Whether a person, and not a machine, stands behind this name of a detector."""
    return detector.split(".")[0] == REVIEWER


def marked(examined: Examined, places: Collection[Place], kind: str, who: str) -> Examined:
    """The findings with what stands in `places` too, as `kind`, according to `who`."""
    for start, end in places:
        if not any(s.start <= start and end <= s.end and s.kinds == {kind} for s in examined.spans):
            examined = with_missed(examined, Finding(start, end, kind, who))
    return examined


def renamed(examined: Examined, places: Collection[Place], kind: str, who: str) -> Examined:
    """The findings with these marks, and all others of the same words, called `kind`.

    Raises `Conflict` for a mark that the form names: what the form says, the form must correct.
    """
    chosen = chosen_of(examined, places)
    if any(is_from_form(span) for span in chosen):
        raise Conflict("named_by_form")
    same = _same_words(examined, chosen)
    spans = tuple(
        replace(span, kinds=frozenset({kind})) if span in same and not is_from_form(span) else span
        for span in examined.spans
    )
    return _said_by(replace(examined, spans=spans), chosen, kind, who, None)


def joined(examined: Examined, places: Collection[Place], person: str, who: str) -> Examined:
    """The findings with these names, wherever they stand, given to one person, or to nobody for an empty code.

    Raises `Conflict` for marks that are no names, and for those that the form gives to somebody else.
    """
    chosen = chosen_of(examined, places)
    if any(is_from_form(span) and span.subjects != {person} for span in chosen):
        raise Conflict("named_by_form")
    if not all(_PERSON in span.kinds for span in chosen):
        raise Conflict("not_a_name")
    same = [span for span in _same_words(examined, chosen) if _PERSON in span.kinds]
    subjects = frozenset({person} if person else ())
    spans = tuple(
        replace(span, subjects=subjects) if span in same and not is_from_form(span) else span
        for span in examined.spans
    )
    return _said_by(replace(examined, spans=spans), chosen, _PERSON, who, person or None)


def taken_back(examined: Examined, places: Collection[Place], who: str) -> Examined:
    """The findings without these marks, all of which `who` alone must have made; what follows from others stays."""
    chosen, own = chosen_of(examined, places), frozenset({who})
    if any(span.detectors != own for span in chosen):
        raise Conflict("not_your_mark")
    gone = [span for span in _same_words(examined, chosen) if span.detectors == own]
    return _covered_again(replace(examined, spans=tuple(s for s in examined.spans if s not in gone)))


def grouped(text: str, spans: Iterable[Span]) -> tuple[tuple[Span, ...], ...]:
    """The marks put together by what stands in them, in the order in which each first stands."""
    groups: dict[str, list[Span]] = {}
    for span in spans:
        groups.setdefault(folded(text[span.start : span.end]), []).append(span)
    return tuple(map(tuple, groups.values()))


def chosen_of(examined: Examined, places: Collection[Place]) -> Sequence[Span]:
    """The marks in just these places. Raises `Conflict` where one of them is not there, or none was chosen."""
    spans = {(span.start, span.end): span for span in examined.spans}
    if not places or not set(places) <= spans.keys():
        raise Conflict("mark_not_there")
    return tuple(spans[place] for place in sorted(set(places)))


def places_of(text: str, words: str) -> Sequence[Place]:
    """Wherever `words` stand: as they are written, else in any case, else inside other words."""
    wanted = words.strip()
    found = (
        tuple(_standing(text, wanted, whole=True))
        or tuple(_standing(_lower(text), _lower(wanted), whole=True))
        or tuple(_standing(text, wanted, whole=False))
    )
    if not wanted or not found:
        raise Conflict("words_not_there")
    return found


def place_of(text: str, words: str, start: int, end: int) -> Place:
    """The place itself, if just these words stand there. Raises `Conflict` otherwise.

    Browsers send ends of lines in a way of their own, so that any number of them is as good as another.
    """
    if not 0 <= start < end <= len(text) or _lines(text[start:end]) != _lines(words):
        raise Conflict("words_differ")
    return start, end


def _said_by(
    examined: Examined, chosen: Sequence[Span], kind: str, who: str, subject: str | None
) -> Examined:
    """The findings, with `who` among those who found the chosen ones."""
    for span in chosen:
        examined = with_missed(examined, Finding(span.start, span.end, kind, who, subject))
    return examined


def _covered_again(examined: Examined) -> Examined:
    """The findings as the rules about neighbours and echoes leave them: what follows from other marks is back."""
    if not examined.spans:
        return examined
    first = examined.spans[0]
    subject = min(first.subjects, default=None)
    return with_missed(
        examined, Finding(first.start, first.end, min(first.kinds), min(first.detectors), subject)
    )


def _same_words(examined: Examined, chosen: Sequence[Span]) -> Sequence[Span]:
    wanted = {_words(examined, span) for span in chosen}
    return tuple(span for span in examined.spans if _words(examined, span) in wanted)


def _words(examined: Examined, span: Span) -> str:
    return folded(examined.text[span.start : span.end])


def _standing(text: str, wanted: str, *, whole: bool) -> Iterator[Place]:
    """Every place where `wanted` stands, as whole words or anywhere."""
    start = text.find(wanted) if wanted else -1
    while start >= 0:
        end = start + len(wanted)
        if not whole or not (_inside_word(text, start) or _inside_word(text, end)):
            yield start, end
        start = text.find(wanted, end)


def _inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _lower(text: str) -> str:
    """`text` in lower case with no code point moved."""
    return "".join(low if len(low := sign.lower()) == 1 else sign for sign in text)


def _lines(text: str) -> str:
    return _ENDS.sub("\n", text)
