"""An original is sealed with a public key, opens for the release key alone, and can be made unreadable."""

from __future__ import annotations

import itertools
import os
import sqlite3
from contextlib import closing
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.database import Sealed
from config.envelope import CannotOpen
from config.keys import Keys
from config.keystore import KeyGone, KeyStore
from evidence.vault import destroy, open_original, seal

WORDS = "Ileana was taken to Orșova on 3 May".encode()


class Vault:
    """The vault with its keys in place, so that a test names only what it is about."""

    def __init__(self, keystore: KeyStore, public: bytes, private: bytes) -> None:
        self.keystore, self.public, self.private = keystore, public, private

    def seal(self, original: bytes = WORDS, *, report: UUID, version: int = 1) -> Sealed:
        return seal(
            original, report=report, version=version, keystore=self.keystore, release_public=self.public
        )

    def open(self, sealed: Sealed, *, report: UUID, version: int = 1, private: bytes | None = None) -> bytes:
        key = private or self.private
        return open_original(
            sealed, report=report, version=version, keystore=self.keystore, release_private=key
        )


@pytest.fixture
def vault(keystore: KeyStore, keys: Keys, release_private: bytes) -> Vault:
    return Vault(keystore, keys.seal_public, release_private)


def test_only_the_release_key_opens_an_original(vault: Vault) -> None:
    report = uuid4()
    sealed = vault.seal(report=report)
    assert vault.open(sealed, report=report) == WORDS
    assert WORDS not in sealed.ciphertext
    with pytest.raises(CannotOpen):
        vault.open(sealed, report=report, private=X25519PrivateKey.generate().private_bytes_raw())


def test_what_the_running_service_holds_opens_nothing(vault: Vault, keys: Keys) -> None:
    report = uuid4()
    sealed = vault.seal(report=report)
    for held in (keys.kek, keys.pseudonym, keys.sign.private.private_bytes_raw(), keys.seal_public):
        with pytest.raises(CannotOpen):
            vault.open(sealed, report=report, private=held)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(original=st.binary(max_size=2000))
def test_whatever_is_sealed_comes_back_whole(vault: Vault, original: bytes) -> None:
    report = uuid4()
    assert vault.open(vault.seal(original, report=report), report=report) == original


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(data=st.data())
def test_a_turned_bit_is_refused(vault: Vault, data: st.DataObject) -> None:
    report = UUID(int=7)
    sealed = vault.seal(report=report)
    stored = bytearray(sealed.ciphertext)
    stored[data.draw(st.integers(0, len(stored) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((CannotOpen, KeyGone)):
        vault.open(Sealed(bytes(stored)), report=report)


def test_every_cut_is_refused(vault: Vault) -> None:
    report = uuid4()
    stored = vault.seal(report=report).ciphertext
    for end in range(len(stored)):
        with pytest.raises((CannotOpen, KeyGone)):
            vault.open(Sealed(stored[:end]), report=report)


def test_no_ciphertext_opens_as_another_report_or_version(vault: Vault) -> None:
    places = [(report, version) for report in (UUID(int=n) for n in range(5)) for version in (1, 2, 3, 12)]
    sealed = [vault.seal(report=report, version=version) for report, version in places]
    for (here, value), (there, (report, version)) in itertools.product(enumerate(sealed), enumerate(places)):
        if here == there:
            assert vault.open(value, report=report, version=version) == WORDS
        else:
            with pytest.raises((CannotOpen, KeyGone)):
                vault.open(value, report=report, version=version)


def test_swapped_wraps_open_nothing(vault: Vault) -> None:
    reports = [UUID(int=1), UUID(int=2)]
    sealed = [vault.seal(report=report) for report in reports]
    path = vault.keystore._path
    with sqlite3.connect(path) as database:
        rows = database.execute("SELECT name, wrapped FROM wraps ORDER BY name").fetchall()
        for (name, _), (_, wrapped) in zip(rows, reversed(rows), strict=True):
            database.execute("UPDATE wraps SET wrapped = ? WHERE name = ?", (wrapped, name))
    database.close()
    for report, value in zip(reports, sealed, strict=True):
        with pytest.raises(CannotOpen):
            vault.open(value, report=report)


def test_a_damaged_wrap_opens_nothing(vault: Vault) -> None:
    report = uuid4()
    sealed = vault.seal(report=report)
    path = vault.keystore._path
    with closing(sqlite3.connect(path)) as database:
        (wrapped,) = database.execute("SELECT wrapped FROM wraps").fetchone()
    damaged = [wrapped[:end] for end in range(0, len(wrapped), 7)] + [
        wrapped[:at] + bytes([wrapped[at] ^ 1]) + wrapped[at + 1 :] for at in range(len(wrapped))
    ]
    for each in damaged:
        with sqlite3.connect(path) as database:
            database.execute("UPDATE wraps SET wrapped = ?", (each,))
        database.close()
        with pytest.raises(CannotOpen):
            vault.open(sealed, report=report)


def test_the_same_words_never_look_the_same(vault: Vault) -> None:
    sealed = {vault.seal(report=UUID(int=number % 3)).ciphertext for number in range(60)}
    assert len(sealed) == 60
    assert len({value[17:29] for value in sealed}) == 60


def test_a_destroyed_original_is_unreadable_in_every_version_for_everyone(vault: Vault) -> None:
    report, other = uuid4(), uuid4()
    versions = [vault.seal(report=report, version=version) for version in (1, 2, 3)]
    kept = vault.seal(report=other)
    destroy(report, keystore=vault.keystore)
    destroy(report, keystore=vault.keystore)
    for version, sealed in enumerate(versions, start=1):
        with pytest.raises(KeyGone):
            vault.open(sealed, report=report, version=version)
    with pytest.raises(KeyGone):
        vault.seal(report=report, version=4)
    assert vault.open(kept, report=other) == WORDS


def test_after_destruction_no_wrap_is_left_on_disk(vault: Vault) -> None:
    reports = [uuid4() for _ in range(40)]
    for report in reports:
        vault.seal(report=report)
    directory = vault.keystore._path.parent
    database = sqlite3.connect(vault.keystore._path)
    doomed = [wrapped for (wrapped,) in database.execute("SELECT wrapped FROM wraps")]
    for report in reports:
        destroy(report, keystore=vault.keystore)
    everything = b"".join(path.read_bytes() for path in directory.iterdir() if path.is_file())
    database.close()
    assert len(doomed) == 40
    assert sum(wrapped in everything for wrapped in doomed) == 0


def test_a_try_that_failed_leaves_the_one_that_succeeded_readable(vault: Vault) -> None:
    report = uuid4()
    vault.seal(report=report)
    kept = vault.seal(report=report)
    assert vault.open(kept, report=report) == WORDS


def test_an_odd_release_key_is_refused(vault: Vault) -> None:
    with pytest.raises(ValueError, match="X25519"):
        seal(WORDS, report=uuid4(), version=1, keystore=vault.keystore, release_public=b"short")
    with pytest.raises(ValueError, match="shared key"):
        seal(WORDS, report=uuid4(), version=1, keystore=vault.keystore, release_public=bytes(32))


def test_seal_needs_no_secret(vault: Vault) -> None:
    """A key store with another KEK seals as well: what seals can be on a machine that can open nothing."""
    other = KeyStore(vault.keystore._path, os.urandom(32))
    report = uuid4()
    sealed = seal(WORDS, report=report, version=1, keystore=other, release_public=vault.public)
    assert vault.open(sealed, report=report) == WORDS
