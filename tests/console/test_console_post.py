"""Posting at the desk without scripts: what is typed is kept and sent as it was typed, and is nobody else's."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from builders import make_draft, make_world
from console_builders import Browser, Pages, make_pages, signed_in
from console_forms import elements, form_to, forms
from console_payloads import PAYLOADS
from sqlalchemy import Engine, func, select

from config.keys import Keys
from config.keystore import KeyStore
from console.forms_kinds import CIRCLES, KIN, PEOPLE, Sheet
from console.forms_labels import called, options
from console.forms_reopen import parts_of
from console.forms_report import OF_ONE, ONE_PAGE, assembled, refused, sheet_of
from console.languages import LANGUAGES
from console.writing import STEPS
from policies.vocabulary import VOCABULARY
from share.consent import ground_value, newest_grounds
from share.draft import Draft
from share.drafts import begin, open_draft
from share.models import Report, ReportVersion
from share.persons import PersonFieldsSchema
from share.schemas import ReportSchema

DEMO = sorted((Path(__file__).resolve().parents[2] / "demo" / "reports").glob("*.json"))
MARKER = "Ionuca Sintetica 0740 000 213"
LARGEST_PAGE = 100_000
DEPENDS = (CIRCLES, KIN, PEOPLE)
LABELS = (Path(__file__).resolve().parents[2] / "console/templates/post/labels.html").read_text(
    encoding="utf-8"
)


@pytest.fixture
def writer(pages: Pages) -> Browser:
    return signed_in(pages)


def begun(browser: Browser, about: str = "people") -> str:
    """The address of a new draft."""
    answer = browser.post("/post", {"about": about})
    assert answer.status_code == 303
    return answer.location.removesuffix("/what")


def filled(browser: Browser, at: str, typed: Mapping[str, Any], *, go: str = "next") -> str:
    """Fill in a page and press a button; the address that it leads to."""
    page = browser.get(at)
    assert page.status_code == 200
    answer = browser.post(at, form_to(page.text, at).filled(typed) | {"go": [go]})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def values(pages: Pages, at: str, *, role: str = "caseworker") -> dict[str, Any]:
    """What is kept of a draft."""
    opened = open_draft(UUID(at.split("/")[2]), by=pages.actor(role), desk=pages.world.desk)
    return {place: part.values for place, part in opened.parts.items()}


def every_page(at: str) -> list[str]:
    steps = [
        *STEPS["people"],
        "people/P1",
        "grounds/P1",
        "network/S1",
        "check",
        "discard",
        "people/P1/remove",
    ]
    return [f"{at}/{step}" for step in steps]


# What the form holds


def test_the_form_has_every_field_of_a_report() -> None:
    """What the interface takes and a person cannot type would be lost when she amends it."""
    sheets = {**ONE_PAGE, **OF_ONE}
    on_pages = {
        (g.many + ".*." if g.many else "") + f.path
        for s in sheets.values()
        for g in s.groups
        for f in g.fields
    }
    schema, inner = ReportSchema(), {}
    for name in ("events", "patterns", "offers", "leads"):
        inner |= {
            f"{name}.*.{each}": field for each, field in schema.fields[name].inner.schema.fields.items()
        }
    wanted = set(inner) - {"offers.*.wage", "offers.*.debt"}
    wanted |= {f"fields.{name}" for name in PersonFieldsSchema().fields}
    people = schema.fields["suspects"].inner.schema.fields.values()
    wanted |= {field.data_key or field.name for field in people} - {"code"}
    wanted |= set(schema.fields["grounds"].inner.schema.fields) - {"subject", "limits"}
    wanted |= {"reference", "language", "narrative", "urgent", "reliability", "credibility"}
    assert wanted - on_pages == set()


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_a_report_that_is_taken_apart_and_put_together_is_the_same(path: Path) -> None:
    draft = ReportSchema().load(json.loads(path.read_text(encoding="utf-8")))
    again = ReportSchema().load(dict(assembled(parts_of(draft)).said))
    assert replace(again, redacted_at_source=draft.redacted_at_source) == replace(draft, grounds=())
    assert refused(parts_of(draft)) == ()


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_pages_that_are_opened_and_saved_change_nothing(pages: Pages, writer: Browser, path: Path) -> None:
    draft = ReportSchema().load(json.loads(path.read_text(encoding="utf-8")))
    parts = parts_of(draft)
    draft_id = begin(parts, by=pages.actor(), desk=pages.world.desk)
    for place in parts:
        filled(writer, f"/post/{draft_id}/{place}", {}, go="stay")
    assert unordered(values(pages, f"/post/{draft_id}")) == unordered(parts)


def unordered(said: Any) -> Any:
    """The same without the order in which codes were ticked."""
    if isinstance(said, dict):
        return {name: unordered(said[name]) for name in sorted(said)}
    if isinstance(said, list):
        return sorted((unordered(each) for each in said), key=repr)
    return said


def typed(draft: Draft, lang: str) -> dict[str, dict[str, Any]]:
    """A report as a person would type it: countries and languages by their names."""

    def named(name: str, code: str) -> str:
        return called(code, name, lang).words or code

    pages: dict[str, dict[str, Any]] = {}
    for place, part in parts_of(draft).items():
        sheet = sheet_of(place)
        if sheet is not None:
            pages[place] = dict(_typed(sheet, part, named))
    pages["indicators"] = {"codes": [each.code for each in draft.indicators]}
    return pages


def _typed(sheet: Sheet, part: Mapping[str, Any], named: Any) -> Any:
    for group in sheet.groups:
        items = [(f"{group.many}.{n}.", each) for n, each in enumerate(part.get(group.many, ()))]
        for under, item in items if group.many else [("", part)]:
            for field in group.fields:
                said: Any = item
                for name in field.path.split("."):
                    said = said.get(name) if said is not None else None
                if said is None:
                    continue
                control, listed = field.kind.control, field.kind.options
                if control == "name":
                    code = VOCABULARY.picklists[listed].canonical(said)
                    yield under + field.path, named(listed, code)
                elif control == "names":
                    yield under + field.path, [named(listed, code) for code in said]
                elif control == "lines":
                    yield under + field.path, "\r\n".join(said)
                elif isinstance(said, bool):
                    yield under + field.path, "yes" if said else "no"
                else:
                    yield (
                        under + field.path,
                        [str(each) for each in said] if isinstance(said, list) else str(said),
                    )


@pytest.mark.parametrize("path", [DEMO[0], DEMO[6]], ids=lambda path: path.stem)
def test_a_whole_report_typed_without_scripts_is_the_report_that_the_interface_takes(
    pages: Pages, writer: Browser, path: Path
) -> None:
    wanted = ReportSchema().load(json.loads(path.read_text(encoding="utf-8")))
    wanted = replace(wanted, indicators=tuple(replace(each, concerns=()) for each in wanted.indicators))
    at = begun(writer)
    for place, fields in sorted(typed(wanted, "en").items(), key=lambda each: "/" not in each[0]):
        _fill_all(writer, f"{at}/{place}", fields)
    said = {recorded.ground.subject: recorded for recorded in wanted.grounds}
    for code in wanted.subjects():
        ground = said[code].ground
        filled(
            writer,
            f"{at}/grounds/{code}",
            {
                "basis": ground.basis,
                "given_by": ground.given_by,
                "purposes": sorted(ground.purposes),
                "given_on": str(ground.given_on),
                "until": str(ground.until),
                "explained": list(said[code].explained),
                "language": called(
                    VOCABULARY.picklists["languages"].canonical(said[code].language), "languages", "en"
                ).words,
                **({"limits.0.kind": "EDUCATION", "limits.0.rung": "NOTHING"} if ground.limits else {}),
            },
        )
    page = writer.get(f"{at}/grounds").text
    nobody = {"stated": "yes", "given_on": str(said["no-subject"].ground.given_on)}
    writer.post(f"{at}/grounds/no-subject", form_to(page, f"{at}/grounds/no-subject").filled(nobody))
    sent(writer, at)
    assert unordered(parts_of(kept(pages))) == unordered(parts_of(wanted))
    with pages.world.desk.readers() as session:
        report = session.scalars(select(Report)).one()
    with pages.world.desk.readers() as session:
        recorded = {row.subject: ground_value(row) for row in newest_grounds(session, report.id)}
    assert recorded == {subject: each.ground for subject, each in said.items()}


def _fill_all(browser: Browser, at: str, fields: Mapping[str, Any]) -> None:
    """Fill in a page that grows by an item each time it is saved."""
    for _ in range(60):
        names = form_to(browser.get(at).text, at).names
        filled(browser, at, {name: said for name, said in fields.items() if name in names}, go="stay")
        if set(fields) <= names:
            return
    raise AssertionError("the page has no place for this")


def sent(browser: Browser, at: str, **more: str) -> str:
    """Send a draft from its check page; where it leads."""
    check = browser.get(f"{at}/check").text
    answer = browser.post(f"{at}/send", form_to(check, f"{at}/send").filled(more))
    assert answer.status_code == 303, re.findall(r'class="summary".*?</(?:div|p)>', answer.text, re.DOTALL)
    return str(answer.location)


def kept(pages: Pages) -> Draft:
    """The working copy of the one report that there is."""
    with pages.world.desk.readers() as session:
        version = session.scalars(select(ReportVersion)).one()
    assert version.working_copy is not None
    return pages.world.desk.working.draft(
        version.working_copy, report=version.report_id, version=version.number
    )


# Route and offer alone


@pytest.mark.parametrize("about", ["route", "offer"])
def test_a_route_or_an_offer_needs_a_country_and_a_type_of_exploitation_and_nothing_else(
    pages: Pages, writer: Browser, about: str
) -> None:
    at = begun(writer, about)
    filled(writer, f"{at}/what", {"patterns.0.vic_TypeOfExploitation": ["ForcedLabour"]})
    if about == "route":
        leg = {"events.0.hte_Type": "Exploitation", "events.0.hte_Country": "Italy"}
        filled(writer, f"{at}/route", leg)
    else:
        filled(writer, f"{at}/offer", {"offers.0.country": "Italy"})
    assert writer.get(sent(writer, at)).status_code == 200
    draft = kept(pages)
    assert not draft.people and draft.codes() == {"no-subject"}
    page = writer.get("/reports").text
    report = re.search(r"/reports/[0-9a-f-]{36}", page)
    assert report is not None and "given on 2 Mar 2026" in writer.get(report[0]).text


# What cannot be taken


WRONG = {
    "what": {"patterns.0.people": "many"},
    "people/P1": {"role": "", "fields.prs_FirstName": "Ioana"},
    "people/P2": {"fields.prs_Citizenship": ["Nowhere", "Romania"], "fields.prs_Birthdate": "5.4.1998"},
    "grounds/P1": {"basis": "consent"},
    "route": {"events.0.hte_Date": "spring", "events.0.hte_Country": "Italy"},
    "offer": {"offers.0.wage.amount": "1300"},
    "network/S1": {"until": "soon", "names": "Somebody"},
    "leads": {"leads.0.value": "BH 12 MDR"},
    "narrative": {"language": "some language", "narrative": "x"},
    "source": {"reference": "x" * 101},
}
BESIDE = {
    "what": {"patterns.0.people"},
    "people/P1": {"role"},
    "people/P2": {"fields.prs_Citizenship", "fields.prs_Birthdate"},
    "grounds/P1": {"purposes", "given_on", "given_by"},
    "route": {"events.0.hte_Date", "events.0.hte_Type"},
    "offer": {"offers.0.wage.currency"},
    "network/S1": {"until"},
    "leads": {"leads.0.kind"},
    "narrative": {"language"},
    "source": {"reference"},
}


@pytest.mark.parametrize("place", WRONG)
def test_each_refusal_stands_beside_its_field_and_what_was_typed_stays(writer: Browser, place: str) -> None:
    at = f"{begun(writer)}/{place}"
    there = filled(writer, at, WRONG[place])
    assert there == f"{at}?look=1", "the page is shown again, with what has to be mended"
    page = writer.get(there).text
    assert set(re.findall(r'class="error" id="field\.([^"]+)-error"', page)) == BESIDE[place]
    for name in BESIDE[place]:
        assert f'href="#field.{name}"' in page and f'id="field.{name}"' in page, (
            "the summary leads to the field"
        )
        assert re.search(
            rf'(id="field.{re.escape(name)}"|<fieldset)[^>]*aria-describedby="[^"]*{re.escape(name)}-error',
            page,
        )
    shown = form_to(page, at).fields
    for name, said in WRONG[place].items():
        assert [each for each in shown.get(name, [""]) if each] == (
            [said] if isinstance(said, str) and said else said or []
        )


def test_the_check_page_leads_to_every_page_with_something_to_mend(writer: Browser) -> None:
    at = begun(writer)
    for place, wrong in WRONG.items():
        filled(writer, f"{at}/{place}", wrong)
    check = writer.get(f"{at}/check").text
    links = set(re.findall(rf'<li><a href="{at}/([^"]+)\?look=1#field\.([^"]+)">', check))
    assert links == {(place, name) for place, names in BESIDE.items() for name in names}
    answer = writer.post(f"{at}/send", form_to(check, f"{at}/send").filled({}))
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("place", "typed", "sentence"),
    [
        ("route", {"events.0.hte_Type": "Transit", "events.0.concerns": ["P1"]}, "not in the report"),
        ("narrative", {"narrative": "a\u202eb"}, "cannot be taken"),
    ],
)
def test_what_could_not_be_looked_at_later_is_refused_at_the_check(
    writer: Browser, place: str, typed: dict[str, Any], sentence: str
) -> None:
    at = begun(writer)
    filled(writer, f"{at}/people/P1", {"role": "witness"})
    filled(writer, f"{at}/{place}", typed)
    if "concerns" in str(typed):
        writer.post(f"{at}/people/P1/remove")
    assert sentence in writer.get(f"{at}/check").text


def test_an_empty_report_is_not_sent(writer: Browser) -> None:
    at = begun(writer)
    check = writer.get(f"{at}/check").text
    assert "There is nothing in this report yet." in check
    assert writer.post(f"{at}/send", form_to(check, f"{at}/send").filled({})).status_code == 422


def test_nothing_is_refused_on_a_page_that_was_not_filled_in(writer: Browser) -> None:
    at = begun(writer)
    for page in every_page(at):
        assert 'class="error" id="field' not in writer.get(page).text


def test_what_is_missing_is_said_and_stops_nothing(pages: Pages, writer: Browser) -> None:
    at = begun(writer)
    filled(writer, f"{at}/people/P1", {"role": "survivor"})
    filled(writer, f"{at}/narrative", {"narrative": "She was there."})
    check = writer.get(f"{at}/check").text
    for sentence in (
        "There is no ground.",
        "No country is named",
        "No type of exploitation",
        "Nothing says that this person is an adult",
        "No name or other identifier is given",
        "The language of the text is not named",
    ):
        assert sentence in check
    assert sent(writer, at).endswith("/receipt")


def test_a_guardian_without_a_voice_is_pointed_out(writer: Browser) -> None:
    at = begun(writer)
    filled(writer, f"{at}/people/P1", {"role": "survivor"})
    ground = {
        "basis": "consent",
        "given_by": "guardian",
        "guardian_is_suspect_or_kin": "yes",
        "purposes": ["authorities"],
        "given_on": "2026-02-01",
        "until": "2028-02-01",
    }
    filled(writer, f"{at}/grounds/P1", ground)
    assert "A child-protection authority has to decide." in writer.get(f"{at}/check").text
    filled(writer, f"{at}/grounds/P1", {"basis": "child-protection-decision", "given_by": "authority"})
    assert "A child-protection authority has to decide." not in writer.get(f"{at}/check").text, "the control"


# Nobody else's


def strangers(pages: Pages) -> list[Browser]:
    return [signed_in(pages, code="colleague"), signed_in(pages, partner="hotline")]


def addresses(at: str) -> list[tuple[str, str]]:
    read = [("GET", page) for page in (*every_page(at), f"{at}/receipt", f"{at}/line")]
    write = [("POST", f"{at}/{end}") for end in ("what", "people/P1", "send", "discard", "people/P1/remove")]
    return read + write


def test_a_stolen_address_of_a_draft_is_not_there(pages: Pages, writer: Browser) -> None:
    at = begun(writer)
    filled(writer, f"{at}/people/P1", {"role": "survivor", "fields.prs_FirstName": MARKER})
    nowhere = f"/post/{uuid4()}"
    for stranger in strangers(pages):
        for (method, address), (_, absent) in zip(addresses(at), addresses(nowhere), strict=True):
            ask = stranger.get if method == "GET" else stranger.post
            stolen, invented = ask(address), ask(absent)
            assert stolen.status_code == invented.status_code == 404, address
            assert plain(stolen.text) == plain(invented.text)
            assert MARKER not in stolen.text
        assert MARKER not in stranger.get("/post").text
        assert MARKER not in stranger.get("/reports").text
    assert MARKER in writer.get(f"{at}/check").text, "the control"


def plain(page: str) -> str:
    """A page without what differs between any two of them."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", page)


