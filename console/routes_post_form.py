"""Writing a report: drafts, and the form in short steps. Everything is kept at each step, with script or without."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final, cast
from uuid import UUID

from flask import Blueprint, Response, abort, jsonify, redirect, request, url_for

from console.form_pages import form_page, place_of
from console.forms_indicators import read_indicators
from console.forms_read import Typed, read
from console.forms_report import ABOUT, GROUND_PLACE, INDICATORS, NOBODY_PLACE, refused_on, sheet_of
from console.session import current_sitting, page, person
from console.web import render
from console.writing import STEPS, Writing, age, moment, writing, written
from partners.values import Scope
from share.draft_parts import Values
from share.drafts import begin, discard, drafts_of, drop, key_for_the_browser, save
from share.errors import NotThere, ShareError
from share.web import LARGEST_BODY, current_desk

post = Blueprint("post", __name__, url_prefix="/post")

_LARGEST_VERSION: Final = 1_000_000_000
_LONGEST_NAME: Final = 40


@post.before_request
def let_long_texts_in() -> None:
    """A narrative in any script takes more room in a form than forms are given by default."""
    request.max_form_memory_size = LARGEST_BODY


@post.errorhandler(NotThere)
def not_there(_error: NotThere) -> Response:
    """The one page for what is not there and for what is somebody else's."""
    return render("post/not_there.html", HTTPStatus.NOT_FOUND)


@post.get("")
@page(Scope.REPORTS_SUBMIT)
def drafts() -> Response:
    """One's own drafts, and how to begin a report."""
    found = [written(each) for each in drafts_of(person(), desk=current_desk())]
    return render(
        "post/drafts.html",
        drafts=found,
        sorts=tuple(STEPS),
        age=age,
        moment=moment,
        now=current_desk().clock(),
    )


@post.post("")
@page(Scope.REPORTS_SUBMIT)
def start() -> Response:
    """Begin a report of one sort. A route or an offer alone is said, by that, to concern nobody protected."""
    about = request.form.get(ABOUT, "")
    if about not in STEPS:
        abort(HTTPStatus.BAD_REQUEST)
    parts: dict[str, Values] = {ABOUT: {ABOUT: about}}
    if about != "people":
        parts[NOBODY_PLACE] = {"stated": True, "given_on": current_desk().clock().date().isoformat()}
    try:
        draft_id = begin(parts, by=person(), desk=current_desk())
    except ShareError as refusal:
        return render("post/refused.html", HTTPStatus.CONFLICT, code=refusal.code)
    return _to(url_for("post.step", draft_id=draft_id, step="what"))


@post.get("/<uuid:draft_id>/<step>")
@post.get("/<uuid:draft_id>/<step>/<code>")
@page(Scope.REPORTS_SUBMIT)
def step(draft_id: UUID, step: str, code: str | None = None) -> Response:
    """One page of the form, with what is kept of it."""
    now, place = writing(draft_id), place_of(step, code)
    if now.opened.receipt is not None:
        return _to(url_for("post.receipt", draft_id=draft_id))
    if place == NOBODY_PLACE:
        return _to(now.address("grounds", look=True))
    return form_page(now, place)


@post.post("/<uuid:draft_id>/<step>")
@post.post("/<uuid:draft_id>/<step>/<code>")
@page(Scope.REPORTS_SUBMIT)
def keep(draft_id: UUID, step: str, code: str | None = None) -> Response:
    """Keep what was typed on one page, and go on. A script may ask for nothing but to keep it."""
    now, place = writing(draft_id), place_of(step, code)
    quietly = "quietly" in request.form
    if now.opened.receipt is not None:
        return _gone(now) if quietly else _to(url_for("post.receipt", draft_id=draft_id))
    values = _taken(now, place) if "take" in request.form else _typed(place, now.lang)
    try:
        saved = save(
            draft_id,
            place,
            values,
            base=now.opened.version if "take" in request.form else _number("version"),
            page=request.form.get("page", "")[:_LONGEST_NAME],
            settles=0 if quietly else _number("settles"),  # only who presses a button has looked at both
            by=person(),
            desk=current_desk(),
        )
    except ShareError as refusal:
        if isinstance(refusal, NotThere):
            raise
        return _not_kept(refusal.code, quietly=quietly)
    if quietly:
        return _told(version=saved.version, at=moment(saved.at), clash=saved.clash)
    if saved.clash or "take" in request.form:
        return _to(now.address(place))
    if request.form.get("go") != "next":
        return _to(now.address(place, look=True))
    return _to(now.address(place, look=True) if refused_on(place, values) else now.after(place))


