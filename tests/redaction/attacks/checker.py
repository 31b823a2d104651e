"""Reads a published text as an adversary would. It shares no code with the detectors, and so no mistake."""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from urllib.parse import unquote

LOOKS = str.maketrans(
    "асеорхуіјѕһԁԛԝӏкмтвнАВСЕНІЈКМОРЅТХУονΑΒΕΗΙΚΜΝΟΡΤΧΥΖοսհոօɪᴏᴀɴʀꜱᴛᴜʟᴇᴍᴅᴋɢʙᴄꜰʜᴊᴘᴠᴡʏᴢđĐłøı",
    "aceopxyijshdqwlkmtbhABCEHIJKMOPSTXYovABEHIKMNOPTXYZouhnoioanrstulemdkgbcfhjpvwyzdDloi",
)
OWN_TOKEN = re.compile(r"\[[^\[\]]{0,60}\]")
MORSE = dict(
    zip(
        [
            *(".-", "-...", "-.-.", "-..", ".", "..-.", "--.", "....", "..", ".---", "-.-", ".-..", "--"),
            *("-.", "---", ".--.", "--.-", ".-.", "...", "-", "..-", "...-", ".--", "-..-", "-.--", "--.."),
        ],
        "abcdefghijklmnopqrstuvwxyz",
        strict=True,
    )
)


def readings(text: str) -> Iterator[str]:
    """The text as it is, and as it reads once each trick is undone."""
    seen = {text}
    for _ in range(3):
        seen |= {unquote(one) for one in seen} | {html.unescape(one) for one in seen}
        seen |= {re.sub(r"<!--.*?-->|<[^<>]{1,80}>", "", one) for one in seen}
        seen |= {re.sub(r"(?:=[0-9A-Fa-f]{2})+", _quoted, one) for one in seen}
    yield from seen
    for one in list(seen):
        yield one.translate(LOOKS)
        yield "".join(chr(ord(c) - 0x1F1E6 + 97) if 0x1F1E6 <= ord(c) < 0x1F200 else c for c in one)
        yield codecs.encode(one, "rot13")
        yield one[::-1]
        yield one.translate(str.maketrans("0134578", "oieastb"))
    for token in re.findall(r"[A-Za-z0-9+/_-]{6,}", text):
        for decode in (base64.b64decode, base64.urlsafe_b64decode, base64.b32decode, binascii.unhexlify):
            for padded in (token, token + "=" * (-len(token) % 8), token + "=" * (-len(token) % 4)):
                try:
                    yield decode(padded).decode("utf-8")
                except ValueError:
                    continue
    for run in re.findall(r"(?:[0-9a-fA-F]{2} ){3,}[0-9a-fA-F]{2}", text):
        try:
            yield bytes.fromhex(run).decode("utf-8")
        except ValueError:
            continue
    yield "".join(MORSE.get(sign, " ") for sign in re.split(r"[ /]+", text))
    yield re.sub(
        r"(?<!\w)\w(?:[\W_]{1,3}\w(?!\w))+", lambda run: re.sub(r"[\W_]", "", run.group()), _plain(text)
    )


def left_in(output: str, names: tuple[str, ...], strings: tuple[str, ...], carrier: str) -> list[str]:
    """What of the planted values can be read in `output`: how it was found, never the value.

    `names` are words that name somebody; one that the carrier itself contains must not stand there more
    often than in the carrier. `strings` must not be there in any form. Our own tokens do not count.
    """
    text = OWN_TOKEN.sub(" \x01 ", output)
    found = []
    own: Counter[str] = Counter()
    for reading in set(readings(carrier)):
        own |= Counter(_words(reading))
    for reading in set(readings(text)):
        words = Counter(_words(reading))
        squashed = "".join(_words(reading, barrier=True))
        for name in names:
            parts = _words(name)
            if any(words[part] > own[part] for part in parts if len(part) > 1):
                found.append("word")
            whole = "".join(parts)
            if len(whole) >= 7 and whole in squashed:
                found.append("run")
        for string in strings:
            key = "".join(_signs(string))
            if len(key) >= 3 and key in "".join(_signs(reading)):
                found.append("string")
    return sorted(set(found))


def changed_words(output: str, carrier: str) -> tuple[int, int]:
    """How many of the carrier's words are missing from the output, and how many there were."""
    before, after = Counter(_words(carrier)), Counter(_words(output))
    return sum((before - after).values()), sum(before.values())


def _plain(text: str) -> str:
    kept = (
        one
        for one in unicodedata.normalize("NFKD", text)
        if unicodedata.category(one) not in ("Mn", "Me", "Cf")
    )
    return "".join(kept).replace("\u3164", "").casefold().translate(LOOKS)


def _words(text: str, *, barrier: bool = False) -> list[str]:
    return re.findall(r"[^\W\d_]+|\x01" if barrier else r"[^\W\d_]+", _plain(text))


def _signs(text: str) -> list[str]:
    return re.findall(r"[^\W_]", _plain(text))


def _quoted(match: re.Match[str]) -> str:
    return bytes.fromhex(match.group().replace("=", "")).decode("utf-8", "replace")
