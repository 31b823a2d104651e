"""Whoever is not plainly in, on that day and for that purpose, is out: empty, missing and expired mean nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from partners_builders import LATER, Hub, policy_document
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from partners import registry
from partners.agreements import close_circle, join_circle, leave_circle
from partners.errors import Conflict, NotAcceptable, NotThere
from partners.members import resume_partner, suspend_partner
from partners.models import Agreement, Circle, CircleMembership, Immutable, Partner, PolicyVersion
from partners.registry import (
    agreement_in_force,
    circle,
    circles_for_source,
    circles_of,
    policy_in_force,
)
from partners.requests import CircleTerms, Joining, NewAgreement, NewPartner
from policies.terms import EVERY_CIRCLE, NOBODY, Detail, Readers, Terms, Tlp

DAY = timedelta(days=1)
FREE = policy_document(others={"PLACE": "fine"})


@pytest.fixture
def reader(hub: Hub) -> UUID:
    """A partner that reads in the circle `south`."""
    partner = hub.partner("reader")
    hub.circle("south", partner)
    return partner


@pytest.fixture
def source(hub: Hub) -> UUID:
    """A partner outside it whose policy lets every circle have something."""
    partner = hub.partner("source")
    hub.policy(partner, FREE)
    return partner


def reads(hub: Hub, partner: UUID, on: date | None = None) -> list[str]:
    """Where that partner reads; and the circle must say the same of itself."""
    on = on or hub.today
    with hub.session() as session:
        mine = [view.slug for view in circles_of(session, partner, on)]
        south = circle(session, "south", on)
        assert (south is not None and partner in south.members) == ("south" in mine)
        return mine


def may_publish_to(hub: Hub, partner: UUID, on: date | None = None) -> list[str]:
    with hub.session() as session:
        return [view.slug for view in circles_for_source(session, partner, on or hub.today)]


def change(hub: Hub, statement: object) -> None:
    with hub.desk.sessions.begin() as session:
        session.execute(statement)


def act(hub: Hub, use_case: Callable[..., object], *arguments: object) -> None:
    with hub.desk.sessions.begin() as session:
        use_case(session, *arguments, at=hub.desk.clock(), by="test")


def test_a_member_reads_and_a_source_may_publish(hub: Hub, reader: UUID, source: UUID) -> None:
    """The control: with nothing missing, both get what the tests below take away."""
    assert reads(hub, reader) == ["south"]
    assert may_publish_to(hub, source) == ["south"]
    assert reads(hub, source) == []


OUT: dict[str, Callable[[Hub, UUID], object]] = {
    "suspended": lambda hub, partner: act(hub, suspend_partner, partner),
    "left": lambda hub, partner: act(hub, leave_circle, "south", partner),
    "put out by the circle's end": lambda hub, _: act(hub, close_circle, "south"),
    "stay has run out": lambda hub, _: change(hub, update(CircleMembership).values(until=hub.today - DAY)),
    "circle has run out": lambda hub, _: change(hub, update(Circle).values(until=hub.today - DAY)),
    "agreement has ended": lambda hub, _: change(hub, update(Agreement).values(end=hub.today - DAY)),
    "agreement has not begun": lambda hub, _: change(hub, update(Agreement).values(start=hub.today + DAY)),
    "agreement for something else": lambda hub, _: change(
        hub, update(Agreement).values(purposes=["research"])
    ),
    "agreement for nothing": lambda hub, _: change(hub, update(Agreement).values(purposes=[])),
    "no agreement": lambda hub, _: change(hub, delete(Agreement)),
    "newer agreement has ended": lambda hub, partner: hub.agreement(partner, end=hub.today - DAY),
    "newer agreement is narrower": lambda hub, partner: hub.agreement(partner, purposes=("statistics",)),
    "circle's purpose changed": lambda hub, _: change(hub, update(Circle).values(purpose="prosecution")),
    "no stay": lambda hub, _: change(hub, delete(CircleMembership)),
}


@pytest.mark.parametrize("how", OUT)
def test_who_is_not_in_is_out(hub: Hub, reader: UUID, how: str) -> None:
    OUT[how](hub, reader)
    assert reads(hub, reader) == []


@pytest.mark.parametrize("how", OUT)
def test_nothing_is_published_to_a_circle_of_nobody(hub: Hub, reader: UUID, source: UUID, how: str) -> None:
    OUT[how](hub, reader)
    assert may_publish_to(hub, source) == []


def test_until_is_the_last_day_and_is_asked_every_time(hub: Hub, reader: UUID) -> None:
    change(hub, update(CircleMembership).values(until=hub.today + DAY))
    assert [reads(hub, reader, hub.today + days * DAY) for days in (0, 1, 2)] == [["south"], ["south"], []]


@pytest.mark.parametrize("partner", [UUID(int=0), uuid4()])
def test_an_unknown_partner_reads_nothing(hub: Hub, reader: UUID, partner: UUID) -> None:
    assert reads(hub, partner) == []
    assert may_publish_to(hub, partner) == []
    with hub.session() as session:
        assert registry.partner(session, partner) is None


@pytest.mark.parametrize(
    "slug", ["", "*", "South", "south ", "sou", "south%", "%", "_____", "north", "SOUTH"]
)
def test_a_circle_is_found_by_its_exact_name_alone(hub: Hub, reader: UUID, slug: str) -> None:
    with hub.session() as session:
        assert circle(session, slug, hub.today) is None


def test_an_empty_circle_is_nobody_and_gets_nothing(hub: Hub, source: UUID) -> None:
    hub.circle("empty")
    assert may_publish_to(hub, source) == []
    with hub.session() as session:
        assert circle(session, "empty", hub.today).members == frozenset()


def test_a_circle_may_hold_one_partner(hub: Hub, reader: UUID) -> None:
    with hub.session() as session:
        assert circle(session, "south", hub.today).members == {reader}


# Clearance.


def clearance(hub: Hub, slug: str = "south") -> Terms:
    with hub.session() as session:
        return circle(session, slug, hub.today).clearance


def test_a_clearance_speaks_for_its_own_circle_and_purpose(hub: Hub, reader: UUID) -> None:
    terms = clearance(hub)
    assert (terms.readers, terms.purposes) == (Readers.of(["south"]), {"other-organisations"})
    assert (terms.tlp, terms.smallest_group, terms.until) == (Tlp.AMBER, 5, LATER)
    assert terms.allows("PLACE") is Detail.COARSE


@pytest.mark.parametrize(
    "document",
    [
        None,
        {},
        [],
        "",
        {"detail": {"NOT_A_KIND": "exact"}},
        {"detail": {"PLACE": "everything"}},
        {"detail": 1},
        {"readers": "*"},
        {"detail": {"PLACE": "exact"}, "extra": 1},
        {"purposes": ["everything"]},
        {"tlp": "WHITE"},
    ],
    ids=str,
)
def test_a_clearance_that_cannot_be_read_is_nothing(hub: Hub, reader: UUID, document: object) -> None:
    change(hub, update(Circle).values(clearance=document))
    terms = clearance(hub)
    assert not terms.detail
    assert terms == Terms.nothing()


def test_a_clearance_document_cannot_go_beyond_its_circle(hub: Hub, reader: UUID) -> None:
    wide = {
        "purposes": ["other-organisations", "authorities", "prosecution"],
        "tlp": "CLEAR",
        "smallest_group": 11,
        "until": "2099-01-01",
        "detail": {"PLACE": "exact"},
    }
    change(hub, update(Circle).values(clearance=wide))
    terms = clearance(hub)
    assert terms.purposes == {"other-organisations"}
    assert (terms.tlp, terms.smallest_group, terms.until) == (Tlp.AMBER, 11, LATER)


def test_a_clearance_for_another_purpose_admits_nobody(hub: Hub, reader: UUID) -> None:
    change(hub, update(Circle).values(clearance={"purposes": ["research"], "detail": {"PLACE": "exact"}}))
    assert clearance(hub).purposes == frozenset()


def test_suspects_are_named_only_where_the_agreement_states_the_basis(hub: Hub) -> None:
    partner = hub.partner("reader")
    hub.circle("without", partner)
    hub.circle("with", partner, suspect_names_basis="legal-claims")
    assert clearance(hub, "without").allows("SUSPECT_NAME") is Detail.PRESENCE
    assert clearance(hub, "with").allows("SUSPECT_NAME") is Detail.EXACT


def test_a_basis_alone_names_nobody(hub: Hub) -> None:
    hub.circle("silent", suspect_names_basis="legal-claims", clearance={"detail": {"PLACE": "coarse"}})
    assert clearance(hub, "silent").allows("SUSPECT_NAME") is Detail.NOTHING


@pytest.mark.parametrize(
    ("tlp", "k"), [("RED", 2), ("AMBER", 0), ("AMBER", -1), ("GREEN", 10), ("CLEAR", 10)]
)
def test_the_database_itself_keeps_the_floor_of_k(hub: Hub, reader: UUID, tlp: str, k: int) -> None:
    with pytest.raises(IntegrityError):
        change(hub, update(Circle).values(tlp=tlp, smallest_group=k))


@pytest.mark.parametrize(("tlp", "k"), [(Tlp.RED, 2), (Tlp.AMBER, 2), (Tlp.GREEN, 10), (Tlp.CLEAR, 10)])
def test_a_circle_below_the_floor_of_k_is_refused(tlp: Tlp, k: int) -> None:
    with pytest.raises(NotAcceptable, match="below_floor"):
        CircleTerms("c", "other-organisations", tlp, k, LATER, {"detail": {"PLACE": "coarse"}})


# Coming and going.


def version(hub: Hub) -> int:
    with hub.session() as session:
        return session.scalars(select(Circle.version).where(Circle.slug == "south")).one()


def test_every_change_of_a_circle_is_a_new_version(hub: Hub, reader: UUID) -> None:
    other = hub.partner("other")
    seen = [version(hub)]
    hub.join("south", other)
    seen.append(version(hub))
    act(hub, leave_circle, "south", other)
    seen.append(version(hub))
    hub.circle("south", smallest_group=7)
    seen.append(version(hub))
    act(hub, close_circle, "south")
    seen.append(version(hub))
    assert seen == sorted(set(seen))


def test_two_changes_of_one_version_are_not_both_made(hub: Hub, reader: UUID) -> None:
    with pytest.raises(Conflict, match="circle_changed"), hub.desk.sessions.begin() as session:
        read = session.scalars(select(Circle)).one()
        # Another connection gets in between reading and writing, where the database allows it.
        session.execute(
            update(Circle).values(version=Circle.version + 1),
            execution_options={"synchronize_session": False},
        )
        leave_circle(session, read.slug, reader, at=hub.desk.clock(), by="test")


def test_a_stay_begins_when_it_begins_and_coming_back_is_a_new_one(
    hub: Hub, clock: object, reader: UUID
) -> None:
    first = clock()
    with hub.session() as session:
        assert circle(session, "south", hub.today).joined_at(reader) == first
    clock.forward(days=1)
    act(hub, leave_circle, "south", reader)
    back = clock.forward(days=1)
    hub.join("south", reader)
    with hub.session() as session:
        view = circle(session, "south", hub.today)
    assert view.joined_at(reader) == back
    assert view.joined_at(uuid4()) is None


def test_a_stay_that_ran_out_is_not_prolonged_but_begun_anew(hub: Hub, clock: object) -> None:
    partner = hub.partner("reader")
    hub.circle("south", partner, stay=hub.today)
    back = clock.forward(days=2)
    hub.join("south", partner)
    with hub.session() as session:
        assert circle(session, "south", hub.today).joined_at(partner) == back


def test_nobody_is_in_a_circle_twice(hub: Hub, reader: UUID) -> None:
    with pytest.raises(Conflict, match="already_member"):
        hub.join("south", reader)
    with hub.session() as session:
        row = session.scalars(select(CircleMembership)).one()
        copy = {"circle_id": row.circle_id, "partner_id": reader, "joined_at": row.joined_at, "until": LATER}
    with pytest.raises(IntegrityError):
        change(hub, insert(CircleMembership).values(id=uuid4(), **copy))


def test_a_closed_circle_stays_closed(hub: Hub, reader: UUID) -> None:
    act(hub, close_circle, "south")
    with pytest.raises(Conflict, match="circle_closed"):
        hub.circle("south")
    with pytest.raises(NotThere):
        hub.join("south", hub.partner("late"))


def test_what_is_not_there_cannot_be_joined_or_left(hub: Hub, reader: UUID) -> None:
    for use_case, arguments in (
        (join_circle, (Joining("north", reader, LATER),)),
        (join_circle, (Joining("south", uuid4(), LATER),)),
        (leave_circle, ("north", reader)),
        (leave_circle, ("south", uuid4())),
        (close_circle, ("north",)),
    ):
        with pytest.raises(NotThere):
            act(hub, use_case, *arguments)


def test_a_suspended_partner_that_comes_back_reads_again(hub: Hub, reader: UUID) -> None:
    act(hub, suspend_partner, reader)
    act(hub, resume_partner, reader)
    assert reads(hub, reader) == ["south"]


def test_the_newest_agreement_that_has_begun_speaks(hub: Hub) -> None:
    partner = hub.partner("a")
    hub.agreement(partner, start=hub.today + 10 * DAY, purposes=("statistics",))
    with hub.session() as session:
        assert agreement_in_force(session, partner, hub.today).version == 1
        later = agreement_in_force(session, partner, hub.today + 10 * DAY)
    assert (later.version, later.purposes) == (2, {"statistics"})


# Policies.


def test_the_newest_policy_speaks(hub: Hub, source: UUID) -> None:
    hub.policy(source, policy_document(south={"PLACE": "coarsest"}), *people_of(hub, source))
    with hub.session() as session:
        found = policy_in_force(session, source, hub.today)
    assert found.number == 2
    assert found.policy.for_circle("south").allows("PLACE") is Detail.COARSEST


def people_of(hub: Hub, partner: UUID) -> list[object]:
    return [hub.person(partner, code) for code in ("q1", "q2")]


STORED = PolicyVersion.__table__

SILENT: dict[str, Callable[[Hub, UUID], object]] = {
    "no policy": lambda hub, _: change(hub, delete(STORED)),
    "cannot be read": lambda hub, _: change(hub, update(STORED).values(document="circles: [")),
    "empty": lambda hub, _: change(hub, update(STORED).values(document="")),
    "has ended": lambda hub, _: change(
        hub,
        update(STORED).values(document=policy_document(until="2026-03-01", others={"PLACE": "fine"})),
    ),
    "names no circle": lambda hub, _: change(hub, update(STORED).values(document=policy_document())),
    "names another circle": lambda hub, _: change(
        hub, update(STORED).values(document=policy_document(north={"PLACE": "fine"}))
    ),
    "agreement has ended": lambda hub, partner: hub.agreement(partner, end=hub.today - DAY),
    "agreement for another purpose": lambda hub, partner: hub.agreement(partner, purposes=("research",)),
    "suspended": lambda hub, partner: act(hub, suspend_partner, partner),
}


@pytest.mark.parametrize("how", SILENT)
def test_a_source_that_says_nothing_publishes_nowhere(hub: Hub, reader: UUID, source: UUID, how: str) -> None:
    # No code of ours can change an adopted row; a database that was tampered with might come like this.
    SILENT[how](hub, source)
    assert may_publish_to(hub, source) == []


def test_an_ended_policy_does_not_bring_back_the_one_before(hub: Hub, clock: object, source: UUID) -> None:
    people = people_of(hub, source)
    hub.policy(source, policy_document(until="2026-03-05", others={"PLACE": "fine"}), *people)
    clock.forward(days=10)
    with hub.session() as session:
        assert policy_in_force(session, source, hub.today) is None
        assert policy_in_force(session, source, date(2026, 3, 5)) is not None


def test_an_adopted_policy_is_never_changed(hub: Hub, source: UUID) -> None:
    with pytest.raises(Immutable), hub.desk.sessions.begin() as session:
        session.scalars(select(PolicyVersion)).one().document = policy_document()
    with pytest.raises(Immutable), hub.desk.sessions.begin() as session:
        session.delete(session.scalars(select(PolicyVersion)).one())
    for statement in (update(PolicyVersion).values(document=""), delete(PolicyVersion)):
        with pytest.raises(Immutable):
            change(hub, statement)


def test_a_policy_number_is_given_once(hub: Hub, source: UUID) -> None:
    with hub.session() as session:
        row = session.scalars(select(PolicyVersion)).one()
    copy = {"partner_id": row.partner_id, "number": 1, "document": "x", "adopted_at": row.adopted_at}
    with pytest.raises(IntegrityError):
        change(hub, insert(PolicyVersion).values(id=uuid4(), adopted_by=row.adopted_by, **copy))


# Asking for what makes no sense.


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", ""), ("slug", "Big"), ("slug", "a_b"), ("slug", "../x"), ("slug", "x" * 61), ("slug", "a--b"),
        ("name", ""), ("name", " x"), ("name", "x\n"), ("name", "x" * 201), ("kind", "Spy"), ("kind", ""),
        ("countries", ()), ("countries", ("XX",)), ("countries", ("ro",)), ("areas", ("Cluj",)),
        ("languages", ("Romanian",)), ("law_flags", ("none",)),
    ],
)  # fmt: skip
def test_a_partner_is_described_in_words_of_the_lists(field: str, value: object) -> None:
    said = {"slug": "a", "name": "A", "kind": "LabourInspectorate", "countries": ("RO", "IT")}
    NewPartner(**said)
    with pytest.raises(NotAcceptable) as refused:
        NewPartner(**{**said, field: value})
    assert refused.value.field == field


def test_an_agreement_covers_something_and_ends_after_it_begins(hub: Hub) -> None:
    for said in (
        {"start": hub.today, "end": hub.today - DAY, "purposes": ("statistics",)},
        {"start": hub.today, "end": LATER, "purposes": ()},
        {"start": hub.today, "end": LATER, "purposes": ("immigration-enforcement",)},
    ):
        with pytest.raises(NotAcceptable):
            NewAgreement(partner=uuid4(), **said)


def test_names_are_taken_once(hub: Hub) -> None:
    partner = hub.partner("a")
    with pytest.raises(Conflict, match="slug_taken"):
        hub.partner("a")
    hub.person(partner, "p1")
    before = hub.desk.keystore.list()
    with pytest.raises(Conflict, match="code_taken"):
        hub.person(partner, "p1")
    assert hub.desk.keystore.list() == before
    with hub.session() as session:
        assert len(list(session.scalars(select(Partner)))) == 1


def test_a_view_is_equal_only_to_itself_unchanged(hub: Hub, reader: UUID) -> None:
    with hub.session() as session:
        before = circle(session, "south", hub.today)
        assert before == circle(session, "south", hub.today)
        assert len({before, circle(session, "south", hub.today)}) == 1
    hub.join("south", hub.partner("other"))
    with hub.session() as session:
        assert before != circle(session, "south", hub.today)
    assert EVERY_CIRCLE not in (before.clearance.readers,)
    assert before.clearance.readers != NOBODY


def test_set_circle_keeps_one_circle_of_a_name(hub: Hub, reader: UUID) -> None:
    again = hub.circle("south", smallest_group=9)
    with hub.session() as session:
        rows = list(session.scalars(select(Circle)))
    assert [(row.id, row.smallest_group) for row in rows] == [(again, 9)]
