"""A whole hub at work on every report of the demo, and then a search for every survivor in all that it leaves.

The service, its database, its key store and the language models are the real ones; partners talk to it over HTTP.
Only what a reviewer is shown of a report of her own organisation, `GET /reports/{id}/review`, is left aside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from builders import World, finds, make_world, once
from canaries import Canary, Hit, Scan
from sqlalchemy import Engine
from story_canaries import index, report, spellings
from story_errors import provoke
from story_hub import Caller, Cast, Record, Service, everybody, idle, lasting, left_behind, populated, started

from config.keystore import KeyStore
from share.approval import approve, preview
from share.reading import bulletins_for
from share.schemas import ReportSchema
from share.worker import run_all

from run import Posted, approve_text, bulletins, post_all, redacted  # isort: skip  the demo's own steps

LANGUAGES = ("en", "fr", "es", "ro", "it")
SHOWN = "01-five-women-greenhouse.json"
IN_ERRORS = ("Sălcudean", "ioana.salcudean03@mail.example.org", "+40740000213")
LISTS = (
    *("circles", "partners", "partners/me", "policies", "proposals", "reports", "ledger"),
    *("bulletins?limit=200", "bulletins.ndjson", "vocabulary", "vocabulary/kinds?lang=ro"),
)


def all_canaries() -> Iterator[Canary]:
    """What the index lists for each person, and what each report's own form says of her."""
    for entry in index():
        for who, forms in entry["canaries"].items():
            yield from (Canary(form, f"{entry['file'][:2]} {who}") for form in spellings(forms))
        for known in ReportSchema().load(report(entry["file"])).known():
            yield Canary(known.value, f"{entry['file'][:2]} {known.subject}")


def look(caller: Caller, path: str) -> int:
    """The status of an answer; no answer to a reader may be an error of ours."""
    token = {"Authorization": f"Bearer {lasting(caller).token}"}
    answer = requests.get(caller.service.url + path, headers=token, timeout=60)
    assert answer.status_code < 500, path
    return answer.status_code


def read_everything(cast: Cast, posted: dict[str, Posted]) -> None:
    """Every address, asked for by everybody; the answers are kept by the record."""
    (file,) = (file for file in posted if file == SHOWN)
    for caller in everybody(cast).values():
        for name in LISTS:
            look(caller, f"/api/v1/{name}")
        look(caller, f"/api/v1/reports/{posted[file].report}")
        look(caller, f"/api/v1/reports/{posted[file].report}/previews/legal-desk")
        look(caller, f"/api/v1/consents?report={posted[file].report}")
    for machine in cast.machines.values():
        for each in posted.values():
            look(machine, f"/api/v1/reports/{each.report}")
            look(machine, f"/api/v1/consents?report={each.report}")
    for path in ("/healthz", "/readyz", "/metrics", "/api/openapi.json", "/.well-known/jwks.json"):
        look(machine, path)


def read_bulletins(cast: Cast) -> Counter[str]:
    """Every bulletin as everybody who reads in a circle, and in every language; how many of each kind there are."""
    told = {each["envelope"]["id"]: each for reader in cast.machines.values() for each in bulletins(reader)}
    for slug, reader in cast.machines.items():
        for bulletin in told:
            if look(reader, f"/api/v1/bulletins/{bulletin}") == 200:
                for lang in LANGUAGES:
                    assert look(reader, f"/api/v1/bulletins/{bulletin}/text?lang={lang}") == 200
            look(cast.people[slug]["approver"], f"/api/v1/bulletins/{bulletin}/confirmations")
    kinds = Counter(each["content"]["type"] for each in told.values())
    return kinds + Counter(text=sum("narrative" in each["content"] for each in told.values()))


