"""A coordinator writes a policy by hand: it says what it seems to say, and mistakes are shown, never repeated."""

from __future__ import annotations

import json
import traceback
from dataclasses import replace
from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from policies.document import LONGEST
from policies.load import PolicyError, floor, load_policy, load_terms, smallest_group, templates
from policies.terms import EVERY_CIRCLE, NOBODY, Detail, Linkage, Readers, Terms, Tlp
from policies.vocabulary import VOCABULARY

POLICY = """\
policy: example
version: 7
until: 2027-12-31
automatic: yes
fences:
  - publicity
circles:
  shelters:
    purposes: [services, other-organisations]
    linkage: circle
    tlp: green
    smallest_group: 20
    detail:
      PLACE: coarse
      PHONE: PRESENCE
  "*":
    purposes: [other-organisations]
    detail:
      ADVERT: exact
"""


def problems(text: str) -> list[tuple[int | None, str, str]]:
    with pytest.raises(PolicyError) as refusal:
        load_policy(text)
    return [(found.line, found.path, found.reason_code) for found in refusal.value.problems]


def test_a_policy_says_what_it_seems_to_say():
    policy = load_policy(POLICY)
    assert (policy.name, policy.version, policy.until) == ("example", 7, date(2027, 12, 31))
    assert policy.automatic
    assert policy.fences == ("publicity",)
    assert policy.for_circle("shelters") == Terms(
        detail={"PLACE": Detail.COARSE, "PHONE": Detail.PRESENCE},
        readers=Readers.of(["shelters"]),
        purposes=frozenset({"services", "other-organisations"}),
        until=date(2027, 12, 31),
        smallest_group=20,
        linkage=Linkage.CIRCLE,
        tlp=Tlp.GREEN,
    )


def test_every_other_circle_is_each_of_them_and_never_all_at_once():
    policy = load_policy(POLICY)
    assert policy.for_circle("prosecutors").readers == Readers.of(["prosecutors"])
    assert policy.for_circle("prosecutors").detail == {"ADVERT": Detail.EXACT}
    assert policy.for_circle("shelters").allows("ADVERT") is Detail.NOTHING
    assert policy.for_circle("*") == Terms.nothing()


def test_a_circle_that_is_not_spoken_of_reads_nothing():
    policy = load_policy(POLICY.partition('  "*"')[0])
    assert policy.for_circle("prosecutors") == Terms.nothing()


def test_what_a_circle_leaves_out_is_the_strictest():
    terms = load_policy(POLICY).for_circle("prosecutors")
    assert (terms.linkage, terms.tlp, terms.smallest_group) == (Linkage.NONE, Tlp.RED, 3)
    assert not load_policy(POLICY.replace("automatic: yes\n", "")).automatic


def test_the_same_policy_in_json_is_the_same_policy():
    said = yaml.load(POLICY, Loader=yaml.BaseLoader)
    said |= {"version": 7, "automatic": True}
    said["circles"]["shelters"]["smallest_group"] = 20
    for indent in (None, 2, "\t"):
        assert load_policy(json.dumps(said, indent=indent)) == load_policy(POLICY)


def test_a_byte_order_mark_and_foreign_line_ends_do_no_harm():
    assert load_policy("\ufeff" + POLICY.replace("\n", "\r\n")) == load_policy(POLICY)


def test_a_circle_may_end_before_its_policy_and_not_after():
    earlier, later = (
        POLICY.replace("    linkage", f"    until: {day}\n    linkage")
        for day in ("2026-12-31", "2030-01-01")
    )
    assert load_policy(earlier).for_circle("shelters").until == date(2026, 12, 31)
    assert load_policy(later).for_circle("shelters").until == date(2027, 12, 31)


