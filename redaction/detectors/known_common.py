"""Known names that are common words, where the words around them leave open which of the two is meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from redaction.detectors.known_clusters import clusters
from redaction.detectors.known_names import said_in
from redaction.detectors.known_trust import Trust
from redaction.findings import View
from redaction.names import Form, Likeness, Names
from redaction.reading import Reading
from redaction.setting import Setting
from redaction.slots import may_stand_for_a_person

# Zipf frequency: one word in thirty thousand.
_COMMON: Final = 4.5


def unresolved_in(view: View, names: Names, setting: Setting) -> Iterator[tuple[int, int]]:
    """Each place in a folded and romanised reading where a known name may be meant by a word that was not taken.

    These are doubts for a person. A word that nothing speaks for ("in may", "el mar") is no doubt, and there a
    name that is written like any other word is missed.
    """
    reading = Reading.of(view, setting)
    said = said_in(reading, names)
    if not any(trusted is Trust.BESIDE for trusted, _ in said.values()):
        return
    covered = [(hit.start, hit.end) for hit in clusters(said, reading)]
    for place, (trusted, form) in said.items():
        if trusted is Trust.BESIDE and _is_in_doubt(place, form, reading):
            low, high = reading.raw(place)
            if not any(start <= low and high <= end for start, end in covered):
                yield low, high


def _is_in_doubt(place: int, form: Form, reading: Reading) -> bool:
    """Whether the name itself, or a form of it that is no very common word, stands where a person may stand."""
    alike = form.likeness < Likeness.FORM
    common = form.likeness is Likeness.FORM and reading.zipf(place) >= _COMMON
    return not alike and not common and may_stand_for_a_person(place, reading)
