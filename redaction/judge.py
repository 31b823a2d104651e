"""What becomes of one span under given terms. In text nothing that was found stays as it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final

from policies.terms import Detail, Linkage, Terms
from redaction.findings import Action, Examined, Span, TraffickerFact, Unsafe, Verdict
from redaction.readable import readable

Alias = Callable[[str], str]
"""The pseudonym of a person, given the local code; one circle's key is already in it."""

NEUTRAL: Final = "[REDACTED]"

# Most protective first: where a span was called several things, the first of them names its token. What
# detectors disagree about may be a person, so PERSON wins, and what sounds least personal comes last.
ORDER: Final = (
    "PERSON",
    "DATE_OF_BIRTH",
    "SECRET",
    "DOCUMENT",
    "ACCOUNT",
    "PHONE",
    "EMAIL",
    "HANDLE",
    "URL",
    "NETWORK_ADDRESS",
    "COORDINATES",
    "ADDRESS",
    "CASE_NUMBER",
    "PLATE",
    "CODE",
    "MARK",
    "KINSHIP",
    "ORGANISATION",
    "PLACE",
    "OCCUPATION",
    "NATIONALITY",
    "AGE",
    "DATE",
    "TIME",
    "MONEY",
    "NUMBER",
    "WORD",
)

GENERALISED: Final = frozenset({"AGE", "DATE", "MONEY", "NATIONALITY", "PLACE", "TIME"})

# Findings of these kinds, and all findings of the form's own identifiers, protect what they touch.
_PERSONAL: Final = frozenset({"PERSON", "DATE_OF_BIRTH", "KINSHIP", "MARK", "SECRET"})
_NAMING_FACTS: Final = frozenset({"SUSPECT_NAME"})
_FORM: Final = "known"

_PSEUDONYM: Final = re.compile(r"[0-9A-HJKMNP-TV-Z]{5}")


def judge(
    span: Span,
    examined: Examined,
    *,
    terms: Terms,
    facts: Sequence[TraffickerFact],
    alias: Alias | None,
) -> Verdict:
    """The verdict on one span; the strictest rung among its kinds counts.

    - A value declared as a fact about the network is kept, where the terms allow that fact EXACT, it is the
      whole span, and nothing in the span points to a protected person.
    - A kind that may be generalised is, where every detector that found the span agrees on it.
    - One known person becomes that person's pseudonym, where the terms let a circle recognise people.
    - Everything else becomes a fixed token that does not depend on what it hides; where a kind may not even
      be mentioned, the neutral one.
    """
    rung = min((terms.allows(kind) for kind in span.kinds), default=Detail.NOTHING)
    hidden = examined.text[span.start : span.end]
    if _is_shareable_fact(hidden, span, terms, facts):
        return Verdict(span, Action.KEEP, Detail.EXACT, hidden)
    if rung is Detail.NOTHING:
        return Verdict(span, Action.REPLACE, rung, NEUTRAL)
    kind = next((kind for kind in ORDER if kind in span.kinds), None)
    if kind is None or not span.kinds.issubset(ORDER):
        return Verdict(span, Action.REPLACE, Detail.NOTHING, NEUTRAL)
    if span.kinds <= GENERALISED and len(span.kinds) == 1 and not span.subjects:
        # EXACT would be the value itself, which never stays in a text.
        rung = min(rung, Detail.FINE)
        if said := readable(kind, hidden, rung, language=examined.language):
            return Verdict(span, Action.GENERALISE, rung, f"[{_label(kind)}: {said}]")
    if kind == "PERSON" and len(span.subjects) == 1 and alias and terms.linkage >= Linkage.CIRCLE:
        (subject,) = span.subjects
        return Verdict(span, Action.REPLACE, Detail.PRESENCE, f"[PERSON {_pseudonym(alias, subject)}]")
    return Verdict(span, Action.REPLACE, Detail.PRESENCE, f"[{_label(kind)}]")


def normalised(kind: str, value: str) -> str:
    """`value` in the form in which two spellings of one fact compare equal; empty where it is not that kind.

    Only visible separators are taken away: a value with hidden characters in it equals nothing.
    """
    plain = unicodedata.normalize("NFKC", value).casefold().strip()
    if not plain.isprintable():
        return ""
    if kind == "SUSPECT_PHONE":
        digits = re.sub(r"[\s()./-]|^\+|\(0\)", "", plain)
        return digits.removeprefix("00") if digits.isascii() and digits.isdigit() else ""
    if kind in ("SUSPECT_ACCOUNT", "VEHICLE_PLATE"):
        return re.sub(r"[\s.-]", "", plain)
    if kind in ("SUSPECT_HANDLE", "SUSPECT_EMAIL"):
        return plain.removeprefix("@")
    if kind == "ADVERT":
        return re.sub(r"^https?://(www\.)?", "", plain).rstrip("/")
    return " ".join(plain.split())


def _is_shareable_fact(hidden: str, span: Span, terms: Terms, facts: Sequence[TraffickerFact]) -> bool:
    if span.subjects or any(detector.startswith(_FORM) for detector in span.detectors):
        return False
    return any(
        terms.allows(fact.kind) is Detail.EXACT
        and (fact.kind in _NAMING_FACTS or _PERSONAL.isdisjoint(span.kinds))
        and normalised(fact.kind, hidden) == normalised(fact.kind, fact.value) != ""
        for fact in facts
    )


def _pseudonym(alias: Alias, subject: str) -> str:
    name = alias(subject)
    if not _PSEUDONYM.fullmatch(name):
        raise Unsafe("alias_malformed")
    return name


def _label(kind: str) -> str:
    return kind.replace("_", " ")
