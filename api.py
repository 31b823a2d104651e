"""The composition root: settings become desks, desks become an application, and the commands are gathered."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from importlib import import_module
from typing import Final

import click
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, Response
from flask.cli import FlaskGroup
from sqlalchemy.exc import OperationalError

import partners.errors
import share.errors
from config.cli import db_group
from config.clock import Clock, utc_now
from config.database import open_database, readers, sessions
from config.keys import load_keys
from config.keystore import KeyGone, KeysBusy, KeyStore
from config.logs import configure, get_logger
from config.settings import Settings
from console.pages import PAGES
from console.web import add_pages
from evidence import vault
from ledger.cli import ledger_group
from partners import guard
from partners.cli import COMMANDS as PARTNERS_COMMANDS
from partners.desk import PartnersDesk
from partners.routes import BLUEPRINTS as PARTNERS
from policies.cli import policy
from policies.load import floor
from policies.vocabulary import VERSION
from redaction.detectors.second_look import SECOND_LOOK
from redaction.engine import Engine, Language
from share.cli import serve_command, verify_command, worker_command
from share.desk import Desk, Examine
from share.importing.cli import import_command
from share.redactor import LOADING_SECONDS, Examiner
from share.routes import reports
from share.routes_bulletins import bulletins
from share.routes_consents import consents
from share.routes_docs import docs
from share.routes_reference import health, reference
from share.routes_review import review
from share.signing import Signer
from share.web import EXTENSION, LARGEST_BODY, ProblemApi, as_problem, begin, finish, read_strictly
from share.working import WorkingCopies

EPOCH: Final = 1
"""Counts the times that pseudonyms were made anew on purpose."""

ERRORS: Final[Mapping[type[Exception], HTTPStatus]] = {
    share.errors.NotThere: HTTPStatus.NOT_FOUND,
    share.errors.NotAcceptable: HTTPStatus.UNPROCESSABLE_ENTITY,
    share.errors.Conflict: HTTPStatus.CONFLICT,
    share.errors.Stale: HTTPStatus.CONFLICT,
    partners.errors.NotThere: HTTPStatus.NOT_FOUND,
    partners.errors.NotAcceptable: HTTPStatus.UNPROCESSABLE_ENTITY,
    partners.errors.NotAllowed: HTTPStatus.FORBIDDEN,
    partners.errors.Conflict: HTTPStatus.CONFLICT,
    KeyGone: HTTPStatus.CONFLICT,  # what it would have opened was destroyed on purpose
    KeysBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    OperationalError: HTTPStatus.SERVICE_UNAVAILABLE,
    Exception: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""What becomes of an exception that a view lets out. Whatever is not listed is our mistake."""

CODES: Final = {"idempotency_key_reused": HTTPStatus.UNPROCESSABLE_ENTITY}
"""Codes with a status of their own."""

log = get_logger()


@dataclass(frozen=True, kw_only=True)
class Desks:
    """What the use cases of each room work with."""

    share: Desk
    partners: PartnersDesk


def build_desks(settings: Settings, *, clock: Clock = utc_now, examine: Examine | None = None) -> Desks:
    """The desks of an instance. Raises `SettingsError` for missing or unsafe keys; starts nothing."""
    keys = load_keys(settings.key_directory)
    database = open_database(settings.database_url)
    keystore = KeyStore(settings.keystore_file, keys.kek, clock)
    writing, reading = sessions(database), readers(database)
    share_desk = Desk(
        sessions=writing,
        readers=reading,
        clock=clock,
        floor=floor(),
        seal=partial(vault.seal, keystore=keystore, release_public=keys.seal_public),
        destroy=partial(vault.destroy, keystore=keystore),
        working=WorkingCopies(keystore),
        examine=examine or Examiner(settings.models, seconds=settings.redaction_timeout),
        second_look=Engine(SECOND_LOOK, _as_said, "second-look"),
        signer=Signer(keys.sign.kid, keys.sign.private),
        pseudonym_key=keys.pseudonym,
        tag_key=HKDF(hashes.SHA256(), 32, salt=None, info=b"parallax tags 1").derive(keys.pseudonym),
        epoch=EPOCH,
        vocabulary=VERSION,
        publish_every=timedelta(seconds=settings.publish_every),
        claim_for=timedelta(seconds=2 * settings.redaction_timeout + LOADING_SECONDS),
        working_copy_days=settings.working_copy_days,
        random=os.urandom,
    )
    return Desks(
        share=share_desk,
        partners=PartnersDesk(
            sessions=writing, readers=reading, clock=clock, keys=keys, keystore=keystore, settings=settings
        ),
    )


