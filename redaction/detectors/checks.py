"""Questions that a pattern may ask about what it matched, by name. Yes means: it is what it looks like.

A check only ever asks whether the *shape* is that of something else (a year, a sum, a law). Whether a number
is well formed is never asked: one digit typed wrong and it still names her.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from types import MappingProxyType
from typing import Final

import regex

from redaction.detectors.ordinary import lexicon
from redaction.folding import folded

Match = regex.Match[str]

_YEAR: Final = regex.compile(r"(?:1[7-9]|20)[0-9]{2}")
_MONEY_BEFORE: Final = regex.compile(
    r"(?:[€£$¥₦₴]|\b(?:eur|euros?|usd|gbp|ron|lei|mdl|chf|pln|bgn|uah|ngn|php|vnd|frf|dem|itl|esp|bef|nlg|sek|dkk|nok|czk|huf|skk|rub|try|all))\s?(?:of\s)?\z",
    regex.I,
)
_MONEY_AFTER: Final = regex.compile(
    r"\s?(?:[€£$¥₦₴%]|(?:per ?cent|percent|por ciento|pour cent|la suta|per cento|prozent|(?:thousand|million|billion|mii|milioane|mille|mil|millones|milioni|millions?)\b"
    r"|(?:pounds? sterling|pounds?|dollars?|euros?|euroi?|eur|usd|gbp|ron|lei|mdl|chf|pln|bgn|uah|ngn|php|vnd|naira|lek[eë]?|hryvnias?|zloty(?:ch|s)?|pesos?|kronor|kroner|kronas?|francs?|marks?|lire|liras?|lira|lev[as]?|forints?|roubles?|rubles?|korun\w*|drachmas?|guilders?|escudos?|pesetas?|frf|dem|itl|esp|bef|nlg|sek|dkk|nok|czk|huf|skk|rub|try|all|livres|francos|franchi|marcos|dinars?|denars?)\b))",
    regex.I,
)
_LAW_BEFORE: Final = regex.compile(
    r"\b(?:laws?|acts?|decrees?|directives?|regulations?|decisions?|resolutions?|ordinances?|codes?|statutes?|orders?|rules?|protocols?|convention|recommendations?|opinions?|circulars?|legea|legii|lege|oug|og|hg|hotararea|hotararii|ordonanta|ordonantei|ordinul|ordinului|decretul|decretului|decizia|lois?|decrets?|arretes?|ordonnances?|reglements?|circulaires?|ley(?:es)?|real decreto|decreto(?:-ley)?|orden|reglamento|directiva|directivei|legge|leggi|d\.?lgs|d\.?l|d\.?p\.?r|regolamento|gesetz|verordnung|richtlinie|leis?|decreto-lei|portaria|etr|ets|treaty|series)\b[^\n;]{0,24}\z",
    regex.I,
)
_UNIT_AFTER: Final = regex.compile(
    r"[\s-]?(?:years?|months?|weeks?|days?|hours?|minutes?|people|persons?|men|women|children|km|m2|sq|kg|metres?|meters?|miles?|hectares?|pages?|ans|mois|jours|heures|personnes|personas|anos|meses|dias|horas|ani|luni|zile|ore|persoane|anni|mesi|giorni|persone|jahre|monate|tage|stunden|personen|inhabitants|times|copies|votes|prisoners|detainees|workers|applicants|soldiers|refugees|cases|documents)\b",
    regex.I,
)
_UNION_LAW: Final = regex.compile(
    r"[0-9]{2,4}/[0-9]{1,4}/(?:ec|eu|eec|jha|ce|ue|cee|jai|eg|euratom)\b|(?:ec|eu|eec|ce|ue) no", regex.I
)
_WITH_UNIT: Final = regex.compile(
    r"[0-9]+(?:[.,:h][0-9]+)?(?:s|st|nd|rd|th|er|re|eme|o|a|km2?|m2?|cm|mm|mg|kg|g|ml|l|h|hrs?|min|sec|am|pm|ft|lb|mph|kmh|gb|mb|kb|tb|hz|khz|mhz|ghz|kw|kwh|mw|v|w|eur|euros?|usd|gbp|ron|lei|mdl|chf|k|mn|bn|m3|ha|ps|px|dpi|fps|x|d|y|yo|yr|yrs)",
    regex.I,
)
_NO_CODE: Final = regex.compile(
    r"(?:covid|sars|htlv|omega|http|utf|iso|web)-?[0-9]{1,4}|h[0-9]+n[0-9]+|(?:19|20)[0-9]{2}s|[0-9]+x[0-9]+|[0-9]{1,2}h[0-9]{2}",
    regex.I,
)
_NOT_ON_PLATES: Final = frozenset(
    "in of on at to no nr by the and or as an is it for de la en el le du un une al cu pe si ca din di da il lo art arts sec "
    "par para pp p page rule reg ch vol jan feb mar apr may jun jul aug sep sept oct nov dec eur usd gbp ron lei mdl dem frf chf pln "
    "bgn uah ngn iso ww wwi wwii ad bc am pm hrs km kg cm mm mg ml min sat sun mon tue wed thu fri who un eu echr etr ets cets us uk "
    "les des von den der das bis ein son con los las por que nos not was his her she him all any its has had are from with ".split()
)
_COMMON_STREETS: Final = frozenset(
    "place route cours largo via corso plaza paseo calea intrarea camino c/ r. str str. strada strazii quai ring platz".split()
)


def marked(match: Match) -> str | int:
    """The group of a match that was found: `it`, or the whole match where there is none."""
    return "it" if "it" in match.re.groupindex and match["it"] is not None else 0


def not_year(match: Match) -> bool:
    """No year standing alone."""
    return not _YEAR.fullmatch(_it(match).strip())


def not_amount(match: Match) -> bool:
    """No year, no sum of money, no count of days or people."""
    return not_year(match) and not is_amount(match.string, *match.span(marked(match)))


def is_amount(text: str, start: int, end: int) -> bool:
    """Whether a currency, a percentage or a unit stands beside `text[start:end]`."""
    return bool(
        _MONEY_AFTER.match(text, end)
        or _UNIT_AFTER.match(text, end)
        or _MONEY_BEFORE.search(text, max(0, start - 12), start)
    )


def is_of_a_law(text: str, start: int) -> bool:
    """Whether what stands just before `start` says that the number of a law follows."""
    return _LAW_BEFORE.search(text, max(0, start - 48), start) is not None


def not_law(match: Match) -> bool:
    """Not the number of a law."""
    return not is_of_a_law(match.string, match.start())


def case_by_shape(match: Match) -> bool:
    """Neither a law nor two years in a row nor a month and a year."""
    found = _it(match)
    if regex.fullmatch(r"(?:19|20)[0-9]{2}/(?:[0-9]{2}|(?:19|20)[0-9]{2})|(?:0?[1-9]|1[0-2])/(?:19|20)[0-9]{2}", found):
        return False
    return not_law(match)


def file_code(match: Match) -> bool:
    """Not `mid-1990`, not `covid-19`."""
    prefix, _, number = _it(match).partition("-")
    number = number.removesuffix("s")
    return not (_YEAR.fullmatch(number) and (len(prefix) > 2 or lexicon("en").is_word(prefix)))


def not_date(match: Match) -> bool:
    """Not a date with what follows it."""
    return not regex.match(r"\(?[0-3]?[0-9]([./-])[01]?[0-9]\1(?:19|20)?[0-9]{2}\b", _it(match))


def phone_groups(match: Match) -> bool:
    """Groups of digits that are no date, no years, no sum with its thousands apart."""
    found = _it(match)
    groups = regex.split(r"[ .-]", found)
    if all(_YEAR.fullmatch(group) for group in groups) or is_amount(match.string, *match.span(marked(match))):
        return False
    if regex.fullmatch(r"[0-3]?[0-9][ .-][0-3]?[0-9][ .-](?:19|20)?[0-9]{2}|(?:19|20)[0-9]{2}[ .-][0-9]{2}[ .-][0-9]{2}", found):
        return False
    return not ("." in found and all(len(group) == 3 for group in groups[1:])) and sum(map(len, groups)) >= 7


def domain(match: Match) -> bool:
    """A host name, not a full stop without its blank: `left.It`, `e.g.in`."""
    labels = _it(match).split(".")
    return labels[-1].islower() and any(len(label) > 2 for label in labels[:-1]) or _it(match).isupper()


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
    """Letters that are no words, numbers that are no year, and nothing that is a sum."""
    found = _it(match)
    letters = regex.findall(r"\p{L}+", found.lower())
    numbers = regex.findall(r"[0-9]+", found)
    if any(group in _NOT_ON_PLATES for group in letters) and " " in found:
        return False
    if len(letters) == 1 and len(letters[0]) > 2 and lexicon("en").is_word(letters[0]):
        return False
    if not letters or (len(letters) == 1 and letters[0] in _NOT_ON_PLATES):
        return False
    return not (len(letters) == 1 and len(numbers) == 1 and _YEAR.fullmatch(numbers[0]) and " " in found)


def code(match: Match) -> bool:
    """Letters and figures that are no number with its unit, no `COVID19`, no decade."""
    found = _it(match)
    return len(found) >= 5 and not (_WITH_UNIT.fullmatch(found) or _NO_CODE.fullmatch(found) or has_law_shape(found))


def has_law_shape(found: str) -> bool:
    """`2011/36/EU`: how the European Union numbers its law."""
    return _UNION_LAW.fullmatch(found) is not None


def is_law_of_the_union(text: str, start: int, end: int) -> bool:
    """Whether the digits at `start` to `end` are the number of a law of the European Union."""
    return _UNION_LAW.match(text, start) is not None and "/" in text[start : end + 1]


def street(match: Match) -> bool:
    """A street: with a house number, or of a sort that is nothing but streets."""
    found = match.group()
    sort = next((word for word in regex.findall(r"[\p{L}/.]+", folded(found)) if len(word) > 1), "")
    return any(map(str.isdigit, found)) or sort not in _COMMON_STREETS


def postcode(match: Match) -> bool:
    """Before the name of a town, not before a noun: `20000 Euro`, `12000 Romanians`."""
    after = regex.match(r" (\p{L}+)", match.string, pos=match.end())
    following = folded(after[1]) if after else ""
    number = _it(match)
    return not (number.endswith("000") or is_amount(match.string, *match.span(marked(match))) or following in _PLURALS)


def coordinates(match: Match) -> bool:
    """Two numbers that can be degrees, with enough decimals to be a place, and no sum of money."""
    numbers = [float(number.replace(",", ".")) for number in regex.findall(r"-?[0-9]{1,3}[.,][0-9]+", match.group())]
    decimals = [number.partition(".")[2] or number.partition(",")[2] for number in regex.findall(r"[0-9]+[.,][0-9]+", match.group())]
    in_range = len(numbers) == 2 and abs(numbers[0]) <= 180 and abs(numbers[1]) <= 180
    telling = any(len(part) > 3 for part in decimals) or "," not in match.group().replace(", ", "") and not all(len(part) == 3 and part.endswith("0") for part in decimals)
    return in_range and telling and not is_amount(match.string, *match.span())


def date_in_figures(match: Match) -> bool:
    """A day and a month that exist."""
    parts = [int(part) for part in regex.split(r"[./-]", match.group())]
    if len(parts) == 2:
        return True
    first, second, third = parts
    if first > 99:
        return 1 <= second <= 12 and 1 <= third <= 31
    return min(first, second) <= 12 and 1 <= first <= 31 and 1 <= second <= 31


def date_with_month(match: Match) -> bool:
    """A date, not "may" and "mars" as verbs and nouns after a number."""
    found = match.group()
    if regex.search(r"(?:19|20)[0-9]{2}|'[0-9]{2}", found):
        return True
    word = regex.search(r"\p{L}{3,}", regex.sub(r"(?:st|nd|rd|th|er)\b", "", found))
    if word is None:
        return False
    following = regex.match(r" (\p{L}+)", match.string, pos=match.end())
    if word[0] in ("may", "mar", "mars", "march", "out", "set", "dic", "gen", "ago", "mag", "noi", "iun", "iul", "august"):
        return not (following and following[1] in _AFTER_A_VERB) and len(word[0]) > 3 or word[0] == "may" and not following
    return True


def date_in_words(match: Match) -> bool:
    """A day in words with a month that cannot be a verb, or with a year."""
    found = match.group()
    return bool(regex.search(r"[0-9]{4}|nineteen|thousand", found)) or not regex.search(r"\b(?:may|march|mars)\z", found) or " of " in found


def school_year(match: Match) -> bool:
    """No calendar year."""
    return not_year(match) and not regex.search(r"\b(?:first|second|third) (?:form|grade)\b(?= of)", match.group())


def _it(match: Match) -> str:
    return str(match[marked(match)])


_PLURALS: Final = frozenset("euro euros lei people romanians applicants dollars pounds soldiers refugees personnes personas persoane".split())
_AFTER_A_VERB: Final = frozenset("be have not well also only bars the a an of to in".split())

CHECKS: Final[Mapping[str, Callable[[Match], bool]]] = MappingProxyType(
    {
        check.__name__: check
        for check in (
            not_year, not_amount, not_law, case_by_shape, file_code, not_date, phone_groups, domain, ipv4, ipv6,
            not_ordinary, has_eight_digits, plate, code, street, postcode, coordinates, date_in_figures,
            date_with_month, date_in_words, school_year,
        )
    }
)
