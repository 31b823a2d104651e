"""`parallax redact`: a line in, a line out, in order, whatever the line holds."""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from redaction_deaths import dies, gave_up
from redaction_reading import english

from policies.load import floor
from redaction import cli
from redaction.cli import bench_group, redact_command, work
from redaction.engine import Engine
from redaction.findings import Unsafe
from redaction.lines import DETAILS, LONGEST_LINE, Asked, BadLine, in_batches, lines_of, parse
from redaction.many import read_ahead
from redaction.pipeline import redact
from redaction.workers import Workers

POLICY = Path(cli.__file__).parents[1] / "policies" / "data" / "templates" / "shelter.yaml"
ASKED = Asked(floor(), None, False)


@pytest.fixture(autouse=True)
def one_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "standard_engine", lambda models: english())
    monkeypatch.setattr(cli, "_MOST_WORKERS", 1)


def run(*lines: str | bytes, options: Sequence[str] = ()) -> Result:
    given = b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines)
    return CliRunner().invoke(redact_command, list(options), input=given)


def line(text: str, identity: str = "1", **more: Any) -> str:
    return json.dumps({"id": identity, "text": text, "lang": "en", **more})


def answers(result: Result) -> list[dict[str, Any]]:
    return [json.loads(answer) for answer in result.stdout.splitlines()]


def test_a_text_comes_out_redacted() -> None:
    text = "We met Ana Popescu in the kitchen."
    result = run(line(text))
    (answer,) = answers(result)
    assert result.exit_code == 0 and set(answer) == {"id", "lang", "redacted", "spans", "held", "reasons"}
    assert answer["redacted"] == "We met [PERSON] in the kitchen."
    assert answer["held"] is False and answer["reasons"] == []
    (span,) = answer["spans"]
    assert text[span["start"] : span["end"]] == "Ana Popescu"
    assert (span["kind"], span["action"]) == ("PERSON", "replace") and "names" in span["detectors"]


def test_offsets_are_code_points() -> None:
    text = "é\u0301 🌍. We met Osarugue there, and she was tired."
    (span,) = answers(run(line(text)))[0]["spans"]
    assert text[span["start"] : span["end"]] == "Osarugue"


def test_known_values_are_found_and_never_echoed() -> None:
    result = run(line("She is called the swan by them.", known=[{"kind": "PERSON", "value": "Swan"}]))
    assert "swan" not in result.stdout.lower()


def test_a_held_text_is_empty_and_says_why_and_where() -> None:
    (answer,) = answers(run(line("She has a blue swallow tattoo behind left ear.")))
    assert answer["held"] and answer["redacted"] == "" and answer["reasons"] == ["body_mark"]
    assert answer["spans"]


