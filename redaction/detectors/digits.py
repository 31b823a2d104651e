"""The digit backstop: runs of digits that may identify somebody, whatever they are, are not left standing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex

from redaction.detectors.national_numbers import kind_of
from redaction.detectors.patterns import SECONDS, even
from redaction.detectors.spared import counts_parts, is_amount, is_law_of_the_union, is_of_a_law
from redaction.findings import Document, Finding, Hold, View

NAME: Final = "digits"

_FEWEST_WORDS: Final = 3
_WORD: Final = regex.compile(r"\p{L}++")
_RUN: Final = regex.compile(r"[0-9]++(?:[ ().\-/_]{1,3}+[0-9]++)*+")
_FEWEST: Final = 5

_YEAR: Final = r"(?:1[789]|20)[0-9]{2}"
_DATE: Final = regex.compile(
    r"(?<![0-9])(?:[0-3]?[0-9]([./-])[0-3]?[0-9]\1(?:(?:19|20)[0-9]{2}|[0-9]{2})"
    r"|(?:19|20)[0-9]{2}([./-])[01]?[0-9]\2[0-3]?[0-9]"
    r"|(?:0?[1-9]|1[0-2])[/.](?:19|20)[0-9]{2}|\((?:19|20)[0-9]{2}\))(?![0-9])"
)
_SPARED: Final = regex.compile(
    "|".join(
        (
            rf"{_YEAR}(?:[ ().\-/]{{1,3}}{_YEAR})*(?:[-/][0-9]{{2}})?",  # years, and from one to another
            rf"[0-3]?[0-9][ .]{{1,2}}{_YEAR}|{_YEAR}[ (]{{1,2}}[0-9]{{1,2}}",
            # a round number, and thousands with their point
            r"[1-9][0-9]{0,2}(?:[ .][0-9]{3}){0,3}[ .]000|[1-9][0-9]{0,3}000|[1-9][0-9]{0,2}\.[0-9]{3}",
            r"[0-9](?:\.[0-9]{1,2}){2,5}",  # a section
            r"[0-9]{1,3}(?:[ ]?\([0-9]{1,2}\)){1,3}(?:[ .-][0-9]{1,2})?",
            r"(?:[0-9]{1,4} )?[0-9](?:-[0-9]){2,3}",  # a dose of medicine, morning to night
        )
    )
)


def digit_runs(document: Document) -> Iterator[Finding | Hold]:
    """Every run of five digits or more that is no year, date, sum, section or law, however it is grouped."""
    views = document.views
    plain = list(_runs(even(views["folded"])))
    hidden = [
        finding
        for name in ("quoted", "unpacked")
        if views[name].text != views["decoded"].text
        for finding in _runs(even(views[name]))
    ]
    if views["digits"].text == views["folded"].text:
        return iter(dict.fromkeys(plain + hidden))
    spelt = [
        finding
        for finding in _runs(even(views["digits"]))
        if not _ends_in_an_article(document.text[finding.start : finding.end])
        or any(finding.start < other.end and other.start < finding.end for other in plain)
    ]
    return iter(dict.fromkeys(plain + hidden + spelt))


def _ends_in_an_article(written: str) -> bool:
    """Figures with a word or two that may be number words: "on 23.10.2019, um homem"."""
    return 0 < len(_WORD.findall(written)) < _FEWEST_WORDS and any(map(str.isdigit, written))


def _runs(view: View) -> Iterator[Finding]:
    for match in _RUN.finditer(view.text, timeout=SECONDS):
        digits = "".join(filter(str.isdigit, match[0]))
        if len(digits) >= _FEWEST and not _is_spared(match):
            start, end = view.raw(*match.span())
            yield Finding(start, end, kind_of(digits), NAME)


def _is_spared(match: regex.Match[str]) -> bool:
    text, (start, end) = match.string, match.span()
    if sum(map(str.isdigit, _DATE.sub("", match[0]))) < _FEWEST and _DATE.search(match[0]):
        return True
    return (
        _SPARED.fullmatch(match[0]) is not None
        or is_amount(text, start, end)
        or is_of_a_law(text, start)
        or is_law_of_the_union(text, start)
        or (len(match[0]) <= 9 and counts_parts(text, start))
    )
