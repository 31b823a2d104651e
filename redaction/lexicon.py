"""The tables behind the name sweep: endings, pet names, words around names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any, Final

import yaml

# A word is a run of letters: "ioana" stands as a word in "ioana_1994" and in "@ioana.".
WORD: Final = re.compile(r"[^\W\d_]+")


def _read(name: str) -> Any:
    return yaml.safe_load(resources.files("redaction").joinpath("data", name).read_text(encoding="utf-8"))


def _same_names(tables: Mapping[str, Any]) -> Mapping[str, frozenset[str]]:
    """For each name its other forms: full form to short ones, short to full, spelling to spelling."""
    same: dict[str, set[str]] = {}
    for language, names in tables.items():
        if language == "spellings":
            groups: Iterable[list[str]] = (group.split() for group in names)
            for group in groups:
                for name in group:
                    same.setdefault(name, set()).update(group)
            continue
        for full, short in names.items():
            same.setdefault(full, set()).update(short.split())
            for name in short.split():
                same.setdefault(name, set()).add(full)
    return {name: frozenset(others - {name}) for name, others in same.items()}


_WORDS: Final = _read("persons.yaml")
_PERSONS: Final = {name: frozenset(words.split()) for name, words in _WORDS.items() if isinstance(words, str)}
_FORMS: Final = _read("endings.yaml")

SAME_NAME: Final = _same_names(_read("nicknames.yaml"))
TITLES: Final = _PERSONS["titles"]
TITLES_AS_WRITTEN: Final = _PERSONS["titles_as_written"]
KUNYA: Final = _PERSONS["kunya"]
LEADING: Final = TITLES | KUNYA | _PERSONS["leading"]
PARTICLES: Final = _PERSONS["particles"]
PARTICLES_AS_WRITTEN: Final = _PERSONS["particles_as_written"]
ALSO_WORDS: Final = {code: frozenset(words.split()) for code, words in _WORDS["also_words"].items()}
BEFORE_A_WORD: Final = {code: frozenset(words.split()) for code, words in _WORDS["before_a_word"].items()}
PEOPLE: Final = _PERSONS["people"]
ABBREVIATIONS: Final = _PERSONS["abbreviations"]
ACTIONS: Final = _PERSONS["actions"]

ENDINGS: Final = tuple(dict.fromkeys(" ".join(_FORMS["endings"].values()).split()))
SHORT_ENDINGS: Final = tuple(_FORMS["short_endings"].split())
CLIPPED: Final = tuple(_FORMS["clipped"].split())
MISREADINGS: Final = tuple((seen, meant) for seen, meant in (pair.split() for pair in _FORMS["misreadings"]))
