"""Whether a typed value says its kind and nothing else, looked at whenever a bulletin is composed.

The door asks for the form already; an older report may never have met it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import regex

from redaction.detectors.kinship import UNIQUE_PERSONS, relatives
from redaction.detectors.second_look import SECOND_LOOK
from redaction.findings import Detector, Document, Finding
from redaction.letters import latin_key
from redaction.lexicon import PARTICLES
from redaction.views import views_of
from share.typed import TOWN, WORD, is_account_name, is_link, words_of_link, wrong_form

LOOKS: Final[tuple[Detector, ...]] = (*SECOND_LOOK, UNIQUE_PERSONS, relatives)
"""What looks at a typed value: patterns of contacts, documents, addresses and dates, digits, relatives. No model."""

NOT_OF_ITS_FORM: Final = "fact_not_of_its_form"
SAYS_MORE: Final = "fact_says_more_than_its_kind"
READS_LIKE_TEXT: Final = "fact_reads_like_text"

_CODES: Final = frozenset(
    {"PHONE", "EMAIL", "HANDLE", "URL", "NETWORK_ADDRESS", "ACCOUNT", "DOCUMENT", "PLATE", "CODE", "NUMBER"}
)
_OWN: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        **dict.fromkeys(("SUSPECT_PHONE", "SUSPECT_EMAIL", "SUSPECT_HANDLE", "SUSPECT_ACCOUNT"), _CODES),
        "SUSPECT_NAME": frozenset({"PERSON", "KINSHIP", "PLACE", "ORGANISATION"}),
        "VENUE": frozenset({"ADDRESS", "COORDINATES", "PLACE", "ORGANISATION"}),
        "VEHICLE_PLATE": _CODES,
        "ADVERT": _CODES - {"PHONE", "EMAIL"},
        TOWN: frozenset({"PLACE"}),
    }
)
"""What detectors may call a value, or a part of it, without it being more than its kind."""

_OF_SOMEBODY: Final = frozenset(
    {
        "PHONE",
        "EMAIL",
        "ACCOUNT",
        "DOCUMENT",
        "CASE_NUMBER",
        "SECRET",
        "DATE_OF_BIRTH",
        "AGE",
        "KINSHIP",
        "MARK",
    }
    | {"ADDRESS", "COORDINATES"}
)
"""What may be somebody's, wherever it is not the kind itself. Anything else that is found is only a doubt."""

# The number of an advert may look like any other, and its words are those of whoever offers something.
_OWN_IN_A_LINK: Final = _CODES - {"EMAIL"} | {"DATE"}
_OF_SOMEBODY_IN_A_LINK: Final = frozenset({"EMAIL", "DATE_OF_BIRTH", "KINSHIP"})

_LINES: Final = frozenset({"SUSPECT_NAME", "SUSPECT_HANDLE", "VENUE", TOWN})
_CALLED_SO: Final = frozenset({"SUSPECT_NAME", "SUSPECT_HANDLE"})
_MOST_WORDS: Final = 12
_MOST_IN_CAPITALS: Final = 4
_UNREAD: Final = regex.compile(r"[\p{L}--\p{Latin}--\p{Greek}--\p{Cyrillic}--\p{Common}]", regex.V1)
_SENTENCE: Final = regex.compile(r"\p{Ll}{4,}[.:]\s")
_LINKING: Final = PARTICLES.union(
    *(
        words.split()
        for words in (
            "and of the at in on near no km road street lane square floor flat",
            "et au aux sous sur en pres chez bis rue avenue boulevard place quai route allee",
            "si din pe cu nr ap et sc bl jud com sat loc strada bulevardul calea piata aleea",
            "con por calle avenida plaza gli lo il delle dei nel via viale piazza corso und am im bei die das dem",
        )
    )
)
"""Words that stand in names and addresses in small letters, folded. Any other makes a line read like a sentence."""

_SAYING: Final = frozenset().union(
    *(
        words.split()
        for words in (
            "is was are were she her his who lives lived born works",
            "este locuieste nascuta elle habite habitait nee ella vive nacida lei abita nata",
        )
    )
)
"""Words that nothing but a sentence has, folded; also in a text that is all capitals."""


def doubt_about(kind: str, value: str, *, language: str, looks: Sequence[Detector] = LOOKS) -> str | None:
    """Why a typed value may not leave by itself; None for one that says its kind and nothing else.

    One that has not its form or says more is never told; one that only reads like text waits for a person. Whose
    name a house or an advert bears is not seen here.
    """
    if wrong_form(kind, value):
        return NOT_OF_ITS_FORM
    link = kind == "ADVERT" and is_link(value.strip())
    own, of_somebody = (_OWN_IN_A_LINK, _OF_SOMEBODY_IN_A_LINK) if link else (_OWN[kind], _OF_SOMEBODY)
    readings = (value, " ".join(words_of_link(value))) if link else (value,)
    more = {said for text in readings for said in _said_beyond(own, text, language, looks)}
    if more & of_somebody:
        return SAYS_MORE
    return READS_LIKE_TEXT if more or _reads_like_text(kind, value.strip(), link=link) else None


def _said_beyond(own: frozenset[str], text: str, language: str, looks: Sequence[Detector]) -> Iterator[str]:
    """What `looks` find in `text` that is not its own: kinds, and the codes of doubts.

    A date or a number inside of something that is its own belongs to that: a street, a postcode.
    """
    document = Document(text, language, strict=False, views=views_of(text))
    said = [word for look in looks for word in look(document)]
    whole = [(found.start, found.end) for found in said if isinstance(found, Finding) and found.kind in own]
    for word in said:
        if not isinstance(word, Finding):
            yield word.code
        elif word.kind not in own:
            inside = any(low <= word.start and word.end <= high for low, high in whole)
            if word.kind in _OF_SOMEBODY or not inside:
                yield word.kind


def _reads_like_text(kind: str, value: str, *, link: bool) -> bool:
    """Whether a line has words that neither names nor addresses have, or is in a script that nothing here reads."""
    words = words_of_link(value) if link else WORD.findall(value)
    if len(words) > _MOST_WORDS or not _SAYING.isdisjoint(map(latin_key, words)):
        return True
    if kind not in _LINES or (kind == "SUSPECT_HANDLE" and is_account_name(value)):
        return False
    if _UNREAD.search(value) or _SENTENCE.search(value):
        return True
    if len(words) > _MOST_IN_CAPITALS and value == value.upper():
        return True
    small = [word for word in words if word[0].islower() and latin_key(word) not in _LINKING]
    if len(small) == len(words) <= 2:
        return False  # somebody who types no capitals
    called_so = kind in _CALLED_SO and small[:1] == words[:1]  # "nea Nelu"
    return bool(small[1:] if called_so else small)
