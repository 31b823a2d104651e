"""Whatever the report's own form names, found wherever it reappears and however it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import regex

from redaction.detectors.known_acrostics import acrostics_in
from redaction.detectors.known_dates import date_in, date_of
from redaction.detectors.known_initials import initials_in
from redaction.detectors.known_names import camel_names_in, leet_names_in, names_in, names_in_capsule
from redaction.detectors.known_numbers import code_in, phone_in
from redaction.detectors.known_phrases import phrase_in
from redaction.detectors.known_runs import BARRIER, contracted_in, runs_in, spaced_in, starred_in
from redaction.detectors.known_strings import strings_in
from redaction.detectors.opaque import unread_scripts
from redaction.findings import Document, Finding, Hold, Known, View
from redaction.letters import fold, latin_key, leet_key, romanise
from redaction.names import Hit, Names, person_of
from redaction.numerals import in_digits
from redaction.setting import Setting, everyday, is_typed
from redaction.views import views_of

NAME: Final = "known_values"
DISGUISED: Final = "known_values.disguised"
"""The detector named where the value was not written plainly: the author may want to know."""

_PHONES: Final = frozenset({"PHONE", "SUSPECT_PHONE"})
_STRINGS: Final = frozenset({"EMAIL", "HANDLE", "URL", "NETWORK_ADDRESS", "SUSPECT_EMAIL", "SUSPECT_HANDLE"})
_CODES: Final = frozenset({"DOCUMENT", "CASE_NUMBER", "ACCOUNT", "PLATE", "CODE", "NUMBER", "SECRET"})
_DATES: Final = frozenset({"DATE_OF_BIRTH", "DATE"})
_NAMES: Final = frozenset({"PERSON", "SUSPECT_NAME"})
_BY_PIECE: Final = frozenset({"ADDRESS", "PLACE", "ORGANISATION"})
_SHORTEST_STRING: Final = 4

_OWN_TOKEN: Final = regex.compile(r"\[\p{Lu}[\p{Lu}_ ]*(?: [0-9A-Z]{5})?\]")


def known_values(document: Document) -> Iterator[Finding | Hold]:
    """Every place where an identifier of the form stands in the text, and every doubt about one.

    Nothing here depends on a language model. A name is found in any order, part by part, with endings, pet
    names and other spellings, with its letters apart, masked, encoded or turned round. What gives only part
    of it away (stars, an acrostic, bare initials, the end of a number) is covered and held for a person.
    """
    views = document.views or views_of(document.text)
    found: list[tuple[int, int]] = []
    if document.known:
        for said in dict.fromkeys(_known_in(document, views)):
            if isinstance(said, Finding):
                found.append((said.start, said.end))
            yield said
    for start, end in unread_scripts(document):
        if not any(low <= start and end <= high for low, high in found):
            yield Hold("unread_script", NAME, start, end)


def known_variants_in(text: str, known: Sequence[Known], *, language: str = "und") -> tuple[str, ...]:
    """Codes for what of `known` can still be read in a text that is about to leave; our own tokens aside."""
    bare = _OWN_TOKEN.sub(BARRIER, text)
    document = Document(bare, language, strict=True, views=views_of(bare), known=tuple(known))
    left = [said for said in known_values(document) if isinstance(said, Finding)]
    return tuple(dict.fromkeys(f"known_{said.kind.lower()}" for said in left))


def _known_in(document: Document, views: Mapping[str, View]) -> Iterator[Finding | Hold]:
    people = [known for known in document.known if known.kind in _NAMES]
    persons = [person for known in people if (person := person_of(known))]
    names = Names(persons, everyday=everyday(document.language))
    setting = Setting(document.text, document.language)
    found: list[Finding] = []
    for said in (*_names(views, names, setting), *_values(document, views)):
        if isinstance(said, Finding):
            found.append(said)
        yield said
    strings = [
        "".join(sign for sign in latin_key(_local_part(known)) if sign.isalnum())
        for known in document.known
        if known.kind in _STRINGS
    ]
    owner = document.known[0].subject if len({known.subject for known in document.known}) == 1 else None
    wanted = [string for string in strings if len(string) >= _SHORTEST_STRING]
    ranges = [(one.start, one.end) for one in found]
    same = views["decoded"].text == views["raw"].text
    for view in [views["folded"]] if same else [views["folded"], fold(views["raw"], "typed")]:
        for start, end, kind in strings_in(view, names, wanted, ranges):
            yield Finding(start, end, kind, NAME, owner)


def _names(views: Mapping[str, View], names: Names, setting: Setting) -> Iterator[Finding | Hold]:
    if not names.persons:
        return
    text = setting.text
    plain = views["latin"]
    typed = _read_as(views["raw"], views["decoded"], plain)
    quoted = _read_as(views["quoted"], views["decoded"], plain)
    for view in _different(typed, plain, quoted, views["skeleton"]):
        detector = NAME if view is typed else DISGUISED
        yield from _findings(text, names_in(view, names, setting), detector)
        yield from _findings(text, runs_in(view, names, setting), detector)
        yield from _findings(text, spaced_in(view, names, setting), DISGUISED)
        yield from _findings(text, contracted_in(view, names, setting), NAME)
        starred = list(starred_in(view, names))
        yield from _findings(text, starred, DISGUISED)
        yield from (Hold("starred_name", NAME, hit.start, hit.end) for hit in starred)
    if views["leet"].text != views["skeleton"].text:
        yield from _findings(text, leet_names_in(views["leet"], names, setting), DISGUISED)
        yield from _findings(text, runs_in(views["leet"], names, setting, spelt=leet_key), DISGUISED)
    for capsule in (views["unpacked"], views["unmorsed"]):
        if capsule.text:
            inside = romanise(fold(capsule, capsule.name), capsule.name)
            yield from _findings(text, names_in_capsule(inside, names), DISGUISED)
            yield from _findings(text, runs_in(inside, names, setting), DISGUISED)
    yield from _findings(text, camel_names_in(views["decoded"], names), NAME)
    for hit, certain in initials_in(views["decoded"], names):
        yield from _findings(text, [hit], NAME)
        if not certain:
            yield Hold("initials", NAME, hit.start, hit.end)
    for start, end in acrostics_in(plain, names):
        yield Hold("acrostic", NAME, start, end)


def _values(document: Document, views: Mapping[str, View]) -> Iterator[Finding | Hold]:
    """The form's numbers, addresses and other values, in the text and in what is packed away in it."""
    folded = [views["folded"]]
    if views["raw"].text != views["decoded"].text:
        folded.append(fold(views["raw"], "typed"))
    folded += [fold(views[name], name) for name in ("quoted", "unpacked") if views[name].text]
    for view in _different(*folded):
        plain = view is views["folded"]
        latin = views["latin"] if plain else romanise(view, view.name)
        digits = views["digits"] if plain else in_digits(view)
        for known in document.known:
            if known.kind not in _NAMES:
                yield from _value(known, latin, digits, document.language)