@post.get("/<uuid:draft_id>/<step>/<code>/remove")
@page(Scope.REPORTS_SUBMIT)
def ask_to_remove(draft_id: UUID, step: str, code: str) -> Response:
    """Ask before a person, a suspect or a ground is taken out of a draft."""
    now, place = writing(draft_id), place_of(step, code)
    return render(
        "post/remove.html", writing=now, place=place, step=step, who=now.called(code), back=now.address(place)
    )


@post.post("/<uuid:draft_id>/<step>/<code>/remove")
@page(Scope.REPORTS_SUBMIT)
def remove(draft_id: UUID, step: str, code: str) -> Response:
    """Take a person with her ground, or a suspect, or a ground, out of a draft."""
    place = place_of(step, code)
    drop(draft_id, {place, f"{GROUND_PLACE}{code}"}, by=person(), desk=current_desk())
    return _to(url_for("post.step", draft_id=draft_id, step=step))


@post.get("/<uuid:draft_id>/discard")
@page(Scope.REPORTS_SUBMIT)
def ask_to_discard(draft_id: UUID) -> Response:
    """Ask before a draft is thrown away."""
    return render("post/discard.html", writing=writing(draft_id), moment=moment)


@post.post("/<uuid:draft_id>/discard")
@page(Scope.REPORTS_SUBMIT)
def throw_away(draft_id: UUID) -> Response:
    """Throw a draft away for good."""
    discard(draft_id, by=person(), desk=current_desk())
    return _to(url_for("post.drafts"))


@post.get("/<uuid:draft_id>/line")
@page(Scope.REPORTS_SUBMIT)
def line(draft_id: UUID) -> Response:
    """For the script of a page that waited for its line: the draft's version, the token of forms, and the key
    under which this browser keeps what could not be sent.
    """
    key = key_for_the_browser(draft_id, by=person(), desk=current_desk())
    token, version = current_sitting().form_token, writing(draft_id).opened.version
    return _told(version=version, form_token=token, key=b64encode(key).decode())


def _typed(place: str, lang: str) -> dict[str, Any]:
    typed: Typed = cast("dict[str, Sequence[str]]", request.form.to_dict(flat=False))
    if place == INDICATORS:
        return read_indicators(typed)
    sheet = sheet_of(place)
    if sheet is None:
        raise NotThere
    return read(sheet, typed, lang)


def _taken(now: Writing, place: str) -> Values:
    """The other copy of a part, for whoever chose it."""
    part = now.opened.parts.get(place)
    if part is None or part.other is None:
        raise NotThere
    return part.other.values


def _number(name: str) -> int:
    said = request.form.get(name, "")
    return min(int(said), _LARGEST_VERSION) if said.isdecimal() and len(said) < 10 else 0


def _not_kept(code: str, *, quietly: bool) -> Response:
    if quietly:
        return _told(HTTPStatus.CONFLICT, code=code)
    return render("post/refused.html", HTTPStatus.CONFLICT, code=code)


def _gone(now: Writing) -> Response:
    return _told(
        HTTPStatus.GONE, code="already_sent", receipt=url_for("post.receipt", draft_id=now.opened.id)
    )


def _told(status: HTTPStatus = HTTPStatus.OK, **said: Any) -> Response:
    """For scripts. No browser may keep it: a key beside what it locks would lock nothing."""
    answer = jsonify(said)
    answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _to(address: str) -> Response:
    return cast(Response, redirect(address, HTTPStatus.SEE_OTHER))
