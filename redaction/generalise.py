"""The ladders of detail for typed facts: each rung is a coarser reading of the one above it.

Values and answers are codes and ISO forms, so that they can be said in any language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from policies.picklists import Picklist
from policies.terms import Detail
from policies.vocabulary import VOCABULARY, UnknownWord, Vocabulary

RECORDED: Final = "recorded"
"""What PRESENCE says of every kind: that there is something, and nothing of what it is."""

UNDER_AGE: Final = "<18"
_ADULT: Final = 18
_OLDEST_OF_ALL: Final = 130
# Narrow bands are those of the Counter-Trafficking Data Collaborative; a value that is a wide band stays one.
_WIDE: Final = ((18, 29), (30, 47), (48, _OLDEST_OF_ALL))
_NARROW: Final = ((18, 20), (21, 23), (24, 26), (27, 29), (30, 38), (39, 47), *_WIDE)
_BANDS: Final = {Detail.COARSEST: (), Detail.COARSE: _WIDE, Detail.FINE: _NARROW, Detail.EXACT: _NARROW}


def generalise(kind: str, value: str, rung: Detail, *, vocabulary: Vocabulary = VOCABULARY) -> str | None:
    """`value` as `rung` lets it be said; None where nothing may be said or the value is not understood.

    A coarser rung is a function of a finer one, so two readers of one fact never know more together than the
    better informed of them. An unknown kind says nothing, and everybody under eighteen is "<18" on every rung.
    """
    value = value.strip()
    if kind not in vocabulary.kinds or rung is Detail.NOTHING or not value:
        return None
    if rung is Detail.PRESENCE or value == RECORDED:
        return RECORDED
    if kind in _SCALES:
        return _SCALES[kind](value, rung)
    if kind in _WHERE:
        return _WHERE[kind](value, rung, vocabulary)
    if picklist := vocabulary.kinds[kind].picklist:
        return _listed(value, rung, vocabulary.picklists[picklist])
    return value if rung is Detail.EXACT else RECORDED


def _listed(value: str, rung: Detail, picklist: Picklist) -> str | None:
    """A code of a list: its group if the list has groups, and the code from FINE on."""
    if value in picklist.broader.values():
        return value
    known = _canonical(value, picklist)
    if known is None or rung >= Detail.FINE:
        return known
    return picklist.group(known) if picklist.broader else RECORDED


def _canonical(value: str, picklist: Picklist) -> str | None:
    try:
        return picklist.canonical(value)
    except UnknownWord:
        return None


def _country(value: str, rung: Detail, vocabulary: Vocabulary) -> str | None:
    """World region, UN subregion (both as UN M49 codes), country."""
    if value in {region.world_code for region in vocabulary.regions.values()}:
        return value
    for region in vocabulary.regions.values():
        if value == region.code:
            return region.world_code if rung is Detail.COARSEST else value
    code = _canonical(value, vocabulary.picklists["countries"])
    if code is None:
        return None
    region = vocabulary.regions[code]
    return {Detail.COARSEST: region.world_code, Detail.COARSE: region.code}.get(rung, code)


def _place(value: str, rung: Detail, vocabulary: Vocabulary) -> str | None:
    """UN subregion, country, first-level division, town. A place is written country/division/town."""
    country, division, town = ([part.strip() for part in value.split("/", 2)] + ["", ""])[:3]
    if country in {region.code for region in vocabulary.regions.values()}:
        return country
    code = _canonical(country, vocabulary.picklists["countries"])
    if code is None:
        return None
    if rung is Detail.COARSEST:
        return vocabulary.regions[code].code
    finer = {Detail.COARSE: [], Detail.FINE: [division]}.get(rung, [division, town])
    return "/".join([code, *finer]).rstrip("/")


def _date(value: str, rung: Detail) -> str | None:
    """Year, quarter, month, day: as fine as the rung, and no finer than what is known."""
    if not (parts := _DATE.fullmatch(value)):
        return None
    year, quarter, month, day = parts["year"], parts["quarter"], parts["month"], parts["day"]
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if month and not quarter:
        quarter = str((int(month) + 2) // 3)
    if rung is Detail.COARSEST or not quarter:
        return year
    if rung is Detail.COARSE or not month:
        return f"{year}-Q{quarter}"
    return f"{year}-{month}-{day}" if rung is Detail.EXACT and day else f"{year}-{month}"


def _age(value: str, rung: Detail) -> str | None:
    """Under 18 or not, wide band, narrow band, age."""
    if not (parts := _AGES.fullmatch(value.replace("--", "-"))):
        return None
    if parts["under"]:
        return UNDER_AGE
    low = int(parts["low"])
    high = _OLDEST_OF_ALL if parts["open"] else int(parts["high"] or low)
    if not low <= high <= _OLDEST_OF_ALL:
        return None
    if high < _ADULT:
        return UNDER_AGE
    if low < _ADULT:
        return None  # a band that straddles eighteen says neither
    if rung is Detail.EXACT and low == high:
        return str(low)
    for bottom, top in _BANDS[rung]:
        if bottom <= low and high <= top:
            return f"{bottom}+" if top == _OLDEST_OF_ALL else f"{bottom}-{top}"
    return f"{_ADULT}+"


def _amount(value: str, rung: Detail) -> str | None:
    """Order of magnitude, leading digit, amount; the currency and the period stay with it."""
    if not (parts := _AMOUNT.fullmatch(value)):
        return None
    low, high = int(parts["low"]), int(parts["high"] or parts["low"])
    if rung is Detail.COARSEST:
        return RECORDED
    if rung is Detail.EXACT or (rung is Detail.FINE and low != high):
        return value
    size = 10 ** (len(str(low)) - 1)
    bottom = low // size * size
    top = bottom + size - 1
    if rung is Detail.COARSE:
        bottom, top = size if low >= 10 else 0, 10 * size - 1
    return f"{bottom} {parts['unit']}" if bottom == top else f"{bottom}-{top} {parts['unit']}"


def _persons(value: str, rung: Detail) -> str | None:
    """One or more than one, a band, the number."""
    return _counted(value, rung, {Detail.COARSEST: ((1, 1),)}, ((1, 1), (2, 4), (5, 10), (11, 50)))


def _children(value: str, rung: Detail) -> str | None:
    """None or some, a band, the number."""
    return _counted(value, rung, {Detail.COARSEST: ((0, 0),)}, ((0, 0), (1, 2)))


def _counted(
    value: str,
    rung: Detail,
    coarsest: Mapping[Detail, tuple[tuple[int, int], ...]],
    bands: tuple[tuple[int, int], ...],
) -> str | None:
    if not (parts := _COUNT.fullmatch(value)):
        return None
    low = int(parts["low"])
    if rung is Detail.EXACT:
        return value if parts["high"] or parts["open"] else str(low)
    for bottom, top in coarsest.get(rung, bands):
        if bottom <= low <= top:
            return str(bottom) if bottom == top else f"{bottom}-{top}"
    return f"{coarsest.get(rung, bands)[-1][1] + 1}+"


_DATE: Final = re.compile(
    r"(?P<year>(?:19|20)[0-9]{2})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?))?",
    re.A,
)
_AGES: Final = re.compile(r"(?P<under><18)|(?P<low>[0-9]{1,3})(?:-(?P<high>[0-9]{1,3})|(?P<open>\+))?", re.A)
_AMOUNT: Final = re.compile(
    r"(?P<low>[0-9]{1,12})(?:-(?P<high>[0-9]{1,12}))? (?P<unit>[A-Z]{3}(?:/[a-z]{1,10})?)", re.A
)
_COUNT: Final = re.compile(r"(?P<low>[0-9]{1,6})(?:-(?P<high>[0-9]{1,6})|(?P<open>\+))?", re.A)

_SCALES: Final[Mapping[str, Callable[[str, Detail], str | None]]] = MappingProxyType(
    dict.fromkeys(("DATE", "ROUTE_DATE"), _date)
    | dict.fromkeys(("AGE", "AGE_BAND"), _age)
    | dict.fromkeys(("MONEY", "OFFER_WAGE", "OFFER_DEBT"), _amount)
    | dict.fromkeys(("PEOPLE_COUNT", "NETWORK_SIZE"), _persons)
    | {"CHILDREN": _children}
)
_WHERE: Final[Mapping[str, Callable[[str, Detail, Vocabulary], str | None]]] = MappingProxyType(
    dict.fromkeys(("PLACE", "ROUTE_PLACE"), _place) | dict.fromkeys(("NATIONALITY", "CITIZENSHIP"), _country)
)
