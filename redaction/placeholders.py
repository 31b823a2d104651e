"""What people type into a form where they know nothing: it is nobody's name and nobody's number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

import yaml

from redaction.letters import latin_key


def is_placeholder(value: str) -> bool:
    """Whether `value` only says that something is not known, or holds no letter and no digit at all.

    It must not be looked for: the text would lose its ordinary words. What says something beside it
    ("unknown Maria") is no placeholder, and neither is a word that people are called as well.
    """
    said = "".join(sign for sign in latin_key(value) if sign.isalnum())
    if said in _listed("signed"):
        return "/" in value or ("." in value and value.islower())
    return not said or said in _phrases()


@cache
def _phrases() -> frozenset[str]:
    return frozenset().union(*(_listed(name) for name in _data() if name != "signed"))


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset("".join(phrase.split()) for phrase in _data()[name])


@cache
def _data() -> Mapping[str, Sequence[str]]:
    read: Mapping[str, Sequence[str]] = yaml.safe_load(
        resources.files("redaction").joinpath("data/placeholders.yaml").read_text(encoding="utf-8")
    )
    return read
