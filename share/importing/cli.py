"""`parallax import`: reports from a spreadsheet, from the command line of the machine that holds the keys.

Data goes to standard output as JSON, everything said to people to standard error. Neither repeats what stands in a
cell.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from partners.acting import machine_acting, person_acting
from partners.errors import PartnersError
from partners.values import Actor, Scope
from share.cli import application
from share.desk import Desk
from share.errors import ShareError
from share.importing.bringing import bring_in, look_over
from share.importing.standing import Looked, Outcome
from share.importing.table import LARGEST_FILE, Problem
from share.importing.words import ADVICE
from share.web import EXTENSION

FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_EVERY: Final = 500


@click.command("import")
@click.argument("file", type=FILE)
@click.option("--partner", required=True, help="Whose reports these are, by short name.")
@click.option("--member", help="Who brings them in, by code.")
@click.option("--key", help="Or the partner's machine that does, by the id of its key.")
@click.option("--errors", type=click.Path(dir_okay=False, path_type=Path), help="New CSV file for mistakes.")
@click.option("--dry-run", is_flag=True, help="Check everything, change nothing.")
@click.pass_context
def import_command(
    ctx: click.Context,
    file: Path,
    partner: str,
    member: str | None,
    key: str | None,
    errors: Path | None,
    dry_run: bool,
) -> None:
    """Take in the reports of a CSV or XLSX FILE: all of them, or with any mistake none.

    FILE is our own template, or an export of KoboToolbox from the XLSForm of HTCDS. Rows that are reports already are
    left as they are. The exit status is 0 if nothing was wrong, and 1 if anything was: then nothing was taken in.
    """
    if (member is None) == (key is None):
        raise click.UsageError("name --member or --key, and not both")
    desk: Desk = application(ctx)[0].extensions[EXTENSION]
    if errors is not None:
        _make(errors)
    try:
        by = _actor(desk, partner, member, key)
        content = _read(file)
        looked = (
            look_over(content, by=by, desk=desk)
            if dry_run
            else bring_in(content, by=by, desk=desk, progress=_progress)
        )
    except (PartnersError, ShareError) as wrong:
        raise click.ClickException(f"nothing was taken in ({wrong.code})") from None
    if errors is not None:
        errors.write_text(as_csv(looked.problems), encoding="utf-8", newline="")
    click.echo(json.dumps(_plain(looked, dry_run=dry_run)))
    _tell(looked, dry_run=dry_run)
    ctx.exit(1 if looked.problems else 0)


def as_csv(problems: tuple[Problem, ...]) -> str:
    """Mistakes as a table: every one by its place, with a code and, where there is one, the nearest valid word."""
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(("sheet", "row", "column", "field", "code", "nearest", "advice"))
    rows.writerows(
        (p.sheet, p.row, p.column, p.field, p.code, p.nearest, ADVICE.get(p.code, "")) for p in problems
    )
    return out.getvalue()


def _actor(desk: Desk, partner: str, member: str | None, key: str | None) -> Actor:
    with desk.readers() as session:
        if member is not None:
            return person_acting(session, partner, member, right=Scope.REPORTS_SUBMIT)
        return machine_acting(session, partner, key or "", right=Scope.REPORTS_SUBMIT, at=desk.clock())


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def _make(path: Path) -> None:
    """An empty file that nobody else may read; before anything is taken in, so that mistakes have their place."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError:
        raise click.ClickException("the file for mistakes cannot be made: is it there already?") from None


def _plain(looked: Looked, *, dry_run: bool) -> Mapping[str, Any]:
    return {
        "shape": looked.shape,
        "dry_run": dry_run,
        "counts": {outcome.value: looked.count(outcome) for outcome in Outcome},
        "rows": [
            {
                "sheet": line.sheet,
                "row": line.row,
                "outcome": line.outcome.value,
                "report": str(line.report) if line.report else None,
            }
            for line in looked.lines
        ],
        "errors": [
            {
                "sheet": each.sheet,
                "row": each.row,
                "column": each.column or None,
                "field": each.field or None,
                "code": each.code,
                "nearest": each.nearest or None,
            }
            for each in looked.problems
        ],
    }


def _tell(looked: Looked, *, dry_run: bool) -> None:
    if looked.problems:
        click.echo(f"{len(looked.problems)} mistakes: nothing is taken in", err=True)
        return
    said = "would be taken in" if dry_run else "taken in"
    click.echo(f"{looked.count(Outcome.NEW)} {said}", err=True)
    for outcome, words in (
        (Outcome.THERE, "there already"),
        (Outcome.DIFFERS, "there already and different now: amend them by hand"),
        (Outcome.REFERENCE_TAKEN, "have the reference of a report that came another way"),
        (Outcome.LEFT_OUT, "left out, because she said no to consent"),
    ):
        if count := looked.count(outcome):
            click.echo(f"{count} {words}", err=True)


def _progress(done: int, of: int) -> None:
    if done % _EVERY == 0 or done == of:
        click.echo(f"sealed {done} of {of}", err=True)
