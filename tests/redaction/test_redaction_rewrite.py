"""Rewriting: the text with its spans replaced, and nothing else."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.terms import Detail
from redaction import rewrite as rewriting
from redaction.findings import Action, Span, Unsafe, Verdict
from redaction.rewrite import rewrite

INSTEAD = st.sampled_from(("[PERSON]", "[PHONE]", "[DATE: March 2025]", "[PERSON K7Q2M]", "[REDACTED]"))


@st.composite
def texts_with_verdicts(draw: st.DrawFn) -> tuple[str, list[Verdict]]:
    text = draw(st.text(min_size=1, max_size=80))
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=12)))
    verdicts = []
    for start, end in zip(edges[::2], edges[1::2], strict=False):
        kept = draw(st.booleans())
        span = Span(start, end, frozenset({"PERSON"}), frozenset({"model"}))
        action = Action.KEEP if kept else Action.REPLACE
        verdicts.append(Verdict(span, action, Detail.PRESENCE, text[start:end] if kept else draw(INSTEAD)))
    return text, verdicts


@settings(max_examples=300, deadline=None)
@given(texts_with_verdicts())
def test_rewriting_is_splicing(case: tuple[str, list[Verdict]]) -> None:
    text, verdicts = case
    expected = text
    for verdict in reversed(verdicts):
        expected = expected[: verdict.span.start] + verdict.instead + expected[verdict.span.end :]
    assert rewrite(text, verdicts) == expected


def verdict(start: int, end: int, instead: str = "[PERSON]") -> Verdict:
    return Verdict(
        Span(start, end, frozenset({"PERSON"}), frozenset()), Action.REPLACE, Detail.PRESENCE, instead
    )


def test_equal_neighbours_are_not_merged() -> None:
    assert rewrite("Ana Ema left", [verdict(0, 3), verdict(4, 7)]) == "[PERSON] [PERSON] left"
    assert rewrite("AnaEma left", [verdict(0, 3), verdict(3, 6)]) == "[PERSON][PERSON] left"


def test_what_stands_instead_is_not_read_as_a_pattern() -> None:
    assert rewrite("Ana left", [verdict(0, 3, r"[\1 {0} %s]")]) == r"[\1 {0} %s] left"


@pytest.mark.parametrize("verdicts", [[verdict(0, 5), verdict(3, 8)], [verdict(4, 6), verdict(0, 2)]])
def test_spans_that_overlap_or_stand_in_disorder_are_an_error(verdicts: list[Verdict]) -> None:
    with pytest.raises(Unsafe, match="spans_overlap"):
        rewrite("some text here", verdicts)


def test_a_writer_that_clips_or_drops_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = SimpleNamespace(anonymize=lambda text, **rest: SimpleNamespace(text=text))
    monkeypatch.setattr(rewriting, "_ENGINE", broken)
    with pytest.raises(Unsafe, match="rewrite_disagrees"):
        rewrite("Ana left", [verdict(0, 3)])


def test_five_hundred_spans_take_less_than_a_second() -> None:
    text = "word " * 4000
    verdicts = [verdict(20 * number, 20 * number + 4, f"[T{number % 7}]") for number in range(500)]
    began = time.process_time()
    rewrite(text, verdicts)
    assert time.process_time() - began < 1
