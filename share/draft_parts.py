"""What a draft is made of, and how it is sealed: under a key of its own, whose end is its end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from config.database import Sealed
from config.envelope import lock, unlock
from config.keystore import KeyGone, KeyStore
from share.errors import NotAcceptable
from share.models_drafts import ReportDraft

LARGEST: Final = 1_500_000

Values = Mapping[str, Any]
Parts = Mapping[str, "Part"]


@dataclass(frozen=True, slots=True)
class Other:
    """The same part as it was typed elsewhere meanwhile; it waits until its writer has looked at both."""

    values: Values = field(repr=False)
    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a draft, the version of the draft in which it last changed, and perhaps a second copy.

    `page` is a random name of the page that it was last saved from.
    """

    values: Values = field(repr=False)
    version: int
    other: Other | None = None
    page: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A draft as its writer sees it. With a `receipt` it was sent, and its parts are gone."""

    id: UUID
    report: UUID | None
    version: int
    parts: Parts = field(repr=False)
    once: str = field(repr=False)
    began_at: datetime
    saved_at: datetime
    expires_at: datetime
    receipt: Values | None


def opened(row: ReportDraft, keystore: KeyStore) -> Opened | None:
    """The row as a value; None where its key is gone."""
    parts: Parts = {}
    if row.content is not None:
        try:
            key = keystore.get(key_name(row.id))
        except KeyGone:
            return None
        parts = _parts(json.loads(unlock(key, row.content, place=_place(row.id))))
    return Opened(
        id=row.id,
        report=row.report_id,
        version=row.version,
        parts=parts,
        once=row.once,
        began_at=row.began_at,
        saved_at=row.saved_at,
        expires_at=row.expires_at,
        receipt=row.receipt,
    )


def sealed(row: ReportDraft, parts: Parts, keystore: KeyStore) -> Sealed:
    """The parts of a draft, sealed under its key. Raises `NotAcceptable` where they are too long."""
    said = json.dumps({place: _plain(part) for place, part in parts.items()}, ensure_ascii=False).encode()
    if len(said) > LARGEST:
        raise NotAcceptable("draft_too_large")
    return lock(keystore.get(key_name(row.id)), said, place=_place(row.id))


def _plain(part: Part) -> Values:
    other = part.other and {**_copy(part.other), "at": part.other.at.isoformat()}
    return {**_copy(part), "other": other, "page": part.page}


def _copy(part: Part | Other) -> dict[str, Any]:
    return {"values": dict(part.values), "version": part.version}


def _parts(said: Mapping[str, Any]) -> Parts:
    return {place: _part(**part) for place, part in said.items()}


def _part(values: Values, version: int, other: Mapping[str, Any] | None, page: str) -> Part:
    if other is None:
        return Part(values, version, page=page)
    at = datetime.fromisoformat(other["at"])
    return Part(values, version, Other(other["values"], other["version"], at), page)


def key_name(draft_id: UUID) -> str:
    """What the key of a draft is called in the key store."""
    return f"draft/{draft_id}"


def _place(draft_id: UUID) -> dict[str, str | int]:
    return {"table": "report_drafts", "field": "content", "draft": str(draft_id)}
