"""Passwords: long ones, kept as slow hashes (Argon2id, RFC 9106, the profile for little memory)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from partners.errors import NotAcceptable

LEAST: Final = 12
MOST: Final = 200
_LEAST_OF_ITS_OWN: Final = 8
"""So many characters have to be left of a password when what anybody could know is taken out of it."""

_HASHER: Final = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
# 64 MiB each: strangers who knock all at once may not fill the memory.
_AT_ONCE: Final = BoundedSemaphore(2)
# Verified against where there is no account, so that this takes as long. Nobody knows its password.
_NOBODYS: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4$1N6Xx0qZH2Oc/ol4kvfmvQ$eG1bylRvJxz9UEo45bYQ2Xd0eqSc9lTMvzxWdUqIlQc"
)


def demand_strong(password: str, *, known: Iterable[str]) -> None:
    """Raise `NotAcceptable` for a password that is short, common, or made of `known` words such as her code.

    Nothing is asked of its composition. What was typed is never part of the error.
    """
    plain = _normal(password)
    if len(plain) < LEAST:
        raise NotAcceptable("too_short", "password")
    if len(plain) > MOST:
        raise NotAcceptable("too_long", "password")
    folded = _folded(plain)
    if folded in _common() or len(set(folded)) < 5:
        raise NotAcceptable("too_common", "password")
    for word in sorted({*map(_folded, known), "parallax"}, key=len, reverse=True):
        folded = folded.replace(word, "") if len(word) > 2 else folded
    if len(folded) < _LEAST_OF_ITS_OWN:
        raise NotAcceptable("too_common", "password")


def hash_password(password: str) -> str:
    """The hash that is stored, with its salt and parameters."""
    with _AT_ONCE:
        return _HASHER.hash(_normal(password))


def is_right(password: str, stored: str | None) -> bool:
    """Whether this is the password; without a stored hash it is not, which takes as long to find out."""
    plain = _normal(password[: MOST + 1])
    with _AT_ONCE:
        try:
            return _HASHER.verify(stored or _NOBODYS, plain) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def _normal(password: str) -> str:
    """The same characters however a keyboard composes them."""
    return unicodedata.normalize("NFKC", password.encode(errors="replace").decode())


def _folded(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


@cache
def _common() -> frozenset[str]:
    listed = files("partners").joinpath("data", "common_passwords.txt").read_text("utf-8")
    return frozenset(line for line in listed.splitlines() if line and not line.startswith("#"))
