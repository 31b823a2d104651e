"""From the command line: one act to a command, data on standard output, and nothing at all in a dry run."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pyotp
import pytest
from click.testing import CliRunner
from partners_builders import policy_document
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config.clock import utc_now
from config.database import open_database, readers, sessions
from config.keys import load_keys
from config.keystore import KeyStore
from config.settings import Settings
from ledger.chain import verify_chain
from ledger.models import LedgerEntry
from partners.access import grant_token, who_is
from partners.cli import COMMANDS
from partners.desk import PartnersDesk
from partners.errors import Conflict, NotAcceptable
from partners.jwks import as_jwk
from partners.keyfiles import KeyFile
from partners.models import Member, Partner
from partners.registry import circles_of, policy_in_force
from partners.tokens import client_assertion
from partners.values import Role


@dataclass
class Machine:
    """A shell on the machine that holds the instance."""

    instance: Path

    @property
    def env(self) -> dict[str, str]:
        return {"PARALLAX_INSTANCE": str(self.instance)}

    def run(self, *words: str, fails: bool = False) -> Any:
        """What the command printed, as data; or what it complained of."""
        group = click.Group("parallax")
        for command in COMMANDS:
            group.add_command(command)
        result = CliRunner().invoke(group, list(words), env=self.env)
        assert result.exit_code == (1 if fails else 0), result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.stderr if fails else json.loads(result.stdout)

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        engine = open_database(Settings.from_env(self.env).database_url)
        yield engine
        engine.dispose()

    @contextmanager
    def session(self) -> Iterator[Session]:
        with self.engine() as engine, readers(engine)() as session:
            yield session

    def contents(self) -> dict[str, bytes]:
        """Every file but the databases' own, and every row."""
        with self.session() as session:
            rows = repr([list(session.execute(table.select())) for table in Partner.metadata.sorted_tables])
        files = {str(path): path.read_bytes() for path in sorted(self.instance.rglob("*")) if path.is_file()}
        return {
            **{name: data for name, data in files.items() if "sqlite3" not in name},
            "rows": rows.encode(),
        }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """An instance as `init` makes it, and a partner in it."""
    machine = Machine(tmp_path_factory.mktemp("hub") / "instance")
    machine.run("init")
    machine.run("partners", "add", "shelter", "--name", "Casa", "--kind", "NGO", "--country", "RO")
    agreement = ("--start", "2026-01-01", "--end", "2099-12-31", "--purpose", "other-organisations")
    machine.run("agreements", "add", "shelter", *agreement)
    return machine


@pytest.fixture
def desk(made: Machine) -> Iterator[PartnersDesk]:
    settings = Settings.from_env(made.env)
    keys = load_keys(settings.key_directory)
    keystore = KeyStore(settings.keystore_file, keys.kek)
    with made.engine() as engine:
        yield PartnersDesk(sessions(engine), readers(engine), utc_now, keys, keystore, settings)


def come_in(file: KeyFile, desk: PartnersDesk) -> Any:
    code = pyotp.TOTP(file.totp_secret).now() if file.totp_secret else None
    assertion = client_assertion(file.private_key, file.kid, file.issuer, utc_now, code)
    return who_is(grant_token(assertion, wanted=None, desk=desk).token, desk=desk)


