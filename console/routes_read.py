"""Bulletins for readers: found, read, kept and confirmed; and for their source: who confirmed, and taking back."""

from __future__ import annotations

import re
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from console.acting import act, lead, once_of_form, outcome
from console.explaining import STATES, said
from console.marking import passages
from console.session import page, person
from console.telling import day, language_of, month, named, spoken, tables
from console.web import current_speech, render
from partners.values import Scope
from share.errors import NotThere
from share.filters import Line, Wanted, find
from share.reading import bulletin_for
from share.recall import acknowledge, confirmations, recall
from share.rendering import country_name, furniture
from share.rendering import render as in_words
from share.sources import has_confirmed, own_bulletin, own_bulletins
from share.web import NO_STORE, canonical, current_desk

read = Blueprint("read", __name__, url_prefix="/read")

AT_ONCE = 50
_VERSION = re.compile(r"[0-9]{1,6}")


@read.get("/")
@page(Scope.BULLETINS_READ)
def bulletins() -> Response:
    """The bulletins of one's circles, newest first, narrowed by what was asked for; their counts by month."""
    asked = {name: request.args.get(name, "") for name in ("origin", "destination", "exploitation", "month")}
    wanted = Wanted(**asked)
    found = find(wanted, by=person(), desk=current_desk())
    begin = _begin([line.id for line in found.lines])
    shown = found.lines[begin : begin + AT_ONCE]
    more = len(found.lines) > begin + AT_ONCE
    where: dict[str, Any] = {name: code for name, code in asked.items() if code}
    older = url_for("read.bulletins", **where, after=shown[-1].id) if more else ""
    lang = spoken(current_speech().code)
    return render(
        "read/bulletins.html",
        lines=[_line(line, lang) for line in shown],
        months=[(month(one.month, lang), one) for one in found.months],
        choices={name: _choices(name, found.asked_for[name], lang) for name in asked},
        asked=asked,
        older=older,
        where=where,
        may_recall=Scope.BULLETINS_RECALL in person().scopes,
        lang=lang,
        **outcome(),
    )


@read.get("/<uuid:bulletin_id>")
@page(Scope.BULLETINS_READ)
def bulletin(bulletin_id: UUID) -> Response:
    """One bulletin in words, with its facts, its marking and how long it holds."""
    plain = bulletin_for(bulletin_id, by=person(), desk=current_desk()).to_plain()
    envelope, content = plain["envelope"], plain["content"]
    lang = spoken(current_speech().code)
    narrative = content.get("narrative")
    return render(
        "read/bulletin.html",
        envelope=envelope,
        content=content,
        recalled=content["type"] == "recall",
        words=furniture()[lang],
        marking=furniture()[lang]["tlp"][content["tlp"].removeprefix("TLP:")],
        tables=tables(content, lang),
        narrative=narrative and passages(narrative["text"], (), language=narrative["language"]),
        narrative_lang=narrative and narrative["language"],
        narrative_language=narrative and language_of(narrative["language"], lang),
        fences=", ".join(named(each, lang) for each in content.get("fences", ())),
        plain_words=in_words(content, envelope, lang),
        published=day(envelope["published_at"], lang),
        until=day(envelope["valid_until"], lang),
        confirmed=has_confirmed(bulletin_id, version=envelope["version"], by=person(), desk=current_desk()),
        lang=lang,
        **outcome(),
    )


@read.get("/<uuid:bulletin_id>/file")
@page(Scope.BULLETINS_READ)
def file(bulletin_id: UUID) -> Response:
    """The signed bulletin to be kept, in the very bytes that the interface for programs gives."""
    plain = bulletin_for(bulletin_id, by=person(), desk=current_desk()).to_plain()
    # The name is made of the id alone: nothing that anybody wrote ever becomes the name of a file.
    name = {"Content-Disposition": f'attachment; filename="bulletin-{bulletin_id}.json"'}
    return canonical(plain, **name, **NO_STORE)


