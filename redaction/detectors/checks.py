"""Questions that a pattern may ask about what it matched, by name. Yes means: it is what it looks like.

A check only ever asks whether the shape is that of something else: a year, a sum, a law. Whether a number is well
formed is not asked: with one digit typed wrong it still names her.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from types import MappingProxyType
from typing import Final, TypeAlias

import regex

from redaction.detectors.ordinary import lexicon
from redaction.detectors.spared import (
    LISTS,
    is_amount,
    is_law_of_the_union,
    is_of_a_law,
    is_with_unit,
    is_year,
)
from redaction.folding import folded

Match: TypeAlias = "regex.Match[str]"


def marked(match: Match) -> str | int:
    """The group of a match that was found: `it`, or the whole match where there is none."""
    return "it" if "it" in match.re.groupindex and match["it"] is not None else 0


def not_year(match: Match) -> bool:
    """No year standing alone."""
    return not is_year(_it(match).strip())


def not_amount(match: Match) -> bool:
    """No year, no sum of money, no count of days or people."""
    return not_year(match) and not is_amount(match.string, *match.span(marked(match)))


def not_law(match: Match) -> bool:
    """Not the number of a law."""
    return not is_of_a_law(match.string, match.start())


def case_by_shape(match: Match) -> bool:
    """Neither a law, nor two years, nor a month and a year."""
    return not _YEARS_OR_MONTH.fullmatch(_it(match)) and not_law(match)


def file_code(match: Match) -> bool:
    """Not `mid-1990s`, not `S-100`."""
    prefix, _, number = _it(match).partition("-")
    number = number.removesuffix("s")
    if len(prefix) == 1:
        return not _SHORT_NUMBER.fullmatch(number)
    return not (is_year(number) and (len(prefix) > 2 or lexicon("en").is_word(prefix)))


def not_date(match: Match) -> bool:
    """Not a date with a time or a count after it. Where the same separator goes on, it is a telephone."""
    return not _DATE_FIRST.match(match.string, match.start(marked(match)))


def phone_groups(match: Match) -> bool:
    """Groups of digits that are no date, no years, no sum with its thousands apart."""
    found, groups = _it(match), _DIGITS.findall(_it(match))
    if (
        all(map(is_year, groups))
        or _DATE.fullmatch(found)
        or is_amount(match.string, *match.span(marked(match)))
    ):
        return False
    thousands = "." in found and all(len(group) == 3 for group in groups[1:])
    return not thousands and sum(map(len, groups)) >= 7


def domain(match: Match) -> bool:
    """A host name, not a full stop without its blank: `left.It`, `geb.am`."""
    first, *others = _it(match).split(".")
    if not (others[-1].islower() or _it(match).isupper()):
        return False
    is_sentence = others[-1] in LISTS["domains_that_are_words"] and lexicon("en").is_word(first.lower())
    return len(others) > 1 or (len(first) > 4 and not is_sentence)


def ipv4(match: Match) -> bool:
    """Four numbers that are an address."""
    try:
        IPv4Address(_it(match).partition("/")[0])
    except AddressValueError:
        return False
    return True


def ipv6(match: Match) -> bool:
    """Groups that are an address, not a time."""
    try:
        IPv6Address(_it(match))
    except AddressValueError:
        return False
    return True


def not_ordinary(match: Match) -> bool:
    """A word that is no word of English."""
    return not lexicon("en").is_word(folded(_it(match)))


def has_eight_digits(match: Match) -> bool:
    """More figures than a sentence would have."""
    return sum(map(str.isdigit, _it(match))) >= 8


def plate(match: Match) -> bool:
    """Letters that are no words, and no year after them."""
    found = _it(match)
    letters, numbers = _LETTERS.findall(found.lower()), _DIGITS.findall(found)
    apart = " " in found
    if not letters or (apart and not LISTS["not_on_plates"].isdisjoint(letters)):
        return False
    if len(letters) > 1:
        return True
    (only,) = letters
    is_word = only in LISTS["not_on_plates"] or (len(only) > 2 and lexicon("en").is_word(only))
    return not is_word and not (apart and len(numbers) == 1 and is_year(numbers[0]))


def code(match: Match) -> bool:
    """Letters and figures that are no number with its unit, no `COVID19`, no vertebra, no decade."""
    found = _it(match)
    if len(found) < 5 or is_with_unit(found) or _NO_CODE.fullmatch(found):
        return False
    return not is_law_of_the_union(found, 0)


def street(match: Match) -> bool:
    """A street: with a house number, or of a sort that is nothing but streets."""
    found = match.group()
    sort = next((word for word in _SORTS.findall(folded(found)) if len(word) > 1), "")
    is_sure = sort not in LISTS["words_before_streets"] and not sort.startswith("c/")
    return is_sure or any(map(str.isdigit, found))


def postcode(match: Match) -> bool:
    """Before the name of a town, not before what is counted: `20000 Euro`, `12000 Romanians`."""
    return not (_it(match).endswith("000") or is_amount(match.string, *match.span(marked(match))))


def coordinates(match: Match) -> bool:
    """Two numbers that can be degrees, with decimals that are not thousands, and no sum of money."""
    found = list(_DECIMAL.finditer(match.string, *match.span()))
    if len(found) != 2 or any(is_amount(match.string, *number.span()) for number in found):
        return False
    numbers = [number.group() for number in found]
    degrees = [abs(float(number.replace(",", "."))) for number in numbers]
    decimals = [number.replace(",", ".").partition(".")[2] for number in numbers]
    return max(degrees) <= 180 and not all(len(part) == 3 and part.endswith("0") for part in decimals)


def date_in_figures(match: Match) -> bool:
    """A day and a month that exist, or a month and a year that are no law's."""
    parts = [int(part) for part in _DIGITS.findall(match.group())]
    if len(parts) == 2:
        return not_law(match)
    if parts[0] > 99:
        parts.reverse()
    day, month, _ = parts
    return min(day, month) in range(1, 13) and max(day, month) <= 31


