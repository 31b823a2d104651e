"""Numbers that identify nobody: years, sums, counts, laws, parts of a text."""

from __future__ import annotations

from importlib import resources
from typing import Final

import regex
import yaml


def _lists() -> dict[str, frozenset[str]]:
    text = resources.files("redaction.detectors").joinpath("data/spared.yaml").read_text(encoding="utf-8")
    return {name: frozenset(words.split()) for name, words in yaml.safe_load(text).items()}


LISTS: Final = _lists()


def is_year(string: str) -> bool:
    """Whether `string` is a year from 1700 to 2099 and nothing else."""
    return _YEAR.fullmatch(string) is not None


def is_amount(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` is written as a quantity and stands beside what is paid or counted.

    Neither is enough alone: in "551-284-093 women's refuge" women are not counted. Sums of money may be longer
    than counts, but nine digits that are not round are never one, because telephones are written like it. Of
    numbers with a hyphen only "200-300" is one, from a round number to a greater one.
    """
    if _QUANTITY.fullmatch(text, start, end) or _is_range(text, start, end):
        return bool(_AFTER_A_QUANTITY.match(text, end)) or _is_paid(text, start, end)
    return _SUM.fullmatch(text, start, end) is not None and _is_paid(text, start, end)


def is_of_a_law(text: str, start: int) -> bool:
    """Whether what stands before `start` says that the number of a law follows."""
    return _before(text, start, 48, _BEFORE_A_LAW)


def is_number_of_a_law(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` is written as the number of a law, with its year, and a law is named before it."""
    return _LAW_NUMBER.fullmatch(text, start, end) is not None and is_of_a_law(text, start)


def is_law_of_the_union(text: str, start: int) -> bool:
    """Whether the number of a law of the European Union begins at `start`: 2011/36/EU."""
    return _UNION_LAW.match(text, start) is not None


def counts_parts(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` is from one paragraph, page or article to another, as what stands before says."""
    parts = _FROM_TO.fullmatch(text, start, end)
    is_few = parts is not None and int(parts[1]) < int(parts[2]) <= int(parts[1]) + _MOST_PARTS
    return is_few and _before(text, start, 60, _BEFORE_A_PART)


def is_with_unit(string: str) -> bool:
    """Whether `string` is a number with its unit: 100km, 14.5mg, 1990s, 12th."""
    return _WITH_UNIT.fullmatch(string) is not None


def _is_range(text: str, start: int, end: int) -> bool:
    ends = _ROUND_RANGE.fullmatch(text, start, end)
    return ends is not None and int(ends[1]) < int(ends[2])


def _is_paid(text: str, start: int, end: int) -> bool:
    return bool(_AFTER_A_SUM.match(text, end)) or _before(text, start, 12, _BEFORE_A_SUM)


def _before(text: str, start: int, reach: int, wanted: regex.Pattern[str]) -> bool:
    return wanted.search(text, max(0, start - reach), start) is not None


_YEAR: Final = regex.compile(r"(?:1[789]|20)[0-9]{2}")
_THOUSANDS: Final = r"[1-9][0-9]{0,2}[ .]{1,2}[0-9]{3}"
_QUANTITY: Final = regex.compile(
    rf"(?:0|[1-9][0-9]{{0,5}})(?:[.,][0-9]{{1,2}})?|[1-9][0-9]{{0,5}}000|{_THOUSANDS}(?:[ .]{{1,2}}000){{0,2}}"
)
_ROUND_RANGE: Final = regex.compile(r"([1-9][0-9]{0,3}0) ?- ?([1-9][0-9]{0,3}0)")
_SUM: Final = regex.compile(r"[1-9][0-9]?(?:[ .]{1,2}[0-9]{3}){2}")
_BEFORE_A_SUM: Final = regex.compile(
    r"(?:[€£$¥₦₴]|\b\L<codes>)\s?(?:of\s)?\z", regex.I, codes=LISTS["currency_codes"]
)
_AFTER_A_SUM: Final = regex.compile(
    r"(?:,[0-9]{1,2})?[\s-]?(?:[€£$¥₦₴]|\L<words>\b(?!['’]))",
    regex.I,
    words=LISTS["currency_codes"] | LISTS["currencies"] | LISTS["magnitudes"],
)
_AFTER_A_QUANTITY: Final = regex.compile(
    r"[\s-]?(?:%|(?:per ?cent|por ciento|pour cent|la suta|per cento|mm ?hg|\L<words>)\b(?!['’]))",
    regex.I,
    words=LISTS["units"],
)
_LAW_NUMBER: Final = regex.compile(
    r"[0-9]{1,5}[/-](?:1[89]|20)[0-9]{2}(?:/[0-9]{1,3})?|[0-9]{1,4}/[0-9]{2}|(?:19|20)[0-9]{2}/[0-9]{1,4}"
    r"|[1-9][0-9]?\.[0-9]{3}(?:[/-](?:(?:19|20)[0-9]{2}|[0-9]{2}))?"
)
_FROM_TO: Final = regex.compile(r"([0-9]{1,4}) ?- ?([0-9]{1,4})")
_MOST_PARTS: Final = 100
_BEFORE_A_LAW: Final = regex.compile(
    r"\b(?:d\.?lgs|d\.l|d\.p\.r|\L<laws>)\b[^\n;]{0,24}\z", regex.I, laws=LISTS["laws"]
)
_UNION_LAW: Final = regex.compile(
    r"[0-9]{2,4}/[0-9]{1,4}/(?:ec|eu|eec|jha|ce|ue|cee|jai|eg|euratom)\b", regex.I
)
_BEFORE_A_PART: Final = regex.compile(
    r"(?:[§¶]|\b\L<parts>\b)[ .:]{0,2}+(?:[0-9]{1,4}[ ,.;-]{1,2}(?:(?:and|et|y|si|e|und|to) )?){0,6}\z",
    regex.I,
    parts=LISTS["parts"],
)
_WITH_UNIT: Final = regex.compile(
    r"[0-9]+(?:[.,:h][0-9]+)?\L<signs>|[0-9]{1,2}h[0-9]{2}|[0-9]+(?:x[0-9]+)+",
    regex.I,
    signs=LISTS["unit_signs"],
)
