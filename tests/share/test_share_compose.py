"""Nothing that somebody typed leaves by itself unless it is what its kind says, and a preview shows the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from builders import World, make_draft, make_ground, make_person, once

from partners.values import Actor
from policies.terms import Terms
from policies.vocabulary import VOCABULARY
from redaction.detectors import known_values
from redaction.detectors.known_likeness import NamesLookedUp
from redaction.detectors.known_ready import Ready
from redaction.detectors.second_look import SECOND_LOOK
from redaction.findings import Document, Finding, Hold, Unsafe
from share.approval import approve, preview
from share.compose import Composed, Voices, compose, govern_statements, shareable_facts
from share.doubts import LOOKS
from share.draft import Event, Lead
from share.reading import bulletins_for
from share.worker import run_all

ON = date(2026, 3, 2)
STORY = "Viorica Lungu from Bihor, born 4 May 2001, phone 0740 123 456, is at the shelter on Strada Lunga 3"
SAYS_MORE = [
    pytest.param(Lead("ADVERT", STORY), "fact_not_of_its_form", id="a story"),
    pytest.param(Lead("VENUE", "Salon Viorica, 0740 123 456"), "fact_says_more_than_its_kind", id="a phone"),
    pytest.param(
        Lead("VENUE", "Casa Lungu, born 4 May 2001"), "fact_says_more_than_its_kind", id="a birthday"
    ),
    pytest.param(
        Lead("VENUE", "the flat of her sister Viorica"), "fact_says_more_than_its_kind", id="a sister"
    ),
]


@pytest.fixture
def shelter(world: World) -> Actor:
    return world.partner("shelter")


@pytest.fixture
def reader(world: World, shelter: Actor) -> Actor:
    made = world.partner("reader")
    world.circle("neighbours", made)
    return made


def told(world: World, reader: Actor) -> str:
    page = bulletins_for(reader, after=None, limit=100, desk=world.desk)
    return str([bulletin.to_plain() for bulletin in page.bulletins])


def say_yes(world: World, report: UUID, by: Actor) -> bytes:
    """A person approves exactly what the preview shows."""
    shown = preview(report, circle="neighbours", by=by, desk=world.desk)
    said = {"circle": "neighbours", "content_sha256": shown.content_sha256}
    approve(report, **said, by=by, once=once(by), desk=world.desk)
    run_all(world.desk)
    return shown.content


@pytest.mark.parametrize(("lead", "code"), SAYS_MORE)
def test_what_says_more_than_its_kind_is_never_told(
    world: World, shelter: Actor, reader: Actor, lead: Lead, code: str
) -> None:
    report = world.post(make_draft(narrative="", leads=(lead, Lead("VENUE", "Bar Example"))), shelter)
    assert told(world, reader) == "[]"
    shown = preview(report, circle="neighbours", by=shelter, desk=world.desk)
    assert shown.problems == (code,)
    assert "Viorica" not in shown.content.decode() and "Bar Example" in shown.content.decode()
    say_yes(world, report, shelter)
    assert "Viorica" not in told(world, reader) and "Bar Example" in told(world, reader)


def test_what_reads_like_text_leaves_only_when_a_person_has_seen_it(
    world: World, shelter: Actor, reader: Actor
) -> None:
    lead = Lead("VENUE", "car wash behind the Lidl, Sector 4")
    report = world.post(make_draft(leads=(lead,)), shelter)
    assert told(world, reader) == "[]"
    shown = preview(report, circle="neighbours", by=shelter, desk=world.desk)
    assert shown.problems == ("fact_reads_like_text",)
    assert lead.value.encode() in say_yes(world, report, shelter)
    assert lead.value in told(world, reader)


def test_an_ordinary_venue_leaves_by_itself(world: World, shelter: Actor, reader: Actor) -> None:
    """The control of the tests above: they do not pass because typed facts are never told."""
    world.post(make_draft(leads=(Lead("VENUE", "Hotel Example, Ruse"),)), shelter)
    assert "Hotel Example, Ruse" in told(world, reader)


def test_a_town_that_holds_an_address_is_not_told() -> None:
    """Were the floor ever to let towns out: it lets nothing finer than a division leave today."""
    place = {"city": "Oradea, Strada Lunga 3", "state": "RO-BH", "country": "RO"}
    draft = make_draft(events=(Event("Transit", **place, concerns=("no-subject",)),))
    made = compose(draft, voices=_voices(), narrative=None, alias=lambda _: "alias", received=ON)
    assert "fact_says_more_than_its_kind" in made.problems
    assert b"Lunga" not in made.content.canonical()


def composed(*leads: Lead, names: tuple[str, ...] = ("Ioana Popescu",), **how: Any) -> Composed:
    """What would be told of these leads by voices that let everything out, about a report with these people."""
    return compose(
        _draft(leads, names), voices=_voices(), narrative=None, alias=lambda _: "alias", received=ON, **how
    )


def _draft(leads: tuple[Lead, ...], names: tuple[str, ...]) -> Any:
    people = tuple(make_person(f"P{number}", names=(name,)) for number, name in enumerate(names, 1))
    grounds = (make_ground("no-subject"),)
    return make_draft(people=people, grounds=grounds, leads=leads, suspects=(), events=(), patterns=())


def _voices() -> Voices:
    free = Terms.everything(VOCABULARY.kinds, VOCABULARY.purposes)
    return Voices(
        floor=free,
        source=free,
        clearance=free,
        grounds=(make_ground("no-subject", basis="no-subject").ground,),
        circle="neighbours",
        purpose="other-organisations",
        on=ON,
        every_circle=frozenset({"neighbours"}),
    )


def venues(*values: str) -> tuple[Lead, ...]:
    return tuple(Lead("VENUE", value, concerns=("no-subject",)) for value in values)


def values(said: Composed) -> set[str]:
    return {fact.value for section in said.content.sections for fact in section.facts}


def test_without_a_look_the_phone_in_a_venue_would_be_told() -> None:
    """The control: what is looked with is an argument, and it is what sees the phone."""
    salon = venues("Salon Viorica, 0740 123 456")
    assert values(composed(*salon)) == set()
    assert values(composed(*salon, looks=())) == {"Salon Viorica, 0740 123 456"}


@pytest.mark.parametrize("trouble", [Unsafe("encoded_too_deeply"), TimeoutError()])
def test_what_cannot_be_looked_at_is_not_told(trouble: Exception) -> None:
    def fails(_: Document) -> Iterator[Finding]:
        raise trouble

    said = composed(*venues("Hotel Example"), looks=(fails,))
    assert values(said) == set() and said.problems == ("fact_says_more_than_its_kind",)


def test_what_is_not_told_is_not_put_back_into_text_either() -> None:
    leads = venues("Salon Viorica, 0740 123 456", "Casa Ioana", "Hotel Example")
    facts = shareable_facts(_draft(leads, ("Ioana Popescu",)), _voices(), ON)
    assert [fact.value for fact in facts] == ["Hotel Example"]


@pytest.mark.parametrize("many", [1, 40])
def test_what_the_form_names_is_made_ready_once_however_much_is_told(
    many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    class Counted(NamesLookedUp):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            made.append(1)
            super().__init__(*args, **kwargs)

    monkeypatch.setattr("redaction.detectors.known_ready.NamesLookedUp", Counted)
    said = composed(*venues(*(f"Bar Example {number}" for number in range(many))))
    assert len(values(said)) == many and len(made) == 1


def test_a_value_is_looked_through_once_though_it_is_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def counted(document: Document, ready: Ready) -> Iterator[Finding | Hold]:
        asked.append(document.text)
        return look(document, ready)

    look = known_values._known_values
    monkeypatch.setattr(known_values, "_known_values", counted)
    twice = ("Bar Example", "Hotel Example", "Bar Example")
    assert values(composed(*venues(*twice))) == set(twice)
    assert sorted(asked) == sorted(set(twice))


def test_whoever_made_the_names_ready_before_need_not_do_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    leads = venues("Casa Ioana", "Hotel Example")
    ready = Ready(_draft(leads, ("Ioana Popescu",)).known())
    monkeypatch.setattr("share.compose.Ready", None)
    assert values(composed(*leads, known=ready)) == {"Hotel Example"}


def test_the_voices_are_asked_once_for_the_same_people(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def counted(voices: Voices, subjects: frozenset[str]) -> Terms:
        asked.append(subjects)
        return about(voices, subjects)

    about = Voices.about
    monkeypatch.setattr(Voices, "about", counted)
    govern_statements(_draft(venues(*map(str, range(40))), ("Ioana Popescu",)), _voices(), ON)
    assert len(asked) == len(set(asked)) and frozenset({"no-subject"}) in asked


def test_every_look_of_the_engine_that_needs_no_model_looks_at_typed_values() -> None:
    assert set(SECOND_LOOK) < set(LOOKS)
