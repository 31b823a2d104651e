"""Every page of the desk: who opens it, and at which address.

A new page needs a line in `VISITS`. If its address names something that is not there yet, `console_full.furnish`
makes it.
"""

from __future__ import annotations

from collections.abc import Mapping

NOBODY, HALF, ENROLS = "nobody", "half", "enrols"
READER, STEWARD = "reader", "steward"
HOMES = {READER: ("caseworker", "hotline"), STEWARD: ("steward", "keepers")}
"""Where somebody sits who is not of the shelter: her role, and her partner."""

NOT_PAGES = {
    "static_files.asset": "what pages are made of; counted with each of them",
    "enrol.picture": "an image, shown by the page beside it",
    "post.worker": "a script",
    "post.line": "for the script of a page",
    "read.file": "a bulletin to be kept",
    "imports.template_csv": "a file to be filled in",
    "imports.template_xlsx": "a file to be filled in",
    "exports.reports_csv": "a list to be kept",
    "exports.reports_xlsx": "a list to be kept",
    "exports.bulletins_csv": "a list to be kept",
    "exports.bulletins_xlsx": "a list to be kept",
}
"""What is asked for with GET and is no page, and why."""

_STEPS = (
    "what",
    "people",
    "grounds",
    "route",
    "offer",
    "network",
    "leads",
    "indicators",
    "narrative",
    "source",
)

VISITS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "home.start": (("approver", "/"), ("caseworker", "/"), (STEWARD, "/")),
    "sign_in.ask": ((NOBODY, "/sign-in"),),
    "sign_in.second_factor": ((HALF, "/sign-in/second-factor"),),
    "sign_in.confirm": (("approver", "/sign-in/confirm?then=/me"),),
    "sign_in.away": ((NOBODY, "/sign-in/away"),),
    "enrol.invitation": ((NOBODY, "/enrol/{invitation}"),),
    "enrol.factors": ((ENROLS, "/enrol/factors"),),
    "me.mine": (("approver", "/me"),),
    "people.members": (("administrator", "/people"),),
    "people.waiting": (("administrator", "/people/waiting"), ("second", "/people/waiting")),
    "people.partners": ((STEWARD, "/people/partners"),),
    "people.members_of": ((STEWARD, "/people/partners/{partner}"),),
    "post.drafts": (("caseworker", "/post"),),
    "post.step": (
        *(("caseworker", f"/post/{{draft}}/{step}") for step in _STEPS),
        ("caseworker", "/post/{draft}/people/P1"),
        ("caseworker", "/post/{draft}/grounds/P1"),
        ("caseworker", "/post/{draft}/network/S1"),
        ("caseworker", "/post/{empty}/people"),
        ("caseworker", "/post/{empty}/people/P1?look=1"),
    ),
    "post.blank": tuple(("caseworker", f"/post/blank/{name}") for name in ("person", "indicators", "none")),
    "post.device": (("caseworker", "/post/device"),),
    "post.ask_to_remove": (("caseworker", "/post/{draft}/people/P1/remove"),),
    "post.ask_to_discard": (("caseworker", "/post/{draft}/discard"),),
    "post.check_page": (("caseworker", "/post/{draft}/check"), ("caseworker", "/post/{empty}/check")),
    "post.receipt": (("caseworker", "/post/{sent}/receipt"),),
    "imports.choose": (("caseworker", "/import"),),
    "imports.one": (("caseworker", "/import/{file}"), ("caseworker", "/import/{brought_in}")),
    "reports_pages.own": (("caseworker", "/reports"),),
    "reports_pages.one": (("caseworker", "/reports/{report}"), ("reviewer", "/reports/{held}")),
    "reports_pages.ask_ground": (("caseworker", "/reports/{report}/grounds/P1"),),
    "reports_pages.ask_withdrawal": (("caseworker", "/reports/{report}/grounds/P1/withdraw"),),
    "reports_pages.ask_refusal": (("reviewer", "/reports/{report}/refuse"),),
    "review_pages.queue": (("reviewer", "/review/"),),
    "review_pages.working_copy": (("reviewer", "/review/{report}/"), ("reviewer", "/review/{held}/")),
    "review_pages.ask_refusal": (("reviewer", "/review/{report}/refusal"),),
    "review_pages.told.circles": (("reviewer", "/review/{report}/told/"),),
    "review_pages.told.one_circle": (
        ("approver", "/review/{report}/told/danube"),
        ("approver", "/review/{held}/told/danube"),
    ),
    "review_pages.told.ask_approval": (("approver", "/review/{report}/told/danube/approval"),),
    "read.bulletins": ((READER, "/read/"), ("approver", "/read/")),
    "read.bulletin": ((READER, "/read/{bulletin}"), (READER, "/read/{recalled}")),
    "read.own": (("approver", "/read/own"),),
    "read.own_one": (("approver", "/read/own/{bulletin}"), ("approver", "/read/own/{recalled}")),
    "read.ask_recall": (("approver", "/read/own/{bulletin}/recall"),),
}
"""Each page: who opens it, and where. What stands in braces is made by `furnish`."""
