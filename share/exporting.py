"""What somebody may read anyway, as tables to be kept: her organisation's reports, and bulletins of her circles.

Of reports it holds what the interface tells of them: states, reasons, grounds and bulletins, all in codes. The words
of a report are in no table: they leave through review and redaction alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from partners.values import Actor
from share.desk import Desk
from share.filters import Line, Wanted, line_of
from share.overview import OnGround, Standing, grounds_of, reports_of, standing_of
from share.reading import bulletins_for
from share.rendering import render, say
from share.spreadsheets import Cell, Table

MOST_REPORTS: Final = 1_000
MOST_BULLETINS: Final = 5_000
"""The newest are kept where there are more."""
_AT_ONCE: Final = 200
_BETWEEN: Final = "; "

REPORTS: Final = (
    *("report", "received_at", "state", "version", "urgent", "redacted_at_source"),
    *("held_by", "told_to", "grounds"),
)
GROUNDS: Final = (
    *("report", "subject", "number", "basis", "purposes", "withheld_from", "limits", "explained", "language"),
    *("given_on", "given_by", "guardian_is_suspect_or_kin", "until", "withdrawn_on", "recorded_at"),
)
BULLETINS: Final = (
    *("bulletin", "version", "circle", "state", "tlp", "published_at", "valid_until"),
    *("recruited_in", "exploited_in", "exploitation", "text"),
)
FACTS: Final = ("bulletin", "section", "about", "kind", "rung", "value", "in_words")
ABOUT: Final = (
    "Bulletins are intelligence, not evidence.",
    "A bulletin is true for its readers until its last day, and until it is recalled: look again before you use it.",
    "If a bulletin is recalled, delete your copies of it, this table included.",
    "What is signed are the codes of the bulletin itself, and not this table.",
)


def reports_as_tables(by: Actor, *, desk: Desk) -> tuple[Table, ...]:
    """The asker's own organisation's reports, newest first, and the grounds in force for their people."""
    reports, grounds = [], []
    for report in _reports(by, desk):
        standing = standing_of(report, by=by, desk=desk)
        on_record = tuple(_grounds(report, by, desk))
        reports.append(_report(standing, on_record))
        grounds += [_ground(report, each) for each in on_record]
    return Table("reports", REPORTS, reports), Table("grounds", GROUNDS, grounds)


def bulletins_as_tables(wanted: Wanted, lang: str, *, by: Actor, desk: Desk) -> tuple[Table, ...]:
    """The bulletins that the asker may read today and that are what is looked for, newest first; and their facts."""
    found = [plain for plain in _bulletins(by, desk) if wanted.is_met_by(line_of(plain))]
    newest = found[::-1][:MOST_BULLETINS]
    return (
        Table("bulletins", BULLETINS, [_bulletin(line_of(plain), plain, lang) for plain in newest]),
        Table("facts", FACTS, [row for plain in newest for row in _facts(plain, lang)]),
        Table("about", ("about",), [(sentence,) for sentence in ABOUT]),
    )


def _reports(by: Actor, desk: Desk) -> Iterator[UUID]:
    after, left = None, MOST_REPORTS
    while left:
        found = reports_of(by, after=after, limit=min(_AT_ONCE, left), desk=desk)
        yield from (each.id for each in found.reports)
        after, left = found.after, left - len(found.reports)
        if after is None:
            return


def _grounds(report: UUID, by: Actor, desk: Desk) -> Iterator[OnGround]:
    after: str | None = None
    while True:
        page = grounds_of(report, by=by, after=after, limit=_AT_ONCE, desk=desk)
        yield from page.items
        if page.after is None:
            return
        after = str(page.after)


def _report(standing: Standing, grounds: tuple[OnGround, ...]) -> tuple[Cell, ...]:
    report = standing.report
    return (
        str(report.id),
        report.received_at.isoformat(timespec="seconds"),
        report.state,
        report.version,
        _yes(report.urgent),
        _yes(report.redacted_at_source),
        _BETWEEN.join(sorted({hold.code for hold in standing.holds})),
        _BETWEEN.join(f"{told.circle} v{told.version} {told.state}" for told in standing.bulletins),
        _BETWEEN.join(f"{each.subject} {each.basis}" for each in grounds if each.withdrawn_on is None),
    )


def _ground(report: UUID, said: OnGround) -> tuple[Cell, ...]:
    return (
        str(report),
        said.subject,
        said.number,
        said.basis,
        _BETWEEN.join(said.purposes),
        _BETWEEN.join(said.withheld_from),
        _BETWEEN.join(f"{kind}={rung}" for kind, rung in sorted(said.limits.items())),
        _BETWEEN.join(said.explained),
        said.language or "",
        said.given_on.isoformat(),
        said.given_by,
        _yes(said.guardian_is_suspect_or_kin),
        said.until.isoformat() if said.until else "",
        said.withdrawn_on.isoformat() if said.withdrawn_on else "",
        said.recorded_at.isoformat(timespec="seconds"),
    )


def _bulletins(by: Actor, desk: Desk) -> Iterator[Mapping[str, Any]]:
    after: UUID | None = None
    while True:
        page = bulletins_for(by, after=after, limit=_AT_ONCE, desk=desk)
        yield from (bulletin.to_plain() for bulletin in page.bulletins)
        if page.after is None:
            return
        after = page.after


def _bulletin(line: Line, plain: Mapping[str, Any], lang: str) -> tuple[Cell, ...]:
    return (
        str(line.id),
        line.version,
        line.circle,
        "recalled" if line.recalled else "published",
        line.tlp,
        line.published_at,
        line.valid_until,
        _BETWEEN.join(line.origins),
        _BETWEEN.join(line.destinations),
        _BETWEEN.join(line.exploitation),
        render(plain["content"], plain["envelope"], lang),
    )


def _facts(plain: Mapping[str, Any], lang: str) -> Iterator[tuple[Cell, ...]]:
    bulletin = str(plain["envelope"]["id"])
    for section in plain["content"].get("sections", ()):
        for fact in section["facts"]:
            yield (
                bulletin,
                section["section"],
                section.get("about") or "",
                fact["kind"],
                fact["rung"],
                fact["value"],
                say(fact["kind"], fact["value"], lang),
            )


def _yes(said: bool) -> str:
    return "yes" if said else "no"
