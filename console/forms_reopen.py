"""A report that was sent, taken apart again for the form: the inverse of putting a draft together.

Grounds do not come back: an amendment changes none, and a new one is recorded on the report's own page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from console.forms_report import (
    INDICATORS,
    PERSON_PLACE,
    SUSPECT_PLACE,
)
from policies.vocabulary import VOCABULARY
from share.draft import Draft, Event, Money, Offer, Person, Suspect
from share.draft_parts import Values


def parts_of(draft: Draft) -> dict[str, Values]:
    """The parts that would put this report together again, grounds aside."""
    parts: dict[str, Values] = {
        "what": _listed("patterns", [_pattern(each) for each in map(asdict, draft.patterns)]),
        "route": _listed("events", map(_event, draft.events)),
        "offer": _listed("offers", map(_offer, draft.offers)),
        "leads": _listed("leads", [_plain(asdict(each)) for each in draft.leads]),
        INDICATORS: _listed(INDICATORS, [_plain(asdict(each)) for each in draft.indicators]),
        "narrative": _plain({"language": draft.language, "narrative": draft.narrative}),
        "source": _plain(
            {
                "reference": draft.reference,
                "urgent": draft.urgent,
                "reliability": draft.reliability,
                "credibility": draft.credibility,
            }
        ),
    }
    people = {f"{PERSON_PLACE}{each.code}": _person(each) for each in draft.people}
    suspects = {f"{SUSPECT_PLACE}{each.code}": _suspect(each) for each in draft.suspects}
    return {place: values for place, values in (parts | people | suspects).items() if values}


def _listed(name: str, items: Iterable[Values]) -> Values:
    found = list(items)
    return {name: found} if found else {}


def _person(person: Person) -> Values:
    fields = {
        name: list(values) if VOCABULARY.fields[name].many else values[0]
        for name, values in person.fields.items()
        if values
    }
    known = [{"kind": each.kind, "value": each.value} for each in person.identifiers]
    return _plain({"role": person.role, "fields": fields, "identifiers": known})


def _pattern(said: Mapping[str, Any]) -> Values:
    return _plain({**said["fields"], "people": said["people"], "concerns": said["concerns"]})


def _event(leg: Event) -> Values:
    return _plain(
        {
            "hte_Type": leg.kind,
            "hte_Date": leg.on,
            "hte_City": leg.city,
            "hte_State": leg.state,
            "hte_Country": leg.country,
            "concerns": leg.concerns,
        }
    )


def _offer(offer: Offer) -> Values:
    return _plain(
        {
            "job": offer.job,
            "wage": _money(offer.wage),
            "debt": _money(offer.debt),
            "channels": offer.channels,
            "country": offer.country,
            "concerns": offer.concerns,
        }
    )


def _money(money: Money | None) -> Values | None:
    return _plain(asdict(money)) if money else None


def _suspect(suspect: Suspect) -> Values:
    said = asdict(suspect)
    asked = {name: said[name] for name in ("is_victim", "is_minor") if said[name] is not None}
    roles = {"per_RoleInProcess": said.pop("roles")}
    return _plain({name: value for name, value in said.items() if name != "code"} | roles) | asked


def _plain(said: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON values, without what says nothing. A zero says something."""
    kept = {name: _as_json(value) for name, value in said.items()}
    return {name: value for name, value in kept.items() if value or (value == 0 and value is not False)}


def _as_json(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value
