"""What the views of this room share, and those of the rooms above: keys of repeated writes, and lists in parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from flask import request, url_for
from werkzeug.exceptions import BadRequest

from partners.guard import current_actor, current_partners_desk
from partners.idempotency import Once
from partners.pages import Cursor, Page
from partners.proposals import propose
from partners.rules import Request
from partners.waiting import Asked

API: Final = "/api/v1"
_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")


class BadKey(BadRequest):
    """400: an `Idempotency-Key` that is too long, empty, or not of visible ASCII."""

    data: Final = {"code": "bad_idempotency_key"}


def once() -> Once:
    """The asker's `Idempotency-Key` and everything that makes this request this request."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise BadKey
    actor = current_actor()
    body = request.get_data()
    asked = f"{request.method} {request.path}\n\n".encode() + body
    return Once(actor.partner, key, asked, body, actor.member)


def put(asked: Request) -> Asked:
    """Put a request before a second person, once for each `Idempotency-Key`."""
    return propose(asked, by=current_actor(), once=once(), desk=current_partners_desk())


def following(
    endpoint: str, after: Cursor | None, limit: int, **where: Any
) -> tuple[str | None, dict[str, str]]:
    """The address of the next page, and the same as a `Link` header. `where` is what else the address names."""
    if after is None:
        return None, {}
    address = url_for(endpoint, after=after, limit=limit, **where)
    return address, {"Link": f'<{address}>; rel="next"'}


def paged(
    page: Page[Any], endpoint: str, limit: int, **where: Any
) -> tuple[Mapping[str, Any], dict[str, str]]:
    """A page as it is answered: its items, and where the list goes on."""
    address, headers = following(endpoint, page.after, limit, **where)
    return {"items": page.items, "next": address}, headers


def tuples(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What a schema read, with its lists as the tuples that frozen requests want."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in asked.items()}
