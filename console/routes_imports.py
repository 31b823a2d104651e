"""Reports from a spreadsheet: chosen, looked over row by row, and brought in all together or not at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import Final, cast
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for

from console.languages import N_
from console.session import page, person
from console.web import HEADERS, MOST, current_speech, render
from console.writing import moment
from partners.values import Scope
from share.errors import Conflict, NotThere
from share.importing.blank import blank_book, blank_table
from share.importing.keeping import KEPT, bring_in_waiting, discard_waiting, keep, waiting_file
from share.importing.standing import Looked, Outcome
from share.importing.table import LARGEST_FILE, MOST_ROWS, Problem
from share.spreadsheets import CSV_TYPE, XLSX_TYPE, as_csv, as_xlsx
from share.web import LARGEST_BODY, current_desk

imports = Blueprint("imports", __name__, url_prefix="/import")

LARGEST: Final = min(LARGEST_FILE, LARGEST_BODY - 64 * 1024)
"""As much as a page takes of a file; the command takes more."""
SHOWN: Final = MOST
WORDS: Final = {
    "no_agreement_in_force": N_("Your organisation has no agreement in force; ask a steward."),
    "too_many_files": N_("Too many files wait already: bring one in, or discard it, and try again."),
    "changed_meanwhile": N_(
        "Something changed meanwhile. Nothing was brought in; please send the file again."
    ),
    "no_file": N_("Choose a file first."),
    "file_too_large": N_("The file is too large for this page: cut it in two."),
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """One sort of mistake, and all the places where it was made."""

    code: str
    places: tuple[Problem, ...]
    more: int


@imports.before_request
def keep_it_in_memory() -> None:
    """Have what is sent read into memory: by default a longer file is written to a disk, and in clear."""
    request._get_file_stream = lambda *_, **__: BytesIO()  # type: ignore[method-assign]


@imports.errorhandler(NotThere)
def not_there(_error: NotThere) -> Response:
    """The one page for what is not there and for what is somebody else's."""
    return render("post/not_there.html", HTTPStatus.NOT_FOUND)


@imports.errorhandler(Conflict)
def not_done(error: Conflict) -> Response:
    """Why a file could not be taken, on the page where one is chosen."""
    return _choose(HTTPStatus.CONFLICT, error.code)


@imports.get("")
@page(Scope.REPORTS_SUBMIT)
def choose() -> Response:
    """Where a file is chosen, with the template and what is expected of a file."""
    return _choose()


@imports.post("")
@page(Scope.REPORTS_SUBMIT)
def look() -> Response:
    """Look a file over. With a mistake nothing of it is kept; without one it waits, sealed, for a yes."""
    sent = request.files.get("file")
    file = sent.stream.read(LARGEST + 1) if sent is not None else b""
    if not file:
        return _choose(HTTPStatus.UNPROCESSABLE_ENTITY, "no_file")
    if len(file) > LARGEST:
        return _choose(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "file_too_large")
    file_id, looked = keep(file, by=person(), desk=current_desk())
    if file_id is None:
        return _mistakes(looked)
    return _to(url_for("imports.one", file_id=file_id))


@imports.get("/<uuid:file_id>")
@page(Scope.REPORTS_SUBMIT)
def one(file_id: UUID) -> Response:
    """What would become of each row, and the question whether to go on; afterwards, what became of them."""
    found = waiting_file(file_id, by=person(), desk=current_desk())
    if found.looked.problems:
        return _mistakes(found.looked)
    rows = [line for line in found.looked.lines if found.is_done or line.outcome != Outcome.NEW]
    return render(
        "imports/done.html" if found.is_done else "imports/look.html",
        found=found,
        counts={outcome.value: found.looked.count(outcome) for outcome in Outcome},
        rows=rows[:SHOWN],
        more=len(rows[SHOWN:]),
        may_read=Scope.REPORTS_READ in person().scopes,
        moment=moment,
    )


@imports.post("/<uuid:file_id>/bring-in")
@page(Scope.REPORTS_SUBMIT)
def bring_in(file_id: UUID) -> Response:
    """Bring in all rows that are new. Sent twice, they come in once."""
    bring_in_waiting(file_id, by=person(), desk=current_desk())
    return _to(url_for("imports.one", file_id=file_id))


@imports.post("/<uuid:file_id>/discard")
@page(Scope.REPORTS_SUBMIT)
def discard(file_id: UUID) -> Response:
    """Throw a waiting file away for good."""
    discard_waiting(file_id, by=person(), desk=current_desk())
    return _to(url_for("imports.choose"))


@imports.get("/template.csv")
@page(Scope.REPORTS_SUBMIT)
def template_csv() -> Response:
    """The columns of our own template."""
    return kept(as_csv(blank_table()), CSV_TYPE, "reports-template.csv")


@imports.get("/template.xlsx")
@page(Scope.REPORTS_SUBMIT)
def template_xlsx() -> Response:
    """The same as a book, with what each column takes and every code by its name."""
    return kept(as_xlsx(blank_book(current_speech().code)), XLSX_TYPE, "reports-template.xlsx")


def kept(content: bytes, mimetype: str, name: str) -> Response:
    """A file to be kept. Its name is one of ours, and no browser stores the answer."""
    said = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=mimetype, headers=said)


def _choose(status: HTTPStatus = HTTPStatus.OK, code: str = "") -> Response:
    told = WORDS.get(code, WORDS["changed_meanwhile"]) if code else ""
    return render(
        "imports/choose.html",
        status,
        told=current_speech().gettext(told) if told else "",
        megabytes=LARGEST // 1_000_000,
        most=MOST_ROWS,
        hours=int(KEPT.total_seconds() // 3600),
    )


def _mistakes(looked: Looked) -> Response:
    return render(
        "imports/mistakes.html",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        shape=looked.shape,
        count=len(looked.problems),
        sorts=_sorted(looked.problems),
    )


def _sorted(problems: tuple[Problem, ...]) -> tuple[Wrong, ...]:
    """Mistakes by their sort, the commonest first."""
    often = Counter(each.code for each in problems)
    shown = max(1, SHOWN // len(often)) if often else SHOWN
    return tuple(
        Wrong(code, tuple(same)[:shown], max(0, count - shown))
        for code, count in often.most_common()
        if (same := [each for each in problems if each.code == code])
    )


def _to(address: str) -> Response:
    return cast(Response, redirect(address, HTTPStatus.SEE_OTHER))
