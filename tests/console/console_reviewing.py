"""What the tests of the review pages share: a report in two organisations' world, and a person who says yes."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

from builders import make_draft
from console_builders import Browser, Pages
from console_payloads import look
from werkzeug.test import TestResponse

from share.models import Report, ReportHold

TEXT = "Ioana Popescu met Zamfira in Oradea. She was raped. 👩‍🌾 Zamfira drove on.\n\nA letter came from Mihaela."


def post(pages: Pages, **changes: Any) -> UUID:
    """A report of the shelter, which tells the circle "danube", where a hotline reads."""
    author = pages.actor("caseworker")
    if "hotline" not in pages.world.ids:
        pages.world.circle("danube", author, pages.actor("caseworker", "hotline"))
    return pages.world.post(make_draft(**({"narrative": TEXT} | changes)), author)


def words(page: str) -> str:
    """A page as it is read."""
    return " ".join("".join(look(page).words).split())


def hold(pages: Pages, report: UUID, code: str = "unique_person") -> UUID:
    """A doubt that holds the report."""
    with pages.desk.sessions.begin() as session:
        row = ReportHold(
            id=uuid4(), report_id=report, version=1, part="narrative", code=code, held_at=pages.desk.clock()
        )
        session.add(row)
        session.get_one(Report, report).state = "held"
        return row.id


def approve(browser: Browser, report: UUID, circle: str = "danube", **more: str) -> TestResponse:
    """Say yes to what the page of approval shows."""
    at = f"/review/{report}/told/{circle}/approval"
    (content,) = re.findall(
        r'name="content_sha256" value="([0-9a-f]{64})"', browser.get(at, query_string=more).text
    )
    return browser.post(at, {"content_sha256": content})
