"""The text read in other ways: decoded, folded, unmasked, in digits. Every character knows its way back.

A view is made on first use, so that a text pays only for the readings that somebody asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from redaction.capsules import unmorsed, unpacked
from redaction.escapes import unescaped, unquoted
from redaction.findings import View
from redaction.letters import fold, romanise, unleet, unmask
from redaction.mapped import only, raw_view
from redaction.numerals import in_digits

Maker = Callable[[Mapping[str, View]], View]


def views_of(text: str) -> Mapping[str, View]:
    """Every reading of `text` by name, each made when first asked for.

    A view that changes nothing has the same text as the one it was made from.
    """
    return _Views(text)


class _Views(Mapping[str, View]):
    """A lazy, read-only mapping. Two threads may make the same view twice; they get equal ones."""

    def __init__(self, text: str) -> None:
        self._made = {"raw": raw_view(text)}

    def __getitem__(self, name: str) -> View:
        if name not in self._made:
            self._made[name] = MAKERS[name](self)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        yield "raw"
        yield from MAKERS

    def __len__(self) -> int:
        return len(MAKERS) + 1


MAKERS: Final[Mapping[str, Maker]] = MappingProxyType(
    {
        # what a browser, a mail program or a parser would show
        "decoded": lambda views: unescaped(views["raw"]),
        "quoted": lambda views: unquoted(views["raw"], views["decoded"]),
        # what was packed away: each character points at its whole capsule
        "unpacked": lambda views: unpacked(views["decoded"]),
        "unmorsed": lambda views: unmorsed(views["decoded"]),
        # lower case, no accents, nothing invisible; then its digits, and its letters in a to z
        "folded": lambda views: fold(views["decoded"], "folded"),
        "digits": lambda views: in_digits(views["folded"]),
        "latin": lambda views: romanise(views["folded"], "latin"),
        # what the eye takes a letter for
        "skeleton": lambda views: unmask(views["decoded"], "skeleton"),
        "leet": lambda views: unleet(views["skeleton"], "leet"),
        "squashed": lambda views: only(views["latin"], "squashed", str.isalpha),
    }
)
