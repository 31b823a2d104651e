"""Looking again: whatever is still readable in the output holds it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from redaction_builders import engine_of, examined, found, knows, span, terms

from policies.terms import Detail
from redaction.cover import cover
from redaction.detectors.patterns import Patterns
from redaction.findings import Action, Examined, Finding, Known, Span, TraffickerFact, Verdict
from redaction.judge import judge
from redaction.residue import residue
from redaction.rewrite import rewrite

ENGINE = engine_of()


def verdicts_on(seen: Examined, facts: Sequence[TraffickerFact] = ()) -> tuple[Verdict, ...]:
    under = terms(SUSPECT_PHONE=Detail.EXACT)
    return tuple(judge(one, seen, terms=under, facts=facts, alias=None) for one in seen.spans)


def left(
    text: str, *spans: Span, known: Sequence[Known] = (), facts: Sequence[TraffickerFact] = ()
) -> tuple[str, ...]:
    seen = examined(text, *spans)
    verdicts = verdicts_on(seen, facts)
    return residue(rewrite(text, verdicts), seen, verdicts, known=known, engine=ENGINE)


def test_a_clean_text_leaves_nothing() -> None:
    text = "She met Ioana at the station."
    assert left(text, span(text, "Ioana", "PERSON")) == ()
    assert left("She met nobody at the station.") == ()


def test_a_known_value_that_is_left_is_seen() -> None:
    text = "She met Ioana and the Popescu family."
    known = [Known("PERSON", "Ioana Popescu", "P1")]
    assert left(text, span(text, "Ioana", "PERSON"), known=known) == ("known_value_left",)


def test_a_pattern_and_a_run_of_digits_that_are_left_are_seen() -> None:
    assert "pattern_left" in left("Write to someone@example.org now.")
    assert left("The number was 8812234 in all.") == ("digits_left",)


def test_a_string_that_was_found_once_and_is_left_elsewhere_is_seen() -> None:
    text = "Popescu rang. Later popescu came."
    assert left(text, span(text, "Popescu", "PERSON")) == ("found_string_left",)


def test_a_string_that_only_one_detector_found_within_a_span_is_seen() -> None:
    text = "Casa Zorilor Timisoara was closed. Casa Zorilor has moved."
    seen = examined(text, span(text, "Casa Zorilor Timisoara", "PLACE"))
    verdicts = verdicts_on(seen)
    redacted = rewrite(text, verdicts)
    assert residue(redacted, seen, verdicts, known=(), engine=ENGINE) == ()
    told = Examined(seen.text, seen.language, seen.spans, (), "test", found=((0, 12), (0, 22)))
    assert residue(redacted, told, verdicts, known=(), engine=ENGINE) == ("found_string_left",)


def test_what_we_wrote_ourselves_is_not_looked_at() -> None:
    text = "On 4 March 2025 she left."
    seen = examined(text, span(text, "4 March 2025", "DATE"))
    under = terms(DATE=Detail.FINE)
    verdicts = tuple(judge(one, seen, terms=under, facts=(), alias=None) for one in seen.spans)
    redacted = rewrite(text, verdicts)
    assert redacted == "On [DATE: March 2025] she left."
    assert residue(redacted, seen, verdicts, known=[Known("PERSON", "March", "P1")], engine=ENGINE) == ()


def test_what_looks_like_a_token_in_the_original_is_looked_at() -> None:
    assert "pattern_left" in left("She said [PERSON: someone@example.org] twice.")


def test_a_kept_fact_is_left_alone_where_it_was_kept_and_nowhere_else() -> None:
    text = "Call 0722 123 456 or 0722 123 457."
    fact = TraffickerFact("SUSPECT_PHONE", "0722123456")
    first, second = span(text, "0722 123 456", "PHONE"), span(text, "0722 123 457", "PHONE")
    assert left(text, first, second, facts=[fact]) == ()
    missed = left(text, first, facts=[fact])
    assert missed == ("pattern_left", "digits_left")


def test_a_kept_fact_found_elsewhere_too_is_seen() -> None:
    text = "Call 0722123456. It is 0722123456 again."
    fact = TraffickerFact("SUSPECT_PHONE", "0722123456")
    assert "digits_left" in left(text, span(text, "0722123456", "PHONE"), facts=[fact])


@pytest.mark.parametrize("result", ["", "She met Ioana.", "She met [PERSON]. More", "He met [PERSON]."])
def test_a_text_that_is_not_what_the_verdicts_say_is_seen(result: str) -> None:
    text = "She met Ioana."
    seen = examined(text, span(text, "Ioana", "PERSON"))
    verdicts = verdicts_on(seen)
    assert residue(result, seen, verdicts, known=(), engine=ENGINE) == ("rewrite_disagrees",)


def test_a_span_without_a_verdict_is_seen() -> None:
    text = "She met Ioana."
    seen = examined(text, span(text, "Ioana", "PERSON"))
    assert residue(text, seen, (), known=(), engine=ENGINE) == ("span_unjudged",)


def test_patterns_that_only_this_engine_has_are_looked_for_again() -> None:
    (first, *_) = [one for one in ENGINE.detectors if isinstance(one, Patterns)]
    rooms = Patterns(tuple(one for one in first.patterns if one.name == "room"))
    seen = examined("Go to room 12.")
    assert residue(seen.text, seen, (), known=(), engine=engine_of(rooms)) == ("pattern_left",)


@pytest.mark.parametrize("words", [("the", "court"), ("Court",), ("I",)])
def test_what_covering_does_not_look_for_again_does_not_hold_the_text(words: tuple[str, ...]) -> None:
    text = "The Court saw the court. The Court heard the end, and I agree, I think."
    findings = [found(text, word, "PERSON") for word in words]
    seen = examined(text, *cover_of(text, findings))
    verdicts = verdicts_on(seen)
    ranges = tuple((one.start, one.end) for one in findings)
    told = Examined(text, "en", seen.spans, (), "test", found=ranges)
    assert residue(rewrite(text, verdicts), told, verdicts, known=(), engine=engine_of(knows("WORD"))) == ()


def cover_of(text: str, findings: list[Finding]) -> tuple[Span, ...]:
    from redaction_builders import document

    return cover(document(text), findings)


def test_every_verdict_in_these_tests_replaces_or_keeps() -> None:
    text = "She met Ioana."
    assert [one.action for one in verdicts_on(examined(text, span(text, "Ioana", "PERSON")))] == [
        Action.REPLACE
    ]
