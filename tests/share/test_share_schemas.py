"""What may be sent: exactly the forms that are written down, and no refusal repeats a word of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError
from share_edge import a_report

from policies.grounds import Ground
from policies.terms import Detail
from policies.vocabulary import VOCABULARY
from share.draft import Draft, Event, Lead, Money, Offer, Suspect
from share.problems import refusals
from share.schemas import AmendmentSchema, ReportSchema

DEMO = sorted((Path(__file__).parents[2] / "demo" / "reports").glob("*.json"))
PERSON = a_report()["people"][0]
GROUND = a_report()["grounds"][0]


def load(**changes: Any) -> Draft:
    draft: Draft = ReportSchema().load(a_report(**changes))
    return draft


def refused(said: Mapping[str, Any]) -> dict[str, str]:
    """Why the form does not take it: paths and codes."""
    with pytest.raises(ValidationError) as wrong:
        ReportSchema().load(said)
    return refusals(wrong.value.messages, ReportSchema())


def person(**fields: Any) -> list[dict[str, Any]]:
    return [{**PERSON, "fields": fields}]


def test_a_report_becomes_a_frozen_draft() -> None:
    draft = load()
    assert isinstance(draft, Draft)
    assert draft.people[0].fields["prs_Citizenship"] == ("RO",)
    assert draft.people[0].fields["prs_Birthdate"] == ("1998-04-05",)
    assert draft.events == (Event("Recruitment", "2026-02-14", "Oradea", "RO-BH", "RO"),)
    assert draft.patterns[0].fields["vic_MethodsOfControl"] == ("DebtBondage",)
    assert draft.grounds[0].ground == Ground(
        "P1",
        "consent",
        frozenset({"other-organisations", "authorities"}),
        frozenset(),
        date(2030, 12, 31),
        date(2026, 2, 1),
        "self",
        guardian_is_suspect_or_kin=False,
        withdrawn_on=None,
    )


def test_everything_that_can_be_said_is_taken() -> None:
    draft = load(
        reference="CV-1",
        urgent=True,
        offers=[
            {
                "job": "hotel work",
                "wage": {"amount": 1800, "currency": "EUR", "per": "month"},
                "channels": ["X"],
            }
        ],
        suspects=[{"code": "S1", "names": ["Gelu"], "per_RoleInProcess": ["Smuggler"], "is_victim": None}],
        leads=[{"kind": "VEHICLE_PLATE", "value": "B 00 XXX", "concerns": ["no-subject"]}],
        indicators=[{"code": "ConfiscationOfDocuments"}],
        reliability="b",
        credibility="2",
        grounds=[
            {**GROUND, "limits": {"CITIZENSHIP": "COARSEST"}, "explained": ["purpose"], "language": "ro"}
        ],
    )
    assert draft.offers == (Offer("HotelWork", Money(1800, "EUR", "month"), channels=("Twitter",)),)
    assert draft.suspects == (Suspect("S1", ("Gelu",), ("Smuggler",)),)
    assert draft.leads == (Lead("VEHICLE_PLATE", "B 00 XXX", concerns=("no-subject",)),)
    assert draft.grounds[0].ground.limits == {"CITIZENSHIP": Detail.COARSEST}
    assert (draft.urgent, draft.reliability, draft.credibility) == (True, "b", "2")


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_every_report_of_the_demo_is_taken(path: Path) -> None:
    assert isinstance(ReportSchema().load(json.loads(path.read_text(encoding="utf-8"))), Draft)


@pytest.mark.parametrize(
    ("field", "sent", "ours"),
    [
        ("vic_MethodsOfControl", "MethodsOfControlRestrictsMovement", "RestrictsMovement"),
        ("vic_MethodsOfControl", "restricts_movement", "RestrictsMovement"),
        ("vic_TypeOfExploitation", "ForcedLabor", "ForcedLabour"),
        ("vic_ForcedLabourIndustry", "A", "A_AgricultureForestryAndFishing"),
    ],
)
def test_both_spellings_of_the_standard_mean_one_code(field: str, sent: str, ours: str) -> None:
    assert load(patterns=[{field: [sent]}]).patterns[0].fields[field] == (ours,)


def test_the_misspelt_code_of_the_standard_is_understood_either_way() -> None:
    for sent in ("Unaquainted", "Unacquainted"):
        said = load(people=person(vic_RelationshipToTrafficker=sent)).people[0].fields
        assert said["vic_RelationshipToTrafficker"] == ("Unaquainted",)


@pytest.mark.parametrize("when", ["2026", "2026-02", "2026-02-14"])
def test_an_event_is_dated_as_far_as_is_known(when: str) -> None:
    assert load(events=[{"hte_Type": "Transit", "hte_Date": when}]).events[0].on == when


@pytest.mark.parametrize("age", ["22", 22])
def test_an_age_may_be_digits_or_a_number_and_is_one_thing(age: Any) -> None:
    assert load(people=person(vic_AgeWhenTrafficked=age)).people[0].fields["vic_AgeWhenTrafficked"] == ("22",)


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"narrative": 5}, "narrative", "wrong_type"),
    ({"narrative": None}, "narrative", "missing"),
    ({"narrative": "a" * 200_001}, "narrative", "too_long"),
    ({"language": "English"}, "language", "wrong_form"),
    ({"urgent": "yes"}, "urgent", "wrong_type"),
    ({"urgent": 1}, "urgent", "wrong_type"),
    ({"redacted_at_source": "true"}, "redacted_at_source", "wrong_type"),
    ({"reference": ""}, "reference", "empty"),
    ({"people": {}}, "people", "wrong_type"),
    ({"people": [PERSON] * 101}, "people", "too_many"),
    ({"people": [{**PERSON, "code": "p1"}]}, "people.0.code", "wrong_form"),
    ({"people": [{**PERSON, "code": "P1\n"}]}, "people.0.code", "wrong_form"),
    ({"people": [{**PERSON, "code": "Ioana"}]}, "people.0.code", "wrong_form"),
    ({"people": [{**PERSON, "role": "victim"}]}, "people.0.role", "unknown_code"),
    ({"people": [{"code": "P1"}]}, "people.0.role", "missing"),
    ({"people": person(prs_Gender="Ioana")}, "people.0.fields.prs_Gender", "unknown_code"),
    ({"people": person(prs_Gender=7)}, "people.0.fields.prs_Gender", "wrong_type"),
    ({"people": person(prs_Citizenship="RO")}, "people.0.fields.prs_Citizenship", "wrong_type"),
    ({"people": person(prs_Citizenship=["Atlantis"])}, "people.0.fields.prs_Citizenship.0", "unknown_code"),
    ({"people": person(prs_Birthdate="04/05/1998")}, "people.0.fields.prs_Birthdate", "not_a_day"),
    ({"people": person(prs_Birthdate="1998-02-30")}, "people.0.fields.prs_Birthdate", "not_a_day"),
    ({"people": person(prs_Birthdate="19980405")}, "people.0.fields.prs_Birthdate", "not_a_day"),
    ({"people": person(vic_AgeWhenTrafficked="22.5")}, "people.0.fields.vic_AgeWhenTrafficked", "wrong_type"),
    ({"people": person(vic_AgeWhenTrafficked=True)}, "people.0.fields.vic_AgeWhenTrafficked", "wrong_type"),
    ({"people": person(vic_AgeWhenTrafficked=220)}, "people.0.fields.vic_AgeWhenTrafficked", "out_of_range"),
    ({"people": person(cas_CaseOwner="x")}, "people.0.fields.?", "unknown_field"),
    ({"people": person(vic_Vulnerabilities=["Poverty"])}, "people.0.fields.?", "unknown_field"),
    (
        {"people": [{**PERSON, "identifiers": [{"kind": "GENDER", "value": "x"}]}]},
        "people.0.identifiers.0.kind",
        "unknown_code",
    ),
    ({"grounds": [{**GROUND, "basis": "because"}]}, "grounds.0.basis", "unknown_code"),
    ({"grounds": [{**GROUND, "purposes": ["gossip"]}]}, "grounds.0.purposes.0", "unknown_code"),
    ({"grounds": [{**GROUND, "given_by": "trafficker"}]}, "grounds.0.given_by", "unknown_code"),
    ({"grounds": [{**GROUND, "withdrawn_on": "2026-03-01"}]}, "grounds.0.?", "unknown_field"),
    ({"grounds": [{**GROUND, "limits": {"GENDER": "LOTS"}}]}, "grounds.0.limits", "unknown_code"),
    ({"grounds": [{**GROUND, "limits": {"Ioana": "NOTHING"}}]}, "grounds.0.limits", "unknown_code"),
    ({"grounds": [{**GROUND, "explained": ["Ioana"]}]}, "grounds.0.explained.0", "unknown_code"),
    ({"grounds": [{**GROUND, "withheld_from": ["Ioana P"]}]}, "grounds.0.withheld_from.0", "wrong_form"),
    ({"grounds": [{**GROUND, "given_on": "2026"}]}, "grounds.0.given_on", "not_a_day"),
    ({"events": [{"hte_Type": "Holiday"}]}, "events.0.hte_Type", "unknown_code"),
    ({"events": [{"hte_Type": "Transit", "hte_Date": "spring 2026"}]}, "events.0.hte_Date", "not_a_date"),
    ({"events": [{"hte_Type": "Transit", "hte_Date": "2026-13"}]}, "events.0.hte_Date", "not_a_date"),
    ({"events": [{"hte_Type": "Transit", "hte_Date": "1026"}]}, "events.0.hte_Date", "not_a_date"),
    (
        {"events": [{"hte_Type": "Transit", "hte_State": "RO-BH"}]},
        "events.0.hte_State",
        "not_of_that_country",
    ),
    (
        {"events": [{"hte_Type": "Transit", "hte_State": "RO-BH", "hte_Country": "IT"}]},
        "events.0.hte_State",
        "not_of_that_country",
    ),
    (
        {"events": [{"hte_Type": "Transit", "hte_State": "X/Y", "hte_Country": "IT"}]},
        "events.0.hte_State",
        "wrong_form",
    ),
    ({"events": [{"hte_Type": "Transit", "concerns": ["everyone"]}]}, "events.0.concerns.0", "wrong_form"),
    ({"patterns": [{"vic_LocationOfExploitation": "Hotel"}]}, "patterns.0.?", "unknown_field"),
    ({"patterns": [{"people": "5"}]}, "patterns.0.people", "wrong_type"),
    ({"patterns": [{"people": 5.0}]}, "patterns.0.people", "wrong_type"),
    ({"patterns": [{"people": 0}]}, "patterns.0.people", "out_of_range"),
    ({"offers": [{"wage": {"amount": 1.5, "currency": "EUR"}}]}, "offers.0.wage.amount", "wrong_type"),
    ({"offers": [{"wage": {"amount": 1, "currency": "euro"}}]}, "offers.0.wage.currency", "wrong_form"),
    (
        {"offers": [{"debt": {"amount": 1, "currency": "EUR", "per": "month"}}]},
        "offers.0.debt.?",
        "unknown_field",
    ),
    ({"suspects": [{"code": "S1", "is_minor": "no"}]}, "suspects.0.is_minor", "wrong_type"),
    ({"suspects": [{"code": "S1", "roles": ["Smuggler"]}]}, "suspects.0.?", "unknown_field"),
    ({"leads": [{"kind": "SUSPECT_NAME", "value": "x"}]}, "leads.0.kind", "unknown_code"),
    ({"leads": [{"kind": "VENUE", "value": ""}]}, "leads.0.value", "empty"),
    ({"indicators": [{"code": "Sad"}]}, "indicators.0.code", "unknown_code"),
    ({"reliability": "z"}, "reliability", "unknown_code"),
    ({"credibility": 2}, "credibility", "wrong_type"),
    ({"partner_id": "x"}, "?", "unknown_field"),
    ({"state": "ready"}, "?", "unknown_field"),
]


@pytest.mark.parametrize(
    ("changes", "path", "code"), WRONG, ids=[f"{path}-{n}" for n, (_, path, _) in enumerate(WRONG)]
)
def test_what_is_not_of_the_form_is_refused_by_path_and_code(
    changes: dict[str, Any], path: str, code: str
) -> None:
    assert refused(a_report(**changes)) == {path: code}


@pytest.mark.parametrize(
    "name", ["id", "lock", "ledger_ref", "approved_by", "held", "policy_id", "owner_org", "version"]
)
def test_nothing_of_a_stored_report_can_be_sent(name: str) -> None:
    """Neither for a report nor for an amendment is there a name through which a column could be set."""
    assert refused(a_report(**{name: 1})) == {"?": "unknown_field"}
    with pytest.raises(ValidationError):
        AmendmentSchema().load({"reason": "correction", "report": a_report(), name: 1})


def test_every_picklist_field_takes_every_code_of_its_list() -> None:
    for name in (
        each for each in VOCABULARY.fields if each.startswith("vic_") and VOCABULARY.fields[each].many
    ):
        if VOCABULARY.fields[name].kind != "CASEWORK":
            codes = list(VOCABULARY.picklists[VOCABULARY.fields[name].picklist or ""])
            assert load(patterns=[{name: codes}]).patterns[0].fields[name] == tuple(codes)


MARK = "qxzqxz"


def marked(value: Any, where: tuple[Any, ...]) -> Any:
    """`value` with a marker put into one place: as a value, or as a name that was not asked for."""
    changed = deepcopy(value)
    inner = changed
    for step in where:
        inner = inner[step]
    if isinstance(inner, dict):
        inner[MARK] = MARK
    elif isinstance(inner, list):
        inner.append({MARK: [MARK]})
    return changed


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every object and list inside `value`."""
    if isinstance(value, dict):
        return [at] + [place for name, inner in value.items() for place in places(inner, (*at, name))]
    if isinstance(value, list):
        return [at] + [place for number, inner in enumerate(value) for place in places(inner, (*at, number))]
    return []


@pytest.mark.parametrize("where", places(a_report()), ids=str)
def test_a_marker_anywhere_in_the_form_is_in_no_refusal(where: tuple[Any, ...]) -> None:
    told = refused(marked(a_report(), where))
    assert MARK not in json.dumps(told)
    assert told


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(ReportSchema().fields)), json_values, st.text(min_size=9, max_size=30))
def test_no_refusal_holds_anything_that_was_sent(name: str, value: Any, secret: str) -> None:
    """Whatever is put into whatever field, with a long word of its own in it, does not come back."""
    try:
        ReportSchema().load({name: [value, {secret: value}, secret]})
    except ValidationError as wrong:
        told = refusals(wrong.messages, ReportSchema())
        assert all(
            set(path) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789.?")
            for path in told
        )
        assert secret not in json.dumps(told, ensure_ascii=False)


def test_without_our_care_marshmallow_would_repeat_an_unknown_name() -> None:
    """The control: this is what leaks if the messages are passed on as they are."""
    with pytest.raises(ValidationError) as wrong:
        ReportSchema().load({MARK: 1})
    assert MARK in json.dumps(wrong.value.messages)
