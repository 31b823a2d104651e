"""Read the whole ledger again and see that no entry was changed, removed, added or moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, select, true
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from ledger.entries import GENESIS, Link
from ledger.models import LedgerEntry, LedgerHead

_BATCH = 1000


class ChainBroken(Exception):
    """The ledger is not what was written. `seq` is the first entry that cannot be believed."""

    def __init__(self, seq: int) -> None:
        super().__init__(f"the ledger cannot be believed from entry {seq} on")
        self.seq = seq


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends. Whoever keeps a copy elsewhere can later show that nothing before it changed."""

    seq: int
    hash: bytes


def verify_chain(session: Session, *, known: Mapping[int, bytes] = MappingProxyType({})) -> Head:
    """Every link from the first to the head, or `ChainBroken`.

    `known` are heads seen earlier, hash by number. Limit: somebody who can write to the database can replace
    the whole chain by another that is sound in itself; only a head kept elsewhere shows that.
    """
    # Asked outside of the try: a database that cannot be reached is not a broken chain.
    seq, previous, believed = 0, GENESIS, _head_alone(session)
    try:
        # One statement, hence one moment: entries appended meanwhile are neither missed nor too many.
        rows = session.execute(_everything().execution_options(yield_per=_BATCH))
        for row in rows:
            link = _link(row)
            if link.seq != seq + 1 or link.previous != previous or link.digest() != bytes(row.hash):
                raise ChainBroken(seq + 1)
            if known.get(link.seq, bytes(row.hash)) != bytes(row.hash):
                raise ChainBroken(link.seq)
            seq, previous, believed = link.seq, bytes(row.hash), Head(row.head_seq, bytes(row.head_hash))
    except (TypeError, ValueError, DBAPIError):
        # A stored value is of a kind that this ledger never writes.
        raise ChainBroken(seq + 1) from None
    if believed != Head(seq, previous) or max(known, default=0) > seq:
        raise ChainBroken(seq + 1)
    return believed


def _everything() -> Any:
    head = LedgerHead.__table__.c
    entries = LedgerEntry.__table__
    return (
        select(*entries.c, head.seq.label("head_seq"), head.hash.label("head_hash"))
        .select_from(entries.outerjoin(LedgerHead.__table__, true()))
        .order_by(entries.c.seq)
    )


def _link(row: Row[Any]) -> Link:
    said = {name: value for name, value in row._mapping.items() if name in Link.__dataclass_fields__}
    for name in ("commitment", "previous"):
        if not isinstance(said[name], bytes | memoryview | None):
            raise TypeError(name)
    return Link(**said)


def _head_alone(session: Session) -> Head:
    head = session.execute(select(LedgerHead.seq, LedgerHead.hash)).one_or_none()
    return Head(0, GENESIS) if head is None else Head(head.seq, bytes(head.hash))
