"""The demo's organisations, brought into a running hub from `partners.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from client import Caller, Hub

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Cast:
    """Everybody in the demo: a machine per partner, and its people by role."""

    machines: Mapping[str, Caller]
    people: Mapping[str, Mapping[str, Caller]]
    circles: Mapping[str, tuple[str, ...]]


def introduce(hub: Hub) -> Cast:
    """Register partners, agreements, people, circles and policies, each proposed by one and approved by another."""
    said = yaml.safe_load((HERE / "partners.yaml").read_text("utf-8"))
    ids, machines, people = {}, {}, {}
    for partner in said["partners"]:
        slug = partner["slug"]
        ids[slug] = hub.partner(partner)
        hub.agree(f"/api/v1/partners/{ids[slug]}/agreements", _plain(partner["agreement"]))
        machines[slug] = hub.machine(ids[slug], partner["machine"]["scopes"])
        people[slug] = {
            role: member
            for each in partner["members"]
            for member in [hub.member(ids[slug], each["code"], each["roles"])]
            for role in each["roles"]
        }
    for circle in said["circles"]:
        terms = {name: value for name, value in circle.items() if name != "members"}
        hub.agree("/api/v1/circles", _plain(terms))
        for slug in circle["members"]:
            stay = {"partner": ids[slug], "until": str(circle["until"])}
            hub.agree(f"/api/v1/circles/{circle['slug']}/memberships", stay)
    for partner in said["partners"]:
        document = (HERE / partner["policy"]).read_text("utf-8")
        hub.policy(people[partner["slug"]]["administrator"], document)
    circles = {circle["slug"]: tuple(circle["members"]) for circle in said["circles"]}
    return Cast(machines, people, circles)


def _plain(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in said.items()}
