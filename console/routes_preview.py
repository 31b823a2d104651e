"""What each circle would be told of a report, and a person's yes to exactly that."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from console.acting import act, once_of_form, outcome
from console.explaining import PROBLEMS, RUNGS, TEXTS, VOICES, said
from console.marking import passages
from console.session import page, person
from console.telling import compared, language_of, named, spoken, tables, title_of
from console.web import current_speech, render
from partners.values import Scope
from share.approval import Preview, approve, preview
from share.bulletin import content_from_plain, digest
from share.compose import Left
from share.errors import NotThere
from share.texts import Behind, behind, circles_of_report
from share.web import current_desk

told = Blueprint("told", __name__, url_prefix="/<uuid:report_id>/told")
"""Stands within the review pages, and under their address."""

WHOLE: Final = "whole"
FACTS: Final = "facts"
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Shown:
    """One circle's preview: the bytes, what they say, and what stands behind them."""

    preview: Preview
    content: Mapping[str, Any] = field(repr=False)
    behind: Behind

    @property
    def is_reviewed(self) -> bool:
        """Whether a person has said yes to exactly what is shown."""
        alone = "narrative" not in self.content and self.behind.facts_are_approved
        return self.preview.is_approved or alone


@told.get("/")
@page(Scope.REPORTS_REVIEW)
def circles(report_id: UUID) -> Response:
    """What the circles would be told, side by side."""
    names = circles_of_report(report_id, by=person(), desk=current_desk())
    shown = [one for name in names if (one := _look_or_nothing(report_id, name)) is not None]
    lang = spoken(current_speech().code)
    return render(
        "review/told.html",
        report=report_id,
        shown=shown,
        rows=compared([one.content for one in shown], lang),
        markings_differ=len({one.content["tlp"] for one in shown}) > 1,
        texts_differ=len({one.content.get("narrative", {}).get("text") for one in shown}) > 1,
        lang=lang,
        **outcome(),
    )


@told.get("/<circle>")
@page(Scope.REPORTS_REVIEW)
def one_circle(report_id: UUID, circle: str) -> Response:
    """Exactly what one circle would be told, and why the rest is missing."""
    return render("review/told_to.html", **_of(report_id, _look(report_id, circle)), **outcome())


@told.get("/<circle>/approval")
@page(Scope.REPORTS_REVIEW, Scope.REPORTS_APPROVE, confirmed=True)
def ask_approval(report_id: UUID, circle: str) -> Response:
    """Show once more exactly what would be approved, and ask for the yes."""
    return render("review/approval.html", **_of(report_id, _part(_look(report_id, circle))), **outcome())


@told.post("/<circle>/approval")
@page(Scope.REPORTS_REVIEW, Scope.REPORTS_APPROVE, confirmed=True)
def approve_content(report_id: UUID, circle: str) -> Response:
    """Say yes to exactly the content that was shown; if it is another one meanwhile, nothing is approved."""
    said_digest = request.form.get("content_sha256", "")
    content = said_digest if _SHA256.fullmatch(said_digest) else ""
    work = partial(
        approve,
        report_id,
        circle=circle,
        content_sha256=content,
        by=person(),
        once=once_of_form(),
        desk=current_desk(),
    )
    there = url_for("review_pages.told.one_circle", report_id=report_id, circle=circle)
    return act(work, done="approved", there=there)


def _look(report_id: UUID, circle: str) -> Shown:
    """The preview, as the interface for programs gives it; that it was opened is in the ledger."""
    shown = preview(report_id, circle=circle, by=person(), desk=current_desk())
    return Shown(
        shown,
        json.loads(shown.content),
        behind(report_id, circle=circle, by=person(), desk=current_desk()),
    )


def _look_or_nothing(report_id: UUID, circle: str) -> Shown | None:
    """The same; None where nobody speaks for the circle any more, as after a refusal."""
    try:
        return _look(report_id, circle)
    except NotThere:
        return None


def _part(shown: Shown) -> Shown:
    """What is to be approved: everything that is shown or, if so asked, its facts without the text."""
    if request.args.get("part") != FACTS:
        return shown
    facts = content_from_plain(shown.content).without_narrative()
    content = facts.canonical()
    alone = Preview(
        circle=shown.preview.circle,
        content=content,
        content_sha256=digest(content),
        left=shown.preview.left,
        problems=shown.preview.problems,
        is_approved=shown.behind.facts_are_approved,
    )
    return Shown(alone, facts.to_plain(), shown.behind)


def _of(report_id: UUID, shown: Shown) -> dict[str, Any]:
    """A preview in words, for the templates."""
    speech, content = current_speech(), shown.content
    lang = spoken(speech.code)
    narrative = content.get("narrative")
    return {
        "report": report_id,
        "shown": shown,
        "lang": lang,
        "tables": tables(content, lang),
        "narrative": narrative and passages(narrative["text"], (), language=narrative["language"]),
        "narrative_lang": narrative and narrative["language"],
        "narrative_language": narrative and language_of(narrative["language"], lang),
        "canonical": shown.preview.content.decode(),
        "text": _text(shown),
        "left": [_left(each, lang) for each in shown.preview.left],
        "problems": [said(PROBLEMS, code, speech) for code in shown.preview.problems],
        "part": WHOLE if narrative or not request.args.get("part") else FACTS,
        "may_approve": Scope.REPORTS_APPROVE in person().scopes,
    }


def _text(shown: Shown) -> tuple[str, ...]:
    """Why there is no text, in sentences; none where there is."""
    if "narrative" in shown.content or shown.behind.text == "told":
        return ()
    speech = current_speech()
    why = (said(VOICES, voice, speech) for voice in shown.behind.voices)
    return (said(TEXTS, shown.behind.text, speech), *why)


def _left(left: Left, lang: str) -> dict[str, Any]:
    """One thing that is missing, or told more coarsely, and each voice that asks for it."""
    speech = current_speech()
    return {
        "title": title_of(left.section, None, lang),
        "name": named(left.kind, lang),
        "rung": said(RUNGS, left.rung, speech),
        "why": [said(VOICES, voice, speech) for voice in left.voices],
    }
