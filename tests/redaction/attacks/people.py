"""Invented people of twelve origins, with the ways in which people close to them would write their names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Somebody:
    """Nobody real. Everything but the first three fields is empty where the name has no such form."""

    origin: str
    given: str
    family: str
    middle: str = ""
    pet_names: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    native: str = ""
    native_given: str = ""
    titles: tuple[str, ...] = ()
    particle: str = ""

    @property
    def family_first(self) -> bool:
        return self.origin == "vietnamese"

    @property
    def surname(self) -> str:
        """The surname with what stands before it."""
        blank = "" if self.particle.endswith("-") or not self.particle else " "
        return self.particle + blank + self.family

    @property
    def full(self) -> str:
        """The name as its bearer's papers have it, and as the form of the report gives it."""
        if self.family_first:
            return " ".join(word for word in (self.family, self.middle, self.given) if word)
        return " ".join(word for word in (self.given, self.middle, self.surname) if word)

    @property
    def short(self) -> str:
        """Given name and surname, given name first."""
        return f"{self.given} {self.surname}"


def _people() -> tuple[Somebody, ...]:
    origins = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return tuple(
        Somebody(
            origin,
            **{"titles": tuple(group["titles"])}
            | {form: tuple(value) if isinstance(value, list) else value for form, value in person.items()},
        )
        for origin, group in origins.items()
        for person in group["people"]
    )


PEOPLE = _people()
