"""Every reading shows what it promises, and every character of it knows where it came from."""

from __future__ import annotations

import time
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redaction.findings import View
from redaction.views import MAKERS, views_of

SHOWN = [
    ("decoded", "I&#111;ana I&#x6f;ana", "Ioana Ioana"),
    ("decoded", "Io<b></b>ana<br>left", "Ioana\nleft"),
    ("decoded", "Ioana%20Popescu Ioana%2520Popescu", "Ioana Popescu Ioana Popescu"),
    ("decoded", "Pope-\nscu and Pope\u00ad\r\n  scu", "Popescu and Popescu"),
    ("decoded", "\\u0049oana \\x49oana", "Ioana Ioana"),
    ("decoded", "<Ioana> wrote 50% of it & left", "<Ioana> wrote 50% of it & left"),
    ("quoted", "Io=61na =C8=98tefania", "Ioana Ștefania"),
    ("unpacked", "x SW9hbmEgUG9wZXNjdQ== y", "Ioana Popescu\n"),
    ("unpacked", "496f616e61", "Ioana\n"),
    ("unpacked", "JFXWC3TB and 73 111 97 110 97", "Ioana\nIoana\n"),
    ("unmorsed", "signs .. --- .- -. .- here", "ioana\n"),
    (
        "folded",
        "ȘTEFANIA Ｉｏａｎａ 𝐈𝐨𝐚𝐧𝐚 ⓘⓞ I\u200bo\u00ada\u3164na 🇮🇴 🅘",
        "stefania ioana ioana io ioana io i",
    ),
    ("latin", "Иоана فاطمة Ιωάννα Đỗ ɪᴏᴀɴᴀ", "ioana ftmh ioanna do ioana"),
    ("skeleton", "Іоаnа ΤΕΤΙΑΝΑ Рорescu", "ioana tetiana popescu"),
    ("leet", "I04n4 P0pescu lo4na, 24 women!", "ioana popescu ioana, 24 women!"),
    ("digits", "٠٧٢٢ 0\ufe0f\u20e37\ufe0f\u20e3 ০৭", "0722 07 07"),
    ("digits", "zero seven two two, one two three, four five six", "0722123456"),
    ("digits", "zéro six, douze, trente-quatre, quatre-vingt-dix, soixante et onze", "0612349071"),
    ("digits", "double seven triple two five", "772225"),
    ("digits", "one of three women", "one of three women"),
    ("squashed", "I.o-a n_a 94", "ioana"),
]


@pytest.mark.parametrize(("name", "text", "shown"), SHOWN)
def test_a_view_shows_what_it_promises(name: str, text: str, shown: str) -> None:
    assert views_of(text)[name].text == shown


def test_what_was_packed_away_points_at_its_whole_capsule() -> None:
    text = "x SW9hbmEgUG9wZXNjdQ== y"
    view = views_of(text)["unpacked"]
    low, high = view.raw(0, 5)
    assert text[low:high].rstrip("=") == "SW9hbmEgUG9wZXNjdQ"


def test_a_find_in_a_view_leads_back_to_the_raw_letters() -> None:
    text = "She is I&#111;a<b></b>na Pope-\nscu."
    view = views_of(text)["folded"]
    at = view.text.index("ioana popescu")
    low, high = view.raw(at, at + len("ioana popescu"))
    assert text[low:high] == "I&#111;a<b></b>na Pope-\nscu"


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("Ioana P&#1;%20=C8<b>-\n\u200bșß①Іفİﬁ0️⃣٣.-"), max_size=60))
def test_every_view_keeps_its_way_back(text: str) -> None:
    views = views_of(text)
    assert set(views) == {"raw", *MAKERS}
    for view in views.values():
        assert len(view.text) == len(view.starts) == len(view.ends)
        assert all(0 <= low < high <= len(text) for low, high in zip(view.starts, view.ends, strict=True))
        if view.name not in ("unpacked", "unmorsed"):
            assert list(view.starts) == sorted(view.starts)


def test_a_view_is_made_only_when_somebody_asks() -> None:
    views = views_of("Ioana")
    assert made(views) == {"raw"}
    assert views["folded"].text == "ioana"
    assert made(views) == {"raw", "decoded", "folded"}


def test_an_unknown_view_is_an_error() -> None:
    with pytest.raises(KeyError):
        views_of("Ioana")["nothing of the kind"]


def test_a_plain_text_is_read_in_a_few_milliseconds() -> None:
    text = ("The women slept in one room and were not paid. He kept the keys, and two of them left. " * 40)[
        :3000
    ]
    dict(views_of(text))
    best = min(timed(text) for _ in range(5))
    assert best < 0.05  # measured: 4 ms for every view; ten times that allows for a busy machine


def timed(text: str) -> float:
    began = time.perf_counter()
    dict(views_of(text))
    return time.perf_counter() - began


def made(views: Mapping[str, View]) -> set[str]:
    return set(vars(views)["_made"])
