"""Files stay short enough to be read at one sitting, and say nothing of how they were made."""

from __future__ import annotations

import ast
import re
import subprocess

import pytest
from source import ROOT, modules

LONG = 265  # "about 250": a file is not cut in two for a handful of lines

LONGER_WITH_A_REASON: dict[str, str] = {
    "redaction/detectors/patterns.py": "one reader for all tables: its parts share caches and limits",
}
"""Files over the limit, each with the reason why it is not two files."""

NOT_OURS = re.compile(r"\b(issue|session) (number |no\.? ?)?#?\d|/work/|/tmp/w\b", re.IGNORECASE)


def tracked(*endings: str) -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return [line for line in listed.splitlines() if line.endswith(endings)]


def test_no_file_is_longer_than_about_250_lines_without_a_reason() -> None:
    long = {module.path for module in modules() if module.lines > LONG}
    assert long == set(LONGER_WITH_A_REASON)


def test_every_module_and_public_function_says_what_it_promises() -> None:
    silent = []
    for module in modules():
        if ast.get_docstring(module.tree) is None:
            silent.append(module.path)
        for node in module.tree.body:
            named = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if named and ast.get_docstring(node) is None:
                silent.append(f"{module.path}:{node.name}")
    assert silent == []


@pytest.mark.parametrize("path", tracked(".py", ".md", ".yaml", ".toml", ".json", "Makefile", "run"))
def test_the_project_speaks_of_itself_alone(path: str) -> None:
    if path.endswith("test_house_files.py"):
        return
    text = (ROOT / path).read_text("utf-8")
    assert NOT_OURS.search(text) is None
