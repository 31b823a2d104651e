"""Nobody's facts are shared without a ground of her own, and whatever is odd about a ground counts as silence."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.grounds import NO_SUBJECT, Ground, ground_for, live_subjects
from policies.terms import EVERY_CIRCLE, Detail, Readers, Terms
from policies.vocabulary import VOCABULARY

TODAY = date(2026, 6, 1)
CIRCLES = ("shelters", "labour-inspection", "prosecutors")


def ground(**said: object) -> Ground:
    """An adult's own consent for services, given in 2026 until 2027, but for what is said."""
    given_ = {
        "subject": "P1",
        "basis": "consent",
        "purposes": frozenset({"services"}),
        "withheld_from": frozenset(),
        "until": date(2027, 1, 31),
        "given_on": date(2026, 1, 31),
        "given_by": "self",
        "guardian_is_suspect_or_kin": False,
        "withdrawn_on": None,
    }
    return Ground(**(given_ | said))  # type: ignore[arg-type]


def nobody(**said: object) -> Ground:
    """The statement that nobody protected is concerned, but for what is said."""
    return ground(
        **({"subject": NO_SUBJECT, "basis": NO_SUBJECT, "purposes": frozenset(), "until": None} | said)
    )


def said_by(*grounds: Ground, subjects: tuple[str, ...] = ("P1",), on: date = TODAY) -> Terms:
    return ground_for(subjects, grounds, on=on, every_circle=CIRCLES)


def test_a_consent_covers_what_it_names_and_no_more():
    terms = said_by(ground())
    assert terms.purposes == {"services"}
    assert terms.until == date(2027, 1, 31)
    assert terms.readers == EVERY_CIRCLE
    assert terms.allows("PLACE") is Detail.EXACT  # she does not object; the other voices still speak


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"until": None}, id="a consent without an end"),
        pytest.param({"until": date(2026, 5, 31)}, id="expired yesterday"),
        pytest.param({"given_on": date(2026, 6, 2)}, id="not given yet"),
        pytest.param({"withdrawn_on": date(2026, 5, 1)}, id="withdrawn"),
        pytest.param({"withdrawn_on": date(2026, 6, 2)}, id="withdrawn where the calendar is a day ahead"),
        pytest.param({"basis": "habit"}, id="unknown basis"),
        pytest.param({"basis": ""}, id="no basis"),
        pytest.param({"basis": "Consent"}, id="a basis in other letters"),
        pytest.param({"purposes": frozenset()}, id="no purpose"),
        pytest.param({"purposes": frozenset({"marketing"})}, id="unknown purpose"),
        pytest.param({"purposes": frozenset({"services", "*"})}, id="a purpose that stands for all"),
        pytest.param({"given_by": "authority"}, id="nobody consents for her but a guardian"),
        pytest.param({"given_by": "employer"}, id="given by somebody unheard of"),
        pytest.param({"given_by": ""}, id="given by nobody"),
        pytest.param(
            {"given_by": "guardian", "guardian_is_suspect_or_kin": True}, id="guardian without a voice"
        ),
        pytest.param({"guardian_is_suspect_or_kin": True}, id="a child alone beside a disqualified guardian"),
        pytest.param(
            {"basis": "vital-interests", "given_by": "guardian", "guardian_is_suspect_or_kin": True},
            id="disqualified guardian with another basis",
        ),
        pytest.param(
            {"basis": "child-protection-decision", "given_by": "guardian"}, id="decision of no authority"
        ),
        pytest.param({"limits": {"PLAICE": Detail.COARSE}}, id="a limit on a kind that does not exist"),
        pytest.param({"subject": ""}, id="nobody's consent"),
        pytest.param({"subject": NO_SUBJECT}, id="consent of nobody protected"),
        pytest.param({"basis": NO_SUBJECT}, id="a person declared to be nobody"),
    ],
)
def test_whatever_is_odd_about_a_ground_is_silence(said):
    one = ground(**said)
    assert one.terms(on=TODAY, every_circle=CIRCLES) == Terms.nothing()
    assert said_by(one, subjects=(one.subject,)) == Terms.nothing()
    assert not live_subjects([one.subject], [one], on=TODAY)


def test_with_the_check_switched_off_an_odd_ground_would_speak(monkeypatch):
    monkeypatch.setattr(Ground, "is_live", lambda self, *, on: True)
    assert said_by(ground(withdrawn_on=date(2026, 5, 1))).allows("PLACE") is Detail.EXACT


@pytest.mark.parametrize("day", [date(2026, 1, 31), date(2027, 1, 31)])
def test_a_ground_holds_on_its_first_and_on_its_last_day(day):
    assert said_by(ground(), on=day) != Terms.nothing()


def test_the_decision_of_an_authority_replaces_a_guardian_without_a_voice():
    guardian = ground(given_by="guardian", guardian_is_suspect_or_kin=True)
    decision = ground(
        basis="child-protection-decision",
        given_by="authority",
        guardian_is_suspect_or_kin=True,
        purposes=frozenset({"authorities"}),
    )
    assert said_by(guardian) == Terms.nothing()
    assert said_by(guardian, decision).purposes == {"authorities"}


def test_an_honest_guardian_has_a_voice():
    assert said_by(ground(given_by="guardian")).purposes == {"services"}


