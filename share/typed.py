"""What may be typed into a fact. Each kind has a form, which bounds what can be said in it at all.

Typed facts can leave without anybody reading them: none of these forms has room for a story.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import regex

from policies.terms import Detail
from share.bulletin import Fact

WRITTEN_BY_HAND: Final = frozenset(
    {"SUSPECT_NAME", "SUSPECT_PHONE", "SUSPECT_EMAIL", "SUSPECT_HANDLE", "SUSPECT_ACCOUNT"}
    | {"VENUE", "VEHICLE_PLATE", "ADVERT"}
)
"""Kinds whose value is somebody's typing and not a code, so that a survivor's name may have slipped in."""

TOWN: Final = "ROUTE_PLACE"
"""The kind of a place: country and division are codes, the town behind them is typed."""

LONGEST: Final[Mapping[str, int]] = MappingProxyType(
    {
        "SUSPECT_NAME": 80,
        "SUSPECT_PHONE": 40,
        "SUSPECT_EMAIL": 254,
        "SUSPECT_HANDLE": 200,
        "SUSPECT_ACCOUNT": 110,
        "VENUE": 120,
        "VEHICLE_PLATE": 20,
        "ADVERT": 400,
        TOWN: 80,
    }
)

WORD: Final = regex.compile(r"(?<![\p{L}\p{M}\p{N}])\p{L}[\p{L}\p{M}]*+")

_HOST: Final = r"(?:[\p{L}\p{N}][\p{L}\p{N}\-]{0,62}\.){1,6}\p{L}[\p{L}\p{N}\-]{1,23}"
_LINK: Final = regex.compile(rf"(?:https?://)?{_HOST}(?::[0-9]{{2,5}})?(?:[/?#][^\s<>\"]*)?", regex.I)
_EMAIL: Final = regex.compile(rf"[^\s@<>()\[\],;:\"]{{1,64}}@{_HOST}", regex.I)
_PHONE: Final = regex.compile(r"[+(]{0,2}[0-9][0-9 ()./\-\u00a0]+[0-9]")
_PLATFORM: Final = regex.compile(r"[\p{L}.]{2,20}: ?")
_ACCOUNT_NAME: Final = regex.compile(r"@?[\p{L}\p{M}\p{N}_.\-+#]{1,64}")
_BANK: Final = regex.compile(r"(?:[\p{L}\-.]{2,20}:? ){0,2}")
_CODE: Final = regex.compile(r"[A-Za-z0-9]+(?:[ .\-/][A-Za-z0-9]+)*")
_LETTERS: Final = regex.compile(r"\p{L}+")
_PLATE: Final = regex.compile(r"[\p{L}\p{M}\p{N} .·:?*\-]{2,}")
_LINE: Final = regex.compile(r"[\p{L}\p{M}\p{N} .,:'’`´\-‐–—()\"“”„«»/&+#@°ºª|*_]+")
_LONGEST_REFERENCE: Final = 80
# a platform in up to three words, what it calls its numbers, and a number
_REFERENCE: Final = regex.compile(
    r"(?:(?:[\p{L}\p{N}][\p{L}\p{M}\p{N}.'’&+\-]{0,30} ?){1,3}[,: ] ?)?"
    r"(?:(?:ad|advert|listing|post|job|offer|id|ref|reference|no|nr|num|number|nº|n°|n|anunț|anunt|ofertă|oferta"
    r"|annonce|offre|référence|numéro|annuncio|offerta|numero|anuncio|número|referencia|anzeige|angebot)[.:]? ?){0,3}"
    r"#?(?=[a-z\-]{0,12}[0-9])[a-z0-9\-]{2,24}",
    regex.I,
)


def typed_in(fact: Fact) -> str | None:
    """What of a fact somebody typed: the town of a place, all of a kind written by hand; None where it is codes."""
    if fact.kind == TOWN:
        return fact.value.split("/", 2)[2] if fact.value.count("/") >= 2 else None
    return fact.value if fact.kind in WRITTEN_BY_HAND and fact.rung == Detail.EXACT.name else None


def wrong_form(kind: str, value: str) -> str | None:
    """The code for a value that has not the form of its kind; None for one that has, and for kinds of codes."""
    if kind not in _FORMS:
        return None
    has_its_form, refusal = _FORMS[kind]
    bare = value.strip()
    return None if len(bare) <= LONGEST[kind] and has_its_form(bare) else refusal


def is_link(value: str) -> bool:
    """Whether this is an address on the net, and nothing beside it."""
    return _LINK.fullmatch(value) is not None


def words_of_link(value: str) -> list[str]:
    """The words of an address on the net behind the name of its machine."""
    behind = value.partition("://")[2] if "://" in value else value
    return list(regex.findall(r"[\p{L}\p{N}]+", behind.partition("/")[2]))


def is_account_name(value: str) -> bool:
    """A handle by itself, behind the name of its platform, or as the address of a profile."""
    bare = value[platform.end() :] if (platform := _PLATFORM.match(value)) else value
    return _ACCOUNT_NAME.fullmatch(bare) is not None or is_link(value)


def _is_handle(value: str) -> bool:
    return is_account_name(value) or (_is_line(value) and len(value) <= 60 and len(value.split(" ")) <= 6)


def _is_name(value: str) -> bool:
    return _is_line(value) and 1 <= len(WORD.findall(value)) <= 8


def _is_phone(value: str) -> bool:
    return _PHONE.fullmatch(value) is not None and 5 <= sum(map(str.isdigit, value)) <= 17


def _is_email(value: str) -> bool:
    return _EMAIL.fullmatch(value) is not None


def _is_account(value: str) -> bool:
    """An account, card or wallet, or the address or handle that stands for one; a bank may be named before it."""
    code = value[bank.end() :] if (bank := _BANK.match(value)) else value
    words = [word for word in regex.split(r"[ .\-/]", code) if word.isalpha() and len(word) > 4]
    in_figures = sum(map(str.isdigit, code)) >= 4 and not words and _CODE.fullmatch(code) is not None
    return in_figures or _is_email(code) or (code.startswith("@") and is_account_name(code))


def _is_plate(value: str) -> bool:
    short = all(len(letters) <= 4 for letters in _LETTERS.findall(value))
    return short and _PLATE.fullmatch(value) is not None and regex.search(r"[\p{N}?*]", value) is not None


def _is_advert(value: str) -> bool:
    reference = len(value) <= _LONGEST_REFERENCE and _REFERENCE.fullmatch(value) is not None
    return reference or is_link(value)


def _is_venue(value: str) -> bool:
    return _is_line(value) and any(map(str.isalnum, value))


def _is_line(value: str) -> bool:
    return _LINE.fullmatch(value) is not None


_FORMS: Final[Mapping[str, tuple[Callable[[str], bool], str]]] = MappingProxyType(
    {
        "SUSPECT_NAME": (_is_name, "not_a_name"),
        "SUSPECT_PHONE": (_is_phone, "not_a_phone"),
        "SUSPECT_EMAIL": (_is_email, "not_an_email"),
        "SUSPECT_HANDLE": (_is_handle, "not_a_handle"),
        "SUSPECT_ACCOUNT": (_is_account, "not_an_account"),
        "VENUE": (_is_venue, "not_a_venue"),
        "VEHICLE_PLATE": (_is_plate, "not_a_plate"),
        "ADVERT": (_is_advert, "not_an_advert"),
        TOWN: (_is_name, "not_a_place"),
    }
)