def test_init_makes_an_instance_that_only_its_owner_can_read(made: Machine) -> None:
    for path in (made.instance, *made.instance.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name
    assert {path.name for path in (made.instance / "stewards").iterdir()} == {
        "steward-1.json",
        "steward-2.json",
    }
    assert (made.instance / "keys" / "release.pem").exists()


def test_both_stewards_come_in_and_may_decide(made: Machine, desk: PartnersDesk) -> None:
    files = [KeyFile.read(made.instance / "stewards" / f"steward-{number}.json") for number in (1, 2)]
    actors = [come_in(file, desk) for file in files]
    assert all(actor.is_person and actor.scopes == Role.STEWARD.scopes for actor in actors)
    assert len({actor.member for actor in actors}) == 2


def test_no_secret_of_a_steward_is_printed_or_kept_in_the_clear(made: Machine) -> None:
    file = KeyFile.read(made.instance / "stewards" / "steward-1.json")
    kept = (made.instance / "parallax.sqlite3").read_bytes() + (
        made.instance / "keystore.sqlite3"
    ).read_bytes()
    assert file.totp_secret.encode() not in kept
    assert file.totp_secret not in repr(file)
    # The control: what may be kept in the clear is there to be found.
    assert file.kid.encode() in kept


@pytest.mark.parametrize("content", ["file", "folder", "instance"])
def test_init_refuses_what_is_not_empty(made: Machine, tmp_path: Path, content: str) -> None:
    machine = Machine(tmp_path / "instance")
    if content == "instance":
        machine = made
    else:
        machine.instance.mkdir()
        where = machine.instance / "x"
        where.touch() if content == "file" else where.mkdir()
    before = sorted(machine.instance.rglob("*"))
    assert "instance_not_empty" in machine.run("init", fails=True)
    assert sorted(machine.instance.rglob("*")) == before


def test_a_dry_run_of_init_makes_nothing(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "instance")
    assert machine.run("init", "--dry-run")["dry_run"] is True
    assert not machine.instance.exists()


def test_init_can_be_told_where(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "elsewhere")
    machine.run("init", "--directory", str(tmp_path / "here"))
    assert (tmp_path / "here" / "keys").is_dir()
    assert not machine.instance.exists()


def test_a_person_and_a_machine_come_in_with_their_files(
    made: Machine, desk: PartnersDesk, tmp_path: Path
) -> None:
    person, machine = tmp_path / "p.json", tmp_path / "m.json"
    made.run("partners", "add-member", "shelter", "p1", "--role", "reviewer", "--out", str(person))
    made.run("partners", "add-credential", "shelter", "--scope", "reports:submit", "--out", str(machine))
    assert stat.S_IMODE(person.stat().st_mode) == 0o600
    assert come_in(KeyFile.read(person), desk).is_person
    assert come_in(KeyFile.read(machine), desk).scopes == {"reports:submit"}


def test_a_key_made_elsewhere_stays_there(made: Machine, tmp_path: Path) -> None:
    own = load_keys(made.instance / "keys").sign.public
    jwk, out = tmp_path / "k.jwk", tmp_path / "k.json"
    jwk.write_text(json.dumps(as_jwk(own)))
    words = ("partners", "add-credential", "shelter", "--scope", "reports:submit")
    made.run(*words, "--jwk", str(jwk), "--out", str(out))
    assert KeyFile.read(out).private_key is None
    assert "key_taken" in made.run(
        *words, "--jwk", str(jwk), "--out", str(tmp_path / "other.json"), fails=True
    )
    assert not (tmp_path / "other.json").exists()


def test_a_file_that_is_there_is_not_written_over(made: Machine, tmp_path: Path) -> None:
    out = tmp_path / "p.json"
    out.write_text("mine")
    words = ("partners", "add-member", "shelter", "p8", "--role", "reviewer", "--out", str(out))
    assert "file_exists" in made.run(*words, fails=True)
    assert out.read_text() == "mine"
    with made.session() as session:
        assert "p8" not in list(session.scalars(select(Member.code)))


def test_circles_and_policies_from_the_command_line(made: Machine, tmp_path: Path) -> None:
    clearance, document = tmp_path / "c.json", tmp_path / "p.yaml"
    clearance.write_text('{"detail": {"PLACE": "coarse"}}')
    document.write_text(policy_document(until="2099-06-30", south={"PLACE": "fine"}))
    terms = (
        "--purpose",
        "other-organisations",
        "--tlp",
        "AMBER",
        "--smallest-group",
        "5",
        "--until",
        "2099-12-31",
    )
    made.run("circles", "add", "south", *terms, "--clearance", str(clearance))
    made.run("circles", "join", "south", "shelter", "--until", "2099-06-30")
    made.run(
        "partners",
        "add-member",
        "shelter",
        "boss",
        "--role",
        "administrator",
        "--out",
        str(tmp_path / "b.json"),
    )
    adopt = ("policies", "adopt", "shelter", str(document), "--by", "boss")
    assert "needs_two" in made.run(*adopt, fails=True)
    assert "needs_two" in made.run(*adopt, "--second", "boss", fails=True)
    assert made.run(*adopt, "--second", "stewards/steward-1")["number"] == 1

    with made.session() as session:
        home = session.scalars(select(Partner.id).where(Partner.slug == "shelter")).one()
        assert [view.slug for view in circles_of(session, home, utc_now().date())] == ["south"]
        assert policy_in_force(session, home, utc_now().date()).number == 1
    made.run("circles", "leave", "south", "shelter")
    with made.session() as session:
        assert circles_of(session, home, utc_now().date()) == ()
        verify_chain(session)
        assert set(session.scalars(select(LedgerEntry.actor).where(LedgerEntry.act == "circle_joined"))) == {
            "operator"
        }


COMMANDS_THAT_CHANGE = {
    "partners add": ("new", "--name", "N", "--kind", "NGO", "--country", "RO"),
    "partners suspend": ("shelter",),
    "partners resume": ("shelter",),
    "partners add-member": ("shelter", "p7", "--role", "reviewer", "--out", "OUT"),
    "partners add-credential": ("shelter", "--scope", "reports:submit", "--out", "OUT"),
    "partners revoke-credential": ("KID",),
    "partners invite": ("stewards", "p8", "--role", "steward"),
    "circles add": ("north", "--purpose", "research", "--tlp", "RED", "--smallest-group", "5",
                    "--until", "2099-01-01", "--clearance", "CLEARANCE"),
    "circles join": ("dry", "shelter", "--until", "2099-01-01"),
    "circles leave": ("dry", "stewards"),
    "circles close": ("dry",),
    "agreements add": ("shelter", "--start", "2026-01-01", "--end", "2027-01-01", "--purpose", "research"),
    "policies adopt": ("stewards", "POLICY", "--by", "steward-1"),
}  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS_THAT_CHANGE)
def test_a_dry_run_changes_nothing(made: Machine, tmp_path: Path, command: str) -> None:
    files = {"OUT": tmp_path / "out.json", "CLEARANCE": tmp_path / "c.json", "POLICY": tmp_path / "p.yaml"}
    files["CLEARANCE"].write_text('{"detail": {"PLACE": "coarse"}}')
    files["POLICY"].write_text(policy_document(until="2099-01-01"))
    steward = KeyFile.read(made.instance / "stewards" / "steward-2.json")
    words = [str(files.get(word, word)).replace("KID", steward.kid) for word in COMMANDS_THAT_CHANGE[command]]
    if "dry" in words:
        with_circle(made, files["CLEARANCE"])
    before = made.contents()
    assert made.run(*command.split(), *words, "--dry-run")["dry_run"] is True
    assert made.contents() == before
    assert not files["OUT"].exists()


