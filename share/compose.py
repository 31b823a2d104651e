"""From a report's typed facts to the content for one circle. Pure: voices in, content out.

Every statement is governed by the four voices of those whom it concerns; what one of them does not allow is not
there. Text never gets here by subtraction: it joins redacted, free of doubt, and where terms allow text at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from policies.grounds import NO_SUBJECT, Ground, ground_for
from policies.terms import Detail, Linkage, Readers, Terms, Withheld, binding, govern
from policies.vocabulary import VOCABULARY
from redaction.detectors.known_values import known_variants_in
from redaction.findings import Redacted, TraffickerFact
from redaction.generalise import generalise
from share.bulletin import NUMBERED, Content, Fact, Narrative, Section
from share.draft import Draft
from share.statements import TOLD_ABOUT_A_PERSON, Statement, is_certainly_about_adults, minors, statements

NO_FINER_ABOUT_A_CHILD = {
    "AGE_BAND": Detail.COARSEST,
    "ROUTE_PLACE": Detail.COARSE,
    "ROUTE_DATE": Detail.COARSE,
    "CITIZENSHIP": Detail.COARSE,
}
"""Council of Europe Convention 197, art. 11: a child is 'under 18', and nowhere narrower than a country."""

WRITTEN_BY_HAND = frozenset(
    {"SUSPECT_NAME", "SUSPECT_PHONE", "SUSPECT_EMAIL", "SUSPECT_HANDLE", "SUSPECT_ACCOUNT"}
    | {"VENUE", "VEHICLE_PLATE", "ADVERT"}
)
"""Kinds whose value is somebody's typing and not a code, so that a survivor's name may have slipped in."""

PLACES = frozenset({"ROUTE_PLACE"})

SECTIONS = (TOLD_ABOUT_A_PERSON, "route", "pattern", "indicators", "offer", "suspect", "lead", "source")


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
class Told:
    """A statement as it may be told, under the terms that let it."""

    said: Statement
    fact: Fact
    terms: Terms = field(repr=False)


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
    draft: Draft, *, voices: Voices, narrative: Redacted | None, alias: Callable[[str], str], received: date
) -> Composed:
    """What `voices` let the circle be told about `draft`. A refusal is not an error: the content is then empty."""
    told, left = govern_statements(draft, voices, received)
    kept, problems = without_protected_names(told, draft)
    text, text_terms = govern_text(draft, voices, narrative)
    used = [one.terms for one in kept] + ([text_terms] if text else [])
    content = Content(
        circle=voices.circle,
        tlp=min((terms.tlp for terms in used), default=voices.clearance.tlp).label,
        sections=arranged(kept, alias),
        narrative=text,
        fences=tuple(sorted(voices.fences)),
    )
    content, leaks = looked_at_again(content, draft)
    return Composed(
        content=content,
        until=min([*(terms.until for terms in used), *(one.said.until for one in kept)], default=date.min),
        needs_person=not is_certainly_about_adults(draft, received=received),
        left=left,
        problems=problems + leaks,
    )


def govern_statements(
    draft: Draft, voices: Voices, received: date
) -> tuple[tuple[Told, ...], tuple[Left, ...]]:
    """Each statement at the rung that its own terms allow, and a note on each that lost something."""
    children = minors(draft, received=received)
    told: list[Told] = []
    left: dict[Left, None] = {}
    for said in statements(draft, received=received, on=voices.on):
        terms = voices.about(said.concerns)
        rung = rung_of(said, terms, voices, children)
        value = generalise(said.kind, said.value, rung) if rung else None
        if value is not None:
            told.append(Told(said, Fact(said.kind, value, rung.name), terms))
        if value is None or rung < Detail.EXACT:
            left[Left(said.section, said.kind, rung.name, voices.binding(said.kind, said.concerns))] = None
    return tuple(told), tuple(left)


def rung_of(said: Statement, terms: Terms, voices: Voices, children: frozenset[str]) -> Detail:
    """How much of one statement may be told: never more than its terms, its own cap, and what a child may bear."""
    if not voices.admits(terms):
        return Detail.NOTHING
    rung = min(terms.allows(said.kind), said.cap)
    about_a_child = bool(said.concerns & children)
    return min(rung, NO_FINER_ABOUT_A_CHILD.get(said.kind, rung)) if about_a_child else rung


def without_protected_names(told: Sequence[Told], draft: Draft) -> tuple[tuple[Told, ...], tuple[str, ...]]:
    """Drop what was typed by hand and names a protected person: a venue called after her, a shared surname."""
    known = draft.known()
    unsafe = [
        one for one in told if one.fact.kind in WRITTEN_BY_HAND and known_variants_in(one.fact.value, known)
    ]
    kept = tuple(one for one in told if one not in unsafe)
    return kept, ("fact_names_a_protected_person",) if unsafe else ()


def shareable_facts(draft: Draft, voices: Voices, received: date) -> tuple[TraffickerFact, ...]:
    """The declared values that may stand in this circle's text: just those that it is told whole anyway."""
    told, _ = govern_statements(draft, voices, received)
    kept, _ = without_protected_names(told, draft)
    return tuple(
        TraffickerFact(one.fact.kind, one.fact.value)
        for one in kept
        if one.fact.kind in WRITTEN_BY_HAND and one.fact.rung == Detail.EXACT.name
    )


