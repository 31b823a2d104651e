"""Whatever a form names, made ready once to be looked for in any number of texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import Final, overload

from redaction.detectors.known_acrostics import acrostics_of
from redaction.detectors.known_dates import date_of
from redaction.detectors.known_initials import Initials, initials_of
from redaction.detectors.known_likeness import NamesLookedUp
from redaction.detectors.known_numbers import Phones, codes_of, phones_of
from redaction.detectors.known_phrases import Phrases
from redaction.detectors.known_runs import Ends, Runs, Spelling, ends_of, runs_of, spelling_of
from redaction.detectors.known_sought import Sought
from redaction.detectors.known_strings import Carried, carried_of
from redaction.findings import Known
from redaction.letters import latin_key, leet_key
from redaction.names import Names, person_of
from redaction.placeholders import is_placeholder
from redaction.setting import everyday

_PHONES: Final = frozenset({"PHONE", "SUSPECT_PHONE"})
_STRINGS: Final = frozenset({"EMAIL", "HANDLE", "URL", "NETWORK_ADDRESS", "SUSPECT_EMAIL", "SUSPECT_HANDLE"})
_CODES: Final = frozenset({"DOCUMENT", "CASE_NUMBER", "ACCOUNT", "PLATE", "CODE", "NUMBER", "SECRET"})
_DATES: Final = frozenset({"DATE_OF_BIRTH", "DATE"})
_NAMES: Final = frozenset({"PERSON", "SUSPECT_NAME"})
_BY_PIECE: Final = frozenset({"ADDRESS", "PLACE", "ORGANISATION"})
_SHORTEST_STRING: Final = 4


class Ready(Sequence[Known]):
    """The identifiers of one form, to be handed on wherever they are. Each table is made when a text first asks.

    What was said of a text is remembered for as long as this lives: a bulletin is looked at again before it leaves.
    """

    def __init__(self, known: Iterable[Known]) -> None:
        self.known = tuple(dict.fromkeys(one for one in known if not is_placeholder(one.value)))
        self.persons = [
            person for one in self.known if one.kind in _NAMES and (person := person_of(one)) is not None
        ]
        days = [(one, date_of(one.value)) for one in self.known if one.kind in _DATES]
        self.days: dict[date, list[Known]] = {}
        for one, day in days:
            if day:
                self.days.setdefault(day, []).append(one)
        unread = {one for one, day in days if not day}
        self._codes = [one for one in self.known if one.kind in _CODES | _STRINGS or one in unread]
        self._phones = [one for one in self.known if one.kind in _PHONES]
        elsewhere = _NAMES | _DATES | _CODES | _STRINGS | _PHONES
        self._phrases = [one for one in self.known if one.kind not in elsewhere]
        self.said: dict[tuple[str, str], tuple[str, ...]] = {}
        self._names_in: dict[str, Names] = {}
        self._phrases_in: dict[str, Phrases] = {}

    def __len__(self) -> int:
        return len(self.known)

    @overload
    def __getitem__(self, place: int) -> Known: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Known]: ...
    def __getitem__(self, place: int | slice) -> Known | Sequence[Known]:
        return self.known[place]

    def names(self, language: str) -> Names:
        """All forms of the names, in a text of that language."""
        if language not in self._names_in:
            self._names_in[language] = NamesLookedUp(self.persons, everyday=everyday(language))
        return self._names_in[language]

    def phrases(self, language: str) -> Phrases:
        """Addresses, places and other values in words, in a text of that language."""
        if language not in self._phrases_in:
            self._phrases_in[language] = Phrases(self._phrases, language=language, by_piece=_BY_PIECE)
        return self._phrases_in[language]

    @cached_property
    def runs(self) -> Runs:
        """The names with their letters run together."""
        return runs_of(self.persons)

    @cached_property
    def runs_in_leet(self) -> Runs:
        """The same, as leet would spell them."""
        return runs_of(self.persons, spelt=leet_key)

    @cached_property
    def spelling(self) -> Spelling:
        """The parts of the names letter by letter."""
        return spelling_of(self.persons)

    @cached_property
    def ends(self) -> Ends:
        """The parts of the names by how they begin and end."""
        return ends_of(self.persons)

    @cached_property
    def initials(self) -> Initials:
        """The initials of the persons."""
        return initials_of(self.persons)

    @cached_property
    def acrostics(self) -> Sought[None]:
        """What first letters may spell."""
        return acrostics_of(self.persons)

    @cached_property
    def carried(self) -> Carried:
        """What gives an address, a link or a handle away."""
        values = [_letters(local_part(one)) for one in self.known if one.kind in _STRINGS]
        return carried_of(self.persons, [value for value in values if len(value) >= _SHORTEST_STRING])

    @cached_property
    def phones(self) -> Phones:
        """The phone numbers."""
        return phones_of(self._phones)

    @cached_property
    def codes(self) -> Sought[Known]:
        """Documents, accounts, plates and addresses on the net."""
        return codes_of((one, local_part(one)) for one in self._codes)


def local_part(known: Known) -> str:
    """What of an address or a link is somebody's own: "ioana" of "ioana@example.org"."""
    return (
        known.value.rpartition("@")[0] if known.kind.endswith("EMAIL") and "@" in known.value else known.value
    )


def _letters(value: str) -> str:
    return "".join(sign for sign in latin_key(value) if sign.isalnum())