def with_circle(made: Machine, clearance: Path) -> None:
    terms = (
        "--purpose",
        "other-organisations",
        "--tlp",
        "RED",
        "--smallest-group",
        "5",
        "--until",
        "2099-12-31",
    )
    made.run("circles", "add", "dry", *terms, "--clearance", str(clearance))
    with made.session() as session:
        home = session.scalars(select(Partner.id).where(Partner.slug == "stewards")).one()
        inside = circles_of(session, home, utc_now().date())
    if not inside:
        made.run("agreements", "add", "stewards", "--start", "2026-01-01", "--end", "2099-01-01", "--purpose",
                 "other-organisations")  # fmt: skip
        made.run("circles", "join", "dry", "stewards", "--until", "2099-01-01")


def test_every_command_that_changes_data_has_a_dry_run() -> None:
    groups = [command for command in COMMANDS if isinstance(command, click.Group)]
    named = {f"{group.name} {name}" for group in groups for name in group.commands}
    assert named == set(COMMANDS_THAT_CHANGE)
    for command in [COMMANDS[0], *(each for group in groups for each in group.commands.values())]:
        assert "--dry-run" in [option for each in command.params for option in each.opts]
        assert command.help


@pytest.mark.parametrize(
    "words",
    [
        ("partners", "suspend", "nobody"),
        ("partners", "revoke-credential", "nobody"),
        ("circles", "join", "nowhere", "shelter", "--until", "2099-01-01"),
        ("policies", "adopt", "shelter", "FILE", "--by", "nobody"),
    ],
)
def test_what_is_not_there_is_said_in_a_word(made: Machine, tmp_path: Path, words: tuple[str, ...]) -> None:
    file = tmp_path / "Qz7canary.yaml"
    file.write_text(policy_document(until="2099-01-01"))
    said = made.run(*(word.replace("FILE", str(file)) for word in words), fails=True)
    assert said == "Error: not_found\n"


def test_without_an_instance_a_command_says_what_to_do(tmp_path: Path) -> None:
    assert "parallax init" in Machine(tmp_path / "none").run("partners", "suspend", "x", fails=True)


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"kid": 1}', '{"kid":"a","issuer":"b","private_key":"x"}']
)
def test_a_key_file_is_read_or_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "k.json"
    path.write_text(content)
    with pytest.raises(NotAcceptable):
        KeyFile.read(path)
    with pytest.raises(Conflict):
        KeyFile("k", "i", None).write(path)
