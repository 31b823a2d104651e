"""An export of KoboToolbox from the XLSForm of HTCDS comes in as it is, in every way in which it can be exported."""

from __future__ import annotations

from uuid import UUID

import pytest
from builders import World
from share_kobo import as_csv, as_xlsx, questions, submission, table
from sqlalchemy import func, select

from policies.picklists import squash
from policies.vocabulary import VOCABULARY
from share.importing import kobo
from share.importing.bringing import bring_in, look_over
from share.importing.codes import htcds_form
from share.importing.columns import BETWEEN
from share.importing.kobo_columns import columns_of
from share.importing.reading import read_sheets
from share.importing.said import Said, judged
from share.importing.standing import Looked, Outcome
from share.models import GroundVersion, Report

WAYS = [
    (labels, several, form)
    for labels in (False, True)
    for several in ("together", "apart", "both")
    for form in ("csv", "xlsx")
]
THREE = [
    submission(1),
    submission(2, prs_First_Name="Ana", prs_Gender="TransgenderFeminine", vic_Methods_of_Control=["Other"]),
    submission(
        3, prs_Citizenship="MD", prs_Birthdate="", vic_TypeOfSexExploitation=["Pornography", "Prostitution"]
    ),
]


def exported(
    submissions: list[dict[str, object]], *, labels: bool = False, several: str = "both", form: str = "csv"
) -> bytes:
    rows = table(submissions, labels=labels, several=several)
    return as_csv(rows) if form == "csv" else as_xlsx(htcds_xlsform=rows)


def rows(file: bytes) -> tuple[Said, ...]:
    return kobo.rows_of(read_sheets(file))


def outcomes(looked: Looked) -> list[str]:
    assert looked.problems == ()
    return [line.outcome.value for line in looked.lines]


@pytest.mark.parametrize(("labels", "several", "form"), WAYS)
def test_the_export_comes_in_unchanged_and_a_second_one_in_any_other_way_adds_nothing(
    labels: bool, several: str, form: str, world: World
) -> None:
    shelter = world.partner("shelter")
    file = exported(THREE, labels=labels, several=several, form=form)
    looked = bring_in(file, by=shelter, desk=world.desk)
    assert looked.shape == "kobo" and outcomes(looked) == ["new"] * 3
    for again in WAYS:
        file = exported(THREE, labels=again[0], several=again[1], form=again[2])
        assert outcomes(look_over(file, by=shelter, desk=world.desk)) == ["there"] * 3, again
    with world.desk.readers() as session:
        assert session.scalar(select(func.count()).select_from(Report)) == 3
        assert session.scalar(select(func.count()).select_from(GroundVersion)) == 0


def test_every_question_of_the_form_is_known_by_name_and_by_label() -> None:
    asked = questions()
    assert len(asked) == 31
    assert [(q.name, q.label) for q in asked] == [tuple(each) for each in htcds_form()["questions"]]
    for labels in (False, True):
        (sheet,) = read_sheets(as_csv(table([submission(1)], labels=labels)))
        columns, problems = columns_of(sheet)
        assert problems == ()
        named = dict.fromkeys(each.name for each in columns.questions)
        assert list(named) == [VOCABULARY.field(q.name).name for q in asked]


@pytest.mark.parametrize("question", [q for q in questions() if q.choices], ids=lambda q: q.name)
def test_every_choice_of_the_form_is_taken_by_name_and_by_label(question: object) -> None:
    assert isinstance(question, type(questions()[0]))
    for choice in question.choices:
        answer: object = [choice] if question.many else choice
        said = []
        for labels in (False, True):
            shown = choice if not labels else question.choices[choice]
            given = submission(1, **{question.name: answer if question.many else shown})
            (one,) = rows(exported([given], labels=labels))
            if not one.left_out:
                assert judged(one)[1] == (), (question.name, choice)
            said.append((one.wire, one.left_out))
        assert said[0] == said[1], (question.name, choice)


def test_what_the_standard_keeps_for_casework_stays_with_the_partner() -> None:
    (said,) = rows(
        exported([submission(1, cas_IncomingReferralDetails="told by her aunt", prs_Title="cook")])
    )
    assert b"aunt" not in said.body() and b"hotline" not in said.body() and b"cas_" not in said.body()
    assert said.wire["people"][0]["fields"]["prs_Title"] == "cook"
    assert said.wire["people"][0]["fields"]["prs_SecondName"] == "Sintetica"


def test_places_in_words_join_the_narrative_where_everything_is_redacted() -> None:
    (said,) = rows(exported([submission(1, vic_LocationOfExploitation="a farm near Foggia")]))
    assert said.wire["narrative"] == (
        "Location of Recruitment: a bus station in Oradea\nLocation of Exploitation: a farm near Foggia"
    )
    assert "events" not in said.wire


