"""Words taken for names, with what belongs to them, as whole names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from redaction.detectors.known_trust import Trust
from redaction.lexicon import LEADING, PARTICLES, PARTICLES_AS_WRITTEN, TITLES_AS_WRITTEN
from redaction.names import Form, Hit, Likeness
from redaction.reading import Reading


def clusters(said: Mapping[int, tuple[Trust, Form]], reading: Reading) -> Iterator[Hit]:
    """The names that the words at the places of `said` make up.

    A doubtful word counts beside another part of the same name. Particles between the words belong to the
    name, and so do titles, words of descent and initials beside it.
    """
    sure = _settled(said, reading)
    done = -1
    for place in sorted(sure):
        if place <= done:
            continue
        first = last = place
        while following := [
            at for at in range(last + 1, last + 4) if at in sure and _linked(last, at, reading)
        ]:
            last = following[0]
        forms = [said[at][1] for at in range(first, last + 1) if at in sure]
        initials = {part.key[0] for form in forms for part in form.person.parts}
        first, last = _opened(first, reading, initials), _closed(last, reading, initials)
        low, high = reading.view.raw(reading.words[first].start(), reading.words[last].end())
        yield Hit(low, high, max(forms, key=lambda form: form.likeness))
        done = last


def _settled(said: Mapping[int, tuple[Trust, Form]], reading: Reading) -> set[int]:
    """The places of sure words, and of doubtful ones that another part of the name stands beside."""
    sure = {place for place, (trust, _) in said.items() if trust is Trust.YES}
    doubtful = {place for place, (trust, _) in said.items() if trust is Trust.BESIDE}
    waiting = set(doubtful)
    while taken := {place for place in waiting if _is_borne_out(place, said, sure, doubtful, reading)}:
        sure |= taken
        waiting -= taken
    return sure


def _is_borne_out(
    place: int,
    said: Mapping[int, tuple[Trust, Form]],
    sure: Collection[int],
    doubtful: Collection[int],
    reading: Reading,
) -> bool:
    form = said[place][1]
    for other in range(place - 3, place + 4):
        if other not in sure and other not in doubtful:
            continue
        neighbour = said[other][1]
        if neighbour.person != form.person or neighbour.part == form.part:
            continue
        forwards = min(form.likeness, neighbour.likeness) > Likeness.TURNED
        if (other in sure or forwards) and _linked(min(place, other), max(place, other), reading):
            return True
    return False


def _linked(one: int, other: int, reading: Reading) -> bool:
    """True where nothing but particles and initials stands between a word and a later one."""
    between = [reading.key(place) for place in range(one + 1, other)]
    if any(key not in PARTICLES and len(key) > 1 for key in between):
        return False
    return all(reading.beside(place, place + 1) for place in range(one, other))


def _opened(first: int, reading: Reading, initials: Collection[str]) -> int:
    """Where the name begins once titles, words of descent and initials before it are counted in."""
    while first and reading.beside(first - 1, first):
        key, written = reading.key(first - 1), reading.written(first - 1)
        title = key in LEADING or written.casefold() in TITLES_AS_WRITTEN
        if not title and not (key in initials and written.isupper()):
            break
        first -= 1
    return first


def _closed(last: int, reading: Reading, initials: Collection[str]) -> int:
    """Where the name ends once initials and Vietnamese middle words behind it are counted in."""
    while reading.beside(last, last + 1):
        key, written = reading.key(last + 1), reading.written(last + 1)
        if written.casefold() not in PARTICLES_AS_WRITTEN and not (key in initials and written.isupper()):
            break
        last += 1
    return last
