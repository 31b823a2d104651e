"""What was answered survives: the whole service killed at any moment, started again, nothing lost, doubled or torn.

The reports have no narrative, so no language model is loaded in a round; everything else is the real service.
`PARALLAX_KILLS` sets the rounds (30; the bench runs 200) and `PARALLAX_KILL_SEED` replays them.
"""

from __future__ import annotations

import os
import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from story_hub import Caller, Hub, Service, lasting, wait_for

from config.database import open_database, readers
from config.keys import load_keys
from config.keystore import KeyStore
from ledger.chain import verify_chain
from ledger.models import LedgerEntry
from share.models import BulletinVersion, OutboxRow, Report, ReportVersion
from share.signing import strict_json, verify
from share.working import WorkingCopies

ROUNDS = int(os.environ.get("PARALLAX_KILLS", "30"))
SEED = int(os.environ.get("PARALLAX_KILL_SEED", "20260301"))
POSTERS = 3
POLICY = """
policy: kill
version: 1
until: 2029-12-31
automatic: yes
circles:
  "*":
    purposes: [other-organisations]
    linkage: circle
    tlp: amber
    smallest_group: 3
    detail: {EXPLOITATION: exact, ROUTE_EVENT: exact, ROUTE_PLACE: coarse, SUSPECT_PHONE: exact}
"""
CLEARANCE = {
    "linkage": "circle",
    "detail": {"EXPLOITATION": "exact", "ROUTE_EVENT": "exact", "ROUTE_PLACE": "coarse"},
}
TIP = {
    "grounds": [
        {
            "subject": "no-subject",
            "basis": "no-subject",
            "purposes": [],
            "given_on": "2026-01-01",
            "given_by": "self",
        }
    ],
    "events": [{"hte_Type": "Recruitment", "hte_Country": "RO", "concerns": ["no-subject"]}],
    "patterns": [{"vic_TypeOfExploitation": ["ForcedLabour"], "concerns": ["no-subject"]}],
}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    made = Service(tmp_path, {"PARALLAX_PUBLISH_EVERY": "0"})
    made.init()
    made.start()
    yield made
    made.kill()


def machine(service: Service) -> Caller:
    """A partner that posts, in a circle with itself, under a policy that lets facts out."""
    hub = Hub.of(service)
    partner = hub.partner({"slug": "source", "name": "Source", "kind": "NGO", "countries": ["RO"]})
    purposes = ["other-organisations"]
    agreement = {"start": "2026-01-01", "end": "2029-12-31", "purposes": purposes}
    hub.agree(f"/api/v1/partners/{partner}/agreements", agreement)
    circle = {
        "slug": "circle",
        "purpose": purposes[0],
        "tlp": "AMBER",
        "smallest_group": 3,
        "until": "2029-12-31",
    }
    hub.agree("/api/v1/circles", circle | {"clearance": CLEARANCE})
    hub.agree("/api/v1/circles/circle/memberships", {"partner": partner, "until": "2029-12-31"})
    hub.policy(hub.member(partner, "A1", ["administrator"]), POLICY)
    return hub.machine(partner, ["reports:submit", "reports:read", "bulletins:read"])


def post_until_it_dies(caller: Caller, name: str, tried: set[str], answered: dict[str, str]) -> None:
    """Post under one key after another, and write down which were tried and which were answered."""
    number = 0
    while True:
        number += 1
        key = f"{name}-{number}"
        tried.add(key)
        try:
            answered[key] = caller.post("/api/v1/reports", TIP, key=key)["id"]
        except requests.RequestException:
            return


