"""Why a kind of fact is shared as it is, in a sentence that a coordinator can read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from policies.picklists import UnknownWord
from policies.terms import NOBODY, Detail, Terms, binding, govern
from policies.vocabulary import VOCABULARY

_VOICES: Final[Mapping[str, str]] = {
    "floor": "the platform's floor",
    "source": "the partner's policy",
    "ground": "the person's ground",
    "clearance": "the circle's clearance",
}


def explain(kind: str, *, floor: Terms, source: Terms, ground: Terms, clearance: Terms) -> str:
    """Which rung `kind` is shared at and which voices hold it there. Raises `UnknownWord`.

    Says nothing about any particular day or reader; it says so where the voices leave no reader or purpose.
    """
    if kind not in VOCABULARY.kinds:
        raise UnknownWord("kinds")
    voices = {"floor": floor, "source": source, "ground": ground, "clearance": clearance}
    together = govern(floor=floor, source=source, ground=ground, clearance=clearance)
    said = f"{kind} ({VOCABULARY.kinds[kind].label}): {_held(kind, together.allows(kind), voices)}."
    if together.readers == NOBODY:
        said += " Yet nothing is read at all: the voices have no reader in common."
    elif not together.purposes:
        said += " Yet nothing is read at all: the voices have no purpose in common."
    return said


def _held(kind: str, rung: Detail, voices: Mapping[str, Terms]) -> str:
    meaning = VOCABULARY.kinds[kind].rungs[rung]
    if rung is Detail.EXACT:
        return f"shared at EXACT ({meaning}); no voice holds it back"
    holding = binding(kind, **voices)
    others = [
        f"{_VOICES[name]} would allow {terms.allows(kind).name}"
        for name, terms in voices.items()
        if name not in holding
    ]
    shared = f"shared at {rung.name} ({meaning})" if rung else "not shared"
    return f"{shared}, held there by {_listed(_VOICES[name] for name in holding)}" + "".join(
        f"; {other}" for other in others
    )


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
