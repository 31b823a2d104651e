"""Ways in which a step of the job can fail, and the places where a story lets them happen."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from builders import World

from share.signing import Signer
from share.working import WorkingCopies


class Crash(BaseException):
    """The process ends here: nobody catches this."""


class Odd:
    """What no step should ever get."""


def error() -> Any:
    raise RuntimeError("Ioana Popescu")


def late() -> Any:
    raise TimeoutError("Ioana Popescu")


def crash() -> Any:
    raise Crash


RAISED = (error, late, crash)
ANY = (*RAISED, lambda: None, Odd)
ROOMS = ("intake", "examination", "publish", "consent", "approval")
DESK = ("examine", "seal", "sign")

PLACES: dict[str, tuple[tuple[str, ...], tuple[Callable[[], Any], ...]]] = {
    "examine": (("examine",), ANY),
    "seal": (("seal",), ANY),
    "sign": (("sign",), ANY),
    "working copy in": (
        ("share.working.WorkingCopies.seal_draft", "share.working.WorkingCopies.seal_findings"),
        RAISED,
    ),
    "working copy out": (("share.working.WorkingCopies.draft", "share.working.WorkingCopies.findings"), ANY),
    "disclose": (("share.decide.disclose",), ANY),
    "compose": (("share.decide.compose",), ANY),
    "generalise": (("share.compose.generalise",), ANY),
    "second look": (("redaction.pipeline.residue",), ANY),
    "comparison": (("share.publish.unchanged", "share.approval.unchanged"), RAISED),
    "ledger": (tuple(f"share.{room}.record" for room in ROOMS), RAISED),
    "outbox in": (("share.intake.ask", "share.examination.ask", "share.reports.ask"), RAISED),
    "outbox out": (("share.worker.claim", "share.worker.finish", "share.examination.finish"), RAISED),
    "outbox back": (("share.worker.put_back", "share.worker.settle"), RAISED),
}
"""Each place with what is replaced there and the ways in which it may go wrong.

Where only raising is listed, the step answers through the database: a stand-in that raises nothing and does nothing
would be a database that lies.
"""


@dataclass
class Trouble:
    """Lets calls at one place fail at random while it is on; `struck` counts how many did."""

    rng: random.Random
    ways: tuple[Callable[[], Any], ...]
    on: bool = False
    struck: int = 0

    def around(self, real: Callable[..., Any]) -> Callable[..., Any]:
        """`real`, or trouble instead of it, or trouble after it was done."""

        def step(*args: Any, **kwargs: Any) -> Any:
            if not self.on or self.rng.random() < 0.4:
                return real(*args, **kwargs)
            self.struck += 1
            way = self.rng.choice(self.ways)
            if way in RAISED and self.rng.random() < 0.5:
                real(*args, **kwargs)
            return way()

        return step


@contextmanager
def trouble_at(place: str, world: World, rng: random.Random) -> Iterator[Trouble]:
    """Whatever is called at `place` may fail while the trouble is on."""
    names, ways = PLACES[place]
    trouble = Trouble(rng, ways)
    desk = world.desk
    with pytest.MonkeyPatch.context() as patch:
        for name in names:
            if name == "sign":
                world.desk = replace(world.desk, signer=_Signer(desk.signer, trouble))
            elif name in DESK:
                world.desk = replace(world.desk, **{name: trouble.around(getattr(desk, name))})
            else:
                patch.setattr(name, trouble.around(_named(name)))
        try:
            yield trouble
        finally:
            world.desk = desk


class _Signer(Signer):
    def __init__(self, real: Signer, trouble: Trouble) -> None:
        super().__init__(real.kid, real.key)
        object.__setattr__(self, "sign", trouble.around(real.sign))


def _named(name: str) -> Callable[..., Any]:
    if name.startswith("share.working.WorkingCopies."):
        real: Callable[..., Any] = getattr(WorkingCopies, name.rsplit(".", 1)[1])
        return real
    module, attribute = name.rsplit(".", 1)
    found: Callable[..., Any] = getattr(__import__(module, fromlist=[attribute]), attribute)
    return found
