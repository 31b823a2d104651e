"""What must never leave the demo's reports: each protected person's identifiers, plain and written otherwise."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml

REPORTS = Path(__file__).resolve().parents[2] / "demo" / "reports"
SHORTEST = 4
"""Shorter canaries (initials, mostly) stand in ordinary words too, so that finding one proves nothing."""


@cache
def index() -> tuple[dict[str, Any], ...]:
    """Every entry of the index of the demo's reports."""
    return tuple(yaml.safe_load((REPORTS / "INDEX.yaml").read_text(encoding="utf-8"))["reports"])


@cache
def report(file: str) -> dict[str, Any]:
    """One of the demo's reports as a partner posts it."""
    content: dict[str, Any] = json.loads((REPORTS / file).read_text(encoding="utf-8"))
    return content


def canaries(*files: str) -> tuple[str, ...]:
    """The canaries of these reports, or of all: whichever of them turns up in what left is a leak."""
    chosen = (entry for entry in index() if not files or entry["file"] in files)
    said = (form for entry in chosen for forms in entry["canaries"].values() for form in spellings(forms))
    return tuple(sorted({form for form in said if len(form) >= SHORTEST}))


def spellings(forms: dict[str, list[str]]) -> list[str]:
    """One person's identifiers in every form that the index lists."""
    return forms["plain"] + forms["otherwise"]
