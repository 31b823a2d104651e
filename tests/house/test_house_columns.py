"""The inventory of columns that hold survivors' words: each of them is encrypted, and no other is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Text

import ledger.models  # noqa: F401  the tables of every room
import partners.models
import partners.models_people  # noqa: F401
import share.models  # noqa: F401
from config.database import Base, Encrypted

HOLDS_A_SECRET = {
    "accounts.totp": "a member's second factor at the browser",
    "members.totp": "the second factor beside a member's key",
    "sittings.pending": "a second factor that is being set up",
    "import_files.content": "a spreadsheet of reports that waits for its sender's yes",
    "report_drafts.content": "a report that is still being written",
    "report_versions.original": "the report as received",
    "report_versions.working_copy": "the draft: narrative, identifiers, typed facts",
    "report_versions.findings": "the narrative and what was found in it",
}

WORDS_IN_CLEAR = {
    "policy_versions.document": "a partner's policy, which names kinds and circles and nobody",
    "ledger_entries.codes": "codes by name; the ledger refuses anything else",
    "bulletin_versions.content": "what was published",
    "bulletin_versions.envelope": "what was published",
    "bulletin_versions.signature": "what was published, signed: a JWS with its payload",
}


def columns() -> list[Column[Any]]:
    return [column for table in Base.metadata.tables.values() for column in table.columns]


def test_what_must_be_encrypted_is() -> None:
    encrypted = {str(column) for column in columns() if isinstance(column.type, Encrypted)}
    assert encrypted == set(HOLDS_A_SECRET)


def test_no_other_column_could_hold_a_text() -> None:
    unbounded = {
        str(column) for column in columns() if isinstance(column.type, Text) and column.type.length is None
    }
    assert unbounded <= set(WORDS_IN_CLEAR)
