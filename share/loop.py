"""gunicorn's worker: one loop hears and answers all lines, and threads do only the work between.

    RECEIVING --whole request--> WORKING --answer--> SENDING --all of it gone--> LINGERING --> closed
        ^                                               |
        +--------------- the line stays open -----------+

A thread is never given to somebody who sends or reads slowly: such a client takes a place among the lines, for a
limited time, and when all places are taken, whoever has had one longest loses it. Limits: who can open more lines
than there are places within the time that an honest client needs keeps that client out; telling the two apart by
their addresses is the work of whatever stands before this server.
"""

from __future__ import annotations

import os
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from queue import Empty, SimpleQueue
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector
from time import monotonic
from typing import Any, Final

from gunicorn.http import wsgi
from gunicorn.http.errors import ParseException
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader
from gunicorn.workers.base import Worker

from config.logs import get_logger
from share.lines import Limits, Line, Stage, body_end, head_end, held, short_answer

TURN_SECONDS: Final = 1.0
READ_BYTES: Final = 64 * 1024
CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"

log = get_logger()


class LoopWorker(Worker):  # type: ignore[misc]  # gunicorn has no types
    """Answers requests that are here in full. What is no HTTP is answered without repeating it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limits: Limits = self.app.limits
        self._lines: set[Line] = set()
        self._answered: SimpleQueue[Line] = SimpleQueue()

    def run(self) -> None:
        """Answer until told to stop; then finish what was begun, as long as the grace lasts."""
        self._threads = ThreadPoolExecutor(self.cfg.threads)
        self._poller = DefaultSelector()
        self._poller.register(self.PIPE[0], EVENT_READ, self._collect)  # signals write there too
        for listening in self.sockets:
            self._poller.register(listening, EVENT_READ, partial(self._accept, listening))
        try:
            while self.alive and self.ppid == os.getppid():
                self._turn()
            self._wind_up()
        finally:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._poller.close()

    def _wind_up(self) -> None:
        self.alive = False
        for listening in self.sockets:
            self._poller.unregister(listening)
        now = monotonic()
        for line in self._lines:
            if line.idle:  # a request may be on its way already
                line.until = min(line.until, now + self._limits.linger_seconds)
        while self._lines and monotonic() < now + self.cfg.graceful_timeout:
            self._turn()

    def _turn(self) -> None:
        self.notify()
        for key, _ in self._poller.select(TURN_SECONDS):
            key.data()
        self._end_overdue(monotonic())
        self._make_room()

    def _accept(self, listening: Any) -> None:
        try:
            sock, client = listening.accept()
        except OSError:  # it has gone again
            return
        sock.setblocking(False)
        now = monotonic()
        line = Line(sock, client, listening.getsockname(), now, now + self._limits.head_seconds)
        self._lines.add(line)
        self._poller.register(sock, EVENT_READ, partial(self._hear, line))

    def _hear(self, line: Line) -> None:
        try:
            data = line.sock.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close(line)
        elif line.stage is Stage.RECEIVING:
            if line.idle:
                line.since = monotonic()
                line.until = line.since + self._limits.head_seconds
            line.received += data
            self._consider(line)

    def _consider(self, line: Line) -> None:
        """Look whether the request is here in full, and if so have it worked on."""
        if line.request is None:
            self._read_head(line)
        if line.request is None:
            return
        end = body_end(line, self._limits)
        if end is not None:
            line.request.unreader.unread(line.take(end))
            line.stage = Stage.WORKING
            line.until = float("inf")
            self._poller.unregister(line.sock)
            self._threads.submit(self._work, line)
        elif line.request._expected_100_continue:  # private to gunicorn: look again at each upgrade
            with suppress(OSError):
                line.sock.send(CONTINUE)
            line.request._expected_100_continue = False

    def _read_head(self, line: Line) -> None:
        end = head_end(line)
        if end is None:
            if len(line.received) > self._limits.head_bytes:
                self._refuse(line, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            return
        try:
            request = Request(self.cfg, IterUnreader((line.take(end),)), line.client)
        except Exception as error:  # whatever a head holds, it ends this line and no other
            if not isinstance(error, ParseException):
                log.error("request_failed", exception=type(error).__name__)
            self._refuse(line, HTTPStatus.BAD_REQUEST)
            return
        size = getattr(request.body.reader, "length", None)
        if size is None or size > self._limits.body_bytes:
            request.force_close()  # where such a body ends is not known for certain
            size = self._limits.body_bytes
        line.request = request
        line.until = monotonic() + self._limits.seconds_for(size)

    def _work(self, line: Line) -> None:
        """In a thread: have the request answered. Whatever goes wrong, the loop gets the line back."""
        try:
            line.stays = self._ask(line)
        except Exception as error:  # nothing has left yet, so the answer can still be another one
            log.error("request_failed", exception=type(error).__name__)
            line.answer[:] = short_answer(HTTPStatus.INTERNAL_SERVER_ERROR)
            line.stays = False
        finally:
            self._answered.put(line)
            with suppress(OSError):  # full: the loop has been called already
                os.write(self.PIPE[1], b".")

    def _ask(self, line: Line) -> bool:
        """Ask the application; whether the line may stay open."""
        line.request._expected_100_continue = False
        answer, environ = wsgi.create(line.request, line, line.client, line.server, self.cfg)
        environ["wsgi.multithread"] = True
        if not self.alive:
            answer.force_close()
        said = self.wsgi(environ, answer.start_response)
        try:
            for piece in said:
                answer.write(piece)
            answer.close()
        finally:
            if hasattr(said, "close"):
                said.close()
        return not answer.should_close()

    def _collect(self) -> None:
        with suppress(BlockingIOError):
            os.read(self.PIPE[0], READ_BYTES)
        with suppress(Empty):
            while True:
                line = self._answered.get_nowait()
                self._send(line, self._limits.seconds_for(len(line.answer)))

    def _refuse(self, line: Line, status: HTTPStatus) -> None:
        self._poller.unregister(line.sock)
        line.answer[:] = short_answer(status)
        self._send(line, self._limits.linger_seconds)

    def _send(self, line: Line, seconds: float) -> None:
        line.stage = Stage.SENDING
        line.until = monotonic() + seconds
        self._poller.register(line.sock, EVENT_WRITE, partial(self._speak, line))

    def _speak(self, line: Line) -> None:
        try:
            del line.answer[: line.sock.send(line.answer)]
        except BlockingIOError:
            return
        except OSError:  # the other side has gone
            self._close(line)
            return
        if line.answer:
            return
        if line.stays and self.alive:
            self._begin_again(line)
        else:
            self._linger(line)

    def _begin_again(self, line: Line) -> None:
        line.since = monotonic()
        line.until = line.since + self._limits.head_seconds
        line.stage, line.request, line.stays = Stage.RECEIVING, None, False
        self._poller.modify(line.sock, EVENT_READ, partial(self._hear, line))
        if line.received:  # the next request came along with the last one
            self._consider(line)

    def _linger(self, line: Line) -> None:
        """Say that nothing more will come and hear the client out, who might else lose the end of the answer."""
        line.stage, line.until = Stage.LINGERING, monotonic() + self._limits.linger_seconds
        line.received.clear()
        self._poller.modify(line.sock, EVENT_READ, partial(self._hear, line))
        with suppress(OSError):
            line.sock.shutdown(socket.SHUT_WR)

    def _end_overdue(self, now: float) -> None:
        for line in [line for line in self._lines if line.until < now]:
            if line.stage is Stage.RECEIVING and not line.idle:
                self._refuse(line, HTTPStatus.REQUEST_TIMEOUT)
            else:
                self._close(line)

    def _make_room(self) -> None:
        """Close whatever has waited longest while there are too many lines, or too much is kept for them."""
        if not self._is_full():
            return
        waiting = [line for line in self._lines if line.stage is not Stage.WORKING]
        for line in sorted(waiting, key=lambda line: line.since):
            self._close(line)
            if not self._is_full():
                return

    def _is_full(self) -> bool:
        return len(self._lines) > self._limits.lines or held(self._lines) > self._limits.held_bytes

    def _close(self, line: Line) -> None:
        self._poller.unregister(line.sock)
        self._lines.discard(line)
        line.sock.close()
