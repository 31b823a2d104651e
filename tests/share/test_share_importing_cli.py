"""`parallax import`: data on standard output, talk on standard error, and an exit status that says which."""

from __future__ import annotations

import csv
import json
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from builders import World
from click.testing import CliRunner, Result
from flask.cli import ScriptInfo
from share_kobo import as_csv, submission, table
from share_sheets import MARKER, good, one
from sqlalchemy import func, select

import api
from config.keys import Keys
from config.settings import Settings
from partners.desk import PartnersDesk
from partners.models import Credential, Member, Partner
from partners.values import Role, Scope
from share.models import Report, ReportVersion


@dataclass
class Shell:
    """The command line over one world."""

    world: World
    folder: Path
    app: Any

    def run(self, file: bytes, *words: str, fails: int = 0) -> tuple[Any, str]:
        """What was printed as data, and what was said."""
        path = self.folder / "reports.csv"
        path.write_bytes(file)
        result: Result = CliRunner().invoke(
            api.cli, ["import", str(path), *words], obj=ScriptInfo(create_app=lambda: self.app)
        )
        assert result.exit_code == fails, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return (json.loads(result.stdout) if result.stdout else None), result.stderr

    def reports(self) -> int:
        with self.world.desk.readers() as session:
            return session.scalar(select(func.count()).select_from(Report)) or 0

    def change(self, **changes: Any) -> None:
        """Change the member."""
        with self.world.desk.sessions.begin() as session:
            row = session.scalars(select(Member).where(Member.code == "C1")).one()
            for name, value in changes.items():
                setattr(row, name, value)


@pytest.fixture
def shell(world: World, keys: Keys, tmp_path: Path) -> Iterator[Shell]:
    world.partner("shelter")
    world.partner("hotline")
    with world.desk.sessions.begin() as session:
        session.add(
            Member(
                partner_id=world.ids["shelter"],
                code="C1",
                roles=["caseworker"],
                scopes=sorted(Role.CASEWORKER.scopes),
                added_at=world.desk.clock(),
            )
        )
        session.add(
            Credential(
                kid="machine-1",
                jwk={},
                partner_id=world.ids["shelter"],
                scopes=[Scope.REPORTS_SUBMIT.value],
                not_before=world.desk.clock(),
                expires=world.desk.clock().replace(year=2030),
            )
        )
    settings = Settings.from_env({"PARALLAX_ISSUER": "http://localhost", "PARALLAX_ENVIRONMENT": "test"})
    desk = PartnersDesk(
        sessions=world.desk.sessions,
        readers=world.desk.readers,
        clock=world.desk.clock,
        keys=keys,
        keystore=world.keystore,
        settings=settings,
    )
    yield Shell(world, tmp_path, api.create_app(desks=api.Desks(share=world.desk, partners=desk)))


HERS = ("--partner", "shelter", "--member", "C1")


def test_a_dry_run_says_what_would_happen_and_changes_nothing(shell: Shell) -> None:
    said, talk = shell.run(good(3), *HERS, "--dry-run")
    assert said["dry_run"] and said["counts"]["new"] == 3 and said["errors"] == []
    assert "3 would be taken in" in talk and shell.reports() == 0


def test_it_takes_in_and_a_second_time_adds_nothing(shell: Shell) -> None:
    said, talk = shell.run(good(3), *HERS)
    assert said["counts"]["new"] == 3 and "sealed 3 of 3" in talk and "3 taken in" in talk
    again, talk = shell.run(good(3), *HERS)
    assert again["counts"] == {"new": 0, "there": 3, "differs": 0, "reference_taken": 0, "left_out": 0}
    assert [row["report"] for row in again["rows"]] == [row["report"] for row in said["rows"]]
    assert shell.reports() == 3 and "3 there already" in talk


def test_an_export_of_kobotoolbox_is_told_by_its_shape(shell: Shell) -> None:
    said, talk = shell.run(as_csv(table([submission(1), submission(2, con_Consent="FALSE")])), *HERS)
    assert said["shape"] == "kobo" and "1 left out" in talk and shell.reports() == 1


