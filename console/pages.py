"""All pages of the desk, and the entries of its menu: whoever lacks the right does not see the entry."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

from console.languages import N_
from console.refusals import in_words
from console.routes_enrol import enrol
from console.routes_exports import exports
from console.routes_home import home
from console.routes_imports import imports
from console.routes_me import me
from console.routes_passkeys import passkeys
from console.routes_people import people
from console.routes_post import post
from console.routes_read import read
from console.routes_reports import reports
from console.routes_review import review
from console.routes_sign_in import sign_in
from console.web import MENU, Place
from partners.values import Scope

PAGES: Final[tuple[Blueprint, ...]] = (
    *(home, sign_in, enrol, passkeys, me, people),
    *(post, reports, review, read),
    *(imports, exports),
)

MENU[:] = [
    Place("post.drafts", N_("Post"), Scope.REPORTS_SUBMIT),
    Place("reports_pages.own", N_("Reports"), Scope.REPORTS_READ),
    Place("review_pages.queue", N_("Review"), Scope.REPORTS_REVIEW),
    Place("read.bulletins", N_("Bulletins"), Scope.BULLETINS_READ),
    Place("people.members", N_("People"), Scope.PARTNERS_WRITE),
    Place("people.partners", N_("Partners"), Scope.AGREEMENTS_WRITE),
]

for blueprint in PAGES:
    blueprint.after_request(in_words)
