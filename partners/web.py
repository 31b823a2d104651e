"""What the views of this room share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import request

from partners.guard import current_actor, current_partners_desk
from partners.proposals import propose
from partners.rules import Request
from partners.waiting import Asked

API: Final = "/api/v1"


def put(asked: Request) -> Asked:
    """Put a request before a second person, once for each `Idempotency-Key`."""
    return propose(asked, by=current_actor(), desk=current_partners_desk(), key=idempotency_key())


def idempotency_key() -> str | None:
    """What the client calls this write, so that asking again is not asking twice."""
    return request.headers.get("Idempotency-Key")


def tuples(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What a schema read, with its lists as the tuples that frozen requests want."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in asked.items()}
