"""What is turned away at the door, and what is not."""

from __future__ import annotations

import time

import pytest

from redaction.findings import Refused
from redaction.text import accept

REFUSED = {
    "too_long": "a" * 101,
    "not_unicode": "half a pair \ud83d",
    "tag_characters": "her\U000e0049\U000e006f",
    "bidi_override": "name \u202eanaoI\u202c",
    "unassigned": "a\u0378b",
    "forbidden_control": "a\x00b",
    "format_characters": "a\u2062b",
    "too_many_marks": "a" + "\u0301" * 7,
}

ACCEPTED = [
    "",
    "Plain words,\nwith\ttabs and\r\nline ends\f.",
    "Ștefania Brânză, Nguyễn Thị Hà",
    "S\u0327tefania, decomposed",
    "I\u200bo\u200ba\u200bn\u200ba",
    "Io\u00adana",
    "فاطمة \u200fحداد\u200f",
    "👨\u200d👩\u200d👧 and ❤\ufe0f\u200d🔥 and 0\ufe0f\u20e3",
    "葛\U000e0100城市",
]


@pytest.mark.parametrize(("code", "text"), REFUSED.items())
def test_what_may_not_even_be_looked_at_is_refused_by_its_code(code: str, text: str) -> None:
    with pytest.raises(Refused) as refusal:
        accept(text, longest=100)
    assert refusal.value.code == code


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_people_write_is_accepted(text: str) -> None:
    accept(text, longest=100)


@pytest.mark.parametrize("payload", ["\u200b\u200c" * 2, "\ufe0f" * 4, "\U000e0101", "\ufff9", "\u2063"])
def test_a_hidden_payload_is_refused(payload: str) -> None:
    with pytest.raises(Refused, match="format_characters"):
        accept(f"she {payload} left", longest=100)


@pytest.mark.parametrize(
    "direction", ["\u202a", "\u202b", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"]
)
def test_every_override_and_isolate_is_refused(direction: str) -> None:
    with pytest.raises(Refused, match="bidi_override"):
        accept(f"a{direction}b", longest=100)


def test_a_refusal_says_nothing_of_the_text() -> None:
    with pytest.raises(Refused) as refusal:
        accept("Ioana Popescu\x00", longest=100)
    assert "Ioana" not in f"{refusal.value!r} {refusal.value.args}"


def test_the_limit_counts_code_points() -> None:
    accept("🌹" * 100, longest=100)
    with pytest.raises(Refused, match="too_long"):
        accept("🌹" * 101, longest=100)


def test_a_pile_of_marks_is_refused_quickly() -> None:
    began = time.perf_counter()
    with pytest.raises(Refused):
        accept("a" + "\u0301" * 190_000, longest=200_000)
    assert time.perf_counter() - began < 1
