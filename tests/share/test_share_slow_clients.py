"""Whoever is slow, silent or greedy takes a place among the lines and nothing else: others are answered meanwhile."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from share_cells import Cells, new_cells
from share_edge import a_report

from config import keystore as keystore_module
from config.clock import utc_now
from config.keystore import KeyStore
from config.settings import Settings
from partners.instance import make_instance
from share.lines import past_chunks

ROOT = Path(__file__).parents[2]
MANY = 40
SOON = 5.0
LONGEST_WAIT = 12.0
QUICK = {"lines": 400, "head_seconds": 2.0, "body_seconds": 2.0, "slowest": 1e9, "linger_seconds": 1.0}
A_MINUTE = 60.0
"""Far from at once on any machine, and far from the ten minutes that everybody else would be given."""
PATIENT = QUICK | {"head_seconds": 600.0, "body_seconds": 600.0}
BUNDLE = "/api/docs/swagger-ui-bundle.js"

SERVER = """
import json, sys, time
from pathlib import Path
import api
from gunicorn.workers.gthread import ThreadWorker
from share import server
from share.lines import Limits

port_file, limits, worker = Path(sys.argv[1]), Limits(**json.loads(sys.argv[2])), sys.argv[3]
real = api.create_app()

def application(environ, start_response):
    if environ["PATH_INFO"] != "/echo":
        return real(environ, start_response)
    said = environ["wsgi.input"].read()
    time.sleep(float(environ["QUERY_STRING"] or 0))
    start_response("200 OK", [("Content-Length", str(len(said)))])
    return [said]

if worker == "stock":
    server.LoopWorker = ThreadWorker
listening = server.listen("127.0.0.1", 0)
port = listening.getsockname()[1]
ready = lambda: server.write_port(port_file, port)
server.serve(application, listening, embedded=None, ready=ready, limits=limits)
"""
"""The whole application under the real server, with limits of our own and an address that says what it heard."""


@contextmanager
def serving(
    folder: Path, limits: Mapping[str, Any], worker: str = "ours"
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PARALLAX_")},
        "PARALLAX_INSTANCE": str(folder / "instance"),
        "PARALLAX_ENVIRONMENT": "test",
        "PARALLAX_LOG_LEVEL": "error",
    }
    make_instance(Settings.from_env(environment), clock=utc_now)
    port_file = folder / "port"
    command = [sys.executable, "-c", SERVER, str(port_file), json.dumps(limits), worker]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        for _ in range(1200):
            if port_file.exists() or server.poll() is not None:
                break
            time.sleep(0.1)
        yield server, int(port_file.read_text())
    finally:
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(3)
        server.kill()
        server.wait()


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server that loses patience quickly."""
    with serving(tmp_path_factory.mktemp("quick"), QUICK) as (_, port):
        yield port


