"""Reports that were sent: where they stand, amended without losing anything, grounds given and taken back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from builders import make_draft, make_ground, make_person
from console_builders import Browser, Pages, signed_in
from console_forms import form_to
from sqlalchemy import select

from console.languages import LANGUAGES
from share.consent import ground_value, newest_grounds
from share.draft import Draft
from share.models import ReportVersion
from share.overview import standing_of
from share.worker import run_all

NAME = "Ioana Popescu"


@pytest.fixture
def writer(pages: Pages) -> Browser:
    return signed_in(pages)


def posted(pages: Pages, role: str = "caseworker", **changes: Any) -> UUID:
    """A report of the shelter that was told to one circle."""
    actor = pages.actor(role)
    if "north" not in pages.world.ids:
        pages.world.ids["north"] = pages.world.circle("north", actor, pages.actor(partner="hotline"))
    return pages.world.post(make_draft(**({"narrative": ""} | changes)), actor)


def grounds(pages: Pages, report: UUID) -> dict[str, Any]:
    with pages.world.desk.readers() as session:
        return {row.subject: ground_value(row) for row in newest_grounds(session, report)}


def newest(pages: Pages, report: UUID) -> Draft:
    """The working copy of the newest version."""
    with pages.world.desk.readers() as session:
        query = (
            select(ReportVersion)
            .where(ReportVersion.report_id == report)
            .order_by(ReportVersion.number.desc())
        )
        row = session.scalars(query).first()
        assert row is not None and row.working_copy is not None
    return pages.world.desk.working.draft(row.working_copy, report=report, version=row.number)


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_list_goes_on_and_holds_only_ones_own(pages: Pages, writer: Browser, clock: Any) -> None:
    mine = []
    for _ in range(27):
        mine.append(pages.world.post(make_draft(narrative=""), pages.actor()))
        clock.forward(seconds=1)
    theirs = pages.world.post(make_draft(narrative=""), pages.actor(partner="hotline"))
    first = writer.get("/reports").text
    shown = re.findall(r'href="/reports/([0-9a-f-]{36})"', first)
    assert shown == [str(each) for each in reversed(mine)][:25]
    older = re.search(r'href="(/reports\?after=[^"]+)" rel="next"', first)
    assert older is not None
    rest = writer.get(older[1]).text
    assert re.findall(r'href="/reports/([0-9a-f-]{36})"', rest) == [str(mine[1]), str(mine[0])]
    assert str(theirs) not in first + rest
    assert writer.get(f"/reports?after={theirs}").status_code == 404
    assert writer.get("/reports?after=x").status_code == 404


def test_one_report_says_where_it_stands_in_words_and_names_nobody(pages: Pages, writer: Browser) -> None:
    report = posted(pages, narrative=f"{NAME} was taken from Oradea.")
    page = writer.get(f"/reports/{report}").text
    said = words(page)
    assert "north : published, version 1." in said
    assert "0 of 2 partners who read there have confirmed it." in said
    assert "consent , given on 1 Jan 2026, until 31 Dec 2030" in said
    assert "received" in said and "a bulletin was published" in said
    assert NAME not in page and "Oradea" not in page


def test_what_holds_a_report_is_said_in_words(pages: Pages, writer: Browser) -> None:
    def too_slow(*_: Any, **__: Any) -> Any:
        raise TimeoutError

    object.__setattr__(pages.world.desk, "examine", too_slow)
    report = posted(pages, narrative="She was there.")
    assert "Looking at the text failed." in words(writer.get(f"/reports/{report}").text)


PAGES = ["", "/grounds/P1", "/grounds/P1/withdraw"]


@pytest.mark.parametrize("end", PAGES)
def test_a_report_of_another_organisation_is_not_there(pages: Pages, writer: Browser, end: str) -> None:
    report = posted(pages)
    stranger = signed_in(pages, partner="hotline")
    for at in (f"/reports/{report}{end}", f"/reports/{uuid4()}{end}"):
        assert stranger.get(at).status_code == 404
        assert end == "" or stranger.post(at, {"basis": "consent"}).status_code == 404
    assert stranger.post(f"/reports/{report}/amend").status_code == 404
    assert grounds(pages, report)["P1"].withdrawn_on is None
    assert writer.get(f"/reports/{report}{end}").status_code == 200, "the control"


@pytest.mark.parametrize(
    ("role", "amend", "ground", "refuse"),
    [
        ("caseworker", True, True, False),
        ("reviewer", False, False, True),
        ("approver", False, False, True),
    ],
)
def test_nobody_sees_a_control_that_she_may_not_use_and_the_server_refuses_it_too(
    pages: Pages, role: str, amend: bool, ground: bool, refuse: bool
) -> None:
    report = posted(pages)
    at, browser = f"/reports/{report}", signed_in(pages, role)
    page = browser.get(at).text
    assert ("/amend" in page, "/grounds/P1" in page, f"{at}/refuse" in page) == (amend, ground, refuse)
    assert (browser.post(f"{at}/amend").status_code == 303) == amend
    assert (browser.get(f"{at}/grounds/P1").status_code == 200) == ground
    assert (browser.post(f"{at}/grounds/P1/withdraw").status_code == 303) == ground
    assert (browser.get(f"{at}/refuse").status_code == 200) == refuse


def test_an_amendment_begins_with_what_was_said_and_changes_nothing_else(
    pages: Pages, writer: Browser
) -> None:
    report = posted(pages, narrative=f"{NAME} was taken from Oradea.", reliability="b", credibility="2")
    before, ground = newest(pages, report), grounds(pages, report)
    at = writer.post(f"/reports/{report}/amend").location.removesuffix("/what")
    page = writer.get(f"{at}/narrative").text
    said = form_to(page, f"{at}/narrative").filled({"narrative": "She was taken from Oradea by night."})
    writer.post(f"{at}/narrative", said)
    check = writer.get(f"{at}/check").text
    assert "There is no ground." not in check, "the ground on record stands"
    form = form_to(check, f"{at}/send")
    refused = writer.post(f"{at}/send", form.filled({}))
    assert refused.status_code == 422 and "Say why you amend the report." in refused.text
    assert writer.post(f"{at}/send", form.filled({"reason": "correction"})).location == f"{at}/receipt"
    run_all(pages.world.desk)
    assert newest(pages, report) == replace(before, narrative="She was taken from Oradea by night.")
    assert grounds(pages, report) == ground
    standing = standing_of(report, by=pages.actor(), desk=pages.world.desk)
    assert [(each.number, each.reason) for each in standing.versions] == [(1, None), (2, "correction")]
    assert "something was wrong" in writer.get(f"/reports/{report}").text


def test_a_new_status_is_added_to_the_history_and_overwrites_nothing(
    pages: Pages, writer: Browser, clock: Any
) -> None:
    person = make_person(
        vic_TraffickingStatus="PossibleVictimOfTrafficking", vic_TraffickingStatusDecisionMakingOrg="NGO"
    )
    report = posted(pages, people=(person,))
    clock.forward(days=20)
    writer = signed_in(pages)
    there = writer.post(f"/reports/{report}/amend", {"person": "P1", "reason": "status_changed"}).location
    at = there.removesuffix("/people/P1")
    new = {
        "fields.vic_TraffickingStatus": "ActualVictimOfTrafficking",
        "fields.vic_TraffickingStatusDecisionMakingOrg": "Police",
    }
    writer.post(there, form_to(writer.get(there).text, there).filled(new))
    form = form_to(writer.get(f"{at}/check").text, f"{at}/send")
    assert form.fields["reason"] == ["status_changed"]
    writer.post(f"{at}/send", form.filled({}))
    history = words(writer.get(f"/reports/{report}").text)
    assert "P1 possible victim of trafficking other 2 Mar 2026" in history.replace("NGO", "other")
    assert "P1 victim of trafficking police 22 Mar 2026, 09:30 UTC (version 2)" in history


def test_an_amendment_that_was_overtaken_says_so(pages: Pages, writer: Browser) -> None:
    report = posted(pages)
    at = writer.post(f"/reports/{report}/amend").location.removesuffix("/what")
    assert "amended by somebody else" not in writer.get(f"{at}/check").text
    other = writer.post(f"/reports/{report}/amend").location.removesuffix("/what")
    form = form_to(writer.get(f"{other}/check").text, f"{other}/send")
    writer.post(f"{other}/send", form.filled({"reason": "more_known"}))
    assert "amended by somebody else" in writer.get(f"{at}/check").text


def test_a_report_without_its_working_copy_cannot_be_amended_here(pages: Pages, writer: Browser) -> None:
    report = posted(pages)
    pages.world.desk.working.destroy(report, version=1)
    answer = writer.post(f"/reports/{report}/amend")
    assert answer.status_code == 409 and "can no longer be amended here" in answer.text


def test_a_person_takes_her_ground_back_and_her_facts_leave_at_once(pages: Pages, writer: Browser) -> None:
    people = (make_person("P1"), make_person("P2", names=("Elena Bozgan",)))
    report = posted(pages, people=people)
    at = f"/reports/{report}/grounds/P1/withdraw"
    page = writer.get(at).text
    for sentence in ("Her facts leave every bulletin", "cannot be reached", "Nobody is told why", "north"):
        assert sentence in page
    assert grounds(pages, report)["P1"].withdrawn_on is None, "asking does nothing"
    form = form_to(page, at).filled({})
    assert writer.post(at, form).location == f"/reports/{report}?done=ended"
    assert writer.post(at, form).location == f"/reports/{report}?done=ended", (
        "a double click is one withdrawal"
    )
    run_all(pages.world.desk)
    after = grounds(pages, report)
    assert after["P1"].withdrawn_on == date(2026, 3, 2) and after["P2"].withdrawn_on is None
    said = words(writer.get(f"/reports/{report}").text)
    assert "P1 : taken back on 2 Mar 2026; nothing is told" in said
    assert "north : published, version 2." in said
    assert writer.get(at).status_code == 404, "there is nothing left to take back"


def test_a_new_ground_takes_the_place_of_the_old_one(pages: Pages, writer: Browser) -> None:
    report = posted(pages)
    at = f"/reports/{report}/grounds/P1"
    form = form_to(writer.get(at).text, at)
    assert form.fields["purposes"] == ["other-organisations", "authorities"]
    assert form.fields["given_on"] == [""], "the day is asked anew"
    wrong = writer.post(at, form.filled({"given_on": "yesterday"}))
    assert wrong.status_code == 422 and "Write a day as 2026-03-14." in wrong.text
    assert 'value="yesterday"' in wrong.text, "what was typed stays"
    new = {
        "purposes": ["authorities"],
        "given_on": "2026-03-01",
        "until": "2027-03-01",
        "language": "Romanian",
    }
    said = form.filled({**new, "withheld_from": ["north"]})
    assert writer.post(at, said).location == f"/reports/{report}"
    assert writer.post(at, said).location == f"/reports/{report}"
    ground = grounds(pages, report)["P1"]
    assert (ground.purposes, ground.withheld_from, ground.until) == (
        frozenset({"authorities"}),
        frozenset({"north"}),
        date(2027, 3, 1),
    )
    with pages.world.desk.readers() as session:
        (row,) = newest_grounds(session, report)
        assert (row.number, row.language) == (2, "ro")


def test_a_ground_that_carries_nothing_is_called_so(pages: Pages, writer: Browser) -> None:
    by_guardian = make_ground("P1", given_by="guardian", guardian_is_suspect_or_kin=True)
    report = posted(pages, grounds=(by_guardian,))
    assert "As it stands it carries nothing." in writer.get(f"/reports/{report}").text
    other = posted(pages)
    assert "As it stands it carries nothing." not in writer.get(f"/reports/{other}").text, "the control"


def test_that_facts_concern_nobody_is_recorded_and_taken_back(pages: Pages, writer: Browser) -> None:
    report = posted(pages)
    at = f"/reports/{report}/grounds/no-subject"
    form = form_to(writer.get(at).text, at)
    assert writer.post(at, form.filled({})).status_code == 422, "not ticked is not said"
    assert writer.post(at, form.filled({"stated": "yes"})).status_code == 303
    assert grounds(pages, report)["no-subject"].basis == "no-subject"
    assert writer.post(f"{at}/withdraw").status_code == 303
    assert grounds(pages, report)["no-subject"].withdrawn_on is not None


def test_a_report_is_closed_for_good_by_a_reviewer_who_has_just_shown_a_factor(
    pages: Pages, clock: Any
) -> None:
    report = posted(pages)
    reviewer = signed_in(pages, "reviewer")
    at = f"/reports/{report}/refuse"
    form = form_to(reviewer.get(at).text, at)
    clock.forward(minutes=6)
    for answer in (reviewer.get(at), reviewer.post(at, form.filled({"reason": "duplicate"}))):
        assert answer.status_code == 303 and answer.location.startswith("/sign-in/confirm")
    assert standing_of(report, by=pages.actor(), desk=pages.world.desk).report.state == "ready"
    again = signed_in(pages, "reviewer")
    form = form_to(again.get(at).text, at)
    assert again.post(at, form.filled({})).status_code == 422
    assert again.post(at, form.filled({"reason": "duplicate"})).status_code == 303
    run_all(pages.world.desk)
    said = words(again.get(f"/reports/{report}").text)
    assert "closed for good" in said and "north : taken back, version 2." in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pages_speak_every_language(pages: Pages, writer: Browser, lang: str) -> None:
    report = posted(pages)
    writer.client.set_cookie("parallax-language", lang)
    for end in ("", f"/{report}", f"/{report}/grounds/P1", f"/{report}/grounds/P1/withdraw"):
        answer = writer.get(f"/reports{end}")
        assert answer.status_code == 200 and f'lang="{lang}"' in answer.text
