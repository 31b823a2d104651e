"""Reading terms and policies from documents. Whatever is empty or missing in them lets nobody read anything.

The format is described in `policies/data/templates/shelter.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

import yaml

from policies.document import Node, plain, read
from policies.document import PolicyError as PolicyError
from policies.document import Problem as Problem
from policies.policy import EVERY_OTHER, Policy
from policies.reading import SLUG, Reading
from policies.terms import EVERY_CIRCLE, NOBODY, Detail, Linkage, Readers, Terms, Tlp
from policies.vocabulary import VOCABULARY

_POLICY_KEYS: Final = ("policy", "version", "until", "automatic", "fences", "circles")
_TERMS_KEYS: Final = ("purposes", "linkage", "tlp", "smallest_group", "until", "detail")
_MOST_PERSONS: Final = 1_000_000
_MOST_VERSIONS: Final = 1_000_000


def load_policy(text: str) -> Policy:
    """The policy that a YAML or JSON document states. Raises `PolicyError` with every problem found."""
    reading = Reading()
    policy = _policy(read(text), reading)
    reading.finish()
    return policy


def load_terms(said: Mapping[str, Any], *, readers: Readers = NOBODY, until: date = date.max) -> Terms:
    """Terms from a mapping with the keys of one circle of a policy. Nobody reads them unless `readers` says who.

    Raises `PolicyError`.
    """
    reading = Reading()
    terms = _terms(plain(said), "", reading, readers=readers, until=until)
    reading.finish()
    return terms


def smallest_group(tlp: Tlp) -> int:
    """The least k, in persons, under which anything marked `tlp` may be shared."""
    return int(_floor()["smallest_group"][_written(tlp)])


@cache
def floor() -> Terms:
    """What no partner, ground or circle can exceed. Its k is the least of all; see `smallest_group`."""
    content = _floor()
    return Terms(
        detail={kind: Detail[rung] for kind, rung in content["detail"].items()},
        readers=EVERY_CIRCLE,
        purposes=frozenset(VOCABULARY.purposes),
        until=date.max,
        smallest_group=min(content["smallest_group"].values()),
        linkage=Linkage[content["linkage"]],
        tlp=Tlp[content["tlp"]],
    )


@cache
def templates() -> Mapping[str, Policy]:
    """The shipped examples by name, to be copied and changed. None is in force by itself."""
    folder = files("policies").joinpath("data", "templates")
    texts = {file.name.removesuffix(".yaml"): file.read_text(encoding="utf-8") for file in folder.iterdir()}
    return MappingProxyType({name: load_policy(text) for name, text in sorted(texts.items())})


@cache
def floor_document() -> bytes:
    """The document that states the floor, as it is shipped."""
    return files("policies").joinpath("data", "floor.yaml").read_bytes()


@cache
def _floor() -> Mapping[str, Any]:
    return MappingProxyType(dict(yaml.safe_load(floor_document())))


def _policy(top: Node, reading: Reading) -> Policy:
    said = reading.keys(top, "", _POLICY_KEYS)
    for name in ("policy", "version", "until"):
        if name not in said or said[name].value is None:
            reading.note(top, name, "missing", "a policy needs it")
    until = reading.day(said.get("until"), "until")
    return Policy(
        name=reading.slug(said.get("policy"), "policy"),
        version=reading.number(said.get("version"), "version", least=1, most=_MOST_VERSIONS),
        until=until,
        automatic=reading.yes(said.get("automatic"), "automatic"),
        fences=reading.words(said.get("fences"), "fences", VOCABULARY.fences, "unknown_fence"),
        circles=_circles(said.get("circles", Node(None)), reading, until),
    )


def _circles(node: Node, reading: Reading, until: date) -> dict[str, Terms]:
    circles: dict[str, Terms] = {}
    for number, (slug, key, value) in enumerate(reading.entries(node, "circles"), 1):
        path = f"circles[{number}]"
        if slug != EVERY_OTHER and not SLUG.fullmatch(slug):
            hint = 'the short name of a circle, or "*" in quotes for every other circle'
            reading.note(key, path, "not_a_circle", hint)
        readers = EVERY_CIRCLE if slug == EVERY_OTHER else Readers.of([slug])
        circles[slug] = _terms(value, path, reading, readers=readers, until=until)
    return circles


def _terms(node: Node, path: str, reading: Reading, *, readers: Readers, until: date) -> Terms:
    said = reading.keys(node, path, _TERMS_KEYS)

    def at(key: str) -> str:
        return f"{path}.{key}" if path else key

    tlp = _tlp(said.get("tlp"), at("tlp"), reading)
    linkage = reading.choice(said.get("linkage"), at("linkage"), Linkage.__members__, "unknown_linkage")
    least = smallest_group(tlp)
    ends = said.get("until")
    return Terms(
        detail=_detail(said.get("detail", Node(None)), at("detail"), reading),
        readers=readers,
        purposes=frozenset(
            reading.words(said.get("purposes"), at("purposes"), VOCABULARY.purposes, "unknown_purpose")
        ),
        until=until if ends is None else min(until, reading.day(ends, at("until"))),
        smallest_group=reading.number(
            said.get("smallest_group"), at("smallest_group"), least=least, most=_MOST_PERSONS
        ),
        linkage=Linkage[linkage] if linkage else Linkage.NONE,
        tlp=tlp,
    )


def _detail(node: Node, path: str, reading: Reading) -> dict[str, Detail]:
    detail: dict[str, Detail] = {}
    for kind, key, value in reading.entries(node, path):
        if kind not in VOCABULARY.kinds:
            reading.note(key, path, "unknown_kind", "not in the list of kinds; kinds are written in capitals")
            continue
        rung = reading.choice(value, f"{path}.{kind}", Detail.__members__, "unknown_rung")
        detail[kind] = Detail[rung] if rung else Detail.NOTHING
    return detail


def _tlp(node: Node | None, path: str, reading: Reading) -> Tlp:
    known = {_written(tlp): tlp for tlp in Tlp} | {tlp.label: tlp for tlp in Tlp}
    word = reading.choice(node, path, known, "unknown_tlp")
    return known[word] if word else Tlp.RED


def _written(tlp: Tlp) -> str:
    return tlp.label.removeprefix("TLP:")
