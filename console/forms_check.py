"""What the check page tells: the whole report in words, and what is missing or would be held back. Pure.

Advice stops nothing; whether a ground carries anything is asked of the ground itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from console.forms_kinds import CIRCLES, KIN, PEOPLE, Field, Group, Sheet
from console.forms_labels import COUNTRIES, LANGUAGE_NAMES, Option, called, division_name
from console.forms_read import at
from console.forms_report import (
    GROUND_PLACE,
    INDICATORS,
    NOBODY_PLACE,
    PERSON_PLACE,
    SUSPECT_PLACE,
    places,
    sheet_of,
)
from policies.grounds import NO_SUBJECT
from share.draft import SURVIVOR, Draft
from share.draft_parts import Values
from share.statements import is_certainly_about_adults

ORDER = (
    "what",
    PERSON_PLACE,
    GROUND_PLACE,
    "route",
    "offer",
    SUSPECT_PLACE,
    "leads",
    INDICATORS,
    "narrative",
    "source",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One field in words: the key of its label, and its values."""

    label: str
    values: tuple[Option, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """One page in words: whom it is about, and its rows; those of each item of a list stand apart."""

    place: str
    about: str | None
    items: tuple[tuple[Row, ...], ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """Something to look at before sending: a code, the page where it can be mended, and whom it is about."""

    code: str
    place: str
    about: str | None = None


def in_words(parts: Mapping[str, Values], lang: str) -> tuple[Told, ...]:
    """Everything that the draft says, page by page."""
    listed = [place for start in ORDER for place in _places(parts, start)]
    return tuple(told for place in listed if (told := one_in_words(place, parts[place], lang)).items)


def one_in_words(place: str, values: Values, lang: str) -> Told:
    """One part in words; without items where it says nothing."""
    about = place.split("/")[1] if "/" in place else None
    if place == INDICATORS:
        return Told(place, None, tuple((_indicator(each, lang),) for each in values.get(INDICATORS, ())))
    sheet = sheet_of(place)
    if sheet is None:
        return Told(place, about, ())
    once = [row for group in sheet.groups if not group.many for row in _rows(sheet, group, values, lang)]
    items = [
        _rows(sheet, group, item, lang)
        for group in sheet.groups
        if group.many
        for item in values.get(group.many, ())
    ]
    return Told(place, about, tuple(rows for rows in (tuple(once), *items) if rows))


def advice(draft: Draft, *, on: date, grounded: Collection[str] = ()) -> tuple[Advice, ...]:
    """What a caseworker may want to mend before she sends it. `grounded` are those with a ground on record."""
    grounds = (each for each in _grounds(draft, on) if (each.about or NO_SUBJECT) not in grounded)
    return (*_what(draft), *_people(draft, on), *grounds, *_network(draft), *_text(draft))


def _places(parts: Mapping[str, Values], start: str) -> Sequence[str]:
    if start.endswith("/"):
        return [
            place for place in places(parts, start) if place != NOBODY_PLACE or parts[place].get("stated")
        ]
    return [start] if parts.get(start) else []


def _rows(sheet: Sheet, group: Group, values: Values, lang: str) -> tuple[Row, ...]:
    rows = (
        Row(f"{sheet.name}.{each.path}", _said(each, at(values, each.path), lang)) for each in group.fields
    )
    return tuple(row for row in rows if row.values)


def _said(each: Field, value: Any, lang: str) -> tuple[Option, ...]:
    shown, listed = each.kind.show(value, lang), each.kind.options
    if each.key == "hte_State":
        return tuple(Option(code, division_name(code)) for code in shown)
    if each.kind.control == "tick":
        return tuple(Option(answer, None) for answer in shown)
    if not listed or listed in (COUNTRIES, LANGUAGE_NAMES, CIRCLES):
        return tuple(Option(words, words) for words in shown)
    if listed in (KIN, PEOPLE):
        return tuple(Option(code, None if code == NO_SUBJECT else code) for code in shown)
    return tuple(called(code, listed, lang) for code in shown)


def _indicator(said: Values, lang: str) -> Row:
    people = tuple(Option(code, None if code == NO_SUBJECT else code) for code in said.get("concerns", ()))
    return Row("indicators.code", (called(said["code"], INDICATORS, lang), *people))


def _what(draft: Draft) -> Iterator[Advice]:
    if not any("vic_TypeOfExploitation" in pattern.fields for pattern in draft.patterns):
        yield Advice("no_exploitation", "what")
    if not any([*(leg.country for leg in draft.events), *(offer.country for offer in draft.offers)]):
        yield Advice("no_country", "route")


def _grounds(draft: Draft, on: date) -> Iterator[Advice]:
    said = {recorded.ground.subject: recorded for recorded in draft.grounds}
    for subject in sorted(draft.subjects()):
        place = f"{GROUND_PLACE}{subject}"
        if subject not in said:
            yield Advice("no_ground", place, subject)
        elif said[subject].ground.guardian_is_suspect_or_kin and said[subject].ground.given_by == "guardian":
            yield Advice("guardian_without_voice", place, subject)
        elif not said[subject].ground.is_live(on=on):
            yield Advice("ground_carries_nothing", place, subject)
        elif said[subject].ground.basis == "consent" and not said[subject].explained:
            yield Advice("nothing_explained", place, subject)
    concerned = [*(leg.concerns for leg in draft.events), *(lead.concerns for lead in draft.leads)]
    about_nobody = any(NO_SUBJECT in each for each in (*concerned, *(s.concerns for s in draft.suspects)))
    if NO_SUBJECT not in said and (about_nobody or not draft.subjects()):
        yield Advice("nobody_not_stated", "grounds")


def _people(draft: Draft, on: date) -> Iterator[Advice]:
    for person in draft.people:
        if person.role == SURVIVOR and not is_certainly_about_adults(
            Draft(None, people=(person,)), received=on
        ):
            yield Advice("perhaps_a_minor", f"{PERSON_PLACE}{person.code}", person.code)
        if draft.narrative.strip() and not list(person.known()):
            yield Advice("nothing_known", f"{PERSON_PLACE}{person.code}", person.code)


def _network(draft: Draft) -> Iterator[Advice]:
    for suspect in draft.suspects:
        if suspect.is_victim is None or suspect.is_minor is None:
            yield Advice("perhaps_a_victim", f"{SUSPECT_PLACE}{suspect.code}", suspect.code)


def _text(draft: Draft) -> Iterator[Advice]:
    if draft.narrative.strip() and draft.language is None:
        yield Advice("no_language", "narrative")
    if draft.reliability is None or draft.credibility is None:
        yield Advice("not_graded", "source")
