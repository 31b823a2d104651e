"""A page on which people read the description of the interface. Every byte of it is served by us."""

from __future__ import annotations

from http import HTTPStatus
from importlib.resources import files
from typing import Final

from flask import Blueprint, Response, abort

from partners.guard import public

docs = Blueprint("docs", __name__, url_prefix="/api/docs")

PAGE: Final = "index.html"
ASSETS: Final = {
    PAGE: "text/html",
    "start.js": "text/javascript",
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "LICENSE.swagger-ui.txt": "text/plain",
    "LICENSE.swagger-ui-bundle.txt": "text/plain",
    "NOTICE.swagger-ui.txt": "text/plain",
}
"""All that is served here: an own page around swagger-ui-dist 5.35.0 (Apache-2.0), unchanged."""

OWN_ONLY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


@docs.get("")
@public
def page() -> Response:
    """The page."""
    return _served(PAGE)


@docs.get("/<name>")
@public
def asset(name: str) -> Response:
    """What the page is made of."""
    return _served(name)


def _served(name: str) -> Response:
    if name not in ASSETS:
        abort(HTTPStatus.NOT_FOUND)
    content = files("share").joinpath("static", "docs", name).read_bytes()
    return Response(content, mimetype=ASSETS[name], headers={"Content-Security-Policy": OWN_ONLY})
