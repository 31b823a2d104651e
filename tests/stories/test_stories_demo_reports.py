"""The demo's reports keep what their index says, so that the demo shows what it claims to show."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from itertools import chain
from typing import Any

import phonenumbers
import pytest
from story_canaries import REPORTS, canaries, index, report, spellings

from policies.grounds import Ground, ground_for
from policies.terms import Detail
from policies.vocabulary import VOCABULARY

FILES = [entry["file"] for entry in index()]
SHOWN = set(chain.from_iterable(entry["shows"] for entry in index()))
PEOPLE = [
    pytest.param(entry["file"], forms, id=f"{entry['file'][:2]}-{who}")
    for entry in index()
    for who, forms in entry["canaries"].items()
]
CIRCLES = ("danube-shelters", "legal-desk", "corridor-watch")
ROUTE = [entry["file"] for entry in index() if "shared-route" in entry["shows"]]


def grounds(file: str, *, withdrawn: str | None = None) -> list[Ground]:
    """The grounds of a report as values; the newest for each person speaks, as it does in the service."""
    newest = {said["subject"]: said for said in report(file)["grounds"]}
    return [
        Ground(
            subject=said["subject"],
            basis=said["basis"],
            purposes=frozenset(said["purposes"]),
            withheld_from=frozenset(said.get("withheld_from", [])),
            until=date.fromisoformat(said["until"]) if "until" in said else None,
            given_on=date.fromisoformat(said["given_on"]),
            given_by=said.get("given_by", "self"),
            guardian_is_suspect_or_kin=said.get("guardian_is_suspect_or_kin", False),
            withdrawn_on=date(2026, 11, 21) if said["subject"] == withdrawn else None,
            limits={kind: Detail[rung] for kind, rung in said.get("limits", {}).items()},
        )
        for said in newest.values()
    ]


def readers_of(file: str, *subjects: str, purpose: str = "other-organisations") -> set[str]:
    """The circles that may read what concerns these people, as far as the people themselves are asked."""
    terms = ground_for(subjects, grounds(file), on=date(2026, 11, 22), every_circle=CIRCLES)
    return {circle for circle in CIRCLES if circle in terms.readers and purpose in terms.purposes}


def declared(person: dict[str, Any]) -> set[str]:
    """Every value that the form gives for a person."""
    fields = chain.from_iterable(v if isinstance(v, list) else [v] for v in person.get("fields", {}).values())
    named = chain(person.get("names", []), person.get("phones", []))
    return {*fields, *named, *(said["value"] for said in person.get("identifiers", []))}


def test_every_report_is_in_the_index_and_nothing_else_is() -> None:
    assert sorted(FILES) == sorted(path.name for path in REPORTS.glob("*.json"))


def test_the_reports_cover_what_the_demo_is_to_show() -> None:
    assert len(FILES) >= 14
    languages = Counter(entry["language"] for entry in index())
    assert languages["en"] >= 7 and languages["fr"] >= 2 and languages["es"] >= 2
    assert languages["ro"] >= 2 and languages["it"] >= 1
    assert {
        "labour-agriculture",
        "labour-construction",
        "sexual-exploitation",
        "forced-begging",
        "domestic-servitude",
        "forced-criminality",
        "online-scam-compound",
        "child-protection-decision",
        "guardian-is-kin",
        "re-trafficked",
        "suspect-is-victim-with-ground",
        "suspect-is-victim-without-ground",
        "anonymous-tip",
        "five-grounds",
        "no-ground",
        "redacted-at-source",
        "consent-limited-to-purposes",
        "withheld-from-one-circle",
        "urgent",
    } <= SHOWN


@pytest.mark.parametrize("file", FILES)
def test_narratives_are_as_long_as_real_ones(file: str) -> None:
    assert 250 <= len(report(file)["narrative"].split()) <= 900


@pytest.mark.parametrize("file", FILES)
def test_every_code_is_a_word_of_the_vocabulary(file: str) -> None:
    said = report(file)
    fields = [person.get("fields", {}) for person in said["people"]] + said["events"] + said["patterns"]
    fields += [{"per_RoleInProcess": suspect["per_RoleInProcess"]} for suspect in said["suspects"]]
    for name, value in chain.from_iterable(group.items() for group in fields):
        if name in {"people", "concerns"}:
            continue
        spec = VOCABULARY.fields[name]
        for code in value if isinstance(value, list) else [value]:
            assert spec.picklist is None or code in VOCABULARY.picklists[spec.picklist], (name, code)
    for offer in said["offers"]:
        assert offer.get("job", "Other") in VOCABULARY.picklists["jobs"]
        assert set(offer.get("channels", [])) <= set(VOCABULARY.picklists["channels"])
    for indicator in said["indicators"]:
        assert indicator["code"] in VOCABULARY.indicators
    assert said["reliability"] in VOCABULARY.reliability and said["credibility"] in VOCABULARY.credibility


@pytest.mark.parametrize("file", FILES)
def test_every_ground_and_kind_is_a_word_of_the_vocabulary(file: str) -> None:
    said = report(file)
    for ground in said["grounds"]:
        assert ground["basis"] in VOCABULARY.bases and set(ground["purposes"]) <= set(VOCABULARY.purposes)
        assert set(ground.get("limits", {})) <= set(VOCABULARY.kinds)
        assert set(ground.get("withheld_from", [])) <= set(CIRCLES)
    kinds = [i["kind"] for person in said["people"] for i in person.get("identifiers", [])]
    assert {VOCABULARY.kinds[kind].group for kind in kinds} <= {"identifier"}
    assert {VOCABULARY.kinds[lead["kind"]].group for lead in said["leads"]} <= {"trafficker"}


@pytest.mark.parametrize("file", FILES)
def test_nobody_is_spoken_of_who_is_not_in_the_report(file: str) -> None:
    said = report(file)
    known = {person["code"] for person in said["people"]} | {"no-subject"}
    known |= {suspect["code"] for suspect in said["suspects"] if suspect.get("is_victim")}
    parts = chain.from_iterable(
        said[name] for name in ("events", "patterns", "offers", "suspects", "leads", "indicators")
    )
    assert {code for part in parts for code in part.get("concerns", [])} <= known
    assert {ground["subject"] for ground in said["grounds"]} <= known


@pytest.mark.parametrize(("file", "forms"), PEOPLE)
def test_every_canary_really_stands_in_the_narrative(file: str, forms: dict[str, list[str]]) -> None:
    narrative = report(file)["narrative"]
    assert any(plain in narrative for plain in forms["plain"])
    assert [form for form in forms["otherwise"] if form not in narrative] == []


@pytest.mark.parametrize(("file", "forms"), PEOPLE)
def test_what_is_called_plain_is_what_the_form_declares(file: str, forms: dict[str, list[str]]) -> None:
    said = report(file)
    if not said["people"] or said.get("redacted_at_source"):
        return  # a tipster, an interpreter: the form does not know them, the text does
    values = set().union(*(declared(person) for person in said["people"] + said["suspects"]))
    words = values | set(chain.from_iterable(re.split(r"[ -]", value) for value in values))
    assert set(forms["plain"]) <= words


def test_an_identifier_written_otherwise_is_not_just_listed_twice() -> None:
    for entry in index():
        for forms in entry["canaries"].values():
            said = spellings(forms)
            assert len(set(said)) == len(said)
    assert len(canaries()) > 150


@pytest.mark.parametrize("file", FILES)
def test_addresses_on_the_net_are_reserved_ones(file: str) -> None:
    text = (REPORTS / file).read_text(encoding="utf-8")
    hosts = re.findall(r"(?:https?://|[\w.]@)([a-z0-9-]+(?:\.[a-z0-9-]+)+)", text)
    assert {".".join(host.split(".")[-2:]) for host in hosts} <= {"example.org", "example.com", "example.net"}


@pytest.mark.parametrize("file", FILES)
def test_declared_phones_could_be_dialled(file: str) -> None:
    said = report(file)
    declared_here = chain.from_iterable(declared(person) for person in said["people"] + said["suspects"])
    numbers = [value for value in declared_here if re.fullmatch(r"\+\d{8,15}", value)]
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(number)) for number in numbers)


def test_three_partners_know_the_same_recruiter_by_differently_written_facts() -> None:
    assert len({entry["partner"] for entry in index() if entry["file"] in ROUTE}) == 3
    narratives = [report(file)["narrative"] for file in ROUTE]
    for fact in ("720000431", "bh07tzk", "48213", "ro49aaaa1b31007593840000"):
        squashed = [re.sub(r"[\W_]", "", narrative).casefold() for narrative in narratives]
        assert all(fact in text for text in squashed), fact
    phones = {re.search(r"[+0][\d .]*720[\d .]{6,}\d", text).group() for text in narratives}  # type: ignore[union-attr]
    plates = {re.search(r"(?i)bh.?07.?tzk", text).group() for text in narratives}  # type: ignore[union-attr]
    assert len(phones) == 3 and len(plates) == 3


def test_five_women_have_five_grounds_and_one_can_leave() -> None:
    (file,) = (entry["file"] for entry in index() if "five-grounds" in entry["shows"])
    assert [ground.is_live(on=date(2026, 11, 22)) for ground in grounds(file)] == [True] * 6
    live = [g for g in grounds(file, withdrawn="P4") if g.is_live(on=date(2026, 11, 22))]
    assert sorted(ground.subject for ground in live) == ["P1", "P2", "P3", "P5", "no-subject"]


def test_the_kin_guardian_has_no_voice_and_the_authority_has() -> None:
    (file,) = (entry["file"] for entry in index() if "guardian-is-kin" in entry["shows"])
    by_guardian, by_authority, _ = report(file)["grounds"]
    assert by_guardian["guardian_is_suspect_or_kin"] and by_authority["basis"] == "child-protection-decision"
    assert readers_of(file, "P1") == set(CIRCLES)


def test_a_report_without_a_ground_reaches_nobody() -> None:
    (file,) = (entry["file"] for entry in index() if "no-ground" in entry["shows"])
    assert readers_of(file, "P1") == set()


def test_a_consent_for_some_purposes_reaches_only_the_circle_that_is_left() -> None:
    (file,) = (entry["file"] for entry in index() if "consent-limited-to-purposes" in entry["shows"])
    assert readers_of(file, "P1") == {"danube-shelters"}
    assert readers_of(file, "P1", purpose="authorities") == set()
