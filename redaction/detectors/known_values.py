"""Whatever the report's own form names, found wherever it reappears and however it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

import regex

from redaction.detectors.known_acrostics import acrostics_in
from redaction.detectors.known_common import unresolved_in
from redaction.detectors.known_dates import days_in
from redaction.detectors.known_initials import initials_in
from redaction.detectors.known_names import camel_names_in, leet_names_in, names_in, names_in_capsule
from redaction.detectors.known_numbers import codes_in, phones_in
from redaction.detectors.known_ready import Ready
from redaction.detectors.known_runs import BARRIER, contracted_in, runs_in, spaced_in, starred_in
from redaction.detectors.known_strings import strings_in
from redaction.detectors.opaque import unread_scripts
from redaction.findings import Document, Finding, Hold, Known, View
from redaction.letters import fold, romanise
from redaction.names import Hit
from redaction.numerals import in_digits
from redaction.setting import Setting, is_typed
from redaction.views import views_of

NAME: Final = "known_values"
DISGUISED: Final = "known_values.disguised"
"""The detector named where the value was not written plainly: the author may want to know."""

_OWN_TOKEN: Final = regex.compile(r"\[\p{Lu}[\p{Lu}_ ]*(?: [0-9A-Z]{5})?\]")


def known_values(document: Document) -> Iterator[Finding | Hold]:
    """Every place where an identifier of the form stands in the text, and every doubt about one.

    Nothing here depends on a language model. A name is found in any order, part by part, with endings, pet
    names and other spellings, with its letters apart, masked, encoded or turned round. What gives only part
    of it away (stars, an acrostic, bare initials, the end of a number) is covered and held for a person.
    """
    return _known_values(document, Ready(document.known))


def known_variants_in(text: str, known: Sequence[Known], *, language: str = "und") -> tuple[str, ...]:
    """Codes for what of `known` can still be read in a text that is about to leave; our own tokens aside.

    Whoever looks through many texts makes `known` ready first: that takes longer than a short text.
    """
    ready = known if isinstance(known, Ready) else Ready(known)
    asked = (text, language)
    if asked not in ready.said:
        bare = _OWN_TOKEN.sub(BARRIER, text)
        document = Document(bare, language, strict=True, views=views_of(bare), known=ready.known)
        left = [said for said in _known_values(document, ready) if isinstance(said, Finding)]
        ready.said[asked] = tuple(dict.fromkeys(f"known_{said.kind.lower()}" for said in left))
    return ready.said[asked]


def _known_values(document: Document, ready: Ready) -> Iterator[Finding | Hold]:
    views = document.views or views_of(document.text)
    found: list[tuple[int, int]] = []
    if ready.known:
        for said in dict.fromkeys(_known_in(document, views, ready)):
            if isinstance(said, Finding):
                found.append((said.start, said.end))
            yield said
    for start, end in unread_scripts(document):
        if not any(low <= start and end <= high for low, high in found):
            yield Hold("unread_script", NAME, start, end)


def _known_in(document: Document, views: Mapping[str, View], ready: Ready) -> Iterator[Finding | Hold]:
    setting = Setting(document.text, document.language)
    found: list[Finding] = []
    for said in (*_names(views, ready, setting), *_values(document, views, ready)):
        if isinstance(said, Finding):
            found.append(said)
        yield said
    owner = document.known[0].subject if len({known.subject for known in document.known}) == 1 else None
    ranges = [(one.start, one.end) for one in found]
    same = views["decoded"].text == views["raw"].text
    for view in [views["folded"]] if same else [views["folded"], fold(views["raw"], "typed")]:
        for start, end, kind in strings_in(view, ready.carried, ranges):
            yield Finding(start, end, kind, NAME, owner)


def _names(views: Mapping[str, View], ready: Ready, setting: Setting) -> Iterator[Finding | Hold]:
    if not ready.persons:
        return
    text, names = setting.text, ready.names(setting.language)
    plain = views["latin"]
    typed = _read_as(views["raw"], views["decoded"], plain)
    quoted = _read_as(views["quoted"], views["decoded"], plain)
    for view in _different(typed, plain, quoted, views["skeleton"]):
        detector = NAME if view is typed else DISGUISED
        yield from _findings(text, names_in(view, names, setting), detector)
        yield from _findings(text, runs_in(view, ready.runs, setting), detector)
        yield from _findings(text, spaced_in(view, ready.spelling, setting), DISGUISED)
        yield from _findings(text, contracted_in(view, ready.ends, setting), NAME)
        starred = list(starred_in(view, ready.ends))
        yield from _findings(text, starred, DISGUISED)
        yield from (Hold("starred_name", NAME, hit.start, hit.end) for hit in starred)
    if views["leet"].text != views["skeleton"].text:
        yield from _findings(text, leet_names_in(views["leet"], names, setting), DISGUISED)
        yield from _findings(text, runs_in(views["leet"], ready.runs_in_leet, setting), DISGUISED)
    for capsule in (views["unpacked"], views["unmorsed"]):
        if capsule.text:
            inside = romanise(fold(capsule, capsule.name), capsule.name)
            yield from _findings(text, names_in_capsule(inside, names), DISGUISED)
            yield from _findings(text, runs_in(inside, ready.runs, setting), DISGUISED)
    yield from _findings(text, camel_names_in(views["decoded"], names), NAME)
    for hit, certain in initials_in(views["decoded"], ready.initials):
        yield from _findings(text, [hit], NAME)
        if not certain:
            yield Hold("initials", NAME, hit.start, hit.end)
    for start, end in islice(unresolved_in(typed, names, setting), 1):
        yield Hold("common_name_unresolved", NAME, start, end)
    for start, end in acrostics_in(plain, ready.acrostics):
        yield Hold("acrostic", NAME, start, end)


def _values(document: Document, views: Mapping[str, View], ready: Ready) -> Iterator[Finding | Hold]:
    """The form's numbers, addresses and other values, in the text and in what is packed away in it."""
    folded = [views["folded"]]
    if views["raw"].text != views["decoded"].text:
        folded.append(fold(views["raw"], "typed"))
    folded += [fold(views[name], name) for name in ("quoted", "unpacked") if views[name].text]
    for view in _different(*folded):
        plain = view is views["folded"]
        latin = views["latin"] if plain else romanise(view, view.name)
        digits = views["digits"] if plain else in_digits(view)
        for known, start, end, certain in phones_in(digits, ready.phones):
            yield Finding(start, end, known.kind, NAME, known.subject)
            if not certain:
                yield Hold("number_in_pieces", NAME, start, end)
        days = (
            (known, start, end) for day, start, end in days_in(latin, ready.days) for known in ready.days[day]
        )
        phrases = ready.phrases(document.language).found_in(latin)
        for known, start, end in (*codes_in(latin, ready.codes), *days, *phrases):
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