def torn(instance: Path) -> list[str]:
    """Everything about a stopped instance that a crash may have left half done."""
    found: list[str] = []
    database = instance / "parallax.sqlite3"
    with sqlite3.connect(database) as raw:
        found += [row[0] for row in raw.execute("PRAGMA integrity_check") if row[0] != "ok"]
    keys = load_keys(instance / "keys")
    copies = WorkingCopies(KeyStore(instance / "keystore.sqlite3", keys.kek))
    engine = open_database(f"sqlite:///{database}")
    with readers(engine)() as session:
        try:
            verify_chain(session)
        except Exception as broken:
            found.append(f"ledger: {broken!r}")
        refs = set(session.scalars(LedgerEntry.__table__.select().with_only_columns(LedgerEntry.ref)))
        for version in session.query(ReportVersion):
            try:
                assert version.working_copy is not None
                copies.draft(version.working_copy, report=version.report_id, version=version.number)
            except Exception as broken:
                found.append(f"working copy: {broken!r}")
        for report in session.query(Report):
            if report.ledger_ref not in refs:
                found.append("report without its ledger entry")
        for bulletin in session.query(BulletinVersion):
            document = {"envelope": strict_json(bulletin.envelope), "content": strict_json(bulletin.content)}
            try:
                verify(document, bulletin.signature, keys=keys.verify)
            except Exception as broken:
                found.append(f"bulletin: {broken!r}")
            if bulletin.ledger_ref not in refs:
                found.append("bulletin without its ledger entry")
    engine.dispose()
    return found


def undone(instance: Path) -> int:
    """How much work waits in the outbox."""
    engine = open_database(f"sqlite:///{instance / 'parallax.sqlite3'}")
    with readers(engine)() as session:
        left = session.query(OutboxRow).filter(OutboxRow.done_at.is_(None)).count()
    engine.dispose()
    return left


def everything(caller: Caller) -> list[str]:
    """The ids of all reports of the partner, page by page."""
    ids, path = [], "/api/v1/reports?limit=200"
    while path:
        page: dict[str, Any] = caller.get(path)
        ids += [report["id"] for report in page["items"]]
        path = page.get("next") or ""
    return ids


@pytest.mark.timeout(1800)
def test_nothing_answered_is_lost_doubled_or_torn_at_any_kill(service: Service) -> None:
    chance = random.Random(SEED)
    print(f"{ROUNDS} kills, seed {SEED}")
    caller = machine(service)
    tried: set[str] = set()
    answered: dict[str, str] = {}
    for number in range(ROUNDS):
        lasting(caller)
        posters = [
            threading.Thread(target=post_until_it_dies, args=(caller, f"{number}-{n}", tried, answered))
            for n in range(POSTERS)
        ]
        for poster in posters:
            poster.start()
        time.sleep(chance.uniform(0.02, 0.9))
        service.kill()
        for poster in posters:
            poster.join(30)
        service.start()
    lasting(caller)
    again = {key: caller.post("/api/v1/reports", TIP, key=key)["id"] for key in sorted(tried)}
    assert {key: again[key] for key in answered} == answered, "an answered report is another one now"
    ids = everything(caller)
    assert sorted(ids) == sorted(set(again.values())), "a report is lost, doubled, or under no key"
    wait_for(lambda: undone(service.instance) == 0, "the outbox to empty", 180)
    assert len(caller.get("/api/v1/bulletins?limit=200")["items"]) == min(200, len(ids))
    service.stop()
    assert torn(service.instance) == []
    print(f"{len(tried)} keys tried, {len(answered)} answered before a kill, {len(ids)} reports, 0 torn")


def test_the_checks_would_notice(service: Service) -> None:
    """The control of the test above: a changed byte, a lost ledger entry and a lost key are all seen."""
    caller = machine(service)
    caller.post("/api/v1/reports", TIP, key="one")
    wait_for(lambda: caller.get("/api/v1/bulletins")["items"], "the bulletin", 60)
    service.stop()
    assert torn(service.instance) == []
    with sqlite3.connect(service.instance / "parallax.sqlite3") as raw:
        raw.execute("DROP TRIGGER ledger_entries_no_delete")
        raw.execute("DELETE FROM ledger_entries WHERE act = 'published'")
        raw.execute(
            "UPDATE bulletin_versions SET content = CAST(replace(content, 'Forced', 'Farced') AS BLOB)"
        )
        raw.execute("UPDATE report_versions SET working_copy = zeroblob(80)")
    said = " ".join(torn(service.instance))
    assert all(what in said for what in ("ledger", "working copy", "bulletin:", "without its ledger entry"))
