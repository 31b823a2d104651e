"""What every operation of the interface has in common, written into its OpenAPI description. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

SECURITY: Final = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Sent again with the same key, a write happens once and is answered alike.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[\x21-\x7e]{1,200}$"},
}
IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of what you have; answered with 304 if nothing has changed.",
    "schema": {"type": "string"},
}
ETAG: Final = {"description": "Changes with the body.", "schema": {"type": "string"}}
WRITES: Final = ("post", "put", "patch", "delete")


def described(spec: Mapping[str, Any], *, open_to_all: Collection[tuple[str, str]]) -> dict[str, Any]:
    """`spec` with tokens, retries and tags written in. `open_to_all` are (method, path) without a token."""
    whole = {**spec, "components": {**spec["components"], "securitySchemes": SECURITY}}
    whole["paths"] = {
        path: dict(_operations(path, operations, open_to_all)) for path, operations in spec["paths"].items()
    }
    return whole


def _operations(
    path: str, operations: Mapping[str, Any], open_to_all: Collection[tuple[str, str]]
) -> Iterator[tuple[str, Any]]:
    for method, operation in operations.items():
        if method != "get" and method not in WRITES:
            yield method, operation
            continue
        is_open = (method, path) in open_to_all
        common: dict[str, Any] = {"security": [] if is_open else [{"token": []}]}
        yield (
            method,
            {**operation, **common, **(_read(operation) if method == "get" else _write(operation, is_open))},
        )


def _read(operation: Mapping[str, Any]) -> dict[str, Any]:
    responses = {
        status: {**said, "headers": {**said.get("headers", {}), "ETag": ETAG}} if status == "200" else said
        for status, said in operation.get("responses", {}).items()
    }
    return {
        "parameters": [*operation.get("parameters", []), IF_NONE_MATCH],
        "responses": {**responses, "304": {"description": "You have it already."}},
    }


def _write(operation: Mapping[str, Any], is_open: bool) -> dict[str, Any]:
    return {} if is_open else {"parameters": [*operation.get("parameters", []), IDEMPOTENCY_KEY]}
