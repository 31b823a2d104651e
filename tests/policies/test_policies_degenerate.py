"""Whatever is empty, missing, unknown, expired or malformed in a policy lets nobody read anything.

Each document below is a small mistake on the way from `WORKING`, or a hostile file. It is either refused, or it is
accepted and then no circle can read anything for any purpose, with every other voice as generous as it may be.
"""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
import yaml

from policies.document import LONGEST
from policies.load import PolicyError, floor, load_policy
from policies.policy import Policy
from policies.terms import EVERY_CIRCLE, Detail, Readers, Terms, Withheld, govern
from policies.vocabulary import VOCABULARY

TODAY = date(2026, 6, 1)
PROBED = (
    "shelters",
    "prosecutors",
    "labour-inspection",
    "*",
    "",
    "everyone",
    "null",
    "Shelters",
    "shelters ",
)

WORKING = """\
policy: example
version: 1
until: 2027-12-31
circles:
  shelters:
    purposes: [services]
    tlp: amber
    detail:
      PLACE: coarse
"""

_ROOM = "circles: {shelters: {purposes: [services], detail: {PLACE: coarse}}}"
_HEAD = "policy: example\nversion: 1\nuntil: 2027-12-31\n"


def circle(body: str) -> str:
    return f"{_HEAD}circles: {{shelters: {body}}}\n"


def detail(body: str) -> str:
    return circle(f"{{purposes: [services], detail: {body}}}")


def head(key: str, value: str) -> str:
    """The working policy with one line of its head written otherwise; the line is left out for an empty value."""
    lines = {"policy": "example", "version": "1", "until": "2027-12-31"} | {key: value}
    return "\n".join([f"{k}: {v}" for k, v in lines.items() if v] + [_ROOM, ""])


LAUGHS = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n" + WORKING

