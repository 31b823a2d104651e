"""The digit backstop: runs of digits that may identify somebody, whatever they are, are not left standing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import regex

from redaction.detectors.dates import DATES
from redaction.detectors.national_numbers import kind_of
from redaction.detectors.patterns import SECONDS, even
from redaction.detectors.spared import (
    counts_parts,
    is_amount,
    is_law_of_the_union,
    is_number_of_a_law,
    is_year,
)
from redaction.findings import Document, Finding, Hold, View

NAME: Final = "digits"

_FEWEST_WORDS: Final = 3
_WORD: Final = regex.compile(r"\p{L}++")
_DIGITS: Final = regex.compile(r"[0-9]++")
_RUN: Final = regex.compile(r"[0-9]++(?:[ ().\-/_]{1,3}+[0-9]++)*+")
_FEWEST: Final = 5

_YEAR: Final = r"(?:1[789]|20)[0-9]{2}"
_SPARED: Final = regex.compile(
    "|".join(
        (
            rf"{_YEAR}(?:[ ().\-/]{{1,3}}{_YEAR})*(?:[-/][0-9]{{2}})?",  # years, and from one to another
            rf"[0-3]?[0-9][ .]{{1,2}}{_YEAR}|(?:[0-9]{{1,2}} ?\()?{_YEAR}[ ()]{{1,3}}[0-9]{{1,2}}",
            # a round number, and thousands with their point
            r"[1-9][0-9]{0,2}(?:[ .][0-9]{3})?[ .]000|[1-9][0-9]{0,3}000|[1-9][0-9]{0,2}\.[0-9]{3}",
            r"(?=(?:[0-9]\.?){1,6}\z)[1-9](?:\.[0-9]{1,2}){2,5}",  # a section
            r"[0-9]{1,3}(?:[ ]?\([0-9]{1,2}\)){1,3}(?:[ .-][0-9]{1,2})?",
            # a dose of medicine, morning to night
            r"(?:[1-9][0-9]{0,2}0? )?[0-9](?:-[0-9]){2,3}|[0-9]{1,2}(?:-0){1,2}-[0-9]{1,2}",
        )
    )
)
# What can be a date: only then is it worth asking where there are some.
_LIKE_A_DATE: Final = regex.compile(r"[0-9][./-][0-9]{1,2}[./-][0-9]|[./][0-9]{4}")


def digit_runs(document: Document) -> Iterator[Finding | Hold]:
    """Every run of five digits or more that is no year, sum, section or law, however it is grouped.

    What is written like a date is spared only where the table of dates takes it, and only if nothing but
    years is left of the run then: a telephone may begin like a date.
    """
    views, dates = document.views, _Dates(document)
    plain = list(_runs(even(views["folded"]), dates))
    hidden = [
        finding
        for name in ("quoted", "unpacked")
        if views[name].text != views["decoded"].text
        for finding in _runs(even(views[name]), dates)
    ]
    if views["digits"].text == views["folded"].text:
        return iter(dict.fromkeys(plain + hidden))
    spelt = [
        finding
        for finding in _runs(even(views["digits"]), dates)
        if not _ends_in_an_article(document.text[finding.start : finding.end])
        or any(finding.start < other.end and other.start < finding.end for other in plain)
    ]
    return iter(dict.fromkeys(plain + hidden + spelt))


@dataclass(frozen=True)
class _Dates:
    """Where the table of dates finds something in a document; looked for when first asked."""

    document: Document = field(repr=False)

    def hold(self, place: int) -> bool:
        """Whether the raw `place` is in a date, a time or an age."""
        index = bisect_right(self._ranges, (place, len(self.document.text))) - 1
        return index >= 0 and place < self._ranges[index][1]

    @cached_property
    def _ranges(self) -> list[tuple[int, int]]:
        """In order, and none within another."""
        ranges: list[tuple[int, int]] = []
        found = {(one.start, one.end) for one in DATES(self.document) if isinstance(one, Finding)}
        for start, end in sorted(found):
            if not ranges or end > ranges[-1][1]:
                ranges.append((start, end))
        return ranges


def _ends_in_an_article(written: str) -> bool:
    """Figures with a word or two that may be number words: "on 23.10.2019, um homem"."""
    return 0 < len(_WORD.findall(written)) < _FEWEST_WORDS and any(map(str.isdigit, written))


def _runs(view: View, dates: _Dates) -> Iterator[Finding]:
    for match in _RUN.finditer(view.text, timeout=SECONDS):
        digits = "".join(filter(str.isdigit, match[0]))
        if len(digits) >= _FEWEST and not (_is_spared(match) or _is_dated(match, view, dates)):
            start, end = view.raw(*match.span())
            yield Finding(start, end, kind_of(digits), NAME)


def _is_spared(match: regex.Match[str]) -> bool:
    text, (start, end) = match.string, match.span()
    return (
        _SPARED.fullmatch(match[0]) is not None
        or is_amount(text, start, end)
        or is_number_of_a_law(text, start, end)
        or is_law_of_the_union(text, start)
        or counts_parts(text, start, end)
    )


def _is_dated(match: regex.Match[str], view: View, dates: _Dates) -> bool:
    """Whether the run is dates that were found, and years, and nothing else."""
    if not _LIKE_A_DATE.search(match[0]):
        return False
    places = range(*match.span())
    left = "".join(" " if dates.hold(view.starts[place]) else view.text[place] for place in places)
    return left != match[0] and all(map(is_year, _DIGITS.findall(left)))
