"""Generalising: a coarser rung is made from a finer one, and what is not understood is not said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.terms import Detail
from policies.vocabulary import VOCABULARY
from redaction.generalise import RECORDED, generalise
from redaction.readable import readable

SAID = (Detail.COARSEST, Detail.COARSE, Detail.FINE, Detail.EXACT)


@pytest.mark.parametrize(
    "kind, value, rungs",
    [
        ("ROUTE_DATE", "2025-03-04", ["2025", "2025-Q1", "2025-03", "2025-03-04"]),
        ("ROUTE_DATE", "2025-11", ["2025", "2025-Q4", "2025-11", "2025-11"]),
        ("ROUTE_DATE", "2025", ["2025", "2025", "2025", "2025"]),
        ("AGE_BAND", "19", ["18+", "18-29", "18-20", "19"]),
        ("AGE_BAND", "52", ["18+", "48+", "48+", "52"]),
        ("AGE_BAND", "17", ["<18", "<18", "<18", "<18"]),
        ("AGE_BAND", "9--17", ["<18", "<18", "<18", "<18"]),
        ("AGE_BAND", "18--20", ["18+", "18-29", "18-20", "18-20"]),
        ("ROUTE_PLACE", "RO/Bihor/Oradea", ["151", "RO", "RO/Bihor", "RO/Bihor/Oradea"]),
        ("ROUTE_PLACE", "RO//Oradea", ["151", "RO", "RO", "RO//Oradea"]),
        ("ROUTE_PLACE", "RO//", ["151", "RO", "RO", "RO"]),
        ("CITIZENSHIP", "MD", ["150", "151", "MD", "MD"]),
        (
            "OFFER_WAGE",
            "1800 EUR/month",
            [RECORDED, "1000-9999 EUR/month", "1000-1999 EUR/month", "1800 EUR/month"],
        ),
        ("OFFER_DEBT", "7 EUR", [RECORDED, "0-9 EUR", "7 EUR", "7 EUR"]),
        ("PEOPLE_COUNT", "1", ["1", "1", "1", "1"]),
        ("PEOPLE_COUNT", "7", ["2+", "5-10", "5-10", "7"]),
        ("CHILDREN", "0", ["0", "0", "0", "0"]),
        ("CHILDREN", "4", ["1+", "3+", "3+", "4"]),
        ("CONTROL", "PhysicalThreats", ["AnyThreats", "AnyThreats", "PhysicalThreats", "PhysicalThreats"]),
        ("CHANNEL", "Telegram", [RECORDED, RECORDED, "Telegram", "Telegram"]),
        ("SUSPECT_PHONE", "+40 722 123 456", [RECORDED, RECORDED, RECORDED, "+40 722 123 456"]),
        ("VENUE", "Hotel Example", [RECORDED, RECORDED, RECORDED, "Hotel Example"]),
    ],
)
def test_the_ladder_of_each_kind(kind: str, value: str, rungs: list[str]) -> None:
    assert [generalise(kind, value, rung) for rung in SAID] == rungs
    assert generalise(kind, value, Detail.PRESENCE) == RECORDED
    assert generalise(kind, value, Detail.NOTHING) is None


VALUES = {
    "date": st.dates().map(str).filter(lambda day: "1900" <= day[:4] < "2100"),
    "age": st.integers(0, 130).map(str) | st.sampled_from(("<18", "18-20", "48+", "0-8", "18-29")),
    "place": st.tuples(
        st.sampled_from(sorted(VOCABULARY.regions)),
        st.sampled_from(("", "Bihor")),
        st.sampled_from(("", "Oradea")),
    ).map("/".join),
    "country": st.sampled_from(sorted(VOCABULARY.regions)),
    "amount": st.tuples(st.integers(0, 10**7), st.sampled_from((" EUR", " RON/month"))).map(
        lambda a: f"{a[0]}{a[1]}"
    ),
    "persons": st.integers(0, 999).map(str),
    "children": st.integers(0, 30).map(str),
}


def values_of(kind: str) -> st.SearchStrategy[str]:
    """Values that the ladder of `kind` understands."""
    rungs = VOCABULARY.kinds[kind].rungs
    picklist = VOCABULARY.kinds[kind].picklist
    for ladder, word in (
        ("date", "quarter"),
        ("age", "18 and over"),
        ("place", "division"),
        ("amount", "currency"),
    ):
        if any(word in rung for rung in rungs.values()):
            return VALUES[ladder]
    if "none, or some" in rungs[Detail.COARSEST]:
        return VALUES["children"]
    if "one, or more" in rungs[Detail.COARSEST]:
        return VALUES["persons"]
    if "world region" in rungs[Detail.COARSEST]:
        return VALUES["country"]
    if picklist:
        return st.sampled_from(list(VOCABULARY.picklists[picklist].codes))
    return st.sampled_from(("a value", "+40 722 123 456"))


@settings(max_examples=1500, deadline=None)
@given(st.data())
def test_a_coarser_rung_is_a_function_of_a_finer_one(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(VOCABULARY.kinds)))
    value = data.draw(values_of(kind))
    coarser, finer = sorted(
        data.draw(st.tuples(st.sampled_from(list(Detail)), st.sampled_from(list(Detail))))
    )
    said = generalise(kind, value, finer)
    assert generalise(kind, value, coarser) == (None if said is None else generalise(kind, said, coarser))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(VOCABULARY.kinds)), st.text(max_size=30), st.sampled_from(SAID[:-1]))
def test_below_exact_free_text_never_comes_through(kind: str, value: str, rung: Detail) -> None:
    said = generalise(kind, f"Ioana {value} Example", rung)
    assert said in (None, RECORDED)


def test_a_ladder_without_a_value_that_it_understands_says_nothing() -> None:
    for kind, value in (
        ("ROUTE_DATE", "soon"),
        ("ROUTE_DATE", "2025-02-30"),
        ("AGE_BAND", "nineteen"),
        ("AGE_BAND", "16-20"),
        ("ROUTE_PLACE", "Atlantis//"),
        ("CITIZENSHIP", "XX"),
        ("CONTROL", "Ioana"),
        ("NO_SUCH_KIND", "x"),
    ):
        assert generalise(kind, value, Detail.EXACT) is None


def test_nobody_under_eighteen_is_ever_told_from_another() -> None:
    for rung in SAID:
        assert {generalise("AGE_BAND", str(age), rung) for age in range(18)} == {"<18"}


@pytest.mark.parametrize(
    "kind, value, language, fine",
    [
        ("DATE", "4 March 2025", "en", "March 2025"),
        ("DATE", "Tuesday, March 4th, 2025", "en", "March 2025"),
        ("DATE", "le 4 mars 2025", "fr", "mars 2025"),
        ("DATE", "4 de marzo de 2025", "es", "marzo 2025"),
        ("DATE", "4 martie 2025", "ro", "martie 2025"),
        ("DATE", "il 4 marzo 2025", "it", "marzo 2025"),
        ("DATE", "04.03.2025", "de", "März 2025"),
        ("DATE", "04/03/2025", "en", "2025"),  # April or March
        ("DATE", "25/03/2025", "en", "March 2025"),
        ("DATE", "2025", "en", "2025"),
        ("AGE", "19-year-old", "en", "18-20"),
        ("AGE", "âgée de 19 ans", "fr", "18-20"),
        ("AGE", "19 de ani", "ro", "18-20"),
        ("AGE", "seventeen years old", "en", "<18"),
        ("PLACE", "the United Kingdom", "en", "United Kingdom"),
        ("PLACE", "la Roumanie", "fr", "Roumanie"),
        ("MONEY", "€ 1.200,50", "it", "1000-1999 EUR"),
        ("TIME", "14h30", "fr", "après-midi"),
    ],
)
def test_a_text_is_understood_whole(kind: str, value: str, language: str, fine: str) -> None:
    assert readable(kind, value, Detail.FINE, language=language) == fine
    assert readable(kind, value, Detail.EXACT, language=language) == fine


@pytest.mark.parametrize(
    "kind, value",
    [
        ("DATE", "yesterday"),
        ("DATE", "4 March"),
        ("DATE", "4 March 2025 with Ana"),
        ("DATE", "31 February 2025"),
        ("AGE", "10th grade"),
        ("AGE", "19 or Ana"),
        ("PLACE", "Oradea"),
        ("PLACE", "Ana"),
        ("MONEY", "much"),
        ("TIME", "after lunch"),
        ("PERSON", "Ana"),
    ],
)
def test_a_text_that_is_not_understood_whole_says_nothing(kind: str, value: str) -> None:
    assert all(readable(kind, value, rung, language="en") is None for rung in Detail)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(("DATE", "AGE", "PLACE", "MONEY", "TIME", "NATIONALITY")), st.text(max_size=30))
def test_no_word_of_a_text_comes_back(kind: str, value: str) -> None:
    said = readable(kind, f"Ioana {value}", Detail.FINE, language="en")
    assert said is None or "ioana" not in said.casefold()
