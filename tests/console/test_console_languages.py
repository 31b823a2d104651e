"""Every sentence of the pages is said in every language, and says the same about the same things."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from console.languages import LANGUAGES, speech

ROOT = Path(__file__).resolve().parents[2]
OTHERS = tuple(code for code in LANGUAGES if code != "en")
PLACES = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|\{[a-z_]*\}|<[^>]+>")
CODES = re.compile(r"\b(?:HTCDS|TLP:[A-Z+]+|P1|S1|XLSX|CSV|TOTP)\b")


def extracted() -> dict[str, str | tuple[str, ...]]:
    """Every sentence that the pages say, by its English singular."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["babel"][
        "mappings"
    ]
    methods = [(each["pattern"], each["method"]) for each in mappings]
    found = extract_from_dir(
        ROOT,
        methods,
        keywords={"_": None, "gettext": None, "ngettext": (1, 2), "N_": None},
        directory_filter=lambda folder: (
            not Path(folder).name.startswith(".") and Path(folder).name != "build"
        ),
    )
    return {(said[0] if isinstance(said, tuple) else said): said for _, _, said, *_ in found}


def catalogue(code: str) -> Catalog:
    path = ROOT / "console/translations" / code / "LC_MESSAGES/messages.po"
    with path.open("rb") as written:
        return read_po(written, locale=code)


def untranslated(code: str) -> Iterator[str]:
    """Sentences for which the language has no words, or doubtful ones, or too few forms for its numbers."""
    known = catalogue(code)
    for key in extracted():
        message = known.get(key)
        forms = _forms(message) if message else ()
        wanted = known.num_plurals if message and message.pluralizable else 1
        if message is None or message.fuzzy or len(forms) != wanted or not all(forms):
            yield key


def differing(code: str) -> Iterator[str]:
    """Translations that name other things than the sentence does: a lost number, a lost code, other elements."""
    for message in catalogue(code):
        if not message.id:
            continue
        meant = message.id if isinstance(message.id, tuple) else (message.id,)
        for form in _forms(message):
            if all(_named(form) != _named(each) for each in meant):
                yield meant[0]


def _forms(message: Message) -> tuple[str, ...]:
    return (
        tuple(message.string) if isinstance(message.string, (tuple, list)) else (str(message.string or ""),)
    )


def _named(words: str) -> tuple[list[str], list[str]]:
    return sorted(PLACES.findall(words)), sorted(set(CODES.findall(words)))


def test_the_pages_say_something() -> None:
    assert len(extracted()) > 800


@pytest.mark.parametrize("code", OTHERS)
def test_every_sentence_is_said_in_the_language(code: str) -> None:
    assert list(untranslated(code)) == []


@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_loses_a_number_or_a_code(code: str) -> None:
    assert list(differing(code)) == []


def test_a_sentence_that_nobody_translated_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.extracted", lambda: {"Nobody said this": "Nobody said this"})
    assert list(untranslated("fr")) == ["Nobody said this"]


@pytest.mark.parametrize("code", OTHERS)
def test_numbers_choose_their_forms(code: str) -> None:
    plural = next(m for m in catalogue(code) if m.pluralizable)
    one, many = plural.id
    said = {speech(code).ngettext(one, many, n) for n in (0, 1, 2, 3, 11, 100)}
    assert len(said) == len(set(_forms(plural)))
