"""From a report's typed facts to the content for one circle. Pure: voices in, content out.

Every statement is governed by the four voices of those whom it concerns; what one of them does not allow is not
there. Text never gets here by subtraction: it joins redacted, free of doubt, and where terms allow text at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from policies.grounds import NO_SUBJECT, Ground, ground_for, live_subjects
from policies.terms import Detail, Readers, Terms, Withheld, binding, govern
from policies.vocabulary import VOCABULARY
from redaction.detectors.known_ready import Ready
from redaction.detectors.known_values import known_variants_in
from redaction.findings import Detector, Redacted, TraffickerFact, Unsafe
from redaction.generalise import generalise
from share.bulletin import Content, Fact, Narrative
from share.doubts import LOOKS, READS_LIKE_TEXT, SAYS_MORE, doubt_about
from share.draft import Draft
from share.sections import Told, arranged
from share.statements import Statement, is_certainly_about_adults, minors, statements
from share.typed import TOWN, WRITTEN_BY_HAND, typed_in

NO_FINER_ABOUT_A_CHILD = {
    "AGE_BAND": Detail.COARSEST,
    "ROUTE_PLACE": Detail.COARSE,
    "ROUTE_DATE": Detail.COARSE,
    "CITIZENSHIP": Detail.COARSE,
}
"""Council of Europe Convention 197, art. 11: a child is 'under 18', and nowhere narrower than a country."""

NAMES_SOMEBODY = "fact_names_a_protected_person"

COUNTS_PEOPLE = frozenset({"PEOPLE_COUNT"})
"""Kinds that count whoever is concerned, so that whoever has no live ground would be counted too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """Everything that has a say about one report in one circle on one day."""

    floor: Terms
    source: Terms
    clearance: Terms
    grounds: tuple[Ground, ...]
    circle: str
    purpose: str
    on: date
    every_circle: frozenset[str]
    fences: tuple[str, ...] = ()

    def about(self, subjects: Collection[str]) -> Terms:
        """The terms of a statement that concerns `subjects`: heard are those of them who have a live ground."""
        return govern(
            floor=self.floor, source=self.source, ground=self._ground(subjects), clearance=self.clearance
        )

    def about_all(self, subjects: Collection[str]) -> Terms:
        """The terms of text, which cannot be taken apart: whoever of them has no ground silences it."""
        terms = self.about(subjects)
        for subject in subjects:
            terms &= self.about([subject])
        return terms

    def hear(self, subjects: Collection[str]) -> bool:
        """Whether every one of those concerned has a live ground."""
        concerned = set(subjects) - {NO_SUBJECT}
        return concerned <= live_subjects(concerned, self.grounds, on=self.on)

    def admits(self, terms: Terms) -> bool:
        """Whether the circle may read anything under these terms, for its purpose, on the day."""
        try:
            terms.admit(self.circle, purpose=self.purpose, on=self.on)
        except Withheld:
            return False
        return True

    def binding(self, kind: str, subjects: Collection[str]) -> tuple[str, ...]:
        """Which voices hold `kind` back: those that do not admit the circle at all, else the strictest."""
        voices = {
            "floor": self.floor,
            "source": self.source,
            "ground": self._ground(subjects),
            "clearance": self.clearance,
        }
        shut = tuple(name for name, terms in voices.items() if not self.admits(terms))
        return shut or tuple(binding(kind, **voices))

    def _ground(self, subjects: Collection[str]) -> Terms:
        """What those concerned let be said. Whoever has withdrawn lets nothing be said of her, and what she
        refused or limited while she had a say still binds what is said of others with her."""
        terms = ground_for(subjects, self.grounds, on=self.on, every_circle=self.every_circle)
        for ground in self.grounds:
            if ground.subject in subjects and not ground.is_live(on=self.on):
                terms &= self._still_refused(ground)
        return terms

    def _still_refused(self, ground: Ground) -> Terms:
        free = Terms.everything(VOCABULARY.kinds, VOCABULARY.purposes)
        return replace(
            free,
            detail={kind: ground.limits.get(kind, rung) for kind, rung in free.detail.items()},
            purposes=ground.purposes,
            readers=Readers.of(self.every_circle - ground.withheld_from),
        )


@dataclass(frozen=True, slots=True)
class Left:
    """What was left out or told more coarsely, and whose voice asked for it."""

    section: str
    kind: str
    rung: str
    voices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """The content for one circle, until when it holds, and what is missing from it and why.

    `needs_person`: even its facts alone may not leave without a person. Its text never may.
    """

    content: Content
    until: date
    needs_person: bool
    left: tuple[Left, ...] = ()
    problems: tuple[str, ...] = ()


def compose(
    draft: Draft,
    *,
    voices: Voices,
    narrative: Redacted | None,
    alias: Callable[[str], str],
    received: date,
    known: Ready | None = None,
    looks: Sequence[Detector] = LOOKS,
) -> Composed:
    """What `voices` let the circle be told about `draft`. A refusal is not an error: the content is then empty.

    `known` is what the draft names, where it was made ready before. `looks` are what looks at typed values.
    """
    known = Ready(draft.known()) if known is None else known
    told, left = govern_statements(draft, voices, received)
    kept, problems = without_doubts(told, draft, known, looks)
    text, text_terms = govern_text(draft, voices, narrative)
    used = [one.terms for one in kept] + ([text_terms] if text else [])
    content = Content(
        circle=voices.circle,
        tlp=min((terms.tlp for terms in used), default=voices.clearance.tlp).label,
        sections=arranged(kept, alias),
        narrative=text,
        fences=tuple(sorted(voices.fences)),
    )
    content, leaks = looked_at_again(content, known)
    return Composed(
        content=content,
        until=min([*(terms.until for terms in used), *(one.said.until for one in kept)], default=date.min),
        needs_person=READS_LIKE_TEXT in problems or not is_certainly_about_adults(draft, received=received),
        left=left,
        problems=problems + leaks,
    )


def govern_statements(
    draft: Draft, voices: Voices, received: date
) -> tuple[tuple[Told, ...], tuple[Left, ...]]:
    """Each statement at the rung that its own terms allow, and a note on each that lost something."""
    children = minors(draft, received=received)
    about, binding_on = cache(voices.about), cache(voices.binding)  # most statements concern the same people
    told: list[Told] = []
    left: dict[Left, None] = {}
    for said in statements(draft, received=received, on=voices.on):
        terms = about(said.concerns)
        rung = rung_of(said, terms, voices, children)
        value = generalise(said.kind, said.value, rung) if rung else None
        if value is not None:
            told.append(Told(said, Fact(said.kind, value, rung.name), terms))
        if value is None or rung < Detail.EXACT:
            left[Left(said.section, said.kind, rung.name, binding_on(said.kind, said.concerns))] = None
    return tuple(told), tuple(left)


def rung_of(said: Statement, terms: Terms, voices: Voices, children: frozenset[str]) -> Detail:
    """How much of one statement may be told: never more than its terms, its own cap, and what a child may bear."""
    if not voices.admits(terms) or (said.kind in COUNTS_PEOPLE and not voices.hear(said.concerns)):
        return Detail.NOTHING
    rung = min(terms.allows(said.kind), said.cap)
    about_a_child = bool(said.concerns & children)
    return min(rung, NO_FINER_ABOUT_A_CHILD.get(said.kind, rung)) if about_a_child else rung


def without_doubts(
    told: Sequence[Told], draft: Draft, known: Ready, looks: Sequence[Detector]
) -> tuple[tuple[Told, ...], tuple[str, ...]]:
    """Drop what was typed and names a protected person or says more than its kind; and the code of every doubt.

    A venue called after her, a shared surname, an advert with a date of birth are told to nobody. What only reads
    like text stays, and its code keeps the whole from leaving without a person.
    """
    language = draft.language or "und"
    doubts = {fact: doubt_of(fact, known, language, looks) for fact in {one.fact for one in told}}
    kept = tuple(one for one in told if doubts[one.fact] in (None, READS_LIKE_TEXT))
    return kept, tuple(sorted({doubt for doubt in doubts.values() if doubt}))


def doubt_of(fact: Fact, known: Ready, language: str, looks: Sequence[Detector]) -> str | None:
    """Why this fact may not leave by itself. One that cannot be looked at is one that says too much."""
    words = typed_in(fact)
    if words is None:
        return None
    try:
        if fact.kind in WRITTEN_BY_HAND and known_variants_in(words, known):
            return NAMES_SOMEBODY
        return doubt_about(fact.kind, words, language=language, looks=looks)
    except (Unsafe, TimeoutError):
        return SAYS_MORE


def shareable_facts(
    draft: Draft, voices: Voices, received: date, known: Ready | None = None
) -> tuple[TraffickerFact, ...]:
    """The declared values that may stand in this circle's text: just those that it is told whole anyway."""
    told, _ = govern_statements(draft, voices, received)
    whole = [one for one in told if one.fact.kind in WRITTEN_BY_HAND and one.fact.rung == Detail.EXACT.name]
    kept, _ = without_doubts(whole, draft, Ready(draft.known()) if known is None else known, LOOKS)
    return tuple(TraffickerFact(one.fact.kind, one.fact.value) for one in kept)


def govern_text(draft: Draft, voices: Voices, narrative: Redacted | None) -> tuple[Narrative | None, Terms]:
    """The redacted narrative, if it is free of doubt and everybody in the report lets text out."""
    terms = voices.about_all(draft.subjects() or frozenset({NO_SUBJECT}))
    allowed = voices.admits(terms) and terms.allows("NARRATIVE") is Detail.EXACT
    if narrative is None or narrative.held or not narrative.text.strip() or not allowed:
        return None, terms
    return Narrative(narrative.language, narrative.text), terms


def looked_at_again(content: Content, known: Ready) -> tuple[Content, tuple[str, ...]]:
    """The last look, at what goes out: a protected person's identifier in it empties the content.

    It reads what came from somebody's typing. Codes are from closed lists, and some happen to look like names.
    """
    try:
        leaks = any(known_variants_in(words, known) for words in _typed(content))
    except (Unsafe, TimeoutError):
        leaks = True
    if leaks:
        return replace(content, sections=(), narrative=None), ("known_value_in_bulletin",)
    return content, ()


def _typed(content: Content) -> Iterator[str]:
    facts = {fact for section in content.sections for fact in section.facts}
    yield from (fact.value for fact in facts if fact.kind in WRITTEN_BY_HAND | {TOWN})
    if content.narrative is not None:
        yield content.narrative.text
