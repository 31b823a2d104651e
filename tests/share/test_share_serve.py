"""The commands as processes: the server starts, answers, keeps its mouth shut and stops; others need no settings."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

import api
from config.clock import utc_now
from config.settings import Settings
from partners.instance import make_instance

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "import api; api.cli()"]
MARK = "zvjezdana"
UNUSABLE = {"PARALLAX_NO_SUCH_THING": MARK}
"""Settings that no service starts with."""


@contextmanager
def serving(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server of an instance of its own, and its port."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PARALLAX_")},
        "PARALLAX_INSTANCE": str(tmp_path / "instance"),
        "PARALLAX_ENVIRONMENT": "test",
    }
    make_instance(Settings.from_env(environment), clock=utc_now)
    port_file = tmp_path / "port"
    server = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--port-file", str(port_file)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        for _ in range(1200):
            if port_file.exists() or server.poll() is not None:
                break
            time.sleep(0.1)
        yield server, int(port_file.read_text())
    finally:
        server.kill()
        server.wait()


def test_the_server_starts_answers_and_stops_and_says_nothing_of_what_it_heard(tmp_path: Path) -> None:
    with serving(tmp_path) as (server, port):
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as caller:
            caller.request("GET", "/readyz")
            answer = caller.getresponse()
            assert json.loads(answer.read())["checks"]["database"] == "ok"
            assert answer.headers["Server"] == "parallax"
            caller.request("GET", f"/api/v1/reports/{MARK}?q={MARK}", headers={"X-Forwarded-For": MARK})
            assert b"not_found" in caller.getresponse().read()
        with socket.create_connection(("127.0.0.1", port), timeout=30) as raw:
            raw.sendall(f"GET /{MARK} HTTP/9.9\r\n{MARK} {MARK}\r\n\r\n".encode())
            told = raw.recv(4096).decode()
        assert told.startswith("HTTP/1.1 400 ")
        assert "application/problem+json" in told
        assert MARK not in told
        server.send_signal(signal.SIGTERM)
        out, err = server.communicate(timeout=60)
    assert server.returncode == 0
    assert out == ""
    assert f"http://127.0.0.1:{port}" in err
    assert "Nobody can sign in yet" in err
    assert MARK not in err
    lines = [json.loads(line) for line in err.splitlines() if line.startswith("{")]
    assert "/readyz" in {line.get("route") for line in lines}


def run(*arguments: str, given: str = "", env: dict[str, str] = UNUSABLE) -> tuple[int, str]:
    result = CliRunner().invoke(api.cli, list(arguments), input=given, env=env)
    return result.exit_code, result.output


def test_every_command_can_be_asked_what_it_does_without_any_settings() -> None:
    code, told = run("--help")
    assert code == 0
    for command in api.COMMANDS:
        assert command.name in told
        assert run(str(command.name), "--help")[0] == 0


def test_a_policy_is_checked_without_any_settings(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(f"policy: {MARK}\n")
    code, told = run("policy", "check", str(policy))
    assert code == 1
    assert "until: missing" in told
    assert MARK not in told


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_unusable_settings_stop_the_start_with_a_word_about_which(command: str) -> None:
    code, told = run(command)
    assert code == 1
    assert "PARALLAX_NO_SUCH_THING" in told
    assert MARK not in told


def test_a_database_that_is_behind_is_not_served(tmp_path: Path) -> None:
    env = {"PARALLAX_INSTANCE": str(tmp_path / "instance"), "PARALLAX_ENVIRONMENT": "test"}
    make_instance(Settings.from_env(env), clock=utc_now)
    (tmp_path / "instance" / "parallax.sqlite3").unlink()
    code, told = run("serve", "--port", "0", env=env)
    assert code == 1
    assert "db upgrade" in told
