"""The values that travel through the pipeline. Whatever holds text keeps it out of its repr."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from policies.terms import Detail


@dataclass(frozen=True, slots=True)
class Known:
    """An identifier that the report's own form names, so that it can be found wherever it reappears.

    `kind` is a kind of the vocabulary (PERSON, PHONE, ...). `subject` is the local code of the person
    it belongs to, where known.
    """

    kind: str
    value: str = field(repr=False)
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class TraffickerFact:
    """A value declared as a fact about the network (a recruiter's number, a plate), not about a survivor."""

    kind: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """`document.text[start:end]` says something of `kind`, according to `detector`.

    Offsets are code points of the text as received, half open. `subject` is set when it is a known person.
    """

    start: int
    end: int
    kind: str
    detector: str
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """A doubt that a person must settle before the text may leave. `code` is stable; no text travels with it."""

    code: str
    detector: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class View:
    """The text read in another way (decoded, folded, squashed), with the way back.

    Character `i` of `text` came from the raw code points `starts[i]` to `ends[i]`, half open.
    """

    name: str
    text: str = field(repr=False)
    starts: Sequence[int] = field(repr=False)
    ends: Sequence[int] = field(repr=False)

    def raw(self, start: int, end: int) -> tuple[int, int]:
        """The raw half-open range behind `text[start:end]`, which must not be empty."""
        return min(self.starts[start:end]), max(self.ends[start:end])


@dataclass(frozen=True, slots=True)
class Document:
    """One text with everything the detectors may need: its language, its views, the form's identifiers."""

    text: str = field(repr=False)
    language: str
    strict: bool
    views: Mapping[str, View] = field(repr=False, default_factory=lambda: MappingProxyType({}))
    known: tuple[Known, ...] = field(repr=False, default=())


Detector = Callable[[Document], Iterable[Finding | Hold]]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of raw text that at least one detector found, with everything said about it."""

    start: int
    end: int
    kinds: frozenset[str]
    detectors: frozenset[str]
    subjects: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Examined:
    """A text and all that was found in it: what a reviewer works on. Nothing here is fit to publish.

    `engine` is the fingerprint of the rules and models that looked. `found` are the ranges as the detectors
    gave them, before overlapping ones became spans: none of these strings may be left in the output.
    """

    text: str = field(repr=False)
    language: str
    spans: tuple[Span, ...]
    holds: tuple[Hold, ...]
    engine: str
    found: tuple[tuple[int, int], ...] = ()


class Action(StrEnum):
    """What was done to a span."""

    REPLACE = "replace"
    GENERALISE = "generalise"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one span under given terms; `instead` is what stands in its place."""

    span: Span
    action: Action
    rung: Detail
    instead: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Redacted:
    """The text as given terms let it be read; empty when `held`, and `reasons` then says why in codes."""

    text: str = field(repr=False)
    language: str
    verdicts: tuple[Verdict, ...]
    held: bool
    reasons: tuple[str, ...]


class Refused(Exception):
    """The text was not taken at all (limits, forbidden characters). `code` is stable; no text travels with it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unsafe(Exception):
    """The text cannot be shown to be safe, so there is no redacted copy of it. Carries codes only."""

    def __init__(self, *codes: str) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes
