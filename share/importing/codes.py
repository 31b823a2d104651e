"""Which code somebody means who typed its name, and which one is nearest where nobody could tell.

What is offered is always a code of a list. It is never put in the place of what was typed: only a person may.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

import pycountry
import yaml
from babel import Locale
from marshmallow import fields
from rapidfuzz import fuzz, process

from policies.picklists import squash
from policies.vocabulary import LANGUAGES, VOCABULARY, UnknownWord
from share.fields import Code, Word

NEAR: Final = 60.0
"""Of a hundred: less like it than that, and no code is offered."""
_LONGEST: Final = 100
_TONGUES: Final = (*LANGUAGES, "ar")
_NAMED: Final = frozenset({"countries", "languages"})


@cache
def htcds_form() -> Mapping[str, Any]:
    """The questions and labels of the XLSForm of the standard."""
    text = files("share").joinpath("data", "htcds_form.yaml").read_text(encoding="utf-8")
    said: Mapping[str, Any] = yaml.safe_load(text)
    return said


def codes_of(field: fields.Field[Any]) -> tuple[str, ...]:
    """The codes that a field takes; none where it takes words of one's own."""
    if isinstance(field, Code):
        return tuple(field.picklist)
    return field.codes if isinstance(field, Word) else ()


def code_for(field: fields.Field[Any], typed: str) -> str:
    """The code that was typed, or the one whose name was; else what was typed, which the field will refuse."""
    if isinstance(field, Code):
        try:
            return field.picklist.canonical(typed)
        except UnknownWord:
            pass
    return (
        _spellings(codes_of(field), _list_of(field)).get(_folded(typed), typed) if codes_of(field) else typed
    )


def nearest(field: fields.Field[Any], typed: str) -> str:
    """The code of the field's list whose spelling or name is most like what was typed; empty if none is near."""
    known = _spellings(codes_of(field), _list_of(field))
    if not known or len(typed) > _LONGEST:
        return ""
    found = process.extractOne(_folded(typed), known.keys(), scorer=fuzz.ratio, score_cutoff=NEAR)
    return known[found[0]] if found else ""


def labels_of(field: fields.Field[Any]) -> Mapping[str, str]:
    """Every name and spelling that means a code of the field, folded."""
    return _spellings(codes_of(field), _list_of(field))


def folded(words: str) -> str:
    """Letters and figures alone, without case and marks."""
    return _folded(words)


def _list_of(field: fields.Field[Any]) -> str:
    return field.picklist.name if isinstance(field, Code) else ""


@cache
def _spellings(codes: tuple[str, ...], picklist: str) -> Mapping[str, str]:
    """Codes by every spelling and name; a name of two codes means neither."""
    known: dict[str, str] = {}
    doubtful: set[str] = set()
    for name, code in _names(codes, picklist):
        key = _folded(name)
        if key and known.setdefault(key, code) != code:
            doubtful.add(key)
    own = {_folded(code): code for code in codes}
    return MappingProxyType({key: code for key, code in known.items() if key not in doubtful} | own)


def _names(codes: tuple[str, ...], picklist: str) -> Iterator[tuple[str, str]]:
    taken = frozenset(codes)
    if picklist:
        yield from VOCABULARY.picklists[picklist].also.items()
    if picklist == "countries":
        yield from _countries(codes)
    elif picklist == "languages":
        yield from _languages(codes)
    else:
        for lang in LANGUAGES:
            yield from ((label, code) for code, label in VOCABULARY.labels[lang].items() if code in taken)
    yield from ((label, code) for code, label in htcds_form()["labels"].items() if code in taken)


def _countries(codes: Iterable[str]) -> Iterator[tuple[str, str]]:
    for code in codes:
        yield from ((str(name), code) for lang in _TONGUES if (name := _territories(lang).get(code)))
        known = pycountry.countries.get(alpha_2=code)
        yield from (
            (name, code) for name in (getattr(known, "name", ""), getattr(known, "official_name", ""))
        )


def _languages(codes: Iterable[str]) -> Iterator[tuple[str, str]]:
    for code in codes:
        short = getattr(pycountry.languages.get(alpha_3=code), "alpha_2", code)
        for lang in _TONGUES:
            spoken = Locale.parse(lang).languages
            yield from ((str(spoken[each]), code) for each in (short, code) if each in spoken)


def _territories(lang: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = Locale.parse(lang).territories
    return found


def _folded(words: str) -> str:
    parts = unicodedata.normalize("NFKD", words)
    return squash("".join(each for each in parts if not unicodedata.combining(each)))