def _value(known: Known, latin: View, digits: View, language: str) -> Iterator[Finding | Hold]:
    if known.kind in _PHONES:
        for start, end, certain in phone_in(digits, known.value):
            yield Finding(start, end, known.kind, NAME, known.subject)
            if not certain:
                yield Hold("number_in_pieces", NAME, start, end)
        return
    day = date_of(known.value) if known.kind in _DATES else None
    if day:
        places = date_in(latin, day)
    elif known.kind in _DATES | _CODES | _STRINGS:
        places = code_in(latin, _local_part(known))
    else:
        places = phrase_in(latin, known.value, language=language, by_piece=known.kind in _BY_PIECE)
    for start, end in places:
        yield Finding(start, end, known.kind, NAME, known.subject)


def _read_as(view: View, decoded: View, plain: View) -> View:
    """`view` folded and romanised: `plain` already is that of `decoded`."""
    return plain if view.text == decoded.text else romanise(fold(view, view.name), view.name)


def _findings(text: str, hits: Iterable[Hit], detector: str) -> Iterator[Finding]:
    for hit in hits:
        known = hit.form.person.known
        plain = is_typed(text[hit.start : hit.end])
        yield Finding(hit.start, hit.end, known.kind, detector if plain else DISGUISED, known.subject)


def _different(*views: View) -> list[View]:
    """The views without those that read like an earlier one."""
    return list({view.text: view for view in reversed(views)}.values())[::-1]


def _local_part(known: Known) -> str:
    """What of an address or a link is somebody's own: "ioana" of "ioana@example.org"."""
    return (
        known.value.rpartition("@")[0] if known.kind.endswith("EMAIL") and "@" in known.value else known.value
    )