def line_to(port: int, said: bytes = b"") -> socket.socket:
    """A line over which that much was said; it takes in little at a time."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.settimeout(LONGEST_WAIT)
    line.connect(("127.0.0.1", port))
    line.sendall(said)
    return line


def heard(line: socket.socket) -> bytes:
    """All that comes until the other side closes; a line that is reset is closed too."""
    pieces = []
    with suppress(ConnectionResetError):
        while piece := line.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


def seconds_to_be_answered(port: int, patience: float = SOON) -> float:
    began = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=patience)) as caller:
        caller.request("GET", "/healthz")
        assert caller.getresponse().status == 200
    return time.monotonic() - began


@contextmanager
def dripping(lines: Sequence[socket.socket], drop: bytes) -> Iterator[None]:
    """A little over every line, again and again."""
    stop = Event()

    def drip() -> None:
        while not stop.wait(0.1):
            for line in lines:
                with suppress(OSError):
                    line.send(drop)

    thread = Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


HALF_A_HEAD = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A:"
HEAD = b"POST /echo HTTP/1.1\r\nHost: x\r\n"
SLOW = {
    "silent": (b"", b""),
    "half a head": (HALF_A_HEAD, b""),
    "a head in drops": (HALF_A_HEAD, b"a"),
    "an endless head": (b"GET /healthz HTTP/1.1\r\n", b"X-A: b\r\n"),
    "a body that does not come": (HEAD + b"Content-Length: 1000\r\n\r\n", b""),
    "a body in drops": (HEAD + b"Content-Length: 1000\r\n\r\n", b"a"),
    "a chunk that does not come": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n3e8\r\nabc", b""),
    "chunks in drops": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    "trailers in drops": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"a: b\r\n"),
    "an expectation": (HEAD + b"Content-Length: 9\r\nExpect: 100-continue\r\n\r\n", b""),
    "open after the last answer": (b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b""),
}
"""What a slow client says at first, and what it then says again and again."""


@pytest.mark.parametrize("kind", SLOW)
def test_however_many_are_slow_others_are_answered_and_the_slow_are_cut_off(port: int, kind: str) -> None:
    first, drop = SLOW[kind]
    with ExitStack() as held:
        lines = [held.enter_context(line_to(port, first)) for _ in range(MANY)]
        began = time.monotonic()
        if drop:
            held.enter_context(dripping(lines, drop))
        for _ in range(5):
            assert seconds_to_be_answered(port) < SOON
        answers = {heard(line)[:12] for line in lines}
    assert time.monotonic() - began < LONGEST_WAIT
    assert answers <= {b"", b"HTTP/1.1 408", b"HTTP/1.1 200", b"HTTP/1.1 100"}


def test_however_many_do_not_read_their_answers_others_get_theirs(port: int) -> None:
    asked = f"GET {BUNDLE} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 4
    with ExitStack() as held:
        lines = [held.enter_context(line_to(port, asked)) for _ in range(MANY)]
        for _ in range(5):
            assert seconds_to_be_answered(port) < SOON
        time.sleep(QUICK["body_seconds"] + 2)
        assert all(len(heard(line)) < 4_000_000 for line in lines)


def test_the_server_as_it_comes_would_be_kept_from_answering(tmp_path: Path) -> None:
    with serving(tmp_path, QUICK, "stock") as (_, port), ExitStack() as held:
        assert seconds_to_be_answered(port) < SOON
        for _ in range(MANY):
            held.enter_context(line_to(port, HALF_A_HEAD))
        with pytest.raises(TimeoutError):
            seconds_to_be_answered(port, patience=4)


@pytest.fixture(scope="module")
def cramped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server that waits for minutes, with places for twenty and two million bytes."""
    limits = PATIENT | {"lines": 20, "held_bytes": 2_000_000}
    with serving(tmp_path_factory.mktemp("cramped"), limits) as (_, port):
        yield port


def is_open(line: socket.socket) -> bool:
    line.settimeout(0.2)
    try:
        return bool(line.recv(65536))
    except TimeoutError:
        return True
    except ConnectionResetError:
        return False


@pytest.mark.parametrize(
    "said", [HALF_A_HEAD, HEAD + b"Content-Length: 1000000\r\n\r\n" + b"a" * 200_000], ids=["many", "much"]
)
def test_when_there_is_no_room_whoever_has_waited_longest_makes_it(cramped: int, said: bytes) -> None:
    with ExitStack() as held:
        lines = [held.enter_context(line_to(cramped, b"")) for _ in range(5)]
        for _ in range(3 * 20):
            line = held.enter_context(line_to(cramped))
            with suppress(ConnectionError):
                line.sendall(said)
            lines.append(line)
            time.sleep(0.01)
        assert seconds_to_be_answered(cramped) < SOON
        living = [is_open(line) for line in lines]
    assert living == sorted(living)
    assert 5 < sum(living) <= 20


def test_without_the_deadline_they_would_stay(cramped: int) -> None:
    with line_to(cramped, HALF_A_HEAD) as line:
        time.sleep(QUICK["head_seconds"] + 2)
        assert is_open(line)


