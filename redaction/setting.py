"""How a word stands in its text: its letter case, its place in the sentence, how common it is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cache
from typing import Final

import regex
from wordfreq import get_frequency_dict

from redaction.letters import latin_key

# The languages of our word lists. English is always asked as well: reports mix.
_LISTS: Final = frozenset({"ar", "de", "en", "es", "fr", "it", "nl", "pl", "pt", "ro", "ru", "uk", "vi"})
_BEFORE_A_SENTENCE: Final = regex.compile(r"(?:^|[.!?:;\u2026\u3002\n\r\t|\u2022*>])[\s\"'(\[{«“”‘’„\-–—]*$")
_PASSAGE_EDGE: Final = regex.compile(r"[\n\r.!?;|]")
_REACH: Final = 240
_EVERYDAY: Final = 1e-4


# Letters as nobody types them by accident: small capitals, full width, mathematical, in circles and squares,
# and signs without width between letters.
FANCY: Final = (
    r"\u0262\u026a\u0274\u0280\u028f\u0299\u029c\u029f\u1d00-\u1d2b\ua730\ua731\u24b6-\u24e9\uff21-\uff5a"
    r"\U0001d400-\U0001d7ff\U0001f130-\U0001f189\U0001f1e6-\U0001f1ff"
)
_UNTYPED: Final = regex.compile(
    rf"[{FANCY}\u00ad\u034f\u115f\u1160\u200b-\u200d\u2060\u2800-\u28ff\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)


class Case(Enum):
    """The letter case of a word. `PLAIN`: without a capital, or where capitals say nothing."""

    PLAIN = auto()
    CAPITAL = auto()
    FIRST = auto()


@dataclass(frozen=True, slots=True)
class Setting:
    """A text to be asked about its words, by raw offsets."""

    text: str = field(repr=False)
    language: str

    def case(self, start: int, end: int) -> Case:
        """`FIRST` for a capital that may only open a sentence, `CAPITAL` for any other.

        In a passage that is all capitals, or has none but this, capitals say nothing.
        """
        word = self.text[start:end]
        capital = next((letter for letter in word if letter.isalpha()), "")
        if not (capital.isupper() or capital.istitle()):
            return Case.PLAIN
        if word.isupper() and len(word) > 1 and not self._has_lower_case(start, end):
            return Case.PLAIN
        before = self.text[max(0, start - 12) : start]
        opens = (start < 12 and not before.strip("\"'([{«“‘„ ")) or _BEFORE_A_SENTENCE.search(before)
        return Case.FIRST if opens else Case.CAPITAL

    def has_capitals(self, start: int, end: int) -> bool:
        """True where the passage around a word uses capitals at all."""
        return any(map(str.isupper, self._around(start, end)))

    def zipf(self, word: str) -> float:
        """How common a word is, in the language of the text or in English, from 0 (unlisted) to about 7.5."""
        return zipf(word, self.language)

    def _has_lower_case(self, start: int, end: int) -> bool:
        return any(map(str.islower, self._around(start, end)))

    def _around(self, start: int, end: int) -> str:
        low = max(0, start - _REACH)
        before, after = self.text[low:start], self.text[end : end + _REACH]
        edges = list(_PASSAGE_EDGE.finditer(before))
        edge = _PASSAGE_EDGE.search(after)
        return before[edges[-1].end() if edges else 0 :] + " " + after[: edge.start() if edge else None]


def is_typed(written: str) -> bool:
    """True for letters as people type them; false where some were chosen not to be read as such."""
    return not _UNTYPED.search(written)


def zipf(word: str, language: str) -> float:
    """The Zipf frequency of `word` in a short list of `language` and in the English one, the higher; 0 if in none."""
    key = word.casefold()
    most = max(_list("en").get(key, 0.0), _list(language).get(key, 0.0))
    return 9 + math.log10(most) if most else 0.0


@cache
def everyday(language: str) -> frozenset[str]:
    """The thousand or so commonest words of a language and of English, folded."""
    words = {**_list("en"), **_list(language)}
    return frozenset(latin_key(word) for word, often in words.items() if often >= _EVERYDAY)


@cache
def _list(language: str) -> Mapping[str, float]:
    return get_frequency_dict(language, "small") if language in _LISTS else {}
