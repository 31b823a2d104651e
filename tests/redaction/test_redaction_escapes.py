"""What was packed several times over is read as what it shows, and what nobody can unpack is held."""

from __future__ import annotations

import pytest
from redaction_builders import engine_of, terms
from redaction_known import person, shown

from redaction import escapes
from redaction.detectors.known_values import known_values
from redaction.findings import Unsafe
from redaction.pipeline import redact
from redaction.views import views_of

NAME = person("Ștefania Lăcătuș")

PACKED = [
    "L&amp;#259;c&amp;#259;tu&amp;#537;",
    "L&amp;amp;abreve;c&amp;abreve;tu&amp;#537;",
    "L＆＃２５９；c＆＃ｘ１０３；tuș",
    "L%26%23259%3Bcătuș",
    "L\\304\\203c\\304\\203tu\\310\\231",
    "L\\u{103}c\\u{103}tu\\u{219}",
    "L\\103 c\\103 tu\\219 ",
    "L\\U00000103c\\x{103}tuș",
    "L&lt;b&gt;ă&lt;/b&gt;cătuș",
    "L&\u200b#\u200b2\u200b5\u200b9\u200b;cătuș",
    "L<\u00adb>ă</b\u2060>cătuș",
]


@pytest.mark.parametrize("packed", PACKED)
def test_a_known_name_is_found_however_often_it_was_packed(packed: str) -> None:
    assert shown(f"Then {packed}, came in.", NAME).startswith("Then _")
    assert shown(f"Then {packed}, came in.", NAME).endswith(", came in.")


def test_a_find_leads_back_over_every_round_to_the_raw_letters() -> None:
    text = "x &amp;amp;#73;oana y"
    view = views_of(text)["folded"]
    low, high = view.raw(view.text.index("ioana"), view.text.index("ioana") + 5)
    assert text[low:high] == "&amp;amp;#73;oana"


def test_a_text_that_is_packed_too_deeply_is_held() -> None:
    text = "Then &" + "amp;" * 6 + "#73;oana came in."
    with pytest.raises(Unsafe):
        views_of(text)["decoded"]
    redacted = redact(
        text, terms=terms(), engine=engine_of(known_values), known=(person("Ioana"),), lang="en"
    )
    assert redacted.held and redacted.text == "" and redacted.reasons == ("encoded_too_deeply",)


PLAIN = [
    "C:\\Users\\2024\\notes.txt and \\d{3} in R&D; 100% of it, 5 < 6 & 7",
    "a path \\server\\share\\99 and =41, id=41",
]


@pytest.mark.parametrize("text", PLAIN)
def test_signs_that_only_look_like_escapes_stay(text: str) -> None:
    assert views_of(text)["decoded"].text == text


def test_with_one_round_alone_the_name_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escapes, "unescaped", escapes._once)
    monkeypatch.setattr("redaction.views.unescaped", escapes._once)
    assert shown(f"Then {PACKED[0]}, came in.", NAME) == f"Then {PACKED[0]}, came in."
