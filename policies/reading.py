"""Taking a document apart step by step: each step returns something harmless and notes what was wrong."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from policies.document import Node, Pairs, PolicyError, Problem

SLUG: Final = re.compile(r"(?=.{1,64}\Z)[a-z0-9]+(-[a-z0-9]+)*")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST_PROBLEMS: Final = 50


@dataclass(slots=True)
class Reading:
    """Collects problems, so that a coordinator sees all of them at once."""

    problems: list[Problem] = field(default_factory=list)

    def note(self, node: Node, path: str, code: str, hint: str) -> None:
        """Something is wrong here. `hint` is ours alone; nothing that was written may go into it."""
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(Problem(node.line, path, code, hint))

    def finish(self) -> None:
        """Raise `PolicyError` if anything was wrong."""
        if self.problems:
            raise PolicyError(sorted(self.problems, key=lambda problem: problem.line or 0))

    def entries(self, node: Node, path: str) -> list[tuple[str, Node, Node]]:
        """Key, where the key stands, and value. Empty is no entries."""
        if node.value is None:
            return []
        if not isinstance(node.value, Pairs):
            self.note(node, path, "not_a_mapping", "write `key: value` lines here")
            return []
        kept: dict[str, tuple[str, Node, Node]] = {}
        for key, value in node.value.entries:
            if not isinstance(key.value, str):
                self.note(key, path, "wrong_type", "a key is a word")
            elif key.value in kept:
                self.note(key, path, "duplicate_key", "the same key stands here twice")
            else:
                kept[key.value] = (key.value, key, value)
        return list(kept.values())

    def keys(self, node: Node, path: str, known: Collection[str]) -> dict[str, Node]:
        """The entries of a mapping whose keys belong to the format."""
        found: dict[str, Node] = {}
        for name, key, value in self.entries(node, path):
            if name in known:
                found[name] = value
            else:
                self.note(key, path, "unknown_key", one_of(known))
        return found

    def words(self, node: Node | None, path: str, known: Collection[str], code: str) -> tuple[str, ...]:
        """A list of words of a closed list, each once."""
        if node is None or node.value is None:
            return ()
        if not isinstance(node.value, tuple):
            self.note(
                node, path, "not_a_list", "write a list here, each word on a line that begins with a dash"
            )
            return ()
        words: dict[str, None] = {}
        for item in node.value:
            if not isinstance(item.value, str) or item.value not in known:
                self.note(item, path, code, one_of(known))
            elif item.value in words:
                self.note(item, path, "duplicate_word", "the same word stands here twice")
            else:
                words[item.value] = None
        return tuple(words)

    def choice(self, node: Node | None, path: str, known: Collection[str], code: str) -> str | None:
        """One word of a closed list, in capitals or not."""
        if node is None or node.value is None:
            return None
        word = node.value.upper() if isinstance(node.value, str) else None
        if word in known:
            return word
        self.note(node, path, code, one_of([name.lower() for name in known]))
        return None

    def number(self, node: Node | None, path: str, *, least: int, most: int) -> int:
        """A whole number within limits; the least where it is left out."""
        if node is None or node.value is None:
            return least
        if isinstance(node.value, bool) or not isinstance(node.value, int):
            self.note(node, path, "wrong_type", "write a whole number")
        elif not least <= node.value <= most:
            self.note(node, path, "out_of_range", f"from {least} to {most}")
        else:
            return node.value
        return most

    def day(self, node: Node | None, path: str) -> date:
        """A day; the first of all days, long past, where it cannot be read."""
        if node is not None and type(node.value) is date:
            return node.value
        if node is not None and isinstance(node.value, str) and _DATE.fullmatch(node.value):
            try:
                return date.fromisoformat(node.value)
            except ValueError:
                pass
        if node is not None:
            self.note(node, path, "not_a_date", "write a day as in 2027-12-31")
        return date.min

    def slug(self, node: Node | None, path: str) -> str:
        """A short name; none where it cannot be read."""
        if node is None or node.value is None:
            return ""
        if isinstance(node.value, str) and SLUG.fullmatch(node.value):
            return node.value
        self.note(node, path, "not_a_name", "small letters, figures and hyphens, at most 64")
        return ""

    def yes(self, node: Node | None, path: str) -> bool:
        """A yes; anything but a plain yes is a no."""
        if node is not None and not (node.value is None or isinstance(node.value, bool)):
            self.note(node, path, "wrong_type", "yes or no")
        return node is not None and node.value is True


def one_of(words: Collection[str]) -> str:
    """The hint that lists what may stand somewhere."""
    return "one of " + ", ".join(words)
