"""A worker that dies; in a module of its own, so that a new process loads nothing else for it."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping, Sequence


def dies(_: Mapping[str, str], jobs: Sequence[int]) -> list[str]:
    """Answers numbers, and dies at thirteen."""
    if 13 in jobs:
        os.kill(os.getpid(), signal.SIGKILL)
    return [f"did {job}" for job in jobs]


def gave_up(job: int, _: float) -> str:
    """The answer to a number that nobody survived."""
    return f"held {job}"
