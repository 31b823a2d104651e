"""Requests that go wrong, each with a name in it: what is answered and logged must not repeat it."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

import jwt
import requests
from story_hub import Caller, Service, lasting

API = "/api/v1"


def provoke(service: Service, caller: Caller, name: str, report: str) -> int:
    """Send everything below with `name` in it; how many requests that were."""
    sent = 0
    token = lasting(caller).token
    for method, path, how in (*_paths(name, report), *_bodies(name, report), *_headers(name), *_tokens(name)):
        headers = {"Authorization": f"Bearer {token}"} | how.pop("headers", {})
        answer = requests.request(method, service.url + path, headers=headers, timeout=60, **how)
        assert answer.status_code < 500, (method, answer.status_code)
        sent += 1
    return sent + _malformed(service, name)


def _paths(name: str, report: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    said = quote(name, safe="")
    for path in (
        *(f"/{said}", f"{API}/{said}", f"{API}/reports/{said}", f"{API}/bulletins/{said}"),
        *(f"{API}/reports/{uuid4()}", f"{API}/reports/{report}/previews/{said}", f"{API}/vocabulary/{said}"),
        *(f"{API}/policies/{said}", f"/api/docs/{said}", f"{API}/bulletins/{uuid4()}/text?lang={said}"),
        *(f"{API}/reports?after={said}", f"{API}/bulletins?limit={said}", f"{API}/ledger?{said}=1"),
        *(f"{API}/consents?report={said}", f"{API}/bulletins.ndjson?after={said}"),
    ):
        yield "GET", path, {}
    yield "POST", f"{API}/reports/{report}/consents/{said}/withdrawal", {}
    yield "POST", f"{API}/circles/{said}/closure", {"json": {}}
    yield "DELETE", f"{API}/credentials/{said}", {}
    yield "PATCH", f"{API}/reports/{said}", {"json": {name: name}}


def _bodies(name: str, report: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for said in (
        *({name: 1}, {"narrative": {name: name}}, {"narrative": [name]}, {"language": name}),
        *({"reference": name * 100}, {"urgent": name}, {"reliability": name}, {"people": name}),
        {"people": [{"code": name, "role": "survivor"}]},
        {"people": [{"code": "P1", "role": name}]},
        {"people": [{"code": "P1", "role": "survivor", "fields": {name: name}}]},
        {
            "people": [
                {"code": "P1", "role": "survivor", "fields": {"prs_Gender": name, "prs_Birthdate": name}}
            ]
        },
        {"people": [{"code": "P1", "role": "survivor", "identifiers": [{"kind": name, "value": name}]}]},
        {"grounds": [{"subject": name, "basis": name, "purposes": [name], "given_on": name}]},
        {"events": [{"hte_Type": name, "hte_City": name, "hte_Country": name, "concerns": [name]}]},
        {"narrative": f"{name} \U000e0041", "people": []},
        {"narrative": f"{name} \u202e", "people": []},
        {"narrative": name, "events": [{"hte_Type": "Transit", "concerns": ["P77"]}]},
    ):
        yield "POST", f"{API}/reports", {"json": said}
    for raw in (
        *(
            f'{{"narrative": "{name}"',
            f'{{"{name}": 1, "{name}": 2}}',
            f'{{"narrative": NaN, "x": "{name}"}}',
        ),
        *(f'["{name}"]', f'"{name}"', "[" * 30 + f'"{name}"' + "]" * 30, f'{{"narrative": "{name}\\ud800"}}'),
    ):
        yield (
            "POST",
            f"{API}/reports",
            {"data": raw.encode(), "headers": {"Content-Type": "application/json"}},
        )
    utf16 = {"data": json.dumps({"narrative": name}).encode("utf-16")}
    yield "POST", f"{API}/reports", utf16 | {"headers": {"Content-Type": "application/json"}}
    yield "POST", f"{API}/reports", {"data": {"narrative": name}}
    yield "POST", f"{API}/reports", {"files": {"file": (f"{name}.jpg", name.encode())}}
    yield (
        "POST",
        f"{API}/reports/{report}/amendments",
        {"json": {"reason": name, "report": {"narrative": name}}},
    )
    yield "POST", f"{API}/reports/{report}/approvals", {"json": {"circle": name, "content_sha256": name}}
    yield "POST", f"{API}/reports/{report}/refusal", {"json": {"reason": name}}
    spans = {"version": 1, "start": 0, "end": 5, "kind": name}
    yield "POST", f"{API}/reports/{report}/review/spans", {"json": spans}
    yield "POST", f"{API}/policies", {"json": {"document": f"{name}: [{name}", "base": 0}}
    yield "POST", f"{API}/policies", {"json": {"document": f"policy: {name}\n{name}: 1\n", "base": 0}}


def _headers(name: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    said: Mapping[str, str] = {
        header: name.encode().decode("latin-1")
        for header in (
            *("Idempotency-Key", "Accept", "Accept-Language", "User-Agent", "Referer", "Cookie", "Origin"),
            *("X-Forwarded-For", "X-Request-ID", "X-HTTP-Method-Override", "If-None-Match", "Range"),
        )
    }
    for header, value in said.items():
        yield "GET", f"{API}/reports", {"headers": {header: value}}
        yield "POST", f"{API}/reports", {"json": {"narrative": 1}, "headers": {header: value}}
    for header in ("Content-Type", "Content-Encoding"):
        value = name.encode().decode("latin-1")
        yield "POST", f"{API}/reports", {"data": name.encode(), "headers": {header: value}}


def _tokens(name: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    forged = jwt.encode({"sub": name, "iss": name, "aud": name}, b"k" * 32, "HS256", headers={"kid": name})
    for token in (forged, name.encode().decode("latin-1")):
        yield "GET", f"{API}/reports", {"headers": {"Authorization": f"Bearer {token}"}}
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    for form in (
        {"grant_type": name},
        {"grant_type": "client_credentials", "client_assertion_type": kind, "client_assertion": forged},
        {"grant_type": "client_credentials", "client_assertion_type": kind, "client_assertion": name},
        {"grant_type": "client_credentials", "scope": name, name: name},
    ):
        yield "POST", "/oauth/token", {"data": form}


def _malformed(service: Service, name: str) -> int:
    """What is no HTTP at all; answers go back through `requests` nowhere, so they are looked at here."""
    raw = name.encode()
    shapes = (
        b"GET /" + raw + b"\r\n\r\n",
        raw + b" / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + raw + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + raw + b": 1\r\n\r\n",
        b"GET /" + raw * 2000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /api/v1/reports HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + raw + b"\r\n",
        b"POST /api/v1/reports HTTP/1.1\r\nHost: x\r\nContent-Length: " + raw + b"\r\n\r\n",
    )
    where = urlsplit(service.url)
    for shape in shapes:
        with socket.create_connection((where.hostname, where.port), timeout=20) as line:
            line.sendall(shape)
            line.shutdown(socket.SHUT_WR)
            heard = b"".join(iter(lambda line=line: line.recv(65536), b""))
        assert raw not in heard, "an answer repeated what was sent"
    return len(shapes)
