"""A bulletin in words, made from its codes: in English, French, Spanish, Romanian or Italian.

Pure: the same codes give the same words. What is signed are the codes; the words carry no promise of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final

import pycountry
import yaml
from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal

from policies.vocabulary import LANGUAGES, VOCABULARY, UnknownWord, label
from redaction.generalise import RECORDED

_LOCALES: Final = {lang: Locale.parse("en_GB" if lang == "en" else lang) for lang in LANGUAGES}
_MONTHS_OF_A_QUARTER: Final = 3
NUMBERED: Final = "person-"
_AMOUNT = re.compile(r"(?P<low>[0-9]+)(?:-(?P<high>[0-9]+))? (?P<currency>[A-Z]{3})(?:/(?P<per>[a-z]+))?")
_COUNT = re.compile(r"(?P<low>[0-9]+)(?:-(?P<high>[0-9]+)|(?P<open>\+))?")
_WHEN = re.compile(r"(?P<year>[0-9]{4})(?:-Q(?P<quarter>[1-4])|-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?")

Say = Callable[[str, str], str]
"""A value of one kind, in one language."""


def render(content: Mapping[str, Any], envelope: Mapping[str, Any], lang: str) -> str:
    """The bulletin of `content` and `envelope` as plain text. Raises `KeyError` for a language that is not ours."""
    words = furniture()[lang]
    parts = [list(_head(content, envelope, lang))]
    if content["type"] == "recall":
        return _joined([*parts, [words["recalled"]]])
    told = [list(_section(section, lang)) for section in content["sections"]]
    if narrative := content.get("narrative"):
        title = words["narrative"].format(language=language_name(narrative["language"], lang))
        told.append([title, narrative["text"]])
    return _joined([*parts, *(told or [[words["nothing"]]]), list(_foot(content, lang))])


@cache
def furniture() -> Mapping[str, Mapping[str, Any]]:
    """The words around the facts, by language."""
    text = files("share").joinpath("data", "furniture.yaml").read_text(encoding="utf-8")
    said: Mapping[str, Mapping[str, Any]] = yaml.safe_load(text)
    return said


def say(kind: str, value: str, lang: str) -> str:
    """One value in words. What was typed by hand, and what no list knows, stays as it is."""
    if value == RECORDED:
        return str(furniture()[lang]["recorded"])
    if kind in _SAYINGS:
        return _SAYINGS[kind](value, lang)
    if kind in VOCABULARY.kinds and VOCABULARY.kinds[kind].picklist:
        return _called(value, lang)
    return value


def language_name(code: str, lang: str) -> str:
    """What a language is called, whichever of its codes is given."""
    known = pycountry.languages.get(alpha_3=code) or pycountry.languages.get(alpha_2=code)
    short = getattr(known, "alpha_2", None) or code
    for locale in (_LOCALES[lang], _LOCALES["en"]):
        for each in (short, code):
            if each in locale.languages:
                return str(locale.languages[each])
    return str(getattr(known, "name", code))


def _head(content: Mapping[str, Any], envelope: Mapping[str, Any], lang: str) -> Iterator[str]:
    words = furniture()[lang]
    marking = str(content["tlp"])
    yield marking
    yield words["title"].format(circle=content["circle"])
    yield words["number"].format(id=envelope["id"], version=envelope["version"])
    moment = datetime.fromisoformat(envelope["published_at"])
    at = f"{_day(moment.date(), lang)}, {moment:%H:%M} UTC"
    if content["type"] == "recall":
        yield words["published_open"].format(at=at)
        return
    yield words["published"].format(at=at, until=_day(date.fromisoformat(envelope["valid_until"]), lang))
    yield " ".join([words["tlp"][marking.removeprefix("TLP:")], words["community"]])
    yield words["notice"]


def _section(section: Mapping[str, Any], lang: str) -> Iterator[str]:
    words = furniture()[lang]
    yield _title(str(words["sections"][section["section"]]), section.get("about"), lang)
    for fact in section["facts"]:
        # What was typed by hand may hold line breaks, and must not look like lines of ours.
        value = " ".join(say(fact["kind"], fact["value"], lang).split())
        yield "  " + words["fact"].format(name=_upper(_called(fact["kind"], lang)), value=value)


def _title(title: str, about: str | None, lang: str) -> str:
    """A person goes by her number in this bulletin, or by a name that only this circle knows her under."""
    if about is None:
        return title
    if about.startswith(NUMBERED):
        return f"{title} {about.removeprefix(NUMBERED)}"
    return f"{title} ({furniture()[lang]['pseudonym'].format(about=about)})"


def _foot(content: Mapping[str, Any], lang: str) -> Iterator[str]:
    words = furniture()[lang]
    if content["fences"]:
        yield words["fences"].format(fences=", ".join(_called(each, lang) for each in content["fences"]))
    yield words["signed"]


def _joined(parts: Sequence[Sequence[str]]) -> str:
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _called(code: str, lang: str) -> str:
    try:
        return label(code, lang)
    except UnknownWord:
        return code


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _day(day: date, lang: str) -> str:
    return str(format_date(day, "long", locale=_LOCALES[lang]))


def _when(value: str, lang: str) -> str:
    if not (known := _WHEN.fullmatch(value)):
        return value
    year, quarter, month, day = known["year"], known["quarter"], known["month"], known["day"]
    if day:
        return _day(date(int(year), int(month), int(day)), lang)
    if month:
        return str(format_skeleton("yMMMM", date(int(year), int(month), 1), locale=_LOCALES[lang]))
    if quarter:
        first = date(int(year), (int(quarter) - 1) * _MONTHS_OF_A_QUARTER + 1, 1)
        return str(format_skeleton("yQQQQ", first, locale=_LOCALES[lang]))
    return str(year)


def country_name(value: str, lang: str) -> str:
    """A country, or a region by its UN M49 code."""
    return str(_LOCALES[lang].territories.get(value, value))


def _place(value: str, lang: str) -> str:
    """Town, division, country, as much as is told. Divisions and towns keep their own names."""
    country, division, town = ([*value.split("/", 2), "", ""])[:3]
    known = pycountry.subdivisions.get(code=division) if division else None  # type: ignore[no-untyped-call]
    parts = (town, known.name if known else division, country_name(country, lang))
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _language(value: str, lang: str) -> str:
    return language_name(value, lang)


def _age(value: str, lang: str) -> str:
    if not value.isdecimal():
        return _called(value, lang)
    words = furniture()[lang]["age"]
    return str(words.get(_LOCALES[lang].plural_form(int(value)), words["other"]).format(n=value))


def _count(value: str, lang: str) -> str:
    if not (known := _COUNT.fullmatch(value)):
        return value
    words, low = furniture()[lang], _figure(known["low"], lang)
    if known["high"]:
        return str(words["range"].format(low=low, high=_figure(known["high"], lang)))
    return str(words["at_least"].format(low=low)) if known["open"] else low


def _amount(value: str, lang: str) -> str:
    if not (known := _AMOUNT.fullmatch(value)):
        return value
    words, top = furniture()[lang], known["high"] or known["low"]
    sum_ = format_currency(
        int(top), known["currency"], "#,##0", locale=_LOCALES[lang], format_type="name", currency_digits=False
    )
    if known["high"]:
        sum_ = words["range"].format(low=_figure(known["low"], lang), high=sum_)
    return " ".join([sum_, words["per"].get(known["per"], known["per"])] if known["per"] else [sum_])


def _figure(digits: str, lang: str) -> str:
    return str(format_decimal(int(digits), locale=_LOCALES[lang]))


_SAYINGS: Final[Mapping[str, Say]] = {
    "CITIZENSHIP": country_name,
    "LANGUAGE": _language,
    "ROUTE_PLACE": _place,
    "ROUTE_DATE": _when,
    "AGE_BAND": _age,
    "CHILDREN": _count,
    "PEOPLE_COUNT": _count,
    "NETWORK_SIZE": _count,
    "OFFER_WAGE": _amount,
    "OFFER_DEBT": _amount,
}
"""The kinds whose values are neither codes of a list with labels nor typed by hand."""
