"""Many texts at once: the model reads a batch side by side, and batches go to worker processes.

Nothing is dropped and nothing changes its place: a text whose worker died comes out held.
"""

from __future__ import annotations

import multiprocessing
import resource
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from typing import Final, Generic, TypeVar

from redaction.detectors.standard import StandardEngine, detectors_with, standard_engine
from redaction.engine import Engine, Language
from redaction.findings import Document, Finding, Hold, Refused
from redaction.text import accept
from redaction.views import views_of

Asked = tuple[str, str | None]
"""A text and the language that its author says it is in."""

Job = TypeVar("Job")
Done = TypeVar("Done")

_AHEAD: Final = 2  # batches under way for each worker


def read_ahead(engine: StandardEngine, texts: Iterable[Asked]) -> Engine:
    """The same engine, with the model's part of its work already done for `texts`.

    If anything goes wrong with one of them nothing is done ahead, and each text will fail or not by itself.
    """
    try:
        languages = {asked: engine.identify(*asked) for asked in texts if _is_acceptable(asked[0], engine)}
        documents = {
            (text, language.code): Document(
                text, language.code, language.strict or not language.sure, views_of(text)
            )
            for (text, _), language in languages.items()
        }
        found = dict(zip(documents, engine.model.many(list(documents.values())), strict=True))
    except Exception:  # it will be seen again, and then it holds that one text
        return engine

    def identify(text: str, wanted: str | None) -> Language:
        return languages.get((text, wanted)) or engine.identify(text, wanted)

    def model(document: Document) -> Iterable[Finding | Hold]:
        key = (document.text, document.language)
        known = documents.get(key)
        if known is None or known.strict != document.strict:
            return engine.model(document)
        return found[key]

    return replace(engine, identify=identify, detectors=detectors_with(model))


def _is_acceptable(text: str, engine: Engine) -> bool:
    try:
        accept(text, longest=engine.longest)
    except Refused:
        return False
    return True


class Workers(Generic[Job, Done]):
    """Processes that do `work` on batches, in order. What a dead worker was doing is tried again, then given up.

    `work(engine, jobs)` answers each job, and `give_up(job)` is the answer of one that killed its worker; both
    must be importable. Nothing a worker holds is dumped when it dies.
    """

    def __init__(
        self,
        models: Mapping[str, str],
        work: Callable[[StandardEngine, Sequence[Job]], list[Done]],
        give_up: Callable[[Job], Done],
        *,
        processes: int,
    ) -> None:
        self.models = dict(models)
        self.work = work
        self.give_up = give_up
        self.processes = processes
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
        """Stop the workers; what is under way is lost."""
        self.pool.shutdown(wait=False, cancel_futures=True)

    def _next(self, under_way: deque[tuple[Sequence[Job], Future[list[Done]]]]) -> list[Done]:
        batch, future = under_way.popleft()
        try:
            return future.result()
        except BrokenProcessPool:
            # All futures of a broken pool fail alike, so nobody knows yet whose fault it was.
            self.pool = self._start()
            lost = [batch, *(other for other, _ in under_way)]
            under_way.clear()
            return [answer for jobs in lost for answer in self._alone(jobs)]

    def _alone(self, jobs: Sequence[Job]) -> list[Done]:
        """The answers to `jobs` with nothing else under way; whichever kills its worker again is given up."""
        try:
            return self._submit(jobs).result()
        except BrokenProcessPool:
            self.pool = self._start()
        if len(jobs) == 1:
            return [self.give_up(jobs[0])]
        return [answer for job in jobs for answer in self._alone([job])]

    def _submit(self, jobs: Sequence[Job]) -> Future[list[Done]]:
        try:
            return self.pool.submit(_answer, self.work, list(jobs))
        except BrokenProcessPool as broken:  # it broke between two batches
            failed: Future[list[Done]] = Future()
            failed.set_exception(broken)
            return failed

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            max_workers=self.processes,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_load,
            initargs=(self.models,),
        )


_loaded: list[StandardEngine] = []


def _load(models: Mapping[str, str]) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _loaded[:] = [standard_engine(models)]


def _answer(work: Callable[[StandardEngine, Sequence[Job]], list[Done]], jobs: Sequence[Job]) -> list[Done]:
    return work(_loaded[0], jobs)