DEGENERATE = {
    # nothing there
    "no text": "",
    "blanks": " \n\t\n",
    "a byte order mark alone": "\ufeff",
    "a comment alone": "# policy\n",
    "a document marker alone": "---\n",
    "null": "null\n",
    "a tilde": "~",
    "an empty mapping": "{}",
    "an empty list": "[]",
    "empty text in quotes": '""',
    # not a policy
    "yes": "yes",
    "a number": "42",
    "a word": "everything",
    "a list": "- policy: example\n- version: 1\n",
    "the policy inside a list": json.dumps([yaml.safe_load(WORKING.replace("2027-12-31", '"2027-12-31"'))]),
    "two documents": WORKING + "---\n" + WORKING,
    "open bracket": WORKING + "  x: [",
    "tabs for indents": WORKING.replace("  ", "\t"),
    "control characters": WORKING + "\x00\x07",
    "a lone surrogate": WORKING.replace("example", "exam\ud800ple"),
    "an escape beyond unicode": WORKING.replace("example", '"\\UFFFFFFFF"'),
    "a lone star": WORKING.replace("shelters:", "*:"),
    # hostile
    "an alias": WORKING.replace("circles:\n", "circles: &c\n"),
    "many aliases": LAUGHS,
    "a merge key": WORKING.replace("    tlp: amber", "    <<: {tlp: amber}"),
    "a tag that makes an object": WORKING.replace("2027-12-31", "!!python/object/apply:os.getcwd []"),
    "a harmless tag": WORKING.replace("example", "!!str example"),
    "deep nesting": WORKING + "fences: " + "[" * 500 + "]" * 500,
    "ten thousand values": WORKING + "fences: [" + "x, " * 10_000 + "]",
    "a very long text": WORKING + "#" * LONGEST,
    # the head
    "no name": head("policy", ""),
    "an empty name": head("policy", '""'),
    "a name with blanks": head("policy", "the policy of all"),
    "no version": head("version", ""),
    "version nought": head("version", "0"),
    "a negative version": head("version", "-1"),
    "a version in quotes": head("version", '"1"'),
    "half a version": head("version", "1.5"),
    "a yes for a version": head("version", "yes"),
    "no last day": head("until", ""),
    "a null last day": head("until", "null"),
    "a last day that does not exist": head("until", "2027-02-30"),
    "a last day without a month": head("until", "2027"),
    "a last day in words": head("until", "forever"),
    "a last day with an hour": head("until", "2027-12-31T00:00:00Z"),
    "a list of last days": head("until", "[2027-12-31]"),
    "the last day was yesterday": head("until", str(TODAY - timedelta(days=1))),
    "automatic in quotes": head("automatic", '"yes"'),
    "automatic by number": head("automatic", "1"),
    "an unknown fence": head("fences", "[anything]"),
    "a fence that is not in a list": head("fences", "publicity"),
    "an unknown key": head("circle", "{}"),
    "a key twice": WORKING + "version: 2\n",
    "a number for a key": head("7", "seven"),
    "a list for a key": _HEAD + "? [circles]\n: {}\n",
    # the circles
    "no circles": _HEAD,
    "circles left empty": _HEAD + "circles:\n",
    "circles without any": _HEAD + "circles: {}\n",
    "circles as a list": _HEAD + "circles: [shelters]\n",
    "circles as a word": _HEAD + "circles: all\n",
    "circles as a yes": _HEAD + "circles: yes\n",
    "a circle left empty": circle(""),
    "a circle without anything": circle("{}"),
    "a circle that is a word": circle("everything"),
    "a circle that is a yes": circle("yes"),
    "a circle that is a list": circle("[services, PLACE]"),
    "a circle twice": WORKING + WORKING.partition("circles:\n")[2],
    "a circle without a name": WORKING.replace("shelters", '""'),
    "a circle in capitals": WORKING.replace("shelters", "Shelters"),
    "a circle with a blank": WORKING.replace("shelters", '"shelters "'),
    "a circle named by a number": WORKING.replace("shelters", "7"),
    "a circle named null": WORKING.replace("shelters", "null"),
    "a pattern of circles": WORKING.replace("shelters", '"shel*"'),
    "an unknown key in a circle": WORKING.replace("    tlp", "    readers: all\n    tlp"),
    "a circle whose last day was yesterday": WORKING.replace("    tlp", "    until: 2026-05-31\n    tlp"),
    "a circle with a bad last day": WORKING.replace("    tlp", "    until: soon\n    tlp"),
    # purposes
    "no purposes": circle("{detail: {PLACE: coarse}}"),
    "purposes left empty": circle("{purposes: , detail: {PLACE: coarse}}"),
    "an empty list of purposes": circle("{purposes: [], detail: {PLACE: coarse}}"),
    "purposes that are no list": circle("{purposes: services, detail: {PLACE: coarse}}"),
    "purposes as a mapping": circle("{purposes: {services: yes}, detail: {PLACE: coarse}}"),
    "an unknown purpose": circle("{purposes: [marketing], detail: {PLACE: coarse}}"),
    "a purpose for everything": circle('{purposes: ["*"], detail: {PLACE: coarse}}'),
    "an unknown purpose among known ones": circle(
        "{purposes: [services, marketing], detail: {PLACE: coarse}}"
    ),
    "a purpose inside a list": circle("{purposes: [[services]], detail: {PLACE: coarse}}"),
    # detail
    "no detail": circle("{purposes: [services]}"),
    "detail left empty": detail(""),
    "empty detail": detail("{}"),
    "detail in one word": detail("exact"),
    "detail as a list of kinds": detail("[PLACE]"),
    "everything at nothing": detail("{PLACE: nothing, DATE: nothing}"),
    "a rung left empty": detail("{PLACE: }"),
    "an unknown kind": detail("{PLAICE: coarse}"),
    "a kind in small letters": detail("{place: coarse}"),
    "a star for every kind": detail('{"*": coarse}'),
    "an unknown kind among known ones": detail("{PLACE: coarse, PLAICE: coarse}"),
    "an unknown rung": detail("{PLACE: coarser}"),
    "a rung by number": detail("{PLACE: 5}"),
    "a rung by yes": detail("{PLACE: yes}"),
    "a list of rungs": detail("{PLACE: [coarse, fine]}"),
    "a kind twice": detail("{PLACE: coarse, PLACE: fine}"),
    "only what the floor never shares": detail("{CASEWORK: exact}"),
    # the rest of a circle
    "a group of nobody": circle("{purposes: [services], smallest_group: 0, detail: {PLACE: coarse}}"),
    "a group below the floor": circle("{purposes: [services], smallest_group: 2, detail: {PLACE: coarse}}"),
    "a group too small for green": circle(
        "{purposes: [services], tlp: green, smallest_group: 10, detail: {PLACE: coarse}}"
    ),
    "a group in quotes": circle('{purposes: [services], smallest_group: "5", detail: {PLACE: coarse}}'),
    "an absurd group": circle(
        "{purposes: [services], smallest_group: 999999999999, detail: {PLACE: coarse}}"
    ),
    "an unknown marking": circle("{purposes: [services], tlp: white, detail: {PLACE: coarse}}"),
    "a marking by number": circle("{purposes: [services], tlp: 4, detail: {PLACE: coarse}}"),
    "an unknown linkage": circle("{purposes: [services], linkage: all, detail: {PLACE: coarse}}"),
    # JSON
    "a key twice in JSON": '{"policy": "example", "policy": "example", "version": 1, "until": "2027-12-31"}',
    "not a number in JSON": '{"policy": "example", "version": NaN, "until": "2027-12-31"}',
    "an empty JSON circle": json.dumps(
        {"policy": "example", "version": 1, "until": "2027-12-31", "circles": {"shelters": {}}}
    ),
}


