"""The parts of a draft put together to a report as JSON, refusals led back to their fields, and a report taken apart.

A part is named by its place: `what`, `people/P1`, `grounds/P1`, `network/S1`, `route` and so on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from console.forms_kinds import Sheet
from console.forms_sheets import (
    GROUND,
    LEADS,
    NARRATIVE,
    NOBODY,
    OFFER,
    PERSON,
    ROUTE,
    SOURCE,
    SUSPECT,
    WHAT,
)
from policies.grounds import NO_SUBJECT
from share.draft_parts import Values
from share.problems import refusals
from share.schemas import ReportSchema

PERSON_PLACE: Final = "people/"
GROUND_PLACE: Final = "grounds/"
SUSPECT_PLACE: Final = "network/"
NOBODY_PLACE: Final = f"{GROUND_PLACE}{NO_SUBJECT}"
INDICATORS: Final = "indicators"
ABOUT: Final = "about"
AMENDS: Final = "amends"

ONE_PAGE: Final[Mapping[str, Sheet]] = {
    "what": WHAT,
    "route": ROUTE,
    "offer": OFFER,
    "leads": LEADS,
    "narrative": NARRATIVE,
    "source": SOURCE,
    NOBODY_PLACE: NOBODY,
}
OF_ONE: Final[Mapping[str, Sheet]] = {PERSON_PLACE: PERSON, GROUND_PLACE: GROUND, SUSPECT_PLACE: SUSPECT}
"""Sheets that stand once for each person or suspect."""

_CODE = re.compile(r"[A-Z]{1,4}[0-9]{1,6}")
_LISTS: Final = {"patterns": "what", "events": "route", "offers": "offer", "leads": "leads"}
_ITEMS: Final = {"people": PERSON_PLACE, "grounds": GROUND_PLACE, "suspects": SUSPECT_PLACE}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that the report's form does not take: on which page, at which field (or none), and why."""

    place: str
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report as JSON, and the places that the items of its lists came from."""

    said: Values = field(repr=False)
    items: Mapping[str, tuple[str, ...]]


def sheet_of(place: str) -> Sheet | None:
    """The page of a place; None where there is no such place."""
    if place in ONE_PAGE:
        return ONE_PAGE[place]
    for start, sheet in OF_ONE.items():
        if place.startswith(start) and _CODE.fullmatch(place.removeprefix(start)):
            return sheet
    return None


def places(parts: Mapping[str, Values], start: str) -> tuple[str, ...]:
    """The places under `start` that hold something, P2 before P10."""
    found = (place for place, values in parts.items() if place.startswith(start) and values)
    return tuple(sorted(found, key=_order))


def assembled(parts: Mapping[str, Values]) -> Report:
    """The report that the parts make together; what was left empty is left out."""
    said: dict[str, Any] = {}
    items = {section: places(parts, start) for section, start in _ITEMS.items()}
    said["people"] = [{"code": _code(place), **parts[place]} for place in items["people"]]
    said["suspects"] = [{"code": _code(place), **parts[place]} for place in items["suspects"]]
    grounds = {place: _ground(place, parts[place]) for place in items["grounds"]}
    items["grounds"] = tuple(place for place, ground in grounds.items() if ground is not None)
    said["grounds"] = [grounds[place] for place in items["grounds"]]
    for section, place in _LISTS.items():
        said[section] = list(parts.get(place, {}).get(section, ()))
    said[INDICATORS] = list(parts.get(INDICATORS, {}).get(INDICATORS, ()))
    said |= {**parts.get("narrative", {}), **parts.get("source", {})}
    if parts.get(AMENDS, {}).get("redacted_at_source"):
        said["redacted_at_source"] = True
    return Report({name: value for name, value in said.items() if value != []}, items)


def refused(parts: Mapping[str, Values]) -> tuple[Refusal, ...]:
    """Everything that the report's form does not take, each at its own field."""
    report, schema = assembled(parts), ReportSchema()
    found = refusals(schema.validate(dict(report.said)), schema)
    at_fields = [located(report, path, code) for path, code in found.items()]
    return tuple(dict.fromkeys([*at_fields, *_unsaid(parts)]))


