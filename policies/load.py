"""Reading terms from documents. Thin for now: the shipped floor."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from policies.terms import EVERY_CIRCLE, Detail, Linkage, Terms, Tlp
from policies.vocabulary import VOCABULARY


@cache
def _floor() -> dict[str, Any]:
    return dict(yaml.safe_load(files("policies").joinpath("data", "floor.yaml").read_text(encoding="utf-8")))


def smallest_group(tlp: Tlp) -> int:
    """The least k, in persons, under which anything marked `tlp` may be shared."""
    return int(_floor()["smallest_group"][tlp.name.replace("_", "+")])


def floor() -> Terms:
    """What no partner, ground or circle can exceed."""
    content = _floor()
    return Terms(
        detail={kind: Detail[rung] for kind, rung in content["detail"].items()},
        readers=EVERY_CIRCLE,
        purposes=frozenset(VOCABULARY.purposes),
        until=date.max,
        smallest_group=smallest_group(Tlp.RED),
        linkage=Linkage[content["linkage"]],
        tlp=Tlp[content["tlp"]],
    )