def readable(text: str, *, on: date = TODAY) -> set[tuple[str, str]]:
    """Which circles could read anything at all, for which purposes, were every other voice generous."""
    try:
        policy = load_policy(text)
    except PolicyError:
        return set()
    unlimited = Terms.everything(VOCABULARY.kinds, VOCABULARY.purposes)
    found = set()
    for probed in PROBED:
        source = policy.for_circle(probed)
        terms = govern(floor=floor(), source=source, ground=unlimited, clearance=unlimited)
        for purpose in (*VOCABULARY.purposes, "", "*", "marketing"):
            try:
                terms.admit(probed, purpose=purpose, on=on)
            except Withheld:
                continue
            if any(terms.allows(kind) for kind in VOCABULARY.kinds):
                found.add((probed, purpose))
    return found


def test_the_working_policy_is_read_by_its_circle_alone():
    """The control of the list below: the same question, asked of a policy that is not broken, finds a reader."""
    assert readable(WORKING) == {("shelters", "services")}
    assert readable(WORKING.replace("shelters", '"*"')) >= {
        ("shelters", "services"),
        ("prosecutors", "services"),
    }


@pytest.mark.parametrize("text", DEGENERATE.values(), ids=DEGENERATE.keys())
def test_a_degenerate_policy_lets_nobody_read_anything(text):
    assert readable(text) == set()


def test_there_are_enough_of_them():
    assert len(DEGENERATE) >= 60


LOADS_SILENTLY = [
    "no circles",
    "a circle left empty",
    "no purposes",
    "an empty list of purposes",
    "no detail",
    "empty detail",
    "everything at nothing",
    "a rung left empty",
    "the last day was yesterday",
    "a circle whose last day was yesterday",
    "only what the floor never shares",
]


@pytest.mark.parametrize("name", LOADS_SILENTLY)
def test_what_is_empty_or_over_is_no_mistake_but_lets_nothing_out(name):
    load_policy(DEGENERATE[name])


@pytest.mark.parametrize("name", [name for name in DEGENERATE if name not in LOADS_SILENTLY])
def test_everything_else_is_refused_or_empty(name):
    try:
        policy = load_policy(DEGENERATE[name])
    except PolicyError as refusal:
        assert refusal.problems
    else:
        assert not any(terms.detail and terms.purposes for terms in policy.circles.values())


def test_were_the_last_day_not_asked_about_an_expired_policy_would_be_read(monkeypatch):
    monkeypatch.setattr(Terms, "admit", lambda self, circle, *, purpose, on: None)
    assert readable(DEGENERATE["the last day was yesterday"])


def test_were_readers_not_asked_about_a_policy_for_one_circle_would_be_read_by_others(monkeypatch):
    monkeypatch.setattr(Policy, "for_circle", lambda self, circle: next(iter(self.circles.values())))
    monkeypatch.setattr(Readers, "__contains__", lambda self, circle: True)
    assert ("prosecutors", "services") in readable(WORKING)


def test_were_the_empty_set_of_readers_everybody_an_empty_policy_would_be_read(monkeypatch):
    monkeypatch.setattr(Terms, "nothing", classmethod(_a_default_that_shares))
    assert ("shelters", "services") in readable(DEGENERATE["no circles"])


def _a_default_that_shares(cls):
    return Terms(
        detail={"PLACE": Detail.COARSE},
        readers=EVERY_CIRCLE,
        purposes=frozenset(VOCABULARY.purposes),
        until=date.max,
        smallest_group=3,
        linkage=0,
        tlp=0,
    )
