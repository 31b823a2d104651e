"""Lists in parts. A cursor is a random id or a name that stands in the list itself, so that it counts nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from partners.errors import NotThere

T = TypeVar("T")
Cursor = UUID | str


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list, and where to go on; `after` is None where the list ends."""

    items: tuple[T, ...]
    after: Cursor | None


def cut(read: Sequence[T], limit: int, name: Callable[[T], Cursor]) -> Page[T]:
    """The first `limit` of what was read. Whoever reads one more than that learns that there is more."""
    items = tuple(read[:limit])
    return Page(items, name(items[-1]) if len(read) > limit else None)


def turn(whole: Sequence[T], *, after: Cursor | None, limit: int, name: Callable[[T], Cursor]) -> Page[T]:
    """A page of a list that is short enough to be read at once. A cursor that is not in it is not there."""
    if after is None:
        return cut(whole, limit, name)
    names = [name(each) for each in whole]
    if after not in names:
        raise NotThere
    return cut(whole[names.index(after) + 1 :], limit, name)
