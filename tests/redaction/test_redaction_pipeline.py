"""The whole way: a text comes in, and what a given reader may see goes out."""

from __future__ import annotations

import random

import pytest
from redaction_builders import engine_of, knows, terms

from policies.terms import Detail, Linkage, Terms
from redaction.engine import Engine, Language
from redaction.findings import Hold, Known, Refused, TraffickerFact, Unsafe
from redaction.pipeline import disclose, examine, redact

NAMES = knows("PERSON", "Ioana", "Popescu", "Gelu Ionescu")
ENGINE = engine_of(NAMES)
TEXT = (
    "On 4 March 2025 Ioana Popescu (19 years old) rang 0722 123 456 from Oradea. "
    "Gelu Ionescu, the recruiter, uses +40 733 000 111 and https://jobs.example.com/ad/1."
)


def test_names_numbers_and_links_go_and_the_rest_stays() -> None:
    redacted = redact(TEXT, terms=terms(), engine=ENGINE)
    assert not redacted.held
    assert redacted.text == (
        "On [DATE] [PERSON] ([AGE]) rang [PHONE] from Oradea. [PERSON], the recruiter, uses [PHONE] and [URL]."
    )


def test_dates_and_ages_are_said_as_coarsely_as_terms_ask() -> None:
    redacted = redact(TEXT, terms=terms(DATE=Detail.FINE, AGE=Detail.COARSE), engine=ENGINE)
    assert redacted.text.startswith("On [DATE: March 2025] [PERSON] ([AGE: 18-29]) rang [PHONE]")


def test_declared_facts_about_the_network_come_through() -> None:
    facts = [TraffickerFact("SUSPECT_PHONE", "0040733000111"), TraffickerFact("SUSPECT_NAME", "Gelu Ionescu")]
    under = terms(SUSPECT_PHONE=Detail.EXACT, SUSPECT_NAME=Detail.PRESENCE)
    redacted = redact(TEXT, terms=under, engine=ENGINE, facts=facts)
    assert "uses +40 733 000 111 and" in redacted.text
    assert "Gelu" not in redacted.text and "0722" not in redacted.text


def test_the_same_person_has_the_same_pseudonym_throughout() -> None:
    engine = engine_of(knows("PERSON", "Ioana", name="known_values", subject="P1"), knows("PERSON", "Mirela"))
    redacted = redact(
        "Ioana rang. Mirela met Ioana.",
        terms=terms(linkage=Linkage.CIRCLE),
        engine=engine,
        known=[Known("PERSON", "Ioana", "P1")],
        alias=lambda subject: "K7Q2M",
    )
    assert redacted.text == "[PERSON K7Q2M] rang. [PERSON] met [PERSON K7Q2M]."


def test_terms_that_allow_nothing_leave_neutral_marks() -> None:
    redacted = redact("Ioana rang 0722 123 456.", terms=Terms.nothing(), engine=ENGINE)
    assert redacted.text == "[REDACTED] rang [REDACTED]."


def test_a_doubt_holds_the_whole_text() -> None:
    engine = engine_of(NAMES, lambda read: [Hold("unique_person", "model", 0, 4)])
    redacted = redact(TEXT, terms=terms(), engine=engine)
    assert (redacted.held, redacted.text, redacted.reasons) == (True, "", ("unique_person",))


def test_a_known_value_that_nobody_found_holds_the_text() -> None:
    redacted = redact(
        "Met Zorina twice.", terms=terms(), engine=ENGINE, known=[Known("PERSON", "Zorina", "P1")]
    )
    assert redacted.held and redacted.text == ""
    assert "known_value_left" in redacted.reasons


def test_a_text_that_is_refused_at_the_door_raises() -> None:
    with pytest.raises(Refused):
        redact("x" * 200_001, terms=terms(), engine=ENGINE)
    with pytest.raises(Refused):
        redact("reversed \u202e text", terms=terms(), engine=ENGINE)


def test_an_engine_that_looks_with_nothing_is_no_engine() -> None:
    blind = Engine((), lambda text, wanted: Language("en", False, True), "none")
    assert redact("anything", terms=terms(), engine=blind).reasons == ("no_detectors",)
    with pytest.raises(Unsafe, match="no_detectors"):
        examine("anything", engine=blind)


def test_an_examined_text_can_be_disclosed_under_other_terms_later() -> None:
    seen = examine(TEXT, engine=ENGINE)
    loose = disclose(seen, terms=terms(DATE=Detail.FINE), engine=ENGINE)
    tight = disclose(seen, terms=terms(), engine=ENGINE)
    assert "[DATE: March 2025]" in loose.text and "[DATE]" in tight.text
    assert disclose(seen, terms=terms(DATE=Detail.FINE), engine=ENGINE) == loose


def test_what_was_found_is_kept_beside_the_spans() -> None:
    seen = examine("Ioana Popescu left.", engine=ENGINE)
    assert [(one.start, one.end) for one in seen.spans] == [(0, 13)]
    assert {(0, 5), (6, 13)} <= set(seen.found)


def test_nothing_that_holds_text_shows_it_in_its_repr() -> None:
    seen = examine(TEXT, engine=ENGINE)
    redacted = redact(TEXT, terms=terms(), engine=ENGINE)
    for value in (seen, redacted, *redacted.verdicts):
        assert "Ioana" not in repr(value) and "recruiter" not in repr(value)


CARRIERS = (
    "Yesterday {} left the flat with two men.",
    "The girl called {} said that she owed money.",
    "{} was met at the station, and {} was taken to a hotel.",
    "They took the papers of {}; {}'s mother has them now.",
)


def invented_name(dice: random.Random) -> str:
    """A word that is no word, of 2 to 20 letters, or two or three of them."""
    words = []
    for _ in range(dice.randint(1, 3)):
        letters = "".join(
            dice.choice("bcdfglmnprstvz") + dice.choice("aeiou") for _ in range(dice.randint(1, 10))
        )
        words.append(letters.capitalize() + dice.choice(("", "x", "q")))
    return " ".join(words)


@pytest.mark.parametrize("seed", range(4))
def test_two_texts_that_differ_in_the_secret_alone_become_one(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(60):
        carrier = dice.choice(CARRIERS)
        published = set()
        for secret in (invented_name(dice), invented_name(dice)):
            engine = engine_of(*(knows("PERSON", word) for word in [secret, *secret.split()]))
            redacted = redact(carrier.replace("{}", secret), terms=terms(), engine=engine)
            assert not redacted.held, redacted.reasons
            published.add(redacted.text)
        assert len(published) == 1
