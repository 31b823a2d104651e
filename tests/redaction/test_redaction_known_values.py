"""Whatever the form names is found wherever it reappears, and ordinary words stay."""

from __future__ import annotations

import base64

import pytest

from redaction.detectors.known_values import DISGUISED, known_values, known_variants_in
from redaction.detectors.opaque import opaque
from redaction.findings import Document, Finding, Hold, Known
from redaction.views import views_of

IOANA = Known("PERSON", "Ioana Popescu", "s1")


def read(text: str, *known: Known, lang: str = "en") -> Document:
    return Document(text, lang, False, views_of(text), known or (IOANA,))


def shown(text: str, *known: Known, lang: str = "en") -> str:
    """The text with every covered stretch as one underscore."""
    covered = [False] * len(text)
    for said in known_values(read(text, *known, lang=lang)):
        if isinstance(said, Finding):
            covered[said.start : said.end] = [True] * (said.end - said.start)
    pieces = ["_" if hidden else sign for sign, hidden in zip(text, covered, strict=True)]
    return "".join(
        sign
        for at, sign in enumerate(pieces)
        if sign != "_" or not covered[at] or not at or not covered[at - 1]
    )


def holds(text: str, *known: Known, lang: str = "en") -> set[str]:
    return {said.code for said in known_values(read(text, *known, lang=lang)) if isinstance(said, Hold)}


NAMES = [
    ("We met Ioana Popescu.", "We met _."),
    ("we met popescu ioana", "we met _"),
    ("POPESCU, IOANA was there", "_ was there"),
    ("Ioana said, and Popescu agreed", "_ said, and _ agreed"),
    ("Ioanei Popescu's room", "_ room"),
    ("doamna Popescu and Ms. Ioana", "_ and _"),
    ("Oana or Nuța told us", "_ or _ told us"),
    ("Ioanna Popesco came", "_ came"),
    ("lo4na P0pescii came", "_ _ came"),
    ("I. Popescu and Ioana P. left", "_ and _. left"),
    ("Иоана Попеску left", "_ left"),
    ("I o a n a left", "_ left"),
    ("ucsepoP anaoI left", "_ left"),
    ("Vbnan Cbcrfph left", "_ left"),
    ("the file SW9hbmEgUG9wZXNjdQ== is", "the file _ is"),
    ("see #FindIoanaPopescu now", "see _ now"),
    ("toldIoana twice", "told_ twice"),
    ("Ioooana came", "_ came"),
]


@pytest.mark.parametrize(("text", "left"), NAMES)
def test_a_known_name_is_found_however_it_is_written(text: str, left: str) -> None:
    assert shown(text) == left


