"""Writing where the line is bad: empty forms for a browser to keep, the script that shows them, a page to prepare it.

Nothing here knows a draft. How the browser keeps what is typed meanwhile stands in static/post-away.js.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from flask import Response, abort

from console.forms_indicators import show_indicators
from console.forms_kinds import CIRCLES, KIN, PEOPLE, Group, Sheet
from console.forms_labels import Option
from console.forms_read import show
from console.forms_report import INDICATORS, OF_ONE, ONE_PAGE
from console.routes_post_form import post
from console.session import page
from console.web import CSP, current_speech, render
from console.writing import datalists
from partners.values import Scope

__all__ = ["post"]

SPARE: Final = 4
"""How many items of a list an empty form has room for."""
ASIDE: Final = "none"
REGISTERS: Final = CSP.replace("trusted-types 'none'", "trusted-types parallax-worker")
"""The one page that may make an address into a script: the address of the worker."""

_SHEETS: Final = {sheet.name: sheet for sheet in (*ONE_PAGE.values(), *OF_ONE.values())}
_STEPS: Final = {"person": "people", "ground": "grounds", "suspect": "network"}


@post.get("/worker.js")
@page(Scope.REPORTS_SUBMIT)
def worker() -> Response:
    """The script that answers for the pages of drafts while there is no line."""
    script = files("console").joinpath("static", "post-worker.js").read_bytes()
    headers = {"Content-Security-Policy": CSP, "Cache-Control": "no-cache"}
    return Response(script, mimetype="text/javascript", headers=headers)


@post.get("/device")
@page(Scope.REPORTS_SUBMIT)
def device() -> Response:
    """Where a browser is prepared for a bad line, and made to forget."""
    answer = render("post/device.html")
    answer.headers["Content-Security-Policy"] = REGISTERS
    return answer


@post.get("/blank/<name>")
@page(Scope.REPORTS_SUBMIT)
def blank(name: str) -> Response:
    """An empty form, the same for everybody: no name of who asks, no token, no draft."""
    lang = current_speech().code
    if name == ASIDE:
        return render("post/blank.html", sitting=None, name=name, step="", blocks=(), counts={}, datalists={})
    if name == INDICATORS:
        dimensions = show_indicators({}, lang)
        return render("post/blank.html", sitting=None, name=name, step=name, dimensions=dimensions)
    if name not in _SHEETS:
        abort(404)
    lists: dict[str, tuple[Option, ...]] = {CIRCLES: (), KIN: (), PEOPLE: ()}
    blocks = show(_roomy(_SHEETS[name]), {}, lang, lists=lists, refused={})
    return render(
        "post/blank.html",
        sitting=None,
        name=name,
        step=_STEPS.get(name, name),
        blocks=blocks,
        counts={block.key: sum(each.key == block.key for each in blocks) for block in blocks},
        datalists=datalists(blocks, lang),
    )


def _roomy(sheet: Sheet) -> Sheet:
    groups = (Group(g.key, g.fields, g.many, SPARE, g.folded) if g.many else g for g in sheet.groups)
    return Sheet(sheet.name, tuple(groups))
