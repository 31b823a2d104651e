"""What goes in and out as JSON. A name that is not listed is refused, and no type is guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from partners.requests import (
    SLUG,
    CircleTerms,
    Inviting,
    Joining,
    NewAgreement,
    NewCredential,
    NewMember,
    NewPartner,
    PolicyDocument,
    Resuming,
)
from partners.values import Role, Scope
from policies.terms import Tlp

_CANONICAL_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FIGURES = re.compile(r"0|[1-9][0-9]{0,3}")
_MOST = 200
_LONGEST_NAME = 60
_EARLIEST = datetime.min.replace(tzinfo=UTC) + timedelta(days=2)
_LATEST = datetime.max.replace(tzinfo=UTC) - timedelta(days=2)
_MARKINGS = {tlp.label.removeprefix("TLP:"): tlp for tlp in Tlp}


class Id(fields.UUID):
    """A UUID in its one canonical spelling."""

    def _validated(self, value: Any) -> UUID:
        if isinstance(value, UUID):
            return value
        if not isinstance(value, str) or not _CANONICAL_UUID.fullmatch(value):
            raise self.make_error("invalid_uuid")
        return UUID(value)


class Moment(fields.AwareDateTime):
    """A moment with its time zone, far enough from both ends of the calendar to be told in any other zone."""

    def _deserialize(self, value: Any, *where: Any, **how: Any) -> datetime:
        moment: datetime = super()._deserialize(value, *where, **how)
        if not _EARLIEST <= moment <= _LATEST:
            raise ValidationError("out_of_range")
        return moment


class YesNo(fields.Boolean):
    """true or false, and not "yes", 1 or "on"."""

    def _deserialize(self, value: Any, *_where: Any, **_how: Any) -> bool:
        if type(value) is not bool:
            raise self.make_error("invalid")
        return value


class Name(fields.String):
    """The short name that a partner or a circle goes by."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"pattern": f"^{SLUG.pattern}$", "maxLength": _LONGEST_NAME}, **kwargs)

    def _deserialize(self, value: Any, *where: Any, **how: Any) -> str:
        text: str = super()._deserialize(value, *where, **how)
        if len(text) > _LONGEST_NAME or not SLUG.fullmatch(text):
            raise self.make_error("invalid")
        return text


class Asked(fields.Integer):
    """A whole number in a query string, where everything is written as text."""

    def _deserialize(self, value: Any, *_where: Any, **_how: Any) -> int:
        if not isinstance(value, str) or not _FIGURES.fullmatch(value):
            raise self.make_error("invalid")
        return int(value)


class Marking(fields.Field[Tlp]):
    """A TLP 2.0 label without its prefix."""

    def _deserialize(self, value: Any, *_where: Any, **_how: Any) -> Tlp:
        if not isinstance(value, str) or value not in _MARKINGS:
            raise ValidationError("Not a TLP 2.0 label.")
        return _MARKINGS[value]

    def _serialize(self, value: Tlp | None, *_where: Any, **_how: Any) -> str | None:
        return None if value is None else value.label.removeprefix("TLP:")


def _words(*, required: bool = False) -> fields.List[str]:
    word = fields.String(validate=validate.Length(max=60))
    return fields.List(word, required=required, validate=validate.Length(max=_MOST))


class Strict(Schema):
    """The base of all schemas here."""

    class Meta:
        unknown = RAISE


class RequestSchema(Strict):
    """A schema whose result is a frozen request."""

    makes: ClassVar[type]

    @post_load
    def make(self, data: Mapping[str, Any], **_kwargs: Any) -> Any:
        """Lists become tuples; the request checks the rest itself."""
        return self.makes(**{k: tuple(v) if isinstance(v, list) else v for k, v in data.items()})


class NewPartnerSchema(RequestSchema):
    """An organisation to take in."""

    makes = NewPartner
    slug = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    countries = _words(required=True)
    areas = _words()
    languages = _words()
    law_flags = _words()
    steward = YesNo()


class ResumingSchema(RequestSchema):
    """A suspended partner to let in again."""

    makes = Resuming
    partner = Id(required=True)


class MemberKeySchema(Strict):
    """A person with her first key, or without any; whose she is stands in the address."""

    code = fields.String(required=True)
    roles = fields.List(fields.Enum(Role, by_value=True), required=True, validate=validate.Length(max=10))
    scopes = fields.List(fields.Enum(Scope, by_value=True), validate=validate.Length(max=50))
    jwk = fields.Dict(keys=fields.String(), values=fields.Raw(), allow_none=True)
    expires = Moment(allow_none=True)


class NewMemberSchema(RequestSchema, MemberKeySchema):
    """A person to take in, with whose she is."""

    makes = NewMember
    partner = Id(required=True)


class InvitingSchema(RequestSchema):
    """A person to invite to the browser, with whose she is."""

    makes = Inviting
    partner = Id(required=True)
    member = Id(required=True)


class KeySchema(Strict):
    """A further key; whose it is stands in the address."""

    jwk = fields.Dict(keys=fields.String(), values=fields.Raw(), required=True)
    scopes = fields.List(fields.Enum(Scope, by_value=True), required=True, validate=validate.Length(max=50))
    expires = Moment(required=True)


class NewCredentialSchema(RequestSchema, KeySchema):
    """A further key, with whose it is."""

    makes = NewCredential
    partner = Id(required=True)
    member = Id(allow_none=True)


class AgreementTermsSchema(Strict):
    """An agreement; whose it is stands in the address."""

    start = fields.Date(required=True)
    end = fields.Date(required=True)
    purposes = _words(required=True)
    areas = _words()


class NewAgreementSchema(RequestSchema, AgreementTermsSchema):
    """An agreement, with whose it is."""

    makes = NewAgreement
    partner = Id(required=True)


class CircleTermsSchema(RequestSchema):
    """A circle as it should be."""

    makes = CircleTerms
    slug = fields.String(required=True)
    purpose = fields.String(required=True)
    tlp = Marking(required=True)
    smallest_group = fields.Integer(required=True, strict=True)
    until = fields.Date(required=True)
    clearance = fields.Dict(keys=fields.String(), required=True)
    suspect_names_basis = fields.String(allow_none=True)


class StaySchema(Strict):
    """Who joins, and until when; the circle stands in the address."""

    partner = Id(required=True)
    until = fields.Date(required=True)


class JoiningSchema(RequestSchema, StaySchema):
    """A stay, with the circle."""

    makes = Joining
    circle = fields.String(required=True)


class PolicyTextSchema(Strict):
    """A policy document as it is to be kept, and the number of the version that it was written against."""

    document = fields.String(required=True, validate=validate.Length(min=1, max=100_000))
    base = fields.Integer(required=True, strict=True, validate=validate.Range(min=0))


class PolicyDocumentSchema(RequestSchema, PolicyTextSchema):
    """A policy document, with whose it is."""

    makes = PolicyDocument
    partner = Id(required=True)


class _Limited(Strict):
    limit = Asked(load_default=50, validate=validate.Range(min=1, max=_MOST))


class PageSchema(_Limited):
    """Where a list goes on, and how much of it at once."""

    after = Id()


class PageOfNamesSchema(_Limited):
    """The same for a list whose things go by names."""

    after = Name()
