"""Covering: everything found is covered, once, whole, and wherever it stands."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redaction_builders import document, found

from redaction.cover import cover
from redaction.findings import Finding, Span, Unsafe
from redaction.folding import fold, folded

WORDS = (
    "Ioana",
    "Popescu",
    "the",
    "Court",
    "court",
    "of",
    "Oradea",
    "0722",
    "123",
    "Ana-Maria",
    "O'Brien",
    "I",
    "şi",
    "é\u0301",
)
GAPS = (" ", " ", " ", ", ", ". ", "\n", "-", " de la ")
KINDS = ("PERSON", "PLACE", "PHONE", "NUMBER", "ORGANISATION", "WORD")


@st.composite
def texts_with_findings(draw: st.DrawFn) -> tuple[str, list[Finding]]:
    pieces = draw(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), min_size=1, max_size=14))
    text = "".join(word + gap for word, gap in pieces)
    findings = []
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, min(len(text), start + 20)))
        kind = draw(st.sampled_from(KINDS))
        subject = draw(st.sampled_from((None, None, "P1", "P2")))
        findings.append(Finding(start, end, kind, draw(st.sampled_from(("model", "list"))), subject))
    return text, findings


@settings(max_examples=300, deadline=None)
@given(texts_with_findings())
def test_every_finding_is_covered_with_all_that_was_said_of_it(case: tuple[str, list[Finding]]) -> None:
    text, findings = case
    spans = cover(document(text), findings)
    for finding in findings:
        (whole,) = [one for one in spans if one.start <= finding.start and finding.end <= one.end]
        assert finding.kind in whole.kinds
        assert finding.detector in whole.detectors
        assert finding.subject is None or finding.subject in whole.subjects


@settings(max_examples=300, deadline=None)
@given(texts_with_findings())
def test_spans_are_in_order_and_disjoint(case: tuple[str, list[Finding]]) -> None:
    text, findings = case
    spans = cover(document(text), findings)
    assert all(one.start < one.end <= len(text) for one in spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))


@settings(max_examples=200, deadline=None)
@given(texts_with_findings(), st.randoms(use_true_random=False))
def test_the_order_of_findings_does_not_matter(
    case: tuple[str, list[Finding]], shuffled: random.Random
) -> None:
    text, findings = case
    spans = cover(document(text), findings)
    shuffled.shuffle(findings)
    assert cover(document(text), findings + findings[:1]) == spans


@settings(max_examples=200, deadline=None)
@given(texts_with_findings())
def test_covering_what_is_covered_changes_nothing(case: tuple[str, list[Finding]]) -> None:
    text, findings = case
    spans = cover(document(text), findings)
    again = [
        Finding(one.start, one.end, kind, detector, subject)
        for one in spans
        for kind in one.kinds
        for detector in one.detectors
        for subject in (one.subjects or (None,))
    ]
    assert cover(document(text), again) == spans


@given(st.text(st.characters(categories=("L", "M", "N", "P", "Z", "Cc", "Cf")), max_size=30))
def test_folding_a_string_alone_and_within_a_text_is_the_same(string: str) -> None:
    assert folded(string) == fold(string).text


def covered(text: str, *findings: Finding, language: str = "en") -> list[str]:
    return [text[one.start : one.end] for one in cover(document(text, language=language), findings)]


def test_a_span_grows_to_the_words_that_it_cuts() -> None:
    text = "Seen with Ioana today"
    assert covered(text, found(text, "oan", "PERSON")) == ["Ioana"]


def test_a_name_grows_across_hyphens_but_a_place_does_not() -> None:
    text = "Ana-Maria left the Paris-bound train"
    assert covered(text, found(text, "Maria", "PERSON")) == ["Ana-Maria"]
    assert covered(text, found(text, "Paris", "PLACE")) == ["Paris"]


def test_a_possessive_is_left_to_the_sentence() -> None:
    text = "It was Ioana's flat, and O'Brien's too"
    spans = covered(text, found(text, "Ioana", "PERSON"), found(text, "Brien", "PERSON"))
    assert spans == ["Ioana", "O'Brien"]


def test_invisible_characters_inside_a_word_do_not_cut_it() -> None:
    text = "Seen with Io\u200bana\u0301 today"
    assert covered(text, found(text, "Io", "PERSON")) == ["Io\u200bana\u0301"]


def test_one_name_found_in_two_words_is_one_span() -> None:
    text = "Ioana Popescu and Maricel dela Cruz"
    findings = [found(text, word, "PERSON") for word in ("Ioana", "Popescu", "Maricel", "Cruz")]
    assert covered(text, *findings) == ["Ioana Popescu", "Maricel dela Cruz"]


def test_an_initial_belongs_to_its_name_and_a_full_stop_does_not() -> None:
    text = "I. Popescu saw Ana. Maria left"
    findings = [found(text, word, "PERSON") for word in ("I", "Popescu", "Ana", "Maria")]
    assert covered(text, *findings) == ["I. Popescu", "Ana", "Maria"]


def test_two_known_people_side_by_side_stay_two() -> None:
    text = "Ioana Mirela"
    findings = [found(text, "Ioana", "PERSON", subject="P1"), found(text, "Mirela", "PERSON", subject="P2")]
    assert covered(text, *findings) == ["Ioana", "Mirela"]


def test_the_groups_of_one_number_are_one_span() -> None:
    text = "rang 0722 123-456 twice"
    assert covered(
        text, found(text, "0722", "PHONE"), found(text, "123", "NUMBER"), found(text, "456", "NUMBER")
    ) == ["0722 123-456"]


def test_a_string_found_once_is_found_everywhere_in_any_case() -> None:
    text = "Popescu rang. Then popescu came, and POPESCU, and S\u0327tefan. Popescu's friend; Popescuta no."
    assert covered(text, found(text, "Popescu", "PERSON")) == ["Popescu", "popescu", "POPESCU", "Popescu"]


def test_a_composed_name_is_found_decomposed() -> None:
    text = "\u0218tefania left; S\u0326tefania came"
    assert covered(text, found(text, "\u0218tefania", "PERSON")) == ["\u0218tefania", "S\u0326tefania"]


def test_each_word_of_a_name_is_found_everywhere() -> None:
    text = "Ioana Popescu left. Later Ioana rang Popescu."
    assert covered(text, found(text, "Ioana Popescu", "PERSON")) == ["Ioana Popescu", "Ioana", "Popescu"]


def test_what_is_said_of_a_string_in_one_place_is_said_of_it_everywhere() -> None:
    text = "Paris rang. She went to Paris."
    later = Finding(24, 29, "PLACE", "list")
    assert text[later.start : later.end] == "Paris"
    for one in cover(document(text), [found(text, "Paris", "PERSON"), later]):
        assert one.kinds == {"PERSON", "PLACE"}


def test_a_word_taken_for_a_name_by_mistake_does_not_shred_the_text() -> None:
    text = "I saw the Court, the court and the registry. The Court said: I agree, the end."
    findings = [found(text, word, "PERSON") for word in ("I ", "the ", "Court")]
    assert covered(text, *findings) == ["I ", "the Court"]


def test_a_common_word_with_a_capital_is_found_again_where_the_text_never_uses_it_without() -> None:
    text = "Blessing rang. We met Blessing at noon."
    assert covered(text, found(text, "Blessing", "PERSON")) == ["Blessing", "Blessing"]


# The two ways in which presidio's own conflict resolution loses a name.
@pytest.mark.parametrize("text", ["Seen at Ana Horvat Street.", "Ana Horvat Street 5"])
def test_a_name_inside_an_address_is_not_dropped_or_clipped(text: str) -> None:
    findings = [found(text, "Ana Horvat", "PERSON"), found(text, "Ana Horvat Street", "ADDRESS")]
    (one,) = cover(document(text), findings)
    assert text[one.start : one.end] == "Ana Horvat Street"
    assert one.kinds == {"PERSON", "ADDRESS"}


@pytest.mark.parametrize("start, end", [(-1, 3), (3, 3), (5, 3), (0, 99)])
def test_a_finding_outside_the_text_is_an_error(start: int, end: int) -> None:
    with pytest.raises(Unsafe, match="finding_out_of_range"):
        cover(document("some text"), [Finding(start, end, "PERSON", "model")])


def test_nothing_found_covers_nothing() -> None:
    assert cover(document("some text"), []) == ()


def test_a_long_text_with_many_findings_is_covered_in_time() -> None:
    text = " ".join(f"Word{number % 700}x Popescu{number % 300}" for number in range(4000))
    findings = [Finding(12 * number, 12 * number + 9, "PERSON", "model") for number in range(1000)]
    spans: tuple[Span, ...] = cover(document(text), findings)
    assert spans
