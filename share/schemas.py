"""What a partner may send. A name that is not listed is refused, no type is guessed, every word is checked.

Each schema turns what was sent into a frozen value; no dictionary travels further in than a view.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, post_load

from policies.vocabulary import LANGUAGES
from share.draft import Draft
from share.fields import PERSON_CODE, SLUG, Asked, Code, Id, Many, Shaped, Text, Whole, Word, YesNo
from share.forms import Strict, frozen
from share.intake import AMENDMENT_REASONS, LONGEST_NARRATIVE
from share.parts import (
    EventSchema,
    IndicatorSchema,
    LeadSchema,
    OfferSchema,
    PatternSchema,
    SuspectSchema,
)
from share.persons import IDENTIFIERS, GroundSchema, PersonSchema
from share.review import REFUSALS, RESOLUTIONS


class ReportSchema(Strict):
    """An incident report. Leave out what you do not know: nothing that names a person is ever required."""

    reference = Text(longest=100, shortest=1)
    language = Shaped("[a-z]{2,3}", longest=3, load_default=None)
    redacted_at_source = YesNo(load_default=False)
    urgent = YesNo(load_default=False)
    narrative = Text(longest=LONGEST_NARRATIVE, load_default="")
    people = Many(fields.Nested(PersonSchema), most=100)
    grounds = Many(fields.Nested(GroundSchema), most=200)
    events = Many(fields.Nested(EventSchema), most=100)
    patterns = Many(fields.Nested(PatternSchema), most=20)
    offers = Many(fields.Nested(OfferSchema), most=20)
    suspects = Many(fields.Nested(SuspectSchema), most=50)
    leads = Many(fields.Nested(LeadSchema), most=100)
    indicators = Many(fields.Nested(IndicatorSchema), most=100)
    reliability = Code("reliability")
    credibility = Code("credibility")

    @post_load
    def make(self, data: Mapping[str, Any], **_: Any) -> Draft:
        """As a value."""
        return Draft(**frozen(data))


class AmendmentSchema(Strict):
    """A whole new version of a report, and why there is one."""

    reason = Word(AMENDMENT_REASONS, required=True)
    report = fields.Nested(ReportSchema, required=True)


class SpanSchema(Strict):
    """Something in the narrative that every detector missed; offsets are code points, half open."""

    version = Whole(1, 1_000_000, required=True)
    start = Whole(0, LONGEST_NARRATIVE, required=True)
    end = Whole(1, LONGEST_NARRATIVE, required=True)
    kind = Word(IDENTIFIERS, required=True)


class ResolutionSchema(Strict):
    """Reasons that held a part of a report, and how they were settled."""

    holds = Many(Id(), least=1, most=200, required=True)
    resolution = Word(RESOLUTIONS, required=True)


class ApprovalSchema(Strict):
    """A person's yes to exactly this content for this circle."""

    circle = Shaped(SLUG, longest=60, required=True)
    content_sha256 = Shaped("[0-9a-f]{64}", longest=64, required=True)


class RefusalSchema(Strict):
    """Why a report is never to be published."""

    reason = Word(REFUSALS, required=True)


class AcknowledgementSchema(Strict):
    """The version of a bulletin that was taken note of; for a recall, that its copies are gone."""

    version = Whole(1, 1_000_000, required=True)


class PageSchema(Strict):
    """Where a list goes on, and how much of it at once."""

    after = Id()
    limit = Asked(1, 200, load_default=50)


class PageOfEntriesSchema(Strict):
    """Where a list of ledger entries goes on."""

    after = Shaped("[0-9a-f]{32}", longest=32)
    limit = Asked(1, 200, load_default=50)


class PageOfGroundsSchema(Strict):
    """Where a list of grounds goes on: the person that it stopped at."""

    after = Shaped(f"({PERSON_CODE}|no-subject)", longest=10)
    limit = Asked(1, 200, load_default=50)


class ReportChoiceSchema(PageOfGroundsSchema):
    """One report of your own, and where the list of its grounds goes on."""

    report = Id(required=True)


class LanguageSchema(Strict):
    """The language to say it in."""

    lang = Word(LANGUAGES, load_default="en")
