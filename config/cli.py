"""`parallax db`: bring the database to the form that this version of the service expects."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from config.database import open_database
from config.settings import Settings, SettingsError

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def read_settings() -> Settings:
    """The settings of this process, or an explanation on standard error and exit status 1."""
    try:
        return Settings.from_env(os.environ)
    except SettingsError as wrong:
        raise click.ClickException(str(wrong)) from None


@click.group("db")
def db_group() -> None:
    """The database's tables."""


@db_group.command("upgrade")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def upgrade_command(dry_run: bool) -> None:
    """Apply the migrations that are missing. Stop the service first."""
    settings = read_settings()
    with _connection(settings) as connection:
        waiting = pending(connection)
        for revision in waiting:
            click.echo(f"{'would apply' if dry_run else 'applying'} {revision}")
        if not waiting:
            click.echo("nothing to do")
        elif not dry_run:
            upgrade(connection)


def upgrade(connection: Connection) -> None:
    """Bring the database of `connection` to the newest revision: all of it, or nothing."""
    command.upgrade(migrations(connection), "head")


def pending(connection: Connection) -> tuple[str, ...]:
    """The revisions that `upgrade` would apply, oldest first. Leaves no transaction behind."""
    scripts = ScriptDirectory.from_config(migrations(connection))
    present = MigrationContext.configure(connection).get_current_heads()
    connection.rollback()
    waiting = scripts.iterate_revisions("heads", present or "base")
    return tuple(f"{script.revision} {script.doc}" for script in reversed(list(waiting)))


def migrations(connection: Connection) -> Config:
    """Alembic's configuration, working on `connection`."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _connection(settings: Settings) -> Iterator[Connection]:
    engine = open_database(settings.database_url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
