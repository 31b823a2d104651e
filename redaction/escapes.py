"""Text as a browser, a mail program or a parser shows it: signs decoded, tags gone, broken words whole."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from html import unescape
from typing import Final

import regex

from redaction.findings import Unsafe, View
from redaction.mapped import substituted

_INLINE: Final = (
    "a|abbr|b|bdi|bdo|big|cite|code|del|em|font|i|img|ins|kbd|mark|q|s|small|span"
    "|strike|strong|sub|sup|tt|u|wbr"
)
_BLOCK: Final = (
    "body|br|center|div|h[1-6]|head|hr|html|li|meta|ol|p|pre|section|table|tbody|td|th|thead|title|tr|ul"
)

# A sign without width inside an escape or a tag; before the end of a line it may be a hyphen.
_UNSEEN_SIGN: Final = r"[\u00ad\u034f\u200b-\u200d\u2060\ufeff]"
_UNSEEN_INSIDE: Final = regex.compile(
    rf"[&%=\\<]{_UNSEEN_SIGN}|[&%=\\<]\S{{0,12}}{_UNSEEN_SIGN}\S{{0,12}}[;>]"
)
_UNSEEN: Final = regex.compile(rf"{_UNSEEN_SIGN}++(?!\s)")
# Wide and small forms of ASCII signs, and any compatibility form right behind a sign that opens an escape.
_WIDE: Final = regex.compile(r"[\uff01-\uff5e\ufe50-\ufe6b]|(?<=[&%=\\]\S{0,9})[^\x00-\x7f]")
_PERCENT: Final = regex.compile(r"(?:%[0-9A-Fa-f]{2})++")
_ENTITY: Final = regex.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});?")
_COMMENT: Final = regex.compile(r"<!--(?:[^-]|-(?!->)){0,2000}-->")
# Only tags of HTML: "<Ioana>" is not one, and what it holds must stay to be seen.
_INLINE_TAG: Final = regex.compile(rf"</?(?:{_INLINE})(?:\s[^<>]{{0,500}})?/?>", regex.I)
_BLOCK_TAG: Final = regex.compile(rf"</?(?:{_BLOCK})(?:\s[^<>]{{0,500}})?/?>", regex.I)
_ESCAPE: Final = regex.compile(
    r"(?:[\\%]u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\[ux]\{[0-9A-Fa-f]{1,6}\}|\\U[0-9A-Fa-f]{8})++"
)
_OCTAL_SIGN: Final = r"\\[0-3][0-7]{2}"
# One octal sign with a blank behind it is a sign of a style sheet; several in a row are octal.
_OCTAL: Final = regex.compile(rf"{_OCTAL_SIGN}(?:{_OCTAL_SIGN})++|{_OCTAL_SIGN}(?![0-9A-Fa-f \\])")
_STYLED: Final = regex.compile(
    r"\\0{0,4}([3-7][0-9A-Fa-f]|[C-Fc-f][0-9A-Fa-f]|[12][0-9A-Fa-f]{2}|0?[34][0-9A-Fa-f]{2})(?![0-9A-Fa-f])"
)
_CLOSED: Final = regex.compile(rf"(?<!{_OCTAL_SIGN}){_STYLED.pattern}[ \t\n](?=[\\\p{{L}}])")
_BROKEN: Final = regex.compile(r"(?<=\p{L})[-\u00ac\u00ad\u2010\u2011][ \t]{0,3}\r?\n[ \t]{0,8}(?=\p{L})")
_QUOTED: Final = regex.compile(r"(?:=[0-9A-Fa-f]{2}|=[ \t]{0,3}\r?\n)++")

# Nobody packs a text more often than this by accident.
_ROUNDS: Final = 4


def unescaped(view: View) -> View:
    """`view` with percent signs, entities, tags, escapes and hyphens at line ends resolved.

    Wide signs are read as plain ones, and what is not seen inside an escape is left out. What comes out is
    resolved again until nothing changes. Raises `Unsafe` for a text that still changes after four rounds:
    nobody can say what it shows.
    """
    for _ in range(_ROUNDS):
        before = view.text
        view = _once(view)
        if view.text == before:
            return view
    if _once(view).text != view.text:
        raise Unsafe("encoded_too_deeply")
    return view


def unquoted(view: View, decoded: View) -> View:
    """`decoded`, which `view` shows, with the signs that may mean something else decoded as well.

    These are quoted-printable ("id=41" is not always "idA"), and the blank that ends the escape of a style
    sheet and may also end a word.
    """
    closed = substituted(view, "quoted", _CLOSED, _from_styled)
    return substituted(
        decoded if closed.text == view.text else unescaped(closed), "quoted", _QUOTED, _from_quoted
    )


def _once(view: View) -> View:
    if _UNSEEN_INSIDE.search(view.text):
        view = substituted(view, "decoded", _UNSEEN, _nothing)
    for pattern, replace in _STEPS:
        view = substituted(view, "decoded", pattern, replace)
    return view


def _narrowed(match: regex.Match[str]) -> str:
    wide: str = match.group()
    plain = unicodedata.normalize("NFKC", wide)
    return plain if len(plain) == 1 and plain.isascii() else wide


def _from_percent(match: regex.Match[str]) -> str:
    return _printable(bytes.fromhex(match.group().replace("%", ""))) or match.group()


def _from_quoted(match: regex.Match[str]) -> str:
    signs = regex.sub(r"=[ \t]*\r?\n", "", match.group())
    return (_printable(bytes.fromhex(signs.replace("=", ""))) or match.group()) if signs else ""


def _from_escape(match: regex.Match[str]) -> str:
    written: str = match.group()
    codes = [int(code, 16) for code in regex.findall(r"[0-9A-Fa-f]{1,8}", written)]
    if any(code > 0x10FFFF for code in codes):
        return written
    # two escapes may be the halves of one character
    octets = b"".join(
        code.to_bytes(2, "little") if code < 0x10000 else chr(code).encode("utf-16-le") for code in codes
    )
    return octets.decode("utf-16-le", "replace")


def _from_octal(match: regex.Match[str]) -> str:
    return _printable(bytes(int(code, 8) for code in match.group().split("\\")[1:])) or match.group()


def _from_styled(match: regex.Match[str]) -> str:
    sign = chr(int(match[1], 16))
    return sign if sign.isalnum() else match.group()


def _printable(octets: bytes) -> str:
    """The octets as text; nothing where that cannot be printed."""
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        text = octets.decode("cp1252", "replace")
    return text if all(sign.isprintable() or sign.isspace() for sign in text) else ""


def _nothing(_match: regex.Match[str]) -> str:
    return ""


_STEPS: Final[tuple[tuple[regex.Pattern[str], Callable[[regex.Match[str]], str]], ...]] = (
    (_WIDE, _narrowed),
    (_PERCENT, _from_percent),
    (_ENTITY, lambda match: unescape(match.group())),
    (_COMMENT, _nothing),
    (_INLINE_TAG, _nothing),
    (_BLOCK_TAG, lambda _match: "\n"),
    (_ESCAPE, _from_escape),
    (_OCTAL, _from_octal),
    (_STYLED, _from_styled),
    (_BROKEN, _nothing),
)
