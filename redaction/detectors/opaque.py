"""What nobody can read at a glance: blobs, spelt-out words, mixed scripts, signs in place of a name.

A name that is hidden this way is hidden from every other detector too, so these are doubts for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import regex

from redaction.capsules import morse_in, packed_in
from redaction.findings import Document, Finding, Hold, View
from redaction.setting import FANCY
from redaction.views import views_of

NAME: Final = "opaque"

_MRZ: Final = regex.compile(r"(?<![A-Z0-9<])(?=[A-Z0-9<]*<<)[A-Z0-9<]{12,}")
_LONG: Final = re.compile(r"\S{16,}")
_TOKEN: Final = regex.compile(r"(?<![A-Za-z0-9+/_=\-])[A-Za-z0-9+/_=\-]{16,}")
_SWITCH: Final = regex.compile(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])")
_HASH: Final = regex.compile(r"(?<![0-9A-Za-z])(?=[0-9]*[a-fA-F])[0-9a-fA-F]{16,}(?![0-9A-Za-z])")
_ACCOUNT: Final = regex.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}|0x[0-9a-fA-F]{40}|bc1[a-z0-9]{20,60}")
_LINK: Final = regex.compile(r"[a-z][a-z0-9+.\-]{1,12}://|www\.|[\w.+\-]+@|[\w\-]+(?:\.[\w\-]+)+/", regex.I)

_SPEAKING: Final = r"as\sin|for|like|is\sfor|comme|como|come|de\sla|ca\s[iî]n|wie|për"
_AS_IN: Final = regex.compile(
    rf"(?<!\p{{L}})\p{{L}}\s(?:{_SPEAKING})\s\p{{L}}+(?:[\s,;.]{{1,3}}(?:(?:and|et|y|și)\s)?\p{{L}}\s(?:{_SPEAKING})\s\p{{L}}+)+",
    regex.I,
)
_LETTER_SPEAKING: Final = re.compile(rf"(?<=[\W_]\w)\s(?:{_SPEAKING})\s", re.I)
_NATO: Final = (
    *("alfa", "alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet"),
    *("juliett", "kilo", "lima", "mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango"),
    *("uniform", "victor", "whiskey", "xray", "x-ray", "yankee", "zulu"),
)
_NATO_WORD: Final = "|".join(_NATO)
_NATO_RUN: Final = regex.compile(
    rf"(?<!\p{{L}})(?:{_NATO_WORD})(?:[\s,.\-]{{1,3}}(?:{_NATO_WORD})){{2,}}(?!\p{{L}})", regex.I
)

# Nobody encodes a plain letter, or hides a sign without width between two of them, by accident.
_ENCODED: Final = (
    r"&\#(?:x[4-7][0-9a-f]|6[5-9]|[7-9]\d|1[01]\d|12[0-2]);?|[%=](?:4[1-9a-f]|5[0-9a]|6[1-9a-f]|7[0-9a])"
    r"|\\u00[4-7][0-9a-f]|\\x[4-7][0-9a-f]"
)
_DISGUISED: Final = regex.compile(
    rf"[\p{{L}}\p{{M}}]*+(?:(?:{_ENCODED})[\p{{L}}\p{{M}}]*+){{2,}}|\p{{L}}++(?:{_ENCODED})\p{{L}}++|\p{{Latin}}++(?:[\u200b\u2060\ufeff]\p{{Latin}}++)+",
    regex.I,
)
_DISGUISE: Final = re.compile(r"&#|[%=][4-7]|\\[ux]|[\u200b\u2060\ufeff]")
_FANCY_LETTER: Final = regex.compile(rf"[{FANCY}]")
_FANCY: Final = regex.compile(rf"(?:{_FANCY_LETTER.pattern}[\p{{L}}\p{{M}}]*+){{2,}}")

_FOREIGN: Final = r"\p{Cyrillic}\p{Greek}\p{Armenian}\p{Cherokee}\p{Coptic}\p{Georgian}\p{Hebrew}"
_MIXED: Final = regex.compile(
    rf"(?=[\p{{L}}\p{{M}}]*[{_FOREIGN}])(?=[\p{{L}}\p{{M}}]*\p{{Latin}})[\p{{L}}\p{{M}}]{{2,}}"
)
_UNREAD: Final = regex.compile(r"[\p{L}--\p{Latin}--\p{Common}][\p{L}\p{M}]+", regex.V1)
_UNREAD_LETTER: Final = regex.compile(r"[\p{L}--\p{Latin}--\p{Common}]", regex.V1)

_PLAIN_SIGNS: Final = (
    "©®™0-9#*\\u2190-\\u21ff\\u25a0-\\u25ff\\u2600\\u2610-\\u2612\\u2639\\u263a\\u2702-\\u2717"
)
_PICTURE: Final = rf"[\p{{Extended_Pictographic}}--[{_PLAIN_SIGNS}]]"
_EMOJI: Final = regex.compile(rf"{_PICTURE}(?:\p{{M}}|\u200d|{_PICTURE}|[\U0001f3fb-\U0001f3ff])*", regex.V1)
_ASIDE: Final = regex.compile(r"\s?[(\[\"“«']\s?\p{L}+\s?[)\]\"”»']")
"""A word in brackets or quotes behind a picture says what the picture stands for."""


def opaque(document: Document) -> Iterator[Finding | Hold]:
    """What hides from reading, each covered and, except for what was decoded whole, a reason to hold."""
    text = document.text
    plain: View = (document.views or views_of(text))["quoted"]
    yield from _blobs(plain)
    yield from _spelt_out(plain)
    if _DISGUISE.search(text):
        for match in _DISGUISED.finditer(text):
            yield Finding(match.start(), match.end(), "WORD", NAME)
    if text.isascii():
        return
    signs = "".join(set(text))
    if _FANCY_LETTER.search(signs):
        for match in _FANCY.finditer(text):
            yield Finding(match.start(), match.end(), "WORD", NAME)
    if _UNREAD_LETTER.search(signs):
        for match in _MIXED.finditer(text):
            yield Finding(match.start(), match.end(), "WORD", NAME)
            yield Hold("mixed_script", NAME, match.start(), match.end())
    if _EMOJI.search(signs):
        yield from _pictures(text)


def unread_scripts(document: Document) -> Iterator[tuple[int, int]]:
    """Words in a script that no tested model reads."""
    if document.text.isascii() or not _UNREAD_LETTER.search("".join(set(document.text))):
        return
    for match in _UNREAD.finditer(document.text):
        yield match.span()


def _blobs(view: View) -> Iterator[Finding | Hold]:
    if "<<" in view.text:
        for match in _MRZ.finditer(view.text):
            yield _covered(view, match.span(), "DOCUMENT")
    for start, end, letters in morse_in(view.text):
        if len(letters) >= 3 and len(set(letters)) > 1:
            yield _covered(view, (start, end), "CODE")
    for long in _LONG.finditer(view.text):
        if not _LINK.match(long.group()):
            yield from _blobs_in(view, long.start(), long.group())


def _blobs_in(view: View, start: int, word: str) -> Iterator[Finding | Hold]:
    read = [(low, high) for low, high, _ in packed_in(word) if high - low >= 16]
    for low, high in read:
        yield _covered(view, (start + low, start + high), "CODE")
    for match in _TOKEN.finditer(word):
        inside = any(low <= match.start() and match.end() <= high for low, high in read)
        if not inside and _is_opaque(match.group()):
            yield from _doubt(view, (start + match.start(), start + match.end()), "CODE", "opaque_blob")


def _spelt_out(view: View) -> Iterator[Finding | Hold]:
    """Words spelt letter by letter. The cheap looks come first: few texts get past them."""
    lower = view.text.lower()
    patterns = []
    if _LETTER_SPEAKING.search(view.text):
        patterns.append(_AS_IN)
    if sum(word in lower for word in _NATO) >= 3:
        patterns.append(_NATO_RUN)
    for pattern in patterns:
        for match in pattern.finditer(view.text):
            yield from _doubt(view, match.span(), "CODE", "spelt_out")


def _pictures(text: str) -> Iterator[Finding | Hold]:
    for match in _EMOJI.finditer(text):
        if (aside := _ASIDE.match(text, match.end())) or _stands_for_a_word(text, *match.span()):
            end = aside.end() if aside else match.end()
            yield Finding(match.start(), end, "PERSON", NAME)
            yield Hold("emoji_name", NAME, match.start(), end)


def _is_opaque(token: str) -> bool:
    """True where no piece of the token reads like words or like a number that other detectors know."""
    if _MRZ.fullmatch(token) or _ACCOUNT.fullmatch(token):
        return False
    if _HASH.search(token):
        return True
    switches = len(_SWITCH.findall(token))
    return switches >= 4 and switches >= len(token) / 6


def _covered(view: View, span: tuple[int, int], kind: str) -> Finding:
    low, high = view.raw(*span)
    return Finding(low, high, kind, NAME)


def _doubt(view: View, span: tuple[int, int], kind: str, code: str) -> Iterator[Finding | Hold]:
    found = _covered(view, span, kind)
    yield found
    yield Hold(code, NAME, found.start, found.end)


def _stands_for_a_word(text: str, start: int, end: int) -> bool:
    """True for a picture in the middle of a sentence: words before it, and a word in small letters behind it."""
    before = regex.search(r"[\p{L}\p{N},][ \u00a0]$", text[max(0, start - 3) : start])
    after = regex.match(r"(?:['’]s)?[ \u00a0]\p{Ll}", text[end : end + 5])
    return bool(after) and (bool(before) or not text[:start].strip())
