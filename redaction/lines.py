"""Texts as JSON Lines: one object a line in, one a line out, whatever the line holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, BinaryIO, Final

import regex

from policies.terms import Terms
from policies.vocabulary import VOCABULARY
from redaction.bundle import Bundling
from redaction.engine import Engine
from redaction.findings import Action, Known, Redacted, Refused, Span, Unsafe
from redaction.judge import ORDER
from redaction.pipeline import examine, redact

# No text that the engine takes is longer than this when written as one line of JSON.
LONGEST_LINE: Final = 4_000_000
MOST_KNOWN: Final = 1_000
LONGEST_ID: Final = 1_000
SECONDS: Final = 60.0

_CODE: Final = regex.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?")

DETAILS: Final[Mapping[str, str]] = {
    "empty_line": "the line is empty",
    "line_too_long": "the line is longer than any text that is taken",
    "not_utf8": "the line is not UTF-8",
    "not_json": "the line is not JSON",
    "repeated_key": "a key stands twice in one object",
    "not_an_object": "the line is not a JSON object",
    "id_missing": "`id` must be a string of at most 1,000 characters",
    "text_missing": "`text` must be a string",
    "lang_malformed": "`lang` must be a language code such as en",
    "known_malformed": "`known` must be a list of at most 1,000 objects with the strings `kind` and `value`,"
    " which is not blank",
    "known_kind_unknown": "`kind` must be an identifier of the kinds vocabulary",
    "text_refused": "the text may not be looked at",
}
"""What each code of an error line means. A detail never repeats what the line holds."""


class BadLine(Exception):
    """The line is not a report. `code` is stable; `id` is the line's, where it has one."""

    def __init__(self, code: str, identity: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.identity = identity


@dataclass(frozen=True, slots=True)
class Line:
    """One text to redact, as a line asks for it."""

    identity: str
    text: str = field(repr=False)
    language: str | None
    known: tuple[Known, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted of every line. `seconds` is how long one text may take."""

    terms: Terms
    language: str | None
    detect_only: bool
    bundling: Bundling | None = None
    seconds: float = SECONDS

    def __reduce__(self) -> tuple[Any, ...]:
        # The read-only mapping inside terms does not travel to another process.
        parts = [getattr(self.terms, each.name) for each in fields(self.terms)]
        own = self.language, self.detect_only, self.bundling, self.seconds
        return _asked, (own, dict(parts[0]), *parts[1:])


def _asked(own: tuple[Any, ...], *parts: Any) -> Asked:
    return Asked(Terms(*parts), *own)


def lines_of(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of `stream`, one in memory at a time; of one that is too long only the beginning is kept."""
    while line := stream.readline(LONGEST_LINE + 1):
        yield line
        while line and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE)


def parse(raw: bytes, language: str | None) -> Line:
    """The text that a line holds. Raises `BadLine`. Keys that mean nothing here are passed over."""
    said = _object(raw)
    identity = said.get("id")
    if not isinstance(identity, str) or len(identity) > LONGEST_ID or not _is_unicode(identity):
        raise BadLine("id_missing")
    text, wanted = said.get("text"), said.get("lang", language)
    if not isinstance(text, str):
        raise BadLine("text_missing", identity)
    if wanted is not None and not (isinstance(wanted, str) and _CODE.fullmatch(wanted)):
        raise BadLine("lang_malformed", identity)
    known = said.get("known", [])
    if not isinstance(known, list) or len(known) > MOST_KNOWN:
        raise BadLine("known_malformed", identity)
    values = tuple(_known(value, identity) for value in known)
    return Line(identity, text, wanted[:2].lower() if wanted else None, values)


def answer(line: Line, *, engine: Engine, asked: Asked) -> dict[str, Any]:
    """What one text comes to. Raises `BadLine` for a text that is refused at the door.

    In a blank text there is nothing to redact and nothing to hold. A detector that wants to end the process only
    holds the text.
    """
    if not line.text.strip():
        return _answer(line.identity, line.language, "")
    try:
        if asked.detect_only:
            return _found(line, engine)
        done = redact(line.text, terms=asked.terms, engine=engine, known=line.known, lang=line.language)
    except Refused as refusal:
        raise BadLine(refusal.code, line.identity) from None
    except SystemExit:
        return held(line.identity, line.language, "detector_failed")
    return _redacted(line, done)


def error(problem: BadLine, number: int) -> dict[str, Any]:
    """The error line for line `number`, counted from 1."""
    detail = DETAILS.get(problem.code, DETAILS["text_refused"])
    return {"id": problem.identity, "error": {"code": problem.code, "detail": f"line {number}: {detail}"}}


def held(identity: str, language: str | None, *reasons: str) -> dict[str, Any]:
    """A text that nobody could look at."""
    return _answer(identity, language, "", is_held=True, reasons=reasons)


def _redacted(line: Line, done: Redacted) -> dict[str, Any]:
    changed = [verdict for verdict in done.verdicts if verdict.action is not Action.KEEP]
    spans = [_span(verdict.span, verdict.action.value) for verdict in changed]
    return _answer(
        line.identity, done.language, done.text, spans=spans, is_held=done.held, reasons=done.reasons
    )


def _found(line: Line, engine: Engine) -> dict[str, Any]:
    """What was found, and nothing done about it: there is no text that may be shown."""
    try:
        seen = examine(line.text, engine=engine, known=line.known, lang=line.language)
    except Unsafe as doubt:
        return held(line.identity, line.language, *doubt.codes)
    spans = [_span(span, "detect") for span in seen.spans]
    reasons = tuple(dict.fromkeys(hold.code for hold in seen.holds))
    return _answer(line.identity, seen.language, "", spans=spans, is_held=bool(reasons), reasons=reasons)


def _answer(
    identity: str,
    language: str | None,
    redacted: str,
    *,
    spans: Sequence[Mapping[str, Any]] = (),
    is_held: bool = False,
    reasons: Sequence[str] = (),
) -> dict[str, Any]:
    return {
        "id": identity,
        "lang": language or "und",
        "redacted": redacted,
        "spans": list(spans),
        "held": is_held,
        "reasons": list(reasons),
    }


def _span(span: Span, action: str) -> dict[str, Any]:
    kind = next((kind for kind in ORDER if kind in span.kinds), min(span.kinds))
    return {
        "start": span.start,
        "end": span.end,
        "kind": kind,
        "action": action,
        "detectors": sorted(span.detectors),
    }


def _object(raw: bytes) -> dict[str, Any]:
    if len(raw) > LONGEST_LINE:
        raise BadLine("line_too_long")
    if not raw.strip():
        raise BadLine("empty_line")
    try:
        said = json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise BadLine("not_utf8") from None
    except (ValueError, RecursionError):
        raise BadLine("not_json") from None
    if not isinstance(said, dict):
        raise BadLine("not_an_object")
    return said


def _no_number(_: str) -> None:
    """Refuse `NaN` and `Infinity`, which Python takes for JSON and nobody else does."""
    raise ValueError


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no key stands twice: nobody knows which of the two was meant."""
    if len({key for key, _ in pairs}) != len(pairs):
        raise BadLine("repeated_key")
    return dict(pairs)


def _known(value: object, identity: str) -> Known:
    if not isinstance(value, dict):
        raise BadLine("known_malformed", identity)
    kind, content, subject = value.get("kind"), value.get("value"), value.get("subject")
    if not (isinstance(kind, str) and isinstance(content, str) and isinstance(subject, str | None)):
        raise BadLine("known_malformed", identity)
    if not _is_unicode(content + (subject or "")) or not any(map(_is_seen, content)):
        raise BadLine("known_malformed", identity)
    if kind not in VOCABULARY.kinds or VOCABULARY.kinds[kind].group != "identifier":
        raise BadLine("known_kind_unknown", identity)
    return Known(kind, content, subject)


def _is_seen(character: str) -> bool:
    return character.isprintable() and not character.isspace()


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def in_batches(
    jobs: Iterable[tuple[int, bytes]], *, lines: int, size: int
) -> Iterator[list[tuple[int, bytes]]]:
    """The jobs in batches of at most `lines` lines and, but for a longer single one, `size` bytes."""
    batch: list[tuple[int, bytes]] = []
    held_bytes = 0
    for number, raw in jobs:
        if batch and (len(batch) >= lines or held_bytes + len(raw) > size):
            yield batch
            batch, held_bytes = [], 0
        batch.append((number, raw))
        held_bytes += len(raw)
    if batch:
        yield batch
