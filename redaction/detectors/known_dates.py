"""A known date of birth however it is written: in figures, by name and in words, in any order."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Final

from redaction.detectors.date_items import MONTHS, ROMAN, Item, Role, Tokens, Weight, items_of
from redaction.findings import View
from redaction.letters import latin_key
from redaction.misread import in_figures
from redaction.spoken import words

_BETWEEN: Final = frozenset(words("between").split())
_BIRTH: Final = frozenset(words("birth").split())
_BIRTH_IN_TWO: Final = frozenset(tuple(pair.split()) for pair in words("birth_in_two"))
_GAP: Final = re.compile(r"[^a-z0-9]{0,6}")
_MOST_BETWEEN: Final = 5
# A year is that of the day before it in the same sentence; one of birth stands right behind the word for it.
_YEAR_REACH: Final = 60
_WIDEST: Final = 60
_BIRTH_REACH: Final = 6
_SENTENCE_END: Final = re.compile(r"[!?]|\.\s+(?=\D)|\n\s*\n")
_RUN: Final = re.compile(r"(?<![a-z0-9])\d(?:[^a-z0-9]{0,3}\d){5,7}(?![a-z0-9])")


def date_of(value: str) -> date | None:
    """The one day that `value` names, or None where that is unclear. 04/03/1994 is the fourth of March."""
    text = latin_key(value).strip()
    if match := re.fullmatch(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})(?:t.*)?", text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := re.fullmatch(r"(\d{1,2})\D(\d{1,2})\D(\d{2}|\d{4})", text):
        day, month, year = (int(group) for group in match.groups())
        return _day(_century(year), month, day) or _day(_century(year), day, month)
    found = re.findall(r"[a-z]+|\d+", text)
    months = [MONTHS[word] for word in found if word in MONTHS]
    months = months or [ROMAN.index(word) + 1 for word in found if word in ROMAN]
    numbers = [int(word) for word in found if word.isdigit()]
    if len(months) == 1 and len(numbers) == 2:
        day, year = sorted(numbers) if max(numbers) > 31 else numbers
        return _day(_century(year), months[0], day)
    return None


def days_in(view: View, days: Collection[date]) -> Iterator[tuple[date, int, int]]:
    """Where each of `days` stands in a folded and romanised reading, which is taken apart once for all of them.

    Day, month and year may stand in any order with hardly a word between them, each in figures (also in
    letters that look like them), in Roman ones, by name or in words. The day is known by its month's name
    without the year, and the year behind it or behind a word for birth is part of it. What is only reckoned
    from another day ("the day after") is not seen.
    """
    if not days:
        return
    for text in dict.fromkeys((view.text, in_figures(view).text)):
        tokens = Tokens.of(text)
        runs = [(re.sub(r"\D", "", match.group()), match.span()) for match in _RUN.finditer(text)]
        for day in days:
            for first, last in _stretches(tokens, day):
                yield day, *view.raw(tokens.found[first].start(), tokens.found[last].end())
            compact = _compact(day)
            yield from ((day, *view.raw(*span)) for digits, span in runs if digits in compact)


def _stretches(tokens: Tokens, day: date) -> Iterator[tuple[int, int]]:
    """The first and last word of each stretch that says `day`, whole or in pieces."""
    items = items_of(tokens, day)
    chains = (chain for chain in _chains(items, tokens) if _is_day(chain, tokens))
    days = sorted({(chain[0].first, chain[-1].last) for chain in chains})
    for first, last in days:
        yield _with_edges(tokens, first, last)
    for item in items:
        if item.role is Role.YEAR and _is_year(item, tokens, _near(days, item.first)):
            yield item.first, item.last


def _near(days: Sequence[tuple[int, int]], place: int) -> Sequence[tuple[int, int]]:
    """Those that a year at `place` may be in a sentence with: no more words than signs stand between."""
    low, high = bisect_left(days, (place - _WIDEST,)), bisect_left(days, (place + _WIDEST,))
    return days[low:high]


def _is_year(item: Item, tokens: Tokens, days: Sequence[tuple[int, int]]) -> bool:
    """Whether a year that stands by itself is that of a birth or of a day in the same sentence."""
    if item.weight is Weight.FIGURE:
        figures = [tokens.key(place).isdigit() for place in (item.first - 1, item.first, item.first + 1)]
        return figures == [False, True, False] and _says_birth(tokens, item.first, item.last, reach=2)
    birth = _says_birth(tokens, item.first, item.last, reach=_BIRTH_REACH)
    return birth or any(_share_a_sentence(tokens, item, *stretch) for stretch in days)


def _chains(items: Sequence[Item], tokens: Tokens) -> Iterator[tuple[Item, ...]]:
    """Two or three items that say different things, with nothing but words of dates between them."""
    starts = [item.first for item in items]
    for one in items:
        for other in _following(one, items, starts, tokens):
            if other.role is not one.role:
                yield one, other
                for third in _following(other, items, starts, tokens):
                    if third.role not in (one.role, other.role):
                        yield one, other, third


def _following(item: Item, items: Sequence[Item], starts: Sequence[int], tokens: Tokens) -> Iterator[Item]:
    """The items behind one, in order, with hardly more than a sign and words of dates between."""
    for place in range(item.last + 1, min(item.last + 2 + _MOST_BETWEEN, len(tokens.found))):
        if not _GAP.fullmatch(tokens.gap(place - 1)):
            return
        yield from items[bisect_left(starts, place) : bisect_right(starts, place)]
        if tokens.key(place) not in _BETWEEN:
            return


def _is_day(chain: Sequence[Item], tokens: Tokens) -> bool:
    """Whether the items say the date: all of it, or a part that nobody would take for anything else."""
    if len(chain) == 3:
        figures = any(tokens.key(item.first).isdigit() for item in chain)
        return figures or any(item.weight is Weight.WORD for item in chain)
    roles = {item.role: item for item in chain}
    month = roles.get(Role.MONTH)
    if month is None:
        return False
    if month.weight is Weight.WORD:
        year = roles.get(Role.YEAR)
        return year is None or year.weight is Weight.WORD or tokens.key(year.first).isdigit()
    return Role.DAY in roles and _says_birth(tokens, chain[0].first, chain[-1].last, reach=_BIRTH_REACH)


def _says_birth(tokens: Tokens, first: int, last: int, *, reach: int) -> bool:
    """Whether a word for birth stands at most `reach` words before `first`, or half as far behind `last`."""
    low, high = max(0, first - reach), min(len(tokens.found), last + 1 + reach // 2)
    for place in (*range(low, first), *range(last + 1, high)):
        if tokens.key(place) in _BIRTH or (tokens.key(place), tokens.key(place + 1)) in _BIRTH_IN_TWO:
            start, end = sorted((place, first))
            if not _ends_a_sentence(tokens, start, end):
                return True
    return False


def _share_a_sentence(tokens: Tokens, item: Item, first: int, last: int) -> bool:
    """Whether a year stands in the sentence of a day, near it and not in it."""
    before, behind = (item.last, first), (last, item.first)
    start, end = before if item.last < first else behind
    if start >= end:
        return False
    near = tokens.found[end].start() - tokens.found[start].end() <= _YEAR_REACH
    return near and not _ends_a_sentence(tokens, start, end)


def _ends_a_sentence(tokens: Tokens, start: int, end: int) -> bool:
    between = tokens.text[tokens.found[start].end() : tokens.found[end].start()]
    return _SENTENCE_END.search(between) is not None


def _with_edges(tokens: Tokens, first: int, last: int) -> tuple[int, int]:
    """The stretch with an article before it and the ending of an ordinal behind it."""
    if tokens.key(first - 1) == "the" and first and tokens.gap(first - 1).isspace():
        first -= 1
    if last + 1 < len(tokens.found) and not tokens.gap(last) and tokens.key(last + 1) in _BETWEEN:
        last += 1
    return first, last


def _compact(day: date) -> frozenset[str]:
    """The day in six or eight figures without a sign."""
    d, m, year = f"{day.day:02}", f"{day.month:02}", str(day.year)
    return frozenset(order for y in (year, year[2:]) for order in (f"{y}{m}{d}", f"{d}{m}{y}", f"{m}{d}{y}"))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _century(year: int) -> int:
    return year if year > 99 else 1900 + year if year > 30 else 2000 + year
