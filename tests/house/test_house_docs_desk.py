"""The commands with which docs/desk.md sets up a hub do so, in the order in which they stand there."""

from __future__ import annotations

import json
import os
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import api
from console.door import BROWSER, BROWSER_DAYS, DOOR, SEAT
from console.languages import LANGUAGES
from console.routes_home import LANGUAGE_DAYS
from console.web import LANGUAGE_COOKIE

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "desk.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = [
    shlex.split(line.removeprefix("parallax "))
    for said, block in BLOCK.findall(TEXT)
    if said == "text"
    for line in block.splitlines()
    if line.startswith("parallax ")
]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as the documents describe it."""
    (clearance,) = (block for said, block in BLOCK.findall(TEXT) if said == "json")
    (tmp_path / "clearance.json").write_text(clearance, encoding="utf-8")
    (tmp_path / "policies").symlink_to(ROOT / "policies")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(words: list[str]) -> Result:
    """A command with no setting but those that it has by itself."""
    unset = {name: None for name in os.environ if name.startswith("PARALLAX_")}
    return CliRunner().invoke(api.cli, words, env=unset)


def test_the_commands_set_up_a_hub(machine: Path) -> None:
    links = []
    for words in COMMANDS:
        done = run(words)
        assert done.exit_code == 0, (words, done.output)
        if words[:2] == ["partners", "invite"]:
            links.append(json.loads(done.stdout)["invitation"])
    assert len(set(links)) == 4 and all("/enrol/" in link for link in links)
    assert sorted(path.name for path in (machine / "copy").iterdir())


def test_a_command_that_no_longer_holds_is_noticed(machine: Path) -> None:
    assert run(["init"]).exit_code == 0
    assert run(["partners", "invite", "stewards", "nobody"]).exit_code != 0


def test_make_and_the_document_speak_of_the_same_address() -> None:
    made = (ROOT / "Makefile").read_text(encoding="utf-8")
    (address,) = re.findall(r"PARALLAX_ISSUER=(\S+)", made)
    assert address in TEXT and f"PARALLAX_PORT={address.rpartition(':')[2]}" in made
    for target in re.findall(r"^make (\w+)", TEXT, re.MULTILINE):
        assert re.search(rf"^{target}:", made, re.MULTILINE)


def test_what_the_browser_keeps_is_what_it_is_given() -> None:
    for cookie in (SEAT, DOOR, BROWSER, LANGUAGE_COOKIE):
        assert f"| `{cookie}`:" in TEXT
    assert f"{BROWSER_DAYS} days" in TEXT and LANGUAGE_DAYS == 365
    assert len(LANGUAGES) == 6
