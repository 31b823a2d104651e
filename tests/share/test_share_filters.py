"""Filters narrow what a partner may read and never widen it; a source knows about its own bulletins alone."""

from __future__ import annotations

from uuid import UUID

import pytest
from builders import World, everything, make_draft, once

from partners.values import Actor
from share.draft import Event, Pattern
from share.errors import NotThere
from share.filters import Wanted, find
from share.models import Bulletin
from share.reading import bulletins_for
from share.recall import acknowledge, recall
from share.sources import has_confirmed, own_bulletin, own_bulletins
from share.worker import run_all


@pytest.fixture
def shelter(world: World) -> Actor:
    return world.partner("shelter")


@pytest.fixture
def reader(world: World, shelter: Actor) -> Actor:
    made = world.partner("reader")
    world.circle("danube", made, shelter)
    return made


def post(world: World, by: Actor, origin: str, destination: str, form: str = "ForcedLabour") -> UUID:
    draft = make_draft(
        events=(
            Event("Recruitment", on="2026-01-04", country=origin),
            Event("Transit", on="2026-01-06", country="AT"),
            Event("Exploitation", on="2026-01-10", country=destination),
        ),
        patterns=(Pattern(fields={"vic_TypeOfExploitation": (form,)}),),
    )
    return world.post(draft, by)


def bulletin_of(world: World, report: UUID) -> UUID:
    with world.desk.readers() as session:
        return session.query(Bulletin).filter_by(report_id=report).one().id


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), {"RO-IT", "RO-ES", "MD-IT"}),
        (Wanted(origin="RO"), {"RO-IT", "RO-ES"}),
        (Wanted(destination="IT"), {"RO-IT", "MD-IT"}),
        (Wanted(origin="RO", destination="IT"), {"RO-IT"}),
        (Wanted(origin="AT"), set()),
        (Wanted(destination="AT"), set()),
        (Wanted(exploitation="ForcedBegging"), {"MD-IT"}),
        (Wanted(month="2026-03"), {"RO-IT", "RO-ES", "MD-IT"}),
        (Wanted(month="2026-02"), set()),
        (Wanted(origin="R"), set()),
        (Wanted(month="2026"), set()),
    ],
)
def test_bulletins_are_found_by_corridor_form_and_month(
    wanted: Wanted, expected: set[str], world: World, shelter: Actor, reader: Actor
) -> None:
    post(world, shelter, "RO", "IT")
    post(world, shelter, "RO", "ES")
    post(world, shelter, "MD", "IT", "ForcedBegging")
    found = find(wanted, by=reader, desk=world.desk)
    assert {f"{line.origins[0]}-{line.destinations[0]}" for line in found.lines} == expected
    assert sum(month.standing for month in found.months) == len(expected)


def test_a_filter_shows_nobody_more_than_reading_does(world: World, shelter: Actor, reader: Actor) -> None:
    post(world, shelter, "RO", "IT")
    stranger = world.partner("stranger")
    assert find(Wanted(origin="RO"), by=stranger, desk=world.desk).lines == ()
    assert find(Wanted(), by=stranger, desk=world.desk).asked_for["origin"] == ()
    everything_read = bulletins_for(reader, after=None, limit=9, desk=world.desk).bulletins
    assert len(find(Wanted(), by=reader, desk=world.desk).lines) == len(everything_read) == 1


def test_only_what_is_told_can_be_asked_for(world: World, shelter: Actor) -> None:
    coarse = world.partner("coarse")
    world.circle(
        "far", coarse, clearance=everything(detail=everything()["detail"] | {"ROUTE_PLACE": "COARSEST"})
    )
    post(world, shelter, "RO", "IT")
    found = find(Wanted(), by=coarse, desk=world.desk)
    assert found.asked_for["origin"] == ("151",) and found.asked_for["destination"] == ("039",)
    assert find(Wanted(origin="RO"), by=coarse, desk=world.desk).lines == ()


def test_a_recall_is_counted_as_one_and_says_nothing(world: World, shelter: Actor, reader: Actor) -> None:
    report = post(world, shelter, "RO", "IT")
    recall(bulletin_of(world, report), by=shelter, once=once(shelter), desk=world.desk)
    run_all(world.desk)
    found = find(Wanted(), by=reader, desk=world.desk)
    (line,) = found.lines
    assert line.recalled and line.origins == line.exploitation == ()
    assert [(month.standing, month.recalled) for month in found.months] == [(0, 1)]


def test_a_source_sees_its_own_bulletins_and_nobody_elses(
    world: World, shelter: Actor, reader: Actor
) -> None:
    bulletin = bulletin_of(world, post(world, shelter, "RO", "IT"))
    (own,) = own_bulletins(shelter, desk=world.desk)
    assert (own.id, own.circle, own.state, own.is_stopped) == (bulletin, "danube", "published", False)
    assert own_bulletins(reader, desk=world.desk) == ()
    with pytest.raises(NotThere):
        own_bulletin(bulletin, by=reader, desk=world.desk)


def test_a_reader_sees_whether_her_organisation_has_confirmed(
    world: World, shelter: Actor, reader: Actor
) -> None:
    bulletin = bulletin_of(world, post(world, shelter, "RO", "IT"))
    assert not has_confirmed(bulletin, version=1, by=reader, desk=world.desk)
    acknowledge(bulletin, version=1, by=reader, once=once(reader), desk=world.desk)
    assert has_confirmed(bulletin, version=1, by=reader, desk=world.desk)
    assert not has_confirmed(bulletin, version=1, by=shelter, desk=world.desk)
    assert not has_confirmed(bulletin, version=2, by=reader, desk=world.desk)
