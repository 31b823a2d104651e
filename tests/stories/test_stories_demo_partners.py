"""The demo's three partners: their papers are valid, and their readers' bulletins differ only where terms do."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import combinations
from typing import Any
from uuid import uuid4

import pytest
import yaml
from story_canaries import REPORTS, canaries, index, report

from partners.models import Circle
from partners.registry import clearance_of
from partners.requests import CircleTerms, NewAgreement, NewPartner
from partners.values import PERSONS_ONLY, Role, Scope
from policies.load import floor, load_policy
from policies.policy import Policy
from policies.terms import Terms, Tlp
from share.bulletin import Content
from share.compose import Voices, compose
from share.schemas import ReportSchema

DEMO = REPORTS.parent
ON = date(2026, 11, 22)
ALL: dict[str, Any] = yaml.safe_load((DEMO / "partners.yaml").read_text(encoding="utf-8"))
CIRCLES = {said["slug"]: said for said in ALL["circles"]}
MAIN = "01-five-women-greenhouse.json"
FILES = [entry["file"] for entry in index()]


def policy_of(slug: str) -> Policy:
    (partner,) = (said for said in ALL["partners"] if said["slug"] == slug)
    return load_policy((DEMO / partner["policy"]).read_text(encoding="utf-8"))


def clearance(slug: str) -> Terms:
    said = CIRCLES[slug]
    kept = {name: said[name] for name in ("slug", "purpose", "smallest_group", "until", "clearance")}
    basis = said.get("suspect_names_basis")
    return clearance_of(Circle(**kept, tlp=marking(slug).name, suspect_names_basis=basis))


def marking(slug: str) -> Tlp:
    return Tlp[CIRCLES[slug]["tlp"].replace("+", "_")]


def voices_for(file: str, circle: str) -> Voices:
    (partner,) = (entry["partner"] for entry in index() if entry["file"] == file)
    grounds = {said.ground.subject: said.ground for said in ReportSchema().load(report(file)).grounds}
    return Voices(
        floor=floor(),
        source=policy_of(partner).for_circle(circle),
        clearance=clearance(circle),
        grounds=tuple(grounds.values()),
        circle=circle,
        purpose=CIRCLES[circle]["purpose"],
        on=ON,
        every_circle=frozenset(CIRCLES),
    )


def told(file: str, circle: str) -> Content:
    """What the circle would be told in facts alone, with everybody's aliases spelt out."""
    draft = ReportSchema().load(report(file))
    voices = voices_for(file, circle)
    composed = compose(draft, voices=voices, narrative=None, alias=lambda code: f"alias-{code}", received=ON)
    return composed.content


def values(content: Content) -> dict[str, set[str]]:
    """The facts of a content, by kind."""
    found: dict[str, set[str]] = defaultdict(set)
    for section in content.sections:
        for fact in section.facts:
            found[fact.kind].add(fact.value)
    return found


def test_each_partner_can_be_registered_with_its_agreement() -> None:
    kinds = set()
    for said in ALL["partners"]:
        several = {name: tuple(said[name]) for name in ("countries", "areas", "languages", "law_flags")}
        kinds.add(NewPartner(slug=said["slug"], name=said["name"], kind=said["kind"], **several).kind)
        agreement = said["agreement"]
        NewAgreement(uuid4(), agreement["start"], agreement["end"], tuple(agreement["purposes"]))
    assert len(kinds) == len(ALL["partners"]) == 3


def test_each_partner_has_people_who_may_decide_and_a_machine_that_may_not() -> None:
    for said in ALL["partners"]:
        roles = {Role(role) for member in said["members"] for role in member["roles"]}
        assert roles >= {Role.CASEWORKER, Role.REVIEWER, Role.APPROVER}
        machine = {Scope(scope) for scope in said["machine"]["scopes"]}
        assert Scope.REPORTS_SUBMIT in machine and not machine & PERSONS_ONLY


@pytest.mark.parametrize("slug", CIRCLES)
def test_each_circle_can_be_made(slug: str) -> None:
    said = CIRCLES[slug]
    CircleTerms(
        slug=slug,
        purpose=said["purpose"],
        tlp=marking(slug),
        smallest_group=said["smallest_group"],
        until=said["until"],
        clearance=said["clearance"],
        suspect_names_basis=said.get("suspect_names_basis"),
    )
    assert set(said["members"]) <= {partner["slug"] for partner in ALL["partners"]}


def test_each_policy_speaks_of_every_circle_and_of_no_other() -> None:
    for said in ALL["partners"]:
        policy = policy_of(said["slug"])
        assert policy.name == said["slug"] and set(policy.circles) == set(CIRCLES)
        assert "immigration-enforcement" in policy.fences


def test_the_three_readers_of_one_report_are_told_visibly_different_things() -> None:
    shelters, legal, corridor = (values(told(MAIN, circle)) for circle in CIRCLES)
    assert "2026-03" in shelters["ROUTE_DATE"] and "2026-Q1" in legal["ROUTE_DATE"]
    assert corridor["ROUTE_DATE"] == {"2026"}
    assert "IT" in shelters["ROUTE_PLACE"] and "IT/IT-82" in legal["ROUTE_PLACE"]
    assert not {"IT", "IT/IT-82"} & corridor["ROUTE_PLACE"]
    assert shelters["CITIZENSHIP"] == {"RO"} and not legal["CITIZENSHIP"] | corridor["CITIZENSHIP"]
    assert legal["SUSPECT_PHONE"] == {"+40770000562"} and shelters["SUSPECT_PHONE"] == {"recorded"}
    assert not corridor["SUSPECT_PHONE"]
    texts = [voices_for(MAIN, circle).about_all(["P1"]).allows("NARRATIVE") for circle in CIRCLES]
    assert [bool(rung) for rung in texts] == [True, False, False]


@pytest.mark.parametrize(("one", "other"), list(combinations(CIRCLES, 2)))
def test_two_readers_differ_only_where_their_terms_differ(one: str, other: str) -> None:
    terms = [voices_for(MAIN, circle).about(["P1"]) for circle in (one, other)]
    facts = [values(told(MAIN, circle)) for circle in (one, other)]
    for kind in facts[0].keys() | facts[1].keys():
        if terms[0].allows(kind) == terms[1].allows(kind):
            assert facts[0][kind] == facts[1][kind], kind


@pytest.mark.parametrize("file", FILES)
def test_no_circle_is_told_a_canary_and_silent_circles_are_silent(file: str) -> None:
    (entry,) = (said for said in index() if said["file"] == file)
    for circle in CIRCLES:
        content = told(file, circle)
        bulletin = content.canonical().decode()
        assert [form for form in canaries(file) if form in bulletin] == []
        nobody_is_told = content.is_empty()
        assert nobody_is_told == (
            entry["expect"]["facts"] == "nothing" or circle in _told_nothing_at_all(entry)
        )


def _told_nothing_at_all(entry: dict[str, Any]) -> set[str]:
    """Silent circles of a report of which nothing concerns nobody."""
    said = report(entry["file"])
    others = [part for name in ("events", "suspects", "leads") for part in said[name]]
    has_more = any(part.get("concerns") == ["no-subject"] for part in others)
    return set() if has_more else set(entry["expect"]["silent_in"])