def create_app(settings: Settings | None = None, *, desks: Desks | None = None) -> Flask:
    """The application over `desks`, or over those that the settings, or else the environment, describe."""
    ready = desks or _started(settings or Settings.from_env(os.environ))
    app = Flask("parallax", static_folder=None)
    app.config.update(
        API_TITLE="Parallax",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        ETAG_DISABLED=True,  # `finish` tags what is sent, not what was meant
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        PROVIDE_AUTOMATIC_OPTIONS=False,
    )
    app.url_map.merge_slashes = False
    app.extensions[EXTENSION] = ready.share
    app.extensions[guard.EXTENSION] = ready.partners
    read_strictly()
    api = ProblemApi(app)
    for blueprint in (*PARTNERS, reports, review, consents, bulletins, reference, health):
        api.register_blueprint(blueprint)
    app.register_blueprint(docs)
    add_pages(app, *PAGES)
    for command in COMMANDS:
        app.cli.add_command(command)  # so that `flask --app api` has them too
    for kind in ERRORS:
        app.register_error_handler(kind, _problem)
    app.before_request(begin)
    app.after_request(finish)
    guard.refuse_unguarded(app)
    app.wsgi_app = guard.without_hearsay(app.wsgi_app)  # type: ignore[method-assign]
    return app


def _started(settings: Settings) -> Desks:
    configure(settings.log_level, sys.stderr)
    return build_desks(settings)


def _problem(error: Exception) -> Response:
    """A domain exception as a problem: its code, and where in the form it belongs."""
    status = next(ERRORS[kind] for kind in type(error).__mro__ if kind in ERRORS)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request_failed", exception=type(error).__name__)
        answer = as_problem(status, None)
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            answer.headers["Retry-After"] = "1"
        return answer
    code = getattr(error, "code", None)
    path = getattr(error, "path", None) or getattr(error, "field", None)
    return as_problem(CODES.get(str(code), status), code, {path: code} if path and code else None)


def _as_said(_text: str, said: str | None) -> Language:
    return Language(said or "und", strict=False, sure=True)


class Commands(FlaskGroup):
    """The `parallax` command. Listing it, or asking for help, loads no application and no language model."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """The commands of our own."""
        return sorted({*self.commands, *READS_TEXT})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """A command by its name; one that reads text brings spaCy along, and only when it is asked for."""
        if name in READS_TEXT:
            room, attribute = READS_TEXT[name]
            found: click.Command = getattr(import_module(room), attribute)
            return found
        return super().get_command(ctx, name)


READS_TEXT: Final = {"redact": ("redaction.cli", "redact_command"), "bench": ("redaction.cli", "bench_group")}
"""Commands that load the language models' library: seconds which no other command should wait for."""

COMMANDS: Final = (
    *PARTNERS_COMMANDS,
    policy,
    db_group,
    ledger_group,
    serve_command,
    verify_command,
    worker_command,
    import_command,
)

cli = Commands(
    name="parallax",
    create_app=lambda: create_app(),
    add_default_commands=False,
    add_version_option=False,
    load_dotenv=False,
    set_debug_flag=False,
    help="Share what several organisations know about a trafficking network without naming a survivor.",
)
cli.params.clear()  # settings come from PARALLAX_* alone
for command in COMMANDS:
    cli.add_command(command)

if __name__ == "__main__":
    cli()
