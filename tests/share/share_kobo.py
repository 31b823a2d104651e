"""Exports as KoboToolbox makes them, from the XLSForm of HTCDS itself: by name or label, flat or with repeats.

The form lies beside this file as its makers publish it. Headers, order, separators and the columns that the tool
adds are those of its exports: CSV with semicolons and every cell in quotation marks, XLSX with all cells as text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

from openpyxl import Workbook

FORM = Path(__file__).parent / "fakes" / "htcds" / "htcds_xlsform.xml"
_X = "{http://www.w3.org/2002/xforms}"
ADDED = ("_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status", "_submitted_by")
ADDED_LAST = ("__version__", "_tags", "_index")


@dataclass(frozen=True)
class Question:
    """A question of the form: its name, label, and choices with their labels."""

    name: str
    label: str
    many: bool
    choices: Mapping[str, str] = field(default_factory=dict)


def questions() -> tuple[Question, ...]:
    """All questions of the form, in its order."""
    return tuple(
        Question(
            each.get("ref", "").rsplit("/", 1)[-1],
            each.findtext(f"{_X}label") or "",
            each.tag == f"{_X}select",
            {
                item.findtext(f"{_X}value") or "": item.findtext(f"{_X}label") or ""
                for item in each.iter(f"{_X}item")
            },
        )
        for each in ElementTree.parse(FORM).getroot().iter()
        if each.tag in (f"{_X}input", f"{_X}select", f"{_X}select1")
    )


def submission(number: int = 1, **answers: Any) -> dict[str, Any]:
    """What one person answered; several answers as a list. Everything else is ordinary."""
    said: dict[str, Any] = {
        "con_Consent": "TRUE",
        "prs_First_Name": "Ioana",
        "prs_Second_Name": "Sintetica",
        "prs_Birthdate": "1998-04-05",
        "prs_Gender": "Feminine",
        "prs_Citizenship": "RO",
        "prs_Title": "cook",
        "prs_MobilePhone": "+40740000213",
        "prs_MailingCountry": "Romania",
        "vic_MethodOfRecruitment": ["ThroughAnOnlineAdvertisement"],
        "vic_LocationOfRecruitment": "a bus station in Oradea",
        "vic_TraffickingStatus": "PossibleVictimOfTrafficking",
        "vic_TraffickingStatusDecisionMakingOrg": "NGO",
        "vic_Methods_of_Control": ["DebtBondage", "ThreatensChildrenFamily"],
        "vic_TypeOfExploitation": ["ForcedLabour"],
        "vic_ForcedLabourIndustry": [
            "A_AgricultureForestryAndFishing",
            "I_AccommodationAndFoodServiceActivities",
        ],
        "cas_Status": "Active",
        "cas_ReferringOrganisation": "a hotline",
        "_uuid": str(UUID(int=number)),
        "_id": str(4000 + number),
        "_index": str(number),
        "_submission_time": "2026-02-01T09:00:00",
        "_status": "submitted_via_web",
        "__version__": "vSmt4GQA3C9uBMLPEVfgND",
        "start": "2026-02-01T08:40:00.000+01:00",
        "end": "2026-02-01T08:59:00.000+01:00",
    }
    return said | answers


def table(
    submissions: Sequence[Mapping[str, Any]],
    *,
    labels: bool = False,
    several: str = "both",
    added: bool = True,
) -> list[list[str]]:
    """The rows of the main sheet. `several` answers stand `together`, each in its own column (`apart`), or `both`."""
    header, cells = ["start", "end"], [lambda said: said["start"], lambda said: said["end"]]
    for question in questions():
        name = question.label if labels else question.name
        if not question.many or several != "apart":
            header.append(name)
            cells.append(lambda said, q=question: _joined(q, said.get(q.name, ""), labels))
        if question.many and several != "together":
            for choice, label in question.choices.items():
                header.append(f"{name}/{label if labels else choice}")
                cells.append(lambda said, q=question, c=choice: _ticked(q, said.get(q.name, ()), c))
    for name in (*ADDED, *ADDED_LAST) if added else ():
        header.append(name)
        cells.append(lambda said, n=name: said.get(n, ""))
    return [header, *([str(cell(said)) for cell in cells] for said in submissions)]


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """As the tool writes CSV."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL).writerows(rows)
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(**sheets: Sequence[Sequence[Any]]) -> bytes:
    """As the tool writes XLSX: one sheet for the form and one for each repeat."""
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _joined(question: Question, said: Any, labels: bool) -> str:
    words = said if isinstance(said, list) else [said] if said else []
    return " ".join(question.choices.get(word, word) if labels else word for word in words)


def _ticked(question: Question, said: Any, choice: str) -> str:
    return "" if not said else "1" if choice in said else "0"
