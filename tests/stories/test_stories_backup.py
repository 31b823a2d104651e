"""A copy of a running service, put on an empty machine, tells every reader the same; what was erased stays erased."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from story_hub import DEMO, Caller, Service, everybody, idle, populated, started

sys.path.insert(0, str(DEMO))

from client import Refused
from run import post_all

from config.keys import load_keys
from config.keystore import KeyStore
from share.working import WorkingCopies

HOME = {"ISSUER": "http://127.0.0.1:8080", "PUBLISH_EVERY": "0"}
"""The service keeps its address when it moves: keys and signatures name it."""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Service]:
    (tmp_path / "here").mkdir()
    made = started(tmp_path / "here", **HOME)
    yield made
    made.kill()


def on_an_empty_machine(here: Service, folder: Path, copy: Path, erased: bytes) -> Service:
    """The copy, the key files, which are kept apart from it, and nothing else."""
    (folder / "tmp").mkdir(parents=True)
    there = Service(folder, dict(here.environment) | {"TMPDIR": str(folder / "tmp"), "HOME": str(folder)})
    there.instance.mkdir(mode=0o700)
    shutil.copytree(here.instance / "keys", there.instance / "keys")
    (folder / "erased").write_bytes(erased)
    there.command("db", "restore", str(copy), "--erased", str(folder / "erased"))
    there.start()
    return there


def told(reader: Caller) -> list[bytes]:
    """Every page of bulletins that the reader may read, to the byte."""
    pages: list[bytes] = []
    path: str | None = "/api/v1/bulletins"
    while path:
        answer = reader.ask("GET", path)
        pages.append(answer.content)
        path = answer.json().get("next")
    return pages


def moved(caller: Caller, service: Service) -> Caller:
    """The same person there. Her token is good there too; a code of her second factor is taken only once."""
    return Caller(service, caller.key, caller.token)


def erase_working_copy(service: Service, report: str) -> None:
    """As the clock does when nobody needs it any longer."""
    keys = load_keys(service.instance / "keys")
    WorkingCopies(KeyStore(service.instance / "keystore.sqlite3", keys.kek)).destroy(UUID(report), version=1)


def test_a_restored_copy_tells_the_same_and_keeps_erased_what_was_erased(
    here: Service, tmp_path: Path
) -> None:
    cast = populated(here)
    posted = post_all(cast)
    idle(here)
    readers = {name: one for name, one in everybody(cast).items() if name.endswith(("machine", "caseworker"))}
    before = {name: told(one) for name, one in readers.items()}
    assert any(b'"content":{' in page for pages in before.values() for page in pages)
    one = next(iter(posted.values()))
    reviewer, path = one.people["reviewer"], f"/api/v1/reports/{one.report}/review"
    assert reviewer.get(path)

    here.command("db", "backup", str(tmp_path / "copy"))
    erase_working_copy(here, one.report)
    erased = here.command("db", "erased").stdout
    here.kill()

    there = on_an_empty_machine(here, tmp_path / "there", tmp_path / "copy", erased)
    try:
        assert {name: told(moved(reader, there)) for name, reader in readers.items()} == before
        with pytest.raises(Refused):
            moved(reviewer, there).get(path)
    finally:
        there.kill()

    careless = on_an_empty_machine(here, tmp_path / "careless", tmp_path / "copy", b"")
    try:
        assert moved(reviewer, careless).get(path), "the control: without the list it would come back"
    finally:
        careless.kill()
