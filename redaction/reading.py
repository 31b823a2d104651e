"""One reading of a text as words that can be asked how they stand there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from redaction.findings import View
from redaction.lexicon import WORD
from redaction.setting import Case, Setting

# Nothing but this may stand between two words of one name.
_GAP: Final = re.compile(r"[\s.,'’‘`\"()/|&+_\-\u2010-\u2015·]{0,4}")


@dataclass(frozen=True, slots=True)
class Reading:
    """A folded view and its words in order. Most words are of no interest, so nothing is made of them yet."""

    view: View
    setting: Setting
    words: Sequence[re.Match[str]] = field(repr=False)

    @classmethod
    def of(cls, view: View, setting: Setting) -> Reading:
        """`view` with its words found."""
        return cls(view, setting, list(WORD.finditer(view.text)))

    def key(self, place: int) -> str:
        """The word as the reading has it; empty beyond either end."""
        return self.words[place].group() if 0 <= place < len(self.words) else ""

    def raw(self, place: int) -> tuple[int, int]:
        """The raw range of the word."""
        return self.view.raw(*self.words[place].span())

    def written(self, place: int) -> str:
        """The word as the text has it."""
        low, high = self.raw(place)
        return self.setting.text[low:high]

    def case(self, place: int) -> Case:
        """The letter case of the word, where it says something."""
        return self.setting.case(*self.raw(place))

    def zipf(self, place: int) -> float:
        """How common the word is as it is written."""
        return self.setting.zipf(self.written(place))

    def beside(self, one: int, other: int) -> bool:
        """True where hardly more than a blank stands between a word and a later one."""
        if not 0 <= one < other < len(self.words):
            return False
        return _GAP.fullmatch(self.view.text, self.words[one].end(), self.words[other].start()) is not None