# Who is not slow notices nothing.


def echoed(port: int, *pieces: bytes, pause: float = 0.05) -> bytes:
    """What is said in pieces, and all that is answered once there is no more to say."""
    with line_to(port) as line:
        with suppress(OSError):  # the other side has heard enough
            for piece in pieces:
                line.sendall(piece)
                time.sleep(pause)
            line.shutdown(socket.SHUT_WR)
        return heard(line)


WHOLE = {
    "length": HEAD + b"Content-Length: 11\r\n\r\nhello world",
    "chunks": HEAD + b"Transfer-Encoding: chunked\r\n\r\n5;x=1\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
    "trailers": HEAD + b"Transfer-Encoding: chunked\r\n\r\n00b\r\nhello world\r\n0\r\na: b\r\n\r\n",
    "old": b"POST /echo HTTP/1.0\r\nContent-Length: 11\r\n\r\nhello world",
    "empty line first": b"\r\n" + HEAD + b"Content-Length: 11\r\n\r\nhello world",
}


@pytest.mark.parametrize("form", WHOLE)
def test_a_request_is_heard_in_full_wherever_it_is_cut(port: int, form: str) -> None:
    asked = WHOLE[form]
    for cut in range(1, len(asked), 7):
        answer = echoed(port, asked[:cut], asked[cut:], pause=0.01)
        assert answer.startswith(b"HTTP/1.1 200 " if form != "old" else b"HTTP/1.0 200 "), cut
        assert answer.endswith(b"\r\n\r\nhello world"), cut


@pytest.mark.parametrize("form", ["length", "chunks", "trailers"])
def test_a_request_that_was_cut_off_is_never_worked_on(port: int, form: str) -> None:
    for cut in range(1, len(WHOLE[form]), 5):
        assert echoed(port, WHOLE[form][:cut], pause=0) == b"", cut


def test_a_line_serves_for_many_requests_also_for_some_sent_at_once(port: int) -> None:
    one = HEAD + b"Content-Length: 3\r\n\r\n"
    answer = echoed(port, one + b"abc" + one + b"def" + one[:20], one[20:] + b"ghi")
    assert [part[-3:] for part in answer.split(b"HTTP/1.1 200 OK")[1:]] == [b"abc", b"def", b"ghi"]
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=SOON)) as caller:
        for said in (b"a", b"b" * 100_000, b""):
            caller.request("POST", "/echo", body=said)
            assert caller.getresponse().read() == said


def test_what_follows_a_body_of_chunks_is_not_taken_for_a_request(port: int) -> None:
    hidden = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    answer = echoed(port, WHOLE["chunks"] + hidden)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"Connection: close" in answer


def test_a_client_that_asks_first_is_told_to_go_on(port: int) -> None:
    with line_to(port, HEAD + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n") as line:
        assert line.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"
        line.sendall(b"hello")
        line.shutdown(socket.SHUT_WR)
        assert heard(line).endswith(b"\r\n\r\nhello")


def test_a_body_that_is_too_large_is_refused_before_it_comes_and_ends_the_line(port: int) -> None:
    form = b"Content-Type: application/x-www-form-urlencoded\r\n"
    asks = b"POST /oauth/token HTTP/1.1\r\nHost: x\r\n" + form + b"Expect: 100-continue\r\n"
    with line_to(port, asks + b"Content-Length: 9999999\r\n\r\n") as line:
        answer = heard(line)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"Connection: close" in answer
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=SOON)) as caller:
        caller.request("POST", "/oauth/token", b"a" * 9_999_999, {"Content-Type": form.decode()[14:-2]})
        assert caller.getresponse().status == 413


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"a" * 300_000, b"431"),
        (b"GET / HTTP/1.1\r\nX-A: " + b"a" * 300_000 + b"\r\n\r\n", b"431"),
        (b"\r\n\r\n", b"400"),
        (b"\x16\x03\x01\x02\r\n\r\n", b"400"),
        (b"GET http://[ HTTP/1.1\r\n\r\n", b"400"),
        (HEAD + b"Content-Length: " + "²".encode() + b"\r\n\r\n", b"400"),
        (HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", b"400"),
    ],
)
def test_what_is_no_request_is_a_short_problem_and_the_end_of_the_line(
    port: int, said: bytes, status: bytes
) -> None:
    with line_to(port) as line:
        with suppress(ConnectionError):
            line.sendall(said)
        answer = heard(line)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 " + status)
    assert seconds_to_be_answered(port) < SOON