ORDINARY = [
    "The popes and their scuba gear, a diorama and an iguana.",
    "He met a woman from Ghana in part a of the annex.",
    "The IP address and the ID of the client.",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_words_that_only_look_alike_stay(text: str) -> None:
    assert shown(text, IOANA, Known("PERSON", "Arta Besa"), Known("PERSON", "Ana Ion")) == text


LAN = Known("PERSON", "Nguyễn Thị Lan")
LE_HA = Known("PERSON", "Lê Thị Hà")
JOY = Known("PERSON", "Joy Idahosa")
HOPE = Known("PERSON", "Hope Ogunleye")

WORDS = [
    (LAN, "en", "Lan came by plane to England.", "_ came by plane to England."),
    (LE_HA, "fr", "Le chauffeur voit Hà et Lê dans le parc.", "Le chauffeur voit _ et _ dans le parc."),
    (LE_HA, "en", "People had left the place; Hà stayed.", "People had left the place; _ stayed."),
    (
        Known("PERSON", "Trần Thị Mai"),
        "ro",
        "Nu mai vine acasă. Am văzut pe Mai ieri.",
        "Nu mai vine acasă. Am văzut pe _ ieri.",
    ),
    (JOY, "en", "Joy left. We enjoyed the joyful day.", "_ left. We enjoyed the joyful day."),
    (
        HOPE,
        "en",
        "We hope that Hope is well; to hope is to wait.",
        "We hope that _ is well; to hope is to wait.",
    ),
    (Known("PERSON", "May Whitcombe"), "en", "She may come in May, said May.", "She may come in _, said _."),
]


@pytest.mark.parametrize(("known", "lang", "text", "left"), WORDS)
def test_names_that_are_words_are_told_from_the_words(known: Known, lang: str, text: str, left: str) -> None:
    assert shown(text, known, lang=lang) == left


DOUBTS = [
    ("Ioa** was there", "starred_name"),
    ("we noted I.P. on the form", "initials"),
    ("It was late\nOnly one came\nAnd left\nNobody saw\nAnything", "acrostic"),
    ("we met Олена there", "unread_script"),
]


@pytest.mark.parametrize(("text", "code"), DOUBTS)
def test_what_gives_a_name_half_away_is_held(text: str, code: str) -> None:
    assert holds(text) == {code}


def test_initials_beside_a_person_are_covered_without_a_doubt() -> None:
    text = "the client I.P. left"
    assert shown(text) == "the client _ left"
    assert holds(text) == set()


def test_a_known_name_in_another_script_needs_no_hold() -> None:
    assert holds("we met Иоана Попеску there") == set()


def test_a_disguise_is_told_from_plain_writing() -> None:
    def detectors(text: str) -> set[str]:
        return {said.detector for said in known_values(read(text)) if isinstance(said, Finding)}

    assert detectors("Ioana came") == {"known_values"}
    assert DISGUISED in detectors("I\u200bo\u200ba\u200bn\u200ba came")


PHONE = Known("PHONE", "+40 722 123 456", "s1")
NUMBERS = [
    "0722 123 456",
    "722.123.456",
    "0040722123456",
    "0722/12-34-56",
    "٠٧٢٢١٢٣٤٥٦",
    "zero seven two two one two three four five six",
    "0\ufe0f\u20e37\ufe0f\u20e32\ufe0f\u20e32\ufe0f\u20e3 123456",
]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_known_phone_is_found_in_any_grouping_and_in_words(number: str) -> None:
    assert shown(f"call {number} now", PHONE) == "call _ now"


def test_another_number_stays() -> None:
    assert shown("call 0722 123 457 in 2024", PHONE) == "call 0722 123 457 in 2024"


@pytest.mark.parametrize(
    "text", ["a number that ends in 456", "0722 first, then 123, at last 456", "he gave 0722 *** 456 to her"]
)
def test_a_phone_in_pieces_is_covered_and_held(text: str) -> None:
    assert "_" in shown(text, PHONE)
    assert holds(text, PHONE) == {"number_in_pieces"}


BORN = Known("DATE_OF_BIRTH", "1994-03-04", "s1")
DATES = [
    "4 March 1994", "04/03/1994", "4.3.94", "1994-03-04", "March 4, 1994", "the fourth of March ninety-four",
    "4 mars 1994", "4th of March", "19940304", "4 martie 1994", "03/04/94",
]  # fmt: skip


@pytest.mark.parametrize("day", DATES)
def test_a_known_birthday_is_found_in_the_usual_ways(day: str) -> None:
    assert shown(f"born {day} there", BORN) == "born _ there"


def test_another_day_stays() -> None:
    assert shown("born 5 April 1995 there", BORN) == "born 5 April 1995 there"


VALUES = [
    (Known("EMAIL", "ioana.p94@gmail.com"), "mail ioana.p94 [at] gmail [dot] com now", "mail _ now"),
    (Known("HANDLE", "@ioa_x9"), "as ioa_x9 or @ioa_x9 there", "as _ or _ there"),
    (Known("DOCUMENT", "RO 055123456"), "passport 055-123-456, RO055123456", "passport _, _"),
    (
        Known("ADDRESS", "Str. Lalelelor 12, bl. B4"),
        "at Lalelelor street, bl B4, floor 2",
        "at _ street, _, floor 2",
    ),
    (Known("PLACE", "Vadu Crișului"), "from Vadu Crisului by bus", "from _ by bus"),
    (Known("PLATE", "B 123 ABC"), "a car, B-123-ABC, left", "a car, _, left"),
]


@pytest.mark.parametrize(("known", "text", "left"), VALUES)
def test_other_known_values_are_found_whatever_separates_their_parts(
    known: Known, text: str, left: str
) -> None:
    assert shown(text, known) == left


def test_known_values_are_found_inside_what_is_packed_away() -> None:
    packed = base64.b64encode(b"call 0722 123 456 or write ioana.p94@gmail.com").decode()
    assert shown(f"see {packed} there", PHONE).rstrip("=") == "see _ there"
    assert shown(f"see {packed} there", Known("EMAIL", "ioana.p94@gmail.com")) == "see _ there"


def test_without_anything_known_nothing_is_found() -> None:
    document = Document("Ioana Popescu, 0722 123 456", "en", False, views_of("Ioana Popescu, 0722 123 456"))
    assert list(known_values(document)) == []


def test_the_second_look_sees_what_is_left_and_ignores_our_own_tokens() -> None:
    known = (IOANA, PHONE, Known("PERSON", "Person Kovacs"))
    assert known_variants_in("[PERSON] met [PERSON K7Q2M] and called [PHONE].", known) == ()
    assert known_variants_in("[PERSON] met lo4na.", known) == ("known_person",)
    assert known_variants_in("[PERSON], 722 123 456", known) == ("known_phone",)
    assert known_variants_in("Io[PERSON]ana", known) == ()


HIDDEN = [
    ("the blob 9f86d081884c7d659a2feaa0c55ad015 is", "opaque_blob"),
    ("I as in India, O as in Oscar, A as in Alfa", "spelt_out"),
    ("India Oscar Alfa November Alfa", "spelt_out"),
    ("we met Pоpescu there", "mixed_script"),
    ("we met 🌹 (Trandafir) there", "emoji_name"),
    ("then 🌹 told us", "emoji_name"),
]


@pytest.mark.parametrize(("text", "code"), HIDDEN)
def test_what_hides_from_reading_is_covered_and_held(text: str, code: str) -> None:
    said = list(opaque(Document(text, "en", False, views_of(text))))
    assert {one.code for one in said if isinstance(one, Hold)} == {code}
    assert any(isinstance(one, Finding) for one in said)


PLAIN = [
    "P<ROUPOPESCU<<IOANA<<<<<<<<<<<<<<<<<<<<<<<<<",
    "Counter-trafficking-organisations wrote to office@example.org about RO49AAAA1B31007593840000.",
    "A long internationalisation, https://example.org/a/9f86d081884c7d659a2feaa0c55ad015 and 😀.",
    "She wore a golf shirt in a hotel in India in November.",
]


@pytest.mark.parametrize("text", PLAIN)
def test_what_other_detectors_read_is_not_held_for_being_unreadable(text: str) -> None:
    assert [one for one in opaque(Document(text, "en", False, views_of(text))) if isinstance(one, Hold)] == []
