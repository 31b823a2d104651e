"""What the documents show really runs: their Python blocks, and the commands that need no instance."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = (ROOT / "docs" / "tour.md", ROOT / "docs" / "policy-cookbook.md", ROOT / "README.md")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUNNABLE = ("$ parallax redact", "$ parallax policy", "$ echo ")
COMMANDS = [
    pytest.param(line.removeprefix("$ "), id=f"{document.stem}-{line[2:50]}")
    for document in DOCUMENTS
    for language, block in BLOCK.findall(document.read_text(encoding="utf-8"))
    if language == "console"
    for line in block.splitlines()
    if line.startswith("$ ")
]


def blocks(document: Path, language: str) -> list[str]:
    return [block for said, block in BLOCK.findall(document.read_text(encoding="utf-8")) if said == language]


def run(document: Path) -> None:
    """The Python blocks of a document, one after another in one namespace, each at its own line."""
    text = document.read_text(encoding="utf-8")
    namespace: dict[str, object] = {}
    for block in blocks(document, "python"):
        line = text[: text.index(block)].count("\n")
        exec(compile("\n" * line + block, str(document), "exec"), namespace)


@pytest.mark.parametrize("document", [d for d in DOCUMENTS if blocks(d, "python")], ids=lambda d: d.stem)
def test_python_blocks_run(document: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    run(document)


def test_a_block_that_no_longer_holds_is_noticed(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.md"
    wrong.write_text("```python\nassert 1 == 2\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError):
        run(wrong)


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_run(command: str) -> None:
    assert f"$ {command}".startswith(RUNNABLE), "a command that needs an instance stands in a text block"
    parallax = f"{sys.executable} -c 'import api; api.cli()'"
    shell = re.sub(r"(^|\| )parallax ", lambda found: f"{found[1]}{parallax} ", command)
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", shell],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    if "parallax redact" in command:
        (answer,) = (json.loads(line) for line in done.stdout.splitlines())
        assert not answer["held"] and "Ioana" not in answer["redacted"] and "0740" not in answer["redacted"]


def test_links_between_the_documents_lead_somewhere() -> None:
    for document in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), (document.name, target)


def test_files_and_functions_named_in_the_tour_exist() -> None:
    text = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
    prose = BLOCK.sub("", text)
    for path in re.findall(r"`((?:[a-z_]+/)+[\w.-]+\.\w+)`", prose):
        assert (ROOT / path).exists(), path
    source = "\n".join(
        path.read_text(encoding="utf-8") for path in ROOT.glob("*/**/*.py") if ".venv" not in path.parts
    )
    for name in set(re.findall(r"`([a-z_]+)`", prose)) - {"cover", "judge"}:
        assert re.search(rf"\b(def {name}\b|{name}\s*[:=(])", source), name
