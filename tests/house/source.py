"""The project's own source as syntax trees: what the house rules are read from."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("policies", "redaction", "config", "ledger", "partners", "share", "evidence", "console")


@dataclass(frozen=True)
class Module:
    """One file of ours, parsed."""

    path: str
    tree: ast.Module
    lines: int

    @property
    def room(self) -> str:
        """The room it stands in; `api` for the composition root."""
        return self.path.split("/")[0].removesuffix(".py")

    def imports(self) -> Iterator[tuple[str, ast.stmt]]:
        """Every module that it names in an import, with the statement."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module, node
                yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)


@cache
def modules() -> tuple[Module, ...]:
    """All of them, the composition root included."""
    files = [ROOT / "api.py", *(path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))]
    return tuple(
        parse(path.relative_to(ROOT).as_posix(), path.read_text("utf-8")) for path in files if path.exists()
    )


def parse(path: str, text: str) -> Module:
    """One file as a module."""
    return Module(path, ast.parse(text), len(text.splitlines()))
