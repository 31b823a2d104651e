"""The page of indicators: ticked by dimension, and for each that is ticked whom it concerns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from console.forms_labels import Option, called
from console.forms_read import Typed
from console.forms_report import INDICATORS
from policies.vocabulary import VOCABULARY
from share.draft_parts import Values

CODES = "codes"
CONCERNS = "concerns."


@dataclass(frozen=True, slots=True)
class Ticked:
    """One indicator on the page, and the people whom it was said to concern."""

    option: Option
    is_ticked: bool
    concerns: tuple[str, ...]


def read_indicators(typed: Typed) -> dict[str, Any]:
    """What was ticked. An indicator that concerns nobody by name concerns everybody."""
    said = []
    for code in dict.fromkeys(typed.get(CODES, ())):
        concerns = list(typed.get(CONCERNS + code, ()))
        said.append({"code": code, "concerns": concerns} if concerns else {"code": code})
    return {INDICATORS: said} if said else {}


def show_indicators(values: Values, lang: str) -> dict[Option, tuple[Ticked, ...]]:
    """All indicators under their dimensions."""
    ticked = {each["code"]: tuple(each.get("concerns", ())) for each in values.get(INDICATORS, ())}
    shown: dict[Option, tuple[Ticked, ...]] = {}
    for code, indicator in VOCABULARY.indicators.items():
        under = called(indicator.dimension, INDICATORS, lang)
        one = Ticked(called(code, INDICATORS, lang), code in ticked, ticked.get(code, ()))
        shown[under] = (*shown.get(under, ()), one)
    return shown
