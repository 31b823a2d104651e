"""A client's line: what has come over it, what is still to go, and how long it may keep its place.

Nothing here waits or looks at a clock. Where a request ends is only guessed at: whoever parses it decides, and
finds the end of the data where the guess was wrong.
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from http import HTTPStatus
from typing import Any, Final

from gunicorn.http.body import LengthReader

from share.problems import MEDIA_TYPE, problem
from share.web import LARGEST_BODY

_LAST: Final = b"\r\n\r\n"
_CHUNK: Final = re.compile(rb"([0-9A-Fa-f]{1,16})[^\r\n]*+\r\n")
_CODES: Final = {HTTPStatus.REQUEST_TIMEOUT: "busy"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What one client, and all who are heard or answered at one time, may take."""

    lines: int = 512
    head_seconds: float = 20.0
    body_seconds: float = 60.0
    slowest: float = 7_000.0
    """Bytes in a second, as over a telephone line: a longer body or answer has that much longer to pass."""
    linger_seconds: float = 2.0
    head_bytes: int = 64 * 1024
    body_bytes: int = LARGEST_BODY
    held_bytes: int = 256 * 1024 * 1024

    def seconds_for(self, count: int) -> float:
        """How long a body or an answer of so many bytes may take."""
        return self.body_seconds + count / self.slowest


class Stage(Enum):
    """Where a line stands. Only in `WORKING` does a thread have it; in all others the loop does."""

    RECEIVING = auto()
    WORKING = auto()
    SENDING = auto()
    LINGERING = auto()


@dataclass(eq=False, slots=True)
class Line:
    """A connection. `since` is when this request's turn began; when `until` has passed, it is over."""

    sock: socket.socket = field(repr=False)
    client: Any = field(repr=False)
    server: Any
    since: float
    until: float
    stage: Stage = Stage.RECEIVING
    received: bytearray = field(default_factory=bytearray, repr=False)
    answer: bytearray = field(default_factory=bytearray, repr=False)
    request: Any = field(default=None, repr=False)
    looked_at: int = 0
    stays: bool = False

    @property
    def idle(self) -> bool:
        """Whether it is open and nothing was asked yet."""
        return self.stage is Stage.RECEIVING and self.request is None and not self.received

    def sendall(self, data: bytes) -> None:
        """Keep a part of the answer until the loop sends it: whoever writes here never waits."""
        self.answer += data

    def take(self, count: int) -> bytes:
        """The first bytes that came, which are then no longer kept here."""
        taken = bytes(self.received[:count])
        del self.received[:count]
        self.looked_at = 0
        return taken


def held(lines: Iterable[Line]) -> int:
    """How many bytes are kept for them."""
    return sum(len(line.received) + len(line.answer) for line in lines)


def head_end(line: Line) -> int | None:
    """How long the head is, or None while its end has not come. What was looked at is not looked at again."""
    found = line.received.find(_LAST, max(0, line.looked_at - len(_LAST) + 1))
    line.looked_at = len(line.received)
    return None if found < 0 else found + len(_LAST)


def body_end(line: Line, limits: Limits) -> int | None:
    """How long the body is that came with the request, or None while there is more to wait for.

    A body that is larger than is taken, or cut into what are no chunks, is not waited for.
    """
    reader = line.request.body.reader
    if isinstance(reader, LengthReader):
        wanted = min(int(reader.length), limits.body_bytes + 1)
        if wanted > limits.body_bytes:
            return 0
        return wanted if len(line.received) >= wanted else None
    end, whole = past_chunks(line.received, line.looked_at, limits.head_bytes)
    if whole:
        return end
    line.looked_at = end
    # What chunks are wrapped in may take as much again as what is in them.
    return len(line.received) if len(line.received) > 2 * limits.body_bytes else None


def past_chunks(received: bytearray, start: int, longest: int) -> tuple[int, bool]:
    """Where the first chunk begins that has not come in full, and whether the body ends there.

    What is no chunk, or a line or trailer of more than `longest` bytes, ends the body too.
    """
    while size := _CHUNK.match(received, start):
        length = int(size[1], 16)
        if length == 0:
            found = received.find(_LAST, size.end() - 2)
            too_long = len(received) - start > longest
            return (found + len(_LAST), True) if found >= 0 else (start, too_long)
        following = size.end() + length + 2
        if following > len(received):
            return start, False
        start = following
    no_chunk = b"\n" in received[start : start + longest] or len(received) - start > longest
    return (len(received), True) if no_chunk else (start, False)


def short_answer(status: HTTPStatus) -> bytes:
    """A problem as bytes, after which the line is closed. It repeats nothing of what was sent."""
    body = json.dumps(problem(status, _CODES.get(status))).encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\nContent-Type: {MEDIA_TYPE}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
