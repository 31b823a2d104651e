"""Everybody can ask why something was held back, and hears which voice did it."""

from __future__ import annotations

from datetime import date

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from policies.cli import policy
from policies.explain import explain
from policies.load import floor
from policies.picklists import UnknownWord
from policies.terms import EVERY_CIRCLE, NOBODY, Detail, Linkage, Terms, Tlp, govern
from policies.vocabulary import VOCABULARY

UNLIMITED = Terms.everything(VOCABULARY.kinds, VOCABULARY.purposes)
WORDS = {"floor": "floor", "source": "policy", "ground": "ground", "clearance": "clearance"}
POLICY = """\
policy: example
version: 1
until: 2027-12-31
circles:
  shelters:
    purposes: [services]
    detail: {PLACE: coarsest, PHONE: exact}
"""


def allowing(**detail: Detail) -> Terms:
    return Terms(detail, EVERY_CIRCLE, frozenset(VOCABULARY.purposes), date.max, 3, Linkage.CIRCLE, Tlp.CLEAR)


def test_the_voice_that_holds_a_kind_back_is_named():
    said = explain(
        "PLACE", floor=floor(), source=allowing(PLACE=Detail.COARSEST), ground=UNLIMITED, clearance=UNLIMITED
    )
    assert "held there by the partner's policy;" in said
    assert "the UN subregion" in said
    assert "the platform's floor would allow COARSE" in said


def test_voices_that_agree_are_all_named():
    quiet = allowing(PLACE=Detail.COARSEST)
    said = explain("PLACE", floor=floor(), source=quiet, ground=quiet, clearance=UNLIMITED)
    assert "held there by the partner's policy and the person's ground" in said


def test_what_nobody_holds_back_is_said_to_be_free():
    said = explain("ADVERT", floor=floor(), source=UNLIMITED, ground=UNLIMITED, clearance=UNLIMITED)
    assert "no voice holds it back" in said


def test_a_person_without_a_ground_is_the_reason():
    said = explain("ADVERT", floor=floor(), source=UNLIMITED, ground=Terms.nothing(), clearance=UNLIMITED)
    assert "not shared, held there by the person's ground" in said
    assert "no reader in common" in said


@pytest.mark.parametrize(
    ("source", "lost"),
    [
        (
            Terms(
                {"ADVERT": Detail.EXACT}, NOBODY, frozenset({"services"}), date.max, 3, Linkage.NONE, Tlp.RED
            ),
            "reader",
        ),
        (
            Terms({"ADVERT": Detail.EXACT}, EVERY_CIRCLE, frozenset(), date.max, 3, Linkage.NONE, Tlp.RED),
            "purpose",
        ),
    ],
)
def test_a_rung_that_nobody_can_read_is_not_left_to_sound_like_sharing(source, lost):
    said = explain("ADVERT", floor=floor(), source=source, ground=UNLIMITED, clearance=UNLIMITED)
    assert f"Yet nothing is read at all: the voices have no {lost} in common." in said


def test_an_unknown_kind_is_refused_and_not_repeated():
    with pytest.raises(UnknownWord) as refusal:
        explain("QZX", floor=floor(), source=UNLIMITED, ground=UNLIMITED, clearance=UNLIMITED)
    assert "QZX" not in str(refusal.value)


@given(
    st.sampled_from(sorted(VOCABULARY.kinds)),
    st.fixed_dictionaries({voice: st.sampled_from(Detail) for voice in WORDS}),
)
def test_the_sentence_names_the_rung_and_each_voice_that_holds_it(kind, rungs):
    voices = {voice: allowing(**{kind: rung}) for voice, rung in rungs.items()}
    said = explain(kind, **voices)
    rung = govern(**voices).allows(kind)
    assert said.startswith(f"{kind} (")
    if rung is Detail.EXACT:
        assert "no voice holds it back" in said
        return
    assert (f"shared at {rung.name}" if rung else "not shared") in said
    held = said.partition("held there by")[2].partition(";")[0].rstrip(".")
    assert {voice for voice, word in WORDS.items() if word in held} == {
        v for v, r in rungs.items() if r is rung
    }


@pytest.fixture
def written(tmp_path):
    def write(text: str | bytes) -> str:
        path = tmp_path / "policy.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


def run(*arguments: str):
    return CliRunner().invoke(policy, arguments)


def test_check_accepts_a_policy_without_any_server_or_settings(written):
    said = run("check", written(POLICY))
    assert said.exit_code == 0
    assert "ok: policy example, version 1, until 2027-12-31, 1 circle" in said.output


def test_check_prints_each_error_with_its_line_and_reason_and_fails(written):
    said = run("check", written(POLICY.replace("version: 1", "version: x").replace("coarsest", "rough")))
    assert said.exit_code == 1
    assert said.stdout == ""
    assert said.stderr.splitlines() == [
        "line 2: version: wrong_type: write a whole number",
        "line 7: circles[1].detail.PLACE: unknown_rung: one of nothing, presence, coarsest, coarse, fine, exact",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (POLICY.encode() + b"# caf\xe9\n", "line 8: top: not_utf8"),
        (b"\xff\xfe" + POLICY.encode("utf-16-le"), "line 1: top: not_utf8"),
        (b"#" * 1_000_000, "too_long"),
    ],
)
def test_check_refuses_what_is_no_text_of_a_sensible_size(written, content, reason):
    said = run("check", written(content))
    assert said.exit_code == 1
    assert reason in said.stderr


def test_check_never_repeats_what_was_written(written):
    said = run("check", written(POLICY.replace("PLACE", "QzxName").replace("example", "Qzx Name")))
    assert said.exit_code == 1
    assert "qzx" not in said.output.lower()


def test_explain_says_which_voice_speaks_and_what_was_assumed(written):
    said = run("explain", written(POLICY), "--kind", "PLACE")
    assert said.exit_code == 0
    assert "circle shelters: PLACE (place): shared at COARSEST" in said.output
    assert "held there by the partner's policy" in said.output
    assert "Assumed: every person's ground and every circle's clearance allow everything." in said.output


def test_explain_shows_where_the_floor_is_stricter_than_the_policy(written):
    said = run("explain", written(POLICY), "--kind", "PHONE", "--circle", "shelters")
    assert "shared at PRESENCE" in said.output
    assert "held there by the platform's floor" in said.output


def test_explain_says_so_for_circles_that_the_policy_does_not_name(written):
    assert "not shared" in run("explain", written(POLICY), "--kind", "PLACE", "--circle", "others").output
    silent = written(POLICY.partition("circles")[0])
    assert "nothing is shared with anybody" in run("explain", silent, "--kind", "PLACE").output


def test_explain_covers_every_other_circle_where_the_policy_does(written):
    said = run("explain", written(POLICY.replace("shelters", '"*"')), "--kind", "PLACE")
    assert "every other circle: PLACE (place): shared at COARSEST" in said.output


def test_explain_knows_no_kind_of_another_name(written):
    said = run("explain", written(POLICY), "--kind", "QZX")
    assert said.exit_code == 2
    assert "QZX" not in said.output


def test_explain_fails_on_a_policy_with_errors(written):
    assert run("explain", written(POLICY + "x: y\n"), "--kind", "PLACE").exit_code == 1
