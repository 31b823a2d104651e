"""YAML or JSON from somebody else's hands, as values that know their line. What goes wrong is never quoted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import yaml

LONGEST: Final = 65_536
"""Characters that a document may have."""

_DEEPEST: Final = 8
_MOST_NODES: Final = 5_000
_CONSTANTS: Final[Mapping[str, bool | None]] = {
    "": None, "~": None, "null": None, "true": True, "false": False, "yes": True, "no": False,
}  # fmt: skip
_INTEGER: Final = re.compile(r"0|[1-9][0-9]{0,8}")
_UNREADABLE: Final = 'this is neither YAML nor JSON; check indents, and put a lone "*" in quotes'
_INDENT: Final = re.compile(r"^[ \t]+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a document: where, why (a stable code) and what to do. Never what was written there.

    `path` is made of the words of the format and of positions alone, as in `circles[2].detail.PHONE`.
    """

    line: int | None
    path: str
    reason_code: str
    hint: str

    def __str__(self) -> str:
        where = f"line {self.line}" if self.line else "document"
        return f"{where}: {self.path or 'top'}: {self.reason_code}: {self.hint}"


class PolicyError(Exception):
    """A document that is not accepted, with every problem found in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a document and its line. A mapping is a tuple of pairs, so that a repeated key stays visible."""

    value: str | int | bool | date | tuple[Node, ...] | Pairs | None = field(repr=False)
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Pairs:
    """The entries of a mapping in their order, repeats included."""

    entries: tuple[tuple[Node, Node], ...] = field(repr=False)


def read(text: str) -> Node:
    """The one value of a document. Aliases, tags, several documents and absurd sizes are refused."""
    if len(text) > LONGEST:
        raise PolicyError([Problem(None, "", "too_long", f"a document has at most {LONGEST} characters")])
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        # JSON may be indented with tabs, YAML may not; no JSON string runs over a line.
        text = _INDENT.sub(lambda indent: " " * len(indent[0]), text)
    try:
        return _composed(yaml.parse(text, Loader=yaml.SafeLoader))
    except (yaml.YAMLError, ValueError, OverflowError) as broken:
        mark = getattr(broken, "problem_mark", None)
        line = mark.line + 1 if mark else None
    raise PolicyError([Problem(line, "", "not_readable", _UNREADABLE)])


def plain(value: object, depth: int = 0) -> Node:
    """The same for a value that has already been read, as from a column of JSON."""
    if depth > _DEEPEST:
        raise PolicyError([Problem(None, "", "too_deep", f"at most {_DEEPEST} levels")])
    if isinstance(value, Mapping):
        return Node(Pairs(tuple((plain(k, depth + 1), plain(v, depth + 1)) for k, v in value.items())))
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return Node(tuple(plain(item, depth + 1) for item in value))
    if value is None or isinstance(value, str | int | date):
        return Node(value)
    raise PolicyError([Problem(None, "", "wrong_type", "only mappings, lists, text, numbers and dates")])


def _composed(events: Iterable[yaml.Event]) -> Node:
    """Put the parser's events together, refusing before anything is built that could grow."""
    levels: list[tuple[yaml.Event, list[Node]]] = []
    top: list[Node] = []
    documents = nodes = 0
    for event in events:
        line = _line(event)
        documents += isinstance(event, yaml.DocumentStartEvent)
        nodes += isinstance(event, yaml.NodeEvent)
        _refuse(event, line, depth=len(levels), nodes=nodes, documents=documents)
        inside = levels[-1][1] if levels else top
        if isinstance(event, yaml.ScalarEvent):
            inside.append(Node(_scalar(event), line))
        elif isinstance(event, yaml.CollectionStartEvent):
            levels.append((event, []))
        elif isinstance(event, yaml.CollectionEndEvent):
            start, items = levels.pop()
            inside = levels[-1][1] if levels else top
            inside.append(Node(_collected(start, items), _line(start)))
    if not top or top[0].value in (None, (), Pairs(())):
        raise PolicyError([Problem(None, "", "empty", "there is nothing in this document")])
    return top[0]


def _collected(start: yaml.Event, items: Sequence[Node]) -> tuple[Node, ...] | Pairs:
    if isinstance(start, yaml.MappingStartEvent):
        return Pairs(tuple(zip(items[::2], items[1::2], strict=True)))
    return tuple(items)


def _refuse(event: yaml.Event, line: int | None, *, depth: int, nodes: int, documents: int) -> None:
    """Raise for whatever a policy never needs and an attacker might."""
    tagged = isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None
    for code, refused, hint in (
        ("alias", getattr(event, "anchor", None) is not None, 'no anchors or aliases; write "*" in quotes'),
        ("tag", tagged, "no tags; leave out what begins with an exclamation mark"),
        ("too_deep", depth > _DEEPEST, f"at most {_DEEPEST} levels"),
        ("too_many", nodes > _MOST_NODES, f"at most {_MOST_NODES} values"),
        ("several_documents", documents > 1, "one document to a file; leave out the line with three dashes"),
    ):
        if refused:
            raise PolicyError([Problem(line, "", code, hint)])


def _scalar(event: yaml.ScalarEvent) -> str | int | bool | None:
    """A plain word may be a number, a yes or a no; anything else, and anything in quotes, is text."""
    text: str = event.value
    if event.style is not None:
        return text
    if (word := text.lower()) in _CONSTANTS:
        return _CONSTANTS[word]
    return int(text) if _INTEGER.fullmatch(text) else text


def _line(event: yaml.Event) -> int | None:
    return event.start_mark.line + 1 if event.start_mark else None
