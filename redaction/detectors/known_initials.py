"""A known person's initials, which are hers only where the text speaks of a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from redaction.findings import View
from redaction.letters import latin_key
from redaction.lexicon import ABBREVIATIONS, ACTIONS, PEOPLE, TITLES, WORD
from redaction.names import Form, Hit, Likeness, Names, Person

_CAPITAL: Final = r"[^\W\d_a-z]"
_DOTTED: Final = re.compile(
    rf"(?<![\w.]){_CAPITAL}(?:[.\-·][ \u00a0]?{_CAPITAL}){{1,4}}\b[.]?(?![-'’]?[^\W\d_])"
)
_BARE: Final = re.compile(rf"(?<![\w.&@#/-]){_CAPITAL}{{2,4}}(?![\w&@/])")
_TITLED: Final = re.compile(rf"(?<!\w)([^\W\d_]{{1,12}}\.?)[ \u00a0]({_CAPITAL})\b[.]?(?![\w'’])")

_REACH: Final = 40


def initials_in(view: View, names: Names) -> Iterator[tuple[Hit, bool]]:
    """Each place where initials of a known person stand, and whether the words around it speak of a person.

    The view keeps letter case. Two letters without such words are a doubt; so are abbreviations, which are
    not reported at all without them.
    """
    owners = {initials: person for person in names.persons for initials in _initials_of(person)}
    if not owners:
        return
    for pattern in (_DOTTED, _BARE):
        for match in pattern.finditer(view.text):
            letters = latin_key("".join(WORD.findall(match.group())))
            person = owners.get(letters)
            if person is None or not match.group().isupper():
                continue
            meant = _speaks_of_a_person(view.text, match.start(), match.end())
            if meant or pattern is _DOTTED or letters not in ABBREVIATIONS:
                yield _hit(view, match.start(), match.end(), person), meant or len(letters) > 2
    for match in _TITLED.finditer(view.text):
        before = latin_key(match[1]).rstrip(".")
        if match[2].isupper() and (before in TITLES or before in PEOPLE):
            start = match.start(1 if before in TITLES else 2)
            for person in names.persons:
                if latin_key(match[2]) in {part.key[0] for part in person.parts}:
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
