"""Work in other processes, in order; a worker that dies costs one job and no other."""

from __future__ import annotations

import multiprocessing
import resource
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Final, Generic, TypeVar

Job = TypeVar("Job")
Done = TypeVar("Done")

_AHEAD: Final = 2  # batches under way for each worker

# A forked worker has what was loaded before; elsewhere forking is not safe, and each loads it for itself.
METHOD: Final = "fork" if sys.platform == "linux" else "spawn"


class Workers(Generic[Job, Done]):
    """Processes that each `load` something once and then do `work` with it on batches of jobs.

    `work(loaded, jobs)` answers each job. What a dead worker was doing is tried again by itself, and
    `give_up(job, seconds)` is the answer of a job that kills its worker again, after so many seconds. All three
    must be importable. What `load` raises is raised here. A worker leaves no core file behind, and an alarm that
    it sets itself (see `deadline`) ends it.
    """

    def __init__(
        self,
        load: Callable[[], Any],
        work: Callable[[Any, Sequence[Job]], list[Done]],
        give_up: Callable[[Job, float], Done],
        *,
        processes: int,
        method: str = METHOD,
    ) -> None:
        self.load = load
        self.work = work
        self.give_up = give_up
        self.processes = processes
        self.context = multiprocessing.get_context(method)
        loaded = load()
        if method == "fork":
            _loaded[:] = [loaded]
        self.pool = self._start()

    def answers(self, batches: Iterable[Sequence[Job]]) -> Iterator[Done]:
        """The answers to all jobs of all batches, in order, with few batches under way at any time."""
        under_way: deque[tuple[Sequence[Job], Future[list[Done]]]] = deque()
        for batch in batches:
            under_way.append((batch, self._submit(batch)))
            if len(under_way) >= self.processes * _AHEAD:
                yield from self._next(under_way)
        while under_way:
            yield from self._next(under_way)

    def close(self) -> None:
        """Stop the workers once they have finished what they are at; what waits is lost."""
        self.pool.shutdown(wait=True, cancel_futures=True)

    def _next(self, under_way: deque[tuple[Sequence[Job], Future[list[Done]]]]) -> list[Done]:
        batch, future = under_way.popleft()
        try:
            return future.result()
        except BrokenProcessPool:
            # All futures of a broken pool fail alike, so nobody knows yet whose fault it was.
            self._restart()
            lost = [batch, *(other for other, _ in under_way)]
            under_way.clear()
            return [answer for jobs in lost for answer in self._alone(jobs)]

    def _alone(self, jobs: Sequence[Job]) -> list[Done]:
        """The answers to `jobs` with nothing else under way."""
        began = time.monotonic()
        try:
            return self._submit(jobs).result()
        except BrokenProcessPool:
            seconds = time.monotonic() - began
            self._restart()
        if len(jobs) == 1:
            return [self.give_up(jobs[0], seconds)]
        return [answer for job in jobs for answer in self._alone([job])]

    def _submit(self, jobs: Sequence[Job]) -> Future[list[Done]]:
        try:
            return self.pool.submit(_answer, self.work, list(jobs))
        except BrokenProcessPool as broken:  # it broke between two batches
            failed: Future[list[Done]] = Future()
            failed.set_exception(broken)
            return failed

    def _restart(self) -> None:
        self.close()  # its thread must be gone before another pool forks
        self.pool = self._start()

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            max_workers=self.processes,
            mp_context=self.context,
            initializer=_begin,
            initargs=(None if self.context.get_start_method() == "fork" else self.load,),
        )


_loaded: list[Any] = []


def _begin(load: Callable[[], Any] | None) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    if load is not None:
        _loaded[:] = [load()]


def _answer(work: Callable[[Any, Sequence[Job]], list[Done]], jobs: Sequence[Job]) -> list[Done]:
    return work(_loaded[0], jobs)
