"""Two capitals that somebody is called by once are hers everywhere; what they mean elsewhere is left alone."""

from __future__ import annotations

from redaction_builders import engine_of, found, terms

from redaction.findings import Detector, Document, Finding
from redaction.pipeline import redact

TEXT = "Initial contact: DB. DB said no. [DB = client] A db file of the GP and of the UK."


def saying(*findings: Finding) -> Detector:
    def detector(_: Document) -> list[Finding]:
        return list(findings)

    return detector


def redacted(text: str, *findings: Finding) -> str:
    return redact(text, terms=terms(), engine=engine_of(saying(*findings)), lang="en").text


def test_initials_found_once_are_found_everywhere_as_they_were_written() -> None:
    said = redacted(TEXT, found(TEXT, "DB", "PERSON"))
    assert "DB" not in said and "[[PERSON] = client]" in said
    assert "A db file of the GP and of the UK." in said


def test_two_capitals_that_are_no_person_are_found_only_where_they_were_found() -> None:
    assert redacted(TEXT, found(TEXT, "DB", "ORGANISATION")).count("DB") == 2


def test_capitals_that_mean_something_else_in_most_reports_are_not_looked_for() -> None:
    text = "The UK said no. The UK and the GP, the GP."
    assert redacted(text, found(text, "UK", "PERSON")).count("UK") == 1
    assert redacted(text, found(text, "GP", "PERSON")).count("GP") == 1
