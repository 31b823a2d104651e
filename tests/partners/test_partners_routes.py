"""Over HTTP: nothing is open that is not on the list, and a stranger learns nothing from an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from partners_builders import ISSUER, LATER, Hub, Key, policy_document
from partners_edge import ASSERTION, Service
from sqlalchemy import update
from test_partners_access import _revoke, _suspend_member, _suspend_partner

from console.pages import PAGES
from partners import guard
from partners.guard import PUBLIC, current_actor, every_route_is_guarded, needs, public, refuse_unguarded
from partners.jwks import as_jwk
from partners.models import Credential
from partners.tokens import client_assertion
from partners.values import PERSONS_ONLY, Role, Scope


def routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """(endpoint, method, a path with made-up ids) of all of the interface; pages have a door of their own."""
    pages = {blueprint.name for blueprint in PAGES}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] in pages | {"static_files"}:
            continue
        path = re.sub(r"<uuid:[^>]+>", str(uuid4()), rule.rule)
        path = re.sub(r"<[^>]+>", "x", path)
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            yield rule.endpoint, method, path


# Deny by default.


def test_every_route_is_guarded_or_on_the_list(service: Service) -> None:
    assert every_route_is_guarded(service.app) == []


def test_a_view_that_nobody_guarded_is_found_and_shut(service: Service) -> None:
    app = Flask("bare")
    app.add_url_rule("/a", "forgotten", lambda: "open")
    app.add_url_rule("/b", "pretends", public(lambda: "open"))
    app.add_url_rule("/c", "auth.issue_token", needs(Scope.LEDGER_READ)(lambda: "both"))
    app.add_url_rule("/d", "fine", needs(Scope.LEDGER_READ)(lambda: "guarded"))
    assert every_route_is_guarded(app) == ["auth.issue_token", "forgotten", "pretends", "static"]
    with app.test_client() as client:
        # The control: without the check before each request both are open to everybody.
        assert [client.get(path).status_code for path in ("/a", "/b")] == [200, 200]
    app = Flask("bare", static_folder=None)
    app.add_url_rule("/a", "forgotten", lambda: "open")
    app.add_url_rule("/b", "pretends", public(lambda: "open"))
    refuse_unguarded(app)
    with app.test_client() as client:
        assert [client.get(path).status_code for path in ("/a", "/b")] == [401, 401]


def test_the_list_of_public_routes_is_short_and_tells_nothing() -> None:
    assert len(PUBLIC) <= 8
    assert not [
        name for name in PUBLIC if name.split(".")[0] in {"partners", "circles", "policies", "bulletins"}
    ]


def test_a_stranger_is_turned_away_everywhere(service: Service) -> None:
    tried = 0
    for endpoint, method, path in routes(service.app):
        if endpoint in PUBLIC:
            continue
        for token in (None, "x", "a.b.c"):
            answer = service.call(method, path, token)
            assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer"), (method, path)
            tried += 1
    assert tried > 60


def test_what_you_send_is_not_read_before_you_are_known(service: Service) -> None:
    for endpoint, method, path in routes(service.app):
        if endpoint not in PUBLIC and method == "POST":
            answers = {
                service.call(method, path, data=body).status_code for body in (b"", b"{", b"\xff" * 99)
            }
            assert answers == {401}, path


def test_a_known_stranger_without_the_right_gets_one_answer(service: Service, hub: Hub) -> None:
    key = hub.machine(hub.partner("a"), Scope.REPORTS_SUBMIT)
    bodies = set()
    for endpoint, method, path in routes(service.app):
        view = service.app.view_functions[endpoint]
        if endpoint not in PUBLIC and Scope.REPORTS_SUBMIT not in getattr(view, "__parallax_scopes__"):  # noqa: B009
            answer = service.call(method, path, key)
            assert answer.status_code == 403, (method, path)
            bodies.add(answer.get_data() if method != "HEAD" else b"")
    assert len(bodies - {b""}) == 1


def test_a_machine_with_every_word_it_can_have_decides_nothing(service: Service, hub: Hub) -> None:
    key = hub.machine(hub.partner("a"))
    with hub.desk.sessions.begin() as session:
        session.execute(update(Credential).values(scopes=[scope.value for scope in Scope]))
    for endpoint, method, path in routes(service.app):
        required = getattr(service.app.view_functions[endpoint], "__parallax_scopes__", frozenset())
        if required & PERSONS_ONLY:
            assert service.call(method, path, key).status_code == 403, (method, path)


@pytest.mark.parametrize("put_out", [_suspend_partner, _suspend_member, _revoke])
def test_who_was_put_out_is_a_stranger_with_the_next_request(
    service: Service, hub: Hub, put_out: Any
) -> None:
    key = hub.person(hub.partner("a"), "p1")
    assert service.call("GET", "/api/v1/partners/me", key).status_code == 200
    put_out(hub, key)
    refused = service.call("GET", "/api/v1/partners/me", key)
    assert refused.get_data() == service.call("GET", "/api/v1/partners/me").get_data()


@pytest.mark.parametrize(
    "line",
    [
        "", "Bearer", "Bearer ", "bearer {}", "BEARER {}", "Basic {}", "Token {}", "{}", "Bearer  {}", " Bearer {}x",
        "Bearer {} x", "Bearer {},Bearer {}", "Bearer\t{}", "DPoP {}", 'Bearer "{}"', "Bearer {}=",
    ],
)  # fmt: skip
def test_a_token_comes_in_one_way_alone(service: Service, hub: Hub, line: str) -> None:
    token = hub.token(hub.machine(hub.partner("a")))
    answer = service.client.get("/api/v1/partners/me", headers={"Authorization": line.format(token, token)})
    assert answer.status_code == 401


def test_a_token_elsewhere_is_not_looked_at(service: Service, hub: Hub) -> None:
    token = hub.token(hub.machine(hub.partner("a")))
    client = service.client
    client.set_cookie("access_token", token)
    assert client.get(f"/api/v1/partners/me?access_token={token}").status_code == 401
    assert client.get("/api/v1/partners/me", headers={"X-Access-Token": token}).status_code == 401
    two = [("Authorization", f"Bearer {token}"), ("Authorization", f"Bearer {token}")]
    assert client.get("/api/v1/partners/me", headers=two).status_code == 401


HEARSAY = [
    *(f"X-{name}" for name in (
        "Forwarded-For", "Forwarded-Host", "Forwarded-Proto", "Forwarded-User", "Forwarded-Prefix", "Forwarded-Port",
        "Original-URL", "Rewrite-URL", "Original-Method", "HTTP-Method-Override", "HTTP-Method", "Method-Override",
        "Real-IP", "Client-IP", "Remote-User", "Remote-Addr", "User-Id", "User", "Auth-User", "Authenticated-User",
        "Partner", "Partner-Id", "Member", "Admin", "Role", "Roles", "Scope", "Scopes", "Internal", "Debug", "Host",
        "Token", "Api-Key", "Steward", "Organization", "Tenant", "Proxy-User", "WebAuth-User", "Cluster-Client",
    )),
    "Forwarded", "Remote-User", "Synchronized-Upsert", "True-Client-IP", "Via", "Proxy-Authorization", "From",
    "Actor", "Scope", "On-Behalf-Of", "Impersonate", "Client-IP", "CF-Connecting-IP", "Base-Url", "Method-Override",
]  # fmt: skip


def test_no_header_makes_anybody_more_than_they_are(
    service: Service, hub: Hub, stewards: tuple[Key, Key]
) -> None:
    key = hub.machine(hub.partner("a"))
    values = [
        "*",
        "127.0.0.1",
        "keepers",
        str(stewards[0].member),
        "true",
        "DELETE",
        "/api/v1/partners",
        "s1",
    ]
    calls = [
        ("GET", "/api/v1/partners/me", key),
        ("POST", "/api/v1/partners", key),
        ("GET", "/api/v1/circles", None),
    ]
    for method, path, who in calls:
        plain = service.call(method, path, who)
        for number, header in enumerate(HEARSAY):
            said = service.call(method, path, who, headers={header: values[number % len(values)]})
            assert (said.status_code, said.get_data()) == (plain.status_code, plain.get_data()), header


def test_headers_of_hearsay_do_not_even_arrive() -> None:
    seen: dict[str, Any] = {}
    application = guard.without_hearsay(lambda environ, _start: seen.update(environ) or [])
    arriving = {
        "HTTP_X_FORWARDED_FOR": "1",
        "HTTP_FORWARDED": "1",
        "REMOTE_USER": "root",
        "HTTP_ACCEPT": "*/*",
    }
    application(arriving, None)
    assert seen == {"HTTP_ACCEPT": "*/*"}


def test_outside_a_guarded_view_there_is_no_actor(service: Service) -> None:
    with service.app.test_request_context("/"), pytest.raises(guard.Unknown):
        current_actor()


# The token endpoint.


def test_a_signed_assertion_gets_a_token(service: Service, hub: Hub) -> None:
    key = hub.machine(hub.partner("a"), Scope.BULLETINS_READ, Scope.PARTNERS_READ)
    answer = service.ask_token(hub.assertion(key), client_id=key.kid)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    said = answer.json
    assert (said["token_type"], said["expires_in"]) == ("Bearer", 600)
    assert said["scope"] == "bulletins:read partners:read"
    me = service.call("GET", "/api/v1/partners/me", said["access_token"])
    assert (me.status_code, me.json["scopes"]) == (200, ["bulletins:read", "partners:read"])


def test_refusals_of_clients_cannot_be_told_apart(service: Service, hub: Hub) -> None:
    key = hub.person(hub.partner("a"), "p1")
    gone = hub.machine(hub.partner("gone"))
    _suspend_partner(hub, gone)
    used = hub.assertion(hub.machine(hub.partner("b")))
    service.ask_token(used)
    unknown = Ed25519PrivateKey.generate()
    answers = {
        "unknown": service.ask_token(client_assertion(unknown, "k" * 43, ISSUER, hub.desk.clock)),
        "wrong signature": service.ask_token(client_assertion(unknown, key.kid, ISSUER, hub.desk.clock)),
        "wrong audience": service.ask_token(
            client_assertion(key.private, key.kid, "https://x", hub.desk.clock)
        ),
        "used": service.ask_token(used),
        "suspended": service.ask_token(hub.assertion(gone)),
        "wrong code": service.ask_token(hub.assertion(key, otp="000000")),
        "not a token": service.ask_token("x"),
        "another client": service.ask_token(hub.assertion(key), client_id="x" * 43),
    }
    seen = {
        (answer.status_code, answer.get_data(), str(sorted(answer.headers))) for answer in answers.values()
    }
    assert len(seen) == 1
    assert answers["unknown"].json == {"error": "invalid_client"}
    assert answers["unknown"].status_code == 401


def test_a_request_that_is_not_one_is_refused(service: Service, hub: Hub) -> None:
    key = hub.machine(hub.partner("a"))
    right = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION}
    right["client_assertion"] = hub.assertion(key)
    post = service.client.post
    for answer in (
        post("/oauth/token"),
        post("/oauth/token", json=right),
        post("/oauth/token", query_string=right),
        post("/oauth/token?scope=x", data=right),
        post("/oauth/token", data={**right, "grant_type": "password"}),
        post("/oauth/token", data={**right, "client_assertion_type": "x"}),
        post("/oauth/token", data={**right, "client_secret": "x"}),
        post("/oauth/token", data={**right, "scope": ["a", "b"]}),
        post("/oauth/token", data={**right, "client_assertion": [right["client_assertion"]] * 2}),
        post("/oauth/token", data={name: right[name] for name in right if name != "client_assertion"}),
        post("/oauth/token", data=right, content_type="multipart/form-data"),
    ):
        assert (answer.status_code, answer.json) == (400, {"error": "invalid_request"})
    assert post("/oauth/token", data=right).status_code == 200


@pytest.mark.parametrize(
    "scope", ["ledger:read", "everything", "bulletins:read ledger:read", "BULLETINS:READ"]
)
def test_a_scope_that_is_not_yours_is_refused(service: Service, hub: Hub, scope: str) -> None:
    key = hub.machine(hub.partner("a"), Scope.BULLETINS_READ)
    answer = service.ask_token(hub.assertion(key), scope=scope)
    assert (answer.status_code, answer.json) == (400, {"error": "invalid_scope"})


def test_too_many_tokens_are_told_to_wait(service: Service, hub: Hub) -> None:
    key = hub.machine(hub.partner("a"))
    answers = [service.ask_token(hub.assertion(key)) for _ in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert answers[-1].headers["Retry-After"] == "60"


def test_our_keys_are_published_without_their_private_halves(service: Service) -> None:
    keys = service.client.get("/.well-known/jwks.json").json["keys"]
    ours = service.hub.desk.keys
    assert {key["kid"] for key in keys} == {ours.token.kid, *ours.verify}
    assert all(key.keys() == {"kty", "crv", "x", "kid", "alg", "use"} for key in keys)


# A day of the stewards'.


def agreed(service: Service, path: str, body: dict[str, Any], stewards: tuple[Key, Key]) -> dict[str, str]:
    """Proposed by one and approved by the other."""
    asked = service.call("POST", path, stewards[0], json=body)
    assert asked.status_code == 202, asked.json
    decided = service.call("POST", f"/api/v1/proposals/{asked.json['id']}/approvals", stewards[1])
    assert decided.status_code == 200, decided.json
    assert decided.headers["Cache-Control"] == "no-store"
    return dict(decided.json["told"])


def test_a_partner_is_brought_in_over_http(service: Service, stewards: tuple[Key, Key]) -> None:
    hub, private = service.hub, Ed25519PrivateKey.generate()
    expires = (hub.desk.clock() + timedelta(days=30)).isoformat()
    new = {
        "slug": "shelter",
        "name": "Casa Noastră",
        "kind": "NGO",
        "countries": ["RO"],
        "law_flags": ["gdpr"],
    }
    home = agreed(service, "/api/v1/partners", new, stewards)["partner"]
    agreement = {"start": "2026-01-01", "end": "2027-12-31", "purposes": ["other-organisations"]}
    agreed(service, f"/api/v1/partners/{home}/agreements", agreement, stewards)
    person = {
        "code": "p1",
        "roles": ["administrator"],
        "jwk": as_jwk(private.public_key()),
        "expires": expires,
    }
    told = agreed(service, f"/api/v1/partners/{home}/members", person, stewards)
    circle = {"slug": "south", "purpose": "other-organisations", "tlp": "AMBER+STRICT", "smallest_group": 5}
    circle |= {"until": "2027-12-31", "clearance": {"detail": {"PLACE": "coarse"}}}
    agreed(service, "/api/v1/circles", circle, stewards)
    stay = {"partner": home, "until": "2027-06-30"}
    agreed(service, "/api/v1/circles/south/memberships", stay, stewards)

    key = Key(private, told["kid"], None, told["totp_secret"])
    me = service.call("GET", "/api/v1/partners/me", key).json
    assert (me["partner"]["name"], me["agreement"]["version"], me["member"]) == (
        "Casa Noastră",
        1,
        told["member"],
    )
    (mine,) = service.call("GET", "/api/v1/circles", key).json["items"]
    assert (mine["slug"], mine["tlp"], mine["detail"]) == ("south", "AMBER+STRICT", {"PLACE": "COARSE"})
    assert not {"members", "joined", "partners"} & mine.keys()
    listed = service.call("GET", "/api/v1/partners", key).json
    assert [each["slug"] for each in listed["items"]] == ["shelter"]

    assert service.call("DELETE", "/api/v1/circles/south/memberships", key).status_code == 204
    assert service.call("GET", "/api/v1/circles", key).json["items"] == []
    suspension = service.call("POST", f"/api/v1/partners/{home}/suspension", stewards[0])
    assert suspension.status_code == 204
    assert service.call("GET", "/api/v1/partners/me", key).status_code == 401


def test_a_policy_is_adopted_over_http(service: Service, hub: Hub) -> None:
    partner = hub.partner("a")
    first, second = (hub.person(partner, code, Role.ADMINISTRATOR) for code in ("p1", "p2"))
    loose = {"document": policy_document(south={"PLACE": "fine"}), "base": 0}
    asked = service.call("POST", "/api/v1/policies", first, json=loose)
    assert (asked.status_code, asked.json["state"], asked.json["loosens"]) == (
        201,
        "proposed",
        ["circles.south"],
    )
    approvals = f"/api/v1/policies/{asked.json['id']}/approvals"
    assert service.call("POST", approvals, first).status_code == 403
    adopted = service.call("POST", approvals, second).json["told"]["policy"]
    tight = {"document": policy_document(south={"PLACE": "coarsest"}), "base": 1}
    assert service.call("POST", "/api/v1/policies", first, json=tight).json["state"] == "adopted"
    listed = service.call("GET", "/api/v1/policies", second).json["items"]
    assert [each["number"] for each in listed] == [2, 1]
    assert service.call("GET", f"/api/v1/policies/{adopted}", second).json["document"] == loose["document"]


def good_and_bad(ours: UUID) -> dict[str, tuple[Any, ...]]:
    """What can be sent to each address: well formed first, and then wrong in many ways."""
    jwk = as_jwk(Ed25519PrivateKey.generate().public_key())
    key = {"scopes": ["bulletins:read"], "jwk": jwk, "expires": "2027-01-01T00:00:00+00:00"}
    person = {"code": "p9", "roles": ["reviewer"], "jwk": jwk, "expires": key["expires"]}
    agreement = {"start": "2026-01-01", "end": "2027-01-01", "purposes": ["research"]}
    stay = {"partner": str(ours), "until": LATER.isoformat()}
    weak = [{"kty": "RSA"}, {**jwk, "d": jwk["x"]}, {**jwk, "x": "A" * 43}, {}, {"x": 1}]
    keys = (
        *({**key, "jwk": each} for each in weak),
        {**key, "scopes": []},
        {**key, "scopes": ["reports:approve"]},
        {**key, "expires": "2020-01-01T00:00:00+00:00"},
        {**key, "expires": "9999-12-31T23:59:59-23:59"},
        {**key, "expires": "0001-01-01T00:00:00+23:59"},
    )
    people = (
        *({**person, "jwk": each} for each in weak),
        {**person, "code": "x y"},
        {**person, "roles": []},
        {**person, "roles": ["spy"]},
        {**person, "expires": "2020-01-01T00:00:00+00:00"},
    )
    agreements = (
        {**agreement, "purposes": ["war"]},
        {**agreement, "end": "2020-01-01"},
        {**agreement, "areas": ["x"]},
    )
    stays = ({**stay, "until": "2020-01-01"}, {**stay, "partner": str(uuid4())}, {**stay, "partner": "x"})
    return {
        "members": (person, *people),
        "credentials": (key, *keys),
        "agreements": (agreement, *agreements),
        "memberships": (stay, *stays),
    }


NO_FORM = ({}, [], "x", None)
"""What is wrong for every form."""


def test_what_is_not_yours_is_not_there(service: Service, hub: Hub) -> None:
    """To the letter, whatever is sent along: nobody learns from a refusal that something exists."""
    ours, theirs = hub.partner("ours"), hub.partner("theirs")
    mine, other = hub.person(ours, "p1"), hub.person(theirs, "x1")
    hub.circle("south", theirs)
    policy = hub.policy(theirs, policy_document(south={"PLACE": "fine"}), other, hub.person(theirs, "x2"))
    waits = service.call(
        "POST", f"/api/v1/partners/{theirs}/credentials", other, json=good_and_bad(theirs)["credentials"][0]
    ).json["id"]
    bodies = good_and_bad(ours)
    tried = set()
    for method, path, there, absent in (
        ("GET", "/policies/{}", policy, uuid4()),
        ("POST", "/policies/{}/approvals", policy, uuid4()),
        ("POST", "/proposals/{}/approvals", waits, uuid4()),
        ("POST", "/proposals/{}/refusals", waits, uuid4()),
        ("POST", "/partners/{}/suspension", theirs, uuid4()),
        ("POST", "/partners/{}/resumption", theirs, uuid4()),
        ("GET", "/partners/{}/members", theirs, uuid4()),
        ("POST", "/partners/{}/members", theirs, uuid4()),
        ("POST", "/partners/{}/credentials", theirs, uuid4()),
        ("POST", "/partners/{}/agreements", theirs, uuid4()),
        ("POST", "/members/{}/suspension", other.member, uuid4()),
        ("POST", "/members/{}/credentials", other.member, uuid4()),
        ("DELETE", "/credentials/{}", other.kid, "k" * 43),
        ("DELETE", "/circles/{}/memberships", "south", "nowhere"),
        ("DELETE", f"/circles/{{}}/memberships/{theirs}", "south", "nowhere"),
        ("DELETE", f"/circles/{{}}/memberships/{ours}", "south", "nowhere"),
        ("DELETE", "/circles/south/memberships/{}", theirs, uuid4()),
        ("POST", "/circles/{}/closure", "south", "nowhere"),
        ("POST", "/circles/{}/memberships", "south", "nowhere"),
    ):
        form = bodies.get(path.rsplit("/", 1)[1]) if method == "POST" else None
        how: list[dict[str, Any]] = [{}, {"once": "a b"}]
        how += [{"json": said} for said in (*form, *NO_FORM)] if form else [{"json": {}}, {"data": b"x"}]
        seen = set()
        for each in how:
            answers = [
                service.call(method, f"/api/v1{path.format(one)}", mine, **each) for one in (there, absent)
            ]
            first, second = ((answer.status_code, answer.data, list(answer.headers)) for answer in answers)
            assert first == second, (path, each)
            seen.add(first[0])
        assert seen & {403, 404} and not seen & {200, 201, 202, 204}, path
        tried.add((method, re.sub("{}|[0-9a-f-]{36}|south", "x", path)))
    assert tried == {
        (method, re.sub(r"[0-9a-f-]{36}", "x", path.removeprefix("/api/v1")))
        for _, method, path in routes(service.app)
        if method != "HEAD"
        and re.fullmatch(r"/api/v1/(partners|members|credentials|circles|policies|proposals)/.+", path)
    } - {("GET", "/partners/me")}


def test_a_name_that_is_not_asked_for_is_refused_in_every_form(
    service: Service, stewards: tuple[Key, Key]
) -> None:
    hub = service.hub
    home = hub.partner("a")
    expires = "2027-01-01T00:00:00+00:00"
    jwk = as_jwk(Ed25519PrivateKey.generate().public_key())
    forms = {
        "/api/v1/partners": {"slug": "b", "name": "B", "kind": "NGO", "countries": ["RO"]},
        f"/api/v1/partners/{home}/members": {
            "code": "m",
            "roles": ["reviewer"],
            "jwk": jwk,
            "expires": expires,
        },
        f"/api/v1/partners/{home}/credentials": {
            "scopes": ["bulletins:read"],
            "jwk": jwk,
            "expires": expires,
        },
        f"/api/v1/partners/{home}/agreements": {
            "start": "2026-01-01",
            "end": "2027-01-01",
            "purposes": ["research"],
        },
        "/api/v1/circles/south/memberships": {"partner": str(home), "until": "2027-01-01"},
        "/api/v1/policies": {"document": policy_document(), "base": 0},
    }
    guesses = [
        "id", "partner_id", "partner", "status", "epoch", "steward_", "added_at", "totp", "last_otp_step",
        "proposed_by", "decided_by", "outcome", "adopted_by", "seconded_by", "number", "version", "kid", "revoked_at",
        "joined_at", "left_at", "closed_at", "is_admin", "admin", "approved", "approved_by", "second", "by", "act",
    ]  # fmt: skip
    for path, form in forms.items():
        for guess in guesses:
            if guess not in form:
                answer = service.call("POST", path, stewards[0], json={**form, guess: str(uuid4())})
                assert answer.status_code == 422, (path, guess)
                assert answer.json["errors"] == {"?": "unknown_field"}, (path, guess)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("steward", "yes"), ("steward", 1), ("steward", "true"), ("countries", "RO"), ("countries", [1]),
        ("countries", {"0": "RO"}), ("slug", 1), ("slug", ["b"]), ("name", None), ("kind", "Spy"),
    ],
)  # fmt: skip
def test_no_type_is_guessed_and_no_value_repeated(
    service: Service, stewards: tuple[Key, Key], name: str, value: Any
) -> None:
    form = {"slug": "b", "name": "B", "kind": "NGO", "countries": ["RO"], name: value}
    answer = service.call("POST", "/api/v1/partners", stewards[0], json=form)
    assert answer.status_code == 422
    assert "Spy" not in answer.get_data(as_text=True)


def test_a_policy_that_cannot_be_read_is_a_problem_without_its_words(service: Service, hub: Hub) -> None:
    key = hub.person(hub.partner("a"), "p1")
    document = policy_document(south={"PLACE": "fine"}).replace("PLACE", "Qz7canary")
    answer = service.call("POST", "/api/v1/policies", key, json={"document": document, "base": 0})
    assert (answer.status_code, answer.json["code"]) == (422, "policy_invalid")
    assert list(answer.json["errors"].values()) == ["unknown_kind"]
    assert "Qz7canary" not in answer.get_data(as_text=True)
