"""Drafts are their writer's alone, lose nothing that was typed twice, and end with their key."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from builders import World, make_draft, make_person, once
from sqlalchemy import func, select

from config.database import Sealed
from config.keystore import KeyGone, NotErased
from ledger.models import LedgerEntry
from partners.models import Member
from partners.values import Actor, Scope
from share.alike import alike
from share.draft import Event
from share.drafts import (
    MOST,
    begin,
    close,
    discard,
    drafts_of,
    drop,
    forget_drafts,
    key_for_the_browser,
    open_draft,
    save,
)
from share.errors import Conflict, NotAcceptable, NotThere
from share.intake import amend
from share.models import Report, ReportVersion
from share.models_drafts import ReportDraft
from share.overview import reports_of
from share.reading import bulletins_for
from share.reopen import can_reopen, people_in, reopen, statuses

MARKER = "Ionuca Sintetica"
TYPED = {"narrative": f"{MARKER} was taken to a farm.", "language": "en"}


@pytest.fixture
def writer(world: World) -> Actor:
    return world.partner("shelter")


def colleague_of(world: World, writer: Actor, *, scopes: frozenset[Scope] = frozenset(Scope)) -> Actor:
    """Another person of the same organisation."""
    with world.desk.sessions.begin() as session:
        row = Member(
            partner_id=writer.partner,
            code=f"C{uuid4().hex[:6]}",
            roles=["caseworker"],
            scopes=[],
            totp=Sealed(b"x"),
            added_at=world.desk.clock(),
        )
        session.add(row)
        session.flush()
        return replace(writer, member=row.id, credential=uuid4(), scopes=scopes)


def begun(world: World, writer: Actor, **parts: Any) -> UUID:
    return begin(parts or {"narrative": TYPED}, by=writer, desk=world.desk)


def test_a_draft_is_resumed_where_it_was_left_by_its_writer_elsewhere(world_on_both: World) -> None:
    world, writer = world_on_both, world_on_both.partner("shelter")
    draft = begun(world, writer)
    saved = save(draft, "what", {"patterns": [{"people": 5}]}, base=1, by=writer, desk=world.desk)
    at_another_device = replace(writer, credential=uuid4())
    opened = open_draft(draft, by=at_another_device, desk=world.desk)
    assert opened.version == saved.version == 2
    assert {place: part.values for place, part in opened.parts.items()} == {
        "narrative": TYPED,
        "what": {"patterns": [{"people": 5}]},
    }


ACTS = {
    "open": lambda draft, by, desk: open_draft(draft, by=by, desk=desk),
    "save": lambda draft, by, desk: save(draft, "what", {"a": 1}, base=9, by=by, desk=desk),
    "drop": lambda draft, by, desk: drop(draft, {"narrative"}, by=by, desk=desk),
    "discard": lambda draft, by, desk: discard(draft, by=by, desk=desk),
    "close": lambda draft, by, desk: close(draft, {"id": "x"}, by=by, desk=desk),
    "key": lambda draft, by, desk: key_for_the_browser(draft, by=by, desk=desk),
}


@pytest.mark.parametrize("act", ACTS)
def test_to_anybody_else_a_draft_is_not_there(world: World, writer: Actor, act: str) -> None:
    draft = begun(world, writer)
    strangers = [
        colleague_of(world, writer),
        world.partner("hotline"),
        replace(writer, member=None, second_factor=False),
        replace(world.partner("legal-aid"), member=writer.member),
    ]
    for stranger in strangers:
        with pytest.raises(NotThere):
            ACTS[act](draft, stranger, world.desk)
        with pytest.raises(NotThere):
            ACTS[act](uuid4(), stranger, world.desk)
    assert open_draft(draft, by=writer, desk=world.desk).parts["narrative"].values == TYPED
    ACTS[act](draft, writer, world.desk)  # the control: its writer may


def test_a_draft_is_in_no_list_and_no_feed_but_its_writers_own(world: World, writer: Actor) -> None:
    colleague, hotline = colleague_of(world, writer), world.partner("hotline")
    world.circle("north", writer, hotline)
    draft = begun(world, writer)
    for stranger in (colleague, hotline):
        assert drafts_of(stranger, desk=world.desk) == ()
        assert reports_of(stranger, after=None, limit=50, desk=world.desk).reports == ()
        assert bulletins_for(stranger, after=None, limit=50, desk=world.desk).bulletins == ()
    assert [each.id for each in drafts_of(writer, desk=world.desk)] == [draft]


def test_what_was_typed_is_nowhere_readable_at_rest(world: World, writer: Actor, tmp_path: Any) -> None:
    draft = begun(world, writer)
    save(draft, "people/P1", {"fields": {"prs_FirstName": MARKER}}, base=1, by=writer, desk=world.desk)
    with world.desk.readers() as session:
        session.execute(select(ReportDraft)).all()
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert draft.bytes.hex().encode() in written, "the control: the files that are looked at hold the draft"
    assert MARKER.encode() not in written
    assert MARKER not in repr(open_draft(draft, by=writer, desk=world.desk))


def test_a_page_that_was_overtaken_overwrites_nothing_and_is_kept_beside(world: World, writer: Actor) -> None:
    draft = begun(world, writer)
    first = save(draft, "what", {"n": "tablet"}, base=1, by=writer, desk=world.desk)
    late = save(draft, "what", {"n": "laptop"}, base=1, by=writer, desk=world.desk)
    assert not first.clash and late.clash
    part = open_draft(draft, by=writer, desk=world.desk).parts["what"]
    assert part.values == {"n": "tablet"}
    assert part.other is not None and part.other.values == {"n": "laptop"}
    unseen = save(draft, "what", {"n": "tablet again"}, base=late.version, by=writer, desk=world.desk)
    assert open_draft(draft, by=writer, desk=world.desk).parts["what"].other == part.other, (
        "not looked at yet"
    )
    save(
        draft,
        "what",
        {"n": "both"},
        base=unseen.version,
        settles=part.other.version,
        by=writer,
        desk=world.desk,
    )
    settled = open_draft(draft, by=writer, desk=world.desk).parts["what"]
    assert (settled.values, settled.other) == ({"n": "both"}, None)


def test_two_pages_of_different_parts_do_not_get_into_each_others_way(world: World, writer: Actor) -> None:
    draft = begun(world, writer)
    assert not save(draft, "what", {"n": "a"}, base=1, by=writer, desk=world.desk).clash
    assert not save(draft, "route", {"n": "b"}, base=1, by=writer, desk=world.desk).clash
    assert not save(draft, "what", {"n": "a"}, base=1, by=writer, desk=world.desk).clash, (
        "the same is no clash"
    )


def test_a_page_whose_answers_were_lost_on_the_way_does_not_clash_with_itself(
    world: World, writer: Actor
) -> None:
    draft = begun(world, writer)

    def saved(said: str, page: str) -> bool:
        return save(draft, "what", {"n": said}, base=1, page=page, by=writer, desk=world.desk).clash

    assert not saved("a", "one") and not saved("a b", "one") and not saved("a b c", "one")
    assert open_draft(draft, by=writer, desk=world.desk).parts["what"].values == {"n": "a b c"}
    assert saved("other", "two") and saved("other", ""), "the control: other pages do"


def test_what_was_taken_out_does_not_come_back_unnoticed(world: World, writer: Actor) -> None:
    draft = begun(world, writer, **{"people/P1": {"role": "survivor"}})
    drop(draft, {"people/P1", "grounds/P1"}, by=writer, desk=world.desk)
    late = save(draft, "people/P1", {"role": "witness"}, base=1, by=writer, desk=world.desk)
    part = open_draft(draft, by=writer, desk=world.desk).parts["people/P1"]
    assert late.clash and part.values == {}
    assert part.other is not None and part.other.values == {"role": "witness"}


def test_of_many_saves_at_once_none_is_lost(world_on_both: World) -> None:
    world, writer = world_on_both, world_on_both.partner("shelter")
    draft = begun(world, writer)

    def keep(number: int) -> int:
        return save(draft, f"people/P{number}", {"n": number}, base=1, by=writer, desk=world.desk).version

    with ThreadPoolExecutor(6) as pool:
        versions = set(pool.map(keep, range(1, 13)))
    parts = open_draft(draft, by=writer, desk=world.desk).parts
    assert len(versions) == 12
    assert {parts[f"people/P{number}"].values["n"] for number in range(1, 13)} == set(range(1, 13))


def test_a_discarded_draft_is_gone_with_its_key(world: World, writer: Actor) -> None:
    draft = begun(world, writer)
    key = world.keystore.get(f"draft/{draft}")
    assert key, "the control"
    discard(draft, by=writer, desk=world.desk)
    with pytest.raises(NotThere):
        open_draft(draft, by=writer, desk=world.desk)
    with pytest.raises(KeyGone):
        world.keystore.get(f"draft/{draft}")
    assert rows(world) == 0


def test_a_draft_runs_out_thirty_days_after_it_was_touched_last(
    world: World, writer: Actor, clock: Any
) -> None:
    draft, other = begun(world, writer), begun(world, colleague_of(world, writer))
    clock.forward(days=29)
    save(draft, "what", {"n": 1}, base=1, by=writer, desk=world.desk)
    clock.forward(days=2)
    assert [each.id for each in drafts_of(writer, desk=world.desk)] == [draft]
    with pytest.raises(KeyGone):
        world.keystore.get(f"draft/{other}")
    clock.forward(days=28)
    with pytest.raises(NotThere):
        open_draft(draft, by=writer, desk=world.desk)
    assert forget_drafts(world.desk) == 1
    assert rows(world) == 0
    with pytest.raises(KeyGone):
        world.keystore.get(f"draft/{draft}")


def test_a_key_that_could_not_be_cleared_yet_is_tried_again_and_keeps_nobody_from_her_list(
    world: World, writer: Actor, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(world, writer)
    clock.forward(days=31)

    def busy(*_: Any) -> None:
        raise NotErased

    with monkeypatch.context() as patch:
        patch.setattr(type(world.keystore), "destroy", busy)
        assert drafts_of(writer, desk=world.desk) == () and rows(world) == 1
    assert forget_drafts(world.desk) == 1 and rows(world) == 0


def test_once_it_is_sent_only_the_receipt_is_left(world: World, writer: Actor) -> None:
    draft = begun(world, writer)
    close(draft, {"id": "r", "ledger": "l"}, by=writer, desk=world.desk)
    opened = open_draft(draft, by=writer, desk=world.desk)
    assert (opened.receipt, opened.parts) == ({"id": "r", "ledger": "l"}, {})
    assert drafts_of(writer, desk=world.desk) == ()
    with pytest.raises(KeyGone):
        world.keystore.get(f"draft/{draft}")
    with pytest.raises(Conflict, match="already_sent"):
        save(draft, "what", {"n": 1}, base=1, by=writer, desk=world.desk)
    close(draft, {"id": "r", "ledger": "l"}, by=writer, desk=world.desk)


def test_a_draft_whose_key_is_gone_is_not_there(world: World, writer: Actor) -> None:
    draft = begun(world, writer)
    world.keystore.destroy(f"draft/{draft}")
    assert drafts_of(writer, desk=world.desk) == ()
    for act in ("open", "save", "key"):
        with pytest.raises(NotThere):
            ACTS[act](draft, writer, world.desk)


def test_there_is_an_end_to_how_much_is_kept(world: World, writer: Actor) -> None:
    draft = begun(world, writer)
    with pytest.raises(NotAcceptable, match="draft_too_large"):
        save(draft, "narrative", {"narrative": "a" * 1_500_001}, base=1, by=writer, desk=world.desk)
    assert open_draft(draft, by=writer, desk=world.desk).version == 1
    for _ in range(MOST - 1):
        begun(world, writer, what={})
    with pytest.raises(Conflict, match="too_many_drafts"):
        begun(world, writer, what={})


def test_the_browsers_key_is_the_drafts_own(world: World, writer: Actor) -> None:
    one, two = begun(world, writer), begun(world, writer)
    keys = [key_for_the_browser(each, by=writer, desk=world.desk) for each in (one, two, one)]
    assert keys[0] == keys[2] != keys[1]
    assert world.keystore.get(f"draft/{one}") not in keys


def test_nothing_amends_the_report_of_another_organisation(world: World, writer: Actor) -> None:
    report = world.post(make_draft(), writer)
    with pytest.raises(NotThere):
        begin({}, by=world.partner("hotline"), desk=world.desk, report=report)
    assert begin({}, by=writer, desk=world.desk, report=report)


# What comes back of a report


def test_whoever_sent_a_report_gets_it_back_and_the_ledger_says_so(world: World, writer: Actor) -> None:
    caseworker = colleague_of(world, writer, scopes=writer.scopes - {Scope.REPORTS_REVIEW})
    draft = make_draft()
    report = world.post(draft, caseworker)
    before = acts(world)
    assert reopen(report, by=caseworker, desk=world.desk).draft == replace(draft, grounds=())
    assert acts(world) == before + 1
    assert people_in(report, by=caseworker, desk=world.desk) == ("P1", "no-subject")


def test_a_colleague_who_does_not_review_does_not_get_it_and_another_partner_never(
    world: World, writer: Actor
) -> None:
    sender, other = (
        colleague_of(world, writer, scopes=writer.scopes - {Scope.REPORTS_REVIEW}) for _ in range(2)
    )
    report = world.post(make_draft(), sender)
    before = acts(world)
    assert not can_reopen(report, by=other, desk=world.desk)
    with pytest.raises(Conflict, match="working_copy_not_yours"):
        reopen(report, by=other, desk=world.desk)
    with pytest.raises(NotThere):
        reopen(report, by=world.partner("hotline"), desk=world.desk)
    assert acts(world) == before
    assert can_reopen(report, by=writer, desk=world.desk), "the control: a reviewer does"


def test_a_report_whose_working_copy_is_gone_does_not_come_back(world: World, writer: Actor) -> None:
    report = world.post(make_draft(), writer)
    world.desk.working.destroy(report, version=1)
    with pytest.raises(Conflict, match="working_copy_gone"):
        reopen(report, by=writer, desk=world.desk)
    assert statuses(report, by=writer, desk=world.desk) == ()


def test_every_status_stays_in_the_history_with_its_body_and_its_day(
    world: World, writer: Actor, clock: Any
) -> None:
    def said(status: str, body: str) -> Any:
        person = make_person(vic_TraffickingStatus=status, vic_TraffickingStatusDecisionMakingOrg=body)
        return make_draft(people=(person,))

    report = world.post(said("PossibleVictimOfTrafficking", "NGO"), writer)
    clock.now = datetime(2026, 5, 4, tzinfo=UTC)
    for status, body in (("PossibleVictimOfTrafficking", "NGO"), ("ActualVictimOfTrafficking", "Police")):
        amend(
            report, said(status, body), reason="status_changed", by=writer, once=once(writer), desk=world.desk
        )
    history = statuses(report, by=writer, desk=world.desk)
    assert [(each.status, each.decided_by, each.version) for each in history] == [
        ("PossibleVictimOfTrafficking", "NGO", 1),
        ("ActualVictimOfTrafficking", "Police", 3),
    ]
    assert history[1].at == clock.now
    with pytest.raises(NotThere):
        statuses(report, by=world.partner("hotline"), desk=world.desk)


# Sent before?


def test_the_same_report_written_again_is_noticed_and_a_different_one_is_not(
    world: World, writer: Actor
) -> None:
    text = (
        "She was promised work in a hotel and was brought to a farm where nobody was paid for three months."
    )
    report = world.post(make_draft(narrative=text, reference="A-1", events=()), writer)

    def why(**changes: Any) -> list[str]:
        again = make_draft(**({"narrative": "", "events": ()} | changes))
        return [each.why for each in alike(again, by=writer, desk=world.desk)]

    assert why(reference="A-1") == ["reference"]
    assert why(narrative=text.replace("three", "four")) == ["narrative"]
    assert why(narrative="Somebody else was offered a job on a ship and went to sea for a year.") == []
    assert why(reference="A-2") == []
    assert alike(make_draft(narrative=text), by=writer, desk=world.desk, besides=report) == ()


def test_the_same_route_is_noticed_if_it_says_more_than_two_countries(world: World, writer: Actor) -> None:
    told = (
        Event("Recruitment", on="2026-02-14", city="Oradea", country="RO"),
        Event("Exploitation", on="2026-02", city="Foggia", country="IT"),
    )
    bare = (Event("Recruitment", country="RO"), Event("Exploitation", country="IT"))
    world.post(make_draft(narrative="", events=told), writer)
    world.post(make_draft(narrative="", events=bare), writer)
    found = alike(make_draft(narrative="", events=told), by=writer, desk=world.desk)
    assert [each.why for each in found] == ["route"]
    assert alike(make_draft(narrative="", events=bare), by=writer, desk=world.desk) == ()


def test_what_other_organisations_sent_is_never_compared(world: World, writer: Actor) -> None:
    draft = make_draft(reference="A-1")
    world.post(draft, world.partner("hotline"))
    assert alike(draft, by=writer, desk=world.desk) == ()
    world.post(draft, writer)
    assert len(alike(draft, by=writer, desk=world.desk)) == 1, "the control"


def rows(world: World) -> int:
    with world.desk.readers() as session:
        return session.scalar(select(func.count()).select_from(ReportDraft)) or 0


def acts(world: World) -> int:
    with world.desk.readers() as session:
        return session.scalar(select(func.count()).select_from(LedgerEntry)) or 0


def test_no_report_is_made_by_drafting(world: World, writer: Actor) -> None:
    before = acts(world)
    draft = begun(world, writer)
    discard(draft, by=writer, desk=world.desk)
    with world.desk.readers() as session:
        assert not session.scalars(select(Report)).all() and not session.scalars(select(ReportVersion)).all()
    assert acts(world) == before
