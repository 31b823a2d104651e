"""People and grounds as JSON: who is in a report, and why her facts may be shared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import fields, post_load

from policies.grounds import Ground
from policies.terms import Detail
from policies.vocabulary import VOCABULARY
from share.draft import Identifier, Person, RecordedGround
from share.fields import PERSON_CODE, SLUG, Caps, Day, Many, Shaped, Text, Word, YesNo
from share.forms import Strict, as_tuple, fields_where
from share.intake import LONGEST_VALUE

ROLES: Final = ("survivor", "relative", "witness", "staff", "other")
EXPLAINED: Final = ("interview", "purpose", "use", "research", "access", "retention", "withdrawal")
"""What a person was told before she agreed, after the seven questions of HTCDS."""

IDENTIFIERS: Final = tuple(kind.name for kind in VOCABULARY.kinds.values() if kind.group == "identifier")
OF_A_CASE: Final = (
    "vic_TraffickingStatus",
    "vic_TraffickingStatusDecisionMakingOrg",
    "vic_RelationshipToTrafficker",
    "vic_AgeWhenTrafficked",
)
"""The victim fields that are about one person. Those about the pattern stand in `patterns`."""


class IdentifierSchema(Strict):
    """Something that names a person and stands in no field of the standard."""

    kind = Word(IDENTIFIERS, required=True)
    value = Text(longest=LONGEST_VALUE, shortest=1, required=True)

    @post_load
    def make(self, data: Mapping[str, Any], **_: Any) -> Identifier:
        """As a value."""
        return Identifier(**data)


PersonFieldsSchema = Strict.from_dict(
    fields_where(lambda spec: spec.name.startswith("prs_") or spec.name in OF_A_CASE), name="PersonFields"
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
        said = {name: as_tuple(value) for name, value in data["fields_"].items()}
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
