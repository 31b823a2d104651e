"""Fields that take exactly one form of a value. Each refusal is a code; none repeats what was sent."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from marshmallow import ValidationError, fields, validate
from marshmallow.exceptions import SCHEMA

from policies.picklists import Picklist
from policies.vocabulary import VOCABULARY, UnknownWord
from share.typed import LONGEST, wrong_form

WORDS: Final[dict[str, Any]] = {"required": "missing", "null": "missing", "invalid": "wrong_type"}
"""What marshmallow calls its refusals, and what we call them."""

PERSON_CODE: Final = r"[A-Z]{1,4}[0-9]{1,6}"
SLUG: Final = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
_CANONICAL_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FIGURES = re.compile(r"0|[1-9][0-9]{0,3}")
_YEAR = re.compile(r"(19|20)[0-9]{2}")
_MONTH = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Text(fields.String):
    """A string of at most `longest` code points. A number is not a string."""

    default_error_messages = WORDS

    def __init__(self, *, longest: int, shortest: int = 0, **kwargs: Any) -> None:
        lengths = [validate.Length(max=longest, error="too_long")]
        if shortest:
            lengths.append(validate.Length(min=shortest, error="empty"))
        super().__init__(validate=lengths, **kwargs)


class Typed(Text):
    """What somebody types into a fact of one kind, in the form of that kind."""

    def __init__(self, kind: str, **kwargs: Any) -> None:
        super().__init__(longest=LONGEST[kind], shortest=1, **kwargs)
        self.validators.append(lambda value: refuse_wrong_form(kind, value))


def refuse_wrong_form(kind: str, value: str, at: str = SCHEMA) -> None:
    """Pass if a value has the form of its kind; the refusal, under the name `at`, says which form it should have."""
    if code := wrong_form(kind, value):
        raise ValidationError(code, at)


class Shaped(fields.String):
    """A string that is of one form as a whole."""

    default_error_messages = WORDS | {"form": "wrong_form"}

    def __init__(self, pattern: str, *, longest: int, **kwargs: Any) -> None:
        self._pattern, self._longest = re.compile(pattern), longest
        described = {"pattern": f"^{pattern}$", "maxLength": longest} | kwargs.pop("metadata", {})
        super().__init__(metadata=described, **kwargs)

    def _deserialize(self, value: Any, *where: Any, **how: Any) -> str:
        text: str = super()._deserialize(value, *where, **how)
        if len(text) > self._longest or not self._pattern.fullmatch(text):
            raise self.make_error("form")
        return text


class Word(fields.String):
    """A word of a closed list of ours, in exactly this spelling."""

    default_error_messages = WORDS | {"unknown": "unknown_code"}

    def __init__(self, words: Collection[str], **kwargs: Any) -> None:
        self.codes = tuple(words)
        super().__init__(metadata={"enum": sorted(words)} | kwargs.pop("metadata", {}), **kwargs)

    def _deserialize(self, value: Any, *where: Any, **how: Any) -> str:
        text: str = super()._deserialize(value, *where, **how)
        if text not in self.codes:
            raise self.make_error("unknown")
        return text


class Code(fields.String):
    """A code of one of the picklists, in any spelling that the list accepts; what comes out is our own."""

    default_error_messages = WORDS | {"unknown": "unknown_code"}

    def __init__(self, picklist: str, **kwargs: Any) -> None:
        self.picklist: Picklist = VOCABULARY.picklists[picklist]
        said = f"A code of the list `{picklist}`; the other spellings of the standard are accepted too."
        described = {"description": said, "examples": list(self.picklist)[:3], "maxLength": 100}
        super().__init__(metadata=described | kwargs.pop("metadata", {}), **kwargs)

    def _deserialize(self, value: Any, *where: Any, **how: Any) -> str:
        text: str = super()._deserialize(value, *where, **how)
        try:
            return self.picklist.canonical(text)
        except UnknownWord:
            raise self.make_error("unknown") from None


class YesNo(fields.Boolean):
    """true or false, and not "yes", 1 or "on"."""

    default_error_messages = WORDS

    def _deserialize(self, value: Any, *_where: Any, **_how: Any) -> bool:
        if type(value) is not bool:
            raise self.make_error("invalid")
        return value


class Whole(fields.Integer):
    """A whole number within limits, written as a number."""

    default_error_messages = WORDS | {"too_large": "out_of_range"}

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        limits = validate.Range(min=least, max=most, error="out_of_range")
        super().__init__(strict=True, validate=limits, **kwargs)

    def _deserialize(self, value: Any, *_where: Any, **_how: Any) -> int:
        if type(value) is not int:
            raise self.make_error("invalid")
        return value


class Asked(fields.Integer):
    """A whole number within limits in a query string, where everything is written as text."""

    default_error_messages = WORDS

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        limits = validate.Range(min=least, max=most, error="out_of_range")
        super().__init__(validate=limits, **kwargs)

    def _deserialize(self, value: Any, *_where: Any, **_how: Any) -> int:
        if not isinstance(value, str) or not _FIGURES.fullmatch(value):
            raise self.make_error("invalid")
        return int(value)


class Figure(fields.Field[str]):
    """A small number as the standard's files hold it: digits, or a number; what comes out are digits."""

    default_error_messages = WORDS | {"range": "out_of_range"}

    def __init__(self, most: int, **kwargs: Any) -> None:
        self._most = most
        described = {"type": ["string", "integer"], "pattern": r"^(0|[1-9][0-9]{0,3})$", "minimum": 0}
        super().__init__(metadata=described | {"maximum": most} | kwargs.pop("metadata", {}), **kwargs)

    def _deserialize(self, value: Any, *_where: Any, **_how: Any) -> str:
        digits = str(value) if type(value) is int else value
        if not isinstance(digits, str) or not _FIGURES.fullmatch(digits):
            raise self.make_error("invalid")
        if int(digits) > self._most:
            raise self.make_error("range")
        return digits


