"""The interface as partners use it: from a report to what a circle reads, and back again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from share_cells import CIRCLE, Cells, new_cells
from share_edge import Caller, a_report

from console.pages import PAGES
from share.bulletin import digest
from share.verify import check_bulletin, holds, read_keys
from share.worker import run_all

REPORTS = "/api/v1/reports"
BULLETINS = "/api/v1/bulletins"


@pytest.fixture
def cells(tmp_path: Any) -> Cells:
    return new_cells(tmp_path)


@pytest.fixture
def owner(cells: Cells) -> Caller:
    return cells.edge.person(cells.owner)


@pytest.fixture
def reader(cells: Cells) -> Caller:
    return cells.edge.person(cells.reader)


@pytest.fixture(scope="module")
def still_cells(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cells]:
    yield new_cells(tmp_path_factory.mktemp("routes"))


def sent(caller: Caller, cells: Cells, **changes: Any) -> str:
    """The address of a report that was taken in and worked on."""
    answer = caller.post(REPORTS, a_report(**changes))
    assert answer.status_code == 202, answer.data
    run_all(cells.edge.world.desk)
    return answer.headers["Location"]


def test_a_report_is_taken_in_and_can_be_followed(cells: Cells, owner: Caller) -> None:
    at = sent(owner, cells)
    standing = owner.get(at).json
    assert standing is not None
    assert [step["code"] for step in standing["history"]] == ["received", "examined", "published"]
    assert [told["circle"] for told in standing["bulletins"]] == [CIRCLE]
    assert standing["holds"] == []
    assert standing["versions"][0]["number"] == 1
    assert "Ioana" not in str(standing)


def test_what_is_previewed_and_approved_is_what_is_read_byte_for_byte(
    cells: Cells, owner: Caller, reader: Caller
) -> None:
    at = sent(owner, cells)
    shown = owner.get(f"{at}/previews/{CIRCLE}")
    told = shown.json
    assert told is not None
    start = shown.data.index(b'"content":') + len(b'"content":')
    content = shown.data[start : shown.data.index(b',"content_sha256"')]
    assert digest(content) == told["content_sha256"]
    assert "narrative" in told["content"]
    assert not told["is_approved"]
    yes = {"circle": CIRCLE, "content_sha256": told["content_sha256"]}
    assert owner.post(f"{at}/approvals", yes).status_code == 201
    run_all(cells.edge.world.desk)
    read = reader.get(BULLETINS)
    assert content in read.data
    assert read.json is not None
    bulletin = read.json["items"][0]
    assert bulletin["envelope"]["content_sha256"] == told["content_sha256"]
    assert content in reader.get(f"{BULLETINS}/{bulletin['envelope']['id']}").data
    assert content in reader.get("/api/v1/bulletins.ndjson").data


def test_an_approval_of_anything_else_is_refused(cells: Cells, owner: Caller) -> None:
    at = sent(owner, cells)
    answer = owner.post(f"{at}/approvals", {"circle": CIRCLE, "content_sha256": "0" * 64})
    assert (answer.status_code, answer.json and answer.json["code"]) == (409, "preview_stale")


def test_a_bulletin_as_it_is_served_verifies_with_the_keys_that_are_served(
    cells: Cells, owner: Caller, reader: Caller
) -> None:
    sent(owner, cells)
    signer = cells.edge.world.desk.signer
    bulletin = json.loads(reader.get("/api/v1/bulletins.ndjson").data.splitlines()[0])
    served = reader.get(f"{BULLETINS}/{bulletin['envelope']['id']}").data
    keys = {signer.kid: signer.key.public_key()}
    today = cells.edge.world.desk.clock().date()
    assert holds(check_bulletin(served, keys=keys, today=today))
    assert read_keys(cells.edge.nobody().get("/.well-known/jwks.json").data).keys() >= {
        cells.edge.desk.keys.sign.kid
    }


def test_a_bulletin_is_read_in_the_language_asked_for(cells: Cells, owner: Caller, reader: Caller) -> None:
    at = sent(owner, cells)
    told = owner.get(at).json
    assert told is not None
    text = f"{BULLETINS}/{told['bulletins'][0]['id']}/text"
    answer = reader.get(f"{text}?lang=ro")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.headers["Content-Language"] == "ro"
    assert "Bihor, România" in answer.get_data(as_text=True)
    assert "TLP:AMBER" in reader.get(text).get_data(as_text=True)
    assert reader.get(f"{text}?lang=de").status_code == 422


def test_review_marks_what_was_missed_and_settles_what_held(cells: Cells, owner: Caller) -> None:
    at = sent(owner, cells, narrative="Ioana Popescu met Zvjezdana there.")
    copy = owner.get(f"{at}/review").json
    assert copy is not None
    assert copy["text"] == "Ioana Popescu met Zvjezdana there."
    start = copy["text"].index("Zvjezdana")
    missed = {"version": 1, "start": start, "end": start + 9, "kind": "PERSON"}
    answer = owner.post(f"{at}/review/spans", missed)
    assert (answer.status_code, answer.json and answer.json["spans"]) == (201, 2)
    shown = owner.get(f"{at}/previews/{CIRCLE}")
    assert b"Zvjezdana" not in shown.data


def test_her_withdrawal_empties_what_was_told_and_the_record_stays(
    cells: Cells, owner: Caller, reader: Caller
) -> None:
    at = sent(owner, cells)
    assert owner.get(f"{at}/consents").json["items"][0]["basis"] == "consent"  # type: ignore[index]
    answer = owner.post(f"{at}/consents/P1/withdrawal")
    assert answer.status_code == 200
    run_all(cells.edge.world.desk)
    told = reader.get(BULLETINS).json
    assert told is not None
    assert [each["content"]["type"] for each in told["items"]] == ["recall"]
    grounds = owner.get(f"/api/v1/consents?report={at.rsplit('/', 1)[1]}").json
    assert grounds is not None
    assert grounds["items"][0]["withdrawn_on"] == "2026-03-02"


def test_a_recall_reaches_readers_at_once_and_their_confirmations_are_counted(
    cells: Cells, owner: Caller, reader: Caller
) -> None:
    at = sent(owner, cells)
    told = owner.get(at).json
    assert told is not None
    bulletin = f"{BULLETINS}/{told['bulletins'][0]['id']}"
    assert owner.post(f"{bulletin}/recall").json == {
        "bulletin": told["bulletins"][0]["id"],
        "version": 2,
        "state": "recalled",
    }
    read = reader.get(bulletin).json
    assert read is not None
    assert read["content"]["type"] == "recall"
    assert reader.post(f"{bulletin}/acknowledgements", {"version": 1}).status_code == 404
    assert reader.post(f"{bulletin}/acknowledgements", {"version": 2}).status_code == 201
    assert owner.get(f"{bulletin}/confirmations").json == {"confirmed": 1, "readers": 2}
    assert owner.post(f"{bulletin}/recall").status_code == 409


def test_an_amendment_is_a_further_version(cells: Cells, owner: Caller) -> None:
    at = sent(owner, cells)
    answer = owner.post(
        f"{at}/amendments", {"reason": "correction", "report": a_report(narrative="Otherwise.")}
    )
    assert (answer.status_code, answer.json and answer.json["version"]) == (202, 2)
    versions = owner.get(at).json["versions"]  # type: ignore[index]
    assert [(each["number"], each["reason"]) for each in versions] == [(1, None), (2, "correction")]


def test_a_refused_report_is_closed_for_good(cells: Cells, owner: Caller) -> None:
    at = sent(owner, cells)
    assert owner.post(f"{at}/refusal", {"reason": "duplicate"}).status_code == 200
    assert owner.get(at).json["state"] == "refused"  # type: ignore[index]
    amended = owner.post(f"{at}/amendments", {"reason": "other", "report": a_report()})
    assert (amended.status_code, amended.json and amended.json["code"]) == (409, "report_refused")


def test_a_reference_is_used_once(still_cells: Cells) -> None:
    owner = still_cells.edge.person(still_cells.owner)
    assert owner.post(REPORTS, a_report(reference="CV-1")).status_code == 202
    again = owner.post(REPORTS, a_report(reference="CV-1"))
    assert (again.status_code, again.json and again.json["code"]) == (409, "reference_taken")


@pytest.mark.parametrize("path", [REPORTS, BULLETINS, "/api/v1/ledger"])
def test_lists_are_walked_page_by_page_without_a_gap_or_a_double(path: str, still_cells: Cells) -> None:
    owner = still_cells.edge.person(still_cells.owner)
    while len(owner.get(f"{path}?limit=200").json["items"]) < 5:  # type: ignore[index]
        sent(owner, still_cells)
    whole = owner.get(f"{path}?limit=200").json["items"]  # type: ignore[index]
    walked, at = [], f"{path}?limit=2"
    while at:
        page = owner.get(at)
        assert page.json is not None
        walked += page.json["items"]
        at = page.json["next"]
        assert page.headers.get("Link") == (f'<{at}>; rel="next"' if at else None)
        assert len(page.json["items"]) <= 2
    assert walked == whole


def three_people() -> dict[str, Any]:
    """A report about three people and about nobody, each with a ground."""
    person, ground = a_report()["people"][0], a_report()["grounds"][0]
    codes = ("P2", "P10", "P1")
    return {
        "people": [{**person, "code": code} for code in codes],
        "grounds": [{**ground, "subject": code} for code in codes]
        + [{"subject": "no-subject", "basis": "no-subject", "purposes": [], "given_on": "2026-02-01"}],
    }


@pytest.mark.parametrize("way", ["of the report", "named in the query"])
def test_grounds_are_walked_page_by_page(way: str, still_cells: Cells) -> None:
    owner = still_cells.edge.person(still_cells.owner)
    at = sent(owner, still_cells, **three_people())
    path = f"{at}/consents?" if way == "of the report" else f"/api/v1/consents?report={at.rsplit('/', 1)[1]}&"
    whole = owner.get(f"{path}limit=200").json
    assert whole is not None
    assert sorted(each["subject"] for each in whole["items"]) == ["P1", "P10", "P2", "no-subject"]
    assert whole["next"] is None
    for limit in (1, 3, 4):
        walked, following = [], f"{path}limit={limit}"
        while following:
            page = owner.get(following)
            assert page.json is not None
            assert 0 < len(page.json["items"]) <= limit
            walked += page.json["items"]
            following = page.json["next"]
            assert page.headers.get("Link") == (f'<{following}>; rel="next"' if following else None)
        assert walked == whole["items"]


def test_a_person_who_is_not_in_the_report_is_no_cursor(still_cells: Cells) -> None:
    owner = still_cells.edge.person(still_cells.owner)
    at = sent(owner, still_cells)
    assert owner.get(f"{at}/consents?after=P1").json == {"items": [], "next": None}
    absent = owner.get(f"{at}/consents?after=P9")
    assert (absent.status_code, absent.json and absent.json["code"]) == (404, "not_found")
    for query in ("after=p1", "after=", "after=Ioana", "limit=0", "limit=201", "before=P1"):
        assert owner.get(f"{at}/consents?{query}").status_code == 422, query
    stranger = still_cells.edge.person(still_cells.stranger)
    assert stranger.get(f"{at}/consents?after=P1").data == absent.data


READS = (
    REPORTS,
    BULLETINS,
    "/api/v1/bulletins.ndjson",
    "/api/v1/vocabulary/kinds?lang=es",
    "/api/openapi.json",
    "/api/docs",
    "/api/docs/swagger-ui.css",
    "/.well-known/jwks.json",
    "/api/v1/circles",
    "/api/v1/partners/me",
    "/healthz",
)


@pytest.mark.parametrize("path", READS)
def test_every_read_has_a_tag_of_what_was_sent(path: str, still_cells: Cells) -> None:
    owner = still_cells.edge.person(still_cells.owner)
    first = owner.get(path)
    assert first.status_code == 200
    tag = first.headers["ETag"]
    again = owner.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert owner.get(path, headers={"If-None-Match": '"other"'}).data == first.data
    assert owner.send("HEAD", path).headers["ETag"] == tag


def test_a_tag_is_no_digest_that_a_guess_could_be_tested_against(still_cells: Cells) -> None:
    answer = still_cells.edge.person(still_cells.owner).get("/healthz")
    assert answer.headers["ETag"].strip('"') not in digest(answer.data)


def test_every_answer_carries_the_headers_that_protect_it(still_cells: Cells) -> None:
    owner = still_cells.edge.person(still_cells.owner)
    for answer in [*(owner.get(path) for path in READS), owner.get("/nothing"), owner.post(REPORTS, {})]:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Server" not in answer.headers
        assert "Set-Cookie" not in answer.headers


def test_the_docs_page_loads_nothing_from_elsewhere(still_cells: Cells) -> None:
    nobody = still_cells.edge.nobody()
    page = nobody.get("/api/docs").get_data(as_text=True)
    assert "//" not in page.replace("<!doctype html>", "")
    assert page.count("<script src=") == page.count("<script")
    for asset in ("start.js", "swagger-ui-bundle.js", "swagger-ui.css", "LICENSE.swagger-ui.txt"):
        assert nobody.get(f"/api/docs/{asset}").status_code == 200


def test_the_description_names_every_route_but_its_own(still_cells: Cells) -> None:
    app = still_cells.edge.app
    said = still_cells.edge.nobody().get("/api/openapi.json").json
    assert said is not None
    assert said["openapi"] == "3.1.0"
    pages = {blueprint.name for blueprint in PAGES} | {"static_files"}
    routes = {
        (rule.rule.replace("<uuid:", "{").replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD"}
        if not rule.endpoint.startswith(("api-docs", "docs")) and rule.endpoint.split(".")[0] not in pages
    }
    assert {
        (path, method) for path, way in said["paths"].items() for method in way if method != "parameters"
    } == routes


def test_readiness_says_what_is_missing_and_what_this_mode_cannot_protect(still_cells: Cells) -> None:
    answer = still_cells.edge.nobody().get("/readyz")
    assert answer.json is not None
    assert set(answer.json["checks"]) == {"database", "keys", "models", "queue"}
    assert "seizure of the whole machine" in answer.json["limits"][0]
    assert answer.status_code in (200, 503)


def test_work_that_nobody_does_makes_the_service_not_ready(cells: Cells, owner: Caller) -> None:
    owner.post(REPORTS, a_report())
    desk = cells.edge.world.desk
    assert cells.edge.nobody().get("/readyz").json["checks"]["queue"] == "ok"  # type: ignore[index]
    with desk.sessions.begin() as session:
        session.connection().exec_driver_sql("UPDATE outbox SET due_at = '2026-03-01 00:00:00.000000'")
    late = cells.edge.nobody().get("/readyz")
    assert (late.status_code, late.json and late.json["checks"]["queue"]) == (503, "failed")


def test_the_ledger_tells_a_partner_of_its_own_acts_alone(
    cells: Cells, owner: Caller, reader: Caller
) -> None:
    at = sent(owner, cells)
    told = owner.get("/api/v1/ledger").json
    assert told is not None
    assert {"received", "examined", "published"} <= {each["act"] for each in told["items"]}
    assert {each["report"] for each in told["items"]} == {at.rsplit("/", 1)[1]}
    assert {name for each in told["items"] for name in each} == {"id", "at", "act", "report"}
    assert reader.get("/api/v1/ledger").json == {"items": [], "next": None}


def test_every_list_of_the_vocabulary_can_be_read_in_every_language(still_cells: Cells) -> None:
    owner = still_cells.edge.person(still_cells.owner)
    said = owner.get("/api/v1/vocabulary").json
    assert said is not None
    for name in said["lists"]:
        for lang in said["languages"]:
            read = owner.get(f"/api/v1/vocabulary/{name}?lang={lang}").json
            assert read is not None
            assert read["items"]
            assert all(each["code"] and each["label"] for each in read["items"])
