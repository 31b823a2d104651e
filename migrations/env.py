"""Runs the migrations: on the connection that `parallax db upgrade` passes, or on the configured database.

How to write the next step, after the models were changed:

1. Make a database at the present head. Use PostgreSQL: SQLite cannot name all types.
   `PARALLAX_DATABASE_URL=postgresql://... alembic upgrade head`
2. Let Alembic compare: `alembic revision --autogenerate --rev-id 0002_what_it_does -m "What it does"`.
3. Read every line. Rows may exist: give a new column that may not be empty a `server_default`, and move data
   in the same step. A step that rebuilds `ledger_entries` on SQLite loses its triggers and must create them
   again. A downgrade that would lose what cannot be made again refuses, and says why.
4. `pytest tests/config/test_config_migrations.py`: it says whether head equals the models, and goes up, down
   and up again on both databases, with rows.

Until the first release the first step may be made anew: delete it, then 2 against an empty database with
`--rev-id 0001_first`, and put back what Alembic does not see: the triggers, and the refusal to go down.
Import the models of every room here: a table that is not imported would be dropped by the next step.
"""

from __future__ import annotations

import os
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

import ledger.models
import partners.models
import partners.models_people
import share.models
from config.database import Base, open_database
from config.settings import Settings

# Naming them here is what makes their tables known to `Base`.
ROOMS = (ledger.models, partners.models, partners.models_people, share.models)

# Any number will do, so long as every upgrade asks for the same one.
_UPGRADE_LOCK = 7_205_550


class MigrationRefused(Exception):
    """A step would have left rows that point nowhere, or cannot be run in this way."""


def migrate(connection: Connection) -> None:
    """Run the steps asked for in one transaction: all of them, or none."""
    on_sqlite = connection.dialect.name == "sqlite"
    if on_sqlite:
        # Rebuilding a table drops it, which enforced foreign keys forbid. They are checked as a whole below.
        _foreign_keys(connection, "OFF")
    try:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=_render,
            transactional_ddl=True,
            compare_server_default=True,
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})")
            context.run_migrations()
            if on_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise MigrationRefused("rows would point nowhere; nothing was changed")
    finally:
        if on_sqlite:
            _foreign_keys(connection, "ON")


def _foreign_keys(connection: Connection, state: str) -> None:
    """Past SQLAlchemy, because the pragma has no effect inside the transaction that it would begin."""
    driver = connection.connection.dbapi_connection
    if driver is not None:
        driver.cursor().execute(f"PRAGMA foreign_keys={state}")


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Our column types as what they are in the database, so that a step does not change when the code does."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


if context.is_offline_mode():
    raise MigrationRefused("there is no offline mode: a step may have to look at rows")
if (given := context.config.attributes.get("connection")) is not None:
    migrate(given)
else:
    engine = open_database(Settings.from_env(os.environ).database_url)
    with engine.connect() as opened:
        migrate(opened)
    engine.dispose()
