"""The demo's narratives, through the real engine: nothing that must not leave is left, and doubts are held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from story_canaries import SHORTEST, canaries, index, report

from policies.load import floor
from redaction.detectors.models import DEFAULT
from redaction.detectors.standard import standard_engine
from redaction.engine import Engine
from redaction.findings import Examined
from redaction.pipeline import disclose, examine
from share.draft import Draft
from share.schemas import ReportSchema

ENTRIES = [pytest.param(entry, id=entry["file"][:2]) for entry in index()]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return standard_engine(DEFAULT)


@pytest.fixture(scope="module")
def looked(engine: Engine) -> dict[str, tuple[Draft, Examined]]:
    """Every report as a value, with what was found in its narrative."""
    drafts = {entry["file"]: ReportSchema().load(report(entry["file"])) for entry in index()}
    return {
        file: (draft, examine(draft.narrative, engine=engine, known=draft.known(), lang=draft.language))
        for file, draft in drafts.items()
    }


def left_in(text: str, forms: Iterable[str]) -> list[str]:
    """Which of `forms` can still be read in `text`, in capitals or not."""
    return [form for form in forms if len(form) >= SHORTEST and form.casefold() in text.casefold()]


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_canary_is_left_in_the_fullest_text_that_could_ever_leave(
    entry: dict[str, Any], engine: Engine, looked: dict[str, tuple[Draft, Examined]]
) -> None:
    draft, examined = looked[entry["file"]]
    redacted = disclose(
        replace(examined, holds=()),  # as if a reviewer had waved every doubt through
        terms=floor(),
        engine=engine,
        known=draft.known(),
        facts=draft.trafficker_facts(),
    )
    assert redacted.reasons == () and len(redacted.text) > 1000
    assert left_in(redacted.text, canaries(entry["file"])) == []
    for others in entry["beside"].values():
        assert left_in(redacted.text, others) == []


@pytest.mark.parametrize("entry", ENTRIES)
def test_what_is_in_doubt_is_held(entry: dict[str, Any], looked: dict[str, tuple[Draft, Examined]]) -> None:
    _, examined = looked[entry["file"]]
    assert sorted({hold.code for hold in examined.holds}) == entry["expect"]["holds"]
    assert (entry["expect"]["state"] == "held") == bool(examined.holds)


def test_the_network_stays_readable_where_the_people_do_not(
    engine: Engine, looked: dict[str, tuple[Draft, Examined]]
) -> None:
    draft, examined = looked["05-institut-lille.json"]
    redacted = disclose(
        replace(examined, holds=()),
        terms=floor(),
        engine=engine,
        known=draft.known(),
        facts=draft.trafficker_facts(),
    )
    assert "GH-482-XN" in redacted.text and "Bruna" not in redacted.text


def test_in_an_untouched_narrative_the_canaries_would_be_seen() -> None:
    for entry in index():
        assert left_in(report(entry["file"])["narrative"], canaries(entry["file"]))


def test_with_detectors_that_see_nothing_the_second_look_still_holds_the_text(engine: Engine) -> None:
    blind = replace(engine, detectors=(lambda _document: (),))
    draft = ReportSchema().load(report("01-five-women-greenhouse.json"))
    examined = examine(draft.narrative, engine=blind, known=draft.known(), lang=draft.language)
    shown = disclose(examined, terms=floor(), engine=blind, known=draft.known())
    assert shown.held and shown.text == "" and "known_value_left" in shown.reasons
