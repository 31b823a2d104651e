"""The detectors that every report meets, in order."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.metadata import version
from importlib.resources.abc import Traversable

from redaction.detectors.apart import letters_apart
from redaction.detectors.kinship import UNIQUE_PERSONS
from redaction.detectors.known_values import known_values
from redaction.detectors.models import DEFAULT
from redaction.detectors.opaque import opaque
from redaction.detectors.people import people
from redaction.detectors.places import places
from redaction.detectors.presidio import Presidio
from redaction.detectors.second_look import SECOND_LOOK
from redaction.detectors.strict import strict
from redaction.engine import Engine
from redaction.findings import Detector
from redaction.language import identify_with

# Libraries that decide what is found; a new version of one is a new engine.
LIBRARIES = (
    "presidio-analyzer",
    "spacy",
    "wordfreq",
    "py3langid",
    "phonenumbers",
    "pycountry",
    "babel",
    "regex",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardEngine(Engine):
    """The engine with its model at hand, so that many texts can be read at once."""

    model: Presidio


def standard_engine(models: Mapping[str, str] = DEFAULT) -> StandardEngine:
    """Everything that looks at a text, with a model for each language of `models`.

    Raises `ModelMissing` if one is absent or is not what it is said to be; nothing is downloaded.
    """
    model = Presidio(models)
    return StandardEngine(
        detectors=detectors_with(model),
        identify=identify_with(frozenset(models)),
        fingerprint=fingerprint(model),
        model=model,
    )


def detectors_with(model: Detector) -> tuple[Detector, ...]:
    """The detectors, in order. They do not depend on one another; all that any of them finds counts."""
    return (
        known_values,
        *SECOND_LOOK,
        opaque,
        model,
        people,
        letters_apart,
        UNIQUE_PERSONS,
        places,
        strict,
    )


def fingerprint(presidio: Presidio) -> str:
    """SHA-256 over our rules and data, the libraries' versions and the models' files."""
    whole = hashlib.sha256()
    for name, content in files_of(resources.files("redaction")):
        whole.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    for library in LIBRARIES:
        whole.update(f"{library} {version(library)}\n".encode())
    for model in sorted(presidio.models, key=lambda one: one.language):
        whole.update(f"{model.language} {model.name} {model.version} {model.digest}\n".encode())
    return "sha256:" + whole.hexdigest()


def files_of(folder: Traversable, under: str = "") -> list[tuple[str, bytes]]:
    """Every rule and data file of a package folder with its content, in a fixed order."""
    found: list[tuple[str, bytes]] = []
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir() and entry.name != "__pycache__":
            found.extend(files_of(entry, f"{under}{entry.name}/"))
        elif entry.is_file() and not entry.name.endswith(".pyc"):
            found.append((under + entry.name, entry.read_bytes()))
    return found
