"""Judging: nothing that was found stays, unless it was declared a fact about the network and touches nobody."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redaction_builders import examined, span, terms

from policies.terms import Detail, Linkage, Terms
from redaction.findings import Action, Span, TraffickerFact, Unsafe, Verdict
from redaction.judge import NEUTRAL, ORDER, Alias, judge

FREE = terms(**dict.fromkeys(ORDER, Detail.EXACT))  # as loose as terms can be


def verdict(
    text: str,
    one: Span,
    *,
    under: Terms = FREE,
    facts: Sequence[TraffickerFact] = (),
    alias: Alias | None = None,
    language: str = "en",
) -> Verdict:
    return judge(one, examined(text, one, language=language), terms=under, facts=facts, alias=alias)


def instead(text: str, what: str, *kinds: str, under: Terms = FREE, language: str = "en") -> str:
    return verdict(text, span(text, what, *kinds), under=under, language=language).instead


@given(st.sets(st.sampled_from(ORDER), min_size=1), st.sampled_from(list(Detail)), st.text(min_size=1))
def test_no_terms_leave_what_was_found_in_a_text(kinds: set[str], rung: Detail, text: str) -> None:
    one = Span(0, len(text), frozenset(kinds), frozenset({"model"}))
    decided = verdict(text, one, under=terms(**dict.fromkeys(ORDER, rung)))
    assert decided.action is not Action.KEEP
    assert decided.instead.startswith("[") and decided.instead.endswith("]")


@given(
    st.text(min_size=1, max_size=60), st.sampled_from([kind for kind in ORDER if kind not in ("AGE", "DATE")])
)
def test_a_token_does_not_depend_on_what_it_hides(hidden: str, kind: str) -> None:
    one = Span(0, len(hidden), frozenset({kind}), frozenset({"model"}), frozenset())
    under = terms()
    assert (
        verdict(hidden, one, under=under).instead
        == verdict("x", Span(0, 1, one.kinds, one.detectors), under=under).instead
    )


def test_tokens_name_the_kind() -> None:
    assert instead("Ioana", "Ioana", "PERSON") == "[PERSON]"
    assert instead("1.1.1990", "1.1.1990", "DATE_OF_BIRTH") == "[DATE OF BIRTH]"


def test_a_kind_that_may_not_be_mentioned_is_neutral() -> None:
    under = terms(PERSON=Detail.NOTHING)
    assert instead("Ioana", "Ioana", "PERSON", under=under) == NEUTRAL
    assert instead("Ioana", "Ioana", "PERSON", "PHONE", under=under) == NEUTRAL


def test_an_unknown_kind_is_neutral_whatever_the_terms_say_of_it() -> None:
    assert instead("x", "x", "SHOE_SIZE", under=terms(SHOE_SIZE=Detail.EXACT)) == NEUTRAL
    assert instead("x", "x", "PERSON", "SHOE_SIZE", under=terms(SHOE_SIZE=Detail.EXACT)) == NEUTRAL


def test_where_detectors_disagree_the_most_protective_kind_names_the_token() -> None:
    assert instead("Paris", "Paris", "PLACE", "PERSON", "ORGANISATION") == "[PERSON]"
    assert instead("0722", "0722", "NUMBER", "PHONE") == "[PHONE]"


@pytest.mark.parametrize(
    "kind, hidden, rung, expected",
    [
        ("DATE", "4 March 2025", Detail.PRESENCE, "[DATE]"),
        ("DATE", "4 March 2025", Detail.COARSEST, "[DATE: 2025]"),
        ("DATE", "4 March 2025", Detail.COARSE, "[DATE: Q1 2025]"),
        ("DATE", "4 March 2025", Detail.FINE, "[DATE: March 2025]"),
        ("DATE", "4 March 2025", Detail.EXACT, "[DATE: March 2025]"),
        ("DATE", "two days after the fire", Detail.EXACT, "[DATE]"),
        ("AGE", "nineteen years old", Detail.FINE, "[AGE: 18-20]"),
        ("AGE", "aged 16", Detail.EXACT, "[AGE: <18]"),
        ("PLACE", "Romania", Detail.COARSE, "[PLACE: Romania]"),
        ("PLACE", "Romania", Detail.COARSEST, "[PLACE: Eastern Europe]"),
        ("PLACE", "Vadu Crișului", Detail.EXACT, "[PLACE]"),
        ("TIME", "03:10", Detail.COARSE, "[TIME: night]"),
        ("MONEY", "2,300 EUR", Detail.COARSE, "[MONEY: 1000-9999 EUR]"),
        ("PERSON", "Ioana", Detail.EXACT, "[PERSON]"),
        ("DATE_OF_BIRTH", "4 March 1994", Detail.EXACT, "[DATE OF BIRTH]"),
    ],
)
def test_a_kind_on_which_all_agree_is_said_as_coarsely_as_the_terms_ask(
    kind: str, hidden: str, rung: Detail, expected: str
) -> None:
    assert instead(hidden, hidden, kind, under=terms({kind: rung})) == expected


def test_it_is_said_in_the_language_of_the_text() -> None:
    under = terms(DATE=Detail.FINE, PLACE=Detail.COARSE)
    assert instead("4 mars 2025", "4 mars 2025", "DATE", under=under, language="fr") == "[DATE: mars 2025]"
    assert instead("Germania", "Germania", "PLACE", under=under, language="ro") == "[PLACE: Germania]"


def test_nothing_is_said_of_a_date_that_may_be_something_else_or_somebody_known() -> None:
    text = "4 March 2025"
    assert instead(text, text, "DATE", "NUMBER") == "[DATE]"
    assert verdict(text, span(text, text, "DATE", subjects=["P1"])).instead == "[DATE]"


def alias(subject: str) -> str:
    return {"P1": "K7Q2M", "P2": "QQQQQ"}[subject]


def test_a_known_person_has_a_pseudonym_only_where_the_circle_may_recognise_people() -> None:
    one = span("Ioana", "Ioana", "PERSON", subjects=["P1"])
    linked = terms(linkage=Linkage.CIRCLE)
    assert verdict("Ioana", one, under=linked, alias=alias).instead == "[PERSON K7Q2M]"
    assert verdict("Ioana", one, under=linked).instead == "[PERSON]"
    for linkage in (Linkage.NONE, Linkage.BULLETIN):
        assert verdict("Ioana", one, under=terms(linkage=linkage), alias=alias).instead == "[PERSON]"


def test_a_span_of_two_people_or_of_no_name_has_no_pseudonym() -> None:
    linked = terms(linkage=Linkage.CIRCLE)
    both = span("Ioana", "Ioana", "PERSON", subjects=["P1", "P2"])
    phone = span("0722", "0722", "PHONE", subjects=["P1"])
    assert verdict("Ioana", both, under=linked, alias=alias).instead == "[PERSON]"
    assert verdict("0722", phone, under=linked, alias=alias).instead == "[PHONE]"


def test_a_pseudonym_that_is_none_is_an_error() -> None:
    one = span("Ioana", "Ioana", "PERSON", subjects=["P1"])
    with pytest.raises(Unsafe, match="alias_malformed"):
        verdict("Ioana", one, under=terms(linkage=Linkage.CIRCLE), alias=lambda subject: "Ioana")


PHONE = TraffickerFact("SUSPECT_PHONE", "+40 722 123 456")


def test_a_declared_fact_stays_where_terms_let_it_pass_whole() -> None:
    one = span("0040-722-123-456", "0040-722-123-456", "PHONE", "NUMBER", detectors=["contacts", "digits"])
    passes = terms(SUSPECT_PHONE=Detail.EXACT)
    kept = verdict("0040-722-123-456", one, under=passes, facts=[PHONE])
    assert (kept.action, kept.instead) == (Action.KEEP, "0040-722-123-456")
    assert verdict("0040-722-123-456", one, under=terms(), facts=[PHONE]).action is Action.REPLACE
    assert verdict("0040-722-123-456", one, under=passes).action is Action.REPLACE


@pytest.mark.parametrize(
    "hidden, kinds, detectors, subjects",
    [
        ("+40 722 123 456", ["PHONE"], ["known_values"], []),  # the form names it as hers
        ("+40 722 123 456", ["PHONE"], ["contacts"], ["P1"]),
        ("+40 722 123 456", ["PHONE", "PERSON"], ["contacts", "model"], []),
        ("+40 722 123 456 Ana", ["PHONE"], ["contacts"], []),  # more than the fact
        ("+40 722 123 45", ["PHONE"], ["contacts"], []),  # less
        ("+40 722 123\u200b 456", ["PHONE"], ["contacts"], []),  # with something hidden in it
    ],
)
def test_a_fact_that_touches_anybody_or_is_not_the_whole_span_goes(
    hidden: str, kinds: list[str], detectors: list[str], subjects: list[str]
) -> None:
    one = span(hidden, hidden, *kinds, detectors=detectors, subjects=subjects)
    assert (
        verdict(hidden, one, under=terms(SUSPECT_PHONE=Detail.EXACT), facts=[PHONE]).action is Action.REPLACE
    )


@pytest.mark.parametrize(
    "kind, declared, written, found_as",
    [
        ("SUSPECT_NAME", "Gelu  Ionescu", "GELU IONESCU", "PERSON"),
        ("SUSPECT_HANDLE", "easy_jobs", "@Easy_Jobs", "HANDLE"),
        ("SUSPECT_EMAIL", "jobs@example.com", "Jobs@Example.com", "EMAIL"),
        ("SUSPECT_ACCOUNT", "BG80BNBG96611020345678", "BG80 BNBG 9661 1020 3456 78", "ACCOUNT"),
        ("VEHICLE_PLATE", "B 123 ABC", "b-123-abc", "PLATE"),
        ("ADVERT", "https://www.example.com/jobs/1/", "example.com/jobs/1", "URL"),
    ],
)
def test_facts_are_recognised_however_they_are_written(
    kind: str, declared: str, written: str, found_as: str
) -> None:
    one = span(written, written, found_as)
    decided = verdict(written, one, under=terms({kind: Detail.EXACT}), facts=[TraffickerFact(kind, declared)])
    assert decided.action is Action.KEEP
