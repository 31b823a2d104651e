"""Looks for what names a survivor in whatever bytes a service leaves behind, however it is written there.

A name is looked for in text that was casefolded, decomposed and stripped of accents, which finds it as it is, in
other letters' case and without diacritics; also backwards, with its separators left out, in UTF-16, base64, hex
and percent-encoding, and inside of gzip, zlib and zip. Phones and documents are looked for as runs of digits
whatever stands between the digits. What is packed or encoded in the bytes is unpacked and looked through again.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote_to_bytes

import ahocorasick

SHORT = 5
"""Canaries of fewer letters count only as words of their own: they stand inside of other words by chance."""

ALSO_WORDS = {"beni": "goods, in Italian", "valea": "the valley, in Romanian"}
"""Names that are words too in the languages of the bulletins: they count with a capital only."""

READABLE = 8
"""Canaries of two or three letters count only beside this many signs that can be read: beside none, a cipher's bytes
look like them by chance. A file that holds such a name and nothing else would be passed over."""

SHORTEST_ENCODED = 5
SHORTEST_NUMBER = 7
SIGNIFICANT = 9
"""The last digits of a phone, which are the same with and without the code of its country."""

DEEPEST = 3
LARGEST_UNPACKED = 32 << 20
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{8,}={0,2}")
_URLSAFE = bytes.maketrans(b"-_", b"+/")
_PACKED = ((b"\x1f\x8b\x08", "gzip", 31), (b"\x78\x01", "zlib", 15), (b"\x78\x9c", "zlib", 15))
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[ \t.,()/\-\u2010-\u2015\u00a0\u202f]{1,3}(?=\d)")
_SPACE = re.compile(r"\s+")
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_SEPARATORS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Canary:
    """Something that names a protected person, and where it comes from."""

    text: str = field(repr=False)
    whose: str

    @cached_property
    def plain(self) -> str:
        return plain(self.text)

    @cached_property
    def letters(self) -> int:
        return sum(sign.isalnum() for sign in self.plain)

    @cached_property
    def number(self) -> str | None:
        """The digits, where it is a number that is told apart by its digits alone."""
        digits = "".join(sign for sign in self.text if sign.isdecimal())
        mostly = len(digits) >= SHORTEST_NUMBER and not any(sign.isalpha() for sign in self.text)
        if not mostly or re.fullmatch(r"\D*\d{1,4}\D\d{1,2}\D\d{1,4}\D*", self.text):
            return None  # a date has too few digits to be told from another number
        return digits[-SIGNIFICANT:] if len(digits) > SIGNIFICANT else digits

    @property
    def as_written(self) -> bool:
        """Initials, and names that are words too, are looked for as they are written, as words of their own."""
        return self.letters <= 3 or self.plain in ALSO_WORDS


@dataclass(frozen=True, order=True)
class Hit:
    """A canary that was found. The place and the way are said, the canary is said by whom it names."""

    place: str
    whose: str
    how: str


def plain(text: str) -> str:
    """Casefolded, without accents and with single spaces."""
    return _SPACE.sub(" ", _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold())))


def squashed(text: str) -> str:
    """A plain text's letters and digits alone."""
    return _SEPARATORS.sub("", text)


class Scan:
    """Looks for many canaries in many places."""

    def __init__(self, canaries: Iterable[Canary]) -> None:
        self.canaries = tuple(canaries)
        self._words = _automaton(_in_text(self.canaries))
        close = [(squashed(one.plain), one) for one in self.canaries if len(squashed(one.plain)) >= 8]
        self._squashed = _automaton(
            (text, (one, "without separators")) for text, one in close if not text.isdecimal()
        )
        self._dates = _automaton(
            (text, (one, "without separators", text)) for text, one in close if text.isdecimal()
        )
        self._numbers = _automaton((one.number, (one, "digits")) for one in self.canaries if one.number)
        self._bytes = _automaton(_in_bytes(self.canaries))
        self._as_written = _automaton(
            (text, (one, text))
            for one in self.canaries
            if one.as_written
            for text in {one.text, one.text.upper()}
        )

    def hits(self, place: str, data: bytes, *, depth: int = 0) -> Iterator[Hit]:
        """Every canary in `data`, and in what is packed or encoded in it."""
        readings = [data.decode("utf-8", "replace")]
        if b"%" in data:
            readings.append(unquote_to_bytes(data).decode("utf-8", "replace"))
        if b"\\u" in data:
            readings.append(_unescaped(readings[0]))
        if b"\0" in data:
            readings.append(data.replace(b"\0", b"").decode("utf-8", "replace"))
        for reading in readings:
            for one, how in self._in_reading(reading):
                yield Hit(place, one.whose, how)
        for _, (one, how) in self._bytes.iter(data.decode("latin-1")):
            yield Hit(place, one.whose, how)
        if depth < DEEPEST:
            for how, inner in unpacked(data):
                yield from self.hits(f"{place} > {how}", inner, depth=depth + 1)

    def _in_reading(self, text: str) -> Iterator[tuple[Canary, str]]:
        for end, (one, word) in self._as_written.iter(text):
            start = end + 1 - len(word)
            if _is_a_word(text, start, end + 1) and _is_in_text(text, start, end + 1):
                yield one, "as written"
        flat = plain(text)
        for end, (one, how, word) in self._words.iter(flat):
            if one.letters >= SHORT or _is_a_word(flat, end + 1 - len(word), end + 1):
                yield one, how
        for _, (one, how) in self._squashed.iter(squashed(flat)):
            yield one, how
        numbers = _BETWEEN_DIGITS.sub("", text)
        for _, (one, how) in self._numbers.iter(numbers):
            yield one, how
        for end, (one, how, date) in self._dates.iter(numbers):
            # Random ids and the times in a log, run together, hold any eight digits sooner or later.
            if _is_a_word(numbers, end + 1 - len(date), end + 1):
                yield one, how


def unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    """What is compressed or base64-encoded anywhere in `data`, one layer of it."""
    for magic, name, wbits in _PACKED:
        for found in re.finditer(re.escape(magic), data):
            inner = _inflated(memoryview(data)[found.start() :], wbits)
            if inner:
                yield name, inner
    if b"PK\x03\x04" in data:
        yield from _zipped(data[data.index(b"PK\x03\x04") :])
    # All at once: what was no base64 becomes rubbish, in which nothing is found.
    inner = b"\n".join(_decoded(found[0]) for found in _BASE64.finditer(data))
    if inner:
        yield "base64", inner


def _decoded(run: bytes) -> bytes:
    whole = run.rstrip(b"=").translate(_URLSAFE)
    return binascii.a2b_base64(whole[: len(whole) - (len(whole) % 4 == 1)] + b"==")


def _inflated(data: memoryview, wbits: int) -> bytes:
    try:
        return zlib.decompressobj(wbits).decompress(data, LARGEST_UNPACKED)
    except zlib.error:
        return b""


def _zipped(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield "zip", name.encode() + b"\n" + archive.read(name)
    except (zipfile.BadZipFile, binascii.Error, NotImplementedError, RuntimeError):
        return


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def _is_a_word(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not before.isalnum() and not after.isalnum()


def _is_in_text(text: str, start: int, end: int) -> bool:
    """Whether three letters stand among words and not among the bytes of a cipher, where any three turn up."""
    around = text[max(0, start - READABLE) : start], text[end : end + READABLE]
    return any(len(side) == READABLE and all(_is_readable(sign) for sign in side) for side in around)


def _is_readable(sign: str) -> bool:
    return sign in "\n\t" or (sign.isprintable() and sign != "\ufffd")


def _in_text(canaries: Iterable[Canary]) -> Iterator[tuple[str, tuple[Canary, str, str]]]:
    for one in canaries:
        if one.as_written:
            continue
        yield one.plain, (one, "as text", one.plain)
        backwards = one.plain[::-1]
        if one.letters >= SHORT and backwards != one.plain:
            yield backwards, (one, "backwards", backwards)


def _in_bytes(canaries: Iterable[Canary]) -> Iterator[tuple[str, tuple[Canary, str]]]:
    for one in canaries:
        if one.letters < SHORTEST_ENCODED or one.as_written:
            continue
        for text in {one.text, one.text.lower(), one.text.upper(), one.plain, one.plain.upper()}:
            raw = text.encode()
            for coding in ("utf-16-le", "utf-16-be"):
                yield text.encode(coding).decode("latin-1"), (one, "UTF-16")
            yield raw.hex(), (one, "hex")
            yield raw.hex().upper(), (one, "hex")
            for inside in _base64_of(raw):
                yield inside, (one, "base64")
                yield inside.translate(str.maketrans("+/", "-_")), (one, "base64")


def _base64_of(raw: bytes) -> Iterator[str]:
    """How `raw` looks in base64 at each of the three places where it may begin, without the signs it shares."""
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + raw).decode()
        first = -(-shift * 8 // 6)
        last = (shift + len(raw)) * 8 // 6
        yield coded[first:last]


def _automaton(patterns: Iterable[tuple[str, object]]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for pattern, what in patterns:
        if pattern and pattern not in automaton:
            automaton.add_word(pattern, what)
    automaton.add_word("\uffff\uffff\uffff", None)  # an automaton without words cannot be asked
    automaton.make_automaton()
    return automaton