def take_back(posted: dict[str, Posted]) -> None:
    """One woman withdraws, one bulletin is recalled, one report is amended and one refused."""
    shown = posted[SHOWN]
    for each in posted.values():
        for caller in (each.machine, *each.people.values()):
            lasting(caller)
    shown.people["caseworker"].post(f"/api/v1/reports/{shown.report}/consents/P4/withdrawal")
    told = posted["10-trafficked-twice.json"].state()["bulletins"][0]["id"]
    shown.people["approver"].post(f"/api/v1/bulletins/{told}/recall")
    again = posted["02-route-oradea-masons.json"]
    more = report(again.file) | {"narrative": report(again.file)["narrative"] + " Dumitru Hărăstășan a spus."}
    changed = {"reason": "more_known", "report": more}
    again.machine.post(f"/api/v1/reports/{again.report}/amendments", changed)
    closed = posted["15-iubitul-nurnberg.json"]
    no = {"reason": "unsafe_to_share"}
    closed.people["reviewer"].post(f"/api/v1/reports/{closed.report}/refusal", no)


def go_wrong(service: Service, shown: Posted) -> int:
    """Requests that fail with a name in them, from a machine and from a person."""
    by_machine = sum(provoke(service, shown.machine, name, shown.report) for name in IN_ERRORS)
    return by_machine + provoke(service, shown.people["reviewer"], IN_ERRORS[0], shown.report)


@pytest.mark.timeout(1800)
def test_nobody_is_named_in_anything_that_a_hub_leaves(tmp_path: Path) -> None:
    record = Record()
    service = started(tmp_path, PUBLISH_EVERY="0", LOG_LEVEL="debug")
    try:
        with record.of_everything():
            cast = populated(service)
            posted = post_all(cast)
            redacted(posted)
            wrong = go_wrong(service, posted[SHOWN])
            for each in posted.values():
                lasting(each.people["reviewer"])
                lasting(each.people["approver"])
                approve_text(each)
            idle(service)
            read_everything(cast, posted)
            first = read_bulletins(cast)
            take_back(posted)
            idle(service)
            second = read_bulletins(cast)
        places = dict(left_behind(service))
        service.stop()
        places |= {f"after the end: {place}": data for place, data in left_behind(service)}
    finally:
        service.stop()
    assert wrong > 300 and record.to_reviewers == len(posted)
    assert first["text"] >= 10 and second["recall"] >= 3, "a scan of nothing would prove nothing"
    assert {"instance/parallax.sqlite3", "instance/keystore.sqlite3", "service.log"} <= places.keys()
    scan = Scan(all_canaries())
    print(
        f"{len(scan.canaries)} canaries, {len(record.answers)} answers, {len(places)} places, told {dict(first)}"
    )
    assert (
        sorted(hit for place, data in (places | record.different()).items() for hit in scan.hits(place, data))
        == []
    )


def test_with_redaction_switched_off_the_same_scan_finds_them(
    memory_engine: Engine, keystore: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: nothing is found in the text, and nobody looks again at what goes out."""
    monkeypatch.setattr("redaction.pipeline.residue", lambda *_, **__: ())
    monkeypatch.setattr("share.compose.known_variants_in", lambda *_, **__: ())
    world = make_world(memory_engine, keystore, lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))
    world.desk = replace(world.desk, examine=finds())
    shelter, reader = world.partner("shelter"), world.partner("reader")
    world.circle("neighbours", reader)
    draft = ReportSchema().load(report(SHOWN))
    known = world.post(draft, shelter)
    hits = {hit.whose for hit in _told(world, reader)}
    assert hits == set(), "facts alone name nobody"
    shown = preview(known, circle="neighbours", by=shelter, desk=world.desk)
    yes = {"circle": "neighbours", "content_sha256": shown.content_sha256}
    approve(known, **yes, by=shelter, once=once(shelter), desk=world.desk)
    run_all(world.desk)
    assert {hit.whose for hit in _told(world, reader)} >= {f"01 P{number}" for number in range(1, 6)}


def _told(world: World, reader: object) -> Iterator[Hit]:
    scan = Scan(all_canaries())
    page = bulletins_for(reader, after=None, limit=50, desk=world.desk)  # type: ignore[arg-type]
    for each in page.bulletins:
        yield from scan.hits("bulletin", each.content)
