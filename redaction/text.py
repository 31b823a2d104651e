"""The door: which texts may be looked at, and which are turned away before anything reads them."""

from __future__ import annotations

from typing import Final

import regex

from redaction.findings import Refused

# Six marks on one letter is more than any writing system stacks; decomposed Vietnamese needs two.
_MOST_MARKS: Final = 6

# Invisible characters that writing needs: joiners, soft hyphen, direction marks. Anything else invisible
# carries hidden text or turns it round, and no honest report contains it.
_ALLOWED_FORMAT: Final = r"\u00ad\u061c\u200b-\u200f\u2060\ufeff"
_INVISIBLE: Final = rf"[{_ALLOWED_FORMAT}\u034f\ufe00-\ufe0f]"

# One search for anything that could be wrong; only a text with something in it is asked what.
_SUSPECT: Final = regex.compile(r"[\p{C}\p{M}--[\t\n\f\r]]", regex.V1)

_REASONS: Final = (
    ("not_unicode", regex.compile(r"\p{Cs}")),
    ("tag_characters", regex.compile(r"[\U000e0000-\U000e007f]")),
    ("bidi_override", regex.compile(r"[\u202a-\u202e\u2066-\u2069]")),
    ("unassigned", regex.compile(r"[\p{Cn}\p{Co}]")),
    ("forbidden_control", regex.compile(r"[\p{Cc}--[\t\n\f\r]]", regex.V1)),
    (
        "format_characters",
        regex.compile(
            # outside the allow-list; a payload of four or more in a row (an emoji needs two); and the
            # selectors that only Han characters take, which elsewhere carry a hidden byte each
            rf"[\p{{Cf}}--[{_ALLOWED_FORMAT}]]|{_INVISIBLE}{{4}}|(?<!\p{{Han}})[\U000e0100-\U000e01ef]",
            regex.V1,
        ),
    ),
    ("too_many_marks", regex.compile(rf"\p{{M}}{{{_MOST_MARKS + 1}}}")),
)


def accept(text: str, *, longest: int) -> None:
    """Return if `text` may be read by the detectors; raise `Refused` with a stable code if not.

    The limit counts code points. Nothing is repaired here: a text that hides something at the door is the
    author's to correct. That a text is accepted says nothing about whether it is safe.
    """
    if len(text) > longest:
        raise Refused("too_long")
    if (text.isascii() and text.isprintable()) or not _SUSPECT.search(text):
        return
    for code, forbidden in _REASONS:
        if forbidden.search(text):
            raise Refused(code)
