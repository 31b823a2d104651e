"""What every page shares: how it is rendered, in which language, and with which headers it leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from importlib.resources import files
from typing import Any, Final

from flask import Blueprint, Flask, Response, abort, g, request, url_for
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from console.languages import LANGUAGES, Speech, speech
from console.session import FIELD, HERE, sitting_or_none
from partners.guard import public
from partners.sitting import Sitting
from partners.values import Scope

CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
"""Nothing but our own files, and no string that becomes script."""

HEADERS: Final = {"Content-Security-Policy": CSP, "Cache-Control": "no-store"}
MOST: Final = 200
"""As much of a list as a page shows at once where it has no further pages."""

LANGUAGE_COOKIE: Final = "parallax-language"

static = Blueprint("static_files", __name__, url_prefix="/static")

TYPES: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".json": "application/json",
}


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the menu: the endpoint it leads to, its name, and the right that it needs."""

    endpoint: str
    label: str
    scope: Scope


MENU: list[Place] = []
"""Filled by `console.pages` when the application is made: whoever lacks the right does not see the entry."""


def environment() -> Environment:
    """The templates: everything is escaped, and a name that is not there is an error and not an empty word."""
    made = Environment(
        loader=PackageLoader("console"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: current_speech().gettext(text),
        lambda one, many, n: current_speech().ngettext(one, many, n),
        newstyle=True,
    )
    return made


ENVIRONMENT: Final = environment()


def render(template: str, status: int = HTTPStatus.OK, **values: Any) -> Response:
    """A page. Beside `values` it knows the language, the sitting, the menu and how to make addresses."""
    sitting = sitting_or_none()
    shared = {
        "speech": current_speech(),
        "languages": LANGUAGES,
        "sitting": sitting,
        "menu": [place for place in MENU if sitting and place.scope in sitting.actor.scopes],
        "here": request.endpoint,
        "url_for": url_for,
        "path": request.full_path.rstrip("?"),
        "form_token": partial(_form_token, sitting),
    }
    body = ENVIRONMENT.get_template(template).render(shared | values)
    return Response(body, status, mimetype="text/html", headers=HEADERS)


def current_speech() -> Speech:
    """The language of this request: asked for in the cookie, else what the browser prefers, else English."""
    if "parallax_speech" not in g:
        said = request.cookies.get(LANGUAGE_COOKIE, "")
        best = said if said in LANGUAGES else request.accept_languages.best_match(list(LANGUAGES)) or "en"
        g.parallax_speech = speech(best)
    found: Speech = g.parallax_speech
    return found


def _form_token(sitting: Sitting | None) -> Markup:
    """The hidden fields that show a form to be ours, and say which page it stands on."""
    token = sitting.form_token if sitting else ""
    hidden = Markup('<input type="hidden" name="{}" value="{}">')
    return hidden.format(FIELD, token) + hidden.format(HERE, request.full_path.rstrip("?"))


@static.get("/<path:name>")
@public
def asset(name: str) -> Response:
    """A file that pages are made of. What is not listed in the folder is not there."""
    home = files("console").joinpath("static")
    ending = name[name.rfind(".") :] if "." in name else ""
    if ending not in TYPES or ".." in name or name.startswith("/") or not home.joinpath(name).is_file():
        abort(HTTPStatus.NOT_FOUND)
    headers = {"Cache-Control": "public, max-age=3600", "Content-Security-Policy": CSP}
    return Response(home.joinpath(name).read_bytes(), mimetype=TYPES[ending], headers=headers)


def said_wrong(errors: Mapping[str, str], words: Callable[[str], str]) -> dict[str, str]:
    """Error codes by field as sentences in the language of the page. What was typed is never repeated in them."""
    return {field: words(code) for field, code in errors.items()}


def add_pages(app: Flask, *blueprints: Blueprint) -> None:
    """Have the application answer with these pages too."""
    for blueprint in (static, *blueprints):
        app.register_blueprint(blueprint)
