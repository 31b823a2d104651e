"""A number is spared for how it is written and what it counts, never because of its neighbour alone."""

from __future__ import annotations

from collections.abc import Iterator

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from redaction_builders import document

from redaction.detectors import digits
from redaction.detectors.digits import digit_runs
from redaction.detectors.second_look import PATTERNS, SECOND_LOOK
from redaction.detectors.spared import counts_parts, is_amount, is_number_of_a_law, is_year
from redaction.findings import Detector, Document, Finding

SEPARATORS = (" ", ".", "-", "/")
CARRIERS = (
    "She wrote down {} and left.",
    "Tél. portable de la victime : {}, le soir.",
    "row,f,{},ro",
    "the {} women's refuge",
    "section {} of the form",
    "law no. {} or code {}",
    "EUR {}",
    "{} lei",
    "{} people",
)


def left_by(detectors: tuple[Detector, ...], text: str, written: str) -> str:
    """The digits of the first `written` in `text` that no detector finds."""
    covered = {
        place
        for detector in detectors
        for one in detector(document(text))
        if isinstance(one, Finding)
        for place in range(one.start, one.end)
    }
    start = text.index(written)
    places = range(start, start + len(written))
    return "".join(text[at] for at in places if text[at].isdigit() and at not in covered)


def runs(text: str) -> list[str]:
    return [text[one.start : one.end] for one in digit_runs(document(text)) if isinstance(one, Finding)]


@st.composite
def grouped(draw: st.DrawFn) -> str:
    """Eight digits or more in four groups or more, not all of which are years."""
    group = st.text("0123456789", min_size=1, max_size=4) | st.integers(1, 31).map("{:02}".format)
    groups = draw(st.lists(group, min_size=4, max_size=6))
    between = draw(st.sampled_from(SEPARATORS).map(lambda one: [one] * 6) | st.lists(
        st.sampled_from(SEPARATORS), min_size=6, max_size=6
    ))  # fmt: skip
    if sum(map(len, groups)) < 8:
        groups.append("0745318206")
    if all(map(is_year, groups)):
        groups[0] = "07"
    return groups[0] + "".join(sign + one for sign, one in zip(between, groups[1:], strict=False))


@given(written=grouped(), carrier=st.sampled_from(CARRIERS))
def test_no_long_number_in_four_groups_is_left_standing(written: str, carrier: str) -> None:
    assert left_by(SECOND_LOOK, carrier.replace("{}", written), written) == ""


def paired(number: phonenumbers.PhoneNumber) -> Iterator[str]:
    """A number as it is dialled in its own country, in pairs and in groups of three, with each separator."""
    dialled = "".join(
        filter(str.isdigit, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))
    )
    for size in (2, 3):
        groups = [dialled[at : at + size] for at in range(0, len(dialled), size)]
        yield from (sign.join(groups) for sign in SEPARATORS if len(groups) >= 3 and len(dialled) >= 8)


def test_telephones_of_every_region_are_found_in_pairs_and_threes() -> None:
    missed = []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
        for written in paired(number) if number else ():
            if left_by(SECOND_LOOK, f"She wrote down {written} and left.", written):
                missed.append((region, written))
    assert missed == []


BEGIN_LIKE_DATES = ("06.11.22.33.44", "06/12/24/55/31", "07-05-19-33-44", "01.02.2003.44", "06.11.22 33 44")


@pytest.mark.parametrize("written", BEGIN_LIKE_DATES)
def test_a_telephone_that_begins_like_a_date_is_none(written: str) -> None:
    text = f"Joignable au {written}, le soir."
    assert left_by(SECOND_LOOK, text, written) == ""
    assert left_by((digit_runs,), text, written) == ""


def test_with_dates_taken_out_of_a_run_the_same_telephones_leak(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digits, "_is_dated", lambda match, *_: digits._LIKE_A_DATE.search(match[0]))
    assert all(left_by((digit_runs,), f"It is {written}.", written) for written in BEGIN_LIKE_DATES)


DATES = (
    "row,f,1999-11-08,ro",
    "f,08/11/1999,ro",
    "seen 08.11.1999/Leeds",
    "seen 8|11|1999 there",
    "2024-03-05T10:12:00Z log",
    "on 8-XI-1999 she",
    "Né(e) le:08/11/99;F",
)


@pytest.mark.parametrize("text", DATES)
def test_a_date_is_found_whatever_stands_beside_it(text: str) -> None:
    figures = [at for at, sign in enumerate(text) if sign.isdigit()]
    assert left_by((PATTERNS,), text, text[figures[0] : figures[-1] + 1]) == ""


def test_the_backstop_spares_a_date_only_where_the_table_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "She left on 08.11.1999 by coach."
    assert runs(text) == []

    def nothing(_: Document) -> Iterator[Finding]:
        yield from ()

    monkeypatch.setattr(digits, "DATES", nothing)
    assert runs(text) == ["08.11.1999"]


def test_a_date_of_no_calendar_is_a_number() -> None:
    assert runs("She left on 35.39.1999 by coach.") == ["35.39.1999"]


def amount(text: str, written: str) -> bool:
    start = text.index(written)
    return is_amount(text, start, start + len(written))


@pytest.mark.parametrize(
    "text, written",
    [
        ("551-284-093 women's refuge", "551-284-093"),
        ("551284 women's refuge", "551284"),
        ("035-9518 women", "035-9518"),
        ("551-284 women", "551-284"),
        ("8.846.757 women", "8.846.757"),
        ("722 123 456 lei", "722 123 456"),
        ("0745318 days", "0745318"),
        ("07453 days", "07453"),
        ("551/284 euros", "551/284"),
        ("you can try 551284", "551284"),
    ],
)
def test_what_is_not_written_as_a_quantity_is_none(text: str, written: str) -> None:
    assert not amount(text, written)


@pytest.mark.parametrize(
    "text, written",
    [
        ("12500 women", "12500"),
        ("12 500 women", "12 500"),
        ("EUR 1 250", "1 250"),
        ("1.250.300 lei", "1.250.300"),
        ("25 000 000 people", "25 000 000"),
        ("699.21 euros", "699.21"),
        ("1000-1500 euros", "1000-1500"),
        ("12 500,50 euros", "12 500"),
    ],
)
def test_a_quantity_beside_what_it_counts_is_spared(text: str, written: str) -> None:
    assert amount(text, written)
    assert not amount(written, written)


@pytest.mark.parametrize(
    "text", ["section 88213", "section 7.073.221", "page 551-284", "page 284-551", "line 074531"]
)
def test_a_word_for_a_part_of_a_text_spares_no_other_number(text: str) -> None:
    assert runs(f"See {text} there.") == [text.split()[1]]


def test_from_one_page_to_another_is_spared() -> None:
    assert counts_parts("pages 112-118", 6, 13) and runs("See pages 112-118 there.") == []


@pytest.mark.parametrize("written", ["678/2001", "328/66", "2011/95", "11.343/2006"])
def test_the_number_of_a_law_has_its_year(written: str) -> None:
    text = f"Law no. {written}"
    assert is_number_of_a_law(text, 8, len(text))


@pytest.mark.parametrize(
    "text",
    [
        "my zip code is 76400",
        "by order 551284093",
        "the code 551-284",
        "door code 55128-45",
        "dl. X, 0765557150",
    ],
)
def test_a_law_named_before_it_spares_no_other_number(text: str) -> None:
    (number,) = runs(text)
    assert text.endswith(number)