@pytest.mark.parametrize("no", ["FALSE", "No", "false"])
def test_whoever_said_no_to_consent_is_left_out_and_told(no: str, world: World) -> None:
    shelter = world.partner("shelter")
    file = exported([submission(1), submission(2, con_Consent=no)])
    looked = bring_in(file, by=shelter, desk=world.desk)
    assert outcomes(looked) == ["new", "left_out"]
    with world.desk.readers() as session:
        assert session.scalar(select(func.count()).select_from(Report)) == 1


def test_a_yes_is_no_ground(world: World) -> None:
    bring_in(exported([submission(1, con_Consent="TRUE")]), by=world.partner("shelter"), desk=world.desk)
    with world.desk.readers() as session:
        assert session.scalar(select(func.count()).select_from(GroundVersion)) == 0


def test_a_submission_that_was_edited_is_told_by_its_first_id_and_not_doubled(world: World) -> None:
    shelter = world.partner("shelter")
    bring_in(exported([submission(1)]), by=shelter, desk=world.desk)
    edited = submission(77, prs_First_Name="Anca")
    main = table([edited])
    main[0].append("meta/rootUuid")
    main[1].append(f"uuid:{UUID(int=1)}")
    looked = bring_in(as_csv(main), by=shelter, desk=world.desk)
    assert outcomes(looked) == ["differs"]


def test_repeats_are_joined_to_their_submission() -> None:
    people = [
        [
            "prs_First_Name",
            "prs_Gender",
            "vic_Methods_of_Control",
            "_index",
            "_parent_table_name",
            "_parent_index",
        ],
        ["Ana", "Feminine", "DebtBondage", "1", "form", "2"],
        ["Oana", "Feminine", "", "2", "form", "1"],
        ["Dana", "Feminine", "", "3", "form", "2"],
    ]
    legs = [
        ["hte_Type", "hte_Country", "hte_Date", "_index", "_parent_index", "_submission__uuid"],
        ["Recruitment", "Romania", "2026-02-01", "1", "2", str(UUID(int=2))],
        ["Transit", "HU", "2026-02", "2", "2", f"uuid:{UUID(int=2)}"],
    ]
    main = table([submission(1, _index="1"), submission(2, _index="2")])
    first, second = rows(as_xlsx(form=main, people=people, legs=legs))
    assert [p["fields"]["prs_FirstName"] for p in first.wire["people"]] == ["Ioana", "Oana"]
    assert [p["fields"]["prs_FirstName"] for p in second.wire["people"]] == ["Ioana", "Ana", "Dana"]
    assert [p["code"] for p in second.wire["people"]] == ["P1", "P2", "P3"]
    assert second.wire["patterns"][1] == {"vic_MethodsOfControl": ["DebtBondage"], "concerns": ["P2"]}
    assert [leg["hte_Country"] for leg in second.wire["events"]] == ["RO", "HU"]
    assert judged(first)[1] == judged(second)[1] == ()


def test_a_mistake_in_a_repeat_is_told_on_its_own_sheet(world: World) -> None:
    people = [["prs_Gender", "_parent_index"], ["Feminin", "1"]]
    file = as_xlsx(form=table([submission(1)]), people=people)
    (problem,) = look_over(file, by=world.partner("shelter"), desk=world.desk).problems
    assert (problem.sheet, problem.row, problem.column, problem.nearest) == (2, 2, "A", "Feminine")


def test_groups_before_a_name_and_other_separators_of_choices_are_read() -> None:
    main = table([submission(1)], several="apart")
    main[0] = [
        f"case/{name}" if name.startswith("prs_") else name.replace("/", ".") if "vic_" in name else name
        for name in main[0]
    ]
    (said,) = rows(as_csv(main))
    (plain,) = rows(exported([submission(1)]))
    assert said.wire == plain.wire


def test_an_export_without_ids_is_known_again_by_all_that_it_says(world: World) -> None:
    shelter = world.partner("shelter")
    file = as_csv(table([submission(1), submission(2, prs_First_Name="Ana")], added=False))
    assert outcomes(bring_in(file, by=shelter, desk=world.desk)) == ["new", "new"]
    assert bring_in(file, by=shelter, desk=world.desk).count(Outcome.THERE) == 2


def test_no_code_holds_what_stands_between_several_of_them() -> None:
    codes = [code for picklist in VOCABULARY.picklists.values() for code in picklist]
    assert not any(BETWEEN in code or " " in code.strip() for code in codes)
    assert squash("a;b") == "ab"
