"""A closed list of codes that accepts the spellings in use elsewhere, and where the lists are read from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Self

import yaml

_LONGEST_WORD: Final = 100
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class VocabularyError(Exception):
    """The vocabulary itself is broken, or was asked for something that it does not hold."""


class UnknownWord(VocabularyError):
    """A code that the list of `field` does not hold. The code itself is not repeated."""

    def __init__(self, field: str) -> None:
        super().__init__(f"not a word of {field}")
        self.field = field


@dataclass(frozen=True, slots=True)
class Picklist:
    """Codes in their order. `in` asks for our own spelling; `canonical` accepts the others too.

    `also` maps other spellings to codes, `broader` a code to the group it is generalised to. With `exact`,
    punctuation matters.
    """

    name: str
    codes: tuple[str, ...]
    also: Mapping[str, str] = field(default_factory=dict)
    broader: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    exact: bool = False
    _by_spelling: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        spellings: dict[str, str] = {}
        for spelling, code in [*((code, code) for code in self.codes), *self.also.items()]:
            for written in (spelling, self.prefix + spelling):
                if spellings.setdefault(self._folded(written), code) != code or code not in self.codes:
                    raise VocabularyError(f"{self.name} is ambiguous")
        if not self.broader.keys() <= set(self.codes):
            raise VocabularyError(f"{self.name} groups a code that it does not have")
        for name in ("also", "broader"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        object.__setattr__(self, "_by_spelling", MappingProxyType(spellings))

    @classmethod
    def of(cls, name: str, said: Mapping[str, Any]) -> Self:
        """The list as its document says it."""
        return cls(name=name, **{**said, "codes": tuple(said["codes"])})

    def canonical(self, code: str) -> str:
        """Our own spelling of `code`. Raises `UnknownWord`, which names the list and not the word."""
        readable = isinstance(code, str) and len(code) <= _LONGEST_WORD
        known = self._by_spelling.get(self._folded(code)) if readable else None
        if known is None:
            raise UnknownWord(self.name)
        return known

    def group(self, code: str) -> str:
        """The group that `code` is generalised to; a code of no group stands for itself."""
        return self.broader.get(code, code)

    def _folded(self, word: str) -> str:
        return word.strip() if self.exact else squash(word)

    def __contains__(self, code: object) -> bool:
        return code in self.codes

    def __iter__(self) -> Iterator[str]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)


def squash(word: str) -> str:
    """The letters and figures of `word` alone, in one case: CamelCase, snake_case and labels become one."""
    return "".join(letter for letter in word.casefold() if letter.isalnum())


def read_data(name: str) -> dict[str, Any]:
    """One of the vocabulary's own files."""
    text = files("policies").joinpath("data", "vocabulary", name).read_text(encoding="utf-8")
    content = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader, the fast one where it was built
    if not isinstance(content, dict):
        raise VocabularyError(f"{name} is not a mapping")
    return content
