"""Reading: bulletins found, read, kept and confirmed; and for their source, who confirmed, and taking back."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import rfc8785
from builders import make_draft
from console_builders import HOME, Browser, Pages, nobody, signed_in
from console_payloads import look

from console import languages
from partners.values import Role, Scope
from share.draft import Event, Pattern
from share.models import Acknowledgement, Bulletin
from share.reading import bulletin_for
from share.rendering import furniture, render
from share.worker import run_all


def post(
    pages: Pages, origin: str = "RO", destination: str = "IT", form: str = "ForcedLabour", **more: Any
) -> UUID:
    """The bulletin of a report of the shelter in the circle "danube", in which a hotline reads."""
    author = pages.actor("caseworker")
    if "hotline" not in pages.world.ids:
        pages.world.circle("danube", author, pages.actor("caseworker", "hotline"))
    draft = make_draft(
        events=(
            Event("Recruitment", on="2026-01", country=origin),
            Event("Exploitation", country=destination),
        ),
        patterns=(Pattern(fields={"vic_TypeOfExploitation": (form,)}),),
        **more,
    )
    report = pages.world.post(draft, author)
    with pages.desk.readers() as session:
        return session.query(Bulletin).filter_by(report_id=report).one().id


@pytest.fixture
def bulletin(pages: Pages) -> UUID:
    return post(pages)


def reader(pages: Pages) -> Browser:
    return signed_in(pages, "caseworker", "hotline")


def words(page: str) -> str:
    return " ".join("".join(look(page).words).split())


def stored(pages: Pages, bulletin: UUID) -> Any:
    return bulletin_for(bulletin, by=pages.actor("caseworker", "hotline"), desk=pages.world.desk).to_plain()


def test_bulletins_are_listed_with_what_they_are_about(pages: Pages, bulletin: UUID) -> None:
    page = reader(pages).get("/read/").text
    assert "Forced labour: from Romania to Italy" in words(page)
    assert str(bulletin) in page and "TLP:AMBER" in page


def test_the_list_is_narrowed_by_corridor_form_and_month(pages: Pages) -> None:
    here, there = post(pages), post(pages, "MD", "ES", "ForcedBegging")
    browser = reader(pages)
    for asked in ({"origin": "MD"}, {"destination": "ES"}, {"exploitation": "ForcedBegging"}):
        page = browser.get("/read/", query_string=asked).text
        assert str(there) in page and str(here) not in page
    month = browser.get("/read/", query_string={"month": "2026-03"}).text
    assert str(there) in month and str(here) in month
    assert "no such bulletin" in browser.get("/read/", query_string={"month": "2025-01"}).text
    assert "no such bulletin" in browser.get("/read/", query_string={"origin": "XX"}).text


def test_a_long_list_goes_on_where_it_stopped(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.routes_read.AT_ONCE", 2)
    ids = {str(post(pages)) for _ in range(5)}
    browser, at, seen = reader(pages), "/read/?origin=RO", []
    while at:
        page = browser.get(at).text
        seen += re.findall(r'<h2><a href="/read/([0-9a-f-]{36})"', page)
        older = re.search(r'<a href="([^"]+)">Older ones</a>', page)
        at = older[1].replace("&amp;", "&") if older else ""
    assert set(seen) == ids and len(seen) == 5
    assert browser.get(f"/read/?after={uuid4()}").status_code == 404


def test_counts_stand_in_a_table_with_a_caption_and_headings(pages: Pages, bulletin: UUID) -> None:
    post(pages)
    page = reader(pages).get("/read/").text
    table = re.findall(r"<table>.*?</table>", page, re.DOTALL)[-1]
    assert "<caption>" in table and table.count('scope="col"') == 3
    assert "March 202620" in words(table)


def test_one_bulletin_is_told_in_words_with_marking_notice_and_validity(pages: Pages, bulletin: UUID) -> None:
    page = words(reader(pages).get(f"/read/{bulletin}").text)
    said = furniture()["en"]
    for sentence in ("TLP:AMBER", said["tlp"]["AMBER"], said["notice"], "Valid until", "forced labour"):
        assert " ".join(sentence.split()) in page


def test_the_words_are_those_that_the_interface_gives(pages: Pages, bulletin: UUID) -> None:
    plain = stored(pages, bulletin)
    browser = reader(pages)
    browser.client.set_cookie("parallax-language", "en")
    page = browser.get(f"/read/{bulletin}").text
    (shown,) = re.findall(r'<pre class="plain"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert "".join(look(shown).words) == render(plain["content"], plain["envelope"], "en")


@pytest.mark.parametrize("lang", ["fr", "es", "ro", "it", "ar"])
def test_the_marking_is_never_translated_and_the_words_are(
    lang: str, pages: Pages, bulletin: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = languages.Speech(lang, "rtl" if lang == "ar" else "ltr", languages.speech("en").catalogue)
    monkeypatch.setattr("console.web.speech", lambda _code: said)
    browser = reader(pages)
    browser.client.set_cookie("parallax-language", lang)
    page = browser.get(f"/read/{bulletin}").text
    spoken = lang if lang != "ar" else "en"
    assert '<span class="tlp" dir="ltr" lang="en">TLP:AMBER</span>' in page
    assert " ".join(furniture()[spoken]["notice"].split()) in words(page)
    assert f'dir="{said.direction}"' in page
    assert ("not available in this language yet" in page) is (lang == "ar")


def test_the_file_is_the_very_bytes_of_the_interface(pages: Pages, bulletin: UUID) -> None:
    answer = reader(pages).get(f"/read/{bulletin}/file")
    assert answer.data == rfc8785.dumps(stored(pages, bulletin))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="bulletin-{bulletin}.json"'
    assert json.loads(answer.data)["envelope"]["id"] == str(bulletin)


def test_a_reader_confirms_once_for_her_organisation(pages: Pages, bulletin: UUID) -> None:
    browser = reader(pages)
    assert "We have taken note" in browser.get(f"/read/{bulletin}").text
    answer = browser.post(f"/read/{bulletin}/acknowledgement", {"version": "1"})
    assert "done=acknowledged" in answer.headers["Location"]
    page = browser.get(f"/read/{bulletin}").text
    assert "Your organisation has taken note of this version." in page and "We have taken note" not in page
    again = browser.post(f"/read/{bulletin}/acknowledgement", {"version": "1"})
    assert "failed=already_done" in again.headers["Location"]
    with pages.desk.readers() as session:
        assert session.query(Acknowledgement).count() == 1


@pytest.mark.parametrize("version", ["", "2", "x", "-1", "1e3", "9" * 30, "١"])
def test_a_version_that_is_not_there_is_not_confirmed(version: str, pages: Pages, bulletin: UUID) -> None:
    answer = reader(pages).post(f"/read/{bulletin}/acknowledgement", {"version": version})
    assert "failed=newer_version" in answer.headers["Location"]
    with pages.desk.readers() as session:
        assert session.query(Acknowledgement).count() == 0


def test_a_recall_is_asked_twice_says_that_copies_remain_and_reaches_the_reader(
    pages: Pages, bulletin: UUID
) -> None:
    source = signed_in(pages, "approver")
    reader(pages).post(f"/read/{bulletin}/acknowledgement", {"version": "1"})
    assert "1 of 2 organisations" in source.get(f"/read/own/{bulletin}").text
    asked = source.get(f"/read/own/{bulletin}/recall").text
    assert "Copies remain." in asked and "No reason is given to anybody." in asked
    answer = source.post(f"/read/own/{bulletin}/recall")
    run_all(pages.world.desk)
    after = source.get(answer.headers["Location"]).text
    assert "Recalled. Delivery has stopped" in after and "0 of 2 organisations" in after
    assert "What others kept, they kept" in after

    browser = reader(pages)
    assert "Recalled: delete your copies" in browser.get("/read/").text
    page = words(browser.get(f"/read/{bulletin}").text)
    assert "This bulletin was recalled." in page and "Forced labour" not in page and "Valid until" not in page
    browser.post(f"/read/{bulletin}/acknowledgement", {"version": "2"})
    assert "has confirmed that its copies are gone" in browser.get(f"/read/{bulletin}").text
    assert "1 of 2 organisations" in source.get(f"/read/own/{bulletin}").text


def test_a_recall_asks_again_who_is_there(pages: Pages, bulletin: UUID) -> None:
    source = signed_in(pages, "approver")
    pages.desk.clock.now += timedelta(minutes=6)  # type: ignore[attr-defined]
    for answer in (source.get(f"/read/own/{bulletin}/recall"), source.post(f"/read/own/{bulletin}/recall")):
        assert answer.status_code in (302, 303) and "/sign-in/" in answer.headers["Location"]
    assert stored(pages, bulletin)["envelope"]["state"] == "published"


def test_a_second_recall_changes_nothing_and_says_so(pages: Pages, bulletin: UUID) -> None:
    source = signed_in(pages, "approver")
    source.post(f"/read/own/{bulletin}/recall")
    answer = source.post(f"/read/own/{bulletin}/recall")
    assert "failed=already_recalled" in answer.headers["Location"]


ASKED = (
    ("GET", "", Scope.BULLETINS_READ),
    ("GET", "{bulletin}", Scope.BULLETINS_READ),
    ("GET", "{bulletin}/file", Scope.BULLETINS_READ),
    ("POST", "{bulletin}/acknowledgement", Scope.BULLETINS_READ),
    ("GET", "own", Scope.BULLETINS_RECALL),
    ("GET", "own/{bulletin}", Scope.BULLETINS_RECALL),
    ("GET", "own/{bulletin}/recall", Scope.BULLETINS_RECALL),
    ("POST", "own/{bulletin}/recall", Scope.BULLETINS_RECALL),
)


@pytest.mark.parametrize(("method", "path", "needed"), ASKED)
def test_only_those_with_the_right_get_in_and_nobody_elses_bulletin_is_there(
    method: str, path: str, needed: Scope, pages: Pages, bulletin: UUID
) -> None:
    at = "/read/" + path.format(bulletin=bulletin)

    def ask(browser: Browser) -> int:
        return (browser.get(at) if method == "GET" else browser.post(at)).status_code

    for role in Role:
        if role.scopes >= {needed}:
            continue  # those who may are asked for below, last: a recall changes what the others would see
        assert ask(signed_in(pages, role.value, "keepers" if role is Role.STEWARD else HOME)) == 403, role
    if "{bulletin}" in path:
        assert ask(signed_in(pages, "approver", "stranger")) == 404
    if path.startswith("own/"):
        assert ask(signed_in(pages, "approver", "hotline")) == 404
    assert nobody(pages).client.open(at, method=method).status_code in (302, 403)
    assert method == "GET" or signed_in(pages, "approver").client.post(at).status_code == 403
    assert ask(signed_in(pages, "approver")) in (200, 303, 404)


def test_every_route_of_reading_is_in_the_table(pages: Pages) -> None:
    rules = {
        (next(iter(rule.methods & {"GET", "POST"})), str(rule))
        for rule in pages.app.url_map.iter_rules()
        if rule.endpoint.startswith("read.") and rule.methods
    }
    assert rules == {
        (method, "/read/" + path.format(bulletin="<uuid:bulletin_id>")) for method, path, _ in ASKED
    }


def test_nobody_is_offered_what_she_may_not_do(pages: Pages, bulletin: UUID) -> None:
    assert "/read/own" not in signed_in(pages, "caseworker").get("/read/").text
    assert "/read/own" in signed_in(pages, "approver").get("/read/").text


def test_whoever_reads_never_learns_who_told_it(pages: Pages, bulletin: UUID) -> None:
    for path in ("/read/", f"/read/{bulletin}", f"/read/{bulletin}/file"):
        page = reader(pages).get(path).text
        assert HOME not in page and str(pages.world.ids[HOME]) not in page
