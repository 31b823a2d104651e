"""A draft on a page: opened for whoever sits here, with its steps in order and everything that its pages share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from flask import url_for

from console.forms_kinds import CIRCLES, KIN, PEOPLE
from console.forms_labels import Option, names
from console.forms_read import Block, anchor
from console.forms_report import (
    ABOUT,
    GROUND_PLACE,
    INDICATORS,
    NOBODY_PLACE,
    PERSON_PLACE,
    SUSPECT_PLACE,
    Refusal,
    everybody,
    places,
    sheet_of,
)
from console.session import person
from console.web import MOST, current_speech
from policies.grounds import NO_SUBJECT
from share.draft_parts import Opened, Values
from share.drafts import open_draft
from share.overview import grounds_of
from share.reopen import circles_to_refuse
from share.web import current_desk

CHECK: Final = "check"
LISTED: Final[Mapping[str, str]] = {"people": PERSON_PLACE, "grounds": GROUND_PLACE, "network": SUSPECT_PLACE}
"""Steps that list what stands under a place, each with a page of its own."""

STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "people": (
        "what",
        "people",
        "grounds",
        "route",
        "offer",
        "network",
        "leads",
        INDICATORS,
        "narrative",
        "source",
    ),
    "route": ("what", "route", "leads", "narrative", "source"),
    "offer": ("what", "offer", "network", "leads", "source"),
}
"""Which steps a report of each sort begins with. All others stay open to it."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step as the list of steps shows it."""

    name: str
    address: str
    holds: bool
    waits: bool


@dataclass(frozen=True, slots=True)
class Mend:
    """A refusal as a link: the address of the field, the key of its label, whom it is about."""

    address: str
    label: str
    about: str | None
    code: str


@dataclass(frozen=True, slots=True)
class Writing:
    """An opened draft and the language of the page."""

    opened: Opened
    lang: str
    values: Mapping[str, Values] = field(repr=False)

    @property
    def about(self) -> str:
        """The sort of report that was begun."""
        said = str(self.values.get(ABOUT, {}).get(ABOUT, "people"))
        return said if said in STEPS else "people"

    @property
    def grounded(self) -> frozenset[str]:
        """Those with a ground on record, where this amends a report."""
        if self.opened.report is None:
            return frozenset()
        return frozenset(
            each.subject
            for each in grounds_of(
                self.opened.report, by=person(), after=None, limit=MOST, desk=current_desk()
            ).items
        )

    def steps(self) -> tuple[Step, ...]:
        """The steps of this report, in order."""
        return tuple(self._step(name) for name in STEPS[self.about])

    def more_steps(self) -> tuple[Step, ...]:
        """The other steps, for what comes up on the way."""
        return tuple(self._step(name) for name in STEPS["people"] if name not in STEPS[self.about])

    def address(self, place: str, *, look: bool = False) -> str:
        """Where the page of a place is; with `look`, what has to be mended is shown on it."""
        step, _, code = place.partition("/")
        looking = 1 if look else None
        return url_for("post.step", draft_id=self.opened.id, step=step, code=code or None, look=looking)

    def after(self, place: str) -> str:
        """Where to go on from a place: back to the list that it stands on, or to the next step."""
        step, _, code = place.partition("/")
        if code:
            return self.address(step)
        order = STEPS[self.about]
        left = order[order.index(step) + 1 :] if step in order else ()
        return self.address(left[0]) if left else url_for("post.check_page", draft_id=self.opened.id)

    def unsettled(self) -> tuple[str, ...]:
        """The places that were typed in two places at once and not looked at since."""
        return tuple(place for place, part in self.opened.parts.items() if part.other is not None)

    def mend(self, refusal: Refusal, *, here: str | None = None) -> Mend:
        """A refusal as a link: within the page of the place `here`, or to another page."""
        there = f"#{anchor(refusal.name)}" if refusal.name else ""
        sheet = sheet_of(refusal.place)
        label = f"{sheet.name}.{_unnumbered(refusal.name)}" if sheet and refusal.name else ""
        about = refusal.place.partition("/")[2] or None
        address = there if here == refusal.place else self.address(refusal.place, look=True) + there
        return Mend(address, label, about, refusal.code)

    def lists(self) -> dict[str, tuple[Option, ...]]:
        """The choices that depend on this draft and on who writes it."""
        codes = everybody(self.values)
        people = tuple(Option(code, self.called(code)) for code in codes)
        circles = circles_to_refuse(person(), desk=current_desk())
        return {
            KIN: people,
            PEOPLE: (*people, Option(NO_SUBJECT, None)),
            CIRCLES: tuple(Option(slug, slug) for slug in circles),
        }

    def called(self, code: str) -> str:
        """A code with the name that the writer has given it, for her own eyes."""
        named = self.values.get(PERSON_PLACE + code, {}).get("fields", {}).get("prs_FirstName")
        listed = self.values.get(SUSPECT_PLACE + code, {}).get("names")
        name = named or (listed[0] if listed else None)
        return f"{code} ({name})" if name else code

    def _step(self, name: str) -> Step:
        under = LISTED.get(name)
        held = places(self.values, under) if under else [name] if self.values.get(name) else []
        if name == "grounds":
            held = [place for place in held if place != NOBODY_PLACE or self.values[place].get("stated")]
        waits = any(place == name or (under and place.startswith(under)) for place in self.unsettled())
        return Step(name, self.address(name), bool(held), waits)


def writing(draft_id: UUID) -> Writing:
    """One of the drafts of whoever sits here; anybody else's is not there."""
    opened = open_draft(draft_id, by=person(), desk=current_desk())
    return written(opened)


def written(opened: Opened) -> Writing:
    """An opened draft, for a page in the language of this request."""
    values = {place: part.values for place, part in opened.parts.items()}
    return Writing(opened, current_speech().code, values)


def datalists(blocks: tuple[Block, ...], lang: str) -> dict[str, tuple[str, ...]]:
    """The names of countries and languages that the fields of these blocks complete."""
    listed = {each.listed for block in blocks for each in block.fields if each.control in ("name", "names")}
    return {name: names(name, lang) for name in sorted(listed)}


def moment(at: datetime) -> str:
    """A moment in words of the page's language; always UTC, and says so."""
    locale = Locale.parse(current_speech().code)
    return _apart(f"{format_datetime(at, 'd MMM y, HH:mm', locale=locale)} UTC")


def a_day(on: date) -> str:
    """A day in words of the page's language."""
    return _apart(str(format_date(on, "d MMM y", locale=Locale.parse(current_speech().code))))


def age(at: datetime, now: datetime) -> str:
    """How long ago something was."""
    return str(format_timedelta(now - at, locale=Locale.parse(current_speech().code)))


def _apart(words: str) -> str:
    """Words that keep their own order where the sentence around them runs from right to left."""
    return f"\u2068{words}\u2069" if current_speech().direction == "rtl" else words


def _unnumbered(name: str) -> str:
    """The path of a field without its place in a list: `events.0.hte_City` is `hte_City`."""
    _, _, rest = name.partition(".")
    number, _, inner = rest.partition(".")
    return inner if inner and number.isdecimal() else name
