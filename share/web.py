"""What every view of the interface shares: the desk, strict reading of what was sent, and how answers leave."""

from __future__ import annotations

import codecs
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from time import perf_counter
from typing import Any, Final, NoReturn, cast
from uuid import uuid4

import rfc8785
from flask import Request, Response, abort, current_app, g, request
from flask_smorest import Api, Blueprint
from marshmallow import RAISE, Schema, ValidationError
from structlog.contextvars import bind_contextvars, clear_contextvars
from werkzeug.exceptions import HTTPException

from config.logs import get_logger
from partners.guard import PUBLIC
from partners.web import following as following
from partners.web import once as once
from share.desk import Desk
from share.openapi import described
from share.problems import MEDIA_TYPE, ProblemSchema, problem, refusals
from share.signing import strict_json

EXTENSION: Final = "parallax.share"
API: Final = "/api/v1"
LARGEST_BODY: Final = 2 * 1024 * 1024
DEEPEST: Final = 20
NO_STORE: Final = {"Cache-Control": "no-store"}
_SURROGATE = re.compile(r"[\ud800-\udfff]")


log = get_logger()


class Refusal(HTTPException):
    """The request was not taken. `data` is what the error handler makes a problem of."""

    def __init__(self, status: HTTPStatus, code: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.code = status
        self.data = {"code": code, "errors": errors or {}}


def current_desk() -> Desk:
    """The desk of this room, as `api.py` put it into the running application."""
    return cast(Desk, current_app.extensions[EXTENSION])


def canonical(value: Mapping[str, Any], **headers: str) -> Response:
    """`value` as RFC 8785 JSON: signed content inside it stays what was signed, byte for byte."""
    return Response(rfc8785.dumps(dict(value)), mimetype="application/json", headers=headers)


def read_strictly() -> None:
    """Have every blueprint of the application read what is sent in one strict way. May be repeated."""
    parser = Blueprint.ARGUMENTS_PARSER
    parser.location_loader("json")(_json)
    parser.error_handler(_refused)
    parser.DEFAULT_UNKNOWN_BY_LOCATION = {**parser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE}


def _json(asked: Request, _schema: Schema) -> Any:
    if asked.mimetype != "application/json" or asked.headers.get("Content-Encoding"):
        abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    body = asked.get_data()
    try:
        body.decode()
        said = strict_json(body)
    except ValueError:
        raise Refusal(HTTPStatus.BAD_REQUEST, "malformed_json") from None
    if b"\0" in body or body.startswith(codecs.BOM_UTF8):
        raise Refusal(HTTPStatus.BAD_REQUEST, "malformed_json")  # else it would be read in another encoding
    _demand_plain(said)
    return said


def _demand_plain(said: Any) -> None:
    """Refuse deep nesting and broken characters, before anybody walks through it in another way."""
    level = [said]
    for _ in range(DEEPEST):
        if any(isinstance(each, str) and _SURROGATE.search(each) for each in level):
            raise Refusal(HTTPStatus.BAD_REQUEST, "not_unicode")
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return
    raise Refusal(HTTPStatus.BAD_REQUEST, "nested_too_deep")


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []


def _refused(error: ValidationError, _asked: Request, schema: Schema, **_how: Any) -> NoReturn:
    (messages,) = error.messages_dict.values()
    raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", refusals(messages, schema)) from None


def begin() -> None:
    """Give the request a name of our own for the logs; what the client calls it is not looked at."""
    clear_contextvars()
    bind_contextvars(request_id=uuid4().hex)
    g.parallax_began = perf_counter()


def finish(answer: Response) -> Response:
    """What every answer leaves with: caching and security headers, and for reads a tag of the body as sent.

    The tag is keyed, so that whoever sees it in a log cannot test a guess of the body against it.
    """
    answer.headers.setdefault("Cache-Control", "private, no-cache")
    for name, value in SECURITY.items():
        answer.headers.setdefault(name, value)
    readable = request.method in ("GET", "HEAD") and answer.status_code == HTTPStatus.OK
    if readable and not answer.is_streamed:
        key = current_desk().tag_key
        answer.set_etag(hmac.new(key, answer.get_data(), hashlib.sha256).hexdigest()[:32])
        answer.make_conditional(request.environ)
    _note(answer)
    return answer


def _note(answer: Response) -> None:
    """One line in the log: the route and not the address, how it went, and who asked."""
    actor, rule = g.get("parallax_actor"), request.url_rule
    log.info(
        "answered",
        method=request.method,
        route=str(rule) if rule else None,
        status=answer.status_code,
        duration_ms=round(1000 * (perf_counter() - g.parallax_began), 1),
        actor=actor.ref if actor else "anonymous",
    )


SECURITY: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class ProblemApi(Api):  # type: ignore[misc]  # flask-smorest has no types
    """flask-smorest, with every error as a problem (RFC 9457) that repeats nothing."""

    ERROR_SCHEMA = ProblemSchema

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Any HTTP error as a problem. Descriptions of others are not passed on: they may quote the request."""
        said = getattr(error, "data", None) or {}
        status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
        answer = as_problem(status, said.get("code"), said.get("errors"))
        answer.headers.extend(said.get("headers") or {})
        if methods := getattr(error, "valid_methods", None):
            answer.headers["Allow"] = ", ".join(sorted(methods))
        return answer

    def _openapi_json(self) -> Response:
        """The description, with what all operations have in common written in once."""
        rules = [rule for rule in current_app.url_map.iter_rules() if rule.endpoint in PUBLIC]
        paths = [(method.lower(), str(rule)) for rule in rules for method in rule.methods or ()]
        return Response(
            json.dumps(described(self.spec.to_dict(), open_to_all=frozenset(paths))),
            mimetype="application/json",
        )

    def _register_responses(self) -> None:  # overrides a private method: look again at each upgrade
        self.DEFAULT_RESPONSE_CONTENT_TYPE = MEDIA_TYPE
        try:
            super()._register_responses()
        finally:
            del self.DEFAULT_RESPONSE_CONTENT_TYPE


def as_problem(status: int, code: str | None, errors: Mapping[str, str] | None = None) -> Response:
    """A problem as an answer; it may not be stored, since the next one may be different."""
    body = json.dumps(problem(status, code, errors), sort_keys=True, separators=(",", ":"))
    return Response(body, status, mimetype=MEDIA_TYPE, headers=NO_STORE)
