"""presidio under our rules: nothing downloaded, nothing looked up, nothing logged, nothing skipped."""

from __future__ import annotations

import logging
import socket
import threading
from copy import copy
from typing import Any

import pytest
import tldextract
from presidio_analyzer.predefined_recognizers import EmailRecognizer
from redaction_reading import ENGLISH, english, found, kinds, written

from policies.load import floor
from redaction.detectors.institutions import says_nothing
from redaction.detectors.labels import KINDS, LABELS
from redaction.detectors.models import Model, ModelMissing
from redaction.detectors.presidio import Presidio, loud
from redaction.detectors.standard import standard_engine
from redaction.findings import Unsafe
from redaction.judge import ORDER
from redaction.pipeline import redact

TEXT = "Maria Johnson of London wrote to anna@example.com on 4 March, card 4012 8888 8888 1881."


def test_findings_keep_their_kinds() -> None:
    said = kinds(english().model, TEXT)
    assert said["Maria Johnson"] == "PERSON"
    assert said["London"] == "PLACE"
    assert said["anna@example.com"] == "EMAIL"
    assert said["4012 8888 8888 1881"] == "ACCOUNT"


def test_every_kind_that_comes_out_has_a_token() -> None:
    assert {*LABELS.values(), *KINDS.values()} <= set(ORDER)


@pytest.mark.parametrize(
    "language, name, reason",
    [
        ("en", "no_such_model_here", "not_installed"),
        ("en", "../../etc", "not_installed"),
        ("en", "json", "not_a_model"),
        ("fr", ENGLISH, "another_language"),
    ],
)
def test_a_missing_or_wrong_model_stops_the_start(language: str, name: str, reason: str) -> None:
    with pytest.raises(ModelMissing) as missing:
        standard_engine({language: name})
    assert missing.value.reason == reason


def test_no_model_at_all_stops_the_start() -> None:
    with pytest.raises(ModelMissing):
        standard_engine({})


def test_nothing_asks_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def trap(*where: Any, **_: Any) -> None:
        asked.append(where)
        raise OSError("no network")

    monkeypatch.setattr(socket, "getaddrinfo", trap)
    monkeypatch.setattr(socket.socket, "connect", trap)
    found(Presidio({"en": ENGLISH}), "Write to someone@example.co.uk or http://example.org at once.")
    assert not asked
    # The trap does catch presidio's own way of asking.
    tldextract.TLDExtract(cache_dir=None)("example.co.uk")
    assert asked


def test_nothing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        found(english().model, TEXT + " IBAN GB33BUKB20201555555555.")
    assert not caplog.records


class Slow:
    """A compiled pattern that always takes too long."""

    def finditer(self, *_: Any, **__: Any) -> Any:
        raise TimeoutError


def test_a_pattern_that_takes_too_long_makes_the_text_unsafe() -> None:
    recogniser = EmailRecognizer()
    recogniser.patterns = [copy(pattern) for pattern in recogniser.patterns]
    for pattern in recogniser.patterns:
        pattern.compiled_regex, pattern.compiled_with_flags = Slow(), recogniser.global_regex_flags
    # Left to itself presidio passes the text as clean.
    logging.getLogger("presidio-analyzer").disabled = True
    assert recogniser.analyze("anna@example.com", ["EMAIL_ADDRESS"]) == []
    loud(recogniser)
    for pattern in recogniser.patterns:
        pattern.compiled_regex.compiled = Slow()
    with pytest.raises(Unsafe) as unsafe:
        recogniser.analyze("anna@example.com", ["EMAIL_ADDRESS"])
    assert unsafe.value.codes == ("detector_timed_out",)


def test_a_recogniser_that_fails_holds_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ValueError(TEXT)

    monkeypatch.setattr(english().model.analyzer, "analyze", fail)
    done = redact(TEXT, terms=floor(), engine=english(), lang="en")
    assert done.held and done.text == "" and done.reasons == ("detector_failed",)


def test_strict_texts_and_other_languages_are_not_read() -> None:
    assert not found(english().model, TEXT, strict=True)
    assert not found(english().model, TEXT, language="es")


def test_many_texts_come_out_as_each_by_itself() -> None:
    texts = [
        written(TEXT),
        written(""),
        written("No. Nothing."),
        written(TEXT, language="es"),
        written(TEXT * 3),
    ]
    together = english().model.many(texts)
    assert [set(one) for one in together] == [set(english().model(text)) for text in texts]
    assert not together[1] and not together[3]


def test_threads_do_not_disturb_one_another() -> None:
    expected, answers = set(english().model(written(TEXT))), list[set[Any]]()

    def read() -> None:
        for _ in range(5):
            answers.append(set(english().model(written(TEXT))))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 20 and all(answer == expected for answer in answers)


def test_words_of_a_text_do_not_stay_in_the_vocabulary() -> None:
    word = "Zyxwvutsrqa"
    found(english().model, f"We met {word} there.")
    assert word not in english().model.nlp.pipes["en"].vocab.strings


@pytest.mark.parametrize(
    "what, kind",
    [
        ("the Court", "ORGANISATION"),
        ("Government", "ORGANISATION"),
        ("Article 6 of the Criminal Code", "WORD"),
        ("the Theft Act 1968", "WORD"),
        ("EUR", "ORGANISATION"),
        ("monthly", "DATE"),
        ("two", "NUMBER"),
    ],
)
def test_offices_laws_and_vague_times_say_nothing(what: str, kind: str) -> None:
    assert says_nothing(what, kind, "en")


@pytest.mark.parametrize(
    "what, kind",
    [
        ("Hope House", "ORGANISATION"),
        ("the Sunrise Shelter", "ORGANISATION"),
        ("Hope House", "WORD"),
        ("the Popescu Act", "WORD"),
        ("Ministry of Education", "ORGANISATION"),
        ("4 March", "DATE"),
        ("two hundred", "NUMBER"),
        ("Johnson", "PERSON"),
    ],
)
def test_whatever_else_a_model_finds_counts(what: str, kind: str) -> None:
    assert not says_nothing(what, kind, "en")


def test_the_fingerprint_names_rules_and_models() -> None:
    model = Model.installed("en", ENGLISH)
    assert len(model.digest) == 64
    assert english().fingerprint.startswith("sha256:")
    assert english().fingerprint == standard_engine({"en": ENGLISH}).fingerprint
