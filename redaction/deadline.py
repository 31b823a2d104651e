"""A time limit that nothing outlasts, because the process ends with it: for a process that may be lost."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """End this process if what stands within takes longer; a limit around this one runs on afterwards.

    The alarm is the system's own, so it also ends a library that never comes back to Python. Nothing is cleaned
    up then. Whoever handles `SIGALRM` is asked instead.
    """
    before = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *before)
