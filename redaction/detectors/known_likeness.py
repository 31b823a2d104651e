"""What a word may be of the form's names, looked up: it costs the same for one person as for sixty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, partial
from typing import Final

from redaction.detectors.known_sought import Near
from redaction.letters import leet_key
from redaction.names import Form, Names, Person
from redaction.spellings import is_longer, is_near

_SHORTEST: Final = 3
_LONGEST_TAIL: Final = 6  # what may be behind a name, and its last vowel, which makes room for it


class NamesLookedUp(Names):
    """All forms of all known names, made once for many texts. It says what `Names` says, in the same order.

    `Names` compares a word with part after part to see whether it is only like one. Here it is compared with those
    few that have something in common with it.
    """

    def __init__(self, persons: Iterable[Person], *, everyday: frozenset[str] = frozenset()) -> None:
        super().__init__(persons, everyday=everyday)
        self._each, self._parts = tuple(self._parts), []
        self._keys = [form.part.key for form in self._each]
        self._near = Near(self._keys)
        self._begins: dict[str, list[int]] = {}
        for number, key in enumerate(self._keys):
            for stem in (key, key[:-1]):
                self._begins.setdefault(stem, []).append(number)
        self._read_in_leet: dict[str, tuple[Form, ...]] = {}

    def forms_in_leet(self, word: str) -> Iterator[Form]:
        """What `word` may be, where `unleet` made it from letters and other signs."""
        if word not in self._read_in_leet:
            near = self._near_in_leet.numbers(word, partial(is_near, foreign=False))
            self._read_in_leet[word] = (
                *super().forms_in_leet(word),
                *(self._each[number] for number in near),
            )
        yield from self._read_in_leet[word]

    def _guesses(self, word: str, *, foreign: bool) -> Iterator[Form]:
        if len(word) < _SHORTEST:
            return
        yield from super()._guesses(word, foreign=foreign)
        numbers = set(self._near.numbers(word, partial(is_near, foreign=foreign)))
        for tail in range(1, _LONGEST_TAIL + 1):
            begun = self._begins.get(word[:-tail], ())
            numbers.update(number for number in begun if is_longer(word, self._keys[number]))
        yield from (self._each[number] for number in sorted(numbers))

    @cached_property
    def _near_in_leet(self) -> Near:
        return Near([leet_key(key) for key in self._keys])
