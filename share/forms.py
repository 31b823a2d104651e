"""What the forms of this room have in common: unknown names are refused, and HTCDS fields are taken as it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from marshmallow import RAISE, Schema, fields

from policies.vocabulary import VOCABULARY, FieldSpec
from share.fields import Code, DayText, Figure, Many, Shaped, Text
from share.intake import LONGEST_VALUE

NEVER_SHARED: Final = "CASEWORK"
"""The kind of what stays with the partner: it is not even taken in."""

_LARGEST: Final = {"prs_NumberOfChildren": 30, "vic_AgeWhenTrafficked": 120}


class Strict(Schema):
    """The base of everything that is sent: unknown names are refused."""

    error_messages = {"unknown": "unknown_field", "type": "wrong_type"}  # noqa: RUF012  marshmallow copies it

    class Meta:
        unknown = RAISE


def field_for(name: str) -> fields.Field[Any]:
    """The field under which a value of this HTCDS field is taken."""
    spec = VOCABULARY.fields[name]
    if spec.picklist is not None:
        code = Code(spec.picklist)
        return Many(code, most=40) if spec.many else code
    if spec.form == "number":
        most = _LARGEST.get(name)
        return Figure(most) if most else Shaped(r"-?[0-9]{1,3}(\.[0-9]{1,10})?", longest=15)
    return DayText() if spec.form == "date" else Text(longest=LONGEST_VALUE, shortest=1)


def fields_where(wanted: Callable[[FieldSpec], bool]) -> dict[str, fields.Field[Any]]:
    """The HTCDS fields that are taken of those that are wanted."""
    return {
        name: field_for(name)
        for name, spec in VOCABULARY.fields.items()
        if wanted(spec) and spec.kind != NEVER_SHARED
    }


def frozen(data: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, with tuples for lists."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}


def as_tuple(value: Any) -> tuple[str, ...]:
    """One or several values as several."""
    return tuple(value) if isinstance(value, list) else (value,)
