"""`parallax partners invite`: how the first people come to the browser, before anybody there could invite them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
from sqlalchemy.orm import Session

from partners.errors import NotThere
from partners.instance import OPERATOR
from partners.invitations import LIFE, invite, link
from partners.members import add_person
from partners.operating import Work, carry_out, dry_run, member_called, partner_called
from partners.requests import NewMember
from partners.values import Role


@click.command("invite")
@click.argument("slug")
@click.argument("code")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    help="Take her in first, with these roles; without it she has to be a member already.",
)
@dry_run
def invite_command(slug: str, code: str, roles: tuple[str, ...], dry_run: bool) -> None:
    """Print a link with which a person sets her password and second factor, once and within three days.

    Whatever she had set up is gone once she opens it. Hand it to her by a way that nobody else can read.
    """

    def work(on: Work) -> Mapping[str, Any]:
        partner = partner_called(on.session, slug)
        if roles and not _is_member(on.session, slug, code):
            asked = NewMember(partner=partner, code=code, roles=tuple(Role(role) for role in roles))
            member = add_person(on.session, asked, at=on.at, by=OPERATOR)
        else:
            member = member_called(on.session, partner, code)
        word = invite(on.session, member, at=on.at, by=OPERATOR)
        told = {} if dry_run else {"invitation": link(word, on.settings)}
        return {"member": str(member), "until": (on.at + LIFE).isoformat(timespec="seconds"), **told}

    carry_out(work, dry_run=dry_run)


def _is_member(session: Session, slug: str, code: str) -> bool:
    try:
        member_called(session, partner_called(session, slug), code)
    except NotThere:
        return False
    return True
