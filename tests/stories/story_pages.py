"""A real site with something on every page, and the cookies of those who visit it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "console"))

from builders import finds
from console_builders import Served, served
from console_full import furnish
from console_visits import ENROLS, HALF, HOMES, NOBODY


@dataclass(frozen=True)
class Furnished:
    """A site with something on every page, and the names of what is there."""

    site: Served
    names: Mapping[str, str]

    def address(self, path: str) -> str:
        """Where that is."""
        return path.format_map(self.names)

    def cookies(self, who: str) -> list[Any]:
        """What stands in the browser of that person."""
        if who == NOBODY:
            return []
        if who in (HALF, ENROLS):
            return [{"name": "parallax", "value": self.names[who], "url": self.site.url}]
        role, home = HOMES.get(who, (who, "shelter"))
        if who == "second":
            return [self.site.cookie("administrator", code="second")]
        return [self.site.cookie(role, home)]


@contextmanager
def furnished(folder: Path) -> Iterator[Furnished]:
    """The site, on a real port. Its texts are read without language models."""
    with served(folder, worker=False, examine=finds("Ioana Popescu", "Oradea")) as site:
        yield Furnished(site, furnish(site.pages))
