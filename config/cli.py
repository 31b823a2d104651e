"""`parallax db`: bring the database to the form that this version expects; copy it, and make one from a copy."""

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

from config.backup import BackupError, back_up, check, erased_names, restore
from config.clock import utc_now
from config.database import open_database
from config.keys import load_keys
from config.keystore import KeyStore
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


@db_group.command("backup")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would be copied.")
def backup_command(folder: Path, dry_run: bool) -> None:
    """Copy database and key store into a new FOLDER, while the service runs.

    The copy holds no key files: keep `instance/keys` apart from it. Let copies die within a week, or what is erased
    lives on in them.
    """
    settings = read_settings()
    database = _sqlite_file(settings)
    if dry_run:
        click.echo(f"would copy {database.name} and {settings.keystore_file.name}")
        return
    try:
        copied = back_up(database=database, keystore=settings.keystore_file, into=folder, at=utc_now())
    except BackupError as wrong:
        raise click.ClickException(f"no copy was made ({wrong.code})") from None
    for name, digest in copied.files:
        click.echo(f"{digest}  {name}")


@db_group.command("restore")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--erased",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="What `parallax db erased` printed last, kept elsewhere; an empty file if nothing was.",
)
@click.option("--dry-run", is_flag=True, help="Only check the copy.")
def restore_command(folder: Path, erased: Path, dry_run: bool) -> None:
    """Make a database and key store from the copy in FOLDER, where there is none yet; the key files must be there.

    Keys that were destroyed after the copy are destroyed again. Withdrawals and recalls since then are not in it:
    enter them again before the service is started.
    """
    settings = read_settings()
    database = _sqlite_file(settings)
    names = [line for line in erased.read_text(encoding="utf-8").split() if line]
    try:
        copied = check(folder)
        if dry_run:
            click.echo(
                f"the copy of {copied.at.isoformat(timespec='seconds')} is whole; would erase {len(names)} again"
            )
            return
        keys = load_keys(settings.key_directory)
        gone = restore(folder, database=database, keystore=settings.keystore_file, kek=keys.kek, erased=names)
    except BackupError as wrong:
        raise click.ClickException(f"nothing was restored ({wrong.code})") from None
    except SettingsError as wrong:
        raise click.ClickException(str(wrong)) from None
    click.echo(f"restored as of {copied.at.isoformat(timespec='seconds')}; {gone} keys were erased again")
    click.echo("Enter again every withdrawal and recall since then before you start the service.", err=True)


@db_group.command("erased")
def erased_command() -> None:
    """Print the names of all keys that were destroyed, for `restore`. Keep the newest list away from the copies."""
    settings = read_settings()
    try:
        keys = load_keys(settings.key_directory)
    except SettingsError as wrong:
        raise click.ClickException(str(wrong)) from None
    if not settings.keystore_file.is_file():
        raise click.ClickException("there is no key store yet: `parallax init` makes it")
    for name in erased_names(KeyStore(settings.keystore_file, keys.kek)):
        click.echo(name)


def _sqlite_file(settings: Settings) -> Path:
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise click.ClickException("only the embedded database is copied here: use pg_dump and pg_restore")
    return Path(url.database)


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
