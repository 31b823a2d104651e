"""`parallax circles`, `agreements` and `policies`: who reads together, under what, from the command line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import click

from partners.adoption import adopt_policy
from partners.agreements import add_agreement, close_circle, join_circle, leave_circle, set_circle
from partners.instance import OPERATOR
from partners.operating import (
    Work,
    carry_out,
    dry_run,
    member_called,
    partner_called,
    person_called,
    read_json,
)
from partners.registry import newest_policy
from partners.requests import CircleTerms, Joining, NewAgreement, PolicyDocument
from policies.terms import Tlp
from policies.vocabulary import VOCABULARY

_TLP: Final = {tlp.label.removeprefix("TLP:"): tlp for tlp in Tlp}


@click.group("circles")
def circles_group() -> None:
    """Who reads together."""


@circles_group.command("add")
@click.argument("slug")
@click.option("--purpose", required=True, type=click.Choice(sorted(VOCABULARY.purposes)))
@click.option("--tlp", required=True, type=click.Choice(list(_TLP)))
@click.option("--smallest-group", required=True, type=int, help="k, in persons.")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Its last day.")
@click.option("--clearance", required=True, type=click.File("r"), help="JSON: what it may be told.")
@click.option("--suspect-names-basis", help="The legal basis on which suspects are named to it.")
@dry_run
def add_circle_command(tlp: str, until: datetime, clearance: Any, dry_run: bool, **asked: Any) -> None:
    """Make a circle, or give the one of that name new terms."""

    def work(on: Work) -> Mapping[str, Any]:
        terms = CircleTerms(tlp=_TLP[tlp], until=until.date(), clearance=read_json(clearance), **asked)
        return {"circle": str(set_circle(on.session, terms, at=on.at, by=OPERATOR)), "slug": terms.slug}

    carry_out(work, dry_run=dry_run)


@circles_group.command("join")
@click.argument("circle")
@click.argument("partner")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The last day of its stay.")
@dry_run
def join_command(circle: str, partner: str, until: datetime, dry_run: bool) -> None:
    """Let a partner into a circle."""

    def work(on: Work) -> Mapping[str, Any]:
        asked = Joining(circle, partner_called(on.session, partner), until.date())
        return {"membership": str(join_circle(on.session, asked, at=on.at, by=OPERATOR))}

    carry_out(work, dry_run=dry_run)


@circles_group.command("leave")
@click.argument("circle")
@click.argument("partner")
@dry_run
def leave_command(circle: str, partner: str, dry_run: bool) -> None:
    """End a partner's stay in a circle at once."""

    def work(on: Work) -> Mapping[str, Any]:
        leave_circle(on.session, circle, partner_called(on.session, partner), at=on.at, by=OPERATOR)
        return {"circle": circle, "left": partner}

    carry_out(work, dry_run=dry_run)


@circles_group.command("close")
@click.argument("circle")
@dry_run
def close_command(circle: str, dry_run: bool) -> None:
    """Close a circle for good."""

    def work(on: Work) -> Mapping[str, Any]:
        close_circle(on.session, circle, at=on.at, by=OPERATOR)
        return {"circle": circle, "closed": True}

    carry_out(work, dry_run=dry_run)


@click.group("agreements")
def agreements_group() -> None:
    """The sharing agreements of partners."""


@agreements_group.command("add")
@click.argument("partner")
@click.option("--start", required=True, type=click.DateTime(["%Y-%m-%d"]))
@click.option("--end", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Its last day.")
@click.option(
    "--purpose", "purposes", multiple=True, required=True, type=click.Choice(sorted(VOCABULARY.purposes))
)
@click.option("--area", "areas", multiple=True)
@dry_run
def add_agreement_command(
    partner: str,
    start: datetime,
    end: datetime,
    purposes: tuple[str, ...],
    areas: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Note the next version of a partner's agreement."""

    def work(on: Work) -> Mapping[str, Any]:
        asked = NewAgreement(partner_called(on.session, partner), start.date(), end.date(), purposes, areas)
        return {"agreement": str(add_agreement(on.session, asked, at=on.at, by=OPERATOR))}

    carry_out(work, dry_run=dry_run)


@click.group("policies")
def policies_group() -> None:
    """The sharing policies of partners."""


@policies_group.command("adopt")
@click.argument("partner")
@click.argument("document", type=click.File("r"))
@click.option("--by", required=True, help="The person who adopts it, by code.")
@click.option(
    "--second", help="The second person, by code or as PARTNER/CODE; needed if it loosens anything."
)
@dry_run
def adopt_command(partner: str, document: Any, by: str, second: str | None, dry_run: bool) -> None:
    """Put a policy in force for a partner."""

    def work(on: Work) -> Mapping[str, Any]:
        home = partner_called(on.session, partner)
        newest = newest_policy(on.session, home)
        row = adopt_policy(
            on.session,
            PolicyDocument(home, document.read(), newest.number if newest else 0),
            at=on.at,
            by=member_called(on.session, home, by),
            second=person_called(on.session, home, second) if second is not None else None,
        )
        return {"policy": str(row.id), "number": row.number}

    carry_out(work, dry_run=dry_run)


COMMANDS: Final = (circles_group, agreements_group, policies_group)
