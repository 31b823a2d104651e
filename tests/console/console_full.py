"""A world in which there is something on every page, for those who visit them all."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from builders import make_ground, make_person
from console_builders import Pages, signed_in
from console_reviewing import approve, hold, post
from console_visits import ENROLS, HALF

from config.database import Sealed
from partners.idempotency import Once
from partners.invitations import invite
from partners.models import Circle, Proposal
from partners.models_people import ASKED, ENROLLING, Account, Invitation, Passkey
from partners.proposals import propose
from partners.requests import NewMember
from partners.sitting import begin
from partners.values import Role
from share.draft import Lead, Money, Offer
from share.importing.keeping import bring_in_waiting, keep
from share.models import Bulletin
from share.worker import run_all

LONG = "aVeryLongWordOfARouteThatNobodyCanBreak" * 3
TEXT = (
    "Ioana Popescu met Zamfira in Oradea. She was raped. Zamfira drove on.\n\n"
    "مريم came from Oradea on the same day.\n\nIoana was told that her sister would be next. " + LONG
)


def furnish(pages: Pages) -> dict[str, str]:
    """Put something on every page, and say what it is called in the addresses of `VISITS`."""
    names = _reports(pages) | _drafts(pages) | _files(pages) | _people(pages)
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


def _files(pages: Pages) -> dict[str, str]:
    """A spreadsheet that waits for a yes, and one that was brought in."""
    by, desk = pages.actor(), pages.world.desk
    sheets = ("reference,narrative\r\nW-1,Nothing yet.\r\n", "reference,narrative\r\nB-1,It came.\r\n")
    waits, brought_in = (keep(sheet.encode(), by=by, desk=desk)[0] for sheet in sheets)
    assert waits and brought_in
    bring_in_waiting(brought_in, by=by, desk=desk)
    return {"file": str(waits), "brought_in": str(brought_in)}


def _people(pages: Pages) -> dict[str, str]:
    """Somebody who was invited, somebody half way in, and proposals of two people. Everybody has her factors."""
    for role in Role:
        pages.member(role, "keepers" if role is Role.STEWARD else "shelter")
    second = pages.member("administrator", code="second")
    for code, proposer in (("new", None), ("newer", "second")):
        by = pages.actor("administrator", code=proposer)
        new = NewMember(pages.partner(), code, (Role.REVIEWER, Role.CASEWORKER))
        propose(new, by=by, once=Once(by.partner, None, b"", member=by.member), desk=pages.desk)
    half, enrols = pages.member("approver", code="half"), pages.member("reviewer", code="enrols")
    with pages.desk.sessions.begin() as session:
        now = pages.desk.clock()
        invite(session, enrols, at=now, by="test")
        taken = session.query(Invitation.id).filter_by(member_id=enrols).scalar()
        approver = pages.people["shelter", "approver"]
        for member in pages.people.values():
            session.add(Account(member_id=member, password="x", totp=Sealed(b"x"), changed_at=now))
            session.add(Passkey(member_id=member, credential=member.bytes, public_key=b"x", added_at=now))
        return {
            "invitation": invite(session, approver, at=now, by="test"),
            "member": str(approver),
            "passkey": str(session.query(Passkey.id).filter_by(member_id=approver).scalar()),
            "proposal": str(session.query(Proposal.id).filter_by(proposed_by=second).scalar()),
            HALF: begin(session, half, ASKED, desk=pages.desk),
            ENROLS: begin(session, enrols, ENROLLING, invitation=taken, desk=pages.desk),
        }
