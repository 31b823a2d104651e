"""How much one report may hold: no more than can be looked through for every circle while others wait."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Final

import regex

from redaction.findings import Known
from share.draft import Draft
from share.errors import NotAcceptable

MOST_WORDS_IN_A_NAME: Final = 12
MOST_KNOWN: Final = 2_000
"""Words and numbers that name protected people, all together. Sixty people have about 1,700, with six each."""

MOST_DAYS: Final = 100
"""Days among them: each can be written in more ways than any other identifier."""

MOST_TYPED: Final = 400
"""Names, contacts, leads and towns that are typed into facts."""

MOST_COMPARED: Final = 100_000_000
"""What names protected people, times the letters of the narrative in which it is looked for."""

_DAYS: Final = frozenset({"DATE_OF_BIRTH", "DATE"})
_A_DAY: Final = 50  # to look for a day takes as long as to look for so many words
_WORD: Final = regex.compile(r"\p{L}[\p{L}\p{M}]*+|\p{N}++")
_LONG: Final = 12  # letters; a longer word counts for several
_MANY: Final = 5  # words of a name; a longer one is looked for in many more orders


def bounded(draft: Draft) -> None:
    """Pass if a report is within all limits. Each has a code, and none repeats what was sent."""
    known = tuple(dict.fromkeys(draft.known()))
    days = sum(one.kind in _DAYS for one in known)
    words = sum(map(_words, known))
    if any(len(_WORD.findall(one.value)) > MOST_WORDS_IN_A_NAME for one in known if one.kind == "PERSON"):
        raise NotAcceptable("name_of_too_many_words", "people")
    if words > MOST_KNOWN or days > MOST_DAYS:
        raise NotAcceptable("too_many_identifiers", "people")
    if len(_typed(draft)) > MOST_TYPED:
        raise NotAcceptable("too_many_typed_values", "leads")
    if (words + _A_DAY * days) * len(draft.narrative) > MOST_COMPARED:
        raise NotAcceptable("too_long_for_so_many_people", "narrative")


def _words(known: Known) -> int:
    """How many words there are to look for in one identifier."""
    words = _WORD.findall(known.value)
    orders = 1 + len(words) // _MANY if known.kind == "PERSON" else 1
    return orders * sum(1 + len(word) // _LONG for word in words)


def _typed(draft: Draft) -> Sequence[str]:
    contacts = (contact.value for suspect in draft.suspects for contact in suspect.contacts())
    names = chain.from_iterable(suspect.names for suspect in draft.suspects)
    towns = (leg.city for leg in draft.events if leg.city)
    return [*names, *contacts, *(lead.value for lead in draft.leads), *towns]
