"""The statements of an incident report as JSON: events, patterns, offers, suspects, leads, indicators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import ValidationError, fields, post_load, validates_schema

from share.draft import Event, Indicator, Lead, Money, Offer, Pattern, Suspect
from share.fields import (
    PERSON_CODE,
    Code,
    Day,
    Many,
    Shaped,
    Text,
    Typed,
    When,
    Whole,
    Word,
    YesNo,
    of_people,
    refuse_wrong_form,
)
from share.forms import Strict, as_tuple, fields_where, frozen
from share.intake import LONGEST_VALUE
from share.typed import TOWN

PERIODS: Final = ("hour", "day", "night", "week", "month", "season", "year", "piece")
LEADS: Final = (
    "VENUE",
    "VEHICLE_PLATE",
    "ADVERT",
    "SUSPECT_PHONE",
    "SUSPECT_EMAIL",
    "SUSPECT_HANDLE",
    "SUSPECT_ACCOUNT",
)


class EventSchema(Strict):
    """A leg of the route: an HTCDS historic trafficking event."""

    hte_Type = Code("event_types", required=True)  # noqa: N815  the standard's own name
    hte_Date = When()  # noqa: N815
    hte_City = Typed(TOWN)  # noqa: N815
    hte_State = Shaped("[A-Z]{2}-[A-Z0-9]{1,3}", longest=6)  # noqa: N815
    hte_Country = Code("countries")  # noqa: N815
    concerns = of_people()

    @validates_schema
    def check(self, data: Mapping[str, Any], **_: Any) -> None:
        """A division belongs to the country that is named with it."""
        state, country = data.get("hte_State"), data.get("hte_Country")
        if state and not state.startswith(f"{country}-"):
            raise ValidationError("not_of_that_country", "hte_State")

    @post_load
    def make(self, data: Mapping[str, Any], **_: Any) -> Event:
        """As a value."""
        return Event(
            kind=data["hte_Type"],
            on=data.get("hte_Date"),
            city=data.get("hte_City"),
            state=data.get("hte_State"),
            country=data.get("hte_Country"),
            concerns=tuple(data.get("concerns", ())),
        )


PatternFieldsSchema = Strict.from_dict(
    fields_where(lambda spec: spec.name.startswith("vic_") and spec.many), name="PatternFields"
)


class PatternSchema(PatternFieldsSchema):  # type: ignore[valid-type, misc]
    """How people were recruited, held and exploited."""

    people = Whole(1, 100_000)
    concerns = of_people()

    @post_load
    def make(self, data: Mapping[str, Any], **_: Any) -> Pattern:
        """As a value, with every field as a tuple."""
        said = {name: as_tuple(value) for name, value in data.items() if name.startswith("vic_")}
        return Pattern(said, data.get("people"), tuple(data.get("concerns", ())))


class MoneySchema(Strict):
    """An amount that was promised or claimed."""

    amount = Whole(0, 100_000_000, required=True)
    currency = Shaped("[A-Z]{3}", longest=3, required=True)

    @post_load
    def make(self, data: Mapping[str, Any], **_: Any) -> Money:
        """As a value."""
        return Money(**data)


class WageSchema(MoneySchema):
    """A wage, with the period that it was promised for."""

    per = Word(PERIODS)


class OfferSchema(Strict):
    """What was promised."""

    job = Code("jobs")
    wage = fields.Nested(WageSchema)
    debt = fields.Nested(MoneySchema)
    channels = Many(Code("channels"), most=15)
    country = Code("countries")
    concerns = of_people()

    @post_load
    def make(self, data: Mapping[str, Any], **_: Any) -> Offer:
        """As a value."""
        return Offer(**frozen(data))


class SuspectSchema(Strict):
    """Somebody said to belong to the network. A suspect who is a victim or a minor is protected."""

    code = Shaped(PERSON_CODE, longest=10, required=True)
    names = Many(Typed("SUSPECT_NAME"), most=20)
    roles = Many(Code("suspect_roles"), most=15, data_key="per_RoleInProcess")
    phones = Many(Typed("SUSPECT_PHONE"), most=20)
    emails = Many(Typed("SUSPECT_EMAIL"), most=20)
    handles = Many(Typed("SUSPECT_HANDLE"), most=20)
    accounts = Many(Typed("SUSPECT_ACCOUNT"), most=20)
    is_victim = YesNo(allow_none=True)
    is_minor = YesNo(allow_none=True)
    kin_of = of_people()
    until = Day(allow_none=True)
    concerns = of_people()

    @post_load
    def make(self, data: Mapping[str, Any], **_: Any) -> Suspect:
        """As a value."""
        return Suspect(**frozen(data))


class LeadSchema(Strict):
    """A venue, a plate, an advert, a number of the network: each in its form, and none a story."""

    kind = Word(LEADS, required=True)
    value = Text(longest=LONGEST_VALUE, shortest=1, required=True)
    country = Code("countries")
    concerns = of_people()

    @validates_schema
    def check(self, data: Mapping[str, Any], **_: Any) -> None:
        """A value has the form of its kind."""
        refuse_wrong_form(data["kind"], data["value"], "value")

    @post_load
    def make(self, data: Mapping[str, Any], **_: Any) -> Lead:
        """As a value."""
        return Lead(**frozen(data))


class IndicatorSchema(Strict):
    """An operational indicator that was observed."""

    code = Code("indicators", required=True)
    concerns = of_people()

    @post_load
    def make(self, data: Mapping[str, Any], **_: Any) -> Indicator:
        """As a value."""
        return Indicator(**frozen(data))