def date_with_month(match: Match) -> bool:
    """A date, not "may" or "mars" after or before a number."""
    found = match.group()
    if _WITH_YEAR.search(found):
        return True
    month = next((word for word in _LETTERS.findall(found) if len(word) > 2), "")
    if month not in _MONTHS_THAT_ARE_WORDS:
        return bool(month)
    following = _NEXT_WORD.match(match.string, match.end())
    is_verb = following is not None and following[1] in LISTS["verbs_after_may"]
    return not is_verb and not found.startswith(month)


def date_in_words(match: Match) -> bool:
    """A day in words with a month that cannot be a verb, or with a year."""
    found = match.group()
    return bool(_YEAR_IN_WORDS.search(found)) or " of " in found or not _ENDS_LIKE_A_VERB.search(found)


def school_year(match: Match) -> bool:
    """No calendar year."""
    return not _YEAR_INSIDE.search(_it(match))


def _it(match: Match) -> str:
    return str(match[marked(match)])


_DIGITS: Final = regex.compile(r"[0-9]++")
_LETTERS: Final = regex.compile(r"\p{L}++")
_DECIMAL: Final = regex.compile(r"[0-9]{1,3}[.,][0-9]+")
_SORTS: Final = regex.compile(r"[\p{L}/.]++")
_NEXT_WORD: Final = regex.compile(r" (\p{L}++)")
_SHORT_NUMBER: Final = regex.compile(r"[1-9][0-9]{0,2}")
_DATE_FIRST: Final = regex.compile(
    r"\(?[0-3]?[0-9]([./-])[0-3]?[0-9]\1"
    r"(?:(?:19|20)[0-9]{2}(?!\1?[0-9])|[0-9]{2}(?![0-9]|[ ().\-/]{1,3}(?![0-9]{1,2}(?:h|:[0-9]))[0-9]))"
)
_DATE: Final = regex.compile(
    r"[0-3]?[0-9][ .-][0-3]?[0-9][ .-](?:19|20)?[0-9]{2}|(?:19|20)[0-9]{2}[ .-][0-9]{2}[ .-][0-9]{2}"
)
_YEARS_OR_MONTH: Final = regex.compile(
    r"(?:19|20)[0-9]{2}/(?:(?:19|20)?[0-9]{2})|(?:0?[1-9]|1[0-2])/(?:19|20)[0-9]{2}"
)
_WITH_YEAR: Final = regex.compile(r"(?:19|20)[0-9]{2}|'[0-9]{2}")
_YEAR_INSIDE: Final = regex.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_YEAR_IN_WORDS: Final = regex.compile(r"[0-9]{4}|nineteen|thousand")
_ENDS_LIKE_A_VERB: Final = regex.compile(r"\b(?:may|march|mars)\z")
_MONTHS_THAT_ARE_WORDS: Final = frozenset(
    ("may", "mar", "mars", "march", "out", "set", "dic", "gen", "ago", "mag", "noi", "iun", "iul", "august")
)
_NO_CODE: Final = regex.compile(
    r"(?:covid|sars|htlv|omega|http|utf|iso|web)-?[0-9]{1,4}|h[0-9]+n[0-9]+|n[0-9]{3,4}"
    r"|[a-z][0-9]{1,2}(?:-[a-z]?[0-9]{1,2})+|[a-z]{2}[0-9](?:-[a-z]{0,2}[0-9])+",
    regex.I,
)

CHECKS: Final[Mapping[str, Callable[[Match], bool]]] = MappingProxyType(
    {
        check.__name__: check
        for check in (
            case_by_shape,
            code,
            coordinates,
            date_in_figures,
            date_in_words,
            date_with_month,
            domain,
            file_code,
            has_eight_digits,
            ipv4,
            ipv6,
            not_amount,
            not_date,
            not_law,
            not_ordinary,
            not_year,
            phone_groups,
            plate,
            postcode,
            school_year,
            street,
        )
    }
)