def test_lines_that_are_not_valid_get_an_error_and_the_rest_go_on() -> None:
    bad = {
        "empty_line": b"   ",
        "not_utf8": b'{"id": "\xff"}',
        "not_json": '{"id": "secret-name"',
        "not_json ": '{"id": "1", "text": "secret-name", "x": NaN}',
        "not_json  ": '{"id": "1", "text": "secret-name", "x": [-Infinity]}',
        "repeated_key": '{"id": "1", "id": "2", "text": "secret-name"}',
        "not_an_object": '["secret-name"]',
        "id_missing": '{"text": "secret-name"}',
        "text_missing": '{"id": "1", "text": 5}',
        "lang_malformed": line("secret-name", lang="english!"),
        "known_malformed": line("secret-name", known=[{"kind": "PERSON"}]),
        "known_malformed ": line("secret-name", known=[{"kind": "PERSON", "value": " \u200b\n"}]),
        "known_malformed  ": line("secret-name", known=[{"kind": "PERSON", "value": "Ana \ud800"}]),
        "known_malformed   ": line(
            "secret-name", known=[{"kind": "PERSON", "value": "Ana", "subject": "\udfff"}]
        ),
        "known_kind_unknown": line("secret-name", known=[{"kind": "NOBODY", "value": "secret-name"}]),
        "bidi_override": line("secret-name \u202e"),
        "line_too_long": b'{"id": "1", "text": "' + b"secret-name" * (LONGEST_LINE // 10) + b'"}',
    }
    result = run(*bad.values(), line("All is well with them."))
    said = answers(result)
    assert result.exit_code == 1
    assert [answer["error"]["code"] for answer in said[:-1]] == [name.strip() for name in bad]
    assert said[-1]["redacted"] == "All is well with them."
    assert "secret-name" not in result.output
    assert all(answer["error"]["detail"].startswith(f"line {n}: ") for n, answer in enumerate(said[:-1], 1))
    assert all(code.strip() in DETAILS or code == "bidi_override" for code in bad)


@pytest.mark.parametrize("text", ["", " ", "\n\t\u00a0"])
def test_a_blank_text_has_nothing_to_redact_and_nothing_to_hold(text: str) -> None:
    for options in ((), ("--detect-only",)):
        result = run(json.dumps({"id": "1", "text": text}), options=options)
        assert result.exit_code == 0
        assert answers(result) == [
            {"id": "1", "lang": "und", "redacted": "", "spans": [], "held": False, "reasons": []}
        ]


def test_the_policy_is_applied_under_the_floor() -> None:
    text = "She was met on 4 March 2025 by them."
    (under_floor,) = answers(run(line(text)))
    (under_policy,) = answers(run(line(text), options=["--policy", str(POLICY), "--circle", "nobody-named"]))
    assert under_floor["redacted"] != under_policy["redacted"]
    assert "4 March" not in under_floor["redacted"] + under_policy["redacted"]


def test_a_policy_that_is_not_valid_stops_everything(tmp_path: Path) -> None:
    wrong = tmp_path / "policy.yaml"
    wrong.write_text("polcy: secret-name\n")
    result = run(line("All is well."), options=["--policy", str(wrong)])
    assert result.exit_code != 0 and result.stdout == "" and "secret-name" not in result.output


def test_a_missing_model_stops_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    result = run(line("All is well."), options=["--model", "en=no_such_model"])
    assert result.exit_code == 1 and result.stdout == "" and "not_installed" in result.stderr


def test_detect_only_shows_where_and_no_text() -> None:
    (answer,) = answers(run(line("We met Osarugue there, and she was tired."), options=["--detect-only"]))
    assert answer["redacted"] == "" and answer["spans"][0]["action"] == "detect"


def test_lang_is_for_lines_that_do_not_say_theirs() -> None:
    said = json.dumps({"id": "1", "text": "Vino con ella a la casa por la noche, y no quiere volver."})
    assert answers(run(said, options=["--lang", "es"]))[0]["lang"] == "es"


def test_lines_are_read_one_at_a_time() -> None:
    endless = io.BytesIO(b"a" * (3 * LONGEST_LINE) + b"\nb\nc")
    assert [min(len(read), LONGEST_LINE + 1) for read in lines_of(endless)] == [LONGEST_LINE + 1, 2, 1]


def test_batches_keep_every_line_in_its_place() -> None:
    jobs = [(number, b"x" * (number % 7)) for number in range(100)]
    batches = list(in_batches(jobs, lines=8, size=20))
    assert [job for batch in batches for job in batch] == jobs
    assert all(len(batch) <= 8 and sum(len(raw) for _, raw in batch) <= 20 for batch in batches)


def test_reading_ahead_changes_nothing() -> None:
    texts = [
        "We met Osarugue there.",
        "",
        "Maria Johnson came from London.",
        "\u202e",
        "Vino con ella a la casa.",
    ]
    asked = [(text, "en") for text in texts]
    ahead: Engine = read_ahead(english(), asked)
    for text in (texts[0], texts[2], texts[4]):
        alone = redact(text, terms=floor(), engine=english(), lang="en")
        assert redact(text, terms=floor(), engine=ahead, lang="en") == alone


def test_one_text_that_breaks_the_model_holds_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    analyze = english().model.analyzer.analyze

    def brittle(text: str, *rest: Any, **more: Any) -> Any:
        if "zebra" in text:
            raise RuntimeError
        return analyze(text, *rest, **more)

    monkeypatch.setattr(english().model.analyzer, "analyze", brittle)
    said = answers(run(line("All is well."), line("A zebra came.", "2"), line("We met Osarugue.", "3")))
    assert [answer["held"] for answer in said] == [False, True, False]
    assert said[1]["reasons"] == ["detector_failed"]


def test_a_detector_that_ends_the_process_holds_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def leaves(*_: Any) -> None:
        sys.exit(0)

    monkeypatch.setattr(english().model.analyzer, "analyze", leaves)
    monkeypatch.setattr(english().model, "many", leaves)
    result = run(line("We met Osarugue."), line("", "2"))
    assert [answer["reasons"] for answer in answers(result)] == [["detector_failed"], []]
    (answer,) = answers(run(line("We met Osarugue."), options=["--detect-only"]))
    assert answer["held"] and answer["redacted"] == ""


def slow_over_zebras(monkeypatch: pytest.MonkeyPatch, *, seconds: float) -> None:
    many = english().model.many

    def slow(documents: Sequence[Any]) -> Any:
        if any("zebra" in document.text for document in documents):
            time.sleep(seconds)
        return many(documents)

    monkeypatch.setattr(english().model, "many", slow)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_text_that_takes_too_long_is_held_and_the_rest_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    slow_over_zebras(monkeypatch, seconds=30)
    texts = ("All is well.", "A zebra came.", "We met Osarugue.")
    result = run(*(line(text, str(n)) for n, text in enumerate(texts)), options=["--timeout", "2"])
    said = answers(result)
    assert [answer["id"] for answer in said] == ["0", "1", "2"]
    assert [answer["reasons"] for answer in said] == [[], ["examination_timed_out"], []]
    assert said[1]["redacted"] == "" and "Osarugue" not in said[2]["redacted"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_without_the_limit_the_same_text_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    slow_over_zebras(monkeypatch, seconds=3)
    monkeypatch.setattr(cli, "deadline", lambda _: nullcontext())
    (answer,) = answers(run(line("A zebra came."), options=["--timeout", "1"]))
    assert not answer["held"]


def test_parsing_never_repeats_what_it_refuses() -> None:
    with pytest.raises(BadLine) as refused:
        parse(b'{"id": "1", "text": ["secret-name"]}', None)
    assert "secret-name" not in repr(refused.value) + str(refused.value)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of forking beside threads, from Python 3.12
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_worker_that_dies_holds_one_line_and_loses_none(method: str) -> None:
    workers: Workers[int, str] = Workers(dict, dies, gave_up, processes=2, method=method)
    try:
        said = list(workers.answers([[1, 2], [12, 13, 14], [15], [16, 17]]))
    finally:
        workers.close()
    assert said == ["did 1", "did 2", "did 12", "held 13", "did 14", "did 15", "did 16", "did 17"]


def test_a_line_that_nobody_could_read_is_held() -> None:
    for seconds, code in ((1.0, "worker_died"), (ASKED.seconds, "examination_timed_out")):
        given = cli.give_up(ASKED, (1, line("secret-name").encode()), seconds)
        assert given["held"] and given["reasons"] == [code] and "secret-name" not in str(given)


def test_work_answers_every_line_of_a_batch() -> None:
    batch = [(1, line("All is well.").encode()), (2, b"no"), (3, line("We met Osarugue.", "3").encode())]
    said = work(ASKED, english(), batch)
    assert [answer["id"] for answer in said] == ["1", None, "3"]


def test_the_bench_prints_shares_beside_stock_presidio(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "We met Osarugue Igbinedion there."
    gold = {"id": "1", "lang": "en", "text": text, "spans": [{"start": 7, "end": 26, "label": "PERSON"}]}
    corpus = tmp_path / "gold.jsonl"
    corpus.write_text(json.dumps(gold) + "\n")
    result = CliRunner().invoke(bench_group, ["redaction", str(corpus)])
    assert result.exit_code == 0
    rows = {row.split()[0]: row.split() for row in result.output.splitlines() if row}
    assert rows["gold"][1:] == ["parallax", "presidio"]
    assert rows["PERSON"][1] == "n=1" and rows["PERSON"][2] == "1.0000"
    assert {"over-redaction", "held", "words"} <= rows.keys()


def test_an_unsafe_text_is_an_answer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def unsafe(*_: Any) -> None:
        raise Unsafe("reader_failed")

    monkeypatch.setattr(cli, "read_ahead", lambda engine, _: engine)
    monkeypatch.setattr("redaction.pipeline.read", unsafe)
    for options in ((), ("--detect-only",)):
        (answer,) = answers(run(line("secret-name"), options=options))
        assert answer["held"] and answer["redacted"] == "" and answer["reasons"]