@pytest.mark.parametrize("role", ["reviewer", "approver", "administrator", "steward"])
def test_who_may_not_submit_sees_no_draft_page(pages: Pages, writer: Browser, role: str) -> None:
    at = begun(writer)
    other = signed_in(pages, role)
    for method, address in [("GET", "/post"), ("POST", "/post"), *addresses(at)]:
        assert (other.get if method == "GET" else other.post)(address).status_code == 403


def test_a_form_without_its_token_changes_nothing(pages: Pages, writer: Browser) -> None:
    at = begun(writer)
    before = values(pages, at)
    for path in (f"{at}/what", f"{at}/send", f"{at}/discard", f"{at}/people/P1/remove"):
        assert writer.client.post(path, data={"patterns.0.people": "5"}).status_code == 403
    assert values(pages, at) == before


def test_what_was_typed_is_in_no_log_no_address_and_no_redirect(
    pages: Pages, writer: Browser, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    at = begun(writer)
    led = [
        filled(writer, f"{at}/people/P1", {"role": "survivor", "fields.prs_FirstName": MARKER}),
        filled(writer, f"{at}/people/P2", {"role": "", "fields.prs_Birthdate": MARKER}),
        filled(writer, f"{at}/route", {"events.0.hte_City": MARKER, "events.0.hte_Country": MARKER}),
        filled(writer, f"{at}/narrative", {"narrative": MARKER, "language": MARKER}),
        filled(writer, f"{at}/source", {"reference": MARKER}),
    ]
    check = writer.get(f"{at}/check").text
    refused = writer.post(f"{at}/send", form_to(check, f"{at}/send").filled({}))
    assert refused.status_code == 422 and MARKER in check
    assert not any("Ionuca" in address or "0740" in address for address in led)
    for page in [check, *(writer.get(each).text for each in every_page(at))]:
        for address in re.findall(r'(?:href|action|src|data-[a-z]+)="([^"]*)"', page):
            assert "Ionuca" not in address and "0740" not in address
    out = capsys.readouterr()
    assert "answered" in out.out + out.err, "the control: something is logged"
    assert "Ionuca" not in caplog.text + out.out + out.err


# Twice


def test_a_draft_that_is_sent_twice_is_one_report_with_one_receipt(pages: Pages, writer: Browser) -> None:
    at = ready(writer)
    check = form_to(writer.get(f"{at}/check").text, f"{at}/send").filled({})
    first, second = writer.post(f"{at}/send", check), writer.post(f"{at}/send", check)
    assert first.location == second.location == f"{at}/receipt"
    assert count(pages) == 1
    assert writer.get(f"{at}/receipt").text == writer.get(f"{at}/receipt").text
    for page in (f"{at}/what", f"{at}/check"):
        assert writer.get(page).location == f"{at}/receipt"
    assert writer.post(f"{at}/what", {"version": "9"}).location == f"{at}/receipt"
    another = ready(writer)
    sent(writer, another)
    assert count(pages) == 2, "the control: another draft is another report"


def test_a_double_click_makes_one_report(engine: Engine, keystore: KeyStore, keys: Keys, clock: Any) -> None:
    pages = make_pages(make_world(engine, keystore, clock), keys)
    at = ready(signed_in(pages))
    clicks = [signed_in(pages) for _ in range(6)]
    said = form_to(clicks[0].get(f"{at}/check").text, f"{at}/send").filled({})
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda each: each.post(f"{at}/send", said), clicks))
    assert {answer.status_code for answer in answers} == {303}
    assert count(pages) == 1


