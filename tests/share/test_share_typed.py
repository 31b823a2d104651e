"""What is typed into a fact has the form of its kind and says no more than its kind."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError
from share_edge import a_report

from share.doubts import NOT_OF_ITS_FORM, READS_LIKE_TEXT, SAYS_MORE, doubt_about
from share.problems import refusals
from share.schemas import ReportSchema
from share.typed import LONGEST, TOWN, WRITTEN_BY_HAND, wrong_form

STORY = "Viorica Lungu from Bihor, born 4 May 2001, phone 0740 123 456, is at the shelter on Strada Lunga 3"

OF_ITS_FORM = [
    ("SUSPECT_NAME", "Răzvan Ionuț Podar"),
    ("SUSPECT_NAME", "nea Nelu"),
    ("SUSPECT_NAME", "don salvo"),
    ("SUSPECT_NAME", "Mohammed bin Salem al-Khaled"),
    ("SUSPECT_NAME", "Nelu (Ionel) Fărcaș"),
    ("SUSPECT_NAME", "José María de la Cruz y Santos"),
    ("SUSPECT_NAME", "Кирилл Иванов"),
    ("SUSPECT_PHONE", "+40 722 000 111"),
    ("SUSPECT_PHONE", "(0040) 722-111-222"),
    ("SUSPECT_PHONE", "+40 (0)722.000.111"),
    ("SUSPECT_EMAIL", "jobs@norvastel-staffing.example.org"),
    ("SUSPECT_HANDLE", "@leona_hr_global"),
    ("SUSPECT_HANDLE", "telegram: @nelu.jobs"),
    ("SUSPECT_HANDLE", "facebook.com/nelu.jobs"),
    ("SUSPECT_HANDLE", "Locuri Munca Italia MD"),
    ("SUSPECT_ACCOUNT", "RO49 AAAA 1B31 0075 9384 0000"),
    ("SUSPECT_ACCOUNT", "4111 1111 1111 1111"),
    ("SUSPECT_ACCOUNT", "bc1q9zpgru0example0000000000000000kk7s"),
    ("SUSPECT_ACCOUNT", "Western Union MTCN 123-456-7890"),
    ("SUSPECT_ACCOUNT", "Revolut @nelu_f"),
    ("SUSPECT_ACCOUNT", "PayPal jobs@example.com"),
    ("VENUE", "Hotel Example, Ruse"),
    ("VENUE", "Building 6, Golden Lake"),
    ("VENUE", "Blanc-Express, rue des Filatures"),
    ("VENUE", "Bar Paradis, Str. 1 Decembrie 1918 nr. 12, ap. 4, 410001 Oradea"),
    ("VENUE", "Calle Mayor 14, 2º B, 28013 Madrid"),
    ("VENUE", "Horvat Street 5, 3rd floor, London SE1 7PB"),
    ("VENUE", "47.0465, 21.9189"),
    ("VEHICLE_PLATE", "BH-07-TZK"),
    ("VEHICLE_PLATE", "bh07tzk"),
    ("VEHICLE_PLATE", "LÖ AB 12"),
    ("VEHICLE_PLATE", "BH ?? TZK"),
    ("VEHICLE_PLATE", "IMO 9074729"),
    ("ADVERT", "https://joburi-europa.example.com/anunt/48213?ref=fb"),
    ("ADVERT", "https://annonces.example/offre/serveuse-restaurant-lille-logement-fourni-12345"),
    ("ADVERT", "t.me/jobs_italia"),
    ("ADVERT", "joburi-europa, annuncio n. 48213"),
    ("ADVERT", "Facebook Marketplace, ad no. 1234567"),
    ("ADVERT", "OLX 9f3k2"),
    (TOWN, "Vadu Nou de Sus"),
    (TOWN, "Frankfurt an der Oder"),
    (TOWN, "Paris 18e"),
]

NOT_OF_ANY = [
    ("SUSPECT_NAME", STORY, "not_a_name"),
    ("SUSPECT_NAME", "0740 123 456", "not_a_name"),
    ("SUSPECT_NAME", "Nelu\nViorica Lungu", "not_a_name"),
    ("SUSPECT_PHONE", "ask Viorica", "not_a_phone"),
    ("SUSPECT_PHONE", "+40 722 000 111 (Viorica)", "not_a_phone"),
    ("SUSPECT_PHONE", "1234", "not_a_phone"),
    ("SUSPECT_EMAIL", "jobs at example.com", "not_an_email"),
    ("SUSPECT_EMAIL", "Viorica Lungu <v@example.com>", "not_an_email"),
    ("SUSPECT_HANDLE", "the profile that Viorica Lungu had to keep open", "not_a_handle"),
    ("SUSPECT_ACCOUNT", "the account of Viorica Lungu 1234", "not_an_account"),
    ("SUSPECT_ACCOUNT", "Viorica Lungu", "not_an_account"),
    ("VENUE", "Hotel\nViorica Lungu", "not_a_venue"),
    ("VENUE", "?", "not_a_venue"),
    ("VENUE", "Is she there? Yes!", "not_a_venue"),
    ("VEHICLE_PLATE", "white van of Nelu", "not_a_plate"),
    ("VEHICLE_PLATE", "Viorica 2001", "not_a_plate"),
    ("VEHICLE_PLATE", "TZK", "not_a_plate"),
    ("ADVERT", STORY, "not_an_advert"),
    ("ADVERT", "Viorica Lungu", "not_an_advert"),
    ("ADVERT", "https://example.com/1 is of Viorica Lungu", "not_an_advert"),
    (TOWN, "Oradea\nViorica Lungu", "not_a_place"),
    (TOWN, "she was kept in a village near Foggia with the others", "not_a_place"),
]

SAYS_SOMETHING_ELSE = [
    ("VENUE", "Salon Maria, +40 722 000 111"),
    ("VENUE", "Salon Maria, maria@example.org"),
    ("VENUE", "Casa Lungu, born 4 May 2001"),
    ("VENUE", "the flat of her sister Ana"),
    ("VENUE", "Bar X, CNP 2980504123456"),
    ("SUSPECT_NAME", "Nelu 0740 123 456"),
    ("SUSPECT_NAME", "Nelu, Strada Lunga 3"),
    ("ADVERT", "OLX 0740123456"),
    ("ADVERT", "Viorica Lungu born 2001"),
    ("ADVERT", "https://example.com/viorica-lungu-born-4-may-2001"),
    ("ADVERT", "https://example.com/a?reply=viorica@example.org"),
    (TOWN, "Oradea, Strada Lunga 3"),
]

LIKE_TEXT = [
    ("VENUE", "Viorica is at the shelter on Strada Lunga 3"),
    ("VENUE", "car wash behind the Lidl, Sector 4"),
    ("VENUE", "VIORICA LUNGU HIDES IN THE SHELTER"),
    ("VENUE", "Viorica Lungu Is At The Shelter"),
    ("SUSPECT_NAME", "Nelu keeps Viorica Lungu at home"),
    ("SUSPECT_NAME", "王芳"),
    ("SUSPECT_HANDLE", "call Viorica at the shelter"),
    ("SUSPECT_PHONE", "04.05.2001"),
    ("ADVERT", "https://example.com/viorica-lungu-is-at-the-shelter"),
    (TOWN, "the village where she lives"),
]


@pytest.mark.parametrize(("kind", "value"), OF_ITS_FORM)
def test_what_has_its_form_and_says_nothing_else_may_leave_by_itself(kind: str, value: str) -> None:
    assert wrong_form(kind, value) is None
    assert doubt_about(kind, value, language="en") is None


@pytest.mark.parametrize(("kind", "value", "code"), NOT_OF_ANY)
def test_what_has_not_its_form_is_turned_away_and_never_told(kind: str, value: str, code: str) -> None:
    assert wrong_form(kind, value) == code
    assert doubt_about(kind, value, language="en") == NOT_OF_ITS_FORM


@pytest.mark.parametrize(("kind", "value"), SAYS_SOMETHING_ELSE)
def test_what_says_more_than_its_kind_is_never_told(kind: str, value: str) -> None:
    assert wrong_form(kind, value) is None
    assert doubt_about(kind, value, language="en") == SAYS_MORE


@pytest.mark.parametrize(("kind", "value"), LIKE_TEXT)
def test_what_reads_like_text_waits_for_a_person(kind: str, value: str) -> None:
    assert wrong_form(kind, value) is None
    assert doubt_about(kind, value, language="en") == READS_LIKE_TEXT


def test_without_the_look_a_phone_in_a_venue_would_pass() -> None:
    """The control: it is the detectors that see it, and not the form."""
    assert doubt_about("VENUE", "Salon Maria, +40 722 000 111", language="en", looks=()) is None


@pytest.mark.parametrize("kind", sorted(WRITTEN_BY_HAND | {TOWN}))
def test_no_kind_has_room_for_a_story(kind: str) -> None:
    assert wrong_form(kind, "a" * (LONGEST[kind] + 1))
    assert doubt_about(kind, STORY, language="en")


def test_kinds_of_codes_have_no_form_of_ours() -> None:
    assert wrong_form("INDUSTRY", "F_Construction") is None


def refused(changes: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(ValidationError) as wrong:
        ReportSchema().load(a_report(**changes))
    return refusals(wrong.value.messages, ReportSchema())


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"leads": [{"kind": "ADVERT", "value": STORY}]}, "leads.0.value", "not_an_advert"),
        ({"leads": [{"kind": "VENUE", "value": "v" * 121}]}, "leads.0.value", "not_a_venue"),
        ({"leads": [{"kind": "SUSPECT_PHONE", "value": STORY}]}, "leads.0.value", "not_a_phone"),
        ({"suspects": [{"code": "S1", "names": ["Nelu", STORY]}]}, "suspects.0.names.1", "too_long"),
        ({"suspects": [{"code": "S1", "names": ["Nelu 1\nAna"]}]}, "suspects.0.names.0", "not_a_name"),
        ({"suspects": [{"code": "S1", "phones": ["ask Ana"]}]}, "suspects.0.phones.0", "not_a_phone"),
        ({"suspects": [{"code": "S1", "emails": ["ask Ana"]}]}, "suspects.0.emails.0", "not_an_email"),
        ({"suspects": [{"code": "S1", "handles": ["?!"]}]}, "suspects.0.handles.0", "not_a_handle"),
        ({"suspects": [{"code": "S1", "accounts": ["ask Ana"]}]}, "suspects.0.accounts.0", "not_an_account"),
        ({"events": [{"hte_Type": "Transit", "hte_City": "a\nb"}]}, "events.0.hte_City", "not_a_place"),
    ],
)
def test_the_door_says_where_and_which_form_and_repeats_nothing(
    changes: dict[str, Any], path: str, code: str
) -> None:
    assert refused(changes) == {path: code}


def test_what_has_its_form_passes_the_door() -> None:
    leads = [{"kind": k, "value": v} for k, v in OF_ITS_FORM if k not in (TOWN, "SUSPECT_NAME")]
    assert len(ReportSchema().load(a_report(leads=leads)).leads) == len(leads)
