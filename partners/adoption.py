"""Adopting a sharing policy: tightening needs one person, loosening anything at all needs two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from ledger.entries import Act, record
from partners.errors import Conflict, NotAcceptable, PartnersError
from partners.members import add_or_conflict
from partners.models import PolicyVersion
from partners.registry import newest_policy, read_policy
from partners.requests import PolicyDocument
from policies.load import PolicyError
from policies.policy import EVERY_OTHER, Policy
from policies.terms import NOBODY, Terms

_A_CIRCLE_NOBODY_NAMED: Final = "-"


class NeedsTwo(PartnersError):
    """The policy loosens something, so a second person has to approve it. `loosened` says what, in codes."""

    def __init__(self, loosened: tuple[str, ...]) -> None:
        super().__init__("needs_two")
        self.loosened = loosened


def adopt_policy(
    session: Session,
    asked: PolicyDocument,
    *,
    at: datetime,
    by: UUID,
    second: UUID | None = None,
) -> PolicyVersion:
    """Put a policy in force. Raises `NeedsTwo` if it loosens anything and no second person stands for it.

    What counts as loosening is measured against the newest version that was adopted, so a version that has
    changed since the document was written is a `Conflict`. Raises `PolicyError` for what cannot be read.
    """
    policy = read_policy(asked.document)
    if policy.until < at.date():
        raise NotAcceptable("already_expired", "until")
    newest = newest_policy(session, asked.partner)
    if asked.base != (newest.number if newest else 0):
        raise Conflict("policy_changed")
    if (found := loosened(policy, since=newest)) and second in (None, by):
        raise NeedsTwo(found)
    row = PolicyVersion(
        id=uuid4(),
        partner_id=asked.partner,
        number=asked.base + 1,
        document=asked.document,
        adopted_at=at,
        adopted_by=by,
        seconded_by=second,
    )
    add_or_conflict(session, row, "policy_changed")
    codes = {"partner": str(asked.partner), "number": str(row.number), "voices": "2" if second else "1"}
    record(session, Act.POLICY_ADOPTED, at=at, actor=str(second or by), ref=str(row.id), codes=codes)
    return row


def loosened(policy: Policy, *, since: PolicyVersion | None) -> tuple[str, ...]:
    """Where `policy` lets out more than the version before it, in codes; everything, if there was none."""
    try:
        before = read_policy(since.document) if since is not None else None
    except PolicyError:
        # What cannot be read any more let nothing out, so all of the new one is more.
        before = None
    return tuple(_loosened(policy, before))


def _loosened(new: Policy, old: Policy | None) -> Iterator[str]:
    if new.automatic and not (old and old.automatic):
        yield "automatic"
    if old is not None and not set(old.fences) <= set(new.fences):
        yield "fences"
    named = {*new.circles, *(old.circles if old else ())} - {EVERY_OTHER}
    for circle in (*sorted(named), _A_CIRCLE_NOBODY_NAMED):
        before = old.for_circle(circle) if old else Terms.nothing()
        after = new.for_circle(circle)
        if not _within(after, before):
            yield f"circles.{EVERY_OTHER if circle == _A_CIRCLE_NOBODY_NAMED else circle}"


def _within(after: Terms, before: Terms) -> bool:
    """Terms that let nothing out are within any others, however they are spelt."""
    silent = not after.detail or after.readers == NOBODY or not after.purposes
    return silent or (after & before) == after
