"""Whose word counts for a child: never hers alone, and never that of somebody close to a suspect."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from policies.grounds import Ground
from share.draft import Draft
from share.statements import ADULT, years

CONSENT = "consent"
_UNHEARD = "nobody"


def heard(grounds: Iterable[Ground], draft: Draft) -> tuple[Ground, ...]:
    """The grounds, where a consent without a voice carries nothing. What it refuses or limits still binds.

    A child's own consent does not stand alone. A guardian's does not count where a suspect is kin of the child: he
    may be the suspect, or answer to him. An authority's decision, or another recorded basis, stands in its place.
    Known children are meant: of whom no date of birth is given, a person has to look at the report anyway.
    """
    return tuple(
        replace(ground, given_by=_UNHEARD) if _has_no_voice(ground, draft) else ground for ground in grounds
    )


def _has_no_voice(ground: Ground, draft: Draft) -> bool:
    if ground.basis != CONSENT or not _is_child(ground.subject, draft, ground.given_on):
        return False
    if ground.given_by == "guardian":
        return any(ground.subject in suspect.kin_of for suspect in draft.suspects)
    return True


def _is_child(code: str, draft: Draft, on: date) -> bool:
    """Whether a date of birth says so for that day, or the form does for a suspect who is a victim."""
    if any(suspect.code == code and suspect.is_minor for suspect in draft.suspects):
        return True
    born = [
        day
        for person in draft.people
        if person.code == code
        for day in person.fields.get("prs_Birthdate", ())
    ]
    return any(age < ADULT for day in born if (age := years(day, on)) is not None)
