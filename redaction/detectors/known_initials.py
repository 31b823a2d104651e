"""A known person's initials, which are hers only where the text speaks of a person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from redaction.findings import View
from redaction.letters import latin_key
from redaction.lexicon import ABBREVIATIONS, ACTIONS, PEOPLE, TITLES, WORD
from redaction.names import Form, Hit, Likeness, Person

_CAPITAL: Final = r"[^\W\d_a-z]"
_DOTTED: Final = re.compile(
    rf"(?<![\w.]){_CAPITAL}(?:[.\-·][ \u00a0]?{_CAPITAL}){{1,4}}\b[.]?(?![-'’]?[^\W\d_])"
)
_BARE: Final = re.compile(rf"(?<![\w.&@#/-]){_CAPITAL}{{2,4}}(?![\w&@/])")
_TITLED: Final = re.compile(rf"(?<!\w)([^\W\d_]{{1,12}}\.?)[ \u00a0]({_CAPITAL})\b[.]?(?![\w'’])")

_REACH: Final = 40


@dataclass(frozen=True, slots=True)
class Initials:
    """Whose the initials are: those of whole names, and the first letter of each part.

    Whose a single letter is can be said for one person only; of more than two the rest would add nothing.
    """

    owners: Mapping[str, Person] = field(repr=False)
    letters: Mapping[str, Sequence[Person]] = field(repr=False)


def initials_of(persons: Iterable[Person]) -> Initials:
    """The initials of known persons."""
    people = tuple(persons)
    letters: dict[str, list[Person]] = {}
    for person in people:
        for letter in dict.fromkeys(part.key[0] for part in person.parts):
            owners = letters.setdefault(letter, [])
            alike = [other for other in owners if other.known.kind == person.known.kind]
            if len(alike) < 2 and person.known.subject not in {other.known.subject for other in alike}:
                owners.append(person)
    return Initials({own: person for person in people for own in _initials_of(person)}, letters)


def initials_in(view: View, initials: Initials) -> Iterator[tuple[Hit, bool]]:
    """Each place where initials of a known person stand, and whether the words around it speak of a person.

    The view keeps letter case. Two letters without such words are a doubt; so are abbreviations, which are
    not reported at all without them.
    """
    if not initials.owners:
        return
    for pattern in (_DOTTED, _BARE):
        for match in pattern.finditer(view.text):
            letters = latin_key("".join(WORD.findall(match.group())))
            person = initials.owners.get(letters)
            if person is None or not match.group().isupper():
                continue
            meant = _speaks_of_a_person(view.text, match.start(), match.end())
            if meant or pattern is _DOTTED or letters not in ABBREVIATIONS:
                yield _hit(view, match.start(), match.end(), person), meant or len(letters) > 2
    for match in _TITLED.finditer(view.text):
        before = latin_key(match[1]).rstrip(".")
        if match[2].isupper() and (before in TITLES or before in PEOPLE):
            start = match.start(1 if before in TITLES else 2)
            for person in initials.letters.get(latin_key(match[2]), ()):
                yield _hit(view, start, match.end(), person), True


def _initials_of(person: Person) -> set[str]:
    letters = [part.key[0] for part in person.parts]
    if len(letters) < 2:
        return set()
    whole = "".join(letters)
    ends = letters[0] + letters[-1]
    return {whole, whole[::-1], whole[-1] + whole[:-1], ends, ends[::-1]} | {
        a + b for a, b in pairwise(letters)
    }


def _speaks_of_a_person(text: str, start: int, end: int) -> bool:
    before = [latin_key(word) for word in WORD.findall(text[max(0, start - _REACH) : start])][-2:]
    after = [latin_key(word) for word in WORD.findall(text[end : end + _REACH])][:2]
    return bool(
        PEOPLE & set(before) or TITLES & set(before) or ACTIONS & set(after[:1]) or PEOPLE & set(after[:1])
    )


def _hit(view: View, start: int, end: int, person: Person) -> Hit:
    return Hit(*view.raw(start, end), Form(person, person.parts[0], Likeness.PART))
