"""Text as a browser, a mail program or a parser shows it: signs decoded, tags gone, broken words whole."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Final

import regex

from redaction.findings import View
from redaction.mapped import substituted

_INLINE: Final = (
    "a|abbr|b|bdi|bdo|big|cite|code|del|em|font|i|img|ins|kbd|mark|q|s|small|span"
    "|strike|strong|sub|sup|tt|u|wbr"
)
_BLOCK: Final = (
    "body|br|center|div|h[1-6]|head|hr|html|li|meta|ol|p|pre|section|table|tbody|td|th|thead|title|tr|ul"
)

_PERCENT: Final = regex.compile(r"(?:%[0-9A-Fa-f]{2})++")
_ENTITY: Final = regex.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});?")
_COMMENT: Final = regex.compile(r"<!--(?:[^-]|-(?!->)){0,2000}-->")
# Only tags of HTML: "<Ioana>" is not one, and what it holds must stay to be seen.
_INLINE_TAG: Final = regex.compile(rf"</?(?:{_INLINE})(?:\s[^<>]{{0,500}})?/?>", regex.I)
_BLOCK_TAG: Final = regex.compile(rf"</?(?:{_BLOCK})(?:\s[^<>]{{0,500}})?/?>", regex.I)
_ESCAPE: Final = regex.compile(r"(?:[\\%]u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2})++")
_BROKEN: Final = regex.compile(r"(?<=\p{L})[-\u00ac\u00ad\u2010\u2011][ \t]{0,3}\r?\n[ \t]{0,8}(?=\p{L})")
_QUOTED: Final = regex.compile(r"(?:=[0-9A-Fa-f]{2}|=[ \t]{0,3}\r?\n)++")


def unescaped(view: View) -> View:
    """`view` with percent signs (twice), entities, tags, escapes and hyphens at line ends resolved."""
    for pattern, replace in _STEPS:
        view = substituted(view, "decoded", pattern, replace)
    return View("decoded", view.text, view.starts, view.ends)


def unquoted(view: View) -> View:
    """`view` with quoted-printable signs decoded. A reading of its own: "id=41" is not always "idA"."""
    return substituted(view, "quoted", _QUOTED, _from_quoted)


def _from_percent(match: regex.Match[str]) -> str:
    return _printable(bytes.fromhex(match.group().replace("%", ""))) or match.group()


def _from_quoted(match: regex.Match[str]) -> str:
    signs = regex.sub(r"=[ \t]*\r?\n", "", match.group())
    return (_printable(bytes.fromhex(signs.replace("=", ""))) or match.group()) if signs else ""


def _from_escape(match: regex.Match[str]) -> str:
    codes = regex.findall(r"[0-9A-Fa-f]{2,4}", match.group())
    return b"".join(int(code, 16).to_bytes(2, "little") for code in codes).decode("utf-16-le", "replace")


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
    (_PERCENT, _from_percent),
    (_PERCENT, _from_percent),
    (_ENTITY, lambda match: unescape(match.group())),
    (_COMMENT, _nothing),
    (_INLINE_TAG, _nothing),
    (_BLOCK_TAG, lambda _match: "\n"),
    (_ESCAPE, _from_escape),
    (_BROKEN, _nothing),
)
