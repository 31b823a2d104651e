"""What a circle is told, as rows for a page: made from the codes that are signed, in a language of bulletins.

Pure, and of no promise of its own: the words are for reading, the codes are what counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from babel import Locale
from babel.dates import format_date, format_skeleton

from policies.vocabulary import LANGUAGES, VOCABULARY, UnknownWord
from share.rendering import NUMBERED, furniture, language_name, say

SPOKEN: Final = frozenset(LANGUAGES)
"""The languages that bulletins can be said in; in any other they are said in English."""


@dataclass(frozen=True, slots=True)
class Row:
    """One fact in words, and its rung in code."""

    name: str
    value: str = field(repr=False)
    rung: str


@dataclass(frozen=True, slots=True)
class Table:
    """Facts that belong together, under a title."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of a comparison: what each circle is told of one kind of fact."""

    title: str
    name: str
    cells: tuple[tuple[str, ...], ...] = field(repr=False)

    @property
    def differs(self) -> bool:
        """Whether the circles are told different things."""
        return len(set(self.cells)) > 1


def spoken(lang: str) -> str:
    """The language in which bulletins are said on a page in `lang`."""
    return lang if lang in SPOKEN else "en"


def tables(content: Mapping[str, Any], lang: str) -> tuple[Table, ...]:
    """The facts of a content, in words. A recall has none."""
    return tuple(
        Table(
            title_of(section["section"], section.get("about"), lang),
            tuple(
                Row(named(f["kind"], lang), say(f["kind"], f["value"], lang), f["rung"])
                for f in section["facts"]
            ),
        )
        for section in content.get("sections", ())
    )


def compared(contents: Sequence[Mapping[str, Any]], lang: str) -> tuple[Compared, ...]:
    """The same report as each circle is told of it, side by side; what nobody is told is not there.

    People are not told apart in it: circles number them differently on purpose.
    """
    told = [_by_kind(content, lang) for content in contents]
    order = [key for key in _ordered(contents) if any(key in each for each in told)]
    return tuple(
        Compared(
            title_of(section, None, lang),
            named(kind, lang),
            tuple(each.get((section, kind), ()) for each in told),
        )
        for section, kind in order
    )


def title_of(section: str, about: str | None, lang: str) -> str:
    """What a section is called; a person goes by her number in this bulletin, or by her name in this circle."""
    words = furniture()[lang]
    title = str(words["sections"].get(section, section))
    if about is None:
        return title
    if about.startswith(NUMBERED):
        return f"{title} {about.removeprefix(NUMBERED)}"
    return f"{title} ({words['pseudonym'].format(about=about)})"


def language_of(code: str, lang: str) -> str:
    """What the language `code` is called."""
    return language_name(code, lang)


def named(code: str, lang: str) -> str:
    """What a code is called, as the beginning of a line; the code itself where no list knows it."""
    try:
        words = VOCABULARY.label(code, lang)
    except UnknownWord:
        return code
    return words[:1].upper() + words[1:]


def day(iso: str, lang: str) -> str:
    """A day or moment (ISO 8601) as the day it is, in words. Moments are those of the service, in UTC."""
    return str(format_date(date.fromisoformat(iso[:10]), "long", locale=locale_of(lang)))


def month(iso: str, lang: str) -> str:
    """A year and month (ISO 8601) in words."""
    return str(format_skeleton("yMMMM", date.fromisoformat(f"{iso}-01"), locale=locale_of(lang)))


def locale_of(lang: str) -> Locale:
    """How dates are written in a language of the pages; figures stay those that everybody can read."""
    return Locale.parse({"en": "en_GB", "ar": "ar_TN"}.get(lang, lang))


def _by_kind(content: Mapping[str, Any], lang: str) -> dict[tuple[str, str], tuple[str, ...]]:
    told: dict[tuple[str, str], list[str]] = {}
    for section, fact in _facts(content):
        told.setdefault((section, fact["kind"]), []).append(say(fact["kind"], fact["value"], lang))
    return {key: tuple(sorted(values)) for key, values in told.items()}


def _ordered(contents: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    keys = [(section, fact["kind"]) for content in contents for section, fact in _facts(content)]
    sections = list(furniture()["en"]["sections"])
    kinds = list(VOCABULARY.kinds)
    yield from sorted(dict.fromkeys(keys), key=lambda key: (sections.index(key[0]), kinds.index(key[1])))


def _facts(content: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    for section in content.get("sections", ()):
        for fact in section["facts"]:
            yield section["section"], fact
