"""The closed lists that everything else is written in: kinds, fields, picklists, purposes and bases.

The words are data (`policies/data/vocabulary/`), loaded once and frozen; no list can grow at run time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

import yaml

from policies.terms import Detail

VERSION: Final = "2026.1"


class VocabularyError(Exception):
    """The vocabulary itself is broken, or was asked for something that it does not hold."""


class UnknownWord(VocabularyError):
    """A code that the list of `field` does not hold. The code itself is not repeated."""

    def __init__(self, field: str) -> None:
        super().__init__(f"not a word of {field}")
        self.field = field


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fact that terms speak about. `rungs` says what each rung discloses of it."""

    name: str
    group: str
    label: str
    meaning: str
    example: str
    rungs: Mapping[Detail, str]
    token: str


@dataclass(frozen=True, slots=True)
class Word:
    """One code of a closed list, with what it is called and what it means."""

    code: str
    label: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All closed lists, frozen."""

    version: str
    kinds: Mapping[str, Kind]
    purposes: Mapping[str, Word]
    bases: Mapping[str, Word]


def _read(name: str) -> dict[str, Any]:
    text = files("policies").joinpath("data", "vocabulary", name).read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    if not isinstance(content, dict):
        raise VocabularyError(name)
    return content


def _kinds() -> Mapping[str, Kind]:
    content = _read("kinds.yaml")
    ladders = {
        name: MappingProxyType(dict(zip(Detail, rungs, strict=True)))
        for name, rungs in content["ladders"].items()
    }
    return MappingProxyType(
        {
            name: Kind(
                name=name,
                group=said["group"],
                label=said["label"],
                meaning=said["meaning"],
                example=said["example"],
                rungs=ladders[said["ladder"]],
                token=said["token"],
            )
            for name, said in content["kinds"].items()
        }
    )


def _words(content: Mapping[str, Mapping[str, str]]) -> Mapping[str, Word]:
    return MappingProxyType({code: Word(code, **said) for code, said in content.items()})


def _load() -> Vocabulary:
    uses = _read("uses.yaml")
    return Vocabulary(
        version=VERSION, kinds=_kinds(), purposes=_words(uses["purposes"]), bases=_words(uses["bases"])
    )


VOCABULARY: Final = _load()
