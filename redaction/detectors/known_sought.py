"""Many strings looked for at once: as they are, or with a slip or two in them. Made once, asked often."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, Generic, TypeVar

import ahocorasick

T = TypeVar("T")

_SLIPS: Final = 2
# A longer word is compared with every longer key: what is left of it in all ways would be too much to keep.
_LONGEST: Final = 24


class Sought(Generic[T]):
    """Strings, each with what it stands for, found in a text in one pass however many there are."""

    def __init__(self, wanted: Iterable[tuple[str, T]]) -> None:
        by_string: dict[str, tuple[T, ...]] = {"\0": ()}  # an automaton must not be empty
        for string, meaning in wanted:
            by_string[string] = (*by_string.get(string, ()), meaning)
        by_string.pop("", None)
        self._automaton: Any = ahocorasick.Automaton()
        for string, meanings in by_string.items():
            self._automaton.add_word(string, (string, meanings))
        self._automaton.make_automaton()

    def found_in(self, text: str) -> Iterator[tuple[int, str, T]]:
        """Every place where one of the strings begins, the string, and each thing that it stands for."""
        for last, (string, meanings) in self._automaton.iter(text):
            for meaning in meanings:
                yield last + 1 - len(string), string, meaning

    def stands_in(self, text: str, *, shortest: int = 1) -> bool:
        """Whether any of the strings, from so many letters on, is in `text`."""
        return any(len(string) >= shortest for _, string, _ in self.found_in(text))


class Near:
    """Keys found again from a word with at most two slips in it, without a comparison with each of them.

    Two words within two slips of each other have something in common once two letters at most are left out of
    either. What is found so is only a candidate: `is_near(word, key)` decides.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = keys
        self._by_rest: dict[str, tuple[int, ...]] = {}
        self._long: list[int] = []
        for number, key in enumerate(keys):
            if len(key) > _LONGEST:
                self._long.append(number)
            else:
                for rest in _rests(key):
                    self._by_rest[rest] = (*self._by_rest.get(rest, ()), number)

    def numbers(self, word: str, is_near: Callable[[str, str], bool]) -> list[int]:
        """The places, in order, of the keys that are near to `word`."""
        found = set(self._long) if len(word) > _LONGEST - _SLIPS else set()
        if len(word) <= _LONGEST + _SLIPS:
            for rest in _rests(word):
                found.update(self._by_rest.get(rest, ()))
        return [number for number in sorted(found) if is_near(word, self._keys[number])]


def _rests(word: str) -> set[str]:
    """The word, and what is left of it when one letter or two are taken out."""
    rests = {word}
    for _ in range(_SLIPS):
        rests |= {rest[:at] + rest[at + 1 :] for rest in rests for at in range(len(rest))}
    return rests
