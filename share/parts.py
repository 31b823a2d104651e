"""The parts of an incident report as JSON: people, grounds, events, patterns, offers, suspects, leads, indicators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validates_schema

from policies.grounds import Ground
from policies.terms import Detail
from policies.vocabulary import VOCABULARY
from share.draft import (
    Event,
    Identifier,
    Indicator,
    Lead,
    Money,
    Offer,
    Pattern,
    Person,
    RecordedGround,
    Suspect,
)
from share.fields import (
    PERSON_CODE,
    SLUG,
    Caps,
    Code,
    Day,
    DayText,
    Figure,
    Many,
    Shaped,
    Text,
    When,
    Whole,
    Word,
    YesNo,
    of_people,
)
from share.intake import LONGEST_VALUE

ROLES: Final = ("survivor", "relative", "witness", "staff", "other")
EXPLAINED: Final = ("interview", "purpose", "use", "research", "access", "retention", "withdrawal")
"""What a person was told before she agreed, after the seven questions of HTCDS."""

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
IDENTIFIERS: Final = tuple(kind.name for kind in VOCABULARY.kinds.values() if kind.group == "identifier")
OF_A_CASE: Final = (
    "vic_TraffickingStatus",
    "vic_TraffickingStatusDecisionMakingOrg",
    "vic_RelationshipToTrafficker",
    "vic_AgeWhenTrafficked",
)
"""The victim fields that are about one person. Those about the pattern stand in `patterns`."""

_NEVER_SHARED: Final = "CASEWORK"
_LARGEST: Final = {"prs_NumberOfChildren": 30, "vic_AgeWhenTrafficked": 120}


def field_for(name: str) -> fields.Field[Any]:
    """The field under which a value of this HTCDS field is taken."""
    spec = VOCABULARY.fields[name]
    if spec.picklist is not None:
        code = Code(spec.picklist)
        return Many(code, most=40) if spec.many else code
    if spec.form == "number":
        most = _LARGEST.get(name)
        return Figure(most) if most else Shaped(r"-?[0-9]{1,3}(\.[0-9]{1,10})?", longest=15)
    return DayText() if spec.form == "date" else Text(longest=LONGEST_VALUE, shortest=1)


def _told(prefix: str) -> dict[str, fields.Field[Any]]:
    return {
        name: field_for(name)
        for name, spec in VOCABULARY.fields.items()
        if name.startswith(prefix) and spec.kind != _NEVER_SHARED
    }


class Strict(Schema):
    """The base of everything that is sent: unknown names are refused."""

    error_messages: ClassVar[dict[str, str]] = {"unknown": "unknown_field", "type": "wrong_type"}

    class Meta:
        unknown = RAISE


class IdentifierSchema(Strict):
    """Something that names a person and stands in no field of the standard."""

    kind = Word(IDENTIFIERS, required=True)
    value = Text(longest=LONGEST_VALUE, shortest=1, required=True)

    @post_load
    def make(self, data: Mapping[str, Any], **_: Any) -> Identifier:
        """As a value."""
        return Identifier(**data)


PersonFieldsSchema = Strict.from_dict(
    _told("prs_") | {name: field_for(name) for name in OF_A_CASE}, name="PersonFields"
)


class PersonSchema(Strict):
    """Somebody whom the report concerns, under the partner's local code."""

    code = Shaped(PERSON_CODE, longest=10, required=True)
    role = Word(ROLES, required=True)
    fields_ = fields.Nested(PersonFieldsSchema, data_key="fields", load_default=dict)
    identifiers = Many(fields.Nested(IdentifierSchema), most=50)

    @post_load
    def make(self, data: Mapping[str, Any], **_: Any) -> Person:
        """As a value, with every field as a tuple."""
        said = {name: _tuple(value) for name, value in data["fields_"].items()}
        return Person(data["code"], data["role"], said, tuple(data.get("identifiers", ())))


class GroundSchema(Strict):
    """On what ground a person's facts may be shared; `no-subject` is what concerns nobody protected."""

    subject = Shaped(f"({PERSON_CODE}|no-subject)", longest=10, required=True)
    basis = Word(VOCABULARY.bases, required=True)
    purposes = Many(Word(VOCABULARY.purposes), most=10, required=True)
    given_on = Day(required=True)
    until = Day(load_default=None, allow_none=True)
    given_by = Word(("self", "guardian", "authority"), load_default="self")
    withheld_from = Many(Shaped(SLUG, longest=60), most=50, load_default=list)
    guardian_is_suspect_or_kin = YesNo(load_default=False)
    limits = Caps(VOCABULARY.kinds, {rung.name: rung for rung in Detail}, load_default=dict)
    explained = Many(Word(EXPLAINED), most=len(EXPLAINED), load_default=list)
    language = Shaped("[a-z]{2,3}", longest=3, load_default=None, allow_none=True)

    @post_load
    def make(self, data: Mapping[str, Any], **_: Any) -> RecordedGround:
        """As a value. Nobody can send a withdrawal along with a ground."""
        ground = Ground(
            subject=data["subject"],
            basis=data["basis"],
            purposes=frozenset(data["purposes"]),
            withheld_from=frozenset(data["withheld_from"]),
            until=data["until"],
            given_on=data["given_on"],
            given_by=data["given_by"],
            guardian_is_suspect_or_kin=data["guardian_is_suspect_or_kin"],
            withdrawn_on=None,
            limits=data["limits"],
        )
        return RecordedGround(ground, tuple(data["explained"]), data["language"])


class EventSchema(Strict):
    """A leg of the route: an HTCDS historic trafficking event."""

    hte_Type = Code("event_types", required=True)  # noqa: N815  the standard's own name
    hte_Date = When()  # noqa: N815
    hte_City = Text(longest=200, shortest=1)  # noqa: N815
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
    {
        name: field_for(name)
        for name, spec in VOCABULARY.fields.items()
        if name.startswith("vic_") and spec.many and spec.kind != _NEVER_SHARED
    },
    name="PatternFields",
)


class PatternSchema(PatternFieldsSchema):  # type: ignore[valid-type, misc]
    """How people were recruited, held and exploited."""

    people = Whole(1, 100_000)
    concerns = of_people()

    @post_load
    def make(self, data: Mapping[str, Any], **_: Any) -> Pattern:
        """As a value, with every field as a tuple."""
        said = {name: _tuple(value) for name, value in data.items() if name.startswith("vic_")}
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
    names = Many(Text(longest=200, shortest=1), most=20)
    roles = Many(Code("suspect_roles"), most=15, data_key="per_RoleInProcess")
    phones = Many(Text(longest=60, shortest=1), most=20)
    emails = Many(Text(longest=254, shortest=1), most=20)
    handles = Many(Text(longest=200, shortest=1), most=20)
    accounts = Many(Text(longest=100, shortest=1), most=20)
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
    """A venue, a plate, an advert, a number of the network."""

    kind = Word(LEADS, required=True)
    value = Text(longest=LONGEST_VALUE, shortest=1, required=True)
    country = Code("countries")
    concerns = of_people()

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


def frozen(data: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, with tuples for lists."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}


def _tuple(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else (value,)