def test_a_policy_cannot_outlive_a_shortened_last_day():
    shortened = replace(load_policy(POLICY), until=date(2026, 1, 1))
    assert shortened.for_circle("shelters").until == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("was", "becomes", "found"),
    [
        ("policy: example", "policy: The Example", (1, "policy", "not_a_name")),
        ("policy: example\n", "", (1, "policy", "missing")),
        ("version: 7", "version: seven", (2, "version", "wrong_type")),
        ("version: 7", "version: 0", (2, "version", "out_of_range")),
        ("2027-12-31", "31.12.2027", (3, "until", "not_a_date")),
        ("automatic: yes", "automatic: often", (4, "automatic", "wrong_type")),
        ("automatic: yes", "automatik: yes", (4, "", "unknown_key")),
        ("  - publicity", "  - gossip", (6, "fences", "unknown_fence")),
        ("  shelters:", "  Shelters:", (8, "circles[1]", "not_a_circle")),
        ("[services, other-organisations]", "services", (9, "circles[1].purposes", "not_a_list")),
        ("services, ", "service, ", (9, "circles[1].purposes", "unknown_purpose")),
        ("services, ", "services, services, ", (9, "circles[1].purposes", "duplicate_word")),
        ("linkage: circle", "linkage: full", (10, "circles[1].linkage", "unknown_linkage")),
        ("tlp: green", "tlp: white", (11, "circles[1].tlp", "unknown_tlp")),
        ("smallest_group: 20", "smallest_group: 10", (12, "circles[1].smallest_group", "out_of_range")),
        ("smallest_group: 20", "smallest_group: many", (12, "circles[1].smallest_group", "wrong_type")),
        ("smallest_group", "k", (12, "circles[1]", "unknown_key")),
        ("      PLACE", "      PLAICE", (14, "circles[1].detail", "unknown_kind")),
        ("PLACE: coarse", "PLACE: rough", (14, "circles[1].detail.PLACE", "unknown_rung")),
        ("      PHONE", "      PLACE", (15, "circles[1].detail", "duplicate_key")),
        ('  "*":', "  shelters:", (16, "circles", "duplicate_key")),
        ('  "*":', "  *:", (16, "", "not_readable")),
        ("      ADVERT: exact", "      ADVERT: &a exact", (19, "", "alias")),
        ("      ADVERT: exact", "      ADVERT: !!str exact", (19, "", "tag")),
    ],
)
def test_each_mistake_is_shown_with_its_line_and_its_reason(was, becomes, found):
    assert was in POLICY
    assert found in problems(POLICY.replace(was, becomes, 1))


def test_all_mistakes_are_shown_at_once_in_the_order_of_their_lines():
    found = problems(
        POLICY.replace("version: 7", "version: x").replace("coarse", "rough").replace("PHONE", "FONE")
    )
    assert [line for line, _, _ in found] == [2, 14, 15]


def test_a_file_of_mistakes_does_not_become_a_book_of_errors():
    many = "\n".join(f"      K{number}: exact" for number in range(1000))
    assert len(problems(POLICY + many + "\n")) <= 50


@pytest.mark.parametrize(
    "text", ["[" * 30_000, "{a: " * 10_000, "- " * 30_000, "? " * 30_000, '"' + "\\x" * 30_000]
)
@pytest.mark.timeout(10)
def test_a_hostile_document_is_refused_quickly(text):
    problems(text)


def test_a_document_is_measured_before_it_is_read():
    assert problems(POLICY + "#" * LONGEST) == [(None, "", "too_long")]


# What a coordinator typed by mistake may be a survivor's name. "qzx" is in no word of ours.
slips = st.text(max_size=30).map(lambda text: f"qzx{text}")
PLACES = [
    ("policy: example", "policy: {}"),
    ("version: 7", "version: {}"),
    ("2027-12-31", "{}"),
    ("automatic: yes", "automatic: {}"),
    ("automatic", "{}"),
    ("publicity", "{}"),
    ("shelters", "{}"),
    ("[services", "[{}"),
    ("[services, other-organisations]", "{}"),
    ("linkage: circle", "linkage: {}"),
    ("linkage", "{}"),
    ("tlp: green", "tlp: {}"),
    ("smallest_group: 20", "smallest_group: {}"),
    ("PLACE", "{}"),
    ("coarse", "{}"),
]


def said_about(text: str) -> str:
    """Everything that a refusal says or carries, its traceback included; nothing where the text is accepted."""
    try:
        load_policy(text)
    except PolicyError as refusal:
        said = [str(refusal), repr(refusal), *refusal.args, *traceback.format_exception(refusal)]
        return "\n".join(said + [repr(problem) for problem in refusal.problems])
    return ""


@given(slips, st.sampled_from(PLACES), st.booleans())
def test_errors_never_repeat_what_was_written(slip, place, quoted):
    was, becomes = place
    written = json.dumps(slip) if quoted else slip
    said = said_about(POLICY.replace(was, becomes.format(written), 1))
    assert "qzx" not in said
    assert slip not in said


@given(st.text(max_size=40), st.integers(0, len(POLICY)), st.integers(0, 5))
def test_whatever_is_written_is_a_policy_or_a_list_of_problems(text, at, gone):
    spoilt = POLICY[:at] + text + POLICY[at + gone :]
    try:
        load_policy(spoilt)
    except PolicyError as refusal:
        assert refusal.problems


@pytest.mark.parametrize(("was", "becomes"), PLACES)
def test_a_slip_in_each_of_those_places_is_a_mistake(was, becomes):
    assert said_about(POLICY.replace(was, becomes.format('"Qzx Example"'), 1))