def refused_on(place: str, values: Values) -> dict[str, str]:
    """The refusals of one page alone, by the name of the field."""
    found = refused({place: values}) if values else ()
    return {each.name: each.code for each in found if each.place == place}


def located(report: Report, path: str, code: str) -> Refusal:
    """Where in the form a path of the report's JSON stands."""
    section, _, inner = path.partition(".")
    if section in _ITEMS:
        number, _, name = inner.partition(".")
        item = report.items[section]
        if number.isdecimal() and int(number) < len(item):
            place = item[int(number)]
            return Refusal(place, _name(sheet_of(place), name), code)
        return Refusal(section if section != "suspects" else "network", "", code)
    if section in _LISTS:
        place = _LISTS[section]
        return Refusal(place, _name(ONE_PAGE[place], path), code)
    if section == INDICATORS:
        return Refusal(INDICATORS, "codes", code)
    place = "narrative" if section in ("narrative", "language") else "source"
    return Refusal(place, _name(ONE_PAGE[place], path), code)


def everybody(parts: Mapping[str, Values]) -> tuple[str, ...]:
    """The codes of the people in a draft whom a statement may concern, and of suspects who are protected."""
    people = [_code(place) for place in places(parts, PERSON_PLACE)]
    protected = [
        _code(place)
        for place in places(parts, SUSPECT_PLACE)
        if parts[place].get("is_victim") or parts[place].get("is_minor")
    ]
    return (*people, *protected)


def next_code(parts: Mapping[str, Values], start: str, letter: str) -> str:
    """A code that no one in the draft has or had."""
    used = (_code(place)[len(letter) :] for place in parts if place.startswith(start + letter))
    return f"{letter}{max((int(number) for number in used if number.isdecimal()), default=0) + 1}"


def _unsaid(parts: Mapping[str, Values]) -> Iterator[Refusal]:
    """Who gave a ground is asked here even though the interface takes silence for the person herself."""
    for place in places(parts, GROUND_PLACE):
        if place != NOBODY_PLACE and "given_by" not in parts[place]:
            yield Refusal(place, "given_by", "missing")


def _ground(place: str, values: Values) -> dict[str, Any] | None:
    subject = place.removeprefix(GROUND_PLACE)
    if subject == NO_SUBJECT:
        if not values.get("stated"):
            return None
        given = {"given_on": values["given_on"]} if "given_on" in values else {}
        return {"subject": subject, "basis": NO_SUBJECT, "purposes": [], **given}
    said = {name: value for name, value in values.items() if name not in ("limits", "withheld_also")}
    refused_by = [*values.get("withheld_from", ()), *values.get("withheld_also", ())]
    limits = {each.get("kind", ""): each.get("rung", "") for each in values.get("limits", ())}
    return {
        "subject": subject,
        **said,
        **({"withheld_from": refused_by} if refused_by else {}),
        **({"limits": limits} if limits else {}),
    }


def _name(sheet: Sheet | None, path: str) -> str:
    """The field of a page that a path belongs to: the path itself, or the start of it that the page has."""
    parts = path.split(".")
    known = set(_paths(sheet)) if sheet else set()
    for end in range(len(parts), 0, -1):
        name = ".".join(parts[:end])
        if re.sub(r"\.[0-9]+\.", ".*.", name) in known:
            return name
    return {"limits": "limits.0.kind"}.get(parts[0], "")


def _paths(sheet: Sheet) -> Iterator[str]:
    for group in sheet.groups:
        start = f"{group.many}.*." if group.many else ""
        yield from (start + each.path for each in group.fields)


def _code(place: str) -> str:
    return place.rsplit("/", 1)[-1]


def _order(place: str) -> tuple[str, int]:
    code = _code(place)
    letters = code.rstrip("0123456789")
    return letters, int(code[len(letters) :] or 0)
