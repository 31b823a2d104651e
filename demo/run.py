"""The whole service once: three partners, their reports, review, publication, and who may read what.

Starts a service on a free loopback port over a fresh folder, talks to it over HTTP alone, prints what three readers
are told about one report side by side, and leaves nothing running.
"""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import Any

import yaml
from client import Caller, Hub, Service, fresh_folder, wait_for
from players import Cast, introduce

HERE = Path(__file__).resolve().parent
SHOWN = "01-five-women-greenhouse.json"
COLUMN = 52
AT_ONCE = {"PARALLAX_PUBLISH_EVERY": "0"}
DONE = ("held", "ready")


def main() -> int:
    """Run the demo; 0 if every step did what it says."""
    service = Service(fresh_folder(), AT_ONCE)
    try:
        with step("make an instance: keys, database, two stewards"):
            service.init()
        with step("start the service"):
            service.start()
        with step("register three partners, their people, circles and policies"):
            cast = introduce(Hub.of(service))
        with step("post the reports over HTTP"):
            posted = post_all(cast)
        with step(f"redact {len(posted)} reports in the background"):
            states = redacted(posted)
        print_states(states)
        with step(f"review {SHOWN}, preview it per circle, approve the text"):
            approve_text(posted[SHOWN])
        with step("read what three readers may read"):
            shown = read_side_by_side(posted[SHOWN], cast)
        print_side_by_side(shown)
        with step("one of the five women withdraws; the other four are republished"):
            print_withdrawal(*withdraw_one(posted[SHOWN], cast))
        with step("verify a bulletin offline"):
            verify_offline(service, cast)
    finally:
        service.stop()
        shutil.rmtree(service.folder, ignore_errors=True)
    say(f"done in {time.monotonic() - BEGAN:.1f} s")
    return 0


class Posted:
    """One report of the demo: its file, who brought it, the receipt's id."""

    def __init__(self, file: str, partner: str, report: str, cast: Cast) -> None:
        self.file, self.partner, self.report = file, partner, report
        self.machine: Caller = cast.machines[partner]
        self.people: Mapping[str, Caller] = cast.people[partner]

    def state(self) -> dict[str, Any]:
        """Where it stands, as its partner sees it."""
        said: dict[str, Any] = self.machine.get(f"/api/v1/reports/{self.report}")
        return said


def post_all(cast: Cast) -> dict[str, Posted]:
    """Post every report of the demo as its partner's machine would."""
    index = yaml.safe_load((HERE / "reports" / "INDEX.yaml").read_text("utf-8"))["reports"]
    posted = {}
    for entry in index:
        body = json.loads((HERE / "reports" / entry["file"]).read_text("utf-8"))
        receipt = cast.machines[entry["partner"]].post("/api/v1/reports", body, key=entry["file"])
        posted[entry["file"]] = Posted(entry["file"], entry["partner"], receipt["id"], cast)
    return posted


def redacted(posted: Mapping[str, Posted]) -> dict[str, dict[str, Any]]:
    """Wait until every report was looked at; where each stands."""

    def all_done() -> dict[str, dict[str, Any]] | None:
        states = {file: each.state() for file, each in posted.items()}
        return states if all(state["state"] in DONE for state in states.values()) else None

    states: dict[str, dict[str, Any]] = wait_for(all_done, "redaction", 240)
    return states


def approve_text(shown: Posted) -> None:
    """A reviewer reads the working copy and settles its doubts; an approver says yes to each circle's content."""
    reviewer, approver = shown.people["reviewer"], shown.people["approver"]
    path = f"/api/v1/reports/{shown.report}"
    copy = reviewer.get(f"{path}/review")
    if copy["holds"]:
        holds = [hold["id"] for hold in copy["holds"]]
        reviewer.post(f"{path}/review/resolutions", {"holds": holds, "resolution": "not_identifying"})
    for circle in copy["circles"]:
        preview = approver.get(f"{path}/previews/{circle}")
        if preview["content"]["sections"]:
            yes = {"circle": circle, "content_sha256": preview["content_sha256"]}
            approver.post(f"{path}/approvals", yes)


