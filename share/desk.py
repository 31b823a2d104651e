"""What the use cases of this room work with: built once in `api.build_desk`, frozen, passed as an argument."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from config.clock import Clock
from config.database import Sealed
from policies.terms import Terms
from redaction.engine import Engine
from redaction.findings import Examined, Known
from share.signing import Signer
from share.working import WorkingCopies


class Seal(Protocol):
    """Seals an original; whoever holds this cannot open what it sealed."""

    def __call__(self, original: bytes, *, report: UUID, version: int) -> Sealed: ...


class Examine(Protocol):
    """Looks at a text within a time limit. Raises `Unsafe` for anything but a complete look."""

    def __call__(self, text: str, *, known: Sequence[Known], lang: str | None) -> Examined: ...


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Everything a use case may touch besides its own arguments.

    `second_look` is the engine that looks at outputs again; it holds no language model. `publish_every` is the
    publication clock, zero for at once. `tag_key` keys the digests under which clients' own words are compared.
    """

    sessions: sessionmaker[Session]
    readers: sessionmaker[Session]
    clock: Clock
    floor: Terms
    seal: Seal
    destroy: Callable[[UUID], None]
    working: WorkingCopies
    examine: Examine
    second_look: Engine
    signer: Signer
    pseudonym_key: bytes
    tag_key: bytes
    epoch: int
    vocabulary: str
    publish_every: timedelta
    claim_for: timedelta
    working_copy_days: int
    random: Callable[[int], bytes]

    def next_publication(self, *, urgent: bool) -> datetime:
        """When a change may become visible: the next tick of the clock, or now if urgent or without a clock."""
        now = self.clock()
        last = self.last_publication()
        return now if urgent or last == now else last + self.publish_every

    def last_publication(self, *, urgent: bool = False) -> datetime:
        """The tick that stamps what is published now, so that a stamp does not betray when a report came."""
        now = self.clock()
        if urgent or not self.publish_every:
            return now
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + (now - midnight) // self.publish_every * self.publish_every
