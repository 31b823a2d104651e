"""Seven hundred ways to fail, one at a time, at every step: nothing is ever published in consequence."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

import pytest
from redaction_builders import knows, terms

from policies.terms import Detail, Linkage
from redaction import pipeline, residue
from redaction.detectors.second_look import SECOND_LOOK
from redaction.engine import Engine, Language
from redaction.findings import Finding, Known, Redacted, Refused, Span, TraffickerFact, Unsafe, View
from redaction.pipeline import disclose, examine, redact

SECRET = "Zorina Vasquin"
TEXT = f"On 4 March 2025 {SECRET} rang 0722 123 456 and left for 12 Example Street. She is 19 years old."
NAMES = knows("PERSON", "Zorina", "Vasquin", name="known_values", subject="P1")
DETECTORS = (NAMES, *SECOND_LOOK)
KNOWN = (Known("PERSON", SECRET, "P1"), Known("PHONE", "0722 123 456", "P1"))
FACTS = (TraffickerFact("SUSPECT_PHONE", "0733 000 111"),)
TERMS = terms(DATE=Detail.FINE, SUSPECT_PHONE=Detail.EXACT, linkage=Linkage.CIRCLE)


class Missing(ImportError):
    """A model that is not there, as a library would say it: with the text in its message."""


class Broken:
    """An object that fails however it is used."""

    def __getattr__(self, name: str) -> object:
        raise RuntimeError(TEXT)

    def __iter__(self) -> object:
        raise RuntimeError(TEXT)

    def __len__(self) -> int:
        raise RuntimeError(TEXT)


def raising(error: BaseException) -> Callable[..., object]:
    def fail(*args: object, **kwargs: object) -> object:
        raise error

    return fail


def returning(value: object) -> Callable[..., object]:
    return lambda *args, **kwargs: value


def halfway(error: Exception) -> Callable[..., object]:
    """A detector that finds something and then fails."""

    def fail(*args: object, **kwargs: object) -> Iterable[object]:
        yield Finding(0, 2, "DATE", "model")
        raise error

    return fail


ERRORS = (
    *(RuntimeError, ValueError, KeyError, IndexError, AttributeError, TypeError, TimeoutError, MemoryError),
    *(RecursionError, OSError, UnicodeError, ZeroDivisionError, StopIteration, AssertionError, Missing),
    *(NotImplementedError, LookupError, BrokenPipeError, ConnectionError, EOFError, Unsafe),
)

WRONG = (
    None,
    7,
    1.5,
    True,
    "text",
    TEXT,
    b"bytes",
    object(),
    Broken(),
    [None],
    ["text"],
    (1, 2),
    {"a": 1},
    [TEXT],
)

# What each step answers when it has nothing to say, and with which it must not be believed: an empty result where
# something was there to find. An empty answer of a detector, or of the second look, is an honest one.
EMPTY: dict[str, tuple[object, ...]] = {
    "identify": ("", (), {}, Language("", strict=False, sure=True)),
    "views": ({}, (), ""),
    "cover": ((), [], ""),
    "judge": ("", (), {}),
    "rewrite": ("", (), "nothing to see"),
    "residue": ([], {}, "", set()),
    "known_sweep": (None, 7),
    "detector": (None, 7),
    "accept": (),
}


def a_finding_that_is_none(dice: random.Random) -> list[Finding]:
    """Findings with offsets or kinds that nobody could mean."""
    offsets = ((-5, 3), (3, 3), (9, 2), (0, 10**9), (10**9, 10**9 + 1), (None, 4), ("0", "4"), (0.0, 4.5))
    start, end = dice.choice(offsets)
    return [Finding(start, end, "PERSON", "model")]  # type: ignore[arg-type]


def a_fault(step: str, dice: random.Random) -> Callable[..., object]:
    """Something that goes wrong in `step`."""
    sort = dice.choice(("error", "error", "wrong", "empty", "late"))
    error = dice.choice(ERRORS)(TEXT)
    if sort == "wrong" and step not in ("accept", "known_sweep"):
        return returning(dice.choice(WRONG))
    if sort == "empty" and EMPTY[step]:
        return returning(dice.choice(EMPTY[step]))
    if sort == "late" and step == "detector" and not isinstance(error, StopIteration):
        return dice.choice((halfway(error), returning(a_finding_that_is_none(dice))))
    return raising(error)


STEPS = ("accept", "identify", "views", "detector", "cover", "judge", "rewrite", "residue", "known_sweep")
PLACES = {
    "accept": (pipeline, "accept"),
    "views": (pipeline, "views_of"),
    "cover": (pipeline, "cover"),
    "judge": (pipeline, "judge"),
    "rewrite": (pipeline, "rewrite"),
    "residue": (pipeline, "residue"),
    "known_sweep": (residue, "known_variants_in"),
}


def engine(
    *, identify: Callable[..., object] | None = None, detectors: Sequence[object] = DETECTORS
) -> Engine:
    known_language = returning(Language("en", strict=False, sure=True))
    return Engine(tuple(detectors), identify or known_language, "test")  # type: ignore[arg-type]


def publish(with_engine: Engine) -> Redacted | None:
    """What would be published; None where the text was refused."""
    try:
        return redact(
            TEXT, terms=TERMS, engine=with_engine, known=KNOWN, facts=FACTS, alias=lambda code: "K7Q2M"
        )
    except Refused:
        return None


def test_without_a_fault_the_text_is_published() -> None:
    redacted = publish(engine())
    assert redacted is not None and not redacted.held
    assert redacted.text == (
        "On [DATE: March 2025] [PERSON K7Q2M] rang [PHONE] and left for [ADDRESS]. She is [AGE]."
    )


@pytest.mark.parametrize("step", STEPS)
def test_a_fault_in_any_step_holds_the_text(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """80 faults in each of the nine steps, 720 in all."""
    dice = random.Random(f"fault in {step}")
    published = []
    for _ in range(80):
        fault = a_fault(step, dice)
        broken = engine()
        if step == "identify":
            broken = engine(identify=fault)
        elif step == "detector":
            place = dice.randrange(len(DETECTORS) + 1)
            broken = engine(detectors=[*DETECTORS[:place], fault, *DETECTORS[place + dice.randint(0, 1) :]])
        else:
            monkeypatch.setattr(*PLACES[step], fault)
        redacted = publish(broken)
        assert redacted is None or (isinstance(redacted, Redacted) and isinstance(redacted.reasons, tuple))
        if redacted is not None and not (redacted.held and redacted.text == "" and redacted.reasons):
            published.append(redacted.text)
        if redacted is not None:
            assert SECRET not in " ".join(redacted.reasons) and "Zorina" not in repr(redacted)
    assert published == []


def test_a_fault_in_the_alias_or_in_the_terms_holds_the_text() -> None:
    for alias in (raising(KeyError(SECRET)), returning(None), returning(SECRET), returning("")):
        redacted = redact(TEXT, terms=TERMS, engine=engine(), known=KNOWN, alias=alias)  # type: ignore[arg-type]
        assert redacted.held
    for wrong in WRONG:
        assert redact(TEXT, terms=wrong, engine=engine(), known=KNOWN).held  # type: ignore[arg-type]
        assert redact(TEXT, terms=TERMS, engine=wrong, known=KNOWN).held  # type: ignore[arg-type]
        assert redact(TEXT, terms=TERMS, engine=engine(), known=wrong).held  # type: ignore[arg-type]


def test_an_expired_or_empty_set_of_terms_publishes_no_detail() -> None:
    nothing = replace(TERMS, detail={}, until=date(1999, 1, 1))
    redacted = redact(TEXT, terms=nothing, engine=engine(), known=KNOWN)
    assert (
        redacted.text
        == "On [REDACTED] [REDACTED] rang [REDACTED] and left for [REDACTED]. She is [REDACTED]."
    )


def test_no_word_of_a_foreign_error_survives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "cover", raising(RuntimeError(TEXT)))
    with pytest.raises(Unsafe) as caught:
        examine(TEXT, engine=engine(), known=KNOWN)
    chain: list[BaseException | None] = [caught.value, caught.value.__cause__, caught.value.__context__]
    assert caught.value.codes == ("cover_failed",)
    assert chain[1:] == [None, None]


def test_an_error_that_carries_the_text_as_its_code_does_not_pass_it_on() -> None:
    redacted = publish(engine(detectors=[raising(Unsafe(TEXT, "detector_failed"))]))
    assert redacted is not None and redacted.reasons == ("unnamed", "detector_failed")


def test_a_fault_while_disclosing_holds_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = examine(TEXT, engine=engine(), known=KNOWN)
    monkeypatch.setattr(pipeline, "residue", raising(RuntimeError(TEXT)))
    held = disclose(seen, terms=TERMS, engine=engine(), known=KNOWN)
    assert (held.held, held.text, held.reasons) == (True, "", ("residue_failed",))


def test_with_the_controls_off_the_same_faults_do_leak(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second look, and the check that nothing found was lost, are what holds these texts."""

    def unchecked(read: object, findings: Sequence[Finding]) -> tuple[Span, ...]:
        return pipeline.cover(read, findings)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "cover", returning(()))
    held = publish(engine())
    assert held is not None and held.reasons == ("finding_lost",)
    monkeypatch.setattr(pipeline, "covered", unchecked)
    held = publish(engine())
    assert held is not None and "known_value_left" in held.reasons
    monkeypatch.setattr(pipeline, "residue", returning(()))
    leaked = publish(engine())
    assert leaked is not None and leaked.text == TEXT


def test_a_view_that_shifts_its_offsets_does_not_publish_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reading that points one character too far still covers whole words, or is held."""
    honest = pipeline.views_of

    def shifted(text: str) -> dict[str, View]:
        return {
            name: replace(view, starts=[at + 1 for at in view.starts], ends=[at + 1 for at in view.ends])
            for name, view in honest(text).items()
        }

    monkeypatch.setattr(pipeline, "views_of", shifted)
    redacted = publish(engine())
    assert redacted is not None
    assert redacted.held or ("Zorina" not in redacted.text and "0722" not in redacted.text)
