"""The vocabulary as partners' programs read it: each list with its codes and what they are called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from policies.picklists import Picklist
from policies.vocabulary import LANGUAGES, VOCABULARY, Word, label
from share.errors import NotThere
from share.rendering import country_name, language_name

Items = Iterator[dict[str, Any]]


def the_lists() -> Mapping[str, Any]:
    """The names of all lists, the version of the words, and the languages that they are called in."""
    return {
        "version": VOCABULARY.version,
        "languages": list(LANGUAGES),
        "lists": sorted({*_LISTS, *VOCABULARY.picklists}),
    }


def one_list(name: str, lang: str) -> Mapping[str, Any]:
    """One list in one language. Raises `NotThere` for a list that there is not."""
    if name in _LISTS:
        items = _LISTS[name](lang)
    elif name in VOCABULARY.picklists:
        items = _codes(VOCABULARY.picklists[name], lang)
    else:
        raise NotThere
    return {"list": name, "version": VOCABULARY.version, "lang": lang, "items": list(items)}


def _kinds(lang: str) -> Items:
    for kind in VOCABULARY.kinds.values():
        yield {
            "code": kind.name,
            "label": label(kind.name, lang),
            "group": kind.group,
            "meaning": kind.meaning,
        }


def _fields(lang: str) -> Items:
    for spec in VOCABULARY.fields.values():
        said = {"code": spec.name, "label": label(spec.kind, lang), "kind": spec.kind, "form": spec.form}
        yield said | ({"picklist": spec.picklist} if spec.picklist else {})


def _words(words: Mapping[str, Word]) -> Callable[[str], Items]:
    def items(lang: str) -> Items:
        for word in words.values():
            yield {"code": word.code, "label": label(word.code, lang), "meaning": word.meaning}

    return items


def _indicators(lang: str) -> Items:
    for indicator in VOCABULARY.indicators.values():
        yield {
            "code": indicator.code,
            "label": label(indicator.code, lang),
            "group": indicator.dimension,
            "strength": indicator.strength,
        }


def _countries(lang: str) -> Items:
    for region in VOCABULARY.regions.values():
        yield {"code": region.country, "label": country_name(region.country, lang), "group": region.code}


def _languages(lang: str) -> Items:
    for code in VOCABULARY.picklists["languages"]:
        yield {"code": code, "label": language_name(code, lang)}


def _codes(picklist: Picklist, lang: str) -> Items:
    for code in picklist:
        also = sorted(spelling for spelling, own in picklist.also.items() if own == code)
        group = picklist.group(code)
        said = {"code": code, "label": label(code, lang), "also": also}
        yield said | ({"group": group} if group != code else {})


_LISTS: Final[Mapping[str, Callable[[str], Items]]] = {
    "kinds": _kinds,
    "fields": _fields,
    "purposes": _words(VOCABULARY.purposes),
    "bases": _words(VOCABULARY.bases),
    "fences": _words(VOCABULARY.fences),
    "indicators": _indicators,
    "countries": _countries,
    "languages": _languages,
}
"""The lists that are more than codes."""