def test_the_library_itself_does_repeat_what_was_written():
    """The control: without our own words the same mistake would be printed."""
    with pytest.raises(yaml.YAMLError) as careless:
        yaml.safe_load("until: *qzx")
    assert "qzx" in str(careless.value)
    assert "qzx" not in said_about("until: *qzx")


def test_a_clearance_is_read_from_a_plain_mapping():
    terms = load_terms(
        {"purposes": ["services"], "tlp": "TLP:AMBER", "smallest_group": 5, "detail": {"PLACE": "fine"}},
        readers=Readers.of(["shelters"]),
    )
    assert terms.allows("PLACE") is Detail.FINE
    assert terms.tlp is Tlp.AMBER
    assert terms.readers == Readers.of(["shelters"])
    assert terms.until == date.max


def test_nobody_reads_a_clearance_unless_it_is_said_who():
    assert load_terms({"purposes": ["services"], "detail": {"PLACE": "fine"}}).readers == NOBODY


@pytest.mark.parametrize(
    "said",
    [
        {"detail": {"PLACE": 5}},
        {"detail": {"PLAICE": "fine"}},
        {"detail": [["PLACE", "fine"]]},
        {"purposes": "services"},
        {"purposes": [None]},
        {"readers": "everyone"},
        {"smallest_group": True},
        {"smallest_group": 5.0},
        {"tlp": "green", "smallest_group": 3},
        {"until": "soon"},
        {1: 2},
        {"detail": {"PLACE": {"a": {"b": {"c": {"d": {"e": {"f": {"g": {}}}}}}}}}},
    ],
)
def test_a_clearance_with_a_mistake_is_refused(said):
    with pytest.raises(PolicyError):
        load_terms(said)


def test_the_floor_speaks_of_every_kind():
    told = floor().detail.keys() | {"CASEWORK"}
    assert told == VOCABULARY.kinds.keys()


def test_the_floor_never_lets_an_identifier_through_whole():
    found_in_text = [kind for kind in VOCABULARY.kinds.values() if kind.group == "identifier"]
    assert all(floor().allows(kind.name) < Detail.EXACT for kind in found_in_text)
    assert all(
        floor().allows(kind) is Detail.PRESENCE
        for kind in (
            "PERSON",
            "PHONE",
            "EMAIL",
            "HANDLE",
            "ADDRESS",
            "DOCUMENT",
            "DATE_OF_BIRTH",
            "COORDINATES",
        )
    )
    assert floor().allows("CASEWORK") is Detail.NOTHING
    assert floor().allows("SUSPECT_NAME") is Detail.EXACT
    assert floor().allows("NARRATIVE") is Detail.EXACT


def test_the_floor_leaves_who_and_why_to_the_other_voices():
    assert floor().readers == EVERY_CIRCLE
    assert floor().purposes == VOCABULARY.purposes.keys()
    assert floor().smallest_group == 3


@pytest.mark.parametrize(
    ("tlp", "least"), [(Tlp.RED, 3), (Tlp.AMBER_STRICT, 3), (Tlp.AMBER, 3), (Tlp.GREEN, 11), (Tlp.CLEAR, 11)]
)
def test_the_wider_the_marking_the_larger_the_smallest_group(tlp, least):
    assert smallest_group(tlp) == least
    assert load_terms({"tlp": tlp.label}).smallest_group == least


@given(st.sampled_from(Tlp), st.sampled_from(Tlp))
def test_what_is_marked_green_is_never_about_fewer_than_eleven(policy_says, circle_says):
    together = load_terms({"tlp": policy_says.label}) & load_terms({"tlp": circle_says.label}) & floor()
    assert together.smallest_group >= smallest_group(together.tlp)


def test_the_shipped_templates_are_policies_with_fences_and_without_automatic_publication():
    assert set(templates()) >= {"shelter"}
    for template in templates().values():
        assert template.fences
        assert not template.automatic
        assert all(terms.tlp <= Tlp.AMBER for terms in template.circles.values())


def test_the_shelter_template_keeps_names_and_what_is_fine_about_a_person():
    shelter = templates()["shelter"]
    for circle in ("shelters", "labour-inspection", "anybody-else"):
        terms = shelter.for_circle(circle)
        assert terms.allows("PERSON") <= Detail.PRESENCE
        assert terms.allows("AGE_BAND") <= Detail.COARSE
        assert terms.allows("SUSPECT_NAME") is Detail.NOTHING
    assert shelter.for_circle("labour-inspection").allows("CITIZENSHIP") is Detail.NOTHING