def test_mistakes_are_data_and_a_file_and_the_exit_status_is_one(shell: Shell) -> None:
    errors = shell.folder / "errors.csv"
    file = one(leg1__hte_Country="Hungry " + MARKER, person1__prs_Gender="Femine")
    said, talk = shell.run(file, *HERS, "--errors", str(errors), fails=1)
    assert [(e["row"], e["column"], e["field"], e["code"], e["nearest"]) for e in said["errors"]] == [
        (2, "G", "person1.prs_Gender", "unknown_code", "Feminine"),
        (2, "J", "leg1.hte_Country", "unknown_code", None),
    ]
    rows = list(csv.DictReader(errors.read_text(encoding="utf-8").splitlines()))
    assert [row["field"] for row in rows] == ["person1.prs_Gender", "leg1.hte_Country"]
    assert all(row["advice"] for row in rows)
    assert stat.S_IMODE(errors.stat().st_mode) == 0o600
    assert MARKER not in errors.read_text(encoding="utf-8") + json.dumps(said) + talk
    assert "nothing is taken in" in talk and shell.reports() == 0


def test_a_file_for_mistakes_never_takes_the_place_of_another(shell: Shell) -> None:
    errors = shell.folder / "errors.csv"
    errors.write_text("mine", encoding="utf-8")
    said, _ = shell.run(good(), *HERS, "--errors", str(errors), fails=1)
    assert said is None and errors.read_text(encoding="utf-8") == "mine" and shell.reports() == 0


def test_a_machine_brings_in_with_its_key_and_it_is_noted_as_the_machine(shell: Shell) -> None:
    said, _ = shell.run(good(2), "--partner", "shelter", "--key", "machine-1")
    assert said["counts"]["new"] == 2
    with shell.world.desk.readers() as session:
        assert set(session.scalars(select(ReportVersion.by_member))) == {None}


@pytest.mark.parametrize(
    "words",
    [
        ("--partner", "hotline", "--member", "C1"),
        ("--partner", "shelter", "--member", "C2"),
        ("--partner", "nobody", "--member", "C1"),
        ("--partner", "hotline", "--key", "machine-1"),
        ("--partner", "shelter", "--key", "machine-2"),
    ],
)
def test_who_is_not_there_brings_nothing_in(words: tuple[str, ...], shell: Shell) -> None:
    said, talk = shell.run(good(), *words, fails=1)
    assert said is None and "not_found" in talk and shell.reports() == 0


def test_who_has_not_the_right_or_is_suspended_brings_nothing_in(shell: Shell) -> None:
    shell.change(scopes=sorted(Role.REVIEWER.scopes))
    assert "not_allowed" in shell.run(good(), *HERS, fails=1)[1]
    shell.change(scopes=sorted(Role.CASEWORKER.scopes), status="suspended")
    assert "not_found" in shell.run(good(), *HERS, fails=1)[1]
    shell.change(status="active")
    with shell.world.desk.sessions.begin() as session:
        session.get_one(Partner, shell.world.ids["shelter"]).status = "suspended"
    assert "not_found" in shell.run(good(), *HERS, fails=1)[1]
    assert shell.reports() == 0


def test_a_key_that_ended_brings_nothing_in(shell: Shell) -> None:
    with shell.world.desk.sessions.begin() as session:
        session.query(Credential).one().revoked_at = shell.world.desk.clock()
    assert "not_found" in shell.run(good(), "--partner", "shelter", "--key", "machine-1", fails=1)[1]


@pytest.mark.parametrize(
    "words", [("--partner", "shelter"), (*HERS, "--key", "machine-1"), ("--member", "C1")]
)
def test_it_wants_to_know_who_acts(words: tuple[str, ...], shell: Shell) -> None:
    assert shell.run(good(), *words, fails=2)[0] is None
