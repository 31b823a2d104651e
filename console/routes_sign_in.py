"""Signing in: a password, then a second factor; showing a factor again; and signing out, slowly or quickly."""

from __future__ import annotations

from calendar import Calendar
from datetime import date
from http import HTTPStatus
from math import ceil
from typing import Final, cast
from uuid import UUID

from babel.dates import format_date, get_day_names
from flask import Blueprint, Response, abort, redirect, request, url_for

from console.door import (
    BROWSER,
    BROWSER_DAYS,
    SEAT,
    demand_own_door,
    door_token,
    from_elsewhere,
    give_cookie,
    read_cookie,
    safe_then,
    take_cookie,
    with_door,
)
from console.session import current_sitting, demand_our_form, half_or_none, page, sitting_or_none
from console.web import current_speech, render
from partners.guard import current_partners_desk, public
from partners.passkeys import are_possible
from partners.sign_in import (
    NotLetIn,
    Shown,
    confirm_code,
    factors_of,
    mark_browser,
    member_of,
    show_code,
    show_password,
)
from partners.sitting import Half
from partners.sitting import leave as end_sitting

sign_in = Blueprint("sign_in", __name__, url_prefix="/sign-in")

CLEAR: Final = '"cache", "storage"'
LONGEST_NAME: Final = 60


@sign_in.get("")
@public
def ask() -> Response:
    """The form for partner, code and password; whoever sits here already goes on."""
    if sitting_or_none() is not None:
        return go_on(request.args.get("then"))
    return _ask()


@sign_in.post("")
@public
def answer() -> Response:
    """Take partner, code and password, and ask for the second factor. A sitting that ran before ends."""
    demand_own_door()
    shown = Shown(
        partner=request.form.get("partner", "").strip().lower()[: LONGEST_NAME + 1],
        code=request.form.get("code", "").strip()[: LONGEST_NAME + 1],
        password=request.form.get("password", ""),
    )
    desk = current_partners_desk()
    try:
        token = show_password(shown, browser=read_cookie(BROWSER), desk=desk)
    except NotLetIn as refused:
        return _told(_ask(said_to(refused), status=_status(refused)), refused)
    end_sitting(read_cookie(SEAT), desk=desk)
    then = safe_then(request.form.get("then"))
    return give_cookie(_to(url_for("sign_in.second_factor", then=then)), SEAT, token)


@sign_in.get("/second-factor")
@public
def second_factor() -> Response:
    """The form for the second factor, for whoever has shown her password."""
    half = half_or_none()
    if half is None or half.stage != "asked":
        return _to(url_for("sign_in.ask", then=safe_then(request.args.get("then"))))
    return _factor(half.member, half.form_token, "sign_in.show_factor", request.args.get("then"))


@sign_in.post("/second-factor")
@public
def show_factor() -> Response:
    """Take a one-time code and let her in, under a token that was never seen before."""
    half, then = _asked(), request.form.get("then")
    try:
        token = show_code(half, request.form.get("otp", ""), desk=current_partners_desk())
    except NotLetIn as refused:
        shown = _factor(half.member, half.form_token, "sign_in.show_factor", then, refused)
        return _told(shown, refused)
    return let_in(go_on(then), token, half)


@sign_in.get("/confirm")
@page()
def confirm() -> Response:
    """The form for showing a factor again, before what cannot be undone."""
    sitting = current_sitting()
    return _factor(member_of(sitting), sitting.form_token, "sign_in.confirm_again", request.args.get("then"))


@sign_in.post("/confirm")
@page()
def confirm_again() -> Response:
    """Take a one-time code, and go back to the page."""
    sitting, then = current_sitting(), request.form.get("then")
    try:
        token = confirm_code(sitting, request.form.get("otp", ""), desk=current_partners_desk())
    except NotLetIn as refused:
        shown = _factor(member_of(sitting), sitting.form_token, "sign_in.confirm_again", then, refused)
        return _told(shown, refused)
    return give_cookie(go_on(then), SEAT, token)


