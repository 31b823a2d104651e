"""Rooms look downwards only, and a few words are spoken in a few files only."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatch

import pytest
from source import ROOMS, Module, modules, parse

MAY_IMPORT: Mapping[str, frozenset[str]] = {
    "policies": frozenset(),
    "redaction": frozenset({"policies"}),
    "config": frozenset(),
    "ledger": frozenset({"config"}),
    "partners": frozenset({"policies", "ledger", "config"}),
    "share": frozenset({"redaction", "partners", "ledger", "policies", "config"}),
    "evidence": frozenset({"share", "partners", "ledger", "policies", "config"}),
    "console": frozenset({"share", "evidence", "partners", "policies", "config"}),
    "api": frozenset(ROOMS),
}
"""Which rooms each room may look into."""

WALLS: Mapping[str, tuple[str, ...]] = {
    "flask": (
        "api.py",
        "*/routes.py",
        "*/routes_*.py",
        "*/cli.py",
        "*/web.py",
        "partners/guard.py",
        "console/*",
    ),
    "jwt": ("partners/tokens.py", "share/signing.py"),
    "spacy": ("redaction/detectors/presidio.py", "redaction/rewrite.py"),
    "presidio_analyzer": ("redaction/detectors/presidio.py", "redaction/rewrite.py"),
    "presidio_anonymizer": ("redaction/detectors/presidio.py", "redaction/rewrite.py"),
}
"""Who may name a library at all."""

NEVER_IN: Mapping[str, tuple[str, ...]] = {
    "policies": ("flask", "sqlalchemy", "config"),
    "redaction": ("sqlalchemy", "config", "partners"),
    "console": ("sqlalchemy",),
}

OPENS_ORIGINALS = "evidence.vault.open_original"


def looks_up(files: Iterable[Module]) -> Iterator[str]:
    """Imports against the direction between rooms."""
    for module in files:
        for name, _ in module.imports():
            room = name.split(".")[0]
            if room in ROOMS and room != module.room and room not in MAY_IMPORT[module.room]:
                yield f"{module.path} imports {name}"


def through_walls(files: Iterable[Module]) -> Iterator[str]:
    """Libraries named where they may not be."""
    for module in files:
        for name, _ in module.imports():
            library = name.split(".")[0]
            allowed = WALLS.get(library)
            if allowed is not None and not any(fnmatch(module.path, place) for place in allowed):
                yield f"{module.path} names {library}"
            at_the_edge = library == "flask" and module.path.endswith("cli.py")
            if library in NEVER_IN.get(module.room, ()) and not at_the_edge:
                yield f"{module.path} names {library}"


def hidden(files: Iterable[Module]) -> Iterator[str]:
    """Imports inside functions."""
    for module in files:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Import | ast.ImportFrom):
                        yield f"{module.path}:{inner.lineno}"


def busy_inits(files: Iterable[Module]) -> Iterator[str]:
    """`__init__.py` files that hold more than a docstring."""
    for module in files:
        if module.path.endswith("__init__.py") and (
            len(module.tree.body) != 1 or ast.get_docstring(module.tree) is None
        ):
            yield module.path


def opens_originals(files: Iterable[Module]) -> Iterator[str]:
    """Whoever names the function that opens an original."""
    for module in files:
        names = {node.id for node in ast.walk(module.tree) if isinstance(node, ast.Name)}
        names |= {node.attr for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)}
        if "open_original" in names or OPENS_ORIGINALS in {name for name, _ in module.imports()}:
            yield module.path


def reads_environment(files: Iterable[Module]) -> Iterator[str]:
    """Pure rooms that look at the clock or the environment."""
    for module in files:
        if module.room in ("policies", "redaction") and not module.path.endswith(("cli.py", "examiner.py")):
            for node in ast.walk(module.tree):
                if isinstance(node, ast.Attribute) and node.attr in (
                    "environ",
                    "getenv",
                    "now",
                    "today",
                    "utcnow",
                ):
                    yield f"{module.path}:{node.lineno}"


RULES = (looks_up, through_walls, hidden, busy_inits, opens_originals, reads_environment)

BROKEN = {
    looks_up: ("ledger/x.py", "from share.models import Report"),
    through_walls: ("share/x.py", "import jwt"),
    hidden: ("share/x.py", "def f():\n    import json"),
    busy_inits: ("share/__init__.py", '"""Doc."""\nimport json'),
    opens_originals: ("share/x.py", "from evidence.vault import open_original"),
    reads_environment: ("policies/x.py", "import os\nos.environ"),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_house_keeps_its_rule(rule: object) -> None:
    assert list(rule(modules())) == []  # type: ignore[operator]


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_would_notice(rule: object) -> None:
    assert list(rule([parse(*BROKEN[rule])])) != []  # type: ignore[index,operator]


def test_every_room_is_there_to_be_looked_at() -> None:
    assert {module.room for module in modules()} == {*ROOMS, "api"}
