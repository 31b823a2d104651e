"""Made-up reports, each with one planted value, and the count of what became of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from attacks.carriers import AROUND
from attacks.catalogue import Attack, Outcome, Row
from attacks.checker import changed_words, left_in
from attacks.people import PEOPLE
from attacks.rows import ROWS

from redaction.findings import Redacted, Refused


@dataclass(frozen=True)
class Case:
    """One made-up report."""

    row: Row
    attack: Attack
    lang: str
    carrier: str
    text: str


@dataclass
class Tally:
    """What became of the reports, by row."""

    cases: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    leaks: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    changed: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)


def cases(how_many: int, seed: int) -> Iterator[Case]:
    """`how_many` reports: the rows in turn, each with a name, a sentence and a language by chance."""
    random = Random(seed)
    made = 0
    while made < how_many:
        for row in ROWS:
            attack = None
            while attack is None:
                attack = row.make(random, random.choice(PEOPLE))
            lang = random.choice(("en", "en", "fr"))
            sentences = random.sample(AROUND[lang], random.choice((1, 2, 3)))
            carrier = random.choice(row.carriers[lang])
            at = random.randrange(len(sentences) + 1)
            sentences.insert(at, carrier)
            around = " ".join(sentences)
            yield Case(row, attack, lang, around.replace("{x}", " "), around.replace("{x}", attack.planted))
            made += 1
            if made == how_many:
                return


def judged(case: Case, run: Callable[[Case], Redacted], tally: Tally) -> None:
    """Redact one report and note what became of it."""
    name = case.row.name
    tally.cases[name] += 1
    try:
        result = run(case)
    except Refused:
        if case.row.outcome is not Outcome.REFUSED:
            tally.wrong[name].append(f"refused: {case.text!r}")
        return
    if case.row.outcome is Outcome.REFUSED:
        tally.wrong[name].append(f"not refused: {case.text!r}")
        return
    tally.held[name] += result.held
    if not result.held:
        if left := left_in(result.text, case.attack.names, case.attack.strings, case.carrier):
            tally.leaks[name].append(f"{left}: {case.text!r} -> {result.text!r}")
        changed, words = changed_words(result.text, case.carrier)
        tally.changed[name] += changed
        tally.words[name] += words
    if case.row.outcome in (Outcome.HELD, Outcome.GONE_AND_HELD) and not result.held:
        tally.wrong[name].append(f"not held: {case.text!r}")
    if case.row.outcome is Outcome.GONE and result.held:
        tally.wrong[name].append(f"held for {result.reasons}: {case.text!r}")


def share_held(tally: Tally) -> float:
    """How many reports of rows that need no hold were held."""
    names = [row.name for row in ROWS if row.outcome is Outcome.GONE]
    return sum(tally.held[name] for name in names) / max(1, sum(tally.cases[name] for name in names))


def share_changed(tally: Tally) -> float:
    """How many words outside planted values were changed in what was not held."""
    return sum(tally.changed.values()) / max(1, sum(tally.words.values()))


def table(tally: Tally, *, seed: int) -> str:
    """The tally for people, by row."""
    lines = [f"seed {seed}; {sum(tally.cases.values())} reports of {len(ROWS)} kinds"]
    for name, count in tally.cases.items():
        changed = tally.changed[name] / max(1, tally.words[name])
        lines.append(
            f"{name:60.60} n={count:5} held={tally.held[name] / count:6.1%} "
            f"leaks={len(tally.leaks[name]) if name in tally.leaks else 0:3} words changed={changed:6.1%}"
        )
    lines.append(
        f"held where no hold is needed: {share_held(tally):.2%}; words changed: {share_changed(tally):.2%}"
    )
    return "\n".join(lines)
