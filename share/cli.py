"""`parallax verify`, `parallax worker` and `parallax serve`."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import Flask
from flask.cli import ScriptInfo

from config.cli import pending, read_settings
from config.clock import utc_now
from config.database import open_database
from config.logs import configure
from config.settings import Settings, SettingsError
from partners.desk import PartnersDesk
from partners.guard import EXTENSION as PARTNERS
from partners.people import is_anybody_enrolled
from share.desk import Desk
from share.server import listen, serve, work, write_port
from share.verify import LONGEST_FILE, NotAFile, check_bulletin, holds, read_keys
from share.web import EXTENSION
from share.worker import run_all

NOBODY_YET = (
    "Nobody can sign in yet. `parallax partners invite stewards steward-1`, run with the settings of this service, "
    "prints the link of the first person. Links lead to"
)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("verify")
@click.argument("file", type=FILE)
@click.option("--keys", type=FILE, help="A JSON Web Key Set that you trust, as at /.well-known/jwks.json.")
@click.pass_context
def verify_command(ctx: click.Context, file: Path, keys: Path | None) -> None:
    """Check a bulletin, line by line, without any network.

    The exit status is 0 only if everything that was checked holds and the signature was checked.
    """
    try:
        brought = read_keys(_read(keys)) if keys else None
    except NotAFile as wrong:
        raise click.ClickException(f"the key set cannot be used ({wrong.code})") from None
    steps = check_bulletin(_read(file), keys=brought, today=utc_now().date())
    for number, step in enumerate(steps, 1):
        click.echo(f"{number}. {step.outcome}: {step.words}")
    ctx.exit(0 if holds(steps) else 1)


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due, and end.")
@click.pass_context
def worker_command(ctx: click.Context, once: bool) -> None:
    """Redact and publish what the outbox holds, until stopped."""
    app, settings = application(ctx)
    configure(settings.log_level, sys.stderr)
    desk: Desk = app.extensions[EXTENSION]
    if once:
        click.echo(f"{run_all(desk)} done", err=True)
    else:
        work(desk)


@click.command("serve")
@click.option("--host", help="Where to listen, instead of PARALLAX_HOST.")
@click.option("--port", type=click.IntRange(0, 65_535), help="Instead of PARALLAX_PORT; 0 is any free port.")
@click.option("--port-file", type=click.Path(path_type=Path), help="Written once requests are answered.")
@click.pass_context
def serve_command(ctx: click.Context, host: str | None, port: int | None, port_file: Path | None) -> None:
    """Serve the interface until stopped; in embedded mode, do the work of the worker too."""
    _demand_migrated(read_settings())
    app, settings = application(ctx)
    where = host or settings.host
    try:
        listening = listen(where, settings.port if port is None else port)
    except OSError:
        raise click.ClickException("cannot listen there: the address is taken or not ours") from None
    bound = listening.getsockname()[1]
    click.echo(f"Parallax at http://{f'[{where}]' if ':' in where else where}:{bound}", err=True)
    if not is_anybody_enrolled(desk=app.extensions[PARTNERS]):
        click.echo(f"{NOBODY_YET} {settings.issuer}", err=True)
    configure(settings.log_level, sys.stderr)

    def ready() -> None:
        configure(settings.log_level, sys.stderr)  # again, after the server has set up its own
        if port_file is not None:
            write_port(port_file, bound)

    embedded = app.extensions[EXTENSION] if settings.worker == "embedded" else None
    serve(app, listening, embedded=embedded, ready=ready)


def application(ctx: click.Context) -> tuple[Flask, Settings]:
    """The application that the command group was given, and the settings under it."""
    try:
        app = ctx.ensure_object(ScriptInfo).load_app()
    except SettingsError as wrong:
        raise click.ClickException(str(wrong)) from None
    desk: PartnersDesk = app.extensions[PARTNERS]
    return app, desk.settings


def _demand_migrated(settings: Settings) -> None:
    engine = open_database(settings.database_url)
    try:
        with engine.connect() as connection:
            waiting = pending(connection)
    finally:
        engine.dispose()
    if waiting:
        raise click.ClickException("the database is not up to date: run `parallax db upgrade`")


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LONGEST_FILE + 1)