@sign_in.post("/leave")
@public
def leave() -> Response:
    """End the sitting, and have the browser forget its pages."""
    sitting = sitting_or_none()
    if sitting is not None:
        demand_our_form(sitting.form_token)
    return _left(url_for("sign_in.ask"))


@sign_in.post("/quick-exit")
@public
def quick_exit() -> Response:
    """End the sitting, forget this browser, and show something that says nothing of us."""
    if from_elsewhere():
        abort(HTTPStatus.FORBIDDEN)
    return take_cookie(_left(url_for("sign_in.away")), BROWSER)


@sign_in.get("/away")
@public
def away() -> Response:
    """A calendar of this month, and not a word of what this place is."""
    today, locale = current_partners_desk().clock().date(), current_speech().code
    weeks = Calendar().monthdatescalendar(today.year, today.month)
    return render(
        "sign_in/away.html",
        month=format_date(today, "LLLL y", locale=locale),
        names=[get_day_names("short", locale=locale)[day] for day in range(7)],
        weeks=weeks,
        today=today,
        within=lambda day: _same_month(day, today),
    )


def go_on(then: str | None) -> Response:
    """Lead to a page of ours."""
    return _to(safe_then(then))


def let_in(led: Response, token: str, half: Half) -> Response:
    """Seat somebody who has shown all there is to show, and know this browser again."""
    shown = Shown(half.partner_slug, half.member_code, "")
    mark = mark_browser(shown, desk=current_partners_desk())
    return give_cookie(give_cookie(led, SEAT, token), BROWSER, mark, days=BROWSER_DAYS)


def said_to(refused: NotLetIn) -> str:
    """Why somebody was not let in, in her language. It never says which part was wrong."""
    speech = current_speech()
    if refused.code == "wait":
        minutes = max(1, ceil(refused.wait.total_seconds() / 60))
        return speech.ngettext(
            "Too many attempts. Please try again in a minute.",
            "Too many attempts. Please try again in %(n)s minutes.",
            minutes,
        ) % {"n": minutes}
    return speech.gettext("This does not fit together. Please check what you typed.")


def _ask(wrong: str = "", status: int = HTTPStatus.OK) -> Response:
    then = safe_then(request.values.get("then"))
    return with_door(render("sign_in/ask.html", status, then=then, wrong=wrong, door_token=door_token()))


def _factor(
    member: UUID, form_token: str, action: str, then: str | None, refused: NotLetIn | None = None
) -> Response:
    desk = current_partners_desk()
    return render(
        "sign_in/factor.html",
        _status(refused) if refused else HTTPStatus.OK,
        factors=factors_of(member, desk=desk),
        passkeys=are_possible(desk.settings),
        token=form_token,
        action=url_for(action),
        again=action == "sign_in.confirm_again",
        then=safe_then(then),
        wrong=said_to(refused) if refused else "",
    )


def _asked() -> Half:
    half = half_or_none()
    if half is None or half.stage != "asked":
        abort(HTTPStatus.FORBIDDEN)
    demand_our_form(half.form_token)
    return half


def _left(where: str) -> Response:
    end_sitting(read_cookie(SEAT), desk=current_partners_desk())
    led = take_cookie(_to(where), SEAT)
    led.headers["Clear-Site-Data"] = CLEAR
    return led


def _to(where: str) -> Response:
    led = cast(Response, redirect(where, HTTPStatus.SEE_OTHER))
    led.headers["Cache-Control"] = "no-store"
    return led


def _status(refused: NotLetIn) -> HTTPStatus:
    return HTTPStatus.TOO_MANY_REQUESTS if refused.code == "wait" else HTTPStatus.UNPROCESSABLE_ENTITY


def _told(shown: Response, refused: NotLetIn) -> Response:
    if refused.code == "wait":
        shown.headers["Retry-After"] = str(ceil(refused.wait.total_seconds()))
    return shown


def _same_month(day: date, today: date) -> bool:
    return (day.year, day.month) == (today.year, today.month)
