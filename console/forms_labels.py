"""What the codes of closed lists are called on a page, and which code a typed name means.

Labels come from the vocabulary, names of countries and languages from CLDR. Where a language has no word for a
code the English one is shown, and marked as English. Codes themselves are never translated.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

import pycountry
from babel import Locale

from console.languages import LANGUAGES
from policies.grounds import NO_SUBJECT
from policies.terms import Detail
from policies.vocabulary import VOCABULARY
from share.intake import AMENDMENT_REASONS
from share.parts import LEADS, PERIODS
from share.persons import EXPLAINED, IDENTIFIERS, ROLES
from share.review import REFUSALS

COUNTRIES: Final = "countries"
LANGUAGE_NAMES: Final = "languages"
_ENGLISH: Final = "en"


@dataclass(frozen=True, slots=True)
class Option:
    """A code and what it is called. `words` is None where the pages themselves have the words for it.

    `lang` is set where the words are in another language than the page.
    """

    code: str
    words: str | None
    lang: str | None = None


OWN_LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "answers": ("yes", "no"),
    "explained": EXPLAINED,
    "given_by": ("self", "guardian", "authority"),
    "periods": PERIODS,
    "reasons": tuple(sorted(AMENDMENT_REASONS)),
    "refusals": tuple(sorted(REFUSALS)),
    "roles": ROLES,
    "rungs": tuple(rung.name for rung in Detail if rung is not Detail.EXACT),
}
"""Lists whose words stand in the pages' own catalogues."""

LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    **{name: tuple(picklist) for name, picklist in VOCABULARY.picklists.items() if name != "answers"},
    "bases": tuple(code for code in VOCABULARY.bases if code != NO_SUBJECT),
    "purposes": tuple(VOCABULARY.purposes),
    "identifiers": IDENTIFIERS,
    "leads": LEADS,
    "kinds": tuple(kind.name for kind in VOCABULARY.kinds.values() if kind.group != "identifier"),
}
"""Lists whose words stand in the vocabulary, or in CLDR."""


def options(name: str, lang: str) -> tuple[Option, ...]:
    """The codes of a list, each with what it is called on a page in `lang`."""
    if name in OWN_LISTS:
        return tuple(Option(code, None) for code in OWN_LISTS[name])
    return tuple(called(code, name, lang) for code in LISTS[name])


def called(code: str, name: str, lang: str) -> Option:
    """One code of a list. What the list does not know stands as it was typed."""
    if name in OWN_LISTS:
        return Option(code, None if code in OWN_LISTS[name] else code)
    if name in (COUNTRIES, LANGUAGE_NAMES):
        return Option(code, _names(name, lang).get(code, code))
    own = VOCABULARY.labels.get(lang, {})
    if code in own:
        return Option(code, own[code])
    return Option(code, VOCABULARY.labels[_ENGLISH].get(code, code), _ENGLISH)


def names(name: str, lang: str) -> tuple[str, ...]:
    """All names of countries or languages in `lang`, in the order of their letters there."""
    return tuple(sorted(_names(name, lang).values(), key=_folded))


def code_of(typed: str, name: str, lang: str) -> str:
    """The code of a typed country or language, in whichever of our languages it is named; else what was typed."""
    for spelled in (lang, *LANGUAGES):
        if (code := _codes(name, spelled).get(_folded(typed))) is not None:
            return code
    return typed


def short_code(code: str) -> str:
    """A language's code of two letters, if it has one."""
    return getattr(pycountry.languages.get(alpha_3=code), "alpha_2", code)


def division_of(typed: str, country: str | None) -> str:
    """The code of a division of a country that is called as typed, else what was typed."""
    found = pycountry.subdivisions.get(country_code=country) if country else None  # type: ignore[no-untyped-call]
    for each in found or ():
        if _folded(each.name) == _folded(typed):
            return str(each.code)
    return typed.upper() if typed.isascii() and "-" in typed else typed


def division_name(code: str) -> str:
    """What a division is called at home; what is no code stays as it is."""
    known = pycountry.subdivisions.get(code=code)  # type: ignore[no-untyped-call]
    return str(known.name) if known else code


@cache
def _names(name: str, lang: str) -> Mapping[str, str]:
    return MappingProxyType(dict(_countries(lang) if name == COUNTRIES else _languages(lang)))


@cache
def _codes(name: str, lang: str) -> Mapping[str, str]:
    spelled = {_folded(other): code for other, code in VOCABULARY.picklists[name].also.items()}
    by_name = {_folded(called): code for code, called in _names(name, lang).items()}
    return MappingProxyType(spelled | by_name | {_folded(code): code for code in LISTS[name]})


def _countries(lang: str) -> Iterator[tuple[str, str]]:
    territories = Locale.parse(lang).territories
    yield from ((code, str(territories.get(code, code))) for code in LISTS[COUNTRIES])


def _languages(lang: str) -> Iterator[tuple[str, str]]:
    ours, english = Locale.parse(lang).languages, Locale.parse(_ENGLISH).languages
    for code in LISTS[LANGUAGE_NAMES]:
        spelled = (short_code(code), code)
        found = [known[each] for known in (ours, english) for each in spelled if each in known]
        yield code, str(found[0]) if found else code


def _folded(words: str) -> str:
    """Letters without case and marks, so that "Romania" is found in "România"."""
    parts = unicodedata.normalize("NFKD", words.casefold())
    return " ".join("".join(each for each in parts if not unicodedata.combining(each)).split())
