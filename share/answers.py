"""What leaves as JSON. Only what is listed here goes out, whatever a use case returns."""

from __future__ import annotations

from marshmallow import Schema, fields


class ReceiptSchema(Schema):
    """A report is sealed and queued. Nothing is shared before it was redacted and governed."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True)
    received_at = fields.String(required=True, metadata={"format": "date-time"})
    redacted_at_source = fields.Boolean(required=True)
    ledger = fields.String(required=True, metadata={"description": "The id of the ledger entry."})


class SummarySchema(Schema):
    """One report in a list."""

    id = fields.UUID(required=True)
    state = fields.String(required=True)
    version = fields.Integer(required=True)
    urgent = fields.Boolean(required=True)
    redacted_at_source = fields.Boolean(required=True)
    received_at = fields.AwareDateTime(required=True)


class ReportsSchema(Schema):
    """A page of reports, newest first."""

    items = fields.List(fields.Nested(SummarySchema), required=True)
    next = fields.String(required=True, allow_none=True)


class StepSchema(Schema):
    """A line of a report's history."""

    at = fields.AwareDateTime(required=True)
    state = fields.String(required=True)
    code = fields.String(required=True)


class ReasonSchema(Schema):
    """A reason that holds a part of a report."""

    id = fields.UUID(required=True)
    part = fields.String(required=True)
    code = fields.String(required=True)


class SentSchema(Schema):
    """One version of a report as it came in."""

    number = fields.Integer(required=True)
    reason = fields.String(required=True, allow_none=True)
    received_at = fields.AwareDateTime(required=True)
    examined_at = fields.AwareDateTime(required=True, allow_none=True)


class ToldSchema(Schema):
    """The bulletin that one circle has of a report."""

    id = fields.UUID(required=True)
    circle = fields.String(required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True)


class StandingSchema(SummarySchema):
    """Where a report stands, and how it got there."""

    versions = fields.List(fields.Nested(SentSchema), required=True)
    history = fields.List(fields.Nested(StepSchema), required=True)
    holds = fields.List(fields.Nested(ReasonSchema), required=True)
    bulletins = fields.List(fields.Nested(ToldSchema), required=True)


class GroundStandingSchema(Schema):
    """The ground in force for one person of a report."""

    subject = fields.String(required=True)
    number = fields.Integer(required=True)
    basis = fields.String(required=True)
    purposes = fields.List(fields.String(), required=True)
    withheld_from = fields.List(fields.String(), required=True)
    limits = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    explained = fields.List(fields.String(), required=True)
    language = fields.String(required=True, allow_none=True)
    given_on = fields.Date(required=True)
    given_by = fields.String(required=True)
    guardian_is_suspect_or_kin = fields.Boolean(required=True)
    until = fields.Date(required=True, allow_none=True)
    withdrawn_on = fields.Date(required=True, allow_none=True)
    recorded_at = fields.AwareDateTime(required=True)


class GroundsSchema(Schema):
    """A page of the grounds in force for a report."""

    items = fields.List(fields.Nested(GroundStandingSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class ChangedSchema(Schema):
    """What a change came to."""

    report = fields.UUID(required=True)
    subject = fields.String()
    state = fields.String()
    circle = fields.String()
    spans = fields.Integer()
    left = fields.Integer()
    ledger = fields.String(required=True)


class MarkedSchema(Schema):
    """A stretch of the narrative that something was found in."""

    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    kinds = fields.Function(lambda span: sorted(span.kinds), required=True)
    detectors = fields.Function(lambda span: sorted(span.detectors), required=True)
    subjects = fields.Function(lambda span: sorted(span.subjects), required=True)


class WorkingCopySchema(Schema):
    """What a reviewer works on: the text as it was received. It may not be stored."""

    report = fields.UUID(required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True)
    language = fields.String(required=True, allow_none=True)
    text = fields.String(required=True)
    spans = fields.List(fields.Nested(MarkedSchema), required=True)
    holds = fields.List(fields.Nested(ReasonSchema), required=True)
    circles = fields.List(fields.String(), required=True)


class LeftSchema(Schema):
    """What was left out or told more coarsely, and whose voice asked for it."""

    section = fields.String(required=True)
    kind = fields.String(required=True)
    rung = fields.String(required=True)
    voices = fields.List(fields.String(), required=True)


class PreviewSchema(Schema):
    """What one circle would be told now. `content` is canonical: its bytes are what would be published."""

    circle = fields.String(required=True)
    content = fields.Dict(keys=fields.String(), required=True)
    content_sha256 = fields.String(required=True)
    left = fields.List(fields.Nested(LeftSchema), required=True)
    problems = fields.List(fields.String(), required=True)
    is_approved = fields.Boolean(required=True)


class BulletinSchema(Schema):
    """A signed bulletin, as it stands in a file: `parallax verify` reads it as it is."""

    envelope = fields.Dict(keys=fields.String(), required=True)
    content = fields.Dict(keys=fields.String(), required=True)
    signature = fields.String(required=True)


class BulletinsSchema(Schema):
    """A page of bulletins, oldest first."""

    items = fields.List(fields.Nested(BulletinSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class NoticeSchema(Schema):
    """A bulletin, the version that stands now, and its state."""

    bulletin = fields.UUID(required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True)


class ConfirmationsSchema(Schema):
    """How many partners confirmed the newest version, of how many who read in the circle."""

    confirmed = fields.Integer(required=True)
    readers = fields.Integer(required=True)


class EntrySchema(Schema):
    """A line of the ledger about a report of your own: that something was done, and when."""

    id = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    act = fields.String(required=True)
    report = fields.UUID(required=True)


class EntriesSchema(Schema):
    """A page of ledger entries, oldest first."""

    items = fields.List(fields.Nested(EntrySchema), required=True)
    next = fields.String(required=True, allow_none=True)


class ListsSchema(Schema):
    """The names of all closed lists."""

    version = fields.String(required=True)
    languages = fields.List(fields.String(), required=True)
    lists = fields.List(fields.String(), required=True)


class ListSchema(Schema):
    """One closed list in one language. Each item has a `code` and a `label`, and what else the list holds."""

    list = fields.String(required=True)
    version = fields.String(required=True)
    lang = fields.String(required=True)
    items = fields.List(fields.Dict(keys=fields.String()), required=True)


class AliveSchema(Schema):
    """The process answers."""

    status = fields.String(required=True)


class ReadySchema(Schema):
    """What the service needs, each `ok` or `failed`, and what its mode cannot protect."""

    status = fields.String(required=True)
    checks = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    limits = fields.List(fields.String(), required=True)
