"""A known date of birth in the usual ways of writing a date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from importlib import resources
from typing import Any, Final

import regex
import yaml

from redaction.findings import View
from redaction.letters import latin_key


def date_of(value: str) -> date | None:
    """The one day that `value` names, or None where that is unclear. 04/03/1994 is the fourth of March."""
    text = latin_key(value).strip()
    if match := re.fullmatch(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})(?:t.*)?", text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := re.fullmatch(r"(\d{1,2})\D(\d{1,2})\D(\d{2}|\d{4})", text):
        day, month, year = (int(group) for group in match.groups())
        return _day(_century(year), month, day) or _day(_century(year), day, month)
    words = re.findall(r"[a-z]+|\d+", text)
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    numbers = [int(word) for word in words if word.isdigit()]
    if len(months) == 1 and len(numbers) == 2:
        day, year = sorted(numbers) if max(numbers) > 31 else numbers
        return _day(_century(year), months[0], day)
    return None


def date_in(view: View, day: date) -> Iterator[tuple[int, int]]:
    """Where `day` stands in a folded and romanised reading: in figures in any order, with the month's name,
    in words, or without its year."""
    if not _is_possible(view.text, day):
        return
    for match in _pattern(day).finditer(view.text):
        yield view.raw(*match.span())


def _is_possible(text: str, day: date) -> bool:
    """Whether the parts of `day` are in the text at all: its pattern takes far longer to build than to rule out."""
    numbers = set(re.findall(r"\d+", text))
    parts = (
        {str(day.day), f"{day.day:02}"},
        {str(day.month), f"{day.month:02}"},
        {str(day.year), f"{day.year % 100:02}"},
    )
    in_figures = all(part & numbers for part in parts) or any(len(number) in (6, 8) for number in numbers)
    return in_figures or any(word in text for word, number in _MONTHS.items() if number == day.month)


def _pattern(day: date) -> regex.Pattern[str]:
    year, short = str(day.year), f"{day.year % 100:02}"
    d, m = rf"0?{day.day}", rf"0?{day.month}"
    years = rf"(?:{year}|['’]?{short}|{_years_in_words(day.year)})"
    gap = r"[\s.,/\-\u2010-\u2015]{1,3}"
    figures = "|".join(
        (
            rf"{d}{gap}{m}{gap}(?:{year}|{short})",
            rf"{m}{gap}{d}{gap}(?:{year}|{short})",
            rf"{year}{gap}{m}{gap}{d}",
            rf"{year}{day.month:02}{day.day:02}",
            rf"{day.day:02}{day.month:02}{year}",
            rf"{day.day:02}{day.month:02}{short}|{short}{day.month:02}{day.day:02}",
        )
    )
    days = rf"(?:the\s)?(?:{d}(?:st|nd|rd|th|er|e|º|a)?|{_words(_WORDS['days'][day.day])})"
    months = rf"(?:{'|'.join(word for word, number in _MONTHS.items() if number == day.month)})\.?"
    of = r"(?:\s?(?:of|de|du|d'|di|lui|del)\s|[\s.,/\-]{1,3})"
    named = rf"{days}{of}{months}(?:{of}{years})?|{months}{of}{days}(?:{of}{years})?|{months}{of}{years}"
    return regex.compile(rf"(?<![a-z0-9])(?:{figures}|{named})(?![a-z0-9])", cache_pattern=False)


def _years_in_words(year: int) -> str:
    rest = year % 100
    spoken = [_words(_WORDS["units"][rest])] if rest in _WORDS["units"] else []
    for tens, words in _WORDS["tens"].items():
        # seventy and ninety in French are sixty-ten and eighty-ten
        if 0 <= rest - tens < (20 if tens in (60, 80) else 10):
            unit = _WORDS["units"][rest - tens] if rest > tens else ""
            spoken.append(_words(words) + (rf"[\s-](?:(?:and|et|y|si|e)\s)?{_words(unit)}" if unit else ""))
    century = r"(?:(?:nineteen|twenty|two\sthousand(?:\sand)?)[\s-])?"
    return rf"{century}(?:{'|'.join(spoken)})"


def _words(words: str) -> str:
    return "(?:" + "|".join(re.escape(word) for word in words.split()) + ")"


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _century(year: int) -> int:
    return year if year > 99 else 1900 + year if year > 30 else 2000 + year


def _read() -> Any:
    return yaml.safe_load(
        resources.files("redaction").joinpath("data/dates.yaml").read_text(encoding="utf-8")
    )


_WORDS: Final = _read()
_MONTHS: Final[dict[str, int]] = {
    word: number for number, words in _WORDS["months"].items() for word in words.split()
}
