"""Names under which one circle may recognise a person again, and nobody else can."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
_LENGTH: Final = 5
_SHORTEST_KEY: Final = 32


def pseudonym(key: bytes, circle: str, epoch: int, partner: str, subject: str) -> str:
    """Five characters such as K7Q2M, the same whenever the five arguments are.

    They come from HMAC-SHA256, so without the key no list of names leads to them and two circles cannot
    compare theirs. Five characters are 33 million names: within one circle two people may in principle
    share one, so a pseudonym is a hint to a reader and never a key in a database.
    """
    if len(key) < _SHORTEST_KEY:
        raise ValueError("the pseudonym key is too short")
    # Each part carries its length, so that no two different lists of parts are the same message.
    parts = [part.encode() for part in ("pseudonym/1", circle, str(epoch), partner, subject)]
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    number = int.from_bytes(hmac.new(key, message, hashlib.sha256).digest(), "big")
    return "".join(_ALPHABET[number >> (5 * place) & 31] for place in range(_LENGTH))
