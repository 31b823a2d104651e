"""What may be read anyway, as files to be kept: one's organisation's reports in codes, and bulletins."""

from __future__ import annotations

from flask import Blueprint, Response, request

from console.routes_imports import kept
from console.session import page, person
from console.telling import spoken
from console.web import current_speech
from partners.values import Scope
from share.exporting import bulletins_as_tables, reports_as_tables
from share.filters import Wanted
from share.spreadsheets import CSV_TYPE, XLSX_TYPE, Table, as_csv, as_xlsx
from share.web import current_desk

exports = Blueprint("exports", __name__, url_prefix="/export")


@exports.get("/reports.csv")
@page(Scope.REPORTS_READ)
def reports_csv() -> Response:
    """The organisation's reports: where each stands, in codes."""
    return kept(as_csv(_reports()[0]), CSV_TYPE, "reports.csv")


@exports.get("/reports.xlsx")
@page(Scope.REPORTS_READ)
def reports_xlsx() -> Response:
    """The same with the grounds of their people."""
    return kept(as_xlsx(_reports()), XLSX_TYPE, "reports.xlsx")


@exports.get("/bulletins.csv")
@page(Scope.BULLETINS_READ)
def bulletins_csv() -> Response:
    """The bulletins of one's circles, narrowed by what was asked for."""
    return kept(as_csv(_bulletins()[0]), CSV_TYPE, "bulletins.csv")


@exports.get("/bulletins.xlsx")
@page(Scope.BULLETINS_READ)
def bulletins_xlsx() -> Response:
    """The same with every single fact."""
    return kept(as_xlsx(_bulletins()), XLSX_TYPE, "bulletins.xlsx")


def _reports() -> tuple[Table, ...]:
    return reports_as_tables(person(), desk=current_desk())


def _bulletins() -> tuple[Table, ...]:
    names = ("origin", "destination", "exploitation", "month")
    wanted = Wanted(**{name: request.args.get(name, "") for name in names})
    return bulletins_as_tables(wanted, spoken(current_speech().code), by=person(), desk=current_desk())