def test_a_service_that_died_between_sending_and_the_receipt_sends_it_once(
    pages: Pages, writer: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = ready(writer)
    said = form_to(writer.get(f"{at}/check").text, f"{at}/send").filled({})

    def dies(*_: Any, **__: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("console.routes_post.close", dies)
        assert writer.post(f"{at}/send", said).status_code == 500
    assert count(pages) == 1
    assert writer.post(f"{at}/send", said).location == f"{at}/receipt"
    assert count(pages) == 1


def test_what_was_changed_since_the_check_page_is_not_sent_unseen(pages: Pages, writer: Browser) -> None:
    at = ready(writer)
    said = form_to(writer.get(f"{at}/check").text, f"{at}/send").filled({})
    filled(signed_in(pages), f"{at}/source", {"reference": "other"})
    assert writer.post(f"{at}/send", said).status_code == 409
    assert count(pages) == 0
    assert sent(writer, at).endswith("/receipt")


def ready(browser: Browser) -> str:
    """A draft that can be sent."""
    at = begun(browser, "route")
    leg = {"events.0.hte_Type": "Exploitation", "events.0.hte_Country": "Italy"}
    filled(browser, f"{at}/route", leg)
    return at


def count(pages: Pages) -> int:
    with pages.world.desk.readers() as session:
        return session.scalar(select(func.count()).select_from(Report)) or 0


# Typed in two places


def test_two_copies_are_both_shown_and_block_sending_until_they_were_looked_at(
    pages: Pages, writer: Browser
) -> None:
    at, tablet = ready(writer), signed_in(pages)
    page = f"{at}/narrative"
    late = form_to(tablet.get(page).text, page)
    filled(writer, page, {"narrative": "As the laptop has it."})
    answer = tablet.post(page, late.filled({"narrative": "As the tablet has it."}) | {"go": ["next"]})
    assert answer.location == page, "it stays on the page"
    both = writer.get(page).text
    assert "As the laptop has it." in both and "As the tablet has it." in both
    check = writer.get(f"{at}/check").text
    assert "Some pages were filled in twice" in check
    assert writer.post(f"{at}/send", form_to(check, f"{at}/send").filled({})).status_code == 422
    filled(writer, page, {"narrative": "As both have it."})
    assert "As the tablet has it." not in writer.get(page).text
    assert sent(writer, at).endswith("/receipt")


def test_the_other_copy_is_not_lost_by_what_a_script_saves(pages: Pages, writer: Browser) -> None:
    at = ready(writer)
    page = f"{at}/narrative"
    late = form_to(writer.get(page).text, page)
    filled(writer, page, {"narrative": "As the laptop has it."})
    writer.post(page, late.filled({"narrative": "As the tablet has it."}))
    seen = form_to(writer.get(page).text, page)
    answer = writer.post(page, seen.filled({"narrative": "As the laptop has it, and m"}) | {"quietly": "1"})
    assert answer.json is not None and not answer.json["clash"]
    assert "As the tablet has it." in writer.get(page).text
    writer.post(page, form_to(writer.get(page).text, page).filled({"narrative": "Both."}))
    assert "As the tablet has it." not in writer.get(page).text, "the control: a button settles it"


def test_no_browser_keeps_the_key_of_what_it_keeps(writer: Browser) -> None:
    at = ready(writer)
    answer = writer.get(f"{at}/line")
    assert answer.json is not None and set(answer.json) == {"version", "form_token", "key"}
    assert answer.headers["Cache-Control"] == "no-store"
    assert writer.get(f"{ready(writer)}/line").json != answer.json
    sent(writer, at)
    assert writer.get(f"{at}/line").status_code == 404


def test_the_other_copy_can_take_the_place_of_the_first(pages: Pages, writer: Browser) -> None:
    at, tablet = ready(writer), signed_in(pages)
    page = f"{at}/route"
    late = form_to(tablet.get(page).text, page)
    filled(writer, page, {"events.0.hte_Country": "France"})
    tablet.post(page, late.filled({"events.0.hte_Country": "Spain"}))
    (take,) = [each for each in forms(writer.get(page).text) if "take" in each.names]
    writer.post(page, take.filled({"take": "1"}))
    assert values(pages, at)["route"]["events"][0]["hte_Country"] == "ES"
    assert not any("take" in each.names for each in forms(writer.get(page).text))


def test_a_script_that_saves_is_told_the_version_and_nothing_that_was_typed(
    pages: Pages, writer: Browser
) -> None:
    at = ready(writer)
    page = f"{at}/narrative"
    early = form_to(writer.get(page).text, page).filled({"narrative": "otherwise"})
    said = form_to(writer.get(page).text, page).filled({"narrative": MARKER})
    first = writer.post(page, said | {"quietly": "1"})
    assert (
        first.json is not None and set(first.json) == {"version", "at", "clash"} and not first.json["clash"]
    )
    stale = writer.post(page, early | {"quietly": "1"})
    assert stale.json is not None and stale.json["clash"]
    assert "Ionuca" not in first.text + stale.text
    signed_in(pages).post(f"{at}/discard")
    assert writer.post(page, said | {"quietly": "1"}).status_code == 404


def test_what_is_too_long_to_be_kept_is_said(writer: Browser) -> None:
    at = f"{ready(writer)}/narrative"
    said = form_to(writer.get(at).text, at).filled({"narrative": "ș" * 800_000})
    assert writer.post(at, said | {"quietly": "1"}).status_code in (409, 413)
    assert writer.post(at, said).status_code in (409, 413)
    longest = form_to(writer.get(at).text, at).filled({"narrative": "ș" * 200_000})
    assert writer.post(at, longest).status_code == 303, "the longest narrative fits into a form"


# The list of drafts


def test_drafts_are_listed_with_their_age_and_can_be_discarded(
    pages: Pages, writer: Browser, clock: Any
) -> None:
    at = begun(writer)
    filled(writer, f"{at}/source", {"reference": "CM-2026-118"})
    clock.forward(minutes=20)
    listed = writer.get("/post").text
    assert "CM-2026-118" in listed and "20 minutes ago" in listed and "1 Apr 2026" in listed
    assert writer.post(f"{at}/discard").location == "/post"
    assert "CM-2026-118" not in writer.get("/post").text
    assert writer.get(f"{at}/what").status_code == 404


def test_a_report_that_may_have_been_sent_before_is_pointed_out(pages: Pages, writer: Browser) -> None:
    report = pages.world.post(make_draft(reference="CM-1"), pages.actor())
    pages.world.post(make_draft(reference="CM-1"), pages.actor(partner="hotline"))
    at = ready(writer)
    assert "Was this sent before?" not in writer.get(f"{at}/check").text
    filled(writer, f"{at}/source", {"reference": "CM-1"})
    check = writer.get(f"{at}/check").text
    assert "Was this sent before?" in check and check.count("it has the same reference") == 1
    assert f"/reports/{report}" in check
    answer = writer.post(f"{at}/send", form_to(check, f"{at}/send").filled({}))
    assert answer.status_code == 409 and "Amend that one instead" in answer.text


# What somebody types to run in a browser


def test_what_is_typed_stays_words_on_every_page(pages: Pages, writer: Browser) -> None:
    plain_words = {
        each for page in every_page(laden(pages, ["words"])) for each in elements(writer.get(page).text)
    }
    at = laden(pages, PAYLOADS)
    shown = {page: writer.get(page).text for page in every_page(at)}
    for page, text in shown.items():
        assert set(elements(text)) <= plain_words, f"{page} is made of something else"
    assert form_to(shown[f"{at}/narrative"], f"{at}/narrative").fields["narrative"] == ["\n".join(PAYLOADS)]
    for page, name in (
        ("leads", "leads.{}.value"),
        ("people/P1", "identifiers.{}.value"),
        ("route", "events.{}.hte_City"),
    ):
        form = form_to(shown[f"{at}/{page}"], f"{at}/{page}")
        assert [form.fields[name.format(n)] for n in range(len(PAYLOADS))] == [[each] for each in PAYLOADS]
    words = " ".join(unescape(re.sub(r"<[^>]*>", "", shown[f"{at}/check"])).split())
    assert all(" ".join(each.split()) in words for each in PAYLOADS)


def laden(pages: Pages, said: Sequence[str]) -> str:
    """A draft with these words in every place that takes words."""
    parts = {
        "people/P1": {
            "role": said[0],
            "fields": {"prs_FirstName": said[0], "prs_Birthdate": said[0], "prs_Citizenship": list(said)},
            "identifiers": [{"kind": "PERSON", "value": each} for each in said],
        },
        "grounds/P1": {
            "basis": said[0],
            "given_on": said[0],
            "withheld_also": list(said),
            "language": said[0],
        },
        "network/S1": {"names": list(said), "phones": list(said), "until": said[0]},
        "route": {"events": [{"hte_Type": each, "hte_City": each, "hte_Country": each} for each in said]},
        "leads": {"leads": [{"kind": each, "value": each} for each in said]},
        "offer": {"offers": [{"job": each, "wage": {"amount": each}} for each in said]},
        "narrative": {"narrative": "\n".join(said), "language": said[0]},
        "source": {"reference": said[0], "reliability": said[0]},
    }
    return f"/post/{begin(parts, by=pages.actor(), desk=pages.world.desk)}"


# Every language


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_speaks_the_language_and_is_light(pages: Pages, writer: Browser, lang: str) -> None:
    at = begun(writer)
    filled(writer, f"{at}/people/P1", {"role": "survivor", "fields.prs_FirstName": "Ioana"})
    filled(writer, f"{at}/what", {"patterns.0.vic_TypeOfExploitation": ["ForcedLabour"]})
    writer.client.set_cookie("parallax-language", lang)
    direction = "rtl" if lang == "ar" else "ltr"
    for page in every_page(at):
        answer = writer.get(page)
        assert answer.status_code == 200
        assert f'<html lang="{lang}" dir="{direction}">' in answer.text
        parts = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', answer.text))
        assert len(parts) > 2, "the control"
        assert len(answer.data) + sum(len(writer.get(part).data) for part in parts) < LARGEST_PAGE
    what = writer.get(f"{at}/what").text
    option = called("ForcedLabour", "exploitation_types", lang)
    marked = f'<span lang="en">{option.words}</span>' if lang == "ar" else f"<bdi>{option.words}</bdi>"
    assert marked in what and 'value="ForcedLabour" checked' in what, "the code stays, the word changes"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_country_is_taken_by_its_name_in_every_language(pages: Pages, writer: Browser, lang: str) -> None:
    at = begun(writer)
    writer.client.set_cookie("parallax-language", lang)
    name = called("DE", "countries", lang).words
    filled(writer, f"{at}/offer", {"offers.0.country": name})
    assert values(pages, at)["offer"] == {"offers": [{"country": "DE"}]}
    assert form_to(writer.get(f"{at}/offer").text, f"{at}/offer").fields["offers.0.country"] == [name]


def test_every_option_on_a_page_has_words() -> None:
    for sheet in {**ONE_PAGE, **OF_ONE}.values():
        for group in sheet.groups:
            for field in group.fields:
                if field.kind.control in ("choice", "ticks") and field.kind.options not in DEPENDS:
                    for option in options(field.kind.options, "en"):
                        assert option.words or f'"{option.code}": _(' in LABELS, option
