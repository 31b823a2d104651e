"""`parallax db`: bring the database to the form that this version of the service expects."""

from __future__ import annotations

import os
from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.engine import make_url

from config.database import open_database
from config.settings import Settings, SettingsError

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


class NewerDatabase(Exception):
    """The database has a revision that this version of the service has never heard of."""


def read_settings() -> Settings:
    """The settings of this process, or an explanation on standard error and exit status 1."""
    try:
        return Settings.from_env(os.environ)
    except SettingsError as wrong:
        raise click.ClickException(str(wrong)) from None


def existing_database(settings: Settings) -> Engine:
    """The configured database, which must exist: a command that looks at one never makes an empty one."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise click.ClickException("there is no database yet: `parallax init` makes it")
    return open_database(url)


@click.group("db")
def db_group() -> None:
    """The database's tables."""


@db_group.command("upgrade")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def upgrade_command(dry_run: bool) -> None:
    """Apply the migrations that are missing. Stop the service first."""
    engine = existing_database(read_settings())
    try:
        with engine.connect() as connection:
            waiting = pending(connection)
            for revision in waiting:
                click.echo(f"{'would apply' if dry_run else 'applying'} {revision}")
            if not waiting:
                click.echo("nothing to do")
            elif not dry_run:
                upgrade(connection)
    except NewerDatabase as newer:
        raise click.ClickException(str(newer)) from None
    finally:
        engine.dispose()


def upgrade(connection: Connection) -> None:
    """Bring the database of `connection` to the newest revision: all of it, or nothing."""
    command.upgrade(migrations(connection), "head")


def pending(connection: Connection) -> tuple[str, ...]:
    """The revisions that `upgrade` would apply, oldest first. Leaves no transaction behind.

    Raises `NewerDatabase` for a database that this version does not know.
    """
    scripts = ScriptDirectory.from_config(migrations(connection))
    present = MigrationContext.configure(connection).get_current_heads()
    connection.rollback()
    if not {script.revision for script in scripts.walk_revisions()}.issuperset(present):
        raise NewerDatabase("the database was written by a newer version of this service")
    waiting = scripts.iterate_revisions("heads", present or "base")
    return tuple(f"{script.revision} {script.doc}" for script in reversed(list(waiting)))


def migrations(connection: Connection) -> Config:
    """Alembic's configuration, working on `connection`."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
