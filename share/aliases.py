"""The names under which a circle may recognise a person: one key per circle, nothing joins across circles."""

from __future__ import annotations

from redaction.judge import Alias
from redaction.pseudonyms import pseudonym
from share.desk import Desk
from share.seen import Seen


def alias_for(seen: Seen, *, desk: Desk) -> Alias:
    """Local code to pseudonym, for this circle and this report alone.

    Local codes such as P1 come back in every report, so the report is part of what is keyed: two people can
    never share a pseudonym. The price is that one person in two reports has two.
    """

    def alias(subject: str) -> str:
        return pseudonym(
            desk.pseudonym_key,
            circle=str(seen.circle_id),
            epoch=desk.epoch,
            partner=str(seen.partner),
            subject=f"{seen.report}/{subject}",
        )

    return alias
