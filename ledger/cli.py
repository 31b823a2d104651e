"""`parallax ledger`: look at the record of acts from the command line."""

from __future__ import annotations

import click
from sqlalchemy.exc import DBAPIError

from config.cli import existing_database, read_settings
from config.database import readers
from ledger.chain import ChainBroken, verify_chain


@click.group("ledger")
def ledger_group() -> None:
    """The append-only record of acts."""


@ledger_group.command("verify")
@click.option(
    "--known",
    multiple=True,
    metavar="SEQ:HASH",
    help="A head that was noted earlier; may be given several times.",
)
def verify_command(known: tuple[str, ...]) -> None:
    """Check every entry from the first to the last, and print where the chain ends.

    Keep what is printed somewhere else: given back with --known it shows whether the past was rewritten.
    """
    noted = dict(_noted(text) for text in known)
    engine = existing_database(read_settings())
    try:
        with readers(engine)() as session:
            head = verify_chain(session, known=noted)
    except ChainBroken as broken:
        raise click.ClickException(str(broken)) from None
    except DBAPIError:
        raise click.ClickException("the ledger cannot be read: see `parallax db upgrade --dry-run`") from None
    finally:
        engine.dispose()
    click.echo(f"{head.seq} entries, unbroken; head {head.seq}:{head.hash.hex()}")


def _noted(text: str) -> tuple[int, bytes]:
    seq, _, digest = text.partition(":")
    try:
        noted = int(seq), bytes.fromhex(digest)
    except ValueError:
        noted = 0, b""
    if noted[0] < 1 or len(noted[1]) != 32:
        raise click.BadParameter("give a number, a colon and 64 hexadecimal digits", param_hint="--known")
    return noted
