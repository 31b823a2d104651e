"""What language models and presidio call things, and what that means here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

# What a model's labels mean here. A model with a label that is not listed is refused at start-up.
LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "PERSON": "PERSON",
        "PER": "PERSON",
        "GPE": "PLACE",
        "LOC": "PLACE",
        "FAC": "PLACE",
        "ORG": "ORGANISATION",
        "NORP": "NATIONALITY",
        "DATE": "DATE",
        "TIME": "TIME",
        "MONEY": "MONEY",
        "CARDINAL": "NUMBER",
        "ORDINAL": "NUMBER",
        "PERCENT": "NUMBER",
        "QUANTITY": "NUMBER",
        "EVENT": "WORD",
        "LANGUAGE": "NATIONALITY",
        "LAW": "WORD",
        "MISC": "WORD",
        "PRODUCT": "WORD",
        "WORK_OF_ART": "WORD",
    }
)

# presidio's own names for what its pattern recognisers find.
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "CREDIT_CARD": "ACCOUNT",
        "CRYPTO": "ACCOUNT",
        "EMAIL_ADDRESS": "EMAIL",
        "IBAN_CODE": "ACCOUNT",
        "IP_ADDRESS": "NETWORK_ADDRESS",
        "MAC_ADDRESS": "NETWORK_ADDRESS",
    }
)


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity as presidio's recogniser reads it."""

    label_: str
    start_char: int
    end_char: int
