"""presidio-analyzer over one spaCy model per language, made to fail loudly and to keep to itself.

Left as it comes, presidio downloads missing models, looks up domain suffixes on the network, logs what it
found and skips a pattern that takes too long. None of that happens here.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from typing import Any, Final

import regex
import spacy
import spacy.util
import tldextract.tldextract
from presidio_analyzer import AnalyzerEngine, EntityRecognizer, PatternRecognizer, RecognizerRegistry
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import (
    NerModelConfiguration,
    NlpArtifacts,
    NlpEngineProvider,
    SpacyNlpEngine,
)
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    CryptoRecognizer,
    EmailRecognizer,
    IbanRecognizer,
    IpRecognizer,
    MacAddressRecognizer,
    SpacyRecognizer,
)

from redaction.detectors.institutions import says_nothing
from redaction.detectors.labels import KINDS, LABELS, Entity
from redaction.detectors.models import Model, ModelMissing, settings_of
from redaction.detectors.ordinary import most_frequent
from redaction.detectors.paragraphs import paragraphs_of
from redaction.detectors.somebody import finds_somebody
from redaction.findings import Document, Finding, Unsafe, View

DETECTOR: Final = "presidio"

PATTERN_SECONDS: Final = 5

# So many of a language's words are taken into the vocabulary for good; every other word only for a moment.
LASTING_WORDS: Final = 12_000


class EntityModels(SpacyNlpEngine):
    """presidio's spaCy engine with nothing of the model but its entity recogniser."""

    def __init__(self, models: Mapping[str, str]) -> None:
        super().__init__(
            models=[{"lang_code": language, "model_name": name} for language, name in models.items()],
            ner_model_configuration=NerModelConfiguration(
                model_to_presidio_entity_mapping=dict(LABELS), low_score_entity_names=[], labels_to_ignore=[]
            ),
        )
        self.locks = {language: threading.Lock() for language in models}
        self.pipes: dict[str, Any] = {
            language: load_entity_model(language, name) for language, name in models.items()
        }
        self.nlp = self.pipes  # type: ignore[assignment]  # where presidio's own methods look

    def load(self) -> None:
        """Nothing: the models are loaded at construction, and never downloaded."""

    def artifacts(self, texts: Sequence[str], language: str) -> list[NlpArtifacts]:
        """What the model finds in each text. It reads all paragraphs side by side, which is much faster."""
        parts = [(number, *part) for number, text in enumerate(texts) for part in paragraphs_of(text)]
        found: list[list[Entity]] = [[] for _ in texts]
        nlp = self.pipes[language]
        # One zone at a time: a zone frees the words that the vocabulary met within it, so that a long-lived
        # process neither grows nor keeps survivors' words.
        with self.locks[language], nlp.memory_zone():
            read = nlp.pipe((paragraph for _, _, paragraph in parts), batch_size=64)
            for (number, start, _), paragraph in zip(parts, read, strict=True):
                found[number] += [
                    Entity(LABELS[one.label_], one.start_char + start, one.end_char + start)
                    for one in paragraph.ents
                ]
        # presidio asks for spaCy's own objects, and reads of them what an `Entity` has.
        no_tokens: Any = None
        return [NlpArtifacts(list[Any](one), no_tokens, [], [], None, language) for one in found]


class NoContext(ContextAwareEnhancer):
    """Leaves scores as they are: every hit counts here, whatever stands around it."""

    def __init__(self) -> None:
        super().__init__(0.0, 0.0, 0, 0)

    def enhance_using_context(self, text: str, raw_results: Any, *_: Any, **__: Any) -> Any:  # noqa: ARG002
        return raw_results


class LoudPattern:
    """A compiled pattern that makes the text unsafe when it takes too long, where presidio would skip it."""

    def __init__(self, compiled: Any) -> None:
        self.compiled = compiled

    def finditer(self, text: str, **_: Any) -> Iterator[Any]:
        """As the pattern itself does, within our own time."""
        try:
            yield from self.compiled.finditer(text, timeout=PATTERN_SECONDS)
        except TimeoutError:
            raise Unsafe("detector_timed_out") from None


