"""Errors as RFC 9457 problem details: a stable code, what to do about it, and nothing of what was sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from marshmallow import Schema, fields

MEDIA_TYPE: Final = "application/problem+json"
UNNAMED: Final = "?"
"""Stands for a name that was sent and that we do not know: it may be somebody's."""

ADVICE: Final[Mapping[str, str]] = {
    "bad_request": "The request could not be understood.",
    "malformed_json": "Send one JSON object in UTF-8, with each name once and without NaN.",
    "nested_too_deep": "Send JSON with at most 20 levels.",
    "not_unicode": "Send whole Unicode characters: a surrogate stands alone in a text.",
    "bad_idempotency_key": "Send one Idempotency-Key of 1 to 200 visible ASCII characters, or none.",
    "unauthenticated": "Send a valid access token: Authorization: Bearer.",
    "not_allowed": "Your credential may not do this.",
    "not_found": "There is no such thing, or it is not yours.",
    "method_not_allowed": "Use one of the methods that `Allow` lists.",
    "not_acceptable": "Ask for a form that the description of this interface lists.",
    "conflict": "It clashes with what is already there; look at it again.",
    "too_large": "Send at most 2 MiB, and a narrative of at most 200,000 characters.",
    "unsupported_media_type": "Send application/json without a content encoding.",
    "invalid": "Correct the fields named in `errors`.",
    "internal": "This is our mistake, and it was written down. Nothing was stored.",
    "busy": "Try again in a moment.",
    "already_recalled": "It was taken back before; nothing is left to do.",
    "already_withdrawn": "This ground was withdrawn before; nothing is left to do.",
    "already_refused": "This report was refused before; nothing is left to do.",
    "changed_meanwhile": "Somebody changed it meanwhile; read it again.",
    "idempotency_key_reused": "This Idempotency-Key was used for another request; take a new one.",
    "no_agreement_in_force": "Your organisation has no agreement in force; ask a steward.",
    "nothing_to_approve": "There is nothing that this circle could be told.",
    "person_required": "A member with a second factor has to do this.",
    "preview_stale": "What would be published is not what you looked at; open the preview again.",
    "reference_taken": "You have a report of this reference; amend it instead.",
    "working_copy_gone": "The working copy was destroyed; only the sealed original is left.",
    "empty_report": "Send a narrative, a person or a statement.",
}
"""What to do about each code. A code that is not here is explained by its kind."""

FIELD_CODES: Final[Mapping[str, str]] = {
    "missing": "it is required and may not be null",
    "unknown_field": "there is no such field; `?` stands for its name",
    "wrong_type": "another JSON type is wanted, and none is converted",
    "wrong_form": "it does not match the pattern of this field",
    "unknown_code": "it is not a code of this field's list; see /api/v1/vocabulary",
    "too_long": "it has too many characters",
    "too_many": "the list is too long",
    "empty": "it may not be empty",
    "out_of_range": "the number is too small or too large",
    "not_a_day": "write a day as YYYY-MM-DD",
    "not_a_date": "write YYYY, YYYY-MM or YYYY-MM-DD",
    "not_a_moment": "write a moment with its time zone (RFC 3339)",
    "not_an_id": "write the id in lower case, as it was given to you",
    "not_of_that_country": "the division and the country do not belong together",
}
"""What the codes in `errors` mean. A use case may add codes of its own, which say what they mean."""

_WORD = re.compile(r"[a-z][a-z0-9_]{0,63}")
_GENERAL: Final = {
    HTTPStatus.BAD_REQUEST: "bad_request",
    HTTPStatus.UNAUTHORIZED: "unauthenticated",
    HTTPStatus.FORBIDDEN: "not_allowed",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.NOT_ACCEPTABLE: "not_acceptable",
    HTTPStatus.CONFLICT: "conflict",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
    HTTPStatus.UNPROCESSABLE_ENTITY: "invalid",
    HTTPStatus.TOO_MANY_REQUESTS: "busy",
    HTTPStatus.SERVICE_UNAVAILABLE: "busy",
}
_FOREIGN: Final = {
    "Missing data for required field.": "missing",
    "Field may not be null.": "missing",
    "Unknown field.": "unknown_field",
    "Invalid input type.": "wrong_type",
    "Not a valid string.": "wrong_type",
    "Not a valid integer.": "wrong_type",
    "Not a valid boolean.": "wrong_type",
    "Not a valid list.": "wrong_type",
    "Not a valid mapping type.": "wrong_type",
    "Not a valid date.": "not_a_day",
    "Not a valid aware datetime.": "not_a_moment",
    "Not a valid UUID.": "not_an_id",
}
"""What marshmallow says where a schema has no codes of its own."""


class ProblemSchema(Schema):
    """An error (RFC 9457). `errors` maps the path of a field to a code."""

    type = fields.String(required=True, metadata={"examples": ["about:blank"]})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True, metadata={"description": "Stable; meant for programs."})
    detail = fields.String(required=True, metadata={"description": "What to do about it."})
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "; ".join(f"`{code}`: {what}" for code, what in FIELD_CODES.items())},
    )


def problem(status: int, code: str | None = None, errors: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The problem as JSON values. Two problems of one status and code differ in their `errors` at most."""
    known = HTTPStatus(status)
    general = _GENERAL.get(known, "internal" if known >= 500 else "bad_request")
    said = code if code and _WORD.fullmatch(code) else general
    told: dict[str, Any] = {
        "type": "about:blank",
        "title": known.phrase,
        "status": status,
        "code": said,
        "detail": ADVICE.get(said, ADVICE[general]),
    }
    return told | ({"errors": dict(errors)} if errors else {})


def refusals(messages: Any, schema: Schema) -> dict[str, str]:
    """Why a schema refused what was sent: the path of each field, in names of our own, and a code.

    A name that the schema does not have is not repeated; it stands as `?`.
    """
    return dict(_refusals(messages, schema, ()))


def _refusals(messages: Any, under: object, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """`under` is what the messages are about: a schema, a field, or None where we know no names."""
    if isinstance(under, fields.Nested):
        under = under.schema
    if not isinstance(messages, Mapping):
        said = messages[0] if isinstance(messages, list) and messages else messages
        yield ".".join(path) or "body", _code(said)
        return
    for name, inner in messages.items():
        if name == "_schema":
            yield from _refusals(inner, None, path)
        elif isinstance(under, fields.List) and isinstance(name, int):
            yield from _refusals(inner, under.inner, (*path, str(name)))
        else:
            field = _named(under, name)
            yield from _refusals(inner, field, (*path, str(name) if field else UNNAMED))


def _named(under: object, name: object) -> fields.Field[Any] | None:
    """The field that goes by `name` on the wire."""
    if not isinstance(under, Schema):
        return None
    by_wire = {field.data_key or own: field for own, field in under.fields.items()}
    return by_wire.get(name) if isinstance(name, str) else None


def _code(said: object) -> str:
    if not isinstance(said, str):
        return "invalid"
    return _FOREIGN.get(said, said if _WORD.fullmatch(said) else "invalid")
