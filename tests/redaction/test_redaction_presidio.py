"""presidio under our rules: nothing downloaded, nothing looked up, nothing logged, nothing skipped."""

from __future__ import annotations

import logging
import socket
import threading
import time
from copy import copy
from pathlib import Path
from typing import Any

import pytest
import spacy
import tldextract
from presidio_analyzer.predefined_recognizers import EmailRecognizer
from redaction_reading import ENGLISH, english, found, kinds, written

from policies.load import floor
from redaction.detectors.institutions import says_nothing
from redaction.detectors.labels import KINDS, LABELS
from redaction.detectors.models import DEFAULT, Model, ModelMissing
from redaction.detectors.paragraphs import paragraphs_of, with_blanks
from redaction.detectors.presidio import Presidio, load_entity_model, loud
from redaction.detectors.somebody import SOMEBODY, finds_somebody
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


def packaged(nlp: Any, name: str, where: Path) -> None:
    """A model as a package that can be imported from `where`."""
    (where / name).mkdir()
    (where / f"{name}-0.0.dist-info").mkdir()
    (where / f"{name}-0.0.dist-info" / "METADATA").write_text(f"Name: {name}\nVersion: 0.0\n")
    nlp.to_disk(where / name / f"{name}-0.0")
    (where / name / "__init__.py").write_text(
        "from pathlib import Path\nfrom spacy.util import load_model_from_path\n"
        f"def load(**wanted):\n    return load_model_from_path(Path(__file__).parent / '{name}-0.0', **wanted)\n"
    )


def test_a_model_that_never_learned_anything_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    untrained = spacy.blank("en")
    recogniser = untrained.add_pipe("ner")
    recogniser.add_label("PERSON")  # type: ignore[attr-defined]
    untrained.initialize()
    packaged(untrained, "never_learned", tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModelMissing) as missing:
        load_entity_model("en", "never_learned")
    assert missing.value.reason == "finds_nobody"
    # Everything else about it is in order.
    monkeypatch.setattr("redaction.detectors.presidio.finds_somebody", lambda *_: True)
    assert load_entity_model("en", "never_learned")


def test_every_language_that_a_model_is_shipped_for_has_a_sentence_with_a_name() -> None:
    assert set(SOMEBODY) == set(DEFAULT)
    assert all(sentence.startswith(name) for name, sentence in SOMEBODY.values())


def test_a_language_without_a_sentence_is_not_asked() -> None:
    assert finds_somebody(spacy.blank("es"), "es") and not finds_somebody(spacy.blank("fr"), "fr")


def seconds_for(signs: str) -> float:
    """Processor time of the model over a text with `signs` in it, whose names it has to find all the same."""
    text = f"Maria Johnson wrote {signs} and left London."
    began = time.process_time()
    said = english().model.nlp.artifacts([text], "en")[0].entities
    took = time.process_time() - began
    assert "Maria Johnson" in [text[one.start_char : one.end_char] for one in said]
    return took


@pytest.mark.parametrize("sign", ["&", "=", "%", "_", "😊", "(", "'", "l'", "a&", "1%"])
def test_a_row_of_signs_takes_the_model_no_longer_than_words(sign: str) -> None:
    assert min(seconds_for(sign * 8_000) for _ in range(2)) < 2.5


def test_without_the_blanks_a_row_of_signs_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = min(seconds_for("&" * 4_000) for _ in range(2))
    monkeypatch.setattr("redaction.detectors.paragraphs.with_blanks", str)
    assert seconds_for("&" * 4_000) > 4 * quick


def test_paragraphs_end_at_an_empty_line_and_know_where_they_began() -> None:
    text = "  One line\nand another. \n \n\nTwo\n"
    assert list(paragraphs_of(text)) == [(2, "One line\nand another."), (text.index("Two"), "Two")]
    assert list(paragraphs_of("\n \n")) == []


def test_only_signs_in_what_is_too_long_for_a_word_become_blanks() -> None:
    plain = "Maria-Ana d'Angelo (42) wrote to her: 5 %!"
    assert with_blanks(plain) == plain
    row = "&" * 80 + "Maria" + "😊" * 80 + "12"
    assert with_blanks(row) == " " * 80 + "Maria" + " " * 80 + "12"
    assert with_blanks("a" * 200 + "\u0301") == "a" * 200 + "\u0301"


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
