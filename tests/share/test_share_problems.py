"""What is wrong gets one clear answer, stores nothing, and hears nothing of itself back."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from builders import make_draft
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jwt import PyJWS
from share_cells import CIRCLE, Cells, new_cells
from share_edge import EVERY_SCOPE, ISSUER, Caller, still
from sqlalchemy import func, select
from structlog.testing import capture_logs
from test_share_schemas import WRONG

import share.routes
from config.database import Base
from partners.models import Agreement
from share.problems import ADVICE, FIELD_CODES

REPORTS = "/api/v1/reports"
MARK = "Zvjezdana-Quux"
EMPTY = b'{"narrative":"x"}'


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cells]:
    yield new_cells(tmp_path_factory.mktemp("problems"))


@pytest.fixture(scope="module")
def owner(cells: Cells) -> Caller:
    return cells.edge.person(cells.owner)


def rows(cells: Cells) -> dict[str, int]:
    """How many rows each table has."""
    with cells.edge.world.desk.readers() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def body_of(report: dict[str, Any]) -> bytes:
    return json.dumps(report).encode()


def nested(depth: int) -> bytes:
    return b'{"people":' + b"[" * depth + b"]" * depth + b"}"


JSON = {"content_type": "application/json"}
DEGENERATE: list[tuple[str, bytes, dict[str, Any], int, str]] = [
    ("nothing at all", b"", JSON, 400, "malformed_json"),
    ("cut off", b'{"narrative":', JSON, 400, "malformed_json"),
    ("two values", b"{}{}", JSON, 400, "malformed_json"),
    ("a name twice", b'{"narrative":"a","narrative":"b"}', JSON, 400, "malformed_json"),
    ("a name twice inside", b'{"people":[{"code":"P1","code":"P2"}]}', JSON, 400, "malformed_json"),
    ("not a number", b'{"narrative":NaN}', JSON, 400, "malformed_json"),
    ("infinity", b'{"narrative":-Infinity}', JSON, 400, "malformed_json"),
    ("a million digits", b'{"patterns":[{"people":' + b"9" * 1_000_000 + b"}]}", JSON, 400, "malformed_json"),
    ("invalid UTF-8", b'{"narrative":"\xff\xfe"}', JSON, 400, "malformed_json"),
    ("an overlong slash", b'{"narrative":"\xc0\xaf"}', JSON, 400, "malformed_json"),
    ("surrogates in UTF-8", b'{"narrative":"\xed\xa0\x80"}', JSON, 400, "malformed_json"),
    ("UTF-16", '{"narrative":"x"}'.encode("utf-16"), JSON, 400, "malformed_json"),
    ("a byte order mark", b"\xef\xbb\xbf" + EMPTY, JSON, 400, "malformed_json"),
    ("a lone surrogate", rb'{"narrative":"\ud800"}', JSON, 400, "not_unicode"),
    ("a lone surrogate as a name", rb'{"\udfff":1}', JSON, 400, "not_unicode"),
    ("30 levels", nested(30), JSON, 400, "nested_too_deep"),
    ("100,000 levels", nested(100_000), JSON, 400, "malformed_json"),
    ("a list", b"[]", JSON, 422, "invalid"),
    ("null", b"null", JSON, 422, "invalid"),
    ("a text", b'"narrative"', JSON, 422, "invalid"),
    ("an unknown field", b'{"narrative":"x","owner_org":1}', JSON, 422, "invalid"),
    ("an unknown code", b'{"events":[{"hte_Type":"Holiday"}]}', JSON, 422, "invalid"),
    ("an empty report", b"{}", JSON, 422, "empty_report"),
    ("tag characters", body_of({"narrative": "a\U000e0041b"}), JSON, 422, "text_tag_characters"),
    ("an override of direction", body_of({"narrative": "a\u202eb"}), JSON, 422, "text_bidi_override"),
    ("NUL", rb'{"narrative":"a\u0000b"}', JSON, 422, "text_forbidden_control"),
    ("marks upon marks", body_of({"narrative": "a" + "\u0301" * 50_000}), JSON, 422, "text_too_many_marks"),
    ("a long narrative", body_of({"narrative": "a" * 200_001}), JSON, 422, "invalid"),
    ("10 MB", body_of({"narrative": "a" * 10_000_000}), JSON, 413, "too_large"),
    (
        "concerns nobody we know",
        b'{"events":[{"hte_Type":"Transit","concerns":["P9"]}]}',
        JSON,
        422,
        "concerns_unknown_person",
    ),
    (
        "a form",
        b"narrative=x",
        {"content_type": "application/x-www-form-urlencoded"},
        415,
        "unsupported_media_type",
    ),
    ("plain text", EMPTY, {"content_type": "text/plain"}, 415, "unsupported_media_type"),
    ("no type", EMPTY, {}, 415, "unsupported_media_type"),
    ("nearly JSON", EMPTY, {"content_type": "application/merge-patch+json"}, 415, "unsupported_media_type"),
    ("compressed", EMPTY, JSON | {"headers": {"Content-Encoding": "gzip"}}, 415, "unsupported_media_type"),
    ("an empty key", EMPTY, JSON | {"headers": {"Idempotency-Key": ""}}, 400, "bad_idempotency_key"),
    ("a long key", EMPTY, JSON | {"headers": {"Idempotency-Key": "k" * 201}}, 400, "bad_idempotency_key"),
    ("a key with a space", EMPTY, JSON | {"headers": {"Idempotency-Key": "a b"}}, 400, "bad_idempotency_key"),
]


@pytest.mark.parametrize(
    ("body", "how", "status", "code"), [case[1:] for case in DEGENERATE], ids=[case[0] for case in DEGENERATE]
)
def test_what_cannot_be_taken_gets_a_clear_answer_and_stores_nothing(
    body: bytes, how: dict[str, Any], status: int, code: str, cells: Cells, owner: Caller
) -> None:
    before = rows(cells)
    answer = owner.send("POST", REPORTS, data=body, **how)
    assert (answer.status_code, answer.json and answer.json["code"]) == (status, code)
    assert answer.content_type == "application/problem+json"
    assert rows(cells) == before


def takes_json(cells: Cells) -> list[tuple[str, str]]:
    """Method and address of every operation that takes JSON, about things that are not there."""
    said = cells.edge.nobody().get("/api/openapi.json").json
    assert said is not None
    return [
        (method.upper(), re.sub(r"{[a-z_]*id}", str(uuid4()), path).replace("{slug}", CIRCLE))
        for path, operations in said["paths"].items()
        for method, operation in operations.items()
        if method != "parameters"
        and "application/json" in operation.get("requestBody", {}).get("content", {})
    ]


def test_every_operation_reads_json_in_the_same_strict_way(cells: Cells, owner: Caller) -> None:
    operations = takes_json(cells)
    assert len(operations) >= 16
    before = rows(cells)
    for method, path in operations:
        twice = owner.send(method, path, data=b'{"a":1,"a":2}', **JSON)
        as_text = owner.send(method, path, data=EMPTY, content_type="text/plain")
        unknown = owner.send(method, path, data=json.dumps({MARK: 1}), **JSON)
        assert (twice.status_code, as_text.status_code, unknown.status_code) == (400, 415, 422), path
        assert unknown.json is not None
        assert unknown.json["errors"]["?"] == "unknown_field"
        assert MARK not in unknown.get_data(as_text=True)
    assert rows(cells) == before


def test_the_same_report_would_have_been_taken(cells: Cells, owner: Caller) -> None:
    """The control for every case above."""
    before = rows(cells)
    assert owner.send("POST", REPORTS, data=EMPTY, **JSON).status_code == 202
    assert rows(cells) != before


def test_an_agreement_that_has_run_out_keeps_reports_out(tmp_path: Any) -> None:
    cells = new_cells(tmp_path)
    with cells.edge.world.desk.sessions.begin() as session:
        for row in session.query(Agreement).filter_by(partner_id=cells.owner.partner):
            row.end = still().date().replace(day=1)
    caller = cells.edge.person(cells.owner)
    before = rows(cells)
    answer = caller.send("POST", REPORTS, data=EMPTY, **JSON)
    assert (answer.status_code, answer.json and answer.json["code"]) == (409, "no_agreement_in_force")
    assert rows(cells) == before


def claims(**changes: Any) -> dict[str, Any]:
    issued = int(still().timestamp())
    said = {
        "iss": ISSUER,
        "sub": str(uuid4()),
        "aud": f"{ISSUER}/api",
        "exp": issued + 600,
        "nbf": issued,
        "iat": issued,
        "jti": uuid4().hex,
        "client_id": "k" * 43,
        "scope": "reports:submit",
        "epochs": [0, 0],
        "second_factor": False,
    }
    return {name: value for name, value in (said | changes).items() if value is not None}


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": None},
        {"aud": "https://elsewhere.example.org/api"},
        {"aud": None},
        {"exp": int(still().timestamp()) - 60},
        {"exp": "9999999999"},
        {"exp": int(still().timestamp()) + 10**6},
        {"iss": "https://elsewhere.example.org"},
        {},  # all is well but that nobody holds such a credential
    ],
    ids=["no end", "another's", "nobody's", "past", "text", "long", "issuer", "unknown holder"],
)
def test_a_token_that_is_not_right_in_every_way_opens_nothing(changes: dict[str, Any], cells: Cells) -> None:
    key = cells.edge.desk.keys.token
    token = PyJWS(algorithms=["EdDSA"]).encode(
        json.dumps(claims(**changes)).encode(),
        key.private,
        "EdDSA",
        headers={"typ": "at+jwt", "kid": key.kid},
    )
    before = rows(cells)
    answer = Caller(cells.edge.app, token).send("POST", REPORTS, data=EMPTY, **JSON)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert rows(cells) == before


def test_all_doors_that_stay_shut_say_the_same(cells: Cells) -> None:
    app = cells.edge.app
    good = cells.edge.token(cells.owner, scopes=EVERY_SCOPE)
    answers = [
        Caller(app, token).get(REPORTS).data
        for token in (
            None,
            "",
            "x",
            good[:-2],
            good + "x",
            cells.edge.token(cells.owner, scopes=EVERY_SCOPE, revoked=True),
        )
    ]
    assert len(set(answers)) == 1
    for header in ("Basic eDp4", f"bearer {good}", f"Bearer  {good}", f"Token {good}"):
        assert app.test_client().get(REPORTS, headers={"Authorization": header}).data == answers[0]


PATHS = [
    f"{REPORTS}/{uuid4()}",
    f"{REPORTS}/1",
    f"{REPORTS}/' OR 1=1",
    f"{REPORTS}/",
    "/api/v1/vocabulary/nothing",
    f"/api/v1/bulletins/{uuid4()}",
    "/api/docs/..%2fapi.py",
    "/api/docs/index.py",
    f"/{MARK}",
    "//api/v1/reports",
]


def test_nothing_that_is_not_there_says_what_was_looked_for(cells: Cells, owner: Caller) -> None:
    answers = {path: owner.get(path) for path in PATHS}
    assert {answer.status_code for answer in answers.values()} == {404}
    assert len({answer.data for answer in answers.values()}) == 1


HEARSAY = {
    "X-Forwarded-For": ["127.0.0.1", "::1", "unknown"],
    "X-Forwarded-Host": ["admin.example.org"],
    "X-Forwarded-Proto": ["https", "ftp"],
    "X-Forwarded-Prefix": ["/admin"],
    "X-Forwarded-User": ["steward"],
    "X-Real-IP": ["127.0.0.1"],
    "X-Original-URL": ["/healthz", REPORTS],
    "X-Rewrite-URL": ["/healthz"],
    "X-HTTP-Method-Override": ["DELETE", "GET"],
    "X-HTTP-Method": ["DELETE"],
    "X-Method-Override": ["PUT"],
    "X-Partner": ["shelter"],
    "X-User": ["root"],
    "X-Request-Id": ["1"],
    "X-Scopes": ["reports:approve"],
    "Forwarded": ["for=127.0.0.1;host=admin"],
    "Remote-User": ["steward"],
    "Origin": ["https://evil.example.org"],
    "Host": ["evil.example.org"],
    "Synchronized-Upsert": ["true"],
    "Accept": ["text/html", "*/*", "application/xml"],
    "Accept-Language": ["ro"],
    "Cookie": ["session=1"],
}


@pytest.mark.parametrize("header", HEARSAY)
def test_no_header_makes_the_request_another_one(header: str, cells: Cells, owner: Caller) -> None:
    narrow = cells.edge.person(cells.owner, scopes={next(iter(EVERY_SCOPE))})
    for value in HEARSAY[header]:
        for caller in (owner, narrow, cells.edge.nobody()):
            for path in (REPORTS, f"{REPORTS}/{uuid4()}", "/healthz"):
                plain, dressed = caller.get(path), caller.get(path, headers={header: value})
                assert (plain.status_code, plain.data) == (dressed.status_code, dressed.data)
                assert {name: said for name, said in dressed.headers if name != "Date"} == {
                    name: said for name, said in plain.headers if name != "Date"
                }


def test_a_body_that_comes_with_a_read_is_ignored(owner: Caller) -> None:
    assert owner.get(REPORTS, data=b"{", content_type="application/json").data == owner.get(REPORTS).data


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=ten",
        "limit=1e3",
        "after=1",
        "after=%00",
        "partner=x",
        "limit=",
    ],
)
def test_a_query_is_read_as_strictly_as_a_body(query: str, owner: Caller) -> None:
    answer = owner.get(f"{REPORTS}?{query}")
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["code"] == "invalid"


def test_somebody_elses_cursor_is_not_there(cells: Cells) -> None:
    theirs = cells.edge.world.post(make_draft(), cells.reader)
    owner = cells.edge.person(cells.owner)
    assert owner.get(f"{REPORTS}?after={theirs}").data == owner.get(f"{REPORTS}?after={uuid4()}").data


def test_our_own_mistake_is_admitted_and_nothing_of_it_is_told(
    cells: Cells, owner: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError(MARK)

    monkeypatch.setattr(share.routes, "submit", broken)
    with capture_logs() as said, caplog.at_level(logging.DEBUG):
        answer = owner.send("POST", REPORTS, data=json.dumps({"narrative": MARK}), **JSON)
    assert answer.status_code == 500
    assert answer.json == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "code": "internal",
        "detail": ADVICE["internal"],
    }
    assert "RuntimeError" in str(said)
    assert MARK not in str(said) + caplog.text


def test_a_log_line_names_the_route_and_not_the_address(owner: Caller) -> None:
    with capture_logs() as said:
        owner.get(f"{REPORTS}/{uuid4()}?{MARK}={MARK}", headers={"X-Request-Id": MARK, "User-Agent": MARK})
        owner.get(f"/{MARK}")
    assert [line["status"] for line in said] == [404, 404]
    assert said[0]["route"] == "/api/v1/reports/<uuid:report_id>"
    assert MARK not in str(said)


UNCOMMON = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=4, max_size=8)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(secret=UNCOMMON, place=st.integers(0, 11))
def test_nothing_that_was_sent_comes_back(secret: str, place: int, owner: Caller) -> None:
    """Wherever a secret stands (a value, a name, a code, a query, a header), it is in no answer and no log."""
    person = {"code": "P1", "role": "survivor"}
    sent: list[dict[str, Any]] = [
        {"json": {secret: 1}},
        {"json": {"language": secret}},
        {"json": {"people": [{**person, "code": secret}]}},
        {"json": {"people": [{**person, "fields": {secret: secret}}]}},
        {"json": {"people": [{**person, "fields": {"prs_Gender": secret}}]}},
        {"json": {"people": [{**person, "fields": {"prs_Birthdate": secret}}]}},
        {"json": {"grounds": [{"subject": secret, "limits": {secret: secret}}]}},
        {"json": {"events": [{"hte_Type": secret, "hte_Date": secret, "concerns": [secret]}]}},
        {"json": {"suspects": [{"code": "S1", "kin_of": ["P7"], "names": [secret]}]}},
        {"json": {"reliability": secret, "urgent": secret, "offers": [{"wage": {"currency": secret}}]}},
        {"data": f'{{"{secret}":'.encode(), "content_type": "application/json"},
        {"json": [secret], "query_string": {secret: secret}},
    ]
    with capture_logs() as said:
        answer = owner.send("POST", REPORTS, **sent[place])
    assert 400 <= answer.status_code < 500
    told = answer.get_data(as_text=True) + str(answer.headers) + str(said)
    assert secret not in told
    assert json.dumps(secret).strip('"') not in told


def test_every_code_that_a_problem_can_have_says_what_to_do() -> None:
    assert all(re.fullmatch(r"[a-z_]+", code) and advice.endswith(".") for code, advice in ADVICE.items())
    assert {code for _, _, code in WRONG} <= FIELD_CODES.keys()


def test_a_retry_is_answered_alike_and_another_request_under_its_key_is_refused(
    cells: Cells, owner: Caller
) -> None:
    first = owner.post(REPORTS, {"narrative": "one"}, key="k-1")
    before = rows(cells)
    again = owner.post(REPORTS, {"narrative": "one"}, key="k-1")
    other = owner.post(REPORTS, {"narrative": "two"}, key="k-1")
    assert (first.status_code, first.data, first.headers["Location"]) == (
        again.status_code,
        again.data,
        again.headers["Location"],
    )
    assert (other.status_code, other.json and other.json["code"]) == (422, "idempotency_key_reused")
    assert rows(cells) == before


def test_a_key_belongs_to_one_address_and_to_one_partner(cells: Cells, owner: Caller) -> None:
    """An empty body looks alike everywhere: without the address, the second withdrawal would be lost."""
    reports = [cells.edge.world.post(make_draft(), cells.owner) for _ in range(2)]
    answers = [owner.post(f"{REPORTS}/{report}/consents/P1/withdrawal", key="w-1") for report in reports]
    assert [answer.status_code for answer in answers] == [200, 422]
    reader = cells.edge.person(cells.reader)
    assert reader.post(REPORTS, {"narrative": "one"}, key="k-1").status_code == 202


def test_reads_that_show_words_may_not_be_stored(cells: Cells, owner: Caller) -> None:
    report = cells.edge.world.post(make_draft(), cells.owner)
    for path in ("review", f"previews/{CIRCLE}"):
        assert owner.get(f"{REPORTS}/{report}/{path}").headers["Cache-Control"] == "no-store"
    assert owner.get(f"{REPORTS}/{report}").headers["Cache-Control"] == "private, no-cache"
