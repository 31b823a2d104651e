"""From what was typed on a page to the values of a part, and from the values to the page. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from console.forms_kinds import PEOPLE, Field, Group, Sheet
from console.forms_labels import Option, division_of, options

Typed = Mapping[str, Sequence[str]]
"""What a form sent: every name with all that was typed under it."""

MOST: Final = 100
"""How many items of one list a page takes."""
_NUMBER = re.compile(r"[0-9]{1,3}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Shown:
    """One field as it stands on a page. `label` is the key of its words, `refusal` a code."""

    name: str
    label: str
    control: str
    values: tuple[str, ...] = field(repr=False)
    options: tuple[Option, ...]
    listed: str
    needed: bool
    folded: bool
    refusal: str | None

    @property
    def id(self) -> str:
        """The anchor of the field, unlike any other on the page."""
        return anchor(self.name)

    @property
    def value(self) -> str:
        """What stands in a field that holds one value."""
        return self.values[0] if self.values else ""

    @property
    def is_calendar(self) -> bool:
        """Whether a calendar can hold what was typed; else it stands there as it was typed."""
        return self.control == "day" and (not self.values or _DAY.fullmatch(self.value) is not None)


@dataclass(frozen=True, slots=True)
class Block:
    """A group of fields as it stands on a page; `number` counts items of a list from one."""

    key: str
    fields: tuple[Shown, ...]
    number: int | None
    folded: bool

    @property
    def name(self) -> str:
        """The anchor of the block."""
        return self.fields[0].id + "-block"


def anchor(name: str) -> str:
    """Where on its page the field of this name stands."""
    return f"field.{name}"


def read(sheet: Sheet, typed: Typed, lang: str) -> dict[str, Any]:
    """The values of a part, without what was left empty."""
    values: dict[str, Any] = {}
    for group in sheet.groups:
        if not group.many:
            _item(group, typed, "", lang, into=values)
            continue
        items = [_item(group, typed, f"{group.many}.{n}.", lang, into={}) for n in _numbers(group, typed)]
        if kept := [item for item in items if item.keys() - {"concerns"}]:
            values[group.many] = kept
    return values


def show(
    sheet: Sheet,
    values: Mapping[str, Any],
    lang: str,
    *,
    lists: Mapping[str, tuple[Option, ...]],
    refused: Mapping[str, str],
) -> tuple[Block, ...]:
    """A page with these values in it. `lists` are those that depend on the draft; `refused` are codes by name."""
    shown = _Show(sheet, lang, lists, refused)
    blocks = (block for group in sheet.groups for block in shown.blocks(group, values))
    return tuple(block for block in blocks if block.fields)


def at(values: Mapping[str, Any], path: str) -> Any:
    """The value under a path of names, or None."""
    found: Any = values
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


@dataclass(frozen=True, slots=True)
class _Show:
    sheet: Sheet
    lang: str
    lists: Mapping[str, tuple[Option, ...]]
    refused: Mapping[str, str]

    def blocks(self, group: Group, values: Mapping[str, Any]) -> Iterator[Block]:
        if not group.many:
            yield self.block(group, values, "", None)
            return
        items = list(values.get(group.many, ()))
        for number in range(max(1, len(items) + group.spare)):
            item = items[number] if number < len(items) else {}
            yield self.block(group, item, f"{group.many}.{number}.", number + 1)

    def block(self, group: Group, values: Mapping[str, Any], under: str, number: int | None) -> Block:
        fields = tuple(
            shown for each in group.fields if (shown := self.field(each, values, under)) is not None
        )
        holds = any(each.values or each.refusal for each in fields)
        return Block(group.key, fields, number, group.folded and not holds)

    def field(self, each: Field, values: Mapping[str, Any], under: str) -> Shown | None:
        """None for a choice among people or circles where there is nothing to choose from."""
        listed, name = each.kind.options, under + each.path
        shown, refusal = each.kind.show(at(values, each.path), self.lang), self.refused.get(name)
        typed_in = each.kind.control in ("name", "names")
        known = self.lists.get(listed, ())
        if listed in self.lists and len(known) <= (listed == PEOPLE) and not shown:
            return None  # nobody protected alone is no choice among people
        return Shown(
            name=name,
            label=f"{self.sheet.name}.{each.path}",
            control=each.kind.control,
            values=shown,
            options=() if typed_in or not listed else known or options(listed, self.lang),
            listed=listed,
            needed=each.needed,
            folded=each.folded and not shown and not refusal,
            refusal=refusal,
        )


def _item(group: Group, typed: Typed, under: str, lang: str, *, into: dict[str, Any]) -> dict[str, Any]:
    for each in group.fields:
        value = each.kind.read(typed.get(under + each.path, ()), lang)
        if value is not None:
            _put(into, each.path.split("."), value)
    if "hte_State" in into:
        into["hte_State"] = division_of(into["hte_State"], into.get("hte_Country"))
    return into


def _put(values: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for name in path[:-1]:
        values = values.setdefault(name, {})
    values[path[-1]] = value


def _numbers(group: Group, typed: Typed) -> list[int]:
    found = {
        int(parts[1])
        for name in typed
        if len(parts := name.split(".")) > 2 and parts[0] == group.many and _NUMBER.fullmatch(parts[1])
    }
    return sorted(found)[:MOST]
