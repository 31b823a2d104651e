"""Why a person's facts may be shared: consent or another recorded basis, for purposes, until a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import and_
from types import MappingProxyType
from typing import Final

from policies.terms import EVERY_CIRCLE, Detail, Linkage, Readers, Terms, Tlp
from policies.vocabulary import VOCABULARY

NO_SUBJECT: Final = "no-subject"
"""The basis, and the local code, of what concerns nobody protected."""

_GIVEN_BY: Final = {
    "consent": frozenset({"self", "guardian"}),
    "child-protection-decision": frozenset({"authority"}),
}
"""Who can give a basis, where that is not everybody."""

_ANYBODY: Final = frozenset({"self", "guardian", "authority"})


@dataclass(frozen=True, slots=True)
class Ground:
    """The ground on which one person's facts may be shared. Immutable: a change of mind is a new record.

    `subject` is the report's local code. `withheld_from` are circles that the person refuses. `limits` caps
    kinds of fact. A withdrawal ends the ground for every day asked about, before or after it.
    """

    subject: str
    basis: str
    purposes: frozenset[str]
    withheld_from: frozenset[str]
    until: date | None
    given_on: date
    given_by: str
    guardian_is_suspect_or_kin: bool
    withdrawn_on: date | None
    limits: Mapping[str, Detail] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "limits", MappingProxyType(dict(self.limits)))

    def __hash__(self) -> int:
        return hash((self.subject, self.basis, self.purposes, self.until, self.given_on, self.withdrawn_on))

    def is_live(self, *, on: date) -> bool:
        """Whether this ground carries anything on that day; whatever is odd about it counts against it."""
        return (
            self.withdrawn_on is None
            and self.given_on <= on
            and (self.until is None or on <= self.until)
            and self.basis in VOCABULARY.bases
            and self.given_by in _GIVEN_BY.get(self.basis, _ANYBODY)
            and (self._concerns_nobody() if self.basis == NO_SUBJECT else self._carries())
        )

    def terms(self, *, on: date, every_circle: Collection[str]) -> Terms:
        """What the person lets be said. Circles she refuses are subtracted from `every_circle`."""
        if not self.is_live(on=on):
            return Terms.nothing()
        if self.basis == NO_SUBJECT:
            return Terms.everything(VOCABULARY.kinds, VOCABULARY.purposes)
        allowed = set(every_circle) - self.withheld_from
        return Terms(
            detail={kind: self.limits.get(kind, Detail.EXACT) for kind in VOCABULARY.kinds},
            readers=Readers.of(allowed) if self.withheld_from else EVERY_CIRCLE,
            purposes=self.purposes,
            until=self.until or date.max,
            smallest_group=0,
            linkage=Linkage.CIRCLE,
            tlp=Tlp.CLEAR,
        )

    def _concerns_nobody(self) -> bool:
        # "no-subject" on a person's code would be a way around her ground.
        return self.subject == NO_SUBJECT

    def _carries(self) -> bool:
        """Whether somebody with a voice gave a basis for known purposes to a named person's facts."""
        heard = not self.guardian_is_suspect_or_kin or self._needs_no_guardian()
        dated = self.until is not None or self.basis != "consent"
        known = self.purposes <= VOCABULARY.purposes.keys() and self.limits.keys() <= VOCABULARY.kinds.keys()
        return heard and dated and known and bool(self.purposes) and self.subject not in {"", NO_SUBJECT}

    def _needs_no_guardian(self) -> bool:
        # A child's own consent does not stand alone; an authority's decision, or a basis in law, does.
        return self.basis != "consent" and self.given_by != "guardian"


def live_subjects(subjects: Iterable[str], grounds: Iterable[Ground], *, on: date) -> frozenset[str]:
    """Those of `subjects` for whom at least one ground is live; nobody else's facts may be told."""
    live = {ground.subject for ground in grounds if ground.is_live(on=on)}
    return frozenset(live.intersection(subjects))


def ground_for(
    subjects: Collection[str], grounds: Iterable[Ground], *, on: date, every_circle: Collection[str]
) -> Terms:
    """What the people concerned let be said together: the meet over those who have a live ground.

    The facts of a subject without a live ground must be left out by the caller (`live_subjects`). With no
    live ground at all, nothing. Where one person has several live grounds, all of them must allow.
    No subjects means nobody is concerned, and then a live no-subject ground must say so.
    """
    # Where somebody is concerned, "nobody is" speaks for nothing.
    concerned = set(subjects) - {NO_SUBJECT} or {NO_SUBJECT}
    live = (ground for ground in grounds if ground.subject in concerned and ground.is_live(on=on))
    voices = [ground.terms(on=on, every_circle=every_circle) for ground in live]
    return reduce(and_, voices) if voices else Terms.nothing()
