"""Every page of the desk with something on it: who opens it, and at which address.

A new page needs a line in `VISITS`. If its address names something that is not there yet, make it in `furnish`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "console"))

from builders import finds, make_ground, make_person
from console_builders import Pages, Served, served, signed_in
from console_reviewing import approve, hold, post

from partners.idempotency import Once
from partners.invitations import invite
from partners.models import Circle
from partners.models_people import ASKED, ENROLLING, Invitation
from partners.proposals import propose
from partners.requests import NewMember
from partners.sitting import begin
from partners.values import Role
from share.draft import Lead, Money, Offer
from share.models import Bulletin
from share.worker import run_all

LONG = "aVeryLongWordOfARouteThatNobodyCanBreak" * 3
TEXT = (
    "Ioana Popescu met Zamfira in Oradea. She was raped. Zamfira drove on.\n\n"
    "مريم came from Oradea on the same day.\n\nIoana was told that her sister would be next. " + LONG
)
NOBODY, HALF, ENROLS = "nobody", "half", "enrols"
READER, STEWARD = "reader", "steward"
HOMES = {READER: ("caseworker", "hotline"), STEWARD: ("steward", "keepers")}
"""Where somebody sits who is not of the shelter: her role, and her partner."""

NOT_PAGES = {
    "static_files.asset": "what pages are made of; counted with each of them",
    "enrol.picture": "an image, shown by the page beside it",
    "post.worker": "a script",
    "post.line": "for the script of a page",
    "read.file": "a bulletin to be kept",
}
"""What is asked for with GET and is no page, and why."""

_STEPS = (
    "what",
    "people",
    "grounds",
    "route",
    "offer",
    "network",
    "leads",
    "indicators",
    "narrative",
    "source",
)

VISITS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "home.start": (("approver", "/"), ("caseworker", "/"), (STEWARD, "/")),
    "sign_in.ask": ((NOBODY, "/sign-in"),),
    "sign_in.second_factor": ((HALF, "/sign-in/second-factor"),),
    "sign_in.confirm": (("approver", "/sign-in/confirm?then=/me"),),
    "sign_in.away": ((NOBODY, "/sign-in/away"),),
    "enrol.invitation": ((NOBODY, "/enrol/{invitation}"),),
    "enrol.factors": ((ENROLS, "/enrol/factors"),),
    "me.mine": (("approver", "/me"),),
    "people.members": (("administrator", "/people"),),
    "people.waiting": (("administrator", "/people/waiting"), ("second", "/people/waiting")),
    "people.partners": ((STEWARD, "/people/partners"),),
    "people.members_of": ((STEWARD, "/people/partners/{partner}"),),
    "post.drafts": (("caseworker", "/post"),),
    "post.step": (
        *(("caseworker", f"/post/{{draft}}/{step}") for step in _STEPS),
        ("caseworker", "/post/{draft}/people/P1"),
        ("caseworker", "/post/{draft}/grounds/P1"),
        ("caseworker", "/post/{draft}/network/S1"),
        ("caseworker", "/post/{empty}/people"),
        ("caseworker", "/post/{empty}/people/P1?look=1"),
    ),
    "post.blank": tuple(("caseworker", f"/post/blank/{name}") for name in ("person", "indicators", "none")),
    "post.device": (("caseworker", "/post/device"),),
    "post.ask_to_remove": (("caseworker", "/post/{draft}/people/P1/remove"),),
    "post.ask_to_discard": (("caseworker", "/post/{draft}/discard"),),
    "post.check_page": (("caseworker", "/post/{draft}/check"), ("caseworker", "/post/{empty}/check")),
    "post.receipt": (("caseworker", "/post/{sent}/receipt"),),
    "reports_pages.own": (("caseworker", "/reports"),),
    "reports_pages.one": (("caseworker", "/reports/{report}"), ("reviewer", "/reports/{held}")),
    "reports_pages.ask_ground": (("caseworker", "/reports/{report}/grounds/P1"),),
    "reports_pages.ask_withdrawal": (("caseworker", "/reports/{report}/grounds/P1/withdraw"),),
    "reports_pages.ask_refusal": (("reviewer", "/reports/{report}/refuse"),),
    "review_pages.queue": (("reviewer", "/review/"),),
    "review_pages.working_copy": (("reviewer", "/review/{report}/"), ("reviewer", "/review/{held}/")),
    "review_pages.ask_refusal": (("reviewer", "/review/{report}/refusal"),),
    "review_pages.told.circles": (("reviewer", "/review/{report}/told/"),),
    "review_pages.told.one_circle": (
        ("approver", "/review/{report}/told/danube"),
        ("approver", "/review/{held}/told/danube"),
    ),
    "review_pages.told.ask_approval": (("approver", "/review/{report}/told/danube/approval"),),
    "read.bulletins": ((READER, "/read/"), ("approver", "/read/")),
    "read.bulletin": ((READER, "/read/{bulletin}"), (READER, "/read/{recalled}")),
    "read.own": (("approver", "/read/own"),),
    "read.own_one": (("approver", "/read/own/{bulletin}"), ("approver", "/read/own/{recalled}")),
    "read.ask_recall": (("approver", "/read/own/{bulletin}/recall"),),
}
"""Each page: who opens it, and where. What stands in braces is made by `furnish`."""


@dataclass(frozen=True)
class Furnished:
    """A site with something on every page, and the names of what is there."""

    site: Served
    names: Mapping[str, str]

    def address(self, path: str) -> str:
        """Where that is."""
        return path.format_map(self.names)

    def cookies(self, who: str) -> list[Any]:
        """What stands in the browser of that person."""
        if who == NOBODY:
            return []
        if who in (HALF, ENROLS):
            return [{"name": "parallax", "value": self.names[who], "url": self.site.url}]
        role, home = HOMES.get(who, (who, "shelter"))
        if who == "second":
            return [self.site.cookie("administrator", code="second")]
        return [self.site.cookie(role, home)]


@contextmanager
def furnished(folder: Path) -> Iterator[Furnished]:
    """The site, on a real port. Its texts are read without language models."""
    with served(folder, worker=False, examine=finds("Ioana Popescu", "Oradea")) as site:
        yield Furnished(site, furnish(site.pages))


def furnish(pages: Pages) -> dict[str, str]:
    """Put something on every page, and say what it is called in the addresses of `VISITS`."""
    names = _reports(pages) | _drafts(pages) | _people(pages)
    return names | {"partner": str(pages.partner("shelter"))}


def _reports(pages: Pages) -> dict[str, str]:
    """A full report that was told, one that is held, one that was told and recalled."""
    report = post(pages, narrative=TEXT, **_in_full())
    narrow = {"EXPLOITATION": "EXACT", "ROUTE_DATE": "COARSEST", "ROUTE_PLACE": "COARSE"}
    clearance = {"purposes": ["other-organisations"], "linkage": "NONE", "detail": narrow}
    pages.world.circle(
        "corridor-watch", pages.actor(), pages.actor("caseworker", "hotline"), clearance=clearance
    )
    held = post(pages, narrative=TEXT, urgent=True)
    hold(pages, held)
    hold(pages, held, "secret_in_text")
    told, recalled = post(pages, narrative=TEXT), post(pages)
    approver = signed_in(pages, "approver")
    approve(approver, told)
    run_all(pages.world.desk)
    at = f"/read/own/{_bulletin(pages, recalled)}/recall"
    approver.post(at)
    run_all(pages.world.desk)
    return {
        "report": str(report),
        "held": str(held),
        "bulletin": _bulletin(pages, told),
        "recalled": _bulletin(pages, recalled),
    }


def _in_full() -> dict[str, Any]:
    people = (
        make_person(names=("Ioana Popescu", "Ionuca")),
        make_person("P2", names=("Maria",), prs_Birthdate=None),
    )
    return {
        "people": people,
        "grounds": (make_ground("P1"), make_ground("no-subject")),
        "offers": (Offer(job="HotelWork", country="IT", wage=Money(1300, "EUR"), concerns=("P1",)),),
        "leads": (Lead("VEHICLE_PLATE", "BH 12 MDR", concerns=("no-subject",)),),
    }


def _bulletin(pages: Pages, report: UUID) -> str:
    with pages.desk.readers() as session:
        circle = session.query(Circle.id).filter_by(slug="danube").scalar()
        return str(session.query(Bulletin.id).filter_by(report_id=report, circle_id=circle).scalar())


def _drafts(pages: Pages) -> dict[str, str]:
    """A draft with something on every page, one with nothing, and one that was sent."""
    writer = signed_in(pages)
    again = f"/reports/{post(pages, narrative=TEXT, **_in_full())}/amend"
    draft, sent = (writer.post(again).location.split("/")[2] for _ in range(2))
    empty = writer.post("/post", {"about": "people"}).location.split("/")[2]
    version = re.search(r'name="version" value="([0-9]+)"', writer.get(f"/post/{sent}/check").text)
    assert version
    writer.post(f"/post/{sent}/send", {"version": version[1], "reason": "correction"})
    return {"draft": draft, "empty": empty, "sent": sent}


def _people(pages: Pages) -> dict[str, str]:
    """Somebody who was invited, somebody half way in, and a proposal that a second person sees too."""
    first = pages.actor("administrator")
    pages.member("steward", "keepers")
    new = NewMember(pages.partner(), "new", (Role.REVIEWER, Role.CASEWORKER))
    propose(new, by=first, once=Once(first.partner, None, b"", member=first.member), desk=pages.desk)
    half, enrols = pages.member("approver", code="half"), pages.member("reviewer", code="enrols")
    with pages.desk.sessions.begin() as session:
        now = pages.desk.clock()
        invite(session, enrols, at=now, by="test")
        taken = session.query(Invitation.id).filter_by(member_id=enrols).scalar()
        return {
            "invitation": invite(session, pages.people["shelter", "approver"], at=now, by="test"),
            HALF: begin(session, half, ASKED, desk=pages.desk),
            ENROLS: begin(session, enrols, ENROLLING, invitation=taken, desk=pages.desk),
        }
