"""A damaged spreadsheet is told row by row, takes nothing in, and is repeated nowhere."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from builders import World
from share_sheets import MARKER, book, damaged, good, one, put, repacked
from sqlalchemy import func, select

from share.importing import bringing, said
from share.importing.bringing import bring_in, look_over
from share.importing.cli import _plain, as_csv
from share.importing.standing import Looked, Outcome
from share.importing.table import Problem, letter
from share.importing.words import ADVICE
from share.models import Report
from share.models_imports import ImportedRow

FILES = damaged()


def stored(world: World) -> int:
    with world.desk.readers() as session:
        tables = (Report, ImportedRow)
        return sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def told(looked: Looked) -> str:
    """Everything that anybody hears of a file."""
    return repr(looked) + as_csv(looked.problems) + json.dumps(_plain(looked, dry_run=False))


def test_there_are_at_least_forty_kinds() -> None:
    assert len(FILES) >= 40


@pytest.mark.parametrize("kind", sorted(FILES))
def test_each_kind_is_told_by_place_and_code_and_nothing_is_taken_in(kind: str, world: World) -> None:
    file, code, row = FILES[kind]
    shelter = world.partner("shelter")
    for looked in (
        look_over(file, by=shelter, desk=world.desk),
        bring_in(file, by=shelter, desk=world.desk),
    ):
        found = [each for each in looked.problems if each.code == code]
        assert found, [(each.row, each.code) for each in looked.problems[:5]]
        assert row in (0, found[0].row), found[0].row
        assert looked.lines == () and stored(world) == 0
        assert not any(word in told(looked) for word in (MARKER, *MARKER.split()))
        assert code in ADVICE or code.startswith("text_")


def test_the_same_file_without_its_damage_is_taken_in(world: World) -> None:
    """The control: it is the damage that is refused, and nothing else of these files."""
    shelter = world.partner("shelter")
    for file in (good(), book(rows=5), good().replace(b",", b",")):
        assert bring_in(file, by=shelter, desk=world.desk).problems == ()
    assert stored(world) == 10


def test_one_bad_row_keeps_all_the_good_ones_out(world: World) -> None:
    shelter = world.partner("shelter")
    file = good(30) + good(1).split(b"\r\n", 1)[1].replace(b"A-1", b"A-99").replace(b"HU", b"Hungry")
    looked = bring_in(file, by=shelter, desk=world.desk)
    assert [(each.row, each.column, each.field, each.code) for each in looked.problems] == [
        (32, "J", "leg1.hte_Country", "unknown_code")
    ]
    assert looked.problems[0].nearest == "HU"
    assert stored(world) == 0


def test_a_word_of_the_file_in_what_is_said_would_be_seen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(said, "nearest", lambda _field, typed: typed)
    looked = look_over(FILES["unknown_country"][0], by=world.partner("shelter"), desk=world.desk)
    assert MARKER in told(looked)


def test_a_row_that_nobody_judged_would_be_taken_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the whole table: without the judge, a bad row comes in."""
    judge = bringing.judged
    monkeypatch.setattr(bringing, "judged", lambda each: (judge(each)[0], ()))
    file = good(2) + one(leg1__hte_Type="nothing").split(b"\r\n", 1)[1].replace(b"A-1", b"A-3")
    assert bring_in(file, by=world.partner("shelter"), desk=world.desk).count(Outcome.NEW) == 2
    assert stored(world) > 0


@pytest.mark.parametrize(
    ("typed", "column", "nearest"),
    [
        ("femine", "person1__prs_Gender", "Feminine"),
        ("Roumaina", "leg1__hte_Country", "RO"),
        ("forced labur", "pattern1__vic_TypeOfExploitation", "ForcedLabour"),
        ("surviver", "person1__role", "survivor"),
        ("Explotation", "leg1__hte_Type", "Exploitation"),
        ("zzzzzzzzzzzz", "person1__prs_Gender", ""),
        ("x" * 5_000, "person1__prs_Gender", ""),
    ],
)
def test_the_nearest_valid_code_is_offered_and_never_taken(
    typed: str, column: str, nearest: str, world: World
) -> None:
    looked = look_over(one(**{column: typed}), by=world.partner("shelter"), desk=world.desk)
    assert [each.nearest for each in looked.problems] == [nearest]


def test_a_part_that_declares_less_than_it_holds_is_not_unpacked_further() -> None:
    """Sizes that a package declares are the bound, because nothing is unpacked beyond them."""
    file = bytearray(repacked(book(), lambda parts: parts.update({"xl/media/a.bin": b"\0" * 70_000_000})))
    place = file.rindex(b"PK\x01\x02", 0, file.index(b"xl/media/a.bin", len(file) - 2_000))
    file[place + 24 : place + 28] = (100).to_bytes(4, "little")
    with zipfile.ZipFile(io.BytesIO(bytes(file))) as package, pytest.raises(zipfile.BadZipFile):
        package.read("xl/media/a.bin")


def test_what_a_sheet_says_of_its_own_size_is_not_believed(world: World) -> None:
    def lie(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        parts[name] = parts[name].replace(b'ref="A1:M3"', b'ref="A1:A1"')

    looked = look_over(repacked(book(), lie), by=world.partner("shelter"), desk=world.desk)
    assert looked.count(Outcome.NEW) == 2


def test_columns_are_called_as_spreadsheets_call_them() -> None:
    assert [letter(place) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


def test_a_mistake_holds_no_words() -> None:
    assert set(Problem.__dataclass_fields__) == {"sheet", "row", "column", "field", "code", "nearest"}


def test_a_formula_is_refused_whatever_it_is_hidden_behind(world: World) -> None:
    shelter = world.partner("shelter")
    for formula in ("=1+1", '=cmd|"/c calc"!A1', "=SUM(A1:A9)", "=IMPORTXML(A1)"):
        looked = look_over(book(lambda sheet, f=formula: put(sheet, "B2", f)), by=shelter, desk=world.desk)
        assert {each.code for each in looked.problems} == {"formula"}