def read_side_by_side(shown: Posted, cast: Cast) -> dict[str, str]:
    """For each circle, the text of the bulletin about this report as one of its members reads it."""
    told = {}
    for circle, members in cast.circles.items():
        bulletin = wait_for(lambda c=circle, m=members[0]: find(cast.machines[m], c, shown), circle, 60)
        address = f"/api/v1/bulletins/{bulletin['envelope']['id']}/text"
        text = cast.machines[members[0]].ask("GET", address, params={"lang": "en"}).text
        told[f"{circle}: {members[0]}"] = text
    return told


def find(reader: Caller, circle: str, shown: Posted) -> dict[str, Any] | None:
    """The bulletin that this circle was given about the report: the one whose content was approved."""
    preview = shown.people["approver"].get(f"/api/v1/reports/{shown.report}/previews/{circle}")
    for bulletin in bulletins(reader):
        if bulletin["envelope"]["content_sha256"] == preview["content_sha256"]:
            return bulletin
    return None


def bulletins(reader: Caller) -> Iterator[dict[str, Any]]:
    """Every bulletin that the reader may read, page by page."""
    path: str | None = "/api/v1/bulletins"
    while path:
        page = reader.get(path)
        yield from page["items"]
        path = page.get("next")


def withdraw_one(shown: Posted, cast: Cast) -> tuple[dict[str, Any], dict[str, Any]]:
    """Withdraw P4's consent; the bulletin of one circle before and after."""
    circle, members = next(iter(cast.circles.items()))
    reader = cast.machines[members[0]]
    before = find(reader, circle, shown)
    assert before is not None
    path = f"/api/v1/reports/{shown.report}/consents/P4/withdrawal"
    shown.people["caseworker"].post(path)

    def is_newer() -> dict[str, Any] | None:
        now = reader.get(f"/api/v1/bulletins/{before['envelope']['id']}")
        newer: bool = now["envelope"]["version"] > before["envelope"]["version"]
        return now if newer else None

    return before, wait_for(is_newer, "the new version", 60)


def verify_offline(service: Service, cast: Cast) -> None:
    """Check one bulletin's signature with the published keys and nothing else."""
    reader = next(iter(cast.machines.values()))
    bulletin = next(bulletins(reader))
    keys = reader.get("/.well-known/jwks.json")
    (service.folder / "bulletin.json").write_text(json.dumps(bulletin))
    (service.folder / "keys.json").write_text(json.dumps(keys))
    done = service.command(
        "verify", str(service.folder / "bulletin.json"), "--keys", str(service.folder / "keys.json")
    )
    print(textwrap.indent(done.stdout.decode(), "    "), flush=True)


def print_states(states: Mapping[str, dict[str, Any]]) -> None:
    """Where each report stands and what holds it."""
    for file, state in states.items():
        holds = sorted({hold["code"] for hold in state.get("holds", [])})
        print(f"    {file:36} {state['state']:6} {', '.join(holds)}")
    print()


def print_side_by_side(shown: Mapping[str, str]) -> None:
    """The same report, as three readers are told it."""
    columns = [[*_wrapped(name), "=" * COLUMN, *_wrapped(text)] for name, text in shown.items()]
    for row in zip_longest(*columns, fillvalue=""):
        print("  ".join(cell.ljust(COLUMN) for cell in row).rstrip())
    print(flush=True)


def print_withdrawal(before: dict[str, Any], after: dict[str, Any]) -> None:
    """How many people each version speaks of."""
    counts = [
        sum(section["section"] == "person" for section in bulletin["content"]["sections"])
        for bulletin in (before, after)
    ]
    versions = [bulletin["envelope"]["version"] for bulletin in (before, after)]
    print(f"    version {versions[0]} speaks of {counts[0]} people, version {versions[1]} of {counts[1]}")


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is done and how long it took."""
    began = time.monotonic()
    yield
    say(f"{time.monotonic() - began:6.1f} s  {what}")


def say(what: str) -> None:
    """Talk goes to stderr; what was read goes to stdout."""
    print(what, file=sys.stderr, flush=True)


def _wrapped(text: str) -> list[str]:
    lines = (textwrap.wrap(line, COLUMN) or [""] for line in text.splitlines())
    return [piece for line in lines for piece in line]


BEGAN = time.monotonic()

if __name__ == "__main__":
    sys.exit(main())