def test_a_long_body_over_a_bad_line_is_given_its_time(port: int, tmp_path: Path) -> None:
    said = b"a" * 100_000
    pieces = [said[at : at + 20_000] for at in range(0, len(said), 20_000)]
    asked = [HEAD + b"Content-Length: 100000\r\n\r\n", *pieces]
    assert echoed(port, *asked, pause=0.6).startswith(b"HTTP/1.1 408 ")
    with serving(tmp_path, QUICK | {"slowest": 20_000}) as (_, fair):
        assert echoed(fair, *asked, pause=0.6).endswith(said)


def test_stopping_waits_for_what_is_being_worked_on_and_for_nobody_else(tmp_path: Path) -> None:
    with serving(tmp_path, PATIENT) as (server, port), ExitStack() as held:
        for _ in range(MANY):
            held.enter_context(line_to(port))
        line = held.enter_context(line_to(port, b"GET /echo?1.5 HTTP/1.1\r\nHost: x\r\n\r\n"))
        time.sleep(0.5)
        began = time.monotonic()
        server.send_signal(signal.SIGTERM)
        assert heard(line).startswith(b"HTTP/1.1 200 ")
        assert server.wait(A_MINUTE) == 0
    assert time.monotonic() - began < A_MINUTE


# Where a body of chunks ends.

CHUNKS = b"5\r\nhello\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n"


@pytest.mark.parametrize("body", [CHUNKS, CHUNKS[:-2] + b"a: b\r\nc: d\r\n\r\n", b"0\r\n\r\n"])
def test_the_end_of_the_chunks_is_found_when_it_has_come_and_no_sooner(body: bytes) -> None:
    at = 0
    for length in range(len(body)):
        at, whole = past_chunks(bytearray(body[:length]), at, 1000)
        assert not whole, length
    assert past_chunks(bytearray(body + b"GET / "), at, 1000) == (len(body), True)


@pytest.mark.parametrize(
    "body",
    [b"no size\r\n", b"-1\r\n", b"+1\r\n", b"\r\n", b"5\nhello", b"5;" + b"a" * 2000, b"0\r\n" + b"a" * 2000],
)
def test_what_are_no_chunks_are_not_waited_for(body: bytes) -> None:
    assert past_chunks(bytearray(body), 0, 1000)[1]


# What is slow inside says so, or is not asked.


@pytest.fixture
def cells(tmp_path: Path) -> Cells:
    return new_cells(tmp_path)


def test_a_busy_key_store_is_a_reason_to_ask_again(cells: Cells, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keystore_module, "BUSY_MILLISECONDS", 100)
    sender = cells.edge.machine(cells.owner)
    with closing(sqlite3.connect(cells.edge.world.keystore._path, isolation_level=None)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        refused = sender.post("/api/v1/reports", a_report(), key="1")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
    assert refused.json is not None
    assert refused.json["code"] == "busy"
    assert sender.post("/api/v1/reports", a_report(), key="1").status_code == 202


def test_readiness_asks_for_no_list_of_keys_and_still_notices_a_lost_store(
    cells: Cells, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keys() -> str:
        said = cells.edge.nobody().get("/readyz").json
        assert said is not None
        return str(said["checks"]["keys"])

    with monkeypatch.context() as without_lists:
        without_lists.delattr(KeyStore, "list")
        assert keys() == "ok"
    cells.edge.world.keystore._path.write_bytes(b"something else")
    assert keys() == "failed"
