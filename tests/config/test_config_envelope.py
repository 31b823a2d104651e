"""A sealed value opens under its key, in its place, whole; and nowhere else."""

from __future__ import annotations

import itertools
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.database import Sealed
from config.envelope import CannotOpen, lock, unlock

KEY = bytes(range(32))
PLACE = {"table": "reports", "field": "working", "report": "r1", "version": 1}


@given(st.binary(max_size=300))
def test_what_was_sealed_opens_again(plaintext: bytes) -> None:
    sealed = lock(KEY, plaintext, place=PLACE)
    assert unlock(KEY, sealed, place=PLACE) == plaintext
    assert len(plaintext) < 8 or plaintext not in sealed.ciphertext


@given(st.data())
def test_a_turned_bit_is_refused(data: st.DataObject) -> None:
    stored = bytearray(lock(KEY, b"Ileana", place=PLACE).ciphertext)
    stored[data.draw(st.integers(0, len(stored) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(CannotOpen):
        unlock(KEY, Sealed(bytes(stored)), place=PLACE)


def test_every_cut_is_refused() -> None:
    stored = lock(KEY, b"Ileana Brandusa", place=PLACE).ciphertext
    for end in range(len(stored)):
        with pytest.raises(CannotOpen):
            unlock(KEY, Sealed(stored[:end]), place=PLACE)
    with pytest.raises(CannotOpen):
        unlock(KEY, Sealed(stored + b"\0"), place=PLACE)


def test_no_ciphertext_opens_in_another_place() -> None:
    places = [
        {"table": table, "field": field, "report": report, "version": version}
        for table, field, report, version in itertools.product(
            ("reports", "members"), ("working", "facts"), ("r1", "r2", "r11"), (1, 2, 11)
        )
    ]
    sealed = [lock(KEY, b"Ileana", place=place) for place in places]
    for (here, value), (there, place) in itertools.product(enumerate(sealed), enumerate(places)):
        if here == there:
            assert unlock(KEY, value, place=place) == b"Ileana"
        else:
            with pytest.raises(CannotOpen):
                unlock(KEY, value, place=place)


def test_a_place_cannot_be_spelled_like_another() -> None:
    one = lock(KEY, b"Ileana", place={"table": "a", "field": "b,c"})
    with pytest.raises(CannotOpen):
        unlock(KEY, one, place={"table": "a,b", "field": "c"})
    with pytest.raises(CannotOpen):
        unlock(KEY, lock(KEY, b"Ileana", place={"version": 1}), place={"version": "1"})


def test_another_key_is_refused_without_saying_so() -> None:
    with pytest.raises(CannotOpen) as refused:
        unlock(os.urandom(32), lock(KEY, b"Ileana", place=PLACE), place=PLACE)
    assert refused.value.__suppress_context__
    assert "Ileana" not in repr(refused.value)


def test_no_nonce_comes_twice() -> None:
    rounds = 20_000
    assert len({lock(KEY, b"", place=PLACE).ciphertext[1:13] for _ in range(rounds)}) == rounds


def test_short_keys_and_no_place_are_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        lock(b"short", b"", place=PLACE)
    with pytest.raises(ValueError, match="32 bytes"):
        unlock(b"short", lock(KEY, b"", place=PLACE), place=PLACE)
    with pytest.raises(ValueError, match="place"):
        lock(KEY, b"", place={})
