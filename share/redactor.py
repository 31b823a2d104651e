"""Examines texts in a child process that is killed when it takes too long. No answer is a doubt, never a pass."""

from __future__ import annotations

import json
import os
import re
import selectors
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from threading import Lock
from typing import Any

from pydantic import TypeAdapter, ValidationError

from redaction.findings import Examined, Known, Refused, Unsafe

EXAMINER = "redaction.examiner"
LOADING_SECONDS = 180.0
LARGEST_ANSWER = 64 << 20
_EXAMINED = TypeAdapter(Examined)
_CHUNK = 1 << 16
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")


class Examiner:
    """The `Examine` port of the desk: one child process, started on first use and again after each failure.

    `seconds` limits one text; loading the models has a limit of its own. Calls take turns.
    """

    def __init__(self, models: Mapping[str, str], *, seconds: float, module: str = EXAMINER) -> None:
        self._command = [sys.executable, "-m", module, json.dumps(dict(models))]
        self._seconds = seconds
        self._turn = Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def __call__(self, text: str, *, known: Sequence[Known], lang: str | None) -> Examined:
        """Everything found in `text`. Raises `Refused` or `Unsafe`.

        A child that is late, or that answers anything but a whole answer about this text, is killed.
        """
        request = {"text": text, "known": [asdict(each) for each in known], "lang": lang}
        with self._turn:
            try:
                answer = _understood(self._ask(json.dumps(request).encode() + b"\n"), text)
            except BaseException:
                self.close()
                raise
        if isinstance(answer, Examined):
            return answer
        raise answer

    def close(self) -> None:
        """Kill the child, if there is one."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    pipe.close()

    def _ask(self, request: bytes) -> Any:
        child = self._child
        if child is None or child.poll() is not None:
            self.close()
            child = self._child = self._started()
        _write(child, request, time.monotonic() + self._seconds)
        return _read(child, self._seconds, late="examination_timed_out")

    def _started(self) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(  # noqa: S603  our own interpreter, our own module
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._child = child
        ready = _read(child, LOADING_SECONDS, late="model_unavailable")
        if not isinstance(ready, dict) or "ready" not in ready:
            raise Unsafe("model_unavailable")
        return child


def _write(child: subprocess.Popen[bytes], request: bytes, deadline: float) -> None:
    assert child.stdin is not None  # noqa: S101  opened as a pipe above
    pipe = child.stdin.fileno()
    os.set_blocking(pipe, False)
    with selectors.DefaultSelector() as ready:
        ready.register(pipe, selectors.EVENT_WRITE)
        while request:
            if not ready.select(max(0.0, deadline - time.monotonic())):
                raise Unsafe("examination_timed_out")
            try:
                request = request[os.write(pipe, request) :]
            except BlockingIOError:
                continue
            except OSError:
                raise Unsafe("examiner_died") from None


def _read(child: subprocess.Popen[bytes], seconds: float, *, late: str) -> Any:
    assert child.stdout is not None  # noqa: S101  opened as a pipe above
    pipe, deadline, heard = child.stdout.fileno(), time.monotonic() + seconds, bytearray()
    with selectors.DefaultSelector() as ready:
        ready.register(pipe, selectors.EVENT_READ)
        while not heard.endswith(b"\n"):
            if not ready.select(max(0.0, deadline - time.monotonic())):
                raise Unsafe(late)
            chunk = os.read(pipe, _CHUNK)
            if not chunk:
                raise Unsafe("examiner_died")
            heard += chunk
            if len(heard) > LARGEST_ANSWER:
                raise Unsafe("examination_incomplete")
    try:
        return json.loads(heard)
    except ValueError:
        raise Unsafe("examination_incomplete") from None


def _understood(said: Any, text: str) -> Examined | Refused | Unsafe:
    """What the child came to about `text`. Raises `Unsafe` for an answer that no sound child gives."""
    match said:
        case {"examined": plain}:
            return _examined(plain, text)
        case {"refused": str(code)} if _CODE.fullmatch(code):
            return Refused(code)
        case {"unsafe": [*codes]} if codes and all(map(_is_code, codes)):
            return Unsafe(*codes)
    raise Unsafe("examination_incomplete")


def _examined(plain: Any, text: str) -> Examined:
    try:
        examined = _EXAMINED.validate_python(plain)
    except ValidationError:
        examined = None  # pydantic quotes what it could not read
    if examined is None or not _is_about(examined, text):
        raise Unsafe("examination_incomplete")
    return examined


def _is_about(examined: Examined, text: str) -> bool:
    """Whether these findings can be findings in `text`: in order, apart from one another, and inside it."""
    ranges = [(span.start, span.end) for span in examined.spans]
    return (
        examined.text == text
        and all(0 <= start < end <= len(text) for start, end in [*ranges, *examined.found])
        and all(left[1] <= right[0] for left, right in pairwise(ranges))
        and all(span.kinds for span in examined.spans)
        and all(_is_code(hold.code) for hold in examined.holds)
    )


def _is_code(said: object) -> bool:
    return isinstance(said, str) and _CODE.fullmatch(said) is not None