@read.post("/<uuid:bulletin_id>/acknowledgement")
@page(Scope.BULLETINS_READ)
def acknowledge_bulletin(bulletin_id: UUID) -> Response:
    """Confirm that the organisation has taken note; for a recall, that its copies are gone."""
    there = url_for("read.bulletin", bulletin_id=bulletin_id)
    told = bulletin_for(bulletin_id, by=person(), desk=current_desk()).to_plain()
    version = request.form.get("version", "")
    work = partial(
        acknowledge,
        bulletin_id,
        version=int(version) if _VERSION.fullmatch(version) else 0,
        by=person(),
        once=once_of_form(),
        desk=current_desk(),
    )
    try:
        return act(work, done="gone" if told["content"]["type"] == "recall" else "acknowledged", there=there)
    except NotThere:  # the bulletin is there, so it is this version of it that is not
        return lead(there, failed="newer_version")


@read.get("/own")
@page(Scope.BULLETINS_RECALL)
def own() -> Response:
    """What the asker's own organisation has told its circles."""
    state = partial(said, STATES, speech=current_speech())
    return render(
        "read/own.html", bulletins=own_bulletins(person(), desk=current_desk()), state=state, **outcome()
    )


@read.get("/own/<uuid:bulletin_id>")
@page(Scope.BULLETINS_RECALL)
def own_one(bulletin_id: UUID) -> Response:
    """One of them: who has confirmed it, and the way to take it back."""
    return render("read/own_one.html", **_own(bulletin_id), **outcome())


@read.get("/own/<uuid:bulletin_id>/recall")
@page(Scope.BULLETINS_RECALL, confirmed=True)
def ask_recall(bulletin_id: UUID) -> Response:
    """Say what a recall does and what it cannot do, and ask."""
    return render("read/recall.html", **_own(bulletin_id), **outcome())


@read.post("/own/<uuid:bulletin_id>/recall")
@page(Scope.BULLETINS_RECALL, confirmed=True)
def recall_bulletin(bulletin_id: UUID) -> Response:
    """Take a bulletin back for good. It never waits."""
    work = partial(recall, bulletin_id, by=person(), once=once_of_form(), desk=current_desk())
    return act(work, done="recalled", there=url_for("read.own_one", bulletin_id=bulletin_id))


def _own(bulletin_id: UUID) -> dict[str, Any]:
    found = own_bulletin(bulletin_id, by=person(), desk=current_desk())
    confirmed, readers = confirmations(bulletin_id, by=person(), desk=current_desk())
    return {
        "bulletin": found,
        "state": said(STATES, found.state, current_speech()),
        "confirmed": confirmed,
        "readers": readers,
    }


def _line(line: Line, lang: str) -> dict[str, Any]:
    """A bulletin of the list in words."""
    return {
        "id": line.id,
        "circle": line.circle,
        "recalled": line.recalled,
        "tlp": line.tlp,
        "has_text": line.has_text,
        "published": day(line.published_at, lang),
        "until": day(line.valid_until, lang),
        "forms": ", ".join(named(code, lang) for code in line.exploitation),
        "origins": ", ".join(country_name(code, lang) for code in line.origins),
        "destinations": ", ".join(country_name(code, lang) for code in line.destinations),
    }


def _choices(name: str, codes: tuple[str, ...], lang: str) -> list[tuple[str, str]]:
    """What can be asked for, in words; months in their own order, everything else by its name."""
    if name == "month":
        return [(code, month(code, lang)) for code in codes]
    called = named if name == "exploitation" else country_name
    return sorted(((code, called(code, lang)) for code in codes), key=lambda pair: pair[1])


def _begin(ids: list[UUID]) -> int:
    """Where the page begins: after the bulletin that the address names, if it is in the list."""
    after = request.args.get("after", "")
    if not after:
        return 0
    names = [str(each) for each in ids]
    if after not in names:
        raise NotThere
    return names.index(after) + 1
