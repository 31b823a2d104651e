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
    """Whether a currency, a percentage or something counted stands beside `text[start:end]`."""
    return bool(_AFTER_AN_AMOUNT.match(text, end) or _before(text, start, 12, _BEFORE_AN_AMOUNT))


def is_of_a_law(text: str, start: int) -> bool:
    """Whether what stands before `start` says that the number of a law follows."""
    return _before(text, start, 48, _BEFORE_A_LAW)


def is_law_of_the_union(text: str, start: int) -> bool:
    """Whether the number of a law of the European Union begins at `start`: 2011/36/EU."""
    return _UNION_LAW.match(text, start) is not None


def counts_parts(text: str, start: int) -> bool:
    """Whether what stands before `start` says that paragraphs, pages or articles are counted."""
    return _before(text, start, 60, _BEFORE_A_PART)


def is_with_unit(string: str) -> bool:
    """Whether `string` is a number with its unit: 100km, 14.5mg, 1990s, 12th."""
    return _WITH_UNIT.fullmatch(string) is not None


def _before(text: str, start: int, reach: int, wanted: regex.Pattern[str]) -> bool:
    return wanted.search(text, max(0, start - reach), start) is not None


_YEAR: Final = regex.compile(r"(?:1[789]|20)[0-9]{2}")
_BEFORE_AN_AMOUNT: Final = regex.compile(
    r"(?:[€£$¥₦₴]|\b\L<codes>)\s?(?:of\s)?\z", regex.I, codes=LISTS["currency_codes"]
)
_AFTER_AN_AMOUNT: Final = regex.compile(
    r"[\s-]?(?:[€£$¥₦₴%]|(?:per ?cent|por ciento|pour cent|la suta|per cento|mm ?hg|\L<words>)\b)",
    regex.I,
    words=LISTS["currency_codes"] | LISTS["currencies"] | LISTS["magnitudes"] | LISTS["units"],
)
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
