"""The token endpoint (RFC 6749, RFC 7523) and our public keys: what is asked for before anybody is known."""

# The decorators of flask-smorest have no types.
# mypy: allow-untyped-decorators

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Response, jsonify, request
from flask_smorest import Blueprint

from partners.access import grant_token
from partners.errors import TokenError
from partners.guard import Scope, current_partners_desk, public
from partners.jwks import published

_FORM: Final = "application/x-www-form-urlencoded"
_GRANT: Final = "client_credentials"
_ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_REQUIRED: Final = ("grant_type", "client_assertion_type", "client_assertion")
_FIELDS: Final = frozenset({*_REQUIRED, "scope", "client_id"})

auth = Blueprint("auth", __name__, description="Tokens for clients, and the keys that we sign with.")


@auth.post("/oauth/token")
@public
@auth.doc(
    requestBody={
        "required": True,
        "content": {
            _FORM: {
                "schema": {
                    "type": "object",
                    "required": list(_REQUIRED),
                    "properties": {name: {"type": "string"} for name in sorted(_FIELDS)},
                }
            }
        },
    },
    responses={
        "200": {"description": "An access token for ten minutes."},
        "400": {"description": "Not such a request, or a scope that is not yours (RFC 6749)."},
        "401": {"description": "Not a client that is known and in good standing (RFC 6749)."},
        "429": {"description": "Too many tokens in this minute."},
    },
)
def issue_token() -> Response:
    """Give a token for a signed assertion (RFC 7523).

    An unknown client, a wrong signature, a used assertion and a wrong one-time code are answered alike.
    """
    form = _token_form()
    if form is None:
        return _no_token("invalid_request", HTTPStatus.BAD_REQUEST)
    try:
        grant = grant_token(
            form["client_assertion"],
            wanted=_wanted(form.get("scope")),
            desk=current_partners_desk(),
            client_id=form.get("client_id"),
        )
    except TokenError as refused:
        if refused.code == "scope":
            return _no_token("invalid_scope", HTTPStatus.BAD_REQUEST)
        if refused.code == "too_many":
            answer = _no_token("temporarily_unavailable", HTTPStatus.TOO_MANY_REQUESTS)
            answer.headers["Retry-After"] = "60"
            return answer
        return _no_token("invalid_client", HTTPStatus.UNAUTHORIZED)
    answer = jsonify(
        access_token=grant.token,
        token_type="Bearer",  # noqa: S106
        expires_in=grant.expires_in,
        scope=" ".join(sorted(grant.scopes)),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@auth.get("/.well-known/jwks.json")
@public
@auth.doc(responses={"200": {"description": "A JSON Web Key Set (RFC 7517)."}})
def published_keys() -> Response:
    """The public keys with which our tokens and bulletins can be verified."""
    keys = current_partners_desk().keys
    ours = {keys.token.kid: keys.token.public, **keys.verify}
    return jsonify(keys=[published(kid, key) for kid, key in sorted(ours.items())])


def _token_form() -> dict[str, str] | None:
    """The form fields, each exactly once and none unknown; None for anything else."""
    if request.mimetype != _FORM or request.args:
        return None
    form = dict(request.form.lists())
    if not form.keys() <= _FIELDS or any(len(values) != 1 for values in form.values()):
        return None
    single = {name: values[0] for name, values in form.items()}
    right = single.get("grant_type") == _GRANT and single.get("client_assertion_type") == _ASSERTION
    return single if right and "client_assertion" in single else None


def _wanted(scope: str | None) -> frozenset[Scope] | None:
    """The scopes asked for; None for all that there are. An unknown word asks for what nobody has."""
    if scope is None:
        return None
    try:
        return frozenset(Scope(word) for word in scope.split(" ") if word)
    except ValueError:
        raise TokenError("scope") from None


def _no_token(code: str, status: HTTPStatus) -> Response:
    answer = jsonify(error=code)
    answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    return answer