class Presidio:
    """Findings of presidio's recognisers: names by model, and structured identifiers by pattern.

    Says nothing of a text in a language without a model, or that is to be read strictly.
    """

    def __init__(self, models: Mapping[str, str]) -> None:
        if not models:
            raise ModelMissing("*", "", "no_model_configured")
        quieten()
        self.nlp = EntityModels(models)
        self.models = tuple(Model.installed(language, name) for language, name in models.items())
        self.analyzer = AnalyzerEngine(
            nlp_engine=self.nlp,
            registry=RecognizerRegistry(
                recognizers=[one for language in models for one in recognisers(language)],
                supported_languages=list(models),
            ),
            supported_languages=list(models),
            context_aware_enhancer=NoContext(),
            default_score_threshold=0,
        )

    def __call__(self, document: Document) -> Iterable[Finding]:
        return next(iter(self.many([document])))

    def many(self, documents: Sequence[Document]) -> list[tuple[Finding, ...]]:
        """The findings of each document, in order; the model reads those of one language together."""
        said: list[list[Finding]] = [[] for _ in documents]
        for language in self.nlp.pipes:
            readings = [
                (place, text, view)
                for place, document in enumerate(documents)
                if document.language == language and not document.strict
                for text, view in readings_of(document)
            ]
            artifacts = self.nlp.artifacts([text for _, text, _ in readings], language)
            for (place, text, view), found in zip(readings, artifacts, strict=True):
                said[place].extend(self.findings(text, language, found, view))
        return [tuple(found) for found in said]

    def findings(
        self, text: str, language: str, artifacts: NlpArtifacts, view: View | None = None
    ) -> Iterator[Finding]:
        """Every hit of every recogniser as a finding of ours, but for those that say nothing."""
        for hit in self.analyzer.analyze(text, language, nlp_artifacts=artifacts):
            kind = KINDS.get(hit.entity_type, hit.entity_type)
            if not says_nothing(text[hit.start : hit.end], kind, language):
                start, end = view.raw(hit.start, hit.end) if view else (hit.start, hit.end)
                yield Finding(start, end, kind, DETECTOR)


def readings_of(document: Document) -> Iterator[tuple[str, View | None]]:
    """The text as it stands and, where it is written with escapes or tags, what they show."""
    yield document.text, None
    decoded = document.views.get("decoded")
    if decoded is not None and decoded.text != document.text:
        yield decoded.text, decoded


def recognisers(language: str) -> list[EntityRecognizer]:
    """The recognisers that run. Phones, URLs, dates and documents are left to our own patterns."""
    found: list[EntityRecognizer] = [
        SpacyRecognizer(supported_language=language, supported_entities=sorted(set(LABELS.values())))
    ]
    for make in (
        CreditCardRecognizer,
        CryptoRecognizer,
        EmailRecognizer,
        IbanRecognizer,
        IpRecognizer,
        MacAddressRecognizer,
    ):
        found.append(loud(make(supported_language=language)))
    return found


def loud(recogniser: PatternRecognizer) -> PatternRecognizer:
    """The same recogniser with patterns of its own, which raise when they take too long."""
    flags: Any = recogniser.global_regex_flags
    patterns = [copy(pattern) for pattern in vars(recogniser)["patterns"]]  # presidio shares them
    vars(recogniser)["patterns"] = patterns
    for pattern in patterns:
        pattern.compiled_with_flags = flags
        pattern.compiled_regex = LoudPattern(regex.compile(pattern.regex, flags=flags))
    return recogniser


def load_entity_model(language: str, name: str) -> Any:
    """The installed model `name`, its entity recogniser alone. Raises `ModelMissing`; never downloads.

    A model that does not find the name in a sentence of ours is refused: it may be untrained, or spoilt. Of a
    language without a sentence (see `somebody`) that is not asked.
    """
    config = spacy.util.load_config(settings_of(language, name))
    if config["nlp"]["lang"] != language:
        raise ModelMissing(language, name, "another_language")
    if "ner" not in config["components"]:
        raise ModelMissing(language, name, "no_entity_recogniser")
    # A recogniser may have layers of its own or listen to shared ones, which then must stay.
    listens = "Listener" in config["components"]["ner"]["model"]["tok2vec"]["@architectures"]
    needed = {"ner", "tok2vec"} if listens else {"ner"}
    nlp: Any = spacy.load(name, exclude=[part for part in config["components"] if part not in needed])
    if unknown := set(nlp.get_pipe("ner").labels) - LABELS.keys():
        raise ModelMissing(language, name, f"unknown_labels:{len(unknown)}")
    words = most_frequent(language, LASTING_WORDS)
    nlp.tokenizer(" ".join((*words, *map(str.capitalize, words))))
    if not finds_somebody(nlp, language):
        raise ModelMissing(language, name, "finds_nobody")
    return nlp


def quieten() -> None:
    """No look-up of domain suffixes, and no log line that may quote a text."""
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    for name in ("presidio-analyzer", "presidio-anonymizer", "decision_process", "tldextract", "spacy"):
        logger = logging.getLogger(name)
        logger.setLevel(sys.maxsize)
        logger.propagate = False
        logger.disabled = True


def stock(language: str, name: str) -> Callable[[str], list[tuple[int, int]]]:
    """presidio as it comes, with the same model: what the benchmarks compare us with. Finds ranges in a text."""
    quieten()
    settings_of(language, name)  # it would download what is missing
    analyzer = AnalyzerEngine(
        nlp_engine=NlpEngineProvider(
            nlp_configuration={
                "nlp_engine_name": "spacy",
                "models": [{"lang_code": language, "model_name": name}],
            }
        ).create_engine(),
        supported_languages=[language],
    )
    return lambda text: [(hit.start, hit.end) for hit in analyzer.analyze(text, language)]
