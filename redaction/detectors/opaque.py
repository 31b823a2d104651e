"""What nobody can read at a glance: blobs, spelt-out words, mixed scripts, signs in place of a name.

A name that is hidden this way is hidden from every other detector too, so these are doubts for a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex

from redaction.capsules import morse_in, packed_in
from redaction.findings import Document, Finding, Hold, View
from redaction.views import views_of

NAME: Final = "opaque"

_MRZ: Final = regex.compile(r"(?<![A-Z0-9<])(?=[A-Z0-9<]*<<)[A-Z0-9<]{12,}")
_TOKEN: Final = regex.compile(r"(?<![^\s\"'(\[,;:=])[A-Za-z0-9+/_=\-]{16,}(?![^\s\"')\],;:.!?])")
_SWITCH: Final = regex.compile(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])")
_HASH: Final = regex.compile(r"(?<![0-9A-Za-z])(?=[0-9]*[a-fA-F])[0-9a-fA-F]{16,}(?![0-9A-Za-z])")
_ACCOUNT: Final = regex.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}|0x[0-9a-fA-F]{40}|bc1[a-z0-9]{20,60}")

_AS_IN: Final = regex.compile(
    r"(?<!\p{L})\p{L}\s(?:as\sin|for|like|is\sfor|comme|de\sla|como|ca\sîn|ca\sin|de\sla|come|wie|për)\s\p{L}+"
    r"(?:[\s,;.]{1,3}(?:and\s|et\s)?\p{L}\s(?:as\sin|for|like|is\sfor|comme|como|ca\sîn|ca\sin|de\sla|come|wie|për)\s\p{L}+){1,}",
    regex.I,
)
_NATO: Final = (
    "alfa alpha bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa "
    "quebec romeo sierra tango uniform victor whiskey xray x-ray yankee zulu"
)
_NATO_RUN: Final = regex.compile(
    rf"(?<!\p{{L}})(?:{'|'.join(_NATO.split())})(?:[\s,.\-]{{1,3}}(?:{'|'.join(_NATO.split())})){{2,}}(?!\p{{L}})",
    regex.I,
)

_FOREIGN: Final = r"\p{Cyrillic}\p{Greek}\p{Armenian}\p{Cherokee}\p{Coptic}\p{Georgian}\p{Hebrew}"
_MIXED: Final = regex.compile(
    rf"(?=[\p{{L}}\p{{M}}]*[{_FOREIGN}])(?=[\p{{L}}\p{{M}}]*\p{{Latin}})[\p{{L}}\p{{M}}]{{2,}}"
)
_NO_LATIN: Final = regex.compile(r"[\p{L}--\p{Latin}--\p{Common}][\p{L}\p{M}]+", regex.V1)

_PLAIN_SIGNS: Final = "©®™0-9#*\u2190-\u21ff\u25a0-\u25ff\u2600\u2610-\u2612\u2639\u263a\u2702-\u2717"
_PICTURE: Final = rf"[\p{{Extended_Pictographic}}--[{_PLAIN_SIGNS}]]"
_EMOJI: Final = regex.compile(rf"{_PICTURE}(?:\p{{M}}|\u200d|{_PICTURE}|[\U0001f3fb-\U0001f3ff])*", regex.V1)
_ASIDE: Final = regex.compile(r"\s?[(\[\"“«']\s?\p{L}+\s?[)\]\"”»']")
"""A word in brackets or quotes behind a picture says what the picture stands for."""


def opaque(document: Document) -> Iterator[Finding | Hold]:
    """What hides from reading, each covered and, except for what was decoded whole, a reason to hold."""
    text = document.text
    decoded: View = (document.views or views_of(text))["decoded"]
    yield from _blobs(decoded)
    for pattern in (_AS_IN, _NATO_RUN):
        for match in pattern.finditer(decoded.text):
            yield from _doubt(decoded, match.span(), "CODE", "spelt_out")
    if text.isascii():
        return
    for match in _MIXED.finditer(text):
        yield Finding(match.start(), match.end(), "WORD", NAME)
        yield Hold("mixed_script", NAME, match.start(), match.end())
    for match in _EMOJI.finditer(text):
        if (aside := _ASIDE.match(text, match.end())) or _stands_for_a_word(text, *match.span()):
            end = aside.end() if aside else match.end()
            yield Finding(match.start(), end, "PERSON", NAME)
            yield Hold("emoji_name", NAME, match.start(), end)


def unread_scripts(document: Document) -> Iterator[tuple[int, int]]:
    """Words in a script that no tested model reads; a strictly read text keeps none of them."""
    if document.strict or document.text.isascii():
        return
    for match in _NO_LATIN.finditer(document.text):
        yield match.span()


def _blobs(view: View) -> Iterator[Finding | Hold]:
    for match in _MRZ.finditer(view.text):
        yield _covered(view, match.span(), "DOCUMENT")
    read = [(start, end) for start, end, _ in packed_in(view.text) if end - start >= 16]
    for start, end in read:
        yield _covered(view, (start, end), "CODE")
    for start, end, letters in morse_in(view.text):
        if len(letters) >= 3 and len(set(letters)) > 1:
            yield _covered(view, (start, end), "CODE")
    for match in _TOKEN.finditer(view.text):
        inside = any(start <= match.start() and match.end() <= end for start, end in read)
        if not inside and _is_opaque(match.group()):
            yield from _doubt(view, match.span(), "CODE", "opaque_blob")


def _is_opaque(token: str) -> bool:
    """True where no piece of the token reads like words or like a number that other detectors know."""
    if _MRZ.fullmatch(token) or _ACCOUNT.fullmatch(token):
        return False
    if _HASH.search(token):
        return True
    pieces = [piece for piece in regex.split(r"[-_/=]", token) if piece]
    longest = max(pieces, key=len, default="")
    if len(longest) < 12 or longest.isdigit():
        return False
    switches = len(_SWITCH.findall(longest))
    return switches >= 4 and switches >= len(longest) / 6


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
