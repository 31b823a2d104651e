"""How well and how fast the engine redacts texts whose identifiers people have marked.

A mention is *protected* when every word of it is covered, titles and particles aside. *Over-redaction* is the
share of letters and digits outside every marked span that were covered.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import regex

from policies.load import floor
from redaction.detectors.models import DEFAULT
from redaction.detectors.ordinary import data
from redaction.detectors.presidio import stock
from redaction.detectors.standard import StandardEngine
from redaction.findings import Refused
from redaction.many import read_ahead
from redaction.pipeline import redact

_WORD: Final = regex.compile(r"\w+")
_BATCH: Final = 64

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Gold:
    """A text with the spans that people have marked in it."""

    text: str = field(repr=False)
    language: str
    spans: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What one redactor did on one corpus."""

    name: str
    protected: Mapping[str, tuple[int, int]]  # label: how many of how many
    over: float
    held: int
    texts: int
    words_a_second: float


def compare(
    path: Path, *, engine: StandardEngine, models: Mapping[str, str] = DEFAULT, beside_stock: bool
) -> list[Result]:
    """Our result on the corpus in `path` and, where there is a model for it, that of presidio as it comes."""
    corpus = list(read_gold(path))
    results = [measured("parallax", corpus, lambda texts: _ours(texts, engine))]
    languages = {gold.language for gold in corpus}
    if beside_stock and languages <= models.keys():
        finders = {language: stock(language, models[language]) for language in sorted(languages)}
        results.append(measured("presidio", corpus, lambda texts: _theirs(texts, finders)))
    return results


def read_gold(path: Path) -> Iterator[Gold]:
    """The texts of a corpus: JSON Lines with `text`, `lang` and `spans`."""
    with path.open(encoding="utf-8") as source:
        for line in source:
            said = json.loads(line)
            spans = tuple((span["start"], span["end"], span["label"]) for span in said["spans"])
            yield Gold(said["text"], said["lang"], spans)


def measured(
    name: str, corpus: Sequence[Gold], find: Callable[[Sequence[Gold]], Iterable[list[Range] | None]]
) -> Result:
    """What `find` covers in each text of the corpus, scored; None stands for a text that it held."""
    list(find(corpus[:2]))  # so that nobody's loading is timed
    began = time.perf_counter()
    found = list(find(corpus))
    seconds = time.perf_counter() - began
    seen, hit = Counter[str](), Counter[str]()
    outside = covered_outside = 0
    for gold, ranges in zip(corpus, found, strict=True):
        # A held text shows nothing, so it neither protects nor covers anything here; its share is printed.
        if ranges is None:
            continue
        covered, marked = _mask(gold.text, ranges), _mask(gold.text, [span[:2] for span in gold.spans])
        for place, character in enumerate(gold.text):
            if not marked[place] and character.isalnum():
                outside += 1
                covered_outside += covered[place]
        for start, end, label in gold.spans:
            words = [word.span() for word in _WORD.finditer(gold.text, start, end) if _counts(word.group())]
            if words:
                seen[label] += 1
                hit[label] += all(all(covered[first:last]) for first, last in words)
    return Result(
        name,
        {label: (hit[label], seen[label]) for label, _ in seen.most_common()},
        covered_outside / max(1, outside),
        sum(ranges is None for ranges in found),
        len(corpus),
        sum(len(gold.text.split()) for gold in corpus) / seconds,
    )


def table(title: str, results: Sequence[Result]) -> str:
    """The results side by side, for people to read."""
    labels = list(dict.fromkeys(label for result in results for label in result.protected))
    rows = [(title, *(result.name for result in results))]
    rows += [
        (
            f"{label} n={results[0].protected.get(label, (0, 0))[1]}",
            *(_share(result, label) for result in results),
        )
        for label in labels
    ]
    rows += [
        ("over-redaction", *(f"{result.over:.4f}" for result in results)),
        ("held", *(f"{result.held}/{result.texts}" for result in results)),
        ("words a second", *(f"{result.words_a_second:,.0f}" for result in results)),
    ]
    first = max(len(row[0]) for row in rows)
    return "\n".join(f"{row[0]:<{first}}" + "".join(f"{cell:>12}" for cell in row[1:]) for row in rows) + "\n"


def _share(result: Result, label: str) -> str:
    hit, seen = result.protected.get(label, (0, 0))
    return f"{hit / seen:.4f}" if seen else "-"


def _ours(corpus: Sequence[Gold], engine: StandardEngine) -> Iterator[list[Range] | None]:
    for start in range(0, len(corpus), _BATCH):
        batch = corpus[start : start + _BATCH]
        ahead = read_ahead(engine, [(gold.text, gold.language) for gold in batch])
        for gold in batch:
            try:
                done = redact(gold.text, terms=floor(), engine=ahead, lang=gold.language)
            except Refused:
                yield None
                continue
            yield None if done.held else [(one.span.start, one.span.end) for one in done.verdicts]


def _theirs(
    corpus: Sequence[Gold], finders: Mapping[str, Callable[[str], list[Range]]]
) -> Iterator[list[Range] | None]:
    for gold in corpus:
        yield finders[gold.language](gold.text)


def _mask(text: str, ranges: Iterable[Range]) -> bytearray:
    mask = bytearray(len(text))
    for start, end in ranges:
        mask[start:end] = b"\1" * (end - start)
    return mask


def _counts(word: str) -> bool:
    return word.casefold() not in _aside()


@cache
def _aside() -> frozenset[str]:
    words: dict[str, Any] = data("names.yaml")
    return frozenset(words["not_counted"])