def govern_text(draft: Draft, voices: Voices, narrative: Redacted | None) -> tuple[Narrative | None, Terms]:
    """The redacted narrative, if it is free of doubt and everybody in the report lets text out."""
    terms = voices.about_all(draft.subjects() or frozenset({NO_SUBJECT}))
    allowed = voices.admits(terms) and terms.allows("NARRATIVE") is Detail.EXACT
    if narrative is None or narrative.held or not narrative.text.strip() or not allowed:
        return None, terms
    return Narrative(narrative.language, narrative.text), terms


def arranged(told: Iterable[Told], alias: Callable[[str], str]) -> tuple[Section, ...]:
    """Facts put together by what they are about. People stand in the order of their facts, not of the form."""
    groups: dict[tuple[int, int], list[Told]] = {}  # people come first in SECTIONS: their number is 0
    for one in told:
        groups.setdefault((SECTIONS.index(one.said.section), one.said.number), []).append(one)
    people = [_person(group, alias) for (section, _), group in groups.items() if not section]
    numbered = [
        replace(section, about=f"{NUMBERED}{number}") if linkage is Linkage.BULLETIN else section
        for number, (section, linkage) in enumerate(sorted(people, key=lambda pair: pair[0].facts), 1)
    ]
    others = [
        Section(SECTIONS[section], _facts(group)) for (section, _), group in sorted(groups.items()) if section
    ]
    return (*numbered, *others)


def looked_at_again(content: Content, draft: Draft) -> tuple[Content, tuple[str, ...]]:
    """The last look, at what goes out: a protected person's identifier in it empties the content.

    It reads what came from somebody's typing. Codes are from closed lists, and some happen to look like names.
    """
    known = draft.known()
    if any(known_variants_in(words, known) for words in _typed(content)):
        return replace(content, sections=(), narrative=None), ("known_value_in_bulletin",)
    return content, ()


def _typed(content: Content) -> Iterator[str]:
    for section in content.sections:
        yield from (fact.value for fact in section.facts if fact.kind in WRITTEN_BY_HAND | PLACES)
    if content.narrative is not None:
        yield content.narrative.text


def _person(group: Sequence[Told], alias: Callable[[str], str]) -> tuple[Section, Linkage]:
    linkage = min(one.terms.linkage for one in group)
    (code,) = group[0].said.concerns
    about = alias(code) if linkage is Linkage.CIRCLE else None
    return Section(TOLD_ABOUT_A_PERSON, _facts(group), about), linkage


def _facts(group: Iterable[Told]) -> tuple[Fact, ...]:
    return tuple(sorted({one.fact for one in group}))
