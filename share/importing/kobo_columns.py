"""The columns of an export of KoboToolbox from the XLSForm of HTCDS: named by questions, by labels, or by choices.

A question with several answers may stand in one column, all of them in one cell, or in one column for each choice
(`vic_Methods_of_Control/DebtBondage`), or in both ways at once. Groups before a name are ignored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from marshmallow import fields

from policies.vocabulary import VOCABULARY, FieldSpec, UnknownWord
from share.fields import Code, Many
from share.forms import NEVER_SHARED, field_for
from share.importing.codes import code_for, codes_of, folded, htcds_form
from share.importing.table import Problem, Sheet, letter
from share.persons import OF_A_CASE

METADATA: Final = frozenset(
    {"start", "end", "today", "audit", "deviceid", "username", "simserial", "phonenumber", "subscriberid"}
    | {"formhub/uuid", "meta/instanceID", "meta/rootUuid", "meta/deprecatedID", "meta/instanceName"}
)
"""What the tool itself adds, beside everything that begins with an underscore."""
UUID: Final = "_uuid"
ROOT: Final = "meta/rootUuid"
INDEX: Final = "_index"
PARENT: Final = "_parent_index"
PARENT_TABLE: Final = "_parent_table_name"
SUBMISSION: Final = "_submission__uuid"
CONSENT: Final = "con_Consent"
SEPARATORS: Final = "/.:"
STORIES: Final = ("vic_LocationOfRecruitment", "vic_LocationOfExploitation", "hte_Description")
"""Questions that are answered in words of one's own and have no field in a report: they join its narrative."""
_EVENT: Final = frozenset({"hte_Type", "hte_Date", "hte_City", "hte_State", "hte_Country"})


@dataclass(frozen=True, slots=True)
class Question:
    """A column of a field of the standard. `choice` is the code that it stands for, if it stands for one."""

    place: int
    name: str
    part: str
    field: fields.Field[Any]
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one sheet: what the tool adds, by name; the questions; and how many stay with the partner."""

    metadata: dict[str, int]
    questions: tuple[Question, ...]
    staying: int


def looks_like_kobo(sheet: Sheet) -> bool:
    """Whether a header is one of such an export: what the tool adds, or questions of the form by name."""
    headers = [header for header in sheet.header.cells if header]
    added = any(header in (UUID, INDEX, PARENT, "_submission_time", "__version__") for header in headers)
    return added or any(_by_name(header) is not None for header in headers)


def columns_of(sheet: Sheet) -> tuple[Columns, tuple[Problem, ...]]:
    """What each column is, and the headers that are nothing of this form."""
    metadata: dict[str, int] = {}
    questions: list[Question] = []
    problems: list[Problem] = []
    seen: Counter[tuple[str, str]] = Counter()
    labels: Counter[str] = Counter()
    staying = 0
    for place, header in enumerate(sheet.header.cells):
        if not header:
            continue
        if _is_metadata(header):
            code = "column_twice" if header in metadata else ""
            metadata[header] = place
            found = None
        else:
            found = _question(header, place, labels)
            code = "" if found else "unknown_column"
        if found is not None:
            seen[found.name, found.choice] += 1
            code = "column_twice" if seen[found.name, found.choice] > 1 else ""
            staying += found.part == ""
            questions.append(found)
        if code:
            name = found.name if found else ""
            problems.append(Problem(sheet.number, sheet.header.number, letter(place), name, code))
    return Columns(metadata, tuple(questions), staying), tuple(problems)


def answers(question: Question, typed: str) -> Any:
    """What a cell means for a question: a code, several of them, or the words as they are."""
    if not isinstance(question.field, Many):
        return code_for(question.field, typed)
    inner = question.field.inner
    whole = code_for(inner, typed)
    return [whole] if whole in codes_of(inner) else list(_several(inner, typed.split()))


def _several(inner: fields.Field[Any], words: list[str]) -> Iterator[str]:
    """Codes, or names of codes, that stand behind one another with blanks between and within them."""
    known = frozenset(codes_of(inner))
    at = 0
    while at < len(words):
        ends = range(min(len(words), at + 30), at, -1)
        found = next(
            ((code, end) for end in ends if (code := code_for(inner, " ".join(words[at:end]))) in known),
            (words[at], at + 1),
        )
        yield found[0]
        at = found[1]


def _is_metadata(header: str) -> bool:
    return header.startswith("_") or header in METADATA


def _question(header: str, place: int, labels: Counter[str]) -> Question | None:
    spec = _by_name(header) or _by_label(header, labels)
    if spec is not None:
        return _made(spec, place)
    for at, sign in enumerate(header):
        if sign not in SEPARATORS:
            continue
        spec = _by_name(header[:at]) or _labelled().get(folded(header[:at]), (None,))[0]
        if spec is None or not spec.many:
            continue
        made = _made(spec, place)
        inner = made.field.inner if isinstance(made.field, Many) else made.field
        code = code_for(inner, header[at + 1 :])
        if code in codes_of(inner):
            return Question(place, made.name, made.part, made.field, code)
    return None


def _made(spec: FieldSpec, place: int) -> Question:
    field: fields.Field[Any] = Code("answers") if spec.name == CONSENT else field_for(spec.name)
    return Question(place, spec.name, _part(spec), field)


def _part(spec: FieldSpec) -> str:
    """The part of a report that a field belongs to; empty for what stays with the partner."""
    if spec.name == CONSENT:
        return "consent"
    if spec.name in STORIES:
        return "narrative"
    if spec.kind == NEVER_SHARED:
        return ""
    if spec.name.startswith("prs_") or spec.name in OF_A_CASE:
        return "people"
    if spec.name.startswith("vic_") and spec.many:
        return "patterns"
    return "events" if spec.name in _EVENT else "suspects" if spec.name == "per_RoleInProcess" else ""


def _by_name(header: str) -> FieldSpec | None:
    """A field by its name, whichever groups stand before it."""
    name = header.rsplit("/", 1)[-1]
    if "_" not in name:
        return None
    try:
        return VOCABULARY.field(name)
    except UnknownWord:
        return None


def _by_label(header: str, labels: Counter[str]) -> FieldSpec | None:
    """A field by its label; of several with one label, the next in the order of the form."""
    key = folded(header)
    known = _labelled().get(key, ())
    if not known:
        return None
    labels[key] += 1
    return known[min(labels[key], len(known)) - 1]


@cache
def _labelled() -> dict[str, tuple[FieldSpec, ...]]:
    found: dict[str, tuple[FieldSpec, ...]] = {}
    for name, label in htcds_form()["questions"]:
        key = folded(label)
        found[key] = (*found.get(key, ()), VOCABULARY.field(name))
    return found
