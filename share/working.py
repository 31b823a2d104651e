"""Working copies: what reviewers and re-redaction need, sealed under a key of its own that can be destroyed.

A working copy holds the draft and the findings; it lives until some days after the last publication. The sealed
original is another thing, under another key, and cannot be opened from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from config.database import Sealed
from config.envelope import lock, unlock
from config.keystore import KeyStore, KeyTaken
from redaction.findings import Examined
from share.draft import Draft

T = TypeVar("T")

_DRAFT = TypeAdapter(Draft)
_EXAMINED = TypeAdapter(Examined)


class WorkingCopyUnreadable(Exception):
    """The working copy no longer fits what this version reads. No word of it is in this error."""


@dataclass(frozen=True, slots=True)
class WorkingCopies:
    """Seals and opens working copies; one key per version in the key store."""

    keystore: KeyStore

    def seal_draft(self, draft: Draft, *, report: UUID, version: int) -> Sealed:
        """Seal a draft as the working copy of this version; makes its key, unless a try before this one did."""
        name = _name(report, version)
        try:
            key = self.keystore.create(name, "working")
        except KeyTaken:
            key = self.keystore.get(name)
        return lock(key, _DRAFT.dump_json(draft), place=_place(report, version, "draft"))

    def seal_findings(self, examined: Examined, *, report: UUID, version: int) -> Sealed:
        """Seal what was found in the narrative of this version."""
        key = self.keystore.get(_name(report, version))
        return lock(key, _EXAMINED.dump_json(examined), place=_place(report, version, "findings"))

    def draft(self, sealed: Sealed, *, report: UUID, version: int) -> Draft:
        """The draft again. Raises `KeyGone` once the working copy was destroyed."""
        key = self.keystore.get(_name(report, version))
        return _read(_DRAFT, unlock(key, sealed, place=_place(report, version, "draft")))

    def findings(self, sealed: Sealed, *, report: UUID, version: int) -> Examined:
        """The findings again. Raises `KeyGone` once the working copy was destroyed."""
        key = self.keystore.get(_name(report, version))
        return _read(_EXAMINED, unlock(key, sealed, place=_place(report, version, "findings")))

    def destroy(self, report: UUID, *, version: int) -> None:
        """Make the working copy of one version unreadable for good; may be repeated."""
        self.keystore.destroy(_name(report, version))


def _read(adapter: TypeAdapter[T], data: bytes) -> T:
    try:
        return adapter.validate_json(data)
    except ValidationError:
        raise WorkingCopyUnreadable from None  # pydantic quotes what it could not read


def _name(report: UUID, version: int) -> str:
    return f"working/{report}/{version}"


def _place(report: UUID, version: int, field: str) -> dict[str, str | int]:
    return {"table": "report_versions", "field": field, "report": str(report), "version": version}
