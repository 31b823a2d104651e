"""Which language a text is in, and whether it may be read by a model, strictly, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from typing import Final

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from redaction.engine import Language

# Below this the identifier is guessing; short texts need the author's word or the words' own.
CONFIDENT: Final = 0.9


@cache
def identifier() -> LanguageIdentifier:
    """The identifier, loaded on first use."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def identify_with(models: Collection[str]) -> Callable[[str, str | None], Language]:
    """An `identify` for an engine with a model for each of `models`; other languages are read strictly."""

    def identify(text: str, wanted: str | None) -> Language:
        code, confidence = identifier().classify(text)
        sure = float(confidence) >= CONFIDENT if wanted is None else code == wanted
        return Language(str(code), strict=code not in models, sure=sure)

    return identify
