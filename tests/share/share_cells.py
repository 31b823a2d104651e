"""What is asked in each cell of the table of rights: a fresh report every time, so that no cell spoils another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from builders import make_draft, make_world
from share_edge import EVERY_SCOPE, Caller, Edge, a_report, make_edge, still
from werkzeug.test import TestResponse

from config.database import open_database
from config.keys import load_keys, make_keys
from config.keystore import KeyStore
from partners.values import Actor
from share.approval import preview
from share.models import Bulletin, ReportHold

CIRCLE: Final = "danube"
ABOUT: Final = ("reports", "review", "consents", "bulletins")
"""The rooms whose routes are about a report or what was told of it."""

NEVER_GET_THERE: Final = ("absent", "narrow", "revoked", "anonymous")
"""The columns in which nothing is read, so that an id of nothing will do."""

ANY_DAY: Final = {"given_on": "2026-02-01", "until": "2030-12-31"}


@dataclass
class Cells:
    """An application with an owner, a reader in her circle and a stranger, and a fresh report for each cell."""

    edge: Edge
    owner: Actor
    reader: Actor
    stranger: Actor

    def caller(self, who: str, needed: frozenset[Any]) -> Caller:
        """The caller of a column; `needed` are the rights that the route asks for."""
        if who == "anonymous":
            return self.edge.nobody()
        if who == "revoked":
            return Caller(self.edge.app, self.edge.token(self.owner, scopes=EVERY_SCOPE, revoked=True))
        if who == "machine":
            return self.edge.machine(self.owner)
        if who == "narrow":
            return self.edge.person(self.owner, scopes=EVERY_SCOPE - needed)
        return self.edge.person({"reader": self.reader, "stranger": self.stranger}.get(who, self.owner))

    def ask(self, endpoint: str, who: str, needed: frozenset[Any]) -> TestResponse:
        """Send the request of one cell."""
        caller = self.caller(who, needed)
        path, said = self.request(endpoint, absent=who in NEVER_GET_THERE)
        rule = next(rule for rule in self.edge.app.url_map.iter_rules() if rule.endpoint == endpoint)
        (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        how = {} if said is None else {"json": said}
        return caller.send(method, path, **how)

    def request(self, endpoint: str, *, absent: bool) -> tuple[str, Any]:
        """Address and body of a request that is right in every way, about a report made for it or about none."""
        room, view = endpoint.split(".")
        report = (
            uuid4() if absent else self.edge.world.post(make_draft(), self.owner) if room in ABOUT else None
        )
        if report and room == "bulletins":
            return self._about_a_bulletin(view, report if absent else self._bulletin(report))
        if report and room in ABOUT:
            return self._about_a_report(view, report, absent=absent)
        if endpoint in ADDRESSES:
            return ADDRESSES[endpoint], None
        return self._about_partners(endpoint, uuid4() if absent else None)

    def _about_a_report(self, view: str, report: UUID, *, absent: bool) -> tuple[str, Any]:
        at = f"/api/v1/reports/{report}"
        ground = {"subject": "P1", "basis": "consent", "purposes": ["authorities"], **ANY_DAY}
        requests: Mapping[str, Any] = {
            "submit_report": lambda: ("/api/v1/reports", a_report()),
            "list_reports": lambda: ("/api/v1/reports?limit=2", None),
            "read_report": lambda: (at, None),
            "amend_report": lambda: (f"{at}/amendments", {"reason": "correction", "report": a_report()}),
            "read_working_copy": lambda: (f"{at}/review", None),
            "mark_span": lambda: (
                f"{at}/review/spans",
                {"version": 1, "start": 0, "end": 5, "kind": "PERSON"},
            ),
            "resolve_holds": lambda: (
                f"{at}/review/resolutions",
                {"holds": [str(uuid4() if absent else self._hold(report))], "resolution": "false_alarm"},
            ),
            "read_preview": lambda: (f"{at}/previews/{CIRCLE}", None),
            "approve_content": lambda: (
                f"{at}/approvals",
                {"circle": CIRCLE, "content_sha256": "0" * 64 if absent else self._digest(report)},
            ),
            "refuse_report": lambda: (f"{at}/refusal", {"reason": "duplicate"}),
            "list_grounds": lambda: (f"{at}/consents", None),
            "list_consents": lambda: (f"/api/v1/consents?report={report}", None),
            "put_ground": lambda: (f"{at}/consents", ground),
            "withdraw_ground": lambda: (f"{at}/consents/P1/withdrawal", None),
        }
        return requests[view]()

    def _about_a_bulletin(self, view: str, bulletin: UUID) -> tuple[str, Any]:
        at = f"/api/v1/bulletins/{bulletin}"
        return {
            "list_bulletins": ("/api/v1/bulletins?limit=2", None),
            "feed": ("/api/v1/bulletins.ndjson", None),
            "read_bulletin": (at, None),
            "read_text": (f"{at}/text?lang=ro", None),
            "recall_bulletin": (f"{at}/recall", None),
            "acknowledge_bulletin": (f"{at}/acknowledgements", {"version": 1}),
            "read_confirmations": (f"{at}/confirmations", None),
        }[view]

    def _about_partners(self, endpoint: str, absent: UUID | None) -> tuple[str, Any]:
        rule = next(rule for rule in self.edge.app.url_map.iter_rules() if rule.endpoint == endpoint)
        filled = str(rule)
        for name, value in (
            ("<uuid:partner_id>", absent or self.owner.partner),
            ("<uuid:member_id>", absent or self.owner.member),
            ("<uuid:policy_id>", uuid4()),
            ("<uuid:proposal_id>", uuid4()),
            ("<kid>", "k" * 43),
            ("<slug>", CIRCLE),
        ):
            filled = filled.replace(name, str(value))
        return filled, {} if endpoint in TAKES_A_BODY else None

    def _bulletin(self, report: UUID) -> UUID:
        with self.edge.world.desk.readers() as session:
            return session.query(Bulletin).filter_by(report_id=report).one().id

    def _hold(self, report: UUID) -> UUID:
        hold = uuid4()
        desk = self.edge.world.desk
        with desk.sessions.begin() as session:
            session.add(
                ReportHold(
                    id=hold, report_id=report, version=1, part="narrative", code="doubt", held_at=desk.clock()
                )
            )
        return hold

    def _digest(self, report: UUID) -> str:
        return preview(report, circle=CIRCLE, by=self.owner, desk=self.edge.world.desk).content_sha256


ADDRESSES: Final = {
    "reference.list_vocabulary": "/api/v1/vocabulary",
    "reference.read_vocabulary": "/api/v1/vocabulary/jobs?lang=it",
    "reference.list_entries": "/api/v1/ledger?limit=2",
    "health.alive": "/healthz",
    "health.ready": "/readyz",
    "docs.page": "/api/docs",
    "docs.asset": "/api/docs/start.js",
    "api-docs.openapi_json": "/api/openapi.json",
    "auth.published_keys": "/.well-known/jwks.json",
    "auth.issue_token": "/oauth/token",
}
TAKES_A_BODY: Final = {
    "partners.propose_partner",
    "partners.propose_member",
    "partners.propose_machine_key",
    "partners.propose_agreement",
    "members.propose_member_key",
    "circles.propose_circle",
    "circles.propose_joining",
    "policies.adopt",
}


def new_cells(folder: Path) -> Cells:
    """An owner, a reader and a stranger over a database in memory, which may be shared by many tests."""
    make_keys(folder / "keys")
    keys = load_keys(folder / "keys")
    world = make_world(
        open_database("sqlite://"), KeyStore(folder / "keystore.sqlite3", keys.kek, still), still
    )
    owner, reader, stranger = (world.partner(slug) for slug in ("shelter", "hotline", "elsewhere"))
    world.circle(CIRCLE, owner, reader)
    return Cells(make_edge(world, keys), owner, reader, stranger)
