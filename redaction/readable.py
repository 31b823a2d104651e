"""A date, an age, a country, an amount found in a text, said again on a coarser rung and in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Final

import regex
from babel import Locale

from policies.terms import Detail
from policies.vocabulary import VOCABULARY
from redaction.folding import folded
from redaction.generalise import RECORDED, generalise
from redaction.numerals import number_in

LANGUAGES: Final = ("en", "fr", "es", "ro", "it", "de", "pt")


def readable(kind: str, value: str, rung: Detail, *, language: str) -> str | None:
    """What a text in `language` may say in place of `value`; None where a plain token must do.

    `value` has to be understood whole: a date with a word in it that is no part of a date, or one that two
    countries read differently, is not guessed at.
    """
    if kind not in _UNDERSTOOD or rung <= Detail.PRESENCE:
        return None
    rung = min(rung, Detail.FINE)  # EXACT is the value itself, and that never comes back
    if (known := _UNDERSTOOD[kind](folded(value).strip(" .,"), language)) is None:
        return None
    coarser = known if kind == "TIME" else generalise(kind, known, rung)
    if coarser is None or coarser == RECORDED:
        return None
    return _SAID[kind](coarser, rung, language)


def _age(value: str, _: str) -> str | None:
    words = [word for word in _WORDS.findall(value) if word not in _AGE_WORDS]
    try:
        number = number_in(words) if words else ""
    except (KeyError, IndexError):
        return None
    return number if number.isdecimal() and int(number) <= 130 else None


def _date(value: str, language: str) -> str | None:
    if iso := _ISO.fullmatch(value):
        return value if _is_date(*map(int, iso.groups())) else None
    if numeric := _NUMERIC.fullmatch(value):
        return _numeric_date(*numeric.groups())
    months = {**_months("en"), **_months(language)}
    day = month = year = None
    for word in _WORDS.findall(value):
        if word in months and month is None:
            month = months[word]
        elif _YEAR.fullmatch(word) and year is None:
            year = int(word)
        elif (ordinal := _DAY.fullmatch(word)) and day is None and 1 <= int(ordinal[1]) <= 31:
            day = int(ordinal[1])
        elif word not in _DATE_WORDS and word not in _weekdays(language) and word not in _weekdays("en"):
            return None
    if year is None or (day is not None and month is None):
        return None
    if month is None:
        return str(year)
    if day is None:
        return f"{year}-{month:02}"
    return f"{year}-{month:02}-{day:02}" if _is_date(year, month, day) else None


def _numeric_date(first: str, separator: str, second: str, year: str) -> str | None:
    one, two = int(first), int(second)
    readings = {month for day, month in ((one, two), (two, one)) if _is_date(int(year), month, day)}
    if separator == "." and _is_date(int(year), two, one):
        readings = {two}  # whoever writes full stops writes the day first
    return f"{year}-{readings.pop():02}" if len(readings) == 1 else year if readings else None


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        return date(year, month, day).year >= 1900
    except ValueError:
        return False


def _country(value: str, language: str) -> str | None:
    words = [word for word in value.split() if word not in _ARTICLES]
    return {**_countries("en"), **_countries(language)}.get(" ".join(words))


def _amount(value: str, _: str) -> str | None:
    if not (parts := _MONEY.fullmatch(value)):
        return None
    currency = _CURRENCIES.get((parts["before"] or parts["after"] or "").strip(" ."))
    whole = regex.sub(r"[.,]\d{1,2}$|[ .,']", "", parts["number"])
    return f"{whole} {currency}" if currency and len(whole) <= 9 else None


def _time(value: str, _: str) -> str | None:
    if not (parts := _CLOCK.fullmatch(value)):
        return None
    hour = int(parts["hour"])
    if half := parts["half"]:
        hour = hour % 12 + (12 if half == "p" else 0)
    return str(hour) if hour < 24 else None


def _say_date(value: str, _: Detail, language: str) -> str:
    year, _dash, rest = value.partition("-")
    if not rest or rest.startswith("Q"):
        return f"{rest} {year}".strip()
    names = Locale.parse(language if language in LANGUAGES else "en").months["stand-alone"]["wide"]
    return f"{names[int(rest[:2])]} {year}"


def _say_place(value: str, _: Detail, language: str) -> str | None:
    name = Locale.parse(language if language in LANGUAGES else "en").territories.get(value)
    return str(name) if name else None


def _say_time(value: str, rung: Detail, language: str) -> str | None:
    if rung < Detail.COARSE:
        return None
    parts = _PARTS_OF_DAY.get(language, _PARTS_OF_DAY["en"])
    return parts[int(value) // 6]


def _say(value: str, _: Detail, __: str) -> str:
    return value


@cache
def _months(language: str) -> Mapping[str, int]:
    if language not in LANGUAGES:
        return {}
    months = Locale.parse(language).months
    return {
        folded(name).strip("."): number
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in months[context][width].items()
    }


@cache
def _weekdays(language: str) -> frozenset[str]:
    if language not in LANGUAGES:
        return frozenset()
    days = Locale.parse(language).days["format"]
    return frozenset(
        folded(name).strip(".") for width in ("wide", "abbreviated") for name in days[width].values()
    )


@cache
def _countries(language: str) -> Mapping[str, str]:
    if language not in LANGUAGES:
        return {}
    names = Locale.parse(language).territories
    known = {folded(names[code]): code for code in VOCABULARY.regions if code in names}
    return {**known, **_SHORT_NAMES} if language == "en" else known


_WORDS: Final = regex.compile(r"[\p{L}\p{N}']+")
_ISO: Final = regex.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_NUMERIC: Final = regex.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})")
_YEAR: Final = regex.compile(r"(?:19|20)[0-9]{2}")
_DAY: Final = regex.compile(r"([0-9]{1,2})(?:st|nd|rd|th|er|re|o|a|º|ª)?")
_DATE_WORDS: Final = frozenset(
    regex.findall(
        r"\S+",
        """
        the of on in and early mid late end beginning start le du en de des del el al a il lo la l' nel dal pe din
        anul luna zi den dem der am im vom em no do da ano
        """,
    )
)
_AGE_WORDS: Final = frozenset(
    regex.findall(
        r"\S+",
        """
        a an the of at age aged year years old yo y o yrs yr ans agee ages agees anos ano de edad idade anni anno
        di eta ani varsta in jahre jahr alt jahrige jahriger jahriges alter von con avea tenia tiene
        """,
    )
)
_ARTICLES: Final = frozenset(
    ("the", "la", "le", "les", "el", "los", "las", "il", "gli", "l'", "o", "a", "os", "as", "die")
)
_SHORT_NAMES: Final = MappingProxyType(
    {
        "uk": "GB",
        "u.k": "GB",
        "britain": "GB",
        "great britain": "GB",
        "usa": "US",
        "u.s": "US",
        "u.s.a": "US",
        "uae": "AE",
        "turkey": "TR",
        "czech republic": "CZ",
        "holland": "NL",
        "ivory coast": "CI",
    }
)
_SUM: Final = r"[0-9]{1,3}(?:[ .,'][0-9]{3})++(?:[.,][0-9]{1,2})?|[0-9]{1,9}(?:[.,][0-9]{1,2})?"
_MONEY: Final = regex.compile(
    rf"(?P<before>[€£$]|[a-z]{{3}})? ?(?P<number>{_SUM}) ?(?P<after>[€£$]|[a-z.]{{2,10}})?"
)
_CURRENCIES: Final = MappingProxyType(
    dict.fromkeys(("€", "eur", "euro", "euros", "euroi"), "EUR")
    | dict.fromkeys(("£", "gbp", "pounds", "pound", "livres", "libras", "sterline", "lire"), "GBP")
    | dict.fromkeys(("$", "usd", "dollars", "dollar", "dolari", "dolares", "dollari"), "USD")
    | dict.fromkeys(("ron", "lei"), "RON")
    | {"mdl": "MDL", "all": "ALL", "lek": "ALL", "leke": "ALL", "ngn": "NGN", "naira": "NGN", "bgn": "BGN"}
    | {
        "uah": "UAH",
        "hryvnia": "UAH",
        "pln": "PLN",
        "zloty": "PLN",
        "chf": "CHF",
        "php": "PHP",
        "pesos": "PHP",
    }
)
_CLOCK: Final = regex.compile(
    r"(?:a|at|las|la|um|ora|ore)? ?(?P<hour>[0-9]{1,2})(?:[:.h][0-5][0-9])?"
    r"(?: ?(?P<half>[ap])\.?m\.??)?(?: ?(?:h|uhr|hrs|hours|horas))?"
)
_PARTS_OF_DAY: Final = MappingProxyType(
    {
        "en": ("night", "morning", "afternoon", "evening"),
        "fr": ("nuit", "matin", "après-midi", "soir"),
        "es": ("noche", "mañana", "tarde", "última hora del día"),
        "ro": ("noapte", "dimineață", "după-amiază", "seară"),
        "it": ("notte", "mattina", "pomeriggio", "sera"),
        "de": ("Nacht", "Morgen", "Nachmittag", "Abend"),
        "pt": ("madrugada", "manhã", "tarde", "noite"),
    }
)

_UNDERSTOOD: Final[Mapping[str, Callable[[str, str], str | None]]] = MappingProxyType(
    {"AGE": _age, "DATE": _date, "MONEY": _amount, "NATIONALITY": _country, "PLACE": _country, "TIME": _time}
)
_SAID: Final[Mapping[str, Callable[[str, Detail, str], str | None]]] = MappingProxyType(
    {
        "AGE": _say,
        "DATE": _say_date,
        "MONEY": _say,
        "NATIONALITY": _say_place,
        "PLACE": _say_place,
        "TIME": _say_time,
    }
)
