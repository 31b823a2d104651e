"""Whether a language model works at all: it has to find the name in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from redaction.detectors.labels import LABELS

# A name, and a sentence in which any trained model finds it. Nobody in particular is meant.
SOMEBODY: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "en": ("Mary Johnson", "Mary Johnson lives in London with her family."),
        "fr": ("Marie Dupont", "Marie Dupont habite à Paris avec sa famille."),
    }
)


def finds_somebody(nlp: Any, language: str) -> bool:
    """Whether a spaCy model finds the person in its language's sentence.

    A model for a language without a sentence is taken at its word. How well a model reads is not asked either.
    """
    if language not in SOMEBODY:
        return True
    name, sentence = SOMEBODY[language]
    return any(name in one.text and LABELS[one.label_] == "PERSON" for one in nlp(sentence).ents)
