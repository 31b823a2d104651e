"""`parallax policy`: check a policy document before it is adopted, and ask why a kind is held back."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click
from flask.cli import AppGroup

from policies.document import LONGEST, PolicyError, Problem
from policies.explain import explain
from policies.load import floor, load_policy
from policies.policy import EVERY_OTHER, Policy
from policies.terms import Terms
from policies.vocabulary import VOCABULARY

_BYTES_A_CHARACTER: Final = 4
_A_CIRCLE_NOBODY_NAMED: Final = "-"
_ASSUMED: Final = "Assumed: every person's ground and every circle's clearance allow everything."

policy = AppGroup("policy", help="Check and explain sharing policies. Needs no database, keys or network.")
_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@policy.command("check", with_appcontext=False)
@_file
def check(file: Path) -> None:
    """Read FILE as a policy; print each error with its line and reason. Exit status 1 if there is any."""
    stated = _loaded(file)
    circles = f"{len(stated.circles)} circle{'' if len(stated.circles) == 1 else 's'}"
    click.echo(f"ok: policy {stated.name}, version {stated.version}, until {stated.until}, {circles}")


@policy.command("explain", with_appcontext=False)
@_file
@click.option("--kind", required=True, help="A kind of the vocabulary, as in PHONE.")
@click.option("--circle", help="One circle; without it, every circle that the policy names.")
def explain_kind(file: Path, kind: str, circle: str | None) -> None:
    """Say which voice holds a kind back under the policy in FILE."""
    if kind not in VOCABULARY.kinds:
        raise click.UsageError("--kind is not one of: " + ", ".join(VOCABULARY.kinds))
    stated = _loaded(file)
    for name in [circle] if circle else stated.circles:
        click.echo(f"{_called(name)}: {_explained(kind, stated, name)}")
    if not circle and not stated.circles:
        click.echo("The policy names no circle, so nothing is shared with anybody.")
    click.echo(_ASSUMED)


def _explained(kind: str, stated: Policy, circle: str) -> str:
    unlimited = Terms.everything(VOCABULARY.kinds, VOCABULARY.purposes)
    source = stated.for_circle(_A_CIRCLE_NOBODY_NAMED if circle == EVERY_OTHER else circle)
    return explain(kind, floor=floor(), source=source, ground=unlimited, clearance=unlimited)


def _called(circle: str) -> str:
    return "every other circle" if circle == EVERY_OTHER else f"circle {circle}"


def _loaded(file: Path) -> Policy:
    """The policy in FILE; or its errors on the terminal, and exit status 1."""
    try:
        return load_policy(_text(file))
    except PolicyError as wrong:
        for problem in wrong.problems:
            click.echo(str(problem), err=True)
    raise click.exceptions.Exit(1)


def _text(file: Path) -> str:
    with file.open("rb") as source:
        content = source.read(LONGEST * _BYTES_A_CHARACTER + 1)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as broken:
        line = content[: broken.start].count(b"\n") + 1
    raise PolicyError([Problem(line, "", "not_utf8", "save the file as UTF-8")])
