"""What goes out as JSON: only what is listed here."""

from __future__ import annotations

from marshmallow import fields

from partners.schemas import Id, Marking, Strict


class PartnerSchema(Strict):
    """An organisation."""

    id = Id()
    slug = fields.String()
    name = fields.String()
    kind = fields.String()
    countries = fields.List(fields.String())
    areas = fields.List(fields.String())
    languages = fields.List(fields.String())
    law_flags = fields.Function(lambda view: sorted(view.law_flags))
    steward = fields.Boolean()


class PartnerPageSchema(Strict):
    """Organisations, and where the list goes on."""

    items = fields.List(fields.Nested(PartnerSchema))
    next = fields.String(allow_none=True)


class AgreementSchema(Strict):
    """The agreement that binds today."""

    id = Id()
    version = fields.Integer()
    until = fields.Date()
    purposes = fields.Function(lambda view: sorted(view.purposes))
    areas = fields.List(fields.String())


class MeSchema(Strict):
    """The asker as the service knows it."""

    partner = fields.Nested(PartnerSchema)
    agreement = fields.Nested(AgreementSchema, allow_none=True)
    member = Id(allow_none=True)
    scopes = fields.List(fields.String())
    second_factor = fields.Boolean()


class MemberSchema(Strict):
    """A person, by her code."""

    id = Id()
    code = fields.String()
    roles = fields.List(fields.String())
    scopes = fields.List(fields.String())
    status = fields.String()


class MembersSchema(Strict):
    """The people of one partner, and where the list goes on."""

    items = fields.List(fields.Nested(MemberSchema))
    next = fields.String(allow_none=True)


class CircleSchema(Strict):
    """A circle as one of its members sees it: not who else is in it."""

    id = Id()
    slug = fields.String()
    version = fields.Integer()
    purpose = fields.String()
    tlp = Marking()
    smallest_group = fields.Integer()
    until = fields.Date()
    joined_at = fields.AwareDateTime()
    detail = fields.Dict(keys=fields.String(), values=fields.String())


class CirclesSchema(Strict):
    """The asker's own circles, and where the list goes on."""

    items = fields.List(fields.Nested(CircleSchema))
    next = fields.String(allow_none=True)


class PolicySchema(Strict):
    """A version in the partner's own words, or a proposal for one. Other stewards see no words."""

    id = Id()
    state = fields.String()
    number = fields.Integer(allow_none=True)
    document = fields.String(allow_none=True)
    adopted_at = fields.AwareDateTime(allow_none=True)
    loosens = fields.List(fields.String())


class PoliciesSchema(Strict):
    """A partner's versions and proposals, and where the list goes on."""

    items = fields.List(fields.Nested(PolicySchema))
    next = fields.String(allow_none=True)


class ProposalSchema(Strict):
    """What waits for a second person; without the request where only its scope may be seen."""

    id = Id()
    act = fields.String()
    state = fields.String()
    proposed_at = fields.AwareDateTime()
    until = fields.AwareDateTime()
    request = fields.Dict(keys=fields.String(), allow_none=True)


class ProposalsSchema(Strict):
    """What waits and concerns the asker, and where the list goes on."""

    items = fields.List(fields.Nested(ProposalSchema))
    next = fields.String(allow_none=True)


class DecidedSchema(Strict):
    """What came of an approval.

    A secret in `told` is said again to the same `Idempotency-Key` for ten minutes, until it is first used. If it is
    lost after that, suspend the person and add her again under another code.
    """

    id = Id()
    act = fields.String()
    told = fields.Dict(keys=fields.String(), values=fields.String())
