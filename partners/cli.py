"""`parallax init`, and who shares with whom, from the command line of the machine that holds the keys.

Here one command is one act: whoever can run it could change the database anyway. The ledger notes it as the
operator's. Data goes to standard output as JSON, everything said to people to standard error.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import click

from config.clock import utc_now
from config.settings import Settings
from partners.cli_circles import COMMANDS as CIRCLES
from partners.cli_people import invite_command
from partners.instance import OPERATOR, demand_empty, make_instance
from partners.keyfiles import KeyFile
from partners.members import (
    add_credential,
    add_member,
    register_partner,
    resume_partner,
    revoke_credential,
    suspend_member,
    suspend_partner,
)
from partners.operating import (
    Work,
    carry_out,
    dry_run,
    explained,
    key_or_new,
    member_called,
    partner_called,
    say,
)
from partners.requests import (
    NewCredential,
    NewMember,
    NewPartner,
)
from partners.values import LAW_FLAGS, Role, Scope
from policies.vocabulary import VOCABULARY

days = click.option(
    "--days", default=365, show_default=True, type=click.IntRange(1, 3650), help="How long it holds."
)
out = click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="New file (0600) for the secrets.",
)
public_jwk = click.option(
    "--jwk", type=click.File("r"), help="The public key, if the pair was made elsewhere."
)


@click.command("init")
@click.option("--directory", type=click.Path(path_type=Path), help="The instance; default PARALLAX_INSTANCE.")
@dry_run
def init_command(directory: Path | None, dry_run: bool) -> None:
    """Make an instance: keys, database, key store and two stewards. Refuses a directory with content.

    The stewards' files hold a private key and a second factor each. Hand them over, and take them off this machine.
    """
    environment = dict(os.environ)
    if directory is not None:
        environment["PARALLAX_INSTANCE"] = str(directory)
    with explained():
        settings = Settings.from_env(environment)
        if dry_run:
            demand_empty(settings.instance)
            say({"instance": str(settings.instance), "dry_run": True})
            return
        made = make_instance(settings, clock=utc_now)
    click.echo(
        "Hand each steward her file and take it off this machine, as well as keys/release.pem.", err=True
    )
    stewards = {code: str(path) for code, path in made.stewards.items()}
    say({"instance": str(made.instance), "partner": str(made.partner), "stewards": stewards})


@click.group("partners")
def partners_group() -> None:
    """Organisations, their people and their keys."""


@partners_group.command("add")
@click.argument("slug")
@click.option("--name", required=True)
@click.option("--kind", required=True, type=click.Choice(list(VOCABULARY.organisation_types)))
@click.option("--country", "countries", multiple=True, required=True, help="ISO 3166-1, two letters.")
@click.option("--area", "areas", multiple=True, help="ISO 3166-2 or 3166-1.")
@click.option("--language", "languages", multiple=True)
@click.option("--law-flag", "law_flags", multiple=True, type=click.Choice(sorted(LAW_FLAGS)))
@click.option("--steward", is_flag=True, help="It keeps the hub.")
@dry_run
def add_partner_command(dry_run: bool, **asked: Any) -> None:
    """Take in an organisation."""

    def work(on: Work) -> Mapping[str, Any]:
        view = register_partner(on.session, NewPartner(**asked), at=on.at, by=OPERATOR)
        return {"partner": str(view.id), "slug": view.slug}

    carry_out(work, dry_run=dry_run)


@partners_group.command("suspend")
@click.argument("slug")
@click.option("--member", help="Only this person of it, by code.")
@dry_run
def suspend_command(slug: str, member: str | None, dry_run: bool) -> None:
    """Suspend a partner, or one of its people, at once."""

    def work(on: Work) -> Mapping[str, Any]:
        partner = partner_called(on.session, slug)
        if member is None:
            suspend_partner(on.session, partner, at=on.at, by=OPERATOR)
        else:
            suspend_member(on.session, member_called(on.session, partner, member), at=on.at, by=OPERATOR)
        return {"partner": str(partner), "suspended": member or slug}

    carry_out(work, dry_run=dry_run)


@partners_group.command("resume")
@click.argument("slug")
@dry_run
def resume_command(slug: str, dry_run: bool) -> None:
    """Let a suspended partner in again."""

    def work(on: Work) -> Mapping[str, Any]:
        partner = partner_called(on.session, slug)
        resume_partner(on.session, partner, at=on.at, by=OPERATOR)
        return {"partner": str(partner), "resumed": slug}

    carry_out(work, dry_run=dry_run)


@partners_group.command("add-member")
@click.argument("slug")
@click.argument("code")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role])
)
@public_jwk
@days
@out
@dry_run
def add_member_command(
    slug: str, code: str, roles: tuple[str, ...], jwk: Any, days: int, out: Path, dry_run: bool
) -> None:
    """Take in a person. Her second factor, and the key if it is made here, go into a new file."""

    def work(on: Work) -> Mapping[str, Any]:
        private, public = key_or_new(jwk)
        asked = NewMember(
            partner=partner_called(on.session, slug),
            code=code,
            roles=tuple(Role(role) for role in roles),
            jwk=public,
            expires=on.at + timedelta(days=days),
        )
        new = add_member(on.session, asked, keystore=on.keystore, at=on.at, by=OPERATOR)
        if not dry_run:
            KeyFile(new.kid, on.settings.issuer, private, new.totp_secret).write(out)
        return {"member": str(new.id), "kid": new.kid, "file": str(out)}

    carry_out(work, dry_run=dry_run)


@partners_group.command("add-credential")
@click.argument("slug")
@click.option("--member", help="Whose it is, by code; without it the partner's machine's.")
@click.option(
    "--scope", "scopes", multiple=True, required=True, type=click.Choice([scope.value for scope in Scope])
)
@public_jwk
@days
@out
@dry_run
def add_credential_command(
    slug: str, member: str | None, scopes: tuple[str, ...], jwk: Any, days: int, out: Path, dry_run: bool
) -> None:
    """Accept a further key. If it is made here, its private half goes into a new file."""

    def work(on: Work) -> Mapping[str, Any]:
        private, public = key_or_new(jwk)
        partner = partner_called(on.session, slug)
        asked = NewCredential(
            partner=partner,
            member=member_called(on.session, partner, member) if member is not None else None,
            jwk=public,
            scopes=tuple(Scope(scope) for scope in scopes),
            expires=on.at + timedelta(days=days),
        )
        kid = add_credential(on.session, asked, at=on.at, by=OPERATOR)
        if not dry_run:
            KeyFile(kid, on.settings.issuer, private).write(out)
        return {"kid": kid, "file": str(out)}

    carry_out(work, dry_run=dry_run)


@partners_group.command("revoke-credential")
@click.argument("kid")
@dry_run
def revoke_command(kid: str, dry_run: bool) -> None:
    """Void a key at once and for good."""

    def work(on: Work) -> Mapping[str, Any]:
        revoke_credential(on.session, kid, at=on.at, by=OPERATOR)
        return {"revoked": kid}

    carry_out(work, dry_run=dry_run)


partners_group.add_command(invite_command)

COMMANDS: Final = (init_command, partners_group, *CIRCLES)
