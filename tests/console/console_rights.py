"""The table of pages and roles, and a reader that finds every control on a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml
from flask import Flask
from werkzeug.routing import Rule

from console.pages import PAGES
from partners.values import Role

TABLE: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "pages.yaml").read_text(encoding="utf-8")
)
ROLES = tuple(role.value for role in Role)
OPEN = frozenset(name for name, row in TABLE.items() if row["in"] == "everybody")
GUARDED = tuple(sorted(TABLE.keys() - OPEN))
CONFIRMED = frozenset(name for name, row in TABLE.items() if row.get("confirmed"))
OURS = frozenset(blueprint.name for blueprint in PAGES) | {"static_files"}

FILLED = {
    "<step>/<code>": "people/P1",
    "<step>": "what",
    "<subject>": "P1",
    "<circle>": "danube",
    "<name>": "x",
    "<path:name>": "desk.css",
}


NOBODYS: Mapping[str, str] = {}
"""No names: then an address is about something that is not there."""


@dataclass(frozen=True)
class Asked:
    """A request that a page could make: endpoint, method, and address."""

    endpoint: str
    method: str
    path: str


@dataclass(frozen=True)
class Control:
    """Something to press on a page: where it leads, and how."""

    method: str
    path: str


def rules(app: Flask) -> Iterator[Rule]:
    """Every rule of the pages."""
    return (rule for rule in app.url_map.iter_rules() if rule.endpoint.split(".")[0] in OURS)


def requests_of(app: Flask, endpoint: str, names: Mapping[str, str] = NOBODYS) -> list[Asked]:
    """What can be asked of one endpoint, about what is called so; else about what is not there."""
    return [
        Asked(endpoint, method, _filled(str(rule), names))
        for rule in rules(app)
        if rule.endpoint == endpoint
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
    ]


def endpoint_of(app: Flask, control: Control) -> str:
    """The endpoint that a control leads to; an address of ours that leads nowhere is an error."""
    path = control.path.partition("#")[0].partition("?")[0]
    return str(app.url_map.bind("localhost").match(path, method=control.method)[0])


def controls(page: str) -> list[Control]:
    """Every link and every form of a page that leads to an address of ours."""
    reader = _Reader()
    reader.feed(page)
    return [each for each in reader.found if each.path.startswith("/")]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Control] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        if tag in ("a", "link") and said.get("href"):
            self.found.append(Control("GET", said["href"]))
        if tag in ("img", "script") and said.get("src"):
            self.found.append(Control("GET", said["src"]))
        if tag == "form":
            self.found.append(Control(said.get("method", "get").upper(), said.get("action", "")))
        if said.get("formaction"):
            self.found.append(Control("POST", said["formaction"]))


def _filled(rule: str, names: Mapping[str, str]) -> str:
    rule = re.sub("<uuid:([a-z_]+)>", lambda found: names.get(found[1]) or str(uuid4()), rule)
    for part, value in FILLED.items():
        rule = rule.replace(part, value)
    return rule
