"""The pages of the form as they are answered: a sheet of fields, a list of people, the indicators."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import uuid4

from flask import Response, request

from console.forms_check import one_in_words
from console.forms_indicators import show_indicators
from console.forms_kinds import PEOPLE
from console.forms_read import show
from console.forms_report import (
    INDICATORS,
    NOBODY_PLACE,
    PERSON_PLACE,
    SUSPECT_PLACE,
    Refusal,
    everybody,
    next_code,
    places,
    refused_on,
    sheet_of,
)
from console.forms_sheets import NOBODY
from console.web import render
from console.writing import LISTED, Writing, datalists, moment
from policies.grounds import NO_SUBJECT
from share.errors import NotThere
from share.web import current_desk


def form_page(now: Writing, place: str) -> Response:
    """The page of one place, with what is kept of it."""
    if place in LISTED:
        return _list(now, place)
    return _indicators(now) if place == INDICATORS else _sheet(now, place)


def place_of(step: str, code: str | None) -> str:
    """The place that an address means. What is no place of the form is not there."""
    place = f"{step}/{code}" if code else step
    if place in LISTED or place == INDICATORS or sheet_of(place) is not None:
        return place
    raise NotThere


def _sheet(now: Writing, place: str) -> Response:
    sheet = sheet_of(place)
    if sheet is None:
        raise NotThere
    part = now.opened.parts.get(place)
    kept = part.values if part else {}
    refused = refused_on(place, kept) if "look" in request.args else {}
    shown = kept or ({"role": "survivor"} if place.startswith(PERSON_PLACE) else {})
    blocks = show(sheet, shown, now.lang, lists=now.lists(), refused=refused)
    return _page(
        "post/sheet.html",
        now,
        place,
        refused,
        sheet=sheet.name,
        blocks=blocks,
        counts={block.key: sum(each.key == block.key for each in blocks) for block in blocks},
        datalists=datalists(blocks, now.lang),
    )


def _indicators(now: Writing) -> Response:
    kept = now.values.get(INDICATORS, {})
    return _page(
        "post/indicators.html",
        now,
        INDICATORS,
        {},
        dimensions=show_indicators(kept, now.lang),
        people=now.lists()[PEOPLE],
    )


def _list(now: Writing, step: str) -> Response:
    under = LISTED[step]
    codes = [place.rsplit("/", 1)[1] for place in places(now.values, under) if place != NOBODY_PLACE]
    letter = "S" if under == SUSPECT_PLACE else "P"
    nobody = now.values.get(NOBODY_PLACE, {"given_on": current_desk().clock().date().isoformat()})
    refused = refused_on(NOBODY_PLACE, nobody) if "look" in request.args and step == "grounds" else {}
    return _page(
        f"post/{step}.html",
        now,
        NOBODY_PLACE if step == "grounds" else step,
        refused,
        step=step,
        codes=codes,
        everybody=everybody(now.values),
        new=next_code(now.values, under, letter) if step != "grounds" else "",
        blocks=show(NOBODY, nobody, now.lang, lists=now.lists(), refused=refused),
        grounded=now.grounded - {NO_SUBJECT},
        nobody_on_record=NO_SUBJECT in now.grounded,
    )


def _page(template: str, now: Writing, place: str, refused: dict[str, str], **values: Any) -> Response:
    part = now.opened.parts.get(place)
    other = part.other if part else None
    values.setdefault("step", place.partition("/")[0])
    return render(
        template,
        HTTPStatus.OK,
        writing=now,
        place=place,
        who=now.called(place.partition("/")[2]) if "/" in place else None,
        action=now.address(place),
        after=now.after(values["step"] if place == NOBODY_PLACE else place),
        other=other,
        other_told=one_in_words(place, other.values, now.lang) if other else None,
        refusals=[now.mend(Refusal(place, name, code), here=place) for name, code in refused.items()],
        moment=moment,
        page=uuid4().hex,
        **values,
    )
