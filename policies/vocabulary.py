"""The closed lists that everything else is written in: kinds, fields, picklists, purposes, bases, regions.

The words are data (`policies/data/vocabulary/`), loaded once and frozen; no list can grow at run time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from policies.picklists import Picklist as Picklist
from policies.picklists import UnknownWord as UnknownWord
from policies.picklists import VocabularyError as VocabularyError
from policies.picklists import read_data, squash
from policies.terms import Detail

VERSION: Final = "2026.1"
LANGUAGES: Final = ("en", "fr", "es", "ro", "it")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fact that terms speak about. `rungs` says what each rung discloses of it.

    `picklist` names the list that values of this kind come from, if there is one.
    """

    name: str
    group: str
    label: str
    meaning: str
    example: str
    rungs: Mapping[Detail, str]
    token: str
    picklist: str | None = None


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of HTCDS, and the kind under which terms speak of it.

    `form` is text, code, codes, number, date, phone or email.
    """

    name: str
    kind: str
    picklist: str | None
    form: str

    @property
    def many(self) -> bool:
        """Whether the field holds several values."""
        return self.form == "codes"

    @property
    def free(self) -> bool:
        """Whether the field is filled in with words of one's own, so that anything may stand in it."""
        return self.form == "text"


@dataclass(frozen=True, slots=True)
class Word:
    """A purpose, a basis or a fence: a code, what it is called and what it means."""

    code: str
    label: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Region:
    """Where a country lies: its UN subregion and, wider, its world region (UN M49 codes)."""

    country: str
    code: str
    label: str
    world_code: str
    world_label: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """An operational indicator of trafficking. `strength` is strong, medium or weak."""

    code: str
    dimension: str
    strength: str
    label: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All closed lists, frozen. Mappings keep the order of their source."""

    version: str
    kinds: Mapping[str, Kind]
    fields: Mapping[str, FieldSpec]
    picklists: Mapping[str, Picklist]
    purposes: Mapping[str, Word]
    bases: Mapping[str, Word]
    fences: Mapping[str, Word]
    regions: Mapping[str, Region]
    indicators: Mapping[str, Indicator]
    labels: Mapping[str, Mapping[str, str]]

    @property
    def organisation_types(self) -> Picklist:
        """HTCDS `org_Type`, with labour inspectorates and trade unions."""
        return self.picklists["organisation_types"]

    @property
    def reliability(self) -> Picklist:
        """Admiralty grades of a source, a to g."""
        return self.picklists["reliability"]

    @property
    def credibility(self) -> Picklist:
        """Admiralty grades of information, 1 to 6."""
        return self.picklists["credibility"]

    def field(self, name: str) -> FieldSpec:
        """The field of that name, however its case and underscores are written."""
        try:
            return self.fields[name]
        except KeyError:
            pass
        for spec in self.fields.values():
            if squash(spec.name) == squash(name):
                return spec
        raise UnknownWord("fields")

    def label(self, code: str, lang: str) -> str:
        """What `code` is called in `lang`; in English where that language has no word for it.

        Countries, regions and languages are named by CLDR and not here. Raises `UnknownWord`.
        """
        for labels in (self.labels.get(lang, {}), self.labels["en"]):
            if code in labels:
                return labels[code]
        raise UnknownWord("labels")


def _labels(lang: str) -> Mapping[str, str]:
    sections: dict[str, dict[str, str]] = read_data(f"labels/{lang}.yaml")
    return MappingProxyType({code: said for section in sections.values() for code, said in section.items()})


def _kinds(labels: Mapping[str, str]) -> Mapping[str, Kind]:
    content = read_data("kinds.yaml")
    ladders = {
        ladder: MappingProxyType(dict(zip(Detail, rungs, strict=True)))
        for ladder, rungs in content["ladders"].items()
    }
    return MappingProxyType(
        {
            name: Kind(
                name=name,
                group=said["group"],
                label=labels[name],
                meaning=said["meaning"],
                example=said["example"],
                rungs=ladders[said["ladder"]],
                token=said["token"],
                picklist=said.get("picklist"),
            )
            for name, said in content["kinds"].items()
        }
    )


def _fields() -> Mapping[str, FieldSpec]:
    return MappingProxyType(
        {
            name: FieldSpec(name, kind, picklist[0] if picklist else None, form)
            for name, (kind, form, *picklist) in read_data("fields.yaml").items()
        }
    )


def _words(meanings: Mapping[str, str], labels: Mapping[str, str]) -> Mapping[str, Word]:
    return MappingProxyType({code: Word(code, labels[code], meaning) for code, meaning in meanings.items()})


def _indicators(labels: Mapping[str, str]) -> Mapping[str, Indicator]:
    return MappingProxyType(
        {
            code: Indicator(code, dimension, strength, labels[code])
            for dimension, strengths in read_data("indicators.yaml").items()
            for strength, codes in strengths.items()
            for code in codes
        }
    )


def _spelt(words: str) -> Mapping[str, tuple[str, ...]]:
    """A list written as `code/other/other code …`: each code with its other spellings."""
    return {code: tuple(others) for code, *others in (word.split("/") for word in words.split())}


def _countries() -> tuple[Mapping[str, Region], Picklist]:
    content = read_data("regions.yaml")
    world: Mapping[str, str] = content["regions"]
    regions: dict[str, Region] = {}
    also: dict[str, str] = {}
    for code, said in content["subregions"].items():
        for country, others in _spelt(said["countries"]).items():
            within = said["within"]
            regions[country] = Region(country, code, said["label"], within, world[within])
            also |= dict.fromkeys(others, country)
    return MappingProxyType(regions), Picklist("countries", tuple(sorted(regions)), also=also)


def _picklists(indicators: Mapping[str, Indicator], countries: Picklist) -> Mapping[str, Picklist]:
    languages = _spelt(read_data("languages.yaml")["languages"])
    lists = [Picklist.of(name, said) for name, said in read_data("picklists.yaml").items()]
    lists += [
        countries,
        Picklist(
            "languages",
            tuple(languages),
            also={o: code for code, others in languages.items() for o in others},
        ),
        Picklist("indicators", tuple(indicators), broader={i.code: i.dimension for i in indicators.values()}),
    ]
    return MappingProxyType({one.name: one for one in lists})


def _load() -> Vocabulary:
    labels = MappingProxyType({lang: _labels(lang) for lang in LANGUAGES})
    uses: Mapping[str, Any] = read_data("uses.yaml")
    indicators = _indicators(labels["en"])
    regions, countries = _countries()
    return Vocabulary(
        version=VERSION,
        kinds=_kinds(labels["en"]),
        fields=_fields(),
        picklists=_picklists(indicators, countries),
        purposes=_words(uses["purposes"], labels["en"]),
        bases=_words(uses["bases"], labels["en"]),
        fences=_words(uses["fences"], labels["en"]),
        regions=regions,
        indicators=indicators,
        labels=labels,
    )


VOCABULARY: Final = _load()
label = VOCABULARY.label