class Day(fields.Date):
    """A day of the calendar, YYYY-MM-DD and in no other form."""

    default_error_messages = WORDS | {"form": "not_a_day"}

    def _deserialize(self, value: Any, *_where: Any, **_how: Any) -> Any:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if (day := _a_day(value)) is None:
            raise self.make_error("form")
        return day


class DayText(fields.String):
    """A day that stays as it is written."""

    default_error_messages = WORDS | {"form": "not_a_day"}

    def _deserialize(self, value: Any, *where: Any, **how: Any) -> str:
        text: str = super()._deserialize(value, *where, **how)
        if _a_day(text) is None:
            raise self.make_error("form")
        return text


class When(fields.String):
    """A year, a month or a day, as much of it as is known (ISO 8601)."""

    default_error_messages = WORDS | {"form": "not_a_date"}

    def _deserialize(self, value: Any, *where: Any, **how: Any) -> str:
        text: str = super()._deserialize(value, *where, **how)
        whole = _a_day(text) or _a_day(f"{text}-01") or _a_day(f"{text}-01-01")
        if whole is None or not any(form.fullmatch(text) for form in (_YEAR, _MONTH, _DAY)):
            raise self.make_error("form")
        return text


class Id(fields.UUID):
    """A UUID in its one canonical spelling."""

    default_error_messages = WORDS | {"invalid_uuid": "not_an_id"}

    def _validated(self, value: Any) -> UUID:
        if isinstance(value, UUID):
            return value
        if not isinstance(value, str) or not _CANONICAL_UUID.fullmatch(value):
            raise self.make_error("invalid_uuid")
        return UUID(value)


class Many(fields.List[Any]):
    """A list of at most `most`."""

    default_error_messages = WORDS

    def __init__(self, inner: fields.Field[Any], *, most: int, least: int = 0, **kwargs: Any) -> None:
        lengths = [validate.Length(max=most, error="too_many")]
        if least:
            lengths.append(validate.Length(min=least, error="empty"))
        super().__init__(inner, validate=lengths, **kwargs)


class Caps(fields.Dict):
    """Names of a closed list, each with a word of another."""

    default_error_messages = WORDS

    def __init__(self, names: Collection[str], values: Mapping[str, Any], **kwargs: Any) -> None:
        self._names, self._values = frozenset(names), dict(values)
        shape = {"type": "object", "propertyNames": {"enum": sorted(names)}}
        super().__init__(
            metadata=shape | {"additionalProperties": {"type": "string", "enum": list(values)}}, **kwargs
        )

    def _deserialize(self, value: Any, *_where: Any, **_how: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.make_error("invalid")
        if not value.keys() <= self._names:
            raise ValidationError("unknown_code")
        if not all(isinstance(each, str) and each in self._values for each in value.values()):
            raise ValidationError("unknown_code")
        return {name: self._values[each] for name, each in value.items()}


def of_people(*, most: int = 100, **kwargs: Any) -> Many:
    """A list of local codes of people, or of "no-subject"."""
    return Many(Shaped(f"({PERSON_CODE}|no-subject)", longest=16), most=most, **kwargs)


def _a_day(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
