"""A text read as a string of shapes: one letter for each word and each break, for rules to match.

H honorific   R role       P particle   Q particle with a capital   I initial   V "v." between parties
N name        A name that is also a word   G country or people      X unknown short capitals
U unknown word with a capital              O other word with a capital
n name, u unknown word, v verb of a person, d determiner, w announcer, l other: all without a capital
^ start of a sentence or paragraph         / end of a line          | another break
. full stop after an initial or a title    - hyphen
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

import regex

from redaction.detectors.ordinary import Lexicon, data, lexicon, plain
from redaction.detectors.regions import currencies, is_region
from redaction.findings import Document, View

# Marks and invisible characters belong to the word that they stand in.
WORD: Final = regex.compile(r"\p{L}[\p{L}\p{M}\p{Cf}]*+(?:['’ʼ]\p{L}[\p{L}\p{M}\p{Cf}]*+)*+")
_ELIDED: Final = regex.compile(
    r"(?:[ldnscjmt]|qu|jusqu|lorsqu|puisqu|quoiqu|un|[dns]?ell|all|dall|sull|quell)['’ʼ]", regex.I
)
_POSSESSIVE: Final = regex.compile(r"['’ʼ]s?$", regex.I)
_ELIDING: Final = frozenset({"fr", "it"})
_ARTICLES: Final = {True: ((False, True), (True, False), (False, False)), False: ((False, True),)}
_CONTRACTIONS: Final = frozenset({"d", "ll", "m", "re", "s", "t", "ve"})
_POSSESSED: Final = regex.compile(r"['’ʼ]s?[ \u00a0]", regex.I)
_BLANK: Final = " \t\n\r\u00a0\u00ad\u200b\u200c\u200d\u2060\ufeff"
_LONGEST_ACRONYM: Final = 5
_SHORTEST_LOW: Final = 3  # without a capital, a shorter word is no name
_LONGEST_INITIAL: Final = 2  # "Cz.", "Th."


@dataclass(frozen=True, slots=True)
class Shape:
    """Character `i` of `codes` stands for `starts[i]` to `ends[i]` of the text of `view`."""

    codes: str
    starts: tuple[int, ...] = field(repr=False)
    ends: tuple[int, ...] = field(repr=False)
    view: View | None = field(repr=False, default=None)

    def raw(self, start: int, end: int) -> tuple[int, int]:
        """The raw half-open range behind `codes[start:end]`, which must not be empty."""
        first, last = self.starts[start], self.ends[end - 1]
        return self.view.raw(first, last) if self.view else (first, last)


def shapes_of(document: Document) -> Iterator[Shape]:
    """The shapes of the text as it stands and, where it is written with escapes or tags, of what they show."""
    yield shape_of(document.text, document.language)
    decoded = document.views.get("decoded")
    if decoded is not None and decoded.text != document.text:
        yield replace(shape_of(decoded.text, document.language), view=decoded)


@dataclass(frozen=True, slots=True)
class Beside:
    """The words that stand beside names in one language, folded."""

    honorifics: frozenset[str]
    weak: frozenset[str]
    kin_titles: frozenset[str]
    relatives: frozenset[str]
    roles: frozenset[str]
    particles: frozenset[str]
    announcers: frozenset[str]
    announcing: frozenset[tuple[str, str]]
    verbs: frozenset[str]
    determiners: frozenset[str]
    abbreviations: frozenset[str]


@cache
def beside(language: str) -> Beside:
    """The words beside names in `language`, and those of every language."""
    words, kin = data("names.yaml"), data("kinship.yaml")["relatives"]
    return Beside(
        honorifics=frozenset(words["honorifics"]["any"] + words["honorifics"].get(language, [])),
        weak=frozenset(words["weak"]["any"] + words["weak"].get(language, [])),
        kin_titles=frozenset(words["kin_titles"]),
        relatives=frozenset(kin["any"] + kin.get(language, [])),
        roles=frozenset(words["roles"]),
        particles=frozenset(words["particles"]),
        announcers=frozenset(words["announcers"]),
        announcing=frozenset((first, second) for first, second in words["announcing"]),
        verbs=frozenset(words["person_verbs"]),
        determiners=frozenset(words["determiners"]),
        abbreviations=frozenset(words["abbreviations"]),
    )


def shape_of(text: str, language: str) -> Shape:
    """The shapes of the words and breaks of `text`, read in `language`."""
    found = [_core(text, match.start(), match.end(), language) for match in WORD.finditer(text)]
    reader = _Reader(lexicon(language), beside(language), _uncapitalised(text, found))
    codes, starts, ends = ["^"], [0], [0]
    before = ""
    for start, end in found:
        word = text[start:end]
        if ends[-1] and (gap := _gap(text[ends[-1] : start], before)):
            codes.append(gap)
            starts.append(ends[-1])
            ends.append(start)
        before = reader.next(word, dotted=text[end : end + 1] == ".")
        codes.append(before)
        starts.append(start)
        ends.append(end)
    return Shape("".join(codes), tuple(starts), tuple(ends))


def _core(text: str, start: int, end: int, language: str) -> tuple[int, int]:
    """The word without an elided article before it and a possessive ending after it."""
    elided = _ELIDED.match(text, start, end)
    # "l'Anna" and "L'homme" begin with an article, "N'Diaye" and "n'diaye" do not.
    if elided and (text[start].isupper(), text[elided.end()].isupper()) in _ARTICLES[language in _ELIDING]:
        start = elided.end()
    if ending := _POSSESSIVE.search(text, start + 1, end):
        end = ending.start()
    return start, end


def _uncapitalised(text: str, words: list[tuple[int, int]]) -> frozenset[str]:
    """The words that the text itself uses without a capital."""
    return frozenset(text[start:end] for start, end in words if text[start].islower())


def _gap(between: str, before: str) -> str:
    """The break that stands between two words; nothing for mere blanks."""
    if between == " ":
        return ""
    signs = between.strip(_BLANK)
    lines = between.count("\n")
    if lines > 1:
        return "^"
    if not signs:
        return "/" if lines else ""
    if signs == "." and before in "HTKIRV" and not lines:
        return "."
    if signs in ("-", "‐", "‑") and len(between) == 1:
        return "-"
    if _POSSESSED.fullmatch(between):
        return "'"
    if signs[0] in ".!?:;…" and before != "I":
        return {":": ":", ";": "|"}.get(signs[0], "^")
    return "&" if signs == "&" else "|"


class _Reader:
    """Gives words their shapes; each word is judged once per text."""

    def __init__(self, words: Lexicon, about: Beside, lower: frozenset[str]) -> None:
        self.lexicon = words
        self.about = about
        self.lower = lower
        self.judged: dict[tuple[str, bool], str] = {}
        self.previous = ""

    def next(self, word: str, *, dotted: bool) -> str:
        """The shape of the next word of the text."""
        code = self.code(word, dotted=dotted)
        if code in "lvida" and (self.previous, word) in self.about.announcing:
            code = "w"
        self.previous = word
        return code

    def code(self, word: str, *, dotted: bool) -> str:
        """The shape of `word`, which stands before a full stop if `dotted`."""
        known = self.judged.get((word, dotted))
        if known is None:
            key = plain(word)
            known = self._lower(key) if word[0].islower() else self._upper(word, key, dotted)
            self.judged[word, dotted] = known
        return known

    def _lower(self, key: str) -> str:
        about = self.about
        if key in ("v", "vs", "versus"):
            return "V"
        if key == "and":
            return "&"
        for words, code in (
            (about.announcers, "w"),
            (about.honorifics, "H"),
            (about.relatives, "k"),
            (about.verbs, "v"),
            (about.determiners, "d"),
            (about.particles, "P"),
        ):
            if key in words:
                return code
        if len(key) == 1:
            return "i"
        if len(key) < _SHORTEST_LOW:
            return "l"
        if self.lexicon.is_word(key):
            return "a" if self.lexicon.is_name(key) else "l"
        return "n" if self.lexicon.is_name(key) else "u"

    def _upper(self, word: str, key: str, dotted: bool) -> str:
        about = self.about
        if len(key) == 1:
            return "I" if dotted or key not in "ia" else "J"
        if key in about.honorifics:
            return "H"
        if key in about.kin_titles:
            return "K"
        if key in about.weak:
            return "T"
        if key in about.roles:
            return "R"
        if dotted and len(key) <= _LONGEST_INITIAL and not self.lexicon.is_word(key) and word[1:].islower():
            return "O" if key in about.abbreviations else "I"
        is_name = self.lexicon.is_name(key)
        is_word = self.lexicon.is_word(key) and self.lexicon.may_be_written(word)
        if key in about.abbreviations or (word.isupper() and key in currencies()):
            return "O"
        if is_region(key):
            return "A" if is_name else "G"
        if is_name:
            return "A" if is_word else "N"
        if key in about.particles:
            return "Q"
        if is_word or _contracted(key, self.lexicon) or word.lower() in self.lower:
            return "O"
        return "X" if word.isupper() and len(word) <= _LONGEST_ACRONYM else "U"


def _contracted(key: str, words: Lexicon) -> bool:
    head, _, tail = key.partition("'")
    return tail in _CONTRACTIONS and (words.is_word(head) or len(head) == 1 or head.endswith("n"))