@pytest.mark.parametrize("basis", sorted(VOCABULARY.bases.keys() - {"consent", "no-subject"}))
def test_other_bases_need_no_end_but_still_a_purpose(basis):
    said = {"basis": basis, "until": None, "given_by": "authority"}
    assert said_by(ground(**said)).until == date.max
    assert said_by(ground(**said, purposes=frozenset())) == Terms.nothing()


def test_a_refused_circle_reads_nothing_and_the_others_do():
    terms = said_by(ground(withheld_from=frozenset({"prosecutors"})))
    assert terms.readers == Readers.of(["shelters", "labour-inspection"])


def test_refusing_everybody_leaves_nobody():
    terms = said_by(ground(withheld_from=frozenset(CIRCLES)))
    assert not any(circle in terms.readers for circle in CIRCLES)


def test_a_circle_founded_later_is_not_slipped_in_beside_a_refusal():
    assert "new-circle" not in said_by(ground(withheld_from=frozenset({"prosecutors"}))).readers


def test_limits_cap_a_kind_and_leave_the_others():
    terms = said_by(ground(limits={"PLACE": Detail.COARSEST, "GENDER": Detail.NOTHING}))
    assert terms.allows("PLACE") is Detail.COARSEST
    assert terms.allows("GENDER") is Detail.NOTHING
    assert terms.allows("AGE_BAND") is Detail.EXACT


def test_two_people_are_both_heard():
    first = ground(purposes=frozenset({"services", "research"}), limits={"PLACE": Detail.COARSE})
    second = ground(subject="P2", purposes=frozenset({"services"}), withheld_from=frozenset({"prosecutors"}))
    together = said_by(first, second, subjects=("P1", "P2"))
    assert together.purposes == {"services"}
    assert together.allows("PLACE") is Detail.COARSE
    assert "prosecutors" not in together.readers


def test_two_live_grounds_of_one_person_must_both_allow():
    broad = ground(purposes=frozenset({"services", "research"}))
    narrow = ground(limits={"PLACE": Detail.COARSEST})
    assert said_by(broad, narrow) == said_by(broad) & said_by(narrow)


def test_a_withdrawal_silences_her_and_says_whose_facts_are_left():
    gone = ground(withdrawn_on=TODAY)
    other = ground(subject="P2")
    assert live_subjects(["P1", "P2"], [gone, other], on=TODAY) == {"P2"}
    assert said_by(gone, other, subjects=("P1", "P2")) == said_by(other, subjects=("P2",))
    assert said_by(gone, other, subjects=("P1",)) == Terms.nothing()


def test_somebody_elses_ground_is_not_hers():
    assert said_by(ground(subject="P2"), subjects=("P1",)) == Terms.nothing()


def test_no_ground_at_all_is_nothing():
    assert said_by() == Terms.nothing()
    assert said_by(subjects=()) == Terms.nothing()


@pytest.mark.parametrize("subjects", [(), (NO_SUBJECT,)])
def test_what_concerns_nobody_is_left_to_the_other_voices(subjects):
    everything = Terms.everything(VOCABULARY.kinds, VOCABULARY.purposes)
    assert said_by(nobody(), subjects=subjects) == everything


@pytest.mark.parametrize("subjects", [("P1",), ("P1", NO_SUBJECT)])
def test_nobody_concerned_does_not_speak_for_somebody(subjects):
    assert said_by(nobody(), subjects=subjects) == Terms.nothing()
    assert said_by(nobody(), ground(withdrawn_on=TODAY), subjects=subjects) == Terms.nothing()


def test_a_statement_that_nobody_is_concerned_can_be_taken_back():
    assert said_by(nobody(withdrawn_on=TODAY), subjects=()) == Terms.nothing()


some_grounds = st.builds(
    ground,
    subject=st.sampled_from(["P1", "P2", NO_SUBJECT, ""]),
    basis=st.sampled_from([*VOCABULARY.bases, "habit"]),
    purposes=st.frozensets(st.sampled_from([*VOCABULARY.purposes, "marketing"])),
    withheld_from=st.frozensets(st.sampled_from(CIRCLES)),
    until=st.none() | st.dates(),
    given_on=st.dates(),
    given_by=st.sampled_from(["self", "guardian", "authority", "employer"]),
    guardian_is_suspect_or_kin=st.booleans(),
    withdrawn_on=st.none() | st.dates(),
    limits=st.dictionaries(st.sampled_from(["PLACE", "GENDER"]), st.sampled_from(Detail)),
)


@given(st.lists(some_grounds, max_size=4), st.sets(st.sampled_from(["P1", "P2", NO_SUBJECT])), st.dates())
def test_more_grounds_never_admit_a_refused_circle_or_an_unnamed_purpose(grounds, subjects, on):
    terms = ground_for(subjects, grounds, on=on, every_circle=CIRCLES)
    live = [one for one in grounds if one.subject in subjects - {NO_SUBJECT} and one.is_live(on=on)]
    for one in live:
        assert terms.purposes <= one.purposes
        assert not any(circle in terms.readers for circle in one.withheld_from)
        assert all(terms.allows(kind) <= cap for kind, cap in one.limits.items())
    if not live and subjects - {NO_SUBJECT}:
        assert terms == Terms.nothing()


def test_a_ground_cannot_be_changed_behind_its_back():
    limits = {"PLACE": Detail.COARSE}
    one = ground(limits=limits)
    limits["PLACE"] = Detail.EXACT
    assert one.limits["PLACE"] is Detail.COARSE
    assert len({one, ground(limits={"PLACE": Detail.COARSE})}) == 1
