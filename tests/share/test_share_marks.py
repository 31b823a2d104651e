"""Marks that a reviewer makes, corrects, joins and takes back; nothing that a machine found is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from builders import World, finds, make_draft, make_person, once

from partners.values import Actor
from redaction.findings import Examined, Span
from share.approval import approve, preview
from share.errors import Conflict, NotAcceptable, NotThere
from share.marked import marked, place_of, places_of, renamed, taken_back
from share.marks import join, mark, own_name, people_of, rename, take_back
from share.models import BulletinVersion
from share.review import open_review
from share.worker import run_all

TEXT = "Ioana Popescu met Zamfira in Oradea. Zamfira drove. 👩‍🌾 zamfira slept in the mill at Lungă."


@pytest.fixture
def shelter(world: World) -> Actor:
    made = world.partner("shelter")
    world.circle("danube", made, world.partner("hotline"))
    return made


@pytest.fixture
def report(world: World, shelter: Actor) -> UUID:
    return world.post(make_draft(narrative=TEXT), shelter)


def spans(world: World, report: UUID, by: Actor) -> dict[str, Span]:
    copy = open_review(report, by=by, desk=world.desk)
    return {f"{copy.text[s.start : s.end]}@{s.start}": s for s in copy.spans}


def of(found: dict[str, Span], words: str) -> list[Span]:
    return [span for name, span in found.items() if name.split("@")[0] == words]


def doing(world: World, by: Actor, **more: Any) -> dict[str, Any]:
    return {"version": 1, "by": by, "once": once(by), "desk": world.desk} | more


def add(world: World, report: UUID, by: Actor, words: str, kind: str = "PERSON", at: Any = None) -> None:
    mark(report, words=words, at=at, kind=kind, **doing(world, by))


def test_words_are_marked_wherever_they_stand(world: World, shelter: Actor, report: UUID) -> None:
    add(world, report, shelter, "Zamfira")
    found = spans(world, report, shelter)
    assert len(of(found, "Zamfira")) == 2 and len(of(found, "zamfira")) == 1
    assert {d for s in of(found, "Zamfira") for d in s.detectors} == {own_name(shelter)}


def test_a_selection_counts_code_points_and_must_hold_the_words_it_says(
    world: World, shelter: Actor, report: UUID
) -> None:
    start = TEXT.index("the mill")
    at = (start, start + len("the mill at Lungă"))
    with pytest.raises(Conflict) as refused:  # one emoji further on, as a count in UTF-16 would have it
        add(world, report, shelter, "the mill at Lungă", "ADDRESS", (at[0] + 2, at[1] + 2))
    assert refused.value.code == "words_differ"
    add(world, report, shelter, "the mill at Lungă", "ADDRESS", at)
    (span,) = of(spans(world, report, shelter), "the mill at Lungă")
    assert span.kinds == {"ADDRESS"}


@pytest.mark.parametrize("at", [(-1, 5), (5, 5), (9, 3), (0, 10_000)])
def test_a_place_outside_the_text_is_no_place(at: tuple[int, int]) -> None:
    with pytest.raises(Conflict):
        place_of(TEXT, "Ioana", *at)


def test_ends_of_lines_are_the_same_however_a_browser_sends_them() -> None:
    assert place_of("Ana\nMaria", "Ana\r\nMaria", 0, 9) == (0, 9)
    assert place_of("Ana\r\nMaria", "Ana\nMaria", 0, 10) == (0, 10)


@pytest.mark.parametrize(
    ("text", "words", "places"),
    [
        ("Ana saw Anastasia. Ana left.", "Ana", ((0, 3), (19, 22))),
        ("ANA saw.", "Ana", ((0, 3),)),
        ("她叫小芳。", "小芳", ((2, 4),)),
        ("İpek and ipek", "ipek", ((9, 13),)),
        ("a straße", "Straße", ((2, 8),)),
    ],
)
def test_typed_words_are_found_as_written_else_in_any_case_else_inside(
    text: str, words: str, places: tuple[tuple[int, int], ...]
) -> None:
    assert tuple(places_of(text, words)) == places


@pytest.mark.parametrize("words", ["Nobody", "", "  "])
def test_words_that_do_not_stand_there_are_not_marked(words: str) -> None:
    with pytest.raises(Conflict):
        places_of(TEXT, words)


def test_a_mark_takes_what_was_told_back_at_once(world: World, shelter: Actor, report: UUID) -> None:
    shown = preview(report, circle="danube", by=shelter, desk=world.desk)
    assert b"Zamfira" in shown.content
    approve(
        report,
        circle="danube",
        content_sha256=shown.content_sha256,
        by=shelter,
        once=once(shelter),
        desk=world.desk,
    )
    run_all(world.desk)
    add(world, report, shelter, "Zamfira")
    run_all(world.desk)
    with world.desk.readers() as session:
        newest = max(session.query(BulletinVersion), key=lambda row: row.number)
        assert b"Zamfira" not in newest.content and newest.number > 1


def test_the_kind_of_a_machines_mark_can_be_corrected_wherever_its_words_stand(
    world: World, shelter: Actor
) -> None:
    object.__setattr__(world.desk, "examine", finds("Zamfira", kind="PLACE"))
    report = world.post(make_draft(narrative=TEXT), shelter)
    span, _ = of(spans(world, report, shelter), "Zamfira")
    rename(report, marks=[(span.start, span.end)], kind="PERSON", **doing(world, shelter))
    for each in of(spans(world, report, shelter), "Zamfira"):
        assert each.kinds == {"PERSON"} and each.detectors == {"test", own_name(shelter)}


def test_a_machines_mark_is_never_lost(world: World, shelter: Actor, report: UUID) -> None:
    (oradea,) = of(spans(world, report, shelter), "Oradea")
    place = [(oradea.start, oradea.end)]
    for change in (
        lambda: take_back(report, marks=place, **doing(world, shelter)),
        lambda: rename(report, marks=place, kind="NARRATIVE", **doing(world, shelter)),
        lambda: rename(report, marks=place, kind="", **doing(world, shelter)),
    ):
        with pytest.raises((Conflict, NotAcceptable)):
            change()
    rename(report, marks=place, kind="WORD", **doing(world, shelter))
    with pytest.raises(Conflict):
        take_back(report, marks=place, **doing(world, shelter))
    assert of(spans(world, report, shelter), "Oradea")


def test_ones_own_mark_can_be_taken_back_and_nobody_elses(world: World, shelter: Actor, report: UUID) -> None:
    before = spans(world, report, shelter)
    add(world, report, shelter, "Zamfira")
    span = of(spans(world, report, shelter), "Zamfira")[0]
    colleague = replace(shelter, member=uuid4())
    with pytest.raises(Conflict) as refused:
        take_back(report, marks=[(span.start, span.end)], **doing(world, colleague))
    assert refused.value.code == "not_your_mark"
    take_back(report, marks=[(span.start, span.end)], **doing(world, shelter))
    assert spans(world, report, shelter) == before


def test_what_follows_from_another_mark_stays() -> None:
    examined = Examined("Ana Zamfirache. Zamfirache.", "ro", (), (), "none")
    both = marked(examined, [(0, 14)], "PERSON", "reviewer.x")
    echo = next(span for span in both.spans if span.start == 16)
    assert taken_back(both, [(echo.start, echo.end)], "reviewer.x").spans == both.spans


def test_names_that_one_person_goes_by_become_one_persons(world: World, shelter: Actor, report: UUID) -> None:
    add(world, report, shelter, "Zamfira")
    found = spans(world, report, shelter)
    chosen = [(s.start, s.end) for s in (*of(found, "Zamfira"), *of(found, "Ioana Popescu"))]
    join(report, marks=chosen, person="P1", **doing(world, shelter))
    found = spans(world, report, shelter)
    joined = [*of(found, "Zamfira"), *of(found, "zamfira"), *of(found, "Ioana Popescu")]
    assert [span.subjects for span in joined] == [frozenset({"P1"})] * 4
    shown = preview(report, circle="danube", by=shelter, desk=world.desk)
    names = {piece.split("]")[0] for piece in shown.content.decode().split("[PERSON ")[1:]}
    assert len(names) == 1

    join(report, marks=chosen, person="", **doing(world, shelter))
    assert all(not s.subjects for s in of(spans(world, report, shelter), "Zamfira"))


def test_what_the_form_says_is_corrected_in_the_form() -> None:
    span = Span(0, 5, frozenset({"PERSON"}), frozenset({"known_values"}), frozenset({"P1"}))
    examined = Examined("Ioana left.", "en", (span,), (), "none")
    with pytest.raises(Conflict) as refused:
        renamed(examined, [(0, 5)], "PLACE", "reviewer.x")
    assert refused.value.code == "named_by_form"


def test_only_people_of_the_report_and_names_can_be_joined(
    world: World, shelter: Actor, report: UUID
) -> None:
    add(world, report, shelter, "the mill at Lungă", "ADDRESS")
    found = spans(world, report, shelter)
    (street,) = of(found, "the mill at Lungă")
    (name,) = of(found, "Ioana Popescu")
    with pytest.raises(Conflict):
        join(report, marks=[(street.start, street.end)], person="P1", **doing(world, shelter))
    with pytest.raises(NotAcceptable):
        join(report, marks=[(name.start, name.end)], person="P9", **doing(world, shelter))
    assert people_of(report, by=shelter, desk=world.desk) == (("P1", "survivor"),)


CHANGES: list[Callable[..., Any]] = [
    lambda report, **how: mark(report, words="drove", at=None, kind="PERSON", **how),
    lambda report, **how: rename(report, marks=[(0, 13)], kind="WORD", **how),
    lambda report, **how: join(report, marks=[(0, 13)], person="P1", **how),
    lambda report, **how: take_back(report, marks=[(0, 13)], **how),
]


@pytest.mark.parametrize("change", CHANGES)
def test_nobody_else_marks_anything_and_an_old_page_changes_nothing(
    change: Callable[..., Any], world: World, shelter: Actor, report: UUID
) -> None:
    stranger = world.partner("stranger")
    before = spans(world, report, shelter)
    with pytest.raises(NotThere):
        change(report, **doing(world, stranger))
    with pytest.raises(Conflict) as refused:
        change(report, **doing(world, shelter, version=2))
    assert refused.value.code == "changed_meanwhile"
    assert spans(world, report, shelter) == before


def test_doing_the_same_again_says_that_nothing_changed(world: World, shelter: Actor, report: UUID) -> None:
    add(world, report, shelter, "Zamfira")
    with pytest.raises(Conflict) as refused:
        add(world, report, shelter, "Zamfira")
    assert refused.value.code == "nothing_changed"


def test_several_people_can_be_told_apart(world: World, shelter: Actor) -> None:
    people = (make_person("P1"), make_person("P2", names=("Zamfira",)))
    report = world.post(make_draft(narrative=TEXT, people=people), shelter)
    assert [code for code, _ in people_of(report, by=shelter, desk=world.desk)] == ["P1", "P2"]
