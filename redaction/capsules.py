"""Text that was packed away whole: base64, base32, hex, binary, character codes, Morse."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from importlib import resources
from typing import Final

import regex
import yaml

from redaction.findings import View
from redaction.mapped import capsules

# Encoded text is hardly ever without a digit or a capital: most ordinary words are not tried.
_BASE64: Final = re.compile(r"(?<![A-Za-z0-9+/_-])(?=[a-z+/_-]*[A-Z0-9])[A-Za-z0-9+/_-]{6,}={0,2}")
_BASE32: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z2-7]{8,}|(?=[a-z]*[2-7])[a-z2-7]{8,})={0,6}(?![A-Za-z0-9])"
)
_SEPARATOR: Final = re.compile(r"[/_+-]")
_OCTET: Final = r"(?:0[xX])?[0-9A-Fa-f]{2}"
_HEX: Final = re.compile(rf"(?<![A-Za-z0-9]){_OCTET}(?:[ :,-]?{_OCTET}){{2,}}(?![A-Za-z0-9])")
_BINARY: Final = re.compile(r"(?<!\d)[01]{7,8}(?: ?[01]{7,8}){2,}(?!\d)")
_CODE: Final = r"(?:1[01]\d|12[0-6]|[3-9]\d)"
_CODES: Final = re.compile(rf"(?<!\d){_CODE}(?:[ ,;-]{{1,2}}{_CODE}){{3,}}(?!\d)")
_SIGN: Final = r"[.\-\u2010-\u2015\u2212\u00b7\u2022_]{1,5}"
_MORSE: Final = regex.compile(rf"(?<![^\s/|]){_SIGN}(?:[ /|]{{1,3}}{_SIGN}){{2,}}(?![^\s/|,;])")
_DOTS_AND_DASHES: Final = str.maketrans(
    "\u2010\u2011\u2012\u2013\u2014\u2015\u2212_\u00b7\u2022/|", "--------..  "
)


def unpacked(view: View) -> View:
    """Whatever in `view` decodes to readable text; each capsule is one line."""
    return capsules(view, "unpacked", packed_in(view.text))


def unmorsed(view: View) -> View:
    """The runs of Morse code in `view` as letters, one run a line."""
    return capsules(view, "unmorsed", morse_in(view.text))


def packed_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Each stretch of `text` that decodes to readable text, with that text."""
    for pattern, decode in _PACKINGS:
        for match in pattern.finditer(text):
            for start, end in _pieces(match):
                if content := _readable(decode(text[start:end])):
                    yield start, end, content


def morse_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Each run of three Morse signs or more, with its letters."""
    for match in _MORSE.finditer(text):
        letters = "".join(
            _MORSE_LETTERS.get(sign, "?") for sign in match.group().translate(_DOTS_AND_DASHES).split()
        )
        if "?" not in letters:
            yield match.start(), match.end(), letters


def _pieces(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The whole match, and its parts where a sign of the alphabet may have been a separator."""
    yield match.span()
    parts = _SEPARATOR.split(match.group())
    place = match.start()
    if 1 < len(parts) < 20:
        for part in parts:
            if len(part) >= 6:
                yield place, place + len(part)
            place += len(part) + 1


def _readable(octets: bytes) -> str:
    """The octets as text where it reads like writing: mostly letters, nothing unprintable."""
    try:
        text = octets.replace(b"\0", b"").decode("utf-8")
    except UnicodeDecodeError:
        return ""
    letters = sum(sign.isalnum() or sign.isspace() for sign in text)
    fine = all(sign.isprintable() or sign.isspace() for sign in text)
    return text if fine and letters >= 3 and letters >= 0.7 * len(text) else ""


def _from_base64(blob: str) -> bytes:
    bare = blob.rstrip("=")
    if bare.isdigit() or len(bare) % 4 == 1:
        return b""
    return base64.b64decode(bare.replace("-", "+").replace("_", "/") + "=" * (-len(bare) % 4))


def _from_base32(blob: str) -> bytes:
    bare = blob.rstrip("=").upper()
    try:
        return base64.b32decode(bare + "=" * (-len(bare) % 8))
    except binascii.Error:
        return b""


def _from_hex(blob: str) -> bytes:
    digits = re.sub(r"0[xX]|[^0-9A-Fa-f]", "", blob)
    return bytes.fromhex(digits) if len(digits) % 2 == 0 else b""


def _from_binary(blob: str) -> bytes:
    octets = blob.split() if " " in blob else [blob[at : at + 8] for at in range(0, len(blob), 8)]
    return bytes(int(octet, 2) for octet in octets)


def _from_codes(blob: str) -> bytes:
    return bytes(int(code) for code in re.findall(r"\d+", blob))


def _morse_letters() -> dict[str, str]:
    data = resources.files("redaction").joinpath("data/morse.yaml").read_text(encoding="utf-8")
    return {str(sign): str(letter) for letter, sign in yaml.safe_load(data).items()}


_MORSE_LETTERS: Final = _morse_letters()
_PACKINGS: Final[tuple[tuple[re.Pattern[str], Callable[[str], bytes]], ...]] = (
    (_BASE64, _from_base64),
    (_BASE32, _from_base32),
    (_HEX, _from_hex),
    (_BINARY, _from_binary),
    (_CODES, _from_codes),
)
